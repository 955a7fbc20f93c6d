import { type RawBuilder, sql } from 'kysely'
import { numberOfBillId } from '../bills/bill.ts'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import type { BillId, ReceiptId } from '../kernel/ids.ts'
import { type Money, money } from '../kernel/money.ts'
import { billIdOfNumber } from '../payments/named-item.queries.ts'
import type { Db } from '../platform/database.ts'
import { inPeriod, type Period } from '../platform/period.ts'
import { liveReceipt } from './receipt.queries.ts'
import type { Receipt, ReceiptEvent } from './receipt.ts'
import { resultImportKind } from './result.reasons.ts'

/** One row of the list of receipts; its state follows from its events. */
export interface ReceiptListRow {
  readonly id: string
  readonly number_year: number
  readonly number: number
  readonly kind: Receipt['kind']
  readonly payer: string
  readonly amount: string
  readonly drafted_on: CivilDate
  readonly events: readonly ReceiptEvent[]
  readonly bill_code: string | null
  readonly bill_number: string | null
}

export interface ReceiptListFilter extends Period {
  readonly waiting?: 'draft' | 'asked' | 'ended'
  readonly payer?: string
  readonly payment?: string
}

const latest = sql`(select e.event from receipt_events e where e.receipt_id = r.id order by e.id desc limit 1)`

/** The state that its events lead to, as the rules of receipts have it: what rows are put in order by. */
const state = sql`coalesce((
  select case when e.event = 'requested' and exists (
    select from receipt_events f where f.receipt_id = r.id and f.event = 'refused' and f.id > e.id) then 'draft' else e.event end
  from receipt_events e where e.receipt_id = r.id and e.event not in ('refused', 'void_requested', 'reversal_requested')
  order by e.id desc limit 1), 'draft')`
const waits = sql`(select e.event from receipt_events e where e.receipt_id = r.id and e.event like '%requested'
  and e.id = (select max(f.id) from receipt_events f where f.receipt_id = r.id))`

/** The receipts that fit, without order and limit. */
export function receiptRows({ waiting, payer, payment, ...drafted }: ReceiptListFilter): RawBuilder<ReceiptListRow> {
  const conditions = [inPeriod(sql`r.drafted_on`, drafted)]
  if (payer !== undefined)
    conditions.push(sql`r.discharger_id in (select x.id from dischargers x where x.code = ${payer})`)
  if (payment !== undefined) conditions.push(sql`r.payment_id = ${payment}::bigint`)
  if (waiting === 'draft')
    conditions.push(
      sql`${liveReceipt} and not exists (select from receipt_codes c where c.receipt_id = r.id) and coalesce(${latest}, 'refused') = 'refused'`,
    )
  if (waiting === 'asked') conditions.push(sql`${latest} in ('requested', 'void_requested', 'reversal_requested')`)
  if (waiting === 'ended') conditions.push(sql`not ${liveReceipt}`)
  return sql<ReceiptListRow>`
    select r.id, r.number_year, r.number, r.kind, d.name as payer, r.amount, r.drafted_on, c.bill_code, c.bill_number,
      c.bill_code || ' ' || c.bill_number as official, ${state} as state, ${waits} as waits,
      (select coalesce(json_agg(e.event order by e.id), '[]') from receipt_events e where e.receipt_id = r.id) as events
    from receipts r join dischargers d on d.id = r.discharger_id left join receipt_codes c on c.receipt_id = r.id
    where ${sql.join(conditions, sql` and `)}`
}

/** A bill that a notice may ask for. */
export interface NoticeableBill {
  readonly bill: string
  readonly feeMonth: string
  readonly accountNo: string
  readonly outstanding: Money
  readonly dueOn: CivilDate
}

/** Bills of a payer, or of the payer of a bill, with something open and no live notice, by due date. */
export async function listNoticeable(
  db: Db,
  of: { readonly dischargerCode: string } | { readonly bill: string },
  limit: number,
): Promise<NoticeableBill[]> {
  const payer =
    'bill' in of
      ? sql`o.discharger_id = (select x.discharger_id from open_items x where x.bill_id = ${billIdOfNumber(of.bill) ?? null}::bigint)`
      : sql`o.discharger_id = (select x.id from dischargers x where x.code = ${of.dischargerCode})`
  const { rows } = await sql<{
    id: BillId
    fee_month: CivilDate
    account_no: string
    outstanding: string
    due_on: CivilDate
  }>`
    select o.bill_id as id, o.fee_month, a.account_no, o.outstanding::text, o.due_on
    from open_items o join accounts a on a.id = o.account_id
    where ${payer} and o.outstanding > 0 and not exists (
      select from receipt_parts p join receipts r on r.id = p.receipt_id
      where p.bill_id = o.bill_id and r.kind = 'notice' and ${liveReceipt})
    order by o.due_on, o.bill_id limit ${limit}`.execute(db)
  return rows.map((row) => ({
    bill: numberOfBillId(row.id),
    feeMonth: monthOf(row.fee_month),
    accountNo: row.account_no,
    outstanding: money(row.outstanding),
    dueOn: row.due_on,
  }))
}

/** What happened to a receipt, newest first. */
export async function receiptHistory(
  db: Db,
  receiptId: ReceiptId,
): Promise<
  readonly {
    readonly event: ReceiptEvent
    readonly event_on: CivilDate
    readonly actor: string
    readonly reason: string
  }[]
> {
  const { rows } = await sql<{ event: ReceiptEvent; event_on: CivilDate; actor: string; reason: string }>`
    select e.event, e.event_on, s.name as actor, e.reason from receipt_events e
      join commands c on c.command_id = e.command_id join staff s on s.id = c.actor_id
    where e.receipt_id = ${receiptId}::bigint order by e.id desc`.execute(db)
  return rows
}

/** Files of results that were taken in, newest first. */
export const resultImports = (db: Db, limit: number) => resultFiles(db, sql`order by i.id desc limit ${limit}`)

/** One of them, with what became of its rows. */
export const resultImport = async (db: Db, importId: string) =>
  (await resultFiles(db, sql`and i.id = ${importId}::bigint`))[0]

async function resultFiles(db: Db, which: RawBuilder<unknown>) {
  const { rows } = await sql<{
    id: string
    file_name: string
    acting_on: CivilDate
    rows_in: number
    rows_accepted: number
    rows_held: number
    rows_rejected: number
  }>`
    select i.id, i.file_name, c.acting_on, r.rows_in, r.rows_accepted, r.rows_held, r.rows_rejected
    from imports i join import_results r on r.import_id = i.id join commands c on c.command_id = i.command_id
    where i.kind = ${resultImportKind} ${which}`.execute(db)
  return rows
}
