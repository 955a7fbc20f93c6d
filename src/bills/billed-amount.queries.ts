import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import { type Money, money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'

/** Bills of the books before are left out: of those months only what was open came over. The condition is about `b`. */
export const billedHere = sql`exists (select from bill_issues i where i.id = b.issue_id and i.kind <> 'opening')`

/** What was billed of each fee month from the first on, corrections included, and by how many bills. */
export async function billedAmounts(
  db: Db | Trx,
  from: FeeMonth,
): Promise<{ readonly feeMonth: FeeMonth; readonly bills: number; readonly amount: Money }[]> {
  const { rows } = await sql<{ fee_month: CivilDate; bills: number; amount: string }>`
    select b.fee_month, count(*)::int as bills, sum(b.total_amount)::text as amount from bills b
    where b.fee_month >= ${firstDay(from)}::date and ${billedHere} group by b.fee_month order by b.fee_month`.execute(
    db,
  )
  return rows.map((row) => ({ feeMonth: monthOf(row.fee_month), bills: row.bills, amount: money(row.amount) }))
}
