import { isPaymentReason, type PaymentReasonCode } from './payment.reasons.ts'

/** Each reason in a few words, where rows are counted by it. */
const titles: Readonly<Record<PaymentReasonCode, { readonly zh: string; readonly en: string }>> = {
  payment_cell_unreadable: { zh: '读不出来', en: 'unreadable cell' },
  payment_amount_too_fine: { zh: '金额不可用', en: 'unusable amount' },
  payment_account_missing: { zh: '没有户号', en: 'no account number' },
  payment_account_unknown: { zh: '户号不存在', en: 'unknown account' },
  payment_account_ambiguous: { zh: '户号可能是几个', en: 'ambiguous account' },
  payment_date_missing: { zh: '没有缴款日期', en: 'no day of payment' },
  payment_amount_missing: { zh: '没有污水处理费金额', en: 'no amount' },
  payment_zeros_lost: { zh: '户号疑似丢了前导零', en: 'account number without its leading zeros' },
  payment_reference_blank: { zh: '没有流水号', en: 'no reference' },
  payment_flag_unknown: { zh: '看不出是否冲正', en: 'unknown reversal flag' },
  payment_combined_due_unknown: {
    zh: '只列合计，缺前序应收',
    en: 'combined amount without what is due before the fee',
  },
  payment_combined_leaves_nothing: {
    zh: '只列合计，轮不到污水处理费',
    en: 'combined amount of which nothing reaches the fee',
  },
  payment_combined_only: { zh: '只列合计，合同无次序', en: 'combined amount, no order in the contract' },
  payment_amount_zero: { zh: '金额为零', en: 'amount of 0.00' },
  payment_in_future: { zh: '缴款日期在导入日之后', en: 'day of payment to come' },
  payment_without_holder: { zh: '当日还没有缴费人', en: 'nobody held the account yet' },
  payment_bill_not_open: { zh: '账单号不是该户应缴的', en: 'bill not of the account' },
  payment_reference_known: { zh: '流水号已有另一笔缴款', en: 'reference of another payment' },
  payment_reference_reversed: { zh: '流水号的缴款已冲正', en: 'reference of a reversed payment' },
  payment_twice_in_file: { zh: '流水号在文件内重复', en: 'reference more than once in the file' },
  reversal_of_unknown: { zh: '冲正的缴款不存在', en: 'reversal of an unknown payment' },
  reversal_differs: { zh: '冲正与原缴款不符', en: 'reversal differs from its payment' },
  reversal_before_payment: { zh: '冲正早于缴款', en: 'reversal before its payment' },
  reversal_of_refunded: { zh: '冲正的缴款已有退款', en: 'reversal of a refunded payment' },
  payment_unchanged: { zh: '与已登记的相同', en: 'repeats a stored payment' },
  payment_unchanged_reversed: { zh: '与已冲正的相同', en: 'repeats a reversed payment' },
}

export function paymentReasonTitle(code: string, language: 'zh' | 'en'): string {
  return isPaymentReason(code) ? titles[code][language] : code
}
