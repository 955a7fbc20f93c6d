import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { approveRun } from '../../src/bills/approve-run.ts'
import { listRuns, runExceptions } from '../../src/bills/bill.queries.ts'
import { proposeCorrection } from '../../src/bills/correct-bill.ts'
import { draftRun } from '../../src/bills/draft-run.ts'
import { changeAccountCategory } from '../../src/dischargers/change-account-category.ts'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { acceptRows } from '../../src/readings/decide-row.ts'
import { readingsOfAccounts } from '../../src/readings/reading.queries.ts'
import { withdrawReading } from '../../src/readings/withdraw-reading.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { booksOf, guards, SmallTown } from '../support/small-town.ts'

const march = feeMonth('2026-03')

/** A town whose accounts were read at the end of March 2026, each with its meter from 0; billed on 3 April. */
async function billedInMarch(
  connection: Parameters<typeof SmallTown.found>[0],
  volumes: Readonly<Record<string, string>>,
): Promise<SmallTown> {
  const town = await SmallTown.found(connection)
  for (const account of Object.keys(volumes)) await town.enrol(account)
  town.on('2026-04-03')
  await town.read(
    '2026-03',
    Object.entries(volumes).map(([account, end]) => ({ account, start: '0', end, on: '2026-03-31' })),
  )
  await town.bill('2026-03')
  return town
}

/** The month's file again, with another reading of one account. */
const readAgain = (town: SmallTown, account: string, end: string) =>
  town.read('2026-03', [{ account, start: '0', end, on: '2026-03-31' }])

const columns = (papers: Awaited<ReturnType<SmallTown['onPaper']>>) =>
  papers.map(({ number, kind, payer, amount, due }) => [number, kind, payer, amount, due])

onEveryDatabase('A row held on 3 April is accepted on the 20th', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    for (const account of ['1001', '1002', '1003']) await town.enrol(account)
    town.on('2026-04-03')
    const file = await town.read('2026-03', [
      { account: '1001', start: '0', end: '100', on: '2026-03-31' },
      { account: '1002', start: '60', end: '260', on: '2026-03-31' },
      { account: '1003', start: '0', end: '300', on: '2026-03-31' },
    ])
    expect(file.reasons).toEqual({ start_differs: 1 })
    await town.freeze('2026-03')
    const drafted = await town.draft('2026-03')
    expect(drafted.census).toEqual({ roster: 3, billedBefore: 0, billed: 2, held: 1, exempt: 0 })
    await town.issue(drafted)
    town.on('2026-04-20')
    const accepted = { importId: file.importId, codes: ['start_differs'], reason: '换表时起码登记有误，已核对照片' }
    await done(acceptRows(town.services, by('clerk'), accepted))
  })
  afterAll(() => town.leave())

  it('a supplementary run bills it and nobody twice; the numbers go on without gap', async () => {
    const drafted = await town.draft('2026-03')
    expect(drafted.census).toEqual({ roster: 3, billedBefore: 2, billed: 1, held: 0, exempt: 0 })
    const issued = await town.issue(drafted)
    // The 10th has passed: five days after issue are Saturday 25 April, so Monday.
    expect(issued).toMatchObject({
      billCount: 1,
      firstNumber: '2026-000003',
      totalAmount: '280.00',
      dueOn: '2026-04-27',
    })
    const papers = await Promise.all(['1001', '1002', '1003'].map((account) => town.onPaper(account, '2026-03')))
    expect(columns(papers.flat())).toEqual([
      ['2026-000001', 'original', 'P1001', '140.00', '2026-04-10'],
      ['2026-000003', 'original', 'P1002', '280.00', '2026-04-27'],
      ['2026-000002', 'original', 'P1003', '420.00', '2026-04-10'],
    ])
    const runs = await listRuns(town.services.db, { feeMonth: march })
    expect(runs.map(({ purpose, state }) => [purpose, state])).toEqual([
      ['supplementary', 'issued'],
      ['regular', 'issued'],
    ])
    expect(await town.books()).toEqual(booksOf('840.00'))
  })

  it('then nothing is left: a further run cannot be approved', async () => {
    const empty = await town.draft('2026-03')
    expect(empty.census).toEqual({ roster: 3, billedBefore: 3, billed: 0, held: 0, exempt: 0 })
    const approval = { runId: empty.runId, digestSeen: empty.digest }
    expect(await refusedWith(approveRun(town.services, by('approver'), approval, settleIssued))).toBe('nothing_to_bill')
    await town.discard(empty)
  })
})

onEveryDatabase('The company corrects a file of a month that is billed', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '100', '1002': '200' })
    town.on('2026-04-20')
    expect((await readAgain(town, '1001', '130')).replaced).toBe(1)
  })
  afterAll(() => town.leave())

  it('the bill stands, and the difference is listed for a person', async () => {
    expect(columns(await town.onPaper('1001', '2026-03'))).toEqual([
      ['2026-000001', 'original', 'P1001', '140.00', '2026-04-10'],
    ])
    expect(await town.differences('2026-03')).toMatchObject([
      { number: '2026-000001', accountNo: '1001', billed: '140.00', now: '182.00', difference: '42.00' },
    ])
    expect(await town.books()).toEqual(booksOf('420.00'))
  })

  it('追补 of 30 m³ is 42.00, computed; the same person cannot propose and approve it', async () => {
    const { proposalId, documents } = await done(town.propose('2026-000001', 'adjust'))
    expect(documents).toMatchObject([{ kind: 'upward', volumeM3: '30.000', amount: '42.00' }])
    expect(await refusedWith(town.propose('2026-000001', 'adjust'))).toBe('correction_pending')
    expect(await refusedWith(town.decide(proposalId, 'clerk'))).toBe('role_missing')
    expect(await done(town.decide(proposalId))).toMatchObject({ numbers: ['2026-000003'], amount: '42.00' })
    expect(await refusedWith(town.decide(proposalId))).toBe('proposal_decided')
    expect(columns(await town.onPaper('1001', '2026-03')).at(-1)).toEqual([
      '2026-000003',
      'upward',
      'P1001',
      '42.00',
      '2026-04-27',
    ])
    expect(await town.differences('2026-03')).toEqual([])
    expect(await refusedWith(town.propose('2026-000001', 'adjust'))).toBe('nothing_to_adjust')
    expect(await town.books()).toEqual(booksOf('462.00'))
  })

  it('退补 after a further correction keeps the due date of its bill', async () => {
    town.on('2026-05-06')
    await readAgain(town, '1001', '90')
    // 90 × 1.40 = 126.00; 140.00 and 42.00 stand.
    expect(await town.correct('2026-000001', 'adjust')).toEqual(['2026-000004'])
    const papers = await town.onPaper('1001', '2026-03')
    expect(papers.at(-1)).toEqual({
      number: '2026-000004',
      kind: 'downward',
      payer: 'P1001',
      volume: '-40.000',
      amount: '-56.00',
      due: '2026-04-10',
    })
    expect(await town.books()).toEqual(booksOf('406.00'))
  })

  it('a person with both roles does not approve what the same person proposed', async () => {
    await readAgain(town, '1002', '210')
    const { proposalId } = await done(town.propose('2026-000002', 'adjust', 'volume', '复核抄表单', 'both'))
    expect(await refusedWith(town.decide(proposalId, 'both'))).toBe('proposal_own_work')
    expect(await done(town.decide(proposalId, 'approver', 'returned'))).toMatchObject({
      outcome: 'returned',
      numbers: [],
    })
    expect(await town.books()).toEqual(booksOf('406.00'))
    expect(await town.correct('2026-000002', 'adjust')).toEqual(['2026-000005'])
    expect(await town.books()).toEqual(booksOf('420.00'))
  })

  it('cancelling such a bill cancels its adjustments with it, each by its own full negative', async () => {
    const reds = await town.correct('2026-000001', 'cancel', 'duplicate')
    expect(reds).toEqual(['2026-000006', '2026-000007', '2026-000008'])
    const papers = await town.onPaper('1001', '2026-03')
    expect(papers.slice(3).map(({ kind, volume, amount, due }) => [kind, volume, amount, due])).toEqual([
      ['red', '-100.000', '-140.00', '2026-04-10'],
      ['red', '-30.000', '-42.00', '2026-04-10'],
      ['red', '40.000', '56.00', '2026-04-10'],
    ])
    const mirrored = await Promise.all(reds.map((number) => town.lines(number)))
    expect(mirrored.flat().map((line) => line.derivation.mirrors)).toEqual([
      '2026-000001',
      '2026-000003',
      '2026-000004',
    ])
    expect(await town.books()).toEqual(booksOf('294.00'))
  })

  it('a reading that is taken back leaves nothing to adjust to', async () => {
    const accountId = await town.idOf('1002')
    const [reading] = (await readingsOfAccounts(town.services.db, [accountId], march)).get(accountId) ?? []
    const withdrawal = { readingId: reading?.readingId ?? '', reason: '抄错户' }
    await done(withdrawReading(town.services, by('clerk'), withdrawal))
    expect(await town.differences('2026-03')).toMatchObject([{ number: '2026-000002', now: '—' }])
    const refused = await town.propose('2026-000002', 'adjust')
    expect(isRefusal(refused) && refused.code).toBe('not_adjustable')
    expect(isRefusal(refused) && refused.sentence('zh')).toContain('M1002')
    expect(isRefusal(refused) && refused.sentence('en')).toMatch(/^[\x20-\x7e]*M1002[\x20-\x7e]*$/)
    expect(await refusedWith(town.propose('2026-000002', 'rebill'))).toBe('not_adjustable')
  })
})

onEveryDatabase('A bill is cancelled as a duplicate', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '100', '1002': '200' })
    town.on('2026-04-20')
  })
  afterAll(() => town.leave())

  it('a duplicate names the bill of the month that it repeats and that stands, or nothing is cancelled', async () => {
    const cancel = (number: string, duplicateOf?: string, reason = 'duplicate') =>
      proposeCorrection(
        town.services,
        by('clerk'),
        { number, action: 'cancel', reason, evidence: '核查单', duplicateOf },
        [],
      )
    expect(await refusedWith(cancel('2026-000001'))).toBe('duplicate_needs_other')
    expect(await refusedWith(cancel('2026-000001', ' '))).toBe('duplicate_needs_other')
    expect(await refusedWith(cancel('2026-000001', '2026-000099'))).toBe('bill_missing')
    expect(await refusedWith(cancel('2026-000001', 'x'))).toBe('bill_number_malformed')
    expect(await refusedWith(cancel('2026-000001', '2026-000001'))).toBe('duplicate_of_unfit')
    expect(await refusedWith(cancel('2026-000001', '2026-000002', 'volume'))).toBe('duplicate_unasked')
    // Each of two may be proposed because of the other; only one of them is cancelled.
    const [first, second] = [
      await done(cancel('2026-000001', '2026-000002')),
      await done(cancel('2026-000002', '2026-000001')),
    ]
    const both = await Promise.all([town.decide(first.proposalId), town.decide(second.proposalId)])
    expect(both.filter(isRefusal).map(({ code }) => code)).toEqual(['duplicate_of_unfit'])
    expect((await town.books()).receivable).toBe(isRefusal(both[0]) ? '140.00' : '280.00')
  })
})

onEveryDatabase('The category of a billed account was wrong', (connection) => {
  let town: SmallTown
  const special = {
    accountNo: '1001',
    payerGroup: 'urban_resident',
    category: 'special',
    on: civilDate('2026-03-01'),
    evidence: '现场核查单012',
  }
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '100', '1002': '200' })
    town.on('2026-04-20')
  })
  afterAll(() => town.leave())

  it('it cannot be changed under the bill: the bill is cancelled first, at its own rate', async () => {
    const change = changeAccountCategory(town.services, by('clerk'), special, { guards })
    expect(await refusedWith(change)).toBe('use_is_billed')
    expect(await town.correct('2026-000001', 'cancel', 'category')).toEqual(['2026-000003'])
    expect(columns(await town.onPaper('1001', '2026-03')).at(-1)).toEqual([
      '2026-000003',
      'red',
      'P1001',
      '-140.00',
      '2026-04-10',
    ])
    expect(await town.linesOnPaper('2026-000003')).toEqual([
      ['non-resident', '2026-03-01', '2026-04-01', '-100.000', '-140.00'],
    ])
    expect(await town.books()).toEqual(booksOf('280.00'))
  })

  it('a run does not bill the month again by itself: it waits in the census and among the differences', async () => {
    const drafted = await town.draft('2026-03')
    expect(drafted.census).toEqual({ roster: 2, billedBefore: 1, billed: 0, held: 1, exempt: 0 })
    expect(drafted.heldByCode).toEqual({ cancelled_not_rebilled: 1 })
    await town.discard(drafted)
    expect(await town.differences('2026-03')).toMatchObject([
      { number: '2026-000001', billed: '0.00', now: '140.00', difference: '140.00' },
    ])
  })

  it('then the category is changed and the month billed anew: 100 × 1.60', async () => {
    await done(changeAccountCategory(town.services, by('clerk'), special, { guards }))
    expect(await town.correct('2026-000001', 'rebill', 'category')).toEqual(['2026-000004'])
    expect(columns(await town.onPaper('1001', '2026-03')).at(-1)).toEqual([
      '2026-000004',
      'rebill',
      'P1001',
      '160.00',
      '2026-04-27',
    ])
    expect(await town.linesOnPaper('2026-000004')).toEqual([
      ['special', '2026-03-01', '2026-04-01', '100.000', '160.00'],
    ])
    expect(await town.differences('2026-03')).toEqual([])
    expect(await town.books()).toEqual(booksOf('440.00'))
  })

  it('the cancelled bill and the full negative are done with; the new bill is the one that stands', async () => {
    for (const action of ['cancel', 'rebill', 'adjust'] as const) {
      expect([action, await refusedWith(town.propose('2026-000001', action))]).toEqual([action, 'bill_not_live'])
      expect([action, await refusedWith(town.propose('2026-000003', action))]).toEqual([action, 'bill_not_live'])
    }
    expect(
      await refusedWith(
        changeAccountCategory(town.services, by('clerk'), { ...special, category: 'resident' }, { guards }),
      ),
    ).toBe('use_is_billed')
    expect(await town.correct('2026-000004', 'cancel', 'duplicate')).toEqual(['2026-000005'])
    expect(await town.books()).toEqual(booksOf('280.00'))
  })
})

onEveryDatabase('Cancelled and billed anew with nothing changed', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '100', '1002': '200' })
    town.on('2026-05-20')
  })
  afterAll(() => town.leave())

  it('a debt stays due when it was: nobody is given time by it', async () => {
    expect(await town.correct('2026-000001', 'rebill')).toEqual(['2026-000003', '2026-000004'])
    expect(columns(await town.onPaper('1001', '2026-03')).at(-1)).toEqual([
      '2026-000004',
      'rebill',
      'P1001',
      '140.00',
      '2026-04-10',
    ])
  })

  it('nor in two steps', async () => {
    await town.correct('2026-000002', 'cancel')
    await town.correct('2026-000002', 'rebill')
    expect(columns(await town.onPaper('1002', '2026-03')).map(([, kind, , , due]) => [kind, due])).toEqual([
      ['original', '2026-04-10'],
      ['red', '2026-04-10'],
      ['rebill', '2026-04-10'],
    ])
  })

  it('a changed amount is due like any new bill', async () => {
    await readAgain(town, '1002', '210')
    await town.correct('2026-000006', 'rebill')
    expect(
      columns(await town.onPaper('1002', '2026-03'))
        .at(-1)
        ?.slice(3),
    ).toEqual(['294.00', '2026-05-25'])
  })
})

onEveryDatabase('Cancelled and billed anew in one act', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '100' })
    town.on('2026-04-20')
    await readAgain(town, '1001', '150')
  })
  afterAll(() => town.leave())

  it('shows the full negative and the new bill before anything is issued, and issues both', async () => {
    const { proposalId, documents } = await done(town.propose('2026-000001', 'rebill'))
    expect(documents.map(({ kind, volumeM3, amount }) => [kind, volumeM3, amount])).toEqual([
      ['red', '-100.000', '-140.00'],
      ['rebill', '150.000', '210.00'],
    ])
    expect(await town.books()).toEqual(booksOf('140.00'))
    expect(await done(town.decide(proposalId))).toMatchObject({
      numbers: ['2026-000002', '2026-000003'],
      amount: '70.00',
    })
    expect(columns(await town.onPaper('1001', '2026-03'))).toEqual([
      ['2026-000001', 'original', 'P1001', '140.00', '2026-04-10'],
      ['2026-000002', 'red', 'P1001', '-140.00', '2026-04-10'],
      ['2026-000003', 'rebill', 'P1001', '210.00', '2026-04-27'],
    ])
    expect(await town.books()).toEqual(booksOf('210.00'))
  })

  it('a new bill is corrected like any other, again and again', async () => {
    await readAgain(town, '1001', '160')
    expect(await town.correct('2026-000003', 'adjust')).toEqual(['2026-000004'])
    await readAgain(town, '1001', '140')
    expect(await town.correct('2026-000003', 'rebill')).toEqual(['2026-000005', '2026-000006', '2026-000007'])
    expect(columns(await town.onPaper('1001', '2026-03')).slice(3)).toEqual([
      ['2026-000004', 'upward', 'P1001', '14.00', '2026-04-27'],
      ['2026-000005', 'red', 'P1001', '-210.00', '2026-04-27'],
      ['2026-000006', 'red', 'P1001', '-14.00', '2026-04-27'],
      ['2026-000007', 'rebill', 'P1001', '196.00', '2026-04-27'],
    ])
    expect(await town.differences('2026-03')).toEqual([])
    expect(await town.books()).toEqual(booksOf('196.00'))
  })
})

onEveryDatabase('The payer changed on 16 March and the office learned of it after the run', (connection) => {
  let town: SmallTown
  const transfer = { accountNo: '1001', toDischargerCode: 'P2', on: civilDate('2026-03-16') }
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '1000' })
    town.on('2026-04-20')
    await town.register('P2')
  })
  afterAll(() => town.leave())

  it('under the bill the transfer is refused; had it come in past that, an adjustment is refused by name', async () => {
    expect(await refusedWith(transferAccount(town.services, by('clerk'), transfer, { guards }))).toBe('use_is_billed')
    await done(transferAccount(town.services, by('clerk'), transfer))
    expect(await refusedWith(town.propose('2026-000001', 'adjust'))).toBe('payer_differs')
    expect(await town.differences('2026-03')).toMatchObject([
      { number: '2026-000001', billed: '1400.00', now: '1400.00' },
    ])
  })

  it('billing anew splits the month by days: 15/31 and 16/31', async () => {
    expect(await town.correct('2026-000001', 'rebill')).toEqual(['2026-000002', '2026-000003', '2026-000004'])
    const papers = await town.onPaper('1001', '2026-03')
    expect(papers.map(({ kind, payer, volume, amount }) => [kind, payer, volume, amount])).toEqual([
      ['original', 'P1001', '1000.000', '1400.00'],
      ['red', 'P1001', '-1000.000', '-1400.00'],
      ['rebill', 'P1001', '483.871', '677.42'],
      ['rebill', 'P2', '516.129', '722.58'],
    ])
    expect(await town.linesOnPaper('2026-000004')).toEqual([
      ['non-resident', '2026-03-16', '2026-04-01', '516.129', '722.58'],
    ])
    expect(await town.differences('2026-03')).toEqual([])
    expect(await town.books()).toEqual(booksOf('1400.00'))
  })

  it('a corrected reading is adjusted payer by payer', async () => {
    await readAgain(town, '1001', '1310')
    // 633.871 and 676.129 m³: 887.42 and 946.58.
    expect(await town.correct('2026-000003', 'adjust')).toEqual(['2026-000005'])
    expect(await town.differences('2026-03')).toHaveLength(1)
    expect(await town.correct('2026-000004', 'adjust')).toEqual(['2026-000006'])
    const papers = await town.onPaper('1001', '2026-03')
    expect(papers.slice(4).map(({ kind, payer, amount }) => [kind, payer, amount])).toEqual([
      ['upward', 'P1001', '210.00'],
      ['upward', 'P2', '224.00'],
    ])
    expect(await town.differences('2026-03')).toEqual([])
    expect(await town.books()).toEqual(booksOf('1834.00'))
  })

  it('each payer is billed anew without touching the other, one after the other', async () => {
    expect(await town.correct('2026-000003', 'rebill')).toEqual(['2026-000007', '2026-000008', '2026-000009'])
    expect(await town.correct('2026-000004', 'rebill')).toEqual(['2026-000010', '2026-000011', '2026-000012'])
    const papers = await town.onPaper('1001', '2026-03')
    expect(papers.slice(6).map(({ kind, payer, amount }) => [kind, payer, amount])).toEqual([
      ['red', 'P1001', '-677.42'],
      ['red', 'P1001', '-210.00'],
      ['rebill', 'P1001', '887.42'],
      ['red', 'P2', '-722.58'],
      ['red', 'P2', '-224.00'],
      ['rebill', 'P2', '946.58'],
    ])
    expect(await town.differences('2026-03')).toEqual([])
    expect(await town.books()).toEqual(booksOf('1834.00'))
  })

  it('a payer whose bill was cancelled for good is not billed again by the other one’s new bill', async () => {
    expect(await town.correct('2026-000012', 'cancel', 'duplicate')).toEqual(['2026-000013'])
    expect(await town.correct('2026-000009', 'rebill')).toEqual(['2026-000014', '2026-000015'])
    const papers = await town.onPaper('1001', '2026-03')
    expect(papers.slice(12).map(({ kind, payer, amount }) => [kind, payer, amount])).toEqual([
      ['red', 'P2', '-946.58'],
      ['red', 'P1001', '-887.42'],
      ['rebill', 'P1001', '887.42'],
    ])
    expect(await town.books()).toEqual(booksOf('887.42'))
  })
})

onEveryDatabase('What is not a ground for a correction', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '100' })
    town.on('2026-04-20')
    await readAgain(town, '1001', '90')
  })
  afterAll(() => town.leave())

  it('hardship is none: the reason comes from a closed list, and the refusal cites the article', async () => {
    const refused = await town.propose('2026-000001', 'adjust', '困难减免')
    expect(isRefusal(refused) && refused.code).toBe('correction_reason_unknown')
    expect(isRefusal(refused) && refused.sentence('zh')).toContain('第十九条')
  })
  it('without evidence nothing is proposed', async () => {
    expect(await refusedWith(town.propose('2026-000001', 'adjust', 'volume', '  '))).toBe('correction_needs_evidence')
  })
  it('a number that is none, and a bill that is not there, are refused by name', async () => {
    expect(await refusedWith(town.propose('000001', 'adjust'))).toBe('bill_number_malformed')
    expect(await refusedWith(town.propose('2026-000099', 'adjust'))).toBe('bill_missing')
  })
  it('nothing of this left a trace', async () => {
    expect(columns(await town.onPaper('1001', '2026-03'))).toEqual([
      ['2026-000001', 'original', 'P1001', '140.00', '2026-04-10'],
    ])
    expect(await town.books()).toEqual(booksOf('140.00'))
  })
})

onEveryDatabase('Facts change between a proposed correction and its approval', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await billedInMarch(connection(), { '1001': '100' })
    town.on('2026-04-20')
  })
  afterAll(() => town.leave())

  it('the approval is refused with the bill’s number; returned and proposed anew it goes through', async () => {
    await readAgain(town, '1001', '130')
    const { proposalId } = await done(town.propose('2026-000001', 'adjust'))
    await readAgain(town, '1001', '120')
    const refused = await town.decide(proposalId)
    expect(isRefusal(refused) && refused.code).toBe('correction_facts_changed')
    expect(isRefusal(refused) && refused.sentence('en')).toContain('2026-000001')
    expect(await town.books()).toEqual(booksOf('140.00'))
    await done(town.decide(proposalId, 'approver', 'returned'))
    expect(await town.correct('2026-000001', 'adjust')).toEqual(['2026-000002'])
    expect(await town.books()).toEqual(booksOf('168.00'))
  })

  it('a correction approved later than it was proposed is due from the day it is issued', async () => {
    await readAgain(town, '1001', '140')
    const { proposalId } = await done(town.propose('2026-000001', 'adjust'))
    town.on('2026-05-20')
    await done(town.decide(proposalId))
    expect(columns(await town.onPaper('1001', '2026-03')).at(-1)).toEqual([
      '2026-000003',
      'upward',
      'P1001',
      '28.00',
      '2026-05-25',
    ])
  })
})

onEveryDatabase('A run between draft and approval', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    for (const account of ['1001', '1002']) await town.enrol(account)
    town.on('2026-04-03')
    await town.read('2026-03', [
      { account: '1001', start: '0', end: '100', on: '2026-03-31' },
      { account: '1002', start: '0', end: '200', on: '2026-03-31' },
    ])
    await town.freeze('2026-03')
  })
  afterAll(() => town.leave())
  const approve = (run: { runId: string; digest: string }, person = 'approver', acknowledge?: string) =>
    approveRun(town.services, by(person), { runId: run.runId, digestSeen: run.digest, acknowledge }, settleIssued)

  it('a new reading sends it back to drafting, by name; the old digest is not approved any more', async () => {
    const first = await town.draft('2026-03')
    await readAgain(town, '1002', '250')
    const stale = await approve(first)
    expect(isRefusal(stale) && stale.code).toBe('facts_changed')
    expect(isRefusal(stale) && stale.sentence('zh')).toContain('（导入抄表 × 1）')
    const second = await town.draft('2026-03')
    expect(second.runId).toBe(first.runId)
    expect(second.digest).not.toBe(first.digest)
    expect([first.amount, second.amount]).toEqual(['420.00', '490.00'])
    expect(await refusedWith(approve(first))).toBe('digest_differs')
    expect(await refusedWith(approve({ ...second, digest: second.digest.slice(0, 7) }))).toBe('digest_differs')
  })

  it('so does a changed setting that the draft was computed with', async () => {
    const before = await town.draft('2026-03')
    const change = { name: 'brake.outlier_minimum_amount', value: '100.00', citation: '示例决定' }
    await done(setSetting(town.services, by('admin'), change))
    expect(await refusedWith(approve(before))).toBe('facts_changed')
  })

  it('another person cannot open a second run of the month; its maker goes on with the first', async () => {
    const other = draftRun(town.services, by('both'), { feeMonth: march })
    expect(await refusedWith(other)).toBe('run_open')
    const accountIds = [await town.idOf('1001')]
    expect(await refusedWith(draftRun(town.services, by('clerk'), { feeMonth: march, accountIds }))).toBe('run_open')
  })

  it('a month that is not over, and one without a roster, are not drafted', async () => {
    expect(await refusedWith(draftRun(town.services, by('clerk'), { feeMonth: feeMonth('2026-04') }))).toBe(
      'fee_month_not_over',
    )
    expect(await refusedWith(draftRun(town.services, by('clerk'), { feeMonth: feeMonth('2026-02') }))).toBe('no_roster')
  })

  it('nobody approves an own run; a clerk approves none', async () => {
    const mine = await town.draft('2026-03')
    await town.discard(mine)
    const { runId, digest } = await done(draftRun(town.services, by('both'), { feeMonth: march }))
    expect(await refusedWith(approve({ runId, digest }, 'both'))).toBe('proposal_own_work')
    expect(await refusedWith(approve({ runId, digest }, 'clerk'))).toBe('role_missing')
    expect(await refusedWith(approve(mine))).toBe('run_missing')
    expect(await done(approve({ runId, digest }))).toMatchObject({
      billCount: 2,
      firstNumber: '2026-000001',
      totalAmount: '490.00',
    })
  })

  it('drafting again under the same command id, after the run was issued, changes nothing and answers as the first time', async () => {
    await town.enrol('1003', { openedOn: '2026-04-01' })
    await town.read('2026-04', [{ account: '1003', start: '0', end: '10', on: '2026-04-30' }])
    town.on('2026-05-06')
    await town.freeze('2026-04')
    const envelope = by('clerk')
    const input = { feeMonth: feeMonth('2026-04'), accountIds: [await town.idOf('1003')] }
    const first = await done(draftRun(town.services, envelope, input))
    await done(approve(first, 'approver', '首次部分开账'))
    const again = await done(draftRun(town.services, envelope, input))
    expect(again).toEqual(first)
    const { rows } = await sql<{ drafts: number; waiting: number }>`
      select (select count(*)::int from bill_draft_blocks) as drafts, (select count(*)::int from proposals p
        where p.kind = 'bills.run' and p.subject = ${first.runId}) as waiting`.execute(town.services.db)
    expect(rows).toEqual([{ drafts: 0, waiting: 1 }])
  })
})

onEveryDatabase('The brake', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    for (const account of ['1001', '1002']) await town.enrol(account)
    for (const [month, today, on, first, second] of [
      ['2026-01', '2026-02-03', '2026-01-31', ['0', '1000'], ['0', '1000']],
      ['2026-02', '2026-03-03', '2026-02-28', ['1000', '2000'], ['1000', '2000']],
    ] as const) {
      town.on(today)
      await town.read(month, [
        { account: '1001', start: first[0], end: first[1], on },
        { account: '1002', start: second[0], end: second[1], on },
      ])
      await town.bill(month)
    }
    town.on('2026-04-03')
    const file = await town.read('2026-03', [
      { account: '1001', start: '2000', end: '3000', on: '2026-03-31' },
      { account: '1002', start: '2000', end: '6000', on: '2026-03-31' },
    ])
    const jump = { importId: file.importId, codes: ['jump'], reason: '新增生产线，现场已核' }
    await done(acceptRows(town.services, by('clerk'), jump))
    await town.freeze('2026-03')
  })
  afterAll(() => town.leave())

  it('stops a run far above its history until the approver puts a reason to it, which is kept', async () => {
    const drafted = await town.draft('2026-03')
    // 7,000.00 against a mean of 2,800.00; 1002 uses 4,000 m³ against 1,000.
    expect(drafted.brake.map(({ code }) => code)).toEqual(['total', 'outliers'])
    expect(drafted.outliers).toMatchObject([
      { accountNo: '1002', volumeM3: '4000.000', meanM3: '1000.000', amount: '5600.00' },
    ])
    const approval = { runId: drafted.runId, digestSeen: drafted.digest }
    const stopped = await approveRun(town.services, by('approver'), approval, settleIssued)
    expect(isRefusal(stopped) && stopped.code).toBe('brake_needs_name')
    expect(isRefusal(stopped) && stopped.sentence('zh')).toContain('7,000.00 元')
    expect(
      await refusedWith(approveRun(town.services, by('approver'), { ...approval, acknowledge: ' ' }, settleIssued)),
    ).toBe('brake_needs_name')
    const acknowledge = '1002 新增生产线，现场核查单 031'
    expect(
      await done(approveRun(town.services, by('approver'), { ...approval, acknowledge }, settleIssued)),
    ).toMatchObject({
      totalAmount: '7000.00',
    })
    const { rows } = await sql<{ reason: string }>`
      select d.reason from proposal_decisions d join proposals p on p.id = d.proposal_id
      where p.kind = 'bills.run' and p.subject = ${drafted.runId}`.execute(town.services.db)
    expect(rows).toEqual([{ reason: acknowledge }])
  })
})

onEveryDatabase('A run over some accounts, then over the rest', (connection) => {
  let town: SmallTown
  const accounts = ['1001', '1002', '1003', '1004']
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    for (const account of accounts) await town.enrol(account)
    town.on('2026-04-03')
    await town.read(
      '2026-03',
      accounts.slice(0, 3).map((account) => ({ account, start: '0', end: '100', on: '2026-03-31' })),
    )
    await town.freeze('2026-03')
  })
  afterAll(() => town.leave())

  it('the two censuses add up to the roster, and the account without a reading is held in the second', async () => {
    const some = await town.draft('2026-03', ['1003', '1001'])
    expect(some.census).toEqual({ roster: 2, billedBefore: 0, billed: 2, held: 0, exempt: 0 })
    expect(await town.issue(some)).toMatchObject({ firstNumber: '2026-000001', lastNumber: '2026-000002' })
    const rest = await town.draft('2026-03')
    expect(rest.census).toEqual({ roster: 4, billedBefore: 2, billed: 1, held: 1, exempt: 0 })
    expect(rest.heldByCode).toEqual({ no_reading: 1 })
    expect(await town.issue(rest)).toMatchObject({ firstNumber: '2026-000003', lastNumber: '2026-000003' })
    const { rows } = await sql<Record<string, number>>`
      select roster_count, billed_count, held_count, exempt_count from bill_run_censuses order by run_id`.execute(
      town.services.db,
    )
    expect(rows).toEqual([
      { roster_count: 2, billed_count: 2, held_count: 0, exempt_count: 0 },
      { roster_count: 2, billed_count: 1, held_count: 1, exempt_count: 0 },
    ])
    const [run] = await listRuns(town.services.db, { runId: rest.runId })
    expect(run && (await runExceptions(town.services.db, run, { limit: 10 }))).toMatchObject([
      {
        accountNo: '1004',
        status: 'held',
        reason: { reasons: [{ code: 'no_reading', parameters: { meter: 'M1004' } }] },
      },
    ])
    expect(await town.books()).toEqual(booksOf('420.00'))
  })
})

onEveryDatabase('A year without a calendar', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-11-20')
    await town.enrol('1001', { openedOn: '2026-12-01' })
    town.on('2027-01-04')
    await town.read('2026-12', [{ account: '1001', start: '0', end: '100', on: '2026-12-31' }])
    await town.freeze('2026-12')
  })
  afterAll(() => town.leave())

  it('a month due in January 2027 is not issued while the calendar of 2027 is not loaded, and nothing is guessed', async () => {
    const drafted = await town.draft('2026-12')
    const approval = { runId: drafted.runId, digestSeen: drafted.digest, acknowledge: '首月' }
    const refused = await approveRun(town.services, by('approver'), approval, settleIssued)
    expect(isRefusal(refused) && refused.code).toBe('year_not_loaded')
    expect(isRefusal(refused) && refused.sentence('zh')).toContain('2027')
    expect(await town.books()).toEqual(booksOf('0.00'))
    expect(await town.bills('1001', '2026-12')).toEqual([])
  })
})
