import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { Exact } from '../kernel/decimal.ts'

/**
 * `at_most`, `at_least`: of a concentration (pH has both); `not_detected`: nothing may be found; the totals: of the mass
 * discharged in a day, a calendar month, a calendar year.
 */
export const bounds = ['at_most', 'at_least', 'not_detected', 'daily_total', 'monthly_total', 'yearly_total'] as const
export type Bound = (typeof bounds)[number]
export const boundNames: Record<Bound, { readonly zh: string; readonly en: string }> = {
  at_most: { zh: '不高于', en: 'at most' },
  at_least: { zh: '不低于', en: 'at least' },
  not_detected: { zh: '不得检出', en: 'not detected' },
  daily_total: { zh: '日排放总量不超过', en: 'daily total at most' },
  monthly_total: { zh: '月排放总量不超过', en: 'monthly total at most' },
  yearly_total: { zh: '年排放总量不超过', en: 'yearly total at most' },
}
/** The units of totals; every other limit is in the unit of its pollutant. */
export const totalUnits: Readonly<Partial<Record<Bound, string>>> = {
  daily_total: 'kg/d',
  monthly_total: 'kg/month',
  yearly_total: 't/a',
}
/** Bounds of what is discharged over months, which no single result is above or within. */
export const periodBounds: readonly Bound[] = ['monthly_total', 'yearly_total']

/** A permitted limit of an outlet, with the approval it rests on. */
export interface PermittedLimit {
  readonly pollutant: string
  readonly bound: Bound
  /** `undefined` for `not_detected`. */
  readonly value: Exact | undefined
  readonly unit: string
  readonly document: string
  readonly validity: Validity
}

/** A change of the limits of an outlet as it is proposed: what holds from a day on, or that nothing does. */
export interface LimitChange {
  readonly discharger: string
  readonly outletNo: string
  readonly pollutant: string
  readonly bound: Bound
  /** Exact text; '' for `not_detected`; `undefined` where the limit ends and none follows. */
  readonly value: string | undefined
  readonly unit: string
  readonly document: string
  readonly from: CivilDate
}
