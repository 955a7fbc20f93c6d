import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { faultList } from '../platform/fault-list.ts'
import { decideProposal, openProposal } from '../platform/proposals.ts'
import { type ReturnedProposal, returnProposal } from '../platform/return-proposal.ts'
import { type LimitsProposal, limitsProposal, planLimits } from './propose-limits.ts'
import { refuseQuality } from './quality.refusals.ts'
import { qualityTables } from './quality.tables.ts'

/**
 * Puts proposed limits in force by another person and ends those before them. Refuses what `openProposal` refuses and
 * what came to stand against the changes since. Samples of days before are judged as they were.
 */
export async function approveLimits(
  services: Services,
  envelope: Envelope,
  approval: { readonly proposalId: string; readonly digestSeen?: string | undefined },
): Promise<CommandAnswer<{ limits: number; ended: number }> | Refusal> {
  const { proposalId, digestSeen } = approval
  return runCommand(
    services,
    envelope,
    { name: 'quality.approve-limits', zh: '批准许可限值' },
    { proposalId, digestSeen: digestSeen ?? null },
    async (context) => {
      const { trx, commandId } = context
      const proposal = await openProposal(context, { kind: limitsProposal, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      await sql`lock table permitted_limits in share row exclusive mode`.execute(trx)
      const planned = await planLimits(trx, (proposal.content as unknown as LimitsProposal).changes)
      if (Array.isArray(planned)) return refuseQuality('limits_faulty', faultList(planned))
      const { limits } = planned
      const tables = qualityTables(trx)
      let [stored, ended] = [0, 0]
      for (const { change, outletId, ends } of limits) {
        if (ends !== undefined) {
          ended += 1
          await tables
            .updateTable('permitted_limits')
            .set({ valid_until: change.from })
            .where('id', '=', ends.limitId)
            .execute()
        }
        if (change.value === undefined) continue
        stored += 1
        await tables
          .insertInto('permitted_limits')
          .values({
            outlet_id: outletId,
            pollutant: change.pollutant,
            bound: change.bound,
            limit_value: change.value === '' ? null : change.value,
            unit: change.unit,
            document: change.document,
            valid_from: change.from,
            valid_until: null,
            proposal_id: proposal.id,
            command_id: commandId,
          })
          .execute()
      }
      await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
      return { limits: stored, ended }
    },
  )
}

/** Returns proposed limits, a grade or a referral to its maker, with a reason. */
export async function returnQualityProposal(
  services: Services,
  envelope: Envelope,
  proposalKind: string,
  returned: ReturnedProposal,
): Promise<CommandAnswer<{ proposalId: string; returned: true; reason: string }> | Refusal> {
  const kind = { name: 'quality.return-proposal', zh: '退回水质事项' } as const
  return returnProposal(services, envelope, { ...kind, proposalKind }, returned)
}
