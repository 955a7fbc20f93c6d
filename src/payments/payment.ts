import type { Charge } from '../dischargers/discharger.ts'
import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import type { AccountId, AllocationId, BillId, CollectorId, DischargerId, PaymentId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { RowReason } from '../kernel/row-reason.ts'

/** Where the money went: to a collector (代征单位), who holds it until it is remitted, or straight to the treasury. */
export const paymentChannels = ['collector', 'treasury'] as const
export type PaymentChannel = (typeof paymentChannels)[number]

/** How an amount came to a bill: by due date, as the payer named it, from credit, or taken over at go-live. */
export type AllocationBasis = 'order' | 'named' | 'credit' | 'opening'

/** Why an allocation counts no longer: 账单红冲、账单减少、缴款冲正、改核销. */
export type LapseReason = 'bill_cancelled' | 'bill_reduced' | 'payment_reversed' | 'moved'

/** A payment with what became of it; what remains is its credit. */
export interface Payment {
  readonly paymentId: PaymentId
  readonly channel: PaymentChannel
  readonly collectorCode: string | null
  readonly reference: string
  readonly accountId: AccountId | null
  readonly accountNo: string | null
  readonly dischargerId: DischargerId
  readonly dischargerName: string
  readonly paidOn: CivilDate
  readonly recordedOn: CivilDate
  readonly amount: Money
  readonly method: string | null
  readonly reversedOn: CivilDate | null
  readonly refunded: Money
  readonly allocated: Money
  readonly remaining: Money
}

/** An allocation that counts. */
export interface Allocation {
  readonly allocationId: AllocationId
  readonly paymentId: PaymentId
  readonly billId: BillId
  readonly amount: Money
  readonly basis: AllocationBasis
}

/** What a bill still asks for. */
export interface OpenItem {
  readonly billId: BillId
  readonly accountId: AccountId
  readonly dischargerId: DischargerId
  readonly feeMonth: FeeMonth
  readonly dueOn: CivilDate
  readonly payable: Money
  readonly outstanding: Money
}

/** Where a payment came from, as the file or the clerk states it; '' for what is not stated. */
export interface PaidFrom {
  readonly account: string
  readonly bank: string
}

/** A payment as it is stored before anybody asks what it pays for. */
export interface NewPayment {
  readonly channel: PaymentChannel
  readonly collectorId: CollectorId | null
  readonly reference: string
  readonly accountId: AccountId | null
  readonly dischargerId: DischargerId
  readonly paidOn: CivilDate
  readonly amount: Money
  readonly method: string | null
  readonly namedBills: readonly BillId[]
  readonly rowNo: number | null
  readonly split?: CombinedSplit | undefined
  readonly from?: PaidFrom | undefined
}

/** What a payment's amount was split from, and by whose order. */
export interface CombinedSplit {
  /** Yuan, as the file states it; what is not the wastewater fee stays with the company. */
  readonly combined: Money
  readonly contractId: string
}

/** A row after its cells were read and before anything is known about its account. Amounts in yuan, as the file has them. */
export interface StatedPayment {
  readonly rowNo: number
  readonly cells: readonly string[]
  readonly accountNo: string
  readonly paidOn: CivilDate | undefined
  readonly reference: string
  /** Of the wastewater fee; negative in a reversing row of some companies. */
  readonly amount: Money | undefined
  readonly combined: Money | undefined
  /** What is due of other charges, where a row states a combined amount alone. */
  readonly dues: Readonly<Partial<Record<Charge, Money>>>
  /** Left out; `undefined` where there is none. */
  readonly lateFee: Money | 'unreadable' | undefined
  readonly method: string | undefined
  readonly from: PaidFrom | undefined
  /** The row takes a payment back: flagged, or its amount (where only that is stated, the combined one) negative. */
  readonly reverses: boolean
  readonly bills: readonly string[]
  readonly faults: readonly RowReason[]
  /** Where the row comes back from an export: the row it corrects. */
  readonly origin: { readonly importId: string; readonly rowNo: number } | undefined
}
