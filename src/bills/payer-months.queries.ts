import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf, plusMonths } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { type Money, money } from '../kernel/money.ts'
import { type Volume, volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { usesBeforeGoLive } from '../readings/opening-uses.queries.ts'

/** What some payers used and were billed for one fee month, corrections included; null is unknown. */
export interface PayerMonth {
  readonly feeMonth: FeeMonth
  readonly bills: number
  /** Of the bills; of a month before go-live what the old books said. */
  readonly volumeM3: Volume | null
  readonly amount: Money | null
}

/** The months up to and with the last one, oldest first; a month without a bill stands there all the same. */
export async function payerMonths(
  db: Db | Trx,
  dischargers: readonly DischargerId[],
  last: FeeMonth,
  months = 12,
): Promise<PayerMonth[]> {
  const first = plusMonths(last, 1 - months)
  const { rows } = await sql<{ fee_month: CivilDate; bills: number; volume_m3: string; amount: string }>`
    select b.fee_month, count(*)::int as bills, sum(b.volume_m3)::text as volume_m3, sum(b.total_amount)::text as amount
    from bills b where b.discharger_id = any(${dischargers}::bigint[])
      and b.fee_month between ${firstDay(first)}::date and ${firstDay(last)}::date
    group by b.fee_month`.execute(db)
  const before = await usesBeforeGoLive(db, dischargers, { from: first, to: last })
  const billed = new Map(rows.map((row) => [monthOf(row.fee_month), row]))
  return Array.from({ length: months }, (_, index) => {
    const feeMonth = plusMonths(first, index)
    const row = billed.get(feeMonth)
    return {
      feeMonth,
      bills: row?.bills ?? 0,
      volumeM3: row === undefined ? (before.get(feeMonth) ?? null) : volume(row.volume_m3),
      amount: row === undefined ? null : money(row.amount),
    }
  })
}

/** The last fee month some payers have a bill of. */
export async function lastBilledMonth(
  db: Db | Trx,
  dischargers: readonly DischargerId[],
): Promise<FeeMonth | undefined> {
  const { rows } = await sql<{ last: CivilDate | null }>`
    select max(b.fee_month) as last from bills b where b.discharger_id = any(${dischargers}::bigint[])`.execute(db)
  const last = rows[0]?.last ?? null
  return last === null ? undefined : monthOf(last)
}
