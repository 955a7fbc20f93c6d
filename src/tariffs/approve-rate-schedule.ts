import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { decideProposal, openProposal } from '../platform/proposals.ts'
import { rateScheduleProposal } from './propose-rate-schedule.ts'
import { type LastDayBilledBy, refuseBilledEnd } from './rate-end.ts'
import { scheduleByCode } from './rate-schedule.queries.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'
import { endRates, insertSchedule, lockTariffs } from './rate-schedule.store.ts'
import type { EndedRate, ScheduleProposal } from './rate-schedule.ts'
import { planReplacement, ratesThatEnd } from './replacement.ts'

export type ApprovedSchedule = {
  readonly scheduleId: string
  readonly code: string
  readonly validFrom: CivilDate
  /** Rates that ended on `validFrom`. */
  readonly ended: readonly EndedRate[]
}

/**
 * Puts a proposed schedule in force by another person and ends the rates it replaces. Refuses what `openProposal`
 * refuses, an overlap with another schedule by its name and category, rates that changed since the proposal, and an end
 * before the last billed use, which a later stage knows.
 */
export async function approveRateSchedule(
  services: Services,
  envelope: Envelope,
  approval: { readonly proposalId: string; readonly digestSeen?: string | undefined },
  lastDayBilledBy: LastDayBilledBy,
): Promise<CommandAnswer<ApprovedSchedule> | Refusal> {
  const { proposalId, digestSeen } = approval
  return runCommand(
    services,
    envelope,
    { name: 'tariffs.approve-rate-schedule', zh: '批准收费标准' },
    { proposalId, digestSeen: digestSeen ?? null },
    async (context): Promise<ApprovedSchedule | Refusal> => {
      const { trx, commandId } = context
      const proposal = await openProposal(context, { kind: rateScheduleProposal, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      const { endsEarlier, replaces, ...terms } = proposal.content as unknown as ScheduleProposal
      const { code, validFrom } = terms

      await lockTariffs(trx)
      const taken = await scheduleByCode(trx, code)
      if (taken !== undefined) return refuseSchedule('schedule_code_taken', { code, title: taken.title })
      const ends = await planReplacement(trx, terms, endsEarlier)
      if (isRefusal(ends)) return ends
      const ended = ratesThatEnd(ends)
      const changed = unlisted(ended, replaces) ?? unlisted(replaces, ended)
      if (changed !== undefined) {
        const { scheduleCode: schedule, categoryCode: category } = changed
        return refuseSchedule('rates_changed_meanwhile', { schedule, category })
      }
      const refusal = await refuseBilledEnd(trx, lastDayBilledBy, ends)
      if (refusal !== undefined) return refusal

      for (const end of ends) await endRates(trx, end)
      const scheduleId = await insertSchedule(trx, { ...terms, proposalId, commandId })
      await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
      return { scheduleId, code, validFrom, ended }
    },
  )
}

/** The first rate of a list that another list does not have. */
function unlisted(rates: readonly EndedRate[], listed: readonly EndedRate[]): EndedRate | undefined {
  return rates.find(
    (rate) =>
      !listed.some((each) => each.scheduleCode === rate.scheduleCode && each.categoryCode === rate.categoryCode),
  )
}
