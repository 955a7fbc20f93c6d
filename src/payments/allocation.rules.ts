import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { addMoney, type Money, subtractMoney, zeroMoney } from '../kernel/money.ts'
import type { Allocation, OpenItem } from './payment.ts'

/** Money that looks for bills. */
export interface UnusedPayment {
  readonly paymentId: PaymentId
  readonly accountId: AccountId | null
  readonly dischargerId: DischargerId
  readonly paidOn: CivilDate
  readonly remaining: Money
}

export interface OrderedAllocation {
  readonly paymentId: PaymentId
  readonly billId: BillId
  readonly amount: Money
}

/**
 * Which bills payments pay where nobody named any (decision 22): every payment first the payer's bills of its own
 * account, then what is left the payer's bills of any account; payments in order of their day, bills by due date, then
 * number. The database computes the same from running sums for a million payments at once; a test holds both together.
 */
export function allocateInOrder(
  payments: readonly UnusedPayment[],
  items: readonly OpenItem[],
): readonly OrderedAllocation[] {
  const left = new Map(payments.map(({ paymentId, remaining }) => [paymentId, remaining]))
  const open = new Map(items.map(({ billId, outstanding }) => [billId, outstanding]))
  const inOrder = payments.toSorted((a, b) => compare(a.paidOn, b.paidOn) || Number(a.paymentId) - Number(b.paymentId))
  const byDueDate = items.toSorted((a, b) => compare(a.dueOn, b.dueOn) || Number(a.billId) - Number(b.billId))
  const allocations: OrderedAllocation[] = []
  const pay = (reaches: (payment: UnusedPayment, item: OpenItem) => boolean) => {
    for (const payment of inOrder) {
      for (const item of byDueDate) {
        const unused = left.get(payment.paymentId) ?? zeroMoney
        const outstanding = open.get(item.billId) ?? zeroMoney
        if (unused.isZero() || outstanding.isZero() || !reaches(payment, item)) continue
        const amount = unused.lt(outstanding) ? unused : outstanding
        left.set(payment.paymentId, subtractMoney(unused, amount))
        open.set(item.billId, subtractMoney(outstanding, amount))
        allocations.push({ paymentId: payment.paymentId, billId: item.billId, amount })
      }
    }
  }
  pay((payment, item) => payment.dischargerId === item.dischargerId && payment.accountId === item.accountId)
  pay((payment, item) => payment.dischargerId === item.dischargerId)
  return allocations
}

/** What must lapse of a bill's allocations, and what of the lapsed is allocated anew because it still has its bill. */
export interface Lapsing {
  readonly lapsed: readonly Allocation[]
  readonly anew: readonly Omit<Allocation, 'allocationId'>[]
}

/**
 * Makes room where a bill asks for less than is allocated to it: the latest allocations lapse; of the last of them the
 * part that still has its bill is allocated anew, since a part cannot lapse.
 */
export function lapsesFor(payable: Money, allocations: readonly Allocation[]): Lapsing {
  const latestFirst = allocations.toSorted((a, b) => Number(b.allocationId) - Number(a.allocationId))
  const lapsed: Allocation[] = []
  let excess = subtractMoney(addMoney(allocations.map(({ amount }) => amount)), payable)
  for (const allocation of latestFirst) {
    if (!excess.gt(zeroMoney)) break
    lapsed.push(allocation)
    excess = subtractMoney(excess, allocation.amount)
  }
  const last = lapsed.at(-1)
  // Below zero: more lapsed than had to.
  if (last === undefined || !excess.lt(zeroMoney)) return { lapsed, anew: [] }
  const { paymentId, billId, basis } = last
  return { lapsed, anew: [{ paymentId, billId, basis, amount: subtractMoney(zeroMoney, excess) }] }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
