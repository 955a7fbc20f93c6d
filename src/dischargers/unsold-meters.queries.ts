import { sql } from 'kysely'
import type { InstallationId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/**
 * Installations whose volumes are not water the company sold beside the rest: meters of discharge and of own sources, and
 * sub-meters, whose volume is in their master's.
 */
export async function unsoldMeters(db: Db | Trx): Promise<InstallationId[]> {
  const { rows } = await sql<{ id: InstallationId }>`
    select id from installations where purpose in ('discharge', 'own_source') or master_installation_id is not null`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}
