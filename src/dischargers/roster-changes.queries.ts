import { type RawBuilder, sql } from 'kysely'
import type { RosterVersionId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

export const rosterChangeKinds = ['added', 'gone', 'changed'] as const
export type RosterChangeKind = (typeof rosterChangeKinds)[number]

/** An account that one version of the roster has otherwise than an earlier one. */
export interface RosterChange {
  readonly key: string
  readonly kind: RosterChangeKind
  readonly collector_code: string
  readonly collector_name: string
  readonly account_no: string
  readonly name_before: string | null
  readonly name_after: string | null
  readonly group_before: string | null
  readonly group_after: string | null
  readonly category_before: string | null
  readonly category_after: string | null
}

/** What differs between two versions, both ways, without order and limit. */
export function rosterChanges(
  before: RosterVersionId,
  after: RosterVersionId,
  filter: {
    readonly kind?: RosterChangeKind
    readonly collector?: string
    readonly account?: string
    /** Of the names of groups and categories. */
    readonly language: 'zh' | 'en'
  },
): RawBuilder<RosterChange> {
  const name = (of: 'g' | 'p') => sql.ref(`${of}.name_${filter.language}`)
  const conditions = [
    sql`(b.account_no is null or a.account_no is null or b.discharger_name <> a.discharger_name
      or b.category_code <> a.category_code or b.payer_group <> a.payer_group)`,
  ]
  if (filter.kind === 'added') conditions.push(sql`b.account_no is null`)
  if (filter.kind === 'gone') conditions.push(sql`a.account_no is null`)
  if (filter.kind === 'changed') conditions.push(sql`a.account_no is not null and b.account_no is not null`)
  if (filter.collector !== undefined) conditions.push(sql`k.code = ${filter.collector}`)
  if (filter.account !== undefined) conditions.push(sql`coalesce(a.account_no, b.account_no) = ${filter.account}`)
  return sql<RosterChange>`
    select k.code || '/' || coalesce(a.account_no, b.account_no) as key, k.code as collector_code, k.name as collector_name,
      coalesce(a.account_no, b.account_no) as account_no,
      case when b.account_no is null then 'added' when a.account_no is null then 'gone' else 'changed' end as kind,
      b.discharger_name as name_before, a.discharger_name as name_after,
      (select ${name('g')} from payer_groups g where g.code = b.payer_group) as group_before,
      (select ${name('g')} from payer_groups g where g.code = a.payer_group) as group_after,
      (select ${name('p')} from price_categories p where p.code = b.category_code) as category_before,
      (select ${name('p')} from price_categories p where p.code = a.category_code) as category_after
    from (select * from roster_entries where version_id = ${before}::bigint) as b
      full join (select * from roster_entries where version_id = ${after}::bigint) as a
        on a.collector_id = b.collector_id and a.account_no = b.account_no
      join collectors k on k.id = coalesce(a.collector_id, b.collector_id)
    where ${sql.join(conditions, sql` and `)}`
}

/** How many accounts of each collector a version has. */
export async function rosterCounts(
  db: Db | Trx,
  versionId: RosterVersionId,
): Promise<readonly { readonly code: string; readonly name: string; readonly accounts: number }[]> {
  const { rows } = await sql<{ code: string; name: string; accounts: number }>`
    select k.code, k.name, n.accounts from (
      select collector_id, count(*)::int as accounts from roster_entries where version_id = ${versionId}::bigint group by 1
    ) as n join collectors k on k.id = n.collector_id order by k.code`.execute(db)
  return rows
}
