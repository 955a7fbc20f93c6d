import { sql } from 'kysely'
import { findCollector } from '../dischargers/account.queries.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId, PaymentId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandContext } from '../platform/command.ts'
import { refusePaymentsOf } from './acting-for.ts'
import { refusePayment } from './payment.refusals.ts'
import { lockItems, type StoredPayment, storedPayment } from './payment.store.ts'

/**
 * A payment that a command changes, locked with its credit, what it pays and the bills named. Refuses an unknown one, one
 * of another company, and one that was reversed.
 */
export async function paymentForCommand(
  context: CommandContext,
  given: string,
  billIds: readonly BillId[] = [],
): Promise<StoredPayment | Refusal> {
  const unknown = refusePayment('payment_unknown', { payment: given })
  if (!/^\d{1,18}$/.test(given)) return unknown
  const paymentId = given as PaymentId
  await lockItems(context.trx, { paymentIds: [paymentId], billIds })
  const payment = await storedPayment(context.trx, paymentId)
  if (payment === undefined) return unknown
  const forbidden = await refuseOthers(context, paymentId)
  if (isRefusal(forbidden)) return forbidden
  if (!payment.reversed) return payment
  const { rows } = await sql<{ on: CivilDate }>`
    select reversed_on as "on" from payment_reversals where payment_id = ${paymentId}::bigint`.execute(context.trx)
  return refusePayment('payment_reversed_before', { payment: paymentId, reversedOn: rows[0]?.on ?? '' })
}

async function refuseOthers({ trx, actor }: CommandContext, paymentId: PaymentId): Promise<Refusal | undefined> {
  // Whoever may act without being of the company or the bureau's clerk decides on proposals, whosever they are.
  if (actor.roles.includes('bureau_approver') || actor.roles.includes('bureau_clerk')) return undefined
  const { rows } = await sql<{ code: string | null }>`
    select c.code from payments p left join collectors c on c.id = p.collector_id where p.id = ${paymentId}::bigint`.execute(
    trx,
  )
  const code = rows[0]?.code ?? null
  return refusePaymentsOf(actor, code === null ? undefined : await findCollector(trx, code))
}
