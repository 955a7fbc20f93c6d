import { z } from 'zod'

/** A sentence in both languages. */
interface InBothLanguages {
  readonly zh: string
  readonly en: string
}

const [inChinese, inEnglish] = [z.locales.zhCN().localeError, z.locales.en().localeError]

/** The rule that a value broke: the schema's own words, `中文 · English`, where it has them, else ours or the library's. */
export function ruleOf(issue: z.core.$ZodIssue): InBothLanguages {
  const said = { zh: textOf(inChinese, issue), en: textOf(inEnglish, issue) }
  if (issue.message === said.en) return inWords(issue) ?? said
  const [zh = '', en = zh] = issue.message.split(' · ')
  return { zh, en }
}

const typeNames: Readonly<Record<string, InBothLanguages>> = {
  string: { zh: '文本（写在引号里）', en: 'text, in quotes' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: '是否值（true 或 false）', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
  record: { zh: '对象', en: 'an object' },
}
const units: Readonly<Record<string, InBothLanguages>> = {
  string: { zh: '个字符', en: 'characters' },
  array: { zh: '项', en: 'items' },
}

/** What the library's Chinese says in part in English: types, lengths, choices, unknown fields. */
function inWords(issue: z.core.$ZodIssue): InBothLanguages | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return { zh: '没有这个字段', en: 'there is no such field' }
    case 'invalid_type': {
      const type = typeNames[issue.expected]
      return type && { zh: `须为${type.zh}`, en: `it must be ${type.en}` }
    }
    case 'invalid_value': {
      const known = issue.values.map(String)
      return { zh: `须为以下之一：${known.join('、')}`, en: `it must be one of: ${known.join(', ')}` }
    }
    case 'too_big': {
      const unit = units[issue.origin]
      return unit && { zh: `最多 ${issue.maximum} ${unit.zh}`, en: `at most ${issue.maximum} ${unit.en}` }
    }
    case 'too_small': {
      const unit = units[issue.origin]
      return unit && { zh: `至少 ${issue.minimum} ${unit.zh}`, en: `at least ${issue.minimum} ${unit.en}` }
    }
    default:
      return undefined
  }
}

function textOf(locale: z.core.$ZodErrorMap, issue: z.core.$ZodIssue): string {
  const said = locale(issue as z.core.$ZodRawIssue)
  return (typeof said === 'string' ? said : said?.message) ?? issue.message
}
