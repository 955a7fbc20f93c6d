import { sql } from 'kysely'
import type { SubledgersOf } from '../journal/subledger.ts'
import { money, negateMoney, subtractMoney } from '../kernel/money.ts'

/**
 * What remittance adds to the control accounts, in yuan with debit positive: money that went from the collectors to the
 * treasury, and the collection fee that was approved and paid.
 */
export const remittanceSubledgers: SubledgersOf = async (db) => {
  const { rows } = await sql<{ received: string; approved: string; paid: string }>`
    select
      (select coalesce(sum(r.amount), 0.00)::text from remittance_voucher_outcomes r where r.outcome = 'confirmed'
        and not exists (select from remittance_receipt_reversals b where b.voucher_id = r.voucher_id)) as received,
      (select coalesce(sum(amount), 0.00)::text from collection_fee_claims) as approved,
      (select coalesce(sum(f.amount), 0.00)::text from collection_fee_payments p join collection_fee_claims f on f.id = p.claim_id) as paid`.execute(
    db,
  )
  const { received = '0.00', approved = '0.00', paid = '0.00' } = rows[0] ?? {}
  return [
    { accountCode: 'treasury_received', feeMonth: null, amount: money(received) },
    { accountCode: 'collector_held', feeMonth: null, amount: negateMoney(money(received)) },
    { accountCode: 'collection_fee_expense', feeMonth: null, amount: money(approved) },
    { accountCode: 'collection_fee_payable', feeMonth: null, amount: subtractMoney(money(paid), money(approved)) },
    { accountCode: 'collection_fee_appropriation', feeMonth: null, amount: negateMoney(money(paid)) },
  ]
}
