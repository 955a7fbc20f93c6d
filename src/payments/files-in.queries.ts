import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import { type Money, money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'

/** What fell due on a day through one collector and is unpaid as far as is known. */
export interface UnpaidDueDay {
  readonly dueOn: CivilDate
  readonly collectorCode: string
  readonly bills: number
  readonly amount: Money
  /** Whether a payment file of the collector was taken in after that day. */
  readonly fileCame: boolean
}

/** By due day within [from, until) and collector, what is unpaid, in order. */
export async function unpaidDueDays(db: Db | Trx, from: CivilDate, until: CivilDate): Promise<UnpaidDueDay[]> {
  const { rows } = await sql<Omit<UnpaidDueDay, 'amount'> & { amount: string }>`
    select u.due_on as "dueOn", c.code as "collectorCode", u.bills, u.amount::text, exists (
        select from imports i join commands k on k.command_id = i.command_id
        where i.kind = 'payments' and starts_with(i.scope, c.code || '/') and k.acting_on > u.due_on) as "fileCame"
    from (select o.due_on, a.collector_id, count(*)::int as bills, sum(o.outstanding) as amount
        from open_items o join accounts a on a.id = o.account_id
        where o.outstanding > 0 and o.due_on >= ${from}::date and o.due_on < ${until}::date
        group by o.due_on, a.collector_id) u
      join collectors c on c.id = u.collector_id
    order by u.due_on, c.code`.execute(db)
  return rows.map((row) => ({ ...row, amount: money(row.amount) }))
}

/** The days of due among these that have a payment file of the collector taken in afterwards, as `code/day`. */
export async function paymentFilesAfter(
  db: Db | Trx,
  asked: readonly { readonly collectorCode: string; readonly dueOn: CivilDate }[],
): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select asked.code || '/' || to_char(asked.due_on, 'YYYY-MM-DD') as key
    from unnest(${asked.map((each) => each.collectorCode)}::text[], ${asked.map((each) => each.dueOn)}::date[]) as asked (code, due_on)
    where exists (select from imports i join commands k on k.command_id = i.command_id
      where i.kind = 'payments' and starts_with(i.scope, asked.code || '/') and k.acting_on > asked.due_on)`.execute(db)
  return new Set(rows.map(({ key }) => key))
}
