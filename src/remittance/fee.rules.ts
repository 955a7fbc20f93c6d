import type { CivilDate } from '../kernel/calendar.ts'
import { addMoney, type Money, roundToMoney, shareOf, subtractMoney, unitPrice, zeroMoney } from '../kernel/money.ts'
import { contractYearOf } from './period.ts'

/** What a contract says about its collection fee (decision 7). */
export interface FeeTerms {
  readonly contractId: string
  readonly contractNo: string
  readonly document: string
  readonly from: CivilDate
  /** A share such as `0.02`. */
  readonly rate: string
  readonly base: 'collected' | 'remitted' | 'confirmed'
  /** Yuan per contract year. */
  readonly cap: Money | null
}

/** Of one contract and year: the fee of all of its base so far, less what was claimed before. */
export interface FeeLine extends FeeTerms {
  readonly contractYear: number
  readonly baseAmount: Money
  readonly feeAmount: Money
  readonly claimedBefore: Money
  readonly amount: Money
}

/**
 * The fee of a base in yuan: rate × base, rounded once, at most the cap; nothing of a base below 0.00.
 * 1,234,567.89 × 2 % = 24,691.3578 → 24,691.36.
 */
export function feeOf(base: Money, { rate, cap }: Pick<FeeTerms, 'rate' | 'cap'>): Money {
  if (!base.gt(zeroMoney)) return zeroMoney
  const fee = roundToMoney(shareOf(base, unitPrice(rate)))
  return cap?.lt(fee) ? cap : fee
}

/**
 * What may be claimed now, a line per contract year in which something changed: the fee of the cumulative base less what
 * was claimed before, so that a reversal reduces the next claim, in another year too, and roundings never add up.
 */
export function feeLines(
  contracts: readonly {
    readonly terms: FeeTerms
    /** The base by day. */
    readonly days: readonly { readonly on: CivilDate; readonly amount: Money }[]
    readonly claimed: ReadonlyMap<number, Money>
  }[],
): FeeLine[] {
  return contracts.flatMap(({ terms, days, claimed }) => {
    const byYear = new Map<number, Money>([...claimed.keys()].map((year) => [year, zeroMoney]))
    for (const { on, amount } of days) {
      const year = contractYearOf(terms.from, on)
      byYear.set(year, addMoney([amount, byYear.get(year) ?? zeroMoney]))
    }
    return [...byYear]
      .sort(([a], [b]) => a - b)
      .map(([contractYear, baseAmount]) => {
        const feeAmount = feeOf(baseAmount, terms)
        const claimedBefore = claimed.get(contractYear) ?? zeroMoney
        return {
          ...terms,
          contractYear,
          baseAmount,
          feeAmount,
          claimedBefore,
          amount: subtractMoney(feeAmount, claimedBefore),
        }
      })
      .filter(({ amount }) => !amount.isZero())
  })
}

// Companies round their fee in their own ways.
const nearlyFen = 5

/**
 * Whether an amount is what was owed less the collection fee: 坐支, which 151 art. 4, 15 and 17 forbid. `fees` are the
 * fees it may be, in yuan.
 */
export function netsTheFee(amount: Money, owed: Money, fees: readonly Money[]): Money | undefined {
  const short = subtractMoney(owed, amount)
  if (!short.gt(zeroMoney)) return undefined
  return fees.find((fee) => fee.gt(zeroMoney) && short.minus(fee).abs().times(100).lte(nearlyFen))
}
