import { afterAll, beforeAll, expect, it } from 'vitest'
import { workOn } from '../../src/enforcement/enforcement.queries.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { CaseWork, type Taken } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { refusedWith } from '../support/office.ts'

onEveryDatabase('What was applied for at the court', (connection) => {
  let work: CaseWork
  let order: string
  const take = (step: Parameters<CaseWork['take']>[2], more?: Taken) => work.take('order', order, step, more)
  const refusal = (step: Parameters<CaseWork['take']>[2], more?: Taken) =>
    refusedWith(work.try('order', order, step, more))
  const due = async (day: string) =>
    (await workOn(connection().db, civilDate(day)))
      .filter(({ log, what }) => log === 'order' && what !== 'file_case')
      .map(({ what, by: who, until, step }) => [what, who, until, step])

  // Served on 15 April 2025: suit until 15 October, the court until 15 January 2026.
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    await work.enrol('1')
    work.on('2025-04-02')
    await work.town.read('2025-03', [{ account: '1', start: '0', end: '1000', on: '2025-03-31' }])
    await work.town.bill('2025-03')
    work.on('2025-04-15')
    order = await work.order('P1')
    await take('order_served')
    work.on('2025-10-16')
    await take('demand_issued')
    await take('demand_served')
    work.on('2025-11-03')
    await take('court_applied')
  })
  afterAll(() => work.leave())

  it('is accepted within five working days, or the office asks', async () => {
    expect(await refusal('court_challenged')).toBe('nothing_to_challenge')
    expect(await refusal('court_applied')).toBe('step_taken')
    const accepts = ['await_acceptance', 'court', '2025-11-10', 'court_accepted']
    expect(await due('2025-11-10')).toContainEqual(accepts)
    expect(await due('2025-11-11')).toEqual([['ask_court', 'bureau', '2025-11-10', 'court_accepted']])
  })

  it('may be turned away: the higher court is asked within 15 days, or the application brought anew', async () => {
    work.on('2025-11-07')
    expect(await refusal('court_accepted', { evidence: false })).toBe('step_needs_evidence')
    await take('court_accepted', { fields: { outcome: 'refused' } })
    expect(await refusal('court_accepted')).toBe('step_taken')
    expect(await refusal('court_ruled')).toBe('step_out_of_order')
    // The 22nd is a Saturday.
    expect(await due('2025-11-07')).toEqual([
      ['challenge', 'bureau', '2025-11-24', 'court_challenged'],
      ['apply_to_court', 'bureau', '2026-01-15', 'court_applied'],
    ])
    work.on('2025-11-25')
    expect(await refusal('court_challenged')).toBe('challenge_too_late')
    await take('court_challenged', { on: '2025-11-24' })
    expect(await refusal('court_challenged')).toBe('step_taken')
    expect(await due('2025-11-25')).toEqual([['await_acceptance', 'court', '2025-12-09', 'court_accepted']])
  })

  it('is ruled on within seven working days, or thirty days where the court doubts', async () => {
    work.on('2025-12-03')
    expect(await refusal('court_accepted', { on: '2025-11-23' })).toBe('step_before_its_ground')
    const accepted = await take('court_accepted', { on: '2025-12-01' })
    expect(accepted.particulars).toMatchObject({ caseNumber: '（2025）示例行审1号' })
    expect(await due('2025-12-10')).toEqual([['await_ruling', 'court', '2025-12-10', 'court_ruled']])
    expect(await due('2025-12-11')).toEqual([['await_ruling', 'court', '2025-12-31', 'court_ruled']])
    expect(await due('2026-01-01')).toEqual([['ask_court', 'bureau', '2025-12-31', 'court_ruled']])
  })

  it('is followed once it is allowed, until it is paid or the court itself terminates it', async () => {
    const end = (evidence: boolean) =>
      refusal('claim_ended', { evidence, fields: { ground: 'terminated', reason: '无可供执行的财产' } })
    work.on('2025-12-22')
    await take('court_ruled', { fields: { ruling: '（2025）示例行审1号之一' } })
    expect(await due('2025-12-22')).toEqual([['court_enforces', 'court', '2026-06-22', null]])
    expect(await refusal('court_applied')).toBe('court_allowed')
    expect(await refusal('court_ruled')).toBe('step_taken')
    expect(await refusal('court_challenged')).toBe('nothing_to_challenge')
    work.on('2026-06-23')
    expect(await due('2026-06-23')).toEqual([['ask_higher_court', 'bureau', '2026-06-22', 'claim_ended']])
    expect(await end(false)).toBe('termination_unproved')
    await work.pay('1', '400.00', '2026-06-20', 'R-1')
    const [left] = await workOn(connection().db, civilDate('2026-06-23'))
    expect(left?.about).toBe('1000.00')
    await take('claim_ended', { fields: { ground: 'terminated', reason: '法院终结执行' } })
    expect(await due('2026-06-23')).toEqual([])
  })
})
