import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, type FeeMonth, feeMonth, lastDay, monthOf, plusDays } from '../kernel/calendar.ts'
import { Exact, plainText, sumOf } from '../kernel/decimal.ts'
import { readFinding } from './finding.rules.ts'
import type { PermittedLimit } from './limit.ts'
import { judgeTotal, massOfMonth, type ResultOfDay } from './total.rules.ts'
import { monthsOfPeriod, parseTotalId, totalId, type VolumeOfMonth } from './total.ts'

function result(takenOn: string, found: string, dayVolume?: string): ResultOfDay {
  const finding = readFinding(found)
  if (typeof finding === 'string') throw new Error(finding)
  return {
    takenOn: civilDate(takenOn),
    dayVolumeM3: dayVolume === undefined ? undefined : new Exact(dayVolume),
    result: { pollutant: 'cod', finding, unit: 'mg/L', method: 'HJ 828-2017' },
  }
}
const limit = (value: string, more: Partial<PermittedLimit> = {}): PermittedLimit => ({
  pollutant: 'cod',
  bound: 'yearly_total',
  value: new Exact(value),
  unit: 't/a',
  document: '示例排污许可证',
  validity: { from: civilDate('2025-01-01'), until: null },
  ...more,
})
const m3 = (volume: string): VolumeOfMonth => ({ m3: new Exact(volume) })
const march = feeMonth('2025-03')
const mass = (results: readonly ResultOfDay[], volume: VolumeOfMonth) => {
  const { method, least, most, gap } = massOfMonth(march, results, volume)
  return [method, plainText(least), plainText(most), gap]
}
const unknown: VolumeOfMonth = { why: 'account_without_volume', accounts: ['1001'] }

describe('the mass of a month', () => {
  it('is the mean concentration weighted by the days’ volumes × the volume of the month', () => {
    const two = [result('2025-03-05', '400', '200'), result('2025-03-20', '500', '100')]
    // (400×200 + 500×100) ÷ 300 = 433.33 mg/L; × 9,000 m³ = 3,900 kg
    expect(mass(two, m3('9000'))).toEqual(['mean_times_volume', '3900', '3900', undefined])
  })

  it('takes the plain mean where a sampled day has no volume, or its samples state different ones', () => {
    const unweighted = [result('2025-03-05', '400', '200'), result('2025-03-20', '500')]
    expect(mass(unweighted, m3('9000'))[1]).toBe('4050')
    const differ = [...unweighted, result('2025-03-05', '400', '201')]
    expect(mass(differ, m3('9000'))[1]).toBe('4050')
  })

  it('counts a day once, however many samples it has', () => {
    const three = [result('2025-03-05', '300'), result('2025-03-05', '500'), result('2025-03-20', '500')]
    expect(mass(three, m3('1000'))[1]).toBe('450')
  })

  it('has results below the detection limit as 0 at least and as that limit at most', () => {
    expect(mass([result('2025-03-05', '<4')], m3('1000'))).toEqual(['mean_times_volume', '0', '4', undefined])
    expect(mass([result('2025-03-05', '<4'), result('2025-03-06', '10')], m3('1000'))).toEqual([
      'mean_times_volume',
      '5',
      '7',
      undefined,
    ])
  })

  it('is the sum of its days where every day has a result and a volume, whatever the accounts say', () => {
    const days = Array.from({ length: 31 }, (_, index) => result(plusDays(civilDate('2025-03-01'), index), '100', '10'))
    expect(mass(days, unknown)).toEqual(['every_day', '31', '31', undefined])
    expect(mass(days, m3('9000'))[0]).toBe('every_day')
  })

  it('is at least that of the days known where the volume or the concentration is not', () => {
    const two = [result('2025-03-05', '400', '200'), result('2025-03-20', '500')]
    expect(mass(two, unknown)).toEqual(['some_days', '80', '80', 'account_without_volume'])
    expect(mass([], m3('9000'))).toEqual(['none', '0', '0', 'no_sample'])
    expect(mass([], unknown)).toEqual(['none', '0', '0', 'account_without_volume'])
    // More on two days than the accounts tell of the month: they cannot be right.
    expect(mass([result('2025-03-05', '400', '200')], m3('199'))).toEqual(['some_days', '80', '80', 'days_above_month'])
  })

  it('is never less than what its days discharged, which a plain mean could be', () => {
    const results = [result('2025-03-05', '400', '200'), result('2025-03-20', '10')]
    expect(mass(results, m3('1000'))).toEqual(['mean_times_volume', '205', '205', undefined])
    expect(mass(results, m3('201'))).toEqual(['some_days', '80', '80', 'days_above_month'])
    const below = [result('2025-03-05', '<400', '200'), result('2025-03-20', '10')]
    expect(mass(below, m3('201'))).toEqual(['some_days', '0', '80', 'days_above_month'])
  })

  it('is 0 where nothing was discharged, without a sample', () => {
    expect(mass([], m3('0'))).toEqual(['mean_times_volume', '0', '0', undefined])
  })

  it('is cut off below the milligram, so that the months printed add up', () => {
    const thirds = [result('2025-03-05', '1'), result('2025-03-06', '1'), result('2025-03-07', '2')]
    expect(mass(thirds, m3('1'))[1]).toBe('0.001333')
  })
})

describe('a total', () => {
  const year = (months: number, found: string) =>
    Array.from({ length: months }, (_, index) => result(`2025-${String(index + 1).padStart(2, '0')}-10`, found))
  const judge = (
    of: PermittedLimit,
    results: readonly ResultOfDay[],
    volumeOf: (month: FeeMonth) => VolumeOfMonth,
    today = '2026-02-01',
    period = '2025',
  ) => {
    const { verdict, least, timesOver, months } = judgeTotal(of, period, results, volumeOf, civilDate(today))
    const gaps = months.filter(({ gap }) => gap !== undefined).map(({ month, gap }) => `${month.slice(5)} ${gap}`)
    return [verdict, plainText(least), timesOver && plainText(timesOver.toDecimalPlaces(4)), gaps]
  }

  it('of the README: ten months known are above what was permitted for twelve', () => {
    // 412 mg/L × 6,300 m³ = 2,595.6 kg a month
    const volumeOf = (month: FeeMonth) => (month === '2025-11' ? unknown : m3('6300'))
    const results = year(11, '412')
    expect(judge(limit('25'), results, volumeOf)).toEqual([
      'exceeds',
      '25.956',
      '0.0382',
      ['11 account_without_volume', '12 no_sample'],
    ])
    expect(judge(limit('30'), results, volumeOf)).toEqual([
      'undecided',
      '25.956',
      undefined,
      ['11 account_without_volume', '12 no_sample'],
    ])
    expect(judge(limit('31.1472'), year(12, '412'), () => m3('6300'))).toEqual(['within', '31.1472', undefined, []])
    expect(judge(limit('31.1471'), year(12, '412'), () => m3('6300'))[0]).toBe('exceeds')
  })

  it('is undecided where results below the detection limit could lift it above', () => {
    expect(judge(limit('0.3'), year(12, '<4'), () => m3('6300'))).toEqual(['undecided', '0', undefined, []])
    expect(judge(limit('0.3024'), year(12, '<4'), () => m3('6300'))[0]).toBe('within')
  })

  it('does not count a month that is not over, but for the days known of it', () => {
    const results = [...year(2, '412'), result('2025-03-10', '412', '210')]
    expect(judge(limit('5'), results, () => m3('6300'), '2025-03-31')).toEqual([
      'exceeds',
      '5.27772',
      '0.0555',
      ['03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map((month) => `${month} month_not_over`),
    ])
  })

  it('does not count months in which its limit did not hold on every day', () => {
    const validity = { from: civilDate('2025-01-15'), until: civilDate('2025-12-31') }
    const judged = judge(limit('25', { validity }), year(12, '412'), () => m3('6300'))
    expect(judged).toEqual(['exceeds', '25.956', '0.0382', ['01 limit_not_in_force', '12 limit_not_in_force']])
    expect(judge(limit('26', { validity }), year(12, '412'), () => m3('6300'))[0]).toBe('undecided')
  })

  it('of a month is in kg', () => {
    const monthly = limit('2500', { bound: 'monthly_total', unit: 'kg/month' })
    expect(judge(monthly, year(12, '412'), () => m3('6300'), '2026-02-01', '2025-03')).toEqual([
      'exceeds',
      '2595.6',
      '0.0382',
      [],
    ])
  })

  it('takes no result of another pollutant or unit', () => {
    const other = year(12, '412').map((each, index) => ({
      ...each,
      result: { ...each.result, ...(index % 2 === 0 ? { pollutant: 'ss' } : { unit: 'μg/L' }) },
    }))
    expect(judge(limit('30'), other, () => m3('6300'))[1]).toBe('0')
  })

  it('has a number of its limit and period', () => {
    expect(parseTotalId(totalId('17', '2025-03'))).toEqual({ limitId: '17', period: '2025-03' })
    expect(parseTotalId('17-2025')).toEqual({ limitId: '17', period: '2025' })
    for (const wrong of ['17', '17-25', '17-2025-13', 'x-2025', '17-2025-']) expect(parseTotalId(wrong)).toBeUndefined()
  })
})

const digits = fc.integer({ min: 1, max: 2_000_000 }).map((n) => plainText(new Exact(n).div(1000)))
const facts = fc.record({
  results: fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 364 }), digits, fc.boolean(), fc.option(digits, { nil: undefined }))
      .map(([day, value, below, volume]) =>
        result(plusDays(civilDate('2025-01-01'), day), below ? `<${value}` : value, volume),
      ),
    { maxLength: 40 },
  ),
  volumes: fc.array(fc.option(digits.map(m3), { nil: unknown }), { minLength: 12, maxLength: 12 }),
  permitted: digits,
})
const months = monthsOfPeriod('2025')
const today = civilDate('2026-01-01')

describe('any total', () => {
  it('is the sum of its months, and each month at most and at least the same way about', () => {
    fc.assert(
      fc.property(facts, ({ results, volumes, permitted }) => {
        const volumeOf = (month: FeeMonth) => volumes[months.indexOf(month)] ?? unknown
        const judged = judgeTotal(limit(permitted), '2025', results, volumeOf, today)
        expect(judged.least.times(1000).eq(sumOf(judged.months.map(({ least }) => least)))).toBe(true)
        for (const { least, most } of judged.months) expect(least.lte(most)).toBe(true)
        expect(judged.months.map(({ month }) => month)).toEqual(months)
        // Each month alone, by itself, is what it is in the year.
        for (const each of judged.months) {
          const own = results.filter(({ takenOn }) => monthOf(takenOn) === each.month)
          expect(massOfMonth(each.month, own, volumeOf(each.month))).toEqual(each)
        }
        if (judged.verdict === 'within') expect(judged.months.every(({ gap }) => gap === undefined)).toBe(true)
      }),
    )
  })

  it('once above its limit stays above, whichever unknown month becomes known', () => {
    fc.assert(
      fc.property(facts, fc.nat(11), digits, digits, ({ results, volumes, permitted }, at, found, volume) => {
        const month = months[at] ?? march
        const without = results.filter(({ takenOn }) => monthOf(takenOn) !== month)
        const volumeOf = (each: FeeMonth) => volumes[months.indexOf(each)] ?? unknown
        const before = judgeTotal(
          limit(permitted),
          '2025',
          without,
          (each) => (each === month ? unknown : volumeOf(each)),
          today,
        )
        const known = [...without, result(lastDay(month), found)]
        const after = judgeTotal(
          limit(permitted),
          '2025',
          known,
          (each) => (each === month ? m3(volume) : volumeOf(each)),
          today,
        )
        expect(after.least.gte(before.least)).toBe(true)
        // The volume alone becomes known, of a month with all its samples.
        const all = [...results, result(lastDay(month), found)]
        const of = (told: VolumeOfMonth) =>
          judgeTotal(limit(permitted), '2025', all, (each) => (each === month ? told : volumeOf(each)), today).least
        expect(of(m3(volume)).gte(of(unknown))).toBe(true)
        if (before.verdict === 'exceeds') expect(after.verdict).toBe('exceeds')
      }),
    )
  })
})
