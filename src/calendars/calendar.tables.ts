import type { Generated } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'

type CalendarTables = {
  calendar_years: { year: number; revision: Generated<number>; notice_no: string; proposal_id: string | null }
  calendar_days: { year: number; revision: Generated<number>; day: CivilDate; kind: 'rest' | 'work' }
}

export const calendarTables = (db: Db | Trx) => db.withTables<CalendarTables>()
