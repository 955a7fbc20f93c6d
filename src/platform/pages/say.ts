import type { Said } from '../http/route.ts'

/** Says something in the language of the page: `say('账单', 'bills')`, or of words that stand together. */
export interface Say {
  (zh: string, en: string): string
  (said: Said): string
  readonly language: 'zh' | 'en'
}

export function sayIn(language: 'zh' | 'en'): Say {
  const speak = (zh: string | Said, en?: string): string => {
    if (typeof zh !== 'string') return zh[language]
    return language === 'zh' ? zh : (en ?? zh)
  }
  return Object.assign(speak, { language }) as Say
}
