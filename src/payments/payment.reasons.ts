import { fillSentence, type RefusalParameters } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { type CellReason, cellReasonSentence, cellReasons } from '../platform/tables/cell-values.ts'

interface Sentences {
  readonly cause: string
  readonly remedy: string
}
interface ReasonEntry {
  readonly weight: 'rejected' | 'held' | 'note'
  /** The row as it stands can never be taken: a person may correct it, not accept it. */
  readonly needsCorrection?: true
  readonly zh: Sentences
  readonly en: Sentences
}

/** Every reason a row of a payment file can get (domain §6, decision 22), once. */
export const paymentReasons = {
  payment_cell_unreadable: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”读不出来。', remedy: '改为普通的数字、日期或编号。' },
    en: { cause: '"{value}" in "{column}" cannot be read.', remedy: 'Write a plain number, date or id.' },
  },
  payment_amount_too_fine: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”不是可用的金额。', remedy: '最多 2 位小数，小数点前最多 14 位。' },
    en: {
      cause: '"{value}" in "{column}" is not a usable amount.',
      remedy: 'At most 2 decimals and 14 digits before them.',
    },
  },
  payment_account_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有户号。', remedy: '补上户号；如果是多余的行，请删去。' },
    en: { cause: 'The row has no account number.', remedy: 'Enter it, or delete the row if it does not belong.' },
  },
  payment_account_unknown: {
    weight: 'rejected',
    zh: { cause: '没有户号 {value}，也没有只差前导零的户号。', remedy: '核对户号；新户请先开户，再导入这一行。' },
    en: {
      cause: 'There is no account {value}, nor one that differs only by leading zeros.',
      remedy: 'Check the number; open a new account first, then import the row again.',
    },
  },
  payment_account_ambiguous: {
    weight: 'rejected',
    zh: { cause: '没有户号 {value}；补上前导零后可能是：{likely}。', remedy: '填写完整的户号。' },
    en: {
      cause: 'There is no account {value}; with leading zeros it may be any of {likely}.',
      remedy: 'Write the full number.',
    },
  },
  payment_date_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有缴款日期。', remedy: '补上缴款日期：缴款以实际缴款日为准。' },
    en: { cause: 'The row has no day of payment.', remedy: 'Enter it: a payment counts on the day it was paid.' },
  },
  payment_amount_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有污水处理费金额。', remedy: '补上实收污水处理费。' },
    en: {
      cause: 'The row states no amount of wastewater fee.',
      remedy: 'Enter the wastewater fee that was collected.',
    },
  },
  payment_zeros_lost: {
    weight: 'held',
    zh: { cause: '没有户号 {value}，很可能是丢了前导零的 {likely}。', remedy: '核对后接受，或改正户号。' },
    en: {
      cause: 'There is no account {value}; it is probably {likely} without its zeros.',
      remedy: 'Accept it after a check, or correct the number.',
    },
  },
  payment_reference_blank: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '这一行没有流水号，重复的缴款认不出来。', remedy: '补上流水号后改正，或在导出的文件中补上再导入。' },
    en: {
      cause: 'The row has no reference, so a repeat could not be recognised.',
      remedy: 'Add it and correct the row, or add it in the exported file and import that.',
    },
  },
  payment_flag_unknown: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '“{column}”的“{value}”看不出是否冲正。', remedy: '冲正填“是”，不是冲正填“否”或留空。' },
    en: {
      cause: '"{value}" in "{column}" does not say whether the row takes a payment back.',
      remedy: 'Write 是 for a reversal, 否 or nothing for a payment.',
    },
  },
  payment_combined_due_unknown: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '只有合计金额 {amount} 元；合同 {contract} 约定先计{charge}，而本行没有应收{charge}。',
      remedy: '请供水公司列明应收{charge}，或列明实收污水处理费后改正。',
    },
    en: {
      cause:
        'Only a combined amount of {amount} yuan is stated; contract {contract} puts {chargeEn} ({charge}) first, of which the row does not say what is due.',
      remedy: 'Let the company state what is due of it (应收{charge}), or the wastewater fee, then correct the row.',
    },
  },
  payment_combined_leaves_nothing: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '只有合计金额 {amount} 元；按合同 {contract} 的次序，没有一分计入该户的污水处理费（未缴 {due} 元）。',
      remedy: '核对后拒绝这一行；其中确有污水处理费的，填上金额改正。',
    },
    en: {
      cause:
        'Only a combined amount of {amount} yuan is stated; by the order of contract {contract} nothing of it reaches the wastewater fee of the account ({due} yuan outstanding).',
      remedy: 'Reject the row after a check; if it holds wastewater fee after all, correct the row with its amount.',
    },
  },
  payment_combined_only: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '只有合计金额 {amount} 元，没有其中的污水处理费；合同没有约定分配次序。',
      remedy: '请供水公司列明实收污水处理费后改正。',
    },
    en: {
      cause:
        'Only a combined amount of {amount} yuan is stated; how much of it is wastewater fee is not, and no contract gives an order.',
      remedy: 'Let the company state the wastewater fee, then correct the row.',
    },
  },
  payment_amount_zero: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '金额为 0.00。', remedy: '改正金额，或拒绝这一行。' },
    en: { cause: 'The amount is 0.00.', remedy: 'Correct it, or reject the row.' },
  },
  payment_in_future: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '缴款日期 {value} 在导入日 {today} 之后。', remedy: '改正日期。' },
    en: { cause: 'The day of payment {value} lies after the day of import {today}.', remedy: 'Correct the date.' },
  },
  payment_without_holder: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '户号 {account} 在 {value} 还没有缴费人。', remedy: '核对户号和日期后改正。' },
    en: {
      cause: 'Nobody held account {account} yet on {value}.',
      remedy: 'Check account and date, then correct the row.',
    },
  },
  payment_bill_not_open: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '账单号 {value} 不是户号 {account} 的应缴账单。', remedy: '改正账单号，或去掉它按到期先后核销。' },
    en: {
      cause: 'Bill {value} asks for nothing of account {account}.',
      remedy: 'Correct the number, or leave it out to pay by due date.',
    },
  },
  payment_reference_known: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '流水号 {value} 已有缴款 {payment}（户号 {account}，{paidOn}，{amount} 元），内容不同。',
      remedy: '核对流水号；要更正原缴款，请先冲正。',
    },
    en: {
      cause:
        'The reference {value} is payment {payment} (account {account}, {paidOn}, {amount} yuan), with other content.',
      remedy: 'Check the reference; to correct the stored payment, reverse it first.',
    },
  },
  payment_reference_reversed: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause:
        '流水号 {value} 的缴款 {payment}（户号 {account}，{paidOn}，{amount} 元）已于 {reversedOn} 冲正，内容也不同。',
      remedy: '核对流水号；重新缴款请用新的流水号改正。',
    },
    en: {
      cause:
        'The reference {value} is payment {payment} (account {account}, {paidOn}, {amount} yuan), which was reversed on {reversedOn} and has other content.',
      remedy: 'Check the reference; correct the row with a new one if it was paid anew.',
    },
  },
  payment_twice_in_file: {
    weight: 'held',
    zh: { cause: '流水号 {value} 在文件中出现多次：第 {rows} 行。', remedy: '接受其中一行，拒绝其余的行。' },
    en: {
      cause: 'The reference {value} stands several times in the file: rows {rows}.',
      remedy: 'Accept one and reject the others.',
    },
  },
  reversal_of_unknown: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '冲正行：没有流水号为 {value} 的缴款。', remedy: '先导入或改正原缴款，再导入冲正行。' },
    en: {
      cause: 'A reversal of {value}, which is no stored payment.',
      remedy: 'Import or correct the payment first, then the reversal.',
    },
  },
  reversal_differs: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '冲正行与缴款 {payment}（户号 {account}，{amount} 元）不符；只能整笔冲正。',
      remedy: '改正金额或户号；部分退还请用退款。',
    },
    en: {
      cause:
        'The reversal differs from payment {payment} (account {account}, {amount} yuan); only the whole can be reversed.',
      remedy: 'Correct amount or account; to give back a part, refund it.',
    },
  },
  reversal_before_payment: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '冲正日期 {value} 早于缴款日期 {paidOn}。', remedy: '改正日期。' },
    en: { cause: 'The day of reversal {value} lies before the day of payment {paidOn}.', remedy: 'Correct the date.' },
  },
  reversal_of_refunded: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '缴款 {payment} 已有退款，不能整笔冲正。', remedy: '核对后拒绝这一行，余款另行退还。' },
    en: {
      cause: 'Payment {payment} was refunded in part and cannot be reversed.',
      remedy: 'Reject the row after a check; refund the rest.',
    },
  },
  payment_unchanged: {
    weight: 'note',
    zh: { cause: '与已登记的缴款 {payment} 相同，未作改动。', remedy: '' },
    en: { cause: 'It repeats payment {payment}; nothing was changed.', remedy: '' },
  },
  payment_unchanged_reversed: {
    weight: 'note',
    zh: {
      cause: '与缴款 {payment} 相同，该笔已于 {reversedOn} 冲正，未作改动。',
      remedy: '重新缴款请用新的流水号。',
    },
    en: {
      cause: 'It repeats payment {payment}, which was reversed on {reversedOn}; nothing was changed.',
      remedy: 'Money paid anew needs a new reference.',
    },
  },
} as const satisfies Record<string, ReasonEntry>

export type PaymentReasonCode = keyof typeof paymentReasons

export function isPaymentReason(code: string): code is PaymentReasonCode {
  return Object.hasOwn(paymentReasons, code)
}

/** Whether a reason allows no acceptance of the row as it stands. */
export function needsCorrection(code: string): boolean {
  const entry: ReasonEntry | undefined = isPaymentReason(code) ? paymentReasons[code] : undefined
  return entry === undefined || entry.weight === 'rejected' || entry.needsCorrection === true
}

/** A reason, its code known to the compiler. */
export function paymentReason(
  code: PaymentReasonCode,
  parameters: Readonly<Record<string, string | number>> = {},
  cell: { readonly column?: string; readonly value?: string } = {},
): RowReason & { readonly code: PaymentReasonCode } {
  return { code, ...cell, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) }
}

/** The sentences of a reason for people. */
export function sayPaymentReason(reason: RowReason, language: 'zh' | 'en'): Sentences {
  if (!isPaymentReason(reason.code)) return { cause: reason.code, remedy: '' }
  const values: RefusalParameters = { column: reason.column ?? '', value: reason.value ?? '', ...reason.parameters }
  const { cause, remedy } = paymentReasons[reason.code][language]
  const { cell } = values
  const isCell = typeof cell === 'string' && Object.hasOwn(cellReasons, cell)
  return {
    cause: fillSentence(cause, values),
    // A cell that could not be read has its own remedy, which knows what is wrong with it.
    remedy: isCell ? cellReasonSentence(cell as CellReason, language, values) : fillSentence(remedy, values),
  }
}

/** Reasons in one line, for either language's sentence of a refusal. */
export function saidPaymentReasons(reasons: readonly RowReason[]): { reasonsZh: string; reasonsEn: string } {
  const line = (language: 'zh' | 'en') =>
    reasons
      .map((reason) => {
        const { cause, remedy } = sayPaymentReason(reason, language)
        return `${cause}${language === 'en' ? ' ' : ''}${remedy}（${reason.code}）`
      })
      .join(' ')
  return { reasonsZh: line('zh'), reasonsEn: line('en') }
}
