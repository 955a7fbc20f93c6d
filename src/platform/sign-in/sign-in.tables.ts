import type { Generated, GeneratedAlways } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { DischargerId, StaffId } from '../../kernel/ids.ts'

/** Sign-in as `db/migrations/0025-sign-in.sql` makes it: facts of ours, then the library's own tables. */
export interface SignInTables {
  enterprise_dischargers: {
    id: GeneratedAlways<string>
    staff_id: StaffId
    discharger_id: DischargerId
    valid_from: CivilDate
    valid_until: CivilDate | null
    command_id: string
  }
  invitations: {
    id: GeneratedAlways<string>
    staff_id: StaffId
    token_digest: string
    expires_at: Date
    command_id: string
    recorded_at: Date
  }
  invitation_uses: { invitation_id: string; command_id: string; recorded_at: Date }
  access_endings: {
    id: GeneratedAlways<string>
    staff_id: StaffId
    reason: string
    command_id: string
    recorded_at: Date
  }
  api_keys: {
    id: GeneratedAlways<string>
    staff_id: StaffId
    name: string
    hint: string
    token_digest: string
    permissions: string[]
    expires_at: Date
    command_id: string
    recorded_at: Date
  }
  api_key_revocations: { api_key_id: string; reason: string; command_id: string; recorded_at: Date }
  security_events: {
    id: GeneratedAlways<string>
    event: string
    staff_id: StaffId | null
    address: string
    happened_at: Date
    session_ref: string
  }
  sign_in_users: {
    id: string
    staff_id: GeneratedAlways<StaffId>
    name: string
    email: string
    username: string | null
    display_username: string | null
    two_factor_enabled: Generated<boolean | null>
  }
  sign_in_sessions: {
    id: string
    user_id: string
    token: string
    expires_at: Date
    ip_address: string | null
    user_agent: string | null
    created_at: Generated<Date>
  }
  sign_in_credentials: {
    id: string
    user_id: string
    account_id: string
    provider_id: string
    password: string | null
  }
  sign_in_second_factors: { id: string; user_id: string }
}
