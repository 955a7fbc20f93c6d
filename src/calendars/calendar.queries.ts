import { type CivilDate, type FeeMonth, firstDay, plusDays, plusMonths } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { readSettings } from '../platform/settings.ts'
import { calendarsOf, dueDateFor } from './calendar.rules.ts'
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

/** When the fee of a month falls due, with what decided it. */
export interface DueDate {
  readonly feeMonth: FeeMonth
  readonly issuedOn: CivilDate
  /** Day of the next month by the setting. */
  readonly byMonth: CivilDate
  /** First day that leaves the payer the days after issue. */
  readonly byIssue: CivilDate
  /** The later of both, moved to a working day. */
  readonly dueOn: CivilDate
}

/**
 * The due date of a month issued (or served) on a day, the first of the next month unless given. Refuses a year whose
 * calendar is not loaded.
 */
export async function dueDateOf(db: Db | Trx, month: FeeMonth, issued?: CivilDate): Promise<DueDate | Refusal> {
  const [loaded, settings] = [await loadCalendars(db), await readSettings(db)]
  const nextMonth = firstDay(plusMonths(month, 1))
  const issuedOn = issued ?? nextMonth
  const dueDay = settings['bills.due_day']
  const minimumDaysAfterIssue = settings['bills.minimum_days_after_issue']
  const dueOn = dueDateFor(month, issuedOn, { dueDay, minimumDaysAfterIssue }, loaded)
  if (isRefusal(dueOn)) return dueOn
  const byMonth = plusDays(nextMonth, dueDay - 1)
  return { feeMonth: month, issuedOn, byMonth, byIssue: plusDays(issuedOn, minimumDaysAfterIssue), dueOn }
}
