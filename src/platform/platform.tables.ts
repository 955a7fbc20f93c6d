import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { ImportId, OrganisationId, StaffId } from '../kernel/ids.ts'
import type { OrganisationKind } from './organisation.ts'
import type { SignInTables } from './sign-in/sign-in.tables.ts'
import type { Role } from './staff.ts'

/** JSON as PostgreSQL gives and takes it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type JsonColumn<T extends object | null> = JSONColumnType<T, string, string>

export type ProposalOutcome = 'approved' | 'returned' | 'withdrawn'

export interface PlatformTables extends SignInTables {
  organisations: { id: GeneratedAlways<OrganisationId>; code: string; name: string; kind: OrganisationKind }
  staff: {
    id: GeneratedAlways<StaffId>
    code: string
    name: string
    organisation_id: OrganisationId
    certificate_no: string | null
  }
  staff_roles: {
    id: GeneratedAlways<string>
    staff_id: StaffId
    role: Role
    valid_from: CivilDate
    valid_until: CivilDate | null
  }
  commands: {
    command_id: string
    name: string
    actor_id: StaffId
    acting_on: CivilDate
    input: JsonColumn<object>
    input_digest: string
    recorded_at: Date
  }
  audit_events: {
    seq: string
    command_id: string
    answer: JsonColumn<object>
    previous_hash: string
    hash: string
    content_digest: string | null
    outside_until: string | null
  }
  audit_head: { single: Generated<boolean>; seq: string; hash: string; outside_until: string }
  proposals: {
    id: GeneratedAlways<string>
    kind: string
    subject: string
    content: JsonColumn<object>
    content_digest: string
    maker_id: StaffId
    command_id: string
    recorded_at: Date
  }
  proposal_decisions: {
    proposal_id: string
    maker_id: StaffId
    decided_by: StaffId
    decision: ProposalOutcome
    reason: string
    command_id: string
    recorded_at: Date
  }
  settings: {
    id: GeneratedAlways<string>
    name: string
    value: JsonColumn<object>
    citation: string
    command_id: string
    recorded_at: Date
  }
  number_sequences: { kind: string; year: number; last_number: number }
  stored_files: { digest: string; name: string; byte_count: string; chunk_count: number; recorded_at: Date }
  stored_file_chunks: { digest: string; chunk_no: number; gzip_bytes: Buffer }
  imports: {
    id: GeneratedAlways<ImportId>
    kind: string
    scope: string
    file_digest: string
    file_name: string
    format: JsonColumn<object>
    mapping: JsonColumn<object>
    command_id: string
    recorded_at: Date
  }
  import_results: {
    import_id: ImportId
    rows_in: number
    rows_accepted: number
    rows_held: number
    rows_rejected: number
    volume_in_m3: Generated<string>
    volume_accepted_m3: Generated<string>
    volume_held_m3: Generated<string>
    volume_rejected_m3: Generated<string>
    rows_without_volume: Generated<number>
    amount_in: Generated<string>
    amount_accepted: Generated<string>
    amount_held: Generated<string>
    amount_rejected: Generated<string>
    rows_without_amount: Generated<number>
    findings: JsonColumn<object>
  }
  import_rows: {
    import_id: ImportId
    row_no: number
    verdict: 'held' | 'rejected'
    cells: JsonColumn<object>
    reasons: JsonColumn<object>
    subject: JsonColumn<object>
    account_id: string | null
    fee_month: string | null
    volume_m3: string | null
    amount: Generated<string | null>
  }
  import_row_decisions: {
    import_id: ImportId
    row_no: number
    decision: 'accepted' | 'corrected' | 'rejected' | 'superseded'
    reason: string
    corrected: JsonColumn<object | null>
    command_id: string
    recorded_at: Date
  }
  works: {
    id: string
    command_id: string
    actor: string
    route: string
    input: JsonColumn<object>
    input_digest: string
    file_name: string | null
    byte_count: string | null
    started_at: Date
  }
  work_ends: { work_id: string; outcome: JsonColumn<object>; ended_at: Date }
  work_beats: { work_id: string; progress: JsonColumn<object | null>; beat_at: Date }
  notices: {
    id: GeneratedAlways<string>
    kind: string
    subject: string
    roles: Role[]
    organisation_id: OrganisationId | null
    since: CivilDate
    particulars: JsonColumn<object>
    command_id: string
    recorded_at: Date
  }
  column_mappings: {
    id: GeneratedAlways<string>
    kind: string
    scope: string
    header_digest: string
    mapping: JsonColumn<object>
    command_id: string
    recorded_at: Date
  }
}
