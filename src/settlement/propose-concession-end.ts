import type { CivilDate } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { propose } from '../platform/proposals.ts'
import { lastClaimedDay } from './claim.queries.ts'
import { concessionsOf } from './concession.queries.ts'
import type { Concession } from './concession.ts'
import { findPlant, type Plant } from './plants.ts'
import { concessionEndProposal, waitingProposal } from './propose-concession.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/** What an approver approves: from `until` on the agreement holds no longer. */
export type ConcessionEnd = {
  readonly code: string
  readonly until: CivilDate
  readonly reason: string
}

/**
 * Proposes the end of an agreement: its first day without force. Refuses an agreement that has ended, a day that is
 * settled already, an empty reason, and a plant whose agreements wait for a decision already.
 */
export async function proposeConcessionEnd(
  services: Services,
  envelope: Envelope,
  end: ConcessionEnd,
): Promise<CommandAnswer<{ proposalId: string; digest: string; code: string }> | Refusal> {
  const kind = { name: 'settlement.propose-concession-end', zh: '提交协议终止' } as const
  return runCommand(services, envelope, kind, end, async (context) => {
    if (end.reason.trim() === '') return refuseSettlement('settlement_needs_reason')
    const found = await endable(context, end)
    if (isRefusal(found)) return found
    const waiting = await waitingProposal(context, found.plant)
    if (waiting !== undefined) return waiting
    const content = { ...end, reason: end.reason.trim() }
    const proposed = await propose(context, { kind: concessionEndProposal, subject: found.plant.code, content })
    return { ...proposed, code: end.code }
  })
}

/** The agreement and its plant, where it may end on that day. */
export async function endable(
  context: CommandContext,
  { code, until }: ConcessionEnd,
): Promise<{ agreement: Concession; plant: Plant } | Refusal> {
  const [agreement] = await concessionsOf(context.trx, { code })
  if (agreement === undefined) return refuseSettlement('concession_unknown', { code })
  if (agreement.validUntil !== null) return refuseSettlement('concession_ended', { code, until: agreement.validUntil })
  const claimed = await lastClaimedDay(context.trx, agreement.plantId)
  const earliest = claimed !== undefined && claimed > agreement.validFrom ? claimed : agreement.validFrom
  if (until < earliest || until === agreement.validFrom)
    return refuseSettlement('concession_end_too_early', { code, until, claimed: earliest })
  const plants = await context.trx
    .selectFrom('organisations')
    .select('code')
    .where('id', '=', agreement.plantId)
    .execute()
  const plant = await findPlant(context.trx, present(plants[0], 'an agreement has a plant').code)
  return isRefusal(plant) ? plant : { agreement, plant }
}
