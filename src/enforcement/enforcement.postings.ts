import type { Posting } from '../journal/journal-entry.ts'
import { type Money, negateMoney } from '../kernel/money.ts'

/** What a command moved of one fine, in yuan; a reversal is negative. */
export interface FineMovements {
  /** The fine and its addition: they become owed by a decision and by time. */
  readonly fine: Money
  readonly addition: Money
  /** Paid to the treasury; what it paid back is negative. */
  readonly paid: Money
}

/** What fines mean in the books (domain §8), apart from every account of the fee. Amounts of 0.00 post nothing. */
export function finePostings({ fine, addition, paid }: FineMovements): readonly Posting[] {
  const lines: Posting[] = []
  const post = (debit: Posting['accountCode'], credit: Posting['accountCode'], amount: Money) => {
    if (amount.isZero()) return
    lines.push({ accountCode: debit, feeMonth: null, amount })
    lines.push({ accountCode: credit, feeMonth: null, amount: negateMoney(amount) })
  }
  post('fines_receivable', 'fine_income', fine)
  post('fines_receivable', 'fine_income', addition)
  post('fine_treasury_received', 'fines_receivable', paid)
  return lines
}
