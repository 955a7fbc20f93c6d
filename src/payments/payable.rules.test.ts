import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BillKind } from '../bills/bill.ts'
import { civilDate } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { addMoney, money, moneyText } from '../kernel/money.ts'
import { type OwedBill, payablesOf } from './payable.rules.ts'

const bill = (id: number, kind: BillKind, amount: string, corrects: number | null = null, dueOn = '2026-04-10') =>
  ({
    billId: String(id) as BillId,
    kind,
    amount: money(amount),
    dueOn: civilDate(dueOn),
    correctsBillId: corrects === null ? null : (String(corrects) as BillId),
  }) satisfies OwedBill
const payable = (...bills: OwedBill[]) =>
  Object.fromEntries([...payablesOf(bills)].map(([id, amount]) => [id, moneyText(amount)]))

describe('what a month asks for', () => {
  it('is the amount of each bill above zero', () => {
    expect(payable(bill(1, 'original', '140.00'), bill(2, 'upward', '7.00', 1))).toEqual({ 1: '140.00', 2: '7.00' })
    expect(payable(bill(1, 'original', '0.00'))).toEqual({})
  })
  it('a full negative takes its bill to zero, and the rebill asks instead', () => {
    expect(
      payable(bill(1, 'original', '140.00'), bill(2, 'red', '-140.00', 1), bill(3, 'rebill', '210.00', 1)),
    ).toEqual({ 1: '0.00', 3: '210.00' })
  })
  it('a downward adjustment lowers its bill; the rest lowers what is due last', () => {
    expect(payable(bill(1, 'original', '140.00'), bill(2, 'downward', '-40.00', 1))).toEqual({ 1: '100.00' })
    const upwards = [bill(2, 'upward', '30.00', 1, '2026-05-11'), bill(3, 'upward', '20.00', 1, '2026-06-10')]
    expect(payable(bill(1, 'original', '10.00'), ...upwards, bill(4, 'downward', '-45.00', 1))).toEqual({
      1: '0.00',
      2: '15.00',
      3: '0.00',
    })
  })
  it('a cancelled downward adjustment lowers nothing', () => {
    const bills = [bill(1, 'original', '140.00'), bill(2, 'downward', '-40.00', 1), bill(3, 'red', '40.00', 2)]
    expect(payable(...bills)).toEqual({ 1: '140.00' })
  })
  it('adds up to what stands, whatever was corrected', () => {
    const fen = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(fen, fc.array(fen, { maxLength: 4 }), fc.array(fen, { maxLength: 4 }), (first, ups, downs) => {
        const yuan = (amount: number) => `${(amount / 100).toFixed(2)}`
        const bills = [bill(1, 'original', yuan(first))]
        for (const up of ups) bills.push(bill(bills.length + 1, 'upward', yuan(up), 1))
        const total = () => bills.reduce((sum, each) => sum + Math.round(Number(each.amount) * 100), 0)
        for (const down of downs) if (down < total()) bills.push(bill(bills.length + 1, 'downward', yuan(-down), 1))
        const payables = [...payablesOf(bills).values()]
        expect(payables.every((amount) => !amount.isNegative())).toBe(true)
        expect(moneyText(addMoney(payables))).toBe(yuan(total()))
      }),
    )
  })
})
