import { type CivilDate, monthsLater, plusDays } from '../kernel/calendar.ts'
import { addMoney, type Money, zeroMoney } from '../kernel/money.ts'
import { unpaidOn } from '../payments/overdue.rules.ts'
import type { FormerCase, OrderBill, OrderStanding, OrderToPay } from './enforcement.ts'
import { isHigher } from './fine.rules.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { isAfter, lastStep, stepsOf } from './step-log.ts'
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
  | { readonly code: 'paid_in_time'; readonly number: string }
  | { readonly code: 'decision_days_over'; readonly by: CivilDate; readonly from: CivilDate }

export function filingObstacle(
  order: OrderToPay,
  steps: readonly Step[],
  liveCase: string | undefined,
  former: readonly FormerCase[],
  today: CivilDate,
): FilingObstacle | undefined {
  if (liveCase !== undefined) return { code: 'case_open', number: liveCase }
  const { standing, termEndsOn } = orderState(order, steps, today)
  if (standing !== 'lapsed' || termEndsOn === undefined) return { code: 'not_lapsed', standing }
  const estimated = order.bills.find((bill) => isUnreviewedEstimate(bill, termEndsOn))
  if (estimated !== undefined) return { code: 'estimated', bill: estimated.number }
  if (today > fileBy(termEndsOn)) return { code: 'too_late', fileBy: fileBy(termEndsOn) }
  const { paidInTime, countsFrom } = historyOf(order, steps, former)
  if (paidInTime !== undefined) return { code: 'paid_in_time', number: paidInTime }
  if (countsFrom === undefined || today <= decisionDue(countsFrom)) return undefined
  return { code: 'decision_days_over', by: decisionDue(countsFrom), from: countsFrom }
}

/** The last day to decide: 90 days from the filing, or from the outcome that ordered a new decision (APL 60). */
export function decisionDue(countsFrom: CivilDate): CivilDate {
  return plusDays(countsFrom, statutoryTerms.decisionDays.value)
}

/** What former cases on the periods of an order leave for a new one. */
export interface PeriodHistory {
  /** The day the 90 days count from: the first filing, or the latest outcome that ordered a new decision. */
  readonly countsFrom: CivilDate | undefined
  /** The lowest multiple the party was ever told, once it has spoken: no notice may tell of more (APL 45). */
  readonly ceiling: string | undefined
  /** The case that ended because the term had been kept after all: its periods bear no other. */
  readonly paidInTime: string | undefined
}

/**
 * What stays of former cases, in the order of their filing, on periods of which something lapsed under the order: a
 * filing that is revoked, or a decision annulled, is no way round the 90 days or the defence (APL 45, 60).
 */
export function historyOf(
  order: OrderToPay,
  orderSteps: readonly Step[],
  former: readonly FormerCase[],
): PeriodHistory {
  const termEndsOn = lastStep(orderSteps, 'order_served')?.particulars.termEndsOn
  const lapsed = order.bills.filter((bill) => termEndsOn === undefined || !unpaidOfBill(bill, termEndsOn).isZero())
  const concerned = former.filter(({ periods }) =>
    periods.some((period) =>
      lapsed.some((bill) => bill.accountId === period.accountId && bill.feeMonth === period.feeMonth),
    ),
  )
  let countsFrom: CivilDate | undefined
  for (const { filedOn, steps } of concerned) countsFrom = orderedAnew(steps) ?? countsFrom ?? filedOn
  const spoke = concerned.some(({ steps }) =>
    steps.some(({ name }) => name === 'defence_received' || name === 'hearing_requested'),
  )
  const told = concerned.flatMap(({ steps }) => toldMultipliers(steps))
  const lowest = told.reduce<string | undefined>(
    (least, each) => (least === undefined || isHigher(least, each) ? each : least),
    undefined,
  )
  return {
    countsFrom,
    ceiling: spoke ? lowest : undefined,
    paidInTime: concerned.find(({ steps }) => wasPaidInTime(steps))?.number,
  }
}

/** The multiples a party was told: of every notice that was served, and of a decision. */
function toldMultipliers(steps: readonly Step[]): string[] {
  const issued = stepsOf(steps, 'notice_issued')
  const served = stepsOf(steps, 'notice_served').flatMap((step) => {
    const notice = issued.findLast((each) => isAfter(step, each))
    return notice === undefined ? [] : [notice.particulars.multiplier]
  })
  return [...served, ...stepsOf(steps, 'decided').map(({ particulars }) => particulars.multiplier)]
}

/** The day on which a review or suit was served that annulled the decision and ordered a new one. */
function orderedAnew(steps: readonly Step[]): CivilDate | undefined {
  return [...stepsOf(steps, 'review_decided'), ...stepsOf(steps, 'suit_decided')]
    .filter(({ particulars }) => particulars.outcome === 'annulled' && particulars.anew === true)
    .map(({ particulars }) => particulars.servedOn)
    .toSorted()
    .at(-1)
}

function wasPaidInTime(steps: readonly Step[]): boolean {
  return [lastStep(steps, 'closed'), lastStep(steps, 'annulled')].some((step) => step?.particulars.paidInTime === true)
}

/** A bill that would be fined on an estimate nobody has reviewed (decision 5). */
export function isUnreviewedEstimate(bill: OrderBill, termEndsOn: CivilDate): boolean {
  return bill.estimated && !bill.reviewed && !unpaidOfBill(bill, termEndsOn).isZero()
}
