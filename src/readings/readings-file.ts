import { findCollector } from '../dischargers/account.queries.ts'
import type { Collector } from '../dischargers/discharger.ts'
import { type FeeMonth, monthOf, parseFeeMonth } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import type { GivenFile } from '../platform/files.ts'
import { headerOfImport, rememberedMapping } from '../platform/imports.ts'
import { readDecimalCell } from '../platform/tables/cell-values.ts'
import { type FoundHeader, type RowRole, rowRole } from '../platform/tables/header.ts'
import { columnsText, openImportedFile, rowsAtTheTop, titlesOf } from '../platform/tables/imported-file.ts'
import { cellAt, kindAt, type TableRow, type TableSource, type TextEncoding } from '../platform/tables/table-file.ts'
import { settleMapping } from './column-mapping.ts'
import {
  keyOfRow,
  type ReadingColumns,
  type ReadingField,
  type RowReader,
  readingColumnNames,
  readingFields,
  rowReader,
  type StatedTexts,
} from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'
import { RowsByAccount } from './rows-by-account.ts'

/** The file of a water company, and what a person says about it. */
export interface FileChoice {
  readonly collectorCode: string
  readonly path: string
  /** Needed where the file has no column for the month. */
  readonly feeMonth?: FeeMonth
  /** Corrections of the recognised columns: field (`户号` or `account`) → column title, its letters, or `-` for none. */
  readonly mapping?: Readonly<Record<string, string>>
  readonly encoding?: TextEncoding
  readonly sheet?: string
  readonly headerRow?: number
  /** What a person knows of the units in the file; kept with the import. */
  readonly unitNote?: string
}

/** A file that was read once to its end: it can be read, its columns are settled, and what takes the whole of it is known. */
export interface ReadingsFile {
  readonly collector: Collector
  readonly feeMonth: FeeMonth
  readonly given: GivenFile
  readonly table: TableSource
  readonly header: FoundHeader<ReadingField>
  readonly reader: RowReader
  /** Field → title of its column. */
  readonly mapping: StatedTexts
  readonly mappingSource: 'recognised' | 'remembered' | 'corrected'
  readonly contents: FileContents
  readonly unitNote: string | undefined
  /** What makes the import the same import: collector, month, content, mapping. */
  readonly identity: readonly string[]
  close(): Promise<void>
}

/** What only the whole file can tell. */
export interface FileContents {
  readonly rowCount: number
  /** For each row that shares account, meter, kind and month with others: all of them. */
  readonly alike: ReadonlyMap<number, readonly number[]>
  /** Which accounts the rows are of. */
  readonly accounts: Pick<RowsByAccount, 'has' | 'hasSeveral'>
  readonly firstRows: readonly TableRow[]
  /** The last 合计 row. */
  readonly total: FileTotal | undefined
  readonly subtotals: number
  readonly repeatedHeaders: number
  readonly blankRows: number
}

export interface FileTotal {
  /** m³ as text; `undefined` where the row has none, or it cannot be read. */
  readonly volumeM3: string | undefined
  readonly unreadable: string | undefined
  readonly rows: number | undefined
}

const firstRowsShown = 10

/**
 * Opens the file, settles its columns (as corrected now, else as remembered for this collector and header, else as
 * recognised) and reads it once to the end: what cannot be read is refused before anything is written. The caller closes
 * it. Refuses an unknown collector, a file that is no table, ambiguous or missing columns, and an unknown month.
 */
export async function examineReadingsFile(services: Services, choice: FileChoice): Promise<ReadingsFile | Refusal> {
  const collector = await findCollector(services.db, choice.collectorCode)
  if (collector === undefined) return refuseReading('readings_collector_unknown', { collector: choice.collectorCode })
  const opened = await openImportedFile(choice)
  if (isRefusal(opened)) return opened
  const { given, table } = opened
  const examined = await examineTable(services, choice, collector, given, table)
  if (isRefusal(examined)) await table.close()
  return examined
}

async function examineTable(
  services: Services,
  choice: FileChoice,
  collector: Collector,
  given: GivenFile,
  table: TableSource,
): Promise<ReadingsFile | Refusal> {
  const firstRows = await rowsAtTheTop(table)
  if (isRefusal(firstRows)) return firstRows
  const { headerRow } = choice
  const header = await headerOfImport(
    services.db,
    { kind: 'readings', scope: collector.code },
    { name: given.name, rows: firstRows, headerRow },
    readingColumnNames,
  )
  if (isRefusal(header)) return header
  const remembered = await rememberedColumns(services, collector, header)
  const columns = settle(header, choice.mapping ?? {}, remembered)
  if (isRefusal(columns)) return columns
  const reader = rowReader(columns, header.texts, table.dateSystem)
  const found = await readThrough(services, table, header, reader)
  if (isRefusal(found)) return found
  const feeMonth = settleMonth(choice.feeMonth, found.months, columns, given.name)
  if (isRefusal(feeMonth)) return feeMonth
  const today = services.clock.today()
  if (feeMonth > monthOf(today)) return refuseReading('month_not_begun', { file: given.name, month: feeMonth, today })
  const { contents } = found
  if (contents.rowCount === 0) return refuseReading('file_without_rows', { file: given.name, row: header.rowNumber })
  const mapping = titlesOf(columns, header, readingFields)
  const corrected = Object.keys(choice.mapping ?? {}).length > 0
  return {
    collector,
    feeMonth,
    given,
    table,
    header,
    reader,
    mapping,
    mappingSource: corrected ? 'corrected' : remembered === undefined ? 'recognised' : 'remembered',
    contents,
    unitNote: choice.unitNote,
    identity: ['readings.import', collector.code, feeMonth, given.digest, columnsOf(columns)],
    close: () => table.close(),
  }
}

/** The columns as a text: equal for the same mapping. */
export function columnsOf(columns: ReadingColumns): string {
  return columnsText(columns, readingFields)
}

async function rememberedColumns(
  { db }: Services,
  collector: Collector,
  header: FoundHeader<ReadingField>,
): Promise<ReadingColumns | undefined> {
  const memory = await rememberedMapping(db, 'readings', collector.code, header.headerDigest)
  return memory as ReadingColumns | undefined
}

function settle(
  header: FoundHeader<ReadingField>,
  corrections: Readonly<Record<string, string>>,
  remembered: ReadingColumns | undefined,
): ReadingColumns | Refusal {
  const settled = settleMapping(header, readingColumnNames, corrections, remembered, ['account'])
  if (isRefusal(settled)) return settled
  if (settled.volume === undefined && settled.end === undefined) {
    const unrecognised = header.unrecognised.map(({ text }) => text).join('、') || '—'
    return refuseReading('columns_insufficient', { file: header.file, row: header.rowNumber, unrecognised })
  }
  const measured = measuredFields.filter((field) => settled[field] !== undefined)
  const twice = measured.find((field) => measured.some((other) => other !== field && settled[other] === settled[field]))
  if (twice !== undefined) {
    const fields = measured.filter((field) => settled[field] === settled[twice])
    const names = fields.map((field) => readingColumnNames[field][0]).join('、')
    const column = header.texts[settled[twice] ?? 0] ?? ''
    return refuseReading('column_measures_twice', { file: header.file, column, fields: names })
  }
  return settled
}

/** One figure cannot be two of these: a use taken for a reading would be billed again as the next month's beginning. */
const measuredFields = ['start', 'end', 'volume'] as const satisfies readonly ReadingField[]

async function readThrough(
  services: Services,
  table: TableSource,
  header: FoundHeader<ReadingField>,
  reader: RowReader,
): Promise<{ contents: FileContents; months: ReadonlyMap<string, number> } | Refusal> {
  const rows = new RowsByAccount()
  const months = new Map<string, number>()
  const firstRows: TableRow[] = []
  const passed = { total: 0, subtotal: 0, header_again: 0, blank: 0 }
  let total: FileTotal | undefined
  let rowCount = 0
  for await (const block of table.blocks()) {
    if (isRefusal(block)) return block
    for (const row of block.rows) {
      const role = roleOf(header, reader, row)
      if (isRefusal(role)) return role
      if (role === 'above_header') continue
      if (role !== 'entry') {
        passed[role] += 1
        if (role === 'total') total = totalOf(row, reader)
        continue
      }
      rowCount += 1
      if (firstRows.length < firstRowsShown) firstRows.push(row)
      const key = keyOfRow(row, reader)
      if (key.feeMonth !== undefined) months.set(key.feeMonth, (months.get(key.feeMonth) ?? 0) + 1)
      rows.add(row.rowNumber, key)
    }
    services.progress?.({ what: '检查文件 checking the file', done: block.bytesRead, total: table.bytesTotal })
  }
  const contents: FileContents = {
    rowCount,
    alike: rows.alike(),
    accounts: rows,
    firstRows,
    total,
    subtotals: passed.subtotal,
    repeatedHeaders: passed.header_again,
    blankRows: passed.blank,
  }
  return { contents, months }
}

const plainAccountNo = /^[0-9A-Za-z-]+$/
const mayBeTotal = /计|total/i
const columnsOfTotals = 4

/** What a row is under the header. An ordinary row is told by one look at a few cells; `rowRole` looks at all of them. */
export function roleOf(
  header: FoundHeader<string>,
  { columns }: { readonly columns: { readonly account?: number | undefined } },
  row: TableRow,
): RowRole | Refusal {
  const { cells, rowNumber } = row
  const account = columns.account ?? 0
  const accountNo = cells[account] ?? ''
  const isOrdinary =
    rowNumber > header.rowNumber &&
    cells.length <= header.texts.length &&
    plainAccountNo.test(accountNo) &&
    accountNo !== header.texts[account] &&
    !cells.some((cell, column) => column < columnsOfTotals && mayBeTotal.test(cell))
  return isOrdinary ? 'entry' : rowRole(header, row)
}

const countInTotal = /(\d[\d,]*)\s*(户|行|条|笔|块|只|rows?)/

/** The count that a 合计 row states, such as 合计(120户), in whichever cell. */
export function statedCount(row: TableRow): number | undefined {
  const count = row.cells
    .map((text) => countInTotal.exec(text)?.[1]?.replace(/,/g, ''))
    .find((text) => text !== undefined)
  return count === undefined ? undefined : Number(count)
}

/** What a 合计 row says: the cell under the volume, and its count. */
function totalOf(row: TableRow, { columns }: RowReader): FileTotal {
  const column = columns.volume
  const cell = column === undefined ? '' : cellAt(row, column)
  const reading = readDecimalCell(cell, column === undefined ? 'text' : kindAt(row, column), { negative: true })
  return {
    volumeM3: 'value' in reading ? reading.value : undefined,
    unreadable: 'reason' in reading && reading.reason !== 'empty' ? cell : undefined,
    rows: statedCount(row),
  }
}

function settleMonth(
  chosen: FeeMonth | undefined,
  months: ReadonlyMap<string, number>,
  columns: ReadingColumns,
  file: string,
): FeeMonth | Refusal {
  const found = [...months.keys()].sort()
  if (chosen !== undefined) {
    const isOther = found.length > 0 && !months.has(chosen)
    return isOther ? refuseReading('month_differs', { file, month: chosen, months: found.join('、') }) : chosen
  }
  const [only, another] = found
  if (only === undefined) {
    const names = columns.month === undefined ? readingColumnNames.month.join('、') : readingColumnNames.month[0]
    return refuseReading('month_needed', { file, names })
  }
  const month = parseFeeMonth(only)
  if (another !== undefined || month === undefined)
    return refuseReading('month_ambiguous', { file, months: found.join('、') })
  return month
}
