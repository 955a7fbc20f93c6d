import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, monthInterval } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, DischargerId, RosterVersionId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind, type Page } from '../platform/page.ts'
import { tables } from './dischargers.tables.ts'
import type { RosterVersion } from './roster.ts'

export interface RosterInForce {
  readonly versionId: RosterVersionId
  readonly versionNo: number
  readonly asOf: CivilDate
  readonly accountCount: number
}

/** The approved version with the latest as-of date not after that day; of one date, the later version. */
export async function rosterInForce(db: Db | Trx, on: CivilDate): Promise<RosterInForce | undefined> {
  const found = await tables(db)
    .selectFrom('roster_versions as v')
    .innerJoin('proposal_decisions as d', 'd.proposal_id', 'v.proposal_id')
    .select(['v.id as versionId', 'v.version_no as versionNo', 'v.as_of as asOf', 'v.account_count as accountCount'])
    .where('d.decision', '=', 'approved')
    .where('v.as_of', '<=', on)
    .orderBy('v.as_of', 'desc')
    .orderBy('v.version_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found
}

export interface CensusAccount {
  readonly accountId: AccountId
  readonly collectorId: CollectorId
  readonly accountNo: string
  readonly dischargerId: DischargerId
}

export interface CensusScope {
  readonly versionId: RosterVersionId
  readonly feeMonth: FeeMonth
  /** Only these, for a partial run. */
  readonly accountIds?: readonly AccountId[]
}

/**
 * One page of the census of a fee month: the version's entries, and the accounts closed within the month that the version
 * lacks (opened after it, or closed before its day), with their last holder. Ordered by collector and account number in
 * byte order; the next page begins after the last account of this one.
 */
export async function censusPage(
  db: Db | Trx,
  page: CensusScope & {
    readonly after: { readonly collectorId: CollectorId; readonly accountNo: string } | null
    readonly limit: number
  },
): Promise<CensusAccount[]> {
  const { versionId, limit } = page
  const { rows } = await sql<CensusAccount>`
    ${closedWithin(page)}
    (select account_id as "accountId", collector_id as "collectorId", account_no as "accountNo", discharger_id as "dischargerId"
      from roster_entries where version_id = ${versionId}::bigint and ${afterKey(page.after)} and ${among(page.accountIds)}
      order by collector_id, account_no limit ${limit})
    union all
    (select account_id, collector_id, account_no, (select h.discharger_id from account_holders h
        where h.account_id = closed.account_id and h.valid_until > h.valid_from order by h.valid_from desc limit 1)
      from closed where ${afterKey(page.after)} and ${absentFrom(versionId)}
      order by collector_id, account_no limit ${limit})
    order by "collectorId", "accountNo" limit ${limit}`.execute(db)
  return rows
}

/** How many accounts the census of the month has. */
export async function censusCount(db: Db | Trx, scope: CensusScope): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    ${closedWithin(scope)}
    select ((select count(*) from roster_entries
        where version_id = ${scope.versionId}::bigint and ${among(scope.accountIds)})
      + (select count(*) from closed where ${absentFrom(scope.versionId)}))::int as count`.execute(db)
  return rows[0]?.count ?? 0
}

function among(accountIds: readonly AccountId[] | undefined) {
  return accountIds === undefined ? sql`true` : sql`account_id = any(${accountIds}::bigint[])`
}

function afterKey(after: { readonly collectorId: CollectorId; readonly accountNo: string } | null) {
  return after === null
    ? sql`true`
    : sql`(collector_id, account_no) > (${after.collectorId}::bigint, ${after.accountNo} collate "C")`
}

// Materialised, or the planner walks all accounts in order to find the few that were closed. An account closed on the day
// it opened was a mistake taken back, and no account of anybody.
function closedWithin(scope: CensusScope) {
  const month = monthInterval(scope.feeMonth)
  return sql`
    with closed as materialized (
      select c.account_id, a.collector_id, a.account_no from account_closures c join accounts a on a.id = c.account_id
      where c.closed_on >= ${month.from}::date and c.closed_on < ${month.until}::date and c.closed_on > a.opened_on
        and ${among(scope.accountIds)}
    )`
}

function absentFrom(versionId: RosterVersionId) {
  return sql`not exists (select from roster_entries e where e.version_id = ${versionId}::bigint
    and e.collector_id = closed.collector_id and e.account_no = closed.account_no)`
}

/** Every version with its state, newest first; or one page of them. */
export async function listRosters(db: Db | Trx, page?: Page<readonly [string]>): Promise<RosterVersion[]> {
  return rosterRows(db, behind(['v.version_no'], page?.after, 'desc'), page?.limit)
}

export async function findRoster(db: Db | Trx, versionNo: number): Promise<RosterVersion | undefined> {
  return (await rosterRows(db, sql`v.version_no = ${versionNo}`))[0]
}

async function rosterRows(db: Db | Trx, where: ReturnType<typeof sql>, limit?: number): Promise<RosterVersion[]> {
  const { rows } = await sql<RosterVersion>`
    select v.id as "versionId", v.version_no as "versionNo", v.as_of as "asOf", v.account_count as "accountCount",
      v.digest, v.proposal_id as "proposalId", p.published_on as "publishedOn",
      case d.decision when 'approved' then 'approved' when 'returned' then 'returned' else 'proposed' end as state
    from roster_versions v left join proposal_decisions d on d.proposal_id = v.proposal_id
    left join roster_publications p on p.version_id = v.id
    where ${where} order by v.version_no desc limit ${limit ?? null}`.execute(db)
  return rows
}

/** One user of a collector's list, in the words the company reads. */
export interface RosterLine {
  readonly accountNo: string
  readonly dischargerName: string
  readonly payerGroup: string
  readonly payerGroupName: string
  readonly categoryCode: string
  readonly categoryName: string
  readonly supply: 'public' | 'own_source'
  readonly address: string
}

/** A version's entries of one collector, in pages ordered by account number. */
export async function* rosterLines(
  db: Db | Trx,
  versionId: RosterVersionId,
  collectorId: CollectorId,
  pageSize = 10_000,
): AsyncGenerator<RosterLine[]> {
  let after = ''
  for (;;) {
    const rows = await rosterLinePage(db, versionId, collectorId, after, pageSize)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = last.accountNo
  }
}

/** One page of them: those behind the number `after`. */
export async function rosterLinePage(
  db: Db | Trx,
  versionId: RosterVersionId,
  collectorId: CollectorId,
  after: string,
  limit: number,
): Promise<RosterLine[]> {
  return readLines(
    db,
    sql`e.version_id = ${versionId}::bigint and e.collector_id = ${collectorId}::bigint
      and e.account_no > ${after} order by e.account_no limit ${limit}`,
  )
}

/** A version's entries of one collector for these numbers. */
export async function rosterLinesOf(
  db: Db | Trx,
  versionId: RosterVersionId,
  collectorId: CollectorId,
  accountNos: readonly string[],
): Promise<RosterLine[]> {
  return readLines(
    db,
    sql`e.version_id = ${versionId}::bigint and e.collector_id = ${collectorId}::bigint
    and e.account_no = any(${accountNos}::text[])`,
  )
}

async function readLines(db: Db | Trx, where: ReturnType<typeof sql>): Promise<RosterLine[]> {
  const { rows } = await sql<RosterLine>`
    select e.account_no as "accountNo", e.discharger_name as "dischargerName", e.payer_group as "payerGroup",
      g.name_zh as "payerGroupName", e.category_code as "categoryCode", p.name_zh as "categoryName", e.supply, a.address
    from roster_entries e join payer_groups g on g.code = e.payer_group join price_categories p on p.code = e.category_code
    join accounts a on a.id = e.account_id
    where ${where}`.execute(db)
  return rows
}
