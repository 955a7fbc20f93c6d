import { type Exact, parseExact } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import { type Money, roundToMoney, type UnroundedAmount } from '../kernel/money.ts'
import type { DiscretionGrid, EnforcementSettings, GridRow, GridsOfCase } from './enforcement.ts'
import { statutoryTerms } from './statutory-terms.ts'

export const multiplierBounds = {
  minimum: statutoryTerms.multiplierMinimum.value,
  maximum: statutoryTerms.multiplierMaximum.value,
} as const

/** The fine at a multiple of the unpaid fee, rounded half-up once, in yuan. */
export function fineOf(base: Money, multiplier: string): Money {
  return roundToMoney(base.times(exact(multiplier)) as Exact as UnroundedAmount)
}

/** Whether a multiple lies between two others, both included (641 art. 54: 以上、以下 include the number). */
export function isWithin(multiplier: string, minimum: string, maximum: string): boolean {
  const value = exact(multiplier)
  return value.gte(exact(minimum)) && value.lte(exact(maximum))
}

/** Whether one multiple is above another. */
export function isHigher(multiplier: string, than: string): boolean {
  return exact(multiplier).gt(exact(than))
}

/** A row of a grid with the document it stands in. */
export interface RowInForce extends GridRow {
  readonly documentNumber: string
}

/**
 * What the grids say for a factor (APL 37 从旧兼从轻): the row of the grid that was in force on the day the order lapsed,
 * or of a younger one where that is lighter for the party: its maximum is lower, or its minimum at an equal maximum.
 * Where none was in force, the bounds of the law stand for it: `row` is then undefined unless a younger one is lighter.
 * Refuses, as `unknown`, a factor that the grid to be applied does not have.
 */
export function rowInForce(
  grids: GridsOfCase,
  factor: string | undefined,
): { readonly row: RowInForce | undefined } | { readonly unknown: DiscretionGrid } {
  const { atLapse, since } = grids
  const old = atLapse === undefined ? undefined : rowOf(atLapse, factor)
  if (atLapse !== undefined && old === undefined) return { unknown: atLapse }
  let row = old
  for (const grid of since) {
    const younger = rowOf(grid, factor)
    if (younger !== undefined && isLighter(younger, row ?? multiplierBounds)) row = younger
  }
  const youngest = since.at(-1)
  const isKnown = old !== undefined || youngest === undefined || since.some((grid) => rowOf(grid, factor) !== undefined)
  return isKnown ? { row } : { unknown: youngest }
}

function rowOf(grid: DiscretionGrid, factor: string | undefined): RowInForce | undefined {
  const found = grid.rows.find((row) => row.factor === factor)
  return found === undefined ? undefined : { ...found, documentNumber: grid.documentNumber }
}

type Range = Pick<GridRow, 'minimum' | 'maximum'>
function isLighter(one: Range, than: Range): boolean {
  const highest = exact(one.maximum).comparedTo(exact(than.maximum))
  return highest < 0 || (highest === 0 && exact(one.minimum).lt(exact(than.minimum)))
}

/** Whether a fine of that amount gives the party the right to a hearing (APL 63). */
export function givesHearing(fine: Money, isOrganisation: boolean, settings: EnforcementSettings): boolean {
  const threshold = isOrganisation ? settings.hearingThresholdOrganisation : settings.hearingThresholdIndividual
  return settings.hearingThresholdIncluded ? fine.gte(threshold) : fine.gt(threshold)
}

const exact = (text: string): Exact => present(parseExact(text), 'a multiple was checked when it was entered')
