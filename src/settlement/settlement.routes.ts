import { z } from '@hono/zod-openapi'
import { firstDay, plusMonths } from '../kernel/calendar.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Volume, volumeText } from '../kernel/volume.ts'
import { amountText, anyJson, date, digestSeen, id, instant, line, month, text } from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query } from '../platform/http/route.ts'
import { pageOf } from '../platform/page.ts'
import { returnRoute } from '../platform/platform.routes.ts'
import { approveConcession, approveConcessionEnd, returnConcession } from './approve-concession.ts'
import { findClaim, listClaims } from './claim.queries.ts'
import { stateOf } from './claim.rules.ts'
import { claimServiceFee, previewClaim } from './claim-service-fee.ts'
import { concessionsOf } from './concession.queries.ts'
import { concessionShape, concessionTemplate } from './concession-shape.ts'
import { acceptPlantRows, correctPlantRow, rejectPlantRows } from './decide-plant-rows.ts'
import { plantDays } from './plant-day.queries.ts'
import { findPlantImport, plantImports, plantRowsOf } from './plant-import.queries.ts'
import { findPlant } from './plants.ts'
import { proposeConcession } from './propose-concession.ts'
import { proposeConcessionEnd } from './propose-concession-end.ts'
import { claimSteps, type ServiceFeeClaim } from './service-fee-claim.ts'
import { approveClaim, payClaim, reconcileClaim, returnClaim, reviewClaim } from './take-step.ts'
import { waterBalance } from './water-balance.ts'

const claimShape = z
  .object({
    number: z.string(),
    plant: z.string(),
    month,
    state: z.enum(claimSteps),
    fee: amountText,
    corrections: amountText,
    carriedIn: amountText,
    payable: amountText,
    digest: z.string(),
    claimedOn: z.string(),
    steps: z.array(
      z.object({
        step: z.enum(claimSteps),
        person: z.string(),
        actedOn: z.string(),
        reason: z.string(),
        reference: z.string(),
        recordedAt: instant,
      }),
    ),
  })
  .openapi('ServiceFeeClaim')

const showClaim = (claim: ServiceFeeClaim) => ({
  number: claim.number,
  plant: claim.plantCode,
  month: claim.month,
  state: stateOf(claim),
  fee: moneyText(claim.feeAmount),
  corrections: moneyText(claim.correctionAmount),
  carriedIn: moneyText(claim.carriedAmount),
  payable: moneyText(claim.payableAmount),
  digest: claim.digest,
  claimedOn: claim.claimedOn,
  steps: claim.steps.map((step) => ({
    step: step.step,
    person: step.personName,
    actedOn: step.actedOn,
    reason: step.reason,
    reference: step.reference,
    recordedAt: step.recordedAt.toISOString(),
  })),
})

const decided = z.object({
  importId: id(),
  decided: z.number().int(),
  stored: z.number().int(),
  unchanged: z.number().int(),
})
const stepAnswer = z.object({ number: z.string(), state: z.enum(claimSteps), payable: amountText })
export const plantCode = line(40).openapi({ example: 'plant' })
const knownVolume = (known: Volume | null) => known && volumeText(known)
export const claimParams = { claim: text(30).openapi({ example: 'S2026-000001' }) }
const paid = { amount: amountText, on: date, reference: line() }
const paidExample = { amount: '266400.00', on: '2026-04-20', reference: '0417' }

/** The plant's service fee: agreements, days, claims and what became of them. Files come by the command line. */
export const settlementRoutes: RouteGroup = {
  name: 'settlement',
  title: { zh: '污水处理服务费结算', en: 'the plant’s service fee' },
  routes: [
    query('/settlement/agreements', {
      cli: 'settlement agreements',
      permits: 'settlement.read',
      title: { zh: '特许经营协议', en: 'concession agreements' },
      answer: z.object({
        agreements: z.array(
          z.object({
            code: z.string(),
            title: z.string(),
            document: z.string(),
            validFrom: date,
            validUntil: date.nullable(),
            terms: anyJson,
          }),
        ),
      }),
      read: async ({ services }) => ({
        agreements: (await concessionsOf(services.db)).map(
          ({ concessionId: _, plantId: __, ...agreement }) => agreement,
        ),
      }),
    }),
    query('/settlement/plants/{plant}/days/{month}', {
      cli: 'settlement days',
      permits: 'settlement.read',
      title: { zh: '某月每日水量与水质', en: 'the days of a month as they count' },
      params: { plant: plantCode, month },
      answer: z.object({
        days: z.array(
          z.object({
            day: date,
            treatedM3: z.string(),
            inflowM3: z.string().nullable(),
            effluent: z.record(z.string(), z.string()),
            importId: id(),
            rowNo: z.number().int(),
          }),
        ),
      }),
      read: async ({ services, params }) => {
        const plant = await findPlant(services.db, params.plant)
        if (isRefusal(plant)) return plant
        const range = { from: firstDay(params.month), until: firstDay(plusMonths(params.month, 1)) }
        const days = [...(await plantDays(services.db, plant.plantId, range)).values()]
        return {
          days: days.map(({ plantDayId: _, treatedM3, inflowM3, effluent, ...day }) => ({
            ...day,
            effluent: { ...effluent },
            treatedM3: volumeText(treatedM3),
            inflowM3: inflowM3 === null ? null : volumeText(inflowM3),
          })),
        }
      },
    }),
    query('/settlement/water-balance', {
      cli: 'settlement balance',
      // What companies sold and were billed for is not the plant's to see.
      permits: 'settlement.verify',
      title: { zh: '水量平衡：售水、开账、进厂、处理', en: 'water sold, billed, arriving and treated' },
      query: { from: month.optional(), until: month.optional() },
      answer: z.object({
        months: z.array(
          z.object({
            month,
            soldM3: z.string().nullable(),
            billedM3: z.string().nullable(),
            inflowM3: z.string().nullable(),
            treatedM3: z.string().nullable(),
            billedLessSoldM3: z.string().nullable(),
            inflowLessBilledM3: z.string().nullable(),
            plantDays: z.number().int(),
          }),
        ),
      }),
      read: async ({ services, query: { from, until } }) => {
        const range = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
        const months = await waterBalance(services.db, range)
        return {
          months: months.map((each) => ({
            month: each.month,
            soldM3: knownVolume(each.soldM3),
            billedM3: knownVolume(each.billedM3),
            inflowM3: knownVolume(each.inflowM3),
            treatedM3: knownVolume(each.treatedM3),
            billedLessSoldM3: knownVolume(each.billedLessSoldM3),
            inflowLessBilledM3: knownVolume(each.inflowLessBilledM3),
            plantDays: each.plantDays,
          })),
        }
      },
    }),
    query('/settlement/plants/{plant}/fee/{month}', {
      cli: 'settlement compute',
      permits: 'settlement.read',
      title: { zh: '试算某月服务费', en: 'what a month comes to, without claiming it' },
      params: { plant: plantCode, month },
      answer: z.object({ calculation: anyJson }),
      read: async ({ services, params }) => {
        const calculation = await previewClaim(services, params)
        return isRefusal(calculation) ? calculation : { calculation }
      },
    }),
    list('/settlement/claims', {
      cli: 'settlement claims',
      permits: 'settlement.read',
      title: { zh: '结算申请', en: 'claims' },
      item: claimShape,
      key: [text()],
      rows: async ({ services }, page) => pageOf(await listClaims(services.db), ({ number }) => number, page),
      keyOf: ({ number }) => [number],
      show: showClaim,
    }),
    query('/settlement/claims/{claim}', {
      cli: 'settlement show',
      permits: 'settlement.read',
      title: { zh: '一份申请的计算与办理过程', en: 'a claim with its arithmetic and its steps' },
      params: claimParams,
      answer: claimShape.extend({ calculation: anyJson }),
      read: async ({ services, params }) => {
        const claim = await findClaim(services.db, params.claim)
        return isRefusal(claim) ? claim : { ...showClaim(claim), calculation: claim.calculation }
      },
    }),
    command('post', '/settlement/agreements/proposals', {
      cli: 'settlement propose-agreement',
      permits: 'settlement.propose-concession',
      title: { zh: '提交协议', en: 'propose an agreement' },
      body: concessionShape.shape,
      example: concessionTemplate,
      answer: z.object({ proposalId: id(), digest: z.string(), code: z.string() }),
      run: ({ services, envelope, body }) => proposeConcession(services, envelope, body),
    }),
    command('post', '/settlement/agreements/proposals/{proposal}/approval', {
      cli: 'settlement approve-agreement',
      permits: 'settlement.approve-concession',
      title: { zh: '批准协议', en: 'approve an agreement' },
      params: { proposal: id() },
      body: { digestSeen: digestSeen.optional() },
      example: { digestSeen: '5f2c8a10' },
      answer: z.object({ code: z.string(), validFrom: z.string() }),
      run: ({ services, envelope, params, body }) =>
        approveConcession(services, envelope, { proposalId: params.proposal, ...body }),
    }),
    command('post', '/settlement/agreements/{agreement}/end/proposals', {
      cli: 'settlement propose-end',
      permits: 'settlement.propose-concession-end',
      title: { zh: '提交协议终止', en: 'propose the end of an agreement' },
      params: { agreement: line(40).openapi({ example: 'TX-2025' }) },
      body: { until: date, reason: line() },
      example: { until: '2026-07-01', reason: '期满' },
      answer: z.object({ proposalId: id(), digest: z.string(), code: z.string() }),
      run: ({ services, envelope, params, body }) =>
        proposeConcessionEnd(services, envelope, { code: params.agreement, ...body }),
    }),
    command('post', '/settlement/agreement-ends/proposals/{proposal}/approval', {
      cli: 'settlement approve-end',
      permits: 'settlement.approve-concession-end',
      title: { zh: '批准协议终止', en: 'approve the end of an agreement' },
      params: { proposal: id() },
      body: { digestSeen: digestSeen.optional() },
      example: { digestSeen: '5f2c8a10' },
      answer: z.object({ code: z.string(), validUntil: z.string() }),
      run: ({ services, envelope, params, body }) =>
        approveConcessionEnd(services, envelope, { proposalId: params.proposal, ...body }),
    }),
    returnRoute(
      '/settlement/agreements/proposals',
      'settlement return-agreement',
      'settlement.return-concession',
      (services, envelope, returned) => returnConcession(services, envelope, { ...returned, what: 'agreement' }),
    ),
    returnRoute(
      '/settlement/agreement-ends/proposals',
      'settlement return-agreement',
      'settlement.return-concession',
      (services, envelope, returned) => returnConcession(services, envelope, { ...returned, what: 'end' }),
    ),
    list('/settlement/imports', {
      cli: 'settlement imports',
      permits: 'settlement.read',
      title: { zh: '日报导入记录', en: 'files of plants taken in' },
      item: z.object({
        importId: id(),
        plantCode: z.string(),
        fileName: z.string(),
        importedBy: z.string(),
        recordedAt: instant,
        rowsIn: z.number().int(),
        rowsHeld: z.number().int(),
        rowsRejected: z.number().int(),
        undecided: z.number().int(),
        volumeInM3: z.string(),
      }),
      key: [text()],
      rows: async ({ services }, page) =>
        pageOf(await plantImports(services.db, { limit: 10_000 }), ({ importId }) => importId, page),
      keyOf: ({ importId }) => [importId],
      show: (each) => ({
        importId: each.importId,
        plantCode: each.plantCode,
        fileName: each.fileName,
        importedBy: each.importedBy,
        recordedAt: each.recordedAt.toISOString(),
        rowsIn: each.rows.in,
        rowsHeld: each.rows.held,
        rowsRejected: each.rows.rejected,
        undecided: each.undecided,
        volumeInM3: each.volumeInM3,
      }),
    }),
    query('/settlement/imports/{import}/rows', {
      cli: 'settlement rows',
      permits: 'settlement.read',
      title: { zh: '待审和拒绝的日报行', en: 'held and rejected rows' },
      params: { import: id() },
      answer: z.object({ rows: anyJson }),
      read: async ({ services, params }) => {
        const found = await findPlantImport(services.db, params.import)
        if (isRefusal(found)) return found
        const rows = await plantRowsOf(services.db, found.importId)
        return { rows: rows.map((row) => ({ ...row, decision: row.decision ?? null })) }
      },
    }),
    command('post', '/settlement/imports/{import}/rows/acceptance', {
      cli: 'settlement accept',
      permits: 'settlement.accept-rows',
      title: { zh: '接受待审的行', en: 'accept held rows as they stand' },
      params: { import: id() },
      body: { rowNos: z.array(z.number().int().positive()).min(1).max(1_000), reason: line() },
      example: { rowNos: [8, 9], reason: '现场核对停运' },
      answer: decided,
      run: ({ services, envelope, params, body }) =>
        acceptPlantRows(services, envelope, { importId: params.import, ...body }),
    }),
    command('post', '/settlement/imports/{import}/rows/rejection', {
      cli: 'settlement reject',
      permits: 'settlement.reject-rows',
      title: { zh: '拒绝行', en: 'refuse rows for good' },
      params: { import: id() },
      body: { rowNos: z.array(z.number().int().positive()).min(1).max(1_000), reason: line() },
      example: { rowNos: [8], reason: '重复' },
      answer: decided,
      run: ({ services, envelope, params, body }) =>
        rejectPlantRows(services, envelope, { importId: params.import, ...body }),
    }),
    command('post', '/settlement/imports/{import}/rows/correction', {
      cli: 'settlement correct',
      permits: 'settlement.correct-row',
      title: { zh: '改正一行', en: 'correct one row; it is judged again' },
      params: { import: id() },
      body: { rowNo: z.number().int().positive(), values: z.record(z.string(), z.string()), reason: line() },
      example: { rowNo: 8, values: { 处理水量: '9350' }, reason: '流量计复核' },
      answer: decided,
      run: ({ services, envelope, params, body }) =>
        correctPlantRow(services, envelope, { importId: params.import, ...body }),
    }),
    command('post', '/settlement/claims', {
      cli: 'settlement claim',
      permits: 'settlement.claim',
      title: { zh: '污水厂申请结算某月服务费', en: 'the plant claims a month' },
      body: { plant: line(40), month },
      example: { plant: 'plant', month: '2026-03' },
      answer: z.object({
        number: z.string(),
        month: z.string(),
        fee: amountText,
        corrected: amountText,
        carriedIn: amountText,
        payable: amountText,
        digest: z.string(),
      }),
      run: ({ services, envelope, body }) => claimServiceFee(services, envelope, body),
    }),
    command('post', '/settlement/claims/{claim}/review', {
      cli: 'settlement review',
      permits: 'settlement.review-claim',
      title: { zh: '综合执法大队审核', en: 'the brigade reviews a claim' },
      params: claimParams,
      body: { digestSeen },
      example: { digestSeen: '5f2c8a10' },
      answer: stepAnswer,
      run: ({ services, envelope, params, body }) => reviewClaim(services, envelope, { number: params.claim, ...body }),
    }),
    command('post', '/settlement/claims/{claim}/approval', {
      cli: 'settlement approve',
      permits: 'settlement.approve-claim',
      title: { zh: '城管局审定', en: 'the bureau approves a claim' },
      params: claimParams,
      body: { digestSeen },
      example: { digestSeen: '5f2c8a10' },
      answer: stepAnswer,
      run: ({ services, envelope, params, body }) =>
        approveClaim(services, envelope, { number: params.claim, ...body }),
    }),
    command('post', '/settlement/claims/{claim}/payment', {
      cli: 'settlement pay',
      permits: 'settlement.pay-claim',
      title: { zh: '财政拨付', en: 'finance pays a claim' },
      params: claimParams,
      body: paid,
      example: paidExample,
      answer: stepAnswer,
      run: ({ services, envelope, params, body }) => payClaim(services, envelope, { number: params.claim, ...body }),
    }),
    command('post', '/settlement/claims/{claim}/reconciliation', {
      cli: 'settlement reconcile',
      permits: 'settlement.reconcile-payment',
      title: { zh: '财政另一人核对', en: 'another person of finance checks the payment' },
      params: claimParams,
      body: paid,
      example: paidExample,
      answer: stepAnswer,
      run: ({ services, envelope, params, body }) =>
        reconcileClaim(services, envelope, { number: params.claim, ...body }),
    }),
    command('post', '/settlement/claims/{claim}/return', {
      cli: 'settlement return',
      permits: 'settlement.return-claim',
      title: { zh: '退回申请', en: 'return a claim' },
      params: claimParams,
      body: { reason: line() },
      example: { reason: '3月8日水量与流量计不符' },
      answer: stepAnswer,
      run: ({ services, envelope, params, body }) => returnClaim(services, envelope, { number: params.claim, ...body }),
    }),
  ],
}
