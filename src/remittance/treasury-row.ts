import type { CivilDate } from '../kernel/calendar.ts'
import type { Money } from '../kernel/money.ts'
import type { RowReason } from '../kernel/row-reason.ts'

/** A row after its cells were read. Amounts in yuan, as the file has them. */
export interface TreasuryRow {
  readonly rowNo: number
  readonly cells: readonly string[]
  readonly receivedOn: CivilDate | undefined
  readonly amount: Money | undefined
  readonly reference: string
  readonly payer: string
  readonly remark: string
  readonly faults: readonly RowReason[]
}

/** What a person said of a row that matched nothing. */
export const treasuryDecisionNames = {
  accepted: { zh: '对应凭证', en: 'of a voucher' },
  rejected: { zh: '不属本费', en: 'none of this fee' },
} as const
