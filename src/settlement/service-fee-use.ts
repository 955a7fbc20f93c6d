import { sql } from 'kysely'
import { money } from '../kernel/money.ts'
import type { UsesOfFee } from '../remittance/disclosure.ts'

/** The service fee that finance paid to plants in a year (641 art. 33: the use of the fee is made public). */
export const serviceFeeUse: UsesOfFee = async (db, year) => {
  const { rows } = await sql<{ amount: string }>`
    select coalesce(sum(amount), 0.00)::text as amount from service_fee_steps
    where step = 'paid' and extract(year from acted_on) = ${year}`.execute(db)
  return [{ item: { zh: '污水处理服务费', en: 'service fee of the plants' }, amount: money(rows[0]?.amount ?? '0.00') }]
}
