import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { examineFile, type GivenFile, readTextFile } from '../platform/files.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { readDateCell, readIdentifierCell } from '../platform/tables/cell-values.ts'
import { type ColumnMapping, findHeader, type HeaderNames, rowRole, settleColumns } from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import { type CellKind, cellAt, type DateSystem, kindAt, type TableRow } from '../platform/tables/table-file.ts'
import { refuseReceipt } from './receipts.refusals.ts'

/** Columns and elements of a result file. */
export const resultColumnNames = {
  requestNo: ['申请号', 'requestNo'],
  result: ['结果', '状态', 'status'],
  billCode: ['票据代码', 'billCode'],
  billNumber: ['票据号码', '票据号', 'billNumber'],
  checkCode: ['校验码', 'checkCode'],
  paymentCode: ['缴款码', '缴款识别码', 'paymentCode'],
  on: ['日期', '办理日期', 'date'],
  amount: ['金额', 'amount'],
  reason: ['原因', '说明', 'message'],
} as const satisfies HeaderNames<string>
export type ResultField = keyof typeof resultColumnNames
const fields = Object.keys(resultColumnNames) as ResultField[]

export interface ResultRow {
  readonly rowNo: number
  readonly cells: readonly string[]
  readonly texts: Readonly<Record<ResultField, string>>
  /** The day of the answer; `null` where the file names none, `unreadable` where it is no date. */
  readonly on: CivilDate | null | 'unreadable'
  /** Fields that Excel spoiled: an id in exponent form or with lost digits. */
  readonly spoiled: readonly ResultField[]
}

export interface ResultFile {
  readonly given: GivenFile
  readonly rows: readonly ResultRow[]
  readonly format: string
  readonly titles: readonly string[]
}

/** Reads a result file: XML in UTF-8 or GBK as README.md says, or a table (CSV in either, XLSX). Refuses what is neither. */
export async function readResultFile(path: string): Promise<ResultFile | Refusal> {
  const given = await examineFile(path)
  if (isRefusal(given)) return given
  if (/\.xml$/i.test(given.name)) return readXml(path, given)
  return readTable(given)
}

async function readTable(given: GivenFile): Promise<ResultFile | Refusal> {
  const table = await openTable(given)
  if (isRefusal(table)) return table
  try {
    const all: TableRow[] = []
    for await (const block of table.blocks()) {
      if (isRefusal(block)) return block
      all.push(...block.rows)
    }
    const header = findHeader<ResultField>(given.name, all, resultColumnNames)
    if (isRefusal(header)) return header
    const columns = settleColumns(header, resultColumnNames, { required: ['requestNo', 'result'] })
    if (isRefusal(columns)) return columns
    const rows: ResultRow[] = []
    for (const row of all) {
      const role = rowRole(header, row)
      if (isRefusal(role)) return role
      if (role === 'entry') rows.push(rowOf(row, columns, table.dateSystem))
    }
    if (rows.length === 0) return refuseReceipt('receipt_file_empty', { file: given.name })
    return { given, rows, format: table.format, titles: header.texts }
  } finally {
    await table.close()
  }
}

const codes: readonly ResultField[] = ['billCode', 'billNumber', 'checkCode', 'paymentCode']

function rowOf(row: TableRow, columns: ColumnMapping<ResultField>, dateSystem: DateSystem): ResultRow {
  const texts = Object.fromEntries(
    fields.map((field) => [field, normaliseCell(cellAt(row, columns[field] ?? -1))]),
  ) as Record<ResultField, string>
  const spoiled = codes.filter((field) => {
    const column = columns[field]
    if (column === undefined || texts[field] === '') return false
    // A workbook's number has lost its zeros, whatever it shows.
    return kindAt(row, column) === 'number' || 'reason' in readIdentifierCell(cellAt(row, column), kindAt(row, column))
  })
  const on = columns.on ?? -1
  const day = dayOf(cellAt(row, on), kindAt(row, on), dateSystem)
  return { rowNo: row.rowNumber, cells: row.cells, texts, on: day, spoiled }
}

function dayOf(cell: string, kind: CellKind, dateSystem: DateSystem): ResultRow['on'] {
  if (normaliseCell(cell) === '') return null
  const read = readDateCell(cell, kind, dateSystem)
  return 'value' in read ? read.value : 'unreadable'
}

async function readXml(path: string, given: GivenFile): Promise<ResultFile | Refusal> {
  const text = await readTextFile(path)
  if (isRefusal(text)) return text
  const malformed = (whyZh: string, whyEn: string) =>
    refuseReceipt('receipt_file_malformed', { file: given.name, whyZh, whyEn, known: [...elements.keys()].join(', ') })
  const body = text.replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, '').trim()
  if (/<!/.test(body)) return malformed('含有注释或声明', 'it holds comments or declarations')
  const root = /^<receiptResults>([\s\S]*)<\/receiptResults>$/.exec(body)
  if (root === null) return malformed('根元素应为 receiptResults', 'its root is to be receiptResults')
  const rows: ResultRow[] = []
  let rest = (root[1] ?? '').trim()
  while (rest !== '') {
    const result = /^<result>([\s\S]*?)<\/result>\s*/.exec(rest)
    if (result === null)
      return malformed(`第 ${rows.length + 1} 个回执不完整`, `result ${rows.length + 1} is incomplete`)
    const read = readElements(result[1] ?? '')
    if (typeof read === 'string')
      return malformed(
        `第 ${rows.length + 1} 个回执有认不出的内容“${read}”`,
        `result ${rows.length + 1} has contents that are not known: "${read}"`,
      )
    rows.push({
      rowNo: rows.length + 1,
      cells: fields.map((field) => read[field]),
      texts: read,
      on: dayOf(read.on, 'text', 1900),
      spoiled: [],
    })
    rest = rest.slice(result[0].length)
  }
  if (rows.length === 0) return refuseReceipt('receipt_file_empty', { file: given.name })
  return { given, rows, format: 'xml', titles: fields.map((field) => resultColumnNames[field][0]) }
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The elements of a result, by their names. */
const elements = new Map<string, ResultField>(fields.map((field) => [resultColumnNames[field].at(-1) ?? field, field]))

/** Elements with nothing but text in them, each once; where anything else stands, its beginning. */
function readElements(text: string): Record<ResultField, string> | string {
  const found = Object.fromEntries(fields.map((field) => [field, ''])) as Record<ResultField, string>
  let rest = text.trim()
  const seen = new Set<string>()
  while (rest !== '') {
    const [whole, name = '', value = ''] = /^<(\w+)>([^<]*)<\/\1>\s*/.exec(rest) ?? /^<(\w+)\/>\s*/.exec(rest) ?? []
    const field = elements.get(name)
    if (whole === undefined || field === undefined || seen.has(name)) return rest.slice(0, 40)
    if (/&(?!(amp|lt|gt|quot|apos);)/.test(value)) return rest.slice(0, 40)
    seen.add(name)
    found[field] = value.replace(/&(\w+);/g, (_all, entity: string) => entities[entity] ?? '').trim()
    rest = rest.slice(whole.length)
  }
  return found
}
