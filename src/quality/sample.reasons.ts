import { fillSentence, type RefusalParameters } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { type CellReason, cellReasonSentence, cellReasons } from '../platform/tables/cell-values.ts'

interface Sentences {
  readonly cause: string
  readonly remedy: string
}
interface ReasonEntry {
  readonly weight: 'rejected' | 'held'
  readonly zh: Sentences
  readonly en: Sentences
}

/** Why a row of a file of samples is not taken. Held: nothing is wrong with the row itself, its sample is not whole. */
export const sampleReasons = {
  sample_cell_unreadable: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”读不出来。', remedy: '改为普通的日期、数字或编号。' },
    en: { cause: '"{value}" in "{column}" cannot be read.', remedy: 'Write a plain date, number or id.' },
  },
  sample_field_missing: {
    weight: 'rejected',
    zh: { cause: '缺少“{column}”。', remedy: '补上后再导入。' },
    en: { cause: '"{column}" is missing.', remedy: 'Enter it and import the row again.' },
  },
  sample_discharger_unknown: {
    weight: 'rejected',
    zh: { cause: '没有登记排污者“{value}”。', remedy: '核对代码（qingliu dischargers list）。' },
    en: { cause: 'There is no discharger "{value}".', remedy: 'Check the code (qingliu dischargers list).' },
  },
  sample_outlet_unknown: {
    weight: 'rejected',
    zh: {
      cause: '{discharger} 在 {date} 没有排污口“{value}”。',
      remedy: '核对编号，或先登记排污口（qingliu dischargers add-outlet）。',
    },
    en: {
      cause: 'On {date} {discharger} has no outlet "{value}".',
      remedy: 'Check the number, or register the outlet first (qingliu dischargers add-outlet).',
    },
  },
  sample_pollutant_unknown: {
    weight: 'rejected',
    zh: { cause: '没有登记污染物“{value}”。', remedy: '核对名称，或先增加（qingliu quality add-pollutant）。' },
    en: {
      cause: 'There is no pollutant "{value}".',
      remedy: 'Check the name, or add it first (qingliu quality add-pollutant).',
    },
  },
  sample_unit_differs: {
    weight: 'rejected',
    zh: { cause: '{pollutant} 的单位应为 {expected}，文件写“{value}”。', remedy: '换算为 {expected} 后再导入。' },
    en: { cause: '{pollutant} is in {expected}, and the file says "{value}".', remedy: 'Convert it to {expected}.' },
  },
  sample_source_unknown: {
    weight: 'rejected',
    zh: { cause: '来源“{value}”未知。', remedy: '应为：{known}。' },
    en: { cause: 'The source "{value}" is unknown.', remedy: 'It is one of: {known}.' },
  },
  sample_source_not_yours: {
    weight: 'rejected',
    zh: { cause: '您的岗位不能登记来源为“{value}”的样品。', remedy: '由 {roles} 登记。' },
    en: {
      cause: 'Your role may not enter samples of the source "{value}".',
      remedy: 'Let them be entered by {roles}.',
    },
  },
  sample_certificate_missing: {
    weight: 'rejected',
    zh: { cause: '有资质单位的样品没有写资质证书号。', remedy: '补上资质证书号（办法第七条）。' },
    en: { cause: 'A sample of a qualified body names no certificate.', remedy: 'Enter its number (Measures art. 7).' },
  },
  sample_in_future: {
    weight: 'rejected',
    zh: { cause: '采样日 {value} 晚于 {today}。', remedy: '改正日期。' },
    en: { cause: 'It was taken on {value}, after {today}.', remedy: 'Correct the date.' },
  },
  sample_time_malformed: {
    weight: 'rejected',
    zh: { cause: '采样时间“{value}”读不出来。', remedy: '写成 08:30，或留空。' },
    en: { cause: 'The time "{value}" cannot be read.', remedy: 'Write 08:30, or leave it empty.' },
  },
  sample_volume_malformed: {
    weight: 'rejected',
    zh: { cause: '日排水量“{value}”读不出来。', remedy: '写成立方米数，最多 3 位小数，或留空。' },
    en: {
      cause: 'The day’s volume "{value}" cannot be read.',
      remedy: 'Write m³ with at most 3 decimals, or leave it empty.',
    },
  },
  finding_empty: {
    weight: 'rejected',
    zh: { cause: '没有结果。', remedy: '补上结果；低于检出限的写“<检出限”。' },
    en: { cause: 'There is no result.', remedy: 'Enter it; below the detection limit, write "<limit".' },
  },
  finding_zero: {
    weight: 'rejected',
    zh: { cause: '结果写为 0。低于检出限不等于 0。', remedy: '写“<检出限”，例如 <0.05。' },
    en: { cause: 'The result is 0. Below the detection limit is not 0.', remedy: 'Write "<limit", for example <0.05.' },
  },
  finding_without_detection_limit: {
    weight: 'rejected',
    zh: { cause: '“{value}”没有写检出限，无法与限值比较。', remedy: '补上检出限，或写“<检出限”。' },
    en: {
      cause: '"{value}" has no detection limit, so it cannot be compared.',
      remedy: 'Enter the detection limit, or write "<limit".',
    },
  },
  finding_unreadable: {
    weight: 'rejected',
    zh: { cause: '结果“{value}”不是数字，也不是“<检出限”。', remedy: '写普通数字、<0.05、0.05L 或 ND。' },
    en: {
      cause: 'The result "{value}" is neither a number nor "<limit".',
      remedy: 'Write a plain number, <0.05, 0.05L or ND.',
    },
  },
  sample_pollutant_twice: {
    weight: 'rejected',
    zh: { cause: '同一样品的 {pollutant} 有几行：{rows}。', remedy: '只留一行。' },
    en: { cause: 'Several rows of this sample are of {pollutant}: {rows}.', remedy: 'Keep one.' },
  },
  sample_rows_differ: {
    weight: 'rejected',
    zh: {
      cause: '同一样品各行的“{column}”不同（第 {rows} 行）。',
      remedy: '改成一致；不是同一样品的，用不同的样品编号。',
    },
    en: {
      cause: 'Rows of this sample differ in "{column}" (rows {rows}).',
      remedy: 'Make them alike, or give different samples different numbers.',
    },
  },
  sample_known_differs: {
    weight: 'rejected',
    zh: {
      cause: '样品 {value} 已登记（编号 {sample}），内容不同。',
      remedy: '登记后不能改；有误请撤回后用新样品编号重新导入。',
    },
    en: {
      cause: 'Sample {value} is stored (no. {sample}) with other content.',
      remedy: 'It never changes; withdraw it and import it under a new number.',
    },
  },
  sample_incomplete: {
    weight: 'held',
    zh: { cause: '同一样品的第 {rows} 行有问题，整个样品未登记。', remedy: '改正那些行后一起再导入。' },
    en: {
      cause: 'Rows {rows} of the same sample have faults, so none of it was stored.',
      remedy: 'Correct those rows and import all of them again.',
    },
  },
} as const satisfies Record<string, ReasonEntry>

export type SampleReasonCode = keyof typeof sampleReasons

const titles: Readonly<Record<SampleReasonCode, { readonly zh: string; readonly en: string }>> = {
  sample_cell_unreadable: { zh: '单元格读不出', en: 'unreadable cell' },
  sample_field_missing: { zh: '缺少必填项', en: 'something missing' },
  sample_discharger_unknown: { zh: '排污者未登记', en: 'unknown discharger' },
  sample_outlet_unknown: { zh: '排污口未登记', en: 'unknown outlet' },
  sample_pollutant_unknown: { zh: '污染物未登记', en: 'unknown pollutant' },
  sample_unit_differs: { zh: '单位不符', en: 'another unit' },
  sample_source_unknown: { zh: '来源未知', en: 'unknown source' },
  sample_source_not_yours: { zh: '岗位不能登记该来源', en: 'a source of another role' },
  sample_certificate_missing: { zh: '没有资质证书号', en: 'no certificate' },
  sample_in_future: { zh: '采样日未到', en: 'taken on a day to come' },
  sample_time_malformed: { zh: '采样时间读不出', en: 'unreadable time' },
  sample_volume_malformed: { zh: '日排水量读不出', en: 'unreadable volume' },
  finding_empty: { zh: '没有结果', en: 'no result' },
  finding_zero: { zh: '结果写为 0', en: 'a result of 0' },
  finding_without_detection_limit: { zh: '没有检出限', en: 'no detection limit' },
  finding_unreadable: { zh: '结果读不出', en: 'unreadable result' },
  sample_pollutant_twice: { zh: '同一污染物几行', en: 'a pollutant more than once' },
  sample_rows_differ: { zh: '同一样品各行不一致', en: 'rows of a sample differ' },
  sample_known_differs: { zh: '与已登记的样品不同', en: 'differs from the stored sample' },
  sample_incomplete: { zh: '同一样品的其他行有问题', en: 'faults in other rows of the sample' },
}

/** A reason in a few words, where rows are counted by it. */
export const sampleReasonTitle = (code: string, language: 'zh' | 'en'): string =>
  Object.hasOwn(titles, code) ? titles[code as SampleReasonCode][language] : code

/** A reason, its code known to the compiler. */
export function sampleReason(
  code: SampleReasonCode,
  parameters: Readonly<Record<string, string | number>> = {},
  cell: { readonly column?: string; readonly value?: string } = {},
): RowReason & { readonly code: SampleReasonCode } {
  return { code, ...cell, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) }
}

/** The sentences of a reason for people. */
export function saySampleReason(reason: RowReason, language: 'zh' | 'en'): Sentences {
  if (!Object.hasOwn(sampleReasons, reason.code)) return { cause: reason.code, remedy: '' }
  const values: RefusalParameters = { column: reason.column ?? '', value: reason.value ?? '', ...reason.parameters }
  const { cause, remedy } = sampleReasons[reason.code as SampleReasonCode][language]
  const { cell } = values
  const isCell = typeof cell === 'string' && Object.hasOwn(cellReasons, cell)
  return {
    cause: fillSentence(cause, values),
    // A cell that could not be read has its own remedy, which knows what is wrong with it.
    remedy: isCell ? cellReasonSentence(cell as CellReason, language, values) : fillSentence(remedy, values),
  }
}
