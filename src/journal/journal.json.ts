import { moneyText, subtractMoney } from '../kernel/money.ts'
import type { AccountLedger, JournalEntry, TrialBalance } from './journal-entry.ts'
import type { TieOut } from './subledger.ts'

/** The books as JSON, on the command line and in the API. */
export function trialBalanceJson({ accounts, debit, credit }: TrialBalance) {
  return {
    accounts: accounts.map((account) => ({
      ...account,
      debit: moneyText(account.debit),
      credit: moneyText(account.credit),
      balance: moneyText(account.balance),
    })),
    debit: moneyText(debit),
    credit: moneyText(credit),
  }
}

export function entryJson(entry: JournalEntry) {
  return {
    ...entry,
    recordedAt: entry.recordedAt.toISOString(),
    lines: entry.lines.map((line) => ({ ...line, amount: moneyText(line.amount) })),
  }
}

export function ledgerJson({ opening, closing, lines, ...ledger }: AccountLedger) {
  return {
    ...ledger,
    opening: moneyText(opening),
    closing: moneyText(closing),
    lines: lines.map((line) => ({ ...line, amount: moneyText(line.amount), balance: moneyText(line.balance) })),
  }
}

export function tieOutJson(ties: readonly TieOut[]) {
  const accounts = ties.map(({ accountCode, feeMonth, books, subledger }) => ({
    accountCode,
    feeMonth,
    books: moneyText(books),
    subledger: moneyText(subledger),
    difference: moneyText(subtractMoney(books, subledger)),
  }))
  return { equal: ties.every(({ books, subledger }) => books.eq(subledger)), accounts }
}
