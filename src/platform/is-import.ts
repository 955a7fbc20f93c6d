import type { ImportId } from '../kernel/ids.ts'
import type { Db, Trx } from './database.ts'

/** Whether an import of this kind has this number; a number nobody can have is none. */
export async function isImport(db: Db | Trx, kind: string, importId: string): Promise<boolean> {
  if (!/^\d{1,18}$/.test(importId)) return false
  const found = await db
    .selectFrom('imports')
    .select('id')
    .where('id', '=', importId as ImportId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return found !== undefined
}
