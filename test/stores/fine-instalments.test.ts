import { afterAll, beforeAll, expect, it } from 'vitest'
import { workOn } from '../../src/enforcement/enforcement.queries.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { CaseWork } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'

onEveryDatabase('A fine to be paid by instalments', (connection) => {
  let work: CaseWork
  let number = ''
  /** What is waited for on a day: the last day to pay with what is to be paid by then, and the addition so far. */
  const waited = async (day: string) =>
    (await workOn(connection().db, civilDate(day)))
      .filter(({ log, what }) => log === 'case' && (what === 'pay_fine' || what === 'addition_runs'))
      .map(({ what, until, about }) => [what, until, about])
  const pay = (amount: string, reference: string) =>
    work.take('case', number, 'fine_paid', { fields: { amount, reference } })

  // A bill of 1,400.00 of March 2025, fined at 2×: 2,800.00, served on 3 June.
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    await work.enrol('1')
    work.on('2025-04-02')
    await work.town.read('2025-03', [{ account: '1', start: '0', end: '1000', on: '2025-03-31' }])
    await work.town.bill('2025-03')
    work.on('2025-04-15')
    const order = await work.order('P1')
    await work.take('order', order, 'order_served')
    work.on('2025-05-06')
    number = await work.file(order)
    for (const name of ['investigated', 'notice_issued', 'notice_served', 'rights_waived', 'legal_reviewed'] as const)
      await work.take('case', number, name)
    await work.take('case', number, 'decided')
    work.on('2025-06-03')
    await work.take('case', number, 'decision_served')
  })
  afterAll(() => work.leave())

  it('is waited for as a whole before it is deferred', async () => {
    expect(await waited('2025-06-03')).toEqual([['pay_fine', '2025-06-18', '2800.00']])
  })

  it('has a last day for each instalment, with what is unpaid by then', async () => {
    await work.take('case', number, 'deferred', { fields: { instalments: '2025-07-18=800.00,2025-08-18=2000.00' } })
    expect(await waited('2025-06-03')).toEqual([['pay_fine', '2025-07-18', '800.00']])
    await pay('300.00', 'I-1')
    expect(await waited('2025-07-18')).toEqual([['pay_fine', '2025-07-18', '500.00']])
    await work.take('case', number, 'fine_payment_reversed', { fields: { reference: 'I-1' } })
    await pay('800.00', 'I-2')
    expect(await waited('2025-07-18')).toEqual([['pay_fine', '2025-08-18', '2000.00']])
    await work.take('case', number, 'fine_payment_reversed', { fields: { reference: 'I-2' } })
    await pay('300.00', 'I-3')
  })

  it('shows the addition that runs on a missed one beside the next, and that it stops during a review', async () => {
    // 500.00 missed on 18 July: 15.00 a day.
    expect(await waited('2025-07-21')).toEqual([
      ['addition_runs', null, '45.00'],
      ['pay_fine', '2025-08-18', '2500.00'],
    ])
    expect(await waited('2025-08-19')).toEqual([['addition_runs', null, '540.00']])
    work.on('2025-07-21')
    await work.take('case', number, 'review_filed')
    expect(await waited('2025-07-22')).toEqual([['pay_fine', '2025-08-18', '2500.00']])
  })
  it('is demanded and taken to court by papers that say what was paid and contested', async () => {
    work.on('2025-08-20')
    await work.take('case', number, 'review_decided', { fields: { servedOn: '2025-08-20' } })
    const demand = await work.take('case', number, 'demand_issued')
    expect(await work.printed(demand.paper ?? '')).toContain(
      '履行期限至2025年8月18日届满，你单位（个人）只缴纳罚款300.00元，其余至今未缴纳。',
    )
    await work.take('case', number, 'demand_served')
    work.on('2025-09-05')
    const court = await work.take('case', number, 'court_applied')
    expect(await work.printed(court.paper ?? '')).toContain(
      '被申请人只缴纳罚款300.00元，其余至今未缴纳。被申请人申请行政复议，复议决定于2025年8月20日送达（维持或驳回）。申请人的催告书于2025年8月20日送达，十个工作日届满后被申请人仍未缴清。',
    )
  })
})
