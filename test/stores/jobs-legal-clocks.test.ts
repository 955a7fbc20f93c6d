import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noticeKinds } from '../../jobs/notice-kinds.ts'
import { openAmong } from '../../jobs/notices-with-state.queries.ts'
import { runDueJobs } from '../../jobs/run-due-jobs.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { listNotices } from '../../src/platform/notices.ts'
import { CaseWork } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'

onEveryDatabase('The clock reminds of terms', (connection) => {
  let work: CaseWork
  let number: string
  const told = async () => {
    const notices = await listNotices(connection().db, { limit: 100 })
    return notices.filter(({ kind }) => kind === 'legal_clock')
  }
  /** Works the slots up to 08:30 of a day; answers what this job said of that day, and which of its notices wait then. */
  const on = async (day: string) => {
    for (let left = 1; left > 0; ) {
      const report = await runDueJobs(work.town.services, new Date(`${day}T08:30:00+08:00`), { runner: day })
      left = report.leftForNextTick
    }
    const notices = await told()
    const open = await openAmong(connection().db, notices, civilDate(day))
    return {
      new: notices.filter(({ since }) => since === day).map(({ subject }) => subject),
      open: notices.filter(({ id }) => open.has(id)).map(({ subject }) => subject),
    }
  }

  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    await work.enrol('1')
    work.on('2025-04-02')
    await work.town.read('2025-03', [{ account: '1', start: '0', end: '1000', on: '2025-03-31' }])
    await work.town.bill('2025-03')
    work.on('2025-04-15')
    const order = await work.order('P1')
    await work.take('order', order, 'order_served')
    work.on('2025-05-11')
    number = await work.file(order)
    await work.take('case', number, 'investigated')
    const clock = { code: 'clock', name: '定时任务', organisationCode: 'bureau', roles: ['scheduler'] as const }
    await done(addStaff(work.town.services, by('admin'), { ...clock, from: civilDate('2025-08-01') }))
  })
  afterAll(() => work.leave())

  it('once when one ends within a week, on a working day, and once when it has passed', async () => {
    // Filed on 11 May: to be decided by Saturday 9 August, a week after Saturday 2 August.
    const notice = `case/${number}/give_notice/2025-08-09`
    expect(await on('2025-08-01')).toEqual({ new: [], open: [] })
    expect(await on('2025-08-02')).toEqual({ new: [], open: [] })
    expect(await on('2025-08-04')).toEqual({ new: [notice], open: [notice] })
    expect(await on('2025-08-05')).toEqual({ new: [], open: [notice] })
    expect(await on('2025-08-10')).toEqual({ new: [], open: [] })
    const passed = `case/${number}/too_late/2025-08-09/passed`
    expect(await on('2025-08-11')).toEqual({ new: [passed], open: [passed] })
    expect((await told()).map((each) => noticeKinds['legal_clock']?.sentence(each, 'en'))).toEqual([
      `Case ${number} (示例单位1): the 90 days are over: close the case (bureau), the last day was 2025-08-09 (Administrative Penalty Law art. 60).`,
      `Case ${number} (示例单位1): give notice of the intended fine (brigade) by 2025-08-09 (Administrative Penalty Law art. 44).`,
    ])
    expect((await told())[0]?.roles).toEqual(['bureau_clerk', 'bureau_approver', 'brigade_officer'])
  })

  it('no longer once the step was taken; and it takes none itself', async () => {
    work.on('2025-08-11')
    await work.take('case', number, 'closed', { fields: { ground: 'revoked', reason: '逾期' } })
    expect(await on('2025-08-12')).toEqual({ new: [], open: [] })
    const { rows } = await sql<{ name: string }>`
      select distinct c.name from commands c join staff s on s.id = c.actor_id where s.code = 'clock'
        and c.name not like 'payments.%'`.execute(connection().db)
    expect(rows).toEqual([{ name: 'jobs.tell-staff' }])
  })
})
