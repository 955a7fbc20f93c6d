import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, DischargerId, InstallationId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { findAccount } from './account.queries.ts'
import type { MeterPurpose, Supply } from './account.ts'
import type { AccountLife, LifeInstallation, LifeShare } from './account-life.ts'

/** Ids for rows that refer to one another before they are stored. */
export async function allocateIds(
  trx: Trx,
  table: 'accounts' | 'meters' | 'installations' | 'roster_versions',
  count: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select nextval(sequence.name) as id
    from (select pg_get_serial_sequence(${table}, 'id')::regclass as name offset 0) sequence, generate_series(1, ${count})`.execute(
    trx,
  )
  return rows.map(({ id }) => id)
}

/** Locks the account for the rest of the transaction, then loads its life. Refuses what `findAccount` refuses. */
export async function lockAccountLife(
  trx: Trx,
  account: { readonly collectorCode?: string | undefined; readonly accountNo: string },
): Promise<AccountLife | Refusal> {
  const found = await findAccount(trx, account.collectorCode, account.accountNo)
  if (isRefusal(found)) return found
  const lives = await lockLives(trx, [found.accountId])
  return present(lives.get(found.accountId), `account ${found.accountId} was found a moment ago`)
}

/** The same for many, in the fixed order of their ids, so that no two commands wait for each other. */
export async function lockLives(trx: Trx, accountIds: readonly AccountId[]): Promise<Map<AccountId, AccountLife>> {
  await sql`select id from accounts where id = any(${accountIds}::bigint[]) order by id for no key update`.execute(trx)
  return loadLives(trx, accountIds)
}

interface DatedRow {
  id: string
  account_id: AccountId
  valid_from: CivilDate
  valid_until: CivilDate | null
}

/** Account number → id, of one collector; unknown numbers are left out. */
export async function accountIdsByNo(
  db: Db | Trx,
  collectorId: CollectorId,
  accountNos: readonly string[],
): Promise<Map<string, AccountId>> {
  const { rows } = await sql<{ id: AccountId; account_no: string }>`
    select id, account_no from accounts
    where collector_id = ${collectorId}::bigint and account_no = any(${accountNos}::text[])`.execute(db)
  return new Map(rows.map(({ id, account_no }) => [account_no, id]))
}

/** What an installation or a share needs to know of accounts: their ids and the ends of their lives, by number. */
export interface AccountDays {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly openedOn: CivilDate
  readonly closedOn: CivilDate | null
}

export async function accountDays(
  db: Db | Trx,
  collectorId: CollectorId,
  accountNos: readonly string[],
): Promise<Map<string, AccountDays>> {
  const { rows } = await sql<AccountDays>`
    select a.id as "accountId", a.account_no as "accountNo", a.opened_on as "openedOn", c.closed_on as "closedOn"
    from accounts a left join account_closures c on c.account_id = a.id
    where a.collector_id = ${collectorId}::bigint and a.account_no = any(${accountNos}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.accountNo, row]))
}

/** The whole lives of accounts, in six set-based reads. */
export async function loadLives(db: Db | Trx, accountIds: readonly AccountId[]): Promise<Map<AccountId, AccountLife>> {
  const lives = new Map<AccountId, AccountLife>()
  if (accountIds.length === 0) return lives
  const ids = sql`any(${accountIds}::bigint[])`
  const accounts = await sql<{
    id: AccountId
    account_no: string
    collector_id: CollectorId
    collector_code: string
    supply: Supply
    address: string
    opened_on: CivilDate
    command_id: string
    closed_on: CivilDate | null
    reason: string | null
  }>`
    select a.id, a.account_no, a.collector_id, k.code as collector_code, a.supply, a.address, a.opened_on, a.command_id,
      c.closed_on, c.reason
    from accounts a join collectors k on k.id = a.collector_id left join account_closures c on c.account_id = a.id
    where a.id = ${ids}`.execute(db)
  const holders = await sql<DatedRow & { discharger_id: DischargerId; code: string; name: string }>`
    select h.id, h.account_id, h.discharger_id, d.code, d.name, h.valid_from, h.valid_until
    from account_holders h join dischargers d on d.id = h.discharger_id
    where h.account_id = ${ids} order by h.valid_from, h.id`.execute(db)
  const categories = await sql<
    DatedRow & { payer_group: string; category_code: string; needs_agreement: boolean; evidence: string }
  >`
    select c.id, c.account_id, c.payer_group, c.category_code, g.needs_agreement, c.evidence, c.valid_from, c.valid_until
    from account_categories c join payer_groups g on g.code = c.payer_group
    where c.account_id = ${ids} order by c.valid_from, c.id`.execute(db)
  const suspensions = await sql<DatedRow & { reason: string }>`
    select id, account_id, reason, valid_from, valid_until from account_suspensions
    where account_id = ${ids} order by valid_from, id`.execute(db)
  const installations = await sql<InstallationRow>`
    select i.id, i.account_id, m.meter_no, m.size_mm, i.purpose, i.digits, i.multiplier, i.initial_reading, i.runs_backwards,
      i.master_installation_id, mm.meter_no as master_meter_no, i.replaces_installation_id, om.meter_no as replaces_meter_no,
      r.final_reading, r.reason, i.valid_from, i.valid_until
    from installations i join meters m on m.id = i.meter_id left join installation_removals r on r.installation_id = i.id
    left join installations mi on mi.id = i.master_installation_id left join meters mm on mm.id = mi.meter_id
    left join installations oi on oi.id = i.replaces_installation_id left join meters om on om.id = oi.meter_id
    where i.account_id = ${ids} order by i.valid_from, i.id`.execute(db)
  const shares = await loadShares(db, sql`s.account_id = ${ids}`)

  for (const row of accounts.rows) {
    lives.set(row.id, {
      accountId: row.id,
      accountNo: row.account_no,
      collectorId: row.collector_id,
      collectorCode: row.collector_code,
      supply: row.supply,
      address: row.address,
      openedOn: row.opened_on,
      openedBy: row.command_id,
      closedOn: row.closed_on,
      closingReason: row.reason,
      holders: [],
      categories: [],
      suspensions: [],
      installations: [],
      shares: [],
    })
  }
  for (const row of holders.rows) {
    lives.get(row.account_id)?.holders.push({
      id: row.id,
      from: row.valid_from,
      until: row.valid_until,
      dischargerId: row.discharger_id,
      dischargerCode: row.code,
      dischargerName: row.name,
    })
  }
  for (const row of categories.rows) {
    lives.get(row.account_id)?.categories.push({
      id: row.id,
      from: row.valid_from,
      until: row.valid_until,
      payerGroup: row.payer_group,
      categoryCode: row.category_code,
      needsAgreement: row.needs_agreement,
      evidence: row.evidence,
    })
  }
  for (const row of suspensions.rows) {
    const { id, reason } = row
    lives.get(row.account_id)?.suspensions.push({ id, from: row.valid_from, until: row.valid_until, reason })
  }
  for (const row of installations.rows) lives.get(row.account_id)?.installations.push(lifeInstallationOf(row))
  for (const share of shares) lives.get(share.accountId)?.shares.push(share)
  return lives
}

interface InstallationRow extends DatedRow {
  id: InstallationId
  meter_no: string
  size_mm: number | null
  purpose: MeterPurpose
  digits: number
  multiplier: string
  initial_reading: string
  runs_backwards: boolean
  master_installation_id: InstallationId | null
  master_meter_no: string | null
  replaces_installation_id: InstallationId | null
  replaces_meter_no: string | null
  final_reading: string | null
  reason: string | null
}

function lifeInstallationOf(row: InstallationRow): LifeInstallation {
  return {
    id: row.id,
    from: row.valid_from,
    until: row.valid_until,
    meterNo: row.meter_no,
    sizeMm: row.size_mm,
    purpose: row.purpose,
    digits: row.digits,
    multiplier: row.multiplier,
    initialReading: row.initial_reading,
    runsBackwards: row.runs_backwards,
    masterInstallationId: row.master_installation_id,
    masterMeterNo: row.master_meter_no,
    replacesInstallationId: row.replaces_installation_id,
    replacesMeterNo: row.replaces_meter_no,
    finalReading: row.final_reading,
    removalReason: row.reason,
  }
}

async function loadShares(db: Db | Trx, where: ReturnType<typeof sql>): Promise<LifeShare[]> {
  const { rows } = await sql<
    DatedRow & {
      installation_id: InstallationId
      meter_no: string
      share_no: number
      account_no: string
      share_ratio: string
      unit_m3: '1' | '0.001'
      agreement: string
    }
  >`
    select s.id, s.installation_id, m.meter_no, s.share_no, s.account_id, a.account_no, s.share_ratio, s.unit_m3, s.agreement,
      s.valid_from, s.valid_until
    from installation_shares s join installations i on i.id = s.installation_id join meters m on m.id = i.meter_id
    join accounts a on a.id = s.account_id
    where ${where} order by s.valid_from, s.share_no`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    from: row.valid_from,
    until: row.valid_until,
    installationId: row.installation_id,
    meterNo: row.meter_no,
    shareNo: row.share_no,
    accountId: row.account_id,
    accountNo: row.account_no,
    ratio: row.share_ratio,
    unitM3: row.unit_m3,
    agreement: row.agreement,
  }))
}

/** All shares there ever were of these installations, in the order of their days and numbers. */
export async function sharesOfInstallations(
  db: Db | Trx,
  installationIds: readonly InstallationId[],
): Promise<LifeShare[]> {
  if (installationIds.length === 0) return []
  return loadShares(db, sql`s.installation_id = any(${installationIds}::bigint[])`)
}

export interface NewAccount {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly supply: Supply
  readonly address: string
  readonly openedOn: CivilDate
  readonly dischargerId: DischargerId
  readonly payerGroup: string
  readonly categoryCode: string
}

/** Opens accounts with their first holder and category, in three statements for any number of them. */
export async function insertAccounts(
  trx: Trx,
  commandId: string,
  collectorId: CollectorId,
  accounts: readonly NewAccount[],
): Promise<void> {
  if (accounts.length === 0) return
  const ids = accounts.map(({ accountId }) => accountId)
  const openings = accounts.map(({ openedOn }) => openedOn)
  await sql`
    insert into accounts (id, collector_id, account_no, supply, address, opened_on, command_id) overriding system value
    select id, ${collectorId}::bigint, account_no, supply, address, opened_on, ${commandId} from unnest(
      ${ids}::bigint[], ${accounts.map(({ accountNo }) => accountNo)}::text[], ${accounts.map(({ supply }) => supply)}::text[],
      ${accounts.map(({ address }) => address)}::text[], ${openings}::date[]) as u(id, account_no, supply, address, opened_on)`.execute(
    trx,
  )
  await sql`
    insert into account_holders (account_id, discharger_id, valid_from, command_id)
    select account_id, discharger_id, valid_from, ${commandId} from unnest(
      ${ids}::bigint[], ${accounts.map(({ dischargerId }) => dischargerId)}::bigint[], ${openings}::date[])
      as u(account_id, discharger_id, valid_from)`.execute(trx)
  await sql`
    insert into account_categories (account_id, payer_group, category_code, valid_from, command_id)
    select account_id, payer_group, category_code, valid_from, ${commandId} from unnest(
      ${ids}::bigint[], ${accounts.map(({ payerGroup }) => payerGroup)}::text[],
      ${accounts.map(({ categoryCode }) => categoryCode)}::text[], ${openings}::date[])
      as u(account_id, payer_group, category_code, valid_from)`.execute(trx)
}
