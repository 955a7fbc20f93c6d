import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { FileBytes } from './file-bytes.ts'
import { hasFormulaGuard, withoutFormulaGuard } from './formula-guard.ts'
import { type TableBlock, type TableRow, type TableSource, type TextEncoding, tableDelimiters } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'
import { decideEncoding, textBlocks } from './text-encoding.ts'

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

// A quote that is never closed would swallow the rest of the file into one cell; no honest row is this long.
const longestRow = 1_000_000

async function* csvBlocks(
  file: FileBytes,
  encoding: TextEncoding,
  delimiter: string,
  blockRows: number,
): AsyncGenerator<TableBlock | Refusal> {
  let bytesRead = 0
  let stopped: Refusal | undefined
  const feed = async function* () {
    for await (const block of textBlocks(file, encoding)) {
      if (isRefusal(block)) {
        stopped = block
        return
      }
      bytesRead += block.bytes
      yield block.text
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
  let rowNumber = 0
  let rows: TableRow[] = []
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      rowNumber += 1
      rows.push({ rowNumber, cells: withoutFormulaGuards(record) })
      if (rows.length >= blockRows) {
        yield { rows, bytesRead }
        rows = []
      }
    }
  } catch (error) {
    if (error instanceof CsvError) {
      // Rows between the last block and the broken one are lost with the stream; the parser has counted them.
      yield refuseTable('quote_broken', { file: file.name, row: Number(error['records']) + 1 })
      return
    }
    const cause = error as NodeJS.ErrnoException
    if (cause.code === undefined) throw error
    yield refuseTable('file_not_readable', { file: file.name, cause: cause.code })
    return
  }
  if (rows.length > 0) yield { rows, bytesRead }
  if (stopped !== undefined) yield stopped
}

// Ten million cells pass here: the row is copied only when a cell has a guard.
function withoutFormulaGuards(cells: string[]): string[] {
  return cells.some(hasFormulaGuard) ? cells.map(withoutFormulaGuard) : cells
}
