import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import { addMoney, type Money, money, moneyText, negateMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Concession } from './concession.ts'
import { monthFee } from './month-fee.rules.ts'
import type { MonthFee } from './month-fee.ts'
import type { PlantDay } from './plant-day.ts'
import type { ClaimCalculation, ClaimStep, MonthCorrection, ServiceFeeClaim } from './service-fee-claim.ts'

/** The state of a claim: the last step that was taken. */
export function stateOf({ steps }: Pick<ServiceFeeClaim, 'steps'>): ClaimStep {
  return steps.at(-1)?.step ?? 'claimed'
}

/** What claims that stand have settled of each month: its fee, and what later claims corrected of it. */
function settledByMonth(standing: readonly ServiceFeeClaim[]): Map<FeeMonth, Money> {
  const settled = new Map<FeeMonth, Money>()
  const add = (month: FeeMonth, amount: Money) =>
    void settled.set(month, addMoney([settled.get(month) ?? zeroMoney, amount]))
  for (const claim of standing) {
    add(claim.month, claim.feeAmount)
    for (const { month, difference } of claim.calculation.corrections) add(month as FeeMonth, money(difference))
  }
  return settled
}

/**
 * What a claim comes to: the month's fee, the differences of earlier months whose facts have changed since they were
 * settled, and what the claim before was below zero by. Below zero nothing is paid and the rest is carried on.
 */
export function claimCalculation(
  plant: string,
  fee: MonthFee,
  earlier: {
    readonly settled: ReadonlyMap<FeeMonth, Money>
    /** The same months as they come out now. */
    readonly now: ReadonlyMap<FeeMonth, Money>
    readonly carriedIn: Money
  },
): ClaimCalculation {
  const corrections: MonthCorrection[] = []
  for (const [month, before] of [...earlier.settled].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const now = earlier.now.get(month) ?? zeroMoney
    if (now.eq(before)) continue
    corrections.push({
      month,
      settledBefore: moneyText(before),
      computedNow: moneyText(now),
      difference: moneyText(subtractMoney(now, before)),
    })
  }
  const corrected = addMoney(corrections.map(({ difference }) => money(difference)))
  const total = addMoney([money(fee.amount), corrected, earlier.carriedIn])
  const below = total.isNegative()
  return {
    plant,
    fee,
    corrections,
    corrected: moneyText(corrected),
    carriedIn: moneyText(earlier.carriedIn),
    payable: moneyText(below ? zeroMoney : total),
    carriedOut: moneyText(below ? total : zeroMoney),
  }
}

/** What a claim of a month is computed from. */
export interface ClaimFacts {
  readonly plant: string
  /** Claims that stand, of months before this one, in order. */
  readonly earlier: readonly ServiceFeeClaim[]
  readonly agreements: readonly Concession[]
  readonly days: ReadonlyMap<CivilDate, PlantDay>
}

/** A claim from its facts: every month claimed before is computed anew beside it. Refuses what `monthFee` refuses. */
export function computeClaim(month: FeeMonth, facts: ClaimFacts): ClaimCalculation | Refusal {
  const { plant, earlier, agreements, days } = facts
  const fee = monthFee(month, agreements, days)
  if (isRefusal(fee)) return fee
  const settled = settledByMonth(earlier)
  const now = new Map<FeeMonth, Money>()
  for (const before of settled.keys()) {
    const again = monthFee(before, agreements, days)
    if (isRefusal(again)) return again
    now.set(before, money(again.amount))
  }
  const last = earlier.at(-1)
  const carriedIn = last === undefined ? zeroMoney : carriedOutOf(last)
  return claimCalculation(plant, fee, { settled, now, carriedIn })
}

/** What a claim adds to the expense of the plant: its fee and its corrections; what is carried was booked before. */
export function expenseOf({ feeAmount, correctionAmount }: ServiceFeeClaim): Money {
  return addMoney([feeAmount, correctionAmount])
}

/** What is left of a claim for the next one, 0.00 or less. */
export function carriedOutOf({ payableAmount, feeAmount, correctionAmount, carriedAmount }: ServiceFeeClaim): Money {
  return addMoney([feeAmount, correctionAmount, carriedAmount, negateMoney(payableAmount)])
}
