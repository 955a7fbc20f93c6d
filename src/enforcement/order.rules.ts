import { type CivilDate, monthsLater } from '../kernel/calendar.ts'
import { addMoney, type Money, zeroMoney } from '../kernel/money.ts'
import { unpaidOn } from '../payments/overdue.rules.ts'
import type { OrderBill, OrderStanding, OrderToPay } from './enforcement.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { lastStep } from './step-log.ts'
import type { Step } from './steps.ts'

/** What of a bill is unpaid under its order at the end of a day: never more than the order names. */
export function unpaidOfBill(bill: OrderBill, on: CivilDate): Money {
  const unpaid = unpaidOn(bill.payable, bill.paid, on)
  return unpaid.lt(bill.named) ? unpaid : bill.named
}

/** What is unpaid under the order at the end of a day, in yuan. */
export function unpaidUnder(order: OrderToPay, on: CivilDate): Money {
  return addMoney(order.bills.map((bill) => unpaidOfBill(bill, on)))
}

export interface OrderState {
  readonly standing: OrderStanding
  /** The day on which it counts as served, and the last day of its term, once known. */
  readonly servedOn: CivilDate | undefined
  readonly termEndsOn: CivilDate | undefined
  /** Unpaid at the end of the day asked for. */
  readonly unpaid: Money
  /** What lapsed: unpaid at the end of the term, the base of a fine. 0.00 before it is over. */
  readonly base: Money
}

/**
 * Where an order stands at the end of a day, from dates and payments alone: a payment counts on the day it was paid,
 * whenever its file came in (decision 2), so that a late file may show that the order never lapsed.
 */
export function orderState(order: OrderToPay, steps: readonly Step[], on: CivilDate): OrderState {
  const service = lastStep(steps, 'order_served')?.particulars
  const unpaid = unpaidUnder(order, on)
  const known = { servedOn: service?.servedOn, termEndsOn: service?.termEndsOn, unpaid, base: zeroMoney }
  if (lastStep(steps, 'order_withdrawn') !== undefined) return { ...known, standing: 'withdrawn' }
  if (isAnnulled(steps)) return { ...known, standing: 'annulled' }
  if (service === undefined || on < service.servedOn) return { ...known, standing: 'issued' }
  if (on <= service.termEndsOn) return { ...known, standing: unpaid.isZero() ? 'paid' : 'running' }
  const base = unpaidUnder(order, service.termEndsOn)
  if (base.isZero()) return { ...known, standing: 'paid' }
  return { ...known, base, standing: unpaid.isZero() ? 'paid_late' : 'lapsed' }
}

/** Whether a review or suit has annulled what this log is about. */
export function isAnnulled(steps: readonly Step[]): boolean {
  return [lastStep(steps, 'review_decided'), lastStep(steps, 'suit_decided')].some(
    (step) => step?.particulars.outcome === 'annulled',
  )
}

/** The last day on which a case may be filed: two years from the end of the term (APL 36). */
export function fileBy(termEndsOn: CivilDate): CivilDate {
  return monthsLater(termEndsOn, 12 * statutoryTerms.limitationYears.value)
}

/** Why an order does not bear a fine case today; `undefined` where it does. Objections block the decision, not the filing. */
export type FilingObstacle =
  | { readonly code: 'not_lapsed'; readonly standing: OrderStanding }
  | { readonly code: 'estimated'; readonly bill: string }
  | { readonly code: 'too_late'; readonly fileBy: CivilDate }
  | { readonly code: 'case_open'; readonly number: string }

export function filingObstacle(
  order: OrderToPay,
  steps: readonly Step[],
  liveCase: string | undefined,
  today: CivilDate,
): FilingObstacle | undefined {
  if (liveCase !== undefined) return { code: 'case_open', number: liveCase }
  const { standing, termEndsOn } = orderState(order, steps, today)
  if (standing !== 'lapsed' || termEndsOn === undefined) return { code: 'not_lapsed', standing }
  const estimated = order.bills.find((bill) => isUnreviewedEstimate(bill, termEndsOn))
  if (estimated !== undefined) return { code: 'estimated', bill: estimated.number }
  return today > fileBy(termEndsOn) ? { code: 'too_late', fileBy: fileBy(termEndsOn) } : undefined
}

/** A bill that would be fined on an estimate nobody has reviewed (decision 5). */
export function isUnreviewedEstimate(bill: OrderBill, termEndsOn: CivilDate): boolean {
  return bill.estimated && !bill.reviewed && !unpaidOfBill(bill, termEndsOn).isZero()
}
