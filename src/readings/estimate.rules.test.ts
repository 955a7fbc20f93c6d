import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, type FeeMonth, feeMonth, monthInterval } from '../kernel/calendar.ts'
import type { AccountId, InstallationId, MeterReadingId } from '../kernel/ids.ts'
import { money, moneyText, priceOf, roundToMoney, subtractMoney, unitPrice } from '../kernel/money.ts'
import { addVolumes, volume, volumeText } from '../kernel/volume.ts'
import { estimatedVolume, trueUpShares } from './estimate.rules.ts'
import type { MeterReading } from './reading.ts'

function reading(month: string, volumeM3: string, more: Partial<MeterReading> = {}): MeterReading {
  const of = feeMonth(month)
  return {
    readingId: month as MeterReadingId,
    accountId: '1' as AccountId,
    installationId: '7' as InstallationId,
    feeMonth: of,
    kind: 'normal',
    source: 'estimated',
    used: monthInterval(of),
    readOn: civilDate(`${month}-28`),
    startReading: null,
    endReading: null,
    volumeM3,
    revision: 0,
    ...more,
  }
}

// 31 Jan 1,000; February and March estimated 100 each; 30 April 1,360 (decision 10).
const estimates = [reading('2026-02', '100.000'), reading('2026-03', '100.000')]
const fromTheLastActual = reading('2026-04', '360.000', {
  source: 'actual',
  startReading: '1000.000',
  endReading: '1360.000',
  used: { from: civilDate('2026-02-01'), until: civilDate('2026-05-01') },
})

describe('a true-up spreads the use since the last actual reading over the months by days', () => {
  it('gives 113.259 / 125.393 / 121.348 m³ for 360 m³ over February, March and April', () => {
    const shares = trueUpShares([...estimates, fromTheLastActual])
    expect(shares.map((share) => [share.feeMonth, share.days, volumeText(share.volumeM3)])).toEqual([
      ['2026-02', 28, '113.259'],
      ['2026-03', 31, '125.393'],
      ['2026-04', 30, '121.348'],
    ])
  })

  it('makes the bills of the worked example: +18.56, +35.55 and 169.89 yuan at 1.40', () => {
    const perM3 = unitPrice('1.40')
    const [february, march, april] = trueUpShares([...estimates, fromTheLastActual]).map(({ volumeM3 }) =>
      roundToMoney(priceOf(volumeM3, perM3)),
    )
    const billed = money('140.00')
    expect(moneyText(subtractMoney(february!, billed))).toBe('18.56')
    expect(moneyText(subtractMoney(march!, billed))).toBe('35.55')
    expect(moneyText(april!)).toBe('169.89')
  })

  it('comes to the same where the company counts on from its own estimates', () => {
    const [february, march] = [
      reading('2026-02', '100.000', { startReading: '1000.000', endReading: '1100.000' }),
      reading('2026-03', '100.000', { startReading: '1100.000', endReading: '1200.000' }),
    ]
    const closing = reading('2026-04', '160.000', {
      source: 'actual',
      startReading: '1200.000',
      endReading: '1360.000',
    })
    expect(trueUpShares([february!, march!, closing]).map((share) => volumeText(share.volumeM3))).toEqual([
      '113.259',
      '125.393',
      '121.348',
    ])
  })

  it('counts the whole where the closing reading goes back to the last actual one of estimates with readings', () => {
    const february = reading('2026-02', '100.000', { startReading: '1000.000', endReading: '1100.000' })
    const closing = reading('2026-03', '59.000', { source: 'actual', startReading: '1000.000', endReading: '1059.000' })
    expect(trueUpShares([february, closing]).map((share) => volumeText(share.volumeM3))).toEqual(['28.000', '31.000'])
  })

  it('does not count an estimate of the office twice where the company’s own readings run over its month', () => {
    // February estimated by the office, which sets no reading; March by the company from 1,000 on; 1,260 read in April.
    const run = [
      reading('2026-02', '100.000'),
      reading('2026-03', '60.000', { startReading: '1000.000', endReading: '1060.000' }),
      reading('2026-04', '200.000', { source: 'actual', startReading: '1060.000', endReading: '1260.000' }),
    ]
    expect(volumeText(addVolumes(trueUpShares(run).map((share) => share.volumeM3)))).toBe('260.000')
    // The other way round: the company's reading of February stands, March was the office's.
    const [february, march, april] = run
    const turned = [
      { ...february!, startReading: '1000.000', endReading: '1100.000' },
      { ...march!, startReading: null, endReading: null },
      { ...april!, startReading: '1100.000', endReading: '1260.000', volumeM3: '160.000' },
    ]
    expect(volumeText(addVolumes(trueUpShares(turned).map((share) => share.volumeM3)))).toBe('260.000')
  })

  it('adds up volumes without readings, where each row states its own part', () => {
    const closing = reading('2026-03', '18.000', { source: 'actual' })
    expect(trueUpShares([reading('2026-02', '100.000'), closing]).map((share) => volumeText(share.volumeM3))).toEqual([
      '56.000',
      '62.000',
    ])
  })

  it('loses and adds nothing, for any volumes', () => {
    const months: FeeMonth[] = ['2026-01', '2026-02', '2026-03', '2026-04'].map(feeMonth)
    const litres = fc.integer({ min: 0, max: 5_000_000 })
    fc.assert(
      fc.property(fc.array(litres, { minLength: 2, maxLength: 4 }), (volumes) => {
        const texts = volumes.map((each) => (each / 1000).toFixed(3))
        const run = texts.map((text, index) =>
          reading(months[index]!, text, index === texts.length - 1 ? { source: 'remote' } : {}),
        )
        const whole = addVolumes(texts.map(volume))
        expect(volumeText(addVolumes(trueUpShares(run).map((share) => share.volumeM3)))).toBe(volumeText(whole))
      }),
    )
  })
})

describe('an estimate is the mean of the last three actual months', () => {
  const use = (monthsBefore: number, volumeM3: string, estimated = false) => ({ monthsBefore, volumeM3, estimated })

  it('passes over estimated months and rounds half-up to 0.001 m³', () => {
    const uses = [use(1, '500.000', true), use(2, '100.000'), use(3, '101.000'), use(4, '101.000'), use(5, '900.000')]
    expect(volumeText(estimatedVolume(uses)!)).toBe('100.667')
  })

  it('is not given with fewer than three actual months', () => {
    expect(estimatedVolume([use(1, '100.000'), use(2, '100.000', true), use(3, '100.000')])).toBeUndefined()
  })
})
