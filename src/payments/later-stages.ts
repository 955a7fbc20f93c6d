import type { SubledgersOf } from '../journal/subledger.ts'
import type { PaymentId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Trx } from '../platform/database.ts'

/**
 * May a collector pay this money back out of what it holds? What it has accounted for is the treasury's to give back (退付);
 * payments know nothing of that, so the answer is handed in where the entries are composed.
 */
export type CollectorRefundGuard = (trx: Trx, paymentId: PaymentId) => Promise<Refusal | undefined>

/** What later stages add to payments. */
export interface LaterStages {
  readonly subledgers: readonly SubledgersOf[]
  readonly refundGuards: readonly CollectorRefundGuard[]
}
export const noLaterStages: LaterStages = { subledgers: [], refundGuards: [] }
