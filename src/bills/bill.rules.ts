import type { AccountTerms, CategoryTerm, Holder } from '../dischargers/account.ts'
import {
  type CivilDate,
  type DateInterval,
  daysIn,
  holdsOn,
  intersect,
  plusDays,
  type Validity,
} from '../kernel/calendar.ts'
import { plainText } from '../kernel/decimal.ts'
import type { DischargerId, RateScheduleId } from '../kernel/ids.ts'
import { invariant, present } from '../kernel/invariant.ts'
import { roundToMoney } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { addVolumes, splitVolumeByDays, type Volume, volumeText } from '../kernel/volume.ts'
import { priceVolume } from '../tariffs/price.rules.ts'
import { type MonthShare, type PriceTable, wholeMonth } from '../tariffs/price.ts'
import type { Rate } from '../tariffs/rate-schedule.ts'
import type { BillableVolume, HeldReason, Use } from '../volumes/billable-volume.ts'
import type { AccountOutcome, BillLine, DraftBill, LineUse } from './bill.ts'

/** The rates that touch a period, arranged for look-up: by category, and whole tables by schedule. */
export interface RateBook {
  readonly byCategory: ReadonlyMap<string, readonly Rate[]>
  readonly tables: ReadonlyMap<RateScheduleId, PriceTable>
}

export function rateBook(rates: readonly Rate[]): RateBook {
  const byCategory = new Map<string, Rate[]>()
  const tables = new Map<RateScheduleId, Record<string, Rate['price']>>()
  for (const rate of rates) {
    byCategory.set(rate.categoryCode, [...(byCategory.get(rate.categoryCode) ?? []), rate])
    tables.set(rate.scheduleId, { ...tables.get(rate.scheduleId), [rate.categoryCode]: rate.price })
  }
  for (const list of byCategory.values()) list.sort((a, b) => (a.validity.from < b.validity.from ? -1 : 1))
  return { byCategory, tables }
}

/** A stretch of days with one payer, one category and one rate. */
interface Segment {
  readonly days: DateInterval
  readonly holder: Holder
  readonly category: CategoryTerm
  readonly rate: Rate
}

/**
 * The bills of one account for one fee month: each use is split by days over payers (decision 21), categories and rate
 * versions (decision 3), each stretch becomes a line, priced and rounded once (decision 13). What has no payer, category
 * or rate on some day is held, never billed at a guess.
 */
export function computeBills(terms: AccountTerms, billable: BillableVolume, rates: RateBook): AccountOutcome {
  const reasons: HeldReason[] = []
  const parts = new Map<string, { segment: Segment; uses: LineUse[]; volumes: Volume[]; days: DateInterval }>()
  let from: CivilDate | undefined
  let until: CivilDate | undefined
  for (const use of billable.uses) {
    const used = withinTenure(use.used, terms)
    from = from === undefined || used.from < from ? used.from : from
    until = until === undefined || used.until > until ? used.until : until
    const segments = segmentsOf(used, terms, rates)
    if ('code' in segments) {
      reasons.push(segments)
      continue
    }
    for (const part of splitUse(use, segments)) {
      const { holder, category, rate } = part.segment
      const key = `${holder.validity.from}|${category.validity.from}|${rate.scheduleId}`
      const known = parts.get(key)
      if (known === undefined) {
        parts.set(key, { segment: part.segment, uses: [part.use], volumes: [part.volumeM3], days: part.segment.days })
      } else {
        known.uses.push(part.use)
        known.volumes.push(part.volumeM3)
        known.days = hull(known.days, part.segment.days)
      }
    }
  }
  if (reasons.length > 0) return { outcome: 'held', reasons: distinct(reasons) }
  invariant(from !== undefined && until !== undefined, 'a billable volume has a use')

  const period = daysIn({ from, until })
  const ordered = [...parts.values()].sort((a, b) => (a.days.from < b.days.from ? -1 : 1))
  const bills = new Map<DischargerId, BillLine[]>()
  for (const part of ordered) {
    const share: MonthShare = ordered.length === 1 ? wholeMonth : { days: daysIn(part.days), of: period }
    const line = priceLine(part.segment, part.days, part.uses, addVolumes(part.volumes), share, billable, rates)
    if ('code' in line) {
      reasons.push(line)
      continue
    }
    const payer = part.segment.holder.dischargerId
    const lines = bills.get(payer)
    if (lines === undefined) bills.set(payer, [line])
    else lines.push(line)
  }
  if (reasons.length > 0) return { outcome: 'held', reasons: distinct(reasons) }
  return { outcome: 'billed', bills: [...bills].map(([dischargerId, lines]): DraftBill => ({ dischargerId, lines })) }
}

function distinct(reasons: readonly HeldReason[]): readonly HeldReason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()]
}

function hull(a: DateInterval, b: DateInterval): DateInterval {
  return { from: a.from < b.from ? a.from : b.from, until: a.until > b.until ? a.until : b.until }
}

/**
 * A use without dates runs over the whole month; nobody owes for days before the opening or after the closing, nor for
 * days at its beginning or end on which the account was suspended (decision 21): the water ran on the others.
 */
function withinTenure(used: DateInterval, terms: AccountTerms): DateInterval {
  let { from, until } = intersect(used, { from: terms.openedOn, until: terms.closedOn }) ?? used
  for (const suspension of terms.suspensions) {
    if (holdsOn(suspension, from)) from = suspension.until ?? until
  }
  for (const suspension of terms.suspensions.toReversed()) {
    if (holdsOn(suspension, plusDays(until, -1))) until = suspension.from
  }
  // Suspended throughout, and used all the same: that was a person's decision, and the days stay as they are.
  return from < until ? { from, until } : used
}

function segmentsOf(used: DateInterval, terms: AccountTerms, rates: RateBook): readonly Segment[] | HeldReason {
  const segments: Segment[] = []
  for (const stretch of commonStretches(used, terms)) {
    if ('code' in stretch) return stretch
    const ofCategory = rates.byCategory.get(stretch.category.categoryCode) ?? []
    const cut = cutByRates(stretch.days, ofCategory)
    if (cut === undefined) {
      const date = firstDayWithout(
        stretch.days,
        ofCategory.map((rate) => rate.validity),
      )
      return { code: 'no_rate', parameters: { category: stretch.category.categoryCode, date } }
    }
    for (const { days, rate } of cut) segments.push({ days, holder: stretch.holder, category: stretch.category, rate })
  }
  return segments
}

interface Stretch {
  readonly days: DateInterval
  readonly holder: Holder
  readonly category: CategoryTerm
}

/** Cuts days where the payer or the category changes; a day with neither is a reason to hold. */
function commonStretches(used: DateInterval, terms: AccountTerms): readonly (Stretch | HeldReason)[] {
  const stretches: (Stretch | HeldReason)[] = []
  let day = used.from
  while (day < used.until) {
    const holder = terms.holders.find(({ validity }) => holdsOn(validity, day))
    if (holder === undefined) return [{ code: 'no_holder', parameters: { date: day } }]
    const category = terms.categories.find(({ validity }) => holdsOn(validity, day))
    if (category === undefined) return [{ code: 'no_category', parameters: { date: day } }]
    let until = used.until
    for (const end of [holder.validity.until, category.validity.until]) if (end !== null && end < until) until = end
    stretches.push({ days: { from: day, until }, holder, category })
    day = until
  }
  return stretches
}

/** The rate of each day; where several touch the stretch, the latest one's straddle rule says how (decision 3). */
function cutByRates(
  days: DateInterval,
  rates: readonly Rate[],
): readonly { days: DateInterval; rate: Rate }[] | undefined {
  const pieces: { days: DateInterval; rate: Rate }[] = []
  for (const rate of rates) {
    const common = intersect(days, rate.validity)
    if (common !== undefined) pieces.push({ days: common, rate })
  }
  const covered = pieces.reduce((sum, piece) => sum + daysIn(piece.days), 0)
  if (covered !== daysIn(days)) return undefined
  const first = present(pieces[0], 'covered days have a rate')
  const last = present(pieces.at(-1), 'covered days have a rate')
  if (pieces.length === 1) return pieces
  switch (last.rate.straddle) {
    case 'by-days':
      return pieces
    case 'whole-at-end':
      return [{ days, rate: last.rate }]
    case 'whole-at-start':
      return [{ days, rate: first.rate }]
  }
}

function firstDayWithout(days: DateInterval, validities: readonly Validity[]): CivilDate {
  let day = days.from
  while (day < days.until && validities.some((validity) => holdsOn(validity, day))) day = plusDays(day, 1)
  return day
}

/** Splits a use over its segments by days, so that the parts add up (largest remainder, 0.001 m³). */
function splitUse(
  use: Use,
  segments: readonly Segment[],
): readonly { segment: Segment; use: LineUse; volumeM3: Volume }[] {
  const [only] = segments
  if (segments.length === 1 && only !== undefined) {
    const { from, until } = only.days
    return [
      {
        segment: only,
        volumeM3: use.volumeM3,
        use: { from, until, m3: volumeText(use.volumeM3), sources: use.sources },
      },
    ]
  }
  const days = segments.map((segment) => daysIn(segment.days))
  const volumes = splitVolumeByDays(use.volumeM3, days)
  return segments.map((segment, part) => {
    const volumeM3 = present(volumes[part], 'a split has as many parts as segments')
    const { from, until } = segment.days
    const split = { wholeM3: volumeText(use.volumeM3), days, part }
    return { segment, volumeM3, use: { from, until, m3: volumeText(volumeM3), split, sources: use.sources } }
  })
}

function priceLine(
  segment: Segment,
  days: DateInterval,
  uses: readonly LineUse[],
  meteredM3: Volume,
  monthShare: MonthShare,
  billable: BillableVolume,
  rates: RateBook,
): BillLine | HeldReason {
  const category = segment.category.categoryCode
  const table = present(rates.tables.get(segment.rate.scheduleId), 'a rate belongs to a schedule')
  const priced = priceVolume(table, category, meteredM3, monthShare)
  if (isRefusal(priced)) {
    if (priced.code === 'amount_beyond_measure')
      return { code: 'beyond_measure', parameters: { category, volume: volumeText(meteredM3) } }
    // A price that stands in another table waits for that table; a category the schedule lacks waits for a rate.
    return priced.code === 'unpriced'
      ? { code: 'unpriced', parameters: { category, see: priced.parameters['see'] ?? '' } }
      : { code: 'no_rate', parameters: { category, date: days.from } }
  }
  return {
    categoryCode: category,
    scheduleId: segment.rate.scheduleId,
    basis: billable.basis,
    used: days,
    volumeM3: priced.billableVolumeM3,
    amount: roundToMoney(priced.unroundedAmount),
    derivation: {
      clause: billable.clause,
      uses,
      meteredM3: volumeText(meteredM3),
      monthShare,
      steps: priced.steps,
      unrounded: plainText(priced.unroundedAmount),
      rounding: 'half-up to 0.01',
    },
  }
}
