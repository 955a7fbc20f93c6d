import { sql } from 'kysely'
import { firstDay } from '../kernel/calendar.ts'
import type { CollectorId, ImportId, MeterReadingId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Trx } from '../platform/database.ts'
import { RowBlock } from '../platform/row-block.ts'
import type { ReadingDraft } from './reading.ts'

/** A reading on its way into the table. */
export interface NewReading {
  readonly draft: ReadingDraft
  readonly notes: readonly RowReason[]
  /** The row of the import; `null` for an entry by hand. */
  readonly rowNo: number | null
}

/** Where readings come from: a file, an entry by hand (`importId` null), or a decision on a file's row (both). */
export interface Provenance {
  readonly importId: ImportId | null
  /** `null`: that of the import itself. */
  readonly commandId: string | null
  /** What ends a reading that another takes the place of. */
  readonly endedBy: string
}

/**
 * Makes all who write readings of one collector wait for each other until the end of the transaction: what one of them
 * judged a row by must still hold when it writes.
 */
export async function lockReadingsOf(trx: Trx, collectorId: CollectorId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('readings'), ${Number(BigInt(collectorId) % 2_000_000_000n)}::int)`.execute(
    trx,
  )
}

/** Adds readings, and ends those whose place they take. */
export async function insertReadings(trx: Trx, readings: readonly NewReading[], from: Provenance): Promise<void> {
  const fresh = readings.filter(({ draft }) => draft.replaces === undefined)
  const replacing = readings.filter(({ draft }) => draft.replaces !== undefined)
  if (fresh.length > 0) await insertBlock(fresh, from).execute(trx)
  if (replacing.length === 0) return
  const { rows } = await sql<{ id: MeterReadingId; row_no: number | null }>`
    ${insertBlock(replacing, from)} returning id, row_no`.execute(trx)
  const idByRow = new Map(rows.map((row) => [row.row_no, row.id]))
  const successors = replacing.flatMap(({ draft, rowNo }) => {
    const { replaces } = draft
    if (replaces === undefined || replaces.withdrawn) return []
    return [{ endedId: replaces.readingId, successorId: present(idByRow.get(rowNo), 'an inserted reading has an id') }]
  })
  if (successors.length === 0) return
  await sql`
    insert into reading_endings (reading_id, successor_id, command_id)
    select ended, successor, ${from.endedBy} from unnest(
      ${successors.map(({ endedId }) => endedId)}::bigint[], ${successors.map(({ successorId }) => successorId)}::bigint[]
    ) as ending (ended, successor)`.execute(trx)
}

function insertBlock(readings: readonly NewReading[], { importId, commandId }: Provenance) {
  const of = (textOf: (reading: NewReading) => string | null) => readings.map(textOf)
  return new RowBlock([
    { name: 'import_id', type: 'bigint', values: importId },
    { name: 'command_id', type: 'text', values: commandId },
    { name: 'account_id', type: 'bigint', values: of(({ draft }) => draft.accountId) },
    { name: 'installation_id', type: 'bigint', values: of(({ draft }) => draft.installationId) },
    { name: 'row_no', type: 'int', values: of(({ rowNo }) => (rowNo === null ? null : String(rowNo))) },
    { name: 'fee_month', type: 'date', values: of(({ draft }) => firstDay(draft.feeMonth)) },
    { name: 'used_from', type: 'date', values: of(({ draft }) => draft.used.from) },
    { name: 'used_until', type: 'date', values: of(({ draft }) => draft.used.until) },
    { name: 'read_on', type: 'date', values: of(({ draft }) => draft.readOn) },
    {
      name: 'revision',
      type: 'smallint',
      values: of(({ draft: { replaces } }) => String((replaces?.revision ?? -1) + 1)),
    },
    { name: 'kind', type: 'text', values: of(({ draft }) => draft.kind) },
    { name: 'source', type: 'text', values: of(({ draft }) => draft.source) },
    { name: 'start_reading', type: 'numeric', values: of(({ draft }) => draft.startReading) },
    { name: 'end_reading', type: 'numeric', values: of(({ draft }) => draft.endReading) },
    { name: 'volume_m3', type: 'numeric', values: of(({ draft }) => draft.volumeM3) },
    { name: 'notes', type: 'jsonb', values: of(({ notes }) => (notes.length === 0 ? null : JSON.stringify(notes))) },
  ]).insertInto('meter_readings')
}

/** Takes a reading back without a successor. */
export async function endReading(
  trx: Trx,
  ending: { readonly readingId: MeterReadingId; readonly reason: string; readonly commandId: string },
): Promise<void> {
  await sql`insert into reading_endings (reading_id, reason, command_id)
    values (${ending.readingId}::bigint, ${ending.reason}, ${ending.commandId})`.execute(trx)
}
