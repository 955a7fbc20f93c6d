import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { count, date, digestSeen, id, month, text } from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query } from '../platform/http/route.ts'
import { pageOf } from '../platform/page.ts'
import { oneProposal, returnRoute } from '../platform/platform.routes.ts'
import { approveCalendarYear } from './approve-calendar-year.ts'
import { calendarYears, dueDateOf, loadCalendars, type StoredCalendarYear } from './calendar.queries.ts'
import { nextYearMissing } from './calendar.rules.ts'
import { proposeCalendarYear } from './propose-calendar-year.ts'
import { returnCalendarYear } from './return-calendar-year.ts'

const calendarYear = z
  .object({
    year: z.number().int(),
    revision: z.number().int(),
    noticeNumber: z.string(),
    proposalId: id().nullable(),
    restDays: z.array(date),
    makeUpWorkdays: z.array(date),
  })
  .openapi('CalendarYear')

const showYear = (year: StoredCalendarYear) => ({
  ...year,
  restDays: [...year.restDays],
  makeUpWorkdays: [...year.makeUpWorkdays],
})

const year = count(1990, 2199).openapi({ example: 2026 })

/** The years of rest days, the due date of a month, and how a year gets in force. */
export const calendarRoutes: RouteGroup = {
  name: 'calendars',
  title: { zh: '日历：法定休息日与调休上班日', en: 'statutory rest days and make-up workdays' },
  routes: [
    list('/calendars', {
      cli: 'calendars list',
      permits: 'calendars.read',
      title: { zh: '已录入的年份', en: 'the years that are loaded' },
      item: calendarYear,
      key: [text()],
      rows: async ({ services }, page) => pageOf(await calendarYears(services.db), (row) => String(row.year), page),
      keyOf: (row) => [String(row.year)],
      show: showYear,
    }),
    query('/calendars/{year}', {
      cli: 'calendars show',
      permits: 'calendars.read',
      title: { zh: '一年的放假与调休', en: 'one year in full' },
      params: { year },
      answer: calendarYear,
      read: async ({ services, params }) => {
        const found = (await calendarYears(services.db)).find((stored) => stored.year === params.year)
        return found === undefined ? undefined : showYear(found)
      },
    }),
    query('/due-dates/{month}', {
      cli: 'calendars due',
      permits: 'calendars.read',
      title: { zh: '某用水月份的缴费期限', en: 'when the fee of a month falls due' },
      params: { month },
      query: {
        issuedOn: date.optional().openapi({ description: '开账（或送达）日，默认次月1日 day of issue or service' }),
      },
      answer: z.object({
        feeMonth: month,
        issuedOn: date,
        byMonth: date,
        byIssue: date,
        dueOn: date,
        missingNextYear: z.number().int().nullable(),
      }),
      read: async ({ services, params, query }) => {
        const due = await dueDateOf(services.db, params.month, query.issuedOn)
        if (isRefusal(due)) return due
        const missing = nextYearMissing(services.clock.today(), await loadCalendars(services.db))
        return { ...due, missingNextYear: missing ?? null }
      },
    }),
    command('post', '/calendars/proposals', {
      cli: 'calendars propose',
      permits: 'calendars.propose-calendar-year',
      title: { zh: '提交一年的放假安排', en: 'propose a year' },
      body: {
        year: z.number().int(),
        noticeNumber: text(),
        restDays: z.array(text(20)).max(366),
        makeUpWorkdays: z.array(text(20)).max(366),
        amends: z.boolean().default(false).openapi({ description: '修订已生效的年份 amend a year in force' }),
      },
      example: {
        year: 2027,
        noticeNumber: '国办发明电〔2026〕1号',
        restDays: ['2027-01-01', '2027-01-02', '2027-01-03'],
        makeUpWorkdays: ['2027-01-09'],
      },
      answer: z.object({ proposalId: id(), digest: z.string(), year: z.number().int() }),
      run: ({ services, envelope, body: { amends, ...entered } }) =>
        proposeCalendarYear(services, envelope, entered, { amends }),
    }),
    command('post', '/calendars/proposals/{proposal}/approval', {
      cli: 'calendars approve',
      permits: 'calendars.approve-calendar-year',
      title: { zh: '批准提交的年份', en: 'approve a proposed year' },
      params: { proposal: id() },
      body: { digestSeen: digestSeen.optional() },
      example: { digestSeen: '5f2c8a10' },
      ifMatch: oneProposal,
      answer: z.object({ year: z.number().int(), noticeNumber: z.string(), revision: z.number().int() }),
      run: ({ services, envelope, params, body }) =>
        approveCalendarYear(services, envelope, { proposalId: params.proposal, ...body }),
    }),
    returnRoute('/calendars/proposals', 'calendars return', 'calendars.return-calendar-year', returnCalendarYear),
  ],
}
