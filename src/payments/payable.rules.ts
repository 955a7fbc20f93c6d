import type { BillKind } from '../bills/bill.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { addMoney, type Money, negateMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'

/** A bill as far as it decides what is to be paid. */
export interface OwedBill {
  readonly billId: BillId
  readonly kind: BillKind
  readonly amount: Money
  readonly dueOn: CivilDate
  readonly correctsBillId: BillId | null
}

/**
 * What each bill of one account, month and payer asks for, in yuan. Bills that ask for money (original, rebill, upward,
 * above 0.00) are the keys; zero bills are none. A full negative takes its bill to 0.00. A downward adjustment lowers
 * the bill it corrects, and what is left over the others, the latest due first (decision 11), never below 0.00.
 */
export function payablesOf(bills: readonly OwedBill[]): Map<BillId, Money> {
  const cancelled = new Set(bills.filter(({ kind }) => kind === 'red').map(({ correctsBillId }) => correctsBillId))
  const items = bills
    .filter(({ kind, amount }) => kind !== 'red' && kind !== 'downward' && amount.gt(zeroMoney))
    .toSorted((a, b) => compare(b.dueOn, a.dueOn) || Number(b.billId) - Number(a.billId))
  const payables = new Map(items.map(({ billId, amount }) => [billId, cancelled.has(billId) ? zeroMoney : amount]))
  const reduce = (billId: BillId, by: Money): Money => {
    const payable = payables.get(billId)
    if (payable === undefined) return by
    const taken = payable.lt(by) ? payable : by
    payables.set(billId, subtractMoney(payable, taken))
    return subtractMoney(by, taken)
  }
  const downward = bills.filter(({ billId, kind }) => kind === 'downward' && !cancelled.has(billId))
  const leftOver = addMoney(
    downward.map(({ correctsBillId, amount }) =>
      correctsBillId === null ? negateMoney(amount) : reduce(correctsBillId, negateMoney(amount)),
    ),
  )
  items.reduce((left, { billId }) => reduce(billId, left), leftOver)
  return payables
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
