import { loadCalendars } from '../src/calendars/calendar.queries.ts'
import { nextYearMissing } from '../src/calendars/calendar.rules.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import type { Db, Trx } from '../src/platform/database.ts'
import type { NewNotice, NoticeKind } from '../src/platform/notices.ts'
import { type Job, type JobContext, type JobResult, nothing, parked } from './job.ts'
import { tellStaff } from './tell-staff.ts'

/**
 * From 1 November announces that the next year's calendar of rest days is lacking (decision 1): without it no due date of
 * that year can be told, and nothing is guessed.
 */
export const calendarLacking: Job = {
  name: 'calendar-lacking',
  zh: '次年节假日安排未录入',
  en: 'next year’s calendar is lacking',
  timetable: { at: ['09:00'], inMonths: [11, 12] },
  async run(context: JobContext): Promise<JobResult> {
    const today = context.slot.day
    const find = async (db: Db | Trx): Promise<NewNotice[]> => {
      const year = nextYearMissing(today, await loadCalendars(db))
      if (year === undefined) return []
      return [
        {
          kind: 'calendar_lacking',
          subject: String(year),
          roles: ['bureau_clerk', 'administrator'],
          particulars: { year },
        },
      ]
    }
    const told = await tellStaff(context, find)
    if (isRefusal(told)) {
      return {
        did: true,
        summary: { zh: '未能发出提醒', en: 'the notice could not be raised' },
        parked: [parked('notices', told)],
      }
    }
    const [year] = told
    if (year === undefined)
      return nothing('次年日历已录入或已提醒', 'the calendar is loaded, or it was announced before')
    return {
      did: true,
      summary: { zh: `已提醒录入 ${year} 年日历`, en: `announced that ${year} is lacking` },
      parked: [],
    }
  },
}

export const calendarAwaited: NoticeKind = {
  zh: '次年节假日安排未录入',
  en: 'next year’s calendar is lacking',
  sentence: ({ subject }, language) =>
    language === 'zh'
      ? `${subject} 年的放假和调休安排尚未录入；录入并经审批之前，${subject} 年的缴费期限无法确定，开账会被拒绝。`
      : `The rest days and make-up workdays of ${subject} are not loaded; until they are entered and approved no due date of ${subject} can be told, and bills of that time are refused.`,
  remedy: ({ subject }) => `qingliu calendars propose ${subject}.json`,
  open: async (db, notices) => {
    const calendars = await loadCalendars(db)
    return new Set(notices.filter(({ subject }) => !calendars.has(Number(subject))).map(({ id }) => id))
  },
}
