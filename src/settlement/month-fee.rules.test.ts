import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CivilDate, civilDate, feeMonth, lastDay, plusDays } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import type { OrganisationId } from '../kernel/ids.ts'
import { money, moneyText, priceOf, roundToMoney, unitPrice } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { roundToVolume, volume } from '../kernel/volume.ts'
import type { Concession, ConcessionId, ConcessionTerms, IndicatorLimit } from './concession.ts'
import { monthFee } from './month-fee.rules.ts'
import type { MonthFee } from './month-fee.ts'
import type { Effluent, PlantDay } from './plant-day.ts'

const open = { from: '2025-01-01', until: null }
/** Design 10,000 m³/day, cap 1.3, 1.48 yuan/m³, guarantee 60 % on the month's average (domain 4.14). */
const plain: ConcessionTerms = {
  designM3PerDay: '10000',
  dailyCap: '1.3',
  prices: [{ ...open, perM3: '1.48' }],
  guarantee: { basis: 'month', daysOutOfCompliance: 'kept', shares: [{ ...open, share: '0.60' }] },
  overVolume: null,
  indicators: [],
  severalIndicators: 'largest',
  reward: null,
}
const cod: IndicatorLimit = {
  code: 'cod',
  min: null,
  max: '50',
  measured: 'every_day',
  steps: [
    { from: '0', unpaidShare: '0.5', deduction: '0.00' },
    { from: '0.5', unpaidShare: '1', deduction: '5000.00' },
  ],
}
const agreement = (terms: Partial<ConcessionTerms> = {}, more: Partial<Concession> = {}): Concession => ({
  concessionId: '1' as ConcessionId,
  plantId: '1' as OrganisationId,
  code: 'C1',
  title: '示例协议',
  document: '示例文号',
  validFrom: civilDate('2025-01-01'),
  validUntil: null,
  terms: { ...plain, ...terms },
  ...more,
})
const june = feeMonth('2025-06')

/** The days of a month: the same volume every day but for those named by their day of the month. */
function days(
  month: string,
  usual: string,
  others: Readonly<Record<number, { m3?: string; effluent?: Effluent }>> = {},
  effluent: Effluent = {},
): Map<CivilDate, PlantDay> {
  const found = new Map<CivilDate, PlantDay>()
  const first = civilDate(`${month}-01`)
  for (let day = first; day <= lastDay(feeMonth(month)); day = plusDays(day, 1)) {
    const other = others[Number(day.slice(8))]
    const treatedM3 = volume(other?.m3 ?? usual)
    found.set(day, { day, treatedM3, inflowM3: null, effluent: { ...effluent, ...other?.effluent } })
  }
  return found
}
const computed = (fee: MonthFee | Refusal): MonthFee => {
  if (isRefusal(fee)) throw new Error(fee.sentence('en'))
  return fee
}
const feeOf = (of: readonly Concession[], recorded: ReadonlyMap<CivilDate, PlantDay>, month = june) =>
  computed(monthFee(month, of, recorded))

describe('the service fee of a month', () => {
  it('caps a day of 14,200 at 13,000 and pays the guarantee: 172,500 < 180,000 → 266,400.00', () => {
    const fee = feeOf([agreement()], days('2025-06', '5500', { 30: { m3: '14200' } }))
    const [part] = fee.parts
    expect(part?.days.at(-1)).toMatchObject({ treatedM3: '14200.000', cappedM3: '13000.000' })
    expect(part).toMatchObject({
      treatedM3: '173700.000',
      cappedM3: '172500.000',
      payableM3: '172500.000',
      guarantee: { basis: 'month', share: '0.60', m3: '180000.000' },
      paidM3: '180000.000',
      lines: [{ kind: 'volume', m3: '180000.000', perM3: '1.48', amount: '266400.00' }],
    })
    expect(fee.amount).toBe('266400.00')
  })

  it('pays the volume where it is above the guarantee, and a day at the cap in full', () => {
    expect(feeOf([agreement()], days('2025-06', '13000')).amount).toBe('577200.00')
    expect(feeOf([agreement({ guarantee: null })], days('2025-06', '13000.001')).amount).toBe('577200.00')
    expect(feeOf([agreement({ guarantee: null, dailyCap: null })], days('2025-06', '14200')).amount).toBe('630480.00')
  })

  it('leaves a day out of compliance unpaid or cuts it, by how far the value lies beyond', () => {
    const terms = { indicators: [cod], guarantee: null }
    const recorded = days(
      '2025-06',
      '10000',
      { 1: { effluent: { cod: '50.1' } }, 2: { effluent: { cod: '75' } }, 3: { effluent: { cod: '50' } } },
      { cod: '30' },
    )
    const fee = feeOf([agreement(terms)], recorded)
    const [first, second, third] = fee.parts[0]?.days ?? []
    expect(first).toMatchObject({ unpaidShare: '0.5', payableM3: '5000.000', exceeded: [{ beyond: '0.002' }] })
    expect(second).toMatchObject({ unpaidShare: '1', payableM3: '0.000', exceeded: [{ beyond: '0.5' }] })
    expect(third).toMatchObject({ unpaidShare: '0', exceeded: [] })
    // 28 × 10,000 + 5,000 = 285,000 × 1.48 = 421,800.00, less 5,000.00 for the second day.
    expect(fee.deductions).toEqual([{ agreement: 'C1', code: 'cod', days: 1, amount: '5000.00' }])
    expect(fee.amount).toBe('416800.00')
  })

  it.each([
    ['kept', '180000.000', '266400.00'],
    ['left_out', '150000.000', '222000.00'],
  ] as const)('counts days out of compliance in the guarantee as the agreement says: %s', (daysOut, m3, amount) => {
    const guarantee = {
      ...plain.guarantee,
      basis: 'month',
      daysOutOfCompliance: daysOut,
    } as ConcessionTerms['guarantee']
    const steps = [{ from: '0', unpaidShare: '1', deduction: '0' }]
    const bad = { effluent: { cod: '60' } }
    const recorded = days('2025-06', '5000', { 1: bad, 2: bad, 3: bad, 4: bad, 5: bad }, { cod: '30' })
    const fee = feeOf([agreement({ guarantee, indicators: [{ ...cod, steps }] })], recorded)
    expect(fee.parts[0]).toMatchObject({ payableM3: '125000.000', guarantee: { m3 } })
    expect(fee.amount).toBe(amount)
  })

  it('adds the shares of several indicators or takes the largest, never more than the whole day', () => {
    const steps = [{ from: '0', unpaidShare: '0.6', deduction: '0' }]
    const two = [
      { ...cod, steps },
      { ...cod, code: 'ammonia', max: '5', steps },
    ]
    const recorded = days(
      '2025-06',
      '1000',
      { 1: { effluent: { cod: '51', ammonia: '6' } } },
      { cod: '1', ammonia: '1' },
    )
    const unpaid = (severalIndicators: 'sum' | 'largest') =>
      feeOf([agreement({ indicators: two, severalIndicators, guarantee: null })], recorded).parts[0]?.days[0]
        ?.unpaidShare
    expect(unpaid('largest')).toBe('0.6')
    expect(unpaid('sum')).toBe('1')
  })

  it('takes a value below a lower limit for what it is: pH 5.4 of 6', () => {
    const ph = { ...cod, code: 'ph', min: '6', max: '9' }
    const fee = feeOf(
      [agreement({ indicators: [ph] })],
      days('2025-06', '1', { 1: { effluent: { ph: '5.4' } } }, { ph: '7' }),
    )
    expect(fee.parts[0]?.days[0]?.exceeded).toMatchObject([{ value: '5.4', limit: '6', beyond: '0.1' }])
  })

  it('pays another price above the threshold', () => {
    const overVolume = [{ ...open, aboveShare: '1', perM3: '0.888' }]
    const fee = feeOf([agreement({ overVolume })], days('2025-06', '11000'))
    expect(fee.parts[0]?.lines).toEqual([
      { kind: 'volume', m3: '300000.000', perM3: '1.48', amount: '444000.00' },
      { kind: 'over_volume', m3: '30000.000', perM3: '0.888', amount: '26640.00' },
    ])
    expect(fee.amount).toBe('470640.00')
  })

  it('cuts a month where the price changes and tests each part by itself', () => {
    const prices = [
      { from: '2025-01-01', until: '2025-06-11', perM3: '1.48' },
      { from: '2025-06-11', until: null, perM3: '1.60' },
    ]
    const fee = feeOf(
      [agreement({ prices })],
      days('2025-06', '7000', { 1: { m3: '0' }, 2: { m3: '0' }, 3: { m3: '0' } }),
    )
    // Ten days: 49,000 < 60,000; twenty days: 140,000 > 120,000.
    expect(fee.parts.map(({ from, until, paidM3 }) => [from, until, paidM3])).toEqual([
      ['2025-06-01', '2025-06-11', '60000.000'],
      ['2025-06-11', '2025-07-01', '140000.000'],
    ])
    expect(fee.amount).toBe('312800.00')
  })

  it('pays by two agreements where one follows the other inside the month', () => {
    const before = agreement({ guarantee: null }, { validUntil: civilDate('2025-06-16') })
    const after = agreement(
      { guarantee: null, prices: [{ from: '2025-06-16', until: null, perM3: '2' }] },
      { code: 'C2', validFrom: civilDate('2025-06-16') },
    )
    const fee = feeOf([before, after], days('2025-06', '1000'))
    expect(fee.parts.map(({ agreement: code, lines }) => [code, lines[0]?.amount])).toEqual([
      ['C1', '22200.00'],
      ['C2', '30000.00'],
    ])
  })

  it('tests a guarantee by the day where the agreement says so', () => {
    const guarantee = { ...plain.guarantee, basis: 'day' } as ConcessionTerms['guarantee']
    const fee = feeOf([agreement({ guarantee })], days('2025-06', '5500', { 30: { m3: '14200' } }))
    // 29 × 6,000 + 13,000 = 187,000.
    expect(fee.amount).toBe('276760.00')
  })

  it('tests a guarantee by the year in December, or in the last month of the agreement', () => {
    const guarantee = { ...plain.guarantee, basis: 'year' } as ConcessionTerms['guarantee']
    const year = new Map<CivilDate, PlantDay>()
    for (let month = 1; month <= 12; month += 1)
      for (const [day, record] of days(`2025-${String(month).padStart(2, '0')}`, month <= 6 ? '5000' : '6500'))
        year.set(day, record)
    expect(feeOf([agreement({ guarantee })], year).amount).toBe('222000.00')
    // 181 × 5,000 + 184 × 6,500 = 2,101,000 < 365 × 6,000 = 2,190,000: 89,000 are missing.
    const december = feeOf([agreement({ guarantee })], year, feeMonth('2025-12'))
    expect(december.yearGuarantees).toMatchObject([{ shortfallM3: '89000.000', perM3: '1.48', amount: '131720.00' }])
    expect(december.amount).toBe('429940.00')
    const ended = agreement({ guarantee }, { validUntil: civilDate('2025-07-01') })
    expect(feeOf([ended], year).yearGuarantees).toMatchObject([{ shortfallM3: '181000.000' }])
  })

  it('rewards a month whose every value stays within the reward’s own figures', () => {
    const reward = { perM3: '0.10', limits: [{ code: 'cod', max: '30' }] }
    const terms = { indicators: [cod], reward, guarantee: null }
    const good = feeOf([agreement(terms)], days('2025-06', '1000', {}, { cod: '30' }))
    expect(good.rewards).toEqual([{ agreement: 'C1', m3: '30000.000', perM3: '0.10', amount: '3000.00' }])
    expect(good.amount).toBe('47400.00')
    const oneDay = days('2025-06', '1000', { 7: { effluent: { cod: '30.1' } } }, { cod: '30' })
    expect(feeOf([agreement(terms)], oneDay).rewards).toEqual([])
  })

  it('takes off at most what the month came to', () => {
    const steps = [{ from: '0', unpaidShare: '0.9', deduction: '100000' }]
    const fee = feeOf(
      [agreement({ indicators: [{ ...cod, steps }], guarantee: null })],
      days('2025-06', '1000', {}, { cod: '90' }),
    )
    expect(fee).toMatchObject({ deducted: '4440.00', amount: '0.00', deductions: [{ days: 30, amount: '3000000.00' }] })
  })

  it.each([
    ['concession_missing', [], days('2025-06', '1')],
    ['concession_missing', [agreement({}, { validUntil: civilDate('2025-06-30') })], days('2025-06', '1')],
    ['plant_days_missing', [agreement()], days('2025-05', '1')],
    ['plant_values_missing', [agreement({ indicators: [cod] })], days('2025-06', '1')],
  ] as const)('refuses what is missing: %s', (code, of, recorded) => {
    expect(monthFee(june, of, recorded)).toMatchObject({ code })
  })

  it('asks for no value of a day on which nothing was treated', () => {
    expect(feeOf([agreement({ indicators: [cod] })], days('2025-06', '0')).amount).toBe('266400.00')
  })
})

describe('properties of the service fee', () => {
  const share = fc.integer({ min: 0, max: 100 }).map((hundredths) => new Exact(hundredths).div(100).toFixed())
  const price = fc.integer({ min: 0, max: 3000 }).map((thousandths) => new Exact(thousandths).div(1000).toFixed())
  const cut = fc.integer({ min: 2, max: 29 }).map((day) => `2025-06-${String(day).padStart(2, '0')}`)
  const twice = <T>(of: fc.Arbitrary<T>) =>
    fc.tuple(cut, of, of).map(([day, first, second]) => [
      { from: '2025-01-01', until: day, value: first },
      { from: day, until: null, value: second },
    ])
  const terms: fc.Arbitrary<ConcessionTerms> = fc.record({
    designM3PerDay: fc.constantFrom('10000', '3333.333', '1'),
    dailyCap: fc.option(fc.constantFrom('1', '1.3', '0.777')),
    prices: twice(price).map((list) => list.map(({ value, ...during }) => ({ ...during, perM3: value }))),
    guarantee: fc.option(
      fc.record({
        basis: fc.constantFrom('day', 'month'),
        daysOutOfCompliance: fc.constantFrom('kept', 'left_out'),
        shares: twice(share).map((list) => list.map(({ value, ...during }) => ({ ...during, share: value }))),
      }),
    ),
    overVolume: fc.option(fc.tuple(share, price).map(([aboveShare, perM3]) => [{ ...open, aboveShare, perM3 }])),
    indicators: fc.constantFrom(
      [],
      [cod],
      [{ ...cod, steps: [{ from: '0', unpaidShare: '0.333', deduction: '777.77' }] }],
    ),
    severalIndicators: fc.constantFrom('sum', 'largest'),
    reward: fc.constantFrom(null, { perM3: '0.1', limits: [{ code: 'cod', max: '60' }] }),
  })
  const litres = fc.integer({ min: 1, max: 15_000_000 })
  const month = fc.array(fc.tuple(litres, fc.integer({ min: 20, max: 120 })), { minLength: 30, maxLength: 30 })
  const recorded = (rows: readonly (readonly [number, number])[]) =>
    new Map(
      rows.map(([m3, value], index) => {
        const day = plusDays(civilDate('2025-06-01'), index)
        const effluent = { cod: String(value) }
        return [day, { day, treatedM3: volume(new Exact(m3).div(1000).toFixed()), inflowM3: null, effluent }] as const
      }),
    )

  it('more water never earns less, whatever the agreement', () => {
    fc.assert(
      fc.property(terms, month, fc.integer({ min: 0, max: 29 }), litres, (of, rows, which, more) => {
        const before = feeOf([agreement(of)], recorded(rows))
        const raised = rows.map(([m3, value], index) => [index === which ? m3 + more : m3, value] as const)
        const after = feeOf([agreement(of)], recorded(raised))
        expect(money(after.amount).gte(money(before.amount))).toBe(true)
      }),
    )
  })

  it('is never negative, never above what caps allow, and holds the guarantee before deductions', () => {
    fc.assert(
      fc.property(terms, month, (of, rows) => {
        const fee = feeOf([agreement(of)], recorded(rows))
        expect(money(fee.amount).isNegative()).toBe(false)
        for (const part of fee.parts) {
          if (part.guarantee !== null) expect(volume(part.paidM3).gte(volume(part.guarantee.m3))).toBe(true)
          expect(volume(part.payableM3).lte(volume(part.cappedM3))).toBe(true)
          expect(volume(part.cappedM3).lte(volume(part.treatedM3))).toBe(true)
        }
      }),
    )
  })

  it('follows the order of steps: an oracle of one part that cuts before it caps comes out elsewhere', () => {
    let apart = 0
    fc.assert(
      fc.property(month, share, price, (rows, guaranteeShare, perM3) => {
        const of = agreement({
          prices: [{ ...open, perM3 }],
          guarantee: { basis: 'month', daysOutOfCompliance: 'kept', shares: [{ ...open, share: guaranteeShare }] },
          indicators: [cod],
        })
        const fee = feeOf([of], recorded(rows))
        const sum = (each: (m3: Exact, unpaid: Exact) => Exact) =>
          rows.reduce((total, [m3, value]) => {
            const unpaid = value > 50 ? new Exact(value >= 75 ? 1 : 0.5) : new Exact(0)
            return total.plus(roundToVolume(each(new Exact(m3).div(1000), unpaid)))
          }, new Exact(0))
        const cap = new Exact(13000)
        const least = new Exact(10000).times(guaranteeShare).times(30)
        const price = (m3: Exact) => roundToMoney(priceOf(roundToVolume(Exact.max(m3, least)), unitPrice(perM3)))
        const inOrder = price(sum((m3, unpaid) => Exact.min(m3, cap).times(new Exact(1).minus(unpaid))))
        const otherwise = price(sum((m3, unpaid) => Exact.min(m3.times(new Exact(1).minus(unpaid)), cap)))
        const deductions = money(`${rows.filter(([, value]) => value >= 75).length * 5000}.00`)
        expect(fee.amount).toBe(moneyText(money(Exact.max(0, inOrder.minus(deductions)).toFixed(2))))
        if (!inOrder.eq(otherwise)) apart += 1
      }),
    )
    expect(apart).toBeGreaterThan(0)
  })
})
