import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/** The last day of water use that stands billed by these categories of a schedule; cancelled bills do not count. */
export async function lastDayBilledBy(
  db: Db | Trx,
  rates: { readonly scheduleId: RateScheduleId; readonly categories: readonly string[] },
): Promise<CivilDate | undefined> {
  const { rows } = await sql<{ day: CivilDate | null }>`
    select max(l.used_until) - 1 as day from bill_lines l join bills b on b.id = l.bill_id
    where l.schedule_id = ${rates.scheduleId}::bigint and l.category_code = any(${rates.categories}::text[])
      and b.kind in ('original', 'rebill')
      and not exists (select from bills red where red.corrects_bill_id = b.id and red.kind = 'red')`.execute(db)
  return rows[0]?.day ?? undefined
}
