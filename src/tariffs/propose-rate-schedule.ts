import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { faultList } from '../platform/fault-list.ts'
import type { Json } from '../platform/platform.tables.ts'
import { listProposals, propose } from '../platform/proposals.ts'
import { scheduleByCode } from './rate-schedule.queries.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'
import { checkSchedule } from './rate-schedule.rules.ts'
import type { ScheduleProposal } from './rate-schedule.ts'
import { planReplacement, ratesThatEnd } from './replacement.ts'

export const rateScheduleProposal = 'tariffs.rate-schedule'

/** A schedule as it lies in a file; everything about it is checked here. */
export type EnteredSchedule = { readonly [field: string]: Json }

/**
 * Proposes a rate schedule from its approval document. Refuses a faulty one with all its faults at once (gaps and
 * overlaps of bands, unknown categories, missing fields …), a code in use or waiting, and prices for days that another
 * schedule prices already, unless it is open and `endsEarlier` lets it end.
 */
export async function proposeRateSchedule(
  services: Services,
  envelope: Envelope,
  entered: EnteredSchedule,
): Promise<CommandAnswer<{ proposalId: string; digest: string; code: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'tariffs.propose-rate-schedule', zh: '提交收费标准' },
    entered,
    async (context) => {
      const { trx } = context
      const known = new Set((await listPriceCategories(trx)).map(({ code }) => code))
      const terms = checkSchedule(entered, known)
      if (Array.isArray(terms)) return refuseSchedule('schedule_faulty', faultList(terms))
      const { code } = terms

      const taken = await scheduleByCode(trx, code)
      if (taken !== undefined) return refuseSchedule('schedule_code_taken', { code, title: taken.title })
      const [waiting] = await listProposals(trx, { kind: rateScheduleProposal, subject: code, undecided: true })
      if (waiting !== undefined) {
        return refuseSchedule('schedule_waiting', { code, maker: waiting.makerName, proposal: waiting.id })
      }
      const endsEarlier = entered['endsEarlier'] === true
      const ends = await planReplacement(trx, terms, endsEarlier)
      if (isRefusal(ends)) return ends

      const content: ScheduleProposal = {
        ...terms,
        endsEarlier,
        replaces: ratesThatEnd(ends),
      }
      const { proposalId, digest } = await propose(context, {
        kind: rateScheduleProposal,
        subject: code,
        content: content as unknown as Json,
      })
      return { proposalId, digest, code }
    },
  )
}
