import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { approveRun } from '../../src/bills/approve-run.ts'
import {
  billedLines,
  billedMonths,
  isOfLiveBill,
  lastBilledDays,
  listBills,
  runExceptions,
} from '../../src/bills/bill.queries.ts'
import { exceptionRows } from '../../src/bills/bill-run-list.queries.ts'
import { decideCorrection } from '../../src/bills/correct-bill.ts'
import { discardRun, draftRun, runProposalKind } from '../../src/bills/draft-run.ts'
import { lastDayBilledBy } from '../../src/bills/last-day-billed.queries.ts'
import { closeAccount } from '../../src/dischargers/close-account.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import type { RateScheduleId } from '../../src/kernel/ids.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { dischargerGuards } from '../../src/later-stages.ts'
import { sqlState } from '../../src/platform/command.ts'
import { listProposals } from '../../src/platform/proposals.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, nothingAfter, refusedWith } from '../support/office.ts'
import { booksOf, SmallTown } from '../support/small-town.ts'

const march = feeMonth('2026-03')

onEveryDatabase('Issued bills', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-01-20')
    for (const account of ['1001', '1002', '1003']) await town.enrol(account, { openedOn: '2026-02-01' })
    for (const [month, today, start, end, on] of [
      ['2026-02', '2026-03-03', '0', '100', '2026-02-28'],
      ['2026-03', '2026-04-03', '100', '200', '2026-03-31'],
    ] as const) {
      town.on(today)
      await town.read(
        month,
        ['1001', '1002', '1003'].map((account) => ({ account, start, end, on })),
      )
      await town.bill(month)
    }
    town.on('2026-04-20')
    await town.read('2026-03', [{ account: '1002', start: '100', end: '250', on: '2026-03-31' }])
    // 2026-000007 cancels the March of 1001; 8 and 9 bill that of 1002 anew.
    await town.correct('2026-000004', 'cancel', 'duplicate')
    await town.correct('2026-000005', 'rebill')
  })
  afterAll(() => town.leave())

  const numbers = async (filter: Partial<Parameters<typeof listBills>[1]>) =>
    (await listBills(town.services.db, { limit: 100, ...filter })).map(({ number }) => Number(number.slice(5)))

  it('are listed by number, narrowed by month, account, kind and run, a page at a time', async () => {
    expect(await numbers({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(await numbers({ feeMonth: march })).toEqual([4, 5, 6, 7, 8, 9])
    expect(await numbers({ accountNo: '1002' })).toEqual([2, 5, 8, 9])
    expect(await numbers({ kind: 'red' })).toEqual([7, 8])
    expect(await numbers({ runId: '1' })).toEqual([1, 2, 3])
    const [, , third] = await listBills(town.services.db, { limit: 3 })
    expect(await numbers({ afterBillId: third?.billId, limit: 2 })).toEqual([4, 5])
    expect(await numbers({ number: { year: 2025, number: 1 } })).toEqual([])
  })

  it('know what cancelled them, and which of their lines stand', async () => {
    const [cancelled] = await listBills(town.services.db, { number: { year: 2026, number: 4 }, limit: 1 })
    expect(cancelled?.cancelledBy).toBe('202600000007')
    const accountId = await town.idOf('1002')
    const lines = (await billedLines(town.services.db, [accountId], march)).get(accountId) ?? []
    expect(lines.map((each) => [each.number, each.kind, isOfLiveBill(each), moneyText(each.line.amount)])).toEqual([
      ['2026-000005', 'original', false, '140.00'],
      ['2026-000008', 'red', false, '-140.00'],
      ['2026-000009', 'rebill', true, '210.00'],
    ])
  })

  it('the last billed day of an account, and of a rate, forgets what was cancelled', async () => {
    const { db } = town.services
    const ids = await Promise.all(['1001', '1002'].map((account) => town.idOf(account)))
    expect([...(await lastBilledDays(db, ids)).values()].toSorted()).toEqual(['2026-02-28', '2026-03-31'])
    const [schedule] = (await sql<{ id: RateScheduleId }>`select id from rate_schedules`.execute(db)).rows
    if (schedule === undefined) throw new Error('no schedule')
    const billedBy = (categories: string[]) => lastDayBilledBy(db, { scheduleId: schedule.id, categories })
    expect(await billedBy(['resident', 'non-resident'])).toBe('2026-03-31')
    expect(await billedBy(['resident'])).toBeUndefined()
  })

  it('the brake compares with what the months before billed, newest first, corrections left out; of a set, with its own', async () => {
    const april = feeMonth('2026-04')
    const of = async (scope: Parameters<typeof billedMonths>[3]) =>
      (await billedMonths(town.services.db, april, 3, scope)).map(({ feeMonth: month, accounts, amount }) => [
        month,
        accounts,
        moneyText(amount),
      ])
    expect(await of({ kind: 'all' })).toEqual([
      ['2026-03', 3, '420.00'],
      ['2026-02', 3, '420.00'],
    ])
    expect(await of({ kind: 'accounts', accountIds: [await town.idOf('1002')] })).toEqual([
      ['2026-03', 1, '140.00'],
      ['2026-02', 1, '140.00'],
    ])
  })

  describe('by itself the database refuses', () => {
    /** An issue of one bill without lines, straight into the tables, made of another bill. */
    const issueFrom = (columns: RawBuilder<unknown>, number: number) =>
      town.services.db
        .transaction()
        .execute(async (trx) => {
          await sql`insert into bill_issues (kind, number_year, first_number, bill_count, total_amount, issued_on, command_id, recorded_at)
            select 'correction', 2026, 10, 1, 0, '2026-04-20', command_id, now() from commands limit 1`.execute(trx)
          await sql`insert into bills (number_year, number, issue_id, kind, account_id, discharger_id, fee_month, generation, corrects_bill_id,
              reason, evidence, due_on, volume_m3, total_amount)
            select 2026, 10, (select max(id) from bill_issues), ${columns}, 'volume', 'test', '2026-04-27', 0, 0
            from bills b where b.number = ${number}`.execute(trx)
        })
        .then(
          () => undefined,
          (error: unknown) => [sqlState(error), (error as { constraint?: string }).constraint],
        )

    it('a rebill of a bill that stands', async () => {
      const rebill = sql`'rebill', b.account_id, b.discharger_id, b.fee_month, 1, b.id`
      expect(await issueFrom(rebill, 6)).toEqual(['QL005', undefined])
    })
    it('a rebill of another account or month than the bill it follows, and one of no later generation', async () => {
      const elsewhere = sql`'rebill', (select account_id from bills where number = 6), b.discharger_id, b.fee_month, 1, b.id`
      expect(await issueFrom(elsewhere, 4)).toEqual(['QL005', undefined])
      const sameGeneration = sql`'rebill', b.account_id, b.discharger_id, b.fee_month, 0, b.id`
      expect((await issueFrom(sameGeneration, 4))?.[0]).toBe('QL005')
    })
    it('a second full negative of one bill', async () => {
      const red = sql`'red', b.account_id, b.discharger_id, b.fee_month, 0, b.id`
      expect(await issueFrom(red, 4)).toEqual(['23505', 'cancelled_once'])
    })
    it('a bill without its issue, or joining an issue that is closed', async () => {
      const joined =
        sql`insert into bills (number_year, number, issue_id, kind, account_id, discharger_id, fee_month, corrects_bill_id,
          reason, evidence, due_on, volume_m3, total_amount)
        select 2026, 10, b.issue_id, 'red', b.account_id, b.discharger_id, b.fee_month, b.id, 'volume', 'test', b.due_on, 0, 0
        from bills b where b.number = 6`.execute(town.services.db)
      await expect(joined).rejects.toMatchObject({ code: 'QL007' })
    })
  })
})

onEveryDatabase('An approval', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-02-20')
    for (const account of ['1001', '1002']) await town.enrol(account, { openedOn: '2026-03-01' })
    town.on('2026-04-03')
    await town.read(
      '2026-03',
      ['1001', '1002'].map((account) => ({ account, start: '0', end: '100', on: '2026-03-31' })),
    )
    await town.freeze('2026-03')
  })
  afterAll(() => town.leave())

  it('as a dry run says what would be issued and issues nothing', async () => {
    const { runId, digest } = await town.draft('2026-03')
    const approval = { runId, digestSeen: digest }
    const trial = await done(approveRun(town.services, by('approver', { dryRun: true }), approval, nothingAfter))
    expect(trial).toMatchObject({ billCount: 2, firstNumber: '2026-000001', totalAmount: '280.00' })
    expect(await town.books()).toEqual(booksOf('0.00'))
    const again = await town.summary(runId)
    expect([again.complete, again.digest]).toEqual([true, digest])
    expect(await done(approveRun(town.services, by('approver'), approval, nothingAfter))).toEqual(trial)
    expect(await town.books()).toEqual(booksOf('280.00'))
  })

  it('of one correction by two people at once counts once; the other is told that it is decided', async () => {
    town.on('2026-04-20')
    await town.read('2026-03', [{ account: '1001', start: '0', end: '110', on: '2026-03-31' }])
    const { proposalId } = await done(town.propose('2026-000001', 'adjust'))
    const both = await Promise.all(
      ['approver', 'approver-2'].map((person) => refusedWith(town.decide(proposalId, person))),
    )
    expect(both.filter((each) => each === 'proposal_decided')).toHaveLength(1)
    expect(await town.onPaper('1001', '2026-03')).toHaveLength(2)
    expect(await town.books()).toEqual(booksOf('294.00'))
  })

  it('returns a correction only with a reason', async () => {
    await town.read('2026-03', [{ account: '1002', start: '0', end: '120', on: '2026-03-31' }])
    const { proposalId } = await done(town.propose('2026-000002', 'adjust'))
    const returned = { proposalId, outcome: 'returned', reason: '' } as const
    expect(await refusedWith(decideCorrection(town.services, by('approver'), returned, [], nothingAfter))).toBe(
      'proposal_return_needs_reason',
    )
    await done(town.decide(proposalId, 'approver', 'returned'))
  })

  it('bills a run of nothing but 0.00 without an entry in the books', async () => {
    await town.enrol('1003', { openedOn: '2026-04-01' })
    await town.enrol('1004', { openedOn: '2026-04-01' })
    town.on('2026-05-06')
    await town.read('2026-04', [{ account: '1003', start: '0', end: '0', on: '2026-04-30' }])
    await town.freeze('2026-04')
    const drafted = await town.draft('2026-04', ['1003'])
    expect(await town.issue(drafted)).toMatchObject({ billCount: 1, totalAmount: '0.00' })
    expect(await town.onPaper('1003', '2026-04')).toMatchObject([{ volume: '0.000', amount: '0.00' }])
    expect(await town.books()).toEqual(booksOf('294.00'))
  })
})

onEveryDatabase('A draft', (connection) => {
  it('that a crash of the database emptied is computed again by the same command; drafted anew or given up, it waits for nobody', async () => {
    const town = await SmallTown.found(connection(), '2026-02-20')
    try {
      await town.enrol('1001', { openedOn: '2026-02-01' })
      town.on('2026-04-03')
      await town.freeze('2026-03')
      await town.read('2026-03', [{ account: '1001', start: '0', end: '100', on: '2026-03-31' }])
      const draft = () =>
        done(draftRun(town.services, { ...by('clerk'), commandId: 'draft-once' }, { feeMonth: march }))
      const first = await draft()
      // What recovery leaves of tables that are not written to the log.
      await sql`truncate bill_drafts, bill_draft_blocks`.execute(town.services.db)
      expect(await draft()).toEqual(first)
      // Drafted anew after a change, and given up: neither waits for an approver any longer.
      const waiting = async () =>
        (await listProposals(town.services.db, { kind: runProposalKind, undecided: true })).map(({ id }) => id)
      expect(await waiting()).toEqual([first.proposalId])
      const approval = { runId: first.runId, digestSeen: first.digest, acknowledge: '首月' }
      await town.read('2026-03', [{ account: '1001', start: '0', end: '101', on: '2026-03-31' }])
      const anew = await done(draftRun(town.services, by('clerk'), { feeMonth: march }))
      expect(await waiting()).toEqual([anew.proposalId])
      expect(await refusedWith(approveRun(town.services, by('approver'), approval, nothingAfter))).toBe(
        'digest_differs',
      )
      await done(discardRun(town.services, by('clerk'), { runId: anew.runId, reason: '数据有误' }))
      expect(await waiting()).toEqual([])
      const last = await done(draftRun(town.services, by('clerk'), { feeMonth: march }))
      const seen = { runId: last.runId, digestSeen: last.digest }
      const approved = approveRun(town.services, by('approver'), seen, nothingAfter)
      expect(await done(approved)).toMatchObject({ billCount: 1 })
    } finally {
      town.leave()
    }
  })
})

onEveryDatabase('A draft that a crash emptied while it was approved', (connection) => {
  it('is completed by the same approval; from other facts it is not what was seen', async () => {
    const town = await SmallTown.found(connection(), '2026-02-20')
    try {
      await town.enrol('1001', { openedOn: '2026-02-01' })
      town.on('2026-04-03')
      await town.freeze('2026-03')
      await town.read('2026-03', [{ account: '1001', start: '0', end: '100', on: '2026-03-31' }])
      const crash = () => sql`truncate bill_drafts, bill_draft_blocks`.execute(town.services.db)
      const approve = ({ runId, digest }: { runId: string; digest: string }) =>
        approveRun(town.services, by('approver'), { runId, digestSeen: digest }, nothingAfter)
      const seen = await done(draftRun(town.services, by('clerk'), { feeMonth: march }))
      await crash()
      await town.read('2026-03', [{ account: '1001', start: '0', end: '101', on: '2026-03-31' }])
      expect(await refusedWith(approve(seen))).toBe('digest_differs')
      const anew = await done(draftRun(town.services, by('clerk'), { feeMonth: march }))
      await crash()
      expect(await done(approve(anew))).toMatchObject({ billCount: 1, totalAmount: '141.40' })
    } finally {
      town.leave()
    }
  })
})

onEveryDatabase('The final reading of a meter', (connection) => {
  it('follows what the meter really showed last, or how it was hung; what it cannot have reached is refused', async () => {
    const town = await SmallTown.found(connection(), '2026-02-20')
    try {
      await town.enrol('1001', { openedOn: '2026-02-01', initialReading: '40' })
      await town.enrol('1002', { openedOn: '2026-02-01', initialReading: '40' })
      town.on('2026-04-03')
      await town.read('2026-03', [{ account: '1001', start: '40', end: '100', on: '2026-03-31' }])
      const close = (accountNo: string, reading: string, on = '2026-04-02') => {
        const finalReadings = [{ meterNo: `M${accountNo}`, reading }]
        const closing = { accountNo, on: civilDate(on), reason: '拆迁', finalReadings }
        return closeAccount(town.services, by('clerk'), closing, { guards: dischargerGuards })
      }
      expect(await refusedWith(close('1001', '99'))).toBe('final_reading_not_reached')
      // A day before that reading knows only how the meter was hung.
      expect(await refusedWith(close('1001', '39', '2026-03-20'))).toBe('final_reading_not_reached')
      expect(await refusedWith(close('1002', '39'))).toBe('final_reading_not_reached')
      await done(close('1001', '100'))
      await done(close('1002', '40'))
    } finally {
      town.leave()
    }
  })
})

onEveryDatabase('A held account that was closed in the month', (connection) => {
  it('is named by its last holder, while the run is open and afterwards, though the roster has it no more', async () => {
    const town = await SmallTown.found(connection(), '2026-02-20')
    try {
      await town.enrol('1001', { openedOn: '2026-02-01' })
      await town.enrol('1002', { openedOn: '2026-02-01' })
      town.on('2026-04-03')
      const finalReadings = [{ meterNo: 'M1001', reading: '50' }]
      const closing = { accountNo: '1001', on: civilDate('2026-03-20'), reason: '拆迁', finalReadings }
      await done(closeAccount(town.services, by('clerk'), closing))
      await town.freeze('2026-03')
      await town.read('2026-03', [{ account: '1002', start: '0', end: '100', on: '2026-03-31' }])
      const drafted = await town.draft('2026-03')
      const held = async () => {
        const run = await town.run(drafted.runId)
        const named = await runExceptions(town.services.db, run, { status: 'held', limit: 9 })
        const { rows } = await exceptionRows(run, { status: 'held' }).execute(town.services.db)
        expect(rows.map((row) => row.holder_name)).toEqual(named.map(({ holderName }) => holderName))
        return named.map(({ accountNo, holderName }) => [accountNo, holderName])
      }
      expect(await held()).toEqual([['1001', '示例用户P1001']])
      await town.issue(drafted)
      expect(await held()).toEqual([['1001', '示例用户P1001']])
    } finally {
      town.leave()
    }
  })
})
