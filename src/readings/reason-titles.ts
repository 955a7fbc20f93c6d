import type { Said } from '../platform/http/route.ts'
import type { Field } from '../platform/pages/forms.tsx'
import { isReasonCode, type ReasonCode, type readingReasons } from './reading.reasons.ts'

/** The codes that hold or reject a row; a note is only ever read as its sentence. */
type VerdictCode = {
  [Code in ReasonCode]: (typeof readingReasons)[Code]['weight'] extends 'note' ? never : Code
}[ReasonCode]

/** Each reason in a few words, where rows are counted by it. */
const titles: Readonly<Record<VerdictCode, { readonly zh: string; readonly en: string }>> = {
  number_unreadable: { zh: '数字读不出', en: 'unreadable number' },
  date_unreadable: { zh: '日期读不出', en: 'unreadable date' },
  month_unreadable: { zh: '月份读不出', en: 'unreadable month' },
  identifier_unreadable: { zh: '编号读不出', en: 'unreadable account or meter number' },
  account_missing: { zh: '没有户号', en: 'no account number' },
  account_in_exponent_form: { zh: '户号成了科学计数法', en: 'account number in exponent form' },
  account_unknown: { zh: '户号不存在', en: 'unknown account' },
  account_ambiguous: { zh: '户号可能是几个', en: 'ambiguous account' },
  nothing_stated: { zh: '没有水量和止码', en: 'neither volume nor reading' },
  account_likely: { zh: '户号疑似丢了前导零', en: 'account number without its leading zeros' },
  account_not_open: { zh: '户号该月不在用', en: 'account not open in the month' },
  other_month: { zh: '其他月份', en: 'of another month' },
  twice_in_file: { zh: '文件内重复', en: 'more than once in the file' },
  meter_unknown: { zh: '表号未登记', en: 'unknown meter' },
  meter_unregistered: { zh: '该户未登记水表', en: 'no registered meter' },
  meter_not_named: { zh: '未写明是哪只表', en: 'meter not named' },
  meter_not_in_place: { zh: '水表当日不在用', en: 'meter not in place' },
  removal_missing: { zh: '未登记拆表', en: 'removal not registered' },
  residual_differs: { zh: '残值与拆表读数不符', en: 'residual differs from the removal' },
  end_reading_missing: { zh: '缺止码', en: 'no current reading' },
  next_start_differs: { zh: '止码与下次起码不符', en: 'end differs from the next reading' },
  start_differs: { zh: '起码与上次止码不符', en: 'start differs from the last reading' },
  end_before_start: { zh: '止码小于起码', en: 'reading fell' },
  below_estimate: { zh: '低于估抄的起码', en: 'below the estimate' },
  rises_on_reversed_meter: { zh: '倒装表读数上升', en: 'reversed meter rose' },
  digits_exceeded: { zh: '读数超出位数', en: 'more digits than the meter' },
  volume_differs: { zh: '水量与读数差不符', en: 'volume differs from the readings' },
  volume_negative: { zh: '水量为负', en: 'negative volume' },
  jump: { zh: '用水量突变', en: 'jump in use' },
  zero_with_history: { zh: '水量为零', en: 'zero after use' },
  read_date_outside: { zh: '抄表日期不在当月', en: 'read date outside the month' },
  read_date_backwards: { zh: '抄表日期倒退', en: 'read date goes backwards' },
  estimates_beyond_limit: { zh: '连续估抄超限', en: 'too many estimates in a row' },
  category_differs: { zh: '用水性质不符', en: 'category differs' },
  source_unknown: { zh: '抄表方式不认识', en: 'unknown source' },
  source_abnormal: { zh: '抄表状态异常', en: 'marked as abnormal' },
  month_already_read: { zh: '本月已有记录', en: 'month already read' },
  readings_lost: { zh: '会丢失已存的读数', en: 'stored readings would be lost' },
  stored_differs: { zh: '与已存记录不同', en: 'differs from the stored reading' },
}

/** The title of a reason; a code that is not known stands for itself. */
export function reasonTitle(code: string, language: 'zh' | 'en'): string {
  return isReasonCode(code) && code in titles ? titles[code as VerdictCode][language] : code
}

/** The title with the code behind it, which is what `--code` and `--accept` take. */
export function titleOfReason(code: string, language: 'zh' | 'en'): string {
  const title = reasonTitle(code, language)
  if (title === code) return code
  return language === 'zh' ? `${title}（${code}）` : `${title} (${code})`
}

/**
 * A field of a form with the reasons that somebody may accept: those an attempt was refused for, and those checked before.
 */
export const acceptField = (label: Said) =>
  ({
    label,
    help: {
      zh: '属实的勾选（限城管局经办）；不属实的请改正。',
      en: 'Check what is true (the bureau alone); correct what is not.',
    },
    kind: 'checks',
    optional: true,
    choices: ({ say }, { typed, refusal }) => {
      const refused = ['reasons_remain', 'row_has_new_reasons'].includes(refusal?.code ?? '')
        ? String(refusal?.parameters['codes'])
        : ''
      const codes = new Set([...typed.split(','), ...refused.split(',')].filter((code) => isReasonCode(code)))
      return [...codes].map((code) => [code, reasonTitle(code, say.language)] as const)
    },
  }) as const satisfies Field

/** The codes that were checked. */
export const acceptedCodes = (checked: string | undefined): string[] =>
  (checked ?? '').split(',').filter((code) => code !== '')
