import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { formatOfName, writeCsv, writeXlsx, type XlsxColumn } from '../platform/tables/write-table.ts'

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
  const format = formatOfName(path)
  if (isRefusal(format)) return format
  if (format === 'csv') {
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

async function* rowsOf(pages: AsyncIterable<readonly (readonly string[])[]>): AsyncGenerator<readonly string[]> {
  for await (const page of pages) yield* page
}
