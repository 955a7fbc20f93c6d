import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { Exact, parseExact } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import {
  addMoney,
  type Money,
  money,
  roundToMoney,
  subtractMoney,
  type UnroundedAmount,
  zeroMoney,
} from '../kernel/money.ts'
import type { Due, FinePayment } from './enforcement.ts'
import { statutoryTerms } from './statutory-terms.ts'

/** What the addition follows from. Payments go to the fine first. */
export interface AdditionFacts {
  readonly fine: Money
  /** The last day to pay each part: one part by the decision, several where instalments were granted (APL 66). */
  readonly dues: readonly Due[]
  /** What a deferral replaced, earliest first, each with the day of that deferral: up to it the earlier days applied. */
  readonly replaced: readonly { readonly until: CivilDate; readonly dues: readonly Due[] }[]
  readonly payments: readonly Pick<FinePayment, 'paidOn' | 'amount'>[]
  /** Reviews and suits, the day of filing and the day the outcome was served included; `null`: still pending. */
  readonly pauses: readonly { readonly from: CivilDate; readonly until: CivilDate | null }[]
  /** Only what the decision announced is added (Order 235 art. 7 and 9). */
  readonly announced: boolean
}

export interface Addition {
  readonly amount: Money
  /** Days on which something was added, up to the day the cap was reached. */
  readonly days: number
  readonly capped: boolean
}

const perDay = present(parseExact(statutoryTerms.additionPerDay.value), 'the statutory share is a decimal')

/**
 * 加处罚款 at the end of a day (APL 72, 73): 3 % for each calendar day of the fine that was due and unpaid at the day's
 * start, from the day after it was due; nothing on paused days; in all no more than the fine; rounded once, half-up. A
 * deferral (66) starts it anew the day after the deferred date; what was added up to the day it was granted stays owed.
 */
export function additionOn(facts: AdditionFacts, on: CivilDate): Addition {
  const { fine, payments, pauses, announced } = facts
  const terms = [...facts.replaced, { until: null, dues: facts.dues }]
  const [firstDue] = terms.flatMap(({ dues }) => dues.map(({ dueOn }) => dueOn)).sort()
  const none = { amount: zeroMoney, days: 0, capped: false }
  if (!announced || firstDue === undefined || fine.isZero()) return none
  let total: Exact = new Exact(0)
  let days = 0
  for (let day = plusDays(firstDue, 1); day <= on; day = plusDays(day, 1)) {
    if (pauses.some(({ from, until }) => from <= day && (until === null || day <= until))) continue
    const { dues = [] } = terms.find(({ until }) => until === null || day <= until) ?? {}
    const due = addMoney(dues.filter(({ dueOn }) => dueOn < day).map(({ amount }) => money(amount)))
    const paid = addMoney(payments.filter(({ paidOn }) => paidOn < day).map(({ amount }) => amount))
    const unpaid = subtractMoney(due.lt(fine) ? due : fine, paid)
    if (!unpaid.gt(zeroMoney)) continue
    total = total.plus(unpaid.times(perDay))
    days += 1
    if (total.gte(fine)) return { amount: fine, days, capped: true }
  }
  return { amount: roundToMoney(total as UnroundedAmount), days, capped: false }
}
