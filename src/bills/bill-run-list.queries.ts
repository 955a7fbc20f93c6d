import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { AccountId, BillRunId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { VolumeBasisKind } from '../volumes/volume-basis.ts'
import { type BillRun, type ExceptionReason, nameInRun } from './bill.queries.ts'
import { billTables } from './bill.tables.ts'
import type { BillKind, BillLine, Derivation } from './bill.ts'

/** One row of the list of runs. */
export interface RunListRow {
  readonly id: string
  readonly fee_month: CivilDate
  readonly purpose: 'regular' | 'supplementary'
  readonly maker_name: string
  readonly state: BillRun['state']
  readonly bill_count: number | null
  readonly total_amount: string | null
  readonly issued_on: CivilDate | null
}

/** The runs that fit, without order and limit. */
export function runRows({ month }: { readonly month?: FeeMonth }): RawBuilder<RunListRow> {
  return sql<RunListRow>`
    select r.id, r.fee_month, r.purpose, s.name as maker_name, i.bill_count, i.total_amount, i.issued_on,
      case when i.run_id is not null then 'issued' when o.run_id is not null then 'open' else 'discarded' end as state
    from bill_runs r join staff s on s.id = r.maker_id left join open_bill_runs o on o.run_id = r.id
      left join bill_issues i on i.run_id = r.id
    where ${month === undefined ? sql`true` : sql`r.fee_month = ${firstDay(month)}::date`}`
}

/** One account that a run does not bill. */
export interface ExceptionListRow {
  readonly account_id: AccountId
  readonly account_no: string
  readonly collector_code: string
  readonly holder_name: string | null
  readonly status: 'held' | 'exempt'
  readonly reason: ExceptionReason
}

/** Accounts held or exempt in a run, without order and limit: from the draft while it is open, then as they were frozen. */
export function exceptionRows(
  run: BillRun,
  { status, code, account }: { readonly status?: 'held' | 'exempt'; readonly code?: string; readonly account?: string },
): RawBuilder<ExceptionListRow> {
  const source = run.state === 'issued' ? sql`bill_run_exceptions` : sql`bill_drafts`
  return sql<ExceptionListRow>`
    select x.account_id, a.account_no, c.code as collector_code, ${nameInRun} as holder_name, x.status, x.reason
    from ${source} x join accounts a on a.id = x.account_id join collectors c on c.id = a.collector_id
      left join roster_entries e on e.version_id = ${run.rosterVersionId}::bigint and e.collector_id = a.collector_id
        and e.account_no = a.account_no
    where x.run_id = ${run.runId}::bigint and x.status ${status === undefined ? sql`<> 'billed'` : sql`= ${status}`}
      ${code === undefined ? sql`` : sql`and x.reason @> ${JSON.stringify({ reasons: [{ code }] })}::jsonb`}
      ${account === undefined ? sql`` : sql`and a.account_no = ${account}`}`
}

/** A drafted bill for a person to open before the run is approved. */
export interface DraftedBill {
  readonly kind: BillKind
  readonly accountId: AccountId
  readonly accountNo: string
  readonly dischargerName: string
  readonly volumeM3: string
  readonly amount: string
}

const draftedColumns = sql`
  d.kind, d.account_id as "accountId", a.account_no as "accountNo", p.name as "dischargerName",
  d.bill_volume_m3::text as "volumeM3", d.bill_amount::text as amount`
const draftedNames = sql`join accounts a on a.id = d.account_id join dischargers p on p.id = d.discharger_id`

/**
 * Bills of a draft spread over it, the same for the same digest: nobody chooses which are looked at, and whoever looks
 * again sees the same ones. Each is one look into the index, however large the run.
 */
export async function sampledBills(
  db: Db | Trx,
  runId: BillRunId,
  digest: string,
  count: number,
): Promise<DraftedBill[]> {
  const blocks = await billTables(db)
    .selectFrom('bill_draft_blocks')
    .select(['block_no', 'account_count'])
    .where('run_id', '=', runId)
    .orderBy('block_no')
    .execute()
  const found = new Map<string, DraftedBill>()
  for (let place = 0; place < count && blocks.length > 0; place += 1) {
    // Seven hexadecimal digits for each place: far more than a block has accounts.
    const number = Number.parseInt(`${digest}${digest}`.slice(place * 5, place * 5 + 7), 16)
    const share = Math.max(1, Math.floor(blocks.length / count))
    const block = blocks[(Math.floor((place * blocks.length) / count) + (number % share)) % blocks.length]
    if (block === undefined) continue
    const { rows } = await sql<DraftedBill>`
      select ${draftedColumns} from bill_drafts d ${draftedNames}
      where d.run_id = ${runId}::bigint and d.block_no = ${block.block_no} and d.line_no = 1 and d.status = 'billed'
        and d.position >= ${number % Math.max(block.account_count, 1)}
      order by d.position limit 1`.execute(db)
    for (const row of rows) found.set(row.accountId, row)
  }
  return [...found.values()]
}

/** The drafted bills of one account, each with its lines; none where the draft does not bill it or is gone. */
export async function draftedBills(
  db: Db | Trx,
  runId: BillRunId,
  accountId: string,
): Promise<readonly (DraftedBill & { readonly lines: readonly BillLine[] })[]> {
  // Blocks are cut in order of the accounts' numbers: that of the account is found without looking through the draft.
  const { rows } = await sql<
    DraftedBill & {
      position: number
      category_code: string
      schedule_id: BillLine['scheduleId']
      basis: VolumeBasisKind
      used_from: CivilDate
      used_until: CivilDate
      volume_m3: string
      line_amount: string
      derivation: Derivation
    }
  >`
    select d.position, ${draftedColumns}, d.category_code, d.schedule_id::text as schedule_id, d.basis, d.used_from, d.used_until,
      d.volume_m3, d.amount as line_amount, d.derivation
    from bill_drafts d ${draftedNames}
    where d.run_id = ${runId}::bigint and d.account_id = ${accountId}::bigint and d.status = 'billed' and d.block_no = (
      select b.block_no from bill_draft_blocks b join accounts x on x.id = ${accountId}::bigint
      where b.run_id = ${runId}::bigint and (b.last_collector_id, b.last_account_no) >= (x.collector_id, x.account_no)
      order by b.block_no limit 1)
    order by d.position, d.line_no`.execute(db)
  const bills = new Map<number, DraftedBill & { lines: BillLine[] }>()
  for (const row of rows) {
    const { kind, accountNo, dischargerName, volumeM3, amount } = row
    const bill = bills.get(row.position) ?? {
      kind,
      accountId: row.accountId,
      accountNo,
      dischargerName,
      // The totals of a bill stand on its first line.
      volumeM3,
      amount,
      lines: [],
    }
    bills.set(row.position, bill)
    bill.lines.push({
      categoryCode: row.category_code,
      scheduleId: row.schedule_id,
      basis: row.basis,
      used: { from: row.used_from, until: row.used_until },
      volumeM3: volume(row.volume_m3),
      amount: money(row.line_amount),
      derivation: row.derivation,
    })
  }
  return [...bills.values()]
}

/** What became of a run that was given up: why, and by whom. */
export async function discardOf(
  db: Db | Trx,
  runId: BillRunId,
): Promise<{ readonly reason: string; readonly by: string; readonly at: Date } | undefined> {
  const { rows } = await sql<{ reason: string; by: string; at: Date }>`
    select d.reason, s.name as by, c.recorded_at as at from bill_run_discards d
      join commands c on c.command_id = d.command_id join staff s on s.id = c.actor_id
    where d.run_id = ${runId}::bigint`.execute(db)
  return rows[0]
}

/** The census that was frozen when a run was issued. */
export async function censusOf(
  db: Db | Trx,
  runId: BillRunId,
): Promise<
  { readonly roster: number; readonly billed: number; readonly held: number; readonly exempt: number } | undefined
> {
  const { rows } = await sql<{ roster: number; billed: number; held: number; exempt: number }>`
    select roster_count as roster, billed_count as billed, held_count as held, exempt_count as exempt
    from bill_run_censuses where run_id = ${runId}::bigint`.execute(db)
  return rows[0]
}
