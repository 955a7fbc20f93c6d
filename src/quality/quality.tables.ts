import type { GeneratedAlways } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { DischargerId, ImportId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { SubstanceKind } from './accident.ts'
import type { Grade } from './credit-grade.ts'
import type { Bound } from './limit.ts'
import type { SampleSource } from './sample.ts'

export type QualityTables = {
  pollutants: {
    code: string
    name_zh: string
    name_en: string
    aliases: string[]
    unit: string
    first_class: boolean
    command_id: string | null
  }
  permitted_limits: {
    id: GeneratedAlways<string>
    outlet_id: string
    pollutant: string
    bound: Bound
    limit_value: string | null
    unit: string
    document: string
    valid_from: CivilDate
    valid_until: CivilDate | null
    proposal_id: string
    command_id: string
  }
  samples: {
    id: GeneratedAlways<string>
    outlet_id: string
    body: string
    sample_no: string
    source: SampleSource
    certificate_no: string
    taken_on: CivilDate
    taken_at: string | null
    sampler: string
    day_volume_m3: string | null
    report_no: string
    evidence_digest: string | null
    import_id: ImportId | null
    command_id: string
    recorded_at: Date
  }
  sample_results: {
    sample_id: string
    pollutant: string
    measured: string | null
    detection_limit: string | null
    unit: string
    method: string
  }
  sample_withdrawals: { sample_id: string; reason: string; command_id: string }
  accidents: {
    id: GeneratedAlways<string>
    discharger_id: DischargerId
    outlet_id: string | null
    occurred_on: CivilDate
    reported_on: CivilDate
    reported_by: string
    substance_kind: SubstanceKind
    substances: string
    description: string
    measures: string
    evidence_digest: string | null
    command_id: string
  }
  credit_grades: {
    id: GeneratedAlways<string>
    discharger_id: DischargerId
    grade: Grade
    rated_year: number
    document: string
    valid_from: CivilDate
    valid_until: CivilDate | null
    proposal_id: string
    command_id: string
  }
  referrals: {
    id: GeneratedAlways<string>
    number: string
    sample_id: string | null
    accident_id: string | null
    limit_id: string | null
    period: string | null
    recipient: string
    dated_on: CivilDate
    document_id: string
    proposal_id: string
    command_id: string
  }
  referral_evidence: { referral_id: string; file_digest: string; name: string }
  referral_replies: {
    id: GeneratedAlways<string>
    referral_id: string
    received_on: CivilDate
    document: string
    content: string
    command_id: string
  }
}

export const qualityTables = (db: Db | Trx) => db.withTables<QualityTables>()
