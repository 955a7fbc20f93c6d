import { sql } from 'kysely'
import type { CorrectionGuard } from '../bills/correct-bill.ts'
import { billsUnderOrder } from './draft-order.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'

/**
 * A bill under a live order or fine is corrected only inside that case (decision 11): once for each time a person opened
 * it there with a reason and evidence. Handed to bills where the entries are composed.
 */
export const refuseUnderOrder: CorrectionGuard = async (context, { billId, number }) => {
  const order = (await billsUnderOrder(context, [billId])).get(billId)
  if (order === undefined) return undefined
  const { rows } = await sql<{ open: boolean }>`
    select exists (
      select from enforcement_steps s join commands c on c.command_id = s.command_id
      where s.step = 'correction_opened' and s.particulars ->> 'bill' = ${number} and s.order_id = (
        select order_id from live_orders where bill_id = ${billId}::bigint)
        and not exists (
          select from bills b join bill_issues i on i.id = b.issue_id
          where b.corrects_bill_id = ${billId}::bigint and i.recorded_at > c.recorded_at)) as open`.execute(context.trx)
  return rows[0]?.open ? undefined : refuseEnforcement('bill_under_enforcement', { bill: number, order })
}
