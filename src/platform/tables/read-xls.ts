import { CFB, read, SSF, set_cptable, type WorkSheet } from '@e965/xlsx'
import * as codepages from '@e965/xlsx/dist/cpexcel.full.mjs'
import type { Refusal } from '../../kernel/refusal.ts'
import { dateOfSerial } from './cell-values.ts'
import { plainNumberText } from './number-text.ts'
import type { DateSystem } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'
import {
  emptyCell,
  MergedCells,
  tableRow,
  type WorkbookCell,
  type WorkbookRequest,
  type WorkbookSheet,
} from './workbook-rows.ts'

// Files of Excel 95 and before hold bytes in the code page of the computer that wrote them, here always Chinese.
const chineseCodepage = 936
set_cptable(codepages)

// Excel in Chinese uses these numbered date formats without listing them in the file, and the library does not know them.
for (const id of [27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]) SSF.load('yyyy/m/d', id)

/** Reads one sheet of a legacy .xls. Refuses passwords and Office files that are no workbook. */
export function readXls(bytes: Buffer, request: WorkbookRequest): WorkbookSheet | Refusal {
  const file = request.input.name
  const refusal = refuseContainer(bytes, file)
  if (refusal !== undefined) return refusal
  const workbook = readUnlessProtected(bytes)
  if (workbook === undefined) return refuseTable('password_protected', { file })
  const names = workbook.SheetNames
  const sheets = names.join('、')
  const dateSystem: DateSystem = workbook.Workbook?.WBProps?.date1904 === true ? 1904 : 1900
  const isVisible = (position: number): boolean => (workbook.Workbook?.Sheets?.[position]?.Hidden ?? 0) === 0
  const position = names.findIndex((name, at) =>
    request.sheet === undefined
      ? isVisible(at) && cellsOf(workbook.Sheets[name]).length > 0
      : request.sheet === name || request.sheet === at + 1,
  )
  const name = names[position]
  if (name === undefined) {
    if (request.sheet === undefined) return refuseTable('all_sheets_empty', { file, sheets })
    return refuseTable('sheet_not_found', { file, sheet: request.sheet, sheets })
  }
  const cells = cellsOf(workbook.Sheets[name])
  if (cells.length === 0) return refuseTable('all_sheets_empty', { file, sheets: name })
  const width = cells.reduce((widest, row) => Math.max(widest, row?.length ?? 0), 0)
  const ranges = (workbook.Sheets[name]?.['!merges'] ?? []).map(({ s, e }) => ({
    firstRow: s.r + 1,
    lastRow: e.r + 1,
    firstColumn: s.c,
    lastColumn: e.c,
  }))
  const merged = new MergedCells(ranges, cells.length, width)
  return {
    name,
    ignoredSheets: names.filter((_, at) => at !== position),
    dateSystem,
    rowCount: cells.length,
    row: (index) => {
      const row = Array.from({ length: width }, (_, column): WorkbookCell => {
        const cell = cells[index]?.[column]
        if (cell === undefined) return merged.cover(index + 1, column) ? { text: '', kind: 'merged' } : emptyCell
        return workbookCell(cell, dateSystem)
      })
      return tableRow(index + 1, row)
    },
  }
}

/** A cell as the library gives it in its dense form: type, value, number format, shown text. */
interface XlsCell {
  readonly t: string
  readonly v?: string | number | boolean
  readonly z?: string
  readonly w?: string
}

function cellsOf(sheet: WorkSheet | undefined): readonly (readonly (XlsCell | undefined)[] | undefined)[] {
  return (sheet?.['!data'] as readonly (readonly (XlsCell | undefined)[] | undefined)[] | undefined) ?? []
}

function workbookCell(cell: XlsCell, dateSystem: DateSystem): WorkbookCell {
  if (cell.t === 'e') return { text: cell.w ?? '#ERROR', kind: 'error' }
  if (typeof cell.v === 'boolean') return { text: cell.v ? 'TRUE' : 'FALSE', kind: 'boolean' }
  if (typeof cell.v !== 'number') return { text: cell.v ?? '', kind: 'text' }
  // The format holds doubles; this is the shortest text that names the same double.
  const text = plainNumberText(String(cell.v))
  if (text === undefined) return { text: String(cell.v), kind: 'error' }
  if (cell.z === undefined || !SSF.is_date(cell.z)) return { text, kind: 'number' }
  return { text: dateOfSerial(text, dateSystem) ?? text, kind: 'date' }
}

function refuseContainer(bytes: Buffer, file: string): Refusal | undefined {
  if (bytes.readUInt16LE(0) !== 0xcfd0) return undefined
  const paths: readonly string[] = CFB.read(bytes, { type: 'buffer' }).FullPaths
  const streams = new Set(paths.map((path) => path.split('/').at(-1)))
  if (streams.has('EncryptedPackage')) return refuseTable('password_protected', { file })
  return streams.has('Workbook') || streams.has('Book') ? undefined : refuseTable('not_a_workbook', { file })
}

function readUnlessProtected(bytes: Buffer) {
  try {
    return read(bytes, {
      type: 'buffer',
      dense: true,
      cellNF: true,
      cellHTML: false,
      cellFormula: false,
      codepage: chineseCodepage,
    })
  } catch (error) {
    if (/password|encrypt/i.test(String(error))) return undefined
    throw error
  }
}
