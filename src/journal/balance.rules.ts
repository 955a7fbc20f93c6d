import { addMoney, moneyText } from '../kernel/money.ts'
import type { NewEntry } from './journal-entry.ts'

/**
 * What keeps an entry out of the books, in one sentence, or `undefined`. Entries are made by postings rules, never
 * typed, so a fault is a bug in the program; the database refuses the same by itself at commit.
 */
export function entryFault(entry: NewEntry): string | undefined {
  if (entry.lines.length < 2) return 'an entry has a debit and a credit'
  if (entry.lines.some(({ amount }) => amount.isZero())) return 'no line of an entry is zero'
  const sum = addMoney(entry.lines.map(({ amount }) => amount))
  if (!sum.isZero()) return `an entry sums to zero, not to ${moneyText(sum)}`
  if (!Number.isInteger(entry.documentCount) || entry.documentCount < 1)
    return 'an entry stands for a document at least'
  if (entry.memo.trim() === '') return 'an entry says what it is about'
  return undefined
}
