import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import type { InstallationId } from '../kernel/ids.ts'
import { type Volume, volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'

/** m³ that water companies read in each fee month, of readings that count; meters named in `except` are left out. */
export async function soldByMonth(
  db: Db | Trx,
  options: { readonly except: readonly InstallationId[] },
): Promise<Map<FeeMonth, Volume>> {
  const { rows } = await sql<{ fee_month: CivilDate; m3: string }>`
    select m.fee_month, sum(m.volume_m3) as m3 from meter_readings m
    where not exists (select from reading_endings e where e.reading_id = m.id)
      and (m.installation_id is null or m.installation_id <> all(${options.except}::bigint[]))
    group by m.fee_month order by m.fee_month`.execute(db)
  return new Map(rows.map(({ fee_month, m3 }) => [monthOf(fee_month), volume(m3)]))
}
