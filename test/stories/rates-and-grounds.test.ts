import { afterAll, beforeAll, expect, it } from 'vitest'
import { lastBilledDays } from '../../src/bills/bill.queries.ts'
import { lastDayBilledBy } from '../../src/bills/last-day-billed.queries.ts'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { approveRateSchedule } from '../../src/tariffs/approve-rate-schedule.ts'
import { type EnteredSchedule, proposeRateSchedule } from '../../src/tariffs/propose-rate-schedule.ts'
import {
  decideDeclaration,
  decideRatedFlow,
  declareOwnSource,
  proposeRatedFlow,
} from '../../src/volumes/declare-own-source.ts'
import {
  type BasisInput,
  decideVolumeBasis,
  endVolumeBasis,
  type LastBilledDay,
  proposeVolumeBasis,
} from '../../src/volumes/propose-volume-basis.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { booksOf, flat, SmallTown } from '../support/small-town.ts'

const lastBilledDay: LastBilledDay = async (db, accountId) => (await lastBilledDays(db, [accountId])).get(accountId)

/** A ground proposed by the clerk and approved by another person; its number. */
async function ground(town: SmallTown, basis: BasisInput): Promise<string> {
  const { proposalId } = await done(proposeVolumeBasis(town.services, by('clerk'), basis))
  const decision = { proposalId, outcome: 'approved', reason: '' } as const
  return (await done(decideVolumeBasis(town.services, by('approver'), decision))).basisId ?? ''
}

onEveryDatabase('The rate changes on 16 March while a meter runs from 0 to 310', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    const changes = [
      ['1001', 'non-resident', '1.60', 'by-days'],
      ['1002', 'special', '2.00', 'whole-at-end'],
      ['1003', 'resident', '1.10', 'whole-at-start'],
    ] as const
    for (const [account, category, perM3, straddle] of changes) {
      await town.enrol(account, { category, openedOn: '2026-03-01' })
      await town.putInForce({
        code: `march-${category}`,
        validFrom: '2026-03-16',
        endsEarlier: true,
        straddle,
        prices: { [category]: flat(perM3) },
      })
    }
    town.on('2026-04-03')
    await town.read(
      '2026-03',
      changes.map(([account]) => ({ account, start: '0', end: '310', on: '2026-03-31' })),
    )
    await town.bill('2026-03')
  })
  afterAll(() => town.leave())

  it('by days: 150 m³ at 1.40 and 160 m³ at 1.60 on one bill of two lines', async () => {
    const [bill] = await town.onPaper('1001', '2026-03')
    expect(bill).toMatchObject({ number: '2026-000001', volume: '310.000', amount: '466.00' })
    expect(await town.linesOnPaper('2026-000001')).toEqual([
      ['non-resident', '2026-03-01', '2026-03-16', '150.000', '210.00'],
      ['non-resident', '2026-03-16', '2026-04-01', '160.000', '256.00'],
    ])
  })
  it('whole at the end: all at 2.00', async () => {
    expect(await town.linesOnPaper('2026-000002')).toEqual([
      ['special', '2026-03-01', '2026-04-01', '310.000', '620.00'],
    ])
  })
  it('whole at the start: all at 0.95', async () => {
    expect(await town.linesOnPaper('2026-000003')).toEqual([
      ['resident', '2026-03-01', '2026-04-01', '310.000', '294.50'],
    ])
  })
  it('the new rate is for water used, not for bills issued: April is all at the new one', async () => {
    town.on('2026-05-06')
    await town.read(
      '2026-04',
      ['1001', '1002', '1003'].map((account) => ({ account, start: '310', end: '510', on: '2026-04-30' })),
    )
    await town.bill('2026-04')
    const papers = await Promise.all(['1001', '1002', '1003'].map((account) => town.onPaper(account, '2026-04')))
    expect(papers.flat().map(({ amount }) => amount)).toEqual(['320.00', '400.00', '220.00'])
    expect(await town.books()).toEqual(booksOf('2320.50'))
  })
})

onEveryDatabase('A rate from 1 March becomes known after March was billed', (connection) => {
  let town: SmallTown
  let proposalId: string
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    await town.enrol('1001', { openedOn: '2026-02-01' })
    for (const [month, today, start, end, on] of [
      ['2026-02', '2026-03-03', '0', '100', '2026-02-28'],
      ['2026-03', '2026-04-03', '100', '200', '2026-03-31'],
    ] as const) {
      town.on(today)
      await town.read(month, [{ account: '1001', start, end, on }])
      await town.bill(month)
    }
    town.on('2026-04-20')
    const schedule: EnteredSchedule = {
      code: 'from-march',
      title: '示例收费标准',
      approvalDocument: '示例文号 2026-2',
      issuer: '示例发展和改革委员会',
      unit: 'm³',
      currency: '元',
      straddle: 'by-days',
      clause: '办法第九条',
      validFrom: '2026-03-01',
      endsEarlier: true,
      prices: { 'non-resident': flat('1.50') },
    }
    proposalId = (await done(proposeRateSchedule(town.services, by('clerk'), schedule))).proposalId
  })
  afterAll(() => town.leave())

  it('it is not approved over the bill of March; readings of 28 February and 31 March are all at the new rate', async () => {
    const approve = () => approveRateSchedule(town.services, by('approver'), { proposalId }, lastDayBilledBy)
    expect(await refusedWith(approve())).toBe('rates_billed_later')
    expect(await town.correct('2026-000002', 'cancel', 'rate_version')).toEqual(['2026-000003'])
    await done(approve())
    expect(await town.correct('2026-000002', 'rebill', 'rate_version')).toEqual(['2026-000004'])
    expect(await town.linesOnPaper('2026-000004')).toEqual([
      ['non-resident', '2026-03-01', '2026-04-01', '100.000', '150.00'],
    ])
    expect(await town.linesOnPaper('2026-000003')).toEqual([
      ['non-resident', '2026-03-01', '2026-04-01', '-100.000', '-140.00'],
    ])
    expect(await town.differences('2026-02')).toEqual([])
    expect(await town.differences('2026-03')).toEqual([])
    expect(await town.books()).toEqual(booksOf('290.00'))
  })
})

onEveryDatabase('Steps, a coefficient and a percentage on a real run', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2025-12-20')
    const band = (fromM3: string, untilM3: string | null, perM3: string) => ({ fromM3, untilM3, perM3 })
    await town.putInForce({
      code: 'steps-2026',
      validFrom: '2026-01-01',
      endsEarlier: true,
      prices: {
        'non-resident': {
          form: 'tiers',
          period: 'month',
          bands: [band('0', '100', '1.00'), band('100', '300', '1.50'), band('300', null, '2.00')],
        },
        special: { form: 'coefficient', factor: '0.90', price: flat('1.40') },
        resident: { form: 'percentage', of: 'non-resident', percent: '50' },
      },
    })
    await town.enrol('1001', { openedOn: '2026-03-01' })
    await town.enrol('1002', { openedOn: '2026-03-01' })
    await town.enrol('1003', { openedOn: '2026-03-01', category: 'special' })
    await town.enrol('1004', { openedOn: '2026-03-01', category: 'resident' })
    await town.register('P9')
    const transfer = { accountNo: '1002', toDischargerCode: 'P9', on: civilDate('2026-03-16') }
    await done(transferAccount(town.services, by('clerk'), transfer))
    town.on('2026-04-03')
    await town.read('2026-03', [
      { account: '1001', start: '0', end: '450', on: '2026-03-31' },
      { account: '1002', start: '0', end: '450', on: '2026-03-31' },
      { account: '1003', start: '0', end: '1001', on: '2026-03-31' },
      { account: '1004', start: '0', end: '450', on: '2026-03-31' },
    ])
    await town.bill('2026-03')
  })
  afterAll(() => town.leave())

  it('450 m³ in steps of 100 and 300: 100 × 1.00 + 200 × 1.50 + 150 × 2.00', async () => {
    expect((await town.onPaper('1001', '2026-03')).map(({ amount }) => amount)).toEqual(['700.00'])
  })
  it('where the payer changes, the steps shrink to 15/31 and 16/31 of the month: together they cost the same', async () => {
    const papers = await town.onPaper('1002', '2026-03')
    expect(papers.map(({ payer, volume, amount }) => [payer, volume, amount])).toEqual([
      ['P1002', '217.742', '338.71'],
      ['P9', '232.258', '361.29'],
    ])
  })
  it('a coefficient of 0.90 leaves 900.9 of 1,001 m³', async () => {
    expect(await town.onPaper('1003', '2026-03')).toMatchObject([{ volume: '900.900', amount: '1261.26' }])
  })
  it('half of what another category pays, step by step', async () => {
    expect(await town.onPaper('1004', '2026-03')).toMatchObject([{ volume: '450.000', amount: '350.00' }])
  })
  it('every line computes again from what it carries', async () => {
    expect(await town.books()).toEqual(booksOf('3011.26'))
  })
})

onEveryDatabase('An own-source user declares March on 8 April, five days late; another not at all', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    for (const accountNo of ['4001', '4002', '4003']) {
      await town.enrol(accountNo, { supply: 'own_source' })
      if (accountNo === '4003') continue
      const basis = {
        accountNo,
        basis: 'own_meter',
        evidence: '示例取水许可',
        validFrom: civilDate('2026-01-01'),
      } as const
      await ground(town, basis)
    }
    await town.enrol('1001', { openedOn: '2026-03-01' })
    town.on('2026-04-03')
    await town.read('2026-03', [{ account: '1001', start: '0', end: '100', on: '2026-03-31' }])
    await town.freeze('2026-03')
  })
  afterAll(() => town.leave())
  const declaration = { accountNo: '4001', feeMonth: feeMonth('2026-03'), volumeM3: '620.5', evidence: '取水台账' }

  it('on the 3rd both are held for their declaration, and a third one for a ground; nothing is estimated', async () => {
    const drafted = await town.draft('2026-03')
    expect(drafted.census).toEqual({ roster: 4, billedBefore: 0, billed: 1, held: 3, exempt: 0 })
    expect(drafted.heldByCode).toEqual({ nothing_declared: 2, own_source_without_basis: 1 })
    expect(await town.issue(drafted)).toMatchObject({ totalAmount: '140.00', dueOn: '2026-04-10' })
  })

  it('declared on the 8th it waits for its review, by another person', async () => {
    town.on('2026-04-08')
    const { proposalId } = await done(declareOwnSource(town.services, by('both'), declaration))
    const drafted = await town.draft('2026-03')
    expect(drafted.heldByCode).toEqual({
      declaration_under_review: 1,
      nothing_declared: 1,
      own_source_without_basis: 1,
    })
    const review = { proposalId, outcome: 'approved', reason: '' } as const
    expect(await refusedWith(decideDeclaration(town.services, by('both'), review))).toBe('proposal_own_work')
    await done(decideDeclaration(town.services, by('approver'), review))
  })

  it('a supplementary run bills 620.5 m³, 868.70, due on Monday the 13th', async () => {
    expect(await town.issue(await town.draft('2026-03'))).toMatchObject({
      firstNumber: '2026-000002',
      billCount: 1,
      totalAmount: '868.70',
      dueOn: '2026-04-13',
    })
    expect(await town.onPaper('4001', '2026-03')).toMatchObject([{ volume: '620.500', amount: '868.70' }])
    expect(await refusedWith(declareOwnSource(town.services, by('clerk'), declaration))).toBe('month_already_declared')
  })

  it('a wrong declaration is corrected and reviewed; the bill stands until a person adjusts it', async () => {
    const corrected = { ...declaration, volumeM3: '640.5', evidence: '更正的取水台账', corrects: true }
    const { proposalId } = await done(declareOwnSource(town.services, by('clerk'), corrected))
    expect(await town.differences('2026-03')).toEqual([])
    await done(decideDeclaration(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
    expect(await town.differences('2026-03')).toMatchObject([
      { accountNo: '4001', billed: '868.70', difference: '28.00' },
    ])
    expect(await town.correct('2026-000002', 'adjust')).toEqual(['2026-000003'])
    expect(await town.books()).toEqual(booksOf('1036.70'))
  })

  it('the silent one is billed at rated flow × 24 h only by two persons’ decision: 25 × 24 × 31', async () => {
    town.on('2026-04-20')
    const asked = { accountNo: '4002', feeMonth: feeMonth('2026-03'), ratedFlowM3PerHour: '25', reason: '催报未报' }
    expect(await refusedWith(proposeRatedFlow(town.services, by('clerk'), { ...asked, ratedFlowM3PerHour: '0' }))).toBe(
      'rated_flow_missing',
    )
    const { proposalId } = await done(proposeRatedFlow(town.services, by('clerk'), asked))
    expect((await town.draft('2026-03')).heldByCode).toEqual({ nothing_declared: 1, own_source_without_basis: 1 })
    const decision = { proposalId, outcome: 'approved', reason: '' } as const
    await done(decideRatedFlow(town.services, by('approver'), decision))
    const issued = await town.issue(await town.draft('2026-03'))
    expect(issued).toMatchObject({ billCount: 1, totalAmount: '26040.00', dueOn: '2026-04-27' })
    expect(await town.onPaper('4002', '2026-03')).toMatchObject([{ volume: '18600.000', amount: '26040.00' }])
    expect(await town.books()).toEqual(booksOf('27076.70'))
  })

  it('a month that is not over cannot be declared, nor one of an account on public supply', async () => {
    const april = { ...declaration, feeMonth: feeMonth('2026-04') }
    expect(await refusedWith(declareOwnSource(town.services, by('clerk'), april))).toBe('month_in_future')
    const supplied = { ...declaration, accountNo: '1001' }
    expect(await refusedWith(declareOwnSource(town.services, by('clerk'), supplied))).toBe('not_own_source')
  })
})

onEveryDatabase('An exemption ends on 15 March', (connection) => {
  let town: SmallTown
  let basisId: string
  beforeAll(async () => {
    town = await SmallTown.found(connection())
    for (const account of ['7001', '7002']) await town.enrol(account, { openedOn: '2026-01-01' })
    const evidence = '示例核定：自行处理，全部回用'
    basisId = await ground(town, { accountNo: '7001', basis: 'exempt', evidence, validFrom: civilDate('2026-02-01') })
    for (const [month, today, start, end, on] of [
      ['2026-01', '2026-02-03', '0', '100', '2026-01-31'],
      ['2026-02', '2026-03-03', '100', '200', '2026-02-28'],
    ] as const) {
      town.on(today)
      await town.read(
        month,
        ['7001', '7002'].map((account) => ({ account, start, end, on })),
      )
      await town.bill(month)
    }
  })
  afterAll(() => town.leave())

  it('before it began the account was billed, while it held it was exempt, with its clause', async () => {
    expect(await town.onPaper('7001', '2026-01')).toMatchObject([{ amount: '140.00' }])
    expect(await town.onPaper('7001', '2026-02')).toEqual([])
    expect(await town.books()).toEqual(booksOf('420.00'))
  })

  it('the month in which it ends is due in full, from the first day', async () => {
    town.on('2026-03-20')
    const end = { basisId, validUntil: civilDate('2026-03-15'), reason: '接入公共管网' }
    await done(endVolumeBasis(town.services, by('clerk'), end, lastBilledDay))
    town.on('2026-04-03')
    await town.read(
      '2026-03',
      ['7001', '7002'].map((account) => ({ account, start: '200', end: '350', on: '2026-03-31' })),
    )
    await town.bill('2026-03')
    const [bill] = await town.onPaper('7001', '2026-03')
    expect(bill?.amount).toBe('210.00')
    expect(await town.linesOnPaper(bill?.number ?? '')).toEqual([
      ['non-resident', '2026-03-01', '2026-04-01', '150.000', '210.00'],
    ])
    expect(await town.books()).toEqual(booksOf('840.00'))
  })

  it('it ends once, and a ground does not end on a day that is billed', async () => {
    const again = { basisId, validUntil: civilDate('2026-04-15'), reason: '笔误' }
    expect(await refusedWith(endVolumeBasis(town.services, by('clerk'), again, lastBilledDay))).toBe(
      'basis_already_ended',
    )
    const evidence = '示例核定'
    const anew = await ground(town, {
      accountNo: '7001',
      basis: 'exempt',
      evidence,
      validFrom: civilDate('2026-03-01'),
    }).catch((error: Error) => error.message)
    expect(anew).toContain('basis_overlaps')
  })
})

onEveryDatabase('A meter nobody read from November to February', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2025-10-01')
    await town.enrol('1001', { openedOn: '2025-10-01' })
    await town.enrol('1002', { openedOn: '2025-10-01' })
    await town.register('P9')
    for (const [month, today] of [
      ['2025-10', '2025-11-03'],
      ['2025-11', '2025-12-03'],
      ['2025-12', '2026-01-05'],
      ['2026-01', '2026-02-03'],
      ['2026-02', '2026-03-03'],
    ] as const) {
      town.on(today)
      const rows = [{ account: '1002', volume: '10', meter: 'M1002' }]
      if (month === '2025-10')
        await town.read(month, [...rows, { account: '1001', start: '0', end: '100', on: '2025-10-31' }])
      else await town.read(month, rows)
      await town.freeze(month)
      if (month === '2025-11') {
        const transfer = { accountNo: '1001', toDischargerCode: 'P9', on: civilDate('2025-11-21') }
        await done(transferAccount(town.services, by('clerk'), transfer))
      }
      await town.issue(await town.draft(month))
    }
    town.on('2026-04-03')
    await town.read('2026-03', [
      { account: '1001', start: '100', end: '251', on: '2026-03-31' },
      { account: '1002', volume: '10', meter: 'M1002' },
    ])
    await town.bill('2026-03')
  })
  afterAll(() => town.leave())

  it('is held with its reason each month, and billed when it is read: each payer for the days since', async () => {
    const papers = await town.onPaper('1001', '2026-03')
    // 151 m³ over the 151 days from 1 November: 20 of them the former holder's.
    expect(papers.map(({ payer, volume, amount }) => [payer, volume, amount])).toEqual([
      ['P1001', '20.000', '28.00'],
      ['P9', '131.000', '183.40'],
    ])
  })
})
