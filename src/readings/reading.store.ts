import { sql } from 'kysely'
import { firstDay } from '../kernel/calendar.ts'
import type { CollectorId, ImportId, MeterReadingId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Trx } from '../platform/database.ts'
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
  const columns = [
    column(
      'account_id',
      'bigint',
      of(({ draft }) => draft.accountId),
    ),
    column(
      'installation_id',
      'bigint',
      of(({ draft }) => draft.installationId),
    ),
    column(
      'row_no',
      'int',
      of(({ rowNo }) => (rowNo === null ? null : String(rowNo))),
    ),
    column(
      'fee_month',
      'date',
      of(({ draft }) => firstDay(draft.feeMonth)),
    ),
    column(
      'used_from',
      'date',
      of(({ draft }) => draft.used.from),
    ),
    column(
      'used_until',
      'date',
      of(({ draft }) => draft.used.until),
    ),
    column(
      'read_on',
      'date',
      of(({ draft }) => draft.readOn),
    ),
    column(
      'revision',
      'smallint',
      of(({ draft }) => (draft.replaces === undefined ? '0' : String(draft.replaces.revision + 1))),
    ),
    column(
      'kind',
      'text',
      of(({ draft }) => draft.kind),
    ),
    column(
      'source',
      'text',
      of(({ draft }) => draft.source),
    ),
    column(
      'start_reading',
      'numeric',
      of(({ draft }) => draft.startReading),
    ),
    column(
      'end_reading',
      'numeric',
      of(({ draft }) => draft.endReading),
    ),
    column(
      'volume_m3',
      'numeric',
      of(({ draft }) => draft.volumeM3),
    ),
  ]
  const notes = readings.map((reading) => (reading.notes.length === 0 ? null : JSON.stringify(reading.notes)))
  const varying = columns.filter(({ values }) => values !== undefined)
  const array = sql.join([
    ...varying.map(({ values, type }) => sql`${values}::${sql.raw(type)}[]`),
    sql`${notes}::jsonb[]`,
  ])
  return sql`
    insert into meter_readings (import_id, command_id, ${sql.join(columns.map(({ name }) => sql.ref(name)))}, notes)
    select ${importId}::bigint, ${commandId}::text,
      ${sql.join(columns.map((each) => (each.values === undefined ? sql`${each.constant}::${sql.raw(each.type)}` : sql.ref(`r.${each.name}`))))},
      r.notes
    from unnest(${array}) as r (${sql.join([...varying.map(({ name }) => sql.ref(name)), sql.ref('notes')])})`
}

interface Column {
  readonly name: string
  readonly type: string
  /** `undefined` where all rows have the same: a value that the server reads once instead of five thousand times. */
  readonly values: string | undefined
  readonly constant: string | null
}

function column(name: string, type: string, texts: readonly (string | null)[]): Column {
  const [constant = null] = texts
  const isConstant = texts.every((text) => text === constant)
  return { name, type, values: isConstant ? undefined : arrayOf(texts), constant }
}

/**
 * An array as PostgreSQL writes it, of values that need no quotes (ids, dates, decimals, plain words): the driver's own
 * writer quotes and escapes each value, which for twenty million of them costs more than judging the rows.
 */
function arrayOf(values: readonly (string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`
}

/** Takes a reading back without a successor. */
export async function endReading(
  trx: Trx,
  ending: { readonly readingId: MeterReadingId; readonly reason: string; readonly commandId: string },
): Promise<void> {
  await sql`insert into reading_endings (reading_id, reason, command_id)
    values (${ending.readingId}::bigint, ${ending.reason}, ${ending.commandId})`.execute(trx)
}

export interface RowDecision {
  readonly importId: ImportId
  readonly rowNo: number
  readonly decision: 'accepted' | 'corrected' | 'rejected' | 'superseded'
  readonly reason: string
  /** Corrected values by field, as they were given. */
  readonly corrected?: Readonly<Record<string, string>>
}

/** Keeps what became of held and rejected rows; each row is decided once. */
export async function storeDecisions(
  trx: Trx,
  decisions: readonly RowDecision[],
  by: { readonly commandId: string; readonly recordedAt: Date },
): Promise<void> {
  if (decisions.length === 0) return
  await sql`
    insert into import_row_decisions (import_id, row_no, decision, reason, corrected, command_id, recorded_at)
    select *, ${by.commandId}, ${by.recordedAt}::timestamptz from unnest(
      ${decisions.map((each) => each.importId)}::bigint[], ${decisions.map((each) => each.rowNo)}::int[],
      ${decisions.map((each) => each.decision)}::text[], ${decisions.map((each) => each.reason)}::text[],
      ${decisions.map((each) => (each.corrected === undefined ? null : JSON.stringify(each.corrected)))}::jsonb[])`.execute(
    trx,
  )
}
