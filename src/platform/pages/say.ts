import type { Said } from '../http/route.ts'

/** Says something in the language of the page: `say('账单', 'bills')`, or of words that stand together. */
export interface Say {
  (zh: string, en: string): string
  (said: Said): string
  readonly language: 'zh' | 'en'
}

/** What pages count: `1 row`, `2 rows`, `0 rows`. */
const oneOfMany =
  /(?<![\d.,–-])1 (account|attachment|bill|case|day|file|limit|month|order|payment|proposal|reading|row|sample)s\b/g

export function sayIn(language: 'zh' | 'en'): Say {
  const speak = (zh: string | Said, en?: string): string => {
    if (language === 'zh') return typeof zh === 'string' ? zh : zh.zh
    return (typeof zh === 'string' ? (en ?? zh) : zh.en).replace(oneOfMany, '1 $1')
  }
  return Object.assign(speak, { language }) as Say
}
