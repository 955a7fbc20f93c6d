import { type Exact, parseExact } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import { type Money, roundToMoney, type UnroundedAmount } from '../kernel/money.ts'
import type { DiscretionGrid, EnforcementSettings, GridRow } from './enforcement.ts'
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

/** The row of a grid for a factor; `undefined` where it has none. */
export function gridRow(grid: DiscretionGrid, factor: string | undefined): GridRow | undefined {
  return grid.rows.find((row) => row.factor === factor)
}

/** Whether a fine of that amount gives the party the right to a hearing (APL 63). */
export function givesHearing(fine: Money, isOrganisation: boolean, settings: EnforcementSettings): boolean {
  const threshold = isOrganisation ? settings.hearingThresholdOrganisation : settings.hearingThresholdIndividual
  return settings.hearingThresholdIncluded ? fine.gte(threshold) : fine.gt(threshold)
}

const exact = (text: string): Exact => present(parseExact(text), 'a multiple was checked when it was entered')
