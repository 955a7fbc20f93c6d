import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import { type Volume, volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'

/** m³ billed of each fee month: what was cancelled is taken off, what was adjusted is counted. */
export async function billedVolumeByMonth(db: Db | Trx): Promise<Map<FeeMonth, Volume>> {
  const { rows } = await sql<{ fee_month: CivilDate; m3: string }>`
    select fee_month, sum(volume_m3) as m3 from bills group by fee_month order by fee_month`.execute(db)
  return new Map(rows.map(({ fee_month, m3 }) => [monthOf(fee_month), volume(m3)]))
}
