import type { Db, Trx } from '../platform/database.ts'
import { calendarsOf } from './calendar.rules.ts'
import { calendarTables } from './calendar.tables.ts'
import type { Calendars, CalendarYear } from './calendar.ts'

/** A year in force with where it comes from. */
export interface StoredCalendarYear extends CalendarYear {
  /** 0 as first loaded; each amendment is one more. */
  readonly revision: number
  /** The approved proposal; `null` for years that ship with the product. */
  readonly proposalId: string | null
}

/** The years in force, the latest revision of each, in order. */
export async function calendarYears(db: Db | Trx): Promise<StoredCalendarYear[]> {
  const rows = await calendarTables(db)
    .selectFrom('calendar_years as y')
    .innerJoin('calendar_days as d', (join) =>
      join.onRef('d.year', '=', 'y.year').onRef('d.revision', '=', 'y.revision'),
    )
    .select(['y.year', 'y.revision', 'y.notice_no', 'y.proposal_id', 'd.day', 'd.kind'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('calendar_years as later')
            .select('later.year')
            .whereRef('later.year', '=', 'y.year')
            .whereRef('later.revision', '>', 'y.revision'),
        ),
      ),
    )
    .orderBy('y.year')
    .orderBy('d.day')
    .execute()
  const years = new Map<number, StoredCalendarYear & { restDays: Set<string>; makeUpWorkdays: Set<string> }>()
  for (const row of rows) {
    const year = years.get(row.year) ?? {
      year: row.year,
      revision: row.revision,
      noticeNumber: row.notice_no,
      proposalId: row.proposal_id,
      restDays: new Set<typeof row.day>(),
      makeUpWorkdays: new Set<typeof row.day>(),
    }
    years.set(row.year, year)
    if (row.kind === 'rest') year.restDays.add(row.day)
    else year.makeUpWorkdays.add(row.day)
  }
  return [...years.values()]
}

/** The years in force for the rules of this stage. Read anew by every command and page: an approval counts at once. */
export async function loadCalendars(db: Db | Trx): Promise<Calendars> {
  return calendarsOf(await calendarYears(db))
}
