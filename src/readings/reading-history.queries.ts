import { sql } from 'kysely'
import type { SupplyAccount } from '../dischargers/account.ts'
import type { LastActualReading } from '../dischargers/guards.ts'
import { type CivilDate, type FeeMonth, firstDay, holdsOn, lastDay, monthOf, plusMonths } from '../kernel/calendar.ts'
import type { AccountId, InstallationId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { among } from '../platform/key-range.ts'
import { type MonthUses, monthUses } from './month-uses.queries.ts'
import type { AccountHistory, LastOfMeter, MonthUse, NextOfMeter, ReadingSource, StoredReading } from './reading.ts'
import { isEffective, type ReadingRow, readingColumns, readingOf } from './reading-rows.ts'

/** How far back rows are judged by, and which months have readings at all; the same for a whole import. */
export interface HistoryDepth {
  readonly monthsBack: number
  readonly monthsRead: ReadonlySet<FeeMonth>
}

/**
 * What is stored about accounts before their rows of a fee month are judged. It is put together for an account only when
 * it is asked for, because a block of an import holds thousands of them.
 */
export class AccountHistories {
  readonly #uses: MonthUses
  readonly #offsetOf: ReadonlyMap<FeeMonth, number>
  readonly #byMeter: ReadonlyMap<AccountId, ReadonlyMap<InstallationId, readonly MonthUse[]>>
  readonly #lastOf: AccountHistory['lastOf']
  readonly #nextOf: AccountHistory['nextOf']
  readonly #stored: ReadonlyMap<AccountId, readonly StoredReading[]>

  constructor(
    uses: MonthUses,
    offsetOf: ReadonlyMap<FeeMonth, number>,
    byMeter: ReadonlyMap<AccountId, ReadonlyMap<InstallationId, readonly MonthUse[]>>,
    last: LastReadings,
    next: ReadonlyMap<InstallationId, NextOfMeter>,
    stored: ReadonlyMap<AccountId, readonly StoredReading[]>,
  ) {
    this.#uses = uses
    this.#offsetOf = offsetOf
    this.#byMeter = byMeter
    this.#lastOf = (installationId) => last.of(installationId)
    this.#nextOf = (installationId) => next.get(installationId)
    this.#stored = stored
  }

  of({ accountId }: SupplyAccount): AccountHistory {
    const uses = this.#uses.of(accountId).map(({ feeMonth, volumeM3, estimated }) => ({
      monthsBefore: this.#offsetOf.get(feeMonth) ?? 0,
      volumeM3,
      estimated,
    }))
    return {
      lastOf: this.#lastOf,
      nextOf: this.#nextOf,
      uses,
      usesByInstallation: this.#byMeter.get(accountId) ?? noMeters,
      stored: this.#stored.get(accountId) ?? noneStored,
    }
  }
}

const noMeters: ReadonlyMap<InstallationId, readonly MonthUse[]> = new Map()
const noneStored: readonly StoredReading[] = []

/** Looks up what `AccountHistories` tells, in a few set-based reads for thousands of accounts. */
export async function accountHistories(
  db: Db | Trx,
  accounts: readonly SupplyAccount[],
  feeMonth: FeeMonth,
  { monthsBack, monthsRead }: HistoryDepth,
): Promise<AccountHistories> {
  const accountIds = accounts.map(({ accountId }) => accountId)
  const installationIds = accounts.flatMap(({ installations }) =>
    installations.map(({ installationId }) => installationId),
  )
  const offsetOf = new Map(offsetsBack(monthsBack).map((offset) => [plusMonths(feeMonth, -offset), offset]))
  const uses = await monthUses(db, accountIds, [...offsetOf.keys()], monthsRead)
  const sideBySide = accounts.filter((each) => hasMetersSideBySide(each, feeMonth))
  const byMeter = await usesByInstallation(db, sideBySide, offsetOf)
  const wasReadBefore = [...monthsRead].some((month) => month < feeMonth)
  const last = await lastReadings(db, installationIds, feeMonth, wasReadBefore)
  const isReadLater = [...monthsRead].some((month) => month > feeMonth)
  const next = isReadLater ? await nextReadings(db, installationIds, feeMonth) : new Map()
  const stored = monthsRead.has(feeMonth) ? await storedReadings(db, accountIds, feeMonth) : new Map()
  return new AccountHistories(uses, offsetOf, byMeter, last, next, stored)
}

function offsetsBack(monthsBack: number): number[] {
  const offsets = Array.from({ length: monthsBack }, (_, index) => index + 1)
  return offsets.includes(12) ? offsets : [...offsets, 12]
}

/** Only such accounts need the past of each meter; with one meter it is that of the account. */
function hasMetersSideBySide({ installations }: SupplyAccount, feeMonth: FeeMonth): boolean {
  if (installations.length < 2) return false
  const day = lastDay(feeMonth)
  return installations.filter(({ validity }) => holdsOn(validity, day)).length > 1
}

async function usesByInstallation(
  db: Db | Trx,
  accounts: readonly SupplyAccount[],
  offsetOf: ReadonlyMap<FeeMonth, number>,
): Promise<Map<AccountId, Map<InstallationId, MonthUse[]>>> {
  const found = new Map<AccountId, Map<InstallationId, MonthUse[]>>()
  if (accounts.length === 0) return found
  const { rows } = await sql<{
    account_id: AccountId
    installation_id: InstallationId
    fee_month: CivilDate
    volume_m3: string
    estimated: boolean
  }>`
    select r.account_id, r.installation_id, r.fee_month, sum(r.volume_m3) as volume_m3, bool_and(r.source = 'estimated') as estimated
    from meter_readings r
    where r.account_id = any(${accounts.map(({ accountId }) => accountId)}::bigint[]) and r.installation_id is not null
      and r.fee_month = any(${[...offsetOf.keys()].map(firstDay)}::date[]) and ${isEffective}
    group by r.account_id, r.installation_id, r.fee_month order by r.fee_month desc`.execute(db)
  for (const { accountId } of accounts) found.set(accountId, new Map())
  for (const row of rows) {
    const ofAccount = found.get(row.account_id)
    const monthUse = {
      monthsBefore: offsetOf.get(monthOf(row.fee_month)) ?? 0,
      volumeM3: row.volume_m3,
      estimated: row.estimated,
    }
    ofAccount?.set(row.installation_id, [...(ofAccount.get(row.installation_id) ?? []), monthUse])
  }
  return found
}

interface LastRow {
  id: InstallationId
  read_on: CivilDate
  end_reading: string | null
  source: ReadingSource
}

interface BehindEstimates extends LastOfMeter {
  /** Whether an actual reading is stored behind the estimate. */
  readonly hasActual: boolean
}

interface OpeningRow {
  installation_id: InstallationId
  read_on: CivilDate
  reading: string
}

/** Where meters stood: the last reading of an earlier fee month, behind estimates the last actual one, or the opening reading. */
class LastReadings {
  readonly #latest: ReadonlyMap<InstallationId, LastRow>
  readonly #behindEstimates: ReadonlyMap<InstallationId, BehindEstimates>
  readonly #openings: ReadonlyMap<InstallationId, OpeningRow>
  #asked: { readonly installationId: InstallationId; readonly last: LastOfMeter | undefined } | undefined

  constructor(
    latest: ReadonlyMap<InstallationId, LastRow>,
    behindEstimates: ReadonlyMap<InstallationId, BehindEstimates>,
    openings: ReadonlyMap<InstallationId, OpeningRow>,
  ) {
    this.#latest = latest
    this.#behindEstimates = behindEstimates
    this.#openings = openings
  }

  of(installationId: InstallationId): LastOfMeter | undefined {
    // A row asks for its meter several times, and a million rows feel every look into a table.
    if (this.#asked?.installationId !== installationId)
      this.#asked = { installationId, last: this.#lookedUp(installationId) }
    return this.#asked.last
  }

  #lookedUp(installationId: InstallationId): LastOfMeter | undefined {
    const latest = this.#latest.get(installationId)
    if (latest !== undefined && isActual(latest)) {
      const reading = { readOn: latest.read_on, endReading: latest.end_reading, lastActual: undefined }
      return { readOn: latest.read_on, reading }
    }
    const estimate = this.#behindEstimates.get(installationId)
    const row = this.#openings.get(installationId)
    if (row === undefined) return estimate
    const opening = { readOn: row.read_on, endReading: row.reading }
    if (estimate?.reading === undefined) {
      return { readOn: estimate?.readOn ?? row.read_on, reading: { ...opening, lastActual: undefined } }
    }
    return { readOn: estimate.readOn, reading: { ...estimate.reading, lastActual: opening } }
  }
}

function isActual(row: LastRow): row is LastRow & { end_reading: string } {
  return row.end_reading !== null && row.source !== 'estimated'
}

async function lastReadings(
  db: Db | Trx,
  installationIds: readonly InstallationId[],
  feeMonth: FeeMonth,
  wasReadBefore: boolean,
): Promise<LastReadings> {
  const rows = wasReadBefore ? await latestReadings(db, installationIds, feeMonth) : []
  const latest = new Map(rows.map((row) => [row.id, row]))
  const estimated = rows.flatMap((row) => (isActual(row) ? [] : [row.id]))
  const behindEstimates = await lastBehindEstimates(db, estimated, feeMonth)
  const unsettled = installationIds.filter((id) => {
    const row = latest.get(id)
    return row === undefined || (!isActual(row) && behindEstimates.get(id)?.hasActual !== true)
  })
  const openings = new Map((await openingReadings(db, unsettled)).map((row) => [row.installation_id, row]))
  return new LastReadings(latest, behindEstimates, openings)
}

async function latestReadings(
  db: Db | Trx,
  installationIds: readonly InstallationId[],
  feeMonth: FeeMonth,
): Promise<readonly LastRow[]> {
  const { rows } = await sql<LastRow>`
    select i.id, r.read_on, r.end_reading, r.source
    from unnest(${installationIds}::bigint[]) as i (id)
    cross join lateral (
      select r.read_on, r.end_reading, r.source from meter_readings r
      where r.installation_id = i.id and r.fee_month < ${firstDay(feeMonth)}::date and ${isEffective}
      order by r.read_on desc limit 1
    ) r`.execute(db)
  return rows
}

/** Where meters stood at the beginning of their first reading of a later month that states it. */
async function nextReadings(
  db: Db | Trx,
  installationIds: readonly InstallationId[],
  feeMonth: FeeMonth,
): Promise<Map<InstallationId, NextOfMeter>> {
  const { rows } = await sql<{ id: InstallationId; read_on: CivilDate; start_reading: string }>`
    select i.id, r.read_on, r.start_reading
    from unnest(${installationIds}::bigint[]) as i (id)
    cross join lateral (
      select r.read_on, r.start_reading from meter_readings r
      where r.installation_id = i.id and r.fee_month > ${firstDay(feeMonth)}::date and r.start_reading is not null
        and r.kind <> 'supplement' and ${isEffective}
      order by r.read_on limit 1
    ) r`.execute(db)
  return new Map(rows.map((row) => [row.id, { readOn: row.read_on, startReading: row.start_reading }]))
}

/** Meters whose last reading was estimated, or a volume alone: where they stood last, and where they really stood. */
async function lastBehindEstimates(
  db: Db | Trx,
  installationIds: readonly InstallationId[],
  feeMonth: FeeMonth,
): Promise<Map<InstallationId, BehindEstimates>> {
  if (installationIds.length === 0) return new Map()
  const { rows } = await sql<{
    id: InstallationId
    latest_on: CivilDate
    read_on: CivilDate | null
    end_reading: string | null
    actual_on: CivilDate | null
    actual_end: string | null
  }>`
    select i.id, latest.read_on as latest_on, stood.read_on, stood.end_reading, actual.read_on as actual_on,
      actual.end_reading as actual_end
    from unnest(${installationIds}::bigint[]) as i (id)
    cross join lateral (
      select r.read_on from meter_readings r
      where r.installation_id = i.id and r.fee_month < ${firstDay(feeMonth)}::date and ${isEffective}
      order by r.read_on desc limit 1
    ) latest
    left join lateral (
      select r.read_on, r.end_reading from meter_readings r
      where r.installation_id = i.id and r.fee_month < ${firstDay(feeMonth)}::date and r.end_reading is not null and ${isEffective}
      order by r.read_on desc limit 1
    ) stood on true
    left join lateral (
      select r.read_on, r.end_reading from meter_readings r
      where r.installation_id = i.id and r.fee_month < ${firstDay(feeMonth)}::date and r.end_reading is not null
        and r.source <> 'estimated' and ${isEffective}
      order by r.read_on desc limit 1
    ) actual on true`.execute(db)
  return new Map(
    rows.map((row) => {
      const isEstimate = row.actual_on !== row.read_on
      const lastActual =
        isEstimate && row.actual_on !== null && row.actual_end !== null
          ? { readOn: row.actual_on, endReading: row.actual_end }
          : undefined
      const reading =
        row.read_on === null || row.end_reading === null
          ? undefined
          : { readOn: row.read_on, endReading: row.end_reading, lastActual }
      return [row.id, { readOn: row.latest_on, reading, hasActual: row.actual_on !== null }]
    }),
  )
}

async function openingReadings(
  db: Db | Trx,
  installationIds: readonly InstallationId[],
): Promise<readonly OpeningRow[]> {
  if (installationIds.length === 0) return []
  const { rows } = await sql<OpeningRow>`
    select installation_id, read_on, reading from opening_readings
    where ${among(sql`installation_id`, installationIds)}`.execute(db)
  return rows
}

/** Readings of the fee month that nothing has superseded, the latest revision first; withdrawn ones are marked. */
async function storedReadings(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<Map<AccountId, StoredReading[]>> {
  const { rows } = await sql<ReadingRow & { withdrawn: boolean }>`
    select ${readingColumns}, ending.reading_id is not null as withdrawn
    from meter_readings r left join reading_endings ending on ending.reading_id = r.id
    where ${among(sql`r.account_id`, accountIds)} and r.fee_month = ${firstDay(feeMonth)}::date
      and ending.successor_id is null
    order by r.revision desc`.execute(db)
  const found = new Map<AccountId, StoredReading[]>()
  for (const row of rows) {
    const stored = { ...readingOf(row), withdrawn: row.withdrawn }
    const ofAccount = found.get(row.account_id)
    if (ofAccount === undefined) found.set(row.account_id, [stored])
    else ofAccount.push(stored)
  }
  return found
}

/** What a meter really showed last, up to and with a day, or at go-live; nothing estimated. */
export const lastActualReading: LastActualReading = async (db, installationId, on) => {
  const { rows } = await sql<{ reading: string }>`
    (select r.end_reading::text as reading, r.read_on from meter_readings r
      where r.installation_id = ${installationId}::bigint and r.read_on <= ${on}::date and r.end_reading is not null
        and r.source <> 'estimated' and ${isEffective}
      order by r.read_on desc, r.id desc limit 1)
    union all
    select o.reading::text, o.read_on from opening_readings o
      where o.installation_id = ${installationId}::bigint and o.read_on <= ${on}::date
    order by read_on desc limit 1`.execute(db)
  return rows[0]?.reading
}
