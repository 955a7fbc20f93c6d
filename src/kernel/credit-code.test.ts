import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { creditCodeFault, creditCodeWithCheck, parseCreditCode } from './credit-code.ts'

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const character = fc.constantFrom(...alphabet)
const first17 = fc
  .tuple(
    fc.array(character, { minLength: 2, maxLength: 2 }),
    fc.integer({ min: 0, max: 999_999 }),
    fc.array(character, { minLength: 9, maxLength: 9 }),
  )
  .map(([body, division, own]) => `${body.join('')}${String(division).padStart(6, '0')}${own.join('')}`)

describe('统一社会信用代码', () => {
  it.each([
    '91350100M000100Y43', // the standard's worked example: sum 1640, 1640 mod 31 = 28, check value 3
    '91330100799655058B', // published codes of listed companies
    '9144030071526726XG',
    '914403001922038216',
  ])('accepts %s', (code) => {
    expect(parseCreditCode(code)).toBe(code)
  })

  it.each([
    ['91350100M000100Y4', 'wrong_length'],
    ['91350100M000100Y433', 'wrong_length'],
    ['', 'wrong_length'],
    ['91350100m000100Y43', 'wrong_character'],
    ['91350100I000100Y43', 'wrong_character'],
    ['9135010OM000100Y43', 'wrong_character'],
    ['913501A0M000100Y43', 'wrong_character'],
    ['９1350100M000100Y43', 'wrong_character'],
    ['91350100M000100Y44', 'wrong_check_character'],
    ['91350100M000100Y4Z', 'wrong_character'],
  ])('says of "%s": %s', (text, fault) => {
    expect(creditCodeFault(text)).toBe(fault)
    expect(parseCreditCode(text)).toBeUndefined()
  })

  it('completes any 17 characters to a code that it accepts', () => {
    fc.assert(fc.property(first17, (text) => creditCodeFault(creditCodeWithCheck(text)) === undefined))
    expect(() => creditCodeWithCheck('too short')).toThrow(/first 17 characters/)
  })

  it('notices every single mistyped character and every swap of two neighbours', () => {
    fc.assert(
      fc.property(first17, fc.integer({ min: 0, max: 17 }), character, (text, position, typed) => {
        const code = creditCodeWithCheck(text)
        const mistyped = code.slice(0, position) + typed + code.slice(position + 1)
        if (mistyped !== code) expect(creditCodeFault(mistyped)).toBeDefined()
        const swapped =
          code.slice(0, position) +
          [...code.slice(position, position + 2)].reverse().join('') +
          code.slice(position + 2)
        if (swapped !== code) expect(creditCodeFault(swapped)).toBeDefined()
      }),
    )
  })
})
