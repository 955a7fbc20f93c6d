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
  return plainDecimal.test(text) ? new Exact(text) : undefined
}

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
  const [whole = '', fraction] = text.split('.')
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? separated : `${separated}.${fraction}`
}
