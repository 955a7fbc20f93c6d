import { Exact, plainText, sumOf } from '../kernel/decimal.ts'
import { limitWithUnit } from './judged-text.ts'
import type { JudgedTotal } from './total.queries.ts'
import type { MassMethod, MassOfMonth, MonthGap } from './total.rules.ts'

type Language = 'zh' | 'en'
type Names<Word extends string> = Record<Word, { readonly zh: string; readonly en: string }>

const methodNames: Names<MassMethod> = {
  mean_times_volume: { zh: '月均浓度×月排水量', en: 'mean concentration × volume of the month' },
  every_day: { zh: '逐日浓度×日排水量之和', en: 'sum of concentration × volume of every day' },
  some_days: { zh: '已知各日浓度×日排水量之和', en: 'sum of concentration × volume of the days known' },
  none: { zh: '', en: '' },
}

const gapNames: Names<MonthGap> = {
  no_sample: { zh: '没有样品', en: 'no sample' },
  month_not_over: { zh: '当月未结束', en: 'the month is not over' },
  limit_not_in_force: { zh: '限值未全月有效', en: 'the limit did not hold all month' },
  days_above_month: {
    zh: '有日排水量的各日已多于按账户水量算得的全月',
    en: 'the days with a volume add up to more than the month by its accounts',
  },
  outlet_not_registered: { zh: '当月没有登记此排污口', en: 'the outlet was not registered in that month' },
  several_outlets: {
    zh: '有几个排污口，账户水量分不到排污口',
    en: 'several outlets, and the use is metered at none of them',
  },
  no_account: { zh: '没有水量归此排污口的账户', en: 'no account whose use goes there' },
  account_changed_hands: { zh: '账户当月过户', en: 'an account changed hands in the month' },
  account_without_volume: { zh: '账户水量不明', en: 'an account has no known volume' },
  volume_not_measured: { zh: '账户水量是估抄或者核定的', en: 'an account’s volume is estimated or presumed' },
}

export const methodText = ({ method }: MassOfMonth, language: Language): string => methodNames[method][language]

/** `没有样品`, `账户水量不明（1001）`; '' where the month is known. */
export function gapText({ gap, accounts }: MassOfMonth, language: Language): string {
  if (gap === undefined) return ''
  const name = gapNames[gap][language]
  if (accounts.length === 0) return name
  return language === 'zh' ? `${name}（${accounts.join('、')}）` : `${name} (${accounts.join(', ')})`
}

export const verdictOfTotalNames: Names<JudgedTotal['verdict']> = {
  within: { zh: '未超总量', en: 'within' },
  exceeds: { zh: '超总量', en: 'exceeds' },
  undecided: { zh: '无法判定', en: 'undecided' },
}

const meanPlaces = 6
export const meanText = ({ mean }: MassOfMonth): string =>
  mean === undefined ? '' : plainText(mean.toDecimalPlaces(meanPlaces, Exact.ROUND_HALF_UP))
export const volumeText = ({ volumeM3 }: MassOfMonth): string => (volumeM3 === undefined ? '' : plainText(volumeM3))

/** kg of a month: `1200`, `1200～1210`, `至少 300`, `不明`. */
export function massText(month: MassOfMonth, language: Language): string {
  if (month.method === 'none') return unknownText[language]
  return rangeText(month.least, month.gap === undefined ? month.most : undefined, language)
}

/** What was discharged, with its unit: `31.2 t`, `至少 31.2 t`; `不明` where nothing is known, which is not 0. */
export function dischargedText(total: JudgedTotal, language: Language): string {
  if (total.months.every(({ method }) => method === 'none')) return unknownText[language]
  return `${rangeText(total.least, wholeMonths(total) ? total.most : undefined, language)} ${unitOfTotal(total)}`
}

const unknownText = { zh: '不明', en: 'not known' } as const

export const unitOfTotal = ({ limit }: JudgedTotal): 't' | 'kg' => (limit.bound === 'yearly_total' ? 't' : 'kg')

function rangeText(least: Exact, most: Exact | undefined, language: Language): string {
  if (most === undefined) return `${language === 'zh' ? '至少 ' : 'at least '}${plainText(least)}`
  return most.eq(least) ? plainText(least) : `${plainText(least)}～${plainText(most)}`
}

export const wholeMonths = ({ months }: JudgedTotal): boolean => months.every(({ gap }) => gap === undefined)

/** The months that are not wholly known, each with why: `2025-02 没有样品；2025-04 至 2025-12 当月未结束`. */
export function gapsText({ months }: JudgedTotal, language: Language): string {
  const runs: { readonly first: string; last: string; readonly why: string }[] = []
  for (const each of months) {
    const [why, run] = [gapText(each, language), runs.at(-1)]
    if (run?.why === why) run.last = each.month
    else runs.push({ first: each.month, last: each.month, why })
  }
  const to = language === 'zh' ? '至' : 'to'
  return runs
    .filter(({ why }) => why !== '')
    .map(({ first, last, why }) => `${first === last ? first : `${first} ${to} ${last}`} ${why}`)
    .join(language === 'zh' ? '；' : '; ')
}

/** Why a total whose months are all known is undecided, for people; '' elsewhere. */
export function belowDetectionText(total: JudgedTotal, language: Language): string {
  if (total.verdict !== 'undecided' || !wholeMonths(total)) return ''
  return language === 'zh'
    ? '未检出的结果按检出限计，则超过限值'
    : 'results below the detection limit would lift it above the limit if they were at that limit'
}

/** `年排放总量不超过 30 t/a`. */
export const totalLimitText = (total: JudgedTotal, language: Language): string => limitWithUnit(total.limit, language)

/** The kilograms of all months: what the months printed add up to. */
export const kilogramsText = ({ months }: JudgedTotal): string => plainText(sumOf(months.map(({ least }) => least)))
