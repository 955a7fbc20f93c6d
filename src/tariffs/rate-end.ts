import type { CivilDate } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'

/** Open rates of one schedule that end: `until` is the first day of water use they no longer price. */
export interface RateEnd {
  readonly scheduleId: RateScheduleId
  readonly scheduleCode: string
  readonly categories: readonly string[]
  readonly until: CivilDate
}

/**
 * The last day of water use that stands billed by these rates, if any. Bills come after tariffs, so their answer is
 * handed in where the command line and the app are put together. The rates are locked when it is asked.
 */
export type LastDayBilledBy = (
  db: Db | Trx,
  rates: { readonly scheduleId: RateScheduleId; readonly categories: readonly string[] },
) => Promise<CivilDate | undefined>

/** Refuses the first end that lies on or before a day whose use is billed (decision 19). */
export async function refuseBilledEnd(
  trx: Trx,
  lastDayBilledBy: LastDayBilledBy,
  ends: readonly RateEnd[],
): Promise<Refusal | undefined> {
  for (const end of ends) {
    const lastDay = await lastDayBilledBy(trx, end)
    if (lastDay !== undefined && end.until <= lastDay) {
      const { scheduleCode: schedule, until } = end
      return refuseSchedule('rates_billed_later', { schedule, until, lastDay, categories: end.categories.join('、') })
    }
  }
  return undefined
}
