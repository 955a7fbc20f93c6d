import { sql } from 'kysely'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { overdueOn } from './payment.queries.ts'
import { refusePayment } from './payment.refusals.ts'

/** A list as it was made: what was overdue at the end of the day, in bills and yuan, and the digest of its lines. */
export type KeptOverdueList = {
  readonly asOf: string
  readonly bills: number
  readonly amount: string
  readonly digest: string
}

/**
 * Keeps the list of what is overdue at the end of a day, as far as is known now, once for each day. What is overdue stays
 * derived: a file that comes later may show that somebody had paid in time, and the list shows what was known (decision
 * 2). The digest is over bill, due date and amount of its lines in bill order. Refuses a day that has its list, and a day
 * on which nothing is overdue.
 */
export async function keepOverdueList(
  services: Services,
  envelope: Envelope,
  { asOf }: { readonly asOf: CivilDate },
): Promise<CommandAnswer<KeptOverdueList> | Refusal> {
  const kind = { name: 'payments.keep-overdue-list', zh: '留存逾期清单' } as const
  return runCommand(services, envelope, kind, { asOf }, async ({ trx, commandId, recordedAt }) => {
    const { rows: before } = await sql`select from overdue_lists where as_of = ${asOf}::date`.execute(trx)
    if (before.length > 0) return refusePayment('overdue_list_kept', { asOf })
    const { rows } = await sql<{ bill_count: number; total_amount: string; digest: string }>`
      with line as materialized (select o.bill_id, o.due_on, o.outstanding from (${overdueOn(asOf)}) o),
      list as (
        insert into overdue_lists (as_of, bill_count, total_amount, digest, command_id, recorded_at)
        select ${asOf}::date, count(*)::int, sum(outstanding),
          encode(sha256(convert_to(string_agg(concat_ws(' ', bill_id, to_char(due_on, 'YYYY-MM-DD'), outstanding), e'\n' order by bill_id), 'UTF8')), 'hex'),
          ${commandId}, ${recordedAt}::timestamptz
        from line having count(*) > 0 returning id, bill_count, total_amount::text, digest),
      kept as (
        insert into overdue_list_lines (list_id, bill_id, due_on, outstanding_amount)
        select list.id, line.bill_id, line.due_on, line.outstanding from list, line)
      select bill_count, total_amount, digest from list`.execute(trx)
    const [list] = rows
    if (list === undefined) return refusePayment('nothing_overdue', { asOf })
    return { asOf, bills: list.bill_count, amount: list.total_amount, digest: list.digest }
  })
}

/** Whether a bill that fell due the day before is overdue at the end of the day. */
export async function fellOverdue(db: Db | Trx, asOf: CivilDate): Promise<boolean> {
  const { rows } = await sql`
    select from (${overdueOn(asOf)}) o where o.due_on = ${plusDays(asOf, -1)}::date limit 1`.execute(db)
  return rows.length > 0
}
