import { z } from '@hono/zod-openapi'
import { accountNo } from '../dischargers/account.routes.ts'
import {
  amountText,
  anyJson,
  date,
  decimalText,
  digestSeen,
  id,
  month,
  text,
  volumeText,
} from '../platform/http/fields.ts'
import { countsByName, interval, whole } from '../platform/http/import-fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query } from '../platform/http/route.ts'
import { decisionRoute } from '../platform/platform.routes.ts'
import { volumeBases } from '../volumes/volume-basis.ts'
import type { AfterIssue } from './after-issue.ts'
import { approveRun } from './approve-run.ts'
import { billJson, exceptionSentence, lineJson, runJson } from './bill.json.ts'
import { findBill, linesOf, listBills, listRuns, runExceptions } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { type BillKind, billKindNames, correctionReasons, parseBillNumber } from './bill.ts'
import { explainBill } from './bill-explanation.ts'
import { termsOfBills } from './bill-terms.queries.ts'
import { type CorrectionGuard, decideCorrection, proposeCorrection } from './correct-bill.ts'
import { discardRun } from './draft-run.ts'
import { explanationNames } from './explanation-names.queries.ts'
import { returnRun } from './return-run.ts'
import { summariseRun } from './run-summary.ts'

const kinds = Object.keys(billKindNames) as [BillKind, ...BillKind[]]

/** A bill's number as people write it. */
export const billNumber = z
  .string()
  .regex(/^(19|20|21)\d{2}-\d{6,8}$/, '账单号，例 2026-000001 · a bill number')
  .openapi({ example: '2026-000001' })

const bill = z
  .object({
    number: billNumber,
    kind: z.enum(kinds),
    collector: z.string(),
    account: z.string(),
    discharger: z.string(),
    feeMonth: month,
    issuedOn: date,
    dueOn: date,
    volumeM3: volumeText,
    amount: amountText,
    unit: z.string().openapi({ example: 'm³' }),
    currency: z.string().openapi({ example: '元' }),
    corrects: billNumber.nullable(),
    reason: z.enum(correctionReasons).nullable(),
    evidence: z.string().nullable(),
    cancelledBy: billNumber.nullable(),
  })
  .openapi('Bill')

const billLine = z
  .object({
    categoryCode: z.string(),
    scheduleId: id(),
    basis: z.enum(volumeBases),
    used: z.object(interval),
    volumeM3: volumeText,
    amount: amountText,
    derivation: anyJson.openapi({
      description: '算式：从水表读数到分，冻结于签发时 the arithmetic from meter to fen, frozen when it was issued',
    }),
  })
  .openapi('BillLine')

const run = z
  .object({
    runId: id(),
    feeMonth: month,
    purpose: z.enum(['regular', 'supplementary']),
    scope: z.enum(['all', 'accounts']),
    rosterVersionId: id(),
    makerName: z.string(),
    makerCode: z.string(),
    state: z.enum(['open', 'discarded', 'issued']),
    issued: z
      .object({ count: whole, amount: amountText, on: date, firstNumber: billNumber, lastNumber: billNumber })
      .nullable(),
  })
  .openapi('BillRun')

const summary = z
  .object({
    runId: id(),
    feeMonth: month,
    digest: z.string().openapi({ description: '审批时写明 an approval names it' }),
    census: z.object({ roster: whole, billedBefore: whole, billed: whole, held: whole, exempt: whole }),
    drafted: whole,
    complete: z.boolean(),
    factsChanged: z.boolean(),
    bills: whole,
    adjustments: whole,
    trueUpsLeft: whole,
    volumeM3: volumeText,
    amount: amountText,
    amountByMonth: z.record(z.string(), amountText),
    heldByCode: countsByName,
    outliers: z.array(
      z.object({
        accountId: id(),
        accountNo: z.string(),
        volumeM3: decimalText,
        meanM3: decimalText,
        amount: decimalText,
      }),
    ),
    outlierCount: whole,
    brake: z.array(z.object({ code: z.string(), zh: z.string(), en: z.string() })),
  })
  .openapi('RunSummary')

const oneRun = query('/bill-runs/{run}', {
  cli: 'bills run',
  permits: 'bills.runs.read',
  title: { zh: '一个批次：普查、合计、刹车', en: 'one run: census, totals, brake' },
  params: { run: id() },
  answer: run.extend({ summary: summary.nullable() }).openapi('BillRunInFull'),
  read: async ({ services: { db }, params }) => {
    const [found] = await listRuns(db, { runId: params.run })
    if (found === undefined) return refuseBill('run_missing', { run: params.run })
    return { ...runJson(found), summary: found.state === 'open' ? await summariseRun(db, found) : null }
  },
})

/** One bill: what the routes that correct it, or object to it, name in If-Match. */
export const oneBill = query('/bills/{bill}', {
  cli: 'bills show',
  permits: 'bills.read',
  title: { zh: '一张账单：从水表到分的算式', en: 'one bill with its arithmetic from meter to fen' },
  params: { bill: billNumber },
  query: {
    explain: z.enum(['zh', 'en']).optional().openapi({ description: '逐行写成句子 the arithmetic in sentences' }),
  },
  answer: bill.extend({ lines: z.array(billLine), explanation: z.array(z.string()).nullable() }).openapi('BillInFull'),
  read: async ({ services: { db }, params, query }) => {
    const number = parseBillNumber(params.bill)
    const found = number === undefined ? undefined : await findBill(db, number)
    if (found === undefined) return refuseBill('bill_missing', { number: params.bill })
    const termsOf = await termsOfBills(db, [found])
    const lines = (await linesOf(db, [found.billId])).get(found.billId) ?? []
    return {
      ...billJson(found),
      ...termsOf(found),
      lines: lines.map(lineJson),
      explanation:
        query.explain === undefined ? null : explainBill(found, lines, await explanationNames(db), query.explain),
    }
  },
})

/** Which bills are listed or exported. */
export const billQuery = {
  month: month.optional(),
  account: accountNo.optional(),
  run: id().optional(),
  kind: z.enum(kinds).optional(),
}

/** The filter behind it. */
export function billFilter(query: {
  readonly month?: Parameters<typeof listBills>[1]['feeMonth']
  readonly account?: string
  readonly run?: string
  readonly kind?: BillKind
}) {
  return { feeMonth: query.month, accountNo: query.account, runId: query.run, kind: query.kind }
}

/** Runs, bills and their corrections; what later stages do when bills are issued, and may forbid, is handed in. */
export function billRoutes(afterIssue: AfterIssue, guards: readonly CorrectionGuard[]): RouteGroup {
  return {
    name: 'bills',
    title: { zh: '开账与账单', en: 'bill runs and bills' },
    routes: [
      list('/bill-runs', {
        cli: 'bills runs',
        permits: 'bills.runs.read',
        title: { zh: '开账批次，最近的在前', en: 'bill runs, newest first' },
        query: { month: month.optional() },
        item: run,
        key: [id()],
        rows: ({ services, query }, page) =>
          listRuns(services.db, { page, ...(query.month === undefined ? {} : { feeMonth: query.month }) }),
        keyOf: ({ runId }) => [runId],
        show: runJson,
      }),
      oneRun,
      list('/bill-runs/{run}/exceptions', {
        cli: 'bills run',
        permits: 'bills.runs.read',
        title: { zh: '待处理户与免征户及其原因', en: 'held and exempt accounts with their reasons' },
        params: { run: id() },
        query: { status: z.enum(['held', 'exempt']).optional() },
        item: z
          .object({
            accountId: id(),
            accountNo: z.string(),
            holderName: z.string(),
            status: z.enum(['held', 'exempt']),
            reason: z.object({
              reasons: z
                .array(
                  z.object({
                    code: z.string(),
                    parameters: z.record(z.string(), z.union([z.string(), z.number()])),
                  }),
                )
                .optional(),
              basis: z.enum(volumeBases).optional(),
              evidence: z.string().optional(),
              clause: z.string().optional(),
            }),
            zh: z.string(),
            en: z.string(),
          })
          .openapi('RunException'),
        key: [id()],
        rows: async ({ services: { db }, params, query }, page) => {
          const [found] = await listRuns(db, { runId: params.run })
          if (found === undefined) return refuseBill('run_missing', { run: params.run })
          return runExceptions(db, found, { ...query, page })
        },
        keyOf: ({ accountId }) => [accountId],
        show: (row) => ({ ...row, zh: exceptionSentence(row.reason, 'zh'), en: exceptionSentence(row.reason, 'en') }),
      }),
      command('post', '/bill-runs/{run}/approval', {
        cli: 'bills approve',
        permits: 'bills.approve-run',
        title: { zh: '审批并签发批次（须他人）', en: 'approve and issue a drafted run, by another person' },
        params: { run: id() },
        body: {
          digestSeen,
          acknowledge: text(500).optional().openapi({
            description: '触发刹车时写明理由 why the run is right although the brake stopped it',
          }),
        },
        example: { digestSeen: '5f2c8a10' },
        ifMatch: oneRun,
        answer: z.object({
          runId: id(),
          billCount: whole,
          totalAmount: amountText,
          firstNumber: billNumber,
          lastNumber: billNumber,
          dueOn: date,
          billed: whole,
          held: whole,
          exempt: whole,
        }),
        run: ({ services, envelope, params, body }) =>
          approveRun(services, envelope, { runId: params.run, ...body }, afterIssue),
      }),
      command('post', '/bill-runs/{run}/return', {
        cli: 'bills return',
        permits: 'bills.return-run',
        title: { zh: '退回批次（须他人）', en: 'return a drafted run to its maker, by another person' },
        params: { run: id() },
        body: { digestSeen, reason: text(500) },
        example: { digestSeen: '5f2c8a10', reason: '2 月用水异常，请核对' },
        ifMatch: oneRun,
        answer: z.object({ runId: id() }),
        run: ({ services, envelope, params, body }) => returnRun(services, envelope, { runId: params.run, ...body }),
      }),
      command('post', '/bill-runs/{run}/discarding', {
        cli: 'bills discard',
        permits: 'bills.discard-run',
        title: { zh: '作废未签发的批次', en: 'give up an open run' },
        params: { run: id() },
        body: { reason: text(500) },
        example: { reason: '漏导一个文件' },
        ifMatch: oneRun,
        answer: z.object({ runId: id() }),
        run: ({ services, envelope, params, body }) => discardRun(services, envelope, { runId: params.run, ...body }),
      }),
      list('/bills', {
        cli: 'bills list',
        permits: 'bills.read',
        title: { zh: '账单，按账单号', en: 'bills in order of number' },
        query: billQuery,
        item: bill,
        key: [id<'bill'>()],
        rows: async ({ services: { db }, query }, { after, limit }) => {
          const bills = await listBills(db, { ...billFilter(query), afterBillId: after?.[0], limit })
          const termsOf = await termsOfBills(db, bills)
          return bills.map((each) => ({ billId: each.billId, json: { ...billJson(each), ...termsOf(each) } }))
        },
        keyOf: ({ billId }) => [billId],
        show: ({ json }) => json,
      }),
      oneBill,
      command('post', '/bills/{bill}/corrections', {
        cli: ['bills cancel', 'bills adjust'],
        permits: 'bills.propose-correction',
        title: { zh: '提出更正：红冲、红冲并重开、追补或退补', en: 'propose a full negative, a rebill, an adjustment' },
        note: {
          zh: '金额由事实算出，不能填写；由他人审批。',
          en: 'The amounts are computed from the facts, never typed; another person decides.',
        },
        params: { bill: billNumber },
        body: {
          action: z.enum(['cancel', 'rebill', 'adjust']),
          reason: z.enum(correctionReasons),
          evidence: text(500),
          duplicateOf: billNumber.optional(),
        },
        example: { action: 'rebill', reason: 'category', evidence: '核查单012' },
        ifMatch: oneBill,
        answer: z.object({
          proposalId: id(),
          digest: z.string(),
          documents: z.array(
            z.object({ kind: z.string(), dischargerId: id(), volumeM3: decimalText, amount: amountText }),
          ),
        }),
        run: ({ services, envelope, params, body }) =>
          // What a preview holds is text by name; the command's type does not say which names.
          proposeCorrection(services, envelope, { number: params.bill, ...body }, guards) as never,
      }),
      decisionRoute(
        '/bill-corrections/proposals',
        {
          cli: 'bills decide',
          permits: 'bills.decide-correction',
          title: { zh: '审批更正（须他人）', en: 'decide a proposed correction' },
          answer: z.object({
            proposalId: id(),
            outcome: z.string(),
            numbers: z.array(billNumber),
            amount: amountText,
          }),
        },
        (services, envelope, decision) => decideCorrection(services, envelope, decision, guards, afterIssue),
      ),
    ],
  }
}
