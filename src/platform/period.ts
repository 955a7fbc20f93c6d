import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'

/** The days that a list is narrowed to; both ends belong to it, and either may be open. */
export interface Period {
  readonly from?: CivilDate | undefined
  readonly to?: CivilDate | undefined
}

/** That a day of a query lies in the period. */
export const inPeriod = (day: RawBuilder<unknown>, { from, to }: Period): RawBuilder<unknown> =>
  sql.join(
    [
      from === undefined ? sql`true` : sql`${day} >= ${from}::date`,
      to === undefined ? sql`true` : sql`${day} <= ${to}::date`,
    ],
    sql` and `,
  )

/** The same of a day that was read. */
export const liesIn = (day: CivilDate, { from, to }: Period): boolean =>
  (from === undefined || day >= from) && (to === undefined || day <= to)
