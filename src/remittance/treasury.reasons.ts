import { fillSentence, type RefusalParameters } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { type CellReason, cellReasonSentence, cellReasons } from '../platform/tables/cell-values.ts'

export const treasuryImportKind = 'remittance.treasury'

interface Sentences {
  readonly cause: string
  readonly remedy: string
}
interface ReasonEntry {
  readonly weight: 'rejected' | 'held'
  readonly zh: Sentences
  readonly en: Sentences
}

/** Why a row of a treasury or bank file matches nothing of ours. */
export const treasuryReasons = {
  treasury_cell_unreadable: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”读不出来。', remedy: '改为普通的数字、日期或编号。' },
    en: { cause: '"{value}" in "{column}" cannot be read.', remedy: 'Write a plain number, date or id.' },
  },
  treasury_amount_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有入账金额。', remedy: '补上金额；如果是多余的行，请删去。' },
    en: { cause: 'The row has no amount.', remedy: 'Enter it, or delete the row if it does not belong.' },
  },
  treasury_date_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有入账日期。', remedy: '补上入账日期。' },
    en: { cause: 'The row has no date of receipt.', remedy: 'Enter it.' },
  },
  treasury_money_back: {
    weight: 'held',
    zh: { cause: '金额为负或零：{value} 元，可能是退汇。', remedy: '如系退汇，由另一名财政人员冲回入库。' },
    en: {
      cause: 'The amount is {value}: money that went back?',
      remedy: 'If so, another person of finance takes the receipt back.',
    },
  },
  treasury_row_repeated: {
    weight: 'held',
    zh: { cause: '文件内与第 {row} 行流水号相同。', remedy: '核对是否重复导出；不是本系统的款项请注明。' },
    en: {
      cause: 'It has the reference of row {row} of this file.',
      remedy: 'Is it exported twice? Say so if it is not ours.',
    },
  },
  treasury_amount_unequal: {
    weight: 'held',
    zh: {
      cause: '划缴凭证 {voucher} 为 {amount} 元，到账 {value} 元，相差 {difference} 元。',
      remedy: '查明原因后确认入库并写明差额理由。',
    },
    en: {
      cause: 'Voucher {voucher} says {amount} yuan, {value} yuan arrived: a difference of {difference} yuan.',
      remedy: 'Find the cause, then confirm with the reason of the difference.',
    },
  },
  treasury_short_by_fee: {
    weight: 'held',
    zh: {
      cause: '到账 {value} 元，恰为结算单 {statement} 应缴 {amount} 元扣除手续费 {fee} 元：疑似坐支。',
      remedy: '要求代征单位补缴，手续费另行申请。',
    },
    en: {
      cause: '{value} yuan is what {statement} asks for ({amount} yuan) less the fee of {fee} yuan: it looks netted.',
      remedy: 'Have the collector pay in the rest; the fee is claimed by itself.',
    },
  },
  treasury_day_unequal: {
    weight: 'held',
    zh: {
      cause: '划缴凭证 {voucher} 确认的入账日为 {day}，文件为 {value}。',
      remedy: '核对后由财政冲回并按实际日期重新确认，或注明原因。',
    },
    en: {
      cause: 'Voucher {voucher} was confirmed as received on {day}, the file says {value}.',
      remedy: 'Take it back and confirm it anew, or say why.',
    },
  },
  treasury_voucher_matched: {
    weight: 'held',
    zh: {
      cause: '划缴凭证 {voucher} 已与导入 {import} 第 {row} 行（流水号 {reference}）的到账对应。',
      remedy: '一张凭证只对应一笔到账：另一笔请代征单位另交凭证，重复的请注明。',
    },
    en: {
      cause: 'Voucher {voucher} was matched with row {row} of import {import} (reference {reference}).',
      remedy: 'A voucher is one receipt: ask for a voucher of this one, or say that it is repeated.',
    },
  },
  treasury_several_vouchers: {
    weight: 'held',
    zh: { cause: '金额 {value} 元有几张凭证可对应：{vouchers}。', remedy: '指明是哪一张。' },
    en: { cause: 'Several vouchers are of {value}: {vouchers}.', remedy: 'Say which one it is.' },
  },
  treasury_no_voucher: {
    weight: 'held',
    zh: {
      cause: '没有对应的划缴凭证（{value} 元，{payer}）。',
      remedy: '请代征单位提交凭证；不是污水处理费的请注明。',
    },
    en: {
      cause: 'No voucher matches it ({value}, {payer}).',
      remedy: 'Ask the collector for its voucher, or say that it is not of this fee.',
    },
  },
} as const satisfies Record<string, ReasonEntry>

export type TreasuryReason = keyof typeof treasuryReasons

export const treasuryReason = (
  code: TreasuryReason,
  parameters: Readonly<Record<string, string | number>>,
  more: { readonly column?: string; readonly value?: string } = {},
): RowReason => ({ code, parameters, ...more })

/** A reason in words: what is wrong and what to do. */
export function sayTreasuryReason(reason: RowReason, language: 'zh' | 'en'): Sentences {
  const entry = (treasuryReasons as Record<string, ReasonEntry>)[reason.code]
  if (entry === undefined) return { cause: reason.code, remedy: '' }
  const parameters: RefusalParameters = { ...reason.parameters, column: reason.column ?? '', value: reason.value ?? '' }
  const { cause, remedy } = entry[language]
  const cell = String(parameters['cell'] ?? '')
  return {
    cause: fillSentence(cause, parameters),
    // A cell that could not be read has its own remedy, which knows what is wrong with it.
    remedy: Object.hasOwn(cellReasons, cell)
      ? cellReasonSentence(cell as CellReason, language, parameters)
      : fillSentence(remedy, parameters),
  }
}
