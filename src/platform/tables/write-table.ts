import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import writeXlsxFile, { type Cell, type Row } from 'write-excel-file/node'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { guardFormula } from './formula-guard.ts'
import { significantDigits } from './number-text.ts'
import { refuseTable } from './tables.refusals.ts'
import { UnwritableFile } from './unwritable-file.ts'

/** A path, which appears only once it is complete, or an open stream such as a download, which is ended. */
export type TableTarget = string | Writable

/**
 * Writes a CSV for Excel: UTF-8 with its mark, CRLF, texts that a spreadsheet would calculate guarded. Rows stream, so
 * any number will do. Returns how many rows were written beside the header.
 */
export async function writeCsv(
  target: TableTarget,
  header: readonly string[],
  rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
  options: { readonly bom?: boolean } = {},
): Promise<number> {
  let count = 0
  await intoTarget(target, async (stream) => {
    let text = `${options.bom === false ? '' : '\uFEFF'}${csvLine(header)}`
    for await (const row of rows) {
      count += 1
      text += csvLine(row)
      if (text.length < flushCharacters) continue
      if (!stream.write(text)) await once(stream, 'drain')
      text = ''
    }
    stream.write(text)
  })
  return count
}

/** A CSV as text, lines and guards as `writeCsv` writes them, for files that need another encoding. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map(csvLine).join('')
}

const flushCharacters = 64 * 1024
const needsQuotes = /[",\r\n\t;|，]|^\s|\s$/

function csvLine(cells: readonly string[]): string {
  const fields = cells.map((cell) => {
    const guarded = guardFormula(cell)
    return needsQuotes.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded
  })
  // A row of one blank cell would be a blank line, which readers may pass over.
  return `${fields.length === 1 && fields[0] === '' ? '""' : fields.join(',')}\r\n`
}

export interface XlsxColumn {
  readonly title: string
  /** A number column holds real numbers where that is exact; an id is text even when it is all digits. */
  readonly kind: 'text' | 'number'
  /** Shown decimals of a number column. */
  readonly decimals?: number
  /** In characters of half width; a Chinese character takes two. */
  readonly width?: number
}

export interface XlsxSheet {
  readonly name: string
  readonly columns: readonly XlsxColumn[]
  readonly rows: Iterable<readonly string[]>
}

/** The writing library holds a whole workbook in memory: 100,000 rows of 12 columns take 4 s and 0.6 GB. */
export const xlsxRowLimit = 100_000

/** Writes a workbook with bold, frozen headers. Refuses more than `xlsxRowLimit` rows in all, which is CSV's task. */
export async function writeXlsx(target: TableTarget, sheets: readonly XlsxSheet[]): Promise<Refusal | undefined> {
  const bytes = await xlsxBytes(sheets)
  if (isRefusal(bytes)) return bytes
  await writeFileOf(target, bytes)
  return undefined
}

/** The bytes of such a workbook, for where there is no folder. */
export async function xlsxBytes(sheets: readonly XlsxSheet[]): Promise<Uint8Array | Refusal> {
  const laidOut = []
  let rowsLeft = xlsxRowLimit
  for (const sheet of sheets) {
    const rows = layOutRows(sheet, rowsLeft)
    if (isRefusal(rows)) return rows
    rowsLeft -= rows.length
    const columns = sheet.columns.map((column) => ({ width: column.width ?? shownWidth(column.title) + 4 }))
    laidOut.push({ sheet: sheet.name, columns, stickyRowsCount: 1, data: [headerRow(sheet.columns), ...rows] })
  }
  return writeXlsxFile(laidOut).toBuffer()
}

function layOutRows(sheet: XlsxSheet, limit: number): Row[] | Refusal {
  const rows: Row[] = []
  for (const cells of sheet.rows) {
    if (rows.length >= limit) return refuseTable('too_many_rows_for_xlsx', { limit: xlsxRowLimit })
    rows.push(cells.map((cell, column) => xlsxCell(cell, sheet.columns[column])))
  }
  return rows
}

function headerRow(columns: readonly XlsxColumn[]): Row {
  return columns.map(({ title }): Cell => ({ value: xlsxText(title), type: String, fontWeight: 'bold' }))
}

const exactNumber = /^-?(0|[1-9]\d*)(\.\d+)?$/
const digitsExcelKeeps = 15

function xlsxCell(text: string, column: XlsxColumn | undefined): Cell {
  if (column?.kind === 'number' && exactNumber.test(text) && significantDigits(text) <= digitsExcelKeeps) {
    const decimals = column.decimals ?? 0
    return { value: Number(text), type: Number, ...(decimals > 0 ? { format: `0.${'0'.repeat(decimals)}` } : {}) }
  }
  // Text format keeps leading zeros when somebody edits the cell.
  return text === '' ? null : { value: xlsxText(text), type: String, format: '@' }
}

const escapesCharacter = /_(?=x[0-9a-f]{4}_)/gi
// Control characters other than tab and line feed, lone halves of surrogate pairs, and characters set aside.
const notInXml = /(?![\t\n])[\p{Cc}\p{Cs}\uFDD0-\uFDEF\uFFFD-\uFFFF]/gu

/**
 * A text in the form a workbook stores it. A cell is never a formula here, so nothing is guarded except what the
 * reader would take for a guard. The library loses three kinds of text, which are written as `_x0063_` instead, a form
 * that Excel knows: characters XML cannot hold, texts that look like that form, and names every object has.
 */
function xlsxText(text: string): string {
  const guarded = text.startsWith("'") ? guardFormula(text) : text
  const escaped = guarded.replace(escapesCharacter, escapedCharacter('_')).replace(notInXml, escapedCharacter)
  return escaped in {} ? escapedCharacter(escaped.charAt(0)) + escaped.slice(1) : escaped
}

function escapedCharacter(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
}

export interface TemplateColumn {
  readonly title: string
  readonly kind: XlsxColumn['kind']
  readonly example: string
  readonly note: string
}

const templateRows = 500

/** A table for people is written as its name ends; a name that says neither format is refused before any work is done. */
export function formatOfName(path: string): 'csv' | 'xlsx' | Refusal {
  const [ending] = /\.(csv|xlsx)$/.exec(path.toLowerCase()) ?? []
  return ending === '.csv' ? 'csv' : ending === '.xlsx' ? 'xlsx' : refuseTable('name_without_format', { file: path })
}

/**
 * Writes rows of text as the name ends, CSV or a workbook of one sheet, where every cell is text: Excel must not turn
 * numbers of accounts into 1.23E+11. Answers how many rows were written; refuses another ending.
 */
export async function writeTexts(
  path: string,
  sheet: string,
  header: readonly string[],
  lines: AsyncIterable<string[]>,
): Promise<{ readonly path: string; readonly rows: number } | Refusal> {
  const format = formatOfName(path)
  if (isRefusal(format)) return format
  if (format === 'csv') return { path, rows: await writeCsv(path, header, lines) }
  const rows: string[][] = []
  for await (const line of lines) rows.push(line)
  const columns = header.map((title) => ({ title, kind: 'text' as const }))
  const refused = await writeXlsx(path, [{ name: sheet, columns, rows }])
  return refused ?? { path, rows: rows.length }
}

/** Writes a blank form as its name ends: a workbook with its explanations, or the bare header as CSV. */
export async function writeForm(
  path: string,
  columns: readonly TemplateColumn[],
  note: string,
): Promise<Refusal | undefined> {
  const format = formatOfName(path)
  if (isRefusal(format)) return format
  if (format === 'xlsx') await writeTemplate(path, columns, note)
  else
    await writeCsv(
      path,
      columns.map(({ title }) => title),
      [],
    )
  return undefined
}

/**
 * Writes a blank form to fill in as a workbook: the first sheet has the header alone, so that an example is never imported, and its
 * id columns are text, so that Excel keeps leading zeros; the second sheet, 填写说明, explains each column.
 */
export async function writeTemplate(
  target: TableTarget,
  columns: readonly TemplateColumn[],
  note: string,
): Promise<void> {
  const widths = columns.map(({ title, example }) => ({ width: Math.max(shownWidth(title), shownWidth(example)) + 4 }))
  const blankRow = columns.map(({ kind }): Cell => (kind === 'text' ? { type: String, format: '@' } : null))
  const explained = columns.map(
    ({ title, example, note: columnNote }): Row =>
      [title, example, columnNote].map(
        (text): Cell => ({ value: xlsxText(text), type: String, format: '@', wrap: true }),
      ),
  )
  const explanationHeader = headerRow([
    { title: '列名', kind: 'text' },
    { title: '示例', kind: 'text' },
    { title: '说明', kind: 'text' },
  ])
  const bytes = await writeXlsxFile([
    {
      sheet: '填写',
      columns: widths,
      stickyRowsCount: 1,
      data: [headerRow(columns), ...Array(templateRows).fill(blankRow)],
    },
    {
      sheet: '填写说明',
      columns: [{ width: 20 }, { width: 24 }, { width: 60 }],
      data: [
        [{ value: xlsxText(note), type: String, columnSpan: 3, wrap: true }, null, null],
        explanationHeader,
        ...explained,
      ],
    },
  ]).toBuffer()
  await intoTarget(target, async (stream) => {
    stream.write(bytes)
  })
}

function shownWidth(text: string): number {
  return [...text].reduce((width, character) => width + (character > '\u00FF' ? 2 : 1), 0)
}

/** Writes a small file that is no table, such as JSON or XML; it appears only once it is complete. */
export async function writeFileOf(target: TableTarget, content: string | Uint8Array): Promise<void> {
  await intoTarget(target, async (stream) => {
    stream.write(content)
  })
}

/** Lets `write` fill the target. A file is written beside its name first, so that a crash leaves no half of it. */
async function intoTarget(target: TableTarget, write: (stream: Writable) => Promise<void>): Promise<void> {
  const stream = typeof target === 'string' ? createWriteStream(`${target}.partial`) : target
  const done = finished(stream, { readable: false })
  try {
    await Promise.race([write(stream), done])
    stream.end()
    await done
    if (typeof target === 'string') await rename(`${target}.partial`, target)
  } catch (error) {
    done.catch(() => {})
    stream.destroy()
    if (typeof target === 'string') {
      // It may be about to be created: what is removed before that is there afterwards.
      if (!stream.closed) await once(stream, 'close')
      await rm(`${target}.partial`, { force: true })
      // What the file system says, and no other failure of what is written.
      if (error instanceof Error && 'syscall' in error) throw new UnwritableFile(target, error)
    }
    throw error
  }
}
