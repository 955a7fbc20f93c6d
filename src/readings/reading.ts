import type { CivilDate, DateInterval, FeeMonth } from '../kernel/calendar.ts'
import type { AccountId, InstallationId, MeterReadingId } from '../kernel/ids.ts'
import type { Volume } from '../kernel/volume.ts'

/** 行类型: ordinary, rest of a meter taken down (换表残值), last one before closing (销户), read later on top (补抄). */
export const readingKinds = ['normal', 'residual', 'final', 'supplement'] as const
export type ReadingKind = (typeof readingKinds)[number]

/** 示数来源: seen by a reader, sent by the meter, told by telephone, estimated, not said. */
export const readingSources = ['actual', 'remote', 'phone', 'estimated', 'unstated'] as const
export type ReadingSource = (typeof readingSources)[number]

/** What the meter said for one fee month. Volumes in m³ and readings in the meter's units, as decimal text. */
export interface MeterReading {
  readonly readingId: MeterReadingId
  readonly accountId: AccountId
  /** `null`: a volume of the account as a whole. */
  readonly installationId: InstallationId | null
  readonly feeMonth: FeeMonth
  readonly kind: ReadingKind
  readonly source: ReadingSource
  /** The days the water was used on: a reading closes its day (decision 3). */
  readonly used: DateInterval
  readonly readOn: CivilDate
  readonly startReading: string | null
  readonly endReading: string | null
  readonly volumeM3: string
  readonly revision: number
}

/** One reading as a file's row or a person states it, cells already read; `undefined` where nothing was said. */
export interface StatedReading {
  readonly accountNo: string
  readonly holderName: string | undefined
  readonly meterNo: string | undefined
  readonly start: Volume | undefined
  readonly end: Volume | undefined
  /** May be negative in a file; it is never stored so. */
  readonly volumeM3: Volume | undefined
  readonly readOn: CivilDate | undefined
  readonly previousReadOn: CivilDate | undefined
  readonly feeMonth: FeeMonth | undefined
  /** Category as the file words it: a code or a name. */
  readonly category: string | undefined
  readonly kind: ReadingKind
  readonly source: ReadingSource
  /** The file says that the meter ran through its range (超量程). */
  readonly rolledOver: boolean
  /** A word about the reading that somebody must know of: an unknown one, 异常, 未见表. */
  readonly remark: SourceRemark | undefined
}

export interface SourceRemark {
  readonly meaning: 'unknown' | 'abnormal' | 'not_seen'
  readonly column: string
  readonly value: string
}

/** What an accepted row becomes. */
export interface ReadingDraft {
  readonly accountId: AccountId
  readonly installationId: InstallationId | null
  readonly feeMonth: FeeMonth
  readonly kind: ReadingKind
  readonly source: ReadingSource
  readonly used: DateInterval
  readonly readOn: CivilDate
  readonly startReading: string | null
  readonly endReading: string | null
  readonly volumeM3: string
  /** The stored reading this one takes the place of. */
  readonly replaces: StoredReading | undefined
}

/** A stored reading of the month that no other has superseded; it may have been withdrawn. */
export interface StoredReading extends MeterReading {
  readonly withdrawn: boolean
}

/** Where a meter's next reading must begin. */
export interface LastReading {
  readonly readOn: CivilDate
  readonly endReading: string
  /** Of a reading that was estimated: the end of the last one somebody or the meter itself gave, where there is one. */
  readonly lastActual: { readonly readOn: CivilDate; readonly endReading: string } | undefined
}

/** What earlier fee months know of a meter. */
export interface LastOfMeter {
  /** Date of the last stored reading, whatever it held. */
  readonly readOn: CivilDate
  /** `undefined` where no reading ever said where the meter stood. */
  readonly reading: LastReading | undefined
}

/** Where a meter stood at the beginning of what was read after the fee month. */
export interface NextOfMeter {
  readonly readOn: CivilDate
  readonly startReading: string
}

/** Volume of one month; of all meters of an account, or of one of them. */
export interface MonthUse {
  /** How many months before the fee month: 1, 2, 3 … */
  readonly monthsBefore: number
  readonly volumeM3: string
  readonly estimated: boolean
}

/** What is stored about an account before a row of a month is judged. */
export interface AccountHistory {
  /** Of a meter of the account; `undefined` where nothing is stored: it begins at its initial reading. */
  readonly lastOf: (installationId: InstallationId) => LastOfMeter | undefined
  /** Where the first reading of a later fee month begins, if one is stored already. */
  readonly nextOf: (installationId: InstallationId) => NextOfMeter | undefined
  /** Newest first, without gaps being filled. */
  readonly uses: readonly MonthUse[]
  /** The same by meter, where the account has several side by side. */
  readonly usesByInstallation: ReadonlyMap<InstallationId, readonly MonthUse[]>
  /** Chain heads of the fee month, withdrawn ones included. */
  readonly stored: readonly StoredReading[]
}

/** Meter numbers of one account are the same where only case or leading zeros, which Excel drops, differ. */
export function comparableMeterNo(meterNo: string): string {
  return meterNo.replace(/^0+/, '').toLowerCase()
}
