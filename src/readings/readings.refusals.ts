import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const readingRefusals = {
  readings_collector_unknown: {
    kind: 'missing',
    zh: '没有代码为 {collector} 的代征单位。请核对代征单位代码，或先登记（qingliu dischargers collectors 列出已有的）。',
    en: 'There is no collector with the code {collector}. Check the code, or register it first (qingliu dischargers collectors lists them).',
  },
  collector_of_other_company: {
    kind: 'forbidden',
    zh: '{actor} 不是“{collector}”（{code}）的经办人，只能办理本公司的抄表。请核对代征单位代码，或由城管局经办办理。',
    en: '{actor} does not act for "{collector}" ({code}); staff of a water company handle its own readings only. Check the collector’s code, or let a bureau clerk do it.',
  },
  columns_insufficient: {
    kind: 'invalid',
    zh: '文件“{file}”的表头（第 {row} 行）既没有水量列，也没有本期读数列，无法算出用水量。请用 --map 指明，例如 --map 用水量=列名；未认出的列：{unrecognised}。',
    en: 'The header of "{file}" (row {row}) has neither a volume nor a current reading, so no use can be computed. Name one, for example --map 用水量=COLUMN; columns not recognised: {unrecognised}.',
  },
  column_measures_twice: {
    kind: 'invalid',
    zh: '文件“{file}”的“{column}”列不能同时是 {fields}。请用 --map 为每一项指定自己的列，文件没有的一项写作“本期读数=-”。',
    en: 'The column "{column}" of "{file}" cannot be all of {fields}. Give each a column of its own with --map; for what the file does not have write "end=-".',
  },
  file_without_rows: {
    kind: 'invalid',
    zh: '文件“{file}”在表头（第 {row} 行）以下没有数据行。请重新导出。',
    en: '"{file}" has no rows below its header (row {row}). Export it again.',
  },
  month_needed: {
    kind: 'usage',
    zh: '文件“{file}”没有月份列（{names}），请用 --month 说明是哪个月的用水，例如 --month 2026-03。',
    en: '"{file}" has no column for the month ({names}); say which month it is of, for example --month 2026-03.',
  },
  month_ambiguous: {
    kind: 'usage',
    zh: '文件“{file}”里有几个月份（{months}）。请用 --month 说明导入哪个月；其余月份的行会待审。',
    en: '"{file}" holds several months ({months}). Say with --month which one to import; rows of the others will be held.',
  },
  month_differs: {
    kind: 'usage',
    zh: '文件“{file}”没有 {month} 的行，文件里的月份是：{months}。请核对文件和 --month。',
    en: '"{file}" has no row of {month}; its months are {months}. Check the file and --month.',
  },
  month_not_begun: {
    kind: 'usage',
    zh: '文件“{file}”按 {month} 导入，而该月尚未开始（今天 {today}），不会有抄表。请核对 --month 或文件中的月份。',
    en: '"{file}" would be imported for {month}, which has not begun (today is {today}): nothing can have been read. Check --month or the month in the file.',
  },
  mapping_malformed: {
    kind: 'usage',
    zh: '“{value}”不是列对应。请写成 字段=列名，例如 户号=用户编号；“=-”表示不用该字段。',
    en: '"{value}" is not a mapping. Write FIELD=COLUMN, for example 户号=用户编号; "=-" leaves the field out.',
  },
  mapping_field_unknown: {
    kind: 'usage',
    zh: '没有“{field}”这个字段。可用：{known}。',
    en: 'There is no field "{field}". Known fields: {known}.',
  },
  mapping_column_unknown: {
    kind: 'usage',
    zh: '文件“{file}”的表头没有“{column}”这一列（或不止一列）。现有的列：{columns}。',
    en: 'The header of "{file}" has no column "{column}", or several of that name. Its columns: {columns}.',
  },
  readings_import_unknown: {
    kind: 'missing',
    zh: '没有编号为 {importId} 的抄表导入。见 qingliu readings imports。',
    en: 'There is no import of readings numbered {importId}. See qingliu readings imports.',
  },
  reason_needed: {
    kind: 'usage',
    zh: '请写明原因（--reason）。',
    en: 'State the reason (--reason).',
  },
  rows_unnamed: {
    kind: 'usage',
    zh: '请说明是哪些行：用 --rows 写行号，或用 --code 写原因代码。',
    en: 'Say which rows: their numbers with --rows, or a reason code with --code.',
  },
  reason_code_unknown: {
    kind: 'usage',
    zh: '没有“{code}”这个原因代码。可用：{known}',
    en: 'There is no reason code "{code}". Known codes: {known}',
  },
  rows_unknown: {
    kind: 'missing',
    zh: '导入 {importId} 中没有这些待审或拒绝的行：{rows}。见 qingliu readings rows {importId}。',
    en: 'Import {importId} has no held or rejected rows {rows}. See qingliu readings rows {importId}.',
  },
  rows_none: {
    kind: 'missing',
    zh: '导入 {importId} 中没有只因 {codes} 而待审、且尚未处理的行。见 qingliu readings rows {importId}。',
    en: 'Import {importId} has no undecided row held for {codes} alone. See qingliu readings rows {importId}.',
  },
  row_decided: {
    kind: 'conflict',
    zh: '第 {row} 行已有处理结果（{decisionZh}），不能再次处理。',
    en: 'Row {row} was decided before ({decisionEn}); a row is decided once.',
  },
  row_rejected_by_rule: {
    kind: 'conflict',
    zh: '第 {row} 行被拒绝，不能接受，只能改正（qingliu readings correct）或改正文件后重新导入。原因：{reasonsZh}',
    en: 'Row {row} was rejected and cannot be accepted; correct it (qingliu readings correct), or correct the file and import it again. Reasons: {reasonsEn}',
  },
  row_needs_correction: {
    kind: 'conflict',
    zh: '第 {row} 行不能照原样接受，须先改正：{reasonsZh}',
    en: 'Row {row} cannot be accepted as it stands; it must be corrected first: {reasonsEn}',
  },
  row_has_new_reasons: {
    kind: 'conflict',
    zh: '第 {row} 行自导入以来情况有变，又有新的问题：{reasonsZh} 请重新查看；确认后加 --accept {codes}。',
    en: 'Things have changed since row {row} was held, and there is more now: {reasonsEn} Look again; once sure, add --accept {codes}.',
  },
  reasons_remain: {
    kind: 'invalid',
    zh: '{whatZh}仍有问题：{reasonsZh} 请改正；属实的，请写明接受哪些：--accept {codes}。',
    en: '{whatEn} still has reasons against it: {reasonsEn} Correct them, or name those that are true: --accept {codes}.',
  },
  reasons_to_correct: {
    kind: 'invalid',
    zh: '{whatZh}仍有问题：{reasonsZh} 请改正后再试，未作改动。',
    en: '{whatEn} still has reasons against it: {reasonsEn} Correct them and try again; nothing was changed.',
  },
  rows_exclude_each_other: {
    kind: 'conflict',
    zh: '第 {row} 行和第 {other} 行是同一户、同一表、同一段用水，只能接受其中一行。请接受一行，拒绝另一行。',
    en: 'Rows {row} and {other} are of the same account, meter and days; only one can count. Accept one and reject the other.',
  },
  acceptance_by_bureau: {
    kind: 'forbidden',
    zh: '{actor} 不能接受有问题的行（{codes}）；供水公司可以改正或拒绝，接受由城管局经办。',
    en: '{actor} may not accept a row with reasons against it ({codes}); the water company corrects or rejects, the bureau clerk accepts.',
  },
  correction_missing: {
    kind: 'usage',
    zh: '请写明改正的内容，例如 --set 本期读数=12345。',
    en: 'Say what is corrected, for example --set 本期读数=12345.',
  },
  correction_field_unknown: {
    kind: 'usage',
    zh: '“{field}”不能改正。可改正：{known}。',
    en: '"{field}" cannot be corrected. What can: {known}.',
  },
  export_empty: {
    kind: 'missing',
    zh: '导入 {importId} 没有符合条件的待审或拒绝的行，未生成文件。',
    en: 'Import {importId} has no such held or rejected rows; no file was made.',
  },
  entry_unreadable: {
    kind: 'usage',
    zh: '读不出所填的内容：{reasonsZh}',
    en: 'What was entered cannot be read: {reasonsEn}',
  },
  estimate_without_history: {
    kind: 'conflict',
    zh: '户号 {account} 在 {month} 之前一年内实抄不足 {needed} 个月（只有 {months} 个月），不能估抄。请安排实抄。',
    en: 'Account {account} has {months} [month|months] of actual readings in the year before {month}; an estimate needs {needed}. Have the meter read.',
  },
  estimate_beyond_limit: {
    kind: 'conflict',
    zh: '户号 {account} 已连续估抄 {count} 个月，达到上限 {limit}，不能再估抄。请安排实抄。',
    en: 'Account {account} was estimated {count} months in a row, which is the limit ({limit}). Have the meter read.',
  },
  estimate_needs_one_meter: {
    kind: 'usage',
    zh: '户号 {account} 在 {month} 有 {count} 只在用的表（{meters}）。请用 --meter 写明是哪一只。',
    en: 'Account {account} has {count} meters in place in {month} ({meters}). Name one with --meter.',
  },
  month_already_read: {
    kind: 'conflict',
    zh: '户号 {account} 的 {month} 已有抄表记录（编号 {reading}，{readOn}，{volume} m³），不能估抄。',
    en: 'Account {account} already has a reading for {month} (no. {reading}, {readOn}, {volume} m³); it cannot be estimated.',
  },
  reading_unknown: {
    kind: 'missing',
    zh: '没有编号为 {reading} 的抄表记录。见 qingliu readings history。',
    en: 'There is no reading numbered {reading}. See qingliu readings history.',
  },
  reading_ended: {
    kind: 'conflict',
    zh: '抄表记录 {reading} 已被{how}，不再有效，不能撤回。',
    en: 'Reading {reading} no longer counts ({how}); it cannot be taken back.',
  },
} as const satisfies RefusalTable

export const refuseReading = refuser(readingRefusals)
