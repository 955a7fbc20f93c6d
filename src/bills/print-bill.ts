import { dischargersById, findCollector } from '../dischargers/account.queries.ts'
import { plusDays } from '../kernel/calendar.ts'
import { amountInCapitals, moneyText } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { checkMark } from '../platform/documents/check-code.ts'
import type { DocumentPrinter, FieldValues } from '../platform/documents/document.ts'
import { dateInChinese } from '../platform/documents/fill-template.ts'
import { officeName } from '../platform/documents/office.queries.ts'
import { type PrintedDocument, printDocument } from '../platform/documents/print-document.ts'
import { readSettings } from '../platform/settings.ts'
import type { RateSchedule } from '../tariffs/rate-schedule.ts'
import { billDocument } from './bill.document.ts'
import { linesOf } from './bill.queries.ts'
import { type Bill, type BillLine, billKindNames, correctionReasonNames, numberOfBillId } from './bill.ts'
import { type ExplanationNames, lineArithmetic } from './bill-explanation.ts'
import { explanationNames } from './explanation-names.queries.ts'

/**
 * A bill as a PDF, by the template in force on the day it was issued; nothing is stored. Refuses what `printDocument`
 * refuses.
 */
export async function printBill(
  db: Db | Trx,
  printer: DocumentPrinter | undefined,
  bill: Bill,
): Promise<PrintedDocument | Refusal> {
  const lines = (await linesOf(db, [bill.billId])).get(bill.billId) ?? []
  const names = await explanationNames(db)
  const settings = await readSettings(db)
  const collector = await findCollector(db, bill.collectorCode)
  const payer = (await dischargersById(db, [bill.dischargerId])).get(bill.dischargerId)
  const values = {
    ...billValues(bill, lines, names),
    office: await officeName(db),
    credit_code: payer?.creditCode ?? '—',
    collector_name: collector?.name ?? bill.collectorCode,
    objection_days: String(settings['objections.answer_days']),
    legal_basis: settings['bills.legal_basis'],
    payment_ways: settings['bills.payment_ways'],
  }
  const check = await checkMark(db, bill.number)
  return printDocument(db, printer, { kind: billDocument, number: bill.number, datedOn: bill.issuedOn, values, check })
}

/** The document by which a price was set, as payers can ask for it. */
const rateNotice = ({
  title,
  approvalDocument,
  validFrom,
}: Pick<RateSchedule, 'title' | 'approvalDocument' | 'validFrom'>) =>
  `${title}（${approvalDocument}），自${dateInChinese(validFrom)}用水起执行`

function billValues(bill: Bill, lines: readonly BillLine[], names: ExplanationNames): FieldValues {
  const terms = lines.map(({ scheduleId }) => names.schedules.get(scheduleId))
  const together = (words: readonly (string | undefined)[], usual: string) =>
    [...new Set(words.map((word) => word ?? usual))].join('、') || usual
  const currency = together(
    terms.map((schedule) => schedule?.currency),
    '元',
  )
  const [year = '', month = ''] = bill.feeMonth.split('-')
  const isOwed = bill.totalAmount.gt(0) && bill.cancelledBy === null
  return {
    kind: `${billKindNames[bill.kind].zh.replace('账单', '')}账单`,
    number: bill.number,
    payer: bill.dischargerName,
    account: bill.accountNo,
    collector: bill.collectorCode,
    month: `${year}年${Number(month)}月`,
    issued_on: bill.issuedOn,
    due_on: isOwed ? bill.dueOn : '',
    volume: volumeText(bill.volumeM3),
    unit: together(
      terms.map((schedule) => schedule?.unit),
      'm³',
    ),
    currency,
    total: moneyText(bill.totalAmount),
    // Capitals are a form of yuan alone.
    total_in_capitals: currency === '元' || currency === 'CNY' ? amountInCapitals(bill.totalAmount) : '',
    lines: lines.map((line, index) => ({
      no: String(index + 1),
      category: names.categories.get(line.categoryCode)?.zh ?? line.categoryCode,
      days: `${line.used.from} 至 ${plusDays(line.used.until, -1)}`,
      volume: volumeText(line.volumeM3),
      amount: moneyText(line.amount),
      steps: lineArithmetic(line, names, 'zh').map((step) => ({ step })),
    })),
    rates: [...new Set(terms.flatMap((schedule) => (schedule === undefined ? [] : [rateNotice(schedule)])))].join('；'),
    corrects: bill.correctsBillId === null ? '' : numberOfBillId(bill.correctsBillId),
    reason: bill.reason === null ? '' : correctionReasonNames[bill.reason].zh,
    evidence: bill.evidence ?? '',
    cancelled_by: bill.cancelledBy === null ? '' : numberOfBillId(bill.cancelledBy),
  }
}
