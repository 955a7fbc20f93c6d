import { sql } from 'kysely'
import type { Trx } from '../platform/database.ts'
import { calendarTables } from './calendar.tables.ts'
import type { CalendarYear } from './calendar.ts'

/** Inserts a checked year as approved. The primary key refuses a revision that is there already (23505). */
export async function insertCalendarYear(
  trx: Trx,
  calendar: CalendarYear & { readonly revision: number; readonly proposalId: string },
): Promise<void> {
  const { year, revision } = calendar
  await calendarTables(trx)
    .insertInto('calendar_years')
    .values({ year, revision, notice_no: calendar.noticeNumber, proposal_id: calendar.proposalId })
    .execute()
  await sql`
    insert into calendar_days (year, revision, day, kind)
    select ${year}::integer, ${revision}::smallint, day, 'rest' from unnest(${[...calendar.restDays]}::date[]) day
    union all
    select ${year}::integer, ${revision}::smallint, day, 'work' from unnest(${[...calendar.makeUpWorkdays]}::date[]) day
  `.execute(trx)
}
