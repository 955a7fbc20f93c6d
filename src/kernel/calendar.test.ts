import { tz } from '@date-fns/tz'
import { addDays, addMonths, differenceInCalendarDays, format, getDay } from 'date-fns'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type CivilDate,
  civilDate,
  civilDateOf,
  daysBetween,
  daysIn,
  feeMonth,
  firstDay,
  holdsOn,
  intersect,
  lastDay,
  monthInterval,
  monthOf,
  parseCivilDate,
  parseCivilDateAs,
  parseFeeMonth,
  plusDays,
  plusMonths,
  weekday,
  yearOf,
} from './calendar.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('only a day that exists is a date', () => {
  it.each(['2024-02-29', '2000-02-29', '2026-12-31', '1900-01-01'])('reads %s', (text) => {
    expect(parseCivilDate(text)).toBe(text)
  })
  it.each([
    '2026-02-29', // not a leap year
    '1900-02-29', // a century is none
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '2026/01/01',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '0026-01-01',
    '',
  ])('does not read "%s"', (text) => {
    expect(parseCivilDate(text)).toBeUndefined()
  })

  it('stops where a date was checked before and is none', () => {
    expect(() => civilDate('2026-02-30')).toThrow(/not a date/)
    expect(() => feeMonth('2026-13')).toThrow(/not a month/)
    for (const text of ['2026-13', '2026-00', '202603', '2026-3', '']) expect(parseFeeMonth(text)).toBeUndefined()
  })

  it.each([
    ['2026/3/31', 'yyyy/M/d', '2026-03-31'],
    ['2026年3月1日', 'yyyy年M月d日', '2026-03-01'],
    ['20260301', 'yyyyMMdd', '2026-03-01'],
    ['2026/2/30', 'yyyy/M/d', undefined],
    ['2026/3/31 估', 'yyyy/M/d', undefined],
    ['26/3/31', 'yyyy/M/d', undefined],
  ])('reads "%s" as %s strictly', (text, pattern, expected) => {
    expect(parseCivilDateAs(text, pattern)).toBe(expected)
  })
})

describe('days and months', () => {
  it('counts over month ends, leap days and years', () => {
    expect(plusDays(civilDate('2024-02-28'), 1)).toBe('2024-02-29')
    expect(plusDays(civilDate('2025-02-28'), 1)).toBe('2025-03-01')
    expect(plusDays(civilDate('2025-12-31'), 1)).toBe('2026-01-01')
    expect(plusDays(civilDate('2025-04-15'), 15)).toBe('2025-04-30')
    expect(plusDays(civilDate('2024-03-01'), -1)).toBe('2024-02-29')
    expect(daysBetween(civilDate('2024-02-28'), civilDate('2024-03-01'))).toBe(2)
    expect(daysBetween(civilDate('2025-03-01'), civilDate('2025-02-28'))).toBe(-1)
  })

  it('knows the first and last day and the length of a month', () => {
    expect(lastDay(feeMonth('2024-02'))).toBe('2024-02-29')
    expect(lastDay(feeMonth('2025-02'))).toBe('2025-02-28')
    expect(lastDay(feeMonth('2000-02'))).toBe('2000-02-29')
    expect(lastDay(feeMonth('2100-02'))).toBe('2100-02-28')
    expect(firstDay(feeMonth('2026-12'))).toBe('2026-12-01')
    expect(monthInterval(feeMonth('2026-12'))).toEqual({ from: '2026-12-01', until: '2027-01-01' })
    expect(daysIn(monthInterval(feeMonth('2024-02')))).toBe(29)
    expect(monthOf(civilDate('2026-03-31'))).toBe('2026-03')
    expect(yearOf(civilDate('2026-03-31'))).toBe(2026)
  })

  it('counts months over years in both directions', () => {
    expect(plusMonths(feeMonth('2025-12'), 1)).toBe('2026-01')
    expect(plusMonths(feeMonth('2026-01'), -1)).toBe('2025-12')
    expect(plusMonths(feeMonth('2026-03'), -27)).toBe('2023-12')
    expect(plusMonths(feeMonth('2026-03'), 0)).toBe('2026-03')
  })

  it('knows the weekday, 0 for Sunday', () => {
    expect(weekday(civilDate('2024-02-18'))).toBe(0)
    expect(weekday(civilDate('2025-04-10'))).toBe(4)
    expect(weekday(civilDate('2026-10-10'))).toBe(6)
  })

  const inUtc = { in: tz('UTC') }
  const dates = fc
    .integer({ min: 0, max: 109_572 }) // 1900-01-01 … 2199-12-31
    .map((days) => format(addDays(new Date('1900-01-01T00:00:00Z'), days, inUtc), 'yyyy-MM-dd', inUtc) as CivilDate)
  const instant = (date: string) => new Date(`${date}T00:00:00Z`)

  it('agrees with date-fns in a named zone, however the machine is set', () => {
    for (const zone of ['Asia/Shanghai', 'America/Sao_Paulo', 'UTC']) {
      vi.stubEnv('TZ', zone)
      fc.assert(
        fc.property(dates, dates, fc.integer({ min: -1200, max: 1200 }), (from, to, months) => {
          const days = differenceInCalendarDays(instant(to), instant(from), inUtc)
          expect(daysBetween(from, to)).toBe(days)
          expect(plusDays(from, days)).toBe(to)
          expect(weekday(from)).toBe(getDay(instant(from), inUtc))
          const month = format(addMonths(instant(firstDay(monthOf(from))), months, inUtc), 'yyyy-MM', inUtc)
          expect(plusMonths(monthOf(from), months)).toBe(month)
          expect(parseCivilDateAs(from.replaceAll('-', '/'), 'yyyy/MM/dd')).toBe(from)
        }),
      )
    }
  })
})

describe('an instant falls on the day it has in China, however the machine is set', () => {
  it.each(['Asia/Shanghai', 'UTC', 'America/Los_Angeles'])('in %s', (zone) => {
    vi.stubEnv('TZ', zone)
    expect(civilDateOf(new Date('2026-02-28T20:00:00Z'))).toBe('2026-03-01')
    expect(civilDateOf(new Date('2026-02-28T15:59:59.999Z'))).toBe('2026-02-28')
    expect(civilDateOf(new Date('2026-02-28T16:00:00Z'))).toBe('2026-03-01')
    expect(civilDateOf(new Date('2025-12-31T16:00:00Z'))).toBe('2026-01-01')
    // China kept summer time from 1986 to 1991.
    expect(civilDateOf(new Date('1988-07-01T15:30:00Z'))).toBe('1988-07-02')
  })
})

describe('intervals are half-open', () => {
  const march = monthInterval(feeMonth('2026-03'))

  it('holds from its first day and no longer on its end', () => {
    const validity = { from: civilDate('2026-03-01'), until: civilDate('2026-04-01') }
    expect(holdsOn(validity, civilDate('2026-02-28'))).toBe(false)
    expect(holdsOn(validity, civilDate('2026-03-01'))).toBe(true)
    expect(holdsOn(validity, civilDate('2026-03-31'))).toBe(true)
    expect(holdsOn(validity, civilDate('2026-04-01'))).toBe(false)
    expect(holdsOn({ from: civilDate('2026-03-01'), until: null }, civilDate('2099-12-31'))).toBe(true)
  })

  it('has only the common days in common', () => {
    expect(intersect(march, { from: civilDate('2026-03-16'), until: null })).toEqual({
      from: '2026-03-16',
      until: '2026-04-01',
    })
    expect(intersect(march, { from: civilDate('2026-01-01'), until: civilDate('2026-03-16') })).toEqual({
      from: '2026-03-01',
      until: '2026-03-16',
    })
    expect(intersect(march, { from: civilDate('2026-01-01'), until: civilDate('2026-03-01') })).toBeUndefined()
    expect(intersect(march, { from: civilDate('2026-04-01'), until: null })).toBeUndefined()
  })
})
