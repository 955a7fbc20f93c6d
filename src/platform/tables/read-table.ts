import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { openCsv } from './csv-table.ts'
import { openBytes, type TableInput } from './file-bytes.ts'
import { headBytes, recogniseFormat } from './file-format.ts'
import type { TableSource, TextEncoding } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'
import { openWorkbook, type WorkbookLimits } from './workbook-table.ts'

export interface TableLimits extends WorkbookLimits {
  readonly textBytes: number
  readonly workbookBytes: number
}

const megabyte = 1024 * 1024

export const tableLimits: TableLimits = {
  textBytes: 1024 * megabyte,
  workbookBytes: 50 * megabyte,
  // A part of a workbook becomes one JavaScript string, which ends at 512 MB.
  inflatedBytes: 500 * megabyte,
  heapMegabytes: 2048,
  seconds: 120,
}

export interface TableOptions {
  /** Text files: what a person knows better than the detection. */
  readonly encoding?: TextEncoding
  readonly delimiter?: string
  /** Workbooks: a sheet's name, or its position counted from 1. Without it, the first visible sheet that holds anything. */
  readonly sheet?: string | number
  readonly blockRows?: number
  readonly limits?: Partial<TableLimits>
}

/**
 * Opens a table file, recognised by its content: .xlsx, legacy .xls, or text with any usual delimiter in UTF-8, GBK /
 * GB18030 or UTF-16. Sizes are checked before anything is read. Everything else is refused by name with a remedy:
 * empty files, programs and web pages in disguise, bombs, passwords, damage, unknown encodings.
 * The caller closes the table.
 */
export async function openTable(input: TableInput, options: TableOptions = {}): Promise<TableSource | Refusal> {
  const limits = { ...tableLimits, ...options.limits }
  const blockRows = options.blockRows ?? 2000
  const file = await openBytes(input)
  if (isRefusal(file)) return file
  if (file.size === 0) return refuseTable('empty_file', { file: file.name })
  const format = recogniseFormat(await file.head(headBytes))
  const size = Math.ceil(file.size / megabyte)
  if (format === 'text') {
    if (file.size > limits.textBytes) {
      return refuseTable('file_too_large', { file: file.name, size, limit: Math.floor(limits.textBytes / megabyte) })
    }
    const { encoding, delimiter } = options
    return openCsv(file, {
      blockRows,
      ...(encoding === undefined ? {} : { encoding }),
      ...(delimiter === undefined ? {} : { delimiter }),
    })
  }
  if (format !== 'zip' && format !== 'xls') return refuseTable(format, { file: file.name })
  if (file.size > limits.workbookBytes) {
    return refuseTable('workbook_too_large', {
      file: file.name,
      size,
      limit: Math.floor(limits.workbookBytes / megabyte),
    })
  }
  return openWorkbook(file, format, {
    blockRows,
    limits,
    ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
  })
}
