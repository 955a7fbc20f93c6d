import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, DischargerId, InstallationId } from '../kernel/ids.ts'
import type { MeterPurpose, Supply } from './account.ts'

/**
 * The whole life of one account as a command works on it: every dated fact with its row, ended in place. A fact that is
 * not stored yet has no id. (`AccountTerms` is what neighbours read: the same life, cut to the days they ask for.)
 */
export interface DatedFact {
  readonly id: string | null
  readonly from: CivilDate
  until: CivilDate | null
}
export interface LifeHolder extends DatedFact {
  readonly dischargerId: DischargerId
  readonly dischargerCode: string
  readonly dischargerName: string
}
export interface LifeCategory extends DatedFact {
  readonly payerGroup: string
  readonly categoryCode: string
  readonly needsAgreement: boolean
  readonly evidence: string
}
export interface LifeSuspension extends DatedFact {
  readonly reason: string
}
export interface LifeInstallation extends DatedFact {
  readonly id: InstallationId
  readonly meterNo: string
  readonly sizeMm: number | null
  readonly purpose: MeterPurpose
  readonly digits: number
  readonly multiplier: string
  readonly initialReading: string
  readonly runsBackwards: boolean
  readonly masterInstallationId: InstallationId | null
  readonly masterMeterNo: string | null
  readonly replacesInstallationId: InstallationId | null
  readonly replacesMeterNo: string | null
  finalReading: string | null
  removalReason: string | null
}
export interface LifeShare extends DatedFact {
  readonly installationId: InstallationId
  readonly meterNo: string
  readonly shareNo: number
  readonly accountId: AccountId
  readonly accountNo: string
  readonly ratio: string
  readonly unitM3: '1' | '0.001'
  readonly agreement: string
}

export interface AccountLife {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly collectorId: CollectorId
  readonly collectorCode: string
  readonly supply: Supply
  readonly address: string
  readonly openedOn: CivilDate
  /** The command that opened it. */
  readonly openedBy: string
  closedOn: CivilDate | null
  closingReason: string | null
  readonly holders: LifeHolder[]
  readonly categories: LifeCategory[]
  readonly suspensions: LifeSuspension[]
  readonly installations: LifeInstallation[]
  /** Shares of the account in any meter, its own or another's. */
  readonly shares: LifeShare[]
}

/** The fact that goes on, if any: the one a change ends. */
export function openFact<F extends DatedFact>(facts: readonly F[]): F | undefined {
  return facts.find((fact) => fact.until === null)
}

/** Whether a fact ever held: one that ended on the day it began was a mistake taken back. */
export function everHeld(fact: DatedFact): boolean {
  return fact.until === null || fact.from < fact.until
}
