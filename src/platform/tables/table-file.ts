import type { Refusal } from '../../kernel/refusal.ts'

/**
 * What a cell holds beside its text. Files of plain text know only `text`; a workbook tells numbers and dates from text,
 * and has cells that hold no usable value: errors (#REF!), formulas nobody ever computed, cells covered by a merge.
 */
export type CellKind = 'text' | 'number' | 'date' | 'boolean' | 'error' | 'formula_without_value' | 'merged'

/** One row as the file holds it; nothing is trimmed or converted except dates of a workbook, which are `YYYY-MM-DD`. */
export interface TableRow {
  /** 1-based, as Excel numbers the row when it opens the file; blank rows count. */
  readonly rowNumber: number
  readonly cells: readonly string[]
  /** Absent when every cell is text, which spares a million rows of CSV a second array each. */
  readonly kinds?: readonly CellKind[]
}

export interface TableBlock {
  readonly rows: readonly TableRow[]
  /** Bytes of the file taken in so far, of `TableSource.bytesTotal`. */
  readonly bytesRead: number
}

export type TableFormat = 'csv' | 'xlsx' | 'xls'
export type TextEncoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'
/** Day 0 of Excel's serial dates; workbooks from old Macs count from 1904. */
export type DateSystem = 1900 | 1904

/** A table file that was recognised and can be read, from its first row, as often as wanted until it is closed. */
export interface TableSource {
  readonly name: string
  readonly format: TableFormat
  readonly bytesTotal: number
  readonly dateSystem: DateSystem
  /** Text files only. */
  readonly encoding?: TextEncoding
  readonly delimiter?: string
  /** Workbooks only: the sheet that is read, and those that are not, so that nobody believes they were. */
  readonly sheet?: string
  readonly ignoredSheets?: readonly string[]
  /** Rows in order, in blocks. A refusal (a broken quote on row 900,000) comes as the last item. */
  blocks(): AsyncGenerator<TableBlock | Refusal>
  /** Ends the process that holds a workbook. A text file has nothing to free, yet every opened table is closed. */
  close(): Promise<void>
}

export const tableDelimiters = [',', '\t', ';', '|', '，'] as const

export function cellAt(row: TableRow, column: number): string {
  return row.cells[column] ?? ''
}

export function kindAt(row: TableRow, column: number): CellKind {
  return row.kinds?.[column] ?? 'text'
}

/** The letters Excel shows above a column: 0 → A, 26 → AA. */
export function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last
}
