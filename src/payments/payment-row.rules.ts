import { type CombinedOrder, chargeNames } from '../dischargers/discharger.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { type Money, money, moneyText, negateMoney } from '../kernel/money.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { wastewaterOf } from './combined-amount.rules.ts'
import { needsCorrection, type PaymentReasonCode, paymentReason, paymentReasons } from './payment.reasons.ts'
import type { CombinedSplit, NewPayment, PaidFrom, StatedPayment } from './payment.ts'

/** A stored payment with the reference of a row. */
export interface KnownPayment {
  readonly paymentId: PaymentId
  readonly accountId: AccountId | null
  readonly accountNo: string
  readonly paidOn: CivilDate
  /** Yuan as text with two decimals. */
  readonly amount: string
  /** The combined amount it was split from, likewise. */
  readonly combined: string | null
  readonly method: string | null
  /** Bills the payer named, in their order; `null` for none. */
  readonly namedBills: readonly BillId[] | null
  readonly reversedOn: CivilDate | null
  readonly refunded: boolean
}

/** What is stored that a row is judged by. */
export interface KnownOfPayment {
  /** The account of the row's number, or else the one account that differs from it by leading zeros only. */
  readonly account: { readonly accountId: AccountId; readonly accountNo: string } | undefined
  /** Where there is no such account: all that differ by leading zeros only. */
  readonly likelyAccountNos: readonly string[]
  /** Who held the account on the day of payment. */
  readonly dischargerId: DischargerId | undefined
  readonly payment: KnownPayment | undefined
  /** The account of each bill the row names, where it asks for money. */
  readonly bills: readonly {
    readonly number: string
    readonly billId: BillId | undefined
    readonly accountId: AccountId | undefined
  }[]
  /** The contract in force on the day of payment, where it states an order. */
  readonly combinedOrder: CombinedOrder | undefined
  /** What is outstanding of the account, less what earlier rows of the file pay. Known where a split may need it. */
  readonly outstanding: Money
  /** Rows of the file with the same reference and sign, this one included; none where it is alone. */
  readonly rowsAlike: readonly number[]
}

/** What an accepted row becomes. */
export type PaymentDraft =
  | {
      readonly kind: 'payment'
      readonly accountId: AccountId
      readonly dischargerId: DischargerId
      readonly reference: string
      readonly paidOn: CivilDate
      readonly amount: Money
      readonly method: string | null
      readonly namedBills: readonly BillId[]
      readonly split: CombinedSplit | undefined
      readonly from: PaidFrom | undefined
    }
  | { readonly kind: 'reversal'; readonly paymentId: PaymentId; readonly reversedOn: CivilDate }

export interface PaymentJudgement {
  readonly verdict: 'accepted' | 'held' | 'rejected'
  readonly reasons: readonly RowReason[]
  readonly notes: readonly RowReason[]
  /** What is to be stored, where nothing but a person's word is lacking; `undefined` for a repeat and what lacks more. */
  readonly draft: PaymentDraft | undefined
}

/**
 * The verdict on one row of a payment file, from what it states and what is stored (domain §6, decision 22). Rejected:
 * unreadable, unknown account. Held: complete, but a person must look. An identical repeat is accepted and changes nothing.
 */
export function judgePayment(stated: StatedPayment, known: KnownOfPayment, today: CivilDate): PaymentJudgement {
  const reasons: RowReason[] = [...stated.faults]
  const unreadable = new Set(stated.faults.map(({ column }) => column))
  const blame = (...reason: Parameters<typeof paymentReason>) => void reasons.push(paymentReason(...reason))
  const { accountNo, reference, paidOn } = stated
  const { account, likelyAccountNos } = known
  const { amount, split } = amountOf(stated, known, blame, unreadable.size > 0)

  if (accountNo === '') {
    if (unreadable.size === 0) blame('payment_account_missing')
  } else if (account === undefined || likelyAccountNos.length > 1) {
    if (likelyAccountNos.length > 1)
      blame('payment_account_ambiguous', { likely: likelyAccountNos.join('、') }, { value: accountNo })
    else blame('payment_account_unknown', {}, { value: accountNo })
  } else if (likelyAccountNos.length === 1)
    blame('payment_zeros_lost', { likely: account.accountNo }, { value: accountNo })
  if (paidOn === undefined && unreadable.size === 0) blame('payment_date_missing')
  if (reference === '' && unreadable.size === 0) blame('payment_reference_blank')
  if (amount?.isZero()) blame('payment_amount_zero')
  if (paidOn !== undefined && paidOn > today) blame('payment_in_future', { today }, { value: paidOn })
  if (known.rowsAlike.length > 1)
    blame('payment_twice_in_file', { rows: known.rowsAlike.join('、') }, { value: reference })

  const complete = account !== undefined && paidOn !== undefined && amount !== undefined && reference !== ''
  if (!complete) return verdictOf(reasons, [], undefined)
  const asked = { account, paidOn, amount, reference, split }
  return stated.reverses ? judgeReversal(asked, known.payment, reasons) : judgeIncoming(stated, asked, known, reasons)
}

/** The wastewater fee of a row: as stated, or split from the combined amount where a contract says how. */
function amountOf(
  stated: StatedPayment,
  { combinedOrder, outstanding, payment }: KnownOfPayment,
  blame: (...reason: Parameters<typeof paymentReason>) => void,
  unreadable: boolean,
): { amount: Money | undefined; split: CombinedSplit | undefined } {
  const { amount, combined } = stated
  const nothing = { amount: undefined, split: undefined }
  if (amount !== undefined) return { amount, split: undefined }
  if (combined === undefined) {
    if (!unreadable) blame('payment_amount_missing')
    return nothing
  }
  // What repeats a payment or takes it back is compared with what it was split from.
  const size = combined.isNegative() ? negateMoney(combined) : combined
  if (payment !== undefined && payment.combined === moneyText(size))
    return { amount: money(payment.amount), split: undefined }
  if (stated.reverses) {
    if (unreadable || stated.reference === '') return nothing
    if (payment === undefined) blame('reversal_of_unknown', {}, { value: stated.reference })
    else blame('reversal_differs', toldOf(payment))
    return nothing
  }
  const said = { amount: moneyText(combined) }
  if (combinedOrder === undefined) {
    if (!unreadable) blame('payment_combined_only', said)
    return nothing
  }
  if (combined.isZero()) return { amount: combined, split: undefined }
  const { contractNo: contract, contractId, order } = combinedOrder
  const part = wastewaterOf(combined, order, { ...stated.dues, wastewater: outstanding })
  if ('unknown' in part) {
    const { zh, en } = chargeNames[part.unknown]
    blame('payment_combined_due_unknown', { ...said, contract, charge: zh, chargeEn: en })
    return nothing
  }
  if (part.amount.isZero()) {
    blame('payment_combined_leaves_nothing', { ...said, contract, due: moneyText(outstanding) })
    return nothing
  }
  return { amount: part.amount, split: { combined, contractId } }
}

/**
 * What a row counts as in a sum, its wastewater fee where that is stated: what takes a payment back is subtracted, also
 * where it is flagged and the company leaves out the minus.
 */
export function countedAmount({ amount, combined, reverses }: StatedPayment): Money | undefined {
  const written = amount ?? combined
  return reverses && written !== undefined && !written.isNegative() ? negateMoney(written) : written
}

interface Complete {
  readonly account: { readonly accountId: AccountId; readonly accountNo: string }
  readonly paidOn: CivilDate
  readonly amount: Money
  readonly reference: string
  readonly split: CombinedSplit | undefined
}

function judgeIncoming(
  stated: StatedPayment,
  { account, paidOn, amount, reference, split }: Complete,
  known: KnownOfPayment,
  reasons: RowReason[],
): PaymentJudgement {
  const { payment, dischargerId } = known
  if (payment !== undefined) {
    const same =
      payment.accountId === account.accountId &&
      payment.paidOn === paidOn &&
      payment.amount === moneyText(amount) &&
      !contradicts(stated.method, payment.method) &&
      (known.bills.length === 0 ||
        known.bills.map(({ billId }) => billId ?? '').join() === (payment.namedBills ?? []).join())
    const { paymentId, reversedOn } = payment
    if (same && reasons.length === 0) {
      const repeated = reversedOn === null ? 'payment_unchanged' : 'payment_unchanged_reversed'
      return verdictOf(
        [],
        [paymentReason(repeated, { payment: paymentId, ...(reversedOn && { reversedOn }) })],
        undefined,
      )
    }
    const other = reversedOn === null ? 'payment_reference_known' : 'payment_reference_reversed'
    reasons.push(paymentReason(other, { ...toldOf(payment), ...(reversedOn && { reversedOn }) }, { value: reference }))
  }
  if (dischargerId === undefined)
    reasons.push(paymentReason('payment_without_holder', { account: account.accountNo }, { value: paidOn }))
  const namedBills: BillId[] = []
  for (const { number, billId, accountId } of known.bills) {
    if (billId !== undefined && accountId === account.accountId) namedBills.push(billId)
    else reasons.push(paymentReason('payment_bill_not_open', { account: account.accountNo }, { value: number }))
  }
  if (dischargerId === undefined) return verdictOf(reasons, [], undefined)
  const draft = { accountId: account.accountId, dischargerId, reference, paidOn, amount }
  const { method = null, from } = stated
  return verdictOf(reasons, [], { kind: 'payment', ...draft, method, namedBills, split, from })
}

/** A payment entered by hand often states no method where the file has one: what is silent contradicts nothing. */
const contradicts = (stated: string | undefined, stored: string | null): boolean =>
  stated !== undefined && stored !== null && stated !== stored

function judgeReversal(
  { account, paidOn, amount, reference }: Complete,
  payment: KnownPayment | undefined,
  reasons: RowReason[],
): PaymentJudgement {
  if (payment === undefined) {
    reasons.push(paymentReason('reversal_of_unknown', {}, { value: reference }))
    return verdictOf(reasons, [], undefined)
  }
  if (
    payment.amount !== moneyText(amount.isNegative() ? negateMoney(amount) : amount) ||
    payment.accountId !== account.accountId
  )
    reasons.push(paymentReason('reversal_differs', toldOf(payment)))
  if (paidOn < payment.paidOn)
    reasons.push(paymentReason('reversal_before_payment', { paidOn: payment.paidOn }, { value: paidOn }))
  if (payment.refunded) reasons.push(paymentReason('reversal_of_refunded', { payment: payment.paymentId }))
  if (payment.reversedOn !== null && reasons.length === 0)
    return verdictOf([], [paymentReason('payment_unchanged', { payment: payment.paymentId })], undefined)
  return verdictOf(reasons, [], { kind: 'reversal', paymentId: payment.paymentId, reversedOn: paidOn })
}

const toldOf = ({ paymentId, accountNo, paidOn, amount }: KnownPayment) => ({
  payment: paymentId,
  account: accountNo || '—',
  paidOn,
  amount,
})

function verdictOf(
  reasons: readonly RowReason[],
  notes: readonly RowReason[],
  draft: PaymentDraft | undefined,
): PaymentJudgement {
  const rejected = reasons.some(({ code }) => paymentReasons[code as PaymentReasonCode].weight === 'rejected')
  const acceptable = !reasons.some(({ code }) => needsCorrection(code))
  return {
    verdict: rejected ? 'rejected' : reasons.length > 0 ? 'held' : 'accepted',
    reasons,
    notes,
    draft: acceptable ? draft : undefined,
  }
}

/** A payment that an accepted row becomes. */
export function newPayment(
  draft: PaymentDraft & { kind: 'payment' },
  collectorId: NewPayment['collectorId'],
  rowNo: number,
): NewPayment {
  // Named one by one: an object made of the rest of another is slow to make and slower to read, a million times.
  const { accountId, dischargerId, reference, paidOn, amount, method, namedBills, split, from } = draft
  return {
    channel: 'collector',
    collectorId,
    reference,
    accountId,
    dischargerId,
    paidOn,
    amount,
    method,
    namedBills,
    split,
    from,
    rowNo,
  }
}
