import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { flag, id } from '../platform/http/fields.ts'
import { byVerdict, countsByName, tableQuery, textsByName, whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { download, fileDownload, upload, work } from '../platform/http/work-route.ts'
import { exportPlantRows, writePlantDaysTemplate } from './export-plant-rows.ts'
import { importPlantDays } from './import-plant-days.ts'
import { examinePlantDaysFile } from './plant-days-file.ts'
import { exportClaim, printClaim } from './print-claim.ts'
import { claimParams, plantCode } from './settlement.routes.ts'
import { verifySettlement } from './verify-settlement.ts'

/** A plant's daily files, and the check that goes through all claims. */
export const settlementFileRoutes: readonly Route[] = [
  upload('/settlement/imports', {
    cli: 'settlement import-days',
    permits: 'settlement.import-plant-days',
    title: { zh: '导入污水厂日报（水量、水质）', en: 'take in a plant’s daily volumes and values' },
    query: { plant: plantCode, ...tableQuery },
    answer: z.object({
      importId: id(),
      plant: z.string(),
      file: z.string(),
      mapping: textsByName,
      rows: z.object({ ...byVerdict(whole), withoutVolume: whole }),
      volumes: z.object(byVerdict(z.string())),
      stored: whole,
      unchanged: whole,
      superseded: whole,
      reasons: countsByName,
    }),
    take: async ({ services, envelope, query, file }) => {
      const { plant, map: mapping, ...rest } = query
      const examined = await examinePlantDaysFile(services, { ...rest, plantCode: plant, path: file.path, mapping })
      return isRefusal(examined) ? examined : importPlantDays(services, envelope, examined)
    },
  }),
  download('/settlement/imports/{import}/rows/file', {
    cli: 'settlement export-rows',
    permits: 'settlement.read',
    title: { zh: '导出待审和拒绝的行', en: 'held and rejected rows as a file, to be corrected and imported again' },
    params: { import: id() },
    query: { undecided: flag.optional() },
    name: '待改正',
    write: ({ services, params, query, to, language }) =>
      exportPlantRows(services.db, {
        importId: params.import,
        path: to,
        language,
        ...(query.undecided === undefined ? {} : { undecided: query.undecided }),
      }),
  }),
  download('/settlement/claims/{claim}/file', {
    cli: 'settlement export',
    permits: 'settlement.read',
    title: { zh: '一份服务费申请的工作簿', en: 'a claim as a workbook' },
    params: claimParams,
    name: '服务费结算单',
    write: ({ services, params, to }) => exportClaim(services.db, params.claim, to),
  }),
  fileDownload('/settlement/claims/{claim}/pdf', {
    cli: 'settlement export',
    permits: 'settlement.read',
    title: { zh: '一份服务费申请的 PDF，按现在的情况', en: 'a claim as a PDF, as it stands now' },
    params: claimParams,
    file: async ({ services, params }) => {
      const printed = await printClaim(services.db, services.printer, params.claim)
      return isRefusal(printed)
        ? printed
        : { name: `${params.claim}.pdf`, type: 'application/pdf', bytes: printed.bytes }
    },
  }),
  download('/settlement/template', {
    cli: 'settlement template',
    permits: 'settlement.import-plant-days',
    title: { zh: '空白日报', en: 'a blank form of daily volumes and values' },
    name: '污水厂日报',
    write: ({ to }) => writePlantDaysTemplate(to),
  }),
  work('/settlement/verifications', {
    cli: 'settlement verify',
    permits: 'settlement.verify',
    title: { zh: '重算全部申请', en: 'compute every claim again' },
    answer: z.object({
      claims: whole,
      faults: z.array(z.object({ claim: z.string(), stored: z.string(), derived: z.string() })),
    }),
    run: async ({ services }) => ({ answer: await verifySettlement(services), repeated: false, dryRun: true }),
  }),
]
