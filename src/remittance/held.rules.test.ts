import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { addMoney, money, moneyText, zeroMoney } from '../kernel/money.ts'
import { ageHeld, type HeldGroup, heldAgeClass } from './held.rules.ts'

const group = (covered: string, ...layers: readonly (readonly [day: string, amount: string])[]): HeldGroup => ({
  covered: money(covered),
  layers: layers.map(([day, amount]) => ({ paidOn: civilDate(day), amount: money(amount) })),
})
const told = (groups: readonly HeldGroup[], asOf = '2026-07-15') => {
  const { aged, surplus, held, oldestDays } = ageHeld(groups, civilDate(asOf))
  return {
    aged: aged.map(({ paidOn, amount, days }) => `${paidOn} ${moneyText(amount)} ${days}`),
    surplus: moneyText(surplus),
    held: moneyText(held),
    oldestDays,
  }
}

describe('the age of what a collector holds', () => {
  it('begins on the day of payment; what was remitted covers the oldest payment first', () => {
    expect(told([group('150.00', ['2026-03-05', '100.00'], ['2026-02-01', '80.00'])])).toEqual({
      aged: ['2026-03-05 30.00 132'],
      surplus: '0.00',
      held: '30.00',
      oldestDays: 132,
    })
  })

  it('is not made younger by the transfer of another statement', () => {
    const firstQuarterUnpaid = group('0.00', ['2026-02-01', '100.00'])
    const secondQuarterPaid = group('100.00', ['2026-05-01', '100.00'])
    expect(told([firstQuarterUnpaid, secondQuarterPaid]).aged).toEqual(['2026-02-01 100.00 164'])
  })

  it('too much remitted is a surplus beside what is held, never a younger age', () => {
    expect(told([group('120.00', ['2026-02-01', '100.00']), group('0.00', ['2026-07-01', '50.00'])])).toEqual({
      aged: ['2026-07-01 50.00 14'],
      surplus: '-20.00',
      held: '30.00',
      oldestDays: 14,
    })
  })

  it('of nothing is nothing', () => {
    expect(told([])).toEqual({ aged: [], surplus: '0.00', held: '0.00', oldestDays: 0 })
  })

  it.each([
    [0, '0-30'],
    [30, '0-30'],
    [31, '31-90'],
    [90, '31-90'],
    [91, '91-180'],
    [180, '91-180'],
    [181, '181+'],
  ])('%d days are of the class %s', (days, found) => {
    expect(heldAgeClass(days)).toBe(found)
  })

  it('adds up whatever was taken and covered', () => {
    const fen = fc.integer({ min: 1, max: 10 ** 8 }).map((count) => money((count / 100).toFixed(2)))
    const day = fc.integer({ min: 1, max: 28 }).map((of) => civilDate(`2026-02-${String(of).padStart(2, '0')}`))
    const groups = fc.array(
      fc.record({ covered: fen, layers: fc.array(fc.record({ paidOn: day, amount: fen }), { maxLength: 9 }) }),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(groups, (some) => {
        const found = ageHeld(some, civilDate('2026-07-15'))
        const taken = addMoney(some.flatMap(({ layers }) => layers.map(({ amount }) => amount)))
        const covered = addMoney(some.map((each) => each.covered))
        expect(moneyText(found.held)).toBe(moneyText(money(taken.minus(covered).toFixed(2))))
        expect(found.surplus.lte(zeroMoney)).toBe(true)
        expect(found.aged.every(({ amount }) => amount.gt(zeroMoney))).toBe(true)
      }),
    )
  })
})
