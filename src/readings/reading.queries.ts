import { type RawBuilder, sql } from 'kysely'
import { type FeeMonth, firstDay, plusMonths } from '../kernel/calendar.ts'
import type { AccountId, ImportId, InstallationId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { type Volume, volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { among } from '../platform/key-range.ts'
import { monthUses } from './month-uses.queries.ts'
import type { MeterReading } from './reading.ts'
import { isEffective, type ReadingRow, readingColumns, readingOf } from './reading-rows.ts'

/**
 * Effective readings of accounts or meters in some months, in order of account and days. One look into the index for
 * each of them, whatever the planner thinks: for thousands at once it would read the whole table, for every block again.
 */
async function effectiveReadings(
  db: Db | Trx,
  of: 'account_id' | 'installation_id',
  ids: readonly string[],
  months: RawBuilder<unknown>,
): Promise<MeterReading[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<ReadingRow>`
    select ${readingColumns} from unnest(${ids}::bigint[]) as asked (id) cross join lateral (
      select * from meter_readings r where r.${sql.ref(of)} = asked.id and ${months} and ${isEffective} offset 0) r
    order by r.account_id, r.used_from, r.id`.execute(db)
  return rows.map(readingOf)
}

/** The effective readings of one fee month, by account, in order of their days. Accounts without one are left out. */
export async function readingsOfAccounts(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Map<AccountId, MeterReading[]>> {
  return byAccount(
    await effectiveReadings(db, 'account_id', accountIds, sql`r.fee_month = ${firstDay(feeMonth)}::date`),
  )
}

/** The effective readings of one fee month of these meters. */
export async function readingsOfInstallations(
  db: Db | Trx,
  installationIds: readonly InstallationId[],
  feeMonth: FeeMonth,
): Promise<MeterReading[]> {
  return effectiveReadings(db, 'installation_id', installationIds, sql`r.fee_month = ${firstDay(feeMonth)}::date`)
}

/** The effective readings of the `months` months before a fee month. */
export async function readingsBefore(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
  months: number,
): Promise<MeterReading[]> {
  return effectiveReadings(
    db,
    'account_id',
    accountIds,
    sql`r.fee_month < ${firstDay(feeMonth)}::date and r.fee_month >= ${firstDay(plusMonths(feeMonth, -months))}::date`,
  )
}

// A run is looked for a year back and a year ahead; the limit of estimates in a row is far below.
const longestRun = 12

/**
 * By account, every run of estimated readings that an actual one has closed and that this fee month is part of: the
 * estimated readings of a meter, oldest first, then the actual one (what `trueUpShares` takes). Accounts without such a
 * run are left out.
 */
export async function estimatedRuns(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Map<AccountId, MeterReading[]>> {
  const earliest = firstDay(plusMonths(feeMonth, -longestRun))
  const { rows } = await sql<{ account_id: AccountId }>`
    select distinct account_id from meter_readings
    where ${among(sql`account_id`, accountIds)} and source = 'estimated'
      and fee_month between ${earliest}::date and ${firstDay(feeMonth)}::date`.execute(db)
  if (rows.length === 0) return new Map()
  const readings = await effectiveReadings(
    db,
    'account_id',
    rows.map((row) => row.account_id),
    sql`r.kind <> 'supplement' and r.fee_month between ${earliest}::date and ${firstDay(plusMonths(feeMonth, longestRun))}::date`,
  )
  return byAccount(
    closedRuns(readings)
      .filter((run) => run.some((each) => each.feeMonth === feeMonth))
      .flat(),
  )
}

/** Runs of estimated readings with the actual reading that closes each. */
function closedRuns(readings: readonly MeterReading[]): MeterReading[][] {
  const open = new Map<string, MeterReading[]>()
  const closed: MeterReading[][] = []
  // By their ends: an actual reading that counts from the last actual one begins with the first estimate it closes.
  const inOrder = readings.toSorted((a, b) => (a.used.until < b.used.until ? -1 : a.used.until > b.used.until ? 1 : 0))
  for (const reading of inOrder) {
    const meter = `${reading.accountId} ${reading.installationId ?? ''}`
    const run = open.get(meter) ?? []
    if (reading.source === 'estimated') open.set(meter, [...run, reading])
    else if (run.length > 0) {
      closed.push([...run, reading])
      open.delete(meter)
    }
  }
  return closed
}

function byAccount(readings: readonly MeterReading[]): Map<AccountId, MeterReading[]> {
  const found = new Map<AccountId, MeterReading[]>()
  for (const reading of readings) {
    const ofAccount = found.get(reading.accountId)
    if (ofAccount === undefined) found.set(reading.accountId, [reading])
    else ofAccount.push(reading)
  }
  return found
}

/** Of these accounts, those without an effective reading of the fee month and without a row of it that waits for a decision. */
export async function withoutReading<Account extends { readonly accountId: AccountId }>(
  db: Db | Trx,
  accounts: readonly Account[],
  feeMonth: FeeMonth,
): Promise<Account[]> {
  if (accounts.length === 0) return []
  const { rows } = await sql<{ id: AccountId }>`
    select a.id from unnest(${accounts.map(({ accountId }) => accountId)}::bigint[]) as a (id)
    where not exists (select from meter_readings r
        where r.account_id = a.id and r.fee_month = ${firstDay(feeMonth)}::date and ${isEffective})
      and not exists (select from import_rows h
        where h.account_id = a.id and h.fee_month = ${firstDay(feeMonth)}::date
          and not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no))`.execute(
    db,
  )
  const absent = new Set(rows.map(({ id }) => id))
  return accounts.filter(({ accountId }) => absent.has(accountId))
}

export interface UndecidedRow {
  readonly importId: ImportId
  readonly rowNo: number
  readonly reasons: readonly RowReason[]
}

/** Held rows of a fee month nobody has decided on, by account. */
export async function undecidedRows(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Map<AccountId, UndecidedRow[]>> {
  const { rows } = await sql<{ account_id: AccountId; import_id: ImportId; row_no: number; reasons: RowReason[] }>`
    select h.account_id, h.import_id, h.row_no, h.reasons
    from import_rows h join imports i on i.id = h.import_id and i.kind = 'readings'
    where ${among(sql`h.account_id`, accountIds)} and h.fee_month = ${firstDay(feeMonth)}::date and h.verdict = 'held'
      and not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)
    order by h.import_id, h.row_no`.execute(db)
  const found = new Map<AccountId, UndecidedRow[]>()
  for (const { account_id, import_id, row_no, reasons } of rows) {
    const ofAccount = found.get(account_id) ?? []
    ofAccount.push({ importId: import_id, rowNo: row_no, reasons })
    found.set(account_id, ofAccount)
  }
  return found
}

export interface UseHistory {
  /** m³ of the up to three months before, newest first. */
  readonly lastThree: readonly string[]
  readonly sameMonthLastYear: string | null
}

/** What accounts used in the months before and in the same month last year; uses before go-live count where nothing else is. */
export async function useHistory(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Map<AccountId, UseHistory>> {
  const lastYear = plusMonths(feeMonth, -12)
  const months = [1, 2, 3].map((back) => plusMonths(feeMonth, -back))
  const uses = await monthUses(db, accountIds, [...months, lastYear])
  return new Map(
    accountIds.map((accountId) => {
      const ofAccount = uses.of(accountId)
      return [
        accountId,
        {
          lastThree: ofAccount.filter((use) => use.feeMonth !== lastYear).map((use) => use.volumeM3),
          sameMonthLastYear: ofAccount.find((use) => use.feeMonth === lastYear)?.volumeM3 ?? null,
        },
      ]
    }),
  )
}

/** Months of which a collector's accounts may have readings: those of its files and of entries by hand. */
export async function monthsWithReadings(
  db: Db | Trx,
  collectorCode: string,
  exceptImport: ImportId | null,
): Promise<ReadonlySet<FeeMonth>> {
  const { rows } = await sql<{ month: FeeMonth }>`
    select distinct split_part(scope, '/', 2) as month from imports
    where kind = 'readings' and starts_with(scope, ${`${collectorCode}/`}) and id is distinct from ${exceptImport}::bigint
    union select distinct to_char(fee_month, 'YYYY-MM') from meter_readings where command_id is not null`.execute(db)
  return new Set(rows.map(({ month }) => month))
}

/**
 * What was used in each of the months before a fee month by the uses that came with the go-live, m³: of all accounts, or
 * of these. Months without any are left out.
 */
export async function openingVolumes(
  db: Db | Trx,
  feeMonth: FeeMonth,
  months: number,
  accountIds?: readonly AccountId[],
): Promise<Volume[]> {
  const { rows } = await sql<{ volume_m3: string }>`
    select sum(volume_m3)::text as volume_m3 from opening_uses
    where fee_month < ${firstDay(feeMonth)}::date and fee_month >= ${firstDay(plusMonths(feeMonth, -months))}::date
      and ${accountIds === undefined ? sql`true` : sql`account_id = any(${accountIds}::bigint[])`}
    group by fee_month`.execute(db)
  return rows.map((row) => volume(row.volume_m3))
}
