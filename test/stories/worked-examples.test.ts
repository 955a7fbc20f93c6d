import { afterAll, beforeAll, expect, it } from 'vitest'
import { setMeterShares } from '../../src/dischargers/set-meter-shares.ts'
import { civilDate, type FeeMonth, feeMonth, firstDay, plusDays, plusMonths } from '../../src/kernel/calendar.ts'
import { estimateReading } from '../../src/readings/estimate-reading.ts'
import { decideVolumeBasis, proposeVolumeBasis } from '../../src/volumes/propose-volume-basis.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { booksOf, type FileRow, SmallTown } from '../support/small-town.ts'

/** The day the office bills a month on: the 3rd of the next. */
const third = (month: string): string => plusDays(firstDay(plusMonths(month as FeeMonth, 1)), 2)

onEveryDatabase('A use of 12,345 m³ at 1.40', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2025-02-20')
    await town.enrol('1001', { openedOn: '2025-03-01', initialReading: '21300' })
    town.on('2025-04-01')
    await town.read('2025-03', [{ account: '1001', start: '21300', end: '33645', volume: '12345', on: '2025-03-31' }])
    await town.bill('2025-03')
  })
  afterAll(() => town.leave())

  it('is billed 17,283.00, issued on 1 April and due on Thursday 10 April 2025', async () => {
    expect(await town.onPaper('1001', '2025-03')).toEqual([
      {
        number: '2025-000001',
        kind: 'original',
        payer: 'P1001',
        volume: '12345.000',
        amount: '17283.00',
        due: '2025-04-10',
      },
    ])
    expect(await town.linesOnPaper('2025-000001')).toEqual([
      ['non-resident', '2025-03-01', '2025-04-01', '12345.000', '17283.00'],
    ])
    expect(await town.books()).toEqual(booksOf('17283.00'))
  })
})

onEveryDatabase('An own source with a pump of 25 m³/h', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2025-12-20')
    await town.enrol('4001', { supply: 'own_source' })
    const basis = {
      accountNo: '4001',
      basis: 'rated_flow',
      ratedFlowM3PerHour: '25',
      evidence: '示例取水许可，水泵铭牌',
      validFrom: civilDate('2026-02-01'),
    } as const
    const { proposalId } = await done(proposeVolumeBasis(town.services, by('clerk'), basis))
    await done(decideVolumeBasis(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
    for (const month of ['2026-02', '2026-03']) {
      town.on(third(month))
      await town.bill(month)
    }
  })
  afterAll(() => town.leave())

  it('is billed 25 × 24 × 31 = 18,600 m³, 26,040.00, for March and 28 days of it for February', async () => {
    const [february] = await town.onPaper('4001', '2026-02')
    const [march] = await town.onPaper('4001', '2026-03')
    expect([february?.volume, february?.amount]).toEqual(['16800.000', '23520.00'])
    expect([march?.volume, march?.amount]).toEqual(['18600.000', '26040.00'])
  })
})

onEveryDatabase('One meter shared 30/30/40 by three users', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2025-12-20')
    await town.enrol('3001')
    await town.enrol('3002', { meter: false })
    await town.enrol('3003', { meter: false })
    await done(
      setMeterShares(town.services, by('clerk'), {
        collectorCode: 'water',
        meterNo: 'M3001',
        from: civilDate('2026-01-01'),
        unitM3: '1',
        agreement: '示例分摊协议',
        shares: [
          { accountNo: '3001', ratio: '30%' },
          { accountNo: '3002', ratio: '30%' },
          { accountNo: '3003', ratio: '40%' },
        ],
      }),
    )
    town.on('2026-02-03')
    await town.read('2026-01', [{ account: '3001', start: '0', end: '1001', on: '2026-01-31' }])
    await town.bill('2026-01')
  })
  afterAll(() => town.leave())

  it('gives 300, 300 and 401 of 1,001 m³: cut to whole cubic metres, the last takes the rest', async () => {
    const papers = await Promise.all(['3001', '3002', '3003'].map((no) => town.onPaper(no, '2026-01')))
    expect(papers.flat().map(({ payer, volume, amount }) => [payer, volume, amount])).toEqual([
      ['P3001', '300.000', '420.00'],
      ['P3002', '300.000', '420.00'],
      ['P3003', '401.000', '561.40'],
    ])
    expect(await town.books()).toEqual(booksOf('1401.40'))
  })
})

onEveryDatabase(
  'Two estimated months of 100 m³, then a reading that shows 360 since the last actual one',
  (connection) => {
    let town: SmallTown
    const row = (
      account: string,
      start: string,
      end: string,
      on: string,
      source: '实抄' | '估抄' = '实抄',
    ): FileRow => ({
      account,
      start,
      end,
      on,
      source,
    })
    beforeAll(async () => {
      town = await SmallTown.found(connection(), '2025-10-20')
      // Three ways a company goes on after estimates: from the estimated reading; from the last actual one; and no
      // reading at all for the months a clerk of the bureau estimated.
      for (const account of ['5001', '5002', '5003'])
        await town.enrol(account, { openedOn: '2025-11-01', initialReading: '700' })
      for (const [month, start, end] of [
        ['2025-11', '700', '800'],
        ['2025-12', '800', '900'],
        ['2026-01', '900', '1000'],
      ] as const) {
        town.on(third(month))
        const last = plusDays(firstDay(plusMonths(feeMonth(month), 1)), -1)
        await town.read(
          month,
          ['5001', '5002', '5003'].map((account) => row(account, start, end, last)),
        )
        await town.bill(month)
      }
      for (const [month, start, end, on] of [
        ['2026-02', '1000', '1100', '2026-02-28'],
        ['2026-03', '1100', '1200', '2026-03-31'],
      ] as const) {
        town.on(third(month))
        await town.read(
          month,
          ['5001', '5002'].map((account) => row(account, start, end, on, '估抄')),
        )
        const asked = { accountNo: '5003', feeMonth: feeMonth(month), reason: '表箱被压，无法抄见' }
        await done(estimateReading(town.services, by('clerk'), asked))
        await town.bill(month)
      }
      town.on('2026-05-06')
      const april = await town.read('2026-04', [
        row('5001', '1200', '1360', '2026-04-30'),
        row('5002', '1000', '1360', '2026-04-30'),
        row('5003', '1000', '1360', '2026-04-30'),
      ])
      // Three months in one row are compared with three months: nobody has to look.
      expect(april.reasons).toEqual({})
      // Three bills for April, and for each two of 追补.
      const run = await town.draft('2026-04')
      expect([run.bills, run.adjustments]).toEqual([9, 6])
      await town.issue(run)
    })
    afterAll(() => town.leave())

    for (const account of ['5001', '5002', '5003']) {
      it(`${account}: shares of 113.259, 125.393 and 121.348 m³ bring 18.56, 35.55 and 169.89; 504.00 with the two bills`, async () => {
        const [february, march, april] = await Promise.all(
          ['2026-02', '2026-03', '2026-04'].map(async (month) =>
            (await town.onPaper(account, month)).map(({ kind, volume, amount, due }) => [kind, volume, amount, due]),
          ),
        )
        expect(february).toEqual([
          ['original', '100.000', '140.00', '2026-03-10'],
          ['upward', '13.259', '18.56', '2026-05-11'],
        ])
        expect(march).toEqual([
          ['original', '100.000', '140.00', '2026-04-10'],
          ['upward', '25.393', '35.55', '2026-05-11'],
        ])
        expect(april).toEqual([['original', '121.348', '169.89', '2026-05-11']])
      })
    }

    it('the three months are 360 × 1.40 = 504.00 each, nothing is left to adjust, and the books say so', async () => {
      // November to January 100 m³ each, 140.00 a month and account; then 504.00 an account.
      expect(await town.books()).toEqual(booksOf('2772.00'))
      for (const month of ['2026-02', '2026-03', '2026-04']) expect(await town.differences(month)).toEqual([])
    })

    it('when the reading that closed them is corrected to 1,400, all three months differ and are adjusted', async () => {
      town.on('2026-05-20')
      await town.read('2026-04', [row('5001', '1200', '1400', '2026-04-30')])
      // 400 m³ by days: 125.843, 139.326 and 134.831; 176.18, 195.06 and 188.76, in all 400 × 1.40.
      const months = ['2026-02', '2026-03', '2026-04']
      const found = await Promise.all(months.map(async (month) => (await town.differences(month))[0]))
      expect(found.map((each) => [each?.accountNo, each?.now, each?.difference])).toEqual([
        ['5001', '176.18', '17.62'],
        ['5001', '195.06', '19.51'],
        ['5001', '188.76', '18.87'],
      ])
      for (const each of found) await town.correct(each?.number ?? '', 'adjust')
      for (const month of months) expect(await town.differences(month)).toEqual([])
      expect(await town.books()).toEqual(booksOf('2828.00'))
    })
  },
)

onEveryDatabase('The 10th', (connection) => {
  let town: SmallTown
  const cases = [
    ['2024-01', '2024-02-05', '2024-02-18', 'Saturday in the Spring Festival: Sunday the 18th, a make-up workday'],
    ['2024-05', '2024-06-03', '2024-06-11', 'Dragon Boat Festival: Tuesday'],
    ['2025-03', '2025-04-01', '2025-04-10', 'an ordinary Thursday'],
    ['2025-04', '2025-05-06', '2025-05-12', 'Saturday: Monday'],
    ['2025-07', '2025-08-04', '2025-08-11', 'Sunday: Monday'],
    ['2025-12', '2026-01-05', '2026-01-12', 'Saturday: Monday'],
    ['2026-03', '2026-04-09', '2026-04-14', 'issued on the 9th: five days later'],
    ['2026-04', '2026-05-14', '2026-05-19', 'issued after the 10th: five days later'],
    ['2026-05', '2026-06-15', '2026-06-22', 'five days later is Saturday the 20th in a festival: Monday'],
    ['2026-08', '2026-09-28', '2026-10-08', 'five days later lies in the National Day holiday: Thursday the 8th'],
    ['2026-09', '2026-10-09', '2026-10-14', 'issued on the 9th of October: five days later'],
    ['2026-09', '2026-10-05', '2026-10-10', 'Saturday 10 October, a make-up workday, stays'],
  ] as const
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2023-12-20')
    for (const [index, [month, issuedOn]] of cases.entries()) {
      const account = `60${String(index).padStart(2, '0')}`
      await town.enrol(account, { openedOn: `${month}-01`, meter: false })
      town.on(issuedOn)
      await town.read(month, [{ account, volume: '10' }])
      await town.freeze(month)
      await town.issue(await town.draft(month, [account]))
    }
  })
  afterAll(() => town.leave())

  for (const [index, [month, issuedOn, dueOn, why]] of cases.entries()) {
    it(`${month} issued on ${issuedOn} is due on ${dueOn}: ${why}`, async () => {
      const [bill] = await town.onPaper(`60${String(index).padStart(2, '0')}`, month)
      expect([bill?.amount, bill?.due]).toEqual(['14.00', dueOn])
    })
  }
})
