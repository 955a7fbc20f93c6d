import { z } from '@hono/zod-openapi'
import { type CivilDate, civilDate, daysBetween, plusDays } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { count, month, text } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import type { Said } from '../platform/http/route.ts'
import { type Fields, formPage, given, previewOfTyped, routeAt, runRoute, workIdOf } from '../platform/pages/forms.tsx'
import { type Crumb, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  ButtonLink,
  Count,
  daysInWords,
  Empty,
  Facts,
  NextStep,
  Notice,
  PlainTable,
  PrimaryLink,
  Refused,
  Section,
  unbroken,
  unknown,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { ProposalState, proposalPages, waitingProposals } from '../platform/proposal-pages.tsx'
import type { WorkResult } from '../platform/works.page.tsx'
import { approveCalendarYear } from './approve-calendar-year.ts'
import { calendarFileRoutes } from './calendar.file-routes.ts'
import { calendarYears, dueDateOf } from './calendar.queries.ts'
import { type CalendarYearContent, calendarYearProposal, proposeCalendarYear } from './propose-calendar-year.ts'
import { returnCalendarYear } from './return-calendar-year.ts'

const title: Said = { zh: '工作日历', en: 'calendar' }
const home = '/office/calendars'
const crumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(title), href: home }]

const listPage = page(home, {
  title,
  permits: 'calendars.read',
  query: { month: month.optional() },
  show: async ({ services: { db }, query, visitor, say }) => {
    const years = await calendarYears(db)
    const waiting = await waitingProposals({ services: { db }, visitor }, calendarYearProposal)
    const due = query.month === undefined ? undefined : await dueDateOf(db, query.month)
    return {
      title: say(title),
      next: (
        <NextStep permits="calendars.propose-calendar-year" visitor={visitor} href={`${home}/new`}>
          {say('提交一年的放假安排', 'propose a year')}
        </NextStep>
      ),
      body: (
        <>
          <form class="filters" method="get" action={home}>
            <div>
              <label for="due-month">{say('费款所属月份', 'fee month')}</label>
              <input
                id="due-month"
                name="month"
                value={query.month ?? ''}
                placeholder="2026-03"
                inputmode="numeric"
                size={11}
              />
            </div>
            <button type="submit">{say('看到期日', 'when it falls due')}</button>
          </form>
          {isRefusal(due) ? <Refused refusal={due} say={say} /> : null}
          {due === undefined || isRefusal(due) ? null : (
            <Notice>
              {say(
                `${due.feeMonth} 的费款 ${due.dueOn} 到期（次月 ${due.byMonth}，开账后不早于 ${due.byIssue}，遇休息日顺延）。`,
                `The fee of ${due.feeMonth} falls due on ${due.dueOn} (${due.byMonth} of the next month, not before ${due.byIssue}, moved to a working day).`,
              )}
            </Notice>
          )}
          {waiting.length === 0 ? null : (
            <PlainTable
              caption={say('待审批', 'waiting for approval')}
              columns={[say('年份', 'year'), say('提交人', 'maker'), say('状态', 'state')].map((each) => ({
                title: each,
              }))}
              rows={waiting.map(({ id, subject, makerName }) => [
                <a href={`${home}/proposals/${id}`}>{subject}</a>,
                makerName,
                <ProposalState outcome={undefined} say={say} />,
              ])}
            />
          )}
          {years.length === 0 ? (
            <Empty>{say('还没有录入任何年份。', 'No year is loaded yet.')}</Empty>
          ) : (
            <PlainTable
              caption={say('已录入的年份', 'years that are loaded')}
              columns={[
                { title: say('年份', 'year') },
                { title: say('国务院办公厅通知', 'State Council notice') },
                { title: say('放假（天）', 'rest days'), number: true },
                { title: say('调休上班（天）', 'make-up workdays'), number: true },
                { title: say('修订', 'revision'), number: true },
              ]}
              rows={years
                .toReversed()
                .map((each) => [
                  <a href={`${home}/${each.year}`}>{String(each.year)}</a>,
                  each.noticeNumber,
                  <Count of={each.restDays.size} />,
                  <Count of={each.makeUpWorkdays.size} />,
                  String(each.revision),
                ])}
            />
          )}
        </>
      ),
    }
  },
})

/** Days as runs: 2026-02-15 至 2026-02-23（9 天）. */
function days(of: Iterable<string>, say: Say): string {
  const runs: [from: CivilDate, until: CivilDate][] = []
  for (const day of [...of].toSorted().map(civilDate)) {
    const last = runs.at(-1)
    if (last?.[1] === day) last[1] = plusDays(day, 1)
    else runs.push([day, plusDays(day, 1)])
  }
  const words = runs.map(([from, until]) => {
    const length = daysBetween(from, until)
    return length === 1 ? from : daysInWords(from, until, say) + say(`（${length} 天）`, ` (${length} days)`)
  })
  return words.join(say('、', ', ')) || unknown
}

const yearPage = page('/office/calendars/{year}', {
  title: { zh: '一年的放假安排', en: 'one year' },
  permits: 'calendars.read',
  params: { year: count(1950, 2199) },
  show: async ({ services: { db }, params, say, url }) => {
    const found = (await calendarYears(db)).find(({ year }) => year === params.year)
    if (found === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    return {
      title: say(`${found.year} 年`, String(found.year)),
      crumbs: crumbs({ say }),
      figures: [
        { label: say('放假（天）', 'rest days'), value: <Count of={found.restDays.size} /> },
        { label: say('调休上班（天）', 'make-up workdays'), value: <Count of={found.makeUpWorkdays.size} /> },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('通知', 'notice'), found.noticeNumber],
              [say('修订', 'revision'), String(found.revision)],
              [
                say('审批', 'approval'),
                found.proposalId === null ? (
                  say('随产品提供', 'ships with the product')
                ) : (
                  <a href={`${home}/proposals/${found.proposalId}`}>{found.proposalId}</a>
                ),
              ],
            ]}
          />
          <Section title={say('放假', 'rest days')}>
            <p>{unbroken(days(found.restDays, say))}</p>
          </Section>
          <Section title={say('调休上班', 'make-up workdays')}>
            <p>{unbroken(days(found.makeUpWorkdays, say))}</p>
          </Section>
          <p class="buttons">
            <ButtonLink href={`${home}/new?year=${found.year}`}>{say('提交修订', 'propose an amendment')}</ButtonLink>
          </p>
        </>
      ),
    }
  },
})

const daysOf = z.string().transform((said) => said.split(/[\s,，、;；]+/).filter((each) => each !== ''))

const proposeFields = {
  year: { label: { zh: '年份', en: 'year' }, kind: 'number', schema: count(1950, 2199) },
  noticeNumber: {
    label: { zh: '通知文号', en: 'number of the notice' },
    help: { zh: '例如 国办发明电〔2025〕7号。', en: 'For example 国办发明电〔2025〕7号.' },
    schema: text(),
  },
  restDays: {
    label: { zh: '放假', en: 'rest days' },
    help: {
      zh: '通知列出的每一天，含周末；每行一个或用顿号隔开。',
      en: 'Every day the notice names, weekends too, one a line.',
    },
    kind: 'long',
    schema: daysOf,
  },
  makeUpWorkdays: {
    label: { zh: '调休上班', en: 'make-up workdays' },
    kind: 'long',
    optional: true,
    schema: daysOf,
  },
  amends: { label: { zh: '修订已生效的年份', en: 'amend a year in force' }, kind: 'check' },
} as const satisfies Fields

const proposePage = formPage('/office/calendars/new', {
  title: { zh: '提交一年的放假安排', en: 'propose a year' },
  permits: 'calendars.propose-calendar-year',
  query: { year: count(1950, 2199).optional() },
  crumbs,
  about: ({ say }) => (
    <Notice>
      {say(
        '按国务院办公厅的通知录入，经他人批准生效；也可',
        'As the State Council’s notice has it; another person approves. Or ',
      )}
      <a href={`${home}/file`}>{say('以文件提交', 'propose from a file')}</a>
      {say('。', '.')}
    </Notice>
  ),
  initial: async ({ services: { db }, query }) => {
    if (query.year === undefined) return {}
    const found = (await calendarYears(db)).find(({ year }) => year === query.year)
    return {
      year: String(query.year),
      ...(found === undefined
        ? {}
        : {
            noticeNumber: found.noticeNumber,
            restDays: [...found.restDays].toSorted().join('\n'),
            makeUpWorkdays: [...found.makeUpWorkdays].toSorted().join('\n'),
            amends: 'yes',
          }),
    }
  },
  fields: proposeFields,
  run: ({ services }, { amends, makeUpWorkdays = [], ...entered }, { envelope }) =>
    proposeCalendarYear(services, envelope, { ...entered, makeUpWorkdays }, { amends }),
  preview: async (answer, asked, values) => {
    const found = (await calendarYears(asked.services.db)).find(({ year }) => year === answer.year)
    return previewOfTyped(asked as never, proposeFields, values, {
      before:
        found === undefined
          ? {}
          : {
              noticeNumber: found.noticeNumber,
              restDays: [...found.restDays].toSorted().join('、'),
              makeUpWorkdays: [...found.makeUpWorkdays].toSorted().join('、'),
            },
      button: asked.say(`提交 ${answer.year} 年的放假安排，待他人批准`, `propose ${answer.year} for approval`),
    })
  },
  done: (answer, { say }) => ({
    to: `${home}/proposals/${answer.proposalId}`,
    said: say(`已提交 ${answer.year} 年的放假安排，待他人批准。`, `${answer.year} waits for another person.`),
  }),
})

const proposeRoute = routeAt(calendarFileRoutes, '/calendars/proposals/file')

const fileFields = {
  file: {
    label: { zh: '文件', en: 'file' },
    help: { zh: 'JSON、CSV 或 Excel（日期、安排）。', en: 'JSON, CSV or Excel (day, kind).' },
    kind: 'file',
    accept: '.json,.csv,.xlsx,.xls',
  },
  year: { label: { zh: '年份', en: 'year' }, kind: 'number', optional: true, schema: count(1990, 2199) },
  noticeNumber: { label: { zh: '通知文号', en: 'number of the notice' }, optional: true, schema: text() },
  amends: { label: { zh: '修订已生效的年份', en: 'amend a year in force' }, kind: 'check' },
} as const satisfies Fields

const filePage = formPage('/office/calendars/file', {
  title: { zh: '以文件提交放假安排', en: 'propose a year from a file' },
  permits: 'calendars.propose-calendar-year',
  crumbs,
  fields: fileFields,
  submit: { zh: '提交，待他人批准', en: 'propose for approval' },
  run: async (asked, { file, ...values }, posted) => {
    const outcome = await runRoute(proposeRoute, asked as never, posted, { file, query: given(values) })
    return isRefusal(outcome) ? outcome : { answer: { workId: workIdOf(outcome) }, repeated: false, dryRun: false }
  },
  preview: 'none',
  done: ({ workId }, { say }) => ({ to: `/office/works/${workId}`, said: say('文件已收到。', 'The file is here.') }),
})

/** What proposing a year from a file leads to. */
export const calendarWorkResults: Readonly<Record<string, WorkResult>> = {
  'post-calendars-proposals-file': (report, say) => {
    const { proposalId, year } = report.answer as { proposalId: string; year: number }
    return (
      <p class="buttons">
        <PrimaryLink href={`${home}/proposals/${proposalId}`}>
          {say(`看提交的 ${year} 年`, `see the proposal of ${year}`)}
        </PrimaryLink>
      </p>
    )
  },
}

const proposals = proposalPages('/office/calendars/proposals', {
  kind: calendarYearProposal,
  title: { zh: '放假安排的提交', en: 'a proposed year' },
  crumbs,
  permits: {
    read: 'calendars.read',
    approve: 'calendars.approve-calendar-year',
    giveBack: 'calendars.return-calendar-year',
  },
  show: async (content, { services: { db }, say }) => {
    const proposed = content as unknown as CalendarYearContent
    const present = (await calendarYears(db)).find(({ year }) => year === proposed.year)
    return (
      <PlainTable
        caption={say(`${proposed.year} 年`, String(proposed.year))}
        columns={[say('事项', 'what'), say('现行', 'in force'), say('提交的', 'proposed')].map((each) => ({
          title: each,
        }))}
        rows={[
          [say('通知', 'notice'), present?.noticeNumber ?? '—', proposed.noticeNumber],
          [
            say('放假', 'rest days'),
            present === undefined ? '—' : days(present.restDays, say),
            days(proposed.restDays, say),
          ],
          [
            say('调休上班', 'make-up workdays'),
            present === undefined ? '—' : days(present.makeUpWorkdays, say),
            days(proposed.makeUpWorkdays, say),
          ],
        ]}
      />
    )
  },
  approve: ({ services }, envelope, decision) => approveCalendarYear(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnCalendarYear(services, envelope, decision),
  preview: (answer, { say }) => ({
    changes: [
      {
        what: say(`${answer.year} 年的日历`, `the calendar of ${answer.year}`),
        before:
          answer.revision === 0
            ? say('未录入', 'not loaded')
            : say(`修订 ${answer.revision - 1}`, `revision ${answer.revision - 1}`),
        after: answer.noticeNumber,
      },
    ],
    button: say(`批准 ${answer.year} 年`, `approve ${answer.year}`),
  }),
  approved: (answer, { say }) => ({
    to: `${home}/${answer.year}`,
    said: say(`${answer.year} 年的放假安排已生效。`, `The calendar of ${answer.year} is in force.`),
  }),
})

/** Years of rest days and make-up workdays, and how they get in force. */
export const calendarPages: readonly PageRoute[] = [listPage, yearPage, proposePage, filePage, ...proposals]
