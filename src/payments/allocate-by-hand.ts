import type { Money } from '../kernel/money.ts'
import { addMoney, moneyText, parseMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { billIdOfNumber, namedItem } from './named-item.queries.ts'
import { refusePayment } from './payment.refusals.ts'
import { deriveAnew, lapseAllocations, liveAllocations, postMovements } from './payment.store.ts'
import { paymentForCommand } from './payment-for-command.ts'
import { answerOf, type PaymentAnswer } from './record-payment.ts'

export interface AllocationByHand {
  readonly paymentId: string
  /** Number of the bill to be paid. */
  readonly bill: string
  /** Yuan as text; without it as much as both sides have. */
  readonly amount?: string | undefined
  /** The bill that the payment pays now; without it its credit is used. */
  readonly fromBill?: string | undefined
}

/**
 * A clerk lets a payment's credit, or what it pays of another bill, pay the named bill (改核销). Refuses a bill of others,
 * more than is unused or paid there, and more than the bill has outstanding.
 */
export async function allocateByHand(
  services: Services,
  envelope: Envelope,
  input: AllocationByHand,
): Promise<CommandAnswer<PaymentAnswer> | Refusal> {
  const kind = { name: 'payments.allocate', zh: '核销缴款' } as const
  const { paymentId: given, bill } = input
  const plain = { paymentId: given, bill, amount: input.amount ?? null, fromBill: input.fromBill ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx } = context
    const wanted = input.amount === undefined ? undefined : parseMoney(input.amount)
    if (input.amount !== undefined && (wanted === undefined || !wanted.gt(zeroMoney)))
      return refusePayment('payment_amount_malformed', { value: input.amount })
    const fromBillId = input.fromBill === undefined ? undefined : billIdOfNumber(input.fromBill)
    if (input.fromBill !== undefined && fromBillId === undefined)
      return refusePayment('item_unknown', { number: input.fromBill })
    const payment = await paymentForCommand(
      context,
      given,
      [billIdOfNumber(bill), fromBillId].flatMap((id) => id ?? []),
    )
    if (isRefusal(payment)) return payment
    const { paymentId } = payment
    const item = await namedItem(trx, bill, { ...payment, payment: paymentId })
    if (isRefusal(item)) return item
    const moving = (await liveAllocations(trx, { paymentIds: [paymentId] })).filter(
      (each) => each.billId === fromBillId,
    )
    const sum = (some: readonly { readonly amount: Money }[]) => addMoney(some.map(({ amount }) => amount))
    const available = fromBillId === undefined ? payment.remaining : sum(moving)
    const amount = wanted ?? (available.lt(item.outstanding) ? available : item.outstanding)
    // Where no amount was given and a side has nothing, what the other has says what would have been needed.
    const needed = wanted ?? [item.outstanding, available].find((each) => !each.isZero()) ?? payment.amount
    if (available.lt(amount) || available.isZero()) {
      const amounts = { payment: paymentId, amount: moneyText(needed) }
      return fromBillId === undefined
        ? refusePayment('credit_too_small', { ...amounts, remaining: moneyText(available) })
        : refusePayment('allocation_too_small', {
            ...amounts,
            number: input.fromBill ?? '',
            allocated: moneyText(available),
          })
    }
    if (item.outstanding.lt(amount) || item.outstanding.isZero()) {
      return refusePayment('item_settled', {
        number: bill,
        outstanding: moneyText(item.outstanding),
        amount: moneyText(needed),
      })
    }
    const rest = subtractMoney(available, amount)
    const [kept] = moving
    await lapseAllocations(
      context,
      moving.map(({ allocationId }) => ({ allocationId, reason: 'moved' as const })),
      [
        ...(kept === undefined || rest.isZero()
          ? []
          : [{ paymentId, billId: kept.billId, basis: kept.basis, amount: rest }]),
        { paymentId, billId: item.billId, basis: 'named' as const, amount },
      ],
    )
    await deriveAnew(trx, {
      billIds: [item.billId, ...(kept === undefined ? [] : [kept.billId])],
      paymentIds: [paymentId],
    })
    await postMovements(context, `核销 缴款 ${paymentId} 账单 ${bill}`, 1, {
      ...(kept === undefined ? {} : { lapsed: new Map([[kept.feeMonth, amount]]) }),
      allocated: new Map([[item.feeMonth, amount]]),
    })
    return answerOf(context, paymentId, false)
  })
}
