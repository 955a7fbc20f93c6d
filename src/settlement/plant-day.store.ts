import { sql } from 'kysely'
import type { ImportId, OrganisationId } from '../kernel/ids.ts'
import { volumeText } from '../kernel/volume.ts'
import type { CommandContext } from '../platform/command.ts'
import type { PlantDay, PlantDayId } from './plant-day.ts'

export interface NewPlantDay extends PlantDay {
  readonly rowNo: number
  /** What counted of the day until now. */
  readonly replaces: PlantDayId | null
}

/** Adds days of one import in one statement. */
export async function insertPlantDays(
  { trx, commandId }: CommandContext,
  plantId: OrganisationId,
  importId: ImportId,
  days: readonly NewPlantDay[],
): Promise<void> {
  if (days.length === 0) return
  await sql`
    insert into plant_days (plant_id, day, treated_m3, inflow_m3, effluent, replaces, import_id, row_no, command_id)
    select ${plantId}::bigint, d.day, d.treated, d.inflow, d.effluent, d.replaces, ${importId}::bigint, d.row_no, ${commandId}
    from unnest(${days.map(({ day }) => day)}::date[], ${days.map(({ treatedM3 }) => volumeText(treatedM3))}::numeric[],
      ${days.map(({ inflowM3 }) => (inflowM3 === null ? null : volumeText(inflowM3)))}::numeric[],
      ${days.map(({ effluent }) => JSON.stringify(effluent))}::jsonb[], ${days.map(({ replaces }) => replaces)}::bigint[],
      ${days.map(({ rowNo }) => rowNo)}::int[]) as d (day, treated, inflow, effluent, replaces, row_no)`.execute(trx)
}
