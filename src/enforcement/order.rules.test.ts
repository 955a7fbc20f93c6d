import { describe, expect, it } from 'vitest'
import { civilDate, feeMonth } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../kernel/ids.ts'
import { money, moneyText } from '../kernel/money.ts'
import type { FormerCase, OrderBill, OrderToPay } from './enforcement.ts'
import { fileBy, filingObstacle, historyOf, orderState } from './order.rules.ts'
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
    const obstacle = (on: string, of = order(bill()), live?: string) =>
      filingObstacle(of, served, live, [], day(on))?.code
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

  const former = (
    filedOn: string,
    ...steps: readonly (readonly [name: string, particulars: object])[]
  ): FormerCase => ({
    caseId: '1',
    number: '2025-0001',
    filedOn: day(filedOn),
    periods: [{ accountId: '1' as AccountId, feeMonth: feeMonth('2025-03') }],
    steps: steps.map(([name, particulars], index) => ({ seq: index + 1, name, particulars }) as unknown as Step),
  })
  const told = (multiplier: string) =>
    [
      ['notice_issued', { multiplier }],
      ['notice_served', {}],
    ] as const
  const left = (...cases: FormerCase[]) => historyOf(order(bill()), served, cases)

  it('keeps what former cases on its periods told, heard and used up', () => {
    expect(left()).toEqual({ countsFrom: undefined, ceiling: undefined, paidInTime: undefined })
    // Told of 2, then of 1.5; a notice never served told nothing; nobody spoke, so nothing is capped.
    const silent = former('2025-05-06', ...told('2'), ...told('1.5'), ['notice_issued', { multiplier: '1' }])
    expect(left(silent)).toMatchObject({ countsFrom: '2025-05-06', ceiling: undefined })
    const spoken = former('2025-06-06', ...told('3'), ['defence_received', {}])
    expect(left(silent, spoken)).toMatchObject({ countsFrom: '2025-05-06', ceiling: '1.5' })
    const other = { ...spoken, periods: [{ accountId: '2' as AccountId, feeMonth: feeMonth('2025-03') }] }
    expect(left(other).countsFrom).toBeUndefined()
  })

  it('bears a case again within the 90 days of the first filing, or of an outcome that ordered it', () => {
    const again = (on: string, ...cases: FormerCase[]) =>
      filingObstacle(order(bill()), served, undefined, cases, day(on))?.code
    const revoked = former('2025-05-06', ['closed', { ground: 'revoked', paidInTime: false }])
    expect([again('2025-08-04', revoked), again('2025-08-05', revoked)]).toEqual([undefined, 'decision_days_over'])
    const outcome = (anew?: boolean) =>
      former('2025-05-06', ['review_decided', { outcome: 'annulled', servedOn: '2025-09-01', anew }])
    expect(again('2025-09-02', outcome())).toBe('decision_days_over')
    expect([again('2025-11-30', outcome(true)), again('2025-12-01', outcome(true))]).toEqual([
      undefined,
      'decision_days_over',
    ])
    expect(again('2025-05-07', former('2025-05-06', ['closed', { paidInTime: true }]))).toBe('paid_in_time')
  })
})
