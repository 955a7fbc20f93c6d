import { type RefusalTable, refuser } from '../../kernel/refusal.ts'

/** Why a table file is not read or written. Sizes are in MB (1,048,576 bytes); rows are numbered as Excel shows them. */
export const tableRefusals = {
  file_not_found: {
    kind: 'missing',
    zh: '找不到文件“{file}”。请核对路径与文件名。',
    en: 'There is no file "{file}". Check the path and the name.',
  },
  file_is_folder: {
    kind: 'usage',
    zh: '“{file}”是文件夹，不是文件。请写出其中那个文件的完整名称。',
    en: '"{file}" is a folder, not a file. Name the file inside it.',
  },
  file_not_readable: {
    kind: 'unavailable',
    zh: '文件“{file}”打不开：{cause}。请检查权限，或确认它没有被其他程序占用。',
    en: '"{file}" cannot be opened: {cause}. Check its permissions, and that no other program holds it.',
  },
  file_changed: {
    kind: 'conflict',
    zh: '文件“{file}”在读取过程中被改动，未导入。请等它写完或关闭 Excel 后重新导入。',
    en: '"{file}" changed while it was being read; nothing was imported. Wait until it is complete, or close Excel, and import again.',
  },
  empty_file: {
    kind: 'invalid',
    zh: '文件“{file}”是空的，没有任何数据。请从收费系统重新导出。',
    en: '"{file}" is empty. Export it again from the billing system.',
  },
  file_too_large: {
    kind: 'invalid',
    zh: '文件“{file}”有 {size} MB，超过 {limit} MB 的上限，未读取。请按月或按片区拆成几个文件导入。',
    en: '"{file}" has {size} MB, more than the limit of {limit} MB; it was not read. Split it by month or area and import the parts.',
  },
  workbook_too_large: {
    kind: 'invalid',
    zh: '工作簿“{file}”有 {size} MB，超过 {limit} MB 的上限，未读取。请在 Excel 中另存为“CSV UTF-8（逗号分隔）”后导入。',
    en: 'The workbook "{file}" has {size} MB, more than the limit of {limit} MB; it was not read. Save it in Excel as "CSV UTF-8" and import that.',
  },
  executable_file: {
    kind: 'invalid',
    zh: '“{file}”是一个程序文件（只是改了扩展名），不是表格，未读取。请勿打开它，并向提供文件的人核实。',
    en: '"{file}" is a program under another name, not a table; it was not read. Do not open it, and ask whoever sent it.',
  },
  pdf_file: {
    kind: 'invalid',
    zh: '“{file}”是 PDF，不能当表格导入。请从收费系统导出 Excel（.xlsx）或 CSV。',
    en: '"{file}" is a PDF and cannot be imported as a table. Export Excel (.xlsx) or CSV from the billing system.',
  },
  image_file: {
    kind: 'invalid',
    zh: '“{file}”是图片，不能当表格导入。请从收费系统导出 Excel（.xlsx）或 CSV。',
    en: '"{file}" is a picture and cannot be imported as a table. Export Excel (.xlsx) or CSV from the billing system.',
  },
  archive_file: {
    kind: 'invalid',
    zh: '“{file}”是压缩包。请先解压，再导入里面的表格文件。',
    en: '"{file}" is an archive. Unpack it and import the table file inside.',
  },
  html_as_xls: {
    kind: 'invalid',
    zh: '“{file}”的内容是网页（HTML），只是扩展名像 Excel。请用 Excel 打开，另存为“Excel 工作簿（.xlsx）”后导入。',
    en: '"{file}" is a web page (HTML) that only looks like Excel by its name. Open it in Excel, save it as an Excel workbook (.xlsx) and import that.',
  },
  xml_as_xls: {
    kind: 'invalid',
    zh: '“{file}”是 XML 格式的表格，不能直接导入。请用 Excel 打开，另存为“Excel 工作簿（.xlsx）”后导入。',
    en: '"{file}" is a spreadsheet in XML form. Open it in Excel, save it as an Excel workbook (.xlsx) and import that.',
  },
  other_spreadsheet: {
    kind: 'invalid',
    zh: '“{file}”是 {format} 格式，不能直接导入。请另存为“Excel 工作簿（.xlsx）”或 CSV 后导入。',
    en: '"{file}" is in {format} format. Save it as an Excel workbook (.xlsx) or CSV and import that.',
  },
  not_a_workbook: {
    kind: 'invalid',
    zh: '“{file}”是 Office 文件，但里面没有工作表（可能是 Word 或 PowerPoint）。请导入 Excel（.xlsx）或 CSV。',
    en: '"{file}" is an Office file without worksheets (perhaps Word or PowerPoint). Import Excel (.xlsx) or CSV.',
  },
  password_protected: {
    kind: 'invalid',
    zh: '工作簿“{file}”设有打开密码。请在 Excel 中输入密码打开，取消“用密码进行加密”，保存后再导入。',
    en: 'The workbook "{file}" is protected by a password. Open it in Excel, remove "Encrypt with Password", save it and import again.',
  },
  encoding_unknown: {
    kind: 'invalid',
    zh: '文件“{file}”既不是 UTF-8（第 {utf8Line} 行、第 {utf8Offset} 字节起有误）也不是 GB18030（第 {gbLine} 行、第 {gbOffset} 字节起有误），无法确定文字编码。请用 Excel 另存为“CSV UTF-8（逗号分隔）”后导入。',
    en: '"{file}" is neither UTF-8 (wrong from line {utf8Line}, byte {utf8Offset}) nor GB18030 (wrong from line {gbLine}, byte {gbOffset}). Save it from Excel as "CSV UTF-8" and import that.',
  },
  encoding_broken: {
    kind: 'invalid',
    zh: '文件“{file}”是 {encoding} 编码，但第 {line} 行（第 {offset} 字节）有损坏的字符，可能传输中断或由两个文件拼成。请重新导出或重新传输。',
    en: '"{file}" is {encoding}, yet line {line} (byte {offset}) holds a damaged character; it may be cut short or pasted together from two files. Export or send it again.',
  },
  encoding_contradicts_mark: {
    kind: 'usage',
    zh: '文件“{file}”开头标明是 {marked} 编码，与指定的 {asked} 不符。请不要写 --encoding，或改为 {marked}。',
    en: '"{file}" is marked as {marked}, which contradicts the chosen {asked}. Leave --encoding out or choose {marked}.',
  },
  zero_byte: {
    kind: 'invalid',
    zh: '文件“{file}”第 {line} 行（第 {offset} 字节）含有空字节，不是正常的文本表格：可能是没有标记的 UTF-16 文件、二进制文件，或磁盘损坏。请用 Excel 另存为“CSV UTF-8（逗号分隔）”后导入。',
    en: '"{file}" holds a zero byte on line {line} (byte {offset}), so it is no text table: perhaps UTF-16 without its mark, a binary file, or a damaged disk. Save it from Excel as "CSV UTF-8" and import that.',
  },
  line_too_long: {
    kind: 'invalid',
    zh: '文件“{file}”第 {line} 行超过 {limit} MB 仍未换行，不是正常的表格。请检查导出设置，或用 Excel 另存为“CSV UTF-8（逗号分隔）”。',
    en: '"{file}" goes on for more than {limit} MB without a line end at line {line}; that is no table. Check the export, or save it from Excel as "CSV UTF-8".',
  },
  quote_broken: {
    kind: 'invalid',
    zh: '文件“{file}”第 {row} 行的双引号不成对（引号未关闭，或出现在文字中间）。请在该行补上或删去引号（文字中的引号要写成两个 ""），再导入。',
    en: 'Row {row} of "{file}" has an unbalanced double quote (never closed, or in the middle of a text). Close or remove it (a quote inside a text is written twice, ""), then import again.',
  },
  zip_damaged: {
    kind: 'invalid',
    zh: '工作簿“{file}”已损坏（压缩内容不完整或校验不符）。请重新下载或重新导出；若 Excel 能修复打开，另存后再导入。',
    en: 'The workbook "{file}" is damaged (its compressed content is incomplete or fails its checksum). Download or export it again; if Excel can repair it, save it anew and import that.',
  },
  zip_bomb: {
    kind: 'invalid',
    zh: '工作簿“{file}”解压后达 {size} MB（压缩比 {ratio} 倍），像是恶意的“压缩炸弹”，未解压。若确为正常表格，请在 Excel 中删除空白行列后另存，或另存为 CSV。',
    en: '"{file}" would unpack to {size} MB ({ratio} times its size), like a zip bomb; it was not unpacked. If it is a real table, delete blank rows and columns in Excel and save it anew, or save it as CSV.',
  },
  workbook_out_of_memory: {
    kind: 'invalid',
    zh: '工作簿“{file}”太大，读取时内存不足，未导入任何数据。请在 Excel 中另存为“CSV UTF-8（逗号分隔）”后导入。',
    en: 'The workbook "{file}" takes too much memory to read; nothing was imported. Save it in Excel as "CSV UTF-8" and import that.',
  },
  workbook_too_slow: {
    kind: 'invalid',
    zh: '工作簿“{file}”读取超过 {seconds} 秒，已停止，未导入任何数据。请在 Excel 中另存为“CSV UTF-8（逗号分隔）”后导入。',
    en: 'Reading the workbook "{file}" took more than {seconds} seconds and was stopped; nothing was imported. Save it in Excel as "CSV UTF-8" and import that.',
  },
  workbook_unreadable: {
    kind: 'invalid',
    zh: '工作簿“{file}”的内部结构不合规范，读不出来（{cause}）。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入。',
    en: 'The inner structure of the workbook "{file}" is irregular ({cause}). Open it in Excel or WPS, save it as an Excel workbook (.xlsx) and import again.',
  },
  workbook_broken: {
    kind: 'invalid',
    zh: '工作簿“{file}”读不出来：内部结构不合规范、已损坏或没有传完。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入；打不开的，请重新下载或重新导出。',
    en: 'The workbook "{file}" cannot be read: its inner structure is irregular, damaged or cut short. Open it in Excel or WPS, save it as an Excel workbook (.xlsx) and import again; where it does not open, download or export it anew.',
  },
  cells_without_address: {
    kind: 'invalid',
    zh: '工作簿“{file}”的工作表“{sheet}”第 {row} 行的单元格没有写明位置，无法确定数据属于哪一列。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入。',
    en: 'Cells on row {row} of sheet "{sheet}" in "{file}" do not say where they stand, so their columns are unknown. Open it in Excel or WPS, save it as an Excel workbook (.xlsx) and import again.',
  },
  sheet_not_found: {
    kind: 'usage',
    zh: '工作簿“{file}”里没有工作表“{sheet}”。现有的工作表：{sheets}。',
    en: 'The workbook "{file}" has no sheet "{sheet}". Its sheets: {sheets}.',
  },
  all_sheets_empty: {
    kind: 'invalid',
    zh: '工作簿“{file}”的可见工作表里没有数据（工作表：{sheets}）。请取消隐藏数据所在的工作表，或用 --sheet 指明。',
    en: 'No visible sheet of "{file}" holds anything (sheets: {sheets}). Unhide the sheet with the data, or name it with --sheet.',
  },
  no_header_found: {
    kind: 'invalid',
    zh: '文件“{file}”前 {rows} 行里没有找到表头：至少要有两列的名称能认出来（如 {examples}）。请核对表头，可从空白模板复制列名；抄表、缴款和污水厂日报的导入也可用 --header-row 指明表头行。',
    en: 'No header was found in the first {rows} rows of "{file}": at least two columns need a known name (such as {examples}). Check the header, or copy the names from the blank form; imports of readings, payments and plant days also take --header-row.',
  },
  header_row_blank: {
    kind: 'usage',
    zh: '文件“{file}”指定的表头第 {row} 行是空的或不存在。请重新指明表头行。',
    en: 'Row {row} of "{file}", named as the header, is blank or missing. Name the header row again.',
  },
  two_header_rows: {
    kind: 'invalid',
    zh: '文件“{file}”第 {first} 行和第 {second} 行都像表头。请只保留一行表头（合并的两层表头请拆成一层，重复的表头请删去），再导入。',
    en: 'Rows {first} and {second} of "{file}" both look like the header. Keep one (split a two-level header into one row, delete repeated ones), then import again.',
  },
  column_ambiguous: {
    kind: 'invalid',
    zh: '文件“{file}”有几列都可能是“{field}”：{columns}。请把不用的列改名或删去；抄表和缴款导入也可用 --map 指明（系统会记住这个选择）。',
    en: 'Several columns of "{file}" may be "{field}": {columns}. Rename or delete the others; an import of readings or payments also takes --map, and remembers the choice.',
  },
  column_missing: {
    kind: 'invalid',
    zh: '文件“{file}”的表头（第 {row} 行）缺少：{fields}。请补上这些列（抄表和缴款导入也可用 --map 指明对应的列）；未认出的列：{unrecognised}。',
    en: 'The header of "{file}" (row {row}) lacks: {fields}. Add these columns (an import of readings or payments also takes --map); columns not recognised: {unrecognised}.',
  },
  column_out_of_range: {
    kind: 'usage',
    zh: '指明的列不存在：“{field}”→ 第 {column} 列，而文件“{file}”的表头只有 {width} 列。请重新指明。',
    en: 'The chosen column does not exist: "{field}" → column {column}, while the header of "{file}" has {width}. Choose again.',
  },
  row_too_wide: {
    kind: 'invalid',
    zh: '文件“{file}”第 {row} 行有 {cells} 格，多于任何表格软件的 {limit} 列，可能分隔符不对或换行丢失。请在 Excel 中重新导出再导入。',
    en: 'Row {row} of "{file}" has {cells} cells, more than the {limit} columns of any spreadsheet; the delimiter may be another, or line ends are lost. Export the file anew and import again.',
  },
  row_wider_than_header: {
    kind: 'invalid',
    zh: '文件“{file}”第 {row} 行有 {cells} 格，比表头的 {width} 列多（多出的内容：“{value}”），可能是文字里的逗号没有加引号而串列。请改正该行再导入。',
    en: 'Row {row} of "{file}" has {cells} cells, more than the {width} columns of the header (beyond it: "{value}"); perhaps a comma inside a text lacks quotes and shifted the columns. Correct the row and import again.',
  },
  name_without_format: {
    kind: 'usage',
    zh: '文件名“{file}”须以 .xlsx（Excel 工作簿）或 .csv 结尾，据此决定格式。请改正文件名。',
    en: 'The file name "{file}" must end in .xlsx (an Excel workbook) or .csv, which decides its format. Correct the name.',
  },
  too_many_rows_for_xlsx: {
    kind: 'invalid',
    zh: '共有超过 {limit} 行，Excel 文件会过大。请改为导出 CSV。',
    en: 'There are more than {limit} rows, too many for an Excel file. Export CSV instead.',
  },
} as const satisfies RefusalTable

export const refuseTable = refuser(tableRefusals)
export type TableRefusalCode = keyof typeof tableRefusals
