import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { type Volume, volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'

/** The use of months before go-live, of the accounts that some dischargers held in them. */
export async function usesBeforeGoLive(
  db: Db | Trx,
  dischargers: readonly DischargerId[],
  months: { readonly from: FeeMonth; readonly to: FeeMonth },
): Promise<Map<FeeMonth, Volume>> {
  const { rows } = await sql<{ fee_month: CivilDate; m3: string }>`
    select u.fee_month, sum(u.volume_m3)::text as m3 from account_holders h join opening_uses u on u.account_id = h.account_id
    where h.discharger_id = any(${dischargers}::bigint[])
      and u.fee_month between ${firstDay(months.from)}::date and ${firstDay(months.to)}::date
      and h.valid_from <= u.fee_month and (h.valid_until is null or h.valid_until > u.fee_month)
    group by u.fee_month`.execute(db)
  return new Map(rows.map((row) => [monthOf(row.fee_month), volume(row.m3)]))
}
