import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { sayVerdict } from '../platform/row-decisions.ts'
import { formatOfName, writeTexts } from '../platform/tables/write-table.ts'
import { type ImportReport, type ImportRow, importReport, type RowFilter, rowsOf } from './import-report.queries.ts'
import { sayReason } from './reading.reasons.ts'
import { cellGivenBack, exportFields, readingColumnNames, readingFields } from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'

export interface RowExport {
  readonly importId: string
  /** A file name that ends in .xlsx or .csv. */
  readonly path: string
  readonly filter?: Pick<RowFilter, 'verdict' | 'undecided' | 'code'>
  readonly language?: 'zh' | 'en'
}

const rowsPerRead = 5_000

/**
 * Writes held and rejected rows as the file had them, with verdict, reason, remedy, and where they come from: corrected
 * in Excel, the file is imported again and takes those rows over. Refuses an unknown import, another format, and an
 * export without rows. Answers how many rows were written.
 */
export async function exportRows(
  db: Db | Trx,
  input: RowExport,
): Promise<{ readonly path: string; readonly rows: number } | Refusal> {
  const { importId, path, filter = {}, language = 'zh' } = input
  const format = formatOfName(path)
  if (isRefusal(format)) return format
  const report = await importReport(db, importId)
  if (isRefusal(report)) return report
  const first = await rowsOf(db, report.importId, { ...filter, limit: 1 })
  if (first.length === 0) return refuseReading('export_empty', { importId })
  const header = [...ownTitles(report), ...exportFields.map((field) => readingColumnNames[field][0])]
  const lines = exportedLines(db, report, filter, language)
  return writeTexts(path, '待改正', header, lines)
}

/** The header as the file had it, without the columns of an earlier export, which are made anew. */
function ownTitles({ format, mapping }: ImportReport): string[] {
  const exported = new Set(exportFields.flatMap((field) => mapping[field] ?? []))
  return format.titles.filter((title) => !exported.has(title))
}

async function* exportedLines(
  db: Db | Trx,
  report: ImportReport,
  filter: RowFilter,
  language: 'zh' | 'en',
): AsyncGenerator<string[]> {
  const { titles } = report.format
  const exported = new Set(exportFields.flatMap((field) => report.mapping[field] ?? []))
  const fieldOfTitle = new Map(readingFields.map((field) => [report.mapping[field], field]))
  let after = 0
  for (;;) {
    const rows = await rowsOf(db, report.importId, { ...filter, after, limit: rowsPerRead })
    for (const row of rows) {
      const { stated } = row.subject
      const cells = titles.flatMap((title, column) => {
        const field = fieldOfTitle.get(title)
        const cell = row.cells[column] ?? ''
        return exported.has(title) ? [] : [field === undefined ? cell : cellGivenBack(field, cell, stated[field])]
      })
      yield [...cells, ...toldOf(row, language)]
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerRead) return
    after = last.rowNo
  }
}

/** In the order of `exportFields`. */
function toldOf({ importId, rowNo, verdict, reasons, decision }: ImportRow, language: 'zh' | 'en'): string[] {
  const said = reasons.map((reason) => sayReason(reason, language))
  const joined = (texts: readonly string[]) => [...new Set(texts)].join(language === 'zh' ? '；' : ' ')
  return [
    importId,
    String(rowNo),
    sayVerdict(verdict, decision?.decision, language),
    joined(said.map(({ cause }) => cause)),
    joined(said.map(({ remedy }) => remedy)),
  ]
}
