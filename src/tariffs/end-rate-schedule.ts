import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { type LastDayBilledBy, refuseBilledEnd } from './rate-end.ts'
import { scheduleByCode } from './rate-schedule.queries.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'
import { endRates, lockRatesAfter, lockTariffs } from './rate-schedule.store.ts'

export interface ScheduleEnd {
  readonly scheduleCode: string
  /** First day of water use that the schedule no longer prices. */
  readonly until: CivilDate
  /** What ends it: title or number of the document. */
  readonly document: string
}

/**
 * Ends every open rate of a schedule, once. Use after that day is held until another schedule prices it. Refuses an
 * unknown or ended schedule, an end that is not after its start, one without its ground, and one before the last billed
 * use, which a later stage knows.
 */
export async function endRateSchedule(
  services: Services,
  envelope: Envelope,
  end: ScheduleEnd,
  lastDayBilledBy: LastDayBilledBy,
): Promise<CommandAnswer<{ code: string; until: CivilDate; categories: string[] }> | Refusal> {
  const { scheduleCode, until, document } = end
  return runCommand(
    services,
    envelope,
    { name: 'tariffs.end-rate-schedule', zh: '终止收费标准' },
    { scheduleCode, until, document },
    async ({ trx }) => {
      if (document.trim() === '') return refuseSchedule('schedule_end_needs_document')
      await lockTariffs(trx)
      const schedule = await scheduleByCode(trx, scheduleCode)
      if (schedule === undefined) return refuseSchedule('schedule_missing', { schedule: scheduleCode })
      const { scheduleId, validFrom } = schedule
      if (until <= validFrom) {
        return refuseSchedule('schedule_ends_before_start', { schedule: scheduleCode, from: validFrom, until })
      }
      const open = (await lockRatesAfter(trx, validFrom)).filter(
        (rate) => rate.scheduleId === scheduleId && rate.until === null,
      )
      if (open.length === 0) return refuseSchedule('schedule_ended', { schedule: scheduleCode })
      const categories = open.map(({ categoryCode }) => categoryCode)
      const ending = { scheduleId, scheduleCode, categories, until }
      const refusal = await refuseBilledEnd(trx, lastDayBilledBy, [ending])
      if (refusal !== undefined) return refusal
      await endRates(trx, ending)
      return { code: scheduleCode, until, categories }
    },
  )
}
