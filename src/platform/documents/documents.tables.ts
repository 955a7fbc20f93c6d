import type { GeneratedAlways, JSONColumnType } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { Db, Trx } from '../database.ts'
import type { FieldValues } from './document.ts'

type DocumentTables = {
  document_templates: {
    id: GeneratedAlways<string>
    kind: string
    version: number
    template: string
    template_digest: string
    ground: string
    valid_from: CivilDate
    valid_until: CivilDate | null
    proposal_id: string
    command_id: string
  }
  issued_documents: {
    id: GeneratedAlways<string>
    kind: string
    number: string
    subject: string
    dated_on: CivilDate
    template_version: number
    template_digest: string
    field_values: JSONColumnType<FieldValues, string, string>
    file_digest: string
    command_id: string
    recorded_at: Date
  }
}

export const documentTables = (db: Db | Trx) => db.withTables<DocumentTables>()
