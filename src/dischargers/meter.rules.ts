import { type CivilDate, holdsOn, type Validity } from '../kernel/calendar.ts'
import { Exact, parseExact, plainText } from '../kernel/decimal.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { overlaps } from './discharger.rules.ts'
import { refuse } from './dischargers.refusals.ts'

export const digitsRange = { from: 3, to: 10 } as const
export const sizeRange = { from: 8, to: 3000 } as const

/** A reading of a counter: m³ (or units) with at most 3 decimals, not negative; as plain text, `undefined` otherwise. */
export function parseReading(text: string): string | undefined {
  const value = parseExact(text)
  return value === undefined || value.isNegative() || value.decimalPlaces() > 3 ? undefined : plainText(value)
}

/** m³ per unit of the counter: more than 0. */
export function parseMultiplier(text: string): string | undefined {
  const value = parseExact(text)
  return value === undefined || !value.greaterThan(0) ? undefined : plainText(value)
}

/** A whole number within a range, written in digits alone. */
export function parseWhole(text: string, range: { readonly from: number; readonly to: number }): number | undefined {
  if (!/^\d{1,9}$/.test(text)) return undefined
  const value = Number(text)
  return value >= range.from && value <= range.to ? value : undefined
}

/** No counter of so many digits shows that. The reading is plain text, as `parseReading` gives it. */
export function readingRefusal(value: string, digits: number): Refusal | undefined {
  const wholePlaces = value.split('.')[0]?.length ?? 0
  return wholePlaces <= digits ? undefined : refuse('reading_beyond_digits', { value, digits })
}

/**
 * Whether a counter can have gone from one reading to the other: up, or down where it was hung in reverse; or round its
 * end where it stood within `topShare` of it, as a reading is judged. Readings as decimal text.
 */
export function canHaveReached(
  { digits, runsBackwards }: { readonly digits: number; readonly runsBackwards: boolean },
  before: string,
  after: string,
  topShare: string,
): boolean {
  const [from, to] = [new Exact(before), new Exact(after)]
  if (runsBackwards) return to.lte(from)
  const range = new Exact(10).pow(digits)
  return to.gte(from) || from.gte(range.minus(range.times(topShare)))
}

/** Taking a meter down: not before it was hung, with a reading its counter can show. Answers the reading as plain text. */
export function finalReadingOf(
  installation: { readonly meterNo: string; readonly from: CivilDate; readonly digits: number },
  on: CivilDate,
  reading: string,
): string | Refusal {
  const { meterNo, from, digits } = installation
  if (on < from) return refuse('removal_before_installation', { meterNo, on, from })
  const finalReading = parseReading(reading)
  if (finalReading === undefined) {
    return refuse('value_wrong', { column: `${meterNo} 拆表读数 final reading`, value: reading, rule: readingRule })
  }
  return readingRefusal(finalReading, digits) ?? finalReading
}

export const readingRule = '不为负的数，最多 3 位小数 a number not below 0 with at most 3 decimals'
export const multiplierRule = '大于 0 的数，一般水表为 1 a number above 0, 1 for most meters'
export const shareRatioRule = '0.3 或 30%，大于 0，至多为 1 as 0.3 or 30 %, above 0, at most 1'

export interface PlacedMeter {
  readonly accountNo: string
  readonly validity: Validity
}

/** A meter hangs in one place at a time. */
export function placeRefusal(
  meterNo: string,
  validity: Validity,
  elsewhere: readonly PlacedMeter[],
): Refusal | undefined {
  const other = elsewhere.find((each) => overlaps(each.validity, validity))
  if (other === undefined) return undefined
  return refuse('meter_in_place', { meterNo, otherNo: other.accountNo, from: other.validity.from })
}

/** A master meter hangs on the day its sub-meter begins, and is another meter. */
export function masterRefusal(
  meterNo: string,
  master: { readonly meterNo: string; readonly validities: readonly Validity[] },
  on: CivilDate,
): Refusal | undefined {
  if (master.meterNo === meterNo) return refuse('master_is_itself', { meterNo })
  if (master.validities.some((validity) => holdsOn(validity, on))) return undefined
  return refuse('master_unknown', { meterNo: master.meterNo, on })
}

/** `0.3` or `30%`, more than 0 and at most 1 (one account has all); as plain text, `undefined` otherwise. */
export function parseShareRatio(text: string): string | undefined {
  const percent = text.endsWith('%')
  const value = parseExact(percent ? text.slice(0, -1).trimEnd() : text)
  if (value === undefined) return undefined
  const ratio = percent ? value.div(100) : value
  return ratio.greaterThan(0) && ratio.lessThanOrEqualTo(1) ? plainText(ratio) : undefined
}

export interface ShareOfSet {
  readonly shareNo: number
  readonly accountNo: string
  readonly ratio: string
  readonly unitM3: string
  readonly agreement: string
}

/**
 * The shares of one meter from one day on, as a whole: numbered without gap, each account once, one unit, one agreement,
 * and adding up to exactly 1, so that not a drop is lost or billed twice (decision 13).
 */
export function sharesRefusal(meterNo: string, from: CivilDate, shares: readonly ShareOfSet[]): Refusal | undefined {
  const malformed = (what: string, whatEn: string) => refuse('shares_malformed', { meterNo, from, what, whatEn })
  const [first] = shares
  if (first === undefined) return malformed('没有任何一户。', 'there is no account.')
  const inOrder = shares.map(({ shareNo }) => shareNo).toSorted((a, b) => a - b)
  if (inOrder.some((shareNo, index) => shareNo !== index + 1)) {
    return malformed('顺序须从 1 起连续编号。', 'their order must be 1, 2, 3 … without a gap.')
  }
  const accountNos = new Set(shares.map(({ accountNo }) => accountNo))
  if (accountNos.size < shares.length) return malformed('同一户号出现两次。', 'an account has two of them.')
  if (shares.some(({ unitM3 }) => unitM3 !== first.unitM3)) return malformed('单位不一致。', 'their units differ.')
  if (shares.some(({ agreement }) => agreement !== first.agreement)) {
    return malformed('依据的协议不一致。', 'they name different agreements.')
  }
  const sum = shares.reduce((total, { ratio }) => total.plus(ratio), new Exact(0))
  return sum.equals(1) ? undefined : refuse('shares_not_whole', { meterNo, from, sum: plainText(sum) })
}
