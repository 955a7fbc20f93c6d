import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { FileBytes } from './file-bytes.ts'
import { hasFormulaGuard, withoutFormulaGuard } from './formula-guard.ts'
import { type TableBlock, type TableRow, type TableSource, type TextEncoding, tableDelimiters } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'
import { decideEncoding, type TextBlock, textBlocks } from './text-encoding.ts'

export interface CsvOptions {
  readonly encoding?: TextEncoding
  readonly delimiter?: string
  readonly blockRows: number
}

/**
 * A text table. The whole file is checked for its encoding first; then it streams, so that memory does not grow with
 * the file. Refuses an unknown encoding, zero bytes and a file without any text; a broken quote is refused on the way.
 */
export async function openCsv(file: FileBytes, options: CsvOptions): Promise<TableSource | Refusal> {
  const encoding = await decideEncoding(file, options.encoding)
  if (isRefusal(encoding)) return encoding
  const sample = await sampleText(file, encoding)
  if (isRefusal(sample)) return sample
  if (sample.trim() === '') return refuseTable('empty_file', { file: file.name })
  const delimiter = options.delimiter ?? sniffDelimiter(sample)
  return {
    name: file.name,
    format: 'csv',
    bytesTotal: file.size,
    dateSystem: 1900,
    encoding,
    delimiter,
    blocks: () => csvBlocks(file, encoding, delimiter, options.blockRows),
    close: async () => {},
  }
}

/** The beginning of the file: its first piece that holds any text. */
async function sampleText(file: FileBytes, encoding: TextEncoding): Promise<string | Refusal> {
  for await (const block of textBlocks(file, encoding)) {
    if (isRefusal(block)) return block
    const sample = block.text.toString()
    if (sample.trim() !== '') return sample
  }
  return ''
}

const sampleLines = 200

/**
 * The delimiter under which most lines of the beginning have the same number of cells (title rows and totals differ,
 * so not all need agree). Ties go to more cells, then to the order comma, tab, semicolon, bar, full-width comma.
 */
function sniffDelimiter(sample: string): string {
  // A quoted text may hold any delimiter and line ends.
  const lines = sample
    .replace(/"[^"]*"/g, '""')
    .split(/\r\n|\n|\r/, sampleLines)
    .filter((line) => line !== '')
  let best = { delimiter: ',' as string, agreeing: 0, cells: 0 }
  for (const delimiter of tableDelimiters) {
    const linesByCells = new Map<number, number>()
    for (const line of lines) {
      const cells = line.split(delimiter).length
      if (cells > 1) linesByCells.set(cells, (linesByCells.get(cells) ?? 0) + 1)
    }
    for (const [cells, agreeing] of linesByCells) {
      if (agreeing > best.agreeing || (agreeing === best.agreeing && cells > best.cells)) {
        best = { delimiter, agreeing, cells }
      }
    }
  }
  return best.delimiter
}

// As many columns as a sheet of Excel has. Whatever looks at a header looks at each cell of many rows.
const widestRow = 16_384

async function* csvBlocks(
  file: FileBytes,
  encoding: TextEncoding,
  delimiter: string,
  blockRows: number,
): AsyncGenerator<TableBlock | Refusal> {
  let rowNumber = 0
  let bytesRead = 0
  let rows: TableRow[] = []
  for await (const batch of recordsOf(file, encoding, delimiter)) {
    if (isRefusal(batch)) {
      if (rows.length > 0) yield { rows, bytesRead }
      yield batch
      return
    }
    bytesRead = batch.bytesRead
    for (const record of batch.records) {
      rowNumber += 1
      if (record.length > widestRow) {
        if (rows.length > 0) yield { rows, bytesRead }
        yield refuseTable('row_too_wide', { file: file.name, row: rowNumber, cells: record.length, limit: widestRow })
        return
      }
      rows.push({ rowNumber, cells: withoutFormulaGuards(record) })
      if (rows.length >= blockRows) {
        yield { rows, bytesRead }
        rows = []
      }
    }
  }
  if (rows.length > 0) yield { rows, bytesRead }
}

interface Records {
  readonly records: Iterable<string[]>
  readonly bytesRead: number
}

/**
 * The records of the file in order. Most files hold no quote at all: there a line is a record and a delimiter ends a
 * cell. From the first piece with a quote on, csv-parse reads the rest; a piece begins where a line does, so no quote is
 * open there.
 */
async function* recordsOf(
  file: FileBytes,
  encoding: TextEncoding,
  delimiter: string,
): AsyncGenerator<Records | Refusal> {
  const pieces = readablePieces(file, encoding)
  let bytesRead = 0
  let recordsBefore = 0
  let endedInReturn = false
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    if (isRefusal(next.value)) {
      yield next.value
      return
    }
    const piece = next.value.text.toString()
    bytesRead += next.value.bytes
    // The two characters of one line end may lie in two pieces.
    const text: string = endedInReturn && piece.startsWith('\n') ? piece.slice(1) : piece
    const lines = plainLines(text)
    if (lines === undefined) {
      yield* quotedRecords(file.name, text, pieces, delimiter, { bytesRead, recordsBefore })
      return
    }
    endedInReturn = text.endsWith('\r')
    recordsBefore += lines.length
    yield { records: splitOneByOne(lines, delimiter), bytesRead }
  }
}

// No line of a table is this long; csv-parse decides what is wrong with it.
const longestPlainLine = 100_000

/** The lines of a piece without any quote; `undefined` for one that a real parser must read. */
function plainLines(text: string): string[] | undefined {
  if (text.includes('"')) return undefined
  const lines = text.split(text.includes('\r') ? /\r\n|\n|\r/ : '\n')
  // Behind the last line end nothing begins.
  if (lines.at(-1) === '') lines.pop()
  return lines.every((line) => line.length <= longestPlainLine) ? lines : undefined
}

/** Cells are made when their row is taken: thousands of rows that only wait are what the garbage collector works on. */
function* splitOneByOne(lines: readonly string[], delimiter: string): Generator<string[]> {
  for (const line of lines) yield line.split(delimiter)
}

// A quote that is never closed would swallow the rest of the file into one cell; no honest row is this long.
const longestRow = 1_000_000
const recordsPerBatch = 500

/** Reads what a first piece and those behind it hold by the rules of quotes. */
async function* quotedRecords(
  fileName: string,
  first: string,
  pieces: AsyncGenerator<TextBlock | Refusal>,
  delimiter: string,
  before: { readonly bytesRead: number; readonly recordsBefore: number },
): AsyncGenerator<Records | Refusal> {
  let { bytesRead } = before
  let stopped: Refusal | undefined
  const feed = async function* () {
    yield first
    for await (const piece of pieces) {
      if (isRefusal(piece)) {
        stopped = piece
        return
      }
      bytesRead += piece.bytes
      yield piece.text
    }
  }
  const parser = parse({
    delimiter,
    // All three, because after discovering one csv-parse takes the others for text, and rows would melt together.
    record_delimiter: ['\r\n', '\n', '\r'],
    // Title rows and totals are shorter than the header; rows that are longer are refused under the header (rowRole).
    relax_column_count: true,
    max_record_size: longestRow,
  })
  // Its failure is the parser's too and is met in the loop below.
  pipeline(Readable.from(feed()), parser).catch(() => {})
  let records: string[][] = []
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      records.push(record)
      if (records.length >= recordsPerBatch) {
        yield { records, bytesRead }
        records = []
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // Rows between the last batch and the broken one are lost with the stream; the parser has counted them.
    yield refuseTable('quote_broken', { file: fileName, row: before.recordsBefore + Number(error['records']) + 1 })
    return
  }
  if (records.length > 0) yield { records, bytesRead }
  if (stopped !== undefined) yield stopped
}

/** The pieces of the file; a disk that fails on the way is a refusal too. */
async function* readablePieces(file: FileBytes, encoding: TextEncoding): AsyncGenerator<TextBlock | Refusal> {
  try {
    yield* textBlocks(file, encoding)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    yield refuseTable('file_not_readable', { file: file.name, cause: code })
  }
}

// Ten million cells pass here: the row is copied only when a cell has a guard.
function withoutFormulaGuards(cells: string[]): string[] {
  return cells.some(hasFormulaGuard) ? cells.map(withoutFormulaGuard) : cells
}
