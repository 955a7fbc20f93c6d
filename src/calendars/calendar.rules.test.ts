import { getDayDetail } from 'chinese-days'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import seededYears from '../../db/seeds/calendars.json' with { type: 'json' }
import { type CivilDate, civilDate, feeMonth, plusDays } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  calendarsOf,
  checkCalendarYear,
  dueDateFor,
  isWorkingDay,
  nextYearMissing,
  plusWorkingDays,
  rollToWorkingDay,
  workingDaysBefore,
} from './calendar.rules.ts'
import type { CalendarYear, EnteredCalendarYear } from './calendar.ts'

function checked(entered: EnteredCalendarYear): CalendarYear {
  const calendar = checkCalendarYear(entered)
  if (Array.isArray(calendar)) throw new Error(calendar.map((fault) => fault.sentence('en')).join('\n'))
  return calendar
}
const calendars = calendarsOf(seededYears.map(checked))

const codeOf = (answer: unknown): string | undefined => (isRefusal(answer) ? answer.code : undefined)

function daysFrom(from: string, until: string): CivilDate[] {
  const days: CivilDate[] = []
  for (let day = civilDate(from); day < until; day = plusDays(day, 1)) days.push(day)
  return days
}

describe('the calendars that ship with the product', () => {
  it('call every day of 2024 to 2026 what an independent holiday table calls it', () => {
    const days = daysFrom('2024-01-01', '2027-01-01')
    expect(days).toHaveLength(366 + 365 + 365)
    for (const day of days) expect(`${day} ${isWorkingDay(day, calendars)}`).toBe(`${day} ${getDayDetail(day).work}`)
  })

  // Copied by hand from the notices' own text: 放假 from … to …, and 上班.
  it.each([
    [
      2024,
      '国办发明电〔2023〕7号',
      '01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10/06-10 09-15/09-17 10-01/10-07',
      '02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12',
    ],
    [
      2025,
      '国办发明电〔2024〕12号',
      '01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08',
      '01-26 02-08 04-27 09-28 10-11',
    ],
    [
      2026,
      '国办发明电〔2025〕7号',
      '01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07',
      '01-04 02-14 02-28 05-09 09-20 10-10',
    ],
  ])('hold for %i what notice %s says', (year, noticeNumber, spans, makeUpDays) => {
    const restDays = spans.split(' ').flatMap((span) => {
      const [first, last] = span.split('/')
      return daysFrom(`${year}-${first}`, plusDays(civilDate(`${year}-${last}`), 1))
    })
    expect(calendars.get(year)).toEqual({
      year,
      noticeNumber,
      restDays: new Set(restDays),
      makeUpWorkdays: new Set(makeUpDays.split(' ').map((day) => `${year}-${day}`)),
    })
  })
})

describe('a year without a calendar is refused, never guessed', () => {
  it('names the year, the day and the remedy in both languages', () => {
    const answer = isWorkingDay(civilDate('2027-01-04'), calendars) as Refusal
    expect(answer.code).toBe('year_not_loaded')
    expect(answer.sentence('zh')).toMatch(/2027 年.*2027-01-04.*录入.*另一人批准/)
    expect(answer.sentence('en')).toMatch(/2027 are not loaded.*2027-01-04.*another person approve/)
  })

  it('is refused for a Sunday too, and before the first year', () => {
    expect(codeOf(isWorkingDay(civilDate('2027-01-03'), calendars))).toBe('year_not_loaded')
    expect(codeOf(isWorkingDay(civilDate('2023-12-29'), calendars))).toBe('year_not_loaded')
  })

  it('is refused when a term or a due date runs into it', () => {
    expect(plusWorkingDays(civilDate('2026-12-30'), 1, calendars)).toBe('2026-12-31')
    expect(codeOf(plusWorkingDays(civilDate('2026-12-30'), 2, calendars))).toBe('year_not_loaded')
    expect(codeOf(rollToWorkingDay(civilDate('2027-01-01'), calendars))).toBe('year_not_loaded')
    const settings = { dueDay: 10, minimumDaysAfterIssue: 5 }
    expect(codeOf(dueDateFor(feeMonth('2026-12'), civilDate('2027-01-02'), settings, calendars))).toBe(
      'year_not_loaded',
    )
  })

  it('is announced from 1 November of the year before', () => {
    expect(nextYearMissing(civilDate('2026-10-31'), calendars)).toBeUndefined()
    expect(nextYearMissing(civilDate('2026-11-01'), calendars)).toBe(2027)
    expect(nextYearMissing(civilDate('2026-12-31'), calendars)).toBe(2027)
    expect(nextYearMissing(civilDate('2025-11-01'), calendars)).toBeUndefined()
  })
})

describe('the fee of a month is due on the 10th of the next, moved past rest days', () => {
  const settings = { dueDay: 10, minimumDaysAfterIssue: 5 }

  it.each([
    ['2025-03', '2025-04-10', 'a Thursday stays'],
    ['2024-01', '2024-02-18', 'past the Spring Festival to a Sunday that is worked'],
    ['2024-05', '2024-06-11', 'past the Dragon Boat Festival'],
    ['2025-04', '2025-05-12', 'past a Saturday'],
    ['2025-07', '2025-08-11', 'past a Sunday'],
    ['2025-12', '2026-01-12', 'past a Saturday, into the next year'],
    ['2026-09', '2026-10-10', 'a Saturday that is worked stays'],
  ])('fee month %s is due on %s: %s', (month, due) => {
    expect(dueDateFor(feeMonth(month), civilDate(`${month}-28`), settings, calendars)).toBe(due)
  })

  it.each([
    ['2025-04-03', '2025-04-10', 'issue + 5 days comes before the 10th'],
    ['2025-04-05', '2025-04-10', 'issue + 5 days is the 10th'],
    ['2025-04-06', '2025-04-11', 'issue + 5 days comes after the 10th'],
    ['2025-04-07', '2025-04-14', 'issue + 5 days is a Saturday and rolls'],
    ['2025-04-25', '2025-04-30', 'a supplementary bill late in the month'],
    ['2025-04-26', '2025-05-06', 'issue + 5 days falls into the May holiday'],
  ])('a bill for March 2025 issued on %s is due on %s: %s', (issuedOn, due) => {
    expect(dueDateFor(feeMonth('2025-03'), civilDate(issuedOn), settings, calendars)).toBe(due)
  })

  it('is the later of both rolled days, whatever the day of issue', () => {
    for (const issuedOn of daysFrom('2025-03-01', '2025-07-01')) {
      const [byMonth, byIssue] = [civilDate('2025-05-10'), plusDays(issuedOn, 5)].map((day) =>
        rollToWorkingDay(day, calendars),
      ) as [CivilDate, CivilDate]
      const due = dueDateFor(feeMonth('2025-04'), issuedOn, settings, calendars)
      expect(due).toBe(byMonth > byIssue ? byMonth : byIssue)
    }
  })

  it('stops on settings that not every month can meet', () => {
    const due = (dueDay: number, minimumDaysAfterIssue: number) => () =>
      dueDateFor(feeMonth('2025-03'), civilDate('2025-04-01'), { dueDay, minimumDaysAfterIssue }, calendars)
    expect(due(31, 5)).toThrow(/every month has the due day/)
    expect(due(0, 5)).toThrow(/every month has the due day/)
    expect(due(10, -1)).toThrow(/not due before its issue/)
  })
})

describe('terms in working days start on the day after (APL 85)', () => {
  it.each([
    ['2025-05-12', 5, '2025-05-19', 'a hearing may be asked for'],
    ['2025-05-26', 7, '2025-06-05', 'service of the decision, over the Dragon Boat Festival'],
    ['2025-12-02', 10, '2025-12-16', 'the demand before the court'],
    ['2025-04-25', 1, '2025-04-27', 'a worked Sunday counts'],
    ['2025-09-30', 1, '2025-10-09', 'eight days of rest do not'],
    ['2025-10-04', 1, '2025-10-09', 'a term may start on a rest day'],
  ])('%s + %i working days = %s: %s', (from, count, last) => {
    expect(plusWorkingDays(civilDate(from), count, calendars)).toBe(last)
  })

  it('count exactly the working days in between', () => {
    const start = fc.integer({ min: 0, max: 900 }).map((days) => plusDays(civilDate('2024-01-01'), days))
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 60 }), (from, count) => {
        const last = plusWorkingDays(from, count, calendars) as CivilDate
        const worked = daysFrom(plusDays(from, 1), plusDays(last, 1)).filter((day) => isWorkingDay(day, calendars))
        expect(worked).toHaveLength(count)
        expect(worked.at(-1)).toBe(last)
      }),
    )
  })

  it('that are to be over before a day begin on the last one from which they are', () => {
    expect(workingDaysBefore(civilDate('2026-03-02'), 10, calendars)).toBe('2026-02-09')
    expect(codeOf(workingDaysBefore(civilDate('2049-01-05'), 1, calendars))).toBe('year_not_loaded')
    const start = fc.integer({ min: 100, max: 900 }).map((days) => plusDays(civilDate('2024-01-01'), days))
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 40 }), (before, count) => {
        const from = workingDaysBefore(before, count, calendars) as CivilDate
        const [last, later] = [from, plusDays(from, 1)].map((day) => plusWorkingDays(day, count, calendars))
        expect([String(last) < before, String(later) < before]).toEqual([true, false])
      }),
    )
  })

  it('stops on a term of no days', () => {
    expect(() => plusWorkingDays(civilDate('2025-05-12'), 0, calendars)).toThrow(/one working day or more/)
  })
})

describe('the last days of December belong to two notices', () => {
  it('lets the notice for the next year rearrange them', () => {
    const in2027 = checked({
      year: 2027,
      noticeNumber: '测试用通知',
      restDays: ['2026-12-31', '2027-01-01', '2027-05-01', '2027-10-01', '2027-10-02', '2027-10-03'],
      makeUpWorkdays: ['2026-12-26'],
    })
    const both = calendarsOf([...calendars.values(), in2027])
    expect(isWorkingDay(civilDate('2026-12-31'), calendars)).toBe(true)
    expect(isWorkingDay(civilDate('2026-12-31'), both)).toBe(false)
    expect(isWorkingDay(civilDate('2026-12-26'), calendars)).toBe(false)
    expect(isWorkingDay(civilDate('2026-12-26'), both)).toBe(true)
  })
})

describe('a year is checked when it is entered', () => {
  const good: EnteredCalendarYear = {
    year: 2027,
    noticeNumber: '测试用通知',
    restDays: ['2027-01-01', '2027-05-01', '2027-10-01', '2027-10-02', '2027-10-03'],
    makeUpWorkdays: ['2027-10-09'],
  }
  const codes = (change: Partial<EnteredCalendarYear>): string[] => {
    const answer = checkCalendarYear({ ...good, ...change })
    return Array.isArray(answer) ? answer.map(({ code }) => code) : []
  }

  it('accepts a year that is right', () => {
    expect(codes({})).toEqual([])
  })

  it.each([
    ['year_unreadable', { year: 27 }],
    ['notice_number_blank', { noticeNumber: ' ' }],
    ['date_unreadable', { restDays: [...good.restDays, '2027-02-29'] }],
    ['date_of_another_year', { restDays: [...good.restDays, '2026-02-16'] }],
    ['day_listed_twice', { restDays: [...good.restDays, '2027-05-01'] }],
    ['day_listed_twice', { makeUpWorkdays: ['2027-10-02'] }],
    ['make_up_day_not_on_weekend', { makeUpWorkdays: ['2027-10-08'] }],
    ['statutory_day_missing', { restDays: good.restDays.slice(1) }],
  ])('refuses: %s', (code, change) => {
    expect(codes(change)).toEqual([code])
  })

  it('says everything that is wrong at once, in sentences without gaps', () => {
    const faults = checkCalendarYear({ ...good, noticeNumber: '', restDays: ['2027-13-01'], makeUpWorkdays: [] })
    expect(Array.isArray(faults) && faults.length).toBe(7)
    for (const fault of faults as Refusal[]) {
      expect(fault.sentence('zh')).not.toContain('{')
      expect(fault.sentence('en')).not.toContain('{')
    }
  })

  it('stops when one year is loaded twice', () => {
    expect(() => calendarsOf([checked(good), checked(good)])).toThrow(/2027 is loaded once/)
  })
})
