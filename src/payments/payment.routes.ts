import { z } from '@hono/zod-openapi'
import { billNumber } from '../bills/bill.routes.ts'
import { accountNo, collectorCode, dischargerCode } from '../dischargers/account.routes.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { amountText, date, decimalText, flag, id, instant, month, text } from '../platform/http/fields.ts'
import {
  byVerdict,
  corrections,
  countsByName,
  finding,
  reason,
  rowNumber,
  rowNumbers,
  rowQuery,
  rowReason,
  textsByName,
  whole,
} from '../platform/http/import-fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query, type Route } from '../platform/http/route.ts'
import { decisionRoute } from '../platform/platform.routes.ts'
import { refuseReading } from '../readings/readings.refusals.ts'
import { allocateByHand } from './allocate-by-hand.ts'
import { acceptPaymentRows, correctPaymentRow, rejectPaymentRows } from './decide-payment-row.ts'
import type { LaterStages } from './later-stages.ts'
import { billIdOfNumber } from './named-item.queries.ts'
import { answerObjection, findObjection, listObjections, objectionJson, receiveObjection } from './objections.ts'
import { ageBuckets } from './overdue.rules.ts'
import { payerFilter, refuseUnknownCollector } from './payer-filter.ts'
import { ageJson, allocationJson, creditJson, itemJson, paymentJson } from './payment.json.ts'
import { ageing, allocationsOf, listCredits, listOutstanding, listOverdue, listPayments } from './payment.queries.ts'
import { isPaymentReason, paymentReasons } from './payment.reasons.ts'
import { refusePayment } from './payment.refusals.ts'
import { paymentChannels } from './payment.ts'
import { findPaymentImport, type PaymentImport, paymentImports, paymentRowsOf } from './payment-import.queries.ts'
import { recordPayment } from './record-payment.ts'
import { decideRefund, proposeRefund } from './refund-payment.ts'
import { reversePayment } from './reverse-payment.ts'

const payment = z
  .object({
    paymentId: id(),
    channel: z.enum(paymentChannels),
    collectorCode: z.string().nullable(),
    reference: z.string(),
    accountId: id().nullable(),
    accountNo: z.string().nullable(),
    dischargerId: id(),
    dischargerName: z.string(),
    paidOn: date,
    recordedOn: date,
    amount: amountText,
    method: z.string().nullable(),
    reversedOn: date.nullable(),
    refunded: amountText,
    allocated: amountText,
    remaining: amountText,
  })
  .openapi('Payment')

const payerQuery = {
  collector: collectorCode.optional(),
  account: accountNo.optional(),
  discharger: dischargerCode.optional(),
}

const onePayment = query('/payments/{payment}', {
  cli: 'payments show',
  permits: 'payments.read',
  title: { zh: '一笔缴款及其核销', en: 'one payment and what it paid' },
  params: { payment: id<'payment'>() },
  answer: payment
    .extend({
      allocations: z.array(
        z.object({
          bill: billNumber,
          amount: amountText,
          basis: z.enum(['order', 'named', 'credit', 'opening']),
          allocatedOn: date,
          lapsed: z
            .object({ reason: z.enum(['bill_cancelled', 'bill_reduced', 'payment_reversed', 'moved']), on: date })
            .nullable(),
        }),
      ),
    })
    .openapi('PaymentInFull'),
  read: async ({ services: { db }, params }) => {
    const [found] = await listPayments(db, { paymentId: params.payment, limit: 1 })
    if (found === undefined) return refusePayment('payment_unknown', { payment: params.payment })
    const allocations = await allocationsOf(db, found.paymentId)
    return { ...paymentJson(found), allocations: allocations.map(allocationJson) }
  },
})

const paid = z
  .object({
    paymentId: id(),
    reference: z.string(),
    amount: amountText,
    allocated: z.array(z.object({ bill: billNumber, amount: amountText })),
    credit: amountText,
    unchanged: z.boolean(),
  })
  .openapi('PaymentAnswer')

const item = z
  .object({
    bill: billNumber,
    billId: id(),
    accountNo: z.string(),
    dischargerName: z.string(),
    feeMonth: month,
    dueOn: date,
    payable: amountText,
    outstanding: amountText,
  })
  .openapi('OpenItem')

const itemKey = [date, id<'bill'>()] as const
const afterItem = (after: readonly [dueOn: CivilDate, billId: BillId] | undefined) =>
  after === undefined ? {} : { after: { dueOn: after[0], billId: after[1] } }

const asOf = date.optional().openapi({ description: '截至该日终，默认今天 at the end of this day, today by default' })

const paymentRoutes = ({ refundGuards }: LaterStages): readonly Route[] => [
  list('/payments', {
    cli: 'payments list',
    permits: 'payments.read',
    title: { zh: '缴款清单，最近的在前', en: 'payments, newest first' },
    query: {
      ...payerQuery,
      reference: text(200).optional(),
      paidFrom: date.optional(),
      paidUntil: date.optional().openapi({ description: '不含 excluded' }),
    },
    item: payment,
    key: [id<'payment'>()],
    rows: async ({ services: { db }, query }, { after, limit }) => {
      const payer = await payerFilter(db, query)
      if (isRefusal(payer)) return payer
      const { reference, paidFrom, paidUntil } = query
      return listPayments(db, { ...payer, reference, paidFrom, paidUntil, before: after?.[0], limit })
    },
    keyOf: ({ paymentId }) => [paymentId],
    show: paymentJson,
  }),
  onePayment,
  command('post', '/payments', {
    cli: 'payments record',
    permits: 'payments.record',
    title: { zh: '登记一笔缴款', en: 'enter one payment' },
    body: {
      collectorCode: collectorCode
        .optional()
        .openapi({ description: '不填为直接缴入国库 without it: to the treasury' }),
      reference: text(200),
      accountNo: accountNo.optional(),
      dischargerCode: dischargerCode.optional().openapi({ description: '直接缴入国库时 of money to the treasury' }),
      paidOn: date,
      amount: text(40).openapi({ description: '元 yuan', example: '17283.00' }),
      method: text(100).optional(),
      fromAccount: text(60)
        .optional()
        .openapi({ description: '付款账号 account it was paid from', example: '0100234567' }),
      fromBank: text(100).optional().openapi({ description: '付款开户行 its bank', example: '示例银行' }),
      bills: z.array(billNumber).max(1000).optional().openapi({ description: '指定账单，按所列次序 in this order' }),
    },
    example: {
      collectorCode: 'gx-water',
      reference: '20260405001',
      accountNo: '0010233',
      paidOn: '2026-04-05',
      amount: '17283.00',
    },
    answer: paid,
    run: ({ services, envelope, body }) => recordPayment(services, envelope, body),
  }),
  command('post', '/payments/{payment}/reversal', {
    cli: 'payments reverse',
    permits: 'payments.reverse',
    title: { zh: '冲正一笔缴款（整笔）', en: 'reverse a payment as a whole' },
    params: { payment: id() },
    body: { reason, reversedOn: date.optional().openapi({ description: '默认今天 today by default' }) },
    example: { reason: '银行退票', reversedOn: '2026-04-08' },
    ifMatch: onePayment,
    answer: z.object({ paymentId: id(), amount: amountText, openAgain: amountText }),
    run: ({ services, envelope, params, body }) =>
      reversePayment(services, envelope, { paymentId: params.payment, ...body }),
  }),
  command('post', '/payments/{payment}/allocations', {
    cli: 'payments allocate',
    permits: 'payments.allocate',
    title: {
      zh: '用未核销余额（或改核销）缴指定账单',
      en: 'let its credit, or what it pays elsewhere, pay a bill',
    },
    params: { payment: id() },
    body: {
      bill: billNumber,
      amount: text(40).optional().openapi({ description: '元，不填尽量多 as much as there is by default' }),
      fromBill: billNumber.optional().openapi({ description: '从这张账单改来 take it from this bill' }),
    },
    example: { bill: '2026-000012', amount: '500.00' },
    ifMatch: onePayment,
    answer: paid,
    run: ({ services, envelope, params, body }) =>
      allocateByHand(services, envelope, { paymentId: params.payment, ...body }),
  }),
  command('post', '/payments/{payment}/refunds', {
    cli: 'payments refund',
    permits: 'payments.propose-refund',
    title: { zh: '提出退还未核销余额', en: 'propose to pay back what is unused' },
    params: { payment: id() },
    body: { amount: text(40), refundedBy: z.enum(paymentChannels), evidence: text(500) },
    example: { amount: '20.00', refundedBy: 'collector', evidence: '退款申请3号' },
    ifMatch: onePayment,
    answer: z.object({ proposalId: id(), digest: z.string() }),
    run: ({ services, envelope, params, body }) =>
      proposeRefund(services, envelope, { paymentId: params.payment, ...body }, refundGuards),
  }),
  decisionRoute(
    '/refunds/proposals',
    {
      cli: 'payments decide-refund',
      permits: 'payments.decide-refund',
      title: { zh: '审批退款', en: 'decide a refund' },
      answer: z.object({ proposalId: id(), outcome: z.string(), amount: amountText }),
    },
    (services, envelope, decision) => decideRefund(services, envelope, decision, refundGuards),
  ),
  list('/credits', {
    cli: 'payments credits',
    permits: 'payments.read',
    title: { zh: '未核销余额，最早的在前', en: 'what is unused, oldest first' },
    query: payerQuery,
    item: z
      .object({
        paymentId: id(),
        reference: z.string(),
        accountNo: z.string().nullable(),
        dischargerName: z.string(),
        paidOn: date,
        remaining: amountText,
      })
      .openapi('Credit'),
    key: [date, id<'payment'>()],
    rows: async ({ services: { db }, query }, { after, limit }) => {
      const payer = await payerFilter(db, query)
      return isRefusal(payer) ? payer : listCredits(db, { ...payer, after, limit })
    },
    keyOf: ({ paidOn, paymentId }) => [paidOn, paymentId],
    show: creditJson,
  }),
  list('/outstanding', {
    cli: 'payments outstanding',
    permits: 'payments.read',
    title: { zh: '未缴账单，先到期的在前', en: 'what is outstanding, by due date' },
    query: payerQuery,
    item,
    key: itemKey,
    rows: async ({ services: { db }, query }, { after, limit }) => {
      const payer = await payerFilter(db, query)
      return isRefusal(payer) ? payer : listOutstanding(db, { ...payer, ...afterItem(after), limit })
    },
    keyOf: ({ dueOn, billId }) => [dueOn, billId],
    show: itemJson,
  }),
  list('/overdue', {
    cli: 'payments overdue',
    permits: 'payments.read',
    title: { zh: '某日逾期未缴，最久的在前', en: 'what was overdue on a day, longest first' },
    query: { ...payerQuery, asOf },
    item: item.extend({ days: whole, bucket: z.enum(ageBuckets) }).openapi('OverdueItem'),
    key: itemKey,
    rows: async ({ services: { db, clock }, query }, { after, limit }) => {
      const payer = await payerFilter(db, query)
      if (isRefusal(payer)) return payer
      return listOverdue(db, query.asOf ?? clock.today(), { ...payer, ...afterItem(after), limit })
    },
    keyOf: ({ dueOn, billId }) => [dueOn, billId],
    show: itemJson,
  }),
  query('/ageing', {
    cli: 'payments ageing',
    permits: 'payments.read',
    title: { zh: '逾期账龄', en: 'what was overdue on a day, by age' },
    query: { ...payerQuery, asOf },
    answer: z.object({
      asOf: date,
      classes: z.array(z.object({ bucket: z.enum(ageBuckets), bills: whole, amount: amountText })),
    }),
    read: async ({ services: { db, clock }, query }) => {
      const payer = await payerFilter(db, query)
      if (isRefusal(payer)) return payer
      const day = query.asOf ?? clock.today()
      return { asOf: day, classes: (await ageing(db, day, payer)).map(ageJson) }
    },
  }),
]

const rowCounts = z.object({ ...byVerdict(whole), withoutAmount: whole })
const amounts = z.object(byVerdict(amountText))

const paymentImport = z
  .object({
    importId: id(),
    collectorCode: z.string(),
    fileName: z.string(),
    titles: z.array(z.string()),
    mapping: textsByName,
    importedBy: z.string(),
    recordedAt: instant,
    rows: rowCounts,
    amounts,
    undecided: whole,
    findings: z.array(finding),
  })
  .openapi('PaymentImport')

const importJson = ({ recordedAt, mapping, ...each }: PaymentImport) => ({
  ...each,
  mapping: { ...mapping } as Record<string, string>,
  recordedAt: recordedAt.toISOString(),
})

const oneImport = query('/payments/imports/{import}', {
  cli: 'payments imports',
  permits: 'payments.imports.read',
  title: { zh: '一次缴款导入', en: 'one file of payments' },
  params: { import: id() },
  answer: paymentImport,
  read: async ({ services, params }) => {
    const found = await findPaymentImport(services.db, params.import)
    return isRefusal(found) ? found : importJson(found)
  },
})

const decided = z
  .object({
    importId: id(),
    decided: whole,
    payments: whole,
    reversals: whole,
    unchanged: whole,
    allocated: amountText,
  })
  .openapi('PaymentRowsDecided')

/** Refuses a reason that no row can have. */
export function refuseUnknownCode(code: string | undefined): Refusal | undefined {
  if (code === undefined || isPaymentReason(code)) return undefined
  return refuseReading('reason_code_unknown', { code, known: Object.keys(paymentReasons).join('、') })
}

const importRoutes: readonly Route[] = [
  list('/payments/imports', {
    cli: 'payments imports',
    permits: 'payments.imports.read',
    title: { zh: '缴款导入记录，最近的在前', en: 'files of payments taken in, newest first' },
    query: { collector: collectorCode.optional() },
    item: paymentImport,
    key: [id()],
    rows: async ({ services: { db }, query }, { after, limit }) => {
      const unknown = await refuseUnknownCollector(db, query.collector)
      return unknown ?? paymentImports(db, { collectorCode: query.collector, before: after?.[0], limit })
    },
    keyOf: ({ importId }) => [importId],
    show: importJson,
  }),
  oneImport,
  list('/payments/imports/{import}/rows', {
    cli: 'payments rows',
    permits: 'payments.imports.read',
    title: { zh: '待审和拒绝的缴款行', en: 'held and rejected rows' },
    params: { import: id() },
    query: rowQuery,
    item: z
      .object({
        rowNo: whole,
        verdict: z.enum(['held', 'rejected']),
        cells: z.array(z.string()),
        reasons: z.array(rowReason),
        stated: textsByName,
        amount: decimalText.nullable(),
        decision: z.object({ decision: z.string(), reason: z.string(), by: z.string() }).nullable(),
      })
      .openapi('PaymentRow'),
    key: [id()],
    rows: async ({ services: { db }, params, query }, { after, limit }) => {
      const unknown = refuseUnknownCode(query.code)
      if (unknown !== undefined) return unknown
      const found = await findPaymentImport(db, params.import)
      if (isRefusal(found)) return found
      const [behind] = after ?? []
      return paymentRowsOf(db, found.importId, {
        ...query,
        after: behind === undefined ? undefined : Number(behind),
        limit,
      })
    },
    keyOf: ({ rowNo }) => [String(rowNo)],
    show: ({ stated, decision, ...row }) => ({
      ...row,
      stated: { ...stated } as Record<string, string>,
      decision: decision ?? null,
    }),
  }),
  command('post', '/payments/imports/{import}/rows/acceptance', {
    cli: 'payments accept',
    permits: 'payments.accept-rows',
    title: { zh: '接受待审的行（城管局经办）', en: 'accept held rows as they stand' },
    params: { import: id() },
    body: { rowNos: rowNumbers, reason },
    example: { rowNos: [118, 120], reason: '银行回单核对' },
    ifMatch: oneImport,
    answer: decided,
    run: ({ services, envelope, params, body }) =>
      acceptPaymentRows(services, envelope, { importId: params.import, ...body }),
  }),
  command('post', '/payments/imports/{import}/rows/rejection', {
    cli: 'payments reject',
    permits: 'payments.reject-rows',
    title: { zh: '拒绝行', en: 'refuse rows for good' },
    params: { import: id() },
    body: { rowNos: rowNumbers, reason },
    example: { rowNos: [38], reason: '重复' },
    ifMatch: oneImport,
    answer: decided,
    run: ({ services, envelope, params, body }) =>
      rejectPaymentRows(services, envelope, { importId: params.import, ...body }),
  }),
  command('post', '/payments/imports/{import}/rows/{row}/correction', {
    cli: 'payments correct',
    permits: 'payments.correct-row',
    title: { zh: '改正一行；新值重新核对', en: 'correct one row; it is judged again' },
    params: { import: id(), row: rowNumber },
    body: { values: corrections, reason },
    example: { values: { 流水号: '20260405000118' }, reason: '银行回单核对' },
    ifMatch: oneImport,
    answer: decided,
    run: ({ services, envelope, params, body }) =>
      correctPaymentRow(services, envelope, { importId: params.import, rowNo: params.row, ...body }),
  }),
]

const objection = z
  .object({
    objectionId: id(),
    billId: id(),
    bill: billNumber,
    accountNo: z.string(),
    receivedOn: date,
    from: z.string(),
    grounds: z.string(),
    evidence: z.string(),
    answerDueOn: date,
    answer: z
      .object({
        outcome: z.enum(['kept', 'corrected']),
        answeredOn: date,
        reason: z.string(),
        correctionProposalId: id().nullable(),
      })
      .nullable(),
  })
  .openapi('Objection')

const oneObjection = query('/objections/{objection}', {
  cli: 'objections show',
  permits: 'objections.read',
  title: { zh: '一件异议', en: 'one objection' },
  params: { objection: id() },
  answer: objection,
  read: async ({ services, params }) => {
    const found = await findObjection(services.db, params.objection)
    return found === undefined ? undefined : objectionJson(found)
  },
})

const objectionRoutes: readonly Route[] = [
  list('/objections', {
    cli: 'objections list',
    permits: 'objections.read',
    title: {
      zh: '异议清单，最近的在前；未答复的最急的在前',
      en: 'objections, newest first; unanswered ones most urgent first',
    },
    query: {
      bill: billNumber.optional(),
      unanswered: flag.optional().openapi({ description: '只看未答复 unanswered only' }),
    },
    item: objection,
    key: [date, id()],
    rows: async ({ services: { db }, query }, page) => {
      const bill = query.bill === undefined ? undefined : billIdOfNumber(query.bill)
      if (query.bill !== undefined && bill === undefined)
        return refusePayment('objection_bill_unknown', { number: query.bill })
      return listObjections(db, { bill, unanswered: query.unanswered === true, page })
    },
    keyOf: ({ answerDueOn, objectionId }) => [answerDueOn, objectionId],
    show: objectionJson,
  }),
  oneObjection,
  command('post', '/bills/{bill}/objections', {
    cli: 'objections receive',
    permits: 'objections.receive',
    title: { zh: '登记对账单的异议；缴费期限不变', en: 'receive an objection; the due date stays' },
    params: { bill: billNumber },
    body: { from: text(200), grounds: text(2000), evidence: text(2000).default(''), receivedOn: date.optional() },
    example: { from: '示例公司', grounds: '表计故障', evidence: '检定证书' },
    answer: z.object({ objectionId: id(), bill: billNumber, answerDueOn: date }),
    run: ({ services, envelope, params, body }) => receiveObjection(services, envelope, { bill: params.bill, ...body }),
  }),
  command('post', '/objections/{objection}/answer', {
    cli: 'objections answer',
    permits: 'objections.answer',
    title: { zh: '答复异议：维持或已更正', en: 'answer it: kept, or corrected by an approved correction' },
    params: { objection: id() },
    body: {
      outcome: z.enum(['kept', 'corrected']),
      reason,
      correctionProposalId: id().optional().openapi({ description: '已批准的更正提案 the approved correction' }),
    },
    example: { outcome: 'corrected', correctionProposalId: '41', reason: '复核表计' },
    ifMatch: oneObjection,
    answer: z.object({ objectionId: id(), outcome: z.string(), inTime: z.boolean() }),
    run: ({ services, envelope, params, body }) =>
      answerObjection(services, envelope, { objectionId: params.objection, ...body }),
  }),
]

/** What an import of payments answers. */
export const paymentImportAnswer = z
  .object({
    importId: z.string(),
    collector: z.string(),
    file: z.string(),
    mapping: textsByName,
    rows: rowCounts,
    amounts,
    payments: whole,
    reversals: whole,
    unchanged: whole,
    allocated: amountText,
    reasons: countsByName,
    findings: z.array(finding),
  })
  .openapi('PaymentImportAnswer')

/** Payments, what is outstanding and overdue, collection files with their held rows, objections. */
export const paymentsRoutes = (later: LaterStages): RouteGroup => ({
  name: 'payments',
  title: { zh: '缴款、核销、欠费、异议', en: 'payments, allocation, what is outstanding, objections' },
  routes: [...importRoutes, ...paymentRoutes(later), ...objectionRoutes],
})
