import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import type { BillId, PaymentId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import { inPeriod, type Period } from '../platform/period.ts'
import type { RowDecisionName } from '../platform/row-decisions.ts'
import { type AgeBucket, ageBuckets } from './overdue.rules.ts'
import type { PayerFilter } from './payment.queries.ts'
import { overdueOn } from './payment.queries.ts'
import type { AllocationBasis, LapseReason, PaymentChannel } from './payment.ts'
import type { PaymentTexts } from './payment-columns.ts'

// The lists of the office: without order and limit, which the page adds.

/** One row of the list of payments. */
export interface PaymentListRow {
  readonly id: PaymentId
  readonly reference: string
  readonly channel: PaymentChannel
  readonly collector_name: string | null
  readonly account_no: string | null
  readonly discharger_name: string
  readonly paid_on: CivilDate
  readonly amount: string
  readonly method: string | null
  readonly reversed_on: CivilDate | null
  readonly remaining: string
}

export interface PaymentListFilter extends PayerFilter {
  readonly reference?: string | undefined
  readonly from?: CivilDate | undefined
  /** This day included. */
  readonly to?: CivilDate | undefined
  readonly importId?: string | undefined
}

export function paymentRows(filter: PaymentListFilter): RawBuilder<PaymentListRow> {
  return sql<PaymentListRow>`
    select p.id, p.reference, p.channel, c.name as collector_name, a.account_no, d.name as discharger_name, p.paid_on, p.amount,
      p.method, v.reversed_on, coalesce(k.remaining, 0.00) as remaining,
      case when v.payment_id is not null then 'reversed' when k.remaining > 0 then 'with credit' else 'allocated' end as state
    from payments p join dischargers d on d.id = p.discharger_id left join collectors c on c.id = p.collector_id
      left join accounts a on a.id = p.account_id left join payment_reversals v on v.payment_id = p.id
      left join credits k on k.payment_id = p.id
    where ${conditionsOf(filter)}`
}

/** As many rows, without the names. */
export const paymentRowsCounted = (filter: PaymentListFilter): RawBuilder<unknown> =>
  sql`select from payments p where ${conditionsOf(filter)}`

/** What was paid by the payments that fit, and what of it is unused. Reversed ones are in neither. */
export async function paymentSums(
  db: Db | Trx,
  filter: PaymentListFilter,
): Promise<{ readonly amount: string; readonly remaining: string }> {
  const { rows } = await sql<{ amount: string; remaining: string }>`
    select coalesce(sum(p.amount) filter (where v.payment_id is null), 0.00)::text as amount,
      coalesce(sum(k.remaining), 0.00)::text as remaining
    from payments p left join payment_reversals v on v.payment_id = p.id left join credits k on k.payment_id = p.id
    where ${conditionsOf(filter)}`.execute(db)
  return rows[0] ?? { amount: '0.00', remaining: '0.00' }
}

function conditionsOf(filter: PaymentListFilter): RawBuilder<unknown> {
  const conditions = [sql`true`]
  if (filter.reference !== undefined) {
    // One look into the index for each collector, and one for the treasury.
    conditions.push(sql`p.id in (
      select t.id from payments t where t.channel = 'treasury' and t.reference = ${filter.reference}
      union all
      select t.id from collectors k join payments t on t.collector_id = k.id and t.channel = 'collector'
        and t.reference = ${filter.reference})`)
  }
  if (filter.collectorCode !== undefined)
    conditions.push(sql`p.collector_id = (select id from collectors where code = ${filter.collectorCode})`)
  if (filter.accountId !== undefined) conditions.push(sql`p.account_id = ${filter.accountId}::bigint`)
  if (filter.dischargerId !== undefined) conditions.push(sql`p.discharger_id = ${filter.dischargerId}::bigint`)
  if (filter.from !== undefined) conditions.push(sql`p.paid_on >= ${filter.from}::date`)
  if (filter.to !== undefined) conditions.push(sql`p.paid_on <= ${filter.to}::date`)
  if (filter.importId !== undefined) conditions.push(sql`p.import_id = ${filter.importId}::bigint`)
  return sql.join(conditions, sql` and `)
}

/** Payments by their ids; unknown ids are left out. */
export async function paymentsById(db: Db | Trx, ids: readonly PaymentId[]): Promise<PaymentListRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<PaymentListRow>`${paymentRows({})} and p.id = any(${ids}::bigint[])`.execute(db)
  return rows
}

/** One payment of which something is unused. */
export interface CreditListRow {
  readonly payment_id: PaymentId
  readonly reference: string
  readonly collector_name: string | null
  readonly account_no: string | null
  readonly discharger_name: string
  readonly paid_on: CivilDate
  readonly remaining: string
}

export function creditRows(filter: PayerFilter): RawBuilder<CreditListRow> {
  return sql<CreditListRow>`
    select k.payment_id, p.reference, c.name as collector_name, a.account_no, d.name as discharger_name, k.paid_on, k.remaining
    from credits k join payments p on p.id = k.payment_id join dischargers d on d.id = k.discharger_id
      left join accounts a on a.id = k.account_id left join collectors c on c.id = p.collector_id
    where ${ofPayer('k', filter)}`
}

export async function creditSum(db: Db | Trx, filter: PayerFilter): Promise<string> {
  const { rows } = await sql<{ amount: string }>`
    select coalesce(sum(k.remaining), 0.00)::text as amount from credits k join payments p on p.id = k.payment_id
      left join collectors c on c.id = p.collector_id where ${ofPayer('k', filter)}`.execute(db)
  return rows[0]?.amount ?? '0.00'
}

const ofPayer = (alias: 'o' | 'k', { collectorCode, accountId, dischargerId }: PayerFilter): RawBuilder<unknown> =>
  sql.join(
    [
      sql`true`,
      ...(accountId === undefined ? [] : [sql`${sql.ref(`${alias}.account_id`)} = ${accountId}::bigint`]),
      ...(dischargerId === undefined ? [] : [sql`${sql.ref(`${alias}.discharger_id`)} = ${dischargerId}::bigint`]),
      ...(collectorCode === undefined ? [] : [sql`c.code = ${collectorCode}`]),
    ],
    sql` and `,
  )

/** One bill with what it still asks for. */
export interface ItemListRow {
  readonly bill_id: BillId
  readonly account_no: string
  readonly discharger_code: string
  readonly discharger_name: string
  readonly collector_name: string
  readonly fee_month: CivilDate
  readonly due_on: CivilDate
  readonly payable: string
  readonly outstanding: string
}

const itemColumns = sql`
  o.bill_id, a.account_no, d.code as discharger_code, d.name as discharger_name, c.name as collector_name, o.fee_month, o.due_on, o.payable, o.outstanding`
const itemNames = sql`
  join accounts a on a.id = o.account_id join collectors c on c.id = a.collector_id join dischargers d on d.id = o.discharger_id`

/** Bills with something outstanding now, due or not. */
export const outstandingRows = (filter: PayerFilter): RawBuilder<ItemListRow> =>
  sql<ItemListRow>`select ${itemColumns} from open_items o ${itemNames} where o.outstanding > 0 and ${ofPayer('o', filter)}`

/** What was overdue at the end of a day, of one age class or of all. */
export function overdueRows(
  asOf: CivilDate,
  { bucket, ...filter }: PayerFilter & { readonly bucket?: AgeBucket | undefined },
): RawBuilder<ItemListRow> {
  const [youngest, oldest] = daysOf(bucket)
  const days = sql`${asOf}::date - o.due_on`
  return sql<ItemListRow>`
    select ${itemColumns}, ${days} as days, width_bucket(${days}, ${youngestOfEach}::int[]) as age from (${overdueOn(asOf)}) o ${itemNames}
    where ${ofPayer('o', filter)} and o.due_on <= ${plusDays(asOf, -youngest)}::date
      ${oldest === undefined ? sql`` : sql`and o.due_on >= ${plusDays(asOf, -oldest)}::date`}`
}

const youngestOfEach = ageBuckets.map((bucket) => daysOf(bucket)[0])

/** The fewest and the most days of an age class. */
function daysOf(bucket: AgeBucket | undefined): readonly [youngest: number, oldest: number | undefined] {
  if (bucket === undefined) return [1, undefined]
  const [youngest = '1', oldest] = (ageBuckets.find((each) => each === bucket) ?? '1-30').split(/[-+]/)
  return [Number(youngest), oldest === '' || oldest === undefined ? undefined : Number(oldest)]
}

/** How many bills some rows are of, and what they ask for. */
export async function itemSums(
  db: Db | Trx,
  rows: RawBuilder<ItemListRow>,
): Promise<{ readonly bills: number; readonly payable: string; readonly outstanding: string }> {
  const { rows: sums } = await sql<{ bills: number; payable: string; outstanding: string }>`
    select count(*)::int as bills, coalesce(sum(payable), 0.00)::text as payable, coalesce(sum(outstanding), 0.00)::text as outstanding
    from (${rows}) r`.execute(db)
  return sums[0] ?? { bills: 0, payable: '0.00', outstanding: '0.00' }
}

/** What paid a bill, lapsed amounts included, in the order it happened. */
export interface PaidLine {
  readonly paymentId: PaymentId
  readonly reference: string
  readonly paidOn: CivilDate
  readonly amount: string
  readonly basis: AllocationBasis
  readonly allocatedOn: CivilDate
  readonly lapse: LapseReason | null
  readonly lapsedOn: CivilDate | null
}

export async function paidLines(db: Db | Trx, billId: BillId): Promise<PaidLine[]> {
  const { rows } = await sql<PaidLine>`
    select a.payment_id as "paymentId", p.reference, p.paid_on as "paidOn", a.amount::text, a.basis, a.allocated_on as "allocatedOn",
      l.reason as lapse, l.lapsed_on as "lapsedOn"
    from allocations a join payments p on p.id = a.payment_id left join allocation_lapses l on l.allocation_id = a.id
    where a.bill_id = ${billId}::bigint order by a.id`.execute(db)
  return rows
}

/** Why and by whom a payment was reversed, its refunds, and by whom it was entered. */
export interface PaymentEvent {
  readonly what: 'recorded' | 'reversed' | 'refunded'
  readonly on: CivilDate
  readonly at: Date
  readonly by: string
  readonly amount: string
  readonly more: string
  readonly importId: string | null
}

export async function paymentEvents(db: Db | Trx, paymentId: PaymentId): Promise<PaymentEvent[]> {
  const { rows } = await sql<PaymentEvent>`
    select e.what, e."on", c.recorded_at as at, s.name as by, e.amount::text, e.more, e.import_id as "importId" from (
      select 'recorded' as what, p.recorded_on as "on", p.amount, '' as more, p.import_id, coalesce(p.command_id, i.command_id) as command_id
        from payments p left join imports i on i.id = p.import_id where p.id = ${paymentId}::bigint
      union all
      select 'reversed', v.reversed_on, p.amount, v.reason, v.import_id, coalesce(v.command_id, i.command_id)
        from payment_reversals v join payments p on p.id = v.payment_id left join imports i on i.id = v.import_id
        where v.payment_id = ${paymentId}::bigint
      union all
      select 'refunded', r.refunded_on, r.amount, r.evidence, null, r.command_id from refunds r where r.payment_id = ${paymentId}::bigint
    ) e join commands c on c.command_id = e.command_id join staff s on s.id = c.actor_id order by c.recorded_at`.execute(
    db,
  )
  return rows
}

/** One file of payments that was taken in. */
export interface PaymentImportListRow {
  readonly id: string
  readonly collector_name: string
  readonly file_name: string
  readonly rows_in: number
  readonly rows_accepted: number
  readonly amount_in: string
  readonly undecided: number
  readonly imported_by: string
  readonly recorded_at: Date
}

const undecidedRows = sql`from import_rows h where h.import_id = i.id and not exists (
  select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)`

export function paymentImportRows(filter: {
  readonly collector?: string | undefined
  readonly open?: 'yes' | undefined
}): RawBuilder<PaymentImportListRow> {
  const conditions = [
    sql`i.kind = 'payments'`,
    ...(filter.collector === undefined ? [] : [sql`starts_with(i.scope, ${`${filter.collector}/`})`]),
    ...(filter.open === undefined ? [] : [sql`exists (select ${undecidedRows})`]),
  ]
  return sql<PaymentImportListRow>`
    select i.id, k.name as collector_name, i.file_name, r.rows_in, r.rows_accepted, r.amount_in, s.name as imported_by, i.recorded_at,
      (select count(*)::int ${undecidedRows}) as undecided
    from imports i join import_results r on r.import_id = i.id join commands c on c.command_id = i.command_id
      join staff s on s.id = c.actor_id join collectors k on k.code = split_part(i.scope, '/', 1)
    where ${sql.join(conditions, sql` and `)}`
}

/** One held or rejected row of such a file. */
export interface HeldPaymentRow {
  readonly import_id: string
  readonly row_no: number
  readonly verdict: 'held' | 'rejected'
  readonly reasons: readonly RowReason[]
  readonly stated: PaymentTexts
  readonly account_no: string | null
  readonly amount: string | null
  readonly decision: RowDecisionName | null
  readonly decision_reason: string | null
  readonly decided_by: string | null
}

export interface HeldPaymentFilter {
  readonly verdict?: 'held' | 'rejected' | undefined
  readonly code?: string | undefined
  readonly open?: 'yes' | 'no' | undefined
}

export function heldPaymentRows(importId: string, filter: HeldPaymentFilter): RawBuilder<HeldPaymentRow> {
  const conditions = [
    sql`h.import_id = ${importId}::bigint`,
    ...(filter.verdict === undefined ? [] : [sql`h.verdict = ${filter.verdict}`]),
    ...(filter.code === undefined ? [] : [sql`h.reasons @> ${JSON.stringify([{ code: filter.code }])}::jsonb`]),
    ...(filter.open === undefined ? [] : [filter.open === 'yes' ? sql`d.row_no is null` : sql`d.row_no is not null`]),
  ]
  return sql<HeldPaymentRow>`
    select h.import_id, h.row_no, h.verdict, h.reasons, h.subject->'stated' as stated, h.subject->'stated'->>'account' as account_no,
      h.subject->'stated'->>'paidOn' as paid_on, h.subject->'stated'->>'reference' as reference,
      h.amount, d.decision, d.reason as decision_reason, s.name as decided_by
    from import_rows h left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
      left join commands c on c.command_id = d.command_id left join staff s on s.id = c.actor_id
    where ${sql.join(conditions, sql` and `)}`
}

/**
 * The reasons of an import's held and rejected rows, the most frequent first, with the rows nobody has decided; the amount is
 * null where none of these rows has one.
 */
export async function paymentRowReasons(
  db: Db | Trx,
  importId: string,
): Promise<
  readonly {
    readonly code: string
    readonly rows: number
    readonly undecided: number
    readonly amount: string | null
  }[]
> {
  const { rows } = await sql<{ code: string; rows: number; undecided: number; amount: string | null }>`
    select r->>'code' as code, count(*)::int as rows, (count(*) filter (where d.row_no is null))::int as undecided,
      (sum(h.amount) filter (where d.row_no is null))::text as amount
    from import_rows h cross join lateral jsonb_array_elements(h.reasons) r
      left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
    where h.import_id = ${importId}::bigint group by 1 order by 2 desc, 1`.execute(db)
  return rows
}

/** The verdicts of which no row has an amount that could be read: their sum is unknown. */
export async function verdictsWithoutAmount(db: Db | Trx, importId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ verdict: string }>`
    select verdict from import_rows where import_id = ${importId}::bigint group by verdict having count(amount) = 0`.execute(
    db,
  )
  return new Set(rows.map(({ verdict }) => verdict))
}

/** The rows of an import that wait for somebody, of one reason and no other or of all. */
export async function undecidedRowNos(db: Db | Trx, importId: string, code: string | undefined): Promise<number[]> {
  const { rows } = await sql<{ row_no: number }>`
    select h.row_no from import_rows h
    where h.import_id = ${importId}::bigint
      ${code === undefined ? sql`` : sql`and jsonb_array_length(h.reasons) = 1 and h.reasons->0->>'code' = ${code}`}
      and not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)
    order by h.row_no limit 100000`.execute(db)
  return rows.map(({ row_no: rowNo }) => rowNo)
}

/** One objection in the list. */
export interface ObjectionListRow {
  readonly id: string
  readonly bill_id: BillId
  readonly account_no: string
  readonly received_on: CivilDate
  readonly received_from: string
  readonly answer_due_on: CivilDate
  readonly outcome: 'kept' | 'corrected' | null
  readonly answered_on: CivilDate | null
}

export function objectionRows(
  filter: Period & { readonly open?: 'yes' | 'no' | undefined; readonly discharger?: string | undefined },
): RawBuilder<ObjectionListRow> {
  return sql<ObjectionListRow>`
    select o.id, o.bill_id, a.account_no, o.received_on, o.received_from, o.answer_due_on, w.outcome, w.answered_on
    from objections o join bills b on b.id = o.bill_id join accounts a on a.id = b.account_id
      left join objection_answers w on w.objection_id = o.id
    where ${filter.open === undefined ? sql`true` : filter.open === 'yes' ? sql`w.objection_id is null` : sql`w.objection_id is not null`}
      and ${filter.discharger === undefined ? sql`true` : sql`b.discharger_id in (select d.id from dischargers d where d.code = ${filter.discharger})`}
      and ${inPeriod(sql`o.received_on`, filter)}`
}

/** Payments with a reference, of whichever collector: one look into the index for each. */
export async function paymentsOfReference(db: Db | Trx, reference: string, limit: number): Promise<PaymentListRow[]> {
  const { rows } = await sql<PaymentListRow>`
    ${paymentRows({ reference })} order by p.id desc limit ${limit}`.execute(db)
  return rows
}
