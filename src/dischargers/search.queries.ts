import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

/** A discharger that answers to what was looked for. */
export interface DischargerHit {
  readonly code: string
  readonly name: string
  readonly creditCode: string | null
  /** Its code, credit code or whole name was given. */
  readonly exact: boolean
}

/** Dischargers by their code, credit code, or a piece of their name of two letters or more; exact ones first. */
export async function findDischargersLike(db: Db | Trx, text: string, limit: number): Promise<DischargerHit[]> {
  const exact = await sql<DischargerHit>`
    select code, name, credit_code as "creditCode", true as exact from dischargers
    where code = ${text} or credit_code = ${text.toUpperCase()} limit ${limit}`.execute(db)
  if (exact.rows.length > 0 || text.length < 2) return exact.rows
  const { rows } = await sql<DischargerHit>`
    select code, name, credit_code as "creditCode", lower(name) = lower(${text}) as exact from dischargers
    where letter_pairs(name) @> letter_pairs(${text}) and strpos(lower(name), lower(${text})) > 0
    limit ${limit * 5}`.execute(db)
  // The whole name first, then those that begin with it.
  return rows
    .toSorted(
      (a, b) =>
        Number(b.exact) - Number(a.exact) ||
        Number(b.name.startsWith(text)) - Number(a.name.startsWith(text)) ||
        (a.code < b.code ? -1 : 1),
    )
    .slice(0, limit)
}

/** An account that answers to a number. */
export interface AccountHit {
  readonly collectorCode: string
  readonly collectorName: string
  readonly accountNo: string
  readonly holderName: string | null
  readonly address: string
  readonly exact: boolean
}

/** Accounts by the name of who holds them: the whole of it or a piece of two letters or more; by number. */
export async function findAccountsHeldBy(db: Db | Trx, name: string, limit: number): Promise<AccountHit[]> {
  if (name.length < 2) return []
  const { rows } = await sql<AccountHit>`
    select c.code as "collectorCode", c.name as "collectorName", a.account_no as "accountNo", a.address, d.name as "holderName",
      lower(d.name) = lower(${name}) as exact
    from dischargers d join account_holders h on h.discharger_id = d.id and h.valid_until is null
      join accounts a on a.id = h.account_id join collectors c on c.id = a.collector_id
    where letter_pairs(d.name) @> letter_pairs(${name}) and strpos(lower(d.name), lower(${name})) > 0
    order by exact desc, a.account_no, c.code limit ${limit}`.execute(db)
  return rows
}

/** Accounts by their number: as it is given, without its leading zeros, or by how it begins. */
export async function findAccountsLike(db: Db | Trx, text: string, limit: number): Promise<AccountHit[]> {
  if (!/^[0-9A-Za-z-]{1,40}$/.test(text)) return []
  const columns = sql`
    select c.code as "collectorCode", c.name as "collectorName", a.account_no as "accountNo", a.address, (select d.name from account_holders h
        join dischargers d on d.id = h.discharger_id where h.account_id = a.id and h.valid_until is distinct from h.valid_from
        order by h.valid_from desc limit 1) as "holderName"`
  const exact = await sql<AccountHit>`
    ${columns}, true as exact from accounts a join collectors c on c.id = a.collector_id
    where a.account_no = ${text} limit ${limit}`.execute(db)
  if (exact.rows.length > 0) return exact.rows
  const zeros = await sql<AccountHit>`
    ${columns}, true as exact from collectors c join accounts a on a.collector_id = c.id
      and ltrim(a.account_no, '0') = ${text.replace(/^0+/, '')} limit ${limit}`.execute(db)
  if (zeros.rows.length > 0 || text.length < 3) return zeros.rows
  const { rows } = await sql<AccountHit>`
    ${columns}, false as exact from accounts a join collectors c on c.id = a.collector_id
    where a.account_no like ${`${text}%`} order by a.account_no limit ${limit}`.execute(db)
  return rows
}
