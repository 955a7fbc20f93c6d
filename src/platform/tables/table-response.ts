import { PassThrough, Readable } from 'node:stream'
import { writeCsv, writeXlsx, type XlsxColumn } from './write-table.ts'

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** A table as the answer to a request: a file that a browser saves under the name given, without its ending. */
export function tableResponse(
  format: keyof typeof types,
  name: string,
  columns: readonly XlsxColumn[],
  rows: readonly (readonly string[])[],
): Response {
  const stream = new PassThrough()
  const written: Promise<unknown> =
    format === 'csv'
      ? writeCsv(
          stream,
          columns.map(({ title }) => title),
          rows,
        )
      : writeXlsx(stream, [{ name: name.slice(0, 31), columns, rows }])
  written.catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))))
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': types[format],
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.${format}`)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

/** A column of a small table: of numbers where it has decimals. */
export interface FileColumn {
  readonly title: string
  readonly decimals?: number
}

/** The columns of a small table as a workbook takes them. */
export const sheetColumns = (columns: readonly FileColumn[]): XlsxColumn[] =>
  columns.map(({ title, decimals }) =>
    decimals === undefined ? { title, kind: 'text' } : { title, kind: 'number', decimals },
  )
