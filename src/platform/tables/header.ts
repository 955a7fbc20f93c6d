import { createHash } from 'node:crypto'
import { invariant } from '../../kernel/invariant.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { normaliseCell } from './cell-text.ts'
import { columnLetters, type TableRow } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'

/** The names under which a field's column is known, the first being the one shown to people. */
export type HeaderNames<Field extends string> = Readonly<Record<Field, readonly string[]>>

/** Field → column, counted from 0; fields the file does not have are absent. */
export type ColumnMapping<Field extends string> = Readonly<Partial<Record<Field, number>>>

export interface HeaderColumn {
  readonly column: number
  readonly text: string
}

/** The header row that was found, before anybody decided between columns that claim the same field. */
export interface FoundHeader<Field extends string> {
  readonly file: string
  /** Of a header in two levels, the lower one: entries begin below it. */
  readonly rowNumber: number
  /** Header texts as shown, blank columns at the end left out; of two levels, both in one text. */
  readonly texts: readonly string[]
  /** The rows the header stands in, as they are repeated on later pages. */
  readonly lines: readonly (readonly string[])[]
  /**
   * SHA-256 of the normalised texts, without what an export of rows adds behind them: a mapping that a person corrected is
   * remembered under it, per collector, and held rows that come back are read as the file they are from.
   */
  readonly headerDigest: string
  readonly candidates: ReadonlyMap<Field, readonly HeaderColumn[]>
  readonly unrecognised: readonly HeaderColumn[]
}

/** What an export of held rows adds behind the columns of the file, whatever the file is about. */
export const exportedFields: ReadonlySet<string> = new Set(['originImport', 'originRow', 'verdict', 'reason', 'remedy'])

// Units that a header may carry without changing what the column means. 万吨 and 千元 are not among them: a column
// in ten thousands must not be taken for one in units.
const unit = '吨|t|m3|m\\^3|立方米|立方|方|元|人民币元|rmb|cny|(?:元|¥)/(?:吨|t|m3|立方米|方)|mm|毫米'
const unitInBrackets = new RegExp(`[([【](?:单位:)?(?:${unit})[)\\]】]$`)
const unitAfterSlash = new RegExp(`[/:](?:${unit})$`)

/** A header text as it is compared: half-width, without spaces, marks of required columns, colons and units. */
export function normaliseHeader(text: string): string {
  return normaliseCell(text.normalize('NFKC'))
    .replace(/[\s*]/g, '')
    .toLowerCase()
    .replace(unitInBrackets, '')
    .replace(unitAfterSlash, '')
    .replace(/:$/, '')
}

/** So many rows of a file are looked at for its header. */
export const headerScanRows = 100

/**
 * Finds the header among the first rows: the row in which at least two columns (one, if only one field is asked for)
 * bear known names; title rows above it are passed over. A second level (读数 over 上期 and 本期) is read with it where both
 * together bear known names. Refuses a file without a header, two such rows, and a second level that cannot be read with
 * the first, naming both. `headerRow` (as Excel numbers it) is the row a person named instead.
 */
export function findHeader<Field extends string>(
  file: string,
  rows: readonly TableRow[],
  names: HeaderNames<Field>,
  options: { readonly headerRow?: number } = {},
): FoundHeader<Field> | Refusal {
  const fieldByName = fieldsByName(names)
  if (options.headerRow !== undefined) {
    const row = rows.find((each) => each.rowNumber === options.headerRow)
    if (row === undefined || isBlank(row)) return refuseTable('header_row_blank', { file, row: options.headerRow })
    return describeLevels(file, rows, row, fieldByName)
  }
  const scanned = rows.slice(0, headerScanRows)
  const enough = Math.min(2, Object.keys(names).length)
  const [first, second] = scanned.filter((row) => recognisedFields(row, fieldByName).size >= enough)
  if (first === undefined) {
    const examples = Object.values<readonly string[]>(names)
      .slice(0, 3)
      .map((known) => known[0] ?? '')
    return refuseTable('no_header_found', { file, rows: scanned.length, examples: examples.join('、') })
  }
  if (second !== undefined)
    return refuseTable('two_header_rows', { file, first: first.rowNumber, second: second.rowNumber })
  return describeLevels(file, rows, first, fieldByName)
}

/**
 * Decides which column each field is read from. `chosen` is a mapping that a person corrected, and then is the whole
 * truth; without it, a field that several columns claim is refused with their names, so that a person chooses.
 * `required` fields that have no column are refused by name.
 */
export function settleColumns<Field extends string>(
  header: FoundHeader<Field>,
  names: HeaderNames<Field>,
  options: { readonly chosen?: ColumnMapping<Field>; readonly required?: readonly Field[] } = {},
): ColumnMapping<Field> | Refusal {
  const { file } = header
  const shownName = (field: Field): string => names[field][0] ?? field
  const columns: Partial<Record<Field, number>> = { ...options.chosen }
  if (options.chosen === undefined) {
    for (const [field, claims] of header.candidates) {
      if (claims.length > 1) {
        const listed = named(claims.map(({ column, text }) => `${columnLetters(column)}“${text}”`))
        return refuseTable('column_ambiguous', { file, field: shownName(field), columns: listed })
      }
      columns[field] = claims[0]?.column
    }
  }
  for (const [field, column] of Object.entries(columns) as [Field, number][]) {
    if (!Number.isInteger(column) || column < 0 || column >= header.texts.length) {
      return refuseTable('column_out_of_range', {
        file,
        field: shownName(field),
        column: column + 1,
        width: header.texts.length,
      })
    }
  }
  const missing = (options.required ?? []).filter((field) => columns[field] === undefined)
  if (missing.length > 0) {
    return refuseTable('column_missing', {
      file,
      row: header.rowNumber,
      fields: missing.map(shownName).join('、'),
      unrecognised: named(header.unrecognised.map(({ text }) => text)) || '—',
    })
  }
  return columns
}

/** So many columns are named where a person must choose or look: more nobody reads. */
const columnsNamed = 20
const named = (columns: readonly string[]): string =>
  columns.slice(0, columnsNamed).join('、') + (columns.length > columnsNamed ? '……' : '')

/** What a row is under a header; only an `entry` carries a record. */
export type RowRole = 'above_header' | 'header_again' | 'blank' | 'total' | 'subtotal' | 'entry'

/**
 * Tells a row's role, or refuses a row that goes on beyond the header: a comma inside a text without quotes shifts all
 * later cells, so nothing in that file can be trusted until it is corrected.
 */
export function rowRole(header: FoundHeader<string>, row: TableRow): RowRole | Refusal {
  if (row.rowNumber <= header.rowNumber) return 'above_header'
  if (isBlank(row)) return 'blank'
  const beyond = row.cells.findIndex((cell, column) => column >= header.texts.length && normaliseCell(cell) !== '')
  if (beyond >= 0) {
    return refuseTable('row_wider_than_header', {
      file: header.file,
      row: row.rowNumber,
      cells: row.cells.length,
      width: header.texts.length,
      value: row.cells[beyond] ?? '',
    })
  }
  const totals = totalsKind(row)
  if (totals !== undefined) return totals
  return repeatsHeader(header, row) ? 'header_again' : 'entry'
}

const totalsColumns = 4
const totalsWord = /^(本页|本月|本期|本表|本日|当日|日结|总)?(合计|总计|共计|累计|小计|日结)(数|金额|户数)?([:(]|\d|$)/
const totalsWordEnglish = /^(grand|sub)?-?total:?$/

// 合 计, 总计：, 合计(120户), 小计; a company's name that begins with such a word goes on and is no total.
function totalsKind(row: TableRow): 'total' | 'subtotal' | undefined {
  for (const cell of row.cells.slice(0, totalsColumns)) {
    const text = normaliseCell(cell).replace(/\s/g, '').toLowerCase()
    if (totalsWord.test(text) || totalsWordEnglish.test(text)) return /^本页|小计|sub/.test(text) ? 'subtotal' : 'total'
  }
  return undefined
}

function repeatsHeader(header: FoundHeader<string>, row: TableRow): boolean {
  return header.lines.some((line) =>
    header.texts.every((_, column) => normaliseHeader(row.cells[column] ?? '') === normaliseHeader(line[column] ?? '')),
  )
}

/** A row without a readable text, unless an error or an uncomputed formula stands in it. */
export function isBlank(row: TableRow): boolean {
  return row.cells.every((cell, column) => normaliseCell(cell) === '' && !holdsNothingReadable(row, column))
}

// An error or an uncomputed formula shows no text, yet the row is not blank.
function holdsNothingReadable(row: TableRow, column: number): boolean {
  const kind = row.kinds?.[column]
  return kind === 'error' || kind === 'formula_without_value'
}

function fieldsByName<Field extends string>(names: HeaderNames<Field>): ReadonlyMap<string, Field> {
  const fieldByName = new Map<string, Field>()
  for (const [field, known] of Object.entries(names) as [Field, readonly string[]][]) {
    for (const name of known) {
      const other = fieldByName.get(normaliseHeader(name))
      invariant(other === undefined || other === field, `the header name ${name} is listed for ${field} and ${other}`)
      fieldByName.set(normaliseHeader(name), field)
    }
  }
  return fieldByName
}

function recognisedFields<Field extends string>(row: TableRow, fieldByName: ReadonlyMap<string, Field>): Set<Field> {
  const fields = new Set<Field>()
  for (const cell of row.cells) {
    const field = fieldByName.get(normaliseHeader(cell))
    if (field !== undefined) fields.add(field)
  }
  return fields
}

/** The header in one row, or in two where the row below it names the parts of its wide titles. */
function describeLevels<Field extends string>(
  file: string,
  rows: readonly TableRow[],
  row: TableRow,
  fieldByName: ReadonlyMap<string, Field>,
): FoundHeader<Field> | Refusal {
  const upper = row.cells.map((cell) => normaliseCell(cell))
  const below = rows.find((each) => each.rowNumber > row.rowNumber && !isBlank(each))
  const lower = below?.cells.map((cell) => normaliseCell(cell)) ?? []
  const wideTitles = titlesAbove(upper, lower)
  if (below === undefined || wideTitles === undefined)
    return describeHeader(file, row.rowNumber, upper, [upper], fieldByName)
  const texts = Array.from({ length: Math.max(upper.length, lower.length) }, (_, column) => upper[column] ?? '')
  for (const [column, wide] of wideTitles) {
    const part = lower[column] ?? ''
    const both = [part + wide, wide + part].find((text) => fieldByName.has(normaliseHeader(text)))
    if (both === undefined) {
      return refuseTable('two_header_rows', { file, first: row.rowNumber, second: below.rowNumber })
    }
    texts[column] = both
  }
  return describeHeader(file, below.rowNumber, texts, [upper, lower], fieldByName)
}

/**
 * Column → the title above it, where `lower` is the second level of a header: all it has are parts of wide titles, a
 * title being wide where the cells right of it are blank (merged) or repeat it, and two parts at least stand under one.
 * An entry has values under other titles as well, and figures.
 */
function titlesAbove(upper: readonly string[], lower: readonly string[]): ReadonlyMap<number, string> | undefined {
  const titles = new Map<number, string>()
  let wide = ''
  for (const column of lower.keys()) {
    const title = upper[column] ?? ''
    if (title !== '') wide = title
    if (lower[column] !== '') titles.set(column, wide)
  }
  const isSecondLevel = [...titles].every(([column, title]) => {
    const isBeside = (other: number) => titles.get(other) === title
    return title !== '' && !/\d/.test(lower[column] ?? '') && (isBeside(column - 1) || isBeside(column + 1))
  })
  return titles.size > 0 && isSecondLevel ? titles : undefined
}

function describeHeader<Field extends string>(
  file: string,
  rowNumber: number,
  titles: readonly string[],
  lines: readonly (readonly string[])[],
  fieldByName: ReadonlyMap<string, Field>,
): FoundHeader<Field> {
  const texts = [...titles]
  while (texts.at(-1) === '') texts.pop()
  const candidates = new Map<Field, HeaderColumn[]>()
  const unrecognised: HeaderColumn[] = []
  for (const [column, text] of texts.entries()) {
    const field = fieldByName.get(normaliseHeader(text))
    if (field !== undefined) {
      const claims = candidates.get(field)
      if (claims === undefined) candidates.set(field, [{ column, text }])
      else claims.push({ column, text })
    } else if (text !== '') unrecognised.push({ column, text })
  }
  const own = withoutExported(texts, fieldByName).map(normaliseHeader)
  const headerDigest = createHash('sha256').update(own.join('\u001f')).digest('hex')
  return { file, rowNumber, texts, lines, headerDigest, candidates, unrecognised }
}

// A column that a company itself calls 原因 stays: only behind the number of an import are the last columns ours.
function withoutExported(texts: readonly string[], fieldByName: ReadonlyMap<string, string>): readonly string[] {
  const fields = texts.map((text) => fieldByName.get(normaliseHeader(text)) ?? '')
  const width = fields.findLastIndex((field) => !exportedFields.has(field)) + 1
  return fields.indexOf('originImport') >= width ? texts.slice(0, width) : texts
}
