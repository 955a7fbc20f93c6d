import type { AccountTerms, Installation, MeterShare } from '../dischargers/account.ts'
import type { DateInterval, FeeMonth } from '../kernel/calendar.ts'
import type { Volume } from '../kernel/volume.ts'
import type { MeterReading } from '../readings/reading.ts'
import type { OwnSourceDeclaration, RatedFlowDecision, VolumeBasis, VolumeBasisKind } from './volume-basis.ts'

/** How one part of a volume came about. It is frozen in the bill line, so its keys are short but plain. */
export type VolumeSource =
  | {
      readonly kind: 'reading'
      readonly reading: string
      readonly meter?: string
      readonly start?: string
      readonly end?: string
      readonly multiplier?: string
      readonly m3: string
      readonly estimated?: true
      /** The meter is registered as running backwards, and its readings fell. */
      readonly reversed?: true
      /** The readings fell because the counter turned over at this many units. */
      readonly turnedOverAt?: string
      /** What the readings give, where the volume as stated is billed instead. */
      readonly countedM3?: string
    }
  /** A later actual reading spread the use since the last actual one over the months by days (decision 10). */
  | {
      readonly kind: 'true-up'
      readonly reading: string
      readonly closing: string
      readonly meter?: string
      /** Where the run of estimates began and what the closing reading showed; absent where no reading was stated. */
      readonly start?: string
      readonly end?: string
      readonly statedM3: string
      /** The use of the whole run, spread over `days`; this month's is the one at `part`, from 0. */
      readonly wholeM3: string
      readonly days: readonly number[]
      readonly part: number
      readonly m3: string
    }
  | { readonly kind: 'less-sub'; readonly reading: string; readonly meter: string; readonly m3: string }
  | {
      readonly kind: 'share'
      readonly meter: string
      readonly shareNo: number
      readonly ratio: string
      readonly unit: string
      readonly wholeM3: string
      readonly m3: string
    }
  | { readonly kind: 'declared'; readonly declaration: string; readonly m3: string }
  | {
      readonly kind: 'rated-flow'
      readonly perHour: string
      readonly days: number
      readonly m3: string
      readonly reason?: string
    }
  | { readonly kind: 'quota'; readonly perMonth: string; readonly m3: string }
  | { readonly kind: 'suspended'; readonly m3: string }

/** Water used over days, before it is split by payer, category and rate. */
export interface Use {
  readonly used: DateInterval
  readonly volumeM3: Volume
  readonly sources: readonly VolumeSource[]
}

export interface BillableVolume {
  readonly outcome: 'billable'
  readonly basis: VolumeBasisKind
  readonly clause: string
  readonly uses: readonly Use[]
  readonly estimated: boolean
}

/** Why an account is not billed now; sentences are in `held-reasons.ts`. */
export interface HeldReason {
  readonly code: HeldReasonCode
  readonly parameters: Readonly<Record<string, string | number>>
}
export type HeldReasonCode =
  | 'no_agreement'
  | 'reading_under_review'
  | 'no_reading'
  | 'no_residual'
  | 'reading_of_removed_meter'
  | 'sub_without_reading'
  | 'master_less_subs_negative'
  | 'share_meter_without_reading'
  | 'used_while_suspended'
  | 'own_source_without_basis'
  | 'nothing_declared'
  | 'declaration_under_review'
  | 'discharge_meter_missing'
  | 'no_holder'
  | 'no_category'
  | 'no_rate'
  | 'unpriced'
  | 'beyond_measure'
  | 'cancelled_not_rebilled'

export type VolumeOutcome =
  | BillableVolume
  | { readonly outcome: 'held'; readonly reasons: readonly HeldReason[] }
  | { readonly outcome: 'exempt'; readonly basis: VolumeBasis }

/** Everything known of one account for one fee month; loaded in blocks by `volumeFacts`. */
export interface VolumeFacts {
  readonly terms: AccountTerms
  readonly feeMonth: FeeMonth
  readonly bases: readonly VolumeBasis[]
  /** Effective readings of the account's own meters and of the account without a meter, in this month. */
  readonly readings: readonly MeterReading[]
  /** Estimated readings before and the actual one that closes the run, where this month is part of such a run. */
  readonly estimatedRun: readonly MeterReading[]
  readonly sharedMeters: readonly SharedMeter[]
  readonly subMeters: readonly SubMeter[]
  readonly declaration: OwnSourceDeclaration | undefined
  readonly declarationUnderReview: boolean
  readonly ratedFlowDecision: RatedFlowDecision | undefined
  readonly rowsUnderReview: readonly { readonly importId: string; readonly rowNo: number }[]
  /** Where the account needs one: to the end of its days in the month, or signed since. */
  readonly agreementInForce: boolean
}

/** A meter whose water several accounts share, with its readings of the month and all its users. */
export interface SharedMeter {
  readonly installation: Installation
  readonly shares: readonly MeterShare[]
  readonly readings: readonly MeterReading[]
  readonly subMeters: readonly SubMeter[]
}

/** A sub-meter behind a master, with its readings of the month. */
export interface SubMeter {
  readonly installation: Installation
  readonly readings: readonly MeterReading[]
}
