import type { CivilDate } from '../kernel/calendar.ts'
import { type RefusalTable, refuser } from '../kernel/refusal.ts'

/**
 * One year's statutory rest days and make-up workdays, as the General Office of the State Council arranged them. Every
 * other Saturday and Sunday is a rest day, every other weekday a workday. A notice may also arrange days of the
 * December before (31 Dec 2018 was given free, and 29 Dec worked, by the notice for 2019).
 */
export interface CalendarYear {
  readonly year: number
  /** The notice, e.g. 国办发明电〔2025〕7号. */
  readonly noticeNumber: string
  /** 放假: every day the notice names, those on weekends included. */
  readonly restDays: ReadonlySet<CivilDate>
  /** 调休上班: Saturdays and Sundays that are worked. */
  readonly makeUpWorkdays: ReadonlySet<CivilDate>
}

/** The years that are loaded, by year. */
export type Calendars = ReadonlyMap<number, CalendarYear>

/** A year as it is entered or lies in a file, before anything about it was checked. */
export interface EnteredCalendarYear {
  readonly year: number
  readonly noticeNumber: string
  readonly restDays: readonly string[]
  readonly makeUpWorkdays: readonly string[]
}

/** When a bill falls due (Measures, art. 14). */
export interface DueDateSettings {
  /** Day of the month after the fee month; 10 by art. 14. */
  readonly dueDay: number
  /** Days between issue (or service, where it is recorded) and the due date at least; policy, not law. */
  readonly minimumDaysAfterIssue: number
}

export const calendarRefusals = {
  year_not_loaded: {
    kind: 'unavailable',
    zh: '{year} 年的放假和调休安排尚未录入，无法判断 {date} 是否为工作日。请按国务院办公厅关于 {year} 年节假日安排的通知录入（qingliu calendars propose），经另一人批准后重试。',
    en: 'The rest days and make-up workdays of {year} are not loaded, so nobody can say whether {date} is a working day. Enter them from the State Council notice for {year} (qingliu calendars propose), have another person approve them, and try again.',
  },
  year_unreadable: {
    kind: 'invalid',
    zh: '“{year}”不是可录入的年份，请填写 1950 至 2199 之间的四位年份。',
    en: '"{year}" is not a year that can be loaded; give four digits from 1950 to 2199.',
  },
  notice_number_blank: {
    kind: 'invalid',
    zh: '{year} 年的日历缺少通知文号，请填写国务院办公厅通知的文号，例如“国办发明电〔2025〕7号”。',
    en: 'The calendar of {year} names no notice; give its number, e.g. "国办发明电〔2025〕7号".',
  },
  date_unreadable: {
    kind: 'invalid',
    zh: '{year} 年日历中的“{date}”不是有效日期，请按 2026-10-01 的格式填写。',
    en: 'The calendar of {year} holds "{date}", which is not a date; write it as 2026-10-01.',
  },
  date_of_another_year: {
    kind: 'invalid',
    zh: '{year} 年日历中的 {date} 不属于该年（也不属于上一年 12 月），请核对年份。',
    en: 'The calendar of {year} holds {date}, which lies neither in that year nor in the December before; check the year.',
  },
  day_listed_twice: {
    kind: 'invalid',
    zh: '{year} 年日历中 {date} 出现了两次；一天只能列为放假或上班一次，请删去多余的一处。',
    en: 'The calendar of {year} lists {date} twice; a day is a rest day or a workday, once. Delete one of the two.',
  },
  make_up_day_not_on_weekend: {
    kind: 'invalid',
    zh: '{year} 年日历把 {date} 列为调休上班日，但它是周一至周五，本来就上班；请对照通知原文核对日期。',
    en: 'The calendar of {year} lists {date} as a make-up workday, but it is a weekday and worked anyway; check it against the notice.',
  },
  statutory_day_missing: {
    kind: 'invalid',
    zh: '{year} 年日历没有把 {date} 列为放假日，而它是《全国年节及纪念日放假办法》规定的法定节假日；请对照通知补录。',
    en: 'The calendar of {year} does not list {date} as a rest day, though it is a public holiday by the national regulation; complete it from the notice.',
  },
} satisfies RefusalTable

export const refuseCalendar = refuser(calendarRefusals)
