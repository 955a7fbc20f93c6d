import { z } from '@hono/zod-openapi'
import { billNumber } from '../bills/bill.routes.ts'
import { findDischarger } from '../dischargers/account.queries.ts'
import { dischargerCode } from '../dischargers/account.routes.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { amountText, anyJson, count, date, id, line, month, text } from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query, type Route } from '../platform/http/route.ts'
import { decisionRoute } from '../platform/platform.routes.ts'
import { keptEvidence } from '../platform/scanned-paper.ts'
import { adoptGrid, proposeGrid, returnGrid } from './adopt-grid.ts'
import { clockNames, clockParties } from './clocks.rules.ts'
import { draftOrder, issueOrder, returnOrder } from './draft-order.ts'
import { caseJson, caseLineJson, orderJson, orderLineJson, workJson } from './enforcement.json.ts'
import { listCases, listOrders, viewFile, workOn } from './enforcement.queries.ts'
import { type OrderStanding, orderStandingNames } from './enforcement.ts'
import type { LogKind } from './matter.queries.ts'
import { fileCase, reportCase, returnCase } from './open-case.ts'
import { reviewEstimate } from './review-estimate.ts'
import { labelOf, sampleOf, stepWords } from './step-entry.ts'
import { type StepName, stepKind, stepNames } from './steps.ts'
import { approveStep, proposeStep, recordStep, returnStep } from './take-step.ts'

/** Number of an order or a case. */
export const paperNumber = z
  .string()
  .regex(/^(19|20|21)\d{2}-\d{4,6}$/, '如 2025-0001')
  .openapi({ example: '2025-0001' })
const standings = Object.keys(orderStandingNames) as [OrderStanding, ...OrderStanding[]]
const stepName = z.enum(stepNames as [StepName, ...StepName[]])
const clockName = z.enum(Object.keys(clockNames) as [keyof typeof clockNames, ...(keyof typeof clockNames)[]])
const evidence = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'SHA-256')
  .optional()
  .openapi({
    description: '先经 /evidence 存入的文件摘要 digest of a file kept before by /evidence',
    example: '5f2c8a10'.repeat(8),
  })
const proposed = z.object({ proposalId: id(), digest: z.string() })

const party = z.object({ code: z.string(), name: z.string() })
const clock = z.object({
  what: clockName,
  by: z.enum(clockParties),
  until: date.nullable(),
  from: date.nullable(),
  step: stepName.nullable(),
  calendarMissing: z.number().nullable(),
  about: z.string(),
})
const step = z.object({
  seq: z.number(),
  name: stepName,
  on: date,
  particulars: anyJson,
  evidenceDigest: z.string().nullable(),
})
/** Null where the calendar is not loaded that a day hangs on. */
const dates = z.object({ reviewBy: date.nullable(), suitBy: date.nullable(), courtBy: date.nullable() }).nullable()
const orderLine = z
  .object({
    number: paperNumber,
    dischargerCode: z.string(),
    dischargerName: z.string(),
    issuedOn: date,
    standing: z.enum(standings),
    termEndsOn: date.nullable(),
    amount: amountText,
    unpaid: amountText,
    bills: z.number(),
    cases: z.array(paperNumber),
  })
  .openapi('OrderLine')
const order = z
  .object({
    number: paperNumber,
    discharger: party,
    issuedOn: date,
    termDays: z.number(),
    standing: z.enum(standings),
    servedOn: date.nullable(),
    termEndsOn: date.nullable(),
    unpaid: amountText,
    base: amountText,
    bills: z.array(
      z.object({
        number: billNumber,
        accountNo: z.string(),
        feeMonth: month,
        dueOn: date,
        named: amountText,
        unpaid: amountText,
        estimated: z.boolean(),
        reviewed: z.boolean(),
        objected: z.boolean(),
      }),
    ),
    dates,
    steps: z.array(step),
    clocks: z.array(clock),
  })
  .openapi('OrderToPay')
const person = z.object({ name: z.string(), certificateNo: z.string().nullable() }).nullable()
const caseLine = z
  .object({
    number: paperNumber,
    order: paperNumber,
    dischargerName: z.string(),
    filedOn: date,
    lastStep: stepName.nullable(),
    isOver: z.boolean(),
    fine: amountText,
    outstanding: amountText,
  })
  .openapi('CaseLine')
const fineCase = z
  .object({
    number: paperNumber,
    order: paperNumber,
    discharger: party,
    filedOn: date.nullable(),
    officers: z.array(person),
    filedBy: person,
    base: amountText,
    bounds: z.array(amountText),
    balance: z
      .object({
        fine: amountText,
        addition: z.object({ amount: amountText, days: z.number(), capped: z.boolean() }),
        paid: amountText,
        outstanding: amountText,
      })
      .nullable(),
    dates,
    steps: z.array(step),
    clocks: z.array(clock),
  })
  .openapi('FineCase')
const workItem = clock
  .extend({ log: z.enum(['order', 'case']), number: paperNumber, dischargerName: z.string() })
  .openapi('EnforcementWork')

const oneOrder = query('/orders/{order}', {
  cli: 'orders show',
  permits: 'enforcement.read',
  title: { zh: '一份责令限期缴纳通知书：账单、步骤、期限', en: 'one order to pay: bills, steps, clocks' },
  params: { order: paperNumber },
  answer: order,
  read: async ({ services, params }) => {
    const found = await viewFile(services.db, 'order', params.order, services.clock.today())
    return found === undefined ? undefined : orderJson(found)
  },
})
const oneCase = query('/cases/{case}', {
  cli: 'cases show',
  permits: 'enforcement.read',
  title: { zh: '一个处罚案件：人员、金额、步骤、期限', en: 'one fine case: people, amounts, steps, clocks' },
  params: { case: paperNumber },
  answer: fineCase,
  read: async ({ services, params }) => {
    const found = await viewFile(services.db, 'case', params.case, services.clock.today())
    return found === undefined ? undefined : caseJson(found)
  },
})

const decided = z.object({
  proposalId: id(),
  outcome: z.enum(['approved', 'returned']),
  number: z.string().nullable(),
  paper: z.string().nullable(),
})
interface Decision {
  readonly proposalId: string
  readonly outcome: 'approved' | 'returned'
  readonly reason: string
  readonly digestSeen?: string
}

/** One decision of a proposal from the two commands that carry it out. */
function decideBy<Approved>(
  approve: (services: Services, envelope: Envelope, of: Decision) => Promise<CommandAnswer<Approved> | Refusal>,
  giveBack: (
    services: Services,
    envelope: Envelope,
    of: Decision,
  ) => Promise<CommandAnswer<{ returned: true }> | Refusal>,
) {
  return async (services: Services, envelope: Envelope, of: Decision) => {
    const settled = await (of.outcome === 'approved' ? approve : giveBack)(services, envelope, of)
    if (isRefusal(settled)) return settled
    const { number = null, paper = null } = settled.answer as { number?: string; paper?: string | null }
    const answer = { proposalId: of.proposalId, outcome: of.outcome, number, paper }
    return { ...settled, answer }
  }
}

/** Every step of a log as a write, from the list of steps: recorded, or proposed where it takes two persons. */
function stepRoutes(log: LogKind): Route[] {
  const cli = log === 'order' ? 'orders' : 'cases'
  const names = stepNames.filter((name) => stepKind(name).of === log || stepKind(name).of === 'claim')
  return names.map((name) => {
    const { zh, en, clause, fields, twoPersons, evidence: proof } = stepKind(name)
    const shape = Object.fromEntries(
      fields.map((field) => {
        const described = text(4_000).openapi({ description: `${labelOf(field, 'zh')} ${labelOf(field, 'en')}` })
        return [field.name, field.optional ? described.optional() : described]
      }),
    )
    const typed = fields.filter((field) => !field.optional || field.name === 'capacity')
    const sample = typed.map((field) => [field.name, field.name === 'capacity' ? 'mail_receiver' : sampleOf(field)])
    const body = { ...shape, evidence, ...(twoPersons ? {} : { on: date.optional() }) }
    const asked = { log, step: name }
    const read = async (db: Services['db'], given: Readonly<Record<string, string | undefined>>) => {
      const { evidence: digest, on: _, ...typedFields } = given
      const file = await keptEvidence(db, digest)
      return isRefusal(file) ? file : { fields: typedFields, evidence: file }
    }
    const described = {
      cli: `${cli} ${stepWords[name]}`,
      permits: `enforcement.step.${name}` as const,
      title: { zh, en },
      note: { zh: clause, en: twoPersons ? 'proposed; another person approves it' : 'recorded' },
      params: { file: paperNumber },
      body,
      example: Object.fromEntries([...sample, ...(proof === 'required' ? [['evidence', '5f2c8a10'.repeat(8)]] : [])]),
    }
    const path = `/${cli}/{file}/${stepWords[name]}`
    if (twoPersons)
      return command('post', path, {
        ...described,
        answer: proposed.extend({ computed: anyJson }),
        run: async ({ services, envelope, params, body: given }) => {
          const entered = await read(services.db, given as Readonly<Record<string, string>>)
          if (isRefusal(entered)) return entered
          return proposeStep(services, envelope, { ...asked, number: params.file, ...entered })
        },
      })
    return command('post', path, {
      ...described,
      answer: z.object({
        log: z.enum(['order', 'case']),
        step: stepName,
        number: paperNumber,
        on: date,
        paper: z.string().nullable(),
        particulars: anyJson,
      }),
      run: async ({ services, envelope, params, body: given }) => {
        const entered = await read(services.db, given as Readonly<Record<string, string>>)
        if (isRefusal(entered)) return entered
        const { on } = given as { readonly on?: never }
        return recordStep(services, envelope, { ...asked, number: params.file, on, ...entered })
      },
    })
  })
}

/** Orders to pay, fine cases, their steps, and what is due. */
export const enforcementRoutes: RouteGroup = {
  name: 'enforcement',
  title: { zh: '催缴与处罚', en: 'enforcement' },
  routes: [
    list('/orders', {
      cli: 'orders list',
      permits: 'enforcement.read',
      title: { zh: '责令限期缴纳通知书，最近的在前', en: 'orders to pay, newest first' },
      query: { discharger: dischargerCode.optional() },
      item: orderLine,
      key: [id()],
      rows: async ({ services, query: asked }, page) => {
        const { db, clock: now } = services
        const found = asked.discharger === undefined ? undefined : await findDischarger(db, asked.discharger)
        if (isRefusal(found)) return found
        const filter = { dischargerId: found?.dischargerId, before: page.after?.[0], limit: page.limit }
        return listOrders(db, now.today(), filter)
      },
      keyOf: (row) => [row.orderId],
      show: orderLineJson,
    }),
    oneOrder,
    command('post', '/orders/drafts', {
      cli: 'orders draft',
      permits: 'enforcement.draft-order',
      title: { zh: '就逾期账单拟稿（须他人签发）', en: 'draft an order over overdue bills' },
      body: { discharger: dischargerCode, bills: z.array(billNumber).max(5_000).optional() },
      example: { discharger: 'D0001' },
      answer: proposed.extend({ amount: amountText, bills: z.number() }),
      run: ({ services, envelope, body }) => draftOrder(services, envelope, body),
    }),
    decisionRoute(
      '/order-drafts',
      {
        cli: 'orders decide',
        permits: 'enforcement.issue-order',
        title: { zh: '签发或退回通知书（须他人）', en: 'issue or return a drafted order' },
        answer: decided,
      },
      decideBy(issueOrder, returnOrder),
    ),
    command('post', '/bills/{bill}/estimate-review', {
      cli: 'orders review-estimate',
      permits: 'enforcement.review-estimate',
      title: { zh: '登记对估抄账单的复核', en: 'put the review of an estimate on record' },
      params: { bill: billNumber },
      body: { finding: line(2_000), evidence },
      example: { finding: '与前后实抄相符', evidence: '5f2c8a10'.repeat(8) },
      answer: z.object({ bill: billNumber }),
      run: async ({ services, envelope, params, body }) => {
        const file = await keptEvidence(services.db, body.evidence)
        if (isRefusal(file)) return file
        return reviewEstimate(services, envelope, { bill: params.bill, finding: body.finding, evidence: file })
      },
    }),
    ...stepRoutes('order'),
    list('/cases', {
      cli: 'cases list',
      permits: 'enforcement.read',
      title: { zh: '处罚案件，最近的在前', en: 'fine cases, newest first' },
      item: caseLine,
      key: [id()],
      rows: ({ services }, page) =>
        listCases(services.db, services.clock.today(), { before: page.after?.[0], limit: page.limit }),
      keyOf: (row) => [row.caseId],
      show: caseLineJson,
    }),
    oneCase,
    command('post', '/orders/{order}/case-reports', {
      cli: 'cases report',
      permits: 'enforcement.report-case',
      title: { zh: '提出立案报告（两名执法人员）', en: 'report a case, by two officers' },
      params: { order: paperNumber },
      body: { second: text(40), report: evidence },
      example: { second: 'officer-b', report: '5f2c8a10'.repeat(8) },
      answer: proposed.extend({ base: amountText }),
      run: async ({ services, envelope, params, body }) => {
        const report = await keptEvidence(services.db, body.report)
        if (isRefusal(report)) return report
        return reportCase(services, envelope, { order: params.order, second: body.second, report })
      },
    }),
    decisionRoute(
      '/case-reports',
      {
        cli: 'cases decide',
        permits: 'enforcement.file-case',
        title: { zh: '批准或退回立案（须第三人）', en: 'file or return a reported case' },
        answer: decided,
      },
      decideBy(fileCase, returnCase),
    ),
    decisionRoute(
      '/enforcement-steps',
      {
        cli: 'cases decide',
        permits: 'enforcement.approve-step',
        title: { zh: '批准或退回执法步骤（须他人）', en: 'approve or return a proposed step' },
        answer: decided,
      },
      decideBy(approveStep, returnStep),
    ),
    ...stepRoutes('case'),
    command('post', '/discretion-grids/proposals', {
      cli: 'cases import-grid',
      permits: 'enforcement.propose-grid',
      title: { zh: '提出已公布的裁量基准', en: 'propose a published discretion grid' },
      body: { grid: z.string().max(100_000).openapi({ description: '文件全文（JSON） the text of its file' }) },
      example: { grid: '{"documentNumber":"示例〔2025〕1号"}' },
      answer: proposed.extend({ documentNumber: z.string(), rows: z.number() }),
      run: ({ services, envelope, body }) => proposeGrid(services, envelope, body.grid),
    }),
    decisionRoute(
      '/discretion-grids/proposals',
      {
        cli: 'cases decide',
        permits: 'enforcement.adopt-grid',
        title: { zh: '批准或退回裁量基准（须他人）', en: 'adopt or return a grid' },
        answer: decided,
      },
      decideBy(adoptGrid, returnGrid),
    ),
    query('/enforcement/work', {
      cli: 'enforcement today',
      permits: 'enforcement.read',
      title: { zh: '今日待办：期限、经办，最急的在前', en: 'what is due, by whom, the most urgent first' },
      query: { within: count(0, 9_999).optional() },
      answer: z.object({ today: date, items: z.array(workItem) }),
      read: async ({ services, query: { within } }) => {
        const today = services.clock.today()
        return { today, items: (await workOn(services.db, today, { within })).map(workJson) }
      },
    }),
  ],
}
