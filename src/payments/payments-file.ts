import { findCollector } from '../dischargers/account.queries.ts'
import type { Collector } from '../dischargers/discharger.ts'
import { addMoney, type Money, parseMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import type { GivenFile } from '../platform/files.ts'
import { headerOfImport, rememberedMapping } from '../platform/imports.ts'
import { readDecimalCell } from '../platform/tables/cell-values.ts'
import type { FoundHeader } from '../platform/tables/header.ts'
import { columnsText, openImportedFile, rowsAtTheTop, titlesOf } from '../platform/tables/imported-file.ts'
import { cellAt, kindAt, type TableRow, type TableSource, type TextEncoding } from '../platform/tables/table-file.ts'
import { settleMapping } from '../readings/column-mapping.ts'
import { roleOf, statedCount } from '../readings/readings-file.ts'
import { RowsByAccount } from '../readings/rows-by-account.ts'
import { refusePayment } from './payment.refusals.ts'
import {
  type PaymentColumns,
  type PaymentField,
  type PaymentRowReader,
  type PaymentTexts,
  paymentColumnNames,
  paymentFields,
  paymentRowReader,
  referenceOf,
} from './payment-columns.ts'
import type { StatedTotal } from './total-lines.rules.ts'

/** The collection file of a water company, and what a person says about it. */
export interface PaymentFileChoice {
  readonly collectorCode: string
  readonly path: string
  /** Corrections of the recognised columns: field (`户号` or `account`) → column title, its letters, or `-` for none. */
  readonly mapping?: Readonly<Record<string, string>> | undefined
  readonly encoding?: TextEncoding | undefined
  readonly sheet?: string | undefined
  readonly headerRow?: number | undefined
}

/** A file that was read once to its end: it can be read, its columns are settled, and what takes the whole of it is known. */
export interface PaymentsFile {
  readonly collector: Collector
  readonly given: GivenFile
  readonly table: TableSource
  readonly header: FoundHeader<PaymentField>
  readonly reader: PaymentRowReader
  /** Field → title of its column. */
  readonly mapping: PaymentTexts
  readonly corrected: boolean
  readonly rowCount: number
  /** For each row whose reference and sign stand several times in the file: all of them. */
  readonly alike: ReadonlyMap<number, readonly number[]>
  /** What makes the import the same import: collector, content, mapping. */
  readonly identity: readonly string[]
  close(): Promise<void>
}

/**
 * Opens the file, settles its columns (as corrected now, else as remembered for this collector and header, else as
 * recognised) and reads it once to the end: what cannot be read is refused before anything is written. The caller closes
 * it. Refuses an unknown collector, a file that is no table, ambiguous or missing columns.
 */
export async function examinePaymentsFile(
  services: Services,
  choice: PaymentFileChoice,
): Promise<PaymentsFile | Refusal> {
  const collector = await findCollector(services.db, choice.collectorCode)
  if (collector === undefined) return refusePayment('payment_collector_unknown', { collector: choice.collectorCode })
  const opened = await openImportedFile(choice)
  if (isRefusal(opened)) return opened
  const { given, table } = opened
  const examined = await examineTable(services, choice, collector, given, table)
  if (isRefusal(examined)) await table.close()
  return examined
}

async function examineTable(
  services: Services,
  choice: PaymentFileChoice,
  collector: Collector,
  given: GivenFile,
  table: TableSource,
): Promise<PaymentsFile | Refusal> {
  const firstRows = await rowsAtTheTop(table)
  if (isRefusal(firstRows)) return firstRows
  const { headerRow, mapping: corrections = {} } = choice
  const header = await headerOfImport(
    services.db,
    { kind: 'payments', scope: collector.code },
    { name: given.name, rows: firstRows, headerRow },
    paymentColumnNames,
  )
  if (isRefusal(header)) return header
  const memory = await rememberedMapping(services.db, 'payments', collector.code, header.headerDigest)
  const columns = settleMapping(header, paymentColumnNames, corrections, memory as PaymentColumns | undefined, [
    'account',
    'paidOn',
  ])
  if (isRefusal(columns)) return columns
  if (columns.amount === undefined && columns.combined === undefined) {
    return refusePayment('payment_columns_insufficient', {
      file: given.name,
      row: header.rowNumber,
      missing: paymentColumnNames.amount[0],
      unrecognised: header.unrecognised.map(({ text }) => text).join('、') || '—',
    })
  }
  const reader = paymentRowReader(columns, header.texts, table.dateSystem)
  const found = await readThrough(services, table, header, reader)
  if (isRefusal(found)) return found
  if (found.rowCount === 0) return refusePayment('payments_file_empty', { file: given.name, row: header.rowNumber })
  return {
    collector,
    given,
    table,
    header,
    reader,
    mapping: titlesOf(columns, header, paymentFields),
    corrected: Object.keys(corrections).length > 0,
    ...found,
    identity: ['payments.import', collector.code, given.digest, columnsOf(columns)],
    close: () => table.close(),
  }
}

/** The columns as a text: equal for the same mapping. */
export function columnsOf(columns: PaymentColumns): string {
  return columnsText(columns, paymentFields)
}

async function readThrough(
  services: Services,
  table: TableSource,
  header: FoundHeader<PaymentField>,
  reader: PaymentRowReader,
): Promise<Pick<PaymentsFile, 'rowCount' | 'alike'> | Refusal> {
  // By reference and sign: the row that takes a payment back bears its reference and is no repeat of it.
  const rows = new RowsByAccount()
  let rowCount = 0
  for await (const block of table.blocks()) {
    if (isRefusal(block)) return block
    for (const row of block.rows) {
      const role = roleOf(header, reader, row)
      if (isRefusal(role)) return role
      if (role !== 'entry') continue
      rowCount += 1
      const { reference, reverses } = referenceOf(row, reader)
      const meterNo = reverses ? 'reversal' : 'payment'
      rows.add(row.rowNumber, { accountNo: reference, meterNo, kind: 'normal', feeMonth: undefined })
    }
    services.progress?.({ what: '检查文件 checking the file', done: block.bytesRead, total: table.bytesTotal })
  }
  return { rowCount, alike: rows.alike() }
}

/** What a total line says, in yuan, of the wastewater fee, or where the file has no such column of the combined amount. */
export function totalOf(row: TableRow, { columns }: PaymentRowReader): StatedTotal {
  const column = columns.amount ?? columns.combined
  const rows = statedCount(row)
  if (column === undefined) return { rows }
  const cell = cellAt(row, column)
  const reading = readDecimalCell(cell, kindAt(row, column), { negative: true })
  const amount = 'value' in reading ? parseMoney(reading.value) : undefined
  const isBlank = 'reason' in reading && reading.reason === 'empty'
  return { amount, rows, unreadable: amount === undefined && !isBlank ? cell : undefined }
}

/** Sums by a key, for tallies of amounts. */
export class MoneySums<Key extends string> {
  readonly #sums = new Map<Key, Money>()
  add(key: Key, amount: Money): void {
    this.#sums.set(key, addMoney([this.of(key), amount]))
  }
  of(key: Key): Money {
    return this.#sums.get(key) ?? zeroMoney
  }
  total(): Money {
    return addMoney(this.#sums.values())
  }
}
