import { describe, expect, it } from 'vitest'
import { feeMonth } from '../kernel/calendar.ts'
import { addMoney, money, moneyText } from '../kernel/money.ts'
import { billPostings } from './bill.postings.ts'

const posted = (amounts: Record<string, string>) =>
  billPostings(new Map(Object.entries(amounts).map(([month, amount]) => [feeMonth(month), money(amount)])))
const shown = (amounts: Record<string, string>) =>
  posted(amounts).map((line) => `${line.feeMonth} ${line.accountCode} ${moneyText(line.amount)}`)

describe('what issued bills mean in the books', () => {
  it('debits fees receivable and credits fees due to the treasury, by month of use in order', () => {
    expect(shown({ '2026-03': '17283.00', '2026-02': '18.56' })).toEqual([
      '2026-02 fees_receivable 18.56',
      '2026-02 fees_due_to_treasury -18.56',
      '2026-03 fees_receivable 17283.00',
      '2026-03 fees_due_to_treasury -17283.00',
    ])
  })
  it('says the reverse for a month that goes down', () => {
    expect(shown({ '2026-03': '-17283.00' })).toEqual([
      '2026-03 fees_receivable -17283.00',
      '2026-03 fees_due_to_treasury 17283.00',
    ])
  })
  it('posts nothing for a month of 0.00', () => {
    expect(shown({ '2026-03': '0.00', '2026-04': '1.00' })).toHaveLength(2)
    expect(shown({ '2026-03': '0.00' })).toEqual([])
  })
  it('balances', () => {
    const lines = posted({ '2026-01': '0.01', '2026-02': '-35.55', '2026-03': '17283.00' })
    expect(moneyText(addMoney(lines.map((line) => line.amount)))).toBe('0.00')
  })
})
