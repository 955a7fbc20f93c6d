import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { viewFile } from '../../src/enforcement/enforcement.queries.ts'
import type { StepName } from '../../src/enforcement/steps.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { CaseWork, type Taken } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'

onEveryDatabase('A case filed again on a period', (connection) => {
  let work: CaseWork
  const step = (number: string, name: StepName, more: Taken = {}) => refusedWith(work.try('case', number, name, more))
  const report = (order: string) => refusedWith(work.report(order))
  const clocks = async (log: 'order' | 'case', number: string, today: string) =>
    ((await viewFile(connection().db, log, number, civilDate(today)))?.clocks ?? []).map(
      ({ what, until }) => `${what} ${until}`,
    )
  const revoke = (number: string) =>
    work.take('case', number, 'closed', { fields: { ground: 'revoked', reason: '重新处理' } })
  const heardOut = async (number: string, multiplier: string) => {
    await work.take('case', number, 'notice_issued', { fields: { multiplier } })
    await work.take('case', number, 'notice_served')
    await work.take('case', number, 'rights_waived')
    await work.take('case', number, 'legal_reviewed')
  }

  // Three parties with a bill of 14,000.00 for March 2025 each, under orders that end on 30 April.
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    for (const account of ['1', '2', '3']) await work.enrol(account)
    work.on('2025-04-02')
    await work.town.read(
      '2025-03',
      ['1', '2', '3'].map((account) => ({ account, start: '0', end: '10000', on: '2025-03-31' })),
    )
    await work.town.bill('2025-03')
    work.on('2025-04-15')
    for (const party of ['P1', 'P2', 'P3']) await work.take('order', await work.order(party), 'order_served')
    work.on('2025-05-06')
    for (const order of ['2025-0001', '2025-0002', '2025-0003']) await work.file(order)
  })
  afterAll(() => work.leave())

  it('never tells of more than before the party spoke', async () => {
    await work.take('case', '2025-0001', 'investigated')
    await work.take('case', '2025-0001', 'notice_issued', { fields: { multiplier: '1' } })
    await work.take('case', '2025-0001', 'notice_served')
    await work.take('case', '2025-0001', 'defence_received')
    work.on('2025-05-21')
    await revoke('2025-0001')
    expect(await clocks('order', '2025-0001', '2025-05-21')).toContain('file_case 2025-08-04')
    expect(await work.file('2025-0001')).toBe('2025-0004')
    await work.take('case', '2025-0004', 'investigated')
    expect(await step('2025-0004', 'notice_issued', { fields: { multiplier: '1.01' } })).toBe('multiplier_raised')
    expect(await clocks('case', '2025-0004', '2025-05-21')).toEqual(['give_notice 2025-08-04'])
  })

  it('keeps the 90 days of the first filing', async () => {
    await heardOut('2025-0004', '1')
    work.on('2025-08-05')
    expect(await step('2025-0004', 'decided', { fields: { multiplier: '1' } })).toBe('decision_too_late')
    await revoke('2025-0004')
    expect(await report('2025-0001')).toBe('refiled_too_late')
    expect((await clocks('order', '2025-0001', '2025-08-05')).filter((each) => each.startsWith('file_case'))).toEqual(
      [],
    )
  })
  it('counts from the outcome that ordered a new decision, and from no other', async () => {
    work.on('2025-05-21')
    await work.take('case', '2025-0002', 'investigated')
    await heardOut('2025-0002', '1')
    await work.take('case', '2025-0002', 'decided', { fields: { multiplier: '1' } })
    await work.take('case', '2025-0002', 'decision_served')
    await work.take('case', '2025-0002', 'review_filed')
    work.on('2025-09-02')
    const outcome = { servedOn: '2025-09-01', anew: 'true' }
    expect(await step('2025-0002', 'review_decided', { fields: { ...outcome, outcome: 'upheld' } })).toBe(
      'anew_without_annulment',
    )
    await work.take('case', '2025-0002', 'review_decided', { fields: { ...outcome, outcome: 'annulled' } })
    expect(await work.file('2025-0002')).toBe('2025-0005')
    expect(await clocks('case', '2025-0005', '2025-09-02')).toEqual(['investigate 2025-11-30'])
  })

  it('is never filed where the term was kept after all, not even under a new order', async () => {
    work.on('2025-05-21')
    await work.pay('3', '14000.00', '2025-04-30', 'P-3')
    expect((await revoke('2025-0003')).particulars).toMatchObject({ paidInTime: true })
    const { rows } = await sql<{ id: string }>`select id from payments where reference = 'P-3'`.execute(connection().db)
    const reversal = { paymentId: rows[0]?.id ?? '', reversedOn: civilDate('2025-05-21'), reason: '银行退票' }
    await done(reversePayment(work.town.services, by('clerk'), reversal))
    const again = await work.order('P3')
    await work.take('order', again, 'order_served')
    work.on('2025-06-10')
    expect(await report(again)).toBe('period_paid_in_time')
    expect((await clocks('order', again, '2025-06-10')).filter((each) => each.startsWith('file_case'))).toEqual([])
  })
})
