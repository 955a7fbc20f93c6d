import type { FeeMonth } from '../kernel/calendar.ts'
import type { Money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { JournalAccountCode } from './journal-entry.ts'

/** One control account against what its subledger adds up to, in yuan; debit is positive. */
export interface TieOut {
  readonly accountCode: JournalAccountCode
  /** `null`: of money that belongs to no month. */
  readonly feeMonth: FeeMonth | null
  readonly books: Money
  readonly subledger: Money
}

/** What one stage's facts add to a control account, in yuan; debit is positive. */
export interface SubledgerSum {
  readonly accountCode: JournalAccountCode
  readonly feeMonth: FeeMonth | null
  readonly amount: Money
}

/** A stage whose events move control accounts answers this for all of the accounts it moves. */
export type SubledgersOf = (db: Db | Trx) => Promise<readonly SubledgerSum[]>

/** The stages that keep subledgers answer this; it is handed in where the entries are composed. */
export type TieOutOf = (db: Db) => Promise<readonly TieOut[]>
