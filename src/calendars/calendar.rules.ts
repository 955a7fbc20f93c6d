import {
  type CivilDate,
  type FeeMonth,
  firstDay,
  monthOf,
  parseCivilDate,
  plusDays,
  plusMonths,
  weekday,
  yearOf,
} from '../kernel/calendar.ts'
import { invariant } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type Calendars,
  type CalendarYear,
  type DueDateSettings,
  type EnteredCalendarYear,
  refuseCalendar,
} from './calendar.ts'

/** Public holidays that fall on the same day every year (《全国年节及纪念日放假办法》 art. 2). */
const fixedStatutoryDays = ['01-01', '05-01', '10-01', '10-02', '10-03'] as const

/**
 * Checks a year that was entered or read from a file. Answers the calendar, or everything that is wrong with it: a day
 * that is no date, of another year, listed twice or worked anyway, a forgotten public holiday, a missing notice.
 */
export function checkCalendarYear(entered: EnteredCalendarYear): CalendarYear | Refusal[] {
  const { year } = entered
  if (!Number.isInteger(year) || year < 1950 || year > 2199) return [refuseCalendar('year_unreadable', { year })]
  const faults: Refusal[] = []
  const noticeNumber = entered.noticeNumber.trim()
  if (noticeNumber === '') faults.push(refuseCalendar('notice_number_blank', { year }))

  const listed = new Set<CivilDate>()
  const readDays = (texts: readonly string[]): ReadonlySet<CivilDate> => {
    const days = new Set<CivilDate>()
    for (const text of texts) {
      const date = parseCivilDate(text)
      if (date === undefined) faults.push(refuseCalendar('date_unreadable', { year, date: text }))
      else if (yearOf(date) !== year && monthOf(date) !== `${year - 1}-12`) {
        faults.push(refuseCalendar('date_of_another_year', { year, date }))
      } else if (listed.has(date)) faults.push(refuseCalendar('day_listed_twice', { year, date }))
      else {
        listed.add(date)
        days.add(date)
      }
    }
    return days
  }
  const restDays = readDays(entered.restDays)
  const makeUpWorkdays = readDays(entered.makeUpWorkdays)

  for (const date of makeUpWorkdays) {
    if (!isWeekend(date)) faults.push(refuseCalendar('make_up_day_not_on_weekend', { year, date }))
  }
  for (const day of fixedStatutoryDays) {
    const date = `${year}-${day}` as CivilDate
    if (!restDays.has(date)) faults.push(refuseCalendar('statutory_day_missing', { year, date }))
  }
  return faults.length > 0 ? faults : { year, noticeNumber, restDays, makeUpWorkdays }
}

/** The loaded years by year; stops (a bug) on the same year twice. */
export function calendarsOf(years: Iterable<CalendarYear>): Calendars {
  const calendars = new Map<number, CalendarYear>()
  for (const calendar of years) {
    invariant(!calendars.has(calendar.year), `${calendar.year} is loaded once`)
    calendars.set(calendar.year, calendar)
  }
  return calendars
}

/** Whether offices work that day. Refuses (`year_not_loaded`) where the year's calendar is missing: it never guesses. */
export function isWorkingDay(date: CivilDate, calendars: Calendars): boolean | Refusal {
  const year = yearOf(date)
  const ownYear = calendars.get(year)
  if (ownYear === undefined) return refuseCalendar('year_not_loaded', { year, date })
  // The later notice decides: that of the next year may rearrange the last days of this December.
  for (const calendar of [calendars.get(year + 1), ownYear]) {
    if (calendar?.restDays.has(date)) return false
    if (calendar?.makeUpWorkdays.has(date)) return true
  }
  return !isWeekend(date)
}

/** The day itself where it is a working day, else the next one (Civil Code art. 203). Refuses like `isWorkingDay`. */
export function rollToWorkingDay(date: CivilDate, calendars: Calendars): CivilDate | Refusal {
  for (let day = date; ; day = plusDays(day, 1)) {
    const working = isWorkingDay(day, calendars)
    if (isRefusal(working)) return working
    if (working) return day
  }
}

/**
 * The last day of a term of `count` working days that starts on the day after `date` (APL art. 85). Refuses like
 * `isWorkingDay`.
 */
export function plusWorkingDays(date: CivilDate, count: number, calendars: Calendars): CivilDate | Refusal {
  invariant(Number.isInteger(count) && count > 0, 'a term has one working day or more')
  let day = date
  for (let counted = 0; counted < count; counted += 1) {
    const next = rollToWorkingDay(plusDays(day, 1), calendars)
    if (isRefusal(next)) return next
    day = next
  }
  return day
}

/**
 * The last day on which a term of `count` working days may begin to be over before `date`: what is served later ends on
 * `date` or after it. Refuses like `isWorkingDay`.
 */
export function workingDaysBefore(date: CivilDate, count: number, calendars: Calendars): CivilDate | Refusal {
  invariant(Number.isInteger(count) && count > 0, 'a term has one working day or more')
  let day = plusDays(date, -1)
  for (let counted = 0; counted < count; day = plusDays(day, -1)) {
    const working = isWorkingDay(day, calendars)
    if (isRefusal(working)) return working
    if (working) counted += 1
  }
  return day
}

/**
 * When the bill of a fee month falls due: on the due day of the next month, inclusive (Measures art. 14), or some days
 * after issue where that is later; each rolled to a working day. The same for original, supplementary, rebilled and
 * 追补 bills. `issuedOn` is the day of service where service is recorded. Refuses like `isWorkingDay`.
 */
export function dueDateFor(
  feeMonth: FeeMonth,
  issuedOn: CivilDate,
  settings: DueDateSettings,
  calendars: Calendars,
): CivilDate | Refusal {
  const { dueDay, minimumDaysAfterIssue } = settings
  invariant(Number.isInteger(dueDay) && dueDay >= 1 && dueDay <= 28, 'every month has the due day')
  invariant(Number.isInteger(minimumDaysAfterIssue) && minimumDaysAfterIssue >= 0, 'a bill is not due before its issue')
  const byMonth = plusDays(firstDay(plusMonths(feeMonth, 1)), dueDay - 1)
  const byIssue = plusDays(issuedOn, minimumDaysAfterIssue)
  // Rolling keeps the order of two days, so the later of the two rolled days is the later day, rolled.
  return rollToWorkingDay(byIssue > byMonth ? byIssue : byMonth, calendars)
}

/** From 1 November the next year where its calendar is not loaded, to be announced to the office; else `undefined`. */
export function nextYearMissing(today: CivilDate, calendars: Calendars): number | undefined {
  const nextYear = yearOf(today) + 1
  return today.slice(5) >= '11-01' && !calendars.has(nextYear) ? nextYear : undefined
}

function isWeekend(date: CivilDate): boolean {
  const day = weekday(date)
  return day === 0 || day === 6
}
