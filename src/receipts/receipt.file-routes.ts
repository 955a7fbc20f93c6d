import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { id } from '../platform/http/fields.ts'
import { countsByName, whole } from '../platform/http/import-fields.ts'
import { command, query, type Route } from '../platform/http/route.ts'
import { upload } from '../platform/http/work-route.ts'
import { writtenEncodings } from '../platform/tables/encode-text.ts'
import { batchFile, exportReceipts } from './export-receipts.ts'
import { importResults } from './import-results.ts'

/** Files of requests to the finance platform and of its results; GBK is written where Node is. */
const batchNo = z
  .string()
  .regex(/^B\d{4}-\d{4,8}$/)
  .openapi({ example: 'B2026-0001' })

export const receiptFileRoutes: readonly Route[] = [
  command('post', '/receipts/batches', {
    cli: 'receipts export',
    permits: 'receipts.export',
    title: { zh: '导出开票、作废、冲红申请', en: 'make a batch of what waits to be requested' },
    body: { format: z.enum(['csv', 'xml']), encoding: z.enum(writtenEncodings) },
    example: { format: 'xml', encoding: 'gbk' },
    answer: z.object({
      batch: z.string(),
      format: z.string(),
      encoding: z.string(),
      issue: whole,
      void: whole,
      reverse: whole,
      fileDigest: z.string(),
    }),
    run: ({ services, envelope, body }) => exportReceipts(services, envelope, body),
  }),
  query('/receipts/batches/{batch}/file', {
    cli: 'receipts export',
    permits: 'receipts.export',
    title: { zh: '一个批次的申请文件', en: 'the file of a batch, byte for byte' },
    params: { batch: batchNo },
    answer: z.object({
      batch: z.string(),
      format: z.string(),
      encoding: z.string(),
      sameAsExported: z.boolean(),
      contentBase64: z.string(),
    }),
    read: async ({ services, params }) => {
      const file = await batchFile(services.db, params.batch)
      if (isRefusal(file)) return file
      const { number: batch, format, encoding } = file.batch
      const { sameAsExported, bytes } = file
      return { batch, format, encoding, sameAsExported, contentBase64: bytes.toString('base64') }
    },
  }),
  upload('/receipts/results', {
    cli: 'receipts import',
    permits: 'receipts.import-results',
    title: { zh: '导入财政平台的回执', en: 'take in what the platform answered' },
    answer: z.object({
      importId: id(),
      file: z.string(),
      rows: z.object({ in: whole, accepted: whole, held: whole, rejected: whole }),
      results: countsByName,
      unchanged: whole,
      gaps: z.array(z.object({ billCode: z.string(), from: z.string(), to: z.string(), count: z.string() })),
    }),
    take: ({ services, envelope, file }) => importResults(services, envelope, file.path),
  }),
]
