import type { JournalAccountCode, Posting } from '../journal/journal-entry.ts'
import { type Money, negateMoney } from '../kernel/money.ts'

/**
 * What the service fee means in the books (domain §8), in accounts of its own. Approved: expense against payable (a
 * correction below zero, or a return, the reverse). Paid: payable against appropriation. 0.00 posts nothing.
 */
export function approvalPostings(expense: Money): readonly Posting[] {
  return pair('service_fee_expense', 'service_fee_payable', expense)
}

export function paymentPostings(paid: Money): readonly Posting[] {
  return pair('service_fee_payable', 'service_fee_appropriation', paid)
}

function pair(debit: JournalAccountCode, credit: JournalAccountCode, amount: Money): readonly Posting[] {
  if (amount.isZero()) return []
  return [
    { accountCode: debit, feeMonth: null, amount },
    { accountCode: credit, feeMonth: null, amount: negateMoney(amount) },
  ]
}
