import { fillSentence } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'

export const resultImportKind = 'receipts.results'

interface Sentences {
  readonly cause: string
  readonly remedy: string
}

/** Why a row of a result file is not simply taken. */
export const resultReasons = {
  result_request_unknown: {
    weight: 'rejected',
    zh: { cause: '没有申请号“{value}”。', remedy: '核对申请号，形如 E2026-000001。' },
    en: { cause: 'There is no request "{value}".', remedy: 'Check its number, such as E2026-000001.' },
  },
  result_word_unknown: {
    weight: 'rejected',
    zh: { cause: '结果“{value}”认不出。', remedy: '可用：{known}。' },
    en: { cause: 'The result "{value}" is not known.', remedy: 'Known: {known}.' },
  },
  result_code_spoiled: {
    weight: 'rejected',
    zh: {
      cause: '“{column}”的“{value}”被 Excel 改成了数字，可能丢了前导零或末位。',
      remedy: '把该列设为文本后重新导出。',
    },
    en: {
      cause: '"{value}" in "{column}" was turned into a number by Excel; zeros or digits may be lost.',
      remedy: 'Set the column to text and export again.',
    },
  },
  result_code_malformed: {
    weight: 'rejected',
    zh: {
      cause: '“{column}”的“{value}”不合格式，应为{form}。',
      remedy: '核对编码；格式确有不同的，由管理员修改设置。',
    },
    en: {
      cause: '"{value}" in "{column}" is not what it has to be: {form}.',
      remedy: 'Check the code; if the form differs here, an administrator changes the setting.',
    },
  },
  result_day_unreadable: {
    weight: 'rejected',
    zh: { cause: '日期“{value}”认不出。', remedy: '写成 2026-03-11。' },
    en: { cause: 'The date "{value}" cannot be read.', remedy: 'Write it as 2026-03-11.' },
  },
  result_day_impossible: {
    weight: 'held',
    zh: { cause: '日期 {value} 早于缴款日 {earliest} 或晚于今天 {today}。', remedy: '与财政平台核对办理日期。' },
    en: {
      cause: 'The date {value} lies before the payment ({earliest}) or after today ({today}).',
      remedy: 'Ask the platform for the day it was done.',
    },
  },
  result_reason_long: {
    weight: 'rejected',
    zh: { cause: '原因有 {length} 个字，最多 {most} 个。', remedy: '摘要写在这里，全文另存。' },
    en: {
      cause: 'The reason has {length} characters; {most} at most.',
      remedy: 'Sum it up here and keep the text apart.',
    },
  },
  result_codes_missing: {
    weight: 'rejected',
    zh: { cause: '已开具的票据没有票据代码或号码。', remedy: '补上财政平台给出的代码和号码。' },
    en: {
      cause: 'An issued receipt comes without its code or number.',
      remedy: 'Enter what the finance platform gave.',
    },
  },
  result_number_taken: {
    weight: 'held',
    zh: { cause: '票据 {billCode} {value} 已属于申请 {other}。', remedy: '与财政平台核对，一号只对一张票。' },
    en: {
      cause: 'Receipt {billCode} {value} belongs to request {other}.',
      remedy: 'Ask the platform: a number is one receipt’s.',
    },
  },
  result_codes_differ: {
    weight: 'held',
    zh: { cause: '此前回执的“{column}”是 {before}，这次是 {value}。', remedy: '与财政平台核对。' },
    en: { cause: '"{column}" was {before} before, now it is {value}.', remedy: 'Ask the platform which one holds.' },
  },
  result_amount_differs: {
    weight: 'held',
    zh: { cause: '申请金额 {amount} 元，回执 {value} 元。', remedy: '与财政平台核对；金额有误的须作废重开。' },
    en: {
      cause: '{amount} yuan were asked for, the answer says {value} yuan.',
      remedy: 'Ask the platform; a wrong amount is voided and issued anew.',
    },
  },
  result_impossible: {
    weight: 'held',
    zh: { cause: '该申请现为“{stateZh}”，不能转为“{value}”。', remedy: '核对次序；已缴款的用冲红，未缴款的用作废。' },
    en: {
      cause: 'The request is {stateEn} and cannot become "{value}".',
      remedy: 'Check the order: void before payment, reverse after.',
    },
  },
  result_repeated: {
    weight: 'held',
    zh: { cause: '与第 {row} 行是同一申请、同一结果。', remedy: '核对是否重复导出。' },
    en: { cause: 'It repeats request and result of row {row}.', remedy: 'Is it exported twice?' },
  },
} as const satisfies Record<
  string,
  { readonly weight: 'rejected' | 'held'; readonly zh: Sentences; readonly en: Sentences }
>

export type ResultReason = keyof typeof resultReasons

export function sayResultReason(reason: RowReason, language: 'zh' | 'en'): Sentences {
  if (!Object.hasOwn(resultReasons, reason.code)) return { cause: reason.code, remedy: '' }
  const { cause, remedy } = resultReasons[reason.code as ResultReason][language]
  const form = codeFormInWords(String(reason.parameters?.['form'] ?? ''), language)
  const values = { column: reason.column ?? '', value: reason.value ?? '', ...reason.parameters, form }
  return { cause: fillSentence(cause, values), remedy: fillSentence(remedy, values) }
}

/** `d{8}|w{6}` of a setting in words: 8 位数字或 6 位字母数字. */
function codeFormInWords(form: string, language: 'zh' | 'en'): string {
  const words = [...form.matchAll(/([dw])\{(\d+)\}/g)].map(([, kind, count]) => {
    if (language === 'zh') return ` ${count} 位${kind === 'd' ? '数字' : '字母或数字'}`
    return `${count} ${kind === 'd' ? 'digits' : 'letters or digits'}`
  })
  return words.join(language === 'zh' ? '，或' : ', or ')
}
