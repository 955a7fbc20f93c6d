import {
  type CivilDate,
  daysIn,
  type FeeMonth,
  firstDay,
  lastDay,
  monthInterval,
  monthOf,
  plusDays,
} from '../kernel/calendar.ts'
import { Exact, sumOf } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import type { PermittedLimit } from './limit.ts'
import type { SampleResult } from './sample.ts'
import type { TotalPeriod, VolumeGap, VolumeOfMonth } from './total.ts'
import { monthsOfPeriod } from './total.ts'

/** A result of the limited pollutant, with the day it is of and the volume its sample states for that day, in m³. */
export interface ResultOfDay {
  readonly takenOn: CivilDate
  readonly dayVolumeM3: Exact | undefined
  readonly result: SampleResult
}

/**
 * How the mass of a month was found: the mean concentration × the month's volume; the sum of its days, each with a
 * result and a volume; or of some of its days, which the month's mass is at least.
 */
export type MassMethod = 'mean_times_volume' | 'every_day' | 'some_days' | 'none'
export type MonthGap = VolumeGap | 'month_not_over' | 'limit_not_in_force' | 'no_sample' | 'days_above_month'

/** What was discharged in one month, in kg. */
export interface MassOfMonth {
  readonly month: FeeMonth
  readonly method: MassMethod
  readonly samples: number
  /** mg/L, with results below the detection limit as 0; only of `mean_times_volume`. */
  readonly mean: Exact | undefined
  /** The volume it was found with; of `some_days`, that of those days. */
  readonly volumeM3: Exact | undefined
  /** With results below the detection limit as 0: what the month's mass is at least, whatever is not known. */
  readonly least: Exact
  /** With results below the detection limit at that limit; an upper bound only where `gap` is undefined. */
  readonly most: Exact
  /** Why the month is not wholly known; `undefined` where it is. */
  readonly gap: MonthGap | undefined
  /** The accounts that the gap is about. */
  readonly accounts: readonly string[]
}

const milligram = 6
const gramsPerKilogram = new Exact(1000)
const zero = new Exact(0)

/**
 * The mass of a pollutant in a month, by what permit holders account by (实测法 of HJ 942-2018, see README): the sum of daily
 * concentration × daily volume where every day has both, else the mean concentration weighted by daily volumes × the
 * volume of the month; unweighted where a sampled day has no volume. Several results of a day make one daily mean. Cut off
 * below the milligram, in favour of the discharger, so that the months printed add up to the total.
 */
export function massOfMonth(month: FeeMonth, results: readonly ResultOfDay[], volume: VolumeOfMonth): MassOfMonth {
  const days = dailyMeans(results)
  const weighed = days.filter((day): day is WeighedDay => day.volumeM3 !== undefined)
  const shared = { month, samples: results.length, mean: undefined, accounts: [] }
  const daysVolume = sumOf(weighed.map(({ volumeM3 }) => volumeM3))
  const ofDays = {
    ...shared,
    volumeM3: weighed.length === 0 ? undefined : daysVolume,
    least: kilograms(sumOf(weighed.map(({ least, volumeM3 }) => least.times(volumeM3)))),
    most: kilograms(sumOf(weighed.map(({ most, volumeM3 }) => most.times(volumeM3)))),
  }
  if (weighed.length === daysIn(monthInterval(month))) return { ...ofDays, method: 'every_day', gap: undefined }

  const method = weighed.length === 0 ? 'none' : 'some_days'
  if ('why' in volume) return { ...ofDays, method, gap: volume.why, accounts: volume.accounts }
  const { m3 } = volume
  if (daysVolume.gt(m3)) return { ...ofDays, method, gap: 'days_above_month' }
  const whole = { ...shared, volumeM3: m3, gap: undefined, method: 'mean_times_volume' as const }
  // Where nothing was discharged there is nothing to sample.
  if (m3.isZero()) return { ...whole, least: zero, most: zero }
  if (days.length === 0) return { ...ofDays, method, gap: 'no_sample' }
  const byVolume = weighed.length === days.length && !daysVolume.isZero()
  const weights = days.map((day) => (byVolume ? present(day.volumeM3, 'each has its volume') : new Exact(1)))
  const weight = sumOf(weights)
  const sum = (of: (day: DailyMean) => Exact) => sumOf(days.map((day, at) => of(day).times(weights[at] ?? zero)))
  // Divided last: a mean of thirds would lose a milligram.
  const ofMonth = (daily: Exact) => kilograms(daily.times(m3).div(weight))
  const [least, most] = [sum((day) => day.least), sum((day) => day.most)]
  const found = { ...whole, mean: least.div(weight), least: ofMonth(least), most: ofMonth(most) }
  // A plain mean may fall below what its days discharged by themselves: then it is not that of the month.
  const below = found.least.lt(ofDays.least) || found.most.lt(ofDays.most)
  return below ? { ...ofDays, method, gap: 'days_above_month' } : found
}

const kilograms = (grams: Exact): Exact => grams.div(gramsPerKilogram).toDecimalPlaces(milligram, Exact.ROUND_DOWN)

interface DailyMean {
  readonly least: Exact
  readonly most: Exact
  readonly volumeM3: Exact | undefined
}
type WeighedDay = DailyMean & { readonly volumeM3: Exact }

/** One mean for each sampled day; its volume where its samples state one and the same. */
function dailyMeans(results: readonly ResultOfDay[]): DailyMean[] {
  const byDay = new Map<CivilDate, ResultOfDay[]>()
  for (const each of results) byDay.set(each.takenOn, [...(byDay.get(each.takenOn) ?? []), each])
  return [...byDay.values()].map((day) => {
    const stated = day.flatMap(({ dayVolumeM3 }) => dayVolumeM3 ?? [])
    const [volumeM3] = stated
    return {
      least: mean(day.map(({ result: { finding } }) => (finding.kind === 'measured' ? finding.value : zero))),
      most: mean(
        day.map(({ result: { finding } }) => (finding.kind === 'measured' ? finding.value : finding.detectionLimit)),
      ),
      volumeM3: volumeM3 !== undefined && stated.every((each) => each.eq(volumeM3)) ? volumeM3 : undefined,
    }
  })
}

const mean = (values: readonly Exact[]): Exact => sumOf(values).div(values.length)

/** A permitted total beside what was discharged in its period, in the unit of the limit. */
export interface TotalOfPeriod {
  readonly verdict: 'within' | 'exceeds' | 'undecided'
  readonly months: readonly MassOfMonth[]
  readonly least: Exact
  readonly most: Exact
  /** 超标倍数: (least − limit) ÷ limit, unrounded; only where it is above. */
  readonly timesOver: Exact | undefined
}

/**
 * Judges what was discharged over a period by the limit of a month or a year. Above as soon as what is known is above,
 * with results below the detection limit as 0 (HJ/T 92-2002, SL 219-2013 12.2.5: they do not count in totals); within only
 * where every month is known and even their detection limits would not lift it above; else undecided. A month in which
 * the limit did not hold on every day does not count against it, nor one that `today` is not past.
 */
export function judgeTotal(
  limit: PermittedLimit,
  period: TotalPeriod,
  results: readonly ResultOfDay[],
  volumeOf: (month: FeeMonth) => VolumeOfMonth,
  today: CivilDate,
): TotalOfPeriod {
  const permitted = present(limit.value, 'a total is a number')
  const months = monthsOfPeriod(period).map((month): MassOfMonth => {
    if (!holdsAllMonth(limit, month)) return { ...nothingKnown(month), gap: 'limit_not_in_force' }
    const ofMonth = results.filter(
      ({ takenOn, result }) =>
        monthOf(takenOn) === month && result.pollutant === limit.pollutant && result.unit === 'mg/L',
    )
    const over = lastDay(month) < today
    return massOfMonth(month, ofMonth, over ? volumeOf(month) : { why: 'month_not_over', accounts: [] })
  })
  const perUnit = limit.bound === 'yearly_total' ? kilogramsPerTonne : new Exact(1)
  const least = sumOf(months.map((month) => month.least)).div(perUnit)
  const most = sumOf(months.map((month) => month.most)).div(perUnit)
  const shared = { months, least, most, timesOver: undefined }
  if (least.gt(permitted)) {
    return { ...shared, verdict: 'exceeds', timesOver: least.minus(permitted).div(permitted) }
  }
  const known = months.every(({ gap }) => gap === undefined)
  return { ...shared, verdict: known && !most.gt(permitted) ? 'within' : 'undecided' }
}

const kilogramsPerTonne = new Exact(1000)

const nothingKnown = (month: FeeMonth) =>
  ({
    month,
    method: 'none',
    samples: 0,
    mean: undefined,
    volumeM3: undefined,
    least: zero,
    most: zero,
    accounts: [],
  }) as const

function holdsAllMonth({ validity: { from, until } }: PermittedLimit, month: FeeMonth): boolean {
  return from <= firstDay(month) && (until === null || until >= plusDays(lastDay(month), 1))
}
