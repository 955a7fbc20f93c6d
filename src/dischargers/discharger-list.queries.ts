import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { Supply } from './account.ts'
import type { DischargerKind } from './discharger.ts'

/** One row of the list of dischargers. */
export interface DischargerListRow {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly kind: DischargerKind
  readonly credit_code: string | null
  readonly accounts: number
}

export interface DischargerListFilter {
  /** Code, credit code or account number as a whole, or a part of the name. */
  readonly q?: string
  readonly kind?: DischargerKind
}

/** The dischargers that fit, without order and limit. */
export function dischargerListRows({ q, kind }: DischargerListFilter): RawBuilder<DischargerListRow> {
  const conditions = [sql`true`]
  if (q !== undefined) {
    conditions.push(sql`(d.code = ${q} or d.credit_code = upper(${q}) or d.name like ${containing(q)}
      or d.id in (select h.discharger_id from account_holders h join accounts a on a.id = h.account_id where a.account_no = ${q}))`)
  }
  if (kind !== undefined) conditions.push(sql`d.kind = ${kind}`)
  // A subquery for a value is answered for the rows of the page alone; a join would be for all of them.
  return sql<DischargerListRow>`
    select d.id, d.code, d.name, d.kind, d.credit_code,
      (select count(distinct h.account_id)::int from account_holders h where h.discharger_id = d.id
        and (h.valid_until is null or h.valid_until > h.valid_from)) as accounts
    from dischargers d where ${sql.join(conditions, sql` and `)}`
}

/** As many rows, without what stands beside them. */
export function dischargerListCounted(filter: DischargerListFilter): RawBuilder<unknown> {
  return sql`select from (${dischargerListRows(filter)}) as listed`
}

/** One row of the list of accounts. */
export interface AccountListRow {
  readonly id: string
  readonly account_no: string
  readonly collector_code: string
  readonly collector_name: string
  readonly holder: string | null
  readonly category: string | null
  readonly supply: Supply
  readonly opened_on: CivilDate
  readonly closed_on: CivilDate | null
}

export interface AccountListFilter {
  /** The number or a part of it, or a part of a holder's name. */
  readonly q?: string
  readonly collector?: string
  readonly category?: string
  readonly supply?: Supply
  readonly state?: 'open' | 'closed'
}

/** The accounts that fit, without order and limit; holder and category are the present or the last ones. */
export function accountListRows(filter: AccountListFilter, language: 'zh' | 'en'): RawBuilder<AccountListRow> {
  return sql<AccountListRow>`
    select a.id, a.account_no, k.code as collector_code, k.name as collector_name, a.supply, a.opened_on,
      (select d.name from account_holders h join dischargers d on d.id = h.discharger_id
        where h.account_id = a.id order by h.valid_from desc, h.id desc limit 1) as holder,
      (select ${sql.ref(`p.name_${language}`)} from account_categories t join price_categories p on p.code = t.category_code
        where t.account_id = a.id order by t.valid_from desc, t.id desc limit 1) as category,
      (select c.closed_on from account_closures c where c.account_id = a.id) as closed_on
    from accounts a join collectors k on k.id = a.collector_id
    where ${conditionsOf(filter)}`
}

/** As many rows, without what stands beside them. */
export function accountListCounted(filter: AccountListFilter): RawBuilder<unknown> {
  return sql`select from accounts a join collectors k on k.id = a.collector_id where ${conditionsOf(filter)}`
}

function conditionsOf({ q, collector, category, supply, state }: AccountListFilter): RawBuilder<unknown> {
  const conditions = [sql`true`]
  if (q !== undefined) {
    conditions.push(sql`(a.account_no like ${containing(q)} or a.id in (
      select h.account_id from account_holders h join dischargers d on d.id = h.discharger_id
      where d.name like ${containing(q)} or d.code = ${q}))`)
  }
  if (collector !== undefined) conditions.push(sql`k.code = ${collector}`)
  if (supply !== undefined) conditions.push(sql`a.supply = ${supply}`)
  if (category !== undefined) {
    conditions.push(sql`${category} = (select t.category_code from account_categories t where t.account_id = a.id
      order by t.valid_from desc, t.id desc limit 1)`)
  }
  const closed = sql`exists (select from account_closures c where c.account_id = a.id)`
  if (state !== undefined) conditions.push(state === 'closed' ? closed : sql`not ${closed}`)
  return sql.join(conditions, sql` and `)
}

/** A pattern for `like` that finds the text anywhere. */
const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
