import { sql } from 'kysely'
import type { CollectorRefundGuard } from '../payments/later-stages.ts'
import { standing } from './movements.queries.ts'
import { documentNumber } from './numbers.ts'
import { refuseRemittance } from './remittance.refusals.ts'

/** What a standing statement has taken is owed to the treasury whole: a refund of it is the treasury's 退付 (domain §7.3). */
export const refuseRefundOfRemitted: CollectorRefundGuard = async (trx, paymentId) => {
  const { rows } = await sql<{ number_year: number; number: number }>`
    select s.number_year, s.number from remittance_lines l join remittance_statements s on s.id = l.statement_id
    where l.kind = 'payment' and l.source_id = ${paymentId}::bigint and ${standing}`.execute(trx)
  const [row] = rows
  if (row === undefined) return undefined
  const statement = documentNumber('statement', row.number_year, row.number)
  return refuseRemittance('refund_of_remitted', { payment: paymentId, statement })
}
