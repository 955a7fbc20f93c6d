import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type {
  AccountId,
  BillId,
  BillRunId,
  DischargerId,
  RateScheduleId,
  RosterVersionId,
  StaffId,
} from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { VolumeBasisKind } from '../volumes/volume-basis.ts'
import type { BillKind, CorrectionReason, Derivation } from './bill.ts'

type JsonColumn<T extends object> = JSONColumnType<T, string, string>

export type BillTables = {
  bill_runs: {
    id: GeneratedAlways<BillRunId>
    fee_month: CivilDate
    purpose: 'regular' | 'supplementary'
    scope: JsonColumn<object>
    roster_version_id: RosterVersionId
    maker_id: StaffId
    command_id: string
    recorded_at: Date
  }
  open_bill_runs: { fee_month: CivilDate; run_id: BillRunId }
  bill_run_discards: { run_id: BillRunId; reason: string; command_id: string }
  bill_draft_blocks: {
    run_id: BillRunId
    block_no: number
    last_collector_id: string
    last_account_no: string
    account_count: number
    facts_mark: string
    digest: string
    summary: JsonColumn<object>
  }
  bill_drafts: {
    run_id: BillRunId
    block_no: number
    position: number
    line_no: number
    ordinal: number | null
    status: 'billed' | 'held' | 'exempt'
    kind: BillKind
    account_id: AccountId
    discharger_id: DischargerId
    fee_month: CivilDate
    corrects_bill_id: BillId | null
    bill_volume_m3: string | null
    bill_amount: string | null
    category_code: string | null
    schedule_id: RateScheduleId | null
    basis: VolumeBasisKind | null
    used_from: CivilDate | null
    used_until: CivilDate | null
    volume_m3: string | null
    amount: string | null
    derivation: JsonColumn<Derivation> | null
    reason: JsonColumn<object> | null
  }
  bill_issues: {
    id: GeneratedAlways<string>
    kind: 'run' | 'correction' | 'opening'
    run_id: BillRunId | null
    proposal_id: string | null
    number_year: number
    first_number: number
    bill_count: number
    total_amount: string
    issued_on: CivilDate
    entry_id: string | null
    command_id: string
    recorded_at: Date
  }
  bills: {
    id: GeneratedAlways<BillId>
    number_year: number
    number: number
    issue_id: string
    kind: BillKind
    account_id: AccountId
    discharger_id: DischargerId
    fee_month: CivilDate
    generation: Generated<number>
    corrects_bill_id: BillId | null
    reason: CorrectionReason | null
    evidence: string | null
    due_on: CivilDate
    volume_m3: string
    total_amount: string
  }
  bill_lines: {
    bill_id: BillId
    line_no: number
    category_code: string
    schedule_id: RateScheduleId
    basis: VolumeBasisKind
    used_from: CivilDate
    used_until: CivilDate
    volume_m3: string
    amount: string
    derivation: JsonColumn<Derivation>
  }
  bill_run_exceptions: {
    run_id: BillRunId
    account_id: AccountId
    status: 'held' | 'exempt'
    reason: JsonColumn<object>
  }
  bill_run_censuses: {
    run_id: BillRunId
    roster_count: number
    billed_count: number
    billed_amount: string
    billed_m3: string
    held_count: number
    exempt_count: number
  }
}

export const billTables = (db: Db | Trx) => db.withTables<BillTables>()
