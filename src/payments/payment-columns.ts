import type { Charge } from '../dischargers/discharger.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { type Money, moneyText, parseMoney } from '../kernel/money.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { type CellReading, readDateCell, readDecimalCell, readIdentifierCell } from '../platform/tables/cell-values.ts'
import type { ColumnMapping, HeaderNames } from '../platform/tables/header.ts'
import { type CellKind, cellAt, type DateSystem, kindAt, type TableRow } from '../platform/tables/table-file.ts'
import { type PaymentReasonCode, paymentReason } from './payment.reasons.ts'
import type { PaidFrom, StatedPayment } from './payment.ts'

/** What the columns of payment files are called (domain §6); the first name is the one shown and used in templates. */
export const paymentColumnNames = {
  account: ['户号', '用户编号', '客户编号', '用户号', '资料号'],
  name: ['户名', '用户名', '用户名称', '单位名称'],
  paidOn: ['收款日期', '缴费日期', '交易日期', '到账日期'],
  reference: ['交易流水号', '流水号', '费用ID', '票据号'],
  amount: ['实收污水处理费', '实收污水费', '污水处理费'],
  combined: ['实收合计', '实收金额', '合计金额'],
  method: ['收款方式', '缴费方式'],
  reversal: ['冲正标志'],
  fromAccount: ['付款账号', '付款人账号', '对方账号'],
  fromBank: ['付款开户行', '付款人开户行', '对方开户行'],
  bill: ['账单号'],
  lateFee: ['违约金', '滞纳金'],
  // What is due of charges that a contract's order may put before the wastewater fee.
  waterDue: ['应收水费'],
  garbageDue: ['应收垃圾处理费', '应收垃圾费'],
  waterResourceDue: ['应收水资源税', '应收水资源费'],
  otherDue: ['应收其他', '应收其他费用'],
  // Added to the rows that are exported to be corrected; recognised when they come back.
  originImport: ['导入批次'],
  originRow: ['原行号'],
  verdict: ['结论'],
  reason: ['原因'],
  remedy: ['建议'],
} as const satisfies HeaderNames<string>

export type PaymentField = keyof typeof paymentColumnNames
export type PaymentColumns = ColumnMapping<PaymentField>
export const paymentFields = Object.keys(paymentColumnNames) as PaymentField[]

/** Columns of an export of held rows that are not the company's. */
export const paymentExportFields = [
  'originImport',
  'originRow',
  'verdict',
  'reason',
  'remedy',
] as const satisfies readonly PaymentField[]

/** Fields that a person may correct in a held or rejected row. */
export const correctablePaymentFields: readonly PaymentField[] = [
  'account',
  'paidOn',
  'reference',
  'amount',
  'method',
  'reversal',
  'fromAccount',
  'fromBank',
  'bill',
  'waterDue',
  'garbageDue',
  'waterResourceDue',
  'otherDue',
]

export type PaymentTexts = { readonly [Field in PaymentField]?: string }

/** How cells of one file are read: its columns, what it calls them, its dates. */
export interface PaymentRowReader {
  readonly columns: PaymentColumns
  readonly titles: readonly string[]
  readonly dateSystem: DateSystem
  /** A million rows have but a few dates; each text is read once. */
  readonly readDate: ReadCell<CivilDate>
}

type ReadCell<T> = (text: string, kind: CellKind) => CellReading<T>

const mostRemembered = 1_000

export function paymentRowReader(
  columns: PaymentColumns,
  titles: readonly string[],
  dateSystem: DateSystem,
): PaymentRowReader {
  const dates = new Map<string, CellReading<CivilDate>>()
  const readDate: ReadCell<CivilDate> = (text, kind) => {
    if (kind !== 'text') return readDateCell(text, kind, dateSystem)
    const reading = dates.get(text) ?? readDateCell(text, kind, dateSystem)
    if (dates.size < mostRemembered) dates.set(text, reading)
    return reading
  }
  return { columns, titles, dateSystem, readDate }
}

const flagged = new Set(['是', '冲正', '1', 'Y', 'YES', 'TRUE', '√'])
const unflagged = new Set(['', '否', '正常', '0', 'N', 'NO', 'FALSE', '-', '—'])
const dueFields: readonly (readonly [Charge, PaymentField])[] = [
  ['water', 'waterDue'],
  ['garbage', 'garbageDue'],
  ['water_resource', 'waterResourceDue'],
  ['other', 'otherDue'],
]

/** The title of a field's column in this file. */
const titleOf = ({ columns, titles }: PaymentRowReader, field: PaymentField): string =>
  titles[columns[field] ?? -1] ?? paymentColumnNames[field][0]

/** Reads the cells of one row. What cannot be read becomes a fault that names column and value, never 0 or nothing. */
export function readPaymentRow(row: TableRow, reader: PaymentRowReader): StatedPayment {
  const cells = new CellsOfPayment(row, reader)
  const paidOn = cells.date('paidOn')
  const amount = cells.amount('amount')
  const combined = cells.amount('combined')
  const isFlagged = cells.isFlagged()
  const accountNo = cells.identifier('account') ?? ''
  const reference = cells.identifier('reference') ?? ''
  const { columns } = reader
  return {
    rowNo: row.rowNumber,
    cells: row.cells,
    accountNo,
    paidOn,
    reference,
    amount,
    combined,
    // Where the wastewater fee is stated, nobody asks what else was due.
    dues: amount === undefined && combined !== undefined ? duesOf(cells) : noDues,
    // Left out, so what cannot be read there is no fault of the payment.
    lateFee: columns.lateFee === undefined ? undefined : lateFeeIn(cellAt(row, columns.lateFee)),
    method: cells.text('method'),
    from: fromIn(cells),
    reverses: isFlagged || (amount ?? combined)?.isNegative() === true,
    bills: billsNamedIn(cells.text('bill')),
    faults: cells.faults,
    origin: originOf(cells),
  }
}

const noFaults: readonly RowReason[] = []
const noDues: StatedPayment['dues'] = {}
const noBills: readonly string[] = []
const readSignedCell = (text: string, kind: CellKind) => readDecimalCell(text, kind, { negative: true })

/** The cells of a row by field. */
class CellsOfPayment {
  readonly #row: TableRow
  readonly #reader: PaymentRowReader
  #faults: RowReason[] | undefined

  constructor(row: TableRow, reader: PaymentRowReader) {
    this.#row = row
    this.#reader = reader
  }

  get faults(): readonly RowReason[] {
    return this.#faults ?? noFaults
  }

  /** The text of a cell as people mean it; `undefined` for a blank one or a missing column. */
  text(field: PaymentField): string | undefined {
    const column = this.#reader.columns[field]
    if (column === undefined) return undefined
    const found = normaliseCell(cellAt(this.#row, column))
    return found === '' ? undefined : found
  }

  identifier(field: 'account' | 'reference' | 'fromAccount'): string | undefined {
    return this.#read(field, readIdentifierCell)
  }

  amount(field: PaymentField): Money | undefined {
    const plain = this.#read(field, readSignedCell)
    if (plain === undefined) return undefined
    const value = parseMoney(plain)
    if (value === undefined) this.#fault('payment_amount_too_fine', {}, field, plain)
    return value
  }

  date(field: 'paidOn'): CivilDate | undefined {
    return this.#read(field, this.#reader.readDate)
  }

  isFlagged(): boolean {
    const flag = this.text('reversal') ?? ''
    if (flagged.has(flag.toUpperCase())) return true
    if (!unflagged.has(flag.toUpperCase())) this.#fault('payment_flag_unknown', {}, 'reversal', flag)
    return false
  }

  /** The value of a cell; `undefined` for a blank one, a missing column, and one that cannot be read: then it is a fault. */
  #read<T>(field: PaymentField, readCell: ReadCell<T>): T | undefined {
    const column = this.#reader.columns[field]
    if (column === undefined) return undefined
    const cell = cellAt(this.#row, column)
    const kind = kindAt(this.#row, column)
    if (cell === '' && kind === 'text') return undefined
    const reading = readCell(cell, kind)
    if ('value' in reading) return reading.value
    if (reading.reason === 'empty') return undefined
    const parameters = { row: this.#row.rowNumber, cell: reading.reason }
    this.#fault('payment_cell_unreadable', parameters, field, cell)
    return undefined
  }

  #fault(
    code: PaymentReasonCode,
    parameters: Readonly<Record<string, string | number>>,
    field: PaymentField,
    value: string,
  ): void {
    this.#faults ??= []
    this.#faults.push(paymentReason(code, parameters, { column: titleOf(this.#reader, field), value }))
  }
}

function fromIn(cells: CellsOfPayment): PaidFrom | undefined {
  const account = cells.identifier('fromAccount') ?? ''
  const bank = cells.text('fromBank') ?? ''
  return account === '' && bank === '' ? undefined : { account, bank }
}

function billsNamedIn(text: string | undefined): readonly string[] {
  if (text === undefined) return noBills
  return text.split(/[,，、;；\s]+/).filter((number) => number !== '')
}

function originOf(cells: CellsOfPayment): StatedPayment['origin'] {
  const importId = cells.text('originImport')
  const rowNo = cells.text('originRow')
  if (importId === undefined || rowNo === undefined) return undefined
  return /^\d{1,18}$/.test(importId) && /^\d{1,9}$/.test(rowNo) ? { importId, rowNo: Number(rowNo) } : undefined
}

function duesOf(cells: CellsOfPayment): StatedPayment['dues'] {
  const dues: { [Key in Charge]?: Money } = {}
  for (const [charge, field] of dueFields) {
    const due = cells.amount(field)
    if (due !== undefined) dues[charge] = due
  }
  return dues
}

function lateFeeIn(cell: string): StatedPayment['lateFee'] {
  const reading = readDecimalCell(cell, 'text', { negative: true })
  if ('value' in reading) return parseMoney(reading.value) ?? 'unreadable'
  return reading.reason === 'empty' ? undefined : 'unreadable'
}

/** The reference of a row of which nothing else is read yet, and whether the row takes a payment back. */
export function referenceOf(row: TableRow, reader: PaymentRowReader): { reference: string; reverses: boolean } {
  const cells = new CellsOfPayment(row, reader)
  const amount = cells.text('amount') ?? cells.text('combined')
  return {
    reference: cells.identifier('reference') ?? '',
    reverses: amount?.startsWith('-') === true || cells.isFlagged(),
  }
}

/** The texts of a row by field, values that were read in one form, so that it can be judged again, corrected in some. */
export function textsOfPayment(stated: StatedPayment, columns: PaymentColumns): PaymentTexts {
  const texts: { [Field in PaymentField]?: string } = {}
  for (const field of paymentFields) {
    const column = columns[field]
    if (column === undefined) continue
    const read: { [Field in PaymentField]?: string | undefined } = {
      account: stated.accountNo === '' ? undefined : stated.accountNo,
      paidOn: stated.paidOn,
      reference: stated.reference === '' ? undefined : stated.reference,
      amount: stated.amount === undefined ? undefined : moneyText(stated.amount),
    }
    const text = read[field] ?? stated.cells[column]
    if (text !== undefined && text !== '') texts[field] = text
  }
  return texts
}

const everyColumn = Object.fromEntries(paymentFields.map((field, column) => [field, column])) as Record<
  PaymentField,
  number
>

/** Reads a row from texts by field: a row to be judged again. */
export function readPaymentTexts(texts: PaymentTexts, rowNo: number): StatedPayment {
  const row: TableRow = { rowNumber: rowNo, cells: paymentFields.map((field) => texts[field] ?? '') }
  const titles = paymentFields.map((field) => paymentColumnNames[field][0])
  return readPaymentRow(row, paymentRowReader(everyColumn, titles, 1900))
}
