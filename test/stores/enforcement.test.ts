import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listBills } from '../../src/bills/bill.queries.ts'
import { decideCorrection, proposeCorrection } from '../../src/bills/correct-bill.ts'
import { adoptGrid, proposeGrid } from '../../src/enforcement/adopt-grid.ts'
import { refuseUnderOrder } from '../../src/enforcement/correction-guard.ts'
import { issueOrder, returnOrder } from '../../src/enforcement/draft-order.ts'
import { viewFile, workOn } from '../../src/enforcement/enforcement.queries.ts'
import { fineTieOut } from '../../src/enforcement/fine-books.ts'
import { fileCase } from '../../src/enforcement/open-case.ts'
import { reviewEstimate } from '../../src/enforcement/review-estimate.ts'
import type { StepName } from '../../src/enforcement/steps.ts'
import { approveStep, proposeStep, recordStep } from '../../src/enforcement/take-step.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { type Money, moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { answerObjection, receiveObjection } from '../../src/payments/objections.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { CaseWork, type Taken } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'

/** Everything of the stage in one text: equal before and after means that nothing was changed. */
async function markOf(work: CaseWork): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws(' ', (select count(*) from orders_to_pay), (select count(*) from live_orders), (select count(*) from enforcement_steps),
      (select count(*) from fine_cases), (select count(*) from fined_periods), (select count(*) from fines), (select count(*) from fine_postings),
      (select count(*) from postings), (select count(*) from stored_files), (select count(*) from audit_events), (select count(*) from proposals),
      (select string_agg(kind || year || last_number, ',' order by kind, year) from number_sequences)) as mark`.execute(
    work.town.services.db,
  )
  return rows[0]?.mark ?? ''
}

const yuan = (amount: Money | undefined): string => (amount === undefined ? '—' : moneyText(amount))

/** The code of a refusal that changed nothing. */
async function refused(work: CaseWork, act: () => Promise<unknown>): Promise<unknown> {
  const before = await markOf(work)
  const code = await refusedWith(act())
  expect(await markOf(work)).toBe(before)
  return code
}

onEveryDatabase('Orders and cases', (connection) => {
  let work: CaseWork
  const step = (log: 'order' | 'case', number: string, name: StepName, more: Taken = {}) =>
    refused(work, () => work.try(log, number, name, more))

  // Five parties with a bill of 14,000.00 for March 2025 each, due on 10 April; the last one's rests on an estimate.
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    for (const account of ['1', '2', '3', '4', '5'])
      await work.enrol(account, account === '3' ? { kind: 'resident' } : {})
    work.on('2025-04-02')
    await work.town.read(
      '2025-03',
      ['1', '2', '3', '4', '5'].map((account) => ({
        account,
        start: '0',
        end: account === '3' ? '500' : '10000',
        on: '2025-03-31',
        ...(account === '5' ? { source: '估抄' as const } : {}),
      })),
    )
    await work.town.bill('2025-03')
    work.on('2025-04-11')
  })
  afterAll(() => work.leave())

  describe('an order to pay', () => {
    let order: string
    let other: string

    it('is drafted over overdue bills only', async () => {
      work.on('2025-04-10')
      expect(await refused(work, () => work.draft('P1'))).toBe('nothing_to_order')
      work.on('2025-04-11')
      expect(await refused(work, () => work.draft('P9'))).toBe('discharger_unknown')
      expect(await refused(work, () => work.draft('P1', ['2025-000002']))).toBe('bill_not_overdue')
      expect(await refused(work, () => work.draft('P1', undefined, 'auditor'))).toBe('role_missing')
    })

    it('is approved by another person, who saw what is unpaid', async () => {
      const { proposalId, digest } = await done(work.draft('P1', undefined, 'both'))
      expect(await refused(work, () => work.draft('P1'))).toBe('order_pending')
      const decide = (person: string, digestSeen?: string) =>
        issueOrder(work.town.services, by(person), { proposalId, digestSeen })
      expect(await refused(work, () => decide('both'))).toBe('proposal_own_work')
      expect(await refused(work, () => decide('approver', '00000000'))).toBe('proposal_digest_differs')
      await work.pay('1', '4000.00', '2025-04-11', 'P-1')
      expect(await refused(work, () => decide('approver', digest))).toBe('order_facts_changed')
      await done(returnOrder(work.town.services, by('approver'), { proposalId, reason: '已部分缴纳' }))
      order = await work.order('P1')
      expect(order).toBe('2025-0001')
      expect(await refused(work, () => work.draft('P1'))).toBe('nothing_to_order')
      expect(await refused(work, () => work.draft('P1', ['2025-000001']))).toBe('bill_under_order')
    })

    it('is served lawfully, with its proof, not before its issue and not in the future', async () => {
      work.on('2025-04-15')
      const serve = (more: Taken) => step('order', order, 'order_served', more)
      const how = (fields: Readonly<Record<string, string | undefined>>) =>
        serve({ fields: { capacity: undefined, ...fields } })
      expect(await step('order', '2025-0099', 'order_served')).toBe('order_unknown')
      expect(await serve({ evidence: false })).toBe('step_needs_evidence')
      expect(await serve({ on: '2025-04-16' })).toBe('day_in_future')
      expect(await serve({ on: '2025-04-10' })).toBe('step_before_its_log')
      expect(await serve({ fields: { to: ' ' } })).toBe('service_incomplete')
      expect(await serve({ fields: { how: 'pigeon' } })).toBe('step_field_malformed')
      expect(await serve({ fields: { colour: 'red' } })).toBe('step_field_malformed')
      expect(await how({ how: 'direct' })).toBe('service_incomplete')
      expect(await serve({ fields: { capacity: 'adult_family' } })).toBe('service_taken_by_other')
      expect(await how({ how: 'leaving' })).toBe('service_incomplete')
      expect(await how({ how: 'electronic' })).toBe('service_incomplete')
      expect(await how({ how: 'public_notice' })).toBe('service_incomplete')
      expect(await serve({ fields: { how: 'entrusted' } })).toBe('service_incomplete')
      expect(await serve({ as: 'auditor' })).toBe('role_missing')
      const served = await work.take('order', order, 'order_served', {
        fields: { how: 'leaving', capacity: undefined, witness: '社区工作人员李某，录像' },
      })
      expect(served.particulars).toMatchObject({ servedOn: '2025-04-15', termEndsOn: '2025-04-30' })
      expect(await serve({})).toBe('step_taken')
    })

    it('says in one language what a field lacks or takes', async () => {
      other = await work.order('P2')
      const said = async (fields: Taken['fields']) => {
        const outcome = await work.try('order', other, 'order_served', { on: '2025-04-15', fields: fields ?? {} })
        return isRefusal(outcome) ? [outcome.sentence('zh'), outcome.sentence('en')] : []
      }
      expect(await said({ how: 'leaving', capacity: undefined })).toEqual([
        expect.stringContaining('须填写“留置送达的见证人或录像”（witness）'),
        expect.stringContaining('needs "witnesses or recording of leaving it" (witness)'),
      ])
      const [zh, en] = await said({ capacity: 'adult_family' })
      expect(zh).toContain('签收人身份“同住成年家属”不能为该受送达人签收')
      expect(en).toContain('"adult of the same household" cannot take it')
      for (const fields of [{ how: 'pigeon' }, { colour: 'red' }]) {
        const [zhRule, enRule] = await said(fields)
        expect(zhRule).toMatch(/不可用：须为/)
        expect(zhRule).not.toMatch(/handed over|at most/)
        expect(enRule).not.toMatch(/\p{Script=Han}/u)
      }
    })

    it('is served by public notice 30 days later, rolled to a working day', async () => {
      const fields = { how: 'public_notice', to: undefined, capacity: undefined, ground: '直接、邮寄均退回' }
      const served = await work.take('order', other, 'order_served', { on: '2025-04-15', fields })
      expect(served.particulars).toMatchObject({ servedOn: '2025-05-15', termEndsOn: '2025-05-30' })
      // From the publication on the party is waited for, not the brigade.
      for (const day of ['2025-04-16', '2025-05-30'])
        expect((await workOn(connection().db, civilDate(day))).filter(({ number }) => number === other)).toMatchObject([
          { what: 'pay_fee', until: '2025-05-30' },
        ])
    })

    it('refuses a term that ends in a year without a calendar, by name', async () => {
      work.on('2026-12-25')
      const late = await work.order('P4')
      expect(late).toBe('2026-0001')
      const outcome = await work.try('order', late, 'order_served')
      expect(isRefusal(outcome) && [outcome.code, outcome.parameters['year']]).toEqual(['year_not_loaded', 2027])
      await work.take('order', late, 'order_withdrawn')
      expect(await step('order', late, 'order_served')).toBe('log_is_over')
      work.on('2025-04-16')
    })

    it('keeps the terms of the party that are known where another ends in a year without a calendar', async () => {
      work.on('2026-07-01')
      const lapsing = await work.order('P4')
      await work.take('order', lapsing, 'order_served')
      work.on('2026-07-20')
      const view = await viewFile(connection().db, 'order', lapsing, civilDate('2026-07-20'))
      expect(view?.clocks.map(({ what, until, calendarMissing }) => [what, until ?? calendarMissing])).toEqual([
        ['file_case', '2028-07-16'],
        ['ask_review', '2026-08-31'],
        ['sue', 2027],
        ['demand', 2027],
      ])
      await work.take('order', lapsing, 'order_withdrawn')
      work.on('2025-04-16')
    })

    it('closes by payment within its term, and may follow a payment that bounced', async () => {
      const own = await work.order('P4')
      await work.take('order', own, 'order_served')
      work.on('2025-05-07')
      await work.pay('4', '14000.00', '2025-05-01', 'P-4')
      const standing = async () =>
        (await viewFile(connection().db, 'order', own, civilDate('2025-05-07')))?.state.standing
      expect(await standing()).toBe('paid')
      expect(await refused(work, () => work.report(own))).toBe('order_not_lapsed')
      const { rows } = await sql<{ id: string }>`select id from payments where reference = 'P-4'`.execute(
        connection().db,
      )
      const paymentId = rows[0]?.id ?? ''
      const reversal = { paymentId, reversedOn: civilDate('2025-05-07'), reason: '银行退票' }
      await done(reversePayment(work.town.services, by('clerk'), reversal))
      expect(await standing()).toBe('paid')
      const again = await work.order('P4')
      expect(again).not.toBe(own)
    })
  })

  describe('a fine case', () => {
    let number: string

    it('is filed on a lapsed order, by two officers and a third person', async () => {
      work.on('2025-04-30')
      expect(await refused(work, () => work.report('2025-0001'))).toBe('order_not_lapsed')
      work.on('2025-05-06')
      const report = (more: Parameters<CaseWork['report']>[1]) => refused(work, () => work.report('2025-0001', more))
      expect(await report({ report: false })).toBe('step_needs_evidence')
      expect(await report({ second: 'officer-a' })).toBe('officers_equal')
      expect(await report({ second: 'no-certificate' })).toBe('officer_unfit')
      expect(await report({ second: 'clerk' })).toBe('officer_unfit')
      expect(await report({ as: 'clerk' })).toBe('role_missing')
      expect(await report({ as: 'no-certificate' })).toBe('officer_unfit')
      const { proposalId, base } = await done(work.report('2025-0001'))
      expect(base).toBe('10000.00')
      expect(await report({})).toBe('case_pending')
      const decide = (person: string) => fileCase(work.town.services, by(person), { proposalId })
      expect(await refused(work, () => decide('officer-b'))).toBe('role_missing')
      number = (await done(decide('approver'))).number
      expect(await refused(work, () => work.report('2025-0001'))).toBe('case_open')
      expect(await step('order', '2025-0001', 'order_withdrawn')).toBe('order_has_case')
    })

    it('is never filed on an estimate without a recorded review', async () => {
      work.on('2025-04-16')
      const order = await work.order('P5')
      await work.take('order', order, 'order_served')
      work.on('2025-05-07')
      expect(await refused(work, () => work.report(order))).toBe('estimate_unreviewed')
      const bill = (await listBills(connection().db, { accountNo: '5', limit: 1 }))[0]?.number ?? ''
      const review = (input: object) =>
        reviewEstimate(work.town.services, by('approver'), { bill, finding: '与实抄相符', ...input })
      const evidence = await work.paper()
      expect(await refused(work, () => review({}))).toBe('step_needs_evidence')
      expect(await refused(work, () => review({ evidence, finding: '' }))).toBe('step_field_missing')
      expect(await refused(work, () => review({ evidence, bill: '2025-000001' }))).toBe('estimate_review_not_needed')
      await done(review({ evidence }))
      expect(await refused(work, () => review({ evidence }))).toBe('estimate_reviewed')
      await work.file(order)
    })

    it('takes its steps in order', async () => {
      const early: StepName[] = [
        'notice_issued',
        'notice_served',
        'defence_received',
        'rights_waived',
        'hearing_requested',
      ]
      const later: StepName[] = ['legal_reviewed', 'discussed', 'decided', 'no_penalty', 'decision_served', 'fine_paid']
      const last: StepName[] = [
        'annulled',
        'review_filed',
        'suit_filed',
        'demand_issued',
        'court_applied',
        'court_accepted',
        'court_ruled',
      ]
      const fields = { amount: '1.00', reference: 'R' }
      for (const name of [...early, ...later, ...last])
        expect([name, await step('case', number, name, name === 'fine_paid' ? { fields } : {})]).toEqual([
          name,
          'step_out_of_order',
        ])
      expect(await step('case', number, 'order_served')).toBe('step_of_other_log')
      expect(await step('case', '2025-0099', 'investigated')).toBe('case_unknown')
      expect(await step('case', number, 'investigated', { as: 'officer-a' })).toBe('second_officer_concludes')
      expect(await step('case', number, 'investigated', { as: 'officer-c' })).toBe('second_officer_concludes')
      await work.take('case', number, 'investigated')
    })

    it('tells of a fine within bounds, and of a hearing from the threshold on', async () => {
      const notice = (multiplier: string, more: Taken = {}) =>
        step('case', number, 'notice_issued', { ...more, fields: { multiplier } })
      expect(await notice('0.9999')).toBe('multiplier_out_of_bounds')
      expect(await notice('3.0001')).toBe('multiplier_out_of_bounds')
      expect(await notice('zwei')).toBe('step_field_malformed')
      expect(await notice('2', { as: 'officer-c' })).toBe('not_case_officer')
      const told = (multiplier: string) => work.take('case', number, 'notice_issued', { fields: { multiplier } })
      expect((await told('1.9999')).particulars).toMatchObject({ fineAmount: '19999.00', hearingRight: false })
      expect((await told('2')).particulars).toMatchObject({ fineAmount: '20000.00', hearingRight: true })
      work.on('2025-05-12')
      await work.take('case', number, 'notice_served')
    })

    it('hears the party out before anything is decided', async () => {
      expect(await step('case', number, 'legal_reviewed')).toBe('hearing_may_be_asked')
      expect(await step('case', number, 'decided')).toBe('hearing_may_be_asked')
      work.on('2025-05-20')
      expect(await step('case', number, 'hearing_requested', { on: '2025-05-20' })).toBe('hearing_asked_late')
      await work.take('case', number, 'hearing_requested', { on: '2025-05-19' })
      expect(await step('case', number, 'legal_reviewed')).toBe('hearing_open')
      await work.take('case', number, 'defence_received')
      expect(await step('case', number, 'legal_reviewed')).toBe('defence_open')
      await work.take('case', number, 'defence_rechecked')
      expect(await step('case', number, 'notice_issued', { fields: { multiplier: '2.5' } })).toBe('multiplier_raised')
      const call = (hearingOn: string, host = 'host') =>
        step('case', number, 'hearing_notified', { fields: { hearingOn, host } })
      // From Tuesday 20 May seven full working days lie between: 21, 22, 23, 26, 27, 28, 29 May.
      expect(await call('2025-05-29')).toBe('hearing_too_soon')
      expect(await call('2025-05-30', 'clerk')).toBe('not_hearing_host')
      await work.take('case', number, 'hearing_notified', { fields: { hearingOn: '2025-05-30' } })
      expect(await step('case', number, 'hearing_held')).toBe('step_before_its_ground')
      work.on('2025-05-30')
      expect(await step('case', number, 'hearing_held', { as: 'head-2' })).toBe('host_records_hearing')
      await work.take('case', number, 'hearing_held')
      expect(await step('case', number, 'legal_reviewed', { on: '2025-05-29' })).toBe('step_before_its_ground')
    })

    it('is decided by a head with no other part in it, after an agreed review', async () => {
      work.on('2025-05-30')
      expect(await step('case', number, 'decided')).toBe('review_missing')
      await work.take('case', number, 'legal_reviewed', { fields: { outcome: 'returned' } })
      expect(await step('case', number, 'decided')).toBe('review_returned')
      await work.take('case', number, 'legal_reviewed', { as: 'head-2' })
      expect(await step('case', number, 'decided', { fields: { multiplier: '2.1' } })).toBe('multiplier_above_notice')
      expect(await step('case', number, 'decided', { fields: { bank: undefined } })).toBe('step_field_missing')
      expect(await step('case', number, 'decided', { as: 'officer-c' })).toBe('not_case_officer')
      await done(
        setSetting(work.town.services, by('admin'), {
          name: 'penalties.collective_discussion',
          value: 'true',
          citation: '局务会议规则',
        }),
      )
      expect(await step('case', number, 'decided')).toBe('discussion_missing')
      await work.take('case', number, 'discussed')
      const objection = { bill: '2025-000001', from: '示例单位', grounds: '水量有误', evidence: '' }
      const { objectionId } = await done(receiveObjection(work.town.services, by('clerk'), objection))
      expect(await step('case', number, 'decided')).toBe('objection_open')
      const answer = { objectionId, outcome: 'kept' as const, reason: '复核无误' }
      await done(answerObjection(work.town.services, by('approver'), answer))
      const alone = { log: 'case', number, step: 'decided', fields: work.fields('decided') } as const
      expect(await refused(work, () => recordStep(work.town.services, by('officer-a'), alone))).toBe('step_takes_two')
      const checked = { log: 'case', number, step: 'discussed', fields: work.fields('discussed') } as const
      expect(await refused(work, () => proposeStep(work.town.services, by('clerk'), checked))).toBe('step_takes_one')
      const proposed = await done(
        proposeStep(work.town.services, by('officer-a'), {
          log: 'case',
          number,
          step: 'decided',
          fields: work.fields('decided'),
        }),
      )
      expect(await step('case', number, 'decided')).toBe('step_pending')
      const decide = (person: string) =>
        approveStep(work.town.services, by(person), { proposalId: proposed.proposalId })
      expect(await refused(work, () => decide('approver'))).toBe('approver_lacks_role')
      expect(await refused(work, () => decide('head-2'))).toBe('person_has_other_part')
      expect((await done(decide('head'))).particulars).toMatchObject({ fineAmount: '20000.00' })
      expect(await refused(work, () => decide('head'))).toBe('proposal_decided')
      expect(await step('case', number, 'decided')).toBe('case_decided')
      expect(await step('order', '2025-0001', 'order_withdrawn')).toBe('order_has_case')
      expect(await step('case', number, 'no_penalty')).toBe('case_decided')
      expect(await step('case', number, 'notice_issued')).toBe('case_decided')
    })

    it('is paid, deferred and contested by the rules, and never paid beyond what is owed', async () => {
      await work.take('case', number, 'decision_served', { on: '2025-05-30' })
      const pay = (amount: string, reference: string) =>
        step('case', number, 'fine_paid', { fields: { amount, reference } })
      expect(await pay('20000.01', 'F-1')).toBe('fine_overpaid')
      expect(await pay('0', 'F-1')).toBe('step_field_malformed')
      expect(await step('case', number, 'demand_issued')).toBe('still_within_term')
      expect(await step('case', number, 'closed')).toBe('fine_unpaid')
      const parts = (instalments: string) => step('case', number, 'deferred', { fields: { instalments } })
      expect(await parts('2025-06-30=10000.00,2025-07-31=9999.99')).toBe('instalments_differ')
      expect(await parts('2025-05-30=10000.00,2025-07-31=10000.00')).toBe('instalment_not_ahead')
      expect(await parts('2025-07-31=10000.00,2025-06-30=10000.00')).toBe('step_field_malformed')
      await work.take('case', number, 'deferred', {
        fields: { instalments: '2025-06-30=10000.00,2025-07-31=10000.00' },
      })
      work.on('2025-07-02')
      await work.take('case', number, 'fine_paid', {
        on: '2025-07-01',
        fields: { amount: '4000.00', reference: 'F-1' },
      })
      expect(await pay('1.00', 'F-1')).toBe('fine_reference_taken')
      const addition = async (day: string) =>
        yuan((await viewFile(connection().db, 'case', number, civilDate(day)))?.balance?.addition.amount)
      // 1 July: 10,000.00 of the first part unpaid; from 2 July 6,000.00; from 1 August 16,000.00.
      expect(await addition('2025-06-30')).toBe('0.00')
      expect(await addition('2025-07-01')).toBe('300.00')
      expect(await addition('2025-07-02')).toBe('480.00')
      expect(await addition('2025-08-01')).toBe('6180.00')
      await work.take('case', number, 'review_filed', { on: '2025-07-02' })
      expect(await step('case', number, 'suit_filed')).toBe('claim_contested')
      work.on('2025-08-05')
      const outcome = (fields: Readonly<Record<string, string | undefined>>) =>
        step('case', number, 'review_decided', { fields })
      expect(await outcome({ servedOn: '2025-08-06' })).toBe('day_in_future')
      expect(await outcome({ servedOn: '2025-07-01' })).toBe('step_before_its_ground')
      expect(await outcome({ servedOn: '2025-08-04', outcome: 'changed' })).toBe('multiplier_out_of_bounds')
      expect(await outcome({ servedOn: '2025-08-04', outcome: 'changed', multiplier: '2.5' })).toBe(
        'outcome_raises_fine',
      )
      const changed = { servedOn: '2025-08-04', outcome: 'changed', multiplier: '1' }
      const taken = await work.take('case', number, 'review_decided', { fields: changed })
      expect(taken.particulars).toMatchObject({ fineAmount: '10000.00' })
      // Paused from 2 July to 4 August; of the lower fine 6,000.00 are unpaid from 5 August.
      expect(await addition('2025-08-05')).toBe('480.00')
      const ties = await fineTieOut(connection().db)
      expect(ties.map(({ books, subledger }) => books.eq(subledger))).toEqual([true, true, true])
      expect(yuan(ties.find(({ accountCode }) => accountCode === 'fines_receivable')?.books)).toBe('6480.00')
    })

    it('reverses a payment that bounced, and gives nothing back that was not paid too much', async () => {
      expect(await step('case', number, 'fine_payment_reversed', { fields: { reference: 'F-9' } })).toBe(
        'fine_reference_unknown',
      )
      expect(await step('case', number, 'fine_refunded', { fields: { amount: '0.01' } })).toBe('refund_above_surplus')
      await work.take('case', number, 'fine_payment_reversed', { fields: { reference: 'F-1' } })
      const balance = (await viewFile(connection().db, 'case', number, civilDate('2025-08-05')))?.balance
      expect([yuan(balance?.paid), yuan(balance?.fine)]).toEqual(['0.00', '10000.00'])
      const ties = await fineTieOut(connection().db)
      expect(ties.every(({ books, subledger }) => books.eq(subledger))).toBe(true)
    })

    it('is not punished twice: not on another order of the period, and not after no penalty', async () => {
      work.on('2025-04-16')
      const order = await work.order('P3')
      await work.take('order', order, 'order_served', { fields: { capacity: 'adult_family' } })
      work.on('2025-05-07')
      const own = await work.file(order)
      await work.take('case', own, 'investigated')
      await work.take('case', own, 'no_penalty')
      expect(await step('case', own, 'notice_issued')).toBe('log_is_over')
      expect(await refused(work, () => work.report(order))).toBe('period_has_case')
      expect(
        (await workOn(connection().db, civilDate('2025-05-07'))).filter(
          (item) => item.what === 'file_case' && item.number === order,
        ),
      ).toEqual([])
    })
    it('is refused after two years, and after 90 days', async () => {
      work.on('2025-05-07')
      expect(await step('case', '2025-0002', 'investigated', { as: 'officer-b', on: '2025-05-08' })).toBe(
        'day_in_future',
      )
      await work.take('case', '2025-0002', 'investigated')
      await work.take('case', '2025-0002', 'notice_issued', { fields: { multiplier: '1' } })
      await work.take('case', '2025-0002', 'notice_served')
      await work.take('case', '2025-0002', 'rights_waived')
      await work.take('case', '2025-0002', 'legal_reviewed')
      await work.take('case', '2025-0002', 'discussed')
      work.on('2025-08-06')
      expect(await step('case', '2025-0002', 'decided', { fields: { multiplier: '1' } })).toBe('decision_too_late')
      await work.take('case', '2025-0002', 'closed', { fields: { ground: 'revoked', reason: '逾期' } })
      work.on('2027-06-01')
      expect(await refused(work, () => work.report('2025-0002'))).toBe('filing_too_late')
    })
  })

  describe('a discretion grid', () => {
    const row = { factor: 'serious', zh: '情节较重', minimum: '1.5', maximum: '2.5' }
    const grid = { documentNumber: '示例〔2025〕1号', issuer: '示例局', validFrom: '2025-06-01', rows: [row] }
    const propose = (more: object) => proposeGrid(work.town.services, by('clerk'), JSON.stringify({ ...grid, ...more }))

    it('is read strictly, adopted by another person, and then binds', async () => {
      work.on('2025-05-07')
      const broken = [
        { rows: [] },
        { rows: [{ ...row, maximum: '3.1' }] },
        { rows: [row, row] },
        { rows: [{ ...row, minimum: 1 }] },
        { issuer: '' },
        { validFrom: '6月1日' },
      ]
      for (const more of broken) expect(await refused(work, () => propose(more))).toBe('grid_unreadable')
      expect(await refused(work, () => propose({ validFrom: '2025-05-06' }))).toBe('grid_backdated')
      const { proposalId } = await done(propose({ validFrom: '2025-05-07' }))
      await done(adoptGrid(work.town.services, by('approver'), { proposalId }))
      const twice = await done(propose({ validFrom: '2025-05-07', documentNumber: '示例〔2025〕2号' }))
      expect(
        await refused(work, () => adoptGrid(work.town.services, by('approver'), { proposalId: twice.proposalId })),
      ).toBe('grid_day_taken')
      const late = await done(propose({ validFrom: '2025-06-01', documentNumber: '示例〔2025〕3号' }))
      work.on('2025-06-02')
      expect(
        await refused(work, () => adoptGrid(work.town.services, by('approver'), { proposalId: late.proposalId })),
      ).toBe('grid_backdated')
      // Adopted after the order lapsed on 31 May: it counts only where it is lighter for the party (APL 37).
      const heavier = [{ ...row, minimum: '2', maximum: '3' }]
      const younger = await done(propose({ validFrom: '2025-06-02', documentNumber: '示例〔2025〕4号', rows: heavier }))
      await done(adoptGrid(work.town.services, by('approver'), { proposalId: younger.proposalId }))
      const order = '2025-0002'
      work.on('2025-06-03')
      const own = await work.file(order)
      await work.take('case', own, 'investigated')
      const notice = (fields: Readonly<Record<string, string | undefined>>) =>
        step('case', own, 'notice_issued', { fields })
      expect(await notice({ multiplier: '2' })).toBe('factor_unknown')
      expect(await notice({ multiplier: '2.6', factor: 'serious' })).toBe('multiplier_outside_grid')
      await work.take('case', own, 'notice_issued', { fields: { multiplier: '2.5', factor: 'serious' } })
    })
  })

  describe('a bill under an order', () => {
    it('is corrected once for each time it was opened inside the case', async () => {
      work.on('2025-06-04')
      const [bill] = await listBills(connection().db, { accountNo: '2', limit: 1 })
      const number = bill?.number ?? ''
      const correction = { number, action: 'cancel' as const, reason: 'volume', evidence: '核查' }
      const cancel = () => proposeCorrection(work.town.services, by('clerk'), correction, [refuseUnderOrder])
      expect(await refused(work, cancel)).toBe('bill_under_enforcement')
      expect(await step('order', '2025-0002', 'correction_opened', { fields: { bill: '2025-000001' } })).toBe(
        'bill_not_under_order',
      )
      await work.take('order', '2025-0002', 'correction_opened', { fields: { bill: number } })
      const { proposalId } = await done(cancel())
      const decision = { proposalId, outcome: 'approved' as const, reason: '' }
      await done(decideCorrection(work.town.services, by('approver'), decision, [refuseUnderOrder], settleIssued))
      const found = await viewFile(connection().db, 'order', '2025-0002', civilDate('2025-06-04'))
      expect([found?.state.standing, yuan(found?.state.base)]).toEqual(['paid', '0.00'])
      const items = await workOn(connection().db, civilDate('2025-06-04'))
      expect(items.filter((item) => item.what === 'undo_case').map((item) => item.about)).toEqual(['2025-0002'])
    })
  })
})

onEveryDatabase('The database by itself', (connection) => {
  let work: CaseWork
  let caseId: string
  let orderId: string
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
    await work.file(order)
    await work.take('case', '2025-0001', 'investigated')
    await work.take('case', '2025-0001', 'notice_issued', { fields: { multiplier: '1' } })
    await work.take('case', '2025-0001', 'notice_served')
    await work.take('case', '2025-0001', 'rights_waived')
    await work.take('case', '2025-0001', 'legal_reviewed')
    const { rows } = await sql<{ id: string; order_id: string }>`select id, order_id from fine_cases`.execute(
      connection().db,
    )
    caseId = rows[0]?.id ?? ''
    orderId = rows[0]?.order_id ?? ''
  })
  afterAll(() => work.leave())
  const fault = async (statement: ReturnType<typeof sql>): Promise<string> => {
    try {
      await statement.execute(connection().db)
      return 'done'
    } catch (error) {
      const { code, constraint } = error as { code?: string; constraint?: string }
      return constraint ?? code ?? String(error)
    }
  }
  const staff = (code: string) => sql`(select id from staff where code = ${code})`
  const fine = (more: { multiplier?: string; fine?: string; head?: string; reviewer?: string } = {}) => sql`
    insert into fines (case_id, step_id, decided_on, base_amount, multiplier, fine_amount, addition_announced, reporter_id, second_id, maker_id, reviewer_id, head_id)
    select ${caseId}, (select max(id) from enforcement_steps), '2025-05-06', 1400.00, ${more.multiplier ?? '1'}, ${more.fine ?? '1400.00'}, true,
      reporter_id, second_id, reporter_id, ${staff(more.reviewer ?? 'reviewer')}, ${staff(more.head ?? 'head')} from fine_cases`

  it('keeps a fine within 1 to 3 times, the product, and of persons without another part', async () => {
    expect(await fault(fine({ multiplier: '0.9999', fine: '1399.86' }))).toBe('multiplier_within_the_law')
    expect(await fault(fine({ multiplier: '3.0001', fine: '4200.14' }))).toBe('multiplier_within_the_law')
    expect(await fault(fine({ multiplier: '2' }))).toBe('fine_is_the_product')
    expect(await fault(fine({ head: 'officer-b' }))).toBe('head_has_no_other_part')
    expect(await fault(fine({ head: 'reviewer' }))).toBe('head_has_no_other_part')
    expect(await fault(fine({ reviewer: 'officer-a' }))).toBe('reviewer_has_no_other_part')
  })

  it('keeps the log in order, proved, and approved by another person', async () => {
    const next = sql`(select max(seq) + 1 from enforcement_steps where case_id = ${caseId}::bigint)`
    const step = (more: { seq?: ReturnType<typeof sql>; name?: string; approver?: string }) => sql`
      insert into enforcement_steps (order_id, case_id, seq, step, acted_on, recorded_on, particulars, actor_id, approved_by, proposal_id, command_id)
      select ${orderId}, ${caseId}, ${more.seq ?? next}, ${more.name ?? 'defence_rechecked'}, '2025-05-06', '2025-05-06', '{}', ${staff('officer-a')},
        ${more.approver === undefined ? sql`null` : staff(more.approver)}, ${more.approver === undefined ? sql`null` : sql`(select min(id) from proposals)`},
        (select min(command_id) from commands)`
    expect(await fault(step({ seq: sql`99` }))).toBe('QL020')
    expect(await fault(step({ name: 'annulled', approver: 'head' }))).toBe('proved')
    expect(await fault(step({ name: 'closed' }))).toBe('decided_by_two')
    expect(await fault(step({ name: 'closed', approver: 'officer-a' }))).toBe('step_by_two_persons')
    expect(await fault(step({ name: 'order_withdrawn', approver: 'head' }))).toBe('step_of_its_log')
    expect(await fault(step({ name: 'decided', approver: 'head' }))).toBe('numbered_paper')
    expect(await fault(sql`update enforcement_steps set acted_on = '2025-05-01'`)).toBe('QL001')
    expect(await fault(sql`delete from fine_cases`)).toBe('QL001')
  })

  it.each([
    ['赣执-0001', '赣执0001'],
    ['赣ＺＦ０００１', '赣zf-0001'],
    ['示例证 001', '示例证001'],
  ])('knows a certificate in any spelling: %s is %s', async (one, other) => {
    const second = (certificate: string) => sql`
      insert into fine_cases (number_year, number, order_id, filed_on, base_amount, reporter_id, reporter_certificate,
        second_id, second_certificate, filed_by, report_digest, proposal_id, command_id)
      select number_year, 99, order_id, filed_on, base_amount, reporter_id, ${one}, second_id, ${certificate}, filed_by,
        report_digest, 0, command_id from fine_cases limit 1`
    expect(await fault(second(other))).toBe('two_officers')
    expect(await fault(second(`湘${other}`))).toBe('fine_cases_proposal_id_fkey')
  })

  it('holds a period once', async () => {
    expect(await fault(sql`insert into fined_periods select * from fined_periods`)).toBe('fined_periods_pkey')
    expect(await fault(sql`insert into live_orders select * from live_orders`)).toBe('live_orders_pkey')
  })

  it('lets one of two decide who decide at once', async () => {
    const propose = (person: string) =>
      done(
        proposeStep(work.town.services, by(person), {
          log: 'case',
          number: '2025-0001',
          step: 'decided',
          fields: work.fields('decided', { multiplier: '1' }),
        }),
      )
    const { proposalId } = await propose('officer-a')
    const decide = (person: string) => refusedWith(approveStep(work.town.services, by(person), { proposalId }))
    const outcomes = await Promise.all([decide('head'), decide('head-2'), decide('head')])
    expect(outcomes.filter((outcome) => outcome === 'proposal_decided')).toHaveLength(2)
    const { rows } = await sql<{ fines: number; steps: number; posted: string }>`
      select (select count(*)::int from fines) as fines, (select count(*)::int from enforcement_steps where step = 'decided') as steps,
        (select sum(amount)::text from fine_postings) as posted`.execute(connection().db)
    expect(rows).toEqual([{ fines: 1, steps: 1, posted: '1400.00' }])
  })
})
