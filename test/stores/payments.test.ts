import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { allocateByHand } from '../../src/payments/allocate-by-hand.ts'
import { ageing, listCredits, listOutstanding, listOverdue, listPayments } from '../../src/payments/payment.queries.ts'
import { type EnteredPayment, recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { rebuildOpenItems, verifyPayments } from '../../src/payments/verify-payments.ts'
import { apiOver } from '../support/api.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

/** Accounts 1001, 1002 (100 m³ × 1.40 = 140.00 a month) with bills of February and March 2026. */
async function townWithBills(connection: Parameters<typeof SmallTown.found>[0]): Promise<SmallTown> {
  const town = await SmallTown.found(connection, '2026-01-20')
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
  return town
}

const pays = (town: SmallTown, reference: string, amount: string, more: Partial<EnteredPayment> = {}) =>
  recordPayment(town.services, by('clerk'), {
    collectorCode: 'water',
    reference,
    accountNo: '1001',
    paidOn: civilDate('2026-04-05'),
    amount,
    ...more,
  })
const outstanding = async (town: SmallTown) =>
  Object.fromEntries(
    (await listOutstanding(town.services.db, { limit: 100 })).map((item) => [item.bill, moneyText(item.outstanding)]),
  )
const balances = async (town: SmallTown) =>
  Object.fromEntries(
    (await trialBalance(town.services.db)).accounts.map((each) => [each.accountCode, moneyText(each.balance)]),
  )
const credits = async (town: SmallTown) =>
  (await listCredits(town.services.db, { limit: 100 })).map((credit) => [credit.reference, moneyText(credit.remaining)])

onEveryDatabase('Payments', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await townWithBills(connection())
    town.on('2026-04-06')
  })
  afterAll(() => town.leave())
  const holds = async () => expect((await verifyPayments(town.services)).faults).toEqual([])

  it('pay the oldest bill of the account first, and the rest of the next', async () => {
    expect(await outstanding(town)).toEqual({
      '2026-000001': '140.00',
      '2026-000002': '140.00',
      '2026-000003': '140.00',
      '2026-000004': '140.00',
    })
    const answer = await done(pays(town, 'R1', '200.00'))
    expect(answer).toEqual({
      paymentId: '1',
      reference: 'R1',
      amount: '200.00',
      allocated: [
        { bill: '2026-000001', amount: '140.00' },
        { bill: '2026-000003', amount: '60.00' },
      ],
      credit: '0.00',
      unchanged: false,
    })
    expect(await outstanding(town)).toMatchObject({ '2026-000003': '80.00', '2026-000002': '140.00' })
    expect(await balances(town)).toMatchObject({
      fees_receivable: '360.00',
      collector_held: '200.00',
      unallocated_receipts: '0.00',
      fees_due_to_treasury: '-560.00',
    })
    await holds()
  })

  it('under a known reference change nothing, or are refused by name', async () => {
    for (const reference of ['R1', 'Ｒ１', ' R1\u200B'])
      expect(await done(pays(town, reference, '200.00'))).toMatchObject({ paymentId: '1', unchanged: true })
    expect(await refusedWith(pays(town, 'R1', '200.01'))).toBe('payment_reference_taken')
    expect(await refusedWith(pays(town, 'R1', '200.00', { accountNo: '1002' }))).toBe('payment_reference_taken')
    expect(await refusedWith(pays(town, 'R1', '200.00', { method: '现金' }))).toBe('payment_reference_taken')
    expect(await refusedWith(pays(town, 'R1', '200.00', { bills: ['2026-000003'] }))).toBe('payment_reference_taken')
  })

  it('of a collector that nobody knows are no empty list but a refusal', async () => {
    const api = apiOver(() => town.services)
    for (const path of ['/payments', '/credits', '/outstanding', '/overdue', '/ageing', '/payments/imports']) {
      expect((await api.get(`${path}?collector=water`)).status).toBe(200)
      const { status, body } = await api.get(`${path}?collector=watr`)
      expect([path, status, body.code]).toEqual([path, 404, 'payment_collector_unknown'])
    }
  })

  it('are refused without a reference, a payer, an amount, or before their day', async () => {
    expect(await refusedWith(pays(town, ' ', '1.00'))).toBe('payment_reference_missing')
    expect(await refusedWith(pays(town, 'R\n9', '1.00'))).toBe('payment_reference_unprintable')
    for (const amount of ['0.00', '-1.00', '1.001', 'x', '100000000000000.00', '99999999999999999999.00'])
      expect(await refusedWith(pays(town, 'R9', amount))).toBe('payment_amount_malformed')
    expect(await refusedWith(pays(town, 'R9', '1.00', { paidOn: civilDate('2026-04-07') }))).toBe('paid_in_future')
    expect(await refusedWith(pays(town, 'R9', '1.00', { paidOn: civilDate('2026-01-31') }))).toBe(
      'payment_account_without_payer',
    )
    expect(await refusedWith(pays(town, 'R9', '1.00', { collectorCode: 'nobody' }))).toBe('payment_collector_unknown')
    expect(await refusedWith(pays(town, 'R9', '1.00', { bills: ['2026-000002'] }))).toBe('item_of_other_payer')
    expect(await refusedWith(pays(town, 'R9', '1.00', { bills: ['2026-999999'] }))).toBe('item_unknown')
  })

  it('pay what is named before what is older, and leave the rest as credit', async () => {
    const named = { accountNo: '1002', bills: ['2026-000004'], method: ' 柜 台　' }
    const answer = await done(pays(town, 'R2', '300.00', named))
    for (const more of [named, { ...named, bills: undefined }, { accountNo: '1002' }])
      expect(await done(pays(town, 'R2', '300.00', more))).toEqual({ ...answer, unchanged: true })
    for (const more of [{ bills: ['2026-000002'] }, { bills: ['2026-000004', '2026-000002'] }, { method: '代扣' }])
      expect(await refusedWith(pays(town, 'R2', '300.00', { ...named, ...more }))).toBe('payment_reference_taken')
    expect(answer.allocated).toEqual([
      { bill: '2026-000004', amount: '140.00' },
      { bill: '2026-000002', amount: '140.00' },
    ])
    expect(answer.credit).toBe('20.00')
    expect(await balances(town)).toMatchObject({ collector_held: '500.00', unallocated_receipts: '-20.00' })
    await holds()
  })

  it('a payment to the treasury is apart, by the bureau alone', async () => {
    const treasury = { collectorCode: undefined, accountNo: undefined, dischargerCode: 'P1001' }
    expect(await refusedWith(pays(town, 'T1', '50.00', { collectorCode: undefined, accountNo: undefined }))).toBe(
      'payer_unnamed',
    )
    const answer = await done(pays(town, 'T1', '50.00', treasury))
    expect(answer.allocated).toEqual([{ bill: '2026-000003', amount: '50.00' }])
    expect(await balances(town)).toMatchObject({ treasury_received: '50.00', fees_receivable: '30.00' })
    await holds()
  })

  it('a reversal opens again what was paid, from its day', async () => {
    const reverse = (paymentId: string, reason = '退票', reversedOn = '2026-04-06') =>
      reversePayment(town.services, by('clerk'), { paymentId, reason, reversedOn: civilDate(reversedOn) })
    expect(await refusedWith(reverse('1', ' '))).toBe('payment_needs_reason')
    expect(await refusedWith(reverse('1', '退票', '2026-04-04'))).toBe('reversal_day_malformed')
    expect(await refusedWith(reverse('77'))).toBe('payment_unknown')
    expect(await done(reverse('1'))).toEqual({ paymentId: '1', amount: '200.00', openAgain: '200.00' })
    expect(await refusedWith(reverse('1'))).toBe('payment_reversed_before')
    for (const amount of ['200.00', '180.00'])
      expect(await pays(town, 'R1', amount)).toMatchObject({
        code: 'payment_reference_reversed',
        parameters: { reference: 'R1', payment: '1', reversedOn: '2026-04-06' },
      })
    expect(await outstanding(town)).toEqual({ '2026-000001': '140.00', '2026-000003': '90.00' })
    expect(await balances(town)).toMatchObject({ collector_held: '300.00', fees_receivable: '230.00' })
    await holds()
  })

  it('overdue counts a payment on its day and a reversed one until the day before', async () => {
    const overdue = async (day: string) =>
      (await listOverdue(town.services.db, civilDate(day), { limit: 10 })).map((line) => [
        line.bill,
        moneyText(line.outstanding),
        line.days,
      ])
    // Due on 10 March; 1002 paid on 5 April; 1001 was paid on 5 April and reversed on the 6th.
    expect(await overdue('2026-03-10')).toEqual([])
    expect(await overdue('2026-03-11')).toEqual([
      ['2026-000001', '140.00', 1],
      ['2026-000002', '140.00', 1],
    ])
    expect(await overdue('2026-04-05')).toEqual([])
    expect(await overdue('2026-04-06')).toEqual([['2026-000001', '140.00', 27]])
    const classes = await ageing(town.services.db, civilDate('2026-04-20'))
    expect(
      classes.filter(({ bills }) => bills > 0).map((each) => [each.bucket, each.bills, moneyText(each.amount)]),
    ).toEqual([
      ['1-30', 1, '90.00'],
      ['31-60', 1, '140.00'],
    ])
  })

  it('a refund takes what is unused, by two persons', async () => {
    const propose = (amount: string, person = 'clerk') =>
      proposeRefund(town.services, by(person), {
        paymentId: '2',
        amount,
        refundedBy: 'collector',
        evidence: '退款申请 1 号',
      })
    expect(await refusedWith(propose('20.01'))).toBe('credit_too_small')
    const { proposalId } = await done(propose('15.00', 'both'))
    expect(await refusedWith(propose('1.00'))).toBe('refund_pending')
    const decide = (person: string) =>
      decideRefund(town.services, by(person), { proposalId, outcome: 'approved', reason: '' })
    expect(await refusedWith(decide('both'))).toBe('proposal_own_work')
    expect(await done(decide('approver'))).toMatchObject({ amount: '15.00' })
    expect(await credits(town)).toEqual([['R2', '5.00']])
    expect(await balances(town)).toMatchObject({ collector_held: '285.00', unallocated_receipts: '-5.00' })
    expect(await refusedWith(reversePayment(town.services, by('clerk'), { paymentId: '2', reason: '退票' }))).toBe(
      'payment_has_refund',
    )
    await holds()
  })

  it('what a payment pays can be moved to another bill', async () => {
    const move = (more: object) =>
      allocateByHand(town.services, by('clerk'), {
        paymentId: '3',
        bill: '2026-000001',
        fromBill: '2026-000003',
        ...more,
      })
    expect(await refusedWith(move({ amount: '50.01' }))).toBe('allocation_too_small')
    expect((await done(move({ amount: '20.00' }))).allocated).toEqual([
      { bill: '2026-000003', amount: '30.00' },
      { bill: '2026-000001', amount: '20.00' },
    ])
    const withoutCredit = await allocateByHand(town.services, by('clerk'), { paymentId: '3', bill: '2026-000001' })
    expect(isRefusal(withoutCredit) && withoutCredit.sentence('en')).toContain(
      'Only 0.00 yuan of payment 3 are unused, less than 120.00.',
    )
    expect(await refusedWith(allocateByHand(town.services, by('clerk'), { paymentId: '2', bill: '2026-000003' }))).toBe(
      'item_of_other_payer',
    )
    await holds()
  })

  it('a cancelled bill gives back what was paid, and the next bill takes the credit', async () => {
    town.on('2026-04-20')
    await town.correct('2026-000004', 'cancel', 'duplicate')
    expect(await credits(town)).toEqual([['R2', '145.00']])
    await holds()
    await town.read('2026-03', [{ account: '1002', start: '100', end: '250', on: '2026-03-31' }])
    await town.correct('2026-000004', 'rebill')
    expect(await credits(town)).toEqual([])
    const items = await listOutstanding(town.services.db, { accountId: await town.idOf('1002'), limit: 10 })
    expect(items.map((item) => [moneyText(item.payable), moneyText(item.outstanding)])).toEqual([['210.00', '65.00']])
    await holds()
  })

  it('an adjustment downwards gives back what is too much', async () => {
    await done(pays(town, 'R3', '65.00', { accountNo: '1002' }))
    await town.read('2026-03', [{ account: '1002', start: '100', end: '150', on: '2026-03-31' }])
    await town.correct('2026-000006', 'adjust')
    expect(await credits(town)).toEqual([
      ['R2', '75.00'],
      ['R3', '65.00'],
    ])
    await holds()
  })

  it('everything derived can be made anew, and says the same', async () => {
    const before = [await outstanding(town), await credits(town)]
    await done(rebuildOpenItems(town.services, by('clerk')))
    expect([await outstanding(town), await credits(town)]).toEqual(before)
    await holds()
    const [newest] = await listPayments(town.services.db, { reference: 'R3', limit: 1 })
    expect(newest).toMatchObject({ accountNo: '1002', dischargerName: '示例用户P1002', reversedOn: null })
  })

  describe('by itself the database refuses', () => {
    const refused = (statement: string) =>
      sql
        .raw(statement)
        .execute(town.services.db)
        .then(
          () => 'done',
          (error: { constraint?: string; code?: string }) => error.constraint ?? error.code,
        )
    it('more paid than a bill asks for, credit below zero, a second reversal, a known reference', async () => {
      expect(await refused('update open_items set outstanding = -0.01')).toBe('outstanding_within_payable')
      expect(await refused('update open_items set outstanding = payable + 0.01')).toBe('outstanding_within_payable')
      expect(await refused('update credits set remaining = 0')).toBe('credits_remaining_check')
      expect(
        await refused(
          `insert into payment_reversals (payment_id, reversed_on, recorded_on, reason, command_id)
           select payment_id, reversed_on, recorded_on, reason, command_id from payment_reversals`,
        ),
      ).toBe('payment_reversals_pkey')
      const copy = `insert into payments (channel, collector_id, reference, account_id, discharger_id, paid_on, recorded_on, amount, command_id)
        select channel, collector_id, reference, account_id, discharger_id, paid_on, recorded_on, amount, command_id from payments where reference =`
      expect(await refused(`${copy} 'R1'`)).toBe('payment_reference')
      expect(await refused(`${copy} 'T1'`)).toBe('payment_reference_at_treasury')
    })
  })
})
