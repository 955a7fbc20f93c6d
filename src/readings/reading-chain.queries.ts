import { sql } from 'kysely'
import { type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { AccountId, ImportId, MeterReadingId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind, type Page } from '../platform/page.ts'
import type { MeterReading } from './reading.ts'
import { type ReadingRow, readingColumns, readingOf } from './reading-rows.ts'

/** A reading with where it came from and what became of it. */
export interface ChainedReading extends MeterReading {
  readonly status: 'effective' | 'superseded' | 'withdrawn'
  /** Why it was withdrawn. */
  readonly endReason: string
  readonly notes: readonly RowReason[]
  readonly importId: ImportId | null
  readonly rowNo: number | null
  readonly recordedBy: string
  readonly recordedAt: Date
  /** Of an entry by hand: what it rests on. */
  readonly evidence: string | null
}

/** All readings of an account, superseded and withdrawn ones too, newest month first; or one page of them. */
export async function readingsOfAccount(
  db: Db | Trx,
  accountId: AccountId,
  since?: FeeMonth,
  page?: Page<readonly [feeMonth: string, readOn: string, readingId: string]>,
): Promise<ChainedReading[]> {
  const from = since === undefined ? null : firstDay(since)
  const after = page?.after && ([`${page.after[0]}-01`, page.after[1], page.after[2]] as const)
  return chained(
    db,
    sql`r.account_id = ${accountId}::bigint and (${from}::date is null or r.fee_month >= ${from}::date)
      and ${behind(['r.fee_month', 'r.read_on', 'r.id'], after, 'desc')}`,
    page?.limit,
  )
}

/** One reading by its number. */
export async function findReading(db: Db | Trx, readingId: string): Promise<ChainedReading | undefined> {
  if (!/^\d{1,18}$/.test(readingId)) return undefined
  const [found] = await chained(db, sql`r.id = ${readingId}::bigint`)
  return found
}

async function chained(db: Db | Trx, where: ReturnType<typeof sql>, limit?: number): Promise<ChainedReading[]> {
  const { rows } = await sql<
    ReadingRow & {
      notes: RowReason[] | null
      import_id: ImportId | null
      row_no: number | null
      ending: MeterReadingId | null
      successor_id: MeterReadingId | null
      end_reason: string | null
      recorded_by: string
      recorded_at: Date
      evidence: string | null
    }
  >`
    select ${readingColumns}, r.notes, r.import_id, r.row_no, e.reading_id as ending, e.successor_id, e.reason as end_reason,
      s.name as recorded_by, c.recorded_at, grounds_of_reading(r.id) as evidence
    from meter_readings r left join reading_endings e on e.reading_id = r.id left join imports i on i.id = r.import_id
      join commands c on c.command_id = coalesce(r.command_id, i.command_id) join staff s on s.id = c.actor_id
    where ${where} order by r.fee_month desc, r.read_on desc, r.id desc limit ${limit ?? null}`.execute(db)
  return rows.map((row) => ({
    ...readingOf(row),
    status: row.ending === null ? 'effective' : row.successor_id === null ? 'withdrawn' : 'superseded',
    endReason: row.end_reason ?? '',
    notes: row.notes ?? [],
    importId: row.import_id,
    rowNo: row.row_no,
    recordedBy: row.recorded_by,
    recordedAt: row.recorded_at,
    evidence: row.evidence,
  }))
}
