import { type RawBuilder, sql } from 'kysely'
import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import { monthOf } from '../kernel/calendar.ts'
import type { OrganisationId } from '../kernel/ids.ts'
import { type Volume, volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Effluent, PlantDayId, StoredPlantDay } from './plant-day.ts'

/** A day counts as it was recorded last. */
const counts = sql`not exists (select from plant_days later where later.replaces = d.id)`

/** What counts of a plant's days from one day until another (excluded), by day. */
export async function plantDays(
  db: Db | Trx,
  plantId: OrganisationId,
  range: { readonly from?: CivilDate; readonly until?: CivilDate } = {},
): Promise<Map<CivilDate, StoredPlantDay>> {
  const { from, until } = range
  return daysWhere(
    db,
    plantId,
    sql`${from === undefined ? sql`true` : sql`d.day >= ${from}::date`} and ${until === undefined ? sql`true` : sql`d.day < ${until}::date`}`,
  )
}

/** What counts of these days. */
export async function plantDaysOn(
  db: Db | Trx,
  plantId: OrganisationId,
  days: readonly CivilDate[],
): Promise<Map<CivilDate, StoredPlantDay>> {
  return daysWhere(db, plantId, sql`d.day = any(${days}::date[])`)
}

async function daysWhere(db: Db | Trx, plantId: OrganisationId, where: RawBuilder<unknown>) {
  const { rows } = await sql<{
    id: PlantDayId
    day: CivilDate
    treated_m3: string
    inflow_m3: string | null
    effluent: Effluent
    import_id: string
    row_no: number
  }>`
    select d.id, d.day, d.treated_m3, d.inflow_m3, d.effluent, d.import_id, d.row_no from plant_days d
    where d.plant_id = ${plantId}::bigint and ${where} and ${counts} order by d.day`.execute(db)
  return new Map(
    rows.map((row): [CivilDate, StoredPlantDay] => [
      row.day,
      {
        plantDayId: row.id,
        day: row.day,
        treatedM3: volume(row.treated_m3),
        inflowM3: row.inflow_m3 === null ? null : volume(row.inflow_m3),
        effluent: row.effluent,
        importId: row.import_id,
        rowNo: row.row_no,
      },
    ]),
  )
}

/** Treated volume and inflow of all plants by month, with how many days are recorded. */
export async function treatedByMonth(
  db: Db | Trx,
): Promise<Map<FeeMonth, { readonly treatedM3: Volume; readonly inflowM3: Volume; readonly days: number }>> {
  const { rows } = await sql<{ month: CivilDate; treated: string; inflow: string; days: number }>`
    select date_trunc('month', d.day)::date as month, sum(d.treated_m3) as treated,
      sum(coalesce(d.inflow_m3, d.treated_m3)) as inflow, count(*)::int as days
    from plant_days d where ${counts} group by 1 order by 1`.execute(db)
  return new Map(
    rows.map(({ month, treated, inflow, days }) => [
      monthOf(month),
      { treatedM3: volume(treated), inflowM3: volume(inflow), days },
    ]),
  )
}
