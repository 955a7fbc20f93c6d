import type { CivilDate } from '../kernel/calendar.ts'
import type { ReceiptId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Volume } from '../kernel/volume.ts'

export const receiptEvents = [
  'requested',
  'void_requested',
  'reversal_requested',
  'refused',
  'issued',
  'paid',
  'sealed',
  'written_off',
  'voided',
  'reversed',
] as const
export type ReceiptEvent = (typeof receiptEvents)[number]

/** draft → requested → issued (a notice) → paid → sealed → written off; voided before payment, reversed after. */
export type ReceiptState = 'draft' | 'requested' | 'issued' | 'paid' | 'sealed' | 'written_off' | 'voided' | 'reversed'
export const receiptStateNames: Record<ReceiptState, { readonly zh: string; readonly en: string }> = {
  draft: { zh: '待申请', en: 'draft' },
  requested: { zh: '已申请', en: 'requested' },
  issued: { zh: '已开具', en: 'issued' },
  paid: { zh: '已缴款', en: 'paid' },
  sealed: { zh: '已盖章', en: 'sealed' },
  written_off: { zh: '已核销', en: 'written off' },
  voided: { zh: '已作废', en: 'voided' },
  reversed: { zh: '已冲红', en: 'reversed' },
}

/** What the platform can answer, by its code in a file and its Chinese word. */
export const results = ['issued', 'paid', 'sealed', 'written_off', 'voided', 'reversed', 'failed'] as const
export type ReceiptResult = (typeof results)[number]
export const resultWords: Record<ReceiptResult, readonly string[]> = {
  issued: ['issued', '已开具', '开具'],
  paid: ['paid', '已缴款', '缴款'],
  sealed: ['sealed', '已盖章', '盖章'],
  written_off: ['written_off', '已核销', '核销'],
  voided: ['voided', '已作废', '作废'],
  reversed: ['reversed', '已冲红', '冲红', '已红冲'],
  failed: ['failed', '失败', '99999'],
}

/** What is asked of the platform: to issue, to void before payment, to reverse after. */
export type ReceiptAction = 'issue' | 'void' | 'reverse'
export const actionNames: Record<ReceiptAction, { readonly zh: string; readonly en: string }> = {
  issue: { zh: '开具', en: 'issue' },
  void: { zh: '作废', en: 'void' },
  reverse: { zh: '冲红', en: 'reverse' },
}

/** The official codes of a receipt: strings, never numbers. */
export interface ReceiptCodes {
  /** 票据代码 */
  readonly billCode: string
  /** 票据号码 */
  readonly billNumber: string
  /** 校验码 */
  readonly checkCode: string
  /** 缴款码 */
  readonly paymentCode: string
}

export interface ReceiptPart {
  readonly bill: string
  readonly accountNo: string
  readonly feeMonth: string
  readonly category: string
  readonly categoryEn: string
  readonly amount: Money
  readonly volumeM3: Volume
  readonly unitPrice: string
}

export interface Receipt {
  readonly receiptId: ReceiptId
  /** Our own number of the request: `E2026-000001`. */
  readonly number: string
  readonly kind: 'notice' | 'receipt'
  readonly payerName: string
  readonly payerCode: string
  /** As the payment states them; '' where it does not. */
  readonly payerAccount: string
  readonly payerBank: string
  readonly paymentId: string | null
  readonly paymentReference: string | null
  readonly paidOn: CivilDate | null
  readonly amount: Money
  readonly draftedOn: CivilDate
  readonly state: ReceiptState
  /** Asked for and not answered yet. */
  readonly waitsFor: ReceiptAction | undefined
  readonly codes: ReceiptCodes | undefined
  readonly lastReason: string
  readonly parts: readonly ReceiptPart[]
}

export function receiptNumber(year: number, number: number): string {
  return `E${year}-${String(number).padStart(6, '0')}`
}

export interface ReceiptNumber {
  readonly year: number
  readonly number: number
}

export function parseReceiptNumber(text: string): ReceiptNumber | undefined {
  const [, year, number] = /^E([12]\d{3})-(\d{6,8})$/.exec(text.trim().toUpperCase()) ?? []
  return year === undefined ? undefined : { year: Number(year), number: Number(number) }
}

/** Requests and the files they go out in are numbered by year. */
export const receiptSequence = 'receipts'
export const receiptBatchSequence = 'receipt-batches'
