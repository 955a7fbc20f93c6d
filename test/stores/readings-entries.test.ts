import { beforeAll, expect, it } from 'vitest'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { volumeText } from '../../src/kernel/volume.ts'
import type { Services } from '../../src/platform/command.ts'
import { trueUpShares } from '../../src/readings/estimate.rules.ts'
import { estimateReading } from '../../src/readings/estimate-reading.ts'
import { importReadings } from '../../src/readings/import-readings.ts'
import { storeOpeningReadings, storeOpeningUses } from '../../src/readings/opening-readings.ts'
import {
  estimatedRuns,
  readingsBefore,
  readingsOfAccounts,
  readingsOfInstallations,
  useHistory,
} from '../../src/readings/reading.queries.ts'
import { readingsOfAccount } from '../../src/readings/reading-chain.queries.ts'
import { type EnteredReading, recordReading } from '../../src/readings/record-reading.ts'
import { withdrawReading } from '../../src/readings/withdraw-reading.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import {
  accountIdOf,
  by,
  csv,
  done,
  everything,
  installationIdOf,
  march,
  plantReadings,
  scratchFolder,
} from './readings.ground.ts'

onEveryDatabase('Readings entered, estimated and taken back by hand', (connection) => {
  let services: Services
  const scratch = scratchFolder()
  const april = feeMonth('2026-04')

  beforeAll(async () => {
    services = servicesOn(connection(), '2026-05-03')
    await plantReadings(services.db, [
      { no: '0000101', digits: 5, opening: '1000' },
      { no: '0000102' },
      { no: '0000103', uses: ['100', '100'] },
      { no: '0000104' },
      { no: '0000105', meter: 'A105' },
      { no: '0000106' },
      { no: '0000107' },
    ])
  })

  const monthOf = async (accountNo: string, month = march) => {
    const accountId = await accountIdOf(services.db, accountNo)
    return (await readingsOfAccounts(services.db, [accountId], month)).get(accountId) ?? []
  }
  const record = (input: Partial<EnteredReading> & { accountNo: string }) =>
    recordReading(services, by('clerk'), { feeMonth: march, evidence: '现场照片3号', ...input })
  const estimate = (accountNo: string, month = march, reason = '表井积水') =>
    estimateReading(services, by('clerk'), { accountNo, feeMonth: month, reason })

  it('a reading entered by hand starts where the meter stood and keeps its evidence', async () => {
    const answer = done(await record({ accountNo: '0000102', readOn: civilDate('2026-03-31'), end: '1090' }))
    expect(answer).toMatchObject({
      start: '1000.000',
      end: '1090.000',
      volumeM3: '90.000',
      usedFrom: '2026-03-01',
      replaces: null,
    })
    const [kept] = await readingsOfAccount(services.db, await accountIdOf(services.db, '0000102'))
    expect(kept).toMatchObject({ evidence: '现场照片3号', recordedBy: '张示例', importId: null, status: 'effective' })
  })

  it('the same again changes nothing; another value takes its place only when the clerk says so', async () => {
    const on = civilDate('2026-03-31')
    expect(done(await record({ accountNo: '0000102', readOn: on, end: '1090' }))).toMatchObject({ unchanged: true })
    expect(await record({ accountNo: '0000102', readOn: on, end: '1095' })).toMatchObject({ code: 'reasons_remain' })
    const replaced = done(await record({ accountNo: '0000102', readOn: on, end: '1095', accept: ['stored_differs'] }))
    expect(replaced.replaces).not.toBeNull()
    expect(await monthOf('0000102')).toMatchObject([{ volumeM3: '95.000', revision: 1 }])
  })

  it('is refused where it cannot be read, has reasons against it, or lacks its evidence', async () => {
    const before = await everything(services.db)
    expect(await record({ accountNo: '0000104', end: '1o90' })).toMatchObject({ code: 'entry_unreadable' })
    expect(await record({ accountNo: '0000104', end: '2000' })).toMatchObject({ code: 'reasons_remain' })
    expect(await record({ accountNo: '0000104', end: '1090', evidence: ' ' })).toMatchObject({ code: 'reason_needed' })
    expect(await record({ collectorCode: 'gx-water', accountNo: '777', end: '1090' })).toMatchObject({
      code: 'account_unknown',
    })
    expect(
      await recordReading(services, by('operator'), {
        accountNo: '0000104',
        feeMonth: march,
        end: '1090',
        evidence: '照片',
      }),
    ).toMatchObject({ code: 'role_missing' })
    expect(await everything(services.db)).toEqual(before)
  })

  it('an end that the next month does not begin at is taken only by name, and is right once that one begins there', async () => {
    const readIn = (month: typeof march, readOn: string, end: string, accept: readonly string[] = []) =>
      record({ accountNo: '0000107', feeMonth: month, readOn: civilDate(readOn), end, accept })
    done(await readIn(march, '2026-03-31', '1100'))
    done(await readIn(april, '2026-04-30', '1200'))
    const corrected = await readIn(march, '2026-03-31', '1110', ['stored_differs'])
    expect(corrected).toMatchObject({ code: 'reasons_remain' })
    done(await readIn(march, '2026-03-31', '1110', ['stored_differs', 'next_start_differs']))
    done(await readIn(april, '2026-04-30', '1200', ['stored_differs']))
    expect(await monthOf('0000107', april)).toMatchObject([{ startReading: '1110.000', volumeM3: '90.000' }])
    done(await readIn(march, '2026-03-31', '1110'))
  })

  it('a reading taken back counts no more; the month can be read anew', async () => {
    const [first] = await monthOf('0000102')
    expect(
      done(await withdrawReading(services, by('clerk'), { readingId: first!.readingId, reason: '误录他户' })),
    ).toMatchObject({ volumeM3: '95.000' })
    expect(await monthOf('0000102')).toEqual([])
    expect(await withdrawReading(services, by('clerk'), { readingId: first!.readingId, reason: '再撤' })).toMatchObject(
      { code: 'reading_ended' },
    )
    expect(await withdrawReading(services, by('clerk'), { readingId: '4711', reason: '撤' })).toMatchObject({
      code: 'reading_unknown',
    })
    expect(await withdrawReading(services, by('clerk'), { readingId: first!.readingId, reason: '' })).toMatchObject({
      code: 'reason_needed',
    })
    const anew = done(await record({ accountNo: '0000102', readOn: civilDate('2026-03-31'), end: '1080' }))
    expect(anew.volumeM3).toBe('80.000')
    expect(await monthOf('0000102')).toMatchObject([{ volumeM3: '80.000', revision: 2 }])
    const history = await readingsOfAccount(services.db, await accountIdOf(services.db, '0000102'))
    expect(history.map(({ status }) => status)).toEqual(['effective', 'withdrawn', 'superseded'])
  })

  it('an estimate is the mean of three actual months, sets no reading, and is refused twice over', async () => {
    expect(done(await estimate('0000106'))).toMatchObject({
      volumeM3: '100.000',
      inARow: 1,
      usedFrom: '2026-03-01',
      usedUntil: '2026-04-01',
    })
    expect(await monthOf('0000106')).toMatchObject([{ source: 'estimated', startReading: null, endReading: null }])
    expect(await estimate('0000106')).toMatchObject({ code: 'month_already_read' })
    expect(await estimate('0000103')).toMatchObject({
      code: 'estimate_without_history',
      parameters: { months: 2, needed: 3 },
    })
    expect(await estimate('0000104', march, '')).toMatchObject({ code: 'reason_needed' })
  })

  it('not more than three months in a row are estimated', async () => {
    done(await estimate('0000106', april))
    done(await estimate('0000106', feeMonth('2026-05')))
    expect(await estimate('0000106', feeMonth('2026-06'))).toMatchObject({
      code: 'estimate_beyond_limit',
      parameters: { count: 3, limit: 3 },
    })
  })

  it('a true reading closes the run of estimates, which is then spread over the months by days', async () => {
    done(await estimate('0000101'))
    const file = scratch.write('april.csv', csv('0000101,M0000101,1000,1360,360,2026-04-30,2026-04'))
    const answer = done(
      await importReadings(services, by('operator'), { collectorCode: 'gx-water', path: file, feeMonth: april }),
    )
    // 360 m³ in two months at 100 a month are no jump.
    expect(answer).toMatchObject({ rows: { accepted: 1 }, reasons: {} })
    const accountId = await accountIdOf(services.db, '0000101')
    for (const month of [march, april]) {
      const run = (await estimatedRuns(services.db, [accountId], month)).get(accountId) ?? []
      expect(run.map(({ feeMonth: of, source }) => [of, source])).toEqual([
        ['2026-03', 'estimated'],
        ['2026-04', 'unstated'],
      ])
      expect(trueUpShares(run).map(({ volumeM3 }) => volumeText(volumeM3))).toEqual(['182.951', '177.049'])
    }
    expect(await estimatedRuns(services.db, [accountId], feeMonth('2026-02'))).toEqual(new Map())
  })

  it('queries give what counts, and only that', async () => {
    const accountId = await accountIdOf(services.db, '0000102')
    const installationId = await installationIdOf(services.db, 'M0000102')
    expect(await readingsOfInstallations(services.db, [installationId], march)).toMatchObject([{ volumeM3: '80.000' }])
    expect(await readingsBefore(services.db, [accountId], april, 1)).toMatchObject([
      { feeMonth: '2026-03', volumeM3: '80.000' },
    ])
    const history = await useHistory(services.db, [accountId, await accountIdOf(services.db, '0000103')], april)
    expect([...history.values()]).toEqual([
      { lastThree: ['80.000', '100.000', '100.000'], sameMonthLastYear: null },
      { lastThree: ['100.000'], sameMonthLastYear: null },
    ])
  })

  it('opening readings and uses are kept in bulk, once each', async () => {
    const accountId = await accountIdOf(services.db, '0000105')
    const installationId = await installationIdOf(services.db, 'A105')
    const store = (month: string) =>
      services.db
        .transaction()
        .execute((trx) =>
          storeOpeningUses({ trx, commandId: 'ground-0001' }, [
            { accountId, feeMonth: feeMonth(month), volumeM3: '77.000', estimated: true },
          ]),
        )
    await store('2025-03')
    expect((await useHistory(services.db, [accountId], march)).get(accountId)).toEqual({
      lastThree: ['100.000', '100.000', '100.000'],
      sameMonthLastYear: '77.000',
    })
    await expect(store('2025-03')).rejects.toThrow()
    await expect(
      services.db
        .transaction()
        .execute((trx) =>
          storeOpeningReadings({ trx, commandId: 'ground-0001' }, [
            { installationId, readOn: civilDate('2026-02-28'), reading: '1' },
          ]),
        ),
    ).rejects.toThrow()
  })
})
