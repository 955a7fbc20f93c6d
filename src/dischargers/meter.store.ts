import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, InstallationId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { MeterPurpose } from './account.ts'

/** A meter by its number, with every place it ever hung in. */
export interface MeterHistory {
  readonly meterId: string
  readonly meterNo: string
  readonly sizeMm: number | null
  readonly places: MeterPlace[]
}
export interface MeterPlace {
  readonly installationId: InstallationId
  readonly accountId: AccountId
  readonly accountNo: string
  readonly purpose: MeterPurpose
  readonly digits: number
  readonly multiplier: string
  readonly initialReading: string
  readonly runsBackwards: boolean
  readonly masterInstallationId: InstallationId | null
  readonly masterMeterNo: string | null
  readonly replacesMeterNo: string | null
  /** The meter that came in its place. */
  replacedByMeterNo: string | null
  readonly finalReading: string | null
  readonly removalReason: string | null
  readonly validity: { readonly from: CivilDate; readonly until: CivilDate | null }
  readonly commandId: string
}

/** Meters of a collector by their numbers, in two set-based reads; unknown numbers are left out. */
export async function meterHistories(
  db: Db | Trx,
  collectorId: CollectorId,
  meterNos: readonly string[],
): Promise<Map<string, MeterHistory>> {
  const byNo = new Map<string, MeterHistory>()
  if (meterNos.length === 0) return byNo
  const meters = await sql<{ id: string; meter_no: string; size_mm: number | null }>`
    select id, meter_no, size_mm from meters
    where collector_id = ${collectorId}::bigint and meter_no = any(${meterNos}::text[])`.execute(db)
  const byId = new Map<string, MeterHistory>()
  for (const row of meters.rows) {
    const meter: MeterHistory = { meterId: row.id, meterNo: row.meter_no, sizeMm: row.size_mm, places: [] }
    byNo.set(row.meter_no, meter)
    byId.set(row.id, meter)
  }
  const places = await sql<{
    meter_id: string
    id: InstallationId
    account_id: AccountId
    account_no: string
    purpose: MeterPurpose
    digits: number
    multiplier: string
    initial_reading: string
    runs_backwards: boolean
    master_installation_id: InstallationId | null
    master_meter_no: string | null
    replaces_meter_no: string | null
    replaced_by_meter_no: string | null
    final_reading: string | null
    reason: string | null
    valid_from: CivilDate
    valid_until: CivilDate | null
    command_id: string
  }>`
    select i.meter_id, i.id, i.account_id, a.account_no, i.purpose, i.digits, i.multiplier, i.initial_reading, i.runs_backwards,
      i.master_installation_id, mm.meter_no as master_meter_no, om.meter_no as replaces_meter_no, nm.meter_no as replaced_by_meter_no,
      r.final_reading, r.reason, i.valid_from, i.valid_until, i.command_id
    from installations i join accounts a on a.id = i.account_id
    left join installation_removals r on r.installation_id = i.id
    left join installations mi on mi.id = i.master_installation_id left join meters mm on mm.id = mi.meter_id
    left join installations oi on oi.id = i.replaces_installation_id left join meters om on om.id = oi.meter_id
    left join installations ni on ni.replaces_installation_id = i.id left join meters nm on nm.id = ni.meter_id
    where i.meter_id = any(${[...byId.keys()]}::bigint[]) order by i.valid_from, i.id`.execute(db)
  for (const row of places.rows) {
    byId.get(row.meter_id)?.places.push({
      installationId: row.id,
      accountId: row.account_id,
      accountNo: row.account_no,
      purpose: row.purpose,
      digits: row.digits,
      multiplier: row.multiplier,
      initialReading: row.initial_reading,
      runsBackwards: row.runs_backwards,
      masterInstallationId: row.master_installation_id,
      masterMeterNo: row.master_meter_no,
      replacesMeterNo: row.replaces_meter_no,
      replacedByMeterNo: row.replaced_by_meter_no,
      finalReading: row.final_reading,
      removalReason: row.reason,
      validity: { from: row.valid_from, until: row.valid_until },
      commandId: row.command_id,
    })
  }
  return byNo
}

export interface NewMeter {
  readonly meterId: string
  readonly meterNo: string
  readonly sizeMm: number | null
}

export async function insertMeters(
  trx: Trx,
  commandId: string,
  collectorId: CollectorId,
  meters: readonly NewMeter[],
): Promise<void> {
  if (meters.length === 0) return
  await sql`
    insert into meters (id, collector_id, meter_no, size_mm, command_id) overriding system value
    select id, ${collectorId}::bigint, meter_no, size_mm, ${commandId} from unnest(
      ${meters.map(({ meterId }) => meterId)}::bigint[], ${meters.map(({ meterNo }) => meterNo)}::text[],
      ${meters.map(({ sizeMm }) => sizeMm)}::int[]) as u(id, meter_no, size_mm)`.execute(trx)
}

export interface NewInstallation {
  readonly installationId: InstallationId
  readonly meterId: string
  readonly accountId: AccountId
  readonly purpose: MeterPurpose
  readonly digits: number
  readonly multiplier: string
  readonly initialReading: string
  readonly runsBackwards: boolean
  readonly masterInstallationId: InstallationId | null
  readonly replacesInstallationId: InstallationId | null
  readonly from: CivilDate
  readonly until: CivilDate | null
}

export async function insertInstallations(
  trx: Trx,
  commandId: string,
  installations: readonly NewInstallation[],
): Promise<void> {
  if (installations.length === 0) return
  const column = <K extends keyof NewInstallation>(name: K): NewInstallation[K][] =>
    installations.map((each) => each[name])
  await sql`
    insert into installations (id, meter_id, account_id, purpose, digits, multiplier, initial_reading, runs_backwards,
      master_installation_id, replaces_installation_id, valid_from, valid_until, command_id) overriding system value
    select *, ${commandId} from unnest(
      ${column('installationId')}::bigint[], ${column('meterId')}::bigint[], ${column('accountId')}::bigint[],
      ${column('purpose')}::text[], ${column('digits')}::smallint[], ${column('multiplier')}::numeric[],
      ${column('initialReading')}::numeric[], ${column('runsBackwards')}::boolean[], ${column('masterInstallationId')}::bigint[],
      ${column('replacesInstallationId')}::bigint[], ${column('from')}::date[], ${column('until')}::date[])`.execute(
    trx,
  )
}

export interface NewShare {
  readonly installationId: InstallationId
  readonly shareNo: number
  readonly accountId: AccountId
  readonly ratio: string
  readonly unitM3: string
  readonly agreement: string
  readonly from: CivilDate
  readonly until: CivilDate | null
}

export async function insertShares(trx: Trx, commandId: string, shares: readonly NewShare[]): Promise<void> {
  if (shares.length === 0) return
  const column = <K extends keyof NewShare>(name: K): NewShare[K][] => shares.map((each) => each[name])
  await sql`
    insert into installation_shares (installation_id, share_no, account_id, share_ratio, unit_m3, agreement, valid_from,
      valid_until, command_id)
    select *, ${commandId} from unnest(
      ${column('installationId')}::bigint[], ${column('shareNo')}::smallint[], ${column('accountId')}::bigint[],
      ${column('ratio')}::numeric[], ${column('unitM3')}::text[], ${column('agreement')}::text[], ${column('from')}::date[],
      ${column('until')}::date[])`.execute(trx)
}
