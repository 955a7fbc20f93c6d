import type { TableInput } from './file-bytes.ts'
import { withoutFormulaGuard } from './formula-guard.ts'
import type { CellKind, DateSystem, TableRow } from './table-file.ts'
import type { MergedRange } from './xlsx-markup.ts'

/** What the process that reads a workbook is asked to do. */
export interface WorkbookRequest {
  readonly input: TableInput
  readonly container: 'zip' | 'xls'
  readonly sheet?: string | number
  readonly inflatedBytesLimit: number
}

/** A sheet that was read; rows are made one by one, because a million of them are handed over in blocks. */
export interface WorkbookSheet {
  readonly name: string
  readonly ignoredSheets: readonly string[]
  readonly dateSystem: DateSystem
  readonly rowCount: number
  row(index: number): TableRow
}

/** One cell of either kind of workbook before it becomes text and kind. */
export interface WorkbookCell {
  readonly text: string
  readonly kind: CellKind
}

export const emptyCell: WorkbookCell = { text: '', kind: 'text' }

/** Where merges cover cells: the cell at the upper left keeps its value, the others hold none. */
export class MergedCells {
  readonly #columnsByRow = new Map<number, Set<number>>()

  /** Only ranges within the rows and columns that hold anything count. */
  constructor(ranges: readonly MergedRange[], rowCount: number, columnCount: number) {
    for (const range of ranges) {
      for (let row = range.firstRow; row <= Math.min(range.lastRow, rowCount); row += 1) {
        const columns = this.#columnsByRow.get(row) ?? new Set()
        this.#columnsByRow.set(row, columns)
        for (let column = range.firstColumn; column <= Math.min(range.lastColumn, columnCount - 1); column += 1) {
          if (row !== range.firstRow || column !== range.firstColumn) columns.add(column)
        }
      }
    }
  }

  cover(row: number, column: number): boolean {
    return this.#columnsByRow.get(row)?.has(column) ?? false
  }
}

/** A row of text and, where any cell is not text, of kinds. */
export function tableRow(rowNumber: number, cells: readonly WorkbookCell[]): TableRow {
  const texts = cells.map((cell) => (cell.kind === 'text' ? withoutFormulaGuard(cell.text) : cell.text))
  return cells.every((cell) => cell.kind === 'text')
    ? { rowNumber, cells: texts }
    : { rowNumber, cells: texts, kinds: cells.map((cell) => cell.kind) }
}
