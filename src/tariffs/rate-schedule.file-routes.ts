import { z } from '@hono/zod-openapi'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { date, flag, id, text } from '../platform/http/fields.ts'
import { query, type Route } from '../platform/http/route.ts'
import { upload } from '../platform/http/work-route.ts'
import { type EnteredSchedule, proposeRateSchedule } from './propose-rate-schedule.ts'
import { straddles } from './rate-schedule.ts'
import { readScheduleFile, scheduleTemplate } from './schedule-file.ts'

/** A schedule from a file: all of it in JSON, or its prices in a table with the terms beside. */
export const tariffFileRoutes: readonly Route[] = [
  query('/tariff-template', {
    cli: 'tariffs template',
    permits: 'tariffs.propose-rate-schedule',
    title: { zh: '空白收费标准（JSON）', en: 'a blank schedule in JSON' },
    answer: z.looseObject({ code: z.string(), prices: z.record(z.string(), z.unknown()) }),
    read: async ({ services }) => {
      const categories = await listPriceCategories(services.db)
      return scheduleTemplate(categories.map(({ code }) => code)) as { code: string; prices: Record<string, unknown> }
    },
  }),
  upload('/tariffs/proposals/file', {
    cli: 'tariffs propose',
    permits: 'tariffs.propose-rate-schedule',
    title: { zh: '以文件提交收费标准（JSON；或价格表，其余用参数）', en: 'propose a schedule from a file' },
    query: {
      code: text(60).optional(),
      title: text().optional(),
      approvalDocument: text().optional(),
      issuer: text().optional(),
      unit: text(20).optional(),
      currency: text(20).optional(),
      straddle: z.enum(straddles).optional(),
      clause: text().optional(),
      validFrom: date.optional(),
      endsEarlier: flag.optional(),
    },
    answer: z.object({ proposalId: id(), digest: z.string(), code: z.string() }),
    take: async ({ services, envelope, query, file }) => {
      const read = await readScheduleFile(file.path)
      if (isRefusal(read)) return read
      return proposeRateSchedule(services, envelope, { ...read, ...query } as EnteredSchedule)
    },
  }),
]
