import { rollToWorkingDay, workingDaysBefore } from '../calendars/calendar.rules.ts'
import type { Calendars } from '../calendars/calendar.ts'
import { type CivilDate, monthsLater, plusDays } from '../kernel/calendar.ts'
import { addMoney, type Money, money, negateMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Addition, type AdditionFacts, additionOn } from './addition.rules.ts'
import type { Due, FinePayment, Matter } from './enforcement.ts'
import { isAnnulled, orderState } from './order.rules.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { isAfter, lastStep, stepsOf } from './step-log.ts'
import type { Step } from './steps.ts'

/** The fine as it stands: as decided, or as a review or suit changed it; 0.00 before the decision and once annulled. */
export function standingFine(steps: readonly Step[]): Money {
  const decided = lastStep(steps, 'decided')
  if (decided === undefined || isAnnulled(steps) || lastStep(steps, 'annulled') !== undefined) return zeroMoney
  const changed = steps.findLast(
    (step) =>
      (step.name === 'review_decided' || step.name === 'suit_decided') && step.particulars.outcome === 'changed',
  )
  const amount =
    changed?.name === 'review_decided' || changed?.name === 'suit_decided' ? changed.particulars.fineAmount : null
  return money(amount ?? decided.particulars.fineAmount)
}

/**
 * By when which part of the fine is to be paid: the latest deferral, else the term of the decision; and what deferrals
 * replaced, each until the day of the deferral.
 */
export function duesOf(steps: readonly Step[]): Pick<AdditionFacts, 'dues' | 'replaced'> {
  const served = lastStep(steps, 'decision_served')
  const fine = lastStep(steps, 'decided')?.particulars.fineAmount ?? '0.00'
  let dues: readonly Due[] = served === undefined ? [] : [{ dueOn: served.particulars.payBy, amount: fine }]
  const replaced: { until: CivilDate; dues: readonly Due[] }[] = []
  for (const { on, particulars } of stepsOf(steps, 'deferred')) {
    replaced.push({ until: on, dues })
    dues = particulars.instalments
  }
  return { dues, replaced }
}

/** Days on which nothing is added: from filing to the day the outcome was served, both included. */
export function pausesOf(steps: readonly Step[]): { readonly from: CivilDate; readonly until: CivilDate | null }[] {
  const outcomes = [...stepsOf(steps, 'review_decided'), ...stepsOf(steps, 'suit_decided')]
  return [...stepsOf(steps, 'review_filed'), ...stepsOf(steps, 'suit_filed')].map((filed) => {
    const wanted = filed.name === 'review_filed' ? 'review_decided' : 'suit_decided'
    const outcome = outcomes.find((step) => step.name === wanted && isAfter(step, filed))
    return { from: filed.on, until: outcome?.particulars.servedOn ?? null }
  })
}

/** Whether a review or suit is pending. */
export function isContested(steps: readonly Step[]): boolean {
  return (
    isAfter(lastStep(steps, 'review_filed'), lastStep(steps, 'review_decided')) ||
    isAfter(lastStep(steps, 'suit_filed'), lastStep(steps, 'suit_decided'))
  )
}

/** Money that counts for a fine: payments that were not reversed, and what the treasury paid back, as a negative. */
export function finePaymentsOf(steps: readonly Step[]): FinePayment[] {
  const reversed = new Set(stepsOf(steps, 'fine_payment_reversed').map(({ particulars }) => particulars.reference))
  const paid = stepsOf(steps, 'fine_paid').filter(({ particulars }) => !reversed.has(particulars.reference))
  return [
    ...paid.map(({ on, particulars: { amount, reference } }) => ({ paidOn: on, amount: money(amount), reference })),
    ...stepsOf(steps, 'fine_refunded').map(({ seq, on, particulars }) => ({
      paidOn: on,
      amount: negateMoney(money(particulars.amount)),
      reference: `退付 ${seq}`,
    })),
  ]
}

export interface FineBalance {
  readonly fine: Money
  readonly addition: Addition
  readonly paid: Money
  /** Of the fine itself. */
  readonly unpaidFine: Money
  /** Fine and addition less what was paid; negative where money is to go back. */
  readonly outstanding: Money
}

/** What is owed of a fine at the end of a day. */
export function fineBalance(steps: readonly Step[], payments: readonly FinePayment[], on: CivilDate): FineBalance {
  const fine = standingFine(steps)
  const counted = payments.filter(({ paidOn }) => paidOn <= on)
  const announced = lastStep(steps, 'decided')?.particulars.addition ?? false
  const facts = { fine, ...duesOf(steps), payments: counted, pauses: pausesOf(steps), announced }
  const addition = additionOn(facts, on)
  const paid = addMoney(counted.map(({ amount }) => amount))
  const left = subtractMoney(fine, paid)
  const unpaidFine = left.gt(zeroMoney) ? left : zeroMoney
  return { fine, addition, paid, unpaidFine, outstanding: subtractMoney(addMoney([fine, addition.amount]), paid) }
}

/** One of the two claims of a file: the fee by the order, the fine by the decision, each with its own clock. */
export interface Claim {
  readonly of: 'fee' | 'fine'
  /** The day on which what it rests on was served. */
  readonly servedOn: CivilDate | undefined
  /** The last day to perform. */
  readonly performBy: CivilDate | undefined
  readonly amount: Money
  readonly addition: Money
  readonly outstanding: Money
}

/** The claim whose log is at hand, at the end of today. */
export function claimOf(matter: Matter): Claim {
  const { today, steps } = matter
  if (matter.fineCase === undefined) {
    const { servedOn, termEndsOn, unpaid } = orderState(matter.order, steps, today)
    return { of: 'fee', servedOn, performBy: termEndsOn, amount: unpaid, addition: zeroMoney, outstanding: unpaid }
  }
  const balance = fineBalance(steps, matter.finePayments, today)
  const served = lastStep(steps, 'decision_served')?.particulars.servedOn
  const performBy = duesOf(steps)
    .dues.map(({ dueOn }) => dueOn)
    .sort()
    .at(-1)
  const addition = subtractMoney(balance.outstanding, balance.unpaidFine)
  return {
    of: 'fine',
    servedOn: served,
    performBy,
    amount: balance.unpaidFine,
    addition: addition.gt(zeroMoney) ? addition : zeroMoney,
    outstanding: balance.outstanding,
  }
}

/** The last days of a claim; each refused by itself where the calendar of its year is not loaded. */
export interface ClaimDates {
  readonly reviewBy: CivilDate | Refusal
  readonly suitBy: CivilDate | Refusal
  /** The last day to apply to the court. */
  readonly courtBy: CivilDate | Refusal
}

/**
 * The last days to ask for a review, to sue, and to apply to the court, of what was served on a day (行政复议法 20,
 * 行政诉讼法 45 and 46, AEL 53): the court's three months run from the end of the time to sue, of a deferral (APL 72) or
 * from the outcome of a suit. A calendar that is missing hides only the days that hang on it.
 */
export function claimDates(
  servedOn: CivilDate,
  performBy: CivilDate,
  steps: readonly Step[],
  calendars: Calendars,
): ClaimDates {
  const reviewBy = rollToWorkingDay(plusDays(servedOn, statutoryTerms.reviewDays.value), calendars)
  const reviewed = lastStep(steps, 'review_decided')
  const suitBy = rollToWorkingDay(
    reviewed === undefined
      ? monthsLater(servedOn, statutoryTerms.suitMonths.value)
      : plusDays(reviewed.particulars.servedOn, statutoryTerms.suitAfterReviewDays.value),
    calendars,
  )
  const judged = lastStep(steps, 'suit_decided')?.particulars.servedOn ?? suitBy
  if (isRefusal(judged)) return { reviewBy, suitBy, courtBy: judged }
  const from = performBy > judged ? performBy : judged
  const courtBy = rollToWorkingDay(monthsLater(from, statutoryTerms.courtMonths.value), calendars)
  return { reviewBy, suitBy, courtBy }
}

/**
 * The last day on which a demand that is served still leads to the court: its ten working days have to be over before the
 * last day to apply (AEL 53, 54).
 */
export function demandBy({ courtBy }: Pick<ClaimDates, 'courtBy'>, calendars: Calendars): CivilDate | Refusal {
  return isRefusal(courtBy) ? courtBy : workingDaysBefore(courtBy, statutoryTerms.demandDays.value, calendars)
}
