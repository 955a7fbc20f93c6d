import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { allocateByHand } from '../../src/payments/allocate-by-hand.ts'
import { type EnteredPayment, recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { verifyPayments } from '../../src/payments/verify-payments.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

onEveryDatabase('Payments under faults', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-01-20')
    for (const account of ['1001', '1002']) await town.enrol(account, { openedOn: '2026-02-01' })
    for (const [month, today, start, end, on] of [
      ['2026-02', '2026-03-03', '0', '100', '2026-02-28'],
      ['2026-03', '2026-04-03', '100', '200', '2026-03-31'],
    ] as const) {
      town.on(today)
      await town.read(
        month,
        ['1001', '1002'].map((account) => ({ account, start, end, on })),
      )
      await town.bill(month)
    }
  })
  afterAll(() => town.leave())
  const holds = async () => expect((await verifyPayments(town.services)).faults).toEqual([])
  const pay = (reference: string, amount: string, more: Partial<EnteredPayment> & { commandId?: string } = {}) => {
    const { commandId, ...input } = more
    const paidOn = civilDate('2026-04-02')
    const entered = { collectorCode: 'water', reference, accountNo: '1001', paidOn, amount, ...input }
    return recordPayment(town.services, by('clerk', commandId === undefined ? {} : { commandId }), entered)
  }
  const count = async (table: string) =>
    (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(town.services.db)).rows[0]?.n

  it('one payment fifty times at once: one effect, fifty equal answers', async () => {
    const same = await Promise.all(Array.from({ length: 50 }, () => pay('F1', '100.00', { commandId: 'fifty-times' })))
    expect(
      new Set(same.map((outcome) => JSON.stringify(isRefusal(outcome) ? outcome.code : outcome.answer))).size,
    ).toBe(1)
    // As commands of their own they know the payment by its reference.
    const others = await Promise.all(Array.from({ length: 50 }, () => pay('F2', '30.00')))
    expect(new Set(others.map((outcome) => (isRefusal(outcome) ? outcome.code : outcome.answer.paymentId))).size).toBe(
      1,
    )
    // And of payers whose items are not the same, one comes first and the other is refused.
    const unlike = await Promise.all([pay('F5', '1.00'), pay('F5', '1.00', { accountNo: '1002' })])
    expect(unlike.filter(isRefusal).map(({ code }) => code)).toEqual(['payment_reference_taken'])
    await done(reversePayment(town.services, by('clerk'), { paymentId: '3', reason: '试验' }))
    expect(await count('payments')).toBe(3)
    await holds()
  })

  it('a credit that is paid back and taken back at once: one wins', async () => {
    await done(pay('F3', '200.00', { accountNo: '1002' }))
    await done(pay('F4', '90.00', { accountNo: '1002' }))
    const { rows } = await sql<{ id: string }>`select payment_id::text as id from credits`.execute(town.services.db)
    expect(rows).toEqual([{ id: '5' }])
    // 10.00 are unused; a new bill is not there, so the credit is taken by two refunds at once, and by a reversal.
    const propose = (person: string) =>
      proposeRefund(town.services, by(person), {
        paymentId: '5',
        amount: '8.00',
        refundedBy: 'collector',
        evidence: '申请',
      })
    const proposals = await Promise.all([propose('clerk'), propose('both')])
    const [first] = proposals.flatMap((outcome) => (isRefusal(outcome) ? [] : [outcome.answer.proposalId]))
    const outcomes = await Promise.all([
      decideRefund(town.services, by('approver'), { proposalId: first ?? '', outcome: 'approved', reason: '' }),
      reversePayment(town.services, by('clerk'), { paymentId: '5', reason: '退票' }),
    ])
    expect(outcomes.filter(isRefusal)).toHaveLength(1)
    await holds()
  })

  it('two clerks allocate one credit at once: one wins', async () => {
    town.on('2026-04-20')
    await town.correct('2026-000001', 'cancel', 'duplicate')
    const { rows } = await sql<{ id: string }>`
      select payment_id::text as id from credits where account_id = (select id from accounts where account_no = '1001') order by payment_id`.execute(
      town.services.db,
    )
    const paymentId = rows[0]?.id ?? ''
    const allocate = (person: string) =>
      allocateByHand(town.services, by(person), { paymentId, bill: '2026-000003', amount: '60.00' })
    const outcomes = await Promise.all([allocate('clerk'), allocate('both')])
    expect(outcomes.filter(isRefusal).map(({ code }) => code)).toEqual(['credit_too_small'])
    await holds()
  })

  it('many payments of the same payer at once never deadlock nor pay a bill twice', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        pay(`G${index}`, '15.00', {
          accountNo: index % 2 === 0 ? '1001' : '1002',
          bills: index % 3 === 0 ? [] : undefined,
        }),
      ),
    )
    expect(outcomes.filter(isRefusal)).toEqual([])
    await holds()
  })
})
