import type { JournalAccountCode, Posting } from '../journal/journal-entry.ts'
import { type Money, negateMoney } from '../kernel/money.ts'

const pair = (debit: JournalAccountCode, credit: JournalAccountCode, amount: Money): readonly Posting[] => [
  { accountCode: debit, feeMonth: null, amount },
  { accountCode: credit, feeMonth: null, amount: negateMoney(amount) },
]

/** What events of remittance mean in the books (domain §8), in yuan above 0.00; taken back: the reverse. */
export const remittancePostings = {
  confirmed: (amount: Money) => pair('treasury_received', 'collector_held', amount),
  takenBack: (amount: Money) => pair('collector_held', 'treasury_received', amount),
  feeApproved: (amount: Money) => pair('collection_fee_expense', 'collection_fee_payable', amount),
  feePaid: (amount: Money) => pair('collection_fee_payable', 'collection_fee_appropriation', amount),
} as const
