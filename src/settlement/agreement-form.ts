import { z } from '@hono/zod-openapi'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { date, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import type { Fields, Values } from '../platform/pages/forms.tsx'
import { pastedRows } from '../platform/pages/pasted-rows.ts'
import type { ConcessionTerms, EnteredConcession, IndicatorLimit } from './concession.ts'
import { indicators } from './indicator.ts'
import { refuseSettlement } from './settlement.refusals.ts'

const bases = ['day', 'month', 'year'] as const
const baseNames: Readonly<Record<(typeof bases)[number], Said>> = {
  day: { zh: '按日', en: 'each day' },
  month: { zh: '按月平均', en: 'the average of the month' },
  year: { zh: '按年平均', en: 'the average of the year' },
}
const keptNames = {
  kept: { zh: '不达标日仍计保底', en: 'days out of compliance are kept' },
  left_out: { zh: '不达标日不计保底', en: 'days out of compliance are left out' },
} as const
const severalNames = {
  largest: { zh: '取扣减最大的一项', en: 'the largest counts' },
  sum: { zh: '各项相加，最多为 1', en: 'they add up, to 1 at most' },
} as const

const choicesOf =
  (names: Readonly<Record<string, Said>>) =>
  ({ say }: { readonly say: (said: Said) => string }) =>
    Object.entries(names).map(([value, said]) => [value, say(said)] as const)

const indicatorWords = Object.entries(indicators)
  .map(([code, { zh }]) => `${code} ${zh}`)
  .join('、')

/** What of a concession agreement is asked for in a form; terms that go by periods are lines of cells. */
export const agreementFields = {
  code: {
    label: { zh: '协议编号', en: 'code' },
    help: { zh: '如 TX-2026。', en: 'Such as TX-2026.' },
    schema: text(40),
  },
  title: { label: { zh: '协议名称', en: 'title' }, schema: text(200) },
  document: { label: { zh: '合同文号', en: 'number of the document' }, schema: text(200) },
  validFrom: { label: { zh: '执行起始日', en: 'in force from' }, kind: 'date', schema: date },
  designM3PerDay: { label: { zh: '设计规模（m³/日）', en: 'design (m³ a day)' }, kind: 'number', schema: text(20) },
  dailyCap: {
    label: { zh: '日水量上限', en: 'daily cap' },
    help: {
      zh: '设计规模的倍数，如 1.3；没有约定的不填。',
      en: 'Times the design, such as 1.3; empty where none is agreed.',
    },
    kind: 'number',
    optional: true,
    schema: text(20),
  },
  prices: {
    label: { zh: '单价', en: 'prices' },
    help: {
      zh: '每行一段：起始日，终止日（不含，未定的留空），元/m³。例如：2026-01-01，，1.48',
      en: 'One period a line: from, until (not included, empty while open), yuan per m³. Such as: 2026-01-01,,1.48',
    },
    kind: 'long',
    schema: pastedRows(['from', 'until', 'perM3']),
  },
  guaranteeBasis: {
    label: { zh: '保底水量', en: 'guaranteed volume' },
    help: { zh: '没有保底的不选。', en: 'None where nothing is guaranteed.' },
    kind: 'choice',
    optional: true,
    choices: choicesOf(baseNames),
    schema: z.enum(bases),
  },
  daysOutOfCompliance: {
    label: { zh: '不达标日的保底', en: 'guarantee on days out of compliance' },
    kind: 'choice',
    optional: true,
    choices: choicesOf(keptNames),
    schema: z.enum(['kept', 'left_out']),
  },
  guaranteeShares: {
    label: { zh: '保底比例', en: 'guaranteed shares' },
    help: {
      zh: '每行一段：起始日，终止日，设计规模的比例。例如：2026-01-01，，0.60',
      en: 'One period a line: from, until, share of the design. Such as: 2026-01-01,,0.60',
    },
    kind: 'long',
    optional: true,
    schema: pastedRows(['from', 'until', 'share']),
  },
  overVolume: {
    label: { zh: '超量单价', en: 'price above the design' },
    help: {
      zh: '每行一段：起始日，终止日，日均超过设计规模的比例，元/m³。没有约定的不填。',
      en: 'One period a line: from, until, share of the design above which, yuan per m³. Empty where none is agreed.',
    },
    kind: 'long',
    optional: true,
    schema: pastedRows(['from', 'until', 'aboveShare', 'perM3']),
  },
  indicators: {
    label: { zh: '出水指标与扣减', en: 'indicators and deductions' },
    help: {
      zh: `每行一档：指标，下限，上限，检测（每日或有则），超标倍数起点，当日不付比例，每日扣款（元）。例如：cod，，50，每日，0.5，1，5000.00。指标代码：${indicatorWords}。`,
      en: `One step a line: indicator, least, most, measured (day or given), from how far beyond, share of the day unpaid, yuan off. Such as: cod,,50,day,0.5,1,5000.00. Indicators: ${Object.keys(indicators).join(', ')}.`,
    },
    kind: 'long',
    optional: true,
    schema: pastedRows(['code', 'min', 'max', 'measured', 'from', 'unpaidShare', 'deduction']),
  },
  severalIndicators: {
    label: { zh: '同日几项超标', en: 'several on one day' },
    kind: 'choice',
    choices: choicesOf(severalNames),
    schema: z.enum(['largest', 'sum']),
  },
  rewardPerM3: {
    label: { zh: '奖励单价（元/m³）', en: 'reward (yuan per m³)' },
    help: {
      zh: '全月优于下列值时加付；没有约定的不填。',
      en: 'Added where the whole month stays within these; empty where none is agreed.',
    },
    kind: 'number',
    optional: true,
    schema: text(20),
  },
  rewardLimits: {
    label: { zh: '奖励的出水值', en: 'values for the reward' },
    help: { zh: '每行一项：指标，上限。例如：cod，30', en: 'One a line: indicator, most. Such as: cod,30' },
    kind: 'long',
    optional: true,
    schema: pastedRows(['code', 'max']),
  },
} as const satisfies Fields

const orNull = (cell: string): string | null => (cell === '' ? null : cell)
const during = <Row extends { readonly until: string }>(rows: readonly Row[]) =>
  rows.map((row) => ({ ...row, until: orNull(row.until) }))

/**
 * The agreement that a form's values say; whether it can be settled by is judged by the command. Refuses a guarantee or a
 * reward of which a part is left out, and an indicator that does not say when it is measured: nothing is made up.
 */
export function agreementOf(
  values: Values<typeof agreementFields> & { readonly plant: string },
): EnteredConcession | Refusal {
  const { plant, code, title, document, validFrom, overVolume = [] } = values
  const guarantee = guaranteeOf(values)
  const limits = indicatorsOf(values.indicators ?? [])
  const reward = rewardOf(values)
  if (isRefusal(guarantee)) return guarantee
  if (isRefusal(limits)) return limits
  if (isRefusal(reward)) return reward
  return {
    plant,
    code,
    title,
    document,
    validFrom,
    terms: {
      designM3PerDay: values.designM3PerDay,
      dailyCap: values.dailyCap ?? null,
      prices: during(values.prices),
      guarantee,
      overVolume: overVolume.length === 0 ? null : during(overVolume),
      indicators: limits,
      severalIndicators: values.severalIndicators,
      reward,
    },
  }
}

type FormValues = Values<typeof agreementFields>

const leftOut = (field: keyof typeof agreementFields): Refusal => {
  const { zh, en } = agreementFields[field].label
  return refuseSettlement('concession_field_faulty', {
    where: zh,
    ruleZh: '须填写，或者与它相关的各项都不填',
    ruleEn: `(${en}) is needed, or all that belongs to it is left empty`,
  })
}

function guaranteeOf(values: FormValues): ConcessionTerms['guarantee'] | Refusal {
  const { guaranteeBasis: basis, daysOutOfCompliance, guaranteeShares: shares } = values
  if (basis === undefined && daysOutOfCompliance === undefined && shares === undefined) return null
  if (basis === undefined) return leftOut('guaranteeBasis')
  if (daysOutOfCompliance === undefined) return leftOut('daysOutOfCompliance')
  return shares === undefined ? leftOut('guaranteeShares') : { basis, daysOutOfCompliance, shares: during(shares) }
}

function rewardOf({ rewardPerM3: perM3, rewardLimits: limits }: FormValues): ConcessionTerms['reward'] | Refusal {
  if (perM3 === undefined && limits === undefined) return null
  if (perM3 === undefined) return leftOut('rewardPerM3')
  return limits === undefined ? leftOut('rewardLimits') : { perM3, limits }
}

const measuredWords: Readonly<Record<string, IndicatorLimit['measured']>> = {
  每日: 'every_day',
  day: 'every_day',
  有则: 'when_given',
  given: 'when_given',
}

type IndicatorRow = Readonly<Record<'code' | 'min' | 'max' | 'measured' | 'from' | 'unpaidShare' | 'deduction', string>>

/** Steps of one indicator, on lines of the same limits, go together. */
function indicatorsOf(rows: readonly IndicatorRow[]): ConcessionTerms['indicators'] | Refusal {
  const limits = new Map<string, IndicatorLimit>()
  for (const { code, min, max, measured: word, ...step } of rows) {
    const measured = measuredWords[word]
    if (measured === undefined)
      return refuseSettlement('concession_field_faulty', {
        where: `${code}: ${word}`,
        ruleZh: '检测须写“每日”或“有则”',
        ruleEn: 'says when it is measured: day or given',
      })
    const key = [code, min, max, measured].join('\n')
    const { steps = [] } = limits.get(key) ?? {}
    const without = step.from === '' && step.unpaidShare === '' && step.deduction === ''
    limits.set(key, { code, min: orNull(min), max: orNull(max), measured, steps: without ? steps : [...steps, step] })
  }
  return [...limits.values()]
}
