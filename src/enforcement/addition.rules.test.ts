import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, plusDays } from '../kernel/calendar.ts'
import { money, moneyText } from '../kernel/money.ts'
import { type AdditionFacts, additionOn } from './addition.rules.ts'

const day = civilDate
const facts = (more: Partial<AdditionFacts> = {}): AdditionFacts => ({
  fine: money('34566.00'),
  dues: [{ dueOn: day('2025-06-16'), amount: '34566.00' }],
  replaced: [],
  payments: [],
  pauses: [],
  announced: true,
  ...more,
})
const amountOn = (on: string, more: Partial<AdditionFacts> = {}) => moneyText(additionOn(facts(more), day(on)).amount)

describe('the addition to a fine', () => {
  it('is 3 % a day from the day after the term, and stops at the fine', () => {
    const said = ['2025-06-16', '2025-06-17', '2025-07-19', '2025-07-20', '2026-01-01'].map((on) => amountOn(on))
    expect(said).toEqual(['0.00', '1036.98', '34220.34', '34566.00', '34566.00'])
    expect(additionOn(facts(), day('2025-07-20'))).toMatchObject({ days: 34, capped: true })
  })

  it('is nothing where the decision did not announce it', () => {
    expect(amountOn('2025-12-31', { announced: false })).toBe('0.00')
  })

  it('follows what is unpaid at the start of a day: the day of payment still counts', () => {
    const payments = [{ paidOn: day('2025-06-18'), amount: money('34566.00') }]
    expect(amountOn('2025-06-18', { payments })).toBe('2073.96')
    expect(amountOn('2025-12-31', { payments })).toBe('2073.96')
    expect(amountOn('2025-12-31', { payments: [{ paidOn: day('2025-06-16'), amount: money('34566.00') }] })).toBe(
      '0.00',
    )
  })

  it('stops from the day of filing to the day the outcome was served, both included', () => {
    const pauses = [{ from: day('2025-06-18'), until: day('2025-08-18') }]
    expect(amountOn('2025-08-18', { pauses })).toBe('1036.98')
    expect(amountOn('2025-08-19', { pauses })).toBe('2073.96')
    expect(amountOn('2026-08-19', { pauses: [{ from: day('2025-06-17'), until: null }] })).toBe('0.00')
  })

  it('starts the day after a deferred date, for each part by itself', () => {
    const dues = [
      { dueOn: day('2025-07-31'), amount: '10000.00' },
      { dueOn: day('2025-08-31'), amount: '24566.00' },
    ]
    expect(amountOn('2025-07-31', { dues })).toBe('0.00')
    expect(amountOn('2025-08-01', { dues })).toBe('300.00')
    expect(amountOn('2025-09-01', { dues })).toBe('10336.98')
  })

  it('that ran before a deferral stays owed; from the day after its grant the deferred dates count', () => {
    const dues = [
      { dueOn: day('2025-07-31'), amount: '10000.00' },
      { dueOn: day('2025-08-29'), amount: '24566.00' },
    ]
    const replaced = [{ until: day('2025-06-18'), dues: facts().dues }]
    // Due on 16 June, deferred on 18 June: 17 and 18 June, 1,036.98 each; then nothing before 1 August: 300.00 a day.
    const said = ['06-17', '06-18', '06-19', '07-31', '08-01'].map((on) => amountOn(`2025-${on}`, { dues, replaced }))
    expect(said).toEqual(['1036.98', '2073.96', '2073.96', '2073.96', '2373.96'])
    expect(additionOn(facts({ dues, replaced }), day('2025-08-01')).days).toBe(3)
    // 29 days of 300.00 in August up to the 29th, then the whole fine.
    expect(amountOn('2025-08-30', { dues, replaced })).toBe('11810.94')
  })

  it('stays where a capped fine is deferred, and begins by each deferral that was granted in time', () => {
    const late = { dues: [{ dueOn: day('2025-12-31'), amount: '34566.00' }] }
    const capped = [{ until: day('2025-07-25'), dues: facts().dues }]
    expect(amountOn('2025-07-26', { ...late, replaced: capped })).toBe('34566.00')
    const inTime = [
      { until: day('2025-06-10'), dues: facts().dues },
      { until: day('2025-07-02'), dues: [{ dueOn: day('2025-06-30'), amount: '34566.00' }] },
    ]
    expect(['2025-06-30', '2025-07-02', '2026-01-01'].map((on) => amountOn(on, { ...late, replaced: inTime }))).toEqual(
      ['0.00', '2073.96', '3110.94'],
    )
  })

  it('is rounded once, on the total', () => {
    const small = { fine: money('0.17'), dues: [{ dueOn: day('2025-06-16'), amount: '0.17' }] }
    // 0.0051 a day: rounded daily it would be 0.01 each.
    expect(['17', '18', '19'].map((on) => amountOn(`2025-06-${on}`, small))).toEqual(['0.01', '0.01', '0.02'])
  })

  it('never falls with time, never passes the fine, and is the sum of its days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.array(fc.record({ after: fc.nat(60), fen: fc.integer({ min: 1, max: 1_000_000 }) }), { maxLength: 4 }),
        fc.option(fc.record({ after: fc.nat(30), long: fc.nat(30) }), { nil: undefined }),
        (fen, paid, pause) => {
          const text = (count: number) => `${Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`
          const start = day('2025-06-16')
          const given = facts({
            fine: money(text(fen)),
            dues: [{ dueOn: start, amount: text(fen) }],
            payments: paid.map(({ after, fen: of }) => ({ paidOn: plusDays(start, after), amount: money(text(of)) })),
            pauses: pause
              ? [{ from: plusDays(start, pause.after), until: plusDays(start, pause.after + pause.long) }]
              : [],
          })
          // Counted again in hundredths of a fen: 3 % of a fen is a whole number of them.
          let hundredths = 0
          let before = money('0.00')
          for (let n = 1; n <= 70; n += 1) {
            const paused = pause !== undefined && n >= pause.after && n <= pause.after + pause.long
            const paidBefore = paid.filter(({ after }) => after < n).reduce((sum, each) => sum + each.fen, 0)
            if (!paused) hundredths += 3 * Math.max(0, fen - paidBefore)
            const expected = Math.min(fen, Math.floor(hundredths / 100 + 0.5))
            const { amount } = additionOn(given, plusDays(start, n))
            expect(moneyText(amount)).toBe(text(expected))
            expect(amount.gte(before)).toBe(true)
            before = amount
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
