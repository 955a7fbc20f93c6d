import { describe, expect, it } from 'vitest'
import { civilDate, feeMonth } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../kernel/ids.ts'
import { money, moneyText } from '../kernel/money.ts'
import type { OrderBill, OrderToPay } from './enforcement.ts'
import { fileBy, filingObstacle, orderState } from './order.rules.ts'
import type { Step } from './steps.ts'

const day = civilDate
const paid = (amount: string, paidOn: string, reversedOn: string | null = null) => ({
  amount: money(amount),
  paidOn: day(paidOn),
  reversedOn: reversedOn === null ? null : day(reversedOn),
})
const bill = (more: Partial<OrderBill> = {}): OrderBill => ({
  billId: '1' as BillId,
  number: '2025-000001',
  accountId: '1' as AccountId,
  accountNo: '1001',
  feeMonth: feeMonth('2025-03'),
  dueOn: day('2025-04-10'),
  named: money('100.00'),
  payable: money('100.00'),
  paid: [],
  estimated: false,
  reviewed: false,
  objected: false,
  ...more,
})
const order = (...bills: OrderBill[]): OrderToPay => ({
  orderId: '1',
  number: '2025-0001',
  dischargerId: '1' as DischargerId,
  dischargerCode: 'D1',
  dischargerName: '示例',
  issuedOn: day('2025-04-11'),
  termDays: 15,
  makerId: '1',
  approverId: '2',
  bills,
})
const served = [
  {
    seq: 1,
    name: 'order_served',
    on: day('2025-04-15'),
    particulars: { how: 'direct', to: '张三', servedOn: day('2025-04-15'), termEndsOn: day('2025-04-30') },
    by: '1',
    approvedBy: null,
    evidenceDigest: 'x',
  } as unknown as Step,
]
const stateOn = (on: string, of: OrderToPay, steps: readonly Step[] = served) => {
  const { standing, base, unpaid } = orderState(of, steps, day(on))
  return [standing, moneyText(base), moneyText(unpaid)]
}

describe('an order', () => {
  it('runs to the end of the last day of its term and lapses the day after', () => {
    const unpaid = order(bill())
    expect(stateOn('2025-04-14', unpaid)).toEqual(['issued', '0.00', '100.00'])
    expect(stateOn('2025-04-30', unpaid)).toEqual(['running', '0.00', '100.00'])
    expect(stateOn('2025-05-01', unpaid)).toEqual(['lapsed', '100.00', '100.00'])
    expect(stateOn('2025-05-01', unpaid, [])).toEqual(['issued', '0.00', '100.00'])
  })

  it('closes by payment on the last day, whenever the file comes in', () => {
    expect(stateOn('2025-06-01', order(bill({ paid: [paid('100.00', '2025-04-30')] })))).toEqual([
      'paid',
      '0.00',
      '0.00',
    ])
    expect(stateOn('2025-06-01', order(bill({ paid: [paid('100.00', '2025-05-01')] })))).toEqual([
      'paid_late',
      '100.00',
      '0.00',
    ])
  })

  it('lapses with what a part payment left, of each bill, and never more than it named', () => {
    const parts = order(
      bill({ paid: [paid('60.00', '2025-04-20')] }),
      bill({ named: money('5.00'), payable: money('50.00') }),
    )
    expect(stateOn('2025-05-01', parts)).toEqual(['lapsed', '45.00', '45.00'])
    const later = order(bill({ paid: [paid('60.00', '2025-04-20'), paid('10.00', '2025-05-02')] }))
    expect(stateOn('2025-05-03', later)).toEqual(['lapsed', '40.00', '30.00'])
  })

  it('counts a payment that was reversed after its term, and not one reversed within it', () => {
    const after = order(bill({ paid: [paid('100.00', '2025-04-20', '2025-05-05')] }))
    expect(stateOn('2025-05-06', after)).toEqual(['paid', '0.00', '100.00'])
    const within = order(bill({ paid: [paid('100.00', '2025-04-20', '2025-04-30')] }))
    expect(stateOn('2025-05-06', within)).toEqual(['lapsed', '100.00', '100.00'])
  })

  it('bears a case only lapsed, reviewed, in time, and once', () => {
    const obstacle = (on: string, of = order(bill()), live?: string) => filingObstacle(of, served, live, day(on))?.code
    expect(obstacle('2025-04-30')).toBe('not_lapsed')
    expect(obstacle('2025-05-01')).toBeUndefined()
    expect(obstacle('2025-05-01', order(bill({ estimated: true })))).toBe('estimated')
    expect(obstacle('2025-05-01', order(bill({ estimated: true, reviewed: true })))).toBeUndefined()
    const paidEstimate = bill({ estimated: true, paid: [paid('100.00', '2025-04-20')] })
    expect(obstacle('2025-05-01', order(bill(), paidEstimate))).toBeUndefined()
    expect(obstacle('2025-05-01', order(bill()), '2025-0001')).toBe('case_open')
    expect(fileBy(day('2025-04-30'))).toBe('2027-04-30')
    expect([obstacle('2027-04-30'), obstacle('2027-05-01')]).toEqual([undefined, 'too_late'])
  })
})
