import { lastBilledDays } from './bills/bill.queries.ts'
import type { CorrectionGuard } from './bills/correct-bill.ts'
import type { Guards as DischargerGuards } from './dischargers/guards.ts'
import { refuseUnderOrder } from './enforcement/correction-guard.ts'
import { fineTieOut } from './enforcement/fine-books.ts'
import type { TieOutOf } from './journal/subledger.ts'
import type { LaterStages } from './payments/later-stages.ts'
import { tieOut } from './payments/verify-payments.ts'
import { lastActualReading } from './readings/reading-history.queries.ts'
import { collectionFeeUse, type UsesOfFee } from './remittance/disclosure.ts'
import { refuseRefundByOther } from './remittance/refund-guard.ts'
import { remittanceSubledgers } from './remittance/remittance-subledgers.ts'
import { serviceFeeUse } from './settlement/service-fee-use.ts'
import { settlementTieOut } from './settlement/verify-settlement.ts'

// What later stages say to earlier ones, which must not know them: every entry hands in the same.

/** Asked before the life of an account or a meter changes. */
export const dischargerGuards: DischargerGuards = { lastBilledUse: lastBilledDays, lastActualReading }

/** Asked before an issued bill is corrected. */
export const correctionGuards: readonly CorrectionGuard[] = [refuseUnderOrder]

/** What the stages after payments add to them: subledgers of control accounts, and who may refund a collector's money. */
export const afterPayments: LaterStages = {
  subledgers: [remittanceSubledgers],
  refundGuards: [refuseRefundByOther],
}

/** What the year's fee was spent on, stage by stage. */
export const usesOfFee: readonly UsesOfFee[] = [collectionFeeUse, serviceFeeUse]

/** Every control account beside its subledgers, of all stages. */
export const tieOutOfAll: TieOutOf = async (db) => [
  ...(await tieOut(db, afterPayments.subledgers)),
  ...(await fineTieOut(db)),
  ...(await settlementTieOut(db)),
]
