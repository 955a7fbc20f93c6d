import { linesOf } from '../bills/bill.queries.ts'
import { lineArithmetic } from '../bills/bill-explanation.ts'
import { explanationNames } from '../bills/explanation-names.queries.ts'
import { dischargersById } from '../dischargers/account.queries.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, type Money, money, moneyForPeople, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandContext, Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { checkMark } from '../platform/documents/check-code.ts'
import type { DocumentKind, DocumentPrinter, FieldValues } from '../platform/documents/document.ts'
import { dateInChinese } from '../platform/documents/fill-template.ts'
import { officeName } from '../platform/documents/office.queries.ts'
import { type DocumentOrder, keepDocument, printDocument } from '../platform/documents/print-document.ts'
import { readSettings, type Settings } from '../platform/settings.ts'
import { claimOf, standingFine } from './claim.rules.ts'
import type { Matter, OrderBill } from './enforcement.ts'
import { rowInForce } from './fine.rules.ts'
import { orderDocument } from './order.document.ts'
import { orderState, unpaidOfBill } from './order.rules.ts'
import { courtDocument, decisionDocument, demandDocument, noticeDocument } from './penalty.documents.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { lastStep, stepsOf } from './step-log.ts'
import { type Step, type StepName, stepKinds } from './steps.ts'

/** The duty that is broken, and the clause that fines it (State Council Order 641). */
const payingDuty = '《城镇排水与污水处理条例》第三十二条'
const finingBasis = '《城镇排水与污水处理条例》第五十四条'

/** Steps that issue a paper, with its kind and what its number says. */
export const papers: Partial<Record<StepName, { readonly kind: DocumentKind; readonly word: string }>> = {
  notice_issued: { kind: noticeDocument, word: '罚告' },
  decided: { kind: decisionDocument, word: '罚决' },
  demand_issued: { kind: demandDocument, word: '催告' },
  court_applied: { kind: courtDocument, word: '强申' },
}
export const orderWord = '责缴'
const hearingWord = '听通'

/** How the check page knows an order: its number on paper would make the QR code twice as large. */
export const orderPaperName = (number: string): string => `order-${number}`

/** The number as papers carry it: 机关代字, what kind of paper, year in brackets, 号. */
export function numberOnPaper(settings: Settings, word: string, number: string): string {
  const [year = '', running = ''] = number.split('-')
  return `${settings['enforcement.paper_prefix']}${word}〔${year}〕${Number(running)}号`
}

const orderWords = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']

/**
 * The number of a notice of hearing: that of its case, and which notice it is where the party was notified before:
 * 〔2026〕1号, 〔2026〕1号之二.
 */
export function hearingNumber(settings: Settings, caseNumber: string, which: number): string {
  const number = numberOnPaper(settings, hearingWord, caseNumber)
  return which === 1 ? number : `${number}之${orderWords[which - 1] ?? which}`
}

/**
 * Makes and keeps the order as it goes out, inside the command that issues it. Refuses what `printDocument` refuses: an
 * empty required value such as the party's address, a character the font lacks, a runtime without a printer.
 */
export async function keepOrderPaper(
  context: CommandContext,
  printer: DocumentPrinter | undefined,
  matter: Matter,
): Promise<string | Refusal> {
  const { trx, today } = context
  const settings = await readSettings(trx)
  const { order } = matter
  const number = numberOnPaper(settings, orderWord, order.number)
  const values: FieldValues = {
    ...(await headOf(trx, number, today)),
    ...(await partyOf(trx, matter)),
    review_body: settings['enforcement.review_body'],
    court: settings['enforcement.court'],
    total: moneyText(addMoney(order.bills.map(({ named }) => named))),
    term_days: String(order.termDays),
    payment_ways: settings['bills.payment_ways'],
    legal_basis: finingBasis,
    bills: await billRows(trx, order.bills, ({ named }) => moneyText(named)),
  }
  const check = await checkMark(trx, orderPaperName(order.number))
  return keep(context, printer, matter, { kind: orderDocument, number, datedOn: today, values, check })
}

/** Makes and keeps the paper of a step that issues one; answers its number as printed, or null where it issues none. */
export async function keepStepPaper(
  context: CommandContext,
  printer: Services['printer'],
  matter: Matter,
  step: Step,
): Promise<string | null | Refusal> {
  const paper = papers[step.name]
  if (paper === undefined || !('number' in step.particulars)) return null
  const { trx, today } = context
  const settings = await readSettings(trx)
  const number = numberOnPaper(settings, paper.word, String(step.particulars.number))
  const shared = { ...(await headOf(trx, number, today)), ...(await partyOf(trx, matter)) }
  const more = await stepValues(trx, settings, matter, step)
  return keep(context, printer, matter, { kind: paper.kind, number, datedOn: today, values: { ...shared, ...more } })
}

async function keep(
  context: CommandContext,
  printer: DocumentPrinter | undefined,
  { order, fineCase }: Matter,
  document: DocumentOrder,
): Promise<string | Refusal> {
  const printed = await printDocument(context.trx, printer, document)
  if (isRefusal(printed)) return printed
  const subject = `${order.dischargerName} 责令 ${order.number}${fineCase === undefined ? '' : ` 案件 ${fineCase.number}`}`
  await keepDocument(context, { ...document, subject }, printed)
  return document.number
}

export const noticeTitle = (hearingRight: boolean | undefined): string =>
  hearingRight ? '行政处罚听证告知书' : '行政处罚事先告知书'

async function stepValues(trx: Trx, settings: Settings, matter: Matter, step: Step): Promise<FieldValues> {
  switch (step.name) {
    case 'notice_issued': {
      const { hearingRight, facts, reason } = step.particulars
      return {
        ...(await fineValues(trx, settings, matter, step.particulars)),
        title: noticeTitle(hearingRight),
        facts: sentence(facts),
        reason: sentence(reason),
        defence_days: String(matter.settings.defenceDays),
        hearing_days: hearingRight ? String(statutoryTerms.askHearingDays.value) : '',
      }
    }
    case 'decided': {
      const { facts, reason, bank, payee, reviewBody, court, addition, baseAmount } = step.particulars
      const paidLate = subtractMoney(
        money(baseAmount),
        orderState(matter.order, matter.orderSteps, matter.today).unpaid,
      )
      return {
        ...(await fineValues(trx, settings, matter, step.particulars)),
        review_body: reviewBody,
        court,
        facts: sentence(facts),
        reason: sentence(reason),
        heard: heardInWords(matter.steps),
        paid_late: paidLate.gt(zeroMoney) ? moneyText(paidLate) : '',
        bank,
        payee,
        pay_days: String(statutoryTerms.payFineDays.value),
        addition: addition ? '每日按罚款数额的百分之三加处罚款' : '',
      }
    }
    case 'demand_issued':
      return {
        ...claimValues(settings, matter, step.particulars),
        bank: step.particulars.bank,
        demand_days: String(statutoryTerms.demandDays.value),
        legal_basis: `${finingBasis}、《中华人民共和国行政强制法》第三十五条、第五十四条`,
      }
    case 'court_applied':
      return {
        ...claimValues(settings, matter, step.particulars),
        court: step.particulars.court,
        property: sentence(step.particulars.property),
        demand_served_on: lastStep(matter.steps, 'demand_served')?.particulars.servedOn ?? '',
        contested: contestInWords(matter.steps),
        opinion: opinionInWords(matter.steps),
        head_name: await nameOf(trx, step.approvedBy),
        legal_basis: `${finingBasis}、《中华人民共和国行政强制法》第五十三条、第五十四条、第五十五条`,
        attachments: attachmentsOf(settings, matter).map((name, index) => ({ no: String(index + 1), name })),
      }
    default:
      return {}
  }
}

/** What a person typed, ended as a sentence. */
const sentence = (typed: string): string => (/[。！？；.]$/.test(typed) ? typed : `${typed}。`)

export async function headOf(db: Db | Trx, number: string, datedOn: CivilDate) {
  return { office: await officeName(db), number, dated_on: datedOn }
}

export async function partyOf(db: Db | Trx, { order }: Matter) {
  const found = (await dischargersById(db, [order.dischargerId])).get(order.dischargerId)
  const { name, address, creditCode } = present(found, 'the discharger of an order is registered')
  return { party: name, address, credit_code: creditCode ?? '' }
}

/** The bills of an order as rows, each with its arithmetic from the frozen lines. */
async function billRows(db: Db | Trx, bills: readonly OrderBill[], unpaid: (bill: OrderBill) => string) {
  const names = await explanationNames(db)
  const lines = await linesOf(
    db,
    bills.map(({ billId }) => billId),
  )
  return bills.map((bill) => {
    const [year = '', month = ''] = bill.feeMonth.split('-')
    const steps = (lines.get(bill.billId) ?? []).flatMap((line) => lineArithmetic(line, names, 'zh'))
    return {
      bill: bill.number,
      account: bill.accountNo,
      month: `${year}年${Number(month)}月`,
      due_on: bill.dueOn,
      amount: unpaid(bill),
      steps: steps.map((step) => ({ step })),
    }
  })
}

async function fineValues(
  trx: Trx,
  settings: Settings,
  matter: Matter,
  told: {
    readonly baseAmount: string
    readonly fineAmount: string
    readonly multiplier: string
    readonly factor?: string | undefined
  },
) {
  const { order, orderSteps } = matter
  const service = lastStep(orderSteps, 'order_served')?.particulars
  const termEndsOn = present(service, 'a case follows a served order').termEndsOn
  const lapsed = order.bills.filter((bill) => !unpaidOfBill(bill, termEndsOn).isZero())
  const found = rowInForce(matter.grids, told.factor)
  const row = 'row' in found ? found.row : undefined
  return {
    order_number: numberOnPaper(settings, orderWord, order.number),
    order_served_on: service?.servedOn ?? '',
    term_ends_on: termEndsOn,
    base: told.baseAmount,
    multiplier: told.multiplier,
    fine: told.fineAmount,
    duty: payingDuty,
    legal_basis: finingBasis,
    grid: row === undefined ? '' : `${row.documentNumber}“${row.zh}”，${row.minimum}倍以上${row.maximum}倍以下`,
    officers: await officersInWords(trx, matter),
    bills: await billRows(trx, lapsed, (bill) => moneyText(unpaidOfBill(bill, termEndsOn))),
  }
}

/** The two officers of a case, each with the certificate. */
export async function officersInWords(db: Db | Trx, { fineCase }: Matter): Promise<string> {
  const officers = [fineCase?.reporterId ?? null, fineCase?.secondId ?? null]
  return (await Promise.all(officers.map((id) => officerOf(db, id)))).join('、')
}

async function officerOf(db: Db | Trx, id: string | null): Promise<string> {
  const row = await staffById(db, id)
  return row === undefined ? '' : `${row.name}（${row.certificate_no ?? ''}）`
}

async function nameOf(trx: Trx, id: string | null): Promise<string> {
  return (await staffById(trx, id))?.name ?? ''
}

async function staffById(db: Db | Trx, id: string | null) {
  if (id === null) return undefined
  return db
    .selectFrom('staff')
    .select(['name', 'certificate_no'])
    .where('id', '=', id as never)
    .executeTakeFirst()
}

/** How the party was told and heard, for the decision (APL 44, 45, 59, 65). */
function heardInWords(steps: readonly Step[]): string {
  const told = lastStep(steps, 'notice_served')
  const notice = lastStep(steps, 'notice_issued')
  const parts = [
    `本机关于${dateInChinese(told?.particulars.servedOn ?? present(told, 'a decision follows a notice').on)}送达${notice?.particulars.hearingRight ? '听证告知书' : '事先告知书'}，告知拟作出的处罚及事实、理由、依据和依法享有的权利。`,
  ]
  if (lastStep(steps, 'rights_waived') !== undefined) parts.push('当事人书面放弃陈述、申辩和听证。')
  parts.push(opinionInWords(steps))
  if (lastStep(steps, 'hearing_requested') === undefined) {
    if (notice?.particulars.hearingRight) parts.push('当事人未在法定期限内要求听证。')
    return parts.join('')
  }
  // A case may have seen several hearings, one for each notice; the decision tells of every one.
  for (const step of steps) {
    if (step.name === 'hearing_held')
      parts.push(`应当事人要求，本机关于${dateInChinese(step.on)}举行听证，根据听证笔录作出本决定。`)
    else if (step.name === 'hearing_dropped')
      parts.push(
        step.particulars.why === 'withdrawn'
          ? '当事人撤回了听证要求。'
          : '当事人无正当理由不出席听证，视为放弃听证权利。',
      )
  }
  return parts.join('')
}

function opinionInWords(steps: readonly Step[]): string {
  const defences = stepsOf(steps, 'defence_received')
  if (defences.length === 0) return '当事人未陈述、申辩。'
  const rechecks = stepsOf(steps, 'defence_rechecked').map(({ particulars }) => {
    const word = { accepted: '采纳', in_part: '部分采纳', rejected: '不予采纳' }[particulars.outcome]
    return `${word}（${particulars.reason}）`
  })
  const said = defences
    .map(({ on, particulars }) => `${dateInChinese(on)}陈述、申辩：${particulars.statement}`)
    .join('；')
  return `当事人于${said}。本机关复核后${rechecks.join('；')}。`
}

function claimValues(settings: Settings, matter: Matter, of: { readonly amount: string; readonly addition: string }) {
  const { servedOn, performBy } = claimOf(matter)
  const isFee = matter.fineCase === undefined
  return {
    basis: `${isFee ? '责令限期缴纳通知书' : '行政处罚决定书'}（${basisNumber(settings, matter)}）`,
    basis_served_on: present(servedOn, 'a claim was served'),
    perform_by: present(performBy, 'a claim has a last day'),
    what: isFee ? '污水处理费' : '罚款',
    amount: of.amount,
    addition: money(of.addition).isZero() ? '' : of.addition,
    total: moneyText(addMoney([money(of.amount), money(of.addition)])),
    performed: performedInWords(matter, money(of.amount)),
  }
}

/** How far the party has paid what a claim is for, given what of it is unpaid. */
function performedInWords({ order, fineCase, steps }: Matter, unpaid: Money): string {
  const what = fineCase === undefined ? '污水处理费' : '罚款'
  const claimed = fineCase === undefined ? addMoney(order.bills.map(({ named }) => named)) : standingFine(steps)
  const paid = subtractMoney(claimed, unpaid)
  if (!paid.gt(zeroMoney)) return `至今未缴纳${what}`
  if (unpaid.isZero()) return `已缴清${what}，加处罚款至今未缴清`
  return `只缴纳${what}${moneyForPeople(paid)}元，其余至今未缴纳`
}

/** Whether the party asked for a review or sued, and with what outcome (AEL 53). */
function contestInWords(steps: readonly Step[]): string {
  const said = steps.flatMap(({ name, particulars }) => {
    if (name !== 'review_decided' && name !== 'suit_decided') return []
    const outcome = stepKinds[name].fields[1].choices.find(({ value }) => value === particulars.outcome)?.zh ?? ''
    const [asked, answer] = name === 'review_decided' ? ['申请行政复议', '复议决定'] : ['提起行政诉讼', '裁判']
    return [`${asked}，${answer}于${dateInChinese(particulars.servedOn)}送达（${outcome}）`]
  })
  return said.length === 0 ? '在法定期限内未申请行政复议，未提起行政诉讼' : said.join('；')
}

function basisNumber(settings: Settings, { order, fineCase, steps }: Matter): string {
  if (fineCase === undefined) return numberOnPaper(settings, orderWord, order.number)
  return numberOnPaper(settings, '罚决', lastStep(steps, 'decided')?.particulars.number ?? '')
}

/** The papers of AEL 55: what was decided on which facts, the party's opinion, the demand, the object. */
function attachmentsOf(settings: Settings, matter: Matter): string[] {
  const { order, fineCase, steps } = matter
  const demand = lastStep(steps, 'demand_issued')?.particulars.number ?? ''
  return [
    `责令限期缴纳通知书（${numberOnPaper(settings, orderWord, order.number)}）及送达回证`,
    ...(fineCase === undefined ? [] : [`行政处罚决定书（${basisNumber(settings, matter)}）及送达回证`]),
    `催告书（${numberOnPaper(settings, '催告', demand)}）及送达回证`,
    '当事人的意见及复核记录',
    '执行标的情况',
  ]
}
