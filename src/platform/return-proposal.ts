import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type CommandKind, type Envelope, runCommand, type Services } from './command.ts'
import { refusePlatform } from './platform.refusals.ts'
import { decideProposal, openProposal } from './proposals.ts'

export interface ReturnedProposal {
  readonly proposalId: string
  readonly reason: string
  /** Beginning of the digest the approver saw. */
  readonly digestSeen?: string | undefined
}

/**
 * Returns a proposal to its maker with a reason; no stage has facts to write then, so it is the same for all of them.
 * Each stage's `return-…` command gives its own name, roles and kind of proposal. Refuses a return without a reason and
 * whatever `openProposal` refuses.
 */
export async function returnProposal(
  services: Services,
  envelope: Envelope,
  command: CommandKind & { readonly proposalKind: string },
  returned: ReturnedProposal,
): Promise<CommandAnswer<{ proposalId: string; returned: true; reason: string }> | Refusal> {
  const { proposalId, digestSeen } = returned
  const reason = returned.reason.trim()
  return runCommand(
    services,
    envelope,
    command,
    { proposalId, reason, digestSeen: digestSeen ?? null },
    async (context) => {
      if (reason === '') return refusePlatform('proposal_return_needs_reason')
      const proposal = await openProposal(context, { kind: command.proposalKind, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      await decideProposal(context, proposal, { outcome: 'returned', reason })
      return { proposalId, returned: true, reason }
    },
  )
}
