import { sql } from 'kysely'
import { z } from 'zod'
import { accountTerms, findCollector, supplyAccounts } from '../dischargers/account.queries.ts'
import type { SupplyAccount } from '../dischargers/account.ts'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { postEntry } from '../journal/post-entry.ts'
import {
  type CivilDate,
  civilDate,
  type FeeMonth,
  feeMonth,
  firstDay,
  monthInterval,
  yearOf,
} from '../kernel/calendar.ts'
import type { AccountId, DischargerId, RateScheduleId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, type Money, moneyText, parseMoney } from '../kernel/money.ts'
import { fillSentence, isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, parseVolume, type Volume, volumeText } from '../kernel/volume.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { examineFile, type GivenFile, readTextFile, storeFile } from '../platform/files.ts'
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
import { storeOpeningReadings, storeOpeningUses } from '../readings/opening-readings.ts'
import { ratesTouching } from '../tariffs/rate-schedule.queries.ts'
import { basisNames } from '../volumes/volume-basis.ts'
import type { AfterIssue } from './after-issue.ts'
import { billSequence } from './approve-run.ts'
import { billPostings } from './bill.postings.ts'
import { refuseBill } from './bill.refusals.ts'
import { billTables } from './bill.tables.ts'
import type { Derivation } from './bill.ts'

/** The files a collector's go-live is made of (decision 23), and the control total that people signed. */
export interface OpeningInput {
  readonly collectorCode: string
  readonly readings: string
  readonly uses: string
  readonly openBills: string
  readonly control: string
  /** Numbers used before, by year: the next bill takes the number after. */
  readonly numbersUsed?: string | undefined
}

const controlShape = z.object({
  readings: z.number().int(),
  uses: z.number().int(),
  usesVolumeM3: z.string().refine((text) => parseVolume(text) !== undefined),
  openBills: z.number().int(),
  openBillsAmount: z.string().refine((text) => parseMoney(text) !== undefined),
})
const numbersShape = z.array(
  z.object({ kind: z.literal('bill'), year: z.number().int(), lastNumber: z.number().int().positive() }),
)

/** The two JSON files as a person fills them in: for the templates, the help and the refusal of anything else. */
export const openingJsonExamples = {
  control: { readings: 1555, uses: 18638, usesVolumeM3: '5364486', openBills: 9, openBillsAmount: '13842.75' },
  'numbers-used': [{ kind: 'bill', year: 2026, lastNumber: 7500 }],
} as const

type InBothLanguages = { readonly zh: string; readonly en: string }

const jsonFields: Readonly<Record<string, InBothLanguages>> = {
  readings: { zh: '最后读数条数，整数', en: 'number of last readings, a whole number' },
  uses: { zh: '历史用水条数，整数', en: 'number of uses, a whole number' },
  usesVolumeM3: { zh: '历史用水合计 m³，带引号的数', en: 'total of the uses in m³, a number in quotes' },
  openBills: { zh: '未缴账单张数，整数', en: 'number of open bills, a whole number' },
  openBillsAmount: { zh: '未缴账单合计（元），带引号的数', en: 'total of the open bills in yuan, a number in quotes' },
  kind: { zh: '固定写 "bill"', en: 'always "bill"' },
  year: { zh: '编号年份，整数', en: 'the year of the numbers, a whole number' },
  lastNumber: { zh: '该年最后用过的编号，正整数', en: 'the last number used in that year, a whole number above 0' },
}

export interface OpeningAnswer {
  readonly [key: string]: string | number
  readonly collector: string
  readonly readings: number
  readonly uses: number
  readonly usesVolumeM3: string
  readonly openBills: number
  readonly openBillsAmount: string
}

interface OpeningReading {
  readonly account: SupplyAccount
  readonly installationId: SupplyAccount['installations'][number]['installationId']
  readonly readOn: CivilDate
  readonly reading: Volume
}
interface OpeningUse {
  readonly accountId: AccountId
  readonly month: FeeMonth
  readonly volumeM3: Volume
  readonly estimated: boolean
}
interface OpeningBill {
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

/** What makes two opening imports the same command: the collector and the bytes of every file. */
export async function openingIdentity(input: OpeningInput): Promise<readonly string[] | Refusal> {
  const files = await examineOpening(input)
  return isRefusal(files) ? files : ['bills.import-opening', input.collectorCode, ...files.map(({ digest }) => digest)]
}

/**
 * Takes in what a collector's accounts start from: last readings, 12 months of use, open bills with the numbers they
 * have, and the numbers used so far. All or nothing: one wrong row, or a total other than the signed one, refuses the
 * whole; and so does any run that was issued before.
 */
export async function importOpening(
  services: Services,
  envelope: Envelope,
  input: OpeningInput,
  afterIssue: AfterIssue,
): Promise<CommandAnswer<OpeningAnswer> | Refusal> {
  const kind = { name: 'bills.import-opening', zh: '导入启用数据', roles: ['bureau_clerk'] } as const
  const files = await examineOpening(input)
  if (isRefusal(files)) return files
  const control = await readJson(input.control, 'control', controlShape)
  if (isRefusal(control)) return control
  const numbers = input.numbersUsed === undefined ? [] : await readJson(input.numbersUsed, 'numbers-used', numbersShape)
  if (isRefusal(numbers)) return numbers
  const plain = { collector: input.collectorCode, files: files.map((file) => file.digest) }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const collector = await findCollector(context.trx, input.collectorCode)
    if (collector === undefined) return refuseBill('collector_missing', { code: input.collectorCode })
    const issued = await sql<{
      count: number
    }>`select count(*)::int as count from bill_issues where kind <> 'opening'`.execute(context.trx)
    const count = issued.rows[0]?.count ?? 0
    if (count > 0) return refuseBill('opening_after_first_run', { count })
    const reader = new OpeningReader(context, collector.collectorId)
    const readings = await reader.readings(input.readings)
    if (isRefusal(readings)) return readings
    const uses = await reader.uses(input.uses)
    if (isRefusal(uses)) return uses
    const bills = await reader.bills(input.openBills)
    if (isRefusal(bills)) return bills
    const answer: OpeningAnswer = {
      collector: input.collectorCode,
      readings: readings.length,
      uses: uses.length,
      usesVolumeM3: volumeText(addVolumes(uses.map((use) => use.volumeM3))),
      openBills: bills.length,
      openBillsAmount: moneyText(addMoney(bills.map((bill) => bill.amount))),
    }
    const difference = differenceFrom(answer, control)
    if (difference !== undefined) return difference
    const known = await storedBefore(context, readings, uses)
    if (known > 0) return refuseBill('opening_twice', { count: known })

    for (const file of files) await storeFile(context.trx, file, context.recordedAt)
    await storeOpeningReadings(
      context,
      readings.map(({ installationId, readOn, reading }) => ({ installationId, readOn, reading: volumeText(reading) })),
    )
    await storeOpeningUses(
      context,
      uses.map(({ accountId, month, volumeM3, estimated }) => ({
        accountId,
        feeMonth: month,
        volumeM3: volumeText(volumeM3),
        estimated,
      })),
    )
    for (const issueId of await storeOpeningBills(context, bills)) await afterIssue(context, { issueId })
    await raiseNumbers(context, bills, numbers)
    return answer
  })
}

async function examineOpening(input: OpeningInput): Promise<readonly GivenFile[] | Refusal> {
  const files: GivenFile[] = []
  for (const path of [
    input.readings,
    input.uses,
    input.openBills,
    input.control,
    ...(input.numbersUsed === undefined ? [] : [input.numbersUsed]),
  ]) {
    const file = await examineFile(path)
    if (isRefusal(file)) return file
    files.push(file)
  }
  return files
}

function differenceFrom(answer: OpeningAnswer, control: z.infer<typeof controlShape>): Refusal | undefined {
  const pairs: [InBothLanguages, string, string][] = [
    [{ zh: '最后读数条数', en: 'number of last readings' }, String(answer.readings), String(control.readings)],
    [{ zh: '历史用水条数', en: 'number of uses' }, String(answer.uses), String(control.uses)],
    [
      { zh: '历史用水合计（m³）', en: 'total of the uses (m³)' },
      answer.usesVolumeM3,
      inVolumeForm(control.usesVolumeM3),
    ],
    [{ zh: '未缴账单张数', en: 'number of open bills' }, String(answer.openBills), String(control.openBills)],
    [
      { zh: '未缴账单合计（元）', en: 'total of the open bills (yuan)' },
      answer.openBillsAmount,
      inMoneyForm(control.openBillsAmount),
    ],
  ]
  const different = pairs.find(([, found, signed]) => found !== signed)
  if (different === undefined) return undefined
  const [item, found, signed] = different
  return refuseBill('opening_total_differs', { itemZh: item.zh, itemEn: item.en, found, signed })
}

const inVolumeForm = (text: string) => {
  const value = parseVolume(text)
  return value === undefined ? text : volumeText(value)
}
const inMoneyForm = (text: string) => {
  const value = parseMoney(text)
  return value === undefined ? text : moneyText(value)
}

async function readJson<T>(
  path: string,
  kind: keyof typeof openingJsonExamples,
  shape: z.ZodType<T>,
): Promise<T | Refusal> {
  const text = await readTextFile(path)
  if (isRefusal(text)) return text
  let json: unknown
  let faults: readonly InBothLanguages[]
  try {
    json = JSON.parse(text)
    const parsed = shape.safeParse(json)
    if (parsed.success) return parsed.data
    faults = parsed.error.issues.map(({ path: place }) => jsonFault(json, place))
  } catch {
    faults = [{ zh: '内容不是 JSON', en: 'the content is not JSON' }]
  }
  return refuseBill('opening_json_faulty', {
    file: path.split(/[\\/]/).at(-1) ?? path,
    faultsZh: faults.map(({ zh }) => zh).join('；'),
    faultsEn: faults.map(({ en }) => en).join('; '),
    shape: JSON.stringify(openingJsonExamples[kind]),
    kind,
  })
}

/** What is wrong at one place of a JSON file; the parser's own words are English only. */
function jsonFault(json: unknown, place: readonly PropertyKey[]): InBothLanguages {
  const found = place.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)[key], json)
  const named = place.map((key) => (typeof key === 'number' ? `[${key + 1}]` : String(key))).join(' ')
  const meaning = jsonFields[String(place.at(-1))]
  if (meaning === undefined) {
    return {
      zh: `${named || '内容'}不是这里要的样子`,
      en: `${named || 'the content'} does not have the shape needed here`,
    }
  }
  if (found === undefined) return { zh: `缺少 ${named}（${meaning.zh}）`, en: `${named} is missing (${meaning.en})` }
  const value = JSON.stringify(found).slice(0, 40)
  return { zh: `${named} 为 ${value}，应为${meaning.zh}`, en: `${named} is ${value}, not ${meaning.en}` }
}

async function storedBefore(
  context: CommandContext,
  readings: readonly OpeningReading[],
  uses: readonly OpeningUse[],
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from opening_readings where installation_id = any(${readings.map((each) => each.installationId)}::bigint[]))::int
      + (select count(*) from opening_uses where account_id = any(${[...new Set(uses.map((use) => use.accountId))]}::bigint[]))::int as count`.execute(
    context.trx,
  )
  return rows[0]?.count ?? 0
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

export const openingTemplates = { readings: readingNames, uses: useNames, bills: billNames }

/** Reads the opening files of one collector; the first wrong row ends it with its place and remedy. */
class OpeningReader {
  private readonly context: CommandContext
  private readonly collectorId: Parameters<typeof supplyAccounts>[1]
  constructor(context: CommandContext, collectorId: Parameters<typeof supplyAccounts>[1]) {
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
        const estimated =
          columns.estimated !== undefined &&
          ['是', 'yes', '1', 'true'].includes(cellAt(row, columns.estimated).trim().toLowerCase())
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
          const settled = settleColumns(header, names, { required: Object.keys(names) as Field[] })
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
async function storeOpeningBills(context: CommandContext, bills: readonly OpeningBill[]): Promise<string[]> {
  const issueIds: string[] = []
  const tables = billTables(context.trx)
  for (const year of [...new Set(bills.map((bill) => bill.year))].sort()) {
    const ofYear = bills.filter((bill) => bill.year === year)
    const byMonth = new Map<FeeMonth, Money>()
    for (const bill of ofYear)
      byMonth.set(
        bill.month,
        addMoney([bill.amount, ...(byMonth.has(bill.month) ? [byMonth.get(bill.month) as Money] : [])]),
      )
    const lines = billPostings(byMonth)
    const issuedOn = year === yearOf(context.today) ? context.today : civilDate(`${year}-12-31`)
    const entryId =
      lines.length === 0
        ? null
        : await postEntry(context, {
            entryOn: context.today,
            memo: `启用：${year} 年未缴账单`,
            documentCount: ofYear.length,
            lines,
          })
    const { id: issueId } = await tables
      .insertInto('bill_issues')
      .values({
        kind: 'opening',
        run_id: null,
        proposal_id: null,
        number_year: year,
        first_number: Math.min(...ofYear.map((bill) => bill.number)),
        bill_count: ofYear.length,
        total_amount: moneyText(addMoney(ofYear.map((bill) => bill.amount))),
        issued_on: issuedOn,
        entry_id: entryId,
        command_id: context.commandId,
        recorded_at: context.recordedAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await sql`
      insert into bills (number_year, number, issue_id, kind, account_id, discharger_id, fee_month, due_on, volume_m3, total_amount)
      select ${year}::int, n, ${issueId}::bigint, 'original', a, d, m, due, v, t from unnest(
        ${ofYear.map((bill) => bill.number)}::int[], ${ofYear.map((bill) => bill.accountId)}::bigint[],
        ${ofYear.map((bill) => bill.dischargerId)}::bigint[], ${ofYear.map((bill) => firstDay(bill.month))}::date[],
        ${ofYear.map((bill) => bill.dueOn)}::date[], ${ofYear.map((bill) => volumeText(bill.volumeM3))}::numeric[],
        ${ofYear.map((bill) => moneyText(bill.amount))}::numeric[]) as opening (n, a, d, m, due, v, t)`.execute(
      context.trx,
    )
    await sql`
      insert into bill_lines (bill_id, line_no, category_code, schedule_id, basis, used_from, used_until, volume_m3, amount, derivation)
      select ${year}::bigint * 100000000 + n, 1, c, s, 'public_meter', f, u, v, t, x from unnest(
        ${ofYear.map((bill) => bill.number)}::int[], ${ofYear.map((bill) => bill.categoryCode)}::text[],
        ${ofYear.map((bill) => bill.scheduleId)}::bigint[], ${ofYear.map((bill) => monthInterval(bill.month).from)}::date[],
        ${ofYear.map((bill) => monthInterval(bill.month).until)}::date[], ${ofYear.map((bill) => volumeText(bill.volumeM3))}::numeric[],
        ${ofYear.map((bill) => moneyText(bill.amount))}::numeric[],
        ${ofYear.map((bill) => JSON.stringify(openingDerivation(bill)))}::jsonb[]) as opening (n, c, s, f, u, v, t, x)`.execute(
      context.trx,
    )
    issueIds.push(issueId)
  }
  return issueIds
}

function openingDerivation(bill: OpeningBill): Derivation {
  return {
    clause: basisNames.public_meter.clause,
    uses: [],
    meteredM3: volumeText(bill.volumeM3),
    monthShare: { days: 1, of: 1 },
    steps: [],
    unrounded: moneyText(bill.amount),
    rounding: 'half-up to 0.01',
    opening: bill.source,
  }
}

/** The next number of a year lies above every number that was used before, also by bills that stay behind. */
async function raiseNumbers(
  context: CommandContext,
  bills: readonly OpeningBill[],
  used: z.infer<typeof numbersShape>,
): Promise<void> {
  const last = new Map<number, number>()
  for (const { year, number } of bills) last.set(year, Math.max(last.get(year) ?? 0, number))
  for (const { year, lastNumber } of used) last.set(year, Math.max(last.get(year) ?? 0, lastNumber))
  for (const [year, number] of last) {
    await sql`
      insert into number_sequences (kind, year, last_number) values (${billSequence}, ${year}, ${number})
      on conflict (kind, year) do update set last_number = excluded.last_number
      where number_sequences.last_number < excluded.last_number`.execute(context.trx)
  }
}
