import { instant, text } from '../src/platform/http/fields.ts'
import { formPage } from '../src/platform/pages/forms.tsx'
import { type PageRoute, page } from '../src/platform/pages/page-route.ts'
import { Count, Instant, Notice, PlainTable, State, type Tone } from '../src/platform/pages/parts.tsx'
import type { Say } from '../src/platform/pages/say.ts'
import { refuseJob } from './jobs.refusals.ts'
import { noticeJson, noticesWithState } from './notices-with-state.queries.ts'
import { retrySlot } from './retry-slot.ts'
import { schedule } from './schedule.ts'
import { newestSlots, type SlotState } from './slots.queries.ts'

const crumb = (say: Say) => ({ text: say('定时任务', 'schedule'), href: '/office/jobs' })

const outcomes: Record<
  'done' | 'nothing' | 'parked',
  { readonly tone: Tone; readonly zh: string; readonly en: string }
> = {
  done: { tone: 'settled', zh: '已办', en: 'done' },
  nothing: { tone: 'plain', zh: '无事可办', en: 'nothing to do' },
  parked: { tone: 'overdue', zh: '搁置', en: 'parked' },
}
function SlotOutcome({ of, say }: { readonly of: SlotState; readonly say: Say }) {
  if (of.outcome === undefined) return <State tone="waiting">{say('办理中', 'under way')}</State>
  return <State tone={outcomes[of.outcome].tone}>{say(outcomes[of.outcome])}</State>
}

const schedulePage = page('/office/jobs', {
  title: { zh: '定时任务', en: 'schedule' },
  permits: 'jobs.read',
  show: async ({ services, say }) => {
    const rows = []
    for (const { name, zh, en, timetable } of schedule) {
      const [latest] = await newestSlots(services.db, { job: name, limit: 1 })
      rows.push([
        <a href={`/office/jobs/${name}`}>{say(zh, en)}</a>,
        timetable.at.join(say('、', ', ')),
        latest === undefined ? null : <Instant of={latest.slot.dueAt} />,
        latest === undefined ? say('还没有运行', 'not run yet') : <SlotOutcome of={latest} say={say} />,
        latest?.summary === undefined ? null : say({ zh: latest.summary.zh, en: latest.summary.en }),
      ])
    }
    return {
      title: say('定时任务', 'schedule'),
      body: (
        <PlainTable
          columns={[
            { title: say('任务', 'job') },
            { title: say('时刻', 'at') },
            { title: say('最近一次', 'latest') },
            { title: say('结果', 'outcome') },
            { title: say('说明', 'what came of it') },
          ]}
          rows={rows}
        />
      ),
    }
  },
})

const jobPage = page('/office/jobs/{job}', {
  title: { zh: '一项定时任务', en: 'one job' },
  permits: 'jobs.read',
  params: { job: text(100) },
  show: async ({ services, params, say, may }) => {
    const job = schedule.find(({ name }) => name === params.job)
    if (job === undefined)
      return refuseJob('job_unknown', { job: params.job, known: schedule.map(({ name }) => name).join('、') })
    const slots = await newestSlots(services.db, { job: job.name, limit: 50 })
    return {
      title: say(job.zh, job.en),
      crumbs: [crumb(say)],
      body:
        slots.length === 0 ? (
          <Notice>{say('还没有运行过。', 'It has not run yet.')}</Notice>
        ) : (
          <PlainTable
            columns={[
              { title: say('时刻', 'due') },
              { title: say('轮次', 'round'), number: true },
              { title: say('结果', 'outcome') },
              { title: say('说明', 'what came of it') },
              { title: say('搁置的', 'parked') },
              { title: say('办理', 'retry') },
            ]}
            rows={slots.map((each) => [
              <Instant of={each.slot.dueAt} />,
              <Count of={each.round} />,
              <SlotOutcome of={each} say={say} />,
              each.summary === undefined ? null : say({ zh: each.summary.zh, en: each.summary.en }),
              each.parked.map((item) => <p>{say({ zh: item.zh, en: item.en })}</p>),
              each.outcome === 'parked' && may('jobs.retry-slot') ? (
                <a href={`/office/jobs/${job.name}/retry?dueAt=${encodeURIComponent(each.slot.dueAt.toISOString())}`}>
                  {say('重试', 'try again')}
                </a>
              ) : (
                ''
              ),
            ])}
          />
        ),
    }
  },
})

const retryPage = formPage('/office/jobs/{job}/retry', {
  title: { zh: '重试搁置的一次', en: 'work a parked slot once more' },
  permits: 'jobs.retry-slot',
  params: { job: text(100) },
  query: { dueAt: instant.optional() },
  crumbs: ({ say, params }) => [crumb(say), { text: params.job, href: `/office/jobs/${params.job}` }],
  initial: ({ query }) => ({ dueAt: query.dueAt ?? '' }),
  fields: {
    dueAt: { label: { zh: '哪一次（时刻）', en: 'which slot' }, schema: instant },
    reason: { label: { zh: '排除了什么原因', en: 'what was put right' }, kind: 'long', schema: text(500) },
  },
  run: ({ services, params }, { dueAt, reason }, { envelope }) =>
    retrySlot(services, envelope, { job: params.job, dueAt: new Date(dueAt), reason }),
  preview: ({ job, dueAt, round }, { say }) => ({
    changes: [
      { what: `${job} ${dueAt}`, before: say('搁置', 'parked'), after: say(`第 ${round} 轮`, `round ${round}`) },
    ],
    button: say('重试', 'try again'),
  }),
  done: ({ job }, { say }) => ({
    to: `/office/jobs/${job}`,
    said: say('将在下一次巡查时重试。', 'It is worked at the next tick.'),
  }),
})

const noticesPage = page('/office/notices', {
  title: { zh: '提醒', en: 'notices' },
  permits: 'notices.read',
  show: async ({ services, say }) => {
    const notices = await noticesWithState(services.db, { all: false, today: services.clock.today(), limit: 200 })
    return {
      title: say('未处理的提醒', 'notices nobody has dealt with'),
      body:
        notices.length === 0 ? (
          <Notice tone="settled">{say('没有未处理的提醒。', 'Nothing waits.')}</Notice>
        ) : (
          <PlainTable
            columns={[
              { title: say('自', 'since') },
              { title: say('提醒', 'notice') },
              { title: say('怎么办', 'what to do') },
            ]}
            rows={notices.map((each) => {
              const told = noticeJson(each, each.open)
              return [told.since, say({ zh: told.zh, en: told.en }), told.remedy]
            })}
          />
        ),
    }
  },
})

/** What the product does by itself, and what it tells staff. */
export const jobPages: readonly PageRoute[] = [schedulePage, jobPage, retryPage, noticesPage]
