import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/** The price categories of the accounts that some dischargers hold on a day. */
export async function categoriesOfPayers(
  db: Db | Trx,
  dischargers: readonly DischargerId[],
  on: CivilDate,
): Promise<string[]> {
  const holds = (alias: 'h' | 'c') => sql`${sql.ref(`${alias}.valid_from`)} <= ${on}::date
    and (${sql.ref(`${alias}.valid_until`)} is null or ${sql.ref(`${alias}.valid_until`)} > ${on}::date)`
  const { rows } = await sql<{ category_code: string }>`
    select distinct c.category_code from account_holders h join account_categories c on c.account_id = h.account_id
    where h.discharger_id = any(${dischargers}::bigint[]) and ${holds('h')} and ${holds('c')} order by 1`.execute(db)
  return rows.map((row) => row.category_code)
}
