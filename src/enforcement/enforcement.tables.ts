import type { GeneratedAlways } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { StepName } from './steps.ts'

type EnforcementTables = {
  orders_to_pay: {
    id: GeneratedAlways<string>
    number_year: number
    number: number
    discharger_id: DischargerId
    issued_on: CivilDate
    term_days: number
    term_citation: string
    amount: string
    maker_id: string
    approver_id: string
    proposal_id: string
    command_id: string
  }
  order_bills: { order_id: string; bill_id: BillId; amount: string }
  live_orders: { bill_id: BillId; order_id: string }
  enforcement_steps: {
    id: GeneratedAlways<string>
    order_id: string
    case_id: string | null
    seq: number
    step: StepName
    acted_on: CivilDate
    recorded_on: CivilDate
    particulars: string
    evidence_digest: string | null
    actor_id: string
    approved_by: string | null
    proposal_id: string | null
    number_year: number | null
    number: number | null
    command_id: string
  }
  estimate_reviews: {
    bill_id: BillId
    reviewed_on: CivilDate
    finding: string
    evidence_digest: string
    command_id: string
  }
  discretion_grids: {
    id: GeneratedAlways<string>
    document_no: string
    issuer: string
    valid_from: CivilDate
    rows: string
    proposal_id: string
    command_id: string
  }
  fine_cases: {
    id: GeneratedAlways<string>
    number_year: number
    number: number
    order_id: string
    filed_on: CivilDate
    base_amount: string
    reporter_id: string
    reporter_certificate: string
    second_id: string
    second_certificate: string
    filed_by: string
    report_digest: string
    proposal_id: string
    command_id: string
  }
  fine_case_bills: {
    case_id: string
    bill_id: BillId
    account_id: AccountId
    fee_month: CivilDate
    discharger_id: DischargerId
    base_amount: string
  }
  fined_periods: { account_id: AccountId; fee_month: CivilDate; discharger_id: DischargerId; case_id: string }
  fines: {
    case_id: string
    step_id: string
    decided_on: CivilDate
    base_amount: string
    multiplier: string
    fine_amount: string
    addition_announced: boolean
    reporter_id: string
    second_id: string
    maker_id: string
    reviewer_id: string
    head_id: string
  }
  fine_postings: {
    id: GeneratedAlways<string>
    case_id: string
    kind: 'fine' | 'addition' | 'paid'
    amount: string
    entry_id: string
    command_id: string
  }
}
export const enforcementTables = (db: Db | Trx) => db.withTables<EnforcementTables>()
