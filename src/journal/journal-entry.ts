import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import type { Money } from '../kernel/money.ts'

/** The chart of accounts ships with the product; a stage that needs a further account adds it with its migration. */
export type JournalAccountCode =
  | 'fees_receivable'
  | 'fees_due_to_treasury'
  | 'collector_held'
  | 'treasury_received'
  | 'unallocated_receipts'
  | 'fines_receivable'
  | 'fine_income'
  | 'fine_treasury_received'
  | 'collection_fee_expense'
  | 'collection_fee_payable'
  | 'collection_fee_appropriation'
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

/** A line of one account with the balance after it (debit − credit). */
export interface LedgerLine {
  readonly entryId: string
  readonly entryOn: CivilDate
  readonly memo: string
  readonly feeMonth: FeeMonth | null
  readonly amount: Money
  readonly balance: Money
}

/** What happened on one account in the days asked for: what it began and ended with, and the lines between. */
export interface AccountLedger {
  readonly accountCode: string
  readonly nameZh: string
  readonly nameEn: string
  readonly opening: Money
  readonly lines: readonly LedgerLine[]
  readonly closing: Money
  /** There are more lines than were asked for; `closing` counts them all. */
  readonly more: boolean
}

export interface TrialBalance {
  readonly accounts: readonly AccountBalance[]
  /** Both totals are equal, or the books are broken. */
  readonly debit: Money
  readonly credit: Money
}
