import type { Posting } from '../journal/journal-entry.ts'
import type { FeeMonth } from '../kernel/calendar.ts'
import { type Money, negateMoney } from '../kernel/money.ts'

/**
 * What issued bills mean in the books: 应收污水处理费 rises and so does what is due to the treasury; a cancellation or a
 * downward adjustment has negative amounts and so says the reverse. Months of 0.00 post nothing.
 */
export function billPostings(amountByMonth: ReadonlyMap<FeeMonth, Money>): readonly Posting[] {
  return [...amountByMonth]
    .filter(([, amount]) => !amount.isZero())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([month, amount]) => [
      { accountCode: 'fees_receivable' as const, feeMonth: month, amount },
      { accountCode: 'fees_due_to_treasury' as const, feeMonth: month, amount: negateMoney(amount) },
    ])
}
