import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { viewFile, workOn } from '../../src/enforcement/enforcement.queries.ts'
import { fineTieOut } from '../../src/enforcement/fine-books.ts'
import { fileCase } from '../../src/enforcement/open-case.ts'
import type { StepName } from '../../src/enforcement/steps.ts'
import { returnStep, stepProposalKind } from '../../src/enforcement/take-step.ts'
import { verifyEnforcement } from '../../src/enforcement/verify-enforcement.ts'
import { evidencePack } from '../../src/evidence/evidence-pack.ts'
import { caseSubject } from '../../src/evidence/pack-subjects.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText, zeroMoney } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { listProposals } from '../../src/platform/proposals.ts'
import { CaseWork, type Taken } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'

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

  const receivable = async () => {
    const ties = await fineTieOut(connection().db)
    expect(ties.every(({ books, subledger }) => books.eq(subledger))).toBe(true)
    return moneyText(ties.find(({ accountCode }) => accountCode === 'fines_receivable')?.books ?? zeroMoney)
  }

  const waiting = async () =>
    (await listProposals(connection().db, { kind: stepProposalKind, undecided: true }))[0]?.id ?? ''

  // Parties with a bill of 1,400.00 each, due on 10 April 2025; two are fined 1,400.00, served on 30 May, to pay by 16 June.
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    for (const account of ['1', '2', '3']) await work.enrol(account)
    work.on('2025-04-02')
    const readings = ['1', '2', '3'].map((account) => ({ account, start: '0', end: '1000', on: '2025-03-31' }))
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
    work.on('2025-04-15')
    await work.take('order', await work.order('P3'), 'order_served')
    work.on('2025-05-30')
  })
  afterAll(() => work.leave())

  it('know a person by the certificate, under whatever code', async () => {
    const again = { name: '执法甲', organisationCode: 'bureau', certificateNo: '示例证001' }
    const roles = ['brigade_officer', 'bureau_head', 'bureau_approver', 'legal_reviewer', 'hearing_host'] as const
    const [officer, ...others] = roles
    for (const [code, held] of [['twin-a', [officer]] as const, ['twin-b', others] as const])
      await done(addStaff(work.town.services, by('admin'), { ...again, code, roles: held }))
    const shared = { code: 'certificate_shared', certificate: '示例证001' }
    expect(await named(work.report('2025-0003', { second: 'twin-a' }))).toEqual(shared)
    // The same card typed with full-width digits and a hyphen.
    const typed = { ...again, code: 'twin-c', roles: [officer], certificateNo: ' 示例证-００１' }
    await done(addStaff(work.town.services, by('admin'), typed))
    expect(await named(work.report('2025-0003', { second: 'twin-c' }))).toEqual(shared)
    const { proposalId } = await done(work.report('2025-0003'))
    expect(await named(fileCase(work.town.services, by('twin-b'), { proposalId }))).toEqual(shared)
    const number = (await done(fileCase(work.town.services, by('approver'), { proposalId }))).number
    await work.take('case', number, 'investigated')
    const notice = (approver: string) => work.try('case', number, 'notice_issued', { approver })
    expect(await named(notice('twin-b'))).toEqual(shared)
    await done(returnStep(work.town.services, by('approver'), { proposalId: await waiting(), reason: '另行审批' }))
    await done(notice('approver'))
    await work.take('case', number, 'notice_served')
    await work.take('case', number, 'rights_waived')
    expect(await named(work.try('case', number, 'legal_reviewed', { as: 'twin-b' }))).toEqual(shared)
    await work.take('case', number, 'legal_reviewed')
    expect(await named(work.try('case', number, 'decided', { approver: 'twin-b' }))).toEqual(shared)
  })

  it('have an evidence pack that holds without the database, from the report to the decision', async () => {
    const subject = await caseSubject(connection().db, first)
    if (isRefusal(subject)) throw new Error(subject.code)
    const pack = await evidencePack(work.town.services, subject)
    if (isRefusal(pack)) throw new Error(pack.sentence('en'))
    const tables = new Set(pack.rows.map(({ table }) => table))
    for (const table of [
      'fine_cases',
      'fines',
      'orders_to_pay',
      'order_bills',
      'enforcement_steps',
      'issued_documents',
    ])
      expect([...tables]).toContain(table)
    const steps = pack.rows.filter(({ table }) => table === 'enforcement_steps').length
    const all = await sql<{ count: number }>`
      select count(*)::int as count from enforcement_steps s join fine_cases c on c.order_id = s.order_id
      where c.id = (select min(id) from fine_cases)`.execute(connection().db)
    expect(steps).toBe(all.rows[0]?.count)
    const script = fileURLToPath(new URL('../../src/evidence/verify-pack.mjs', import.meta.url))
    const check = (content: unknown) => {
      writeFileSync(path, JSON.stringify(content))
      return spawnSync(process.execPath, [script, path, pack.head.hash], { encoding: 'utf8' })
    }
    const folder = mkdtempSync(join(tmpdir(), 'qingliu-case-pack-'))
    const path = join(folder, 'pack.json')
    const sound = check(pack)
    expect([sound.status, sound.stderr]).toEqual([0, ''])
    const lower = pack.rows.map((row) =>
      row.table === 'fines' ? { ...row, text: row.text.replace('1400', '1300') } : row,
    )
    expect(check({ ...pack, rows: lower }).status).toBe(65)
    expect(isRefusal(await caseSubject(connection().db, '2025-0999'))).toBe(true)
    rmSync(folder, { recursive: true, force: true })
  })

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

  it('that are deferred after their term keep what was added up to that day, to working days alone', async () => {
    work.on('2025-06-18')
    const defer = (instalments: string) => work.try('case', second, 'deferred', { fields: { instalments } })
    expect(await named(defer('2025-07-05=1400.00'))).toEqual({
      code: 'instalment_on_rest_day',
      on: '2025-07-05',
      workday: '2025-07-07',
    })
    expect(await named(defer('2049-01-04=1400.00'))).toMatchObject({ code: 'year_not_loaded', year: 2049 })
    // Due on 16 June: 42.00 a day on the 17th and the 18th, nothing while it is deferred.
    expect(await owed(second, '2025-06-18')).toEqual(['84.00', '1484.00'])
    await work.take('case', second, 'deferred', { fields: { instalments: '2025-07-07=1400.00' } })
    expect(await owed(second, '2025-07-07')).toEqual(['84.00', '1484.00'])
    expect(await owed(second, '2025-07-08')).toEqual(['126.00', '1526.00'])
    expect(await receivable()).toBe('2884.00')
  })

  it('give a number to one of two cases that record it at once', async () => {
    const outcomes = await Promise.all([first, second].map((number) => refusedWith(pay(number, '1.00', 'F-2'))))
    expect(outcomes.filter((outcome) => outcome === 'fine_reference_taken')).toHaveLength(1)
  })

  it('keep their order: it is not withdrawn beneath a fine that was paid and closed', async () => {
    const [, left = ''] = (await owed(first, '2025-06-18')) ?? []
    await pay(first, left, 'F-3')
    await work.take('case', first, 'closed')
    expect(await refusedWith(work.try('order', '2025-0001', 'order_withdrawn'))).toBe('order_has_case')
    expect(await step(first, 'fine_paid', { fields: { amount: '1.00', reference: 'F-4' } })).toBe('log_is_over')
  })

  it('whose time for the court has passed are closed as that, and what is unpaid stays owed', async () => {
    const clocks = async (day: string) =>
      (await workOn(connection().db, civilDate(day)))
        .filter(({ number, log, by: who }) => log === 'case' && number === second && who !== 'party')
        .map(({ what, until, step: stops }) => ({ what, until, stops }))
    const close = () => work.try('case', second, 'closed', { fields: { ground: 'court_over', reason: '期限届满' } })
    work.on('2025-07-08')
    await work.take('case', second, 'demand_issued')
    // Served on 30 May, six months to sue: Monday 1 December; three months to apply: Monday 2 March 2026.
    const courtBy = '2026-03-02'
    // Served on 9 February, ten working days over the Spring Festival end on Saturday 28, a make-up day; on the 10th, on 2 March.
    const demandBy = '2026-02-09'
    expect(await clocks('2025-12-10')).toEqual([{ what: 'serve_demand', until: demandBy, stops: 'demand_served' }])
    work.on('2026-03-02')
    expect(await named(close())).toEqual({ code: 'court_still_open', courtBy })
    expect(await clocks('2026-03-03')).toEqual([{ what: 'court_over', until: courtBy, stops: 'closed' }])
    work.on('2026-03-03')
    expect(
      await named(work.try('case', second, 'deferred', { fields: { instalments: '2026-06-30=1400.00' } })),
    ).toEqual({
      code: 'deferral_too_late',
      courtBy,
    })
    const before = await owed(second, '2026-03-03')
    await done(close())
    // Nothing was given up: fine and addition, up to its cap by now, stay owed, and both are in the books.
    const [addition, left = ''] = before ?? []
    expect([addition, await owed(second, '2026-03-03'), await receivable()]).toEqual(['1400.00', before, left])
    expect(await clocks('2026-03-03')).toEqual([])
    expect(await step(second, 'demand_served')).toBe('log_is_over')
    await done(pay(second, left, 'F-5'))
    expect(await owed(second, '2026-03-03')).toEqual(['1400.00', '0.00'])
    expect(await receivable()).toBe('0.00')
  })

  it('keep their periods: a row taken away past the door is found, and so is a bill put under another order', async () => {
    let found: unknown
    const faultsAfter = (tampering: string) =>
      connection()
        .db.transaction()
        .execute(async (trx) => {
          await sql.raw(tampering).execute(trx)
          const { faults } = await verifyEnforcement(trx)
          found = faults
          throw new Error('undo it')
        })
        .catch(() => found)
    expect(await verifyEnforcement(connection().db)).toEqual({ orders: 3, cases: 3, faults: [] })
    expect(await faultsAfter(`delete from fined_periods where account_id = (select min(id) from accounts)`)).toEqual([
      { table: 'fined_periods', row: '1 2025-03', stored: '—', derived: '2025-0001' },
    ])
    const moved = await faultsAfter('update live_orders set order_id = (select min(id) from orders_to_pay)')
    expect(moved).toMatchObject([
      { table: 'live_orders', stored: '2025-0001', derived: '2025-0002' },
      { table: 'live_orders', stored: '2025-0001', derived: '2025-0003' },
    ])
  })
})
