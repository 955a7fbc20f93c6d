import { sql } from 'kysely'
import type { DischargerId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { listReceipts } from './receipt.queries.ts'
import type { Receipt } from './receipt.ts'

/** The receipts of some payers that still count, oldest first: what was asked for, and what the platform issued. */
export function receiptsOfPayers(
  db: Db | Trx,
  dischargers: readonly DischargerId[],
  filter: { readonly paymentId?: string; readonly limit: number },
): Promise<Receipt[]> {
  const { paymentId, limit } = filter
  return listReceipts(db, {
    where: sql`r.discharger_id = any(${dischargers}::bigint[])`,
    ...(paymentId === undefined ? {} : { paymentId }),
    live: true,
    limit,
  })
}
