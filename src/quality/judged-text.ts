import { Exact, plainText } from '../kernel/decimal.ts'
import type { Judged, UndecidedReason } from './exceedance.rules.ts'
import { findingText } from './finding.rules.ts'
import { boundNames, type PermittedLimit, totalUnits } from './limit.ts'
import type { SampleResult } from './sample.ts'

type Language = 'zh' | 'en'

const undecidedNames: Record<UndecidedReason, { readonly zh: string; readonly en: string }> = {
  detection_above_limit: { zh: '检出限高于限值', en: 'detection limit above the limit' },
  units_differ: { zh: '单位不同', en: 'units differ' },
  day_volume_missing: { zh: '缺当日排水量', en: 'no volume of the day' },
}

/** `不高于 500`. */
export function limitText({ bound, value }: PermittedLimit, language: Language): string {
  return `${boundNames[bound][language]}${value === undefined ? '' : ` ${plainText(value)}`}`
}

const dimensionless = '无量纲'

/** Units that are words and no symbols, as the standards write them. */
const unitWords: Readonly<Record<string, string>> = { 倍: 'times', [dimensionless]: 'no unit' }

/** The unit for people. */
export function unitText(unit: string, language: Language): string {
  if (language === 'en') return unitWords[unit] ?? unit
  return unit === totalUnits.monthly_total ? 'kg/月' : unit
}

/** A value with its unit: `56 mg/L`; without a dimension it stands alone: `7.2`. */
export const withUnit = (text: string, unit: string, language: Language): string =>
  unit === dimensionless ? text : `${text} ${unitText(unit, language)}`

/** The limit with its unit: `不高于 500 mg/L`. */
export function limitWithUnit(limit: PermittedLimit, language: Language): string {
  return limit.value === undefined
    ? limitText(limit, language)
    : withUnit(limitText(limit, language), limit.unit, language)
}

/** What is compared with a limit: the concentration, or the kilograms of the day. */
export function foundText(
  { finding, unit }: SampleResult,
  { compared, limit }: Judged,
  language: Language = 'zh',
): string {
  if (limit?.bound === 'daily_total' && compared !== undefined)
    return withUnit(plainText(compared), limit.unit, language)
  return withUnit(findingText(finding), unit, language)
}

/** `超标`, `无法判定（缺当日排水量）`. */
export function judgedText({ verdict, why }: Judged, language: Language): string {
  const zh = language === 'zh'
  switch (verdict) {
    case 'within':
      return zh ? '达标' : 'within'
    case 'exceeds':
      return zh ? '超标' : 'exceeds'
    case 'unlimited':
      return zh ? '当日无限值' : 'no limit that day'
    case 'undecided': {
      const reason = why === undefined ? '' : undecidedNames[why][language]
      return zh ? `无法判定（${reason}）` : `undecided (${reason})`
    }
  }
}

const places = 2

/** 超标倍数 with two decimals, half-up; '' where there is none. What is above is never shown as 0.00. */
export function timesOverText({ timesOver }: Pick<Judged, 'timesOver'>): string {
  if (timesOver === undefined) return ''
  const rounded = timesOver.toDecimalPlaces(places, Exact.ROUND_HALF_UP)
  return rounded.isZero() ? '<0.01' : plainText(rounded)
}
