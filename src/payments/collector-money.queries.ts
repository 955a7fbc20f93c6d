import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import type { CollectorId, PaymentId } from '../kernel/ids.ts'
import { type Money, money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'

/**
 * Everything that made a collector hold money or took it back: payments, what was held at go-live, reversals, and
 * refunds that the collector paid. One row each, its amount signed, `source_id` its own row's key; of what was held at
 * go-live nobody knows the payer. `paid_on` is the day from which the money's age runs, of a reversal or refund that of its payment; `moved_on` the day on which it happened; `recorded_on` when it became known.
 */
export const collectorMoney = sql`
  select collector_id, discharger_id, 'payment' as kind, id as source_id, id as payment_id, null::date as fee_month, paid_on, paid_on as moved_on, recorded_on, amount
  from payments where channel = 'collector'
  union all
  select collector_id, null, 'opening', id, null, fee_month, paid_on, paid_on, recorded_on, amount from opening_held_money
  union all
  select p.collector_id, p.discharger_id, 'reversal', p.id, p.id, null, p.paid_on, v.reversed_on, v.recorded_on, -p.amount
  from payment_reversals v join payments p on p.id = v.payment_id where p.channel = 'collector'
  union all
  select p.collector_id, p.discharger_id, 'refund', r.id, p.id, null, p.paid_on, r.refunded_on, r.refunded_on, -r.amount
  from refunds r join payments p on p.id = r.payment_id where r.refunded_by = 'collector'`

export interface CollectorMovement {
  readonly kind: 'payment' | 'opening' | 'reversal' | 'refund'
  /** Null for money held at go-live. */
  readonly paymentId: PaymentId | null
  /** Of money held at go-live; what a payment paid for is in its allocations. */
  readonly feeMonth: FeeMonth | null
  readonly paidOn: CivilDate
  readonly movedOn: CivilDate
  readonly recordedOn: CivilDate
  readonly amount: Money
}

/** What one collector took and gave back in the days asked for (by the day it happened), oldest money first. */
export async function collectorMovements(
  db: Db | Trx,
  collectorId: CollectorId,
  movedOn: { readonly from: CivilDate; readonly until: CivilDate },
): Promise<CollectorMovement[]> {
  const { rows } = await sql<{
    kind: CollectorMovement['kind']
    payment_id: PaymentId | null
    fee_month: CivilDate | null
    paid_on: CivilDate
    moved_on: CivilDate
    recorded_on: CivilDate
    amount: string
  }>`
    select kind, payment_id, fee_month, paid_on, moved_on, recorded_on, amount::text from (${collectorMoney}) m
    where collector_id = ${collectorId}::bigint and moved_on >= ${movedOn.from}::date and moved_on < ${movedOn.until}::date
    order by paid_on, moved_on, payment_id nulls first`.execute(db)
  return rows.map((row) => ({
    kind: row.kind,
    paymentId: row.payment_id,
    feeMonth: row.fee_month === null ? null : monthOf(row.fee_month),
    paidOn: row.paid_on,
    movedOn: row.moved_on,
    recordedOn: row.recorded_on,
    amount: money(row.amount),
  }))
}
