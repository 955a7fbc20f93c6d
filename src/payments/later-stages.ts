import type { SubledgersOf } from '../journal/subledger.ts'
import type { PaymentId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Trx } from '../platform/database.ts'
import type { PaymentChannel } from './payment.ts'

/**
 * May the collector pay its money back out of what it holds, or the treasury (退付)? That depends on what was remitted;
 * payments know nothing of it, so the answer is handed in where the entries are composed. Asked of a collector's money alone.
 */
export type RefundGuard = (trx: Trx, paymentId: PaymentId, refundedBy: PaymentChannel) => Promise<Refusal | undefined>

/** What later stages add to payments. */
export interface LaterStages {
  readonly subledgers: readonly SubledgersOf[]
  readonly refundGuards: readonly RefundGuard[]
}
export const noLaterStages: LaterStages = { subledgers: [], refundGuards: [] }
