import type { Installation } from '../dischargers/account.ts'
import { Exact } from '../kernel/decimal.ts'
import { roundToVolume, type Volume } from '../kernel/volume.ts'

/** How a counter got from one reading to the next; `rising_on_reversed`: registered as reversed, yet it rose. */
export type CounterWay = 'rising' | 'reversed' | 'turned_over' | 'rising_on_reversed'

/**
 * Units a counter says it let through from `start` to `end`, never below zero, and which way it went: a reversed meter
 * counts down, another one that shows less than before can only have turned over. Whether that is believed is for the
 * verdict on the row to say.
 */
export function countUnits(
  { digits, runsBackwards }: Pick<Installation, 'digits' | 'runsBackwards'>,
  start: Exact,
  end: Exact,
): { readonly units: Exact; readonly way: CounterWay } {
  if (runsBackwards)
    return end.lte(start)
      ? { units: start.minus(end), way: 'reversed' }
      : { units: end.minus(start), way: 'rising_on_reversed' }
  return end.gte(start)
    ? { units: end.minus(start), way: 'rising' }
    : { units: rangeOf(digits).minus(start).plus(end), way: 'turned_over' }
}

/** m³ of the units a meter counted. Most meters count cubic metres. */
export function unitsToVolume(units: Exact, multiplier: string): Volume {
  return roundToVolume(multiplier === '1' ? units : units.times(multiplier))
}

const ranges = new Map<number, Exact>()
/** 10^digits: where a counter of that many places turns over. */
export function rangeOf(digits: number): Exact {
  const known = ranges.get(digits)
  if (known !== undefined) return known
  const range = new Exact(10).pow(digits)
  ranges.set(digits, range)
  return range
}
