import type { CorrectionGuard } from './bills/correct-bill.ts'
import { refuseUnderOrder } from './enforcement/correction-guard.ts'
import { fineTieOut } from './enforcement/fine-books.ts'
import type { TieOutOf } from './journal/subledger.ts'
import type { LaterStages } from './payments/later-stages.ts'
import { tieOut } from './payments/verify-payments.ts'
import { refuseRefundOfRemitted } from './remittance/refund-guard.ts'
import { remittanceSubledgers } from './remittance/remittance-subledgers.ts'
import { settlementTieOut } from './settlement/verify-settlement.ts'

// What later stages say to earlier ones, which must not know them: every entry hands in the same.

/** Asked before an issued bill is corrected. */
export const correctionGuards: readonly CorrectionGuard[] = [refuseUnderOrder]

/** What the stages after payments add to them: subledgers of control accounts, and what a collector may not refund. */
export const afterPayments: LaterStages = {
  subledgers: [remittanceSubledgers],
  refundGuards: [refuseRefundOfRemitted],
}

/** Every control account beside its subledgers, of all stages. */
export const tieOutOfAll: TieOutOf = async (db) => [
  ...(await tieOut(db, afterPayments.subledgers)),
  ...(await fineTieOut(db)),
  ...(await settlementTieOut(db)),
]
