import { sql } from 'kysely'
import { numberOfBillId } from '../bills/bill.ts'
import type { BillId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/** A bill or a period whose derived row is not what the steps give. */
export interface EnforcementFault {
  readonly table: 'live_orders' | 'fined_periods'
  /** Bill number, or account and fee month. */
  readonly row: string
  /** Number of the order or the case it is under; `—` where it is under none. */
  readonly stored: string
  readonly derived: string
}

/**
 * What is derived from orders, cases and their steps, computed again: which order a bill is under, and which periods are
 * in a case or judged. Both keep a bill from a second order and a period from a second fine (APL 29).
 */
export async function verifyEnforcement(
  db: Db | Trx,
): Promise<{ readonly orders: number; readonly cases: number; readonly faults: readonly EnforcementFault[] }> {
  const { rows: found } = await sql<EnforcementFault>`
    with annulling as (
      select order_id, case_id from enforcement_steps
      where step in ('order_withdrawn', 'annulled') or (step = 'closed' and particulars ->> 'ground' = 'revoked')
        or (step in ('review_decided', 'suit_decided') and particulars ->> 'outcome' = 'annulled')),
    latest as (select bill_id, max(order_id) as order_id from order_bills group by bill_id),
    under as (
      select bill_id, order_id from latest l
      where not exists (select from annulling a where a.order_id = l.order_id and a.case_id is null)),
    judged as (
      select distinct account_id, fee_month, discharger_id, case_id from fine_case_bills b
      where not exists (select from annulling a where a.case_id = b.case_id)),
    numbered as (select id, number_year || '-' || lpad(number::text, 4, '0') as number from orders_to_pay),
    cased as (select id, number_year || '-' || lpad(number::text, 4, '0') as number from fine_cases)
    select 'live_orders' as "table", coalesce(o.bill_id, u.bill_id)::text as "row",
      coalesce(so.number, '—') as stored, coalesce(du.number, '—') as derived
    from live_orders o full join under u using (bill_id)
      left join numbered so on so.id = o.order_id left join numbered du on du.id = u.order_id
    where o.order_id is distinct from u.order_id
    union all
    select 'fined_periods', a.account_no || ' ' || to_char(coalesce(p.fee_month, j.fee_month), 'YYYY-MM'),
      coalesce(sp.number, '—'), coalesce(dj.number, '—')
    from fined_periods p full join judged j using (account_id, fee_month, discharger_id)
      left join cased sp on sp.id = p.case_id left join cased dj on dj.id = j.case_id
      left join accounts a on a.id = coalesce(p.account_id, j.account_id)
    where p.case_id is distinct from j.case_id
    order by 1, 2`.execute(db)
  const { rows } = await sql<{ orders: number; cases: number }>`
    select (select count(*)::int from orders_to_pay) as orders, (select count(*)::int from fine_cases) as cases`.execute(
    db,
  )
  const faults = found.map((fault) =>
    fault.table === 'live_orders' ? { ...fault, row: numberOfBillId(fault.row as BillId) } : fault,
  )
  return { orders: rows[0]?.orders ?? 0, cases: rows[0]?.cases ?? 0, faults }
}
