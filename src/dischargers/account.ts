import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, DischargerId, InstallationId } from '../kernel/ids.ts'

/**
 * One rule for every date here: on the day of an event the new state already holds. A holder from 15 April owes for
 * 15 April; a meter replaced on 15 April measures through the 14th and its successor from the 15th; an account closed
 * on 15 April (`closedOn`) has its last day on the 14th. So validities meet without gap or overlap.
 */
export interface Holder {
  readonly dischargerId: DischargerId
  readonly validity: Validity
}

/** Who pays (a group of art. 9) and at which price: two things that change together or apart. */
export interface CategoryTerm {
  readonly payerGroup: string
  readonly categoryCode: string
  /** A production enterprise: no account without a connection agreement in force (art. 2). */
  readonly needsAgreement: boolean
  readonly validity: Validity
}

export const meterPurposes = ['supply', 'own_source', 'discharge', 'construction'] as const
export type MeterPurpose = (typeof meterPurposes)[number]
export const meterPurposeNames: Record<MeterPurpose, { readonly zh: string; readonly en: string }> = {
  supply: { zh: '供水', en: 'supply' },
  own_source: { zh: '自备水源', en: 'own source' },
  discharge: { zh: '排水口', en: 'discharge' },
  construction: { zh: '施工', en: 'construction' },
}

export const supplies = ['public', 'own_source'] as const
export type Supply = (typeof supplies)[number]
export const supplyNames: Record<Supply, { readonly zh: string; readonly en: string }> = {
  public: { zh: '公共供水', en: 'public supply' },
  own_source: { zh: '自备水源', en: 'own source' },
}

/** A meter at an account for a time. A replacement is two installations, the later naming the one it replaces. */
export interface Installation {
  readonly installationId: InstallationId
  readonly meterNo: string
  readonly accountId: AccountId
  readonly purpose: MeterPurpose
  /** Places of the counter: it turns over at 10^digits. */
  readonly digits: number
  /** m³ per unit of the counter. */
  readonly multiplier: string
  readonly initialReading: string
  readonly runsBackwards: boolean
  readonly masterInstallationId: InstallationId | null
  readonly replacesInstallationId: InstallationId | null
  /** What it showed when it was removed; null while it hangs. */
  readonly finalReading: string | null
  readonly validity: Validity
}

/** A share of the water of one meter that several accounts use (decision 13). */
export interface MeterShare {
  readonly installationId: InstallationId
  /** The order of the shares: the last takes what is left over. */
  readonly shareNo: number
  readonly accountId: AccountId
  readonly ratio: string
  readonly unitM3: '1' | '0.001'
  readonly agreement: string
  readonly validity: Validity
}

/** Everything dated of one account (户号) that touches the days asked for, each list in order of its dates. */
export interface AccountTerms {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly collectorId: CollectorId
  readonly supply: Supply
  readonly openedOn: CivilDate
  /** The first day without the account. */
  readonly closedOn: CivilDate | null
  readonly holders: readonly Holder[]
  readonly categories: readonly CategoryTerm[]
  readonly suspensions: readonly Validity[]
  readonly installations: readonly Installation[]
}

/** What an import of readings needs to know of one account number. */
export interface SupplyAccount {
  readonly accountId: AccountId
  readonly accountNo: string
  /** Holder and category at the end of the days asked for, or when the account was closed within them. */
  readonly holderName: string
  readonly categoryCode: string
  readonly categoryNameZh: string
  /** Those that touch the days asked for. */
  readonly installations: readonly Installation[]
  readonly openedOn: CivilDate
  readonly closedOn: CivilDate | null
}
