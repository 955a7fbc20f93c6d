import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import type { CollectorId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Cell } from './cells.rules.ts'

/**
 * What stands now for each fee month of [from, until), category and supply of a collector's accounts: volume the company
 * declared as sold, billed, collected through the collector, paid straight to the treasury, remitted by vouchers, and
 * confirmed by finance. All of it derived from facts.
 *
 * Money finds its category along running sums: an allocation pays the lines of its bill in their order; what a statement's
 * transfers cover are its oldest payments, and of a payment its first allocations. So parts add up without rounding.
 */
export async function currentCells(
  db: Db | Trx,
  collectorId: CollectorId,
  months: { readonly from: FeeMonth; readonly until: FeeMonth },
): Promise<Cell[]> {
  const { rows } = await sql<{
    fee_month: CivilDate
    category_code: string
    supply: Cell['supply']
    sold_m3: string
    billed_m3: string
    billed: string
    collected: string
    direct: string
    remitted: string
    confirmed: string
  }>`
    with billed as materialized (
      select b.id as bill_id, b.fee_month, a.supply, l.line_no, l.category_code, l.volume_m3, l.amount
      from accounts a join bills b on b.account_id = a.id join bill_lines l on l.bill_id = b.id
      where a.collector_id = ${collectorId}::bigint and b.fee_month >= ${firstDay(months.from)}::date
        and b.fee_month < ${firstDay(months.until)}::date),
    live as materialized (
      select x.id, x.bill_id, x.payment_id, x.amount, p.channel from allocations x join payments p on p.id = x.payment_id
      where x.bill_id in (select bill_id from billed) and not exists (select from allocation_lapses l where l.allocation_id = x.id)),
    transfers as (
      select v.statement_id, sum(case when r.outcome = 'confirmed' then r.amount else v.amount end) as remitted,
        coalesce(sum(r.amount) filter (where r.outcome = 'confirmed'), 0) as confirmed
      from remittance_vouchers v join remittance_statements s on s.id = v.statement_id
        left join remittance_voucher_outcomes r on r.voucher_id = v.id
      where r.outcome is distinct from 'rejected'
        and not exists (select from remittance_receipt_reversals b where b.voucher_id = v.id)
        and not exists (select from remittance_outcomes o where o.statement_id = s.id and o.outcome = 'returned')
      group by v.statement_id),
    -- What was taken back or carried over covers money of its statement as a transfer does.
    taken_back as (
      select l.statement_id, -sum(l.amount) as amount from remittance_lines l
      where l.amount < 0 and l.statement_id in (select statement_id from transfers) group by l.statement_id),
    listed as (
      select l.payment_id, l.amount, t.remitted + coalesce(k.amount, 0) as remitted, t.confirmed + coalesce(k.amount, 0) as confirmed,
        sum(l.amount) over (partition by l.statement_id order by l.event_on, l.kind, l.source_id) as high
      from remittance_lines l join transfers t on t.statement_id = l.statement_id
        left join taken_back k on k.statement_id = l.statement_id
      where l.amount > 0),
    covered as materialized (
      select payment_id, ${clamped('remitted')} as remitted, ${clamped('confirmed')} as confirmed
      from listed where payment_id in (select payment_id from live)),
    -- All live allocations of the payments, those to other months too, for they come before or after in their order.
    of_payment as (
      select x.id, x.amount, sum(x.amount) over (partition by x.payment_id order by x.id) as high, c.remitted, c.confirmed
      from allocations x join covered c on c.payment_id = x.payment_id
      where not exists (select from allocation_lapses l where l.allocation_id = x.id)),
    parts as (
      select a.bill_id, a.channel, a.amount, sum(a.amount) over (partition by a.bill_id order by a.id) as high,
        coalesce(${clamped('o.remitted', 'o.')}, 0) as remitted, coalesce(${clamped('o.confirmed', 'o.')}, 0) as confirmed
      from live a left join of_payment o on o.id = a.id),
    lines as (
      select bill_id, fee_month, supply, category_code, amount, sum(amount) over (partition by bill_id order by line_no) as high
      from billed where amount > 0),
    paid as (
      select l.fee_month, l.supply, l.category_code, p.channel,
        least(p.high, l.high) - greatest(p.high - p.amount, l.high - l.amount) as amount,
        greatest(least(p.high - p.amount + p.remitted, l.high) - greatest(p.high - p.amount, l.high - l.amount), 0) as remitted,
        greatest(least(p.high - p.amount + p.confirmed, l.high) - greatest(p.high - p.amount, l.high - l.amount), 0) as confirmed
      from parts p join lines l on l.bill_id = p.bill_id and p.high - p.amount < l.high and l.high - l.amount < p.high),
    sold as (
      select distinct on (d.fee_month, d.category_code) d.fee_month, d.category_code, d.volume_m3 from sold_volume_declarations d
      where d.collector_id = ${collectorId}::bigint and d.fee_month >= ${firstDay(months.from)}::date
        and d.fee_month < ${firstDay(months.until)}::date
      order by d.fee_month, d.category_code, d.revision desc)
    select fee_month, category_code, supply, sum(sold_m3)::text as sold_m3, sum(billed_m3)::text as billed_m3, sum(billed)::text as billed,
      sum(collected)::text as collected, sum(direct)::text as direct, sum(remitted)::text as remitted, sum(confirmed)::text as confirmed
    from (
      select fee_month, category_code, supply, 0.000 as sold_m3, volume_m3 as billed_m3, amount as billed, 0.00 as collected,
        0.00 as direct, 0.00 as remitted, 0.00 as confirmed from billed
      union all
      select fee_month, category_code, supply, 0, 0, 0, case channel when 'collector' then amount else 0 end,
        case channel when 'treasury' then amount else 0 end, remitted, confirmed from paid
      union all
      select fee_month, category_code, 'public', volume_m3, 0, 0, 0, 0, 0, 0 from sold) every
    group by fee_month, category_code, supply order by fee_month, category_code, supply`.execute(db)
  return rows.map((row) => ({
    feeMonth: monthOf(row.fee_month),
    category: row.category_code,
    supply: row.supply,
    soldM3: volume(row.sold_m3),
    billedM3: volume(row.billed_m3),
    billed: money(row.billed),
    collected: money(row.collected),
    direct: money(row.direct),
    remitted: money(row.remitted),
    confirmed: money(row.confirmed),
  }))
}

/** How much of a stretch (high − amount, high] lies below a mark. */
function clamped(mark: string, of = '') {
  const [point, high, amount] = [sql.ref(mark), sql.ref(`${of}high`), sql.ref(`${of}amount`)]
  return sql`least(greatest(${point} - (${high} - ${amount}), 0), ${amount})`
}

/** The first fee month of which a collector has a bill or a declaration; `undefined` where there is none. */
export async function firstMonthOf(db: Db | Trx, collectorId: CollectorId): Promise<FeeMonth | undefined> {
  const { rows } = await sql<{ first: CivilDate | null }>`
    select least(
      (select min(b.fee_month) from accounts a join bills b on b.account_id = a.id where a.collector_id = ${collectorId}::bigint),
      (select min(fee_month) from sold_volume_declarations where collector_id = ${collectorId}::bigint)) as first`.execute(
    db,
  )
  const first = rows[0]?.first ?? null
  return first === null ? undefined : monthOf(first)
}
