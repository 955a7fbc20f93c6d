import type { Trx } from '../platform/database.ts'
import { readSettings } from '../platform/settings.ts'
import { concessionsOf } from './concession.queries.ts'
import { plantDaysOn } from './plant-day.queries.ts'
import type { KnownOfPlantDay } from './plant-day.rules.ts'
import type { StatedPlantDay } from './plant-day.ts'
import type { Plant } from './plants.ts'

/** What is stored that rows of a plant are judged by. */
export async function knownPlantDays(
  trx: Trx,
  plant: Plant,
  rows: readonly StatedPlantDay[],
): Promise<(row: StatedPlantDay) => KnownOfPlantDay> {
  const agreements = await concessionsOf(trx, { plantId: plant.plantId })
  const settings = await readSettings(trx)
  const rowsByDay = new Map<string, number[]>()
  for (const { day, rowNo } of rows) if (day !== undefined) rowsByDay.set(day, [...(rowsByDay.get(day) ?? []), rowNo])
  const stored = await plantDaysOn(
    trx,
    plant.plantId,
    rows.flatMap(({ day }) => day ?? []),
  )
  return ({ day }) => ({
    agreements,
    stored: day === undefined ? undefined : stored.get(day),
    rowsAlike: (day === undefined ? undefined : rowsByDay.get(day)) ?? [],
    implausibleFactor: settings['settlement.implausible_factor'],
    inflowToleranceShare: settings['settlement.inflow_tolerance_share'],
  })
}
