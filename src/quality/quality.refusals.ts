import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const qualityRefusals = {
  outlet_not_registered: {
    kind: 'missing',
    zh: '排污者 {discharger} 在 {date} 没有编号为“{outlet}”的排污口。见 qingliu dischargers show {discharger}；登记：qingliu dischargers add-outlet',
    en: 'On {date} discharger {discharger} has no outlet "{outlet}". See qingliu dischargers show {discharger}; register it: qingliu dischargers add-outlet',
  },
  pollutant_unknown: {
    kind: 'missing',
    zh: '没有登记污染物“{pollutant}”。已登记见 qingliu quality pollutants；增加：qingliu quality add-pollutant',
    en: 'There is no pollutant "{pollutant}". See qingliu quality pollutants; add it: qingliu quality add-pollutant',
  },
  pollutant_taken: {
    kind: 'conflict',
    zh: '“{name}”已是污染物 {code}（{zh}）的代码或名称。',
    en: '"{name}" already names the pollutant {code} ({zh}).',
  },
  pollutant_malformed: {
    kind: 'invalid',
    zh: '污染物代码“{code}”须为 1 至 40 个小写字母、数字或下划线，名称与单位不能为空。',
    en: 'The pollutant code "{code}" has 1 to 40 small letters, digits or underscores, and its names and unit are not empty.',
  },
  limits_faulty: {
    kind: 'invalid',
    zh: '许可限值有 {count} 处问题，未保存：{faultsZh}',
    en: 'The permitted limits were not saved; faults in them: {count}.{faultsEn}',
  },
  limits_empty: {
    kind: 'invalid',
    zh: '文件 {file} 没有限值。空白模板：qingliu quality limits template 限值.xlsx',
    en: 'The file {file} holds no limit. A blank form: qingliu quality limits template limits.xlsx',
  },
  limit_row_incomplete: {
    kind: 'invalid',
    zh: '第 {row} 行缺少“{column}”，请填写。',
    en: 'Row {row} lacks "{column}"; fill it in.',
  },
  limit_value_unreadable: {
    kind: 'invalid',
    zh: '第 {row} 行限值“{value}”不是正数。不得检出的写“不得检出”，取消限值的写“取消”。',
    en: 'Row {row}: the limit "{value}" is no positive number. Write 不得检出 where nothing may be found, 取消 where the limit ends.',
  },
  limit_bound_unknown: {
    kind: 'invalid',
    zh: '第 {row} 行限值类型“{value}”未知，应为：{known}',
    en: 'Row {row}: the kind of limit "{value}" is unknown; it is one of {known}',
  },
  limit_date_unreadable: {
    kind: 'invalid',
    zh: '第 {row} 行起始日“{value}”读不出来，请写成 2026-01-01。',
    en: 'Row {row}: the first day "{value}" cannot be read; write 2026-01-01.',
  },
  limit_unit_differs: {
    kind: 'invalid',
    zh: '第 {row} 行单位“{unit}”应为“{expected}”（{pollutant}）。换算后再填。',
    en: 'Row {row}: the unit "{unit}" should be "{expected}" ({pollutant}). Convert the value first.',
  },
  limit_total_needs_mass: {
    kind: 'invalid',
    zh: '第 {row} 行：{pollutant} 的单位是“{unit}”，不能规定排放总量。',
    en: 'Row {row}: {pollutant} is in "{unit}", so it has no total.',
  },
  limit_twice: {
    kind: 'invalid',
    zh: '第 {row} 行与第 {other} 行是同一排污口、污染物和限值类型。',
    en: 'Rows {row} and {other} are of the same outlet, pollutant and kind of limit.',
  },
  limit_starts_before_another: {
    kind: 'conflict',
    zh: '排污者 {discharger} 排污口 {outlet} 的 {pollutant} 限值（{bound}）自 {since} 起已另有规定，不能自 {from} 起改变。',
    en: 'The limit of {pollutant} ({bound}) at outlet {outlet} of {discharger} is set from {since} already and cannot change from {from}.',
  },
  limit_to_end_missing: {
    kind: 'conflict',
    zh: '排污者 {discharger} 排污口 {outlet} 没有可自 {from} 起取消的 {pollutant} 限值（{bound}）。',
    en: 'Outlet {outlet} of {discharger} has no limit of {pollutant} ({bound}) that could end on {from}.',
  },
  sample_faulty: {
    kind: 'invalid',
    zh: '样品 {sample} 未登记：{reasonsZh}',
    en: 'The sample {sample} was not stored: {reasonsEn}',
  },
  sample_source_forbidden: {
    kind: 'forbidden',
    zh: '{actor} 不能登记来源为“{sourceZh}”的样品，需要的岗位：{rolesZh}。',
    en: '{actor} may not enter samples of the source {sourceEn}; it takes the role: {rolesEn}.',
  },
  sample_known: {
    kind: 'conflict',
    zh: '{body} 的样品 {sample} 已登记，内容不同。登记后不能改；有误请撤回后用新编号重新登记。',
    en: 'The sample {sample} of {body} is stored with other content. It never changes; withdraw a mistaken one and enter it under a new number.',
  },
  sample_missing: {
    kind: 'missing',
    zh: '没有样品 {sample}。见 qingliu quality samples list',
    en: 'There is no sample {sample}. See qingliu quality samples list',
  },
  sample_withdrawn: {
    kind: 'conflict',
    zh: '样品 {sample} 已撤回（{reason}）。',
    en: 'The sample {sample} was withdrawn ({reason}).',
  },
  sample_referred: {
    kind: 'conflict',
    zh: '样品 {sample} 已据以移送（{number}），不能撤回。',
    en: 'The sample {sample} was referred ({number}) and cannot be withdrawn.',
  },
  samples_file_empty: {
    kind: 'invalid',
    zh: '文件 {file} 第 {row} 行表头之下没有样品。',
    en: 'The file {file} has no sample below its header in row {row}.',
  },
  samples_file_too_long: {
    kind: 'invalid',
    zh: '文件 {file} 超过 {limit} 行。请按月或按企业分开导入。',
    en: 'The file {file} has more than {limit} rows. Import it in parts, by month or by enterprise.',
  },
  samples_import_missing: {
    kind: 'missing',
    zh: '没有编号为 {importId} 的样品导入。见 qingliu quality samples imports',
    en: 'There is no import of samples {importId}. See qingliu quality samples imports',
  },
  samples_export_empty: {
    kind: 'missing',
    zh: '没有可导出的内容。',
    en: 'There is nothing to export.',
  },
  quality_reason_missing: {
    kind: 'usage',
    zh: '请写明“{field}”。',
    en: 'Say the "{field}".',
  },
  quality_date_in_future: {
    kind: 'invalid',
    zh: '{field} {date} 晚于今日 {today}。',
    en: '{field} {date} lies after today, {today}.',
  },
  accident_dates_reversed: {
    kind: 'invalid',
    zh: '报告日 {reported} 早于事故发生日 {occurred}。',
    en: 'It was reported on {reported}, before it occurred on {occurred}.',
  },
  accident_missing: {
    kind: 'missing',
    zh: '没有事故报告 {accident}。见 qingliu quality accidents list',
    en: 'There is no accident report {accident}. See qingliu quality accidents list',
  },
  grade_period_reversed: {
    kind: 'invalid',
    zh: '信用等级自 {from} 起，不能在 {until} 终止。',
    en: 'The grade holds from {from} and cannot end on {until}.',
  },
  grade_overlaps: {
    kind: 'conflict',
    zh: '排污者 {discharger} 自 {since} 起已有信用等级，不能再自 {from} 起评定。',
    en: 'Discharger {discharger} has a grade from {since} already; another cannot hold from {from}.',
  },
  grade_waiting: {
    kind: 'conflict',
    zh: '排污者 {discharger} 的信用等级已由 {maker} 提交（事项 {proposal}），请先审批或退回。',
    en: 'A grade of {discharger} by {maker} waits for approval (no. {proposal}). Have it approved or returned first.',
  },
  referral_without_exceedance: {
    kind: 'conflict',
    zh: '样品 {sample} 没有超过许可限值的结果，不移送。',
    en: 'The sample {sample} has no result above a permitted limit, so there is nothing to refer.',
  },
  total_missing: {
    kind: 'missing',
    zh: '没有排放总量 {total}：编号为限值编号与期间，如 17-2025 或 17-2025-03。见 qingliu quality totals --year 2025',
    en: 'There is no total {total}: its number is that of the limit and the period, such as 17-2025 or 17-2025-03. See qingliu quality totals --year 2025',
  },
  total_not_exceeded: {
    kind: 'conflict',
    zh: '{discharger} 排污口 {outlet} 的 {period} 排放总量没有查明超过限值，不移送。',
    en: 'What outlet {outlet} of {discharger} discharged in {period} is not known to be above its limit, so there is nothing to refer.',
  },
  referral_made: {
    kind: 'conflict',
    zh: '此事已移送{recipient}（{number}）。',
    en: 'This was referred to {recipient} before ({number}).',
  },
  referral_waiting: {
    kind: 'conflict',
    zh: '此事移送{recipient}已由 {maker} 提交（事项 {proposal}），请先审批或退回。',
    en: 'A referral of this to {recipient} by {maker} waits for approval (no. {proposal}). Have it approved or returned first.',
  },
  referral_changed: {
    kind: 'conflict',
    zh: '提交之后判定有变（{now}），与所提交的不同。请退回后重新提交。',
    en: 'The judgement has changed since the proposal ({now}). Return it and propose it anew.',
  },
  referral_missing: {
    kind: 'missing',
    zh: '没有移送文书 {number}。见 qingliu quality referrals list',
    en: 'There is no referral {number}. See qingliu quality referrals list',
  },
} as const satisfies RefusalTable

export const refuseQuality = refuser(qualityRefusals)
