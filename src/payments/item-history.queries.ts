import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { type Money, money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { PaidAmount } from './overdue.rules.ts'

/** What a bill asks for and every amount that ever counted for it, so that any past day can be judged by `unpaidOn`. */
export interface ItemHistory {
  readonly payable: Money
  readonly paid: readonly PaidAmount[]
}

/** The histories of some bills; one that asks for no money is left out. */
export async function itemHistories(db: Db | Trx, billIds: readonly BillId[]): Promise<Map<BillId, ItemHistory>> {
  const { rows } = await sql<{
    bill_id: BillId
    payable: string
    amount: string | null
    paid_on: CivilDate | null
    reversed_on: CivilDate | null
  }>`
    select o.bill_id, o.payable::text, x.amount::text, x.paid_on, x.reversed_on
    from open_items o left join lateral (
      select a.amount, p.paid_on, v.reversed_on from allocations a join payments p on p.id = a.payment_id
        left join allocation_lapses l on l.allocation_id = a.id left join payment_reversals v on v.payment_id = p.id
      where a.bill_id = o.bill_id and (l.allocation_id is null or l.reason = 'payment_reversed')
      order by a.id) x on true
    where o.bill_id = any(${billIds}::bigint[])`.execute(db)
  const histories = new Map<BillId, { payable: Money; paid: PaidAmount[] }>()
  for (const row of rows) {
    const history = histories.get(row.bill_id) ?? { payable: money(row.payable), paid: [] }
    histories.set(row.bill_id, history)
    if (row.amount !== null && row.paid_on !== null)
      history.paid.push({ amount: money(row.amount), paidOn: row.paid_on, reversedOn: row.reversed_on })
  }
  return histories
}

/** Those of some bills to which an objection is unanswered. */
export async function objectedBills(db: Db | Trx, billIds: readonly BillId[]): Promise<Set<BillId>> {
  const { rows } = await sql<{ bill_id: BillId }>`
    select distinct o.bill_id from objections o
    where o.bill_id = any(${billIds}::bigint[])
      and not exists (select from objection_answers w where w.objection_id = o.id)`.execute(db)
  return new Set(rows.map((row) => row.bill_id))
}
