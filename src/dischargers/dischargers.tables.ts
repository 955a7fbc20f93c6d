import type { GeneratedAlways } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { CreditCode } from '../kernel/credit-code.ts'
import type {
  AccountId,
  CollectorId,
  DischargerId,
  InstallationId,
  OrganisationId,
  RosterVersionId,
} from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { MeterPurpose, Supply } from './account.ts'
import type { Charge, CollectorContract, DischargerKind } from './discharger.ts'

type Dated = { valid_from: CivilDate; valid_until: CivilDate | null; command_id: string }

/** The stage's tables, as `db/migrations/0004-dischargers.sql` makes them. Private to the stage. */
export type DischargersTables = {
  price_categories: { code: string; name_zh: string; name_en: string; command_id: string }
  payer_groups: {
    code: string
    name_zh: string
    name_en: string
    clause: string
    needs_agreement: boolean
    command_id: string | null
  }
  collectors: {
    id: GeneratedAlways<CollectorId>
    code: string
    name: string
    credit_code: CreditCode | null
    organisation_id: OrganisationId | null
    command_id: string
  }
  collector_contracts: Dated & {
    id: GeneratedAlways<string>
    collector_id: CollectorId
    contract_no: string
    document: string
    remittance_period: CollectorContract['remittancePeriod']
    fee_rate: string | null
    fee_base: CollectorContract['feeBase']
    fee_cap_amount: string | null
    combined_order: readonly Charge[] | null
  }
  dischargers: {
    id: GeneratedAlways<DischargerId>
    code: string
    name: string
    kind: DischargerKind
    credit_code: CreditCode | null
    product_is_mainly_water: boolean
    address: string
    phone: string
    command_id: string
  }
  connection_agreements: Dated & {
    id: GeneratedAlways<string>
    discharger_id: DischargerId
    agreement_no: string
    signed_on: CivilDate
    document: string
  }
  accounts: {
    id: GeneratedAlways<AccountId>
    collector_id: CollectorId
    account_no: string
    supply: Supply
    address: string
    opened_on: CivilDate
    command_id: string
  }
  account_holders: Dated & { id: GeneratedAlways<string>; account_id: AccountId; discharger_id: DischargerId }
  account_categories: Dated & {
    id: GeneratedAlways<string>
    account_id: AccountId
    payer_group: string
    category_code: string
    evidence: string
  }
  account_suspensions: Dated & { id: GeneratedAlways<string>; account_id: AccountId; reason: string }
  account_closures: { account_id: AccountId; closed_on: CivilDate; reason: string; command_id: string }
  meters: {
    id: GeneratedAlways<string>
    collector_id: CollectorId
    meter_no: string
    size_mm: number | null
    command_id: string
  }
  installations: Dated & {
    id: GeneratedAlways<InstallationId>
    meter_id: string
    account_id: AccountId
    purpose: MeterPurpose
    digits: number
    multiplier: string
    initial_reading: string
    runs_backwards: boolean
    master_installation_id: InstallationId | null
    replaces_installation_id: InstallationId | null
  }
  installation_removals: { installation_id: InstallationId; final_reading: string; reason: string; command_id: string }
  installation_shares: Dated & {
    id: GeneratedAlways<string>
    installation_id: InstallationId
    share_no: number
    account_id: AccountId
    share_ratio: string
    unit_m3: '1' | '0.001'
    agreement: string
  }
  outlets: Dated & {
    id: GeneratedAlways<string>
    discharger_id: DischargerId
    outlet_no: string
    place: string
    has_sampling_well: boolean
    has_online_meter: boolean
    exception_reason: string
  }
  roster_versions: {
    id: RosterVersionId
    version_no: number
    as_of: CivilDate
    proposal_id: string
    account_count: number
    digest: string
  }
  roster_entries: {
    version_id: RosterVersionId
    collector_id: CollectorId
    account_no: string
    account_id: AccountId
    discharger_id: DischargerId
    discharger_name: string
    payer_group: string
    category_code: string
    supply: Supply
  }
  roster_publications: { version_id: RosterVersionId; published_on: CivilDate; command_id: string }
}

/** The connection with this stage's tables beside the platform's. */
export const tables = (db: Db | Trx) => db.withTables<DischargersTables>()
