import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, plusDays, type Validity } from '../src/kernel/calendar.ts'
import { schedule } from './schedule.ts'
import { dueSlots, nextSlot, type ScheduleFacts, type TimedJob } from './slots.rules.ts'

const daily: TimedJob = { name: 'daily', timetable: { at: ['07:00'] } }
const thrice: TimedJob = { name: 'thrice', timetable: { at: ['06:30', '12:30', '18:30'] } }
const autumn: TimedJob = { name: 'autumn', timetable: { at: ['09:00'], inMonths: [11, 12] } }

const days = (from: string, until: string | null = null): Validity => ({
  from: civilDate(from),
  until: until === null ? null : civilDate(until),
})
const facts = (appointed: readonly Validity[], claimed: Readonly<Record<string, string>> = {}): ScheduleFacts => ({
  appointed,
  lastClaimed: new Map(Object.entries(claimed).map(([job, at]) => [job, new Date(at)])),
})
/** Slots as `job 2026-03-11T07:00+08:00`, told by the instant, not by the day they carry. */
const due = (jobs: readonly TimedJob[], known: ScheduleFacts, tickAt: string, most = 1_000) =>
  dueSlots(jobs, known, new Date(tickAt), most).map(({ job, dueAt, day }) => {
    const there = new Date(dueAt.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
    expect(there.slice(0, 10)).toBe(day)
    return `${job} ${there}`
  })

describe('what is due', () => {
  it('is told by the clocks of China, wherever the process runs', () => {
    const known = facts([days('2026-03-11')])
    // 07:00 in China is 23:00 of the day before in London.
    expect(due([daily], known, '2026-03-10T22:59:59.999Z')).toEqual([])
    expect(due([daily], known, '2026-03-10T23:00:00.000Z')).toEqual(['daily 2026-03-11T07:00'])
    expect(due([daily], known, '2026-03-11T07:00:00+08:00')).toEqual(['daily 2026-03-11T07:00'])
  })

  it('has no hour that comes twice or never: neither Europe’s nor America’s change of clocks is China’s', () => {
    const claimed = facts([days('2026-01-01')], { thrice: '2026-03-28T18:30:00+08:00' })
    expect(due([thrice], claimed, '2026-03-30T00:00:00+08:00')).toEqual([
      'thrice 2026-03-29T06:30',
      'thrice 2026-03-29T12:30',
      'thrice 2026-03-29T18:30',
    ])
  })

  it('counts every day of a month and no other: month ends, a leap day, the turn of the year', () => {
    const dates = (from: string, tick: string) =>
      due([daily], facts([days(from)]), tick).map((slot) => slot.slice(6, 16))
    expect(dates('2028-02-27', '2028-03-02T00:00:00+08:00')).toEqual([
      '2028-02-27',
      '2028-02-28',
      '2028-02-29',
      '2028-03-01',
    ])
    expect(dates('2026-02-27', '2026-03-02T00:00:00+08:00')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(dates('2026-04-30', '2026-05-01T12:00:00+08:00')).toEqual(['2026-04-30', '2026-05-01'])
    expect(dates('2026-12-31', '2027-01-01T07:00:00+08:00')).toEqual(['2026-12-31', '2027-01-01'])
  })

  it('lies in some months only, for a job of those months', () => {
    const known = facts([days('2026-10-30')])
    expect(due([autumn], known, '2026-11-02T09:00:00+08:00')).toEqual([
      'autumn 2026-11-01T09:00',
      'autumn 2026-11-02T09:00',
    ])
    expect(
      due([autumn], facts([days('2026-10-30')], { autumn: '2026-12-31T09:00:00+08:00' }), '2027-10-31T23:59:00+08:00'),
    ).toEqual([])
  })

  it('is caught up after days of silence, in order of time, the first of the table first', () => {
    const known = facts([days('2026-01-01')], {
      daily: '2026-04-08T07:00:00+08:00',
      thrice: '2026-04-09T12:30:00+08:00',
    })
    const twin: TimedJob = { name: 'twin', timetable: { at: ['07:00'] } }
    const tick = '2026-04-10T12:00:00+08:00'
    expect(
      due(
        [thrice, twin, daily],
        { ...known, lastClaimed: new Map([...known.lastClaimed, ['twin', new Date('2026-04-09T07:00:00+08:00')]]) },
        tick,
      ),
    ).toEqual([
      'daily 2026-04-09T07:00',
      'thrice 2026-04-09T18:30',
      'thrice 2026-04-10T06:30',
      'twin 2026-04-10T07:00',
      'daily 2026-04-10T07:00',
    ])
  })

  it('is no more than what was asked for, the oldest', () => {
    expect(due([daily, thrice], facts([days('2026-04-01')]), '2026-05-01T00:00:00+08:00', 3)).toEqual([
      'thrice 2026-04-01T06:30',
      'daily 2026-04-01T07:00',
      'thrice 2026-04-01T12:30',
    ])
  })

  it('is nothing without somebody appointed, and nothing on days when nobody is', () => {
    expect(due([daily], facts([]), '2026-04-10T12:00:00+08:00')).toEqual([])
    expect(
      due([daily], facts([days('2026-04-01', '2026-04-03'), days('2026-04-05')]), '2026-04-06T12:00:00+08:00'),
    ).toEqual(['daily 2026-04-01T07:00', 'daily 2026-04-02T07:00', 'daily 2026-04-05T07:00', 'daily 2026-04-06T07:00'])
  })

  it('is never what was claimed: a tick that comes late, or again, finds nothing', () => {
    const known = facts([days('2026-04-01')], { daily: '2026-04-05T07:00:00+08:00' })
    expect(due([daily], known, '2026-04-05T07:00:00+08:00')).toEqual([])
    expect(due([daily], known, '2026-04-02T09:00:00+08:00')).toEqual([])
  })
})

describe('what is due next', () => {
  it('is the first slot that is not claimed, also where it has passed', () => {
    const at = (known: ScheduleFacts, job: TimedJob = daily) =>
      nextSlot(job, known, new Date('2026-04-10T12:00:00+08:00'))?.dueAt.toISOString()
    expect(at(facts([days('2026-04-01')], { daily: '2026-04-10T07:00:00+08:00' }))).toBe('2026-04-10T23:00:00.000Z')
    expect(at(facts([days('2026-04-01')]))).toBe('2026-03-31T23:00:00.000Z')
    expect(at(facts([days('2026-04-01')]), autumn)).toBe('2026-11-01T01:00:00.000Z')
    expect(at(facts([]))).toBeUndefined()
  })
})

describe('whatever the sequence of ticks', () => {
  it('each slot up to the latest tick is claimed once, and each job’s in order', () => {
    const start = civilDate('2027-12-20')
    const minutes = fc.integer({ min: 0, max: 90 * 1_440 })
    const ticks = fc.array(minutes, { minLength: 1, maxLength: 30 })
    const appointments = fc
      .uniqueArray(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 6 })
      .map((cuts) => [...cuts].sort((a, b) => a - b))
      .map((cuts) => {
        const validities: Validity[] = []
        for (let at = 0; at < cuts.length; at += 2) {
          const until = cuts[at + 1]
          validities.push({
            from: plusDays(start, cuts[at] ?? 0),
            until: until === undefined ? null : plusDays(start, until),
          })
        }
        return validities
      })
    const jobs = [...schedule, daily, thrice]
    fc.assert(
      fc.property(ticks, appointments, fc.integer({ min: 1, max: 40 }), (sequence, appointed, most) => {
        const lastClaimed = new Map<string, Date>()
        const claimed: string[] = []
        const began = new Date(`${start}T00:00:00+08:00`).getTime()
        const tick = (tickAt: Date, limit: number): number => {
          const slots = dueSlots(jobs, { appointed, lastClaimed }, tickAt, limit)
          for (const { job, dueAt } of slots) {
            const before = lastClaimed.get(job)
            expect(before === undefined || before < dueAt).toBe(true)
            expect(dueAt <= tickAt).toBe(true)
            lastClaimed.set(job, dueAt)
            claimed.push(`${job} ${dueAt.toISOString()}`)
          }
          return slots.length
        }
        for (const minute of sequence) tick(new Date(began + minute * 60_000), most)
        // The ticks that follow take what one tick was too small for.
        const latest = new Date(began + Math.max(...sequence) * 60_000)
        while (tick(latest, most) > 0);
        const atOnce = dueSlots(jobs, { appointed, lastClaimed: new Map() }, latest, 100_000)
        expect([...claimed].sort()).toEqual(atOnce.map(({ job, dueAt }) => `${job} ${dueAt.toISOString()}`).sort())
      }),
      { numRuns: 200 },
    )
  })
})
