import type { Db, Trx } from '../database.ts'
import { readSettings } from '../settings.ts'

/** The authority's name as documents say it: the setting, else the name of the organisation that is the bureau. */
export async function officeName(db: Db | Trx): Promise<string> {
  const { 'documents.office_name': set } = await readSettings(db)
  if (set !== '') return set
  const bureau = await db
    .selectFrom('organisations')
    .select('name')
    .where('kind', '=', 'bureau')
    .orderBy('id')
    .executeTakeFirst()
  return bureau?.name ?? ''
}
