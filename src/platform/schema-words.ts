import { z } from 'zod'

/** A sentence in both languages. */
interface InBothLanguages {
  readonly zh: string
  readonly en: string
}

const [inChinese, inEnglish] = [z.locales.zhCN().localeError, z.locales.en().localeError]

/** The rule that a value broke: the schema's own words, `中文 · English`, where it has them, else the library's. */
export function ruleOf(issue: z.core.$ZodIssue): InBothLanguages {
  const said = { zh: textOf(inChinese, issue), en: textOf(inEnglish, issue) }
  if (issue.message === said.en) return said
  const [zh = '', en = zh] = issue.message.split(' · ')
  return { zh, en }
}

function textOf(locale: z.core.$ZodErrorMap, issue: z.core.$ZodIssue): string {
  const said = locale(issue as z.core.$ZodRawIssue)
  return (typeof said === 'string' ? said : said?.message) ?? issue.message
}
