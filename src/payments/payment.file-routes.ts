import { z } from '@hono/zod-openapi'
import { collectorCode } from '../dischargers/account.routes.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { id } from '../platform/http/fields.ts'
import { rowQuery, tableQuery, whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { download, upload, work } from '../platform/http/work-route.ts'
import { exportPaymentRows, writePaymentsTemplate } from './export-payment-rows.ts'
import { importPayments } from './import-payments.ts'
import type { LaterStages } from './later-stages.ts'
import { paymentImportAnswer, refuseUnknownCode } from './payment.routes.ts'
import { examinePaymentsFile } from './payments-file.ts'
import { rebuildOpenItems, verifyPayments } from './verify-payments.ts'

/** Collection files, and the checks that go through all payments. */
export const paymentFileRoutes = ({ subledgers }: LaterStages): readonly Route[] => [
  upload('/payments/imports', {
    cli: 'payments import',
    permits: 'payments.import',
    title: { zh: '导入代征单位的缴款文件', en: 'take in a collector’s collection file' },
    query: { collector: collectorCode, ...tableQuery },
    answer: paymentImportAnswer,
    take: async ({ services, envelope, query, file }) => {
      const { collector, map: mapping, ...rest } = query
      const examined = await examinePaymentsFile(services, {
        ...rest,
        collectorCode: collector,
        path: file.path,
        mapping,
      })
      if (isRefusal(examined)) return examined
      try {
        return await importPayments(services, envelope, examined)
      } finally {
        await examined.close()
      }
    },
  }),
  download('/payments/imports/{import}/rows/file', {
    cli: 'payments export-rows',
    permits: 'payments.imports.read',
    title: {
      zh: '导出待审和拒绝的行，改正后可再导入',
      en: 'held and rejected rows as a file, to be corrected and imported again',
    },
    params: { import: id() },
    query: rowQuery,
    name: '待改正',
    write: ({ services, params, query, to, language }) => {
      const unknown = refuseUnknownCode(query.code)
      if (unknown !== undefined) return Promise.resolve(unknown)
      return exportPaymentRows(services.db, { importId: params.import, path: to, filter: query, language })
    },
  }),
  download('/payments/template', {
    cli: 'payments template',
    permits: 'payments.import',
    title: { zh: '空白缴款导入表', en: 'a blank form to fill in' },
    name: '缴款导入表',
    write: ({ to }) => writePaymentsTemplate(to),
  }),
  work('/payments/verifications', {
    cli: 'payments verify',
    permits: 'payments.verify',
    title: {
      zh: '由事实重算欠费、预收和总账并核对',
      en: 'compute open items, credits and control accounts again',
    },
    answer: z.object({
      items: whole,
      payments: whole,
      controlAccounts: whole,
      faults: z.array(z.object({ what: z.string(), subject: z.string(), stored: z.string(), derived: z.string() })),
    }),
    run: async ({ services }) => ({
      answer: await verifyPayments(services, subledgers),
      repeated: false,
      dryRun: true,
    }),
  }),
  work('/payments/rebuilds', {
    cli: 'payments rebuild',
    permits: 'payments.rebuild',
    title: { zh: '由事实重建欠费与预收', en: 'make open items and credits anew from the facts' },
    answer: z.object({ items: whole, credits: whole }),
    run: ({ services, envelope }) => rebuildOpenItems(services, envelope),
  }),
]
