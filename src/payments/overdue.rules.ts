import { type CivilDate, daysBetween } from '../kernel/calendar.ts'
import { addMoney, type Money, subtractMoney, zeroMoney } from '../kernel/money.ts'

/** Age classes of what is overdue, by days after the due date. */
export const ageBuckets = ['1-30', '31-60', '61-90', '91-180', '181-365', '366+'] as const
export type AgeBucket = (typeof ageBuckets)[number]

/** An amount allocated to a bill with the days on which it counts: from the day it was paid until it was reversed. */
export interface PaidAmount {
  readonly amount: Money
  readonly paidOn: CivilDate
  /** The first day on which it no longer counts. */
  readonly reversedOn: CivilDate | null
}

/**
 * What of a bill was unpaid at the end of a day, in yuan: a payment counts on the day it was paid, whenever its file
 * came in (decision 2), and a reversed one until the day before its reversal.
 */
export function unpaidOn(payable: Money, paid: readonly PaidAmount[], asOf: CivilDate): Money {
  const counted = paid.filter(({ paidOn, reversedOn }) => paidOn <= asOf && (reversedOn === null || reversedOn > asOf))
  const unpaid = subtractMoney(payable, addMoney(counted.map(({ amount }) => amount)))
  return unpaid.lt(zeroMoney) ? zeroMoney : unpaid
}

/** Days by which a bill is overdue at the end of a day; 0 up to and on the due date, which is inclusive (decision 1). */
export function daysOverdue(dueOn: CivilDate, asOf: CivilDate): number {
  return Math.max(0, daysBetween(dueOn, asOf))
}

/** The age class of a number of days overdue; `undefined` for none. */
export function ageBucket(days: number): AgeBucket | undefined {
  if (days < 1) return undefined
  if (days <= 30) return '1-30'
  if (days <= 60) return '31-60'
  if (days <= 90) return '61-90'
  if (days <= 180) return '91-180'
  return days <= 365 ? '181-365' : '366+'
}
