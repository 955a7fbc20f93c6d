import type { OrganisationId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Concession } from './concession.ts'
import { settlementTables } from './settlement.tables.ts'

/** Agreements of a plant, or of all, oldest first. */
export async function concessionsOf(
  db: Db | Trx,
  filter: { readonly plantId?: OrganisationId; readonly code?: string } = {},
): Promise<Concession[]> {
  let query = settlementTables(db)
    .selectFrom('concession_agreements')
    .selectAll()
    .orderBy('plant_id')
    .orderBy('valid_from')
  if (filter.plantId !== undefined) query = query.where('plant_id', '=', filter.plantId)
  if (filter.code !== undefined) query = query.where('code', '=', filter.code)
  return (await query.execute()).map((row) => ({
    concessionId: row.id,
    plantId: row.plant_id,
    code: row.code,
    title: row.title,
    document: row.document,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    terms: row.terms,
  }))
}
