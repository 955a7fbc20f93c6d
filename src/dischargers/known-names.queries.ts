import { sql } from 'kysely'
import type { AccountId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/** Names of dischargers by their code; unknown codes are left out of the map. */
export async function dischargerNames(db: Db | Trx, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map()
  const { rows } = await sql<{ code: string; name: string }>`
    select code, name from dischargers where code = any(${codes}::text[])`.execute(db)
  return new Map(rows.map(({ code, name }) => [code, name]))
}

/** Names of who held accounts last; accounts that nobody holds are left out of the map. */
export async function holderNames(db: Db | Trx, accountIds: readonly AccountId[]): Promise<Map<AccountId, string>> {
  if (accountIds.length === 0) return new Map()
  const { rows } = await sql<{ account_id: AccountId; name: string }>`
    select distinct on (h.account_id) h.account_id, d.name
    from account_holders h join dischargers d on d.id = h.discharger_id
    where h.account_id = any(${accountIds}::bigint[]) and h.valid_until is distinct from h.valid_from
    order by h.account_id, h.valid_from desc`.execute(db)
  return new Map(rows.map(({ account_id, name }) => [account_id, name]))
}

/** Names of the collectors by their code, in its order. */
export async function collectorNames(db: Db | Trx): Promise<Map<string, string>> {
  const { rows } = await sql<{ code: string; name: string }>`select code, name from collectors order by code`.execute(
    db,
  )
  return new Map(rows.map(({ code, name }) => [code, name]))
}
