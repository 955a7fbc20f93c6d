import { type RefusalTable, refuser } from '../../kernel/refusal.ts'

export const documentRefusals = {
  template_faulty: {
    kind: 'invalid',
    zh: '文书模板有 {count} 处问题，未保存：{faultsZh}',
    en: 'The template was not saved; faults in it: {count}.{faultsEn}',
  },
  template_kind_line_missing: {
    kind: 'invalid',
    zh: '第一行须写明文书种类，例：kind: bills.bill。种类见 qingliu documents templates list',
    en: 'The first line names the kind of document, for example kind: bills.bill. See qingliu documents templates list',
  },
  template_kind_unknown: {
    kind: 'invalid',
    zh: '没有文书种类“{kind}”。种类见 qingliu documents templates list',
    en: 'There is no kind of document "{kind}". See qingliu documents templates list',
  },
  template_layout_unknown: {
    kind: 'invalid',
    zh: '第 {line} 行：版式“{layout}”未知，应为 official（公文）或 statement（账单）。',
    en: 'Line {line}: the layout "{layout}" is unknown; it is official or statement.',
  },
  template_field_unknown: {
    kind: 'invalid',
    zh: '第 {line} 行：本文书没有字段“{field}”。可用字段：{known}',
    en: 'Line {line}: this document has no field "{field}". It has: {known}',
  },
  template_field_missing: {
    kind: 'invalid',
    zh: '缺少必备内容 {{{field}}}（{zh} {en}）。它必须无条件出现，不能只写在别的条件段之内。',
    en: '{{{field}}} ({zh} {en}) is required and missing. It must stand unconditionally, not only inside a section on something else.',
  },
  template_list_outside_section: {
    kind: 'invalid',
    zh: '第 {line} 行：“{field}”是列表，须写成 {{#{field}}} … {{/{field}}} 段。',
    en: 'Line {line}: "{field}" is a list; write it as a section {{#{field}}} … {{/{field}}}.',
  },
  template_capitals_of_text: {
    kind: 'invalid',
    zh: '第 {line} 行：“{field}”不是金额，不能用大写（|capitals）。',
    en: 'Line {line}: "{field}" is no amount, so it has no capitals (|capitals).',
  },
  template_placeholder_malformed: {
    kind: 'invalid',
    zh: '第 {line} 行：“{text}”不成字段。写法：{{字段}}、{{金额|capitals}}，段落标记须独占一行。',
    en: 'Line {line}: "{text}" is no field. Write {{ field }} or {{ amount|capitals }}; marks of a section stand on a line of their own.',
  },
  template_section_unbalanced: {
    kind: 'invalid',
    zh: '第 {line} 行：段“{field}”没有正确开始或结束。',
    en: 'Line {line}: the section "{field}" is not opened and closed properly.',
  },
  template_table_malformed: {
    kind: 'invalid',
    zh: '第 {line} 行：表格须有表头行、对齐行（如 |----|---:|），且各行列数与表头（{columns} 列）相同。',
    en: 'Line {line}: a table has a header row, a row of alignments (such as |----|---:|), and as many cells in every row as in its header ({columns}).',
  },
  template_without_title: {
    kind: 'invalid',
    zh: '模板没有标题行（以“# ”开头）。',
    en: 'The template has no title line (one that begins with "# ").',
  },
  template_starts_too_early: {
    kind: 'invalid',
    zh: '启用日期 {from} 早于今日 {today}；已往文书的模板不变。',
    en: 'It would apply from {from}, before today ({today}); the template of documents in the past does not change.',
  },
  template_starts_before_another: {
    kind: 'conflict',
    zh: '第 {version} 版自 {since} 起启用，新版不能自 {from} 起。请改用不早于 {since} 的日期。',
    en: 'Version {version} applies from {since}, so a new one cannot apply from {from}. Choose {since} or later.',
  },
  template_needs_ground: {
    kind: 'usage',
    zh: '修改文书模板须写明依据：请加 --ground（会议、文号或理由）。',
    en: 'A change of a template needs its ground: add --ground with the decision or the reason.',
  },
  template_waiting: {
    kind: 'conflict',
    zh: '文书“{kind}”已有 {maker} 提交的新模板待审批（事项 {proposal}）。请先审批或退回。',
    en: 'A new template of "{kind}" by {maker} waits for approval (no. {proposal}). Have it approved or returned first.',
  },
  document_field_empty: {
    kind: 'invalid',
    zh: '文书“{kindZh}”缺少必备内容：{nameZh}（{field}）。未出具。',
    en: 'The document "{kindEn}" lacks what it must say: {nameEn} ({field}). It was not made.',
  },
  document_article_unconfirmed: {
    kind: 'forbidden',
    zh: '文书引用了尚未核实原文的条款：{articles}。核对原文后由管理员确认：qingliu settings set documents.confirmed_articles "{setting}" --citation 核对依据；或改写文书。',
    en: 'The document cites articles whose text nobody has confirmed: {articles}. After reading the original an administrator confirms them: qingliu settings set documents.confirmed_articles "{setting}" --citation SOURCE; or reword the document.',
  },
  document_glyph_missing: {
    kind: 'unavailable',
    zh: '字体没有“{character}”（{code}，见“{text}”），未出具缺字的文书。请用 QINGLIU_FONT 指定含有该字的 TTF 字体后重试。',
    en: 'The font has no "{character}" ({code}, in "{text}"); a document with a hole was not made. Name a TTF font that has it in QINGLIU_FONT and try again.',
  },
  document_font_unreadable: {
    kind: 'unavailable',
    zh: '读不到字体 {font}：{cause}。请检查 QINGLIU_FONT，或重新安装程序。',
    en: 'The font {font} cannot be read: {cause}. Check QINGLIU_FONT, or install the program again.',
  },
  document_row_too_tall: {
    kind: 'invalid',
    zh: '文书“{title}”表格中的一行超过一页（“{text}…”）。请把长文字移出表格。',
    en: 'A row of a table in "{title}" is taller than a page ("{text}…"). Move the long text out of the table.',
  },
  document_printing_elsewhere: {
    kind: 'unavailable',
    zh: '此运行环境没有字体，不能出具 PDF。请在服务器或命令行办理。',
    en: 'This runtime has no fonts, so it makes no PDF. Do it on the server or on the command line.',
  },
  document_number_shared: {
    kind: 'conflict',
    zh: '编号“{number}”的文书不止一种（{kinds}），请加 --kind。',
    en: 'Documents of several kinds have the number "{number}" ({kinds}); add --kind.',
  },
  document_missing: {
    kind: 'missing',
    zh: '没有编号为“{number}”的已出具文书。见 qingliu documents list',
    en: 'No document with the number "{number}" was made. See qingliu documents list',
  },
} as const satisfies RefusalTable

export const refuseDocument = refuser(documentRefusals)
