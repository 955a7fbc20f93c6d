import { type CivilDate, holdsOn } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import { type PermittedLimit, periodBounds, totalUnits } from './limit.ts'
import type { SampleResult } from './sample.ts'

/**
 * What one result means under one limit. `undecided` is neither within nor above: the method cannot see as far down as
 * the limit, the units differ, or a daily total lacks the day's volume. `unlimited`: no limit was in force that day.
 */
export type Verdict = 'within' | 'exceeds' | 'undecided' | 'unlimited'
export type UndecidedReason = 'detection_above_limit' | 'units_differ' | 'day_volume_missing'

export interface Judged {
  readonly verdict: Verdict
  readonly limit: PermittedLimit | undefined
  /** What is compared: the concentration, or kg in the day. `undefined` where there is no number to compare. */
  readonly compared: Exact | undefined
  /** 超标倍数: (found − limit) ÷ limit, unrounded; only where something is above a number. */
  readonly timesOver: Exact | undefined
  readonly why: UndecidedReason | undefined
}

/**
 * Judges a result by every limit of its pollutant in force on the day of the sample, in exact decimals by full value
 * (GB/T 8170 全数值比较法: what equals the limit is within it). A daily total is concentration × the day's volume:
 * mg/L × m³ = g. Limits never apply to days before or after their validity; those of a month or a year judge no result.
 */
export function judgeResult(
  result: SampleResult,
  takenOn: CivilDate,
  dayVolumeM3: Exact | undefined,
  limits: readonly PermittedLimit[],
): Judged[] {
  const inForce = limits.filter(
    ({ pollutant, bound, validity }) =>
      pollutant === result.pollutant && !periodBounds.includes(bound) && holdsOn(validity, takenOn),
  )
  if (inForce.length === 0) return [judged('unlimited', undefined)]
  return inForce.map((limit) =>
    limit.bound === 'daily_total' ? judgeTotal(result, dayVolumeM3, limit) : judgeConcentration(result, limit),
  )
}

function judged(verdict: Verdict, limit: PermittedLimit | undefined, more: Partial<Judged> = {}): Judged {
  return { verdict, limit, compared: undefined, timesOver: undefined, why: undefined, ...more }
}

function judgeConcentration({ finding, unit }: SampleResult, limit: PermittedLimit): Judged {
  if (unit !== limit.unit) return judged('undecided', limit, { why: 'units_differ' })
  const { value } = limit
  if (value === undefined) {
    return finding.kind === 'below' ? judged('within', limit) : judged('exceeds', limit, { compared: finding.value })
  }
  if (finding.kind === 'below') {
    // Below what can be seen: within a limit at or above that point, unknown under it; too low where a least is asked.
    if (limit.bound === 'at_most' && finding.detectionLimit.lte(value)) return judged('within', limit)
    if (limit.bound === 'at_least' && finding.detectionLimit.lte(value)) return judged('exceeds', limit)
    return judged('undecided', limit, { why: 'detection_above_limit' })
  }
  const compared = finding.value
  if (limit.bound === 'at_least') return judged(compared.lt(value) ? 'exceeds' : 'within', limit, { compared })
  return over(compared, value, limit)
}

const gramsPerKilogram = new Exact(1000)

function judgeTotal({ finding, unit }: SampleResult, dayVolumeM3: Exact | undefined, limit: PermittedLimit): Judged {
  if (unit !== 'mg/L' || limit.unit !== totalUnits.daily_total || limit.value === undefined)
    return judged('undecided', limit, { why: 'units_differ' })
  if (dayVolumeM3 === undefined) return judged('undecided', limit, { why: 'day_volume_missing' })
  const concentration = finding.kind === 'measured' ? finding.value : finding.detectionLimit
  const kilograms = concentration.times(dayVolumeM3).div(gramsPerKilogram)
  // Below the detection limit the true total is smaller still: within if even that would be, else unknown.
  if (finding.kind === 'below') {
    return kilograms.lte(limit.value)
      ? judged('within', limit)
      : judged('undecided', limit, { why: 'detection_above_limit' })
  }
  return over(kilograms, limit.value, limit)
}

function over(compared: Exact, value: Exact, limit: PermittedLimit): Judged {
  if (!compared.gt(value)) return judged('within', limit, { compared })
  // A multiple of a logarithm says nothing: HJ reports give none for pH.
  const timesOver = limit.pollutant === 'ph' ? undefined : compared.minus(value).div(value)
  return judged('exceeds', limit, { compared, timesOver })
}
