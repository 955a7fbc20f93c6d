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
