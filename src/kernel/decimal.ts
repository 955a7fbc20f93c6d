import { Decimal } from 'decimal.js'
import { invariant } from './invariant.ts'

/**
 * The one decimal arithmetic of the product. The library's default keeps 20 digits and silently drops the rest, and a
 * mixed operation follows its left operand, so every number is made by this clone and no other file imports decimal.js.
 */
export const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -40, toExpPos: 40 })
export type Exact = InstanceType<typeof Exact>

const plainDecimal = /^-?\d{1,20}(\.\d{1,20})?$/

/** Reads a plain decimal text such as `-12.30`; `undefined` for anything else (exponents, blanks, separators, floats). */
export function parseExact(text: string): Exact | undefined {
  const small = smallWhole(text)
  if (small !== undefined) return new Exact(small)
  return plainDecimal.test(text) ? new Exact(text) : undefined
}

// The library keeps seven digits in a word: such numbers are one word, and it takes them without reading a text.
const digitsOfAWord = 7

/** What most readings and volumes are, `1234` or `1234.000`, as the number it is; `undefined` for any other text. */
function smallWhole(text: string): number | undefined {
  let value = 0
  let at = 0
  for (; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) break
    if (at === digitsOfAWord) return undefined
    value = value * 10 + digit
  }
  if (at === 0) return undefined
  if (at === text.length) return value
  const point = at
  if (text.charCodeAt(point) !== 46 || text.length === point + 1 || text.length > 20) return undefined
  for (at += 1; at < text.length; at += 1) if (text.charCodeAt(at) !== 48) return undefined
  return value
}

const unitOfWord = 10 ** digitsOfAWord

/**
 * Text with exactly so many decimals (at most 7), rounded half-up: `toFixed` of the library, without its copies where
 * the number has one word before the point and one behind, as nearly all have.
 */
export function fixedText(value: Exact, places: number): string {
  const { d: words, e: exponent, s: sign } = value
  const [whole, part = 0] = words
  const unit = 10 ** (digitsOfAWord - places)
  if (whole === undefined || exponent < 0 || exponent >= digitsOfAWord || words.length > 2 || part % unit !== 0)
    return value.toFixed(places)
  const magnitude = places === 0 ? `${whole}` : `${whole}.${String((unitOfWord + part) / unit).slice(1)}`
  return sign < 0 && !(whole === 0 && part === 0) ? `-${magnitude}` : magnitude
}

const nothing = new Exact(0)

/** The sum; of one value, which most sums are of, it is that value, and no number is made. */
export function sumOf(values: Iterable<Exact>): Exact {
  let sum = nothing
  // Zero is always the same one: a zero that was negated has a sign.
  for (const value of values) if (!value.isZero()) sum = sum.isZero() ? value : sum.plus(value)
  return sum.isZero() ? nothing : sum
}

/** A decimal as the database writes it, without useless zeros: `1000.000` → `1000`. No number is made of it. */
export function withoutZeros(stored: string): string {
  if (!stored.includes('.')) return stored
  let end = stored.length
  while (stored.charCodeAt(end - 1) === 48) end -= 1
  return stored.slice(0, stored.charCodeAt(end - 1) === 46 ? end - 1 : end)
}

/** A share for people: `0.02` → `2 %`. */
export const percentText = (share: string): string => `${plainText(new Exact(share).times(100))} %`

/** Text without exponent and without trailing zeros: `1.40` → `1.4`. */
export function plainText(value: Exact): string {
  return value.toFixed()
}

/**
 * Splits `total` in proportion to `weights` so that the parts add up by construction: every part is rounded down to
 * `places` decimals, then the remaining units go to the largest remainders, ties in listed order; the sign is kept.
 * Stops (a bug) on a total finer than the unit, on a negative weight and on weights that are all zero.
 */
export function splitByLargestRemainder(total: Exact, weights: readonly Exact[], places: number): Exact[] {
  const weightTotal = weights.reduce((sum, weight) => sum.plus(weight), new Exact(0))
  invariant(!weightTotal.isZero(), 'the weights of a split add up to something')
  invariant(!weights.some((weight) => weight.isNegative() && !weight.isZero()), 'no weight of a split is negative')
  const unit = new Exact(10).pow(-places)
  const unitsToSplit = total.abs().div(unit)
  invariant(unitsToSplit.isInteger(), `${total.toFixed()} can be split into parts of ${unit.toFixed()}`)
  // Whole units and remainders are kept over the common divisor `weightTotal`: a quotient cut at 40 digits would let
  // its last digit, not the listed order, decide between remainders that are equal.
  const shares = weights.map((weight, index) => {
    const dividend = unitsToSplit.times(weight)
    const wholeUnits = dividend.divToInt(weightTotal)
    return { index, wholeUnits, remainder: dividend.minus(wholeUnits.times(weightTotal)) }
  })
  const unitsLeft = shares.reduce((left, { wholeUnits }) => left.minus(wholeUnits), unitsToSplit).toNumber()
  const oneMore = new Set(
    shares
      .toSorted((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index)
      .slice(0, unitsLeft)
      .map(({ index }) => index),
  )
  const signedUnit = total.isNegative() && !total.isZero() ? unit.negated() : unit
  return shares.map(({ index, wholeUnits }) => wholeUnits.plus(oneMore.has(index) ? 1 : 0).times(signedUnit))
}

/** Puts separators into the whole part of a decimal text. */
export function withThousands(text: string): string {
  const point = text.indexOf('.')
  const first = text.startsWith('-') ? 1 : 0
  let separated = text
  // From the right, so that what lies left of a separator keeps its place.
  for (let at = (point === -1 ? text.length : point) - 3; at > first; at -= 3)
    separated = `${separated.slice(0, at)},${separated.slice(at)}`
  return separated
}
