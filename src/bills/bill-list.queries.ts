import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type BillKind, type CorrectionReason, numberOfBillId } from './bill.ts'

/** One row of the list of bills. */
export interface BillListRow {
  readonly id: BillId
  readonly number_year: number
  readonly number: number
  readonly kind: BillKind
  readonly fee_month: CivilDate
  readonly due_on: CivilDate
  readonly volume_m3: string
  readonly total_amount: string
  readonly account_no: string
  readonly discharger_name: string
  readonly collector_name: string
  readonly cancelled: boolean
}

export interface BillListFilter {
  readonly month?: FeeMonth
  readonly account?: string
  /** The code of the discharger it is addressed to. */
  readonly discharger?: string
  readonly kind?: BillKind
  readonly run?: string
}

/** The bills that fit, without order and limit, with what a later stage reads of how each bill `b` stands. */
export function billRows(
  filter: BillListFilter,
  standing: RawBuilder<string | null>,
): RawBuilder<BillListRow & { readonly standing: string | null }> {
  return sql<BillListRow & { readonly standing: string | null }>`
    select b.id, b.number_year, b.number, b.kind, b.fee_month, b.due_on, b.volume_m3, b.total_amount, a.account_no,
      d.name as discharger_name, k.name as collector_name,
      exists (select from bills r where r.corrects_bill_id = b.id and r.kind = 'red') as cancelled,
      ${standing} as standing
    from bills b join accounts a on a.id = b.account_id join collectors k on k.id = a.collector_id
      join dischargers d on d.id = b.discharger_id
    where ${conditionsOf(filter)}`
}

/** As many rows, without the names. */
export function billRowsCounted(filter: BillListFilter): RawBuilder<unknown> {
  return sql`select from bills b where ${conditionsOf(filter)}`
}

/** The sums of the bills that fit. */
export async function billSums(
  db: Db | Trx,
  filter: BillListFilter,
): Promise<{ readonly volume_m3: string; readonly total_amount: string }> {
  const { rows } = await sql<{ volume_m3: string; total_amount: string }>`
    select coalesce(sum(b.volume_m3), 0)::text as volume_m3, coalesce(sum(b.total_amount), 0.00)::text as total_amount
    from bills b where ${conditionsOf(filter)}`.execute(db)
  return rows[0] ?? { volume_m3: '0', total_amount: '0.00' }
}

function conditionsOf({ month, account, discharger, kind, run }: BillListFilter): RawBuilder<unknown> {
  const conditions = [sql`true`]
  if (month !== undefined) conditions.push(sql`b.fee_month = ${firstDay(month)}::date`)
  if (account !== undefined) {
    conditions.push(sql`b.account_id in (select x.id from accounts x where x.account_no = ${account})`)
  }
  if (discharger !== undefined) {
    conditions.push(sql`b.discharger_id in (select x.id from dischargers x where x.code = ${discharger})`)
  }
  if (kind !== undefined) conditions.push(sql`b.kind = ${kind}`)
  if (run !== undefined) {
    conditions.push(sql`b.issue_id in (select x.id from bill_issues x where x.run_id = ${run}::bigint)`)
  }
  return sql.join(conditions, sql` and `)
}

/** Bills that correct a bill: its full negative, adjustments, what it was billed anew as. */
export async function relatedBills(
  db: Db | Trx,
  billId: BillId,
): Promise<
  readonly {
    readonly number: string
    readonly kind: BillKind
    readonly amount: string
    readonly issuedOn: CivilDate
    readonly reason: CorrectionReason
    readonly evidence: string
  }[]
> {
  const { rows } = await sql<{
    id: BillId
    kind: BillKind
    amount: string
    issued_on: CivilDate
    reason: CorrectionReason
    evidence: string
  }>`
    select b.id, b.kind, b.total_amount::text as amount, i.issued_on, b.reason, b.evidence
    from bills b join bill_issues i on i.id = b.issue_id where b.corrects_bill_id = ${billId}::bigint order by b.id`.execute(
    db,
  )
  return rows.map(({ id, issued_on: issuedOn, ...row }) => ({ ...row, number: numberOfBillId(id), issuedOn }))
}

/** The names of payers by their ids. */
export async function payerNames(db: Db | Trx, dischargerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id::text, name from dischargers where id = any(${[...dischargerIds]}::bigint[])`.execute(db)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
