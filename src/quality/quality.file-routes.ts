import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { id } from '../platform/http/fields.ts'
import { whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { download, upload } from '../platform/http/work-route.ts'
import { exportSampleRows, exportSamples, writeSamplesTemplate } from './export-samples.ts'
import { importSamples } from './import-samples.ts'
import { readLimitsFile, writeLimitsTemplate } from './limits-file.ts'
import { proposeLimits } from './propose-limits.ts'
import { samplesImportAnswer, samplingFilter, samplingQuery } from './quality.routes.ts'

/** Files of limits and samples: taken in, given out, given back to be corrected. */
export const qualityFileRoutes: readonly Route[] = [
  upload('/permitted-limits/proposals', {
    cli: 'quality limits propose',
    permits: 'quality.propose-limits',
    title: { zh: '按批准文件提交限值，由他人审批', en: 'propose limits from a file; another person approves them' },
    answer: z.object({ proposalId: id(), digest: z.string(), limits: whole }),
    take: async ({ services, envelope, file }) => {
      const entered = await readLimitsFile(file.path)
      return isRefusal(entered) ? entered : proposeLimits(services, envelope, entered)
    },
  }),
  download('/permitted-limits/template', {
    cli: 'quality limits template',
    permits: 'quality.propose-limits',
    title: { zh: '空白限值表', en: 'a blank form of limits' },
    name: '限值表',
    write: ({ to }) => writeLimitsTemplate(to),
  }),
  upload('/samples/imports', {
    cli: 'quality samples import',
    permits: 'quality.import-samples',
    title: { zh: '导入样品文件，每行一项结果', en: 'take in a file of samples, a row per result' },
    answer: samplesImportAnswer,
    take: ({ services, envelope, file }) => importSamples(services, envelope, file.path),
  }),
  download('/samples/imports/{import}/rows/file', {
    cli: 'quality samples export-rows',
    permits: 'quality.imports.read',
    title: {
      zh: '导出待审和拒绝的行，改正后可再导入',
      en: 'held and rejected rows as a file, to be corrected and imported again',
    },
    params: { import: id() },
    name: '待改正',
    write: ({ services, params, to, language }) =>
      exportSampleRows(services.db, { importId: params.import, path: to, language }),
  }),
  download('/sample-export', {
    cli: 'quality samples export',
    permits: 'quality.imports.read',
    title: { zh: '导出样品、限值与判定', en: 'samples with limits and verdicts' },
    query: samplingQuery,
    name: '样品',
    write: ({ services, query, to }) => exportSamples(services.db, samplingFilter(query), to),
  }),
  download('/samples/template', {
    cli: 'quality samples template',
    permits: 'quality.import-samples',
    title: { zh: '空白样品导入表', en: 'a blank form of samples' },
    name: '样品导入表',
    write: ({ to }) => writeSamplesTemplate(to),
  }),
]
