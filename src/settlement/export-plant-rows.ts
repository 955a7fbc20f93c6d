import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { sayVerdict } from '../platform/row-decisions.ts'
import { formatOfName, type TemplateColumn, writeCsv, writeForm, writeXlsx } from '../platform/tables/write-table.ts'
import { indicatorCodes, indicators } from './indicator.ts'
import { sayPlantReason } from './plant-day.reasons.ts'
import { type PlantDayField, plantDayColumnNames, plantDayExportFields, plantDayFields } from './plant-day-columns.ts'
import { findPlantImport, type PlantImport, type PlantImportRow, plantRowsOf } from './plant-import.queries.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/**
 * Writes held and rejected rows as the file had them, with verdict, reason, remedy and where they come from: corrected
 * in Excel, the file is imported again and takes those rows over. Refuses an unknown import, another format, and an
 * export without rows.
 */
export async function exportPlantRows(
  db: Db,
  input: {
    readonly importId: string
    readonly path: string
    readonly undecided?: boolean
    readonly language?: 'zh' | 'en'
  },
): Promise<{ readonly path: string; readonly rows: number } | Refusal> {
  const { importId, path, undecided, language = 'zh' } = input
  const format = formatOfName(path)
  if (isRefusal(format)) return format
  const found = await findPlantImport(db, importId)
  if (isRefusal(found)) return found
  const rows = await plantRowsOf(db, found.importId, { undecided })
  if (rows.length === 0) return refuseSettlement('plant_rows_none', { importId })
  const exported = new Set(plantDayExportFields.flatMap((field) => found.mapping[field] ?? []))
  const header = [
    ...found.titles.filter((title) => !exported.has(title)),
    ...plantDayExportFields.map((field) => plantDayColumnNames[field][0]),
  ]
  const lines = rows.map((row) => lineOf(found, exported, row, language))
  if (format === 'csv') return { path, rows: await writeCsv(path, header, lines) }
  const columns = header.map((title) => ({ title, kind: 'text' as const }))
  const refused = await writeXlsx(path, [{ name: '待改正', columns, rows: lines }])
  return refused ?? { path, rows: rows.length }
}

function lineOf(
  { importId, titles, mapping }: PlantImport,
  exported: ReadonlySet<string>,
  { rowNo, verdict, cells, stated, reasons, decision }: PlantImportRow,
  language: 'zh' | 'en',
): string[] {
  const fieldOfTitle = new Map(plantDayFields.map((field) => [mapping[field], field]))
  const own = titles.flatMap((title, column) => {
    const field = fieldOfTitle.get(title)
    // As it was read: a date that a workbook kept as 45863 would come back as a text that is no date.
    return exported.has(title) ? [] : [(field === undefined ? undefined : stated[field]) ?? cells[column] ?? '']
  })
  const said = reasons.map((reason) => sayPlantReason(reason, language))
  const joined = (texts: readonly string[]) => [...new Set(texts)].join(language === 'zh' ? '；' : ' ')
  return [
    ...own,
    importId,
    String(rowNo),
    sayVerdict(verdict, decision?.decision, language),
    joined(said.map(({ cause }) => cause)),
    joined(said.map(({ remedy }) => remedy)),
  ]
}

/** Writes the blank form of a plant's daily file, as a workbook or as CSV by its name. */
export async function writePlantDaysTemplate(path: string): Promise<Refusal | undefined> {
  const column = (field: PlantDayField, example: string, note: string): TemplateColumn => ({
    title: plantDayColumnNames[field][0] ?? field,
    kind: field === 'day' ? 'text' : 'number',
    example,
    note,
  })
  const examples: Partial<Record<PlantDayField, string>> = {
    cod: '32.5',
    ammonia: '1.8',
    total_phosphorus: '0.3',
    ph: '7.2',
  }
  return writeForm(
    path,
    [
      column('day', '2026-03-01', '必填。每天一行，停运的日子也要有。'),
      column('treated', '9350.000', '必填。当日实际处理水量（立方米），停运填 0。'),
      column('inflow', '9410.000', '可不填，用于核对。'),
      ...indicatorCodes.map((code) => {
        const { unit } = indicators[code]
        return column(
          code,
          examples[code] ?? '',
          `出水实测值${unit === '' ? '' : `（${unit}）`}；协议要求每日检测的必填。`,
        )
      }),
    ],
    '污水厂日报：每天一行。请勿改动表头；已导入的日期如有更正，重新导入后由城管局核对。',
  )
}
