import { civilDate } from '../kernel/calendar.ts'
import { Exact, percentText } from '../kernel/decimal.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { chainHead } from '../platform/audit.queries.ts'
import type { Db } from '../platform/database.ts'
import type { DocumentPrinter } from '../platform/documents/document.ts'
import { officeName } from '../platform/documents/office.queries.ts'
import { type PrintedDocument, printDocument } from '../platform/documents/print-document.ts'
import { chainSheet, formSheet } from '../platform/documents/workbook-form.ts'
import { writeXlsx, type XlsxColumn, type XlsxSheet } from '../platform/tables/write-table.ts'
import { claimDocument } from './claim.document.ts'
import { findClaim } from './claim.queries.ts'
import { stateOf } from './claim.rules.ts'
import { explainClaim } from './claim-explanation.ts'
import { indicators, isIndicator } from './indicator.ts'
import type { DayFee } from './month-fee.ts'
import { type ServiceFeeClaim, stepNames } from './service-fee-claim.ts'

const basis = '《城镇排水与污水处理条例》第三十五条；赣区府办字〔2023〕70号第十一条'

const exceededWords = ({ exceeded }: DayFee): string =>
  exceeded
    .map(({ code, value, limit }) => `${isIndicator(code) ? indicators[code].zh : code} ${value}（限值 ${limit}）`)
    .join('；')
const unpaidWords = ({ unpaidShare }: DayFee): string =>
  new Exact(unpaidShare).isZero() ? '' : percentText(unpaidShare)
const daysOf = ({ calculation }: ServiceFeeClaim): readonly { readonly agreement: string; readonly day: DayFee }[] =>
  calculation.fee.parts.flatMap(({ agreement, days }) => days.map((day) => ({ agreement, day })))
const noteOf = ({ reason, reference }: { readonly reason: string; readonly reference: string }): string =>
  [reason, reference].filter((part) => part !== '').join('；')

/**
 * A claim as a PDF of how it stands now: every line of its calculation, its steps, each day, the amount in capitals, and
 * the head of the chain, which covers them. Nothing is stored. Refuses an unknown number and what `printDocument` refuses.
 */
export async function printClaim(
  db: Db,
  printer: DocumentPrinter | undefined,
  number: string,
): Promise<PrintedDocument | Refusal> {
  const claim = await findClaim(db, number)
  if (isRefusal(claim)) return claim
  const { seq, hash } = await chainHead(db)
  const { calculation } = claim
  return printDocument(db, printer, {
    kind: claimDocument,
    number: claim.number,
    datedOn: civilDate(claim.steps.at(-1)?.actedOn ?? claim.claimedOn),
    values: {
      office: await officeName(db),
      number: claim.number,
      plant: `${claim.plantName}（${claim.plantCode}）`,
      month: claim.month,
      state: stepNames[stateOf(claim)].zh,
      treated: calculation.fee.treatedM3,
      fee: moneyText(claim.feeAmount),
      corrections: moneyText(claim.correctionAmount),
      carried: moneyText(claim.carriedAmount),
      payable: moneyText(claim.payableAmount),
      steps: explainClaim(calculation, 'zh').map((step) => ({ step: step.replaceAll('  ', '　') })),
      taken: claim.steps.map((each) => ({
        step: stepNames[each.step].zh,
        person: each.personName,
        on: each.actedOn,
        note: noteOf(each),
      })),
      days: daysOf(claim).map(({ agreement, day }) => ({
        agreement,
        day: day.day,
        treated: day.treatedM3,
        capped: day.cappedM3,
        exceeded: exceededWords(day),
        unpaid: unpaidWords(day),
        payable: day.payableM3,
      })),
      digest: claim.digest,
      head: `${seq} ${hash}`,
      basis,
    },
  })
}

const text = (title: string, width = 16): XlsxColumn => ({ title, kind: 'text', width })
const volume = (title: string): XlsxColumn => ({ title, kind: 'number', decimals: 3, width: 14 })

/** The same as a workbook: the claim, its calculation, its steps, its days, the head of the chain. */
export async function exportClaim(
  db: Db,
  number: string,
  path: string,
): Promise<{ readonly path: string; readonly sheets: number } | Refusal> {
  const claim = await findClaim(db, number)
  if (isRefusal(claim)) return claim
  const sheets: XlsxSheet[] = [
    formSheet('服务费结算单', [
      ['申请号', claim.number],
      ['污水处理厂', `${claim.plantName}（${claim.plantCode}）`],
      ['月份', claim.month],
      ['状态', stepNames[stateOf(claim)].zh],
      ['当月服务费', claim.feeAmount],
      ['以前月份更正', claim.correctionAmount],
      ['上期转入', claim.carriedAmount],
      ['应付金额', claim.payableAmount],
      ['计算摘要', claim.digest],
      ['依据', basis],
    ]),
    {
      name: '算式',
      columns: [text('步骤', 100)],
      rows: explainClaim(claim.calculation, 'zh').map((step) => [step]),
    },
    {
      name: '办理经过',
      columns: [text('环节'), text('经办'), text('日期'), text('说明', 40)],
      rows: claim.steps.map((each) => [stepNames[each.step].zh, each.personName, each.actedOn, noteOf(each)]),
    },
    {
      name: '逐日水量水质',
      columns: [
        text('协议'),
        text('日期'),
        volume('处理水量（m³）'),
        volume('按上限（m³）'),
        text('超标', 40),
        text('不付比例'),
        volume('计费水量（m³）'),
      ],
      rows: daysOf(claim).map(({ agreement, day }) => [
        agreement,
        day.day,
        day.treatedM3,
        day.cappedM3,
        exceededWords(day),
        unpaidWords(day),
        day.payableM3,
      ]),
    },
    await chainSheet(db),
  ]
  return (await writeXlsx(path, sheets)) ?? { path, sheets: sheets.length }
}
