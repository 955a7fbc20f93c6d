import type { Generated, GeneratedAlways } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { VolumeBasisKind } from './volume-basis.ts'

export type VolumeTables = {
  volume_bases: {
    id: GeneratedAlways<string>
    account_id: AccountId
    basis: VolumeBasisKind
    rated_flow_m3_per_hour: string | null
    quota_m3_per_month: string | null
    outlet_id: string | null
    determination_no: string | null
    posted_from: CivilDate | null
    posted_until: CivilDate | null
    evidence: string
    clause: string
    valid_from: CivilDate
    valid_until: CivilDate | null
    proposal_id: string
    command_id: string
  }
  own_source_declarations: {
    id: GeneratedAlways<string>
    account_id: AccountId
    fee_month: CivilDate
    volume_m3: string
    start_reading: string | null
    end_reading: string | null
    evidence: string
    proposal_id: string
    command_id: string
    revision: Generated<number>
  }
  rated_flow_decisions: {
    account_id: AccountId
    fee_month: CivilDate
    rated_flow_m3_per_hour: string
    reason: string
    proposal_id: string
    command_id: string
  }
}

export const volumeTables = (db: Db | Trx) => db.withTables<VolumeTables>()
