import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { approveCalendarYear } from '../../src/calendars/approve-calendar-year.ts'
import { calendarYears, loadCalendars } from '../../src/calendars/calendar.queries.ts'
import { calendarsOf, checkCalendarYear, rollToWorkingDay } from '../../src/calendars/calendar.rules.ts'
import type { CalendarYear, EnteredCalendarYear } from '../../src/calendars/calendar.ts'
import { readCalendarFile } from '../../src/calendars/calendar-file.ts'
import { proposeCalendarYear } from '../../src/calendars/propose-calendar-year.ts'
import { returnCalendarYear } from '../../src/calendars/return-calendar-year.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'

const in2027: EnteredCalendarYear = {
  year: 2027,
  noticeNumber: '测试用通知',
  restDays: ['2026-12-31', '2027-01-01', '2027-05-01', '2027-10-01', '2027-10-02', '2027-10-03'],
  makeUpWorkdays: ['2027-01-09'],
}

onEveryDatabase('calendars', (connection) => {
  const services = () => servicesOn(connection(), '2026-11-10')
  beforeAll(() => openOffice(services()))

  const put = async (entered: EnteredCalendarYear, amends = false) => {
    const { proposalId } = await done(proposeCalendarYear(services(), by('clerk'), entered, { amends }))
    return done(approveCalendarYear(services(), by('approver'), { proposalId }))
  }

  it('the years in the migrations are those of db/seeds/calendars.json', async () => {
    const seeds = JSON.parse(readFileSync(new URL('../../db/seeds/calendars.json', import.meta.url), 'utf8'))
    const years = (seeds as EnteredCalendarYear[]).map((seed) => checkCalendarYear(seed) as CalendarYear)
    const shipped = years.map((year) => ({ ...year, revision: 0, proposalId: null }))
    expect(await calendarYears(connection().db)).toEqual(shipped)
    expect(await loadCalendars(connection().db)).toEqual(calendarsOf(shipped))
  })

  it('a year is in force only once another person approved it, and then at once', async () => {
    const { db } = connection()
    const { proposalId } = await done(proposeCalendarYear(services(), by('clerk'), in2027))
    expect((await loadCalendars(db)).has(2027)).toBe(false)
    expect(rollToWorkingDay(civilDate('2026-12-31'), await loadCalendars(db))).toBe('2026-12-31')
    await done(approveCalendarYear(services(), by('approver'), { proposalId }))
    const calendars = await loadCalendars(db)
    expect(calendars.get(2027)).toMatchObject({
      noticeNumber: '测试用通知',
      restDays: new Set(in2027.restDays),
      makeUpWorkdays: new Set(in2027.makeUpWorkdays),
    })
    // The notice for 2027 gave the last day of 2026 free.
    expect(rollToWorkingDay(civilDate('2026-12-31'), calendars)).toBe('2027-01-04')
  })

  describe('a year is refused', () => {
    it('with everything that is wrong with it at once', async () => {
      const faulty = {
        year: 2028,
        noticeNumber: ' ',
        restDays: ['2028-02-30', '2028-01-01'],
        makeUpWorkdays: ['2028-05-01', '2029-01-06'],
      }
      const refusal = await proposeCalendarYear(services(), by('clerk'), faulty)
      expect(isRefusal(refusal) && refusal.code).toBe('calendar_year_faulty')
      const sentence = isRefusal(refusal) ? refusal.sentence('zh') : ''
      for (const named of ['通知文号', '2028-02-30', '2029-01-06', '2028-05-01', '2028-10-01', '2028-10-03']) {
        expect(sentence).toContain(named)
      }
      expect(sentence).not.toContain('{')
    })

    it('while it is in force or waits for approval', async () => {
      expect(await refusedWith(proposeCalendarYear(services(), by('clerk'), in2027))).toBe('calendar_year_in_force')
      const in2029 = { ...in2027, year: 2029, makeUpWorkdays: [] }
      const entered = {
        ...in2029,
        restDays: in2027.restDays.map((day) => day.replace('2027', '2029').replace('2026', '2028')),
      }
      const { proposalId } = await done(proposeCalendarYear(services(), by('clerk'), entered))
      expect(await refusedWith(proposeCalendarYear(services(), by('both'), entered))).toBe('calendar_year_waiting')
      await done(returnCalendarYear(services(), by('approver'), { proposalId, reason: '重录' }))
    })
  })

  describe('a year in force', () => {
    it('is amended by a further revision, shipped years too; the days before stay on record', async () => {
      const { db } = connection()
      const amended = { ...in2027, restDays: in2027.restDays.slice(1), noticeNumber: '测试用更正通知' }
      expect(await put(amended, true)).toMatchObject({ year: 2027, revision: 1 })
      const calendars = await loadCalendars(db)
      expect(calendars.get(2027)?.noticeNumber).toBe('测试用更正通知')
      expect(rollToWorkingDay(civilDate('2026-12-31'), calendars)).toBe('2026-12-31')

      const shipped = calendars.get(2026)
      const of2026 = {
        year: 2026,
        noticeNumber: '测试用更正通知',
        restDays: [...(shipped?.restDays ?? [])],
        makeUpWorkdays: [],
      }
      expect(await put(of2026, true)).toMatchObject({ year: 2026, revision: 1 })
      expect((await loadCalendars(db)).get(2026)?.makeUpWorkdays.size).toBe(0)
    })

    it('is not amended where there is none', async () => {
      const attempt = proposeCalendarYear(services(), by('clerk'), { ...in2027, year: 2031 }, { amends: true })
      // The days are of another year, which is told first.
      expect(await refusedWith(attempt)).toBe('calendar_year_faulty')
      const entered = {
        year: 2031,
        noticeNumber: '测试用通知',
        restDays: ['2031-01-01', '2031-05-01', '2031-10-01', '2031-10-02', '2031-10-03'],
        makeUpWorkdays: [],
      }
      const amendment = proposeCalendarYear(services(), by('clerk'), entered, { amends: true })
      expect(await refusedWith(amendment)).toBe('calendar_year_not_in_force')
    })
  })

  describe('a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qingliu-calendars-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const written = (name: string, content: string | Buffer): string => {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    }
    const named = { year: 2027, noticeNumber: '测试用通知' }

    it('is JSON or a table; both say the same', async () => {
      const json = await readCalendarFile(written('a.json', `\uFEFF${JSON.stringify(in2027)}`), {
        year: undefined,
        noticeNumber: undefined,
      })
      expect(json).toEqual(in2027)
      const rows = [
        '2027年放假安排,',
        '日期,安排',
        ...in2027.restDays.map((day) => `${day.replaceAll('-', '/')},放假`),
        '2027.1.9,上班',
        ',',
      ]
      expect(await readCalendarFile(written('a.csv', rows.join('\r\n')), named)).toEqual(in2027)
    })

    it('that is not understood is refused by name', async () => {
      const refusals = await Promise.all([
        readCalendarFile(join(folder, 'absent.json'), named),
        readCalendarFile(written('b.json', '{"year": 2027'), named),
        readCalendarFile(written('c.json', JSON.stringify({ ...in2027, year: '2027' })), named),
        readCalendarFile(written('d.json', JSON.stringify({ ...in2027, extra: 1 })), named),
        readCalendarFile(written('e.csv', '日期,安排\n2027-01-01,加班'), named),
        readCalendarFile(written('f.csv', '日期,安排\n2027-01-01,放假'), { ...named, year: undefined }),
      ])
      expect(refusals.map((refusal) => isRefusal(refusal) && refusal.code)).toEqual([
        'file_not_found',
        ...Array.from({ length: 5 }, () => 'calendar_file_unreadable'),
      ])
      expect(isRefusal(refusals[4]) && refusals[4].sentence('zh')).toContain('加班')
      // Each language in its own words, the parser's and the library's too.
      expect(isRefusal(refusals[1]) && refusals[1].sentence('zh')).toContain('读不懂：内容不是 JSON。')
      expect(isRefusal(refusals[3]) && refusals[3].sentence('zh')).toContain('读不懂：没有 extra 这样的项目。')
      expect(isRefusal(refusals[2]) && refusals[2].sentence('en')).toContain('year: it must be a number')
    })

    it('with a day that is no date is refused by the command, naming the day', async () => {
      const entered = await readCalendarFile(written('g.csv', '日期,安排\n2027-02-30,放假'), named)
      if (isRefusal(entered)) throw new Error(entered.code)
      const refusal = await proposeCalendarYear(services(), by('clerk'), { ...entered, year: 2028 })
      expect(isRefusal(refusal) && refusal.sentence('en')).toContain('2027-02-30')
    })
  })
})
