import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { readWholeFile, wholeStoredFile } from '../platform/files.ts'
import { date, id, text } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { fileDownload, upload } from '../platform/http/work-route.ts'
import { viewFile } from './enforcement.queries.ts'
import { unknownLog } from './enforcement.refusals.ts'
import { paperNumber } from './enforcement.routes.ts'
import { evidenceOf, keepEvidence } from './evidence.ts'
import type { LogKind } from './matter.queries.ts'
import { printHearingNotice } from './print-hearing.ts'
import { papersOf, printReceipt } from './print-receipt.ts'

const logs: readonly (readonly [LogKind, string])[] = [
  ['order', 'orders'],
  ['case', 'cases'],
]
const filesOfLogs: readonly Route[] = logs.flatMap(([log, word]) => [
  fileDownload(`/${word}/{file}/receipt`, {
    cli: `${word} receipt`,
    permits: 'enforcement.read',
    title: { zh: '送达回证（PDF）', en: 'the receipt of service, as a PDF' },
    params: { file: paperNumber },
    query: { of: z.enum(papersOf[log]).default(papersOf[log][0]) },
    file: async ({ services, params, query }) => {
      const { db, printer, clock } = services
      const found = await viewFile(db, log, params.file, clock.today())
      if (found === undefined) return unknownLog(log, params.file)
      const printed = await printReceipt(db, printer, found.matter, query.of)
      if (isRefusal(printed)) return printed
      return { name: `送达回证 ${params.file}.pdf`, type: 'application/pdf', bytes: printed.bytes }
    },
  }),
  fileDownload(`/${word}/{file}/steps/{step}/evidence`, {
    cli: `${word} evidence`,
    permits: 'enforcement.evidence.read',
    title: { zh: '某一步骤的证据文件', en: 'the evidence file of a step' },
    params: { file: paperNumber, step: id() },
    file: async ({ services: { db }, params }) => {
      const evidence = await evidenceOf(db, log, params.file, params.step)
      if (isRefusal(evidence)) return evidence
      const bytes = await wholeStoredFile(db, evidence.digest)
      return { name: evidence.name, type: 'application/octet-stream', bytes }
    },
  }),
])

/** Scanned papers, kept before the step that names them by their digest. */
export const enforcementFileRoutes: readonly Route[] = [
  upload('/evidence', {
    cli: [],
    permits: 'enforcement.keep-evidence',
    title: { zh: '存入证据文件（扫描件），步骤以摘要引用', en: 'keep a scanned paper; a step names it by its digest' },
    answer: z.object({ digest: z.string(), name: z.string() }),
    take: async ({ services, envelope, file }) => {
      const read = await readWholeFile(file.path)
      return isRefusal(read) ? read : keepEvidence(services, envelope, { ...read, name: file.name })
    },
  }),
  ...filesOfLogs,
  fileDownload('/cases/{file}/hearing-notice', {
    cli: 'cases hearing-notice',
    permits: 'enforcement.read',
    title: { zh: '听证通知书（PDF），送达后登记“听证通知送达”', en: 'the notice of a hearing, as a PDF to be served' },
    params: { file: paperNumber },
    query: {
      hearingOn: date,
      at: text(40).openapi({ example: '上午9时30分' }),
      place: text(200).openapi({ example: '局二楼会议室' }),
      host: text(40).openapi({ example: 'host' }),
    },
    file: async ({ services: { db, printer, clock }, params, query }) => {
      const found = await viewFile(db, 'case', params.file, clock.today())
      if (found === undefined) return unknownLog('case', params.file)
      const printed = await printHearingNotice(db, printer, found.matter, query)
      if (isRefusal(printed)) return printed
      return { name: `听证通知书 ${params.file}.pdf`, type: 'application/pdf', bytes: printed.bytes }
    },
  }),
]
