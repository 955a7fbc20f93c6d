import { sql } from 'kysely'
import { type CivilDate, type DateInterval, holdsOn, plusDays, type Validity } from '../kernel/calendar.ts'
import type { CreditCode } from '../kernel/credit-code.ts'
import type { AccountId, CollectorId, DischargerId, InstallationId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { among } from '../platform/key-range.ts'
import type {
  AccountTerms,
  CategoryTerm,
  Holder,
  Installation,
  MeterPurpose,
  MeterShare,
  Supply,
  SupplyAccount,
} from './account.ts'
import type { Collector, Discharger, DischargerKind } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'

// Every validity is cut to the days asked for; one that ended on the day it began never held and is left out.
const touches = (interval: DateInterval) =>
  sql`valid_from < ${interval.until}::date and (valid_until is null or (valid_until > ${interval.from}::date and valid_until > valid_from))`

interface AccountRow {
  id: AccountId
  account_no: string
  collector_id: CollectorId
  supply: Supply
  opened_on: CivilDate
  closed_on: CivilDate | null
}

/**
 * The life of each account as far as it touches the interval: who held it, in which group and category, when it was
 * suspended, which meters hung there. Five set-based reads for any number of accounts; ids that are no account are left
 * out of the map.
 */
export async function accountTerms(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  interval: DateInterval,
): Promise<Map<AccountId, AccountTerms>> {
  const terms = new Map<AccountId, MutableTerms>()
  if (accountIds.length === 0) return terms
  const [accounts, holders, categories, suspensions, installations] = await Promise.all([
    sql<AccountRow>`
      select a.id, a.account_no, a.collector_id, a.supply, a.opened_on,
        (select c.closed_on from account_closures c where c.account_id = a.id) as closed_on
      from accounts a where ${among(sql`a.id`, accountIds)}`.execute(db),
    sql<{ account_id: AccountId; discharger_id: DischargerId; valid_from: CivilDate; valid_until: CivilDate | null }>`
      select account_id, discharger_id, valid_from, valid_until from account_holders
      where ${among(sql`account_id`, accountIds)} and ${touches(interval)} order by valid_from`.execute(db),
    sql<CategoryRow>`
      select c.account_id, c.payer_group, c.category_code, g.needs_agreement, c.valid_from, c.valid_until
      from account_categories c join payer_groups g on g.code = c.payer_group
      where ${among(sql`account_id`, accountIds)} and ${touches(interval)} order by c.valid_from`.execute(db),
    sql<{ account_id: AccountId; valid_from: CivilDate; valid_until: CivilDate | null }>`
      select account_id, valid_from, valid_until from account_suspensions
      where ${among(sql`account_id`, accountIds)} and ${touches(interval)} order by valid_from`.execute(db),
    installationRows(db, sql`${among(sql`account_id`, accountIds)} and ${touches(interval)}`),
  ])
  const asked = new Set(accountIds)
  for (const row of accounts.rows) {
    if (!asked.has(row.id)) continue
    terms.set(row.id, {
      accountId: row.id,
      accountNo: row.account_no,
      collectorId: row.collector_id,
      supply: row.supply,
      openedOn: row.opened_on,
      closedOn: row.closed_on,
      holders: [],
      categories: [],
      suspensions: [],
      installations: [],
    })
  }
  // Where a mistake was taken back, the same holder or category stands twice in a row: for everybody else it went on.
  for (const row of holders.rows) {
    const found = terms.get(row.account_id)?.holders
    const former = found?.at(-1)
    const goesOn = former?.dischargerId === row.discharger_id && former.validity.until === row.valid_from
    const from = goesOn ? former.validity.from : row.valid_from
    if (goesOn) found?.pop()
    found?.push({ dischargerId: row.discharger_id, validity: { from, until: row.valid_until } })
  }
  for (const row of categories.rows) {
    const { payer_group: payerGroup, category_code: categoryCode } = row
    const found = terms.get(row.account_id)?.categories
    const former = found?.at(-1)
    const isSame = former?.payerGroup === payerGroup && former.categoryCode === categoryCode
    const goesOn = isSame && former.validity.until === row.valid_from
    const from = goesOn ? former.validity.from : row.valid_from
    if (goesOn) found?.pop()
    const validity = { from, until: row.valid_until }
    found?.push({ payerGroup, categoryCode, needsAgreement: row.needs_agreement, validity })
  }
  for (const row of suspensions.rows) {
    terms.get(row.account_id)?.suspensions.push({ from: row.valid_from, until: row.valid_until })
  }
  for (const row of installations) terms.get(row.account_id)?.installations.push(installationOf(row))
  return terms
}

interface CategoryRow {
  account_id: AccountId
  payer_group: string
  category_code: string
  needs_agreement: boolean
  valid_from: CivilDate
  valid_until: CivilDate | null
}
type MutableTerms = Omit<AccountTerms, 'holders' | 'categories' | 'suspensions' | 'installations'> & {
  readonly holders: Holder[]
  readonly categories: CategoryTerm[]
  readonly suspensions: Validity[]
  readonly installations: Installation[]
}

interface InstallationRow {
  id: InstallationId
  meter_no: string
  account_id: AccountId
  purpose: MeterPurpose
  digits: number
  multiplier: string
  initial_reading: string
  runs_backwards: boolean
  master_installation_id: InstallationId | null
  replaces_installation_id: InstallationId | null
  final_reading: string | null
  valid_from: CivilDate
  valid_until: CivilDate | null
}

// A joined table would be planned anew for each block, and one in so many thousands tempts the planner to scan it whole
// for each; a subquery for a value is always one look into its index.
async function installationRows(db: Db | Trx, where: ReturnType<typeof sql>): Promise<InstallationRow[]> {
  const { rows } = await sql<InstallationRow>`
    select i.id, (select m.meter_no from meters m where m.id = i.meter_id) as meter_no, i.account_id, i.purpose, i.digits,
      i.multiplier, i.initial_reading, i.runs_backwards, i.master_installation_id, i.replaces_installation_id,
      (select r.final_reading from installation_removals r where r.installation_id = i.id) as final_reading,
      i.valid_from, i.valid_until
    from installations i where ${where} order by i.valid_from, meter_no`.execute(db)
  return rows
}

function installationOf(row: InstallationRow, master = row.master_installation_id): Installation {
  return {
    installationId: row.id,
    meterNo: row.meter_no,
    accountId: row.account_id,
    purpose: row.purpose,
    digits: row.digits,
    multiplier: row.multiplier,
    initialReading: row.initial_reading,
    runsBackwards: row.runs_backwards,
    masterInstallationId: master,
    replacesInstallationId: row.replaces_installation_id,
    finalReading: row.final_reading,
    validity: { from: row.valid_from, until: row.valid_until },
  }
}

/** The accounts that any of these dischargers held on a day of the interval. */
export async function accountsHeldBy(
  db: Db | Trx,
  dischargerIds: readonly DischargerId[],
  interval: DateInterval,
): Promise<AccountId[]> {
  const { rows } = await sql<{ account_id: AccountId }>`
    select distinct account_id from account_holders
    where discharger_id = any(${dischargerIds}::bigint[]) and ${touches(interval)} order by account_id`.execute(db)
  return rows.map((row) => row.account_id)
}

/** Installations by their ids, in no particular order. */
export async function installationsById(db: Db | Trx, ids: readonly InstallationId[]): Promise<Installation[]> {
  if (ids.length === 0) return []
  return (await installationRows(db, sql`i.id = any(${ids}::bigint[])`)).map((row) => installationOf(row))
}

/**
 * The sub-meters behind these masters that hang in the interval. A sub-meter stays behind its place when the master is
 * replaced: it is answered once, with the latest of the asked installations of that place as its master.
 */
export async function subInstallations(
  db: Db | Trx,
  masterInstallationIds: readonly InstallationId[],
  interval: DateInterval,
): Promise<Installation[]> {
  if (masterInstallationIds.length === 0) return []
  // Those that hung in the asked ones' places before them; few meters were ever replaced.
  const before = await sql<{ asked: InstallationId; id: InstallationId }>`
    with recursive place as (
      select id as asked, valid_from as asked_from, replaces_installation_id as id from installations
      where ${among(sql`id`, masterInstallationIds)} and replaces_installation_id is not null
        and valid_from < ${interval.until}::date
      union all
      select place.asked, place.asked_from, i.replaces_installation_id
      from place join installations i on i.id = place.id where i.replaces_installation_id is not null
    )
    select asked, id from place order by asked_from, asked`.execute(db)
  const latestByMaster = new Map<InstallationId, InstallationId>()
  const isAsked = new Set(masterInstallationIds)
  for (const { asked, id } of before.rows) if (isAsked.has(asked)) latestByMaster.set(id, asked)
  const masters = [...new Set([...masterInstallationIds, ...latestByMaster.keys()])]
  const rows = await installationRows(
    db,
    sql`i.master_installation_id = any(${masters}::bigint[]) and ${touches(interval)}`,
  )
  return rows.map((row) => {
    const master = row.master_installation_id
    return installationOf(row, master === null ? null : (latestByMaster.get(master) ?? master))
  })
}

/** Shares of the meters or of the accounts named that touch the interval, in the order of their numbers per meter. */
export async function meterSharesOf(
  db: Db | Trx,
  of: { readonly accountIds: readonly AccountId[] } | { readonly installationIds: readonly InstallationId[] },
  interval: DateInterval,
): Promise<MeterShare[]> {
  const where =
    'accountIds' in of ? among(sql`account_id`, of.accountIds) : among(sql`installation_id`, of.installationIds)
  const { rows } = await sql<ShareRow>`
    select installation_id, share_no, account_id, share_ratio, unit_m3, agreement, valid_from, valid_until
    from installation_shares where ${where} and ${touches(interval)}
    order by installation_id, valid_from, share_no`.execute(db)
  const asked = new Set<string>('accountIds' in of ? of.accountIds : of.installationIds)
  const named = rows.filter((row) => asked.has('accountIds' in of ? row.account_id : row.installation_id))
  return named.map((row) => ({
    installationId: row.installation_id,
    shareNo: row.share_no,
    accountId: row.account_id,
    ratio: row.share_ratio,
    unitM3: row.unit_m3,
    agreement: row.agreement,
    validity: { from: row.valid_from, until: row.valid_until },
  }))
}

interface ShareRow {
  installation_id: InstallationId
  share_no: number
  account_id: AccountId
  share_ratio: string
  unit_m3: '1' | '0.001'
  agreement: string
  valid_from: CivilDate
  valid_until: CivilDate | null
}

/**
 * The accounts a collector's file names, by number, with the meters that touch the interval, and the holder and category
 * at its end. Numbers that are no account of this collector are left out of the map.
 */
export async function supplyAccounts(
  db: Db | Trx,
  collectorId: CollectorId,
  accountNos: readonly string[],
  interval: DateInterval,
): Promise<Map<string, SupplyAccount>> {
  const byNo = new Map<string, MutableSupplyAccount>()
  if (accountNos.length === 0) return byNo
  const rows = await accountsByNo(db, collectorId, accountNos)
  const accountIds = rows.map(({ id }) => id)
  if (accountIds.length === 0) return byNo
  const [holders, categories, installations] = await Promise.all([
    sql<{ account_id: AccountId; name: string; valid_from: CivilDate; valid_until: CivilDate | null }>`
      select h.account_id, (select d.name from dischargers d where d.id = h.discharger_id) as name, h.valid_from, h.valid_until
      from account_holders h where ${among(sql`account_id`, accountIds)}`.execute(db),
    sql<{ account_id: AccountId; code: string; name_zh: string; valid_from: CivilDate; valid_until: CivilDate | null }>`
      select c.account_id, p.code, p.name_zh, c.valid_from, c.valid_until
      from account_categories c join price_categories p on p.code = c.category_code
      where ${among(sql`account_id`, accountIds)}`.execute(db),
    installationRows(db, sql`${among(sql`account_id`, accountIds)} and ${touches(interval)}`),
  ])
  const byId = new Map<AccountId, { readonly shownOn: CivilDate; readonly account: MutableSupplyAccount }>()
  const lastOfAll = plusDays(interval.until, -1)
  for (const row of rows) {
    const account: MutableSupplyAccount = {
      accountId: row.id,
      accountNo: row.account_no,
      // Only an account that was opened by mistake and taken back keeps these blank.
      holderName: '',
      categoryCode: '',
      categoryNameZh: '',
      installations: [],
      openedOn: row.opened_on,
      closedOn: row.closed_on,
    }
    byNo.set(row.account_no, account)
    byId.set(row.id, { shownOn: lastDayShown(row, lastOfAll), account })
  }
  for (const { account_id, name, valid_from, valid_until } of holders.rows) {
    const shown = byId.get(account_id)
    if (shown === undefined || !holdsOn({ from: valid_from, until: valid_until }, shown.shownOn)) continue
    shown.account.holderName = name
  }
  for (const { account_id, code, name_zh, valid_from, valid_until } of categories.rows) {
    const shown = byId.get(account_id)
    if (shown === undefined || !holdsOn({ from: valid_from, until: valid_until }, shown.shownOn)) continue
    shown.account.categoryCode = code
    shown.account.categoryNameZh = name_zh
  }
  for (const row of installations) byId.get(row.account_id)?.account.installations.push(installationOf(row))
  return byNo
}

/**
 * Accounts by their numbers. Files are mostly sorted by them, and then a block is a piece of the index; whether it is a
 * small one shows when it is read.
 */
async function accountsByNo(
  db: Db | Trx,
  collectorId: CollectorId,
  accountNos: readonly string[],
): Promise<readonly AccountRow[]> {
  const columns = sql`a.id, a.account_no, a.collector_id, a.supply, a.opened_on,
    (select c.closed_on from account_closures c where c.account_id = a.id) as closed_on`
  const [first] = accountNos
  const isSorted = accountNos.every((no, index) => index === 0 || (accountNos[index - 1] ?? '') < no)
  if (accountNos.length > 100 && isSorted) {
    const most = accountNos.length * 2
    const { rows } = await sql<AccountRow>`
      select ${columns} from accounts a
      where a.collector_id = ${collectorId}::bigint and a.account_no between ${first} and ${accountNos.at(-1)}
      order by a.account_no limit ${most + 1}`.execute(db)
    const asked = new Set(accountNos)
    if (rows.length <= most) return rows.filter(({ account_no }) => asked.has(account_no))
  }
  const { rows } = await sql<AccountRow>`
    select ${columns} from unnest(${accountNos}::text[]) as asked (no) cross join lateral (
      select * from accounts a where a.collector_id = ${collectorId}::bigint and a.account_no = asked.no offset 0) a`.execute(
    db,
  )
  return rows
}

/** The accounts of a collector by their numbers; numbers that are no account of it are left out of the map. */
export async function accountIdsByNo(
  db: Db | Trx,
  collectorId: CollectorId,
  accountNos: readonly string[],
): Promise<Map<string, AccountId>> {
  if (accountNos.length === 0) return new Map()
  return new Map((await accountsByNo(db, collectorId, accountNos)).map(({ account_no, id }) => [account_no, id]))
}

type MutableSupplyAccount = { -readonly [K in keyof Omit<SupplyAccount, 'installations'>]: SupplyAccount[K] } & {
  readonly installations: Installation[]
}

/** The last day of the interval on which the account was there; of an account opened later, its first day. */
function lastDayShown({ opened_on, closed_on }: AccountRow, lastOfAll: CivilDate): CivilDate {
  const last = closed_on !== null && closed_on <= lastOfAll ? plusDays(closed_on, -1) : lastOfAll
  return last > opened_on ? last : opened_on
}

/**
 * For numbers that lost their leading zeros (or got some too many): the collector's accounts that differ in nothing else,
 * in order of their numbers. Numbers without such accounts are left out of the map.
 */
export async function likelyAccounts(
  db: Db | Trx,
  collectorId: CollectorId,
  accountNos: readonly string[],
): Promise<Map<string, string[]>> {
  const likely = new Map<string, string[]>()
  if (accountNos.length === 0) return likely
  const { rows } = await sql<{ asked: string; account_no: string }>`
    select asked.no as asked, a.account_no
    from unnest(${accountNos}::text[]) asked(no)
    join accounts a on a.collector_id = ${collectorId}::bigint and ltrim(a.account_no, '0') = ltrim(asked.no, '0') collate "C"
    where a.account_no <> asked.no order by a.account_no`.execute(db)
  for (const { asked, account_no } of rows) {
    const found = likely.get(asked)
    if (found === undefined) likely.set(asked, [account_no])
    else found.push(account_no)
  }
  return likely
}

/**
 * The accounts on public supply that were open on a day, in pages ordered by number: what a collector's file of that
 * month must name (own-source users declare their use themselves). From the number `behindNo` on, where it is given.
 */
export async function* suppliedAccountNos(
  db: Db | Trx,
  collectorId: CollectorId,
  on: CivilDate,
  pageSize = 10_000,
  behindNo = '',
): AsyncGenerator<{ readonly accountId: AccountId; readonly accountNo: string }[]> {
  let after = behindNo
  for (;;) {
    const { rows } = await sql<{ accountId: AccountId; accountNo: string }>`
      select a.id as "accountId", a.account_no as "accountNo"
      from accounts a left join account_closures c on c.account_id = a.id
      where a.collector_id = ${collectorId}::bigint and a.account_no > ${after} and a.supply = 'public'
        and a.opened_on <= ${on}::date and (c.closed_on is null or c.closed_on > ${on}::date)
      order by a.account_no limit ${pageSize}`.execute(db)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = last.accountNo
  }
}

/** The connection agreements of these dischargers that are in force on the day or on a later one. */
export async function agreementsSince(
  db: Db | Trx,
  dischargerIds: readonly DischargerId[],
  day: CivilDate,
): Promise<{ readonly dischargerId: DischargerId; readonly validity: Validity }[]> {
  if (dischargerIds.length === 0) return []
  const { rows } = await sql<{ discharger_id: DischargerId; valid_from: CivilDate; valid_until: CivilDate | null }>`
    select discharger_id, valid_from, valid_until from connection_agreements
    where discharger_id = any(${dischargerIds}::bigint[])
      and (valid_until is null or (valid_until > ${day}::date and valid_until > valid_from)) order by valid_from`.execute(
    db,
  )
  return rows.map((row) => ({
    dischargerId: row.discharger_id,
    validity: { from: row.valid_from, until: row.valid_until },
  }))
}

interface DischargerRow {
  id: DischargerId
  code: string
  name: string
  kind: DischargerKind
  credit_code: CreditCode | null
  product_is_mainly_water: boolean
  address: string
  phone: string
}

/** Dischargers by their ids; unknown ids are left out of the map. */
export async function dischargersById(
  db: Db | Trx,
  ids: readonly DischargerId[],
): Promise<Map<DischargerId, Discharger>> {
  const found = new Map<DischargerId, Discharger>()
  if (ids.length === 0) return found
  const { rows } = await sql<DischargerRow>`
    select id, code, name, kind, credit_code, product_is_mainly_water, address, phone
    from dischargers where id = any(${ids}::bigint[])`.execute(db)
  for (const row of rows) found.set(row.id, dischargerOf(row))
  return found
}

/** The discharger with that code (排污者编号). */
export async function findDischarger(db: Db | Trx, code: string): Promise<Discharger | Refusal> {
  const row = await tables(db).selectFrom('dischargers').selectAll().where('code', '=', code).executeTakeFirst()
  return row === undefined ? refuse('discharger_unknown', { code }) : dischargerOf(row)
}

/** From a row of `dischargers`. */
export function dischargerOf(row: DischargerRow): Discharger {
  return {
    dischargerId: row.id,
    code: row.code,
    name: row.name,
    kind: row.kind,
    creditCode: row.credit_code,
    productIsMainlyWater: row.product_is_mainly_water,
    address: row.address,
    phone: row.phone,
  }
}

/** The collector (代征单位) with that code. */
export async function findCollector(db: Db | Trx, code: string): Promise<Collector | undefined> {
  const row = await tables(db).selectFrom('collectors').selectAll().where('code', '=', code).executeTakeFirst()
  if (row === undefined) return undefined
  const { id, code: known, name, credit_code, organisation_id } = row
  return { collectorId: id, code: known, name, creditCode: credit_code, organisationId: organisation_id }
}

export interface FoundAccount {
  readonly accountId: AccountId
  readonly collectorId: CollectorId
  readonly collectorCode: string
  readonly accountNo: string
  /** Its present holder, or its last. */
  readonly holderName: string
}

/**
 * One account by its number, of the collector named or of the only one that has it. Refuses an unknown collector, an
 * unknown number (with the one that lost its zeros), and a number that several collectors have.
 */
export async function findAccount(
  db: Db | Trx,
  collectorCode: string | undefined,
  accountNo: string,
): Promise<FoundAccount | Refusal> {
  const collector = collectorCode === undefined ? undefined : await findCollector(db, collectorCode)
  if (collectorCode !== undefined && collector === undefined)
    return refuse('collector_unknown', { code: collectorCode })
  const ofCollector = collector === undefined ? sql`true` : sql`a.collector_id = ${collector.collectorId}::bigint`
  const { rows } = await sql<FoundAccount>`
    select a.id as "accountId", a.collector_id as "collectorId", c.code as "collectorCode", a.account_no as "accountNo",
      coalesce((select d.name from account_holders h join dischargers d on d.id = h.discharger_id
        where h.account_id = a.id order by h.valid_from desc, h.id desc limit 1), '') as "holderName"
    from accounts a join collectors c on c.id = a.collector_id
    where a.account_no = ${accountNo} and ${ofCollector} order by c.code`.execute(db)
  const [found, ...others] = rows
  if (found === undefined) return unknownAccount(db, collector, accountNo)
  if (others.length === 0) return found
  const collectors = rows.map((row) => row.collectorCode).join('、')
  return refuse('account_of_several', { accountNo, collectors })
}

/** The accounts of several numbers, as `findAccount` finds each; refuses the first that it refuses. */
export async function findAccounts(
  db: Db | Trx,
  collectorCode: string | undefined,
  accountNos: readonly string[],
): Promise<AccountId[] | Refusal> {
  const ids: AccountId[] = []
  for (const accountNo of accountNos) {
    const account = await findAccount(db, collectorCode, accountNo)
    if (isRefusal(account)) return account
    ids.push(account.accountId)
  }
  return ids
}

async function unknownAccount(db: Db | Trx, collector: Collector | undefined, accountNo: string): Promise<Refusal> {
  const asked =
    collector === undefined
      ? (await tables(db).selectFrom('collectors').select('id').execute()).map(({ id }) => id)
      : [collector.collectorId]
  for (const collectorId of asked) {
    const likely = (await likelyAccounts(db, collectorId, [accountNo])).get(accountNo)
    if (likely !== undefined) return refuse('account_zeros_lost', { accountNo, likely: likely.join('、') })
  }
  if (collector === undefined) return refuse('account_unknown_anywhere', { accountNo })
  return refuse('account_unknown', { collector: collector.code, accountNo })
}

/** The outlet of that number that one of the dischargers has on a day. */
export async function findOutlet(
  db: Db | Trx,
  dischargerIds: readonly DischargerId[],
  outletNo: string,
  on: CivilDate,
): Promise<{ readonly outletId: string; readonly hasOnlineMeter: boolean } | undefined> {
  if (dischargerIds.length === 0) return undefined
  const { rows } = await sql<{ outletId: string; hasOnlineMeter: boolean }>`
    select id as "outletId", has_online_meter as "hasOnlineMeter" from outlets
    where discharger_id = any(${dischargerIds}::bigint[]) and outlet_no = ${outletNo}
      and valid_from <= ${on}::date and (valid_until is null or valid_until > ${on}::date) limit 1`.execute(db)
  return rows[0]
}
