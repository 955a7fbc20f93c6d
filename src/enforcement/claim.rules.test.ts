import { describe, expect, it } from 'vitest'
import seeds from '../../db/seeds/calendars.json' with { type: 'json' }
import { calendarsOf, checkCalendarYear, plusWorkingDays } from '../calendars/calendar.rules.ts'
import type { CalendarYear } from '../calendars/calendar.ts'
import { civilDate, monthsLater } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { claimDates, demandBy, pausesOf } from './claim.rules.ts'
import { claimDatesLine } from './clock-words.ts'
import type { Step } from './steps.ts'

const calendars = calendarsOf(seeds.map((year) => checkCalendarYear(year) as CalendarYear))
const day = civilDate
const step = (seq: number, name: string, on: string, particulars: object) =>
  ({ seq, name, on: day(on), particulars, by: '1', approvedBy: null, evidenceDigest: 'x' }) as unknown as Step

describe('the last days of a claim', () => {
  it('are those of the worked timeline: the fee by its order, the fine by its decision', () => {
    const fee = claimDates(day('2025-04-15'), day('2025-04-30'), [], calendars)
    expect(fee).toEqual({ reviewBy: '2025-06-16', suitBy: '2025-10-15', courtBy: '2026-01-15' })
    const fine = claimDates(day('2025-05-30'), day('2025-06-16'), [], calendars)
    expect(fine).toEqual({ reviewBy: '2025-07-29', suitBy: '2025-12-01', courtBy: '2026-03-02' })
  })

  it('run from the outcome of a review, of a suit, and from the end of a deferral', () => {
    const reviewed = step(2, 'review_decided', '2025-09-02', { outcome: 'upheld', servedOn: day('2025-09-01') })
    // 15 days: 16 September; three months: 16 December.
    expect(claimDates(day('2025-05-30'), day('2025-06-16'), [reviewed], calendars)).toMatchObject({
      suitBy: '2025-09-16',
      courtBy: '2025-12-16',
    })
    const judged = step(3, 'suit_decided', '2025-10-10', { outcome: 'upheld', servedOn: day('2025-10-09') })
    expect(claimDates(day('2025-05-30'), day('2025-06-16'), [judged], calendars)).toMatchObject({
      courtBy: '2026-01-09',
    })
    expect(claimDates(day('2025-05-30'), day('2025-12-31'), [], calendars)).toMatchObject({ courtBy: '2026-03-31' })
  })

  it('that hang on a missing calendar are refused by themselves, and hide no other', () => {
    const dates = claimDates(day('2026-09-01'), day('2026-09-16'), [], calendars)
    expect(dates.reviewBy).toBe('2026-11-02')
    for (const hanging of [dates.suitBy, dates.courtBy])
      expect(isRefusal(hanging) && hanging.parameters['year']).toBe(2027)
    expect(claimDatesLine(dates, 'zh')).toBe(
      '复议至 2026-11-02，起诉至 未定（缺 2027 年日历），申请法院至 未定（缺 2027 年日历）',
    )
  })

  it('leave ten working days between the demand and the last day to apply', () => {
    const fine = claimDates(day('2025-05-30'), day('2025-06-16'), [], calendars)
    expect(demandBy(fine, calendars)).toBe('2026-02-09')
    expect(plusWorkingDays(day('2026-02-09'), 10, calendars)).toBe('2026-02-28')
    expect(plusWorkingDays(day('2026-02-10'), 10, calendars)).toBe('2026-03-02')
    const unknown = demandBy(claimDates(day('2026-09-01'), day('2026-09-16'), [], calendars), calendars)
    expect(isRefusal(unknown) && unknown.parameters['year']).toBe(2027)
  })

  it('end with a shorter month', () => {
    expect(monthsLater(day('2025-08-31'), 6)).toBe('2026-02-28')
    expect(monthsLater(day('2024-02-29'), 12)).toBe('2025-02-28')
  })
})

describe('pauses', () => {
  it('last from each filing to the outcome that followed it', () => {
    const steps = [
      step(1, 'review_filed', '2025-06-18', { body: '示例' }),
      step(2, 'review_decided', '2025-08-20', { outcome: 'upheld', servedOn: day('2025-08-18') }),
      step(3, 'suit_filed', '2025-09-01', { body: '示例' }),
    ]
    expect(pausesOf(steps)).toEqual([
      { from: '2025-06-18', until: '2025-08-18' },
      { from: '2025-09-01', until: null },
    ])
  })
})
