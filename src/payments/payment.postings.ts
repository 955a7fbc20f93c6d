import type { JournalAccountCode, Posting } from '../journal/journal-entry.ts'
import type { FeeMonth } from '../kernel/calendar.ts'
import { addMoney, type Money, negateMoney, zeroMoney } from '../kernel/money.ts'
import type { PaymentChannel } from './payment.ts'

export type ByChannel = Readonly<Record<PaymentChannel, Money>>
export type ByMonth = ReadonlyMap<FeeMonth, Money>

/** What one command moved, in yuan and gross: what came in and what went back stand side by side. */
export interface Movements {
  readonly received?: ByChannel
  readonly reversed?: ByChannel
  readonly refunded?: ByChannel
  /** Fees of these months that were paid. */
  readonly allocated?: ByMonth
  /** Fees of these months that are open again. */
  readonly lapsed?: ByMonth
}

const heldBy: Record<PaymentChannel, JournalAccountCode> = {
  collector: 'collector_held',
  treasury: 'treasury_received',
}

/**
 * What payments mean in the books (domain §8). Money comes in as unallocated receipts; an allocation turns them into
 * fees received; a reversal, a refund and a lapse say the reverse. Amounts of 0.00 post nothing.
 */
export function paymentPostings(moved: Movements): readonly Posting[] {
  const lines: Posting[] = []
  const post = (accountCode: JournalAccountCode, feeMonth: FeeMonth | null, amount: Money) => {
    if (amount.isZero()) return
    lines.push({ accountCode, feeMonth, amount })
    lines.push({ accountCode: 'unallocated_receipts', feeMonth: null, amount: negateMoney(amount) })
  }
  const money = (amounts: ByChannel | undefined, sign: (amount: Money) => Money) => {
    for (const channel of ['collector', 'treasury'] as const)
      post(heldBy[channel], null, sign(amounts?.[channel] ?? zeroMoney))
  }
  const fees = (amounts: ByMonth | undefined, sign: (amount: Money) => Money) => {
    for (const [month, amount] of [...(amounts ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)))
      post('fees_receivable', month, sign(amount))
  }
  money(moved.received, (amount) => amount)
  money(moved.reversed, negateMoney)
  money(moved.refunded, negateMoney)
  fees(moved.allocated, negateMoney)
  fees(moved.lapsed, (amount) => amount)
  return lines
}

/** Fees of these months that were settled before go-live and that the collector still held then: due to the treasury. */
export function openingHeldPostings(amounts: ByMonth): readonly Posting[] {
  const held: Posting = { accountCode: 'collector_held', feeMonth: null, amount: addMoney(amounts.values()) }
  const due = [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([feeMonth, amount]) => ({
      accountCode: 'fees_due_to_treasury' as const,
      feeMonth,
      amount: negateMoney(amount),
    }))
  return [held, ...due]
}
