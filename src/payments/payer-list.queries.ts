import { type RawBuilder, sql } from 'kysely'
import type { BillKind } from '../bills/bill.ts'
import { numberOfBillId } from '../bills/bill.ts'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import type { BillId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { type Money, money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import { inPeriod, type Period } from '../platform/period.ts'
import type { PaymentChannel } from './payment.ts'

/** A bill as its payer sees it in a list: with what of it is still to be paid. */
export interface PayerBillRow {
  readonly id: BillId
  readonly number_year: number
  readonly number: number
  readonly kind: BillKind
  readonly fee_month: CivilDate
  readonly issued_on: CivilDate
  readonly due_on: CivilDate
  readonly volume_m3: string
  readonly total_amount: string
  readonly account_no: string
  readonly payer: string
  readonly cancelled: boolean
  /** Null where the bill asks for no money. */
  readonly outstanding: string | null
}

const cancelled = sql`exists (select from bills r where r.corrects_bill_id = b.id and r.kind = 'red')`

/** The bills of some payers, without order and limit. */
export function payerBillRows(
  dischargers: readonly DischargerId[],
  today: CivilDate,
  filter: { readonly month?: FeeMonth | undefined; readonly unpaid?: boolean } = {},
): RawBuilder<PayerBillRow> {
  return sql<PayerBillRow>`
    select b.id, b.number_year, b.number, b.kind, b.fee_month, i.issued_on, b.due_on, b.volume_m3, b.total_amount,
      a.account_no, d.name as payer, o.outstanding,
      ${cancelled} as cancelled, case when ${cancelled} then 'cancelled' when o.outstanding is null then 'nothing to pay'
        when o.outstanding = 0 then 'paid' when b.due_on < ${today}::date then 'overdue'
        when o.outstanding = b.total_amount then 'to pay' else 'part-paid' end as state
    from bills b join bill_issues i on i.id = b.issue_id join accounts a on a.id = b.account_id
      join dischargers d on d.id = b.discharger_id left join open_items o on o.bill_id = b.id
    where b.discharger_id = any(${dischargers}::bigint[])
      and ${filter.month === undefined ? sql`true` : sql`b.fee_month = ${firstDay(filter.month)}::date`}
      and ${filter.unpaid ? sql`o.outstanding > 0` : sql`true`}`
}

/** One bill of some payers that is not paid in full. */
export interface OwedBill {
  readonly billId: BillId
  readonly number: string
  readonly payer: string
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  readonly dueOn: CivilDate
  readonly payable: Money
  readonly outstanding: Money
}

/** Everything some payers still owe now, the first due first. */
export async function owedBills(db: Db | Trx, dischargers: readonly DischargerId[]): Promise<OwedBill[]> {
  const { rows } = await sql<{
    bill_id: BillId
    payer: string
    account_no: string
    fee_month: CivilDate
    due_on: CivilDate
    payable: string
    outstanding: string
  }>`
    select o.bill_id, d.name as payer, a.account_no, o.fee_month, o.due_on, o.payable::text, o.outstanding::text
    from open_items o join accounts a on a.id = o.account_id join dischargers d on d.id = o.discharger_id
    where o.discharger_id = any(${dischargers}::bigint[]) and o.outstanding > 0
    order by o.due_on, o.bill_id`.execute(db)
  return rows.map((row) => ({
    billId: row.bill_id,
    number: numberOfBillId(row.bill_id),
    payer: row.payer,
    accountNo: row.account_no,
    feeMonth: monthOf(row.fee_month),
    dueOn: row.due_on,
    payable: money(row.payable),
    outstanding: money(row.outstanding),
  }))
}

/** What was paid for one bill and counts: by which payment, when. */
export interface BillPayment {
  readonly paymentId: PaymentId
  readonly reference: string
  readonly paidOn: CivilDate
  readonly amount: Money
}

export async function paymentsForBill(db: Db | Trx, billId: BillId): Promise<BillPayment[]> {
  const { rows } = await sql<{ payment_id: PaymentId; reference: string; paid_on: CivilDate; amount: string }>`
    select p.id as payment_id, p.reference, p.paid_on, x.amount::text
    from allocations x join payments p on p.id = x.payment_id
    where x.bill_id = ${billId}::bigint and not exists (select from allocation_lapses l where l.allocation_id = x.id)
    order by p.paid_on, x.id`.execute(db)
  return rows.map((row) => ({
    paymentId: row.payment_id,
    reference: row.reference,
    paidOn: row.paid_on,
    amount: money(row.amount),
  }))
}

/** What a bill asks for and what of it is open; undefined for one that asks for no money. */
export async function openItemOf(
  db: Db | Trx,
  billId: BillId,
): Promise<{ readonly payable: Money; readonly outstanding: Money } | undefined> {
  const { rows } = await sql<{ payable: string; outstanding: string }>`
    select payable::text, outstanding::text from open_items where bill_id = ${billId}::bigint`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : { payable: money(row.payable), outstanding: money(row.outstanding) }
}

/** A payment as its payer sees it in a list. */
export interface PayerPaymentRow {
  readonly id: PaymentId
  readonly paid_on: CivilDate
  readonly channel: PaymentChannel
  readonly collector_name: string | null
  readonly reference: string
  readonly account_no: string | null
  readonly payer: string
  readonly amount: string
  readonly allocated: string
  readonly refunded: string
  readonly remaining: string
  readonly reversed_on: CivilDate | null
}

/** The payments of some payers, without order and limit. */
export function payerPaymentRows(
  dischargers: readonly DischargerId[],
  { account, ...paid }: Period & { readonly account?: string | undefined } = {},
): RawBuilder<PayerPaymentRow> {
  return sql<PayerPaymentRow>`
    select p.id, p.paid_on, p.channel, c.name as collector_name, p.reference, a.account_no, d.name as payer, p.amount,
      (select coalesce(sum(x.amount), 0.00)::text from allocations x where x.payment_id = p.id
        and not exists (select from allocation_lapses l where l.allocation_id = x.id)) as allocated,
      (select coalesce(sum(r.amount), 0.00)::text from refunds r where r.payment_id = p.id) as refunded,
      coalesce(k.remaining, 0.00) as remaining, v.reversed_on,
      case when v.payment_id is not null then 'reversed' when k.remaining > 0 then 'with credit' else 'used' end as state
    from payments p join dischargers d on d.id = p.discharger_id left join collectors c on c.id = p.collector_id
      left join accounts a on a.id = p.account_id left join payment_reversals v on v.payment_id = p.id
      left join credits k on k.payment_id = p.id
    where p.discharger_id = any(${dischargers}::bigint[]) and ${inPeriod(sql`p.paid_on`, paid)}
      and ${account === undefined ? sql`true` : sql`a.account_no = ${account}`}`
}

/** What some payers paid that no bill has used yet. */
export async function creditOf(db: Db | Trx, dischargers: readonly DischargerId[]): Promise<Money> {
  const { rows } = await sql<{ amount: string }>`
    select coalesce(sum(remaining), 0.00)::text as amount from credits
    where discharger_id = any(${dischargers}::bigint[])`.execute(db)
  return money(rows[0]?.amount ?? '0.00')
}
