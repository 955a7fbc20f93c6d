import { type RawBuilder, sql } from 'kysely'
import { postEntry } from '../journal/post-entry.ts'
import { type CivilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import type { AccountId, AllocationId, BillId, DischargerId, ImportId, PaymentId } from '../kernel/ids.ts'
import { addMoney, type Money, money, moneyText } from '../kernel/money.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { RowBlock } from '../platform/row-block.ts'
import { type Movements, paymentPostings } from './payment.postings.ts'
import type { Allocation, AllocationBasis, LapseReason, NewPayment } from './payment.ts'

/** Alone among payments: for what touches items of very many payers at once, an import or an issue. */
export async function lockAllPayments(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('payments'))`.execute(trx)
}

/**
 * Locks what a command about single payments may change: open items of these payers and bills in order of their bill,
 * then the payers' credits in order of their payment. Whoever comes second waits here and then sees what is left.
 */
export async function lockItems(
  trx: Trx,
  of: {
    readonly dischargerIds?: readonly DischargerId[]
    readonly billIds?: readonly BillId[]
    readonly paymentIds?: readonly PaymentId[]
  },
): Promise<void> {
  const { dischargerIds = [], billIds = [], paymentIds = [] } = of
  await sql`select pg_advisory_xact_lock_shared(hashtext('payments'))`.execute(trx)
  await sql`select from payments where id = any(${paymentIds}::bigint[]) order by id for no key update`.execute(trx)
  await sql`
    select from open_items where bill_id in (
      select bill_id from open_items where discharger_id = any(${dischargerIds}::bigint[]) and outstanding > 0
      union select unnest(${billIds}::bigint[])
      union select a.bill_id from allocations a where a.payment_id = any(${paymentIds}::bigint[]))
    order by bill_id for update`.execute(trx)
  await sql`
    select from credits where discharger_id = any(${dischargerIds}::bigint[]) or payment_id = any(${paymentIds}::bigint[])
    order by payment_id for update`.execute(trx)
}

/** Makes two entries of one reference wait for each other, whoever their payers are: the second one finds the first. */
export async function lockReference(trx: Trx, collectorCode: string, reference: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('payment reference'), hashtext(${`${collectorCode}/${reference}`}))`.execute(
    trx,
  )
}

/** Adds payments in one statement; `importId` null for entries by hand. */
export async function insertPayments(
  { trx, today }: CommandContext,
  payments: readonly NewPayment[],
  from: { readonly importId: ImportId | null; readonly commandId: string | null },
): Promise<PaymentId[]> {
  if (payments.length === 0) return []
  const of = (textOf: (payment: NewPayment) => string | null) => payments.map(textOf)
  const block = new RowBlock([
    { name: 'channel', type: 'text', values: of(({ channel }) => channel) },
    { name: 'collector_id', type: 'bigint', values: of(({ collectorId }) => collectorId) },
    { name: 'reference', type: 'text', values: of(({ reference }) => reference) },
    { name: 'account_id', type: 'bigint', values: of(({ accountId }) => accountId) },
    { name: 'discharger_id', type: 'bigint', values: of(({ dischargerId }) => dischargerId) },
    { name: 'paid_on', type: 'date', values: of(({ paidOn }) => paidOn) },
    { name: 'recorded_on', type: 'date', values: today },
    { name: 'amount', type: 'numeric', values: of(({ amount }) => moneyText(amount)) },
    { name: 'method', type: 'text', values: of(({ method }) => method) },
    {
      name: 'named_bills',
      type: 'bigint[]',
      values: of(({ namedBills }) => (namedBills.length === 0 ? null : `{${namedBills.join(',')}}`)),
    },
    ...splitColumns(payments),
    { name: 'import_id', type: 'bigint', values: from.importId },
    { name: 'row_no', type: 'int', values: of(({ rowNo }) => (rowNo === null ? null : String(rowNo))) },
    { name: 'command_id', type: 'text', values: from.commandId },
  ])
  const { rows } = await sql<{ id: PaymentId }>`${block.insertInto('payments')} returning id`.execute(trx)
  const ids = rows.map(({ id }) => id)
  await insertSources(trx, payments, ids)
  return ids
}

/** Where payments came from, of those that state it; ids in the order of the payments. */
async function insertSources(trx: Trx, payments: readonly NewPayment[], ids: readonly PaymentId[]): Promise<void> {
  const stated = payments.flatMap(({ from }, index) => (from === undefined ? [] : [{ ...from, id: ids[index] ?? '' }]))
  if (stated.length === 0) return
  await sql`
    insert into payment_sources (payment_id, account, bank)
    select * from unnest(${stated.map(({ id }) => id)}::bigint[], ${stated.map(({ account }) => account)}::text[],
      ${stated.map(({ bank }) => bank)}::text[])`.execute(trx)
}

/** Hardly any file has payments that were split; the others do without the columns. */
function splitColumns(payments: readonly NewPayment[]) {
  if (payments.every(({ split }) => split === undefined)) return []
  const combined = payments.map(({ split }) => (split === undefined ? null : moneyText(split.combined)))
  return [
    { name: 'combined_amount', type: 'numeric', values: combined } as const,
    { name: 'contract_id', type: 'bigint', values: payments.map(({ split }) => split?.contractId ?? null) } as const,
  ]
}

const manyRows = 1_000

/**
 * Runs statements about very many rows that were stored in this transaction. The planner knows nothing of them yet, takes
 * them for one, and would look through all bills for each payment: for 100,000 payments minutes instead of seconds.
 */
export async function manyAtOnce<T>(trx: Trx, rows: number, work: () => Promise<T>): Promise<T> {
  if (rows < manyRows) return work()
  await sql`set local enable_nestloop = off`.execute(trx)
  const done = await work()
  await sql`set local enable_nestloop = on`.execute(trx)
  return done
}

/** What a statement of allocations came to: by month of use, and how many. */
export interface Allocated {
  readonly byMonth: ReadonlyMap<FeeMonth, Money>
  readonly count: number
}

/** Sums of several statements in one. */
export function together(parts: readonly Allocated[]): Allocated {
  const byMonth = new Map<FeeMonth, Money>()
  for (const part of parts)
    for (const [month, amount] of part.byMonth) byMonth.set(month, addMoney([amount, byMonth.get(month) ?? money('0')]))
  return { byMonth, count: parts.reduce((count, part) => count + part.count, 0) }
}

/**
 * Money that looks for bills: what remains of stored credits, or payments just stored, whose rest becomes credit. The
 * condition is about `c`, the credits, or `p`, the payments.
 */
type Source = { readonly credits: RawBuilder<unknown> } | { readonly payments: RawBuilder<unknown> }

/**
 * Allocates by order as `allocateInOrder` says, for any number of payments in one statement: payments and bills of an
 * account and payer lie side by side as running sums, and where two stretches overlap, the one pays the other.
 */
export async function allocateByOrder(
  context: CommandContext,
  source: Source,
  basis: AllocationBasis,
): Promise<Allocated> {
  const overlaps = sql`
    items as materialized (
      select o.bill_id, o.account_id, o.discharger_id, o.due_on, o.outstanding from open_items o
      where o.outstanding > 0 and o.discharger_id in (select discharger_id from source)),
    own_paid as (
      select payment_id, account_id, discharger_id, sum(remaining) over w - remaining as low, sum(remaining) over w as high
      from source where account_id is not null
      window w as (partition by account_id, discharger_id order by paid_on, payment_id rows unbounded preceding)),
    own_due as (
      select bill_id, account_id, discharger_id, sum(outstanding) over w - outstanding as low, sum(outstanding) over w as high
      from items window w as (partition by account_id, discharger_id order by due_on, bill_id rows unbounded preceding)),
    own as materialized (
      select p.payment_id, i.bill_id, least(p.high, i.high) - greatest(p.low, i.low) as amount
      from own_paid p join own_due i using (account_id, discharger_id) where p.low < i.high and i.low < p.high),
    left_paid as (
      select s.payment_id, s.discharger_id, s.paid_on, s.remaining - coalesce(u.used, 0) as remaining
      from source s left join (select payment_id, sum(amount) as used from own group by payment_id) u using (payment_id)
      where s.remaining > coalesce(u.used, 0)),
    left_due as (
      select i.bill_id, i.discharger_id, i.due_on, i.outstanding - coalesce(u.used, 0) as outstanding
      from items i left join (select bill_id, sum(amount) as used from own group by bill_id) u using (bill_id)
      where i.outstanding > coalesce(u.used, 0) and i.discharger_id in (select discharger_id from left_paid)),
    other_paid as (
      select payment_id, discharger_id, sum(remaining) over w - remaining as low, sum(remaining) over w as high from left_paid
      window w as (partition by discharger_id order by paid_on, payment_id rows unbounded preceding)),
    other_due as (
      select bill_id, discharger_id, sum(outstanding) over w - outstanding as low, sum(outstanding) over w as high from left_due
      window w as (partition by discharger_id order by due_on, bill_id rows unbounded preceding)),
    pairs as (
      select payment_id, bill_id, amount from own
      union all
      select p.payment_id, i.bill_id, least(p.high, i.high) - greatest(p.low, i.low)
      from other_paid p join other_due i using (discharger_id) where p.low < i.high and i.low < p.high)`
  return allocatePairs(context, source, overlaps, basis)
}

/** Allocates credits to the bill that each payment named at this place (1, 2, …); payments of one bill in their order. */
export async function allocateNamed(
  context: CommandContext,
  credits: RawBuilder<unknown>,
  place: number,
): Promise<Allocated> {
  const overlaps = sql`
    named as (
      select s.payment_id, o.bill_id, o.outstanding, sum(s.remaining) over w - s.remaining as low, sum(s.remaining) over w as high
      from source s join payments p on p.id = s.payment_id join open_items o on o.bill_id = p.named_bills[${sql.lit(place)}]
      where o.outstanding > 0
      window w as (partition by o.bill_id order by s.paid_on, s.payment_id rows unbounded preceding)),
    pairs as (
      select payment_id, bill_id, least(high, outstanding) - low as amount from named where low < outstanding)`
  return allocatePairs(context, { credits }, overlaps, 'named')
}

async function allocatePairs(
  { trx, today, commandId }: CommandContext,
  source: Source,
  overlaps: RawBuilder<unknown>,
  basis: AllocationBasis,
): Promise<Allocated> {
  const money0 =
    'credits' in source
      ? sql`select c.payment_id, c.account_id, c.discharger_id, c.paid_on, c.remaining from credits c where ${source.credits}`
      : sql`select p.id as payment_id, p.account_id, p.discharger_id, p.paid_on, p.amount as remaining from payments p where ${source.payments}`
  const rest =
    'credits' in source
      ? sql`
    spent as (delete from credits c using used u where c.payment_id = u.payment_id and c.remaining = u.amount),
    kept as (update credits c set remaining = c.remaining - u.amount from used u
      where c.payment_id = u.payment_id and c.remaining <> u.amount)`
      : sql`
    kept as (insert into credits (payment_id, account_id, discharger_id, paid_on, remaining)
      select s.payment_id, s.account_id, s.discharger_id, s.paid_on, s.remaining - coalesce(u.amount, 0)
      from source s left join used u using (payment_id) where s.remaining <> coalesce(u.amount, 0))`
  const { rows } = await sql<{ fee_month: CivilDate; amount: string; count: number }>`
    with source as materialized (${money0}), ${overlaps},
    added as (
      insert into allocations (payment_id, bill_id, amount, basis, allocated_on, command_id)
      select payment_id, bill_id, amount, ${basis}, ${today}::date, ${commandId} from pairs
      returning payment_id, bill_id, amount),
    used as (select payment_id, sum(amount) as amount from added group by payment_id),
    paid as (
      update open_items o set outstanding = o.outstanding - x.amount, last_paid_on = greatest(o.last_paid_on, x.paid_on)
      from (select a.bill_id, sum(a.amount) as amount, max(s.paid_on) as paid_on, count(*) as count
        from added a join source s using (payment_id) group by a.bill_id) x
      where o.bill_id = x.bill_id returning o.fee_month, x.amount, x.count),
    ${rest}
    select fee_month, sum(amount)::text as amount, sum(count)::int as count from paid group by fee_month`.execute(trx)
  return {
    byMonth: new Map(rows.map((row) => [monthOf(row.fee_month), money(row.amount)])),
    count: rows.reduce((count, row) => count + row.count, 0),
  }
}

/** Allocations that count, of these bills or payments. */
export async function liveAllocations(
  trx: Trx,
  of: { readonly billIds?: readonly BillId[]; readonly paymentIds?: readonly PaymentId[] },
): Promise<(Allocation & { readonly feeMonth: FeeMonth })[]> {
  const { rows } = await sql<{
    id: AllocationId
    payment_id: PaymentId
    bill_id: BillId
    amount: string
    basis: AllocationBasis
    fee_month: CivilDate
  }>`
    select a.id, a.payment_id, a.bill_id, a.amount, a.basis, o.fee_month from allocations a join open_items o using (bill_id)
    where (a.bill_id = any(${of.billIds ?? []}::bigint[]) or a.payment_id = any(${of.paymentIds ?? []}::bigint[]))
      and not exists (select from allocation_lapses l where l.allocation_id = a.id)
    order by a.id`.execute(trx)
  return rows.map((row) => ({
    allocationId: row.id,
    paymentId: row.payment_id,
    billId: row.bill_id,
    amount: money(row.amount),
    basis: row.basis,
    feeMonth: monthOf(row.fee_month),
  }))
}

/** Ends allocations and adds what is allocated anew; the derived rows are made from facts afterwards (`deriveAnew`). */
export async function lapseAllocations(
  { trx, today, commandId }: CommandContext,
  lapses: readonly { readonly allocationId: AllocationId; readonly reason: LapseReason }[],
  anew: readonly Omit<Allocation, 'allocationId'>[],
): Promise<void> {
  if (lapses.length > 0) {
    await sql`
      insert into allocation_lapses (allocation_id, reason, lapsed_on, command_id)
      select id, reason, ${today}::date, ${commandId} from unnest(
        ${lapses.map(({ allocationId }) => allocationId)}::bigint[], ${lapses.map(({ reason }) => reason)}::text[]) as lapse (id, reason)`.execute(
      trx,
    )
  }
  if (anew.length > 0) {
    await sql`
      insert into allocations (payment_id, bill_id, amount, basis, allocated_on, command_id)
      select p, b, a, basis, ${today}::date, ${commandId} from unnest(
        ${anew.map(({ paymentId }) => paymentId)}::bigint[], ${anew.map(({ billId }) => billId)}::bigint[],
        ${anew.map(({ amount }) => moneyText(amount))}::numeric[], ${anew.map(({ basis }) => basis)}::text[]) as again (p, b, a, basis)`.execute(
      trx,
    )
  }
}

/** Makes the open items of these bills and the credits of these payments from the facts; payables are given or stay. */
export async function deriveAnew(
  trx: Trx,
  of: {
    readonly payables?: ReadonlyMap<BillId, Money>
    readonly billIds?: readonly BillId[]
    readonly paymentIds?: readonly PaymentId[]
  },
): Promise<void> {
  const { payables = new Map<BillId, Money>(), billIds = [], paymentIds = [] } = of
  const staying = billIds.filter((billId) => !payables.has(billId))
  if (payables.size + staying.length > 0) {
    await sql`
      update open_items o set payable = x.payable, outstanding = x.payable - x.allocated, last_paid_on = x.paid_on
      from (
        select given.bill_id, coalesce(given.payable, i.payable) as payable, coalesce(sum(a.amount), 0) as allocated, max(p.paid_on) as paid_on
        from unnest(${[...payables.keys(), ...staying]}::bigint[],
          ${[...[...payables.values()].map(moneyText), ...staying.map(() => null)]}::numeric[]) as given (bill_id, payable)
          join open_items i on i.bill_id = given.bill_id
          left join allocations a on a.bill_id = given.bill_id
            and not exists (select from allocation_lapses l where l.allocation_id = a.id)
          left join payments p on p.id = a.payment_id
        group by given.bill_id, given.payable, i.payable) x
      where o.bill_id = x.bill_id`.execute(trx)
  }
  if (paymentIds.length > 0) {
    await sql`delete from credits where payment_id = any(${paymentIds}::bigint[])`.execute(trx)
    await sql`
      insert into credits (payment_id, account_id, discharger_id, paid_on, remaining)
      ${creditFacts(sql`p.id = any(${paymentIds}::bigint[])`)}`.execute(trx)
  }
}

/** What remains of payments, from the facts alone: paid − reversed − allocated − refunded. */
export const creditFacts = (where: RawBuilder<unknown>) => sql`
  select p.id, p.account_id, p.discharger_id, p.paid_on, p.amount - coalesce(a.amount, 0) - coalesce(r.amount, 0)
  from payments p
    left join lateral (select sum(a.amount) as amount from allocations a where a.payment_id = p.id
      and not exists (select from allocation_lapses l where l.allocation_id = a.id)) a on true
    left join lateral (select sum(r.amount) as amount from refunds r where r.payment_id = p.id) r on true
  where ${where} and not exists (select from payment_reversals v where v.payment_id = p.id)
    and p.amount <> coalesce(a.amount, 0) + coalesce(r.amount, 0)`

/** Posts what a command moved; nothing where it moved nothing. */
export async function postMovements(
  context: CommandContext,
  memo: string,
  documentCount: number,
  moved: Movements,
): Promise<void> {
  const lines = paymentPostings(moved)
  if (lines.length > 0) await postEntry(context, { entryOn: context.today, memo, documentCount, lines })
}

/** The account and payer of stored payments, for the commands that name one. */
export interface StoredPayment {
  readonly paymentId: PaymentId
  readonly reference: string
  readonly channel: 'collector' | 'treasury'
  readonly accountId: AccountId | null
  readonly dischargerId: DischargerId
  readonly paidOn: CivilDate
  readonly amount: Money
  readonly reversed: boolean
  readonly refunded: Money
  readonly remaining: Money
}

/** A payment as it stands under the locks of the command. */
export async function storedPayment(trx: Trx, paymentId: PaymentId): Promise<StoredPayment | undefined> {
  const { rows } = await sql<{
    reference: string
    channel: 'collector' | 'treasury'
    account_id: AccountId | null
    discharger_id: DischargerId
    paid_on: CivilDate
    amount: string
    reversed: boolean
    refunded: string
    remaining: string
  }>`
    select p.reference, p.channel, p.account_id, p.discharger_id, p.paid_on, p.amount,
      exists (select from payment_reversals v where v.payment_id = p.id) as reversed,
      (select coalesce(sum(r.amount), 0)::text from refunds r where r.payment_id = p.id) as refunded,
      coalesce(c.remaining, 0)::text as remaining
    from payments p left join credits c on c.payment_id = p.id where p.id = ${paymentId}::bigint`.execute(trx)
  const [row] = rows
  if (row === undefined) return undefined
  return {
    paymentId,
    reference: row.reference,
    channel: row.channel,
    accountId: row.account_id,
    dischargerId: row.discharger_id,
    paidOn: row.paid_on,
    amount: money(row.amount),
    reversed: row.reversed,
    refunded: money(row.refunded),
    remaining: money(row.remaining),
  }
}
