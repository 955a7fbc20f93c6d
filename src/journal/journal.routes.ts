import { z } from '@hono/zod-openapi'
import { plusDays } from '../kernel/calendar.ts'
import { amountText, count, date, id, instant, month, text } from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { list, query } from '../platform/http/route.ts'
import { entryJson, ledgerJson, tieOutJson, trialBalanceJson } from './journal.json.ts'
import { accountLedger, newestEntries, trialBalance } from './journal.queries.ts'
import type { TieOutOf } from './subledger.ts'

/** The books; the subledgers are of later stages and handed in. */
export function journalRoutes(tieOutOf: TieOutOf): RouteGroup {
  return {
    name: 'journal',
    title: { zh: '账簿：凭证与试算平衡', en: 'the books: entries and trial balance' },
    routes: [
      query('/journal/trial-balance', {
        cli: 'journal trial-balance',
        permits: 'journal.read',
        title: { zh: '试算平衡表', en: 'the trial balance' },
        query: {
          asOf: date.optional().openapi({ description: '截至该日（含） up to and with this day' }),
          month: month.optional().openapi({ description: '只看一个用水月份 of one fee month' }),
        },
        answer: z
          .object({
            accounts: z.array(
              z.object({
                accountCode: z.string(),
                nameZh: z.string(),
                nameEn: z.string(),
                debit: amountText,
                credit: amountText,
                balance: amountText,
              }),
            ),
            debit: amountText,
            credit: amountText,
          })
          .openapi('TrialBalance'),
        read: async ({ services, query }) =>
          trialBalanceJson(
            await trialBalance(services.db, {
              ...(query.asOf === undefined ? {} : { until: plusDays(query.asOf, 1) }),
              ...(query.month === undefined ? {} : { feeMonth: query.month }),
            }),
          ),
      }),
      list('/journal/entries', {
        cli: 'journal entries',
        permits: 'journal.read',
        title: { zh: '凭证，最近的在前', en: 'the entries, newest first' },
        item: z
          .object({
            entryId: id(),
            commandId: z.string(),
            entryOn: date,
            memo: z.string(),
            documentCount: z.number().int(),
            recordedAt: instant,
            lines: z.array(z.object({ accountCode: z.string(), feeMonth: month.nullable(), amount: amountText })),
          })
          .openapi('JournalEntry'),
        key: [id()],
        rows: ({ services }, { after, limit }) => newestEntries(services.db, limit, after?.[0]),
        keyOf: ({ entryId }) => [entryId],
        show: entryJson,
      }),
      query('/journal/accounts/{account}/ledger', {
        cli: 'journal ledger',
        permits: 'journal.read',
        title: { zh: '一个科目的明细账：期初、逐笔、期末', en: 'one account: opening balance, lines, closing balance' },
        params: { account: text(100).openapi({ example: 'fees_receivable' }) },
        query: {
          from: date.optional().openapi({ description: '自该日起 on or after this day' }),
          asOf: date.optional().openapi({ description: '截至该日（含） up to and with this day' }),
          month: month.optional(),
          lines: count(1, 1_000).default(200).openapi({ type: 'integer', minimum: 1, maximum: 1_000, default: 200 }),
        },
        answer: z
          .object({
            accountCode: z.string(),
            nameZh: z.string(),
            nameEn: z.string(),
            opening: amountText,
            closing: amountText,
            more: z.boolean(),
            lines: z.array(
              z.object({
                entryId: id(),
                entryOn: date,
                memo: z.string(),
                feeMonth: month.nullable(),
                amount: amountText,
                balance: amountText,
              }),
            ),
          })
          .openapi('AccountLedger'),
        read: async ({ services, params, query }) => {
          const until = query.asOf === undefined ? undefined : plusDays(query.asOf, 1)
          const filter = { from: query.from, until, feeMonth: query.month, limit: query.lines }
          const found = await accountLedger(services.db, params.account, filter)
          return found === undefined ? undefined : ledgerJson(found)
        },
      }),
      query('/journal/tie-out', {
        cli: 'journal tie-out',
        permits: 'journal.read',
        title: { zh: '总账与明细核对', en: 'control accounts beside their subledgers' },
        answer: z
          .object({
            equal: z.boolean(),
            accounts: z.array(
              z.object({
                accountCode: z.string(),
                feeMonth: month.nullable(),
                books: amountText,
                subledger: amountText,
                difference: amountText,
              }),
            ),
          })
          .openapi('TieOut'),
        read: async ({ services }) => tieOutJson(await tieOutOf(services.db)),
      }),
    ],
  }
}
