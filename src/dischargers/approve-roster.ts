import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { decideProposal, openProposal } from '../platform/proposals.ts'
import { type ReturnedProposal, returnProposal } from '../platform/return-proposal.ts'
import type { RosterProposal } from './freeze-roster.ts'
import { rosterProposalKind } from './roster.ts'

/**
 * Puts a frozen roster in force (another person than its maker). Refuses one's own work, a decided version, and a digest
 * other than the one that was seen.
 */
export async function approveRoster(
  services: Services,
  envelope: Envelope,
  approval: { readonly proposalId: string; readonly digestSeen?: string },
): Promise<CommandAnswer<{ versionNo: number; asOf: CivilDate; accountCount: number }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.approve-roster', zh: '批准征收名单' },
    { ...approval },
    async (context) => {
      const { proposalId, digestSeen } = approval
      const proposal = await openProposal(context, { kind: rosterProposalKind, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
      const { versionNo, asOf, accountCount } = proposal.content as RosterProposal
      return { versionNo, asOf, accountCount }
    },
  )
}

/** Returns a frozen roster to its maker with a reason; the next freezing makes a new version. */
export async function returnRoster(services: Services, envelope: Envelope, returned: ReturnedProposal) {
  const command = { name: 'dischargers.return-roster', zh: '退回征收名单' } as const
  return returnProposal(services, envelope, { ...command, proposalKind: rosterProposalKind }, returned)
}
