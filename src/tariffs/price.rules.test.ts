import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exact } from '../kernel/decimal.ts'
import { moneyText, roundToMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { roundToVolume, type Volume, volume, volumeText } from '../kernel/volume.ts'
import { checkPrices, explainSteps, priceTable, priceVolume } from './price.rules.ts'
import { type MonthShare, type Price, type PriceBand, type PricedVolume, wholeMonth } from './price.ts'

const flat = (perM3: string): Price => ({ form: 'flat', perM3 })
const tiers = (...bands: [string, string | null, string][]): Price => ({
  form: 'tiers',
  period: 'month',
  bands: bands.map(([fromM3, untilM3, perM3]) => ({ fromM3, untilM3, perM3 })),
})
const percentage = (percent: string, of: string): Price => ({ form: 'percentage', of, percent })
const coefficient = (factor: string, price: Price): Price => ({ form: 'coefficient', factor, price })

/** One price that needs no other category. */
function priced(price: Price, m3: string | Volume, share: MonthShare = wholeMonth): PricedVolume {
  return pricedOf({ the: price }, 'the', m3, share)
}
function pricedOf(
  prices: Record<string, Price>,
  category: string,
  m3: string | Volume,
  share: MonthShare = wholeMonth,
): PricedVolume {
  const answer = priceVolume(priceTable(prices), category, typeof m3 === 'string' ? volume(m3) : m3, share)
  if (isRefusal(answer)) throw new Error(answer.sentence('en'))
  return answer
}
const yuan = (answer: PricedVolume): string => moneyText(roundToMoney(answer.unroundedAmount))

describe('a flat price', () => {
  it('is volume × price, unrounded until the line is rounded', () => {
    expect(yuan(priced(flat('1.40'), '12345'))).toBe('17283.00')
    expect(priced(flat('1.4567'), '0.001').unroundedAmount.toFixed()).toBe('0.0014567')
  })

  it('bills zero use at 0.00 and shows the price all the same', () => {
    const answer = priced(flat('1.40'), '0')
    expect(yuan(answer)).toBe('0.00')
    expect(answer.steps).toEqual([{ step: 'flat', volumeM3: '0', perM3: '1.40', amount: '0' }])
  })
})

describe('marginal tiers', () => {
  const resident = tiers(['0', '40', '0.80'], ['40', null, '1.00'])

  it('price only the part of the volume that lies in each band', () => {
    expect(priced(resident, '55').steps).toEqual([
      { step: 'band', fromM3: '0', untilM3: '40', volumeM3: '40', perM3: '0.80', amount: '32' },
      { step: 'band', fromM3: '40', untilM3: null, volumeM3: '15', perM3: '1.00', amount: '15' },
    ])
  })

  it('show no band that the volume does not reach, and the first for zero use', () => {
    expect(priced(resident, '40').steps).toHaveLength(1)
    expect(priced(resident, '40.001').steps).toHaveLength(2)
    expect(priced(resident, '0').steps).toEqual([
      { step: 'band', fromM3: '0', untilM3: '40', volumeM3: '0', perM3: '0.80', amount: '0' },
    ])
  })

  it('shrink to the days of a part month', () => {
    const answer = priced(resident, '20', { days: 10, of: 31 })
    // 40 × 10/31 = 12.903… m³ at 0.80, 7.096… m³ at 1.00: 20 − 0.20 × 12.903… = 17.419…
    expect(answer.unroundedAmount.toFixed(20)).toBe('17.41935483870967741935')
    expect(answer.steps).toEqual([
      {
        step: 'band',
        fromM3: '0',
        untilM3: '40',
        monthShare: '10/31',
        volumeM3: '12.9032258065',
        perM3: '0.80',
        amount: '10.3225806452',
      },
      {
        step: 'band',
        fromM3: '40',
        untilM3: null,
        monthShare: '10/31',
        volumeM3: '7.0967741935',
        perM3: '1.00',
        amount: '7.0967741935',
      },
    ])
  })

  it('keep a half fen a half fen where a share of days has no end as a decimal', () => {
    // 30 m³ × 1/30 is 1 m³ exactly: 1 × 0.80 + 0.025 × 1.00 = 0.825, which rounds up.
    const answer = priced(tiers(['0', '30', '0.80'], ['30', null, '1.00']), '1.025', { days: 1, of: 30 })
    expect(answer.unroundedAmount.toFixed()).toBe('0.825')
    expect(yuan(answer)).toBe('0.83')
  })

  it('take every day of the month for the whole month', () => {
    expect(priced(resident, '55', { days: 31, of: 31 })).toEqual(priced(resident, '55'))
  })

  it('stop on a share that is no part of a month', () => {
    for (const share of [
      { days: 0, of: 31 },
      { days: 32, of: 31 },
      { days: 1.5, of: 31 },
    ]) {
      expect(() => priced(resident, '1', share)).toThrow(/a part of its days/)
    }
  })

  const bandLists = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 200_000 }), { maxLength: 5 }),
      fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 6, maxLength: 6 }),
    )
    .map(([bounds, prices]): PriceBand[] => {
      const edges = [0, ...bounds.toSorted((a, b) => a - b)].map((litres) => new Exact(litres).div(1000).toFixed())
      return edges.map((fromM3, index) => ({
        fromM3,
        untilM3: edges[index + 1] ?? null,
        perM3: new Exact(prices[index] ?? 0).div(10_000).toFixed(),
      }))
    })
  const litres = fc.integer({ min: 0, max: 400_000 })
  const m3 = (count: number): Volume => roundToVolume(new Exact(count).div(1000))
  const asPrice = (bands: PriceBand[]): Price => ({ form: 'tiers', period: 'month', bands })
  const shares = fc
    .integer({ min: 28, max: 31 })
    .chain((of) => fc.integer({ min: 1, max: of }).map((days): MonthShare => ({ days, of })))

  /** The definition, in rationals: ∑ price × the part of the volume between the shrunk bounds, over a common divisor. */
  function byDefinition(bands: readonly PriceBand[], count: number, { days, of }: MonthShare): bigint {
    const thousandths = (text: string) => BigInt(new Exact(text).times(1000).toFixed())
    const scaled = BigInt(count) * BigInt(of)
    return bands.reduce((sum, { fromM3, untilM3, perM3 }) => {
      const from = thousandths(fromM3) * BigInt(days)
      const until = untilM3 === null ? scaled : thousandths(untilM3) * BigInt(days)
      const top = scaled < until ? scaled : until
      return sum + (top > from ? (top - from) * BigInt(new Exact(perM3).times(10_000).toFixed()) : 0n)
    }, 0n)
  }

  it('equal their definition in whole numbers, part months included', () => {
    fc.assert(
      fc.property(bandLists, litres, shares, (bands, count, share) => {
        const exact = byDefinition(bands, count, share)
        const answer = priced(asPrice(bands), m3(count), share).unroundedAmount
        const difference = answer.times(share.of).times('10000000').minus(exact.toString())
        expect(difference.abs().lessThan('1e-25')).toBe(true)
      }),
    )
  })

  it('round like their definition in whole numbers, ties included', () => {
    fc.assert(
      fc.property(bandLists, litres, shares, (bands, count, share) => {
        const divisor = BigInt(share.of) * 100_000n // 10^7 scaled to fen
        const fen = (byDefinition(bands, count, share) * 2n + divisor) / (divisor * 2n)
        expect(
          roundToMoney(priced(asPrice(bands), m3(count), share).unroundedAmount)
            .times(100)
            .toFixed(),
        ).toBe(fen.toString())
      }),
    )
  })

  it('never cost less for more', () => {
    fc.assert(
      fc.property(bandLists, litres, litres, (bands, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)]
        const price = asPrice(bands)
        const dearer = priced(price, m3(more)).unroundedAmount
        expect(dearer.greaterThanOrEqualTo(priced(price, m3(less)).unroundedAmount)).toBe(true)
      }),
    )
  })

  it('are continuous at every bound: a litre more costs that litre at the next price', () => {
    fc.assert(
      fc.property(bandLists, (bands) => {
        for (const { fromM3, perM3 } of bands) {
          const atBound = new Exact(fromM3)
          const step = priced(asPrice(bands), roundToVolume(atBound.plus('0.001'))).unroundedAmount.minus(
            priced(asPrice(bands), roundToVolume(atBound)).unroundedAmount,
          )
          expect(step.equals(new Exact(perM3).times('0.001'))).toBe(true)
        }
      }),
    )
  })

  it('are the sum of their bands, and the bands hold the whole volume', () => {
    fc.assert(
      fc.property(bandLists, litres, (bands, count) => {
        const { steps, unroundedAmount } = priced(asPrice(bands), m3(count))
        const inBands = steps.flatMap((step) => (step.step === 'band' ? [step] : []))
        const sum = (texts: string[]) => texts.reduce((total, text) => total.plus(text), new Exact(0))
        expect(sum(inBands.map(({ amount }) => amount)).equals(unroundedAmount)).toBe(true)
        expect(sum(inBands.map(({ volumeM3 }) => volumeM3)).equals(m3(count))).toBe(true)
      }),
    )
  })

  it('cost nothing for nothing', () => {
    fc.assert(fc.property(bandLists, shares, (bands, share) => yuan(priced(asPrice(bands), '0', share)) === '0.00'))
  })

  it('do not depend on the order in which the bands are listed', () => {
    fc.assert(
      fc.property(
        bandLists.chain((bands) =>
          fc.tuple(
            fc.constant(bands),
            fc.shuffledSubarray(bands, { minLength: bands.length, maxLength: bands.length }),
          ),
        ),
        litres,
        ([bands, shuffled], count) => {
          expect(priced(asPrice(shuffled), m3(count))).toEqual(priced(asPrice(bands), m3(count)))
        },
      ),
    )
  })
})

describe('a percentage of another category', () => {
  it('is that category’s price times the percentage, unrounded', () => {
    const answer = pricedOf({ industry: flat('0.80'), 'own-plant': percentage('15', 'industry') }, 'own-plant', '10000')
    expect(yuan(answer)).toBe('1200.00')
    expect(answer.steps).toEqual([
      { step: 'percentage', of: 'industry', percent: '15', basePerM3: '0.80', perM3: '0.12' },
      { step: 'flat', volumeM3: '10000', perM3: '0.12', amount: '1200' },
    ])
    const fine = pricedOf({ industry: flat('0.85'), part: percentage('33.333', 'industry') }, 'part', '1')
    expect(fine.unroundedAmount.toFixed()).toBe('0.2833305')
  })

  it('applies to the price of every band', () => {
    const prices = { resident: tiers(['0', '40', '0.80'], ['40', null, '1.00']), half: percentage('50', 'resident') }
    const answer = pricedOf(prices, 'half', '55')
    expect(answer.unroundedAmount.toFixed()).toBe('23.5')
    expect(answer.steps.map(({ step }) => step)).toEqual(['percentage', 'band', 'percentage', 'band'])
  })

  it('follows a chain, and takes the other category’s coefficient along', () => {
    const prices = {
      industry: coefficient('0.90', flat('1.00')),
      park: percentage('80', 'industry'),
      pilot: coefficient('0.50', percentage('25', 'park')),
    }
    const answer = pricedOf(prices, 'pilot', '1000')
    expect(volumeText(answer.billableVolumeM3)).toBe('450.000')
    expect(answer.unroundedAmount.toFixed()).toBe('90')
    expect(answer.steps).toEqual([
      { step: 'coefficient', volumeM3: '1000', factors: ['0.50', '0.90'], unroundedM3: '450', billableVolumeM3: '450' },
      { step: 'percentage', of: 'industry', percent: '80', basePerM3: '1.00', perM3: '0.8' },
      { step: 'percentage', of: 'park', percent: '25', basePerM3: '0.8', perM3: '0.2' },
      { step: 'flat', volumeM3: '450', perM3: '0.2', amount: '90' },
    ])
  })

  it('is linear in the percentage', () => {
    const hundredths = fc.integer({ min: 1, max: 50_000 })
    fc.assert(
      fc.property(hundredths, hundredths, fc.integer({ min: 0, max: 10 ** 9 }), (one, other, litres) => {
        const percentText = (count: number) => new Exact(count).div(100).toFixed()
        const prices = {
          resident: tiers(['0', '17.5', '0.8123'], ['17.5', null, '1.37']),
          one: percentage(percentText(one), 'resident'),
          other: percentage(percentText(other), 'resident'),
          both: percentage(percentText(one + other), 'resident'),
        }
        const amount = (category: string) =>
          pricedOf(prices, category, roundToVolume(new Exact(litres).div(1000))).unroundedAmount
        expect(amount('one').plus(amount('other')).equals(amount('both'))).toBe(true)
      }),
    )
  })
})

describe('a volume coefficient', () => {
  it('makes the billable volume, which the price then multiplies', () => {
    const answer = priced(coefficient('0.90', flat('1.00')), '12345')
    expect(volumeText(answer.billableVolumeM3)).toBe('11110.500')
    expect(yuan(answer)).toBe('11110.50')
  })

  it('rounds the volume half-up to 0.001 once, also where two coefficients meet', () => {
    expect(volumeText(priced(coefficient('0.9', flat('1')), '33.333').billableVolumeM3)).toBe('30.000')
    // 0.005 × 0.9 = 0.0045 would round to 0.005 and then to 0.003; once, 0.00225 is 0.002.
    expect(volumeText(priced(coefficient('0.9', coefficient('0.5', flat('1'))), '0.005').billableVolumeM3)).toBe(
      '0.002',
    )
  })

  it('comes before the bands', () => {
    const price = coefficient('0.50', tiers(['0', '40', '0.80'], ['40', null, '1.00']))
    expect(yuan(priced(price, '80'))).toBe('32.00')
  })
})

describe('what has no price is refused, never priced at 0', () => {
  const table = priceTable({
    dyeing: { form: 'unpriced', see: '附表二' },
    plating: coefficient('0.9', { form: 'unpriced', see: '附表三' }),
  })

  it.each([
    ['dyeing', 'unpriced', '附表二'],
    ['plating', 'unpriced', '附表三'],
    ['unheard-of', 'category_without_price', 'unheard-of'],
    ['constructor', 'category_without_price', 'constructor'],
  ])('%s: %s', (category, code, named) => {
    const answer = priceVolume(table, category, volume('1'), wholeMonth) as Refusal
    expect(answer.code).toBe(code)
    for (const language of ['zh', 'en'] as const) {
      expect(answer.sentence(language)).toContain(category)
      expect(answer.sentence(language)).toContain(named)
    }
  })

  it.each([
    ['an amount of a million million', flat('999999'), '1000002'],
    ['an amount that bands come to', tiers(['0', null, '999999']), '1000002'],
    ['a volume no bill has room for', coefficient('1.5', flat('0.01')), '99999999999'],
  ])('refuses %s by name', (_, price, m3) => {
    const answer = priceVolume(priceTable({ industry: price }), 'industry', volume(m3), wholeMonth) as Refusal
    expect(answer.code).toBe('amount_beyond_measure')
    expect(answer.sentence('zh')).toContain('industry')
  })
  it('prices what comes just below', () => {
    expect(priced(flat('999999'), '1000000').unroundedAmount.toFixed()).toBe('999999000000')
  })

  it('stops on a negative volume', () => {
    expect(() => priced(flat('1.40'), '-0.001')).toThrow(/not negative/)
  })

  it('stops on prices that were never checked', () => {
    expect(() => priceTable({ industry: flat('-1.40') })).toThrow(/industry.*negative/)
  })
})

describe('prices are checked when they are entered', () => {
  const faultsOf = (prices: Record<string, unknown>): string[] => checkPrices(prices).map(({ code }) => code)
  const bands = (...list: [string, string | null, string][]) => ({ residents: tiers(...list) })

  it('accepts every form', () => {
    expect(
      faultsOf({
        industry: flat('1.40'),
        free: flat('0'),
        residents: tiers(['40', null, '1.00'], ['0', '40', '0.80']),
        sewer: percentage('159', 'industry'),
        greening: coefficient('0.25', percentage('50', 'residents')),
        dyeing: { form: 'unpriced', see: '附表二' },
      }),
    ).toEqual([])
  })

  it.each<[string, Record<string, unknown>]>([
    ['no_categories', {}],
    ['form_unknown', { industry: { form: 'surcharge', perM3: '1' } }],
    ['form_unknown', { industry: { perM3: '1' } }],
    ['form_unknown', { industry: coefficient('0.9', { form: 'free' } as never) }],
    ['field_unreadable', { industry: null }],
    ['field_unreadable', { industry: 1.4 }],
    ['field_unreadable', { industry: { form: 'flat', perM3: 1.4 } }],
    ['period_unknown', { industry: { form: 'tiers', period: 'week', bands: [] } }],
    ['field_missing', { industry: { form: 'flat' } }],
    ['field_missing', { industry: { form: 'tiers', period: 'month', bands: [{ fromM3: '0', untilM3: null }] } }],
    ['field_unknown', { industry: { form: 'flat', perM3: '1.40', minimum: '10' } }],
    ['number_unreadable', { industry: flat('') }],
    ['number_unreadable', { industry: flat('1,40') }],
    ['number_unreadable', { industry: flat('1e2') }],
    ['number_unreadable', { industry: flat('１.40') }],
    ['number_unreadable', { industry: flat('1400000') }],
    ['number_unreadable', { industry: flat('0.123456789') }],
    ['number_unreadable', { industry: flat('--1') }],
    ['number_negative', { industry: flat('-1.40') }],
    ['number_negative', { a: flat('1'), b: percentage('-15', 'a') }],
    ['percent_not_positive', { a: flat('1'), b: percentage('0.00', 'a') }],
    ['factor_out_of_range', { industry: coefficient('0', flat('1')) }],
    ['factor_out_of_range', { industry: coefficient('1.5001', flat('1')) }],
    ['factor_out_of_range', { industry: coefficient('90', flat('1')) }],
    ['number_negative', { industry: coefficient('0.9', flat('-1')) }],
    ['reference_blank', { industry: { form: 'unpriced', see: ' ' } }],
    ['bands_empty', bands()],
    ['first_band_not_from_zero', bands(['1', null, '1'])],
    ['last_band_closed', bands(['0', '40', '1'])],
    ['band_gap', bands(['0', '40', '1'], ['40.001', null, '2'])],
    ['band_overlap', bands(['0', '40', '1'], ['39.999', null, '2'])],
    ['open_band_not_last', bands(['0', null, '1'], ['40', null, '2'])],
    ['band_number_unreadable', bands(['0', '40.0001', '1'], ['40', null, '2'])],
    ['band_number_unreadable', bands(['0', '四十', '1'], ['40', null, '2'])],
    ['band_number_negative', bands(['0', '40', '-1'], ['40', null, '2'])],
    ['percentage_of_unknown', { a: percentage('15', 'industry') }],
    ['percentage_of_unknown', { a: percentage('15', 'toString') }],
    ['percentage_in_circle', { a: percentage('15', 'a') }],
    ['percentage_of_unpriced', { a: percentage('15', 'b'), b: { form: 'unpriced', see: '附表' } }],
  ])('refuses: %s', (code, prices) => {
    expect(faultsOf(prices)).toEqual([code])
  })

  it('accepts a coefficient of 1.5 and one that is tiny', () => {
    expect(faultsOf({ a: coefficient('1.5', flat('1')), b: coefficient('0.0001', flat('1')) })).toEqual([])
  })

  it('names an inverted band beside what it breaks', () => {
    expect(faultsOf(bands(['0', '40', '1'], ['40', '20', '2'], ['60', null, '3']))).toEqual([
      'band_inverted',
      'band_gap',
    ])
    expect(faultsOf(bands(['0', '0', '1'], ['0', null, '2']))).toEqual(['band_inverted'])
  })

  it('tells a circle to the categories on it and names the way round', () => {
    const faults = checkPrices({
      a: percentage('10', 'b'),
      b: coefficient('0.9', percentage('20', 'c')),
      c: percentage('30', 'b'),
    })
    expect(faults.map(({ code }) => code)).toEqual(['percentage_in_circle', 'percentage_in_circle'])
    expect(faults[0]?.sentence('zh')).toMatch(/^类别“b”.*（b → c → b）/)
    expect(faults[1]?.sentence('en')).toMatch(/^Category "c".*\(c → b → c\)/)
  })

  it('finds the faults of all categories at once and names category, band and value in both languages', () => {
    const faults = checkPrices({
      居民: tiers(['0', '40', '0.80'], ['50', null, '1.00']),
      工业: flat('１.40'),
      绿化: percentage('15', '商业'),
    })
    expect(faults.map((fault) => fault.sentence('zh'))).toEqual([
      '类别“居民”第 2 档从 50 m³ 起，而前一档到 40 m³ 止，中间的水量没有价格；上一档的止量应等于下一档的起量。',
      '类别“工业”的 perM3“１.40”不是可读的数，请写成 1.40 这样的数（小数点前最多 6 位、后最多 8 位）。',
      '类别“绿化”按“商业”价格的百分比计，但收费标准中没有类别“商业”；请补录该类别或改正名称。',
    ])
    expect(faults[0]?.sentence('en')).toContain('band 2 starts at 50 m³ but the one below ends at 40 m³')
  })

  it('leaves no gap in any sentence, whatever JSON is entered', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (prices) => {
        for (const fault of checkPrices(prices)) {
          for (const template of [fault.entry.zh, fault.entry.en]) {
            for (const [, name] of template.matchAll(/\{(\w+)\}/g))
              expect(fault.parameters).toHaveProperty(name as string)
          }
        }
      }),
    )
  })

  it('lets nothing pass that could not then be priced', () => {
    const text = fc.constantFrom('0', '10', '40', '1.40', '0.9', '-1', '', 'x', '1.5')
    const category = fc.constantFrom('a', 'b', 'c', 'd')
    const { price } = fc.letrec<{ price: Price }>((tie) => ({
      price: fc.oneof(
        { maxDepth: 3 },
        text.map(flat),
        fc.record({ percent: text, of: category }).map(({ percent, of }) => percentage(percent, of)),
        fc.array(fc.tuple(text, fc.option(text), text), { maxLength: 3 }).map((list) => tiers(...list)),
        fc.tuple(text, tie('price')).map(([factor, inner]) => coefficient(factor, inner)),
        text.map((see): Price => ({ form: 'unpriced', see })),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(category, price, { minKeys: 1, maxKeys: 4 }), (prices) => {
        if (checkPrices(prices).length > 0) return
        for (const name of Object.keys(prices)) {
          const answer = priceVolume(priceTable(prices), name, volume('55.5'), wholeMonth)
          if (isRefusal(answer)) expect(answer.code).toBe('unpriced')
          else expect(answer.unroundedAmount.isNegative()).toBe(false)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('an amount explains itself', () => {
  const explained = (prices: Record<string, Price>, category: string, m3: string, share = wholeMonth) => {
    const { steps } = pricedOf(prices, category, m3, share)
    const stored: typeof steps = JSON.parse(JSON.stringify(steps))
    return { zh: explainSteps(stored, 'zh'), en: explainSteps(stored, 'en') }
  }

  it('for a flat price', () => {
    expect(explained({ industry: flat('1.40') }, 'industry', '12345')).toEqual({
      zh: ['12,345 m³ × 1.40 元/m³ = 17,283.00'],
      en: ['12,345 m³ × 1.40 yuan/m³ = 17,283.00'],
    })
  })

  it('for tiers, and shows more than two decimals where there are more', () => {
    const prices = { resident: tiers(['0', '40', '0.80'], ['40', null, '1.00']) }
    expect(explained(prices, 'resident', '40.001')).toEqual({
      zh: ['0–40 m³：40 m³ × 0.80 元/m³ = 32.00', '40 m³ 以上：0.001 m³ × 1.00 元/m³ = 0.001'],
      en: ['0–40 m³: 40 m³ × 0.80 yuan/m³ = 32.00', 'above 40 m³: 0.001 m³ × 1.00 yuan/m³ = 0.001'],
    })
  })

  it('for a part month, where it does not claim more digits than it shows', () => {
    const prices = { resident: tiers(['0', '40', '0.80'], ['40', null, '1.00']) }
    expect(explained(prices, 'resident', '10', { days: 10, of: 31 })).toEqual({
      zh: ['0–40 m³（按当月天数 10/31）：10 m³ × 0.80 元/m³ ≈ 8.00'],
      en: ['0–40 m³ (10/31 of the month): 10 m³ × 0.80 yuan/m³ ≈ 8.00'],
    })
  })

  it('for a percentage and a coefficient', () => {
    const prices = { industry: coefficient('0.90', flat('0.80')), own: percentage('15', 'industry') }
    expect(explained(prices, 'own', '12345')).toEqual({
      zh: [
        '计费水量：12,345 m³ × 0.90 = 11,110.5 m³',
        '按“industry”价格的 15 %：0.80 元/m³ × 15 % = 0.12 元/m³',
        '11,110.5 m³ × 0.12 元/m³ = 1,333.26',
      ],
      en: [
        'Billable volume: 12,345 m³ × 0.90 = 11,110.5 m³',
        '15 % of the price of "industry": 0.80 yuan/m³ × 15 % = 0.12 yuan/m³',
        '11,110.5 m³ × 0.12 yuan/m³ = 1,333.26',
      ],
    })
    expect(explained(prices, 'industry', '33.333').zh[0]).toBe(
      '计费水量：33.333 m³ × 0.90 = 29.9997 m³，四舍五入为 30 m³',
    )
  })

  it('with steps small enough to keep for a million lines', () => {
    const bytes = JSON.stringify(priced(flat('1.40'), '12345').steps).length
    expect(bytes).toBeLessThan(100)
  })

  it('with steps that add up to the amount again', () => {
    const amount = (steps: PricedVolume['steps']) =>
      steps.reduce((sum, step) => ('amount' in step ? sum.plus(step.amount) : sum), new Exact(0))
    for (const m3 of ['0', '39.999', '40', '12345.678']) {
      const answer = priced(coefficient('0.9', tiers(['0', '40', '0.8123'], ['40', null, '1.0071'])), m3)
      expect(amount(answer.steps).equals(answer.unroundedAmount)).toBe(true)
    }
  })
})
