import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

let district: SmallDistrict
const run = (...words: string[]) => district.run(...words)
const json = async (...words: string[]) => JSON.parse((await run(...words, '--json')).stdout)

beforeAll(async () => {
  district = await openSmallDistrict()
})
afterAll(() => district.remove())

describe('jobs and notices on the command line', () => {
  it('say what to do where nobody carries the schedule', async () => {
    const listed = await run('jobs', 'list')
    expect([listed.code, listed.stdout.includes('--role scheduler')]).toEqual([0, true])
    for (const word of ['due', 'run']) {
      const { code, stderr } = await run('jobs', word)
      expect([code, stderr.includes('qingliu staff add clock')]).toEqual([69, true])
    }
    const empty = await run('notices', 'list', '--lang', 'en')
    expect(empty).toMatchObject({
      code: 0,
      stdout: 'No notice waits. Those dealt with: --all; the jobs: qingliu jobs list.\n',
    })
  })

  it('show what is due before it is done, and change nothing by it', async () => {
    const clock = ['clock', '定时任务', '--organisation', 'bureau', '--role', '定时任务', '--from', '2026-04-03']
    expect((await run('staff', 'add', ...clock, '--as', 'admin')).code).toBe(0)
    const contract = ['C-1', '--collector', 'gx', '--document', '示例合同', '--from', '2025-01-01']
    expect((await run('dischargers', 'add-collector-contract', ...contract, '--as', 'clerk')).code).toBe(0)
    const before = await district.mark()
    const due = await json('jobs', 'due', '--at', '2026-04-04 08:00')
    expect(due.slots).toHaveLength(13)
    expect(due.slots[0]).toEqual({
      job: 'draft-month',
      dueAt: '2026-04-02T22:30:00.000Z',
      day: '2026-04-03',
      round: 0,
      unfinished: false,
    })
    // The same instant as others write it; and a trial of the run shows the same.
    expect(await json('jobs', 'due', '--at', '2026-04-04T00:00:00Z')).toEqual(due)
    expect(await json('jobs', 'run', '--at', '2026-04-04 08:00', '--dry-run')).toEqual(due)
    await run('jobs', 'list')
    await run('notices', 'list')
    expect(await district.mark()).toEqual(before)
  })

  it('carry out what is due, say it in either language, and once', async () => {
    const first = await run('jobs', 'run', '--at', '2026-04-04 08:00')
    expect(first.code).toBe(0)
    expect(first.stdout).toContain('2026-04-04 08:00  expected-files  完成  文件未到：gx/2026-03')
    expect(first.stdout).toContain('12 次没有要做的事。')
    const again = await run('jobs', 'run', '--at', '2026-04-04 08:00', '--lang', 'en')
    expect(again.stdout).toBe('Nothing was due at 2026-04-04 08:00.\n')
    const { actor, jobs } = await json('jobs', 'list')
    expect(actor).toBe('clock')
    expect(jobs.map(({ job, nextDueAt }: { job: string; nextDueAt: string }) => [job, nextDueAt])).toEqual([
      ['draft-month', '2026-04-04T04:30:00.000Z'],
      ['overdue-list', '2026-04-04T23:00:00.000Z'],
      ['make-messages', '2026-04-04T04:15:00.000Z'],
      ['expected-files', '2026-04-05T00:00:00.000Z'],
      ['legal-clocks', '2026-04-04T00:30:00.000Z'],
      ['calendar-lacking', '2026-11-01T01:00:00.000Z'],
    ])
  })

  it('tell the collector and the clerk, and nobody else, until the file is there', async () => {
    const told = await run('notices', 'list', '--for', 'clerk')
    expect(told.stdout).toContain('示例gx供水公司 2026-03 的抄表文件应于 2026-04-03 前送达，尚未收到。')
    expect(told.stdout).toContain('qingliu readings import FILE --collector gx --month 2026-03')
    expect((await json('notices', 'list', '--for', 'gx-operator')).notices).toHaveLength(1)
    for (const other of ['mt-operator', 'approver', 'auditor'])
      expect((await json('notices', 'list', '--for', other)).notices, other).toEqual([])
    const shown = await run('notices', 'show', '1', '--lang', 'en')
    expect(shown.stdout).toContain('since 2026-04-04　open')

    const file = district.file('2026-03.csv', '户号,表号,上期读数,本期读数,抄表日期\n00101,M-1,0,10,2026-03-31\n')
    expect(
      (await run('readings', 'import', file, '--collector', 'gx', '--month', '2026-03', '--as', 'gx-operator')).code,
    ).toBe(0)
    expect((await json('notices', 'list')).notices).toEqual([])
    expect((await json('notices', 'list', '--all')).notices).toMatchObject([{ subject: 'gx/2026-03', open: false }])
  })

  it('draft when the files are in, put the draft before the approvers, and list what became of each slot', async () => {
    const { stdout } = await run('jobs', 'run', '--at', '2026-04-04 12:30')
    expect(stdout).toContain('2026-04-04 12:30  draft-month  完成  2026-03 已试算，批次 1 待审批')
    const told = await run('notices', 'list', '--for', 'approver')
    expect(told.stdout).toContain('批次 1，账单 1 张')
    expect(told.stdout).toContain('qingliu bills run 1')
    const slots = await run('jobs', 'list', 'draft-month', '--limit', '2', '--lang', 'en')
    expect(slots.stdout).toContain('2026-04-04 12:30  done')
    expect(slots.stdout).toContain('2026-04-04 06:30  nothing to do')
    // A person approves it as any other run; the clock cannot.
    const { digest } = (await json('bills', 'run', '1')).summary
    const approve = (person: string) =>
      run('bills', 'approve', '1', '--digest', digest, '--acknowledge', '已核对', '--as', person)
    expect((await approve('clock')).code).toBe(77)
    expect((await approve('approver')).code).toBe(0)
  })

  it.each([
    [64, ['jobs', 'run', '--at', '2199-01-01 08:00'], '还没有到'],
    [64, ['jobs', 'run', '--at', 'tomorrow'], 'tomorrow'],
    [64, ['jobs', 'due', '--at', '2026-02-30 08:00'], '2026-02-30'],
    [64, ['jobs', 'due', '--at', '2026-04-04 24:00'], '24:00'],
    [66, ['jobs', 'list', 'nonsense'], 'overdue-list'],
    [66, ['jobs', 'retry', 'draft-month', '2026-04-09 06:30', '--reason', 'x', '--as', 'clerk'], '2026-04-09 06:30'],
    [75, ['jobs', 'retry', 'draft-month', '2026-04-04 06:30', '--reason', 'x', '--as', 'clerk'], '没有搁置'],
    [64, ['jobs', 'retry', 'draft-month', '2026-04-04 06:30', '--as', 'clerk'], '--reason'],
    [66, ['notices', 'show', '99'], '99'],
    [77, ['notices', 'list', '--for', 'nobody'], 'nobody'],
  ])('refuse with %i: %j', async (code, words, said) => {
    const { code: ended, stdout, stderr } = await run(...words)
    expect([ended, stdout]).toEqual([code, ''])
    expect(stderr).toContain(said)
    expect(stderr.trim().split('\n')).toHaveLength(2)
  })
})
