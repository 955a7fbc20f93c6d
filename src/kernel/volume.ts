import { Exact, fixedText, parseExact, splitByLargestRemainder, sumOf, withThousands } from './decimal.ts'
import { invariant } from './invariant.ts'

declare const volumeBrand: unique symbol
/** A volume in m³ (or the schedule's own unit, unconverted) with at most 3 decimals. */
export type Volume = Exact & { readonly [volumeBrand]: true }

/** A volume from text that was checked before; a bug if it is finer than 0.001. */
export function volume(text: string): Volume {
  const value = parseExact(text)
  invariant(value !== undefined && value.decimalPlaces() <= 3, `"${text}" is not a volume with 3 decimals`)
  return value as Volume
}

export const zeroVolume = volume('0')

/** A volume from a person's or a file's text; `undefined` unless a plain decimal with at most 3 decimals. */
export function parseVolume(text: string): Volume | undefined {
  const value = parseExact(text)
  return value !== undefined && value.decimalPlaces() <= 3 ? (value as Volume) : undefined
}

/** Rounds half-up to 0.001, once, after coefficient or split (decision 13). */
export function roundToVolume(value: Exact): Volume {
  if (value.decimalPlaces() <= 3) return value as Volume
  return value.toDecimalPlaces(3, Exact.ROUND_HALF_UP) as Exact as Volume
}

export function addVolumes(volumes: Iterable<Volume>): Volume {
  return sumOf(volumes) as Volume
}

export function subtractVolume(a: Volume, b: Volume): Volume {
  return a.minus(b) as Exact as Volume
}

/** Spreads a volume over whole days so that the parts add up (largest remainder, 0.001; decision 13). */
export function splitVolumeByDays(total: Volume, days: readonly number[]): Volume[] {
  return splitByLargestRemainder(
    total,
    days.map((count) => new Exact(count)),
    3,
  ) as Volume[]
}

/**
 * Shares one meter among several users: each share is cut down to the agreement's unit (1 or 0.001 m³) and the last
 * user takes what is left, so 1,001 at 30/30/40 is 300, 300, 401 (decision 13).
 */
export function splitVolumeByShares(total: Volume, shares: readonly Exact[], unit: '1' | '0.001'): Volume[] {
  const places = unit === '1' ? 0 : 3
  const whole = shares.reduce((sum, share) => sum.plus(share), new Exact(0))
  invariant(!whole.isZero(), 'the shares of a meter add up to something')
  invariant(!shares.some((share) => share.isNegative() && !share.isZero()), 'no share of a meter is negative')
  let left: Exact = total
  return shares.map((share, index) => {
    if (index === shares.length - 1) return left as Volume
    const part = total.times(share).div(whole).toDecimalPlaces(places, Exact.ROUND_DOWN)
    left = left.minus(part)
    return part as Exact as Volume
  })
}

/** Text with exactly three decimals, the form of JSON and the database: `12345.000`. */
export function volumeText(value: Volume): string {
  return fixedText(value, 3)
}

/** Text for people, without useless zeros: `12,345` or `113.259`. */
export function volumeForPeople(value: Volume): string {
  return withThousands(value.toFixed())
}
