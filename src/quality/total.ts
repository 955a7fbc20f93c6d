import { type FeeMonth, feeMonth, parseFeeMonth } from '../kernel/calendar.ts'
import type { Exact } from '../kernel/decimal.ts'

/** Of which a total is permitted: a calendar year `2025`, or a month `2025-03`. */
export type TotalPeriod = string

/** The months of a period, in order. */
export function monthsOfPeriod(period: TotalPeriod): FeeMonth[] {
  const month = parseFeeMonth(period)
  if (month !== undefined) return [month]
  return Array.from({ length: 12 }, (_, index) => feeMonth(`${period}-${String(index + 1).padStart(2, '0')}`))
}

/** A total by the limit it is judged under: `17-2025`, `17-2025-03`. */
export const totalId = (limitId: string, period: TotalPeriod): string => `${limitId}-${period}`
export function parseTotalId(id: string): { readonly limitId: string; readonly period: TotalPeriod } | undefined {
  const [, limitId, period] = /^(\d{1,18})-((?:19|20|21)\d\d(?:-(?:0[1-9]|1[0-2]))?)$/.exec(id) ?? []
  return limitId === undefined || period === undefined ? undefined : { limitId, period }
}

/** Why the accounts of a discharger do not tell what went through an outlet in a month. */
export const volumeGaps = [
  'outlet_not_registered',
  'several_outlets',
  'no_account',
  'account_changed_hands',
  'account_without_volume',
  'volume_not_measured',
] as const
export type VolumeGap = (typeof volumeGaps)[number]

/** m³ through an outlet in a month, or why they are not known and which accounts it is about. */
export type VolumeOfMonth =
  | { readonly m3: Exact }
  | { readonly why: VolumeGap | 'month_not_over'; readonly accounts: readonly string[] }
