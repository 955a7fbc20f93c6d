import { sql } from 'kysely'
import { rosterInForce } from '../dischargers/roster.queries.ts'
import { type FeeMonth, firstDay, lastDay, monthOf } from '../kernel/calendar.ts'
import type { AccountId, BillRunId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type Envelope,
  earlierAnswer,
  runCommand,
  type Services,
  sha256,
} from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Json } from '../platform/platform.tables.ts'
import { listProposals, propose, withdrawProposals } from '../platform/proposals.ts'
import { type BillRun, draftBlocks, listRuns } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billTables } from './bill.tables.ts'
import { computeDraft } from './bill-draft.ts'
import type { RunScope } from './bill-run.ts'
import { type RunSummary, summariseRun } from './run-summary.ts'

export const runProposalKind = 'bills.run'

const submitKind = { name: 'bills.submit-run', zh: '提交开账批次' } as const

/** A run as it was put before an approver. */
export type DraftedRun = { readonly runId: BillRunId; readonly digest: string; readonly proposalId: string }

export interface DraftRunInput {
  readonly feeMonth: FeeMonth
  /** All accounts of the roster, or a set; a later run of the month takes what earlier ones left. */
  readonly accountIds?: readonly AccountId[] | undefined
}

/**
 * Drafts a month: opens a run (one per month at a time), computes it in blocks, and puts it before an approver with its
 * digest. The same person calling again goes on with a stopped draft, and computes anew where facts were added since.
 */
export async function draftRun(
  services: Services,
  envelope: Envelope,
  input: DraftRunInput,
): Promise<CommandAnswer<DraftedRun> | Refusal> {
  // A draft is stored block by block and can be given up: there is nothing that a dry run of it would show beforehand.
  if (envelope.dryRun) return refuseBill('draft_is_a_trial', { feeMonth: input.feeMonth })
  const scope: RunScope =
    input.accountIds === undefined ? { kind: 'all' } : { kind: 'accounts', accountIds: [...new Set(input.accountIds)] }
  const submitting = { ...envelope, commandId: sha256(`submit-run\n${envelope.commandId}`).slice(0, 40) }
  const asked = { feeMonth: input.feeMonth, scope: sha256(JSON.stringify(scope)) }
  // A draft that was put before an approver under this id is not begun again, also when it has been issued since.
  const earlier = await earlierAnswer<DraftedRun>(services, submitting, submitKind, asked)
  if (earlier !== undefined) {
    if (!isRefusal(earlier)) await restoreDraft(services, earlier.answer.runId)
    return earlier
  }
  const opened = await openRun(services, envelope, input.feeMonth, scope)
  if (isRefusal(opened)) return opened
  const [run] = await listRuns(services.db, { runId: opened })
  if (run === undefined) throw new Error(`run ${opened} was opened and is not there`)
  // Opened under this id, and finished or given up since under another.
  if (run.state !== 'open') return refuseBill('run_missing', { run: run.runId })
  await computeDraft(services, run)
  return submitRun(services, submitting, asked, run)
}

const openingId = ({ commandId }: Envelope): string => sha256(`open-run\n${commandId}`).slice(0, 40)

/** Whether a draft was begun under this id: giving the command again then goes on with it, or answers as it did. */
export async function draftWasBegun(db: Db | Trx, envelope: Envelope): Promise<boolean> {
  const begun = await db
    .selectFrom('commands')
    .select('command_id')
    .where('command_id', '=', openingId(envelope))
    .executeTakeFirst()
  return begun !== undefined
}

/** Drafts are not written to the log: a crash of the database empties them all. Computes an open run's anew where it is gone. */
export async function restoreDraft(services: Services, runId: BillRunId): Promise<void> {
  const [run] = await listRuns(services.db, { runId })
  if (run?.state === 'open' && (await draftBlocks(services.db, runId)).length === 0) await computeDraft(services, run)
}

/**
 * Computes what is lacking of a draft that was put before an approver and then lost in a crash; whether there was one.
 * From the same facts comes the same digest; from others another, which is not the one the approver saw.
 */
export async function completeSubmittedDraft(services: Services, runId: BillRunId): Promise<boolean> {
  const [submitted] = await listProposals(services.db, { kind: runProposalKind, subject: runId, undecided: true })
  const [run] = submitted === undefined ? [] : await listRuns(services.db, { runId })
  if (run?.state !== 'open') return false
  await computeDraft(services, run)
  return true
}

/** Opens a run for the month, or finds the open one of the same maker and scope; a repeat finds the run it opened. */
async function openRun(
  services: Services,
  envelope: Envelope,
  feeMonth: FeeMonth,
  scope: RunScope,
): Promise<BillRunId | Refusal> {
  const kind = { name: 'bills.open-run', zh: '开账试算' } as const
  const opening = { ...envelope, commandId: openingId(envelope) }
  const outcome = await runCommand(
    services,
    opening,
    kind,
    { feeMonth, scope: sha256(JSON.stringify(scope)) },
    async (context) => {
      const [open] = await listRuns(context.trx, { feeMonth, openOnly: true })
      if (open !== undefined) return resumable(open, envelope, scope)
      if (monthOf(context.today) <= feeMonth) return refuseBill('fee_month_not_over', { feeMonth })
      const roster = await rosterInForce(context.trx, lastDay(feeMonth))
      if (roster === undefined) return refuseBill('no_roster', { date: lastDay(feeMonth) })
      const tables = billTables(context.trx)
      const issued = await listRuns(context.trx, { feeMonth })
      const { id: runId } = await tables
        .insertInto('bill_runs')
        .values({
          fee_month: firstDay(feeMonth),
          purpose: issued.some((run) => run.state === 'issued') ? 'supplementary' : 'regular',
          scope: JSON.stringify(scope),
          roster_version_id: roster.versionId,
          maker_id: context.actor.id,
          command_id: context.commandId,
          recorded_at: context.recordedAt,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      const claimed = await tables
        .insertInto('open_bill_runs')
        .values({ fee_month: firstDay(feeMonth), run_id: runId })
        .onConflict((conflict) => conflict.column('fee_month').doNothing())
        .returning('run_id')
        .executeTakeFirst()
      if (claimed !== undefined) return { runId }
      // Another clerk opened a run of this month at the same moment.
      const [other] = await listRuns(context.trx, { feeMonth, openOnly: true })
      return refuseBill('run_open', { feeMonth, run: other?.runId ?? '?', maker: other?.makerName ?? '?' })
    },
  )
  return isRefusal(outcome) ? outcome : outcome.answer.runId
}

function resumable(open: BillRun, envelope: Envelope, scope: RunScope): { runId: BillRunId } | Refusal {
  const same = open.makerCode === envelope.actor && sha256(JSON.stringify(open.scope)) === sha256(JSON.stringify(scope))
  return same
    ? { runId: open.runId }
    : refuseBill('run_open', { feeMonth: open.feeMonth, run: open.runId, maker: open.makerName })
}

/** Puts the drafted run before an approver; the same draft is put before them once. */
async function submitRun(
  services: Services,
  envelope: Envelope,
  asked: Json,
  run: BillRun,
): Promise<CommandAnswer<DraftedRun> | Refusal> {
  const summary = await summariseRun(services.db, run)
  return runCommand(services, envelope, submitKind, asked, async (context) => {
    if (!summary.complete) {
      return refuseBill('run_not_drafted', {
        run: run.runId,
        done: summary.drafted,
        total: summary.census.roster,
        feeMonth: run.feeMonth,
      })
    }
    const waiting = (
      await listProposals(context.trx, { kind: runProposalKind, subject: run.runId, undecided: true })
    ).find(({ content }) => (content as unknown as RunSummary).digest === summary.digest)
    if (waiting !== undefined) return { runId: run.runId, digest: summary.digest, proposalId: waiting.id }
    await withdrawProposals(context, { kind: runProposalKind, subject: run.runId, reason: '已重新试算 drafted anew' })
    const content = JSON.parse(JSON.stringify(summary)) as never
    const { proposalId } = await propose(context, { kind: runProposalKind, subject: run.runId, content })
    return { runId: run.runId, digest: summary.digest, proposalId }
  })
}

/** Gives up an open run with a reason; its draft goes, its number in the list of runs stays. */
export async function discardRun(
  services: Services,
  envelope: Envelope,
  input: { readonly runId: string; readonly reason: string },
): Promise<CommandAnswer<{ runId: string }> | Refusal> {
  const kind = { name: 'bills.discard-run', zh: '作废开账批次' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const [run] = await listRuns(context.trx, { runId: input.runId })
    if (run === undefined || run.state !== 'open') return refuseBill('run_missing', { run: input.runId })
    const tables = billTables(context.trx)
    const released = await tables
      .deleteFrom('open_bill_runs')
      .where('run_id', '=', run.runId)
      .returning('run_id')
      .executeTakeFirst()
    if (released === undefined) return refuseBill('run_missing', { run: input.runId })
    await tables
      .insertInto('bill_run_discards')
      .values({ run_id: run.runId, reason: input.reason, command_id: context.commandId })
      .execute()
    await clearDraft(context.trx, run.runId)
    await withdrawProposals(context, { kind: runProposalKind, subject: run.runId, reason: input.reason })
    return { runId: run.runId }
  })
}

/** Drafts are disposable: what was issued or given up needs them no more. */
export async function clearDraft(db: Db | Trx, runId: BillRunId): Promise<void> {
  await billTables(db).deleteFrom('bill_drafts').where('run_id', '=', runId).execute()
  await billTables(db).deleteFrom('bill_draft_blocks').where('run_id', '=', runId).execute()
}

/**
 * The same after a run was issued, in a transaction of its own. Mostly it was the only one that was open: then the tables
 * are emptied as a whole, which costs nothing, where a million rows would be marked one by one. Another draft that
 * begins or goes on meanwhile is waited for, and stays.
 */
export async function clearDraftOfIssued(db: Db, runId: BillRunId): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`lock table bill_draft_blocks, bill_drafts in access exclusive mode`.execute(trx)
    const { rows } = await sql`select from open_bill_runs limit 1`.execute(trx)
    if (rows.length > 0) await clearDraft(trx, runId)
    else await sql`truncate bill_drafts, bill_draft_blocks`.execute(trx)
  })
}
