import { type CivilDate, parseCivilDate } from '../kernel/calendar.ts'
import { type Money, parseMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { examineFile, type GivenFile } from '../platform/files.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { readDateCell, readDecimalCell, readIdentifierCell } from '../platform/tables/cell-values.ts'
import { type ColumnMapping, findHeader, type HeaderNames, rowRole, settleColumns } from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import { cellAt, kindAt, type TableFormat, type TableRow } from '../platform/tables/table-file.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { treasuryReason } from './treasury.reasons.ts'
import type { TreasuryRow } from './treasury-row.ts'

/** Columns of a file of the treasury or of the bank of the special account, as they are called in practice. */
export const treasuryColumnNames = {
  receivedOn: ['入账日期', '到账日期', '入库日期', '收款日期', '交易日期', '记账日期', '日期'],
  amount: ['入账金额', '到账金额', '入库金额', '贷方金额', '贷方发生额', '收入金额', '交易金额', '金额'],
  reference: [
    '交易流水号',
    '流水号',
    '银行流水号',
    '国库流水号',
    '国库凭证号',
    '凭证号',
    '凭证号码',
    '缴款书号',
    '缴款书号码',
    '回单编号',
    '业务编号',
  ],
  payer: ['付款人', '付款人名称', '付款人全称', '对方户名', '缴款单位', '缴款人'],
  remark: ['摘要', '用途', '备注', '附言'],
} as const satisfies HeaderNames<string>
export type TreasuryField = keyof typeof treasuryColumnNames

export interface TreasuryFile {
  readonly given: GivenFile
  readonly rows: readonly TreasuryRow[]
  /** Of the last 合计 row, in yuan. */
  readonly total: Money | undefined
  readonly format: { readonly format: TableFormat; readonly headerRow: number; readonly titles: readonly string[] }
  readonly mapping: Readonly<Record<string, string>>
}

// A quarter of one special account has some hundred rows.
const rowsAtMost = 20_000

/**
 * Reads a file of receipts (CSV, XLSX or XLS). Refuses what the table readers refuse, a file without columns of date and
 * amount, one without rows, and more than 20,000 of them.
 */
export async function readTreasuryFile(path: string): Promise<TreasuryFile | Refusal> {
  const given = await examineFile(path)
  if (isRefusal(given)) return given
  const table = await openTable(given)
  if (isRefusal(table)) return table
  try {
    const all: TableRow[] = []
    for await (const block of table.blocks()) {
      if (isRefusal(block)) return block
      all.push(...block.rows)
      if (all.length > rowsAtMost)
        return refuseRemittance('treasury_file_too_long', { file: given.name, limit: rowsAtMost })
    }
    const header = findHeader<TreasuryField>(given.name, all, treasuryColumnNames)
    if (isRefusal(header)) return header
    const columns = settleColumns(header, treasuryColumnNames, { required: ['receivedOn', 'amount'] })
    if (isRefusal(columns)) return columns
    const rows: TreasuryRow[] = []
    let total: Money | undefined
    for (const row of all) {
      const role = rowRole(header, row)
      if (isRefusal(role)) return role
      const read = readRow(row, columns, header.texts, table.dateSystem)
      if (role === 'total') total = read.amount ?? total
      if (role === 'entry') rows.push(read)
    }
    if (rows.length === 0) return refuseRemittance('treasury_file_empty', { file: given.name, row: header.rowNumber })
    const fields = Object.entries(columns) as [TreasuryField, number][]
    return {
      given,
      rows,
      total,
      format: { format: table.format, headerRow: header.rowNumber, titles: header.texts },
      mapping: Object.fromEntries(fields.map(([field, column]) => [field, header.texts[column] ?? ''])),
    }
  } finally {
    await table.close()
  }
}

function readRow(
  row: TableRow,
  columns: ColumnMapping<TreasuryField>,
  titles: readonly string[],
  dateSystem: Parameters<typeof readDateCell>[2],
): TreasuryRow {
  const faults: RowReason[] = []
  const cellOf = (field: TreasuryField) => {
    const column = columns[field] ?? -1
    return { text: cellAt(row, column), kind: kindAt(row, column), title: titles[column] ?? '' }
  }
  const fault = (field: TreasuryField, reason: string) => {
    const { text, title } = cellOf(field)
    const parameters = { row: row.rowNumber, cell: reason }
    faults.push(treasuryReason('treasury_cell_unreadable', parameters, { column: title, value: text }))
  }
  const read = <T>(field: TreasuryField, reading: { value: T } | { reason: string }): T | undefined => {
    if ('value' in reading) return reading.value
    if (reading.reason !== 'empty') fault(field, reading.reason)
    return undefined
  }
  const date = cellOf('receivedOn')
  // A time of day after the date says nothing more about the day.
  const [day = date.text] = /^\d{4}-\d{2}-\d{2}(?=[ T]\d)/.exec(date.text) ?? []
  const receivedOn = read(
    'receivedOn',
    day === date.text ? readDateCell(date.text, date.kind, dateSystem) : dayReading(day),
  )
  const amount = cellOf('amount')
  const plain = read('amount', readDecimalCell(amount.text, amount.kind, { negative: true }))
  const value = plain === undefined ? undefined : parseMoney(plain)
  if (plain !== undefined && value === undefined) fault('amount', 'not_a_number')
  const reference = cellOf('reference')
  return {
    rowNo: row.rowNumber,
    cells: row.cells,
    receivedOn,
    amount: value,
    reference: read('reference', readIdentifierCell(reference.text, reference.kind)) ?? '',
    payer: normaliseCell(cellOf('payer').text),
    remark: normaliseCell(cellOf('remark').text),
    faults,
  }
}

function dayReading(day: string): { value: CivilDate } | { reason: string } {
  const date = parseCivilDate(day)
  return date === undefined ? { reason: 'not_a_date' } : { value: date }
}
