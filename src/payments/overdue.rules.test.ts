import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { money, moneyText } from '../kernel/money.ts'
import { ageBucket, daysOverdue, unpaidOn } from './overdue.rules.ts'

const due = civilDate('2025-04-10')
const paid = (amount: string, paidOn: string, reversedOn: string | null = null) => ({
  amount: money(amount),
  paidOn: civilDate(paidOn),
  reversedOn: reversedOn === null ? null : civilDate(reversedOn),
})
const unpaid = (asOf: string, ...payments: ReturnType<typeof paid>[]) =>
  moneyText(unpaidOn(money('17283.00'), payments, civilDate(asOf)))

describe('overdue', () => {
  it('begins on the day after the due date, which is inclusive', () => {
    expect(daysOverdue(due, due)).toBe(0)
    expect(daysOverdue(due, civilDate('2025-04-11'))).toBe(1)
  })
  it('counts a payment from the day it was paid, and a reversed one until the day before', () => {
    expect(unpaid('2025-04-10', paid('17283.00', '2025-04-10'))).toBe('0.00')
    expect(unpaid('2025-04-09', paid('17283.00', '2025-04-10'))).toBe('17283.00')
    const reversed = paid('17283.00', '2025-04-10', '2025-04-15')
    expect(['2025-04-14', '2025-04-15'].map((day) => unpaid(day, reversed))).toEqual(['0.00', '17283.00'])
  })
  it('is never less than nothing, where two payments covered the same bill for a time', () => {
    expect(unpaid('2025-04-12', paid('17283.00', '2025-04-10', '2025-04-15'), paid('17283.00', '2025-04-11'))).toBe(
      '0.00',
    )
  })
  it.each([
    [0, undefined],
    [1, '1-30'],
    [30, '1-30'],
    [31, '31-60'],
    [60, '31-60'],
    [61, '61-90'],
    [91, '91-180'],
    [180, '91-180'],
    [181, '181-365'],
    [365, '181-365'],
    [366, '366+'],
  ])('%i days are of the age class %s', (days, bucket) => expect(ageBucket(days)).toBe(bucket))
})
