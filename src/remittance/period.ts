import { type CivilDate, civilDate, daysBetween, parseCivilDate, plusDays, yearOf } from '../kernel/calendar.ts'

/** What a statement covers: a quarter by the Measures (art. 13), a month by contract. Half-open. */
export interface Period {
  readonly kind: 'quarter' | 'month'
  /** `2026-Q1` or `2026-03`. */
  readonly name: string
  readonly from: CivilDate
  readonly until: CivilDate
}

const monthsOf = { quarter: 3, month: 1 } as const

const dayOf = (monthsSinceYear0: number): CivilDate =>
  civilDate(`${Math.floor(monthsSinceYear0 / 12)}-${String((monthsSinceYear0 % 12) + 1).padStart(2, '0')}-01`)

function periodAt(kind: Period['kind'], firstMonth: number): Period {
  const from = dayOf(firstMonth)
  const name = kind === 'month' ? from.slice(0, 7) : `${yearOf(from)}-Q${Math.floor((firstMonth % 12) / 3) + 1}`
  return { kind, name, from, until: dayOf(firstMonth + monthsOf[kind]) }
}

/** Reads `2026-Q1` or `2026-03`; `undefined` for anything else. */
export function parsePeriod(text: string): Period | undefined {
  const [, year, quarter, month] = /^([12]\d{3})-(?:[Qq]([1-4])|(0[1-9]|1[0-2]))$/.exec(text.trim()) ?? []
  if (year === undefined) return undefined
  const months = Number(year) * 12
  if (quarter !== undefined) return periodAt('quarter', months + (Number(quarter) - 1) * 3)
  return periodAt('month', months + Number(month) - 1)
}

/** The quarter or month in which a day lies. */
export function periodContaining(day: CivilDate, kind: Period['kind']): Period {
  const month = Number(day.slice(5, 7)) - 1
  return periodAt(kind, yearOf(day) * 12 + (kind === 'quarter' ? month - (month % 3) : month))
}

/** The period that begins where a stored one did. */
export function periodFrom(kind: Period['kind'], from: CivilDate): Period {
  return periodContaining(from, kind)
}

/** The contract year a day lies in, counted from 1: years begin on the day and month the contract began. */
export function contractYearOf(contractFrom: CivilDate, day: CivilDate): number {
  const years = yearOf(day) - yearOf(contractFrom)
  return anniversary(contractFrom, years) <= day ? years + 1 : years
}

/** 29 February has its anniversary on 28 February of the other years. */
function anniversary(from: CivilDate, years: number): CivilDate {
  const year = String(yearOf(from) + years)
  return parseCivilDate(`${year}${from.slice(4)}`) ?? civilDate(`${year}-02-28`)
}

/** Days from a day to another, both counted from the day after: money paid in today is 0 days old. */
export const ageInDays = (since: CivilDate, asOf: CivilDate): number => Math.max(daysBetween(since, asOf), 0)

/** The last day of a half-open period. */
export const lastDayOf = ({ until }: Pick<Period, 'until'>): CivilDate => plusDays(until, -1)
