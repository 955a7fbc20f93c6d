import { sql } from 'kysely'
import type { OrganisationId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Actor } from '../platform/staff.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/** A treatment plant is an organisation of that kind. */
export interface Plant {
  readonly plantId: OrganisationId
  readonly code: string
  readonly name: string
}

/** The plant with this code. Refuses an unknown one and an organisation of another kind. */
export async function findPlant(db: Db | Trx, code: string): Promise<Plant | Refusal> {
  const found = await db
    .selectFrom('organisations')
    .select(['id', 'code', 'name'])
    .where('code', '=', code)
    .where('kind', '=', 'plant')
    .executeTakeFirst()
  if (found === undefined) return refuseSettlement('plant_unknown', { plant: code })
  return { plantId: found.id, code: found.code, name: found.name }
}

/** Staff of a plant act for their own plant; everyone else who has the role acts for any. */
export function refusePlantOf(actor: Actor, plant: Plant): Refusal | undefined {
  if (!actor.roles.includes('plant_operator') || actor.organisationId === plant.plantId) return undefined
  return refuseSettlement('plant_of_others', { actor: actor.name, plant: plant.name })
}

/** Whatever changes what a plant is paid waits here, so that a claim is computed from facts that stand still. */
export async function lockPlant({ trx }: CommandContext, { plantId }: Pick<Plant, 'plantId'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('settlement of a plant'), hashtext(${plantId}))`.execute(trx)
}

/** Every plant, by its code. */
export async function listPlants(db: Db | Trx): Promise<Plant[]> {
  const rows = await db
    .selectFrom('organisations')
    .select(['id', 'code', 'name'])
    .where('kind', '=', 'plant')
    .orderBy('code')
    .execute()
  return rows.map(({ id, code, name }) => ({ plantId: id, code, name }))
}
