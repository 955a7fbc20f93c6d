import { sql } from 'kysely'
import { accountTerms, findAccount } from '../dischargers/account.queries.ts'
import { type FeeMonth, firstDay, monthInterval } from '../kernel/calendar.ts'
import { parseExact } from '../kernel/decimal.ts'
import type { AccountId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { parseVolume, volumeText } from '../kernel/volume.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type CommandKind,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { decideProposal, openProposal, propose } from '../platform/proposals.ts'
import { plainInput } from './propose-volume-basis.ts'
import { declarationSubject, monthIsOver } from './volume.queries.ts'
import { refuseVolume } from './volume.refusals.ts'
import { volumeTables } from './volume.tables.ts'

export const declarationProposalKind = 'volumes.own-source-declaration'
export const ratedFlowProposalKind = 'volumes.rated-flow'

export interface DeclarationInput {
  readonly collectorCode?: string | undefined
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  readonly volumeM3: string
  readonly evidence: string
  /** Takes the place of the month's reviewed declaration; a bill of it stands until a person corrects that. */
  readonly corrects?: boolean | undefined
}

export interface DeclarationContent {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  readonly volumeM3: string
  readonly evidence: string
  /** 0 for the first declaration of the month, one more for each correction of it. */
  readonly revision: number
}

/**
 * An own-source user's use of a month is declared (151 art. 15), or a declaration corrected; the bureau reviews it before
 * it counts.
 */
export async function declareOwnSource(
  services: Services,
  envelope: Envelope,
  input: DeclarationInput,
): Promise<CommandAnswer<{ proposalId: string; digest: string }> | Refusal> {
  const kind = {
    name: 'volumes.declare-own-source',
    zh: '申报自备水源用水',
  } as const
  return runCommand(services, envelope, kind, plainInput(input), async (context) => {
    const declared = parseVolume(input.volumeM3)
    if (declared === undefined || declared.isNegative()) {
      return refuseVolume('declared_volume_malformed', { value: input.volumeM3 })
    }
    const account = await ownSourceAccount(context, input)
    if (isRefusal(account)) return account
    const revision = await nextRevision(context, account, input.feeMonth, input.corrects === true)
    if (isRefusal(revision)) return revision
    const subject = declarationSubject(account.accountId, input.feeMonth)
    const waiting = await waitingFor(context, subject)
    if (waiting !== undefined)
      return refuseVolume('declaration_waiting', { account: account.accountNo, feeMonth: input.feeMonth, ...waiting })
    const content: DeclarationContent = {
      ...account,
      feeMonth: input.feeMonth,
      volumeM3: volumeText(declared),
      evidence: input.evidence,
      revision,
    }
    return propose(context, {
      kind: declarationProposalKind,
      subject,
      content: { ...content },
    })
  })
}

/** The declaration of that account and month that is not reviewed yet; two at once would leave the reviewer to guess. */
async function waitingFor(
  context: CommandContext,
  subject: string,
): Promise<{ readonly proposal: string; readonly maker: string } | undefined> {
  // Two that come in together take turns, so that the later one sees the earlier.
  await sql`select pg_advisory_xact_lock(hashtext(${declarationProposalKind}), hashtext(${subject}))`.execute(
    context.trx,
  )
  return context.trx
    .selectFrom('proposals as p')
    .innerJoin('staff as m', 'm.id', 'p.maker_id')
    .leftJoin('proposal_decisions as d', 'd.proposal_id', 'p.id')
    .select(['p.id as proposal', 'm.name as maker'])
    .where('p.kind', '=', declarationProposalKind)
    .where('p.subject', '=', subject)
    .where('d.proposal_id', 'is', null)
    .executeTakeFirst()
}

export interface RatedFlowInput {
  readonly collectorCode?: string | undefined
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  readonly ratedFlowM3PerHour: string
  readonly reason: string
}

export interface RatedFlowContent {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  readonly ratedFlowM3PerHour: string
  readonly reason: string
}

/** Nothing was declared: a person proposes rated flow × 24 h for that month (151 art. 10); another decides. */
export async function proposeRatedFlow(
  services: Services,
  envelope: Envelope,
  input: RatedFlowInput,
): Promise<CommandAnswer<{ proposalId: string; digest: string }> | Refusal> {
  const kind = { name: 'volumes.propose-rated-flow', zh: '提出按额定流量计费' } as const
  return runCommand(services, envelope, kind, plainInput(input), async (context) => {
    const perHour = parseExact(input.ratedFlowM3PerHour)
    if (perHour === undefined || !perHour.isPositive() || perHour.isZero()) return refuseVolume('rated_flow_missing')
    const account = await ownSourceAccount(context, { ...input, evidence: input.reason })
    if (isRefusal(account)) return account
    if ((await settledBy(context, account.accountId, input.feeMonth)) !== undefined) {
      return refuseVolume('month_already_settled', { account: account.accountNo, feeMonth: input.feeMonth })
    }
    const content: RatedFlowContent = {
      ...account,
      feeMonth: input.feeMonth,
      ratedFlowM3PerHour: perHour.toFixed(),
      reason: input.reason,
    }
    return propose(context, {
      kind: ratedFlowProposalKind,
      subject: declarationSubject(account.accountId, input.feeMonth),
      content: { ...content },
    })
  })
}

async function ownSourceAccount(
  context: CommandContext,
  input: {
    readonly collectorCode?: string | undefined
    readonly accountNo: string
    readonly feeMonth: FeeMonth
    readonly evidence: string
  },
): Promise<{ accountId: AccountId; accountNo: string } | Refusal> {
  const account = await findAccount(context.trx, input.collectorCode, input.accountNo)
  if (isRefusal(account)) return account
  const terms = await accountTerms(context.trx, [account.accountId], monthInterval(input.feeMonth))
  if (terms.get(account.accountId)?.supply !== 'own_source')
    return refuseVolume('not_own_source', { account: account.accountNo })
  if (!monthIsOver(input.feeMonth, context.today)) return refuseVolume('month_in_future', { feeMonth: input.feeMonth })
  if (input.evidence.trim() === '') return refuseVolume('evidence_missing')
  return { accountId: account.accountId, accountNo: account.accountNo }
}

/** What settles a month by now: its last reviewed declaration, or a decision on rated flow. */
async function settledBy(
  context: CommandContext,
  accountId: AccountId,
  feeMonth: FeeMonth,
): Promise<{ readonly revision: number } | 'rated-flow' | undefined> {
  const tables = volumeTables(context.trx)
  const decided = await tables
    .selectFrom('rated_flow_decisions')
    .select('account_id')
    .where('account_id', '=', accountId)
    .where('fee_month', '=', firstDay(feeMonth))
    .executeTakeFirst()
  if (decided !== undefined) return 'rated-flow'
  return tables
    .selectFrom('own_source_declarations')
    .select('revision')
    .where('account_id', '=', accountId)
    .where('fee_month', '=', firstDay(feeMonth))
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The revision a declaration of the month would be: a first one only where nothing settles it, a correction only of one. */
async function nextRevision(
  context: CommandContext,
  { accountId, accountNo: account }: { readonly accountId: AccountId; readonly accountNo: string },
  feeMonth: FeeMonth,
  corrects: boolean,
): Promise<number | Refusal> {
  const settled = await settledBy(context, accountId, feeMonth)
  if (settled === 'rated-flow') return refuseVolume('month_already_settled', { account, feeMonth })
  if (settled === undefined) return corrects ? refuseVolume('nothing_declared_yet', { account, feeMonth }) : 0
  return corrects ? settled.revision + 1 : refuseVolume('month_already_declared', { account, feeMonth })
}

export interface OwnSourceDecision {
  readonly proposalId: string
  readonly outcome: 'approved' | 'returned'
  readonly reason: string
  readonly digestSeen?: string | undefined
}

/** The bureau's review of a declaration: approved it becomes the month's volume; returned it is as if not declared. */
export async function decideDeclaration(
  services: Services,
  envelope: Envelope,
  decision: OwnSourceDecision,
): Promise<CommandAnswer<{ proposalId: string; outcome: string }> | Refusal> {
  const kind = { name: 'volumes.decide-declaration', zh: '审核自备水源申报' } as const
  return decideOwnSource(
    services,
    envelope,
    kind,
    declarationProposalKind,
    decision,
    async (context, content, proposalId) => {
      const { accountId, feeMonth, volumeM3, evidence, revision } = content as unknown as DeclarationContent
      await volumeTables(context.trx)
        .insertInto('own_source_declarations')
        .values({
          account_id: accountId,
          fee_month: firstDay(feeMonth),
          volume_m3: volumeM3,
          start_reading: null,
          end_reading: null,
          evidence,
          proposal_id: proposalId,
          command_id: context.commandId,
          revision,
        })
        .execute()
    },
  )
}

/** The second person's decision on rated flow × 24 h for a month. */
export async function decideRatedFlow(
  services: Services,
  envelope: Envelope,
  decision: OwnSourceDecision,
): Promise<CommandAnswer<{ proposalId: string; outcome: string }> | Refusal> {
  const kind = { name: 'volumes.decide-rated-flow', zh: '审批按额定流量计费' } as const
  return decideOwnSource(
    services,
    envelope,
    kind,
    ratedFlowProposalKind,
    decision,
    async (context, content, proposalId) => {
      const { accountId, feeMonth, ratedFlowM3PerHour, reason } = content as unknown as RatedFlowContent
      await volumeTables(context.trx)
        .insertInto('rated_flow_decisions')
        .values({
          account_id: accountId,
          fee_month: firstDay(feeMonth),
          rated_flow_m3_per_hour: ratedFlowM3PerHour,
          reason,
          proposal_id: proposalId,
          command_id: context.commandId,
        })
        .execute()
    },
  )
}

async function decideOwnSource(
  services: Services,
  envelope: Envelope,
  kind: CommandKind,
  proposalKind: string,
  decision: OwnSourceDecision,
  store: (context: CommandContext, content: unknown, proposalId: string) => Promise<void>,
): Promise<CommandAnswer<{ proposalId: string; outcome: string }> | Refusal> {
  return runCommand(services, envelope, kind, plainInput(decision), async (context) => {
    const proposal = await openProposal(context, { kind: proposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const {
      accountId,
      accountNo,
      feeMonth,
      revision = 0,
    } = proposal.content as unknown as Partial<DeclarationContent> & RatedFlowContent
    if (decision.outcome === 'approved') {
      const settled = await settledBy(context, accountId, feeMonth)
      const follows = settled !== 'rated-flow' && (settled?.revision ?? -1) === revision - 1
      if (!follows) return refuseVolume('month_already_settled', { account: accountNo, feeMonth })
    }
    await decideProposal(context, proposal, decision)
    if (decision.outcome === 'approved') await store(context, proposal.content, proposal.id)
    return { proposalId: proposal.id, outcome: decision.outcome }
  })
}
