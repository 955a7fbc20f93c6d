import { sql } from 'kysely'
import { loadCalendars } from '../calendars/calendar.queries.ts'
import { dueDateFor } from '../calendars/calendar.rules.ts'
import { postEntry } from '../journal/post-entry.ts'
import { feeMonth as asFeeMonth, type CivilDate, type FeeMonth, yearOf } from '../kernel/calendar.ts'
import type { BillRunId } from '../kernel/ids.ts'
import { money, moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { wordsOfCommand } from '../platform/authorisation/authorisation.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sqlState,
} from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import { decideProposal, listProposals, openProposal } from '../platform/proposals.ts'
import { readSettings } from '../platform/settings.ts'
import { holdSchedules } from '../tariffs/rate-schedule.queries.ts'
import type { AfterIssue } from './after-issue.ts'
import { billPostings } from './bill.postings.ts'
import { type BillRun, draftBlocks, listRuns } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billTables } from './bill.tables.ts'
import { billNumber } from './bill.ts'
import { changesBills } from './bill-draft.ts'
import { clearDraftOfIssued, completeSubmittedDraft, runProposalKind } from './draft-run.ts'
import { censusAddsUp, type RunSummary, summariseRun } from './run-summary.ts'

export const billSequence = 'bill'

export interface ApproveRunInput {
  readonly runId: string
  /** The digest the approver saw, or its first characters (at least 8). */
  readonly digestSeen: string
  /** Why the run is right although the brake stopped it. */
  readonly acknowledge?: string | undefined
}

/** A run's answer: what was issued, once. */
export interface IssuedRun {
  readonly [key: string]: string | number
  readonly runId: string
  readonly billCount: number
  readonly totalAmount: string
  readonly firstNumber: string
  readonly lastNumber: string
  readonly dueOn: string
  readonly billed: number
  readonly held: number
  readonly exempt: number
}

/**
 * Another person approves a drafted run as they saw it, and it is issued in the same transaction: gapless numbers in
 * account order, bills, lines, census, exceptions and one journal entry; all of it or nothing. Refuses one's own run, an
 * incomplete or outdated draft, a census that does not add up, and a tripped brake that nobody put a reason to.
 */
export async function approveRun(
  services: Services,
  envelope: Envelope,
  input: ApproveRunInput,
  afterIssue: AfterIssue,
): Promise<CommandAnswer<IssuedRun> | Refusal> {
  const kind = { name: 'bills.approve-run', zh: '审批并签发开账批次' } as const
  const plain = {
    runId: input.runId,
    digestSeen: input.digestSeen,
    ...(input.acknowledge === undefined ? {} : { acknowledge: input.acknowledge }),
  }
  const approve = () =>
    runCommand(services, envelope, kind, plain, async (context) => {
      const checked = await checkRun(context, input)
      if (isRefusal(checked)) return checked
      const { run, summary, proposal, dueOn } = checked
      // From here on nothing says no.
      await decideProposal(context, proposal, { outcome: 'approved', reason: input.acknowledge ?? '' })
      const issued = await issueRun(services, context, run, summary, proposal.id, dueOn).catch((error: unknown) => {
        // The unique index on (account, month, payer, generation) has the last word on billing twice.
        if (sqlState(error) === '23505') return refuseBill('already_billed', { feeMonth: run.feeMonth })
        throw error
      })
      if (isRefusal(issued)) return issued
      await afterIssue(context, issued)
      return issued.answer
    })
  const first = await approve()
  // Drafts are not written to the log: a process killed while it issued may have left none of this one.
  const isDraftLost = isRefusal(first) && first.code === 'run_not_drafted' && envelope.dryRun !== true
  const isComplete = isDraftLost && (await completeSubmittedDraft(services, input.runId as BillRunId))
  const outcome = isComplete ? await approve() : first
  if (!isRefusal(outcome) && !outcome.dryRun && !outcome.repeated)
    await clearDraftOfIssued(services.db, input.runId as BillRunId)
  return outcome
}

async function checkRun(context: CommandContext, input: ApproveRunInput) {
  const locked = /^\d{1,18}$/.test(input.runId)
    ? await billTables(context.trx)
        .selectFrom('open_bill_runs')
        .select('run_id')
        .where('run_id', '=', input.runId as BillRunId)
        .forUpdate()
        .executeTakeFirst()
    : undefined
  const [run] = locked === undefined ? [] : await listRuns(context.trx, { runId: input.runId })
  if (run === undefined) return refuseBill('run_missing', { run: input.runId })
  await holdSchedules(context.trx)
  const summary = await summariseRun(context.trx, run)
  const { census, feeMonth } = summary
  if (!summary.complete) {
    return refuseBill('run_not_drafted', { run: run.runId, done: summary.drafted, total: census.roster, feeMonth })
  }
  if (input.digestSeen.length < 8 || !summary.digest.startsWith(input.digestSeen)) {
    return refuseBill('digest_differs', {
      run: run.runId,
      actual: summary.digest.slice(0, 12),
      seen: input.digestSeen.slice(0, 12),
    })
  }
  if (summary.factsChanged) {
    return refuseBill('facts_changed', {
      run: run.runId,
      feeMonth,
      ...(await changesSince(context.trx, run.runId)),
    })
  }
  if (!censusAddsUp(summary)) {
    return refuseBill('census_open', {
      roster: census.roster,
      billed: census.billed + census.billedBefore,
      held: census.held,
      exempt: census.exempt,
    })
  }
  if (summary.bills === 0)
    return refuseBill('nothing_to_bill', { run: run.runId, held: census.held, exempt: census.exempt })
  if (summary.brake.length > 0 && (input.acknowledge ?? '').trim() === '') {
    return refuseBill('brake_needs_name', {
      findings: summary.brake.map((finding) => `${finding.zh} (${finding.en})`).join('；'),
    })
  }
  const waiting = (
    await listProposals(context.trx, { kind: runProposalKind, subject: run.runId, undecided: true })
  ).find(({ content }) => (content as unknown as RunSummary).digest === summary.digest)
  const proposal = await openProposal(context, { kind: runProposalKind, proposalId: waiting?.id ?? '0' })
  if (isRefusal(proposal)) return proposal
  const dueOn = await dueDate(context.trx, run.feeMonth, context.today)
  if (isRefusal(dueOn)) return dueOn
  return { run, summary, proposal, dueOn }
}

/** When a bill of that fee month issued today is due: the later of the rolled 10th and the days after issue (decision 1). */
export async function dueDate(db: Db | Trx, month: FeeMonth, issuedOn: CivilDate): Promise<CivilDate | Refusal> {
  const settings = await readSettings(db)
  const terms = {
    dueDay: Number(settings['bills.due_day']),
    minimumDaysAfterIssue: Number(settings['bills.minimum_days_after_issue']),
  }
  return dueDateFor(month, issuedOn, terms, await loadCalendars(db))
}

/** What was added since a run was drafted, by command: why it must be drafted anew. */
export async function changesSince(
  db: Db | Trx,
  runId: BillRunId,
): Promise<{ readonly changesZh: string; readonly changesEn: string }> {
  const { rows } = await sql<{ name: string; times: number }>`
    select c.name, count(*)::int as times from audit_events e join commands c using (command_id)
    where e.seq > (select min(facts_mark::bigint) from bill_draft_blocks where run_id = ${runId}::bigint)
      and ${changesBills}
    group by c.name order by c.name limit 10`.execute(db)
  const said = (language: 'zh' | 'en') =>
    rows.map(({ name, times }) => `${wordsOfCommand(name)?.[language] ?? name} × ${times}`)
  return { changesZh: said('zh').join('、'), changesEn: said('en').join(', ') }
}

async function issueRun(
  services: Services,
  context: CommandContext,
  run: BillRun,
  summary: RunSummary,
  proposalId: string,
  dueOn: CivilDate,
): Promise<{ readonly issueId: string; readonly answer: IssuedRun }> {
  const { trx, today } = context
  const tables = billTables(trx)
  const year = yearOf(today)
  const first = await takeNumbers(trx, billSequence, year, summary.bills)
  const amounts = new Map(
    Object.entries(summary.amountByMonth).map(([month, amount]) => [asFeeMonth(month), money(amount)]),
  )
  const lines = billPostings(amounts)
  const entryId =
    lines.length === 0
      ? null
      : await postEntry(context, {
          entryOn: today,
          memo: `签发账单 ${run.feeMonth} 批次 ${run.runId}`,
          documentCount: summary.bills,
          lines,
        })
  const { id: issueId } = await tables
    .insertInto('bill_issues')
    .values({
      kind: 'run',
      run_id: run.runId,
      proposal_id: proposalId,
      number_year: year,
      first_number: first,
      bill_count: summary.bills,
      total_amount: summary.amount,
      issued_on: today,
      entry_id: entryId,
      command_id: context.commandId,
      recorded_at: context.recordedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()

  // A block knows how many bills came before it, and a draft row its place in the block: no sort, no join.
  let before = first - 1
  let done = 0
  for (const block of await draftBlocks(trx, run.runId)) {
    if (block.summary.bills > 0) {
      await sql`
        insert into bills (number_year, number, issue_id, kind, account_id, discharger_id, fee_month, corrects_bill_id, reason,
          evidence, due_on, volume_m3, total_amount)
        select ${year}::int, ${before}::int + ordinal, ${issueId}::bigint, kind, account_id, discharger_id, fee_month, corrects_bill_id,
          case when kind <> 'original' then 'volume' end,
          case when kind <> 'original' then ${trueUpEvidence} end,
          case when kind = 'downward' then (select c.due_on from bills c where c.id = d.corrects_bill_id) else ${dueOn}::date end,
          bill_volume_m3, bill_amount
        from bill_drafts d where run_id = ${run.runId}::bigint and block_no = ${block.blockNo} and status = 'billed' and line_no = 1
        order by position`.execute(trx)
      await sql`
        insert into bill_lines (bill_id, line_no, category_code, schedule_id, basis, used_from, used_until, volume_m3, amount, derivation)
        select ${year}::bigint * 100000000 + ${before}::int + ordinal, line_no, category_code, schedule_id, basis, used_from, used_until,
          volume_m3, amount, derivation
        from bill_drafts where run_id = ${run.runId}::bigint and block_no = ${block.blockNo} and status = 'billed'
        order by position, line_no`.execute(trx)
    }
    if (block.summary.held + block.summary.exempt > 0) {
      await sql`
        insert into bill_run_exceptions (run_id, account_id, status, reason)
        select run_id, account_id, status, reason from bill_drafts
        where run_id = ${run.runId}::bigint and block_no = ${block.blockNo} and status <> 'billed'`.execute(trx)
    }
    before += block.summary.bills
    done += block.summary.bills
    services.progress?.({ what: `签发账单 ${run.feeMonth}`, done, total: summary.bills })
  }
  const { census } = summary
  await tables
    .insertInto('bill_run_censuses')
    .values({
      run_id: run.runId,
      roster_count: census.roster - census.billedBefore,
      billed_count: census.billed,
      billed_amount: summary.amountByMonth[run.feeMonth] ?? '0.00',
      billed_m3: summary.volumeM3,
      held_count: census.held,
      exempt_count: census.exempt,
    })
    .execute()
  await tables.deleteFrom('open_bill_runs').where('run_id', '=', run.runId).execute()
  const answer = {
    runId: run.runId,
    billCount: summary.bills,
    totalAmount: moneyText(money(summary.amount)),
    firstNumber: billNumber(year, first),
    lastNumber: billNumber(year, first + summary.bills - 1),
    dueOn,
    billed: census.billed,
    held: census.held,
    exempt: census.exempt,
  }
  return { issueId, answer }
}

const trueUpEvidence = '估抄后实抄，按日分摊补正（估抄读数见派生记录）'
