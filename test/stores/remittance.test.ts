import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addCollectorContract } from '../../src/dischargers/add-collector-contract.ts'
import { endCollectorContract } from '../../src/dischargers/end-collector-contract.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { afterPayments } from '../../src/later-stages.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { claimFee, decideFee, payFee } from '../../src/remittance/claim-fee.ts'
import { decideStatement } from '../../src/remittance/decide-statement.ts'
import { decideVoucher, reverseReceipt } from '../../src/remittance/decide-voucher.ts'
import { drawReconciliation } from '../../src/remittance/draw-reconciliation.ts'
import { drawStatement } from '../../src/remittance/draw-statement.ts'
import { listFeeClaims } from '../../src/remittance/fee.queries.ts'
import { findStatement, linesOfStatement, listVouchers } from '../../src/remittance/statement.queries.ts'
import { submitVoucher } from '../../src/remittance/submit-voucher.ts'
import { verifyRemittance } from '../../src/remittance/verify-remittance.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { allHolds, FiscalTown } from '../support/fiscal-town.ts'
import { by, done, refusedWith } from '../support/office.ts'

onEveryDatabase('A remittance statement', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    for (const account of ['1001', '1002']) await fiscal.town.enrol(account)
    await done(fiscal.contract())
    fiscal.on('2026-02-10')
    await done(fiscal.pay('A1', '1000.00', '2026-01-15'))
    await done(fiscal.pay('A2', '500.00', '2026-02-10'))
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A3', '234.56', '2026-03-31', '1002'))
  })
  afterAll(() => fiscal.leave())

  it('is drawn once its period is over, for the period the contract says, by the company’s own staff', async () => {
    expect(await refusedWith(fiscal.draw('2026-Q1'))).toBe('period_not_over')
    fiscal.on('2026-04-02')
    expect(await refusedWith(fiscal.draw('2026-03'))).toBe('period_is_quarter')
    expect(await refusedWith(fiscal.draw('2026'))).toBe('period_malformed')
    expect(await refusedWith(fiscal.draw('2026-Q1', {}, 'outsider'))).toBe('collector_of_others')
    expect(
      await refusedWith(drawStatement(fiscal.services, by('clerk'), { collectorCode: 'x', period: '2026-Q1' })),
    ).toBe('remittance_collector_unknown')
  })

  it('that is short by the collection fee is refused, whatever the reason', async () => {
    // 1,734.56 × 2 % = 34.69
    for (const differenceReason of ['', '扣除手续费'])
      expect(await refusedWith(fiscal.draw('2026-Q1', { declared: '1699.87', differenceReason }))).toBe(
        'remittance_nets_fee',
      )
    expect(await refusedWith(fiscal.draw('2026-Q1', { declared: '1700.00' }))).toBe('declared_differs')
  })

  it('takes every fen paid in its period that was recorded when it was drawn', async () => {
    await done(fiscal.pay('B1', '77.00', '2026-04-01'))
    expect(await done(fiscal.draw('2026-Q1', { declared: '1734.56' }))).toEqual({
      statement: 'R2026-0001',
      collector: 'water',
      period: '2026-Q1',
      lines: 3,
      collected: '1734.56',
      late: '0.00',
      reversed: '0.00',
      refunded: '0.00',
      carried: '0.00',
      total: '1734.56',
      declared: '1734.56',
    })
    expect(await refusedWith(fiscal.draw('2026-Q1'))).toBe('period_taken')
    const found = await findStatement(fiscal.services.db, 'R2026-0001')
    if (isRefusal(found)) throw new Error('not found')
    const lines = await linesOfStatement(fiscal.services.db, found, { limit: 10 })
    expect(
      lines.map((line) => [line.kind, line.reference, line.accountNo, moneyText(line.amount), line.eventOn]),
    ).toEqual([
      ['payment', 'A1', '1001', '1000.00', '2026-01-15'],
      ['payment', 'A2', '1001', '500.00', '2026-02-10'],
      ['payment', 'A3', '1002', '234.56', '2026-03-31'],
    ])
    const [, second] = lines
    if (second === undefined) throw new Error('no second line')
    expect(
      (await linesOfStatement(fiscal.services.db, found, { after: second, limit: 10 })).map((l) => l.reference),
    ).toEqual(['A3'])
  })

  it('is drawn, reviewed and approved by three persons', async () => {
    expect(await refusedWith(fiscal.approve('R2026-0001'))).toBe('statement_state_wrong')
    expect(await refusedWith(fiscal.review('R2026-0009'))).toBe('statement_unknown')
    await done(fiscal.review('R2026-0001', 'both'))
    expect(await refusedWith(fiscal.review('R2026-0001'))).toBe('statement_state_wrong')
    expect(await refusedWith(fiscal.approve('R2026-0001', 'both'))).toBe('proposal_own_work')
  })

  it('returned, its lines are free, its number stays used, and what was recorded meanwhile comes in', async () => {
    expect(await refusedWith(fiscal.giveBack('R2026-0001', ' '))).toBe('remittance_needs_reason')
    await done(fiscal.giveBack('R2026-0001'))
    expect(await refusedWith(fiscal.voucher('R2026-0001', '1.00', 'X'))).toBe('statement_was_returned')
    await done(fiscal.pay('A4', '100.00', '2026-03-30'))
    const drawn = await done(fiscal.draw('2026-Q1'))
    expect([drawn.statement, drawn.lines, drawn.total]).toEqual(['R2026-0002', 4, '1834.56'])
    await done(fiscal.review('R2026-0002'))
    expect(await refusedWith(fiscal.approve('R2026-0002', 'clerk'))).toBe('role_missing')
    await done(fiscal.approve('R2026-0002'))
    expect(await refusedWith(fiscal.giveBack('R2026-0002'))).toBe('statement_state_wrong')
  })

  it('what is recorded after it was signed goes into the next, marked with its own period', async () => {
    fiscal.on('2026-04-20')
    await done(fiscal.pay('L1', '60.00', '2026-03-25'))
    expect(await fiscal.statement('R2026-0002')).toMatchObject({ total: '1834.56', balance: '1834.56' })
    expect(await fiscal.held()).toEqual({
      aged: [
        '2026-01-15 1000.00 95',
        '2026-02-10 500.00 69',
        '2026-03-25 60.00 26',
        '2026-03-30 100.00 21',
        '2026-03-31 234.56 20',
        '2026-04-01 77.00 19',
      ],
      surplus: '0.00',
      held: '1971.56',
    })
  })

  it('is remitted in parts with their reasons; netting is refused, a bank reference counts once', async () => {
    // 1,834.56 × 2 % = 36.69
    expect(await refusedWith(fiscal.voucher('R2026-0002', '1797.87', 'N1', { reason: '扣手续费' }))).toBe(
      'remittance_nets_fee',
    )
    expect(await refusedWith(fiscal.voucher('R2026-0002', '1000.00', 'V1'))).toBe('voucher_differs')
    expect(await refusedWith(fiscal.voucher('R2026-0002', '0.00', 'V1'))).toBe('remittance_amount_malformed')
    expect(await refusedWith(fiscal.voucher('R2026-0002', '1.00', ' '))).toBe('bank_reference_missing')
    expect(await refusedWith(fiscal.voucher('R2026-0002', '1.00', 'V1', { paidOn: '2026-04-21' }))).toBe(
      'voucher_in_future',
    )
    const nothing = {
      statement: 'R2026-0002',
      amount: '1000.00',
      paidOn: civilDate('2026-04-20'),
      bankReference: 'V1',
      path: fiscal.file('空.pdf', ''),
      differenceReason: '分两次划缴',
    }
    expect(await refusedWith(submitVoucher(fiscal.services, by('collector-1'), nothing))).toBe('evidence_empty')
    const first = await done(fiscal.voucher('R2026-0002', '1000.00', 'V1', { reason: '分两次划缴' }))
    expect(first).toMatchObject({ voucherId: '1', left: '834.56' })
    expect(await refusedWith(fiscal.voucher('R2026-0002', '834.56', 'V1'))).toBe('bank_reference_taken')
    expect((await listVouchers(fiscal.services.db, { limit: 5 })).map((each) => each.fileName)).toEqual([
      expect.stringContaining('回单.txt'),
    ])
  })

  it('finance confirms what arrived, never who submitted it; the books move then', async () => {
    expect(await refusedWith(fiscal.confirm('1', 'G1', {}, 'clerk'))).toBe('role_missing')
    expect(await refusedWith(fiscal.confirm('1', ' '))).toBe('treasury_reference_missing')
    expect(await refusedWith(fiscal.confirm('77', 'G1'))).toBe('voucher_unknown')
    expect(await refusedWith(fiscal.confirm('1', 'G1', { amount: '999.00' }))).toBe('receipt_differs')
    expect(await refusedWith(fiscal.confirm('1', 'G1', { receivedOn: civilDate('2026-04-19') }))).toBe(
      'received_day_malformed',
    )
    const before = await fiscal.balances()
    expect(before).toMatchObject({ collector_held: '1971.56' })
    expect(await done(fiscal.confirm('1', 'G1'))).toMatchObject({ received: '1000.00', balance: '834.56' })
    expect(await refusedWith(fiscal.confirm('1', 'G2'))).toBe('voucher_state_wrong')
    expect(await fiscal.balances()).toMatchObject({ collector_held: '971.56', treasury_received: '1000.00' })
    expect((await fiscal.held()).aged[0]).toBe('2026-02-10 500.00 69')
    expect(await fiscal.holds()).toEqual(allHolds)
    expect(await refusedWith(fiscal.giveBack('R2026-0002'))).toBe('statement_state_wrong')
  })

  it('a voucher that did not arrive is rejected and its reference is free again; a receipt is taken back by another person', async () => {
    const { voucherId } = await done(fiscal.voucher('R2026-0002', '834.56', 'V2'))
    const reject = (reason: string) =>
      decideVoucher(fiscal.services, by('treasurer'), { voucherId, outcome: 'rejected', reason })
    expect(await refusedWith(reject(' '))).toBe('remittance_needs_reason')
    await done(reject('未到账'))
    const again = await done(fiscal.voucher('R2026-0002', '834.56', 'V2'))
    expect(await refusedWith(fiscal.confirm(again.voucherId, 'G1'))).toBe('treasury_reference_taken')
    await done(fiscal.confirm(again.voucherId, 'G2'))
    expect(await fiscal.statement('R2026-0002')).toMatchObject({ balance: '0.00', received: '1834.56' })
    const takeBack = (person: string) =>
      reverseReceipt(fiscal.services, by(person), { voucherId: again.voucherId, reason: '退汇' })
    expect(await refusedWith(takeBack('treasurer'))).toBe('receipt_own_work')
    expect(await done(takeBack('treasurer-2'))).toMatchObject({ takenBack: '834.56', balance: '834.56' })
    expect(await fiscal.holds()).toEqual(allHolds)
    const third = await done(fiscal.voucher('R2026-0002', '834.56', 'V3'))
    await done(fiscal.confirm(third.voucherId, 'G2'))
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('the next one takes late arrivals, and a reversal after remittance makes it smaller', async () => {
    fiscal.on('2026-06-30')
    await done(fiscal.pay('B2', '40.00', '2026-06-30'))
    await done(reversePayment(fiscal.services, by('clerk'), { paymentId: '2', reason: '退票' }))
    fiscal.on('2026-07-03')
    const drawn = await done(fiscal.draw('2026-Q2'))
    // 77 + 40 of its own and 60 late, less the 500 that had been remitted.
    expect(drawn).toMatchObject({ collected: '177.00', late: '60.00', reversed: '500.00', total: '-323.00' })
    expect(await fiscal.held()).toEqual({ aged: [], surplus: '-323.00', held: '-323.00' })
    expect(await fiscal.holds()).toEqual(allHolds)
    await done(fiscal.review(drawn.statement))
    await done(fiscal.approve(drawn.statement))
    const found = await findStatement(fiscal.services.db, drawn.statement)
    if (isRefusal(found)) throw new Error('not found')
    const late = await linesOfStatement(fiscal.services.db, found, { lateOnly: true, limit: 10 })
    expect(late.map((line) => [line.reference, line.ownPeriod])).toEqual([['L1', '2026-Q1']])
    expect(await refusedWith(fiscal.giveBack('R2026-0002'))).toBe('statement_state_wrong')
  })

  it('a negative one carries forward, and so does what was remitted too much', async () => {
    fiscal.on('2026-09-30')
    await done(fiscal.pay('C1', '400.00', '2026-09-01'))
    fiscal.on('2026-10-02')
    const third = await fiscal.sign('2026-Q3')
    expect(third).toMatchObject({ collected: '400.00', carried: '-323.00', total: '77.00' })
    expect(await fiscal.statement('R2026-0003')).toMatchObject({ total: '-323.00', balance: '0.00' })
    expect((await fiscal.held()).aged).toEqual(['2026-09-01 77.00 31'])
    await fiscal.remit(third.statement, '80.00', 'V9', '多划 3 元')
    expect(await fiscal.statement(third.statement)).toMatchObject({ balance: '-3.00' })
    fiscal.on('2027-01-04')
    expect(await done(fiscal.draw('2026-Q4'))).toMatchObject({ collected: '0.00', carried: '-3.00', total: '-3.00' })
    expect(await fiscal.statement(third.statement)).toMatchObject({ balance: '0.00' })
    expect(await fiscal.holds()).toEqual(allHolds)
  })
})

onEveryDatabase('A refund of money that a collector took', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract())
    fiscal.on('2026-03-31')
    await done(fiscal.pay('F1', '100.00', '2026-01-15'))
    const direct = { reference: 'F2', accountNo: '1001', paidOn: civilDate('2026-01-15'), amount: '80.00' }
    await done(recordPayment(fiscal.services, by('clerk'), direct))
  })
  afterAll(() => fiscal.leave())
  const propose = (refundedBy: 'collector' | 'treasury', paymentId = '1') =>
    proposeRefund(
      fiscal.services,
      by('clerk'),
      { paymentId, amount: '10.00', refundedBy, evidence: '退款申请' },
      afterPayments.refundGuards,
    )
  const decide = (proposalId: string, outcome: 'approved' | 'returned') =>
    decideRefund(fiscal.services, by('approver'), { proposalId, outcome, reason: '核对' }, afterPayments.refundGuards)

  it('is the collector’s until a statement takes it, and nobody else’s', async () => {
    expect(await refusedWith(propose('treasury'))).toBe('refund_of_unremitted')
    await done(decide((await done(propose('collector'))).proposalId, 'returned'))
    await done(decide((await done(propose('treasury', '2'))).proposalId, 'approved'))
  })

  it('is the treasury’s once all of the statement was received, as long as the receipt stands', async () => {
    fiscal.on('2026-04-02')
    const waiting = await done(propose('collector'))
    const { statement } = await fiscal.sign('2026-Q1')
    expect(await refusedWith(decide(waiting.proposalId, 'approved'))).toBe('refund_of_remitted')
    await done(decide(waiting.proposalId, 'returned'))
    expect(await refusedWith(propose('treasury'))).toBe('refund_before_receipt')
    await fiscal.remit(statement, '60.00', 'FV1', '分两次划缴')
    expect(await refusedWith(propose('treasury'))).toBe('refund_before_receipt')
    await fiscal.remit(statement, '40.00', 'FV2')
    expect(await refusedWith(propose('collector'))).toBe('refund_of_remitted')
    expect(await done(decide((await done(propose('treasury'))).proposalId, 'approved'))).toMatchObject({
      amount: '10.00',
    })
  })
})

onEveryDatabase('The collection fee', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A1', '1234567.89', '2026-03-15'))
    fiscal.on('2026-04-02')
  })
  afterAll(() => fiscal.leave())
  const claim = (statement: string, person = 'collector-1') => claimFee(fiscal.services, by(person), { statement })
  const decide = (proposalId: string, person = 'approver', outcome: 'approved' | 'returned' = 'approved') =>
    decideFee(fiscal.services, by(person), { proposalId, outcome, reason: outcome === 'approved' ? '' : '附件不全' })
  const pay = (number: string, person = 'treasurer', reference = 'P-1') =>
    payFee(fiscal.services, by(person), { claim: number, reference })

  it('is refused without a contract, and before the statement is signed', async () => {
    const { statement } = await done(fiscal.draw('2026-Q1'))
    expect(await refusedWith(claim(statement))).toBe('fee_before_signing')
    await done(fiscal.review(statement))
    await done(fiscal.approve(statement))
    expect(await refusedWith(claim(statement))).toBe('fee_without_contract')
    await done(fiscal.contract({ feeCapAmount: '30000.00' }))
    expect(await refusedWith(claim(statement, 'outsider'))).toBe('collector_of_others')
  })

  it('of 1,234,567.89 collected at 2 % is 24,691.36, claimed, approved and paid by three persons, beside the gross money', async () => {
    const proposed = await done(claim('R2026-0001'))
    expect(proposed.amount).toBe('24691.36')
    expect(await refusedWith(claim('R2026-0001'))).toBe('fee_claim_pending')
    await done(decide(proposed.proposalId, 'approver', 'returned'))
    const again = await done(claim('R2026-0001'))
    const { claim: number } = await done(decide(again.proposalId))
    expect(number).toBe('F2026-0001')
    expect(await refusedWith(decide(again.proposalId, 'approver-2'))).toBe('proposal_decided')
    expect(await fiscal.balances()).toMatchObject({
      collection_fee_expense: '24691.36',
      collection_fee_payable: '-24691.36',
      collector_held: '1234567.89',
    })
    expect(await refusedWith(claim('R2026-0001'))).toBe('fee_nothing_to_claim')
    expect(await refusedWith(pay('F2026-0009'))).toBe('fee_claim_unknown')
    expect(await refusedWith(pay('F2026-0001', 'treasurer', ' '))).toBe('fee_reference_missing')
    expect(await done(pay('F2026-0001'))).toEqual({ claim: 'F2026-0001', amount: '24691.36', paidOn: '2026-04-02' })
    expect(await refusedWith(pay('F2026-0001'))).toBe('fee_paid_before')
    expect(await fiscal.balances()).toMatchObject({
      collection_fee_payable: '0.00',
      collection_fee_appropriation: '-24691.36',
    })
    await fiscal.remit('R2026-0001', '1234567.89', 'V1')
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('stops at the cap of the contract year, and a reversal reduces the next claim', async () => {
    fiscal.on('2026-06-30')
    await done(fiscal.pay('B1', '300000.00', '2026-05-01'))
    fiscal.on('2026-07-02')
    const second = await fiscal.sign('2026-Q2')
    // 1,534,567.89 × 2 % = 30,691.36, capped at 30,000.00: 5,308.64 are left.
    const proposed = await done(claim(second.statement))
    expect(proposed.amount).toBe('5308.64')
    await done(decide(proposed.proposalId))
    fiscal.on('2026-09-30')
    await done(fiscal.pay('C1', '10000.00', '2026-08-01'))
    await done(reversePayment(fiscal.services, by('clerk'), { paymentId: '2', reason: '退票' }))
    fiscal.on('2026-10-02')
    const third = await fiscal.sign('2026-Q3')
    expect(third.total).toBe('-290000.00')
    // 1,244,567.89 × 2 % = 24,891.36 of which 30,000.00 were claimed.
    expect(await refusedWith(claim(third.statement))).toBe('fee_nothing_to_claim')
    fiscal.on('2027-03-31')
    await done(fiscal.pay('D1', '400000.00', '2027-02-01'))
    fiscal.on('2027-04-02')
    const first = await fiscal.sign('2027-Q1')
    // 400,000.00 × 2 % = 8,000.00 of the second contract year, less 5,108.64 of the first.
    const next = await done(claim(first.statement))
    expect(next.amount).toBe('2891.36')
    await done(decide(next.proposalId))
    const [newest] = await listFeeClaims(fiscal.services.db, { limit: 1 })
    expect(
      newest?.lines.map((line) => [line.contractYear, moneyText(line.baseAmount), moneyText(line.amount)]),
    ).toEqual([
      [1, '1244567.89', '-5108.64'],
      [2, '400000.00', '8000.00'],
    ])
    expect(await fiscal.holds()).toEqual(allHolds)
  })
})

onEveryDatabase('Two at once', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A1', '100.00', '2026-03-15'))
    fiscal.on('2026-04-02')
  })
  afterAll(() => fiscal.leave())

  it('draw one statement, approve it once, confirm once', async () => {
    const drawn = await Promise.all([fiscal.draw('2026-Q1'), fiscal.draw('2026-Q1', {}, 'collector-2')])
    expect(drawn.filter(isRefusal).map(({ code }) => code)).toEqual(['period_taken'])
    await done(fiscal.review('R2026-0001'))
    const approved = await Promise.all([fiscal.approve('R2026-0001'), fiscal.approve('R2026-0001', 'approver-2')])
    expect(approved.filter(isRefusal).map(({ code }) => code)).toEqual(['statement_state_wrong'])
    const { voucherId } = await done(fiscal.voucher('R2026-0001', '100.00', 'V1'))
    const confirmed = await Promise.all([
      fiscal.confirm(voucherId, 'G1'),
      fiscal.confirm(voucherId, 'G1', {}, 'treasurer-2'),
    ])
    expect(confirmed.filter(isRefusal).map(({ code }) => code)).toEqual(['voucher_state_wrong'])
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('a repeat gives the first answer', async () => {
    fiscal.on('2026-07-02')
    const envelope = by('collector-1')
    const input = { collectorCode: 'water', period: '2026-Q2', empty: true }
    const first = await drawStatement(fiscal.services, envelope, input)
    const second = await drawStatement(fiscal.services, envelope, input)
    if (isRefusal(first) || isRefusal(second)) throw new Error('refused')
    expect(second).toEqual({ ...first, repeated: true })
    const asked = by('approver')
    await done(fiscal.review(first.answer.statement))
    const decision = { statement: first.answer.statement, outcome: 'approved' as const, reason: '' }
    const approved = await decideStatement(fiscal.services, asked, decision)
    expect(await decideStatement(fiscal.services, asked, decision)).toEqual({ ...(approved as object), repeated: true })
  })
})

onEveryDatabase('The database itself', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A1', '100.00', '2026-03-15'))
    fiscal.on('2026-04-02')
    await fiscal.sign('2026-Q1')
    await done(fiscal.pay('A2', '50.00', '2026-03-16'))
  })
  afterAll(() => fiscal.leave())
  const refused = async (statement: string) => {
    try {
      await connection()
        .db.transaction()
        .execute((trx) => sql.raw(statement).execute(trx))
      return 'done'
    } catch (error) {
      return (error as { code?: string }).code
    }
  }

  it('refuses what the commands refuse', async () => {
    const join = (line: string) =>
      `insert into remittance_lines (statement_id, kind, source_id, payment_id, amount, event_on, recorded_on) values ${line}`
    expect(await refused(join(`(1, 'payment', 2, 2, 50.00, '2026-03-16', '2026-04-02')`))).toBe('QL021')
    const header = (total: string, lines = 1) => `
      insert into remittance_statements (number_year, number, collector_id, period_kind, period_from, period_until, payment_mark,
        line_count, collected_amount, late_amount, reversed_amount, refunded_amount, carried_amount, total_amount, declared_amount,
        drawn_on, drawn_by, command_id, recorded_at)
      select 2026, 99, 1, 'quarter', '2026-04-01', '2026-07-01', 99, ${lines}, ${total}, ${total}, 0, 0, 0, ${total}, ${total},
        '2026-07-02', id, (select command_id from commands limit 1), now() from staff where code = 'clerk';`
    const newest = '(select max(id) from remittance_statements)'
    const line = (source: number, amount: string, day: string) =>
      `${header(amount)} ${join(`(${newest}, 'payment', ${source}, ${source}, ${amount}, '${day}', '2026-04-02')`)}`
    expect(await refused(line(1, '100.00', '2026-03-15'))).toBe('QL023')
    expect(await refused(line(2, '49.00', '2026-03-16'))).toBe('QL022')
    expect(await refused(line(2, '50.00', '2026-03-17'))).toBe('QL022')
    expect(await refused(header('50.00'))).toBe('QL024')
    expect(await refused(`update remittance_statements set total_amount = 1`)).toBe('QL001')
    expect(await refused(`delete from remittance_lines`)).toBe('QL001')
    expect(await refused(line(2, '50.00', '2026-03-16'))).toBe('done')
  })
})

onEveryDatabase('Money that was held at go-live', (connection) => {
  it('is the first to be remitted, aged from its day of payment, and earns no fee a second time', async () => {
    const fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract())
    const { collectorId } = { collectorId: await fiscal.collectorId() }
    // As the opening import stores it, with its entry in the books.
    await connection()
      .db.transaction()
      .execute((trx) =>
        sql
          .raw(`
        insert into opening_held_money (collector_id, paid_on, fee_month, amount, recorded_on, command_id)
          select ${collectorId}, '2025-11-15', '2025-10-01', 700.00, '2025-12-20', command_id from commands limit 1;
        insert into journal_entries (command_id, entry_on, memo, document_count, recorded_at)
          select command_id, '2025-12-20', '启用：待缴', 1, now() from commands limit 1;
        insert into postings (entry_id, line_no, account_code, fee_month, amount)
          select max(id), 1, 'collector_held', null::date, 700.00 from journal_entries
          union all select max(id), 2, 'fees_due_to_treasury', '2025-10-01', -700.00 from journal_entries`)
          .execute(trx),
      )
    fiscal.on('2026-02-01')
    await done(fiscal.pay('A1', '300.00', '2026-02-01'))
    expect((await fiscal.held()).aged).toEqual(['2025-11-15 700.00 78', '2026-02-01 300.00 0'])
    fiscal.on('2026-04-02')
    const drawn = await fiscal.sign('2026-Q1')
    expect(drawn).toMatchObject({ collected: '1000.00', late: '700.00', total: '1000.00', lines: 2 })
    await fiscal.remit(drawn.statement, '800.00', 'V1', '分两次划缴')
    expect((await fiscal.held()).aged).toEqual(['2026-02-01 200.00 60'])
    expect((await done(claimFee(fiscal.services, by('collector-1'), { statement: drawn.statement }))).amount).toBe(
      '6.00',
    )
    expect(await fiscal.holds()).toEqual(allHolds)
    fiscal.leave()
  })
})

onEveryDatabase('A contract that changes', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
  })
  afterAll(() => fiscal.leave())
  const end = (contractNo: string, until: string) =>
    endCollectorContract(fiscal.services, by('clerk'), { contractNo, until: civilDate(until) })
  const claim = (statement: string) => claimFee(fiscal.services, by('collector-1'), { statement })

  it('from months to quarters inside a quarter leaves nothing behind: the quarter follows its own months', async () => {
    await done(fiscal.contract({ contractNo: 'M', remittancePeriod: 'month', feeBase: 'collected' }))
    fiscal.on('2026-01-31')
    await done(fiscal.pay('J', '100.00', '2026-01-20'))
    fiscal.on('2026-02-03')
    expect(await fiscal.sign('2026-01')).toMatchObject({ total: '100.00' })
    await done(end('M', '2026-02-15'))
    const withoutFee = {
      contractNo: 'Q',
      collectorCode: 'water',
      document: '示例代征协议',
      remittancePeriod: 'quarter',
    } as const
    await done(addCollectorContract(fiscal.services, by('clerk'), { ...withoutFee, from: civilDate('2026-02-15') }))
    fiscal.on('2026-03-31')
    await done(fiscal.pay('F', '200.00', '2026-02-10'))
    await done(fiscal.pay('G', '50.00', '2026-03-10'))
    fiscal.on('2026-04-02')
    expect(await refusedWith(fiscal.draw('2026-02'))).toBe('period_is_quarter')
    expect(await fiscal.sign('2026-Q1')).toMatchObject({ total: '250.00', lines: 2 })
    expect(await refusedWith(fiscal.draw('2026-Q1'))).toBe('period_taken')
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('earns the fee of what it covered, though another without a fee is in force when it is claimed', async () => {
    // 2 % of what was collected before 15 February: 100.00 and 200.00.
    expect((await done(claim('R2026-0002'))).amount).toBe('6.00')
    expect((await verifyRemittance(fiscal.services)).faults).toEqual([])
  })
})

onEveryDatabase('A quarter after its own months', (connection) => {
  it('takes over what the first of them has too much', async () => {
    const fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract({ contractNo: 'M', remittancePeriod: 'month', until: civilDate('2026-02-01') }))
    await done(fiscal.contract({ contractNo: 'Q', remittancePeriod: 'quarter', from: civilDate('2026-02-01') }))
    fiscal.on('2026-01-31')
    await done(fiscal.pay('J', '100.00', '2026-01-20'))
    fiscal.on('2026-02-03')
    const { statement } = await fiscal.sign('2026-01')
    await fiscal.remit(statement, '130.00', 'V1', '多划 30 元')
    fiscal.on('2026-03-31')
    await done(fiscal.pay('F', '200.00', '2026-02-10'))
    fiscal.on('2026-04-02')
    expect(await done(fiscal.draw('2026-Q1'))).toMatchObject({ carried: '-30.00', total: '170.00', lines: 2 })
    expect(await fiscal.statement(statement)).toMatchObject({ balance: '0.00' })
    expect(await fiscal.holds()).toEqual(allHolds)
    fiscal.leave()
  })
})

onEveryDatabase('A fee on what is remitted', (connection) => {
  it('is earned under the contract of the statement, when the money moves after its end', async () => {
    const fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract({ contractNo: 'A', feeBase: 'remitted', until: civilDate('2026-04-01') }))
    await done(
      fiscal.contract({ contractNo: 'B', feeBase: 'remitted', feeRate: '0.05', from: civilDate('2026-04-01') }),
    )
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A1', '1000.00', '2026-03-15'))
    fiscal.on('2026-04-08')
    const { statement } = await fiscal.sign('2026-Q1')
    await fiscal.remit(statement, '1000.00', 'V1')
    const proposed = await done(claimFee(fiscal.services, by('collector-1'), { statement }))
    expect(proposed.amount).toBe('20.00')
    await done(decideFee(fiscal.services, by('approver'), { ...proposed, outcome: 'approved', reason: '' }))
    expect(await refusedWith(claimFee(fiscal.services, by('collector-1'), { statement }))).toBe('fee_nothing_to_claim')
    expect((await verifyRemittance(fiscal.services)).faults).toEqual([])
    await fiscal.leave()
  })
})

onEveryDatabase('What is tampered with behind the application', (connection) => {
  it('is found by the verification, with what is stored and what the facts say', async () => {
    const fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract())
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A1', '100.00', '2026-03-15'))
    await done(fiscal.pay('A2', '50.00', '2026-03-16'))
    fiscal.on('2026-04-02')
    const { statement } = await fiscal.sign('2026-Q1')
    await fiscal.remit(statement, '150.00', 'V1')
    const claimed = await done(claimFee(fiscal.services, by('collector-1'), { statement }))
    await done(decideFee(fiscal.services, by('approver'), { ...claimed, outcome: 'approved', reason: '' }))
    await done(drawReconciliation(fiscal.services, by('clerk'), { collectorCode: 'water', quarter: '2026-Q1' }))
    // What became known after the claim is no fault of it.
    fiscal.on('2026-07-01')
    await done(fiscal.pay('A3', '10.00', '2026-06-30'))
    await fiscal.sign('2026-Q2')
    const { db } = connection()
    /** What is found while a table is as somebody with all rights left it. */
    const found = async (table: string, change: string, back: string): Promise<string[]> => {
      const run = (statement: string) =>
        sql
          .raw(`alter table ${table} disable trigger all; ${statement}; alter table ${table} enable trigger all`)
          .execute(db)
      await run(change)
      const { faults } = await verifyRemittance(fiscal.services)
      await run(back)
      expect((await verifyRemittance(fiscal.services)).faults).toEqual([])
      return [...new Set(faults.map(({ what }) => what))].sort()
    }
    const lines = (amount: string) => `update remittance_lines set amount = ${amount} where source_id = 1`
    expect(await found('remittance_lines', lines('99.00'), lines('100.00'))).toContain('line')
    const gone = `delete from remittance_lines where source_id = 2`
    const again = `insert into remittance_lines values (1, 'payment', 2, 2, 50.00, '2026-03-16', '2026-03-31')`
    expect(await found('remittance_lines', gone, again)).toContain('left_out')
    const receipt = (amount: string) => `update remittance_voucher_outcomes set amount = ${amount}`
    expect(await found('remittance_voucher_outcomes', receipt('149.00'), receipt('150.00'))).toEqual([
      'control_account',
      'held',
    ])
    const base = (amount: string, fee: string) =>
      `update collection_fee_lines set base_amount = ${amount}, fee_amount = ${fee}, amount = ${fee}`
    expect(await found('collection_fee_lines', base('200.00', '4.00'), base('150.00', '3.00'))).toEqual(['fee'])
    // Raised in the line and in the claim alike: the facts of when it was claimed say another base.
    const raised = (base: string, fee: string) =>
      `update collection_fee_lines set base_amount = ${base}, fee_amount = ${fee}, amount = ${fee}; update collection_fee_claims set amount = ${fee}`
    await sql.raw('alter table collection_fee_claims disable trigger all').execute(db)
    expect(await found('collection_fee_lines', raised('200.00', '4.00'), raised('150.00', '3.00'))).toContain('fee')
    await sql.raw('alter table collection_fee_claims enable trigger all').execute(db)
    const content = (closing: string) =>
      `update reconciliations set content = jsonb_set(content, '{held,closing}', '"${closing}"')`
    expect(await found('reconciliations', content('0.00'), content('150.00'))).toEqual(['reconciliation'])
    fiscal.leave()
  })
})

describe('numbers of documents', () => {
  it('are of their kind', async () => {
    const { documentNumber, parseDocumentNumber } = await import('../../src/remittance/numbers.ts')
    expect(documentNumber('fee', 2026, 12)).toBe('F2026-0012')
    expect(parseDocumentNumber('fee', 'f2026-0012')).toEqual({ year: 2026, number: 12 })
    expect(parseDocumentNumber('statement', 'F2026-0012')).toBeUndefined()
  })
})
