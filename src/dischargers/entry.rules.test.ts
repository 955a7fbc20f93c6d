import { describe, expect, it } from 'vitest'
import { formRefusal } from './entry.rules.ts'

describe('what a person enters', () => {
  it.each([
    ['a name printed backwards', { name: '示例\u202Eabc' }, 'U+202E'],
    ['a code that looks like another', { dischargerCode: 'D1\u200B' }, 'U+200B'],
    ['a control character', { reason: '搬迁\u0007' }, 'U+0007'],
  ])('holds nothing unseen: %s', (_, entered, character) => {
    const refusal = formRefusal(entered)
    expect(refusal?.code).toBe('value_unseen')
    expect(refusal?.sentence('zh')).toContain(character)
    expect(refusal?.sentence('en')).toContain('□')
  })

  it('takes names as they are written', () => {
    for (const name of ['示例（赣州）有限公司', '示例·五金 "A&B"', '𠮷野家'])
      expect(formRefusal({ name })).toBeUndefined()
  })

  it.each([
    ['', 'value_missing'],
    [' 示例', 'value_wrong'],
    ['示'.repeat(201), 'value_wrong'],
  ])('of %j says what it lacks', (name, code) => {
    expect(formRefusal({ name })?.code).toBe(code)
  })
})
