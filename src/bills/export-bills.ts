import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { plusDays } from '../kernel/calendar.ts'
import { addMoney, type Money, moneyForPeople, moneyText, zeroMoney } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import type { Services } from '../platform/command.ts'
import { writeCsv, writeXlsx, type XlsxColumn } from '../platform/tables/write-table.ts'
import { priceText } from '../tariffs/price-text.ts'
import { listSchedules } from '../tariffs/rate-schedule.queries.ts'
import type { RateSchedule } from '../tariffs/rate-schedule.ts'
import { basisNames } from '../volumes/volume-basis.ts'
import { type BillFilter, linesOf, listBills } from './bill.queries.ts'
import { type Bill, type BillLine, billKindNames } from './bill.ts'
import { billRecord } from './bill-explanation.ts'
import { type BillTerms, termsFrom } from './bill-terms.queries.ts'

type Row = readonly string[]
const column = (title: string, decimals?: number): XlsxColumn =>
  decimals === undefined ? { title, kind: 'text' } : { title, kind: 'number', decimals }

const billColumns: readonly XlsxColumn[] = [
  column('账单号'),
  column('种类'),
  column('代征单位'),
  column('户号'),
  column('户名'),
  column('月份'),
  column('开账日'),
  column('到期日'),
  column('水量', 0),
  column('金额', 2),
  column('更正账单'),
  column('红冲账单'),
  column('单位'),
  column('币种'),
]

function billRow(bill: Bill, { unit, currency }: BillTerms): Row {
  const { number, collector, account, discharger, feeMonth, issuedOn, dueOn, volumeM3, amount, ...links } =
    billRecord(bill)
  const kind = billKindNames[bill.kind].zh
  return [
    ...[number, kind, collector, account, discharger, feeMonth, issuedOn, dueOn, volumeM3, amount],
    ...[links['corrects'], links['cancelledBy'], unit, currency],
  ].map((cell) => cell ?? '')
}

const lineColumns: readonly XlsxColumn[] = [
  column('账单号'),
  column('种类'),
  column('代征单位'),
  column('户号'),
  column('户名'),
  column('月份'),
  column('行'),
  column('价格类别'),
  column('计量依据'),
  column('收费标准'),
  column('批准文件'),
  column('用水起'),
  column('用水止'),
  column('水量', 0),
  column('单位'),
  column('单价', 0),
  column('价格'),
  column('金额', 2),
  column('币种'),
]

type KnownTerms = {
  readonly schedules: ReadonlyMap<string, RateSchedule>
  readonly categories: ReadonlyMap<string, string>
}

function lineRow(bill: Bill, line: BillLine, lineNo: number, { schedules, categories }: KnownTerms): Row {
  const { number, collector, account, discharger, feeMonth } = billRecord(bill)
  const schedule = schedules.get(line.scheduleId)
  const price = schedule?.prices[line.categoryCode]
  return [
    number,
    billKindNames[bill.kind].zh,
    collector,
    account,
    discharger,
    feeMonth,
    String(lineNo),
    categories.get(line.categoryCode) ?? line.categoryCode,
    basisNames[line.basis].zh,
    schedule?.code,
    schedule?.approvalDocument,
    line.used.from,
    plusDays(line.used.until, -1),
    volumeText(line.volumeM3),
    schedule?.unit,
    singlePrice(line),
    schedule === undefined || price === undefined ? undefined : priceText(price, schedule, 'zh'),
    moneyText(line.amount),
    schedule?.currency,
  ].map((cell) => cell ?? '')
}

/** The price of a cubic metre where the whole line has one; bands have several, and the column 价格 tells them. */
function singlePrice({ derivation }: BillLine): string | undefined {
  const steps = derivation.difference?.recomputed.steps ?? derivation.steps
  const prices = steps.flatMap((step) => (step.step === 'flat' || step.step === 'band' ? [step.perM3] : []))
  return new Set(prices).size === 1 ? prices[0] : undefined
}

/**
 * Writes bills to a file as its ending says: CSV with a row a bill (or with `lines` a row a line), or a workbook with both.
 * Answers how many bills there are, and their total by currency.
 */
export async function exportBills(
  services: Services,
  filter: Omit<BillFilter, 'limit'>,
  target: string,
  lines: boolean,
): Promise<{ bills: number; amount: string } | Refusal> {
  const { db } = services
  let count = 0
  const amounts = new Map<string, Money>()
  const known: KnownTerms = {
    schedules: new Map((await listSchedules(db)).map((schedule) => [schedule.scheduleId, schedule])),
    categories: new Map((await listPriceCategories(db)).map(({ code, nameZh }) => [code, nameZh])),
  }
  async function* pages(): AsyncGenerator<{ readonly bills: readonly Row[]; readonly lines: readonly Row[] }> {
    let afterBillId: Bill['billId'] | undefined
    for (;;) {
      const page = await listBills(db, { ...filter, afterBillId, limit: 5_000 })
      const last = page.at(-1)
      if (last === undefined) return
      const ids = page.map(({ billId }) => billId)
      const linesOfPage = await linesOf(db, ids)
      const termsOf = termsFrom(linesOfPage, known.schedules)
      for (const bill of page) {
        const { currency } = termsOf(bill)
        amounts.set(currency, addMoney([amounts.get(currency) ?? zeroMoney, bill.totalAmount]))
      }
      count += page.length
      services.progress?.({ what: '导出账单', done: count, total: undefined })
      yield {
        bills: page.map((bill) => billRow(bill, termsOf(bill))),
        lines: page.flatMap((bill) =>
          (linesOfPage.get(bill.billId) ?? []).map((line, index) => lineRow(bill, line, index + 1, known)),
        ),
      }
      afterBillId = last.billId
    }
  }
  if (target.toLowerCase().endsWith('.xlsx')) {
    const rows: { bills: Row[]; lines: Row[] } = { bills: [], lines: [] }
    for await (const page of pages()) {
      for (const row of page.bills) rows.bills.push(row)
      for (const row of page.lines) rows.lines.push(row)
    }
    const refused = await writeXlsx(target, [
      { name: '账单', columns: billColumns, rows: rows.bills },
      { name: '明细', columns: lineColumns, rows: rows.lines },
    ])
    if (refused !== undefined) return refused
  } else {
    async function* rows() {
      for await (const page of pages()) yield* lines ? page.lines : page.bills
    }
    const titles = (lines ? lineColumns : billColumns).map(({ title }) => title)
    await writeCsv(target, titles, rows())
  }
  const total = [...amounts].map(([currency, amount]) => `${moneyForPeople(amount)} ${currency}`).join('、')
  return { bills: count, amount: total === '' ? '0.00' : total }
}
