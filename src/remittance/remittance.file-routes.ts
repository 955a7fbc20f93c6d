import { z } from '@hono/zod-openapi'
import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { wholeStoredFile } from '../platform/files.ts'
import { amountText, anyJson, date, id, line } from '../platform/http/fields.ts'
import { whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { download, fileDownload, upload, work } from '../platform/http/work-route.ts'
import { exportDocument } from './export-documents.ts'
import { importTreasuryFile } from './import-treasury.ts'
import { printRemittance } from './print-remittance.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { listVouchers } from './statement.queries.ts'
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
  fileDownload('/remittance/vouchers/{voucher}/file', {
    cli: 'remittance voucher-file',
    permits: 'remittance.read',
    title: { zh: '划缴凭证的银行回单原件', en: 'the bank’s receipt behind a voucher, as it was handed in' },
    params: { voucher: id() },
    file: async ({ services: { db }, params }) => {
      const [found] = await listVouchers(db, { voucherId: params.voucher, limit: 1 })
      if (found === undefined) return refuseRemittance('voucher_unknown', { voucher: params.voucher })
      const bytes = await wholeStoredFile(db, found.fileDigest)
      return { name: found.fileName, type: 'application/octet-stream', bytes }
    },
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
  fileDownload('/remittance/documents/{number}/pdf', {
    cli: 'remittance export',
    permits: 'remittance.read',
    title: {
      zh: '结算单、对账单或汇算清缴的 PDF，按现在的情况',
      en: 'a document of this chain as a PDF, as it stands now',
    },
    params: { number: documentNo },
    file: async ({ services, params }) => {
      const printed = await printRemittance(services.db, services.printer, params.number)
      return isRefusal(printed)
        ? printed
        : { name: `${params.number}.pdf`, type: 'application/pdf', bytes: printed.bytes }
    },
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
