import { sql } from 'kysely'
import { numberOfBillId } from '../bills/bill.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { type Money, money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'

/** A line of a kept list, with what is unpaid of it by now. */
export interface OverdueListLine {
  readonly billId: BillId
  readonly bill: string
  readonly accountNo: string
  readonly dischargerName: string
  readonly dueOn: CivilDate
  readonly outstanding: Money
  readonly outstandingNow: Money
}

/** The lines of a day's list, longest overdue first; the first so many. */
export async function overdueListLines(db: Db | Trx, asOf: CivilDate, limit: number): Promise<OverdueListLine[]> {
  const { rows } = await sql<{
    bill_id: BillId
    account_no: string
    discharger_name: string
    due_on: CivilDate
    outstanding_amount: string
    outstanding_now: string
  }>`
    select x.bill_id, a.account_no, d.name as discharger_name, x.due_on, x.outstanding_amount::text,
      coalesce(o.outstanding, 0.00)::text as outstanding_now
    from overdue_lists l join overdue_list_lines x on x.list_id = l.id join bills b on b.id = x.bill_id
      join accounts a on a.id = b.account_id join dischargers d on d.id = b.discharger_id
      left join open_items o on o.bill_id = x.bill_id
    where l.as_of = ${asOf}::date order by x.due_on, x.bill_id limit ${limit}`.execute(db)
  return rows.map((row) => ({
    billId: row.bill_id,
    bill: numberOfBillId(row.bill_id),
    accountNo: row.account_no,
    dischargerName: row.discharger_name,
    dueOn: row.due_on,
    outstanding: money(row.outstanding_amount),
    outstandingNow: money(row.outstanding_now),
  }))
}

/** Which of these days' lists hold a bill that is still unpaid. */
export async function openOverdueLists(db: Db | Trx, days: readonly CivilDate[]): Promise<Set<CivilDate>> {
  const { rows } = await sql<{ as_of: CivilDate }>`
    select l.as_of from overdue_lists l where l.as_of = any(${[...days]}::date[]) and exists (
      select from overdue_list_lines x join open_items o on o.bill_id = x.bill_id
      where x.list_id = l.id and o.outstanding > 0)`.execute(db)
  return new Set(rows.map((row) => row.as_of))
}
