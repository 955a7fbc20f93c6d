import type { CorrectionGuard } from './bills/correct-bill.ts'
import { refuseUnderOrder } from './enforcement/correction-guard.ts'

/** What later stages say before an issued bill is corrected: every entry hands the same list to the bills. */
export const correctionGuards: readonly CorrectionGuard[] = [refuseUnderOrder]
