import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../kernel/invariant.ts'
import { isRefusal, type RefusalParameters } from '../../kernel/refusal.ts'
import type { TableRow } from './table-file.ts'
import type { TableRefusalCode } from './tables.refusals.ts'
import type { WorkbookRequest, WorkbookSheet } from './workbook-rows.ts'

/** What the thread says first: the sheet it has read, or why not; a refusal travels as its code and parameters. */
export type WorkbookAnswer =
  | { readonly refused: TableRefusalCode; readonly parameters: RefusalParameters }
  | Pick<WorkbookSheet, 'name' | 'ignoredSheets' | 'dateSystem' | 'rowCount'>
/** Then it is asked for rows, and answers with them. */
export interface RowsAsked {
  readonly from: number
  readonly until: number
}
export type RowsAnswer = readonly TableRow[]

const port = present(parentPort, 'a workbook is read in a worker thread')
const request = workerData as WorkbookRequest
const { input } = request
const bytes =
  'path' in input
    ? readFileSync(input.path)
    : Buffer.from(input.bytes.buffer, input.bytes.byteOffset, input.bytes.byteLength)

const sheet =
  request.container === 'zip'
    ? await (await import('./read-xlsx.ts')).readXlsx(bytes, request)
    : (await import('./read-xls.ts')).readXls(bytes, request)

if (isRefusal(sheet)) {
  port.postMessage({ refused: sheet.code as TableRefusalCode, parameters: sheet.parameters } satisfies WorkbookAnswer)
} else {
  const { name, ignoredSheets, dateSystem, rowCount } = sheet
  port.on('message', ({ from, until }: RowsAsked) => {
    const rows: TableRow[] = []
    for (let index = from; index < until; index += 1) rows.push(sheet.row(index))
    port.postMessage(rows satisfies RowsAnswer)
  })
  port.postMessage({ name, ignoredSheets, dateSystem, rowCount } satisfies WorkbookAnswer)
}
