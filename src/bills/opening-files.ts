import { accountTerms, supplyAccounts } from '../dischargers/account.queries.ts'
import type { SupplyAccount } from '../dischargers/account.ts'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { type CivilDate, civilDate, type FeeMonth, feeMonth, monthInterval } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, DischargerId, RateScheduleId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { type Money, parseMoney, zeroMoney } from '../kernel/money.ts'
import { fillSentence, isRefusal, type Refusal } from '../kernel/refusal.ts'
import { parseVolume, type Volume } from '../kernel/volume.ts'
import type { CommandContext } from '../platform/command.ts'
import {
  type CellReason,
  cellReasons,
  readDateCell,
  readDecimalCell,
  readIdentifierCell,
  readMonthCell,
} from '../platform/tables/cell-values.ts'
import { type ColumnMapping, findHeader, type HeaderNames, rowRole, settleColumns } from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import { cellAt, kindAt, type TableRow, type TableSource } from '../platform/tables/table-file.ts'
import { ratesTouching } from '../tariffs/rate-schedule.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import type { OpeningCredit, OpeningHeld } from './opening-money.ts'

export interface OpeningReading {
  readonly account: SupplyAccount
  readonly installationId: SupplyAccount['installations'][number]['installationId']
  readonly readOn: CivilDate
  readonly reading: Volume
}
export interface OpeningUse {
  readonly accountId: AccountId
  readonly month: FeeMonth
  readonly volumeM3: Volume
  readonly estimated: boolean
}
export interface OpeningBill {
  readonly year: number
  readonly number: number
  readonly accountId: AccountId
  readonly dischargerId: DischargerId
  readonly month: FeeMonth
  readonly volumeM3: Volume
  readonly amount: Money
  readonly dueOn: CivilDate
  readonly categoryCode: string
  readonly scheduleId: RateScheduleId
  readonly source: string
}

interface InBothLanguages {
  readonly zh: string
  readonly en: string
}

const readingNames = {
  account: ['户号'],
  meter: ['表号'],
  readOn: ['抄表日期'],
  reading: ['读数'],
} as const satisfies HeaderNames<string>
const useNames = {
  account: ['户号'],
  month: ['月份'],
  volume: ['用水量'],
  estimated: ['估算'],
} as const satisfies HeaderNames<string>
const billNames = {
  year: ['账单年份'],
  number: ['账单号'],
  account: ['户号'],
  month: ['月份'],
  volume: ['水量'],
  amount: ['金额'],
  dueOn: ['到期日'],
  category: ['价格类别'],
} as const satisfies HeaderNames<string>

const creditNames = {
  account: ['户号'],
  reference: ['流水号'],
  paidOn: ['缴款日期'],
  amount: ['金额'],
  remitted: ['已划缴'],
} as const satisfies HeaderNames<string>
const heldNames = {
  paidOn: ['缴款日期'],
  month: ['月份'],
  amount: ['金额'],
} as const satisfies HeaderNames<string>

/** Columns that an opening file may do without. */
const mayLack = new Set(['reference'])

/** Titles of the files that opening facts are taken from, for the blank forms. */
export const openingTemplates = {
  readings: readingNames,
  uses: useNames,
  bills: billNames,
  credits: creditNames,
  held: heldNames,
}

/** Reads the opening files of one collector; the first wrong row ends it with its place and remedy. */
export class OpeningReader {
  private readonly context: CommandContext
  private readonly collectorId: CollectorId
  constructor(context: CommandContext, collectorId: CollectorId) {
    this.context = context
    this.collectorId = collectorId
  }

  async readings(path: string): Promise<OpeningReading[] | Refusal> {
    return this.read(path, readingNames, async (rows, columns, file, table) => {
      const accounts = await this.accounts(rows, columns.account)
      return eachRow(rows, (row) => {
        const cells = new Cells(file, row, columns, readingNames, table)
        const account = accounts.get(cells.identifier('account'))
        const meterNo = cells.identifier('meter')
        const readOn = cells.date('readOn')
        const reading = cells.volume('reading')
        const installation = account?.installations.find((each) => each.meterNo === meterNo)
        if (account === undefined) cells.blame('account', rowFaults.account_missing)
        else if (installation === undefined) cells.blame('meter', rowFaults.meter_missing)
        if (cells.fault !== undefined || account === undefined || installation === undefined) return cells.refusal()
        return { account, installationId: installation.installationId, readOn, reading }
      })
    })
  }

  async uses(path: string): Promise<OpeningUse[] | Refusal> {
    return this.read(path, useNames, async (rows, columns, file, table) => {
      const accounts = await this.accounts(rows, columns.account)
      return eachRow(rows, (row) => {
        const cells = new Cells(file, row, columns, useNames, table)
        const account = accounts.get(cells.identifier('account'))
        const month = cells.month('month')
        const volumeM3 = cells.volume('volume')
        const estimated = cells.yes('estimated')
        if (account === undefined) cells.blame('account', rowFaults.account_missing)
        if (cells.fault !== undefined || account === undefined) return cells.refusal()
        return { accountId: account.accountId, month, volumeM3, estimated }
      })
    })
  }

  async bills(path: string): Promise<OpeningBill[] | Refusal> {
    const categories = await listPriceCategories(this.context.trx)
    return this.read(path, billNames, async (rows, columns, file, table) => {
      const accounts = await this.accounts(rows, columns.account)
      const months = new Set(
        rows.flatMap((row) => (columns.month === undefined ? [] : monthsIn(cellAt(row, columns.month)))),
      )
      const rates = new Map(
        await Promise.all(
          [...months].map(
            async (month) => [month, await ratesTouching(this.context.trx, monthInterval(month))] as const,
          ),
        ),
      )
      const holders = await holdersOf(
        this.context,
        [...accounts.values()].map((each) => each.accountId),
      )
      return eachRow(rows, (row) => {
        const cells = new Cells(file, row, columns, billNames, table)
        const account = accounts.get(cells.identifier('account'))
        const month = cells.month('month')
        const named = cells.text('category')
        const category = categories.find((each) => each.code === named || each.nameZh === named)
        const rate = rates.get(month)?.find((each) => each.categoryCode === category?.code)
        const year = cells.whole('year')
        const number = cells.whole('number')
        const bill = { volumeM3: cells.volume('volume'), amount: cells.money('amount'), dueOn: cells.date('dueOn') }
        if (account === undefined) cells.blame('account', rowFaults.account_missing)
        else if (category === undefined) cells.blame('category', rowFaults.category_missing)
        else if (rate === undefined) cells.blame('month', rowFaults.rate_missing)
        const dischargerId =
          account === undefined
            ? undefined
            : holders
                .get(`${account.accountId}`)
                ?.find(
                  (holder) => holder.from <= `${month}-31` && (holder.until === null || holder.until > `${month}-01`),
                )?.dischargerId
        if (dischargerId === undefined) cells.blame('account', rowFaults.holder_missing)
        if (
          cells.fault !== undefined ||
          account === undefined ||
          category === undefined ||
          rate === undefined ||
          dischargerId === undefined
        )
          return cells.refusal()
        return {
          ...bill,
          year,
          number,
          accountId: account.accountId,
          dischargerId,
          month,
          categoryCode: category.code,
          scheduleId: rate.scheduleId,
          source: `${file} #${row.rowNumber}`,
        }
      })
    })
  }

  /** Unused payments, each of whoever held the account on the day it was paid. */
  async credits(path: string): Promise<OpeningCredit[] | Refusal> {
    return this.read(path, creditNames, async (rows, columns, file, table) => {
      const accounts = await this.accounts(rows, columns.account)
      const holders = await holdersOf(
        this.context,
        [...accounts.values()].map((each) => each.accountId),
      )
      return eachRow(rows, (row) => {
        const cells = new Cells(file, row, columns, creditNames, table)
        const account = accounts.get(cells.identifier('account'))
        const paidOn = cells.date('paidOn')
        const amount = cells.money('amount')
        const remitted = cells.yes('remitted')
        const stated = cells.text('reference') === '' ? '' : cells.identifier('reference')
        const dischargerId = holders
          .get(`${account?.accountId}`)
          ?.find((holder) => holder.from <= paidOn && (holder.until === null || holder.until > paidOn))?.dischargerId
        if (account === undefined) cells.blame('account', rowFaults.account_missing)
        if (paidOn > this.context.today) cells.blame('paidOn', rowFaults.paid_in_future)
        if (!amount.gt(zeroMoney)) cells.blame('amount', rowFaults.not_above_zero)
        if (account !== undefined && dischargerId === undefined) cells.blame('account', rowFaults.payer_missing)
        if (cells.fault !== undefined || account === undefined || dischargerId === undefined) return cells.refusal()
        const { accountId, accountNo } = account
        const reference = stated === '' ? `启用 ${accountNo}` : stated
        const source = `${file} #${row.rowNumber}`
        return { accountId, accountNo, dischargerId, reference, paidOn, amount, remitted, source }
      })
    })
  }

  /** Money of settled fees that the collector had not yet handed over, by day of payment and month of use. */
  async held(path: string): Promise<OpeningHeld[] | Refusal> {
    return this.read(path, heldNames, async (rows, columns, file, table) =>
      eachRow(rows, (row) => {
        const cells = new Cells(file, row, columns, heldNames, table)
        const paidOn = cells.date('paidOn')
        const month = cells.month('month')
        const amount = cells.money('amount')
        if (paidOn > this.context.today) cells.blame('paidOn', rowFaults.paid_in_future)
        if (!amount.gt(zeroMoney)) cells.blame('amount', rowFaults.not_above_zero)
        return cells.fault === undefined ? { paidOn, month, amount } : cells.refusal()
      }),
    )
  }

  private async accounts(rows: readonly TableRow[], column: number | undefined) {
    const numbers = column === undefined ? [] : rows.map((row) => cellAt(row, column).trim())
    // Accounts and meters that were there at any time in the last years: old bills may be of closed accounts.
    return supplyAccounts(this.context.trx, this.collectorId, [...new Set(numbers)], {
      from: civilDate('1990-01-01'),
      until: civilDate('2199-12-31'),
    })
  }

  private async read<Field extends string, Row>(
    path: string,
    names: HeaderNames<Field>,
    understand: (
      rows: readonly TableRow[],
      columns: ColumnMapping<Field>,
      file: string,
      table: TableSource,
    ) => Promise<Row[] | Refusal>,
  ): Promise<Row[] | Refusal> {
    const table = await openTable({ path, name: path.split(/[\\/]/).at(-1) ?? path })
    if (isRefusal(table)) return table
    try {
      const all: Row[] = []
      let columns: ColumnMapping<Field> | undefined
      let header: ReturnType<typeof findHeader<Field>> | undefined
      for await (const block of table.blocks()) {
        if (isRefusal(block)) return block
        if (header === undefined) {
          header = findHeader(table.name, block.rows, names)
          if (isRefusal(header)) return header
          const required = (Object.keys(names) as Field[]).filter((field) => !mayLack.has(field))
          const settled = settleColumns(header, names, { required })
          if (isRefusal(settled)) return settled
          columns = settled
        }
        if (columns === undefined || isRefusal(header)) continue
        const entries: TableRow[] = []
        for (const row of block.rows) {
          const role = rowRole(header, row)
          if (isRefusal(role)) return role
          if (role === 'entry') entries.push(row)
        }
        const rows = await understand(entries, columns, table.name, table)
        if (isRefusal(rows)) return rows
        for (const row of rows) all.push(row)
      }
      return all
    } finally {
      await table.close()
    }
  }
}

function monthsIn(text: string): FeeMonth[] {
  const month = readMonthCell(text)
  return 'value' in month ? [month.value] : []
}

function eachRow<Row>(rows: readonly TableRow[], understand: (row: TableRow) => Row | Refusal): Row[] | Refusal {
  const understood: Row[] = []
  for (const row of rows) {
    const each = understand(row)
    if (isRefusal(each)) return each
    understood.push(each)
  }
  return understood
}

const rowFaults = {
  account_missing: {
    zh: '第 {row} 行“{column}”的“{value}”不是该代征单位的户号。请核对，或先登记该户。',
    en: 'Row {row}, "{column}": "{value}" is no account of this collector. Check it, or register the account first.',
  },
  meter_missing: {
    zh: '第 {row} 行“{column}”的“{value}”不是该户的水表。请核对，或先登记装表。',
    en: 'Row {row}, "{column}": the account has no meter "{value}". Check it, or register the meter first.',
  },
  category_missing: {
    zh: '第 {row} 行“{column}”的“{value}”不是已登记的价格类别。请核对。',
    en: 'Row {row}, "{column}": "{value}" is no registered price category. Check it.',
  },
  rate_missing: {
    zh: '第 {row} 行“{column}”：该类别在 {value} 没有生效的收费标准。请核对，或先录入收费标准。',
    en: 'Row {row}, "{column}": the category has no rate in force in {value}. Check it, or enter the rate schedule first.',
  },
  holder_missing: {
    zh: '第 {row} 行“{column}”的“{value}”在该月没有缴费人。请核对户号和月份。',
    en: 'Row {row}, "{column}": nobody held the account "{value}" in that month. Check the account and the month.',
  },
  payer_missing: {
    zh: '第 {row} 行“{column}”的“{value}”在缴款那天没有缴费人。请核对户号和缴款日期。',
    en: 'Row {row}, "{column}": nobody held the account "{value}" on the day of payment. Check the account and the day.',
  },
  paid_in_future: {
    zh: '第 {row} 行“{column}”的“{value}”在今天之后。请核对日期。',
    en: 'Row {row}, "{column}": "{value}" lies after today. Check the date.',
  },
  not_above_zero: {
    zh: '第 {row} 行“{column}”的“{value}”须大于 0。没有余额的户不用列出。',
    en: 'Row {row}, "{column}": "{value}" must be above 0. Leave out what has no balance.',
  },
  not_yes_or_no: {
    zh: '第 {row} 行“{column}”的“{value}”须为“是”或“否”。',
    en: 'Row {row}, "{column}": "{value}" must be 是 (yes) or 否 (no).',
  },
  not_whole: {
    zh: '第 {row} 行“{column}”的“{value}”须为整数，最多 8 位。',
    en: 'Row {row}, "{column}": "{value}" must be a whole number of at most 8 digits.',
  },
  too_fine_volume: {
    zh: '第 {row} 行“{column}”的“{value}”不能作水量：最多 3 位小数。',
    en: 'Row {row}, "{column}": "{value}" is no volume: at most 3 decimals.',
  },
  too_fine_money: {
    zh: '第 {row} 行“{column}”的“{value}”不能作金额：最多 2 位小数。',
    en: 'Row {row}, "{column}": "{value}" is no amount: at most 2 decimals.',
  },
} as const satisfies Readonly<Record<string, InBothLanguages>>

/** The cells of one row; the first that cannot be read is remembered with its column and what to do. */
class Cells<Field extends string> {
  fault: { readonly field: Field; readonly said: InBothLanguages } | undefined
  private readonly file: string
  private readonly row: TableRow
  private readonly columns: ColumnMapping<Field>
  private readonly names: HeaderNames<Field>
  private readonly table: TableSource
  constructor(
    file: string,
    row: TableRow,
    columns: ColumnMapping<Field>,
    names: HeaderNames<Field>,
    table: TableSource,
  ) {
    this.file = file
    this.row = row
    this.columns = columns
    this.names = names
    this.table = table
  }
  text(field: Field): string {
    const column = this.columns[field]
    return column === undefined ? '' : cellAt(this.row, column).trim()
  }
  blame(field: Field, said: InBothLanguages): void {
    this.fault ??= { field, said }
  }
  identifier(field: Field): string {
    return this.take(field, (text, kind) => readIdentifierCell(text, kind), '')
  }
  date(field: Field): CivilDate {
    return this.take(field, (text, kind) => readDateCell(text, kind, this.table.dateSystem), civilDate('2000-01-01'))
  }
  month(field: Field): FeeMonth {
    return this.take(field, (text, kind) => readMonthCell(text, kind, this.table.dateSystem), feeMonth('2000-01'))
  }
  whole(field: Field): number {
    const text = this.take(field, (each, kind) => readDecimalCell(each, kind), '0')
    if (!/^\d{1,8}$/.test(text)) this.blame(field, rowFaults.not_whole)
    return Number.parseInt(text, 10)
  }
  volume(field: Field): Volume {
    const value = parseVolume(this.take(field, (text, kind) => readDecimalCell(text, kind), '0'))
    if (value === undefined) this.blame(field, rowFaults.too_fine_volume)
    return value ?? (parseVolume('0') as Volume)
  }
  money(field: Field): Money {
    const value = parseMoney(this.take(field, (text, kind) => readDecimalCell(text, kind), '0'))
    if (value === undefined) this.blame(field, rowFaults.too_fine_money)
    return value ?? (parseMoney('0.00') as Money)
  }
  /** 是 or 否; an empty cell is 否. */
  yes(field: Field): boolean {
    const text = this.text(field).toLowerCase()
    const said = ['是', 'yes', '1', 'true'].includes(text)
    if (!said && !['', '否', 'no', '0', 'false'].includes(text)) this.blame(field, rowFaults.not_yes_or_no)
    return said
  }
  refusal(): Refusal {
    const { field, said } = present(this.fault, 'a fault of this row')
    const place = { row: this.row.rowNumber, column: this.names[field][0] ?? field, value: this.text(field) }
    return refuseBill('opening_row_faulty', {
      file: this.file,
      faultZh: fillSentence(said.zh, place),
      faultEn: fillSentence(said.en, place),
    })
  }
  private take<T>(
    field: Field,
    read: (text: string, kind: ReturnType<typeof kindAt>) => { readonly value: T } | { readonly reason: CellReason },
    otherwise: T,
  ): T {
    const column = this.columns[field]
    const result = column === undefined ? undefined : read(cellAt(this.row, column), kindAt(this.row, column))
    if (result !== undefined && 'value' in result) return result.value
    if (result !== undefined) this.blame(field, cellReasons[result.reason])
    return otherwise
  }
}

async function holdersOf(context: CommandContext, accountIds: readonly AccountId[]) {
  const terms = await accountTerms(context.trx, accountIds, {
    from: civilDate('1990-01-01'),
    until: civilDate('2199-12-31'),
  })
  return new Map(
    [...terms].map(([accountId, each]) => [
      String(accountId),
      each.holders.map(({ dischargerId, validity }) => ({ dischargerId, ...validity })),
    ]),
  )
}

/** Opening bills are issued once per year of their numbers, so that each number stays in its year. */
