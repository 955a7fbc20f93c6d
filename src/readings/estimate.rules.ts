import { type CivilDate, daysBetween, type FeeMonth } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import type { MeterReadingId } from '../kernel/ids.ts'
import { invariant, present } from '../kernel/invariant.ts'
import { addVolumes, roundToVolume, splitVolumeByDays, type Volume, volume } from '../kernel/volume.ts'
import type { MeterReading, MonthUse } from './reading.ts'

/** What one month of a run of estimated months comes to once the meter was really read. */
export interface TrueUpShare {
  readonly readingId: MeterReadingId
  readonly feeMonth: FeeMonth
  /** Days the share was measured by. */
  readonly days: number
  readonly volumeM3: Volume
}

/** Months of actual readings that an estimate needs, and the months back in which they are looked for. */
export const monthsOfAnEstimate = 3

/**
 * The estimate of a month: the mean of the last three actual months, rounded half-up to 0.001 m³ (decision 10).
 * `undefined` where fewer than three actual months are known: then nothing may be estimated.
 */
export function estimatedVolume(uses: readonly MonthUse[]): Volume | undefined {
  const actual = uses
    .filter(({ estimated }) => !estimated)
    .toSorted((a, b) => a.monthsBefore - b.monthsBefore)
    .slice(0, monthsOfAnEstimate)
  if (actual.length < monthsOfAnEstimate) return undefined
  const sum = addVolumes(actual.map(({ volumeM3 }) => volume(volumeM3)))
  return roundToVolume(sum.div(monthsOfAnEstimate))
}

/**
 * Spreads the use since the last actual reading over the months by days, by largest remainder to 0.001 m³ (decision
 * 10): the shares add up to what the meter counted. `run` is the estimated readings of one meter, oldest first, and the
 * actual one that closes them. Stops (a bug) on a run without both.
 */
export function trueUpShares(run: readonly MeterReading[]): TrueUpShare[] {
  const closing = present(run.at(-1), 'a run of estimates is closed by an actual reading')
  const estimated = run.slice(0, -1)
  invariant(estimated.length > 0 && closing.source !== 'estimated', 'a run is estimated readings and an actual one')
  invariant(
    run.every(({ installationId }) => installationId === closing.installationId),
    'a run is of one meter',
  )

  const days = run.map(({ used }, index) => Math.max(0, daysBetween(beginOf(run, index), used.until)))
  const shares = splitVolumeByDays(useOfRun(estimated, closing), days)
  return run.map(({ readingId, feeMonth }, index) => ({
    readingId,
    feeMonth,
    days: days[index] ?? 0,
    volumeM3: present(shares[index], 'each reading of a run has a share'),
  }))
}

/** A closing reading may count from the last actual one; its own days are those after the last estimate. */
function beginOf(run: readonly MeterReading[], index: number): CivilDate {
  const own = present(run[index], 'the reading is in the run').used.from
  const before = run[index - 1]?.used.until
  return before !== undefined && before > own ? before : own
}

/**
 * What was used over the whole run. A closing reading that begins where the estimates began, or after estimates that
 * set no reading, holds it all; one that goes on from the last estimated reading holds only what the estimates left.
 */
function useOfRun(estimated: readonly MeterReading[], closing: MeterReading): Volume {
  const own = volume(closing.volumeM3)
  const { startReading } = closing
  const withReadings = estimated.filter(({ endReading }) => endReading !== null)
  const first = withReadings[0]
  const last = withReadings.at(-1)
  const goesOn = last === undefined ? startReading === null : sameReading(startReading, last.endReading)
  const holdsAll = last === undefined ? startReading !== null : sameReading(startReading, first?.startReading ?? null)
  if (holdsAll && !goesOn) return own
  // Readings that go on from one another hold all the water between them; an estimate that set none has no part of its own.
  const counted = last !== undefined && goesOn ? withReadings : estimated
  return addVolumes([...counted.map(({ volumeM3 }) => volume(volumeM3)), own])
}

function sameReading(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && new Exact(a).eq(b)
}
