import { sql } from 'kysely'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import type { AccountId, InstallationId, MeterReadingId } from '../kernel/ids.ts'
import type { MeterReading, ReadingKind, ReadingSource } from './reading.ts'

/** A row of `meter_readings` as every query here selects it. */
export interface ReadingRow {
  id: MeterReadingId
  account_id: AccountId
  installation_id: InstallationId | null
  fee_month: CivilDate
  kind: ReadingKind
  source: ReadingSource
  used_from: CivilDate
  used_until: CivilDate
  read_on: CivilDate
  start_reading: string | null
  end_reading: string | null
  volume_m3: string
  revision: number
}

export const readingColumns = sql`r.id, r.account_id, r.installation_id, r.fee_month, r.kind, r.source, r.used_from, r.used_until,
  r.read_on, r.start_reading, r.end_reading, r.volume_m3, r.revision`

/** Effective: no later revision took its place, and nobody took it back. */
export const isEffective = sql`not exists (select from reading_endings e where e.reading_id = r.id)`

export function readingOf(row: ReadingRow): MeterReading {
  return {
    readingId: row.id,
    accountId: row.account_id,
    installationId: row.installation_id,
    feeMonth: monthOf(row.fee_month),
    kind: row.kind,
    source: row.source,
    used: { from: row.used_from, until: row.used_until },
    readOn: row.read_on,
    startReading: row.start_reading,
    endReading: row.end_reading,
    volumeM3: row.volume_m3,
    revision: row.revision,
  }
}
