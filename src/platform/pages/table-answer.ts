import { PassThrough, Readable } from 'node:stream'
import { writeCsv, writeXlsx } from '../tables/write-table.ts'

/** The types of the files that lists and small tables are downloaded as. */
export const tableFileTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** A column of a small table: of numbers where it has decimals. */
export interface FileColumn {
  readonly title: string
  readonly decimals?: number
}

/** A small table as a file: what a page shows whole, in a spreadsheet. */
export function tableAnswer(
  as: keyof typeof tableFileTypes,
  name: string,
  columns: readonly FileColumn[],
  lines: readonly (readonly string[])[],
): Response {
  const stream = new PassThrough()
  const sheetColumns = columns.map(({ title, decimals }) => ({
    title,
    kind: decimals === undefined ? ('text' as const) : ('number' as const),
    ...(decimals === undefined ? {} : { decimals }),
  }))
  const written: Promise<unknown> =
    as === 'csv'
      ? writeCsv(
          stream,
          columns.map(({ title }) => title),
          lines,
        )
      : writeXlsx(stream, [{ name: name.slice(0, 31), columns: sheetColumns, rows: lines }])
  written.catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))))
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': tableFileTypes[as],
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.${as}`)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
