import type { ColumnType, GeneratedAlways, JSONColumnType } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { OrganisationId, StaffId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { ConcessionId, ConcessionTerms } from './concession.ts'
import type { ClaimCalculation, ClaimId, ClaimStep } from './service-fee-claim.ts'

type Frozen<Content extends object> = JSONColumnType<Content, string, never>
type Fixed<Value> = ColumnType<Value, Value, never>

type SettlementTables = {
  concession_agreements: {
    id: GeneratedAlways<ConcessionId>
    plant_id: Fixed<OrganisationId>
    code: Fixed<string>
    title: Fixed<string>
    document: Fixed<string>
    terms: Frozen<ConcessionTerms>
    valid_from: Fixed<CivilDate>
    valid_until: CivilDate | null
    proposal_id: Fixed<string>
    command_id: Fixed<string>
  }
  service_fee_claims: {
    id: GeneratedAlways<ClaimId>
    plant_id: Fixed<OrganisationId>
    month: Fixed<CivilDate>
    number_year: Fixed<number>
    number: Fixed<number>
    fee_amount: Fixed<string>
    correction_amount: Fixed<string>
    carried_amount: Fixed<string>
    payable_amount: Fixed<string>
    calculation: Frozen<ClaimCalculation>
    calculation_digest: Fixed<string>
    replaces: Fixed<ClaimId | null>
    replaces_step: Fixed<'returned' | null>
    claimed_on: Fixed<CivilDate>
    command_id: Fixed<string>
  }
  service_fee_steps: {
    claim_id: Fixed<ClaimId>
    step: Fixed<ClaimStep>
    after_step: Fixed<ClaimStep | null>
    person_id: Fixed<StaffId>
    acted_on: Fixed<CivilDate>
    reason: ColumnType<string, string | undefined, never>
    reference: ColumnType<string, string | undefined, never>
    amount: Fixed<string | null>
    command_id: Fixed<string>
    recorded_at: Fixed<Date>
  }
}

export const settlementTables = (db: Db | Trx) => db.withTables<SettlementTables>()
