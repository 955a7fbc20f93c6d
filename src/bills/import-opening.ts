import { sql } from 'kysely'
import { z } from 'zod'
import { findCollector } from '../dischargers/account.queries.ts'
import { postEntry } from '../journal/post-entry.ts'
import { civilDate, type FeeMonth, firstDay, monthInterval, yearOf } from '../kernel/calendar.ts'
import { addMoney, type Money, moneyText, parseMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, parseVolume, volumeText } from '../kernel/volume.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { examineFile, type GivenFile, readTextFile, storeFile } from '../platform/files.ts'
import { storeOpeningReadings, storeOpeningUses } from '../readings/opening-readings.ts'
import { basisNames } from '../volumes/volume-basis.ts'
import type { AfterIssue } from './after-issue.ts'
import { billSequence } from './approve-run.ts'
import { billPostings } from './bill.postings.ts'
import { refuseBill } from './bill.refusals.ts'
import { billTables } from './bill.tables.ts'
import type { Derivation } from './bill.ts'
import { type OpeningBill, OpeningReader, type OpeningReading, type OpeningUse } from './opening-files.ts'
import type { TakeOverMoney } from './opening-money.ts'

/** The files a collector's go-live is made of (decision 23), and the control total that people signed. */
export interface OpeningInput {
  readonly collectorCode: string
  readonly readings: string
  readonly uses: string
  readonly openBills: string
  readonly control: string
  /** What payers had paid and nothing had used; none where the file is left out. */
  readonly credits?: string | undefined
  /** Settled fees that the collector had not yet handed over; none where the file is left out. */
  readonly held?: string | undefined
  /** Numbers used before, by year: the next bill takes the number after. */
  readonly numbersUsed?: string | undefined
}

const moneyField = z.string().refine((text) => parseMoney(text) !== undefined)
const controlShape = z.object({
  readings: z.number().int(),
  uses: z.number().int(),
  usesVolumeM3: z.string().refine((text) => parseVolume(text) !== undefined),
  openBills: z.number().int(),
  openBillsAmount: moneyField,
  credits: z.number().int().default(0),
  creditsAmount: moneyField.default('0.00'),
  held: z.number().int().default(0),
  heldAmount: moneyField.default('0.00'),
})
const numbersShape = z.array(
  z.object({ kind: z.literal('bill'), year: z.number().int(), lastNumber: z.number().int().positive() }),
)

/** The two JSON files as a person fills them in: for the templates, the help and the refusal of anything else. */
export const openingJsonExamples = {
  control: {
    readings: 1555,
    uses: 18638,
    usesVolumeM3: '5364486',
    openBills: 9,
    openBillsAmount: '13842.75',
    credits: 3,
    creditsAmount: '1275.40',
    held: 4,
    heldAmount: '318260.15',
  },
  'numbers-used': [{ kind: 'bill', year: 2026, lastNumber: 7500 }],
} as const

type InBothLanguages = { readonly zh: string; readonly en: string }

const jsonFields: Readonly<Record<string, InBothLanguages>> = {
  readings: { zh: '最后读数条数，整数', en: 'number of last readings, a whole number' },
  uses: { zh: '历史用水条数，整数', en: 'number of uses, a whole number' },
  usesVolumeM3: { zh: '历史用水合计 m³，带引号的数', en: 'total of the uses in m³, a number in quotes' },
  openBills: { zh: '未缴账单张数，整数', en: 'number of open bills, a whole number' },
  openBillsAmount: { zh: '未缴账单合计（元），带引号的数', en: 'total of the open bills in yuan, a number in quotes' },
  credits: { zh: '预收余额笔数，整数', en: 'number of credits, a whole number' },
  creditsAmount: { zh: '预收余额合计（元），带引号的数', en: 'total of the credits in yuan, a number in quotes' },
  held: { zh: '待缴款行数，整数', en: 'number of rows of money held, a whole number' },
  heldAmount: { zh: '待缴款合计（元），带引号的数', en: 'total of the money held in yuan, a number in quotes' },
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
  readonly credits: number
  readonly creditsAmount: string
  readonly held: number
  readonly heldAmount: string
}

/** What makes two opening imports the same command: the collector and the bytes of every file. */
export async function openingIdentity(input: OpeningInput): Promise<readonly string[] | Refusal> {
  const files = await examineOpening(input)
  return isRefusal(files) ? files : ['bills.import-opening', input.collectorCode, ...digestsOf(files)]
}

/**
 * Takes in what a collector's accounts start from: last readings, 12 months of use, open bills with the numbers they
 * have, credits, money held, and the numbers used so far. What is open and what is credit stand side by side as they were
 * signed, until the next issue applies the credit. All or nothing: one wrong row, or a total other than the signed one, refuses the
 * whole; and so does any run that was issued before.
 */
export async function importOpening(
  services: Services,
  envelope: Envelope,
  input: OpeningInput,
  afterIssue: AfterIssue,
  takeOverMoney: TakeOverMoney,
): Promise<CommandAnswer<OpeningAnswer> | Refusal> {
  const kind = { name: 'bills.import-opening', zh: '导入启用数据' } as const
  const files = await examineOpening(input)
  if (isRefusal(files)) return files
  const control = await readJson(input.control, 'control', controlShape)
  if (isRefusal(control)) return control
  const numbers = input.numbersUsed === undefined ? [] : await readJson(input.numbersUsed, 'numbers-used', numbersShape)
  if (isRefusal(numbers)) return numbers
  const plain = { collector: input.collectorCode, files: digestsOf(files) }
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
    const credits = input.credits === undefined ? [] : await reader.credits(input.credits)
    if (isRefusal(credits)) return credits
    const held = input.held === undefined ? [] : await reader.held(input.held)
    if (isRefusal(held)) return held
    const answer: OpeningAnswer = {
      collector: input.collectorCode,
      readings: readings.length,
      uses: uses.length,
      usesVolumeM3: volumeText(addVolumes(uses.map((use) => use.volumeM3))),
      openBills: bills.length,
      openBillsAmount: totalOf(bills),
      credits: credits.length,
      creditsAmount: totalOf(credits),
      held: held.length,
      heldAmount: totalOf(held),
    }
    const difference = differenceFrom(answer, control)
    if (difference !== undefined) return difference
    const known = await storedBefore(context, readings, uses)
    if (known > 0) return refuseBill('opening_twice', { count: known })
    const storeMoney = await takeOverMoney(context, { collector, credits, held })
    if (isRefusal(storeMoney)) return storeMoney

    for (const { file } of files) await storeFile(context.trx, file, context.recordedAt)
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
    await storeMoney()
    await raiseNumbers(context, bills, numbers)
    return answer
  })
}

interface OpeningFile {
  readonly what: string
  readonly file: GivenFile
}

async function examineOpening(input: OpeningInput): Promise<readonly OpeningFile[] | Refusal> {
  const { readings, uses, openBills, control, credits, held, numbersUsed } = input
  const files: OpeningFile[] = []
  for (const [what, path] of Object.entries({ readings, uses, openBills, control, credits, held, numbersUsed })) {
    if (path === undefined) continue
    const file = await examineFile(path)
    if (isRefusal(file)) return file
    files.push({ what, file })
  }
  return files
}

/** Which file is which belongs to the identity: two of them may be left out. */
const digestsOf = (files: readonly OpeningFile[]) => files.map(({ what, file }) => `${what} ${file.digest}`)

const totalOf = (parts: readonly { readonly amount: Money }[]) => moneyText(addMoney(parts.map(({ amount }) => amount)))

function differenceFrom(answer: OpeningAnswer, control: z.output<typeof controlShape>): Refusal | undefined {
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
    [{ zh: '预收余额笔数', en: 'number of credits' }, String(answer.credits), String(control.credits)],
    [
      { zh: '预收余额合计（元）', en: 'total of the credits (yuan)' },
      answer.creditsAmount,
      inMoneyForm(control.creditsAmount),
    ],
    [{ zh: '待缴款行数', en: 'number of rows of money held' }, String(answer.held), String(control.held)],
    [
      { zh: '待缴款合计（元）', en: 'total of the money held (yuan)' },
      answer.heldAmount,
      inMoneyForm(control.heldAmount),
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
