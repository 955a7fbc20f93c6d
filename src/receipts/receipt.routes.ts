import { z } from '@hono/zod-openapi'
import { collectorCode } from '../dischargers/account.routes.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { amountText, anyJson, count, date, flag, id, line } from '../platform/http/fields.ts'
import { rowReason, whole } from '../platform/http/import-fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, query } from '../platform/http/route.ts'
import { draftNotice, prepareReceipts } from './prepare-receipts.ts'
import { receiptJson } from './receipt.json.ts'
import { findReceipt, listBatches, listReceipts, numbersByCode } from './receipt.queries.ts'
import { gapsIn } from './receipt.rules.ts'
import { resultRowsOf } from './result-row.queries.ts'

const receiptNo = z
  .string()
  .regex(/^E\d{4}-\d{6,8}$/)
  .openapi({ example: 'E2026-000001' })

/** E-receipts of the finance platform, by files of requests and results. */
export const receiptRoutes: RouteGroup = {
  name: 'receipts',
  title: { zh: '财政票据', en: 'receipts' },
  routes: [
    command('post', '/receipts/preparations', {
      cli: 'receipts prepare',
      permits: 'receipts.prepare',
      title: { zh: '按缴款事实准备票据', en: 'draft what the facts ask for' },
      body: { collectorCode: collectorCode.optional(), paidUntil: date.optional() },
      example: { collectorCode: 'gx-water' },
      answer: z.object({ receipts: whole, notices: whole, amount: amountText, dropped: whole, toEnd: whole }),
      run: ({ services, envelope, body }) => prepareReceipts(services, envelope, body),
    }),
    command('post', '/receipts/notices', {
      cli: 'receipts notice',
      permits: 'receipts.draft-notice',
      title: { zh: '申请缴款通知', en: 'ask for a notice of bills to be paid to the treasury' },
      body: { bills: z.array(line(20)).min(1).max(1_000) },
      example: { bills: ['2026-000118'] },
      answer: z.object({ receipt: z.string(), amount: amountText, bills: z.array(z.string()) }),
      run: ({ services, envelope, body }) => draftNotice(services, envelope, body),
    }),
    query('/receipts/batches', {
      cli: 'receipts batches',
      permits: 'receipts.batches.read',
      title: { zh: '导出过的申请批次', en: 'batches that were exported' },
      query: { limit: count(1, 10_000).optional() },
      answer: z.object({ items: z.array(anyJson) }),
      read: async ({ services, query: asked }) => ({ items: await listBatches(services.db, asked.limit ?? 100) }),
    }),
    query('/receipts/results/{import}/rows', {
      cli: 'receipts rows',
      permits: 'receipts.batches.read',
      title: { zh: '回执中待查和拒绝的行', en: 'held and rejected rows of a result file' },
      params: { import: id() },
      answer: z.object({
        items: z.array(
          z.object({
            rowNo: whole,
            verdict: z.enum(['held', 'rejected']),
            requestNo: z.string(),
            reasons: z.array(rowReason),
          }),
        ),
      }),
      read: async ({ services, params }) => {
        const items = await resultRowsOf(services.db, params.import)
        return isRefusal(items) ? items : { items }
      },
    }),
    query('/receipts', {
      cli: 'receipts list',
      permits: 'receipts.read',
      title: { zh: '票据及其状态', en: 'receipts and their states' },
      query: { payment: id().optional(), live: flag.optional(), limit: count(1, 10_000).optional() },
      answer: z.object({ items: z.array(anyJson) }),
      read: async ({ services, query: asked }) => {
        const filter = { paymentId: asked.payment, live: asked.live === true, limit: asked.limit ?? 100 }
        return { items: (await listReceipts(services.db, filter)).map(receiptJson) }
      },
    }),
    query('/receipts/gaps', {
      cli: 'receipts gaps',
      permits: 'receipts.batches.read',
      title: { zh: '已收票据号码的断号', en: 'gaps in the official numbers received' },
      answer: z.object({
        items: z.array(z.object({ billCode: z.string(), from: z.string(), to: z.string(), count: z.string() })),
      }),
      read: async ({ services }) => {
        const numbers = await numbersByCode(services.db)
        return {
          items: [...numbers].flatMap(([billCode, found]) => gapsIn(found).map((gap) => ({ billCode, ...gap }))),
        }
      },
    }),
    query('/receipts/{receipt}', {
      cli: 'receipts show',
      permits: 'receipts.read',
      title: { zh: '一张票据及其明细', en: 'one receipt with its parts' },
      params: { receipt: receiptNo },
      answer: anyJson,
      read: async ({ services, params }) => {
        const found = await findReceipt(services.db, params.receipt)
        return isRefusal(found) ? found : receiptJson(found)
      },
    }),
  ],
}
