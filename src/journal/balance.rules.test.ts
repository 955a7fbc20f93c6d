import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, feeMonth } from '../kernel/calendar.ts'
import { addMoney, money, moneyText, negateMoney } from '../kernel/money.ts'
import { entryFault } from './balance.rules.ts'
import type { NewEntry } from './journal-entry.ts'

const march = feeMonth('2025-03')
const issued: NewEntry = {
  entryOn: civilDate('2025-04-03'),
  memo: '开账 2025-03',
  documentCount: 1,
  lines: [
    { accountCode: 'fees_receivable', feeMonth: march, amount: money('17283.00') },
    { accountCode: 'fees_due_to_treasury', feeMonth: march, amount: money('-17283.00') },
  ],
}
const debit = (amount: string) => ({ accountCode: 'fees_receivable' as const, feeMonth: march, amount: money(amount) })

describe('what may enter the books', () => {
  it('is an entry whose debits equal its credits', () => {
    expect(entryFault(issued)).toBeUndefined()
  })

  it.each([
    ['a fen too much', { lines: [...issued.lines.slice(0, 1), debit('-17283.01')] }, /sums to zero, not to -0.01/],
    ['one line', { lines: issued.lines.slice(0, 1) }, /a debit and a credit/],
    ['no line', { lines: [] }, /a debit and a credit/],
    ['a zero line', { lines: [...issued.lines, debit('0.00')] }, /no line of an entry is zero/],
    ['no document', { documentCount: 0 }, /a document at least/],
    ['half a document', { documentCount: 1.5 }, /a document at least/],
    ['no memo', { memo: ' ' }, /what it is about/],
  ])('is not: %s', (_what, change, sentence) => {
    expect(entryFault({ ...issued, ...change })).toMatch(sentence)
  })

  it('any amounts balance against their sum, and against nothing else', () => {
    const fen = fc.integer({ min: 1, max: 10 ** 12 })
    fc.assert(
      fc.property(fc.array(fen, { minLength: 1, maxLength: 30 }), fen, (amounts, off) => {
        const debits = amounts.map((count) => debit((count / 100).toFixed(2)))
        const total = negateMoney(addMoney(debits.map(({ amount }) => amount)))
        expect(entryFault({ ...issued, lines: [...debits, debit(moneyText(total))] })).toBeUndefined()
        const wrong = addMoney([total, money((off / 100).toFixed(2))])
        expect(entryFault({ ...issued, lines: [...debits, debit(moneyText(wrong))] })).toBeDefined()
      }),
    )
  })
})
