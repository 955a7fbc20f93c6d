import type { CivilDate } from '../kernel/calendar.ts'
import { addMoney, type Money, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { ageInDays } from './period.ts'

/** What a collector took on a day, in one group: a statement, or what no statement has taken yet. */
export interface Layer {
  readonly paidOn: CivilDate
  readonly amount: Money
}

/** Layers of one group, and what was remitted, taken back later or carried over against it. */
export interface HeldGroup {
  readonly layers: readonly Layer[]
  readonly covered: Money
}

export interface AgedMoney extends Layer {
  readonly days: number
}

/** What a collector holds, by the day it was paid, and what it paid in beyond that. */
export interface HeldAge {
  readonly aged: readonly AgedMoney[]
  /** At most 0.00: remitted too much, or taken back after it was remitted. */
  readonly surplus: Money
  /** Aged money and surplus together. */
  readonly held: Money
  readonly oldestDays: number
}

/**
 * The age of what is held: within each group, what covers it covers the oldest payment first. Groups do not cover one
 * another, for a transfer is made for a statement (Civil Code art. 560: the debtor names the debt it pays): first in,
 * first out over everything would let the second quarter's transfer make the first quarter's money young.
 */
export function ageHeld(groups: readonly HeldGroup[], asOf: CivilDate): HeldAge {
  const byDay = new Map<CivilDate, Money>()
  let surplus = zeroMoney
  for (const { layers, covered } of groups) {
    let cover = covered
    for (const { paidOn, amount } of layers.toSorted((a, b) => (a.paidOn < b.paidOn ? -1 : 1))) {
      const taken = cover.lt(amount) ? cover : amount
      cover = subtractMoney(cover, taken)
      if (taken.eq(amount)) continue
      byDay.set(paidOn, addMoney([subtractMoney(amount, taken), byDay.get(paidOn) ?? zeroMoney]))
    }
    surplus = subtractMoney(surplus, cover)
  }
  const aged = [...byDay]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([paidOn, amount]) => ({ paidOn, amount, days: ageInDays(paidOn, asOf) }))
  return {
    aged,
    surplus,
    held: addMoney([surplus, ...aged.map(({ amount }) => amount)]),
    oldestDays: aged[0]?.days ?? 0,
  }
}

export const heldAgeClasses = ['0-30', '31-90', '91-180', '181+'] as const
export type HeldAgeClass = (typeof heldAgeClasses)[number]

/** The age class of so many days: a month, a quarter, half a year, more. */
export function heldAgeClass(days: number): HeldAgeClass {
  if (days <= 30) return '0-30'
  if (days <= 90) return '31-90'
  return days <= 180 ? '91-180' : '181+'
}
