import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import {
  amountText,
  anyJson,
  date,
  decimalText,
  digestSeen,
  id,
  text,
  volumeM3,
  volumeText,
} from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query } from '../platform/http/route.ts'
import { pageOf } from '../platform/page.ts'
import { oneProposal, returnRoute } from '../platform/platform.routes.ts'
import { approveRateSchedule } from './approve-rate-schedule.ts'
import { endRateSchedule } from './end-rate-schedule.ts'
import { explainedPriceJson, explainPrice } from './explain-price.queries.ts'
import { type EnteredSchedule, proposeRateSchedule } from './propose-rate-schedule.ts'
import type { LastDayBilledBy } from './rate-end.ts'
import { listSchedules, scheduleByCode } from './rate-schedule.queries.ts'
import { straddles } from './rate-schedule.ts'
import { returnRateSchedule } from './return-rate-schedule.ts'

const prices = z.record(z.string(), anyJson).openapi({
  description: '各类别价格，形式见 README：flat、tiers、percentage、coefficient、unpriced the price of each category',
  example: { industry: { form: 'flat', perM3: '1.40' } },
})

const schedule = z
  .object({
    scheduleId: id(),
    code: z.string(),
    title: z.string(),
    approvalDocument: z.string(),
    issuer: z.string(),
    unit: z.string(),
    currency: z.string(),
    straddle: z.enum(straddles),
    clause: z.string(),
    validFrom: date,
    proposalId: id(),
    prices,
    until: z.record(z.string(), date.nullable()),
  })
  .openapi('RateSchedule')

const scheduleCode = text(60).openapi({ example: 'GX-2026-01' })

const oneSchedule = query('/tariffs/{schedule}', {
  cli: 'tariffs show',
  permits: 'tariffs.read',
  title: { zh: '一项收费标准的全部内容', en: 'one schedule in full' },
  params: { schedule: scheduleCode },
  answer: schedule,
  read: ({ services, params }) => scheduleByCode(services.db, params.schedule),
})

/** Rate schedules; a later stage knows the last day billed by a rate. */
export function tariffRoutes(lastDayBilledBy: LastDayBilledBy): RouteGroup {
  return {
    name: 'tariffs',
    title: { zh: '收费标准', en: 'what a cubic metre costs' },
    routes: [
      list('/tariffs', {
        cli: 'tariffs list',
        permits: 'tariffs.read',
        title: { zh: '全部收费标准', en: 'every schedule' },
        item: schedule,
        key: [text()],
        rows: async ({ services }, page) => pageOf(await listSchedules(services.db), ({ code }) => code, page),
        keyOf: ({ code }) => [code],
        show: (row) => row,
      }),
      oneSchedule,
      query('/prices/{category}', {
        cli: 'tariffs price',
        permits: 'tariffs.read',
        title: { zh: '试算某日用水的价格', en: 'explain a price' },
        params: { category: text(40).openapi({ example: 'industry' }) },
        query: {
          volumeM3: volumeM3.refine((volume) => !volume.isNegative(), '不能为负 · not negative'),
          on: date.optional().openapi({ description: '用水日期，默认今日 day of water use' }),
          language: z.enum(['zh', 'en']).default('zh'),
        },
        answer: z.object({
          category: z.string(),
          on: date,
          volumeM3: volumeText,
          billableVolumeM3: volumeText,
          schedule: z.string(),
          approvalDocument: z.string(),
          steps: z.array(z.string()),
          unrounded: decimalText,
          amount: amountText,
        }),
        read: async ({ services, params, query }) => {
          const on = query.on ?? services.clock.today()
          const explained = await explainPrice(services.db, { ...params, volume: query.volumeM3, on })
          return isRefusal(explained) ? explained : explainedPriceJson(explained, query.language)
        },
      }),
      command('post', '/tariffs/proposals', {
        cli: 'tariffs propose',
        permits: 'tariffs.propose-rate-schedule',
        title: { zh: '提交收费标准', en: 'propose a schedule' },
        body: {
          code: text(60),
          title: text(),
          approvalDocument: text(),
          issuer: text(),
          unit: text(20).optional(),
          currency: text(20).optional(),
          straddle: z.enum(straddles),
          clause: text(),
          validFrom: date,
          endsEarlier: z.boolean().default(false).openapi({ description: '取代同类别仍在执行的 ends open rates' }),
          prices,
        },
        example: {
          code: 'GX-2026-01',
          title: '园区污水处理费',
          approvalDocument: '示例发改价〔2026〕1号',
          issuer: '示例市发改委',
          straddle: 'by-days',
          clause: '办法第九条',
          validFrom: '2026-01-01',
          prices: { industry: { form: 'flat', perM3: '1.40' } },
        },
        answer: z.object({ proposalId: id(), digest: z.string(), code: z.string() }),
        run: ({ services, envelope, body }) => proposeRateSchedule(services, envelope, body as EnteredSchedule),
      }),
      command('post', '/tariffs/proposals/{proposal}/approval', {
        cli: 'tariffs approve',
        permits: 'tariffs.approve-rate-schedule',
        title: { zh: '批准提交的收费标准', en: 'approve a proposed schedule' },
        params: { proposal: id() },
        body: { digestSeen: digestSeen.optional() },
        example: { digestSeen: '3f2a9c01' },
        ifMatch: oneProposal,
        answer: z.object({
          scheduleId: id(),
          code: z.string(),
          validFrom: date,
          ended: z.array(z.object({ scheduleCode: z.string(), categoryCode: z.string() })),
        }),
        run: ({ services, envelope, params, body }) =>
          approveRateSchedule(services, envelope, { proposalId: params.proposal, ...body }, lastDayBilledBy),
      }),
      returnRoute('/tariffs/proposals', 'tariffs return', 'tariffs.return-rate-schedule', returnRateSchedule),
      command('post', '/tariffs/{schedule}/end', {
        cli: 'tariffs end',
        permits: 'tariffs.end-rate-schedule',
        title: { zh: '终止收费标准', en: 'end a schedule' },
        params: { schedule: scheduleCode },
        body: {
          until: date.openapi({ description: '自此日用水起不再适用 first day of water use it no longer prices' }),
          document: text(500),
        },
        example: { until: '2027-01-01', document: '示例发改价〔2026〕9号' },
        ifMatch: oneSchedule,
        answer: z.object({ code: z.string(), until: date, categories: z.array(z.string()) }),
        run: ({ services, envelope, params, body }) =>
          endRateSchedule(services, envelope, { scheduleCode: params.schedule, ...body }, lastDayBilledBy),
      }),
    ],
  }
}
