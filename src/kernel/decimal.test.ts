import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exact, fixedText, parseExact, plainText, splitByLargestRemainder } from './decimal.ts'

const split = (total: string, weights: readonly string[], places: number): string[] =>
  splitByLargestRemainder(
    new Exact(total),
    weights.map((weight) => new Exact(weight)),
    places,
  ).map(plainText)

describe('decimal arithmetic keeps every digit', () => {
  it('keeps the digits past 20 which the library drops by default', () => {
    expect(plainText(new Exact('12345678901234567890.12').plus('0.01'))).toBe('12345678901234567890.13')
    expect(plainText(new Exact('0.1').plus('0.2'))).toBe('0.3')
  })

  it('never writes an exponent', () => {
    expect(plainText(new Exact('0.0000000000000000001'))).toBe('0.0000000000000000001')
    expect(plainText(new Exact('100000000000000000000'))).toBe('100000000000000000000')
  })
})

describe('only a plain decimal is read as a number', () => {
  it.each(['0', '-12.30', '007.5', '99999999999999999999.99999999999999999999'])('reads %s', (text) => {
    expect(parseExact(text)?.equals(text)).toBe(true)
  })
  it.each([
    '',
    ' 1',
    '1 ',
    '1e3',
    '1.23E+11',
    '1,234',
    '.5',
    '5.',
    '+1',
    '1.2.3',
    '１２',
    'NaN',
    'Infinity',
    '0x10',
    '--1',
  ])('does not read "%s"', (text) => {
    expect(parseExact(text)).toBeUndefined()
  })
})

describe('splitByLargestRemainder', () => {
  it('gives the units left over to the largest remainders', () => {
    expect(split('100', ['1', '2', '4'], 0)).toEqual(['14', '29', '57'])
    expect(split('360', ['28', '31', '30'], 3)).toEqual(['113.259', '125.393', '121.348'])
  })

  it('breaks ties in listed order', () => {
    expect(split('1', ['1', '1', '1'], 2)).toEqual(['0.34', '0.33', '0.33'])
    expect(split('2', ['1', '1', '1'], 2)).toEqual(['0.67', '0.67', '0.66'])
  })

  it('breaks ties in listed order where shares of different size have the same endless remainder', () => {
    expect(split('4', ['10', '1', '1'], 0)).toEqual(['4', '0', '0'])
  })

  it('keeps the sign of a negative total, and no minus before nothing', () => {
    expect(split('-1', ['1', '1', '0'], 2)).toEqual(['-0.5', '-0.5', '0'])
  })

  it('stops on weights or totals that cannot be split', () => {
    expect(() => split('1', ['0', '0'], 2)).toThrow(/weights of a split add up/)
    expect(() => split('1', [], 2)).toThrow(/weights of a split add up/)
    expect(() => split('1', ['-1', '2'], 2)).toThrow(/no weight of a split is negative/)
    expect(() => split('1.005', ['1', '2'], 2)).toThrow(/1\.005 can be split into parts of 0\.01/)
  })

  const totals = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n })
  const weightLists = fc
    .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 40 })
    .filter((weights) => weights.some((weight) => weight > 0))

  it('adds up to the total, whatever the weights', () => {
    fc.assert(
      fc.property(totals, weightLists, fc.integer({ min: 0, max: 3 }), (units, weights, places) => {
        const total = new Exact(units.toString()).div(new Exact(10).pow(places))
        const parts = splitByLargestRemainder(
          total,
          weights.map((weight) => new Exact(weight)),
          places,
        )
        expect(plainText(parts.reduce((sum, part) => sum.plus(part), new Exact(0)))).toBe(plainText(total))
      }),
    )
  })

  it('keeps every part less than one unit from its share, and gives nothing to a weight of zero', () => {
    fc.assert(
      fc.property(totals, weightLists, (units, weights) => {
        const total = new Exact(units.toString())
        const whole = weights.reduce((sum, weight) => sum + weight, 0)
        const parts = splitByLargestRemainder(
          total,
          weights.map((weight) => new Exact(weight)),
          0,
        )
        parts.forEach((part, index) => {
          const weight = weights[index] ?? 0
          expect(part.minus(total.times(weight).div(whole)).abs().lessThan(1)).toBe(true)
          if (weight === 0) expect(part.isZero()).toBe(true)
        })
      }),
    )
  })
})

describe('the short ways equal those of the library', () => {
  const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`))
  const decimalText = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits(9),
      fc.option(fc.oneof(digits(4), fc.constantFrom('0', '00', '000', '0000000'))),
    )
    .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`)

  it('in reading a text', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const { d, e, s } = new Exact(text)
        expect(parseExact(text)).toMatchObject({ d, e, s })
      }),
      { numRuns: 5_000 },
    )
  })

  it('in writing a number with so many decimals', () => {
    fc.assert(
      fc.property(decimalText, fc.constantFrom(0, 1, 2, 3, 7), (text, places) => {
        expect(fixedText(new Exact(text), places)).toBe(new Exact(text).toFixed(places))
      }),
      { numRuns: 5_000 },
    )
  })
})
