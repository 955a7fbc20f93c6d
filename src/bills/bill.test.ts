import { describe, expect, it } from 'vitest'
import { billIdOf, billNumber, numberOfBillId, numberRange, parseBillNumber } from './bill.ts'

describe('a bill number is a year and a sequence (decision 15)', () => {
  it('is written with six digits, and more where six do not suffice', () => {
    expect(billNumber(2026, 4218)).toBe('2026-004218')
    expect(billNumber(2026, 12_345_678)).toBe('2026-12345678')
  })
  it('is shown as a range only where there are two', () => {
    const firstNumber = '2026-000001'
    expect(numberRange({ firstNumber, lastNumber: '2026-000002' })).toBe('2026-000001 … 2026-000002')
    expect(numberRange({ firstNumber, lastNumber: firstNumber })).toBe('2026-000001')
  })
  it('is read back as it was written', () => {
    expect(parseBillNumber('2026-004218')).toEqual({ year: 2026, number: 4218 })
    expect(parseBillNumber(billNumber(2026, 12_345_678))).toEqual({ year: 2026, number: 12_345_678 })
  })
  it.each(['2026-4218', '2026004218', '3026-004218', '2026-004218 ', ' 2026-004218', '2026-1234567890', ''])(
    'is not read from "%s"',
    (text) => {
      expect(parseBillNumber(text)).toBeUndefined()
    },
  )
  it('makes the key of the bill and comes back from it', () => {
    expect(billIdOf(2026, 4218)).toBe('202600004218')
    for (const number of [1, 999_999, 99_999_999]) {
      expect(numberOfBillId(billIdOf(2026, number))).toBe(billNumber(2026, number))
    }
  })
})
