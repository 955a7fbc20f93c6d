import type { CivilDate } from '../kernel/calendar.ts'
import type { Id, OrganisationId } from '../kernel/ids.ts'

export type ConcessionId = Id<'concession'>

/** Something that holds from a day until another (excluded), `null` for open. */
export interface During {
  readonly from: string
  readonly until: string | null
}

/** How far beyond its limit a value lies (as a share of the limit, from this on) and what follows for its day. */
export interface ExceedanceStep {
  readonly from: string
  /** Share of the day's volume that is not paid, 0 to 1. */
  readonly unpaidShare: string
  /** Yuan taken off for each such day. */
  readonly deduction: string
}

export interface IndicatorLimit {
  readonly code: string
  /** A value below `min` or above `max` is out of compliance; one at the limit is not. */
  readonly min: string | null
  readonly max: string | null
  /** `every_day`: a day with water and without a value cannot be settled. */
  readonly measured: 'every_day' | 'when_given'
  readonly steps: readonly ExceedanceStep[]
}

/** A concession agreement as a person enters it; numbers are decimal text, every silent point is `null`. */
export interface ConcessionTerms {
  readonly designM3PerDay: string
  /** A day counts at most design × this. */
  readonly dailyCap: string | null
  readonly prices: readonly (During & { readonly perM3: string })[]
  readonly guarantee: {
    /** What the guaranteed volume is tested against: each day, the month's or the calendar year's average. */
    readonly basis: 'day' | 'month' | 'year'
    /** Whether days (or shares of days) out of compliance keep their guaranteed volume. */
    readonly daysOutOfCompliance: 'kept' | 'left_out'
    /** Share of the design volume. */
    readonly shares: readonly (During & { readonly share: string })[]
  } | null
  /** Above this share of the design volume (average of the days) another price is paid. */
  readonly overVolume: readonly (During & { readonly aboveShare: string; readonly perM3: string })[] | null
  readonly indicators: readonly IndicatorLimit[]
  /** How unpaid shares of one day go together; a sum is at most 1. */
  readonly severalIndicators: 'largest' | 'sum'
  /** Yuan per m³ of a month in which every value of these indicators stays at or below these figures. */
  readonly reward: {
    readonly perM3: string
    readonly limits: readonly { readonly code: string; readonly max: string }[]
  } | null
}

/** What a clerk proposes and another person approves. */
export interface EnteredConcession {
  readonly plant: string
  readonly code: string
  readonly title: string
  /** Name and number of the signed document. */
  readonly document: string
  readonly validFrom: string
  readonly terms: ConcessionTerms
}

/** An agreement in force on some days. */
export interface Concession {
  readonly concessionId: ConcessionId
  readonly plantId: OrganisationId
  readonly code: string
  readonly title: string
  readonly document: string
  readonly validFrom: CivilDate
  readonly validUntil: CivilDate | null
  readonly terms: ConcessionTerms
}
