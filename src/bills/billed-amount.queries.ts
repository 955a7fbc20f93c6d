import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import { type Money, money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'

/** What was billed of each fee month from the first on, corrections included, and by how many bills. */
export async function billedAmounts(
  db: Db | Trx,
  from: FeeMonth,
): Promise<{ readonly feeMonth: FeeMonth; readonly bills: number; readonly amount: Money }[]> {
  const { rows } = await sql<{ fee_month: CivilDate; bills: number; amount: string }>`
    select fee_month, count(*)::int as bills, sum(total_amount)::text as amount from bills
    where fee_month >= ${firstDay(from)}::date group by fee_month order by fee_month`.execute(db)
  return rows.map((row) => ({ feeMonth: monthOf(row.fee_month), bills: row.bills, amount: money(row.amount) }))
}
