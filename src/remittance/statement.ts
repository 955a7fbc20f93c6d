import type { CivilDate } from '../kernel/calendar.ts'
import type { CollectorId, RemittanceId, VoucherId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Period } from './period.ts'

/**
 * drawn: its lines are closed · reviewed: a clerk proposes it · approved: signed, for good · returned: its lines are free
 * again. Whether it is remitted is its balance, never a state.
 */
export type StatementState = 'drawn' | 'reviewed' | 'approved' | 'returned'

export const statementStateNames: Record<StatementState, { readonly zh: string; readonly en: string }> = {
  drawn: { zh: '已编制', en: 'drawn' },
  reviewed: { zh: '已复核', en: 'reviewed' },
  approved: { zh: '已审批', en: 'approved' },
  returned: { zh: '已退回', en: 'returned' },
}

/** The state in words; what was returned by its own drawer was withdrawn. */
export const standingOf = ({ state, drawnBy, decidedBy }: Pick<Statement, 'state' | 'drawnBy' | 'decidedBy'>) =>
  state === 'returned' && decidedBy === drawnBy ? { zh: '已撤回', en: 'withdrawn' } : statementStateNames[state]

/** What one statement is made of; amounts in yuan, each as people say it (taken back is positive). */
export interface StatementAmounts {
  readonly collected: Money
  /** Of it: paid in an earlier period and recorded too late for that one. */
  readonly late: Money
  readonly reversed: Money
  readonly refunded: Money
  /** What earlier statements had too much; at most 0.00. */
  readonly carried: Money
  /** collected − reversed − refunded + carried. */
  readonly total: Money
}

/** A remittance statement (划缴结算单) of one collector and period. */
export interface Statement extends StatementAmounts {
  readonly statementId: RemittanceId
  readonly number: string
  readonly collectorId: CollectorId
  readonly collectorCode: string
  readonly collectorName: string
  readonly period: Period
  readonly state: StatementState
  readonly lineCount: number
  /** What the collector's own books say. */
  readonly declared: Money
  readonly differenceReason: string | null
  readonly drawnOn: CivilDate
  readonly drawnBy: string
  readonly drawnByCode: string
  readonly drawnByName: string
  readonly reviewedByName: string | null
  readonly reviewedByCode: string | null
  readonly reviewedOn: CivilDate | null
  readonly decidedBy: string | null
  readonly decidedByName: string | null
  readonly decidedOn: CivilDate | null
  readonly returnReason: string | null
  readonly proposalId: string | null
  readonly digest: string | null
  /** Confirmed by finance and not taken back. */
  readonly received: Money
  /** Submitted and neither confirmed nor rejected. */
  readonly awaiting: Money
  /** Taken over by later statements; at most 0.00. */
  readonly carriedOn: Money
  /** total − received − carriedOn: still to be remitted, or too much where negative. */
  readonly balance: Money
  readonly paymentMark: string
}

export type LineKind = 'payment' | 'opening' | 'reversal' | 'refund' | 'carried'
export const lineKindNames: Record<LineKind, { readonly zh: string; readonly en: string }> = {
  payment: { zh: '代收', en: 'collected' },
  opening: { zh: '期初待缴', en: 'held at go-live' },
  reversal: { zh: '冲正', en: 'reversed' },
  refund: { zh: '代征单位退款', en: 'refunded' },
  carried: { zh: '上期结转', en: 'carried over' },
}

export interface StatementLine {
  readonly kind: LineKind
  readonly sourceId: string
  readonly amount: Money
  readonly eventOn: CivilDate
  readonly recordedOn: CivilDate
  /** The period in which it happened, where that is an earlier one. */
  readonly ownPeriod: string | undefined
  /** The payment's reference, or the number of the statement that carries over. */
  readonly reference: string
  readonly accountNo: string | null
  readonly payerName: string | null
}

export type VoucherState = 'submitted' | 'confirmed' | 'rejected' | 'reversed'
export const voucherStateNames: Record<VoucherState, { readonly zh: string; readonly en: string }> = {
  submitted: { zh: '待确认', en: 'submitted' },
  confirmed: { zh: '已入库', en: 'confirmed' },
  rejected: { zh: '未到账', en: 'rejected' },
  reversed: { zh: '已冲回', en: 'reversed' },
}

/** One transfer of a collector, with what finance found of it. */
export interface Voucher {
  readonly voucherId: VoucherId
  readonly statement: string
  readonly statementId: RemittanceId
  readonly collectorCode: string
  readonly amount: Money
  readonly paidOn: CivilDate
  readonly bankReference: string
  readonly fileDigest: string
  readonly fileName: string
  readonly differenceReason: string | null
  readonly submittedOn: CivilDate
  readonly submittedBy: string
  readonly submittedByName: string
  readonly submittedByCode: string
  readonly state: VoucherState
  readonly received: Money | null
  readonly receivedOn: CivilDate | null
  readonly treasuryReference: string | null
  readonly decidedBy: string | null
  readonly decidedByName: string | null
  readonly decidedByCode: string | null
  readonly reason: string
  readonly reversedOn: CivilDate | null
  readonly reversalReason: string | null
}
