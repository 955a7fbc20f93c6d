import { describe, expect, it } from 'vitest'
import { fillSentence, inOneLine, isRefusal, refusalKinds, refuser } from './refusal.ts'

const refuse = refuser({
  unknown_account: {
    kind: 'invalid',
    zh: '第 {row} 行：户号“{account}”不在名册中，请核对后重新导入。',
    en: 'Row {row}: account "{account}" is not on the roster; check it and import the row again.',
  },
})

describe('a refusal can say itself in either language', () => {
  it('puts its parameters where they belong', () => {
    const refusal = refuse('unknown_account', { row: 7, account: '00123' })
    expect(refusal.sentence('zh')).toBe('第 7 行：户号“00123”不在名册中，请核对后重新导入。')
    expect(refusal.sentence('en')).toBe(
      'Row 7: account "00123" is not on the roster; check it and import the row again.',
    )
    expect(isRefusal(refusal)).toBe(true)
    expect(isRefusal({ code: 'unknown_account' })).toBe(false)
  })

  it('shows a parameter that was forgotten instead of hiding it', () => {
    expect(refuse('unknown_account', { row: 7 }).sentence('en')).toContain('"{account}"')
  })

  it('takes text from a file as it stands, signs of substitution included', () => {
    expect(fillSentence('“{account}” {row}', { account: '$& {row}', row: 2 })).toBe('“$& {row}” 2')
  })

  it('stops on a code that no table lists', () => {
    const anyCode: (code: string) => unknown = refuse as never
    expect(() => anyCode('never_listed')).toThrow(/never_listed/)
  })
})

describe('every kind of refusal', () => {
  it('has an HTTP status of its own and, where commands are refused with it, an exit code of its own', () => {
    const answers = Object.values(refusalKinds)
    expect(new Set(answers.map(({ httpStatus }) => httpStatus)).size).toBe(answers.length)
    const { usage, invalid, missing, unavailable, conflict, forbidden, bug } = refusalKinds
    const ofCommands = [usage, invalid, missing, unavailable, conflict, forbidden, bug].map(({ exitCode }) => exitCode)
    expect(new Set(ofCommands).size).toBe(ofCommands.length)
    for (const { exitCode } of answers) expect(exitCode).toBeGreaterThan(0)
  })

  it('says several sentences with one stop between them', () => {
    expect(inOneLine(['抄表待审。请审核。', '没有缴费人。'], 'zh')).toBe('抄表待审。请审核。没有缴费人。')
    expect(inOneLine(['A reading is held.', '', 'Nobody holds it.'], 'en')).toBe('A reading is held. Nobody holds it.')
  })

  it('writes amounts with their thousands, and keeps the parameters as they are', () => {
    expect(fillSentence('未缴 {open} 元（多缴 {over} 元）', { open: '17283.00', over: '-1280.50' })).toBe(
      '未缴 17,283.00 元（多缴 -1,280.50 元）',
    )
    expect(fillSentence('{open} yuan of bill {bill}', { open: '17283.00', bill: '20260001' })).toBe(
      '17,283.00 yuan of bill 20260001',
    )
    const refusal = refuser({ owed: { kind: 'invalid', zh: '{open} 元', en: '{open} yuan' } })('owed', {
      open: '1400.00',
    })
    expect([refusal.sentence('zh'), refusal.parameters]).toEqual(['1,400.00 元', { open: '1400.00' }])
  })

  it('writes volumes with their thousands and counts with their nouns', () => {
    expect(fillSentence('{volume} m³，第 {row} 行', { volume: '5546.116', row: 1234 })).toBe('5,546.116 m³，第 1234 行')
    expect(fillSentence('{volume} m³', { volume: '—' })).toBe('— m³')
    const said = (rows: number) => fillSentence('its {rows} [row adds|rows add] up', { rows })
    expect([said(1), said(2), said(0)]).toEqual(['its 1 row adds up', 'its 2 rows add up', 'its 0 rows add up'])
  })
})
