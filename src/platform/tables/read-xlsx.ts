import { isUtf8 } from 'node:buffer'
import { readSheet } from 'read-excel-file/node'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { plainNumberText } from './number-text.ts'
import { refuseTable } from './tables.refusals.ts'
import {
  emptyCell,
  MergedCells,
  tableRow,
  type WorkbookCell,
  type WorkbookRequest,
  type WorkbookSheet,
} from './workbook-rows.ts'
import { type HiddenCell, readOutline, type SheetScan, scanSheet, type WorkbookOutline } from './xlsx-markup.ts'
import { readZipDirectory, readZipEntry, storedZip, type ZipEntry } from './zip-container.ts'

const suspiciousRatio = 200
const alwaysAllowedBytes = 16 * 1024 * 1024

/**
 * Reads one sheet of an .xlsx. Only the parts that are needed are unpacked, each checked against its stated size and
 * checksum, and the library gets exactly these parts: what was checked is what is read. Refuses other zips, bombs,
 * damage, passwords, and cells that do not say where they stand.
 */
export async function readXlsx(bytes: Buffer, request: WorkbookRequest): Promise<WorkbookSheet | Refusal> {
  const file = request.input.name
  const parts = openParts(bytes, request.inflatedBytesLimit, file)
  if (isRefusal(parts)) return parts
  const workbookXml = parts.take('xl/workbook.xml')
  const relationsXml = parts.take('xl/_rels/workbook.xml.rels')
  if (isRefusal(workbookXml)) return workbookXml
  if (isRefusal(relationsXml)) return relationsXml
  if (workbookXml === undefined || relationsXml === undefined) {
    return refuseTable('workbook_unreadable', { file, cause: 'xl/workbook.xml' })
  }
  const outline = readOutline(workbookXml.toString(), relationsXml.toString())
  for (const path of [outline.stylesPath, outline.sharedStringsPath]) {
    const part = parts.take(path)
    if (isRefusal(part)) return part
  }
  const chosen = chooseSheet(outline, parts, request.sheet, file)
  if (isRefusal(chosen)) return chosen
  const { position, scan } = chosen
  const name = outline.sheets[position]?.name ?? ''
  if (scan.rowWithoutAddresses !== undefined) {
    return refuseTable('cells_without_address', { file, sheet: name, row: scan.rowWithoutAddresses })
  }
  const rows = await readSheet(storedZip(parts.taken), position + 1, {
    parseNumber: (stored: string): NumberCell => ({ stored }),
    trim: false,
  })
  return {
    name,
    ignoredSheets: outline.sheets.filter((_, index) => index !== position).map((sheet) => sheet.name),
    dateSystem: outline.dateSystem,
    rowCount: Math.max(rows.length, ...scan.hiddenCells.slice(-1).map((cell) => cell.row)),
    row: rowMaker(rows as unknown as LibraryRow[], scan),
  }
}

/** The library hands over a number as the text that the file stores; wrapped, so that it is told from a text cell. */
interface NumberCell {
  readonly stored: string
}
type LibraryRow = readonly (string | boolean | Date | NumberCell | null)[]

function rowMaker(rows: readonly LibraryRow[], scan: SheetScan): WorkbookSheet['row'] {
  const hiddenByRow = new Map<number, HiddenCell[]>()
  for (const cell of scan.hiddenCells) {
    const ofRow = hiddenByRow.get(cell.row)
    if (ofRow === undefined) hiddenByRow.set(cell.row, [cell])
    else ofRow.push(cell)
  }
  const merged = new MergedCells(scan.merges, rows.length, rows[0]?.length ?? 0)
  return (index) => {
    const rowNumber = index + 1
    const cells = (rows[index] ?? []).map((value, column): WorkbookCell => {
      if (value === null) return merged.cover(rowNumber, column) ? { text: '', kind: 'merged' } : emptyCell
      if (typeof value === 'string') return { text: value, kind: 'text' }
      if (typeof value === 'boolean') return { text: value ? 'TRUE' : 'FALSE', kind: 'boolean' }
      if (value instanceof Date) return { text: value.toISOString().slice(0, 10), kind: 'date' }
      const plain = plainNumberText(value.stored)
      return plain === undefined ? { text: value.stored, kind: 'text' } : { text: plain, kind: 'number' }
    })
    for (const { column, kind, text } of hiddenByRow.get(rowNumber) ?? []) {
      while (cells.length <= column) cells.push(emptyCell)
      cells[column] = { kind, text }
    }
    return tableRow(rowNumber, cells)
  }
}

/** The parts of a checked zip. What is taken is remembered, so that the library is given these and nothing else. */
interface Parts {
  take(name: string): Buffer | undefined | Refusal
  discard(name: string): void
  readonly taken: ReadonlyMap<string, Buffer>
}

function openParts(bytes: Buffer, limit: number, file: string): Parts | Refusal {
  const entries = readZipDirectory(bytes)
  if (entries === undefined) return refuseTable('zip_damaged', { file })
  const refusal = refuseKindOfZip(entries, file) ?? refuseBomb(entries, bytes.length, limit, file)
  if (refusal !== undefined) return refusal
  const byName = new Map(entries.map((entry) => [entry.name.replace(/\\/g, '/'), entry]))
  const taken = new Map<string, Buffer>()
  return {
    taken,
    discard: (name) => taken.delete(name),
    take(name) {
      const entry = byName.get(name)
      if (entry === undefined) return undefined
      const content = readZipEntry(bytes, entry)
      if (content === undefined) return refuseTable('zip_damaged', { file })
      // The library would turn wrong bytes into question marks and leave marked sections out without a word.
      const cause = !isUtf8(content) ? 'UTF-8' : ['<![CDATA[', '<!DOCTYPE'].find((markup) => content.includes(markup))
      if (cause !== undefined) return refuseTable('workbook_unreadable', { file, cause: `${name}: ${cause}` })
      taken.set(name, content)
      return content
    },
  }
}

function refuseKindOfZip(entries: readonly ZipEntry[], file: string): Refusal | undefined {
  const names = new Set(entries.map((entry) => entry.name.replace(/\\/g, '/')))
  if (entries.some((entry) => entry.encrypted)) return refuseTable('password_protected', { file })
  if (names.has('[Content_Types].xml')) {
    if (names.has('xl/workbook.xml')) return undefined
    if (names.has('xl/workbook.bin')) return refuseTable('other_spreadsheet', { file, format: 'Excel .xlsb' })
    return refuseTable('not_a_workbook', { file })
  }
  if (names.has('mimetype') && names.has('content.xml'))
    return refuseTable('other_spreadsheet', { file, format: 'OpenDocument .ods' })
  return refuseTable('archive_file', { file })
}

function refuseBomb(
  entries: readonly ZipEntry[],
  storedBytes: number,
  limit: number,
  file: string,
): Refusal | undefined {
  const fullBytes = entries.reduce((sum, entry) => sum + entry.fullBytes, 0)
  const worst = Math.max(
    0,
    ...entries
      .filter((entry) => entry.fullBytes > alwaysAllowedBytes)
      .map((entry) => entry.fullBytes / Math.max(entry.storedBytes, 1)),
  )
  if (fullBytes <= limit && worst <= suspiciousRatio) return undefined
  return refuseTable('zip_bomb', {
    file,
    size: Math.ceil(fullBytes / 1024 / 1024),
    ratio: Math.round(Math.max(worst, fullBytes / storedBytes)),
  })
}

/** The asked sheet, else the first visible one that holds anything. */
function chooseSheet(
  outline: WorkbookOutline,
  parts: Parts,
  asked: string | number | undefined,
  file: string,
): { position: number; scan: SheetScan } | Refusal {
  const sheets = outline.sheets.map((sheet) => sheet.name).join('、')
  for (const [position, sheet] of outline.sheets.entries()) {
    const wanted = asked === undefined ? !sheet.hidden : asked === sheet.name || asked === position + 1
    if (!wanted || sheet.path === undefined) continue
    const content = parts.take(sheet.path)
    if (isRefusal(content)) return content
    if (content === undefined) return refuseTable('workbook_unreadable', { file, cause: sheet.path })
    const scan = scanSheet(content.toString())
    if (scan.hasValues) return { position, scan }
    if (asked !== undefined) return refuseTable('all_sheets_empty', { file, sheets: sheet.name })
    parts.discard(sheet.path)
  }
  if (asked !== undefined) return refuseTable('sheet_not_found', { file, sheet: asked, sheets })
  return refuseTable('all_sheets_empty', { file, sheets })
}
