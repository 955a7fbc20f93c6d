import { afterAll, beforeAll, expect, it } from 'vitest'
import { viewFile } from '../../src/enforcement/enforcement.queries.ts'
import type { StepName } from '../../src/enforcement/steps.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { CaseWork, type Taken } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { refusedWith } from '../support/office.ts'

onEveryDatabase('Fines that were decided', (connection) => {
  let work: CaseWork
  let [first, second] = ['', '']
  const step = (number: string, name: StepName, more: Taken = {}) => refusedWith(work.try('case', number, name, more))
  /** What a refusal names: its code and parameters. */
  const named = async (outcome: Promise<unknown>): Promise<unknown> => {
    const settled = await outcome
    return isRefusal(settled) ? { code: settled.code, ...settled.parameters } : settled
  }
  const pay = (number: string, amount: string, reference: string, on?: string) =>
    work.try('case', number, 'fine_paid', { ...(on && { on }), fields: { amount, reference } })
  const owed = async (number: string, day: string) => {
    const balance = (await viewFile(connection().db, 'case', number, civilDate(day)))?.balance
    return balance === undefined ? undefined : [moneyText(balance.addition.amount), moneyText(balance.outstanding)]
  }

  // Two parties with a bill of 1,400.00 each, due on 10 April 2025; fined 1,400.00, served on 30 May, to pay by 16 June.
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    for (const account of ['1', '2']) await work.enrol(account)
    work.on('2025-04-02')
    const readings = ['1', '2'].map((account) => ({ account, start: '0', end: '1000', on: '2025-03-31' }))
    await work.town.read('2025-03', readings)
    await work.town.bill('2025-03')
    const numbers: string[] = []
    for (const party of ['P1', 'P2']) {
      work.on('2025-04-15')
      const order = await work.order(party)
      await work.take('order', order, 'order_served')
      work.on('2025-05-06')
      const number = await work.file(order)
      await work.take('case', number, 'investigated')
      await work.take('case', number, 'notice_issued', { fields: { multiplier: '1' } })
      for (const name of ['notice_served', 'rights_waived', 'legal_reviewed'] as const)
        await work.take('case', number, name)
      await work.take('case', number, 'decided', { fields: { multiplier: '1' } })
      work.on('2025-05-30')
      await work.take('case', number, 'decision_served')
      numbers.push(number)
    }
    ;[first = '', second = ''] = numbers
  })
  afterAll(() => work.leave())

  it('take the number of a payment once: not in another case, and not after its reversal', async () => {
    await pay(first, '400.00', 'F-1')
    const known = { reference: 'F-1', number: first, paidOn: '2025-05-30' }
    expect(await named(pay(first, '1.00', 'F-1'))).toEqual({ code: 'fine_reference_taken', ...known })
    expect(await named(pay(second, '1.00', ' F-1 '))).toEqual({ code: 'fine_reference_taken', ...known })
    work.on('2025-06-03')
    await work.take('case', first, 'fine_payment_reversed', { fields: { reference: 'F-1' } })
    const reversed = { code: 'fine_reference_reversed', ...known, reversedOn: '2025-06-03' }
    expect(await named(pay(first, '400.00', 'F-1'))).toEqual(reversed)
    expect(await named(pay(second, '1.00', 'F-1'))).toEqual(reversed)
    expect(await owed(first, '2025-06-03')).toEqual(['0.00', '1400.00'])
  })

  it('give a number to one of two cases that record it at once', async () => {
    const outcomes = await Promise.all([first, second].map((number) => refusedWith(pay(number, '1.00', 'F-2'))))
    expect(outcomes.filter((outcome) => outcome === 'fine_reference_taken')).toHaveLength(1)
  })

  it('keep their order: it is not withdrawn beneath a fine that was paid and closed', async () => {
    const [, left = ''] = (await owed(first, '2025-06-03')) ?? []
    await pay(first, left, 'F-3')
    await work.take('case', first, 'closed')
    expect(await refusedWith(work.try('order', '2025-0001', 'order_withdrawn'))).toBe('order_has_case')
    expect(await step(first, 'fine_paid', { fields: { amount: '1.00', reference: 'F-4' } })).toBe('log_is_over')
  })
})
