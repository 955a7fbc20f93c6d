import type { Charge } from '../dischargers/discharger.ts'
import type { AccountId, DischargerId } from '../kernel/ids.ts'
import { addMoney, type Money, subtractMoney, zeroMoney } from '../kernel/money.ts'

/** The wastewater fee within a combined amount, in yuan; or the part whose due amount would have to be known for it. */
export type WastewaterPart = { readonly amount: Money } | { readonly unknown: Charge }

/**
 * Splits a combined amount by the order of the contract (decision 22): each part takes what is due of it before the next
 * one gets anything. Whatever is above all that is due is not the wastewater fee. What comes after it need not be known.
 */
export function wastewaterOf(
  combined: Money,
  order: readonly Charge[],
  dues: Readonly<Partial<Record<Charge, Money>>>,
): WastewaterPart {
  let left = combined
  for (const charge of order) {
    const due = dues[charge]
    if (due === undefined) return { unknown: charge }
    const taken = lesser(left, due)
    if (charge === 'wastewater') return { amount: taken }
    left = subtractMoney(left, taken)
  }
  return { unknown: 'wastewater' }
}

/** What earlier rows of a file pay of each account, so that a later combined amount does not pay the same once more. */
export class PaidBefore {
  readonly #paid = new Map<string, Money>()

  add(accountId: AccountId, dischargerId: DischargerId, amount: Money): void {
    const key = `${accountId} ${dischargerId}`
    this.#paid.set(key, addMoney([amount, this.#paid.get(key) ?? zeroMoney]))
  }

  /** What is then left of an outstanding amount. */
  leaves(accountId: AccountId, dischargerId: DischargerId, outstanding: Money): Money {
    const paid = this.#paid.get(`${accountId} ${dischargerId}`) ?? zeroMoney
    return subtractMoney(outstanding, lesser(paid, outstanding))
  }
}

const lesser = (a: Money, b: Money): Money => (a.lt(b) ? a : b)
