import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { RosterVersionId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { propose } from '../platform/proposals.ts'
import { allocateIds } from './account.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { listRosters } from './roster.queries.ts'
import { accountsWithoutTerms, anyAccountOpen, insertEntries } from './roster.store.ts'
import { rosterProposalKind } from './roster.ts'

export type RosterProposal = {
  readonly versionNo: number
  readonly asOf: CivilDate
  readonly accountCount: number
  readonly rosterDigest: string
}

/**
 * Freezes the registry as of a day into a new version of the roster (art. 10) and proposes it for approval; the proposal
 * carries the digest of the entries. Refuses a day to come, a day without open accounts, accounts without holder or
 * category, and while another version waits for its decision.
 */
export async function freezeRoster(
  services: Services,
  envelope: Envelope,
  input: { readonly asOf: CivilDate },
): Promise<CommandAnswer<RosterProposal & { proposalId: string; digest: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.freeze-roster', zh: '冻结征收名单' },
    { ...input },
    async (context) => {
      const { trx, today } = context
      const { asOf } = input
      if (asOf > today) return refuse('roster_after_today', { asOf, today })
      // Version numbers have no gap and no twin: freezing is one after the other.
      await sql`lock table roster_versions in share row exclusive mode`.execute(trx)
      const versions = await listRosters(trx)
      const waiting = versions.find(({ state }) => state === 'proposed')
      if (waiting !== undefined) {
        const { versionNo, proposalId } = waiting
        return refuse('roster_undecided', { versionNo, asOf: waiting.asOf, proposal: proposalId })
      }
      if (!(await anyAccountOpen(trx, asOf))) return refuse('roster_of_nobody', { asOf })
      const lacking = await accountsWithoutTerms(trx, asOf)
      if (lacking.count > 0) {
        return refuse('roster_incomplete', { count: lacking.count, asOf, accountNo: lacking.accountNo ?? '' })
      }
      const [versionId] = (await allocateIds(trx, 'roster_versions', 1)) as [RosterVersionId]
      const versionNo = (versions[0]?.versionNo ?? 0) + 1
      const { accountCount, digest: rosterDigest } = await insertEntries(trx, versionId, asOf)
      const content: RosterProposal = { versionNo, asOf, accountCount, rosterDigest }
      const { proposalId, digest } = await propose(context, {
        kind: rosterProposalKind,
        subject: `第 ${versionNo} 版（${asOf}）`,
        content,
      })
      await tables(trx)
        .insertInto('roster_versions')
        .values({
          id: versionId,
          version_no: versionNo,
          as_of: asOf,
          proposal_id: proposalId,
          account_count: accountCount,
          digest: rosterDigest,
        })
        .execute()
      return { ...content, proposalId, digest }
    },
  )
}
