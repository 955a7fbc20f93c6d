import { z } from '@hono/zod-openapi'
import { findAccount } from '../dischargers/account.queries.ts'
import { accountNo, collectorCode } from '../dischargers/account.routes.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { date, decimalText, id, instant, month, text, volumeText } from '../platform/http/fields.ts'
import {
  byVerdict,
  corrections,
  countsByName,
  finding,
  interval,
  reason,
  rowNumber,
  rowNumbers,
  rowQuery,
  rowReason,
  textsByName,
  whole,
} from '../platform/http/import-fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query } from '../platform/http/route.ts'
import { type RowDecisionName, rowDecisionNames } from '../platform/row-decisions.ts'
import { acceptRows, correctRow, rejectRows } from './decide-row.ts'
import { estimateReading } from './estimate-reading.ts'
import {
  absentAccountPage,
  type ImportReport,
  importReport,
  type ReadingImport,
  readingImports,
  rowsOf,
} from './import-report.queries.ts'
import { isReasonCode, readingReasons } from './reading.reasons.ts'
import { readingKinds, readingSources } from './reading.ts'
import { type ChainedReading, findReading, readingsOfAccount } from './reading-chain.queries.ts'
import { refuseReading } from './readings.refusals.ts'
import { recordReading } from './record-reading.ts'
import { withdrawReading } from './withdraw-reading.ts'

const decisions = Object.keys(rowDecisionNames) as [RowDecisionName, ...RowDecisionName[]]
const rowCounts = z.object({ ...byVerdict(whole), withoutVolume: whole })
const volumes = z.object(byVerdict(decimalText))

const readingImport = z
  .object({
    importId: id(),
    collectorCode: z.string(),
    feeMonth: month,
    fileName: z.string(),
    fileDigest: z.string(),
    format: z.object({
      format: z.string(),
      encoding: z.string().optional(),
      delimiter: z.string().optional(),
      sheet: z.string().optional(),
      headerRow: whole,
      titles: z.array(z.string()),
      unitNote: z.string().optional(),
    }),
    mapping: textsByName,
    importedBy: z.string(),
    recordedAt: instant,
    rows: rowCounts,
    volumesM3: volumes,
    undecided: whole,
    findings: z.array(finding),
  })
  .openapi('ReadingImport')

const importJson = ({ recordedAt, mapping, ...each }: ReadingImport) => ({
  ...each,
  mapping: { ...mapping } as Record<string, string>,
  recordedAt: recordedAt.toISOString(),
})

const oneImport = query('/readings/imports/{import}', {
  cli: 'readings report',
  permits: 'readings.imports.read',
  title: { zh: '一次导入的结果与处理情况', en: 'what a file came to, and what became of its rows' },
  params: { import: id() },
  answer: readingImport
    .extend({
      reasons: z.array(z.object({ code: z.string(), rows: whole, undecided: whole })),
      decisions: z.array(z.object({ decision: z.enum(decisions), rows: whole })),
    })
    .openapi('ReadingImportReport'),
  read: async ({ services, params }) => {
    const report = await importReport(services.db, params.import)
    if (isRefusal(report)) return report
    const { reasons, decisions } = report satisfies ImportReport
    return { ...importJson(report), reasons, decisions }
  },
})

const decided = z
  .object({
    importId: id(),
    decided: whole,
    rows: z.array(whole).openapi({ description: '前 100 行 the first hundred' }),
    readings: whole,
    unchanged: whole,
    replaced: whole,
  })
  .openapi('ReadingRowsDecided')

const chosenRows = {
  rowNos: rowNumbers.optional(),
  codes: z
    .array(text(100))
    .max(100)
    .optional()
    .openapi({ description: '所有只因这些原因待审、未处理的行 all undecided rows with no reason but these' }),
  reason,
}
const accept = z
  .array(text(100))
  .max(100)
  .optional()
  .openapi({ description: '属实、一并接受的原因 reasons against it that are true' })

const meterReading = z
  .object({
    readingId: id(),
    accountId: id(),
    installationId: id().nullable(),
    feeMonth: month,
    kind: z.enum(readingKinds),
    source: z.enum(readingSources),
    used: z.object(interval),
    readOn: date,
    startReading: decimalText.nullable(),
    endReading: decimalText.nullable(),
    volumeM3: volumeText,
    revision: whole,
    status: z.enum(['effective', 'superseded', 'withdrawn']),
    endReason: z.string(),
    notes: z.array(rowReason),
    importId: id().nullable(),
    rowNo: whole.nullable(),
    recordedBy: z.string(),
    recordedAt: instant,
    evidence: z.string().nullable(),
  })
  .openapi('MeterReading')

const readingJson = (reading: ChainedReading) => ({ ...reading, recordedAt: reading.recordedAt.toISOString() })

const oneReading = query('/readings/{reading}', {
  cli: 'readings history',
  permits: 'readings.read',
  title: { zh: '一条抄表记录', en: 'one meter reading' },
  params: { reading: id() },
  answer: meterReading,
  read: async ({ services, params }) => {
    const found = await findReading(services.db, params.reading)
    return found === undefined ? undefined : readingJson(found)
  },
})

/** Refuses a reason that no row can have. */
export function refuseUnknownCode(code: string | undefined) {
  if (code === undefined || isReasonCode(code)) return undefined
  return refuseReading('reason_code_unknown', { code, known: Object.keys(readingReasons).join('、') })
}

const ofAccount = { collector: collectorCode, account: accountNo }
const atAccount = '/collectors/{collector}/accounts/{account}/readings'

/** Imports with their held rows, readings by hand. Files are taken by `reading.file-routes.ts`. */
export const readingRoutes: RouteGroup = {
  name: 'readings',
  title: { zh: '抄表：导入、审核、登记', en: 'meter readings: import, review, entry' },
  routes: [
    list('/readings/imports', {
      cli: 'readings imports',
      permits: 'readings.imports.read',
      title: { zh: '导入记录，最近的在前', en: 'files taken in, newest first' },
      query: { collector: collectorCode.optional(), month: month.optional() },
      item: readingImport,
      key: [id()],
      rows: ({ services, query }, page) =>
        readingImports(services.db, {
          ...(query.collector === undefined ? {} : { collectorCode: query.collector }),
          ...(query.month === undefined ? {} : { feeMonth: query.month }),
          page,
        }),
      keyOf: ({ importId }) => [importId],
      show: importJson,
    }),
    oneImport,
    list('/readings/imports/{import}/absent-accounts', {
      cli: 'readings absent',
      permits: 'readings.imports.read',
      title: {
        zh: '文件中没有、本月也没有抄表记录的在用户',
        en: 'open accounts without a reading of the import’s month',
      },
      params: { import: id() },
      item: z.object({ accountId: id(), accountNo: z.string() }),
      key: [text()],
      rows: async ({ services, params }, { after, limit }) => {
        const report = await importReport(services.db, params.import)
        if (isRefusal(report)) return report
        return absentAccountPage(services.db, report.importId, after?.[0] ?? '', limit)
      },
      keyOf: (row) => [row.accountNo],
      show: ({ accountId, accountNo }) => ({ accountId, accountNo }),
    }),
    list('/readings/imports/{import}/rows', {
      cli: 'readings rows',
      permits: 'readings.imports.read',
      title: { zh: '待审和拒绝的行', en: 'held and rejected rows' },
      params: { import: id() },
      query: rowQuery,
      item: z
        .object({
          importId: id(),
          rowNo: whole,
          verdict: z.enum(['held', 'rejected']),
          cells: z.array(z.string()),
          reasons: z.array(rowReason),
          stated: textsByName.openapi({ description: '读出的内容，按字段 what was read, by field' }),
          accountId: id().nullable(),
          accountNo: z.string().nullable(),
          volumeM3: volumeText.nullable(),
          decision: z
            .object({ decision: z.enum(decisions), reason: z.string(), by: z.string(), at: instant })
            .nullable(),
        })
        .openapi('ReadingRow'),
      key: [id()],
      rows: async ({ services, params, query }, { after, limit }) => {
        const report = await importReport(services.db, params.import)
        if (isRefusal(report)) return report
        const unknown = refuseUnknownCode(query.code)
        if (unknown !== undefined) return unknown
        const [behind] = after ?? []
        const filter = { ...query, limit, ...(behind === undefined ? {} : { after: Number(behind) }) }
        return rowsOf(services.db, report.importId, filter)
      },
      keyOf: ({ rowNo }) => [String(rowNo)],
      show: ({ subject, decision, ...row }) => ({
        ...row,
        stated: { ...subject.stated } as Record<string, string>,
        decision: decision === undefined ? null : { ...decision, at: decision.at.toISOString() },
      }),
    }),
    command('post', '/readings/imports/{import}/rows/acceptance', {
      cli: 'readings accept',
      permits: 'readings.accept-rows',
      title: { zh: '接受待审的行（城管局经办）', en: 'accept held rows as they stand' },
      params: { import: id() },
      body: { ...chosenRows, accept },
      example: { rowNos: [118], reason: '现场核实' },
      ifMatch: oneImport,
      answer: decided,
      run: ({ services, envelope, params, body }) =>
        acceptRows(services, envelope, { importId: params.import, ...body }),
    }),
    command('post', '/readings/imports/{import}/rows/rejection', {
      cli: 'readings reject',
      permits: 'readings.reject-rows',
      title: { zh: '拒绝行', en: 'refuse rows for good' },
      params: { import: id() },
      body: chosenRows,
      example: { rowNos: [38], reason: '重复' },
      ifMatch: oneImport,
      answer: decided,
      run: ({ services, envelope, params, body }) =>
        rejectRows(services, envelope, { importId: params.import, ...body }),
    }),
    command('post', '/readings/imports/{import}/rows/{row}/correction', {
      cli: 'readings correct',
      permits: 'readings.correct-row',
      title: { zh: '改正一行；新值重新核对', en: 'correct one row; it is judged again' },
      params: { import: id(), row: rowNumber },
      body: { values: corrections, reason, accept },
      example: { values: { 本期读数: '21420' }, reason: '照片核对' },
      ifMatch: oneImport,
      answer: decided,
      run: ({ services, envelope, params, body }) =>
        correctRow(services, envelope, { importId: params.import, rowNo: params.row, ...body }),
    }),
    list(atAccount, {
      cli: 'readings history',
      permits: 'readings.read',
      title: {
        zh: '一个户的全部抄表记录，含被取代和撤回的，最近的在前',
        en: 'all readings of an account, superseded and withdrawn ones too, newest first',
      },
      params: ofAccount,
      query: { since: month.optional() },
      item: meterReading,
      key: [month, date, id()],
      rows: async ({ services, params, query }, page) => {
        const account = await findAccount(services.db, params.collector, params.account)
        if (isRefusal(account)) return account
        return readingsOfAccount(services.db, account.accountId, query.since, page)
      },
      keyOf: ({ feeMonth, readOn, readingId }) => [feeMonth, readOn, readingId],
      show: readingJson,
    }),
    command('post', atAccount, {
      cli: 'readings record',
      permits: 'readings.record-reading',
      title: { zh: '登记一条抄表（城管局经办，凭证据）', en: 'enter one reading with its evidence' },
      params: ofAccount,
      body: {
        feeMonth: month,
        meterNo: text(100).optional().openapi({ description: '一户多表时必填 where there are several' }),
        readOn: date.optional(),
        previousReadOn: date.optional(),
        start: text(40).optional().openapi({ description: '上期读数 reading before; the stored one if left out' }),
        end: text(40).optional().openapi({ description: '本期读数 this reading' }),
        volumeM3: text(40).optional(),
        source: text(40).optional().openapi({ example: 'actual' }),
        kind: text(40).optional().openapi({ example: 'final' }),
        evidence: text(500),
        accept,
      },
      example: { feeMonth: '2026-03', readOn: '2026-03-31', end: '21420', evidence: '现场照片3号' },
      answer: z.object({
        account: z.string(),
        feeMonth: month,
        readOn: date,
        usedFrom: date,
        usedUntil: date,
        start: decimalText.nullable(),
        end: decimalText.nullable(),
        volumeM3: decimalText,
        unchanged: z.boolean(),
        replaces: id().nullable(),
      }),
      run: ({ services, envelope, params, body }) => recordReading(services, envelope, { ...chosen(params), ...body }),
    }),
    command('post', `${atAccount}/estimate`, {
      cli: 'readings estimate',
      permits: 'readings.estimate-reading',
      title: { zh: '估抄一个月（城管局经办，写明原因）', en: 'estimate one month with the reason' },
      params: ofAccount,
      body: { feeMonth: month, meterNo: text(100).optional(), reason },
      example: { feeMonth: '2026-03', reason: '表井积水' },
      answer: z.object({
        account: z.string(),
        feeMonth: month,
        volumeM3: decimalText,
        usedFrom: date,
        usedUntil: date,
        inARow: whole,
      }),
      run: ({ services, envelope, params, body }) =>
        estimateReading(services, envelope, { ...chosen(params), ...body }),
    }),
    oneReading,
    command('post', '/readings/{reading}/withdrawal', {
      cli: 'readings withdraw',
      permits: 'readings.withdraw-reading',
      title: { zh: '撤回一条抄表记录', en: 'take a reading back' },
      note: {
        zh: '已开的账单不变，须由人工更正。',
        en: 'A bill already issued stands until a person corrects it.',
      },
      params: { reading: id<'meter-reading'>() },
      body: { reason },
      example: { reason: '误录他户' },
      ifMatch: oneReading,
      answer: z.object({ readingId: id(), feeMonth: month, volumeM3: decimalText, reason: z.string() }),
      run: ({ services, envelope, params, body }) =>
        withdrawReading(services, envelope, { readingId: params.reading, ...body }),
    }),
  ],
}

const chosen = (params: { readonly collector: string; readonly account: string }) => ({
  collectorCode: params.collector,
  accountNo: params.account,
})

const changed = z.object({
  usedFrom: date,
  readOn: date,
  start: decimalText.nullable(),
  end: decimalText.nullable(),
  volumeM3: decimalText,
  source: z.enum(readingSources),
})

/** What an import answers. */
export const importAnswer = z
  .object({
    importId: z.string(),
    collector: z.string(),
    feeMonth: month,
    file: z.string(),
    mapping: textsByName,
    rows: rowCounts,
    volumesM3: volumes,
    unchanged: whole,
    replaced: whole,
    changes: z.array(z.object({ rowNo: whole, accountNo: z.string(), before: changed, after: changed })),
    reasons: countsByName,
    notes: countsByName,
    findings: z.array(finding),
  })
  .openapi('ReadingImportAnswer')
