import { z } from '@hono/zod-openapi'
import type { CivilDate } from '../kernel/calendar.ts'
import { amountText, anyJson, date, id, line } from '../platform/http/fields.ts'
import { whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { download, upload, work } from '../platform/http/work-route.ts'
import { exportDocument } from './export-documents.ts'
import { importTreasuryFile } from './import-treasury.ts'
import { submitVoucher } from './submit-voucher.ts'
import { verifyRemittance } from './verify-remittance.ts'

const documentNo = z
  .string()
  .regex(/^[RQY]\d{4}-\d{4,8}$/)
  .openapi({ example: 'R2026-0001' })

/** Vouchers, files of the treasury, documents as workbooks, and the check of the whole chain. */
export const remittanceFileRoutes: readonly Route[] = [
  upload('/remittance/statements/{statement}/vouchers', {
    cli: 'remittance submit-voucher',
    permits: 'remittance.submit-voucher',
    title: { zh: '提交划缴凭证（代征单位）', en: 'hand in the voucher of a transfer' },
    params: { statement: documentNo },
    query: {
      amount: line(30).openapi({ example: '1234567.89' }),
      paidOn: date,
      reference: line(100).openapi({ example: '20260410887' }),
      reason: line(500).optional(),
    },
    answer: z.object({
      voucherId: id(),
      statement: z.string(),
      amount: amountText,
      left: amountText,
      fileDigest: z.string(),
    }),
    take: ({ services, envelope, params, query, file }) =>
      submitVoucher(services, envelope, {
        statement: params.statement,
        amount: query.amount,
        paidOn: query.paidOn as CivilDate,
        bankReference: query.reference,
        path: file.path,
        differenceReason: query.reason,
      }),
  }),
  upload('/remittance/treasury-imports', {
    cli: 'remittance import-treasury',
    permits: 'remittance.import-treasury',
    title: { zh: '导入国库或专户到账文件', en: 'compare a file of receipts with the vouchers' },
    answer: z.object({
      importId: id(),
      file: z.string(),
      mapping: z.record(z.string(), z.string()),
      rows: z.object({ in: whole, accepted: whole, held: whole, rejected: whole }),
      amounts: z.object({ in: amountText, accepted: amountText, held: amountText, rejected: amountText }),
      total: amountText.nullable(),
      ready: z.array(z.object({ voucher: id(), row: whole, amount: amountText })),
      ours: z.array(z.object({ voucher: id(), statement: z.string(), amount: amountText, state: z.string() })),
    }),
    take: ({ services, envelope, file }) => importTreasuryFile(services, envelope, file.path),
  }),
  download('/remittance/documents/{number}/file', {
    cli: 'remittance export',
    permits: 'remittance.read',
    title: { zh: '结算单、对账单或汇算清缴的工作簿', en: 'a document of this chain as a workbook' },
    params: { number: documentNo },
    name: '划缴文书',
    write: ({ services, params, to }) => exportDocument(services.db, params.number, to),
  }),
  work('/remittance/verifications', {
    cli: 'remittance verify',
    permits: 'remittance.verify',
    title: { zh: '从事实重新计算划缴链条并核对', en: 'compute the fiscal chain again from the facts' },
    answer: z.object({
      statements: whole,
      lines: whole,
      reconciliations: whole,
      controlAccounts: whole,
      faults: z.array(anyJson),
    }),
    run: async ({ services }) => ({ answer: await verifyRemittance(services), repeated: false, dryRun: true }),
  }),
]
