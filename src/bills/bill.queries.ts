import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf, plusMonths } from '../kernel/calendar.ts'
import type { AccountId, BillId, BillRunId, DischargerId, RateScheduleId, RosterVersionId } from '../kernel/ids.ts'
import { type Money, money } from '../kernel/money.ts'
import { volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind, type Page } from '../platform/page.ts'
import type { VolumeBasisKind } from '../volumes/volume-basis.ts'
import { billTables } from './bill.tables.ts'
import { type Bill, type BillKind, type BillLine, billNumber, type CorrectionReason, type Derivation } from './bill.ts'
import type { BlockSummary, RunScope } from './bill-run.ts'
import type { BilledMonth } from './brake.rules.ts'
import type { BilledLine } from './correction.rules.ts'

/** Accounts that have a bill for the month, cancelled or not: a run does not bill them again, a rebill does. */
export async function billedAccounts(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Set<AccountId>> {
  const { rows } = await sql<{ account_id: AccountId }>`
    select asked.id as account_id from unnest(${accountIds}::bigint[]) as asked (id) cross join lateral (
      select from bills b where b.account_id = asked.id and b.fee_month = ${firstDay(feeMonth)}::date
        and b.kind in ('original', 'rebill') limit 1) b`.execute(db)
  return new Set(rows.map((row) => row.account_id))
}

/**
 * Bills of the month that were cancelled and are to be billed anew, by account: until then the month waits for a person.
 * One cancelled as a duplicate is cancelled for good; nothing else waives what is due (decisions 4 and 11).
 */
export async function cancelledAndWaiting(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Map<AccountId, { readonly number: string; readonly dischargerId: DischargerId }>> {
  const { rows } = await sql<{
    account_id: AccountId
    discharger_id: DischargerId
    number_year: number
    number: number
  }>`
    select b.account_id, b.discharger_id, b.number_year, b.number from bills b
      join bills red on red.corrects_bill_id = b.id and red.kind = 'red' and red.reason <> 'duplicate'
    where b.account_id = any(${accountIds}::bigint[]) and b.fee_month = ${firstDay(feeMonth)}::date
      and b.kind in ('original', 'rebill')
      and not exists (select from bills anew where anew.corrects_bill_id = b.id and anew.kind = 'rebill')
    order by b.id`.execute(db)
  return new Map(
    rows.map((row) => [
      row.account_id,
      { number: billNumber(row.number_year, row.number), dischargerId: row.discharger_id },
    ]),
  )
}

/** A billed line with what its bill is, and whether that bill stands. */
export interface StandingLine extends BilledLine {
  readonly kind: BillKind
  readonly live: boolean
}

/** A bill of the month itself that stands: neither cancelled nor one that corrects another. */
export function isOfLiveBill({ kind, live }: StandingLine): boolean {
  return live && (kind === 'original' || kind === 'rebill')
}

/** Every line that was billed for these accounts and this month, corrections included: they add up to what stands. */
export async function billedLines(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Map<AccountId, StandingLine[]>> {
  const { rows } = await sql<LineRow & BillKey>`
    select l.*, b.number_year, b.number, b.account_id, b.discharger_id, b.kind,
      b.kind <> 'red' and not exists (select from bills r where r.corrects_bill_id = b.id and r.kind = 'red') as live
    from bills b join bill_lines l on l.bill_id = b.id
    where b.account_id = any(${accountIds}::bigint[]) and b.fee_month = ${firstDay(feeMonth)}::date
    order by b.id, l.line_no`.execute(db)
  const lines = new Map<AccountId, StandingLine[]>()
  for (const row of rows) {
    const billed = {
      billId: row.bill_id,
      number: billNumber(row.number_year, row.number),
      dischargerId: row.discharger_id,
      kind: row.kind,
      live: row.live,
      line: lineOf(row),
    }
    lines.set(row.account_id, [...(lines.get(row.account_id) ?? []), billed])
  }
  return lines
}

interface BillKey {
  readonly number_year: number
  readonly number: number
  readonly account_id: AccountId
  readonly discharger_id: DischargerId
  readonly kind: BillKind
  readonly live: boolean
}
interface LineRow {
  readonly bill_id: BillId
  readonly line_no: number
  readonly category_code: string
  readonly schedule_id: RateScheduleId
  readonly basis: VolumeBasisKind
  readonly used_from: CivilDate
  readonly used_until: CivilDate
  readonly volume_m3: string
  readonly amount: string
  readonly derivation: Derivation
}

function lineOf(row: LineRow): BillLine {
  return {
    categoryCode: row.category_code,
    scheduleId: row.schedule_id,
    basis: row.basis,
    used: { from: row.used_from, until: row.used_until },
    volumeM3: volume(row.volume_m3),
    amount: money(row.amount),
    derivation: row.derivation,
  }
}

/** Whether a cancelled bill was followed by a rebill. */
export async function wasBilledAnew(db: Db | Trx, billId: BillId): Promise<boolean> {
  const { rows } = await sql`
    select from bills where corrects_bill_id = ${billId}::bigint and kind = 'rebill' limit 1`.execute(db)
  return rows.length > 0
}

/** What a bill and its adjustments came to, whether it stands or was cancelled with them. */
export async function amountWithAdjustments(db: Db | Trx, billId: BillId): Promise<Money> {
  const { rows } = await sql<{ amount: string }>`
    select coalesce(sum(total_amount), 0)::text as amount from bills
    where id = ${billId}::bigint or (corrects_bill_id = ${billId}::bigint and kind in ('upward', 'downward'))`.execute(
    db,
  )
  return money(rows[0]?.amount ?? '0')
}

/**
 * Payers with a bill of their own for the account and month beside this one: it stands, or was cancelled for good. What
 * they owe is settled there, not by a rebill or an adjustment of this one.
 */
export async function payersOfOtherBills(
  db: Db | Trx,
  { billId, accountId, feeMonth }: Pick<Bill, 'billId' | 'accountId' | 'feeMonth'>,
): Promise<Set<DischargerId>> {
  const { rows } = await sql<{ discharger_id: DischargerId }>`
    select b.discharger_id from bills b where b.account_id = ${accountId}::bigint and b.fee_month = ${firstDay(feeMonth)}::date
      and b.kind in ('original', 'rebill') and b.id <> ${billId}::bigint
      and not exists (select from bills anew where anew.corrects_bill_id = b.id and anew.kind = 'rebill')`.execute(db)
  return new Set(rows.map((row) => row.discharger_id))
}

/** What a list of bills is narrowed to. */
export interface BillFilter {
  readonly number?: { readonly year: number; readonly number: number } | undefined
  readonly feeMonth?: FeeMonth | undefined
  readonly accountNo?: string | undefined
  readonly accountId?: AccountId | undefined
  readonly dischargerId?: DischargerId | undefined
  readonly runId?: string | undefined
  readonly kind?: BillKind | undefined
  /** Keyset: bills after this one. */
  readonly afterBillId?: BillId | undefined
  readonly limit: number
}

/** Bills in number order with the names people look for; a page at a time. */
export async function listBills(db: Db | Trx, filter: BillFilter): Promise<Bill[]> {
  const conditions = [sql`true`]
  if (filter.number !== undefined) {
    conditions.push(
      sql`b.number_year = ${filter.number.year} and b.id = ${String(filter.number.year * 100_000_000 + filter.number.number)}::bigint`,
    )
  }
  if (filter.feeMonth !== undefined) conditions.push(sql`b.fee_month = ${firstDay(filter.feeMonth)}::date`)
  if (filter.accountNo !== undefined) conditions.push(sql`a.account_no = ${filter.accountNo}`)
  if (filter.accountId !== undefined) conditions.push(sql`b.account_id = ${filter.accountId}::bigint`)
  if (filter.dischargerId !== undefined) conditions.push(sql`b.discharger_id = ${filter.dischargerId}::bigint`)
  if (filter.runId !== undefined) conditions.push(sql`i.run_id = ${filter.runId}::bigint`)
  if (filter.kind !== undefined) conditions.push(sql`b.kind = ${filter.kind}`)
  if (filter.afterBillId !== undefined) conditions.push(sql`b.id > ${filter.afterBillId}::bigint`)
  const { rows } = await sql<BillRow>`
    select b.*, i.issued_on, a.account_no, c.code as collector_code, d.name as discharger_name,
      (select r.id from bills r where r.corrects_bill_id = b.id and r.kind = 'red') as cancelled_by
    from bills b join bill_issues i on i.id = b.issue_id join accounts a on a.id = b.account_id
      join collectors c on c.id = a.collector_id join dischargers d on d.id = b.discharger_id
    where ${sql.join(conditions, sql` and `)} order by b.id limit ${filter.limit}`.execute(db)
  return rows.map(billOf)
}

interface BillRow {
  readonly id: BillId
  readonly number_year: number
  readonly number: number
  readonly kind: BillKind
  readonly account_id: AccountId
  readonly account_no: string
  readonly collector_code: string
  readonly discharger_id: DischargerId
  readonly discharger_name: string
  readonly fee_month: CivilDate
  readonly issued_on: CivilDate
  readonly due_on: CivilDate
  readonly volume_m3: string
  readonly total_amount: string
  readonly corrects_bill_id: BillId | null
  readonly reason: CorrectionReason | null
  readonly evidence: string | null
  readonly cancelled_by: BillId | null
}

function billOf(row: BillRow): Bill {
  return {
    billId: row.id,
    number: billNumber(row.number_year, row.number),
    kind: row.kind,
    accountId: row.account_id,
    accountNo: row.account_no,
    collectorCode: row.collector_code,
    dischargerId: row.discharger_id,
    dischargerName: row.discharger_name,
    feeMonth: monthOf(row.fee_month),
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    volumeM3: volume(row.volume_m3),
    totalAmount: money(row.total_amount),
    correctsBillId: row.corrects_bill_id,
    reason: row.reason,
    evidence: row.evidence,
    cancelledBy: row.cancelled_by,
  }
}

/** One bill by its number. */
export async function findBill(
  db: Db | Trx,
  number: { readonly year: number; readonly number: number },
): Promise<Bill | undefined> {
  const [found] = await listBills(db, { number, limit: 1 })
  return found
}

/** The lines of some bills, by bill. */
export async function linesOf(db: Db | Trx, billIds: readonly BillId[]): Promise<Map<BillId, BillLine[]>> {
  const { rows } = await sql<LineRow>`
    select * from bill_lines where bill_id = any(${billIds}::bigint[]) order by bill_id, line_no`.execute(db)
  const lines = new Map<BillId, BillLine[]>()
  for (const row of rows) {
    const known = lines.get(row.bill_id)
    if (known === undefined) lines.set(row.bill_id, [lineOf(row)])
    else known.push(lineOf(row))
  }
  return lines
}

/** A run with its state, which is derived: open, discarded or issued. */
export interface BillRun {
  readonly runId: BillRunId
  readonly feeMonth: FeeMonth
  readonly purpose: 'regular' | 'supplementary'
  readonly scope: RunScope
  readonly rosterVersionId: RosterVersionId
  readonly makerName: string
  readonly makerCode: string
  readonly state: 'open' | 'discarded' | 'issued'
  readonly issued:
    | {
        readonly count: number
        readonly amount: Money
        readonly on: CivilDate
        readonly firstNumber: string
        readonly lastNumber: string
      }
    | undefined
}

export async function listRuns(
  db: Db | Trx,
  filter: { runId?: string; feeMonth?: FeeMonth; openOnly?: boolean; page?: Page<readonly [string]> },
): Promise<BillRun[]> {
  const conditions = [behind(['r.id'], filter.page?.after, 'desc')]
  if (filter.runId !== undefined)
    conditions.push(/^\d{1,18}$/.test(filter.runId) ? sql`r.id = ${filter.runId}::bigint` : sql`false`)
  if (filter.feeMonth !== undefined) conditions.push(sql`r.fee_month = ${firstDay(filter.feeMonth)}::date`)
  if (filter.openOnly) conditions.push(sql`o.run_id is not null`)
  const { rows } = await sql<{
    id: BillRunId
    fee_month: CivilDate
    purpose: 'regular' | 'supplementary'
    scope: RunScope
    roster_version_id: RosterVersionId
    maker_name: string
    maker_code: string
    is_open: boolean
    bill_count: number | null
    total_amount: string | null
    issued_on: CivilDate | null
    number_year: number | null
    first_number: number | null
  }>`select r.id, r.fee_month, r.purpose, r.scope, r.roster_version_id, s.name as maker_name, s.code as maker_code,
      o.run_id is not null as is_open, i.bill_count, i.total_amount, i.issued_on, i.number_year, i.first_number
    from bill_runs r join staff s on s.id = r.maker_id left join open_bill_runs o on o.run_id = r.id
      left join bill_issues i on i.run_id = r.id
    where ${sql.join(conditions, sql` and `)} order by r.id desc limit ${filter.page?.limit ?? 500}`.execute(db)
  return rows.map((row) => ({
    runId: row.id,
    feeMonth: monthOf(row.fee_month),
    purpose: row.purpose,
    scope: row.scope,
    rosterVersionId: row.roster_version_id,
    makerName: row.maker_name,
    makerCode: row.maker_code,
    state: row.bill_count !== null ? 'issued' : row.is_open ? 'open' : 'discarded',
    issued:
      row.bill_count === null ||
      row.total_amount === null ||
      row.issued_on === null ||
      row.number_year === null ||
      row.first_number === null
        ? undefined
        : {
            count: row.bill_count,
            amount: money(row.total_amount),
            on: row.issued_on,
            firstNumber: billNumber(row.number_year, row.first_number),
            lastNumber: billNumber(row.number_year, row.first_number + row.bill_count - 1),
          },
  }))
}

/** The summaries of a run's drafted blocks, in order. */
export async function draftBlocks(
  db: Db | Trx,
  runId: BillRunId,
): Promise<{ blockNo: number; digest: string; factsMark: string; accountCount: number; summary: BlockSummary }[]> {
  const rows = await billTables(db)
    .selectFrom('bill_draft_blocks')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('block_no')
    .execute()
  return rows.map((row) => ({
    blockNo: row.block_no,
    digest: row.digest,
    factsMark: row.facts_mark,
    accountCount: row.account_count,
    summary: row.summary as BlockSummary,
  }))
}

/**
 * A fee month and the months before it as they were billed so far, of all accounts or of a set, newest first; months
 * without a bill are left out. Bills of the books before are no ordinary bills of a month: only what was open came over.
 */
export async function billedMonths(
  db: Db | Trx,
  feeMonth: FeeMonth,
  monthsBefore: number,
  scope: RunScope,
): Promise<BilledMonth[]> {
  const from = firstDay(plusMonths(feeMonth, -monthsBefore))
  const { rows } = await (scope.kind === 'all'
    ? sql<BilledMonthRow>`
        select r.fee_month, sum(c.billed_count)::int as accounts, sum(c.billed_amount)::text as amount,
          sum(c.billed_m3)::text as volume_m3
        from bill_runs r join bill_run_censuses c on c.run_id = r.id
        where r.fee_month between ${from}::date and ${firstDay(feeMonth)}::date
        group by r.fee_month order by r.fee_month desc`
    : sql<BilledMonthRow>`
        select b.fee_month, count(distinct b.account_id)::int as accounts, sum(b.total_amount)::text as amount,
          sum(b.volume_m3)::text as volume_m3
        from bills b join bill_issues i on i.id = b.issue_id and i.kind = 'run'
        where b.account_id = any(${scope.accountIds}::bigint[]) and b.kind = 'original'
          and b.fee_month between ${from}::date and ${firstDay(feeMonth)}::date
        group by b.fee_month order by b.fee_month desc`
  ).execute(db)
  return rows.map((row) => ({
    feeMonth: monthOf(row.fee_month),
    accounts: row.accounts,
    amount: money(row.amount),
    volumeM3: volume(row.volume_m3),
  }))
}

interface BilledMonthRow {
  fee_month: CivilDate
  accounts: number
  amount: string
  volume_m3: string
}

/** The total of all bills by fee month, corrections included. */
export async function billedByMonth(db: Db | Trx): Promise<Map<FeeMonth, Money>> {
  const { rows } = await sql<{ fee_month: CivilDate; amount: string }>`
    select fee_month, sum(total_amount)::text as amount from bills group by fee_month order by fee_month`.execute(db)
  return new Map(rows.map((row) => [monthOf(row.fee_month), money(row.amount)]))
}

/** The last day of use that is billed, by account: dated changes may not lie on or before it (decision 19). */
export async function lastBilledDays(
  db: Db | Trx,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, CivilDate>> {
  const { rows } = await sql<{ account_id: AccountId; day: CivilDate }>`
    select b.account_id, max(l.used_until) - 1 as day from bills b join bill_lines l on l.bill_id = b.id
    where b.account_id = any(${accountIds}::bigint[]) and b.kind in ('original', 'rebill')
      and not exists (select from bills r where r.corrects_bill_id = b.id and r.kind = 'red')
    group by b.account_id`.execute(db)
  return new Map(rows.map((row) => [row.account_id, row.day]))
}

/** An account that a run does not bill. */
export interface RunException {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly holderName: string
  readonly status: 'held' | 'exempt'
  readonly reason: ExceptionReason
}

/** The name on the roster `e`; of an account `a` that was closed in the month, and is not on it, that of its last holder. */
export const nameInRun = sql<string>`coalesce(e.discharger_name, (select d.name from account_holders h
  join dischargers d on d.id = h.discharger_id where h.account_id = a.id order by h.valid_from desc, h.id desc limit 1))`

/**
 * Accounts held or exempt in a run with their reasons: while it is open from the draft, afterwards from what was frozen.
 * In order of account number, or a page of them in order of account.
 */
export async function runExceptions(
  db: Db | Trx,
  run: BillRun,
  filter: { readonly status?: 'held' | 'exempt' } & (
    | { readonly limit: number; readonly page?: undefined }
    | { readonly page: Page<readonly [string]> }
  ),
): Promise<RunException[]> {
  const { page } = filter
  const order =
    page === undefined
      ? sql`x.status desc, a.account_no collate "C" limit ${filter.limit}`
      : sql`x.account_id limit ${page.limit}`
  const source =
    run.state === 'issued'
      ? sql`(select run_id, account_id, status, reason from bill_run_exceptions)`
      : sql`(select run_id, account_id, status, reason from bill_drafts where status <> 'billed')`
  const { rows } = await sql<{
    account_id: AccountId
    account_no: string
    name: string
    status: 'held' | 'exempt'
    reason: ExceptionReason
  }>`
    select x.account_id, a.account_no, ${nameInRun} as name, x.status, x.reason from ${source} x join accounts a on a.id = x.account_id
      left join roster_entries e on e.version_id = ${run.rosterVersionId}::bigint and e.collector_id = a.collector_id and e.account_no = a.account_no
    where x.run_id = ${run.runId}::bigint and (${filter.status ?? null}::text is null or x.status = ${filter.status ?? null})
      and ${behind(['x.account_id'], page?.after)}
    order by ${order}`.execute(db)
  return rows.map((row) => ({
    accountId: row.account_id,
    accountNo: row.account_no,
    holderName: row.name ?? '—',
    status: row.status,
    reason: row.reason,
  }))
}
export interface ExceptionReason {
  readonly reasons?: readonly {
    readonly code: string
    readonly parameters: Readonly<Record<string, string | number>>
  }[]
  readonly basis?: VolumeBasisKind
  readonly evidence?: string
  readonly clause?: string
}
