import { moneyText } from '../kernel/money.ts'
import type { AgeClass, AllocationLine, CreditLine, ItemLine } from './payment.queries.ts'
import type { Payment } from './payment.ts'

/** Payments and what they pay as JSON, on the command line and in the API. */
export function paymentJson(payment: Payment) {
  return {
    ...payment,
    amount: moneyText(payment.amount),
    refunded: moneyText(payment.refunded),
    allocated: moneyText(payment.allocated),
    remaining: moneyText(payment.remaining),
  }
}

export function allocationJson(line: AllocationLine) {
  return { ...line, amount: moneyText(line.amount), lapsed: line.lapsed ?? null }
}

export function creditJson(line: CreditLine) {
  return { ...line, remaining: moneyText(line.remaining) }
}

export function itemJson<Line extends ItemLine>(item: Line) {
  return { ...item, payable: moneyText(item.payable), outstanding: moneyText(item.outstanding) }
}

export function ageJson(each: AgeClass) {
  return { ...each, amount: moneyText(each.amount) }
}
