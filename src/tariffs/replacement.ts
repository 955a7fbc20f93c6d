import type { Refusal } from '../kernel/refusal.ts'
import type { Trx } from '../platform/database.ts'
import type { Price } from './price.ts'
import type { RateEnd } from './rate-end.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'
import { leftBehind } from './rate-schedule.rules.ts'
import { lockRatesAfter, type StoredRate } from './rate-schedule.store.ts'
import type { EndedRate, ScheduleTerms } from './rate-schedule.ts'

/**
 * The open rates that would end when this schedule begins, by schedule. Refuses an overlap that nobody declared, one
 * with a rate that cannot end earlier, and an end that leaves a percentage without the price it rests on.
 */
export async function planReplacement(
  trx: Trx,
  schedule: ScheduleTerms,
  endsEarlier: boolean,
): Promise<RateEnd[] | Refusal> {
  const stored = await lockRatesAfter(trx, schedule.validFrom)
  const ending = new Map<string, StoredRate[]>()
  for (const rate of stored) {
    if (!Object.hasOwn(schedule.prices, rate.categoryCode)) continue
    const canEnd = rate.until === null && rate.from < schedule.validFrom
    if (!canEnd || !endsEarlier) {
      return refuseSchedule(canEnd ? 'rate_overlap' : 'rate_overlap_fixed', {
        category: rate.categoryCode,
        from: schedule.validFrom,
        schedule: rate.scheduleCode,
        period: `${rate.from} – ${rate.until ?? ''}`,
      })
    }
    ending.set(rate.scheduleId, [...(ending.get(rate.scheduleId) ?? []), rate])
  }
  const ends: RateEnd[] = []
  for (const rates of ending.values()) {
    const [first] = rates
    if (first === undefined) continue
    const { scheduleId, scheduleCode } = first
    const categories = rates.map(({ categoryCode }) => categoryCode)
    const open: Record<string, Price> = {}
    for (const rate of stored) if (rate.scheduleId === scheduleId) open[rate.categoryCode] = rate.price
    const left = leftBehind(open, new Set(categories))
    if (left !== undefined) return refuseSchedule('percentage_left_behind', { schedule: scheduleCode, ...left })
    ends.push({ scheduleId, scheduleCode, categories, until: schedule.validFrom })
  }
  return ends
}

/** The same, rate by rate, as a proposal lists them. */
export function ratesThatEnd(ends: readonly RateEnd[]): EndedRate[] {
  return ends.flatMap(({ scheduleCode, categories }) =>
    categories.map((categoryCode) => ({ scheduleCode, categoryCode })),
  )
}
