import type { Refusal } from '../kernel/refusal.ts'
import { writeCsv, writeXlsx, type XlsxColumn } from '../platform/tables/write-table.ts'
import { refuse } from './dischargers.refusals.ts'

/**
 * Writes a list to a file, as its ending says: `.csv` for any number of rows, `.xlsx` while they fit into a workbook.
 * Answers how many rows were written. Refuses other endings and a workbook that would be too large.
 */
export async function writeList(
  path: string,
  sheet: string,
  columns: readonly XlsxColumn[],
  pages: AsyncIterable<readonly (readonly string[])[]>,
): Promise<number | Refusal> {
  const refusal = listFileRefusal(path)
  if (refusal !== undefined) return refusal
  if (isCsv(path)) {
    return writeCsv(
      path,
      columns.map(({ title }) => title),
      rowsOf(pages),
    )
  }
  const rows: (readonly string[])[] = []
  for await (const row of rowsOf(pages)) rows.push(row)
  return (await writeXlsx(path, [{ name: sheet, columns, rows }])) ?? rows.length
}

/** Refuses a path that says neither .csv nor .xlsx, before anything is done for it. */
export function listFileRefusal(path: string): Refusal | undefined {
  if (isCsv(path) || path.toLowerCase().endsWith('.xlsx')) return undefined
  return refuse('value_wrong', { column: '--to', value: path, rule: '*.csv, *.xlsx' })
}

export function isCsv(path: string): boolean {
  return path.toLowerCase().endsWith('.csv')
}

async function* rowsOf(pages: AsyncIterable<readonly (readonly string[])[]>): AsyncGenerator<readonly string[]> {
  for await (const page of pages) yield* page
}
