import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import { readIdentifierCell } from '../platform/tables/cell-values.ts'
import { readReference } from './reference.rules.ts'

const codeOf = (text: string) => {
  const read = readReference(text)
  return isRefusal(read) ? read.code : read
}

describe('a reference typed by hand', () => {
  it('is what a file makes of it', () => {
    for (const text of ['ＢＫ２０２６－１', ' BK2026-1 ', '\u200BBK2026-1\uFEFF', '\tBK2026-1\n', "'BK2026-1"])
      expect(readReference(text)).toBe('BK2026-1')
    expect(readReference('国库2026-118')).toBe('国库2026-118')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const [byHand, inFile] = [readReference(text), readIdentifierCell(text)]
        expect(isRefusal(byHand) ? undefined : byHand).toBe('value' in inFile ? inFile.value : undefined)
      }),
    )
  })

  it('is refused where it is none, holds control characters, or was spoilt', () => {
    expect(codeOf('　\u200B')).toBe('payment_reference_missing')
    expect(codeOf('1.23E+11')).toBe('payment_reference_malformed')
    for (const text of ['BK\n1', 'BK\t1', 'BK\u0007', 'BK\u00851'])
      expect(codeOf(text)).toBe('payment_reference_unprintable')
    expect(readReference('B\u0007K\n1\n')).toMatchObject({ parameters: { characters: 'U+0007、U+000A' } })
  })
})
