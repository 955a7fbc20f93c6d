import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { ImportId, PaymentId } from '../kernel/ids.ts'
import { addMoney, money, moneyText, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { groupedBy } from './grouped-by.ts'
import type { Movements } from './payment.postings.ts'
import { refusePayment } from './payment.refusals.ts'
import { deriveAnew, lapseAllocations, liveAllocations, postMovements } from './payment.store.ts'
import { paymentForCommand } from './payment-for-command.ts'

export interface EnteredReversal {
  readonly paymentId: string
  readonly reversedOn?: CivilDate | undefined
  readonly reason: string
}

/**
 * Reverses a payment as a whole (冲正): what it paid is open again from that day on. Refuses a payment that was reversed
 * before or of which something was refunded, a day before it was paid or to come, and a reversal without a reason.
 */
export async function reversePayment(
  services: Services,
  envelope: Envelope,
  input: EnteredReversal,
): Promise<CommandAnswer<{ paymentId: string; amount: string; openAgain: string }> | Refusal> {
  const kind = { name: 'payments.reverse', zh: '冲正缴款' } as const
  const plain = { paymentId: input.paymentId, reversedOn: input.reversedOn ?? null, reason: input.reason }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { today, commandId } = context
    if (input.reason.trim() === '') return refusePayment('payment_needs_reason')
    const payment = await paymentForCommand(context, input.paymentId)
    if (isRefusal(payment)) return payment
    const { paymentId, paidOn } = payment
    if (!payment.refunded.isZero())
      return refusePayment('payment_has_refund', { payment: paymentId, refunded: moneyText(payment.refunded) })
    const reversedOn = input.reversedOn ?? today
    if (reversedOn < paidOn || reversedOn > today)
      return refusePayment('reversal_day_malformed', { reversedOn, paidOn, today })
    const reversal = { paymentId, reversedOn, reason: input.reason.trim(), rowNo: null }
    const moved = await storeReversals(context, [reversal], { importId: null, commandId })
    await postMovements(context, `冲正缴款 ${paymentId}`, 1, moved)
    return {
      paymentId,
      amount: moneyText(payment.amount),
      openAgain: moneyText(addMoney(moved.lapsed?.values() ?? [])),
    }
  })
}

export interface NewReversal {
  readonly paymentId: PaymentId
  readonly reversedOn: CivilDate
  readonly reason: string
  readonly rowNo: number | null
}

/** Stores reversals, and lapses what the payments paid; answers what moved. The payments' rows are locked before. */
export async function storeReversals(
  context: CommandContext,
  reversals: readonly NewReversal[],
  from: { readonly importId: ImportId | null; readonly commandId: string | null },
): Promise<Movements> {
  if (reversals.length === 0) return {}
  const { trx, today } = context
  const paymentIds = reversals.map(({ paymentId }) => paymentId)
  await sql`
    insert into payment_reversals (payment_id, reversed_on, recorded_on, reason, import_id, row_no, command_id)
    select p, d, ${today}::date, r, ${from.importId}::bigint, n, ${from.commandId}::text from unnest(
      ${paymentIds}::bigint[], ${reversals.map(({ reversedOn }) => reversedOn)}::date[],
      ${reversals.map(({ reason }) => reason)}::text[], ${reversals.map(({ rowNo }) => rowNo)}::int[]) as reversal (p, d, r, n)`.execute(
    trx,
  )
  const live = await liveAllocations(trx, { paymentIds })
  const lapses = live.map(({ allocationId }) => ({ allocationId, reason: 'payment_reversed' as const }))
  await lapseAllocations(context, lapses, [])
  await deriveAnew(trx, { billIds: [...new Set(live.map(({ billId }) => billId))], paymentIds })
  const { rows } = await sql<{ channel: 'collector' | 'treasury'; amount: string }>`
    select channel, sum(amount)::text as amount from payments where id = any(${paymentIds}::bigint[]) group by channel`.execute(
    trx,
  )
  const of = (channel: string) => money(rows.find((row) => row.channel === channel)?.amount ?? moneyText(zeroMoney))
  return {
    reversed: { collector: of('collector'), treasury: of('treasury') },
    lapsed: new Map(
      [...groupedBy(live, ({ feeMonth }) => feeMonth)].map(([month, some]) => [
        month,
        addMoney(some.map(({ amount }) => amount)),
      ]),
    ),
  }
}
