import { afterAll, beforeAll, expect, it } from 'vitest'
import { viewFile, workOn } from '../../src/enforcement/enforcement.queries.ts'
import { returnStep, stepProposalKind } from '../../src/enforcement/take-step.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { present } from '../../src/kernel/invariant.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { listProposals } from '../../src/platform/proposals.ts'
import { CaseWork } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'

onEveryDatabase('The claim for a fee', (connection) => {
  let work: CaseWork
  const [over, refusedByCourt, fined] = ['2025-0001', '2025-0002', '2025-0003']
  const end = async (order: string, ground: string, more: { approver?: string } = {}) => {
    const outcome = await work.try('order', order, 'claim_ended', {
      ...more,
      fields: { ground, reason: '无可执行财产' },
    })
    return isRefusal(outcome) ? outcome.code : 'ended'
  }
  const ours = async (number: string, day: string) =>
    (await workOn(connection().db, civilDate(day)))
      .filter((item) => item.log === 'order' && item.number === number && item.by === 'bureau')
      .map(({ what, until, step }) => ({ what, until, step }))
  const standing = async (number: string, day: string) => {
    const state = present(await viewFile(connection().db, 'order', number, civilDate(day)), 'the order is there').state
    return [state.standing, moneyText(state.unpaid)]
  }

  // Three parties owe 1,400.00 each, due on 10 April 2025; served on 15 April, to pay by 30 April. Six months to sue end on
  // 15 October, three more for the court on 15 January 2026.
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    for (const account of ['1', '2', '3']) await work.enrol(account)
    work.on('2025-04-02')
    const readings = ['1', '2', '3'].map((account) => ({ account, start: '0', end: '1000', on: '2025-03-31' }))
    await work.town.read('2025-03', readings)
    await work.town.bill('2025-03')
    work.on('2025-04-15')
    for (const party of ['P1', 'P2', 'P3']) await work.take('order', await work.order(party), 'order_served')
  })
  afterAll(() => work.leave())

  it('does not end while it runs, nor over a court that was not asked', async () => {
    expect(await end(over, 'court_over')).toBe('nothing_due')
    work.on('2025-05-06')
    expect(await end(over, 'court_over')).toBe('court_still_open')
    expect(await end(over, 'terminated')).toBe('step_out_of_order')
  })

  it('marks a decision that was served later than seven working days after it, and takes it all the same', async () => {
    const number = await work.file(fined)
    await work.take('case', number, 'investigated')
    await work.take('case', number, 'notice_issued')
    for (const name of ['notice_served', 'rights_waived', 'legal_reviewed'] as const)
      await work.take('case', number, name)
    work.on('2025-05-26')
    await work.take('case', number, 'decided')
    const given = { fine_payment_reversed: { reference: 'F-1' }, fine_refunded: { amount: '1.00' } }
    for (const name of ['fine_payment_reversed', 'fine_refunded'] as const)
      expect(await refusedWith(work.try('case', number, name, { fields: given[name] }))).toBe('no_fine_payment')
    work.on('2025-06-06')
    // The Dragon Boat holiday lasts until Monday 2 June: seven working days after 26 May end on Thursday 5 June.
    const served = await work.take('case', number, 'decision_served')
    expect(served.particulars).toMatchObject({ serveBy: '2025-06-05', servedLate: true, payBy: '2025-06-23' })
  })

  it('ends where the court refused to enforce it', async () => {
    work.on('2025-10-16')
    await work.take('order', refusedByCourt, 'demand_issued')
    await work.take('order', refusedByCourt, 'demand_served')
    work.on('2025-11-03')
    await work.take('order', refusedByCourt, 'court_applied')
    expect(await end(refusedByCourt, 'court_over')).toBe('court_seised')
    expect(await end(refusedByCourt, 'terminated')).toBe('step_out_of_order')
    await work.take('order', refusedByCourt, 'court_ruled', { fields: { outcome: 'refused' } })
    expect(await ours(refusedByCourt, '2025-11-03')).toEqual([
      { what: 'end_claim', until: null, step: 'claim_ended' },
      { what: 'challenge', until: '2025-11-18', step: 'court_challenged' },
    ])
    // Brought before the court once more: what it said before ends nothing while it has that in hand.
    await work.take('order', refusedByCourt, 'court_applied')
    expect(await end(refusedByCourt, 'terminated')).toBe('court_pending')
    await work.take('order', refusedByCourt, 'court_ruled', { fields: { outcome: 'refused' } })
    expect(await end(refusedByCourt, 'terminated', { approver: 'officer-a' })).toBe('role_missing')
    const [waiting] = await listProposals(connection().db, { kind: stepProposalKind, undecided: true })
    const { services } = work.town
    await done(returnStep(services, by('approver'), { proposalId: waiting?.id ?? '', reason: '由局里审批' }))
    expect(await end(refusedByCourt, 'terminated')).toBe('ended')
    expect(await ours(refusedByCourt, '2025-11-03')).toEqual([])
  })

  it('ends once the time for the court is over, and the fee stays owed and is taken', async () => {
    work.on('2026-01-15')
    expect(await end(over, 'court_over')).toBe('court_still_open')
    work.on('2026-01-16')
    expect(await refusedWith(work.try('order', over, 'demand_issued'))).toBe('court_too_late')
    expect(await ours(over, '2026-01-16')).toEqual([{ what: 'court_over', until: '2026-01-15', step: 'claim_ended' }])
    expect(await end(over, 'court_over')).toBe('ended')
    expect(await ours(over, '2026-01-16')).toEqual([])
    expect(await standing(over, '2026-01-16')).toEqual(['lapsed', '1400.00'])
    for (const name of ['demand_issued', 'claim_ended'] as const)
      expect(await refusedWith(work.try('order', over, name))).toBe('log_is_over')
    work.on('2026-01-20')
    await work.pay('1', '1400.00', '2026-01-20', 'R-1')
    expect(await standing(over, '2026-01-20')).toEqual(['paid_late', '0.00'])
    await work.take('order', over, 'order_withdrawn')
  })
})
