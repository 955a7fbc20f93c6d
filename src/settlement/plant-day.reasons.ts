import { fillSentence, type RefusalParameters } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { type CellReason, cellReasonSentence, cellReasons } from '../platform/tables/cell-values.ts'

interface Sentences {
  readonly cause: string
  readonly remedy: string
}
interface ReasonEntry {
  readonly weight: 'rejected' | 'held' | 'note'
  /** The row as it stands can never be taken: a person may correct it, not accept it. */
  readonly needsCorrection?: true
  readonly zh: Sentences
  readonly en: Sentences
}

/** Every reason a row of a plant's daily file can get, once. */
export const plantReasons = {
  plant_cell_unreadable: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”读不出来。', remedy: '改为普通的数字或日期。' },
    en: { cause: '"{value}" in "{column}" cannot be read.', remedy: 'Write a plain number or date.' },
  },
  plant_volume_too_fine: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”不是可用的水量。', remedy: '最多 3 位小数，小数点前最多 11 位，单位为立方米。' },
    en: {
      cause: '"{value}" in "{column}" is not a usable volume.',
      remedy: 'At most 3 decimals and 11 digits, in m³.',
    },
  },
  plant_value_impossible: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”不是可能的检测值。', remedy: '填实测值（pH 不超过 14），最多 6 位小数。' },
    en: {
      cause: '"{value}" in "{column}" is no possible value.',
      remedy: 'Write what was measured (pH up to 14), with at most 6 decimals.',
    },
  },
  plant_day_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有日期。', remedy: '补上日期；如果是多余的行，请删去。' },
    en: { cause: 'The row has no date.', remedy: 'Enter it, or delete the row if it does not belong.' },
  },
  plant_treated_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有处理水量。', remedy: '补上处理水量；停运填 0。' },
    en: { cause: 'The row states no treated volume.', remedy: 'Enter it; for a standstill write 0.' },
  },
  plant_day_in_future: {
    weight: 'rejected',
    zh: { cause: '{value} 还没有结束（今天 {today}）。', remedy: '核对日期，次日以后再导入。' },
    en: { cause: '{value} is not over (today is {today}).', remedy: 'Check the date; import it afterwards.' },
  },
  plant_day_twice_in_file: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '文件中 {value} 有几行：第 {rows} 行。', remedy: '改正或拒绝多余的行。' },
    en: { cause: 'The file has several rows of {value}: rows {rows}.', remedy: 'Correct or reject what is too much.' },
  },
  plant_day_without_agreement: {
    weight: 'held',
    zh: { cause: '{value} 没有执行中的特许经营协议。', remedy: '录入协议，或确认该日不结算后接受。' },
    en: {
      cause: 'No concession agreement is in force on {value}.',
      remedy: 'Enter it, or accept the day if it is not to be settled.',
    },
  },
  plant_day_differs: {
    weight: 'held',
    zh: {
      cause: '{value} 已记录处理水量 {stored} m³（导入 {import} 第 {row} 行），内容不同。',
      remedy: '核对后接受即替换；已结算的月份在下一期更正。',
    },
    en: {
      cause: '{value} is recorded with {stored} m³ treated (import {import}, row {row}) and otherwise than here.',
      remedy: 'Accept it after a check to replace it; a settled month is corrected in the next claim.',
    },
  },
  plant_standstill: {
    weight: 'held',
    zh: { cause: '{day} 处理水量为 0。', remedy: '确认停运后接受，或改正。' },
    en: { cause: 'Nothing was treated on {day}.', remedy: 'Accept it if the plant stood still, or correct it.' },
  },
  plant_volume_implausible: {
    weight: 'held',
    zh: {
      cause: '处理水量 {value} m³ 超过设计规模 {design} m³ 的 {factor} 倍。',
      remedy: '核对单位和流量计后接受或改正。',
    },
    en: {
      cause: '{value} m³ treated is more than {factor} times the design volume of {design} m³.',
      remedy: 'Check unit and flow meter, then accept or correct it.',
    },
  },
  plant_inflow_differs: {
    weight: 'held',
    zh: {
      cause: '处理水量 {value} m³ 与进水量 {inflow} m³ 相差超过 {percent}%。',
      remedy: '核对两处流量计后接受或改正。',
    },
    en: {
      cause: '{value} m³ treated differs from {inflow} m³ of inflow by more than {percent} %.',
      remedy: 'Check both flow meters, then accept or correct it.',
    },
  },
  plant_value_missing: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '缺少协议要求每日检测的{indicator}。', remedy: '补上检测值。' },
    en: { cause: 'The agreement wants {indicator} every day and it is missing.', remedy: 'Enter the value.' },
  },
  plant_day_unchanged: {
    weight: 'note',
    zh: { cause: '与已记录的 {value} 相同，未作改动。', remedy: '' },
    en: { cause: 'It repeats what is recorded of {value}; nothing was changed.', remedy: '' },
  },
} as const satisfies Record<string, ReasonEntry>

export type PlantReasonCode = keyof typeof plantReasons

export function isPlantReason(code: string): code is PlantReasonCode {
  return Object.hasOwn(plantReasons, code)
}

export function weightOf(code: PlantReasonCode): ReasonEntry['weight'] {
  return plantReasons[code].weight
}

/** Whether a reason allows no acceptance of the row as it stands. */
export function needsCorrection(code: PlantReasonCode): boolean {
  const entry: ReasonEntry = plantReasons[code]
  return entry.weight === 'rejected' || entry.needsCorrection === true
}

const titles: Readonly<Record<PlantReasonCode, { readonly zh: string; readonly en: string }>> = {
  plant_cell_unreadable: { zh: '单元格读不出', en: 'unreadable cell' },
  plant_volume_too_fine: { zh: '水量不可用', en: 'unusable volume' },
  plant_value_impossible: { zh: '检测值不可能', en: 'impossible value' },
  plant_day_missing: { zh: '没有日期', en: 'no date' },
  plant_treated_missing: { zh: '没有处理水量', en: 'no treated volume' },
  plant_day_in_future: { zh: '日期未到', en: 'day not over' },
  plant_day_twice_in_file: { zh: '文件内重复', en: 'more than once in the file' },
  plant_day_without_agreement: { zh: '没有执行中的协议', en: 'no agreement in force' },
  plant_day_differs: { zh: '与已记录的不同', en: 'differs from what is recorded' },
  plant_standstill: { zh: '处理水量为 0', en: 'nothing treated' },
  plant_volume_implausible: { zh: '水量超出设计规模过多', en: 'volume far above design' },
  plant_inflow_differs: { zh: '处理水量与进水量相差过大', en: 'treated and inflow far apart' },
  plant_value_missing: { zh: '缺少检测值', en: 'value missing' },
  plant_day_unchanged: { zh: '与已记录的相同', en: 'recorded before' },
}

/** A reason in a few words, where rows are counted by it. */
export const plantReasonTitle = (code: string, language: 'zh' | 'en'): string =>
  isPlantReason(code) ? titles[code][language] : code

export type PlantReason = RowReason & { readonly code: PlantReasonCode }

/** A reason, its code known to the compiler. */
export function plantReason(
  code: PlantReasonCode,
  parameters: Readonly<Record<string, string | number>> = {},
  cell: { readonly column?: string; readonly value?: string } = {},
): PlantReason {
  return { code, ...cell, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) }
}

/** The sentences of a reason for people. */
export function sayPlantReason(reason: RowReason, language: 'zh' | 'en'): Sentences {
  if (!isPlantReason(reason.code)) return { cause: reason.code, remedy: '' }
  const values: RefusalParameters = { column: reason.column ?? '', value: reason.value ?? '', ...reason.parameters }
  const { cause, remedy } = plantReasons[reason.code][language]
  const { cell } = values
  const isCell = typeof cell === 'string' && Object.hasOwn(cellReasons, cell)
  return {
    cause: fillSentence(cause, values),
    remedy: isCell ? cellReasonSentence(cell as CellReason, language, values) : fillSentence(remedy, values),
  }
}

/** Reasons in one line, for either language's sentence of a refusal. */
export function saidPlantReasons(reasons: readonly RowReason[]): { reasonsZh: string; reasonsEn: string } {
  const line = (language: 'zh' | 'en') =>
    reasons
      .map((reason) => {
        const { cause, remedy } = sayPlantReason(reason, language)
        return `${cause}${language === 'en' ? ' ' : ''}${remedy}`
      })
      .join(' ')
  return { reasonsZh: line('zh'), reasonsEn: line('en') }
}
