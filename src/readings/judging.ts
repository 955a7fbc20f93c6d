import { type FeeMonth, lastDay, monthInterval } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import { volume } from '../kernel/volume.ts'
import type { Settings } from '../platform/settings.ts'
import { monthsOfAnEstimate } from './estimate.rules.ts'
import type { CitedField, JudgingContext, ReadingLimits } from './reading.rules.ts'
import { readingColumnNames, type StatedTexts } from './reading-columns.ts'

/** The settings that decide about readings, ready to compute with. */
export function readingLimits(settings: Settings): ReadingLimits {
  return {
    estimatesInARow: settings['estimates.maximum_in_a_row'],
    jumpFactor: new Exact(settings['readings.jump_factor']),
    jumpMinimumM3: volume(settings['readings.jump_minimum_m3']),
    toleranceM3: volume(settings['readings.volume_tolerance_m3']),
    rolloverTopShare: new Exact(settings['readings.rollover_top_share']),
  }
}

/** How many months back a row is judged by. */
export function monthsBackOf({ estimatesInARow }: ReadingLimits): number {
  return Math.max(monthsOfAnEstimate, estimatesInARow)
}

const citedFields: readonly CitedField[] = [
  'account',
  'name',
  'meter',
  'start',
  'end',
  'volume',
  'readOn',
  'previousReadOn',
  'category',
]

/** The context of rows of a file whose columns have these titles, or of an entry by hand, which has none. */
export function judgingContext(
  feeMonth: FeeMonth,
  limits: ReadingLimits,
  titles: StatedTexts,
  correctsStored: boolean,
): JudgingContext {
  const columns = Object.fromEntries(citedFields.map((field) => [field, titles[field] ?? readingColumnNames[field][0]]))
  const month = { ...monthInterval(feeMonth), last: lastDay(feeMonth) }
  return { feeMonth, month, limits, columns: columns as Record<CitedField, string>, correctsStored }
}
