import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { count, flag, id, text } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { upload } from '../platform/http/work-route.ts'
import { readCalendarFile } from './calendar-file.ts'
import { proposeCalendarYear } from './propose-calendar-year.ts'

/** A year's rest days from a file. */
export const calendarFileRoutes: readonly Route[] = [
  upload('/calendars/proposals/file', {
    cli: 'calendars propose',
    permits: 'calendars.propose-calendar-year',
    title: { zh: '以文件提交一年的放假安排（JSON、CSV、Excel）', en: 'propose a year from a file' },
    query: {
      year: count(1990, 2199).optional().openapi({ description: '表格不含年份时必填 where the file lacks it' }),
      noticeNumber: text().optional(),
      amends: flag.optional().openapi({ description: '修订已生效的年份 amend a year in force' }),
    },
    answer: z.object({ proposalId: id(), digest: z.string(), year: z.number().int() }),
    take: async ({ services, envelope, query, file }) => {
      const entered = await readCalendarFile(file.path, { year: query.year, noticeNumber: query.noticeNumber })
      if (isRefusal(entered)) return entered
      return proposeCalendarYear(services, envelope, entered, { amends: query.amends ?? false })
    },
  }),
]
