import { readFileSync } from 'node:fs'
import { isRefusal, type RefusalParameters } from '../../kernel/refusal.ts'
import type { TableRow } from './table-file.ts'
import type { TableRefusalCode } from './tables.refusals.ts'
import type { WorkbookRequest, WorkbookSheet } from './workbook-rows.ts'

/** What the process says first: the sheet it has read, or why not; a refusal travels as its code and parameters. */
export type WorkbookAnswer =
  | { readonly refused: TableRefusalCode; readonly parameters: RefusalParameters }
  | { readonly broke: string }
  | Pick<WorkbookSheet, 'name' | 'ignoredSheets' | 'dateSystem' | 'rowCount'>
/** Then it is asked for rows, and answers with them. */
export interface RowsAsked {
  readonly from: number
  readonly until: number
}
export type RowsAnswer = { readonly rows: readonly TableRow[] } | { readonly broke: string }

const answer = (message: WorkbookAnswer | RowsAnswer) => void process.send?.(message)
// The file's libraries may fail anywhere, also where nobody waits for them.
process.on('uncaughtException', (error) => answer({ broke: error.message }))

process.once('message', async (request: WorkbookRequest) => {
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
    answer({ refused: sheet.code as TableRefusalCode, parameters: sheet.parameters })
    return
  }
  const { name, ignoredSheets, dateSystem, rowCount } = sheet
  process.on('message', ({ from, until }: RowsAsked) => {
    const rows: TableRow[] = []
    for (let index = from; index < until; index += 1) rows.push(sheet.row(index))
    answer({ rows })
  })
  answer({ name, ignoredSheets, dateSystem, rowCount })
})
