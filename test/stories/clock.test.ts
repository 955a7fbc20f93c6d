import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noticeKinds } from '../../jobs/notice-kinds.ts'
import { runDueJobs } from '../../jobs/run-due-jobs.ts'
import { importOpening } from '../../src/bills/import-opening.ts'
import { approveCalendarYear } from '../../src/calendars/approve-calendar-year.ts'
import { proposeCalendarYear } from '../../src/calendars/propose-calendar-year.ts'
import { addCollectorContract } from '../../src/dischargers/add-collector-contract.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { overdueListLines } from '../../src/payments/overdue-list.queries.ts'
import { listOverdue } from '../../src/payments/payment.queries.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { takeOverMoney } from '../../src/payments/take-over-money.ts'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { listNotices } from '../../src/platform/notices.ts'
import { listProposals } from '../../src/platform/proposals.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

onEveryDatabase('A town whose clock goes by itself', (connection) => {
  let town: SmallTown
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-clock-'))
  let runners = 0

  /** Ticks until nothing is left at `at` (a time in China); answers what was not simply nothing, as `time job outcome: said`. */
  const tickAt = async (at: string): Promise<string[]> => {
    const said: string[] = []
    for (;;) {
      runners += 1
      const report = await runDueJobs(town.services, new Date(`${at.replace(' ', 'T')}:00+08:00`), {
        runner: `r${runners}`,
      })
      for (const { slot, outcome, result, error } of report.worked) {
        if (error !== undefined) throw error
        if (outcome === 'nothing') continue
        const time = new Date(slot.dueAt.getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
        const parked = result?.parked.map(({ subject, code }) => `${subject} ${code}`).join(', ')
        said.push(`${time} ${slot.job} ${outcome}: ${parked || result?.summary.en}`)
      }
      if (report.leftForNextTick === 0) return said
    }
  }
  /** The notices nobody has dealt with, as `kind subject`, oldest first. */
  const open = async (): Promise<string[]> => {
    const notices = await listNotices(town.services.db, { limit: 1_000 })
    const found: string[] = []
    for (const [name, kind] of Object.entries(noticeKinds)) {
      const ofKind = notices.filter((notice) => notice.kind === name)
      const ids = await kind.open(town.services.db, ofKind, town.services.clock.today())
      found.push(...ofKind.filter(({ id }) => ids.has(id)).map((notice) => `${notice.kind} ${notice.subject}`))
    }
    return found.sort()
  }
  const sentences = async (kind: string): Promise<string[]> =>
    (await listNotices(town.services.db, { limit: 1_000 }))
      .filter((notice) => notice.kind === kind)
      .map((notice) => noticeKinds[kind]?.sentence(notice, 'en') ?? '')
  const waitingRuns = async () => {
    const proposals = await listProposals(town.services.db, { kind: 'bills.run', undecided: true })
    return proposals.map(({ subject, makerCode, content }) => ({
      run: subject,
      makerCode,
      content: content as { digest: string; bills: number },
    }))
  }

  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-03-01')
    await done(
      addOrganisation(town.services, by('admin'), { code: 'water-co', name: '示例供水公司', kind: 'water_company' }),
    )
    const operator = {
      code: 'operator',
      name: '示例经办',
      organisationCode: 'water-co',
      roles: ['water_company_operator'],
    }
    await done(addStaff(town.services, by('admin'), operator))
    await done(
      addCollectorContract(town.services, by('clerk'), {
        contractNo: 'C-1',
        collectorCode: 'water',
        document: '示例代征合同',
        remittancePeriod: 'quarter',
        from: civilDate('2025-01-01'),
      }),
    )
    for (const account of ['0011', '0012']) await town.enrol(account, { openedOn: '2026-03-01' })
  })
  afterAll(() => {
    town.leave()
    rmSync(folder, { recursive: true })
  })

  it('stands still until somebody is appointed', async () => {
    const report = await runDueJobs(town.services, new Date('2026-03-31T12:00:00+08:00'), { runner: 'nobody' })
    expect(report).toMatchObject({ appointed: false, worked: [] })
    await done(
      addStaff(town.services, by('admin'), {
        code: 'clock',
        name: '定时任务',
        organisationCode: 'bureau',
        roles: ['scheduler'],
        from: civilDate('2026-04-01'),
      }),
    )
  })

  it('asks for the readings of March when the 3rd has passed without them, once', async () => {
    expect(await tickAt('2026-04-03 23:59')).toEqual([])
    expect(await tickAt('2026-04-04 08:00')).toEqual(['04-04 08:00 expected-files done: not come: water/2026-03'])
    expect(await tickAt('2026-04-04 08:00')).toEqual([])
    expect(await tickAt('2026-04-05 08:00')).toEqual([])
    expect(await open()).toEqual(['readings_file_missing water/2026-03'])
    expect(await sentences('readings_file_missing')).toEqual([
      'The readings of 示例供水公司 for 2026-03 were expected by 2026-04-03 and have not come.',
    ])
  })

  it('drafts March when the file is in, tells the approvers, and parks what it may not decide', async () => {
    town.on('2026-04-05')
    await town.read('2026-03', [{ account: '0011', start: '0', end: '100', on: '2026-03-31' }])
    expect(await open()).toEqual([])
    // Nobody has frozen the roster yet: that is not the clock's to do.
    expect(await tickAt('2026-04-05 12:30')).toEqual(['04-05 12:30 draft-month parked: 2026-03 no_roster'])
    await town.freeze('2026-03')
    expect(await tickAt('2026-04-05 18:30')).toEqual(['04-05 18:30 draft-month done: 2026-03 is drafted; run 1 waits'])
    expect(await open()).toEqual(['run_drafted 1'])
    expect(await waitingRuns()).toMatchObject([{ run: '1', makerCode: 'clock', content: { bills: 1 } }])
  })

  it('drafts anew while the draft waits and facts are added, and not where none were', async () => {
    expect(await tickAt('2026-04-06 06:30')).toEqual([])
    town.on('2026-04-06')
    await town.read('2026-03', [{ account: '0012', start: '0', end: '50', on: '2026-03-31' }])
    const [before] = await waitingRuns()
    expect(await tickAt('2026-04-06 12:30')).toEqual(['04-06 12:30 draft-month done: 2026-03 is drafted; run 1 waits'])
    const runs = await waitingRuns()
    expect(runs).toMatchObject([{ run: '1', content: { bills: 2 } }])
    expect(runs[0]?.content.digest).not.toBe(before?.content.digest)
    // Told once: it is the same run.
    expect(await sentences('run_drafted')).toHaveLength(1)
  })

  it('approves nothing: a person does, and then the month is left alone', async () => {
    town.on('2026-04-06')
    const [waiting] = await waitingRuns()
    expect(await town.issue(await town.summary(waiting?.run ?? ''))).toMatchObject({
      billCount: 2,
      dueOn: '2026-04-13',
    })
    expect(await open()).toEqual([])
    expect(await tickAt('2026-04-13 23:59')).toEqual([])
  })

  it('lists what is overdue on the day after the due date, as it is known then', async () => {
    expect(await tickAt('2026-04-14 07:00')).toEqual(['04-14 07:00 overdue-list done: 2 bills of 210.00 yuan overdue'])
    expect(await open()).toEqual(['overdue_list 2026-04-14'])
    const [list] = (await listNotices(town.services.db, { limit: 1 })).map(({ particulars }) => particulars)
    expect(list).toMatchObject({ asOf: '2026-04-14', bills: 2, amount: '210.00' })
    expect(list?.['digest']).toMatch(/^[0-9a-f]{64}$/)
  })

  it('asks for the payments when two working days have passed without a file', async () => {
    expect(await tickAt('2026-04-15 23:59')).toEqual([])
    expect(await tickAt('2026-04-16 08:00')).toEqual(['04-16 08:00 expected-files done: not come: water/2026-04-13'])
    expect(await sentences('payments_file_missing')).toEqual([
      'The payments of 示例供水公司 up to 2026-04-13 (the due date) were expected by 2026-04-15 and have not come; of what fell due that day, 2 bills of 210.00 yuan show no payment.',
    ])
  })

  it('keeps the list although the late file shows that one had paid in time, until the other has paid too', async () => {
    const pay = async (name: string, ...rows: string[]) => {
      const path = join(folder, name)
      writeFileSync(path, ['户号,缴费日期,交易流水号,实收污水处理费', ...rows].join('\n'))
      await done(importPayments(town.services, by('clerk'), { collectorCode: 'water', path }))
    }
    town.on('2026-04-16')
    await pay('in-time.csv', '0011,2026-04-12,T1,140.00')
    expect(await open()).toEqual(['overdue_list 2026-04-14'])
    const asOf = civilDate('2026-04-14')
    expect((await listOverdue(town.services.db, asOf, { limit: 9 })).map(({ accountNo }) => accountNo)).toEqual([
      '0012',
    ])
    expect(
      (await overdueListLines(town.services.db, asOf, 9)).map((line) => [
        line.accountNo,
        moneyText(line.outstanding),
        moneyText(line.outstandingNow),
      ]),
    ).toEqual([
      ['0011', '140.00', '0.00'],
      ['0012', '70.00', '70.00'],
    ])
    await pay('late.csv', '0012,2026-04-16,T2,70.00')
    expect(await open()).toEqual([])
  })

  it('catches up seven months of silence in order, loses nothing and asks for each file once', async () => {
    const said = await tickAt('2026-11-02 08:30')
    // No roster and no readings of these months: one notice for each, and from November the calendar.
    expect(said).toEqual([
      '05-07 08:00 expected-files done: not come: water/2026-04',
      '06-04 08:00 expected-files done: not come: water/2026-05',
      '07-04 08:00 expected-files done: not come: water/2026-06',
      '08-04 08:00 expected-files done: not come: water/2026-07',
      '09-04 08:00 expected-files done: not come: water/2026-08',
      '10-09 08:00 expected-files done: not come: water/2026-09',
      '11-01 09:00 calendar-lacking done: announced that 2027 is lacking',
    ])
    const { rows } = await sql`
      select s.job, count(*)::int as slots, count(distinct s.acting_on)::int as days, min(s.acting_on) as first, max(s.acting_on) as last
      from job_slots s join job_outcomes o on o.job = s.job and o.due_at = s.due_at and o.round = 0
      group by s.job order by s.job`.execute(town.services.db)
    expect(rows).toEqual([
      { job: 'calendar-lacking', slots: 1, days: 1, first: '2026-11-01', last: '2026-11-01' },
      // 1 April to 1 November three times a day, and the first of 2 November.
      { job: 'draft-month', slots: 215 * 3 + 1, days: 216, first: '2026-04-01', last: '2026-11-02' },
      { job: 'expected-files', slots: 216, days: 216, first: '2026-04-01', last: '2026-11-02' },
      // At 08:30, as the tick.
      { job: 'legal-clocks', slots: 216, days: 216, first: '2026-04-01', last: '2026-11-02' },
      // Three times a day as well; at 08:30 the first of 2 November is over.
      { job: 'make-messages', slots: 215 * 3 + 1, days: 216, first: '2026-04-01', last: '2026-11-02' },
      { job: 'overdue-list', slots: 216, days: 216, first: '2026-04-01', last: '2026-11-02' },
    ])
  })

  it('sees the announcement dealt with when next year’s calendar is in force', async () => {
    expect(await open()).toContain('calendar_lacking 2027')
    town.on('2026-11-03')
    const { proposalId } = await done(
      proposeCalendarYear(town.services, by('clerk'), {
        year: 2027,
        noticeNumber: '示例〔2026〕1号',
        restDays: ['2027-01-01', '2027-05-01', '2027-10-01', '2027-10-02', '2027-10-03'],
        makeUpWorkdays: [],
      }),
    )
    await done(approveCalendarYear(town.services, by('approver'), { proposalId }))
    expect(await open()).not.toContain('calendar_lacking 2027')
  })

  describe('afterwards', () => {
    it('everything it did was a command of the clock, and none approved anything', async () => {
      const { rows } = await sql<{ name: string }>`
        select distinct c.name from commands c join staff s on s.id = c.actor_id where s.code = 'clock' order by 1`.execute(
        town.services.db,
      )
      expect(rows.map(({ name }) => name)).toEqual([
        'bills.open-run',
        'bills.submit-run',
        'jobs.tell-staff',
        'payments.keep-overdue-list',
      ])
    })

    it('a notice is for its roles and for the organisation it concerns', async () => {
      const { db } = town.services
      const told = async (code: string) => {
        const { rows } = await sql<{ id: string; organisation_id: string; roles: string[] }>`
          select s.id, s.organisation_id, array(select role from staff_roles r where r.staff_id = s.id)::text[] as roles
          from staff s where code = ${code}`.execute(db)
        const actor = { ...rows[0], organisationId: rows[0]?.organisation_id } as never
        return new Set((await listNotices(db, { forActor: actor, limit: 100 })).map(({ kind }) => kind))
      }
      expect(await told('approver')).toEqual(new Set(['run_drafted']))
      expect((await told('clerk')).size).toBe(5)
      expect(await told('auditor')).toEqual(new Set())
    })
  })
})

onEveryDatabase('A town that went live at the end of a month', (connection) => {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-live-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (name: string, ...lines: string[]) => {
    writeFileSync(join(folder, name), lines.join('\n'))
    return join(folder, name)
  }

  it('is asked for no readings of the months that were billed before, and for those of the first one after', async () => {
    const town = await SmallTown.found(connection(), '2026-04-01')
    const { services } = town
    await done(
      addCollectorContract(services, by('clerk'), {
        contractNo: 'C-1',
        collectorCode: 'water',
        document: '示例代征合同',
        remittancePeriod: 'quarter',
        from: civilDate('2025-01-01'),
      }),
    )
    await town.enrol('0011', { openedOn: '2025-03-01' })
    const control = { readings: 1, uses: 0, usesVolumeM3: '0', openBills: 0, openBillsAmount: '0.00' }
    await done(
      importOpening(
        services,
        by('clerk'),
        {
          collectorCode: 'water',
          readings: write('readings.csv', '户号,表号,抄表日期,读数', '0011,M0011,2026-03-31,500'),
          uses: write('uses.csv', '户号,月份,用水量,估算'),
          openBills: write('bills.csv', '账单年份,账单号,户号,月份,水量,金额,到期日,价格类别'),
          control: write('control.json', JSON.stringify(control)),
        },
        settleIssued,
        takeOverMoney,
      ),
    )
    const clock = { code: 'clock', name: '定时任务', organisationCode: 'bureau', roles: ['scheduler'] }
    await done(addStaff(services, by('admin'), { ...clock, from: civilDate('2026-04-01') }))
    const asked = async (at: string) => {
      const report = await runDueJobs(services, new Date(`${at}:00+08:00`), { runner: at })
      expect(report.leftForNextTick).toBe(0)
      return (await listNotices(services.db, { limit: 10 })).map(({ kind, subject }) => `${kind} ${subject}`)
    }
    expect(await asked('2026-04-20T12:00')).toEqual([])
    expect(await asked('2026-05-09T12:00')).toEqual(['readings_file_missing water/2026-04'])
    town.leave()
  })
})
