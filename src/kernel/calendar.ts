import { TZDate, tz } from '@date-fns/tz'
// The whole library takes a quarter of a second to load, at every start of the command line.
import { format } from 'date-fns/format'
import { isValid } from 'date-fns/isValid'
import { parse } from 'date-fns/parse'
import { invariant } from './invariant.ts'

declare const civilDateBrand: unique symbol
declare const feeMonthBrand: unique symbol
/** A day of the civil calendar as `2026-03-31`; it has no time and no zone. Text order is date order. */
export type CivilDate = string & { readonly [civilDateBrand]: true }
/** A fee month as `2026-03`. */
export type FeeMonth = string & { readonly [feeMonthBrand]: true }

/** Days from `from` up to and without `until`. */
export interface DateInterval {
  readonly from: CivilDate
  readonly until: CivilDate
}
/** A validity that may still be open (`until` null). */
export interface Validity {
  readonly from: CivilDate
  readonly until: CivilDate | null
}

export const timeZone = 'Asia/Shanghai'

/** Reads `YYYY-MM-DD` strictly; `undefined` for anything else, 2026-02-30 included. */
export function parseCivilDate(text: string): CivilDate | undefined {
  if (!/^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(text)) return undefined
  const day = Number(text.slice(8))
  const month = Number(text.slice(5, 7))
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(text.slice(0, 7) as FeeMonth)) return undefined
  return text as CivilDate
}

/** A date that was checked before. */
export function civilDate(text: string): CivilDate {
  const value = parseCivilDate(text)
  invariant(value !== undefined, `"${text}" is not a date`)
  return value
}

/** Reads `YYYY-MM`; `undefined` for anything else. */
export function parseFeeMonth(text: string): FeeMonth | undefined {
  return /^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/.test(text) ? (text as FeeMonth) : undefined
}

export function feeMonth(text: string): FeeMonth {
  const value = parseFeeMonth(text)
  invariant(value !== undefined, `"${text}" is not a month`)
  return value
}

/** Reads a date in another written form, e.g. `yyyy/M/d`; `undefined` where it does not fit exactly. */
export function parseCivilDateAs(text: string, pattern: string): CivilDate | undefined {
  // Read and written in the machine's own zone, whichever that is: the text never becomes an instant in between.
  const value = parse(text, pattern, new Date(2000, 0, 1))
  return isValid(value) ? parseCivilDate(format(value, 'yyyy-MM-dd')) : undefined
}

// Civil dates are counted in whole UTC days, where no day is ever 23 or 25 hours long. The same sums by date-fns in a
// named zone cost 11 to 32 µs each, and one bill run makes millions of them.
const millisecondsPerDay = 86_400_000

/** Days since 1970-01-01, counted by years that begin in March, so that the leap day is the last of its year. */
function dayNumber(date: CivilDate): number {
  const month = twoDigits(date, 5)
  const year = twoDigits(date, 0) * 100 + twoDigits(date, 2) - (month <= 2 ? 1 : 0)
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + twoDigits(date, 8) - 1
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
  return year * 365 + leapDays + dayOfYear - daysBefore1970
}

function twoDigits(date: CivilDate, at: number): number {
  return (date.charCodeAt(at) - 48) * 10 + date.charCodeAt(at + 1) - 48
}

// From 0000-03-01.
const daysBefore1970 = 719_468

export function plusDays(date: CivilDate, days: number): CivilDate {
  return new Date((dayNumber(date) + days) * millisecondsPerDay).toISOString().slice(0, 10) as CivilDate
}

/** Days from `from` to `to`; negative when `to` lies before. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumber(to) - dayNumber(from)
}

export function daysIn(interval: DateInterval): number {
  return daysBetween(interval.from, interval.until)
}

/** 0 is Sunday, 6 Saturday. */
export function weekday(date: CivilDate): number {
  return new Date(date).getUTCDay()
}

export function plusMonths(month: FeeMonth, months: number): FeeMonth {
  const monthsSinceYear0 = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months
  const monthInYear = (monthsSinceYear0 % 12) + 1
  return `${Math.floor(monthsSinceYear0 / 12)}-${String(monthInYear).padStart(2, '0')}` as FeeMonth
}

/** The same day some months later, or the last day of a shorter month (Civil Code art. 202). */
export function monthsLater(date: CivilDate, months: number): CivilDate {
  const month = plusMonths(monthOf(date), months)
  const day = Math.min(Number(date.slice(8)), daysInMonth(month))
  return `${month}-${String(day).padStart(2, '0')}` as CivilDate
}

export function firstDay(month: FeeMonth): CivilDate {
  return `${month}-01` as CivilDate
}
export function lastDay(month: FeeMonth): CivilDate {
  return daysOf(month).last
}
/** The whole month as a half-open interval. */
export function monthInterval(month: FeeMonth): DateInterval {
  return daysOf(month).interval
}

interface DaysOfMonth {
  readonly interval: DateInterval
  readonly last: CivilDate
}
// A run asks for the same month a million times, and there are not many months.
const months = new Map<FeeMonth, DaysOfMonth>()
function daysOf(month: FeeMonth): DaysOfMonth {
  const known = months.get(month)
  if (known !== undefined) return known
  const days = {
    interval: { from: firstDay(month), until: firstDay(plusMonths(month, 1)) },
    last: `${month}-${String(daysInMonth(month)).padStart(2, '0')}` as CivilDate,
  }
  months.set(month, days)
  return days
}

export function monthOf(date: CivilDate): FeeMonth {
  return date.slice(0, 7) as FeeMonth
}
export function yearOf(date: CivilDate): number {
  return Number(date.slice(0, 4))
}
function daysInMonth(month: FeeMonth): number {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate()
}

/** Whether the validity holds on that day. */
export function holdsOn(validity: Validity, date: CivilDate): boolean {
  return validity.from <= date && (validity.until === null || date < validity.until)
}

/** The days both have in common, or `undefined`. */
export function intersect(interval: DateInterval, validity: Validity): DateInterval | undefined {
  const from = interval.from > validity.from ? interval.from : validity.from
  const until = validity.until !== null && validity.until < interval.until ? validity.until : interval.until
  return from < until ? { from, until } : undefined
}

/** The civil date in China of an instant. */
export function civilDateOf(instant: Date): CivilDate {
  return format(instant, 'yyyy-MM-dd', { in: tz(timeZone) }) as CivilDate
}

/** The instant at which clocks in China show a time (`HH:MM`) of a day. */
export function instantOf(date: CivilDate, time: string): Date {
  invariant(/^([01]\d|2[0-3]):[0-5]\d$/.test(time), `"${time}" is a time of day`)
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))]
  const there = new TZDate(year, month - 1, day, Number(time.slice(0, 2)), Number(time.slice(3)), timeZone)
  return new Date(there.getTime())
}
