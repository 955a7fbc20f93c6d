import { rollToWorkingDay } from '../calendars/calendar.rules.ts'
import { plusDays } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import { type Gates, refuseTwice } from './gate.ts'
import { servedOn } from './service.rules.ts'
import { lastStep } from './step-log.ts'

/** When the steps of an order are allowed. */
export const orderGates: Gates<'order_served' | 'order_withdrawn' | 'correction_opened'> = {
  /** The term begins on the day after service and ends on a working day (641 art. 54; Civil Code 201, 203). */
  order_served: (matter, entered, act) => {
    const twice = refuseTwice('order_served', lastStep(matter.steps, 'order_served'))
    if (twice !== undefined) return twice
    const served = servedOn(entered, act.on, matter)
    if (isRefusal(served)) return served
    const termEndsOn = rollToWorkingDay(plusDays(served, matter.order.termDays), matter.calendars)
    return isRefusal(termEndsOn) ? termEndsOn : { servedOn: served, termEndsOn }
  },

  /** Nothing that rests on it may stand any more. */
  order_withdrawn: (matter) => {
    const number = matter.liveCase ?? matter.judgedCase
    return number === undefined ? {} : refuseEnforcement('order_has_case', { order: matter.order.number, number })
  },

  /** A bill under a live order is corrected only inside its case (decision 11): this opens it for one correction. */
  correction_opened: (matter, { bill }) =>
    matter.order.bills.some(({ number }) => number === bill)
      ? {}
      : refuseEnforcement('bill_not_under_order', { bill, order: matter.order.number }),
}
