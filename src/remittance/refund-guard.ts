import { sql } from 'kysely'
import type { RefundGuard } from '../payments/later-stages.ts'
import { standing } from './movements.queries.ts'
import { documentNumber } from './numbers.ts'
import { refuseRemittance } from './remittance.refusals.ts'

/**
 * Whose money a collector's payment is (domain §7.3): until a standing statement has taken it the collector pays it back,
 * afterwards it is owed to the treasury whole and is the treasury's 退付, once all the statement asks for was confirmed.
 */
export const refuseRefundByOther: RefundGuard = async (trx, paymentId, refundedBy) => {
  const { rows } = await sql<{ number_year: number; number: number; is_received: boolean }>`
    select s.number_year, s.number, s.total_amount <= (
      select coalesce(sum(r.amount), 0) from remittance_vouchers v join remittance_voucher_outcomes r on r.voucher_id = v.id
      where v.statement_id = s.id and r.outcome = 'confirmed'
        and not exists (select from remittance_receipt_reversals b where b.voucher_id = v.id)) as is_received
    from remittance_lines l join remittance_statements s on s.id = l.statement_id
    where l.kind = 'payment' and l.source_id = ${paymentId}::bigint and ${standing}`.execute(trx)
  const [row] = rows
  if (row === undefined) {
    return refundedBy === 'collector' ? undefined : refuseRemittance('refund_of_unremitted', { payment: paymentId })
  }
  const statement = documentNumber('statement', row.number_year, row.number)
  if (refundedBy === 'collector') return refuseRemittance('refund_of_remitted', { payment: paymentId, statement })
  return row.is_received ? undefined : refuseRemittance('refund_before_receipt', { payment: paymentId, statement })
}
