import { type RawBuilder, sql } from 'kysely'
import { numberOfBillId } from '../bills/bill.ts'
import { type CivilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { addMoney, type Money, money, zeroMoney } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind } from '../platform/page.ts'
import { type AgeBucket, ageBucket, ageBuckets, daysOverdue } from './overdue.rules.ts'
import type { AllocationBasis, LapseReason, PaidFrom, Payment, PaymentChannel } from './payment.ts'
import { readReference } from './reference.rules.ts'

export interface PaymentFilter {
  readonly paymentId?: string | undefined
  readonly reference?: string | undefined
  readonly collectorCode?: string | undefined
  readonly accountId?: AccountId | undefined
  readonly dischargerId?: DischargerId | undefined
  readonly paidFrom?: CivilDate | undefined
  readonly paidUntil?: CivilDate | undefined
  /** Keyset: payments with a smaller number. */
  readonly before?: PaymentId | undefined
  readonly limit: number
}

/** Payments newest first, with what became of them; a page at a time. */
export async function listPayments(db: Db | Trx, filter: PaymentFilter): Promise<Payment[]> {
  const conditions = [sql`true`]
  if (filter.paymentId !== undefined) conditions.push(sql`p.id = ${filter.paymentId}::bigint`)
  // Asked for as a person types it, kept in the one form that files have it in.
  const reference = filter.reference === undefined ? undefined : readReference(filter.reference)
  if (reference !== undefined) conditions.push(isRefusal(reference) ? sql`false` : sql`p.reference = ${reference}`)
  if (filter.collectorCode !== undefined)
    conditions.push(sql`p.collector_id = (select id from collectors where code = ${filter.collectorCode})`)
  if (filter.accountId !== undefined) conditions.push(sql`p.account_id = ${filter.accountId}::bigint`)
  if (filter.dischargerId !== undefined) conditions.push(sql`p.discharger_id = ${filter.dischargerId}::bigint`)
  if (filter.paidFrom !== undefined) conditions.push(sql`p.paid_on >= ${filter.paidFrom}::date`)
  if (filter.paidUntil !== undefined) conditions.push(sql`p.paid_on < ${filter.paidUntil}::date`)
  if (filter.before !== undefined) conditions.push(sql`p.id < ${filter.before}::bigint`)
  const { rows } = await sql<{
    id: PaymentId
    channel: PaymentChannel
    collector_code: string | null
    reference: string
    account_id: AccountId | null
    account_no: string | null
    discharger_id: DischargerId
    discharger_name: string
    paid_on: CivilDate
    recorded_on: CivilDate
    amount: string
    method: string | null
    reversed_on: CivilDate | null
    refunded: string
    allocated: string
    remaining: string
  }>`
    select p.id, p.channel, c.code as collector_code, p.reference, p.account_id, a.account_no, p.discharger_id,
      d.name as discharger_name, p.paid_on, p.recorded_on, p.amount, p.method, v.reversed_on,
      (select coalesce(sum(r.amount), 0.00)::text from refunds r where r.payment_id = p.id) as refunded,
      (select coalesce(sum(x.amount), 0.00)::text from allocations x where x.payment_id = p.id
        and not exists (select from allocation_lapses l where l.allocation_id = x.id)) as allocated,
      coalesce(k.remaining, 0.00)::text as remaining
    from payments p join dischargers d on d.id = p.discharger_id left join collectors c on c.id = p.collector_id
      left join accounts a on a.id = p.account_id left join payment_reversals v on v.payment_id = p.id
      left join credits k on k.payment_id = p.id
    where ${sql.join(conditions, sql` and `)} order by p.id desc limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({
    paymentId: row.id,
    channel: row.channel,
    collectorCode: row.collector_code,
    reference: row.reference,
    accountId: row.account_id,
    accountNo: row.account_no,
    dischargerId: row.discharger_id,
    dischargerName: row.discharger_name,
    paidOn: row.paid_on,
    recordedOn: row.recorded_on,
    amount: money(row.amount),
    method: row.method,
    reversedOn: row.reversed_on,
    refunded: money(row.refunded),
    allocated: money(row.allocated),
    remaining: money(row.remaining),
  }))
}

export interface AllocationLine {
  readonly bill: string
  readonly amount: Money
  readonly basis: AllocationBasis
  readonly allocatedOn: CivilDate
  readonly lapsed: { readonly reason: LapseReason; readonly on: CivilDate } | undefined
}

/** What a payment paid, lapsed allocations included, in the order it happened. */
export async function allocationsOf(db: Db | Trx, paymentId: PaymentId): Promise<AllocationLine[]> {
  const { rows } = await sql<{
    bill_id: BillId
    amount: string
    basis: AllocationBasis
    allocated_on: CivilDate
    reason: LapseReason | null
    lapsed_on: CivilDate | null
  }>`
    select a.bill_id, a.amount, a.basis, a.allocated_on, l.reason, l.lapsed_on
    from allocations a left join allocation_lapses l on l.allocation_id = a.id
    where a.payment_id = ${paymentId}::bigint order by a.id`.execute(db)
  return rows.map((row) => ({
    bill: numberOfBillId(row.bill_id),
    amount: money(row.amount),
    basis: row.basis,
    allocatedOn: row.allocated_on,
    lapsed: row.reason === null || row.lapsed_on === null ? undefined : { reason: row.reason, on: row.lapsed_on },
  }))
}

/** Whose items or credits are asked for. */
export interface PayerFilter {
  readonly collectorCode?: string | undefined
  readonly accountId?: AccountId | undefined
  readonly dischargerId?: DischargerId | undefined
}

const ofPayer = (alias: 'o' | 'k', { collectorCode, accountId, dischargerId }: PayerFilter): RawBuilder<unknown>[] => [
  ...(accountId === undefined ? [] : [sql`${sql.ref(`${alias}.account_id`)} = ${accountId}::bigint`]),
  ...(dischargerId === undefined ? [] : [sql`${sql.ref(`${alias}.discharger_id`)} = ${dischargerId}::bigint`]),
  ...(collectorCode === undefined ? [] : [sql`c.code = ${collectorCode}`]),
]

export interface CreditLine {
  readonly paymentId: PaymentId
  readonly reference: string
  readonly accountNo: string | null
  readonly dischargerName: string
  readonly paidOn: CivilDate
  readonly remaining: Money
}

/** Payments of which something is unused, oldest first; a page at a time. */
export async function listCredits(
  db: Db | Trx,
  filter: PayerFilter & {
    readonly after?: readonly [paidOn: CivilDate, paymentId: PaymentId] | undefined
    readonly limit: number
  },
): Promise<CreditLine[]> {
  const { rows } = await sql<Omit<CreditLine, 'remaining'> & { remaining: string }>`
    select k.payment_id as "paymentId", p.reference, a.account_no as "accountNo", d.name as "dischargerName",
      k.paid_on as "paidOn", k.remaining::text
    from credits k join payments p on p.id = k.payment_id join dischargers d on d.id = k.discharger_id
      left join accounts a on a.id = k.account_id left join collectors c on c.id = p.collector_id
    where ${sql.join([behind(['k.paid_on', 'k.payment_id'], filter.after), ...ofPayer('k', filter)], sql` and `)}
    order by k.paid_on, k.payment_id limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({ ...row, remaining: money(row.remaining) }))
}

/** A bill with what it still asks for. */
export interface ItemLine {
  readonly bill: string
  readonly billId: BillId
  readonly accountNo: string
  readonly dischargerName: string
  readonly feeMonth: FeeMonth
  readonly dueOn: CivilDate
  readonly payable: Money
  readonly outstanding: Money
}

interface ItemRow {
  readonly bill_id: BillId
  readonly account_no: string
  readonly discharger_name: string
  readonly fee_month: CivilDate
  readonly due_on: CivilDate
  readonly payable: string
  readonly outstanding: string
}

function itemLine(row: ItemRow): ItemLine {
  return {
    bill: numberOfBillId(row.bill_id),
    billId: row.bill_id,
    accountNo: row.account_no,
    dischargerName: row.discharger_name,
    feeMonth: monthOf(row.fee_month),
    dueOn: row.due_on,
    payable: money(row.payable),
    outstanding: money(row.outstanding),
  }
}

const itemNames = sql`
  join accounts a on a.id = o.account_id join collectors c on c.id = a.collector_id join dischargers d on d.id = o.discharger_id`

/** What is outstanding now, by due date; a page at a time. */
export async function listOutstanding(
  db: Db | Trx,
  filter: PayerFilter & {
    readonly after?: { readonly dueOn: CivilDate; readonly billId: BillId }
    readonly limit: number
  },
): Promise<ItemLine[]> {
  const after =
    filter.after === undefined
      ? []
      : [sql`(o.due_on, o.bill_id) > (${filter.after.dueOn}::date, ${filter.after.billId}::bigint)`]
  const { rows } = await sql<ItemRow>`
    select o.bill_id, a.account_no, d.name as discharger_name, o.fee_month, o.due_on, o.payable::text, o.outstanding::text
    from open_items o ${itemNames}
    where ${sql.join([sql`o.outstanding > 0`, ...ofPayer('o', filter), ...after], sql` and `)}
    order by o.due_on, o.bill_id limit ${filter.limit}`.execute(db)
  return rows.map(itemLine)
}

/** How many bills have something outstanding now, and how much, in yuan. */
export async function totalOutstanding(db: Db | Trx, filter: PayerFilter): Promise<{ bills: number; amount: Money }> {
  const { rows } = await sql<{ bills: number; amount: string }>`
    select count(*)::int as bills, coalesce(sum(o.outstanding), 0.00)::text as amount
    from open_items o ${filter.collectorCode === undefined ? sql`` : itemNames}
    where ${sql.join([sql`o.outstanding > 0`, ...ofPayer('o', filter)], sql` and `)}`.execute(db)
  return { bills: rows[0]?.bills ?? 0, amount: money(rows[0]?.amount ?? '0.00') }
}

export interface OverdueLine extends ItemLine {
  readonly days: number
  readonly bucket: AgeBucket
}

/**
 * Items unpaid at the end of a day after their due date, as `unpaidOn` says. Looked for among what is open now and what
 * was paid late after that day: each part by its own index, for past days as for today.
 */
export const overdueOn = (asOf: CivilDate) => sql`
  select o.bill_id, o.account_id, o.discharger_id, o.fee_month, o.due_on, o.payable, o.payable - coalesce(paid.amount, 0) as outstanding
  from (
    select * from open_items where outstanding > 0 and due_on < ${asOf}::date
    union all
    select * from open_items where settled_on > due_on and settled_on > ${asOf}::date and due_on < ${asOf}::date
  ) o left join lateral (
    select sum(x.amount) as amount from allocations x join payments p on p.id = x.payment_id
      left join allocation_lapses l on l.allocation_id = x.id left join payment_reversals v on v.payment_id = p.id
    where x.bill_id = o.bill_id and p.paid_on <= ${asOf}::date
      and (l.allocation_id is null or (l.reason = 'payment_reversed' and v.reversed_on > ${asOf}::date))) paid on true
  where o.payable > coalesce(paid.amount, 0)`

/** What was overdue at the end of a day, longest first; a page at a time. Amounts as of that day, in yuan. */
export async function listOverdue(
  db: Db | Trx,
  asOf: CivilDate,
  filter: PayerFilter & {
    readonly after?: { readonly dueOn: CivilDate; readonly billId: BillId }
    readonly limit: number
  },
): Promise<OverdueLine[]> {
  const after =
    filter.after === undefined
      ? []
      : [sql`(o.due_on, o.bill_id) > (${filter.after.dueOn}::date, ${filter.after.billId}::bigint)`]
  const { rows } = await sql<ItemRow>`
    select o.bill_id, a.account_no, d.name as discharger_name, o.fee_month, o.due_on, o.payable::text, o.outstanding::text
    from (${overdueOn(asOf)}) o ${itemNames}
    where ${sql.join([sql`true`, ...ofPayer('o', filter), ...after], sql` and `)}
    order by o.due_on, o.bill_id limit ${filter.limit}`.execute(db)
  return rows.map((row) => {
    const days = daysOverdue(row.due_on, asOf)
    return { ...itemLine(row), days, bucket: ageBucket(days) ?? '1-30' }
  })
}

export interface AgeClass {
  readonly bucket: AgeBucket
  readonly bills: number
  readonly amount: Money
}

/** What was overdue at the end of a day, by age class. */
export async function ageing(db: Db | Trx, asOf: CivilDate, filter: PayerFilter = {}): Promise<AgeClass[]> {
  const { rows } = await sql<{ due_on: CivilDate; bills: number; amount: string }>`
    select o.due_on, count(*)::int as bills, sum(o.outstanding)::text as amount
    from (${overdueOn(asOf)}) o ${filter.collectorCode === undefined ? sql`` : itemNames}
    where ${sql.join([sql`true`, ...ofPayer('o', filter)], sql` and `)} group by o.due_on`.execute(db)
  return ageBuckets.map((bucket) => {
    const within = rows.filter((row) => ageBucket(daysOverdue(row.due_on, asOf)) === bucket)
    return {
      bucket,
      bills: within.reduce((bills, row) => bills + row.bills, 0),
      amount: within.length === 0 ? zeroMoney : addMoney(within.map((row) => money(row.amount))),
    }
  })
}

/** Where a payment came from, where that was stated. */
export async function sourceOfPayment(db: Db | Trx, paymentId: PaymentId): Promise<PaidFrom | undefined> {
  const { rows } = await sql<PaidFrom>`
    select account, bank from payment_sources where payment_id = ${paymentId}::bigint`.execute(db)
  return rows[0]
}
