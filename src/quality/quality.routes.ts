import { z } from '@hono/zod-openapi'
import { findDischarger } from '../dischargers/account.queries.ts'
import { dischargerCode } from '../dischargers/account.routes.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { count, date, decimalText, digestSeen, flag, id, instant, text } from '../platform/http/fields.ts'
import { byVerdict, countsByName, reason, rowReason, whole } from '../platform/http/import-fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query, type Route } from '../platform/http/route.ts'
import { pageOf } from '../platform/page.ts'
import { oneProposal, returnRoute } from '../platform/platform.routes.ts'
import { type Evidence, keptEvidence } from '../platform/scanned-paper.ts'
import { substanceKinds } from './accident.ts'
import { addPollutant } from './add-pollutant.ts'
import { approveLimits, returnQualityProposal } from './approve-limits.ts'
import { grades } from './credit-grade.ts'
import { approveCreditGrade, gradeProposal, proposeCreditGrade } from './grade-discharger.ts'
import { bounds } from './limit.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import { limitsProposal } from './propose-limits.ts'
import {
  exceedanceJson,
  gradeJson,
  limitJson,
  referralJson,
  sampleJson,
  sampleLineJson,
  samplesImportJson,
  totalJson,
} from './quality.json.ts'
import {
  creditGradesOf,
  limitsOfDischarger,
  listExceedances,
  listJudgedSamples,
  listPollutants,
  listReferrals,
  listReferredAccidents,
  samplingDays,
} from './quality.queries.ts'
import { recordSample, withdrawSample } from './record-sample.ts'
import { approveReferral, proposeReferral, recordReply, referralProposal } from './refer-matter.ts'
import { matterKinds } from './referral.ts'
import { reportAccident } from './report-accident.ts'
import { sources } from './sample.ts'
import { findSamplesImport, samplesImports, samplesRowsOf } from './samples-import.queries.ts'
import { findTotal, pageOfTotals } from './total.queries.ts'
import { parseTotalId } from './total.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256')
const keptBefore = {
  description: '先经 /evidence 存入的文件摘要 digest of a file kept before by /evidence',
  example: '5f2c8a10'.repeat(8),
}
const evidence = digest.optional().openapi(keptBefore)
const proposed = z.object({ proposalId: id(), digest: z.string() })
const approval = { body: { digestSeen: digestSeen.optional() }, example: { digestSeen: '5f2c8a10' } }
const referralNumber = text(100).openapi({ example: '移送〔2026〕1号' })

/** Whose samples, and taken on which days, the last one included. */
export const samplingQuery = { discharger: dischargerCode.optional(), from: date.optional(), until: date.optional() }
export const samplingFilter = (asked: {
  readonly discharger?: string
  readonly from?: z.output<typeof date>
  readonly until?: z.output<typeof date>
}) => ({
  taken: samplingDays(asked.from, asked.until),
  ...(asked.discharger === undefined ? {} : { dischargerCode: asked.discharger }),
})

const pollutant = z
  .object({
    code: z.string(),
    zh: z.string(),
    en: z.string(),
    aliases: z.array(z.string()),
    unit: z.string(),
    firstClass: z.boolean().openapi({ description: '第一类污染物 of the first class' }),
  })
  .openapi('Pollutant')

const limit = z
  .object({
    limitId: id(),
    outletId: id(),
    outletNo: z.string(),
    pollutant: z.string(),
    bound: z.enum(bounds),
    value: decimalText.nullable(),
    unit: z.string(),
    document: z.string(),
    from: date,
    until: date.nullable(),
  })
  .openapi('PermittedLimit')

const standardRoutes: readonly Route[] = [
  list('/pollutants', {
    cli: 'quality pollutants',
    permits: 'quality.read',
    title: { zh: '污染物', en: 'pollutants that are limited and measured' },
    item: pollutant,
    key: [text()],
    rows: async ({ services }, page) => pageOf(await listPollutants(services.db), ({ code }) => code, page),
    keyOf: ({ code }) => [code],
    show: (row) => row,
  }),
  command('post', '/pollutants', {
    cli: 'quality add-pollutant',
    permits: 'quality.add-pollutant',
    title: { zh: '增加污染物', en: 'list a further pollutant' },
    body: {
      code: text(40),
      zh: text(100),
      en: text(100),
      unit: text(40),
      aliases: z.array(text(100)).max(100).default([]),
      firstClass: z.boolean().default(false),
    },
    example: { code: 'tungsten', zh: '总钨', en: 'tungsten', unit: 'mg/L', aliases: ['W'] },
    answer: z.object({ code: z.string(), zh: z.string(), unit: z.string() }),
    run: ({ services, envelope, body }) => addPollutant(services, envelope, body),
  }),
  query('/dischargers/{discharger}/permitted-limits', {
    cli: 'quality limits list',
    permits: 'quality.read',
    title: { zh: '排污者各排污口的限值，历次的都在内', en: 'the limits of a discharger’s outlets, past ones too' },
    params: { discharger: dischargerCode },
    answer: z.object({ limits: z.array(limit) }),
    read: async ({ services, params }) => {
      const found = await limitsOfDischarger(services.db, params.discharger)
      return isRefusal(found) ? found : { limits: found.limits.map(limitJson) }
    },
  }),
  command('post', '/permitted-limits/proposals/{proposal}/approval', {
    cli: 'quality limits approve',
    permits: 'quality.approve-limits',
    title: { zh: '批准提交的限值（须他人）', en: 'approve proposed limits, by another person' },
    params: { proposal: id() },
    ...approval,
    ifMatch: oneProposal,
    answer: z.object({ limits: whole, ended: whole }),
    run: ({ services, envelope, params, body }) =>
      approveLimits(services, envelope, { proposalId: params.proposal, ...body }),
  }),
  returnRoute(
    '/permitted-limits/proposals',
    'quality limits return',
    'quality.return-proposal',
    (services, envelope, returned) => returnQualityProposal(services, envelope, limitsProposal, returned),
  ),
]

const sampleLine = z
  .object({
    sampleId: id(),
    discharger: z.string(),
    dischargerName: z.string(),
    outletNo: z.string(),
    body: z.string().openapi({ description: '监测单位 who analysed it' }),
    sampleNo: z.string(),
    source: z.enum(sources),
    certificateNo: z.string(),
    takenOn: date,
    takenAt: z.string().openapi({ description: '08:30；只知日期为空 empty where only the day is known' }),
    sampler: z.string(),
    dayVolumeM3: z.string().openapi({ description: '当日排水量；不明为空 m³ of that day; empty where unknown' }),
    reportNo: z.string(),
    evidenceDigest: z.string().nullable(),
    results: whole,
    exceeds: whole.openapi({ description: '超标的结果数 results above a limit of their day' }),
    withdrawn: z.string().nullable().openapi({ description: '撤回的原因 why it counts no more' }),
  })
  .openapi('SampleLine')
const sample = sampleLine
  .extend({
    results: z.array(
      z.object({
        pollutant: z.string(),
        result: z.string().openapi({ example: '<0.05' }),
        unit: z.string(),
        method: z.string(),
        verdict: z.enum(['within', 'exceeds', 'undecided', 'unlimited']),
        why: z.enum(['detection_above_limit', 'units_differ', 'day_volume_missing']).nullable(),
        limit: z.string().nullable(),
        limitDocument: z.string().nullable(),
        timesOver: z.string().nullable(),
      }),
    ),
  })
  .openapi('Sample')

const oneSample = query('/samples/{sample}', {
  cli: 'quality samples show',
  permits: 'quality.read',
  title: { zh: '一个样品的全部结果与判定', en: 'one sample with its results under the limits of its day' },
  params: { sample: id() },
  answer: sample,
  read: async ({ services, params }) => {
    const [found] = await listJudgedSamples(services.db, { sampleId: params.sample })
    return found === undefined ? undefined : sampleJson(found)
  },
})

const samplesImport = z
  .object({
    importId: id(),
    fileName: z.string(),
    titles: z.array(z.string()),
    importedBy: z.string(),
    recordedAt: instant,
    rows: z.object(byVerdict(whole)),
    undecided: whole,
  })
  .openapi('SamplesImport')

/** What an import of samples answers. */
export const samplesImportAnswer = z
  .object({
    importId: id(),
    file: z.string(),
    rows: z.object(byVerdict(whole)),
    samples: whole,
    unchanged: whole,
    exceeds: whole,
    settled: whole,
    reasons: countsByName,
  })
  .openapi('SamplesImportAnswer')

const sampleRoutes: readonly Route[] = [
  list('/samples', {
    cli: 'quality samples list',
    permits: 'quality.read',
    title: { zh: '样品，新的在前', en: 'samples, newest first' },
    query: samplingQuery,
    item: sampleLine,
    key: [date, id()],
    rows: ({ services, query: asked }, page) =>
      listJudgedSamples(services.db, { ...samplingFilter(asked), after: page.after, limit: page.limit }),
    keyOf: ({ sample: { takenOn, sampleId } }) => [takenOn, sampleId],
    show: sampleLineJson,
  }),
  oneSample,
  command('post', '/samples', {
    cli: 'quality samples record',
    permits: 'quality.record-sample',
    title: { zh: '登记一个样品', en: 'enter one sample with its results' },
    body: {
      discharger: dischargerCode,
      outletNo: text(40),
      body: text(200),
      sampleNo: text(100),
      source: z.enum(sources),
      certificateNo: text(100).default(''),
      takenOn: date,
      takenAt: text(10).default('').openapi({ example: '08:30' }),
      sampler: text(100),
      dayVolumeM3: text(40).default(''),
      reportNo: text(100).default(''),
      results: z
        .array(
          z.strictObject({
            pollutant: text(100),
            result: text(100).openapi({ example: '<0.05' }),
            unit: text(40).default(''),
            detectionLimit: text(40).default(''),
            method: text(200),
          }),
        )
        .max(500),
      evidence,
    },
    example: {
      discharger: 'P0012',
      outletNo: '1',
      body: '园区污水处理厂',
      sampleNo: 'W260310-01',
      source: 'plant',
      takenOn: '2026-03-10',
      sampler: '示例甲',
      results: [{ pollutant: 'COD', result: '850', method: 'HJ 828-2017' }],
    },
    answer: z.object({ sampleId: id(), sampleNo: z.string(), results: whole, exceeds: whole, unchanged: z.boolean() }),
    run: async ({ services, envelope, body: { discharger, evidence: kept, ...entered } }) => {
      const file = await keptEvidence(services.db, kept)
      if (isRefusal(file)) return file
      return recordSample(services, envelope, { dischargerCode: discharger, ...entered }, file)
    },
  }),
  command('post', '/samples/{sample}/withdrawal', {
    cli: 'quality samples withdraw',
    permits: 'quality.withdraw-sample',
    title: { zh: '撤回登记有误的样品', en: 'withdraw a mistaken sample' },
    params: { sample: id() },
    body: { reason },
    example: { reason: '样品编号登记错误' },
    ifMatch: oneSample,
    answer: z.object({ sampleId: id(), sampleNo: z.string() }),
    run: ({ services, envelope, params, body }) =>
      withdrawSample(services, envelope, { sampleId: params.sample, ...body }),
  }),
  list('/samples/imports', {
    cli: 'quality samples imports',
    permits: 'quality.imports.read',
    title: { zh: '样品导入记录，最近的在前', en: 'files of samples taken in, newest first' },
    item: samplesImport,
    key: [id()],
    rows: ({ services }, { after, limit: most }) => samplesImports(services.db, { before: after?.[0], limit: most }),
    keyOf: ({ importId }) => [importId],
    show: samplesImportJson,
  }),
  query('/samples/imports/{import}', {
    cli: 'quality samples imports',
    permits: 'quality.imports.read',
    title: { zh: '一次样品导入', en: 'one file of samples' },
    params: { import: id() },
    answer: samplesImport,
    read: async ({ services, params }) => {
      const found = await findSamplesImport(services.db, params.import)
      return isRefusal(found) ? found : samplesImportJson(found)
    },
  }),
  list('/samples/imports/{import}/rows', {
    cli: 'quality samples rows',
    permits: 'quality.imports.read',
    title: { zh: '待审和拒绝的行', en: 'held and rejected rows' },
    params: { import: id() },
    item: z
      .object({
        rowNo: whole,
        verdict: z.enum(['held', 'rejected']),
        cells: z.array(z.string()),
        reasons: z.array(rowReason),
        decision: z.string().nullable().openapi({ description: '已由改正的文件取代 taken over by a later file' }),
      })
      .openapi('SamplesImportRow'),
    key: [id()],
    rows: async ({ services, params }, { after, limit: most }) => {
      const told = await samplesRowsOf(services.db, params.import, { after: Number(after?.[0] ?? 0), limit: most })
      return isRefusal(told) ? told : told.rows
    },
    keyOf: ({ rowNo }) => [String(rowNo)],
    show: (row) => row,
  }),
  list('/exceedances', {
    cli: 'quality exceedances',
    permits: 'quality.read',
    title: { zh: '有结果超过许可限值的样品，新的在前', en: 'samples with results above their limits, newest first' },
    query: {
      ...samplingQuery,
      open: flag.optional().openapi({ description: '只看未移送的 only those not referred' }),
    },
    item: z
      .object({
        sampleId: id(),
        takenOn: date,
        discharger: z.string(),
        dischargerName: z.string(),
        outletNo: z.string(),
        exceeded: z.array(
          z.object({
            pollutant: z.string(),
            result: z.string().openapi({ example: '850 mg/L' }),
            limit: z.string().nullable().openapi({ example: '不高于 500 mg/L' }),
            timesOver: z.string().nullable().openapi({ description: '超标倍数 times above', example: '0.7' }),
          }),
        ),
        referrals: z.array(z.string()).openapi({ description: '移送函文号 letters of referral' }),
      })
      .openapi('Exceedance'),
    key: [date, id()],
    rows: ({ services, query: { open, ...asked } }, page) =>
      listExceedances(services.db, { ...samplingFilter(asked), open, after: page.after, limit: page.limit }),
    keyOf: ({ sample: { takenOn, sampleId } }) => [takenOn, sampleId],
    show: exceedanceJson,
  }),
]

/** A total by its limit and period. */
export const totalNumber = text(40)
  .refine((typed) => parseTotalId(typed) !== undefined, '如 17-2025 或 17-2025-03 · such as 17-2025 or 17-2025-03')
  .openapi({ example: '17-2025' })

const total = z
  .object({
    totalId: totalNumber,
    period: z.string().openapi({ description: '年度或月份 a year or a month', example: '2025' }),
    discharger: z.string(),
    dischargerName: z.string(),
    outletNo: z.string(),
    pollutant: z.string(),
    limit: z.string().openapi({ example: '年排放总量不超过 30 t/a' }),
    limitDocument: z.string(),
    verdict: z.enum(['within', 'exceeds', 'undecided']),
    unit: z.enum(['t', 'kg']),
    least: decimalText.openapi({ description: '已知的排放量，未检出按零计 what is known, below detection as 0' }),
    most: decimalText.nullable().openapi({
      description: '未检出按检出限计；有月份不明为空 below detection at its limit; null where a month is not known',
    }),
    timesOver: z.string().nullable(),
    missing: z.array(z.string()).openapi({ description: '数据不全的月份 months not wholly known' }),
    months: z.array(
      z.object({
        month: z.string(),
        method: z.enum(['mean_times_volume', 'every_day', 'some_days', 'none']),
        samples: whole,
        meanMgL: decimalText.nullable(),
        volumeM3: decimalText.nullable(),
        leastKg: decimalText,
        mostKg: decimalText.nullable(),
        why: z.string().nullable().openapi({ description: '不全的原因 why it is not wholly known' }),
        accounts: z.array(z.string()),
      }),
    ),
    referrals: z.array(z.string()),
  })
  .openapi('PermittedTotal')

const totalRoutes = (volumes: OutletVolumes): readonly Route[] => [
  list('/totals', {
    cli: 'quality totals',
    permits: 'quality.totals.read',
    title: {
      zh: '一年的排放总量与许可（办法第十二条）',
      en: 'what was discharged in a year and its months beside the permitted totals',
    },
    query: { year: count(1900, 2199).openapi({ example: 2025 }), discharger: dischargerCode.optional() },
    item: total,
    key: [text()],
    rows: async ({ services: { db, clock }, query: asked }, page) =>
      pageOfTotals({ db, volumes, today: clock.today() }, { year: asked.year, dischargerCode: asked.discharger }, page),
    keyOf: (each) => [each.totalId],
    show: totalJson,
  }),
  query('/totals/{total}', {
    cli: 'quality totals',
    permits: 'quality.totals.read',
    title: { zh: '一项排放总量，逐月', en: 'one total, month by month' },
    params: { total: totalNumber },
    answer: total,
    read: async ({ services: { db, clock }, params }) => {
      const found = await findTotal({ db, volumes, today: clock.today() }, params.total)
      return found === undefined ? undefined : totalJson(found)
    },
  }),
]

const accident = z
  .object({
    accidentId: id(),
    dischargerCode: z.string(),
    dischargerName: z.string(),
    creditCode: z.string().nullable(),
    outletNo: z.string(),
    occurredOn: date,
    reportedOn: date,
    reportedBy: z.string(),
    substanceKind: z.enum(substanceKinds),
    substances: z.string(),
    description: z.string(),
    measures: z.string(),
    evidenceDigest: z.string().nullable(),
    referrals: z.array(z.string()),
  })
  .openapi('Accident')

const accidentRoutes: readonly Route[] = [
  list('/accidents', {
    cli: 'quality accidents list',
    permits: 'quality.read',
    title: { zh: '意外事故报告，新的在前', en: 'accident reports, newest first' },
    query: { discharger: dischargerCode.optional() },
    item: accident,
    key: [date, id()],
    rows: ({ services, query: asked }, page) =>
      listReferredAccidents(services.db, {
        dischargerCode: asked.discharger,
        after: page.after,
        limit: page.limit,
      }),
    keyOf: ({ occurredOn, accidentId }) => [occurredOn, accidentId],
    show: (row) => row,
  }),
  command('post', '/accidents', {
    cli: 'quality accidents report',
    permits: 'quality.report-accident',
    title: { zh: '登记事故报告', en: 'record the report of an accident' },
    body: {
      discharger: dischargerCode,
      outletNo: text(40).default(''),
      occurredOn: date,
      reportedOn: date.optional().openapi({ description: '默认今日 today unless given' }),
      reportedBy: text(100),
      substanceKind: z.enum(substanceKinds),
      substances: text(500),
      description: text(4_000),
      measures: text(4_000).default(''),
      evidence,
    },
    example: {
      discharger: 'P0012',
      occurredOn: '2026-03-10',
      reportedBy: '示例甲',
      substanceKind: 'toxic',
      substances: '含氰电镀液',
      description: '阀门破损。',
    },
    answer: z.object({ accidentId: id(), discharger: z.string() }),
    run: async ({ services, envelope, body: { discharger, evidence: kept, reportedOn, ...report } }) => {
      const file = await keptEvidence(services.db, kept)
      if (isRefusal(file)) return file
      const on = reportedOn ?? services.clock.today()
      return reportAccident(services, envelope, { dischargerCode: discharger, reportedOn: on, ...report }, file)
    },
  }),
]

const referral = z
  .object({
    referralId: id(),
    number: referralNumber,
    matter: z.object({ kind: z.enum(matterKinds), id: z.string() }),
    recipient: z.string(),
    datedOn: date,
    fileDigest: z.string(),
    evidence: z.array(z.object({ digest: z.string(), name: z.string() })),
    replies: z.array(z.object({ receivedOn: date, document: z.string(), content: z.string() })),
  })
  .openapi('Referral')

/** The files that a referral encloses, kept before. */
async function allKept(db: Db, digests: readonly string[]): Promise<readonly Evidence[] | Refusal> {
  const files: Evidence[] = []
  for (const each of new Set(digests)) {
    const file = await keptEvidence(db, each)
    if (isRefusal(file)) return file
    if (file !== undefined) files.push(file)
  }
  return files
}

const referralRoutes = (volumes: OutletVolumes): readonly Route[] => [
  list('/referrals', {
    cli: 'quality referrals list',
    permits: 'referrals.read',
    title: { zh: '已移送有权机关的事项，新的在前', en: 'what was referred to the competent authority, newest first' },
    item: referral,
    key: [id()],
    rows: ({ services }, { after, limit: most }) => listReferrals(services.db, { before: after?.[0], limit: most }),
    keyOf: ({ referralId }) => [referralId],
    show: referralJson,
  }),
  command('post', '/referrals/proposals', {
    cli: 'quality referrals propose',
    permits: 'quality.propose-referral',
    title: {
      zh: '提出移送超标、事故或超总量，由他人审批',
      en: 'propose to refer an exceedance, an accident or a total above its limit',
    },
    body: {
      matter: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.enum(['sample', 'accident']), id: id() }),
        z.strictObject({ kind: z.literal('total'), id: totalNumber }),
      ]),
      recipient: text(200).openapi({ description: '受移送机关全称 the authority' }),
      facts: text(4_000).default(''),
      evidence: z.array(digest.openapi(keptBefore)).max(100).default([]),
    },
    example: { matter: { kind: 'sample', id: '12' }, recipient: '示例区生态环境局' },
    answer: proposed.extend({ exceeded: z.array(z.string()) }),
    run: async ({ services, envelope, body: { evidence: digests, ...entered } }) => {
      const files = await allKept(services.db, digests)
      return isRefusal(files) ? files : proposeReferral(services, envelope, entered, files, volumes)
    },
  }),
  command('post', '/referrals/proposals/{proposal}/approval', {
    cli: 'quality referrals approve',
    permits: 'quality.approve-referral',
    title: { zh: '批准移送并出具移送函（须他人）', en: 'approve and issue the letter, by another person' },
    params: { proposal: id() },
    ...approval,
    ifMatch: oneProposal,
    answer: z.object({ referralId: id(), number: referralNumber, recipient: z.string(), fileDigest: z.string() }),
    run: ({ services, envelope, params, body }) =>
      approveReferral(services, envelope, { proposalId: params.proposal, ...body }, volumes),
  }),
  returnRoute(
    '/referrals/proposals',
    'quality referrals return',
    'quality.return-proposal',
    (services, envelope, returned) => returnQualityProposal(services, envelope, referralProposal, returned),
  ),
  command('post', '/referrals/{referral}/replies', {
    cli: 'quality referrals reply',
    permits: 'quality.record-reply',
    title: { zh: '登记受移送机关的回复', en: 'record the authority’s answer' },
    params: { referral: referralNumber },
    body: { receivedOn: date, document: text(200), content: text(4_000) },
    example: { receivedOn: '2026-04-20', document: '示例环函〔2026〕8号', content: '已立案' },
    answer: z.object({ number: referralNumber, receivedOn: date }),
    run: ({ services, envelope, params, body }) =>
      recordReply(services, envelope, { number: params.referral, ...body }),
  }),
]

const gradeRoutes: readonly Route[] = [
  query('/dischargers/{discharger}/credit-grades', {
    cli: 'quality grades list',
    permits: 'quality.read',
    title: { zh: '排污者历次环境信用等级', en: 'the credit grades a discharger ever had' },
    params: { discharger: dischargerCode },
    answer: z.object({
      grades: z.array(
        z
          .object({
            grade: z.enum(grades),
            ratedYear: whole,
            document: z.string(),
            from: date,
            until: date.nullable(),
          })
          .openapi('CreditGrade'),
      ),
    }),
    read: async ({ services: { db }, params }) => {
      const discharger = await findDischarger(db, params.discharger)
      if (isRefusal(discharger)) return discharger
      return { grades: (await creditGradesOf(db, discharger.dischargerId)).map(gradeJson) }
    },
  }),
  command('post', '/credit-grades/proposals', {
    cli: 'quality grades propose',
    permits: 'quality.propose-credit-grade',
    title: { zh: '提交信用等级，由他人审批', en: 'propose a credit grade; another person approves it' },
    body: {
      discharger: dischargerCode,
      grade: z.enum(grades),
      ratedYear: z.number().int().min(1900).max(2199),
      document: text(200),
      from: date,
      until: date.optional().openapi({ description: '终止日（不含） day after the last' }),
    },
    example: {
      discharger: 'P0012',
      grade: 'red',
      ratedYear: 2025,
      document: '示例环评价〔2026〕3号',
      from: '2026-04-01',
    },
    answer: proposed.extend({ discharger: z.string() }),
    run: ({ services, envelope, body: { discharger, until, ...entered } }) =>
      proposeCreditGrade(services, envelope, { dischargerCode: discharger, until: until ?? '', ...entered }),
  }),
  command('post', '/credit-grades/proposals/{proposal}/approval', {
    cli: 'quality grades approve',
    permits: 'quality.approve-credit-grade',
    title: { zh: '批准信用等级（须他人）', en: 'approve a credit grade, by another person' },
    params: { proposal: id() },
    ...approval,
    ifMatch: oneProposal,
    answer: z.object({ discharger: z.string(), grade: z.enum(grades), from: date, until: date.nullable() }),
    run: ({ services, envelope, params, body }) =>
      approveCreditGrade(services, envelope, { proposalId: params.proposal, ...body }),
  }),
  returnRoute(
    '/credit-grades/proposals',
    'quality grades return',
    'quality.return-proposal',
    (services, envelope, returned) => returnQualityProposal(services, envelope, gradeProposal, returned),
  ),
]

/** Limits, samples and what they exceed, totals, accidents, referrals, credit grades; a later stage tells of volumes. */
export const qualityRoutes = (volumes: OutletVolumes): RouteGroup => ({
  name: 'quality',
  title: { zh: '水质', en: 'water quality' },
  routes: [
    ...standardRoutes,
    ...sampleRoutes,
    ...totalRoutes(volumes),
    ...accidentRoutes,
    ...referralRoutes(volumes),
    ...gradeRoutes,
  ],
})
