import { loadCalendars } from '../src/calendars/calendar.queries.ts'
import { isWorkingDay } from '../src/calendars/calendar.rules.ts'
import { clockNames, clockPartyNames, isWait } from '../src/enforcement/clocks.rules.ts'
import { type WorkItem, workOn } from '../src/enforcement/enforcement.queries.ts'
import { type CivilDate, daysBetween } from '../src/kernel/calendar.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { cited } from '../src/platform/cited.ts'
import type { Db, Trx } from '../src/platform/database.ts'
import { type NewNotice, type NoticeKind, particular } from '../src/platform/notices.ts'
import { readSettings } from '../src/platform/settings.ts'
import { type Job, type JobContext, type JobResult, nothing, parked } from './job.ts'
import { tellStaff } from './tell-staff.ts'

/**
 * On each working day reminds of the terms of orders and cases the office itself must keep: once when one ends within
 * `enforcement.remind_days`, once more when it has passed. It decides nothing and takes no step.
 */
export const legalClocks: Job = {
  name: 'legal-clocks',
  zh: '执法期限提醒',
  en: 'terms of orders and cases that end soon or have passed',
  timetable: { at: ['08:30'] },
  async run(context: JobContext): Promise<JobResult> {
    const { services, slot } = context
    const none = nothing('没有将到期或已过的期限', 'no term ends soon or has passed')
    if ((await endingClocks(services.db, slot.day)).length === 0) return none
    const working = isWorkingDay(slot.day, await loadCalendars(services.db))
    if (working === false) return nothing('休息日不提醒', 'a rest day: nobody is reminded')
    const told = isRefusal(working)
      ? working
      : await tellStaff(context, async (db) =>
          (await endingClocks(db, slot.day)).map((item) => noticeOf(item, slot.day)),
        )
    if (isRefusal(told)) {
      const summary = { zh: '未能发出提醒', en: 'the notices could not be raised' }
      return { did: true, summary, parked: [parked('notices', told)] }
    }
    if (told.length === 0) return nothing('都已提醒过', 'all were told before')
    return {
      did: true,
      summary: { zh: `已提醒：${told.join('、')}`, en: `reminded of ${told.join(', ')}`, raised: told },
      parked: [],
    }
  },
}

type Ending = WorkItem & { readonly until: CivilDate }

/** What the office must do by a day that is near or past. */
async function endingClocks(db: Db | Trx, today: CivilDate): Promise<Ending[]> {
  const within = (await readSettings(db))['enforcement.remind_days']
  const items = await workOn(db, today, { within })
  return items.flatMap((item) => {
    const { until } = item
    // That the court can no longer be asked for a fee leaves nobody anything to do: the order has no end of its own.
    if (until === null || isWait(item) || (item.what === 'court_over' && item.log === 'order')) return []
    return [{ ...item, until }]
  })
}

/** A term of a file is one subject while it runs, and another once it has passed. */
function subjectOf({ log, number, what, until }: Ending, today: CivilDate): string {
  return `${log}/${number}/${what}/${until}${until < today ? '/passed' : ''}`
}

function noticeOf(item: Ending, today: CivilDate): NewNotice {
  const { log, number, what, by, until, dischargerName } = item
  return {
    kind: 'legal_clock',
    subject: subjectOf(item, today),
    roles: ['bureau_clerk', 'bureau_approver', 'brigade_officer'],
    particulars: { log, number, what, by, until, dischargerName, days: daysBetween(today, until) },
  }
}

export const legalClockEnds: NoticeKind = {
  zh: '执法期限',
  en: 'a term of an order or case',
  sentence: (notice, language) => {
    const { what, by, days, log } = notice.particulars
    const name = clockNames[what as keyof typeof clockNames]
    const who = clockPartyNames[by as keyof typeof clockPartyNames][language]
    const [number, party, until] = ['number', 'dischargerName', 'until'].map((each) => particular(notice, each))
    const passed = Number(days) < 0
    if (language === 'zh') {
      const file = log === 'order' ? '责令通知书' : '案件'
      return `${file} ${number}（${party}）：${name.zh}（${who}）${passed ? `的期限 ${until} 已过` : `，至 ${until} 止`}（${name.clause}）。`
    }
    const file = log === 'order' ? 'Order' : 'Case'
    return `${file} ${number} (${party}): ${name.en} (${who})${passed ? ',' : ''} ${passed ? `the last day was ${until}` : `by ${until}`} (${cited(name.clause, 'en')}).`
  },
  remedy: (notice) => `qingliu ${particular(notice, 'log')}s show ${particular(notice, 'number')}`,
  open: async (db, notices, today) => {
    const open = new Set((await endingClocks(db, today)).map((item) => subjectOf(item, today)))
    return new Set(notices.filter(({ subject }) => open.has(subject)).map(({ id }) => id))
  },
}
