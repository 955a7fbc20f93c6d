import { type RawBuilder, sql } from 'kysely'
import type { CollectorId } from '../kernel/ids.ts'
import { collectorMoney } from '../payments/collector-money.queries.ts'

/**
 * Everything that made a collector hold more or less before it is remitted, one row per fact: signed amounts in yuan, the
 * day it happened and the day it was recorded, and the day its payment was paid. Money paid straight to the treasury is
 * none of it.
 */
export const movementsOf = (collectorId: CollectorId): RawBuilder<unknown> => sql`
  select kind, source_id, payment_id, amount, moved_on as event_on, recorded_on, paid_on
  from (${collectorMoney}) money where collector_id = ${collectorId}::bigint`

/** Statements that stand: drawn and not returned. The condition is about `s`. */
export const standing = sql`not exists (
  select from remittance_outcomes o where o.statement_id = s.id and o.outcome = 'returned')`

/** Movements that no standing statement has taken, of payments looked for since the one drawn last (`last`). */
export function untaken(
  collectorId: CollectorId,
  last: { readonly paymentMark: string; readonly until: string } | undefined,
): RawBuilder<unknown> {
  // Everything older was taken by the statement before: a quarter is looked through, not the whole past.
  const since =
    last === undefined
      ? sql`true`
      : sql`(m.kind <> 'payment' or m.event_on >= ${last.until}::date or m.source_id > ${last.paymentMark}::bigint)`
  return sql`
    select m.* from (${movementsOf(collectorId)}) m where ${since} and not exists (
      select from remittance_lines l join remittance_statements s on s.id = l.statement_id
      where l.kind = m.kind and l.source_id = m.source_id and ${standing})`
}
