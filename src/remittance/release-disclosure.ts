import { sql } from 'kysely'
import { yearOf } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  canonicalJson,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { unconfirmedCitations } from '../platform/documents/citations.ts'
import { refuseDocument } from '../platform/documents/documents.refusals.ts'
import type { Json } from '../platform/platform.tables.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { readSettings } from '../platform/settings.ts'
import { refuseClosing } from './closing.refusals.ts'
import type { ProposalDecision } from './decision.ts'
import { disclosureProposalKind, findRelease, type ReleaseContent } from './disclosure.queries.ts'
import { type Disclosure, disclosureOf, lastMonthOfOldBooks, saysNothing, type UsesOfFee } from './disclosure.ts'

export type ProposedRelease = {
  readonly year: number
  readonly release: number
  readonly billed: string
  readonly collected: string
  readonly toTreasury: string
  readonly used: string
  readonly proposalId: string
  readonly digest: string
}

/**
 * A clerk proposes to make a year's collection and use public as the facts stand today (151 art. 20; 641 art. 33). Refuses a
 * year that is not over, stands in earlier books or of which nothing is known, one that waits for its decision, a correction of what was released
 * without a reason, and a sentence that cites an article nobody has confirmed.
 */
export async function proposeRelease(
  services: Services,
  envelope: Envelope,
  input: { readonly year: number; readonly reason?: string | undefined },
  usesOfFee: readonly UsesOfFee[],
): Promise<CommandAnswer<ProposedRelease> | Refusal> {
  const kind = { name: 'remittance.propose-disclosure', zh: '提出公开征收使用情况' } as const
  const { year } = input
  const reason = input.reason?.trim() ?? ''
  return runCommand(services, envelope, kind, { year, reason }, async (context) => {
    const { trx, today } = context
    if (yearOf(today) <= year) return refuseClosing('disclosure_year_not_over', { year, today })
    const old = await lastMonthOfOldBooks(trx)
    if (old !== null && old >= `${year}-12`) return refuseClosing('disclosure_of_old_books', { year, month: old })
    await lockReleases(context, year)
    const subject = String(year)
    const [waiting] = await listProposals(trx, { kind: disclosureProposalKind, subject, undecided: true })
    if (waiting !== undefined) return refuseClosing('disclosure_pending', { year, proposal: waiting.id })
    const before = await findRelease(trx, year)
    if (before !== undefined && reason === '')
      return refuseClosing('disclosure_correction_unreasoned', { year, release: before.release })
    const disclosure = await disclosureOf(trx, year, today, usesOfFee)
    if (saysNothing(disclosure)) return refuseClosing('disclosure_of_nothing', { year })
    const uncited = await refuseUnconfirmed(context, disclosure)
    if (uncited !== undefined) return uncited
    const content: ReleaseContent = { ...disclosure, release: (before?.release ?? 0) + 1, correctionReason: reason }
    const proposed = await propose(context, {
      kind: disclosureProposalKind,
      subject,
      content: content as unknown as Json,
    })
    const { billed, collected, toTreasury } = content.totals
    return { year, release: content.release, billed, collected, toTreasury, used: content.used, ...proposed }
  })
}

/** One release of a year after the other: the second one sees what the first one left. */
async function lockReleases({ trx }: CommandContext, year: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('disclosure'), ${year}::integer)`.execute(trx)
}

async function refuseUnconfirmed({ trx }: CommandContext, disclosure: Disclosure): Promise<Refusal | undefined> {
  const { 'documents.confirmed_articles': confirmed } = await readSettings(trx)
  const { basis, procedure, liability } = disclosure
  const texts = [...basis, ...procedure, ...liability, ...[...procedure, ...liability].map(({ clause }) => clause)]
  const found = unconfirmedCitations(
    texts.map(({ zh }) => zh),
    confirmed,
  )
  if (found.length === 0) return undefined
  return refuseDocument('document_article_unconfirmed', {
    articles: found.map(({ zh }) => zh).join('、'),
    setting: [confirmed, ...found.map(({ setting }) => setting)].filter((each) => each !== '').join(' '),
  })
}

export type DecidedRelease = {
  readonly year: number
  readonly release: number
  readonly outcome: string
  /** SHA-256 of what is public, as its file has it; null where it was returned. */
  readonly digest: string | null
}

/**
 * The second person releases what was proposed, to the character, or returns it. A later release takes the place of the one
 * before; both stay public. One of a year waits at a time, so that nothing overtakes it.
 */
export async function decideRelease(
  services: Services,
  envelope: Envelope,
  decision: ProposalDecision,
): Promise<CommandAnswer<DecidedRelease> | Refusal> {
  const kind = { name: 'remittance.decide-disclosure', zh: '审批公开征收使用情况' } as const
  const { proposalId, outcome, reason, digestSeen } = decision
  const plain = { proposalId, outcome, reason, digestSeen: digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, today, commandId } = context
    const proposal = await openProposal(context, { kind: disclosureProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const { year, release } = proposal.content as unknown as ReleaseContent
    if (yearOf(today) <= year) return refuseClosing('disclosure_year_not_over', { year, today })
    await lockReleases(context, year)
    await decideProposal(context, proposal, decision)
    if (outcome === 'returned') return { year, release, outcome, digest: null }
    const digest = proposal.contentDigest
    await sql`
      insert into disclosures (year, release, content, content_digest, released_on, proposal_id, command_id)
      values (${year}, ${release}, ${canonicalJson(proposal.content)}, ${digest}, ${today}::date, ${proposal.id}::bigint,
        ${commandId})`.execute(trx)
    return { year, release, outcome, digest }
  })
}
