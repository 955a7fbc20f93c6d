import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { examineFile, type GivenFile } from '../platform/files.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { type CellReading, readDateCell, readDecimalCell, readIdentifierCell } from '../platform/tables/cell-values.ts'
import {
  type ColumnMapping,
  type FoundHeader,
  findHeader,
  type HeaderNames,
  rowRole,
  settleColumns,
} from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import {
  type CellKind,
  cellAt,
  type DateSystem,
  kindAt,
  type TableRow,
  type TableSource,
} from '../platform/tables/table-file.ts'
import { refuseQuality } from './quality.refusals.ts'
import { sampleReason } from './sample.reasons.ts'
import type { StatedRow } from './sample-row.rules.ts'

/** What the columns of files of samples are called; the first name is shown and used in templates. */
export const sampleColumnNames = {
  dischargerCode: ['排污者代码', '企业代码', '排污者编号'],
  outletNo: ['排污口', '排污口编号', '采样点位'],
  body: ['监测单位', '检测单位', '监测机构'],
  sampleNo: ['样品编号', '样品号'],
  source: ['来源', '监测类型'],
  certificateNo: ['资质证书号', 'CMA证书号'],
  takenOn: ['采样日期', '监测日期'],
  takenAt: ['采样时间'],
  sampler: ['采样人', '采样人员'],
  dayVolumeM3: ['日排水量', '当日排水量'],
  reportNo: ['报告编号', '监测报告编号'],
  pollutant: ['污染物', '监测项目', '项目'],
  result: ['结果', '监测结果', '浓度', '检测结果'],
  unit: ['单位'],
  detectionLimit: ['检出限'],
  method: ['方法', '分析方法', '监测方法'],
  // Added to the rows that are exported to be corrected; recognised when they come back.
  originImport: ['导入批次'],
  originRow: ['原行号'],
  verdict: ['结论'],
  reason: ['原因'],
  remedy: ['建议'],
} as const satisfies HeaderNames<string>
export type SampleField = keyof typeof sampleColumnNames
export const sampleExportFields = ['originImport', 'originRow', 'verdict', 'reason', 'remedy'] as const

export interface SampleRow extends StatedRow {
  readonly cells: readonly string[]
  /** Where the row was exported from to be corrected. */
  readonly origin: { readonly importId: string; readonly rowNo: number } | undefined
}

/** A file of samples, read whole: laboratories report hundreds of results, not millions. */
export interface SamplesFile {
  readonly given: GivenFile
  readonly header: FoundHeader<SampleField>
  readonly columns: ColumnMapping<SampleField>
  readonly format: { readonly format: string; readonly encoding?: string; readonly sheet?: string }
  readonly rows: readonly SampleRow[]
  readonly identity: readonly string[]
}

export const rowsMaximum = 50_000

/**
 * Opens and reads a file of samples, one row per result. Refuses a file that is no table, a missing or doubtful column,
 * a file without rows and one longer than `rowsMaximum`.
 */
export async function readSamplesFile(path: string): Promise<SamplesFile | Refusal> {
  const given = await examineFile(path)
  if (isRefusal(given)) return given
  const table = await openTable(given)
  if (isRefusal(table)) return table
  try {
    return await readOpened(given, table)
  } finally {
    await table.close()
  }
}

async function readOpened(given: GivenFile, table: TableSource): Promise<SamplesFile | Refusal> {
  const all: TableRow[] = []
  for await (const block of table.blocks()) {
    if (isRefusal(block)) return block
    all.push(...block.rows)
    if (all.length > rowsMaximum + 100)
      return refuseQuality('samples_file_too_long', { file: given.name, limit: rowsMaximum })
  }
  const header = findHeader(given.name, all, sampleColumnNames)
  if (isRefusal(header)) return header
  const required = [
    'dischargerCode',
    'outletNo',
    'body',
    'sampleNo',
    'source',
    'takenOn',
    'sampler',
    'pollutant',
    'result',
    'method',
  ] as const
  const columns = settleColumns(header, sampleColumnNames, { required })
  if (isRefusal(columns)) return columns
  const rows: SampleRow[] = []
  for (const row of all) {
    const role = rowRole(header, row)
    if (isRefusal(role)) return role
    if (role === 'entry') rows.push(readRow(row, columns, header, table.dateSystem))
  }
  if (rows.length === 0) return refuseQuality('samples_file_empty', { file: given.name, row: header.rowNumber })
  const { format, encoding, sheet } = table
  return {
    given,
    header,
    columns,
    format: { format, ...(encoding === undefined ? {} : { encoding }), ...(sheet === undefined ? {} : { sheet }) },
    rows,
    identity: ['quality.import-samples', given.digest],
  }
}

function readRow(
  row: TableRow,
  columns: ColumnMapping<SampleField>,
  header: FoundHeader<SampleField>,
  dateSystem: DateSystem,
): SampleRow {
  const faults: RowReason[] = []
  const text = (field: SampleField): string => {
    const column = columns[field]
    return column === undefined ? '' : normaliseCell(cellAt(row, column))
  }
  const read = <T>(field: SampleField, readCell: (cell: string, kind: CellKind) => CellReading<T>): T | undefined => {
    const column = columns[field]
    const cell = text(field)
    const kind = column === undefined ? 'text' : kindAt(row, column)
    if (cell === '' && kind === 'text') return undefined
    const reading = readCell(cell, kind)
    if ('value' in reading) return reading.value
    const title = header.texts[column ?? -1] ?? sampleColumnNames[field][0]
    faults.push(
      sampleReason(
        'sample_cell_unreadable',
        { row: row.rowNumber, cell: reading.reason },
        { column: title, value: cell },
      ),
    )
    return undefined
  }
  const identifier = (field: SampleField) => read(field, readIdentifierCell) ?? ''
  // A workbook keeps 0.1 as a float: its shown digits are read by the same rule as everywhere, never computed with.
  const decimal = (field: SampleField) => {
    const column = columns[field]
    const isNumber = column !== undefined && kindAt(row, column) === 'number'
    return isNumber ? (read(field, readDecimalCell) ?? '') : text(field)
  }
  const [importId, originRow] = [text('originImport'), text('originRow')]
  const isOrigin = /^\d{1,18}$/.test(importId) && /^\d{1,9}$/.test(originRow)
  return {
    rowNo: row.rowNumber,
    cells: row.cells,
    dischargerCode: identifier('dischargerCode'),
    outletNo: identifier('outletNo'),
    body: text('body'),
    sampleNo: identifier('sampleNo'),
    source: text('source'),
    certificateNo: identifier('certificateNo'),
    takenOn: read('takenOn', (cell, kind) => readDateCell(cell, kind, dateSystem)),
    takenAt: text('takenAt')
      .replace('：', ':')
      .replace(/^(\d):/, '0$1:'),
    sampler: text('sampler'),
    dayVolumeM3: decimal('dayVolumeM3'),
    reportNo: identifier('reportNo'),
    pollutant: text('pollutant'),
    result: decimal('result'),
    unit: text('unit'),
    detectionLimit: decimal('detectionLimit'),
    method: text('method'),
    faults,
    origin: isOrigin ? { importId, rowNo: Number(originRow) } : undefined,
  }
}
