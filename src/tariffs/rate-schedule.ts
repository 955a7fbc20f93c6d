import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import type { Price, PriceTable } from './price.ts'

/** How a line is billed whose use straddles a change of rates; each schedule says it, because no published rule does. */
export const straddles = ['by-days', 'whole-at-start', 'whole-at-end'] as const
export type Straddle = (typeof straddles)[number]

export const straddleNames: Record<Straddle, { readonly zh: string; readonly en: string }> = {
  'by-days': { zh: '按天数拆分', en: 'split by days' },
  'whole-at-start': { zh: '全部按期初标准', en: 'whole at the rate of the start' },
  'whole-at-end': { zh: '全部按期末标准', en: 'whole at the rate of the end' },
}

/** One category's price in one schedule, in force on the days of water use in its validity. */
export interface Rate {
  readonly scheduleId: RateScheduleId
  readonly scheduleCode: string
  readonly categoryCode: string
  readonly price: Price
  readonly straddle: Straddle
  readonly unit: string
  readonly currency: string
  readonly approvalDocument: string
  readonly clause: string
  readonly validity: Validity
}

/** A schedule as its approval document states it. */
export interface ScheduleTerms {
  readonly code: string
  readonly title: string
  readonly approvalDocument: string
  readonly issuer: string
  /** Of volume; prices are per this unit, unconverted. */
  readonly unit: string
  readonly currency: string
  readonly straddle: Straddle
  /** The rule that makes these rates apply, e.g. 办法第九条. */
  readonly clause: string
  /** First day of water use. */
  readonly validFrom: CivilDate
  /** By category code. */
  readonly prices: PriceTable
}

/** What is proposed, and what its approval would end. */
export type ScheduleProposal = ScheduleTerms & {
  /** Open rates of the same categories end on `validFrom`; false refuses any overlap. */
  readonly endsEarlier: boolean
  /** The rates that end, as they stood when it was proposed. */
  readonly replaces: readonly EndedRate[]
}

/** One category's rate of an earlier schedule that ends. */
export type EndedRate = { readonly scheduleCode: string; readonly categoryCode: string }

export interface RateSchedule extends ScheduleTerms {
  readonly scheduleId: RateScheduleId
  readonly proposalId: string
  /** Until when each category's rate holds; null while open. */
  readonly until: Readonly<Record<string, CivilDate | null>>
}
