import { describe, expect, it } from 'vitest'
import { refusalKinds } from './kernel/refusal.ts'
import { type RefusalCode, refusals } from './refusals.ts'

const codes = Object.keys(refusals) as RefusalCode[]
const particulars = (sentence: string, language: 'Zh' | 'En') =>
  new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name.replace(new RegExp(`${language}$`), '')))

describe('the one table of refusals', () => {
  it('holds what the stages refuse', () => {
    const named: RefusalCode[] = ['command_id_reused', 'year_not_loaded', 'band_gap', 'rate_overlap']
    for (const code of named) expect(codes).toContain(code)
  })

  it.each(codes)('%s has an exit code and says the same in both languages', (code) => {
    const { kind, zh, en } = refusals[code]
    expect(refusalKinds[kind].exitCode).toBeGreaterThanOrEqual(64)
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/[a-z]{2,} [a-z]/i)
    expect(particulars(en, 'En')).toEqual(particulars(zh, 'Zh'))
  })
})
