import type { GeneratedAlways } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'

type JournalTables = {
  journal_accounts: {
    code: string
    name_zh: string
    name_en: string
    kind: 'asset' | 'liability' | 'income' | 'expense'
  }
  journal_entries: {
    id: GeneratedAlways<string>
    command_id: string
    entry_on: CivilDate
    memo: string
    document_count: number
    recorded_at: Date
  }
  /** `fee_month` is the first day of the month, null where money belongs to none yet; debit is positive. */
  postings: { entry_id: string; line_no: number; account_code: string; fee_month: CivilDate | null; amount: string }
}

export const journalTables = (db: Db | Trx) => db.withTables<JournalTables>()
