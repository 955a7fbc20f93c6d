import { z } from '@hono/zod-openapi'
import { civilDate } from '../src/kernel/calendar.ts'
import { moneyText } from '../src/kernel/money.ts'
import { overdueListLines } from '../src/payments/overdue-list.queries.ts'
import { reachOf } from '../src/platform/authorisation/authorisation.ts'
import { findActor } from '../src/platform/command.ts'
import { amountText, anyJson, date, flag, id, instant, text } from '../src/platform/http/fields.ts'
import type { RouteGroup } from '../src/platform/http/openapi.ts'
import { command, list, query } from '../src/platform/http/route.ts'
import { listNotices } from '../src/platform/notices.ts'
import { pageOf } from '../src/platform/page.ts'
import { refusePlatform } from '../src/platform/platform.refusals.ts'
import type { Visitor } from '../src/platform/sign-in/visitor.ts'
import { refuseJob } from './jobs.refusals.ts'
import { noticeJson, noticesWithState, openAmong } from './notices-with-state.queries.ts'
import { retrySlot } from './retry-slot.ts'
import { schedule } from './schedule.ts'
import { newestSlots, type SlotState } from './slots.queries.ts'

const said = z.object({ zh: z.string(), en: z.string() })
const slot = z
  .object({
    job: z.string(),
    dueAt: instant,
    day: date,
    round: z.number().int(),
    outcome: z.string().nullable(),
    summary: said.nullable(),
    parked: z.array(said.extend({ subject: z.string() })),
    endedAt: instant.nullable(),
  })
  .openapi('JobSlot')

const slotJson = ({ slot, round, outcome, summary, parked, endedAt }: SlotState) => ({
  job: slot.job,
  dueAt: slot.dueAt.toISOString(),
  day: slot.day,
  round,
  outcome: outcome ?? null,
  summary: summary === undefined ? null : { zh: summary.zh, en: summary.en },
  parked: parked.map(({ subject, zh, en }) => ({ subject, zh, en })),
  endedAt: endedAt?.toISOString() ?? null,
})

const notice = z
  .object({
    id: id(),
    kind: z.string(),
    subject: z.string(),
    roles: z.array(z.string()),
    organisation: z.string().nullable(),
    since: date,
    open: z.boolean(),
    zh: z.string(),
    en: z.string(),
    remedy: z.string().nullable(),
    particulars: anyJson,
    recordedAt: instant,
  })
  .openapi('Notice')

/** Whose notices somebody sees: whosever they ask for, or what they are told themselves. */
function toldTo({ roles, code }: Visitor, asked: string | undefined): string | undefined {
  return reachOf(roles, 'notices.read') === 'all' ? asked : code
}

const jobName = text(100).openapi({ example: 'draft-month' })
const linesShown = 200

/** What the product does by itself, and what it tells staff. */
export const jobRoutes: RouteGroup = {
  name: 'jobs',
  title: { zh: '定时任务与提醒', en: 'jobs and notices' },
  routes: [
    list('/jobs', {
      cli: 'jobs list',
      permits: 'jobs.read',
      title: { zh: '时刻表与最近结果', en: 'the schedule and how each job went last' },
      item: said.extend({ job: z.string(), at: z.array(z.string()), latest: slot.nullable() }).openapi('Job'),
      key: [text()],
      rows: async ({ services: { db } }, page) =>
        Promise.all(
          pageOf(schedule, ({ name }) => name, page).map(async ({ name, zh, en, timetable }) => {
            const [latest] = await newestSlots(db, { job: name, limit: 1 })
            return { job: name, zh, en, at: timetable.at, latest: latest === undefined ? null : slotJson(latest) }
          }),
        ),
      keyOf: ({ job }) => [job],
      show: (row) => row,
    }),
    list('/jobs/{job}/slots', {
      cli: 'jobs list',
      permits: 'jobs.read',
      title: { zh: '一项任务的各次，最近的在前', en: 'the slots of one job, newest first' },
      params: { job: jobName },
      query: { parked: flag.optional().openapi({ description: '只列搁置的 parked ones only' }) },
      item: slot,
      key: [instant],
      rows: async ({ services: { db }, params, query }, { after, limit }) => {
        const known = schedule.map(({ name }) => name)
        if (!known.includes(params.job)) return refuseJob('job_unknown', { job: params.job, known: known.join('、') })
        const before = after === undefined ? {} : { before: new Date(after[0]) }
        return newestSlots(db, { job: params.job, parkedOnly: query.parked ?? false, limit, ...before })
      },
      keyOf: (row) => [row.slot.dueAt.toISOString()],
      show: slotJson,
    }),
    command('post', '/jobs/{job}/retries', {
      cli: 'jobs retry',
      permits: 'jobs.retry-slot',
      title: { zh: '搁置的一次排除原因后重试', en: 'have a parked slot worked once more' },
      params: { job: jobName },
      body: { dueAt: instant, reason: text(500) },
      example: { dueAt: '2026-04-03T04:30:00.000Z', reason: '名单已批准' },
      answer: z.object({ job: z.string(), dueAt: z.string(), round: z.number().int() }),
      run: ({ services, envelope, params, body }) =>
        retrySlot(services, envelope, { job: params.job, dueAt: new Date(body.dueAt), reason: body.reason }),
    }),
    list('/notices', {
      cli: 'notices list',
      permits: 'notices.read',
      title: { zh: '未处理的提醒，最近的在前', en: 'notices nobody has dealt with, newest first' },
      query: {
        all: flag.optional().openapi({ description: '含已处理的 those dealt with too' }),
        for: text(40)
          .optional()
          .openapi({ description: '只看给某人的 only what this person is told', example: 'clerk' }),
      },
      item: notice,
      key: [id()],
      rows: async ({ services: { db, clock }, visitor, query }, { after, limit }) => {
        const code = toldTo(visitor, query.for)
        const actor = code === undefined ? undefined : await findActor(db, code, clock.today())
        if (code !== undefined && actor === undefined) return refusePlatform('actor_unknown', { actor: code })
        return noticesWithState(db, { actor, all: query.all ?? false, today: clock.today(), before: after?.[0], limit })
      },
      keyOf: (row) => [row.id],
      show: (row) => noticeJson(row, row.open),
    }),
    query('/notices/{notice}', {
      cli: 'notices show',
      permits: 'notices.read',
      title: { zh: '一条提醒的全部内容；逾期清单列出各户', en: 'one notice in full; an overdue list with its bills' },
      params: { notice: id() },
      answer: notice
        .extend({
          lines: z
            .array(
              z.object({
                bill: z.string(),
                accountNo: z.string(),
                dischargerName: z.string(),
                dueOn: date,
                outstanding: amountText,
                outstandingNow: amountText,
              }),
            )
            .openapi({ description: `前 ${linesShown} 行 the first ${linesShown}` }),
        })
        .openapi('NoticeInFull'),
      read: async ({ services: { db, clock }, visitor, params }) => {
        const code = toldTo(visitor, undefined)
        const forActor = code === undefined ? undefined : await findActor(db, code, clock.today())
        const told = { id: params.notice, limit: 1, ...(forActor === undefined ? {} : { forActor }) }
        const [found] = await listNotices(db, told)
        if (found === undefined) return refuseJob('notice_missing', { notice: params.notice })
        const open = (await openAmong(db, [found], clock.today())).has(found.id)
        const isList = found.kind === 'overdue_list'
        const lines = isList ? await overdueListLines(db, civilDate(found.subject), linesShown) : []
        return {
          ...noticeJson(found, open),
          lines: lines.map(({ bill, accountNo, dischargerName, dueOn, outstanding, outstandingNow }) => ({
            bill,
            accountNo,
            dischargerName,
            dueOn,
            outstanding: moneyText(outstanding),
            outstandingNow: moneyText(outstandingNow),
          })),
        }
      },
    }),
  ],
}
