import { describe, expect, it } from 'vitest'
import { civilDate, feeMonth } from '../kernel/calendar.ts'
import type { AccountId, AllocationId, BillId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { money, moneyText } from '../kernel/money.ts'
import { allocateInOrder, lapsesFor } from './allocation.rules.ts'
import type { Allocation } from './payment.ts'

const payment = (id: string, account: string | null, remaining: string, paidOn = '2026-04-05', payer = 'X') => ({
  paymentId: id as PaymentId,
  accountId: account as AccountId | null,
  dischargerId: payer as DischargerId,
  paidOn: civilDate(paidOn),
  remaining: money(remaining),
})
const item = (id: string, account: string, outstanding: string, dueOn = '2026-04-10', payer = 'X') => ({
  billId: id as BillId,
  accountId: account as AccountId,
  dischargerId: payer as DischargerId,
  feeMonth: feeMonth('2026-03'),
  dueOn: civilDate(dueOn),
  payable: money(outstanding),
  outstanding: money(outstanding),
})
const told = (...[payments, items]: Parameters<typeof allocateInOrder>) =>
  allocateInOrder(payments, items).map(({ paymentId, billId, amount }) => `${paymentId}→${billId} ${moneyText(amount)}`)

describe('a payment without named bills', () => {
  it('pays its account by due date, then by number; the rest is credit', () => {
    const items = [item('12', 'A', '50.00'), item('11', 'A', '30.00'), item('20', 'A', '10.00', '2026-03-10')]
    expect(told([payment('1', 'A', '60.00')], items)).toEqual(['1→20 10.00', '1→11 30.00', '1→12 20.00'])
    expect(told([payment('1', 'A', '100.00')], items)).toHaveLength(3)
  })
  it('pays the payer’s other accounts only after every payment had its own', () => {
    const items = [item('11', 'A', '30.00'), item('12', 'B', '30.00', '2026-03-10')]
    const payments = [payment('1', 'A', '50.00', '2026-04-01'), payment('2', 'B', '25.00', '2026-04-02')]
    expect(told(payments, items)).toEqual(['1→11 30.00', '2→12 25.00', '1→12 5.00'])
  })
  it('never pays for another payer, and without an account pays all of its own', () => {
    const items = [item('11', 'A', '30.00', '2026-04-10', 'Y'), item('12', 'B', '30.00')]
    expect(told([payment('1', 'A', '50.00')], items)).toEqual(['1→12 30.00'])
    expect(told([payment('1', null, '10.00')], items)).toEqual(['1→12 10.00'])
  })
})

describe('a bill that asks for less than was allocated', () => {
  const allocation = (id: string, amount: string): Allocation => ({
    allocationId: id as AllocationId,
    paymentId: `P${id}` as PaymentId,
    billId: '11' as BillId,
    amount: money(amount),
    basis: 'order',
  })
  const lapsing = (payable: string) => {
    const { lapsed, anew } = lapsesFor(money(payable), [allocation('1', '60.00'), allocation('2', '40.00')])
    return [
      lapsed.map(({ allocationId }) => allocationId),
      anew.map(({ paymentId, amount }) => [paymentId, moneyText(amount)]),
    ]
  }
  it('gives back the latest first, and keeps of the last what still has its bill', () => {
    expect(lapsing('100.00')).toEqual([[], []])
    expect(lapsing('70.00')).toEqual([['2'], [['P2', '10.00']]])
    expect(lapsing('60.00')).toEqual([['2'], []])
    expect(lapsing('0.01')).toEqual([['2', '1'], [['P1', '0.01']]])
    expect(lapsing('0.00')).toEqual([['2', '1'], []])
  })
})
