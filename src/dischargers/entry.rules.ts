import type { Refusal } from '../kernel/refusal.ts'
import { refuse } from './dischargers.refusals.ts'

/** The forms that numbers and codes have, with the rule as people are told it. */
export const entryForms = {
  accountNo: {
    zh: '户号',
    en: 'account number',
    form: /^[0-9A-Za-z-]{1,40}$/,
    rule: '1 至 40 位数字、字母或连字符 1 to 40 digits, letters or hyphens',
  },
  meterNo: {
    zh: '表号',
    en: 'meter number',
    form: /^\S{1,40}$/,
    rule: '1 至 40 个字符，不含空格 1 to 40 characters without blanks',
  },
  dischargerCode: {
    zh: '排污者编号',
    en: 'discharger code',
    form: /^\S{1,40}$/,
    rule: '1 至 40 个字符，不含空格 1 to 40 characters without blanks',
  },
  agreementNo: {
    zh: '协议编号',
    en: 'agreement number',
    form: /^\S.{0,79}$/,
    rule: '1 至 80 个字符 1 to 80 characters',
  },
  contractNo: { zh: '合同编号', en: 'contract number', form: /^\S.{0,79}$/, rule: '1 至 80 个字符 1 to 80 characters' },
  outletNo: {
    zh: '排污口编号',
    en: 'outlet number',
    form: /^\S{1,40}$/,
    rule: '1 至 40 个字符，不含空格 1 to 40 characters without blanks',
  },
  collectorCode: {
    zh: '代征单位代码',
    en: 'collector code',
    form: /^[a-z0-9-]{2,40}$/,
    rule: '2 至 40 位小写字母、数字或连字符 2 to 40 of a–z, 0–9 and hyphen',
  },
  categoryCode: {
    zh: '价格类别代码',
    en: 'price category code',
    form: /^[A-Za-z0-9_-]{1,40}$/,
    rule: '1 至 40 位字母、数字、下划线或连字符 1 to 40 letters, digits, underscores or hyphens',
  },
  groupCode: {
    zh: '用户群体代码',
    en: 'payer group code',
    form: /^[a-z0-9_]{1,40}$/,
    rule: '1 至 40 位小写字母、数字或下划线 1 to 40 of a–z, 0–9 and underscore',
  },
  name: { zh: '名称', en: 'name', form: /^\S.{0,199}$/u, rule: '1 至 200 个字符 1 to 200 characters' },
  reason: {
    zh: '原因',
    en: 'reason',
    form: /^\S.{0,499}$/u,
    rule: '写明原因，1 至 500 个字符 the reason in 1 to 500 characters',
  },
  document: {
    zh: '文件',
    en: 'document',
    form: /^\S.{0,499}$/u,
    rule: '写明文件名称或文号 the name or number of the document',
  },
  clause: {
    zh: '依据条款',
    en: 'clause',
    form: /^\S.{0,199}$/u,
    rule: '写明依据的文件和条款 the document and clause it rests on',
  },
} as const

// Two codes that look alike would be two dischargers, and a name could be printed backwards.
const unseen = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/u

/** The first of these values that does not have its form, refused by name. */
export function formRefusal(values: Partial<Record<keyof typeof entryForms, string>>): Refusal | undefined {
  for (const [name, value] of Object.entries(values)) {
    const { form, rule, zh, en } = entryForms[name as keyof typeof entryForms]
    const column = `${zh} ${en}`
    if (value === '') return refuse('value_missing', { column, rule })
    const hidden = unseen.exec(value)?.[0].codePointAt(0)
    if (hidden !== undefined) {
      const character = `U+${hidden.toString(16).toUpperCase().padStart(4, '0')}`
      return refuse('value_unseen', { column, value: value.replace(new RegExp(unseen, 'gu'), '□'), character })
    }
    if (!form.test(value)) return refuse('value_wrong', { column, value, rule })
  }
  return undefined
}
