import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { CollectorId } from '../kernel/ids.ts'
import { addMoney, type Money, money, negateMoney, zeroMoney } from '../kernel/money.ts'
import { groupedBy } from '../payments/grouped-by.ts'
import type { Db, Trx } from '../platform/database.ts'
import { ageHeld, type HeldAge } from './held.rules.ts'
import { movementsOf, standing, untaken } from './movements.queries.ts'
import { lastStatement } from './statement.queries.ts'

/** One day of what a collector held, in yuan: opening + collected − reversed − refunded − remitted = closing. */
export interface HeldDay {
  readonly on: CivilDate
  readonly opening: Money
  readonly collected: Money
  readonly reversed: Money
  readonly refunded: Money
  readonly remitted: Money
  readonly closing: Money
}

/**
 * By which day an event counts: `happened`, the day of payment, reversal, refund or receipt by the treasury; `recorded`,
 * the day it entered the books, by which the closing of each day is the balance of the control account.
 */
export type HeldBasis = 'happened' | 'recorded'

/**
 * What a collector held from day to day, days on which something moved; the opening of the first day carries everything
 * before it. The interval is half-open.
 */
export async function heldByDay(
  db: Db | Trx,
  collectorId: CollectorId,
  between: { readonly from: CivilDate; readonly until: CivilDate },
  basis: HeldBasis = 'happened',
): Promise<{ readonly opening: Money; readonly days: readonly HeldDay[]; readonly closing: Money }> {
  const day = basis === 'happened' ? sql`event_on` : sql`recorded_on`
  const { rows } = await sql<{
    day: CivilDate | null
    collected: string
    reversed: string
    refunded: string
    remitted: string
  }>`
    select case when day >= ${between.from}::date then day end as day,
      coalesce(sum(amount) filter (where kind in ('payment', 'opening')), 0)::text as collected,
      coalesce(-sum(amount) filter (where kind = 'reversal'), 0)::text as reversed,
      coalesce(-sum(amount) filter (where kind = 'refund'), 0)::text as refunded,
      coalesce(-sum(amount) filter (where kind = 'remitted'), 0)::text as remitted
    from (
      select kind, amount, ${day} as day from (${movementsOf(collectorId)}) m
      union all
      select 'remitted', -amount, ${day} from (${receiptsOf(collectorId)}) r) moved
    where day < ${between.until}::date group by 1 order by 1 nulls first`.execute(db)
  let held = zeroMoney
  let opening = zeroMoney
  const days: HeldDay[] = []
  for (const row of rows) {
    const moved = {
      collected: money(row.collected),
      reversed: money(row.reversed),
      refunded: money(row.refunded),
      remitted: money(row.remitted),
    }
    const closing = addMoney([
      held,
      moved.collected,
      negateMoney(moved.reversed),
      negateMoney(moved.refunded),
      negateMoney(moved.remitted),
    ])
    if (row.day === null) opening = closing
    else days.push({ on: row.day, opening: held, ...moved, closing })
    held = closing
  }
  return { opening, days, closing: held }
}

/** What the treasury received and what was taken back again, by both of their days. */
const receiptsOf = (collectorId: CollectorId) => sql`
  select r.amount, r.received_on as event_on, r.decided_on as recorded_on, v.statement_id
    from remittance_voucher_outcomes r join remittance_vouchers v on v.id = r.voucher_id
      join remittance_statements s on s.id = v.statement_id
    where r.outcome = 'confirmed' and s.collector_id = ${collectorId}::bigint
  union all
  select -r.amount, b.reversed_on, b.reversed_on, v.statement_id
    from remittance_receipt_reversals b join remittance_voucher_outcomes r on r.voucher_id = b.voucher_id
      join remittance_vouchers v on v.id = b.voucher_id join remittance_statements s on s.id = v.statement_id
    where s.collector_id = ${collectorId}::bigint`

/**
 * What a collector held at the end of a day with its age: of each statement that was not settled then, and of what no
 * statement has taken, by the day of payment (`ageHeld`). A reversal takes its own payment out of the same group.
 */
export async function heldAge(db: Db | Trx, collectorId: CollectorId, asOf: CivilDate): Promise<HeldAge> {
  const last = await lastStatement(db, collectorId)
  const { rows } = await sql<{ statement_id: string; paid_on: CivilDate | null; layer: string; covered: string }>`
    with free as materialized (${untaken(collectorId, last && { paymentMark: last.paymentMark, until: last.period.until })}),
    open_statements as (
      select s.id, s.collector_id from remittance_statements s
      where s.collector_id = ${collectorId}::bigint and ${standing}
        and not (s.period_until <= ${asOf}::date and s.total_amount = coalesce((
            select sum(r.amount) from (${receiptsOf(collectorId)}) r where r.statement_id = s.id and r.event_on <= ${asOf}::date), 0)
          and not exists (select from remittance_lines l where l.kind = 'carried' and l.source_id = s.id))),
    moved as (
      select l.statement_id, l.kind, l.amount, l.event_on, case
          when l.kind in ('payment', 'opening') then l.event_on
          when l.kind <> 'carried' then (select p.event_on from remittance_lines p
            where p.statement_id = l.statement_id and p.kind = 'payment' and p.source_id = l.payment_id) end as paid_on
      from remittance_lines l join open_statements s on s.id = l.statement_id
      union all
      select 0, m.kind, m.amount, m.event_on, m.paid_on from free m where m.kind in ('payment', 'opening')
      union all
      select 0, m.kind, m.amount, m.event_on, case when p.source_id is not null then m.paid_on end
      from free m left join free p on p.kind = 'payment' and p.source_id = m.payment_id
      where m.kind not in ('payment', 'opening'))
    select statement_id::text, paid_on, coalesce(sum(amount) filter (where paid_on is not null), 0)::text as layer,
      coalesce(-sum(amount) filter (where paid_on is null), 0)::text as covered
    from (
      select statement_id, amount, paid_on from moved where kind <> 'carried' and event_on <= ${asOf}::date
      union all
      -- What was carried over covers there, and no longer where it came from.
      select l.statement_id, l.amount, null from remittance_lines l join remittance_statements s on s.id = l.statement_id
        where l.kind = 'carried' and ${standing} and l.statement_id in (select id from open_statements)
      union all
      select l.source_id, -l.amount, null from remittance_lines l join remittance_statements s on s.id = l.statement_id
        where l.kind = 'carried' and ${standing} and l.source_id in (select id from open_statements)
      union all
      select statement_id, -amount, null from (${receiptsOf(collectorId)}) r
        where event_on <= ${asOf}::date and statement_id in (select id from open_statements)) every
    group by statement_id, paid_on`.execute(db)
  const groups = [...groupedBy(rows, (row) => row.statement_id).values()].map((some) => ({
    layers: some.flatMap(({ paid_on, layer }) => (paid_on === null ? [] : [{ paidOn: paid_on, amount: money(layer) }])),
    covered: addMoney(some.map(({ covered }) => money(covered))),
  }))
  return ageHeld(groups, asOf)
}
