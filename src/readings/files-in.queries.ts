import { sql } from 'kysely'
import type { FeeMonth } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'

/** The codes of the collectors of whom a readings file of the month was taken in. */
export async function collectorsWithReadings(db: Db | Trx, feeMonth: FeeMonth): Promise<Set<string>> {
  const { rows } = await sql<{ code: string }>`
    select c.code from collectors c where exists (
      select from imports i where i.kind = 'readings' and starts_with(i.scope, c.code || ${`/${feeMonth}/`}))`.execute(
    db,
  )
  return new Set(rows.map(({ code }) => code))
}
