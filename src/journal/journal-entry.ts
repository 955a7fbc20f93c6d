import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import type { Money } from '../kernel/money.ts'

/** The chart of accounts ships with the product; a stage that needs a further account adds it with its migration. */
export type JournalAccountCode =
  | 'fees_receivable'
  | 'fees_due_to_treasury'
  | 'collector_held'
  | 'treasury_received'
  | 'unallocated_receipts'
  | 'service_fee_expense'
  | 'service_fee_payable'
  | 'service_fee_appropriation'

/** One line of an entry: debit is positive, credit negative. */
export interface Posting {
  readonly accountCode: JournalAccountCode
  /** The month of water use that a fee belongs to; money received belongs to none until it is allocated. */
  readonly feeMonth: FeeMonth | null
  readonly amount: Money
}

/** What one command means in the books, with the number of documents (bills, payments) it stands for. */
export interface NewEntry {
  readonly entryOn: CivilDate
  readonly memo: string
  readonly documentCount: number
  readonly lines: readonly Posting[]
}

export interface JournalEntry extends NewEntry {
  readonly entryId: string
  readonly commandId: string
  readonly recordedAt: Date
}

/** One account's movements; the balance is debit − credit. */
export interface AccountBalance {
  readonly accountCode: string
  readonly nameZh: string
  readonly nameEn: string
  readonly debit: Money
  readonly credit: Money
  readonly balance: Money
}

export interface TrialBalance {
  readonly accounts: readonly AccountBalance[]
  /** Both totals are equal, or the books are broken. */
  readonly debit: Money
  readonly credit: Money
}
