import type { StaffId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandContext, canonicalJson, sha256 } from './command.ts'
import type { Db, Trx } from './database.ts'
import { behind, type Page } from './page.ts'
import { refusePlatform } from './platform.refusals.ts'
import type { Json, ProposalOutcome } from './platform.tables.ts'

/**
 * The two-person rule, once for everything that needs it: a maker's command stores what is proposed with its digest;
 * another person's command approves what they saw or returns it with a reason. The stage applies what was approved.
 */
export interface Proposal {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly content: Json
  readonly contentDigest: string
  readonly makerId: StaffId
  readonly makerName: string
  readonly makerCode: string
  readonly recordedAt: Date
}

/** Stores a proposal inside the maker's command; answers its id and the digest an approver will name. */
export async function propose(
  context: CommandContext,
  proposal: { readonly kind: string; readonly subject: string; readonly content: Json },
): Promise<{ proposalId: string; digest: string }> {
  const content = canonicalJson(proposal.content)
  const digest = sha256(content)
  const { id } = await context.trx
    .insertInto('proposals')
    .values({
      kind: proposal.kind,
      subject: proposal.subject,
      content,
      content_digest: digest,
      maker_id: context.actor.id,
      command_id: context.commandId,
      recorded_at: context.recordedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { proposalId: id, digest }
}

/**
 * Locks an undecided proposal for its decision. Refuses: none of that kind, decided before, one's own work, a digest
 * other than the one the approver saw (when they name one), and a return without a reason.
 */
export async function openProposal(
  context: CommandContext,
  wanted: {
    readonly kind: string
    readonly proposalId: string
    readonly digestSeen?: string | undefined
    readonly outcome?: 'approved' | 'returned'
    readonly reason?: string
  },
): Promise<Proposal | Refusal> {
  if (wanted.outcome === 'returned' && wanted.reason?.trim() === '')
    return refusePlatform('proposal_return_needs_reason')
  const missing = refusePlatform('proposal_missing', { proposal: wanted.proposalId, kind: wanted.kind })
  if (!/^\d{1,18}$/.test(wanted.proposalId)) return missing
  const locked = await context.trx
    .selectFrom('proposals')
    .select('id')
    .where('id', '=', wanted.proposalId)
    .where('kind', '=', wanted.kind)
    .forUpdate()
    .executeTakeFirst()
  if (locked === undefined) return missing
  const proposal = await findProposal(context.trx, wanted.proposalId)
  if (proposal === undefined) return missing
  if (proposal.decision !== undefined) {
    return refusePlatform('proposal_decided', {
      proposal: proposal.id,
      person: proposal.decision.personName,
      decisionZh: outcomeNames[proposal.decision.outcome],
      decisionEn: proposal.decision.outcome,
    })
  }
  if (proposal.makerId === context.actor.id) {
    return refusePlatform('proposal_own_work', { proposal: proposal.id, maker: proposal.makerName })
  }
  if (wanted.digestSeen !== undefined && !sameDigest(proposal.contentDigest, wanted.digestSeen)) {
    return refusePlatform('proposal_digest_differs', {
      proposal: proposal.id,
      actual: proposal.contentDigest.slice(0, 12),
      seen: wanted.digestSeen.slice(0, 12),
    })
  }
  return proposal
}

// People copy the beginning of a digest; fewer than 8 characters would be met by chance.
function sameDigest(actual: string, seen: string): boolean {
  return seen.length >= 8 && actual.startsWith(seen)
}

/** Records the decision of the second person. */
export async function decideProposal(
  context: CommandContext,
  proposal: Proposal,
  decision: { readonly outcome: ProposalOutcome; readonly reason: string },
): Promise<void> {
  await context.trx
    .insertInto('proposal_decisions')
    .values({
      proposal_id: proposal.id,
      maker_id: proposal.makerId,
      decided_by: context.actor.id,
      decision: decision.outcome,
      reason: decision.reason,
      command_id: context.commandId,
      recorded_at: context.recordedAt,
    })
    .execute()
}

const outcomeNames: Record<ProposalOutcome, string> = {
  approved: '批准',
  returned: '退回',
  withdrawn: '撤回',
}

/** Takes back what waits for a decision on this subject, because it was given up or another took its place. */
export async function withdrawProposals(
  context: CommandContext,
  of: { readonly kind: string; readonly subject: string; readonly reason: string },
): Promise<void> {
  const { kind, subject, reason } = of
  for (const proposal of await listProposals(context.trx, { kind, subject, undecided: true }))
    await decideProposal(context, proposal, { outcome: 'withdrawn', reason })
}

export interface DecidedProposal extends Proposal {
  readonly decision:
    | {
        readonly outcome: ProposalOutcome
        readonly personName: string
        readonly reason: string
        readonly at: Date
      }
    | undefined
}

/** One proposal with its decision, if any. */
export async function findProposal(db: Db | Trx, proposalId: string): Promise<DecidedProposal | undefined> {
  const [found] = await listProposals(db, { proposalId })
  return found
}

/** Proposals newest first; `undecided` gives the approver's inbox. */
export async function listProposals(
  db: Db | Trx,
  filter: {
    readonly kind?: string
    /** What it is about, as its kind names it. */
    readonly subject?: string
    readonly undecided?: boolean
    readonly proposalId?: string
    readonly page?: Page<readonly [string]>
  },
): Promise<DecidedProposal[]> {
  let query = db
    .selectFrom('proposals as p')
    .innerJoin('staff as maker', 'maker.id', 'p.maker_id')
    .leftJoin('proposal_decisions as d', 'd.proposal_id', 'p.id')
    .leftJoin('staff as decider', 'decider.id', 'd.decided_by')
    .select([
      'p.id',
      'p.kind',
      'p.subject',
      'p.content',
      'p.content_digest',
      'p.maker_id',
      'maker.name as maker_name',
      'maker.code as maker_code',
      'p.recorded_at',
      'd.decision',
      'd.reason',
      'd.recorded_at as decided_at',
      'decider.name as decider_name',
    ])
    .where(behind(['p.id'], filter.page?.after, 'desc'))
    .orderBy('p.id', 'desc')
  if (filter.page !== undefined) query = query.limit(filter.page.limit)
  if (filter.kind !== undefined) query = query.where('p.kind', '=', filter.kind)
  if (filter.subject !== undefined) query = query.where('p.subject', '=', filter.subject)
  if (filter.proposalId !== undefined) query = query.where('p.id', '=', filter.proposalId)
  if (filter.undecided) query = query.where('d.proposal_id', 'is', null)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    content: row.content as Json,
    contentDigest: row.content_digest,
    makerId: row.maker_id,
    makerName: row.maker_name,
    makerCode: row.maker_code,
    recordedAt: row.recorded_at,
    decision:
      row.decision === null
        ? undefined
        : {
            outcome: row.decision,
            personName: row.decider_name ?? '',
            reason: row.reason ?? '',
            at: row.decided_at ?? row.recorded_at,
          },
  }))
}
