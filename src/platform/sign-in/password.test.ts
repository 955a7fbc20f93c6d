import { describe, expect, it } from 'vitest'
import { refusePassword } from './password.ts'

const person = { code: 'clerk-zhang', name: '张示例', organisation: '区城管局' }
const codeOf = (password: string) => refusePassword(password, person)?.code

describe('a password', () => {
  it.each([
    '春江潮水连海平海上明月共',
    'correct horse battery',
    'Tr0ub4dor&3-xyz',
    'zhang3-likes-tea-1998',
    '雨前龙井 and 2 cups',
  ])('is taken where nobody would think of it: %s', (password) => expect(codeOf(password)).toBeUndefined())

  it.each([
    'password1234',
    'Admin@123456',
    'qingliu@2026',
    '111111111111',
    'abcabcabcabc',
    'aaaaaaaaaaab',
    'clerk-zhang123',
    '张示例张示例张示例张示例',
    '1234567890123',
  ])('is refused where it is one of the commonest, or the person again: %s', (password) =>
    expect(codeOf(password)).toBe('password_common'),
  )

  it('has 12 to 128 characters, of whichever kind', () => {
    expect(codeOf('海上生明月天涯共此')).toBe('password_too_short')
    expect(codeOf('x7'.repeat(65))).toBe('password_too_short')
    // Of two units each: the door counts 130.
    expect(codeOf('𠮷田𩸽𠀋𪚥𠂢𡈁'.repeat(10).slice(0, 130))).toBe('password_too_short')
  })

  it.each(['a', '1', 'aa1', 'abc', '12'])('is judged to its end, however often it says %s', (text) => {
    // An expression that tries every way to part it would never come back.
    expect(codeOf(`${text.repeat(128).slice(0, 127)}é`)).toBeOneOf([undefined, 'password_common'])
  })
})
