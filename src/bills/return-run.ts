import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { decideProposal, listProposals, openProposal } from '../platform/proposals.ts'
import { listRuns } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { runProposalKind } from './draft-run.ts'
import { summariseRun } from './run-summary.ts'

/**
 * Another person sends a drafted run back to its maker with a reason: it stays open, and drafting it anew puts it before
 * an approver again. Refuses one's own run, one that waits for nobody, other than the draft that was seen, and no reason.
 */
export async function returnRun(
  services: Services,
  envelope: Envelope,
  input: { readonly runId: string; readonly digestSeen: string; readonly reason: string },
): Promise<CommandAnswer<{ runId: string }> | Refusal> {
  const kind = { name: 'bills.return-run', zh: '退回开账批次' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx } = context
    const [run] = await listRuns(trx, { runId: input.runId })
    if (run === undefined || run.state !== 'open') return refuseBill('run_missing', { run: input.runId })
    const { digest } = await summariseRun(trx, run)
    if (input.digestSeen.length < 8 || !digest.startsWith(input.digestSeen)) {
      const seen = input.digestSeen.slice(0, 12)
      return refuseBill('digest_differs', { run: run.runId, actual: digest.slice(0, 12), seen })
    }
    const [waiting] = await listProposals(trx, { kind: runProposalKind, subject: run.runId, undecided: true })
    const decision = { outcome: 'returned', reason: input.reason.trim() } as const
    const asked = { kind: runProposalKind, proposalId: waiting?.id ?? '0', ...decision }
    const proposal = await openProposal(context, asked)
    if (isRefusal(proposal)) return proposal
    await decideProposal(context, proposal, decision)
    return { runId: run.runId }
  })
}
