import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Job, type JobContext, type JobResult, nothing, parked } from '../../jobs/job.ts'
import { retrySlot } from '../../jobs/retry-slot.ts'
import { runDueJobs, type TickOptions } from '../../jobs/run-due-jobs.ts'
import { newestSlots } from '../../jobs/slots.queries.ts'
import { openRounds } from '../../jobs/slots.store.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { keepOverdueList } from '../../src/payments/keep-overdue-list.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { endRole } from '../../src/platform/end-role.ts'
import { grantRole } from '../../src/platform/grant-role.ts'
import { refusePlatform } from '../../src/platform/platform.refusals.ts'
import { refusalOf } from '../db/ground.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'

const gone = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
const did = (word: string): JobResult => ({ did: true, summary: { zh: word, en: word }, parked: [] })
const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)

onEveryDatabase('The clock', (connection) => {
  const services = () => servicesOn(connection(), '2026-04-20')
  /** Each test has a job of its own, so that none meets the slots of another. */
  const job = (name: string, run: (context: JobContext) => Promise<JobResult>): Job => ({
    name,
    zh: name,
    en: name,
    timetable: { at: ['07:00'] },
    run,
  })
  const tick = (one: Job, when: string, options: Partial<TickOptions> = {}) =>
    runDueJobs(services(), at(when), { runner: 'first', jobs: [one], ...options })
  const outcomes = async (name: string) =>
    (await newestSlots(connection().db, { job: name, limit: 99 })).map(
      ({ slot, round, outcome, parked: items }) =>
        `${slot.day} ${round} ${outcome ?? 'open'}${items.map(({ code }) => ` ${code}`).join('')}`,
    )

  beforeAll(async () => {
    await openOffice(services())
    const clock = { code: 'clock', name: '定时任务', organisationCode: 'bureau', roles: ['scheduler'] }
    await done(addStaff(services(), by('admin'), { ...clock, from: civilDate('2026-04-10') }))
  })

  it('acts for the day of the slot, and records when it really was', async () => {
    const seen: unknown[] = []
    const acts = job('acts-for', async ({ services: given, slot, actor, envelope }) => {
      seen.push([slot.day, given.clock.today(), actor, envelope('part')])
      return did('done')
    })
    await tick(acts, '2026-04-11 07:00')
    const id = (day: string) => ({ actor: 'clock', commandId: `job/acts-for/${day}T23:00:00.000Z/part` })
    expect(seen).toEqual([
      ['2026-04-10', '2026-04-10', 'clock', id('2026-04-09')],
      ['2026-04-11', '2026-04-11', 'clock', id('2026-04-10')],
    ])
    const { rows } =
      await sql`select acting_on from job_slots where job = 'acts-for' and claimed_at < '2026-04-12' limit 1`.execute(
        connection().db,
      )
    expect(rows).toEqual([])
  })

  it('works as many slots as it is asked to, and says that more is due', async () => {
    const many = job('so-many', async () => nothing('无', 'none'))
    expect((await tick(many, '2026-04-20 12:00', { slotsMaximum: 4 })).leftForNextTick).toBe(1)
    expect(await outcomes('so-many')).toHaveLength(4)
    await tick(many, '2026-04-20 12:00', { slotsMaximum: 4 })
    expect((await tick(many, '2026-04-20 12:00', { slotsMaximum: 4 })).leftForNextTick).toBe(0)
    expect(await outcomes('so-many')).toHaveLength(11)
  })

  it('begins nothing once it is told to stop, and finishes what it is at', async () => {
    const stopping = new AbortController()
    const stops = job('stops', async () => {
      stopping.abort()
      return did('finished')
    })
    await tick(stops, '2026-04-12 12:00', { stopping: stopping.signal })
    expect(await outcomes('stops')).toEqual(['2026-04-10 0 done'])
  })

  it('parks a slot whose job has a bug, with its cause, and goes on', async () => {
    const buggy = job('buggy', async ({ slot }) => {
      if (slot.day === '2026-04-10') throw new TypeError('x is undefined')
      return did('fine')
    })
    const { worked } = await tick(buggy, '2026-04-11 12:00')
    expect(worked.map(({ outcome, error }) => [outcome, error instanceof TypeError])).toEqual([
      ['parked', true],
      ['done', false],
    ])
    expect(await outcomes('buggy')).toEqual(['2026-04-11 0 done', '2026-04-10 0 parked job_failed'])
    const [, slot] = await newestSlots(connection().db, { job: 'buggy', limit: 9 })
    expect(slot?.parked[0]?.en).toContain('x is undefined')
  })

  it('tries a parked slot again when a person says why, and no other', async () => {
    let broken = true
    const mended = job('mended', async ({ slot }) => {
      if (broken)
        return { ...did('stuck'), parked: [parked('roster', refusePlatform('database_not_prepared', { count: 1 }))] }
      return did(`mended ${slot.day}`)
    })
    await tick(mended, '2026-04-10 12:00')
    const retry = (reason: string, dueAt = '2026-04-10 07:00', actor = 'clerk') =>
      retrySlot(services(), by(actor), { job: 'mended', dueAt: at(dueAt), reason })
    expect(await refusedWith(retry(' '))).toBe('job_retry_needs_reason')
    expect(await refusedWith(retry('名单已批准', '2026-04-11 07:00'))).toBe('job_slot_missing')
    expect(await refusedWith(retry('名单已批准', '2026-04-10 07:00', 'auditor'))).toBe('role_missing')
    expect(await done(retry('名单已批准'))).toEqual({ job: 'mended', dueAt: '2026-04-10 07:00', round: 1 })
    expect(await refusedWith(retry('再试'))).toBe('job_slot_not_parked')
    await tick(mended, '2026-04-10 12:00')
    expect(await outcomes('mended')).toEqual(['2026-04-10 1 parked database_not_prepared'])
    broken = false
    await done(retry('名单已批准'))
    expect((await tick(mended, '2026-04-10 12:00')).worked[0]?.result?.summary.en).toBe('mended 2026-04-10')
    expect(await outcomes('mended')).toEqual(['2026-04-10 2 done'])
    expect(await refusedWith(retry('再试'))).toBe('job_slot_not_parked')
  })

  it('leaves a slot to a later tick where the database went away in the middle, and works no later one before it', async () => {
    let away = true
    const begun: string[] = []
    const torn = job('torn', async ({ slot }) => {
      begun.push(slot.day)
      if (away) throw gone()
      return did('finished')
    })
    await expect(tick(torn, '2026-04-11 12:00')).rejects.toThrow('Connection terminated')
    expect(await outcomes('torn')).toEqual(['2026-04-10 0 open'])
    // The process is alive as far as anyone can tell: for the length of its lease nobody takes over.
    const waiting = await tick(torn, '2026-04-11 12:00')
    expect([waiting.worked, waiting.heldByOthers]).toEqual([[], 1])
    away = false
    await ended(connection().db, 'torn')
    await tick(torn, '2026-04-11 12:00', { runner: 'second' })
    expect(await outcomes('torn')).toEqual(['2026-04-11 0 done', '2026-04-10 0 done'])
    expect(begun).toEqual(['2026-04-10', '2026-04-10', '2026-04-11'])
  })

  it('takes over in the embedded database at once, because there is one process at a time; else when the lease has ended', async () => {
    const left = job('left-behind', async () => {
      throw gone()
    })
    await expect(tick(left, '2026-04-10 12:00')).rejects.toThrow()
    const next = job('left-behind', async () => did('finished'))
    const { worked, heldByOthers } = await tick(next, '2026-04-10 12:00', { runner: 'second' })
    if (connection().engine === 'embedded') expect(worked).toHaveLength(1)
    else expect([worked.length, heldByOthers]).toEqual([0, 1])
  })

  it('keeps a slot for as long as it gives signs of life, also beyond the length of a lease', async () => {
    let finish: (result: JobResult) => void = () => undefined
    const result = new Promise<JobResult>((resolve) => {
      finish = resolve
    })
    let begun = 0
    const slow = job('slow', () => {
      begun += 1
      return result
    })
    const working = tick(slow, '2026-04-10 12:00', { leaseSeconds: 1 })
    await new Promise((resolve) => setTimeout(resolve, 2_200))
    // The embedded database is one process’s, which does not tick beside itself.
    if (connection().engine === 'postgres') {
      expect(await tick(slow, '2026-04-10 12:00', { runner: 'second' })).toMatchObject({ worked: [], heldByOthers: 1 })
    }
    finish(did('finished'))
    await working
    expect([begun, await outcomes('slow')]).toEqual([1, ['2026-04-10 0 done']])
  })

  it('gives up a slot that five processes began and none finished, and says so', async () => {
    const deadly = job('deadly', async () => {
      throw gone()
    })
    for (let process = 1; process <= 5; process += 1) {
      await expect(tick(deadly, '2026-04-10 12:00', { runner: `p${process}` })).rejects.toThrow()
      await ended(connection().db, 'deadly')
    }
    await tick(deadly, '2026-04-10 12:00', { runner: 'p6' })
    expect(await outcomes('deadly')).toEqual(['2026-04-10 0 parked job_given_up'])
  })

  it('leaves a slot for a later tick when too many were writing, instead of parking it', async () => {
    const busy = job('busy', async () => ({
      ...did('busy'),
      parked: [parked('x', refusePlatform('database_busy', { attempts: 5 }))],
    }))
    expect((await tick(busy, '2026-04-11 12:00')).worked.map(({ outcome }) => outcome)).toEqual(['left'])
    expect(await outcomes('busy')).toEqual(['2026-04-10 0 open'])
  })

  it('claims each slot once when ten ticks come at once', async () => {
    const worked: string[] = []
    const once = job('at-once', async ({ slot }) => {
      worked.push(slot.day)
      return did('done')
    })
    // In the embedded database there is one process, and so one runner.
    const runner = (index: number) => (connection().engine === 'embedded' ? 'first' : `t${index}`)
    const ticks = Array.from({ length: 10 }, (_, index) => tick(once, '2026-04-20 12:00', { runner: runner(index) }))
    await Promise.all(ticks)
    await tick(once, '2026-04-20 12:00')
    expect(worked).toEqual([...new Set(worked)].sort())
    expect(worked).toHaveLength(11)
  })

  it('does nothing on days after the role has ended', async () => {
    const until = civilDate('2026-04-15')
    await done(endRole(services(), by('admin'), { staffCode: 'clock', role: 'scheduler', until }))
    const ends = job('ends', async () => did('done'))
    await tick(ends, '2026-04-20 12:00')
    expect((await outcomes('ends'))[0]).toBe('2026-04-14 0 done')
    await done(
      grantRole(services(), by('admin'), { staffCode: 'clock', role: 'scheduler', from: civilDate('2026-04-18') }),
    )
    await tick(ends, '2026-04-20 12:00')
    expect((await outcomes('ends')).slice(0, 4)).toEqual([
      '2026-04-20 0 done',
      '2026-04-19 0 done',
      '2026-04-18 0 done',
      '2026-04-14 0 done',
    ])
  })

  describe('the role of the schedule', () => {
    const grant = (staffCode: string, role: string) => grantRole(services(), by('admin'), { staffCode, role })
    it('is one holder’s at a time', async () => {
      await done(
        addStaff(services(), by('admin'), { code: 'spare', name: '备用', organisationCode: 'bureau', roles: [] }),
      )
      expect(await refusedWith(grant('spare', 'scheduler'))).toBe('scheduler_taken')
      const twin = { code: 'twin', name: '孪生', organisationCode: 'bureau', roles: ['scheduler'] }
      expect(await refusedWith(addStaff(services(), by('admin'), twin))).toBe('scheduler_taken')
    })
    it('goes with no other: who drafts by itself can never approve', async () => {
      expect(await refusedWith(grant('clock', 'bureau_approver'))).toBe('scheduler_stands_alone')
      expect(await refusedWith(grant('clock', 'scheduler'))).toBe('role_held')
      const both = { code: 'twofold', name: '双岗', organisationCode: 'bureau', roles: ['scheduler', 'bureau_clerk'] }
      expect(await refusedWith(addStaff(services(), by('admin'), both))).toBe('scheduler_stands_alone')
    })
    it('the database says so too', async () => {
      const also = `insert into staff_roles (staff_id, role, valid_from)
        select id, 'bureau_approver', '2027-01-01' from staff where code = 'clock'`
      expect(await refusalOf(connection().db, also)).toMatchObject({ constraint: 'scheduler_stands_alone' })
      const second = `insert into staff_roles (staff_id, role, valid_from)
        select id, 'scheduler', '2027-01-01' from staff where code = 'spare'`
      expect(await refusalOf(connection().db, second)).toMatchObject({ constraint: 'scheduler_is_one' })
    })
  })

  describe('the database refuses', () => {
    const refused = (statement: string) => refusalOf(connection().db, statement)
    const slot = `'at-once', '2026-04-10 07:00+08'::timestamptz`
    it('a second claim, and a slot that acts for another day than its own', async () => {
      expect(
        await refused(`insert into job_slots (job, due_at, acting_on) values (${slot}, '2026-04-10')`),
      ).toMatchObject({ state: '23505' })
      // 16:00 in London is midnight in China: the next day has begun.
      expect(
        await refused(
          `insert into job_slots (job, due_at, acting_on) values ('other', '2026-04-10 16:00+00', '2026-04-10')`,
        ),
      ).toMatchObject({ constraint: 'acts_for_its_day' })
    })
    it('another round of a slot that is not parked, and one without a person and a reason', async () => {
      const round = (no: number, reason: string, command: string) =>
        `insert into job_rounds (job, due_at, round, reason, command_id) select ${slot}, ${no}, '${reason}', ${command} from commands limit 1`
      expect(await refused(round(1, '再试', 'command_id'))).toEqual({ state: 'QL141' })
      const buggy = `insert into job_rounds (job, due_at, round, reason, command_id)
        select 'buggy', '2026-04-10 07:00+08'::timestamptz, 1, '', null`
      expect(await refused(buggy)).toMatchObject({ constraint: 'retried_by_a_person' })
    })
    it('a second outcome, and one that is parked without a reason', async () => {
      const outcome = (word: string) =>
        `insert into job_outcomes (job, due_at, round, outcome, summary) values (${slot}, 0, '${word}', '{}')`
      expect(await refused(outcome('done'))).toMatchObject({ state: '23505' })
      expect(await refused(outcome('parked'))).toMatchObject({ constraint: 'parked_with_reasons' })
    })
    it('an overdue list that is not the sum of its lines', async () => {
      const list = `insert into overdue_lists (as_of, bill_count, total_amount, digest, command_id, recorded_at)
        select '2026-04-14', 1, 1.00, repeat('0', 64), command_id, now() from commands limit 1`
      expect(await refused(`${list}; set constraints all immediate`)).toEqual({ state: 'QL142' })
    })
  })

  it('keeps no list of a day on which nothing is overdue', async () => {
    expect(await refusedWith(keepOverdueList(services(), by('clerk'), { asOf: civilDate('2026-04-14') }))).toBe(
      'nothing_overdue',
    )
  })

  it('leaves nothing unfinished behind but what these tests left on purpose', async () => {
    const open = (await openRounds(connection().db)).map(({ slot }) => slot.job)
    expect(open).toEqual(connection().engine === 'embedded' ? ['busy'] : ['busy', 'left-behind'])
  })
})

/** Takes the place of waiting: the lease of a job’s open round is replaced by one that has ended. */
async function ended(db: Parameters<typeof openRounds>[0], name: string): Promise<void> {
  await sql`
    insert into job_leases (job, due_at, round, lease_no, runner, renewal, taken_at, expires_at)
    select job, due_at, round, max(lease_no) + 1, 'first', true, now() - interval '2 seconds', now() - interval '1 second'
    from job_leases where job = ${name} group by job, due_at, round`.execute(db)
}
