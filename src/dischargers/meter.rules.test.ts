import { describe, expect, test } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import {
  canHaveReached,
  finalReadingOf,
  masterRefusal,
  parseReading,
  parseShareRatio,
  placeRefusal,
  readingRefusal,
  sharesRefusal,
} from './meter.rules.ts'

const from = civilDate('2026-03-01')

describe('readings', () => {
  test('are plain, not negative, and no finer than a litre', () => {
    expect(parseReading('00412')).toBe('412')
    expect(parseReading('12.340')).toBe('12.34')
    expect(parseReading('-1')).toBeUndefined()
    expect(parseReading('1.2345')).toBeUndefined()
    expect(parseReading('1e5')).toBeUndefined()
  })

  test('fit the digits of their counter', () => {
    expect(readingRefusal('99999.999', 5)).toBeUndefined()
    expect(readingRefusal('100000', 5)?.code).toBe('reading_beyond_digits')
  })

  test('of a removal come with a day not before the installation', () => {
    const installation = { meterNo: 'M1', from, digits: 5 }
    expect(finalReadingOf(installation, civilDate('2026-02-28'), '1')).toMatchObject({
      code: 'removal_before_installation',
    })
    expect(finalReadingOf(installation, from, '100000')).toMatchObject({ code: 'reading_beyond_digits' })
    expect(finalReadingOf(installation, from, '077.0')).toBe('77')
  })
})

test.each([
  ['upwards', { digits: 5, runsBackwards: false }, '100', '100', true],
  ['never down', { digits: 5, runsBackwards: false }, '100', '99.999', false],
  ['round its end, from near it', { digits: 5, runsBackwards: false }, '95000', '12', true],
  ['not round it from far below', { digits: 5, runsBackwards: false }, '89999', '12', false],
  ['down, where it was hung in reverse', { digits: 5, runsBackwards: true }, '100', '40', true],
  ['not up, where it was hung in reverse', { digits: 5, runsBackwards: true }, '100', '101', false],
])('a counter goes %s', (_, counter, before, after, expected) => {
  expect(canHaveReached(counter, before, after, '0.1')).toBe(expected)
})

describe('a meter', () => {
  test('hangs in one place at a time; places may meet on a day', () => {
    const elsewhere = [{ accountNo: '2', validity: { from: civilDate('2025-01-01'), until: from } }]
    expect(placeRefusal('M1', { from, until: null }, elsewhere)).toBeUndefined()
    const still = [{ accountNo: '2', validity: { from: civilDate('2025-01-01'), until: null } }]
    expect(placeRefusal('M1', { from, until: null }, still)?.parameters).toMatchObject({ otherNo: '2' })
  })

  test('is not its own master, and its master hangs when it begins', () => {
    const hanging = [{ from: civilDate('2025-01-01'), until: null }]
    expect(masterRefusal('M1', { meterNo: 'M1', validities: hanging }, from)?.code).toBe('master_is_itself')
    expect(masterRefusal('M1', { meterNo: 'M0', validities: hanging }, from)).toBeUndefined()
    const gone = [{ from: civilDate('2025-01-01'), until: from }]
    expect(masterRefusal('M1', { meterNo: 'M0', validities: gone }, from)?.code).toBe('master_unknown')
  })
})

describe('shares of one meter', () => {
  const share = (shareNo: number, ratio: string, accountNo = `000${shareNo}`) => ({
    shareNo,
    accountNo,
    ratio,
    unitM3: '1',
    agreement: '分摊协议',
  })

  test('are read as a fraction or per cent', () => {
    expect(parseShareRatio('30%')).toBe('0.3')
    expect(parseShareRatio('0.3333')).toBe('0.3333')
    expect(parseShareRatio('100%')).toBe('1')
    for (const wrong of ['0', '-0.1', '1.1', '101%', 'x', '']) expect(parseShareRatio(wrong)).toBeUndefined()
  })

  test('add up to exactly 1, to the last decimal', () => {
    expect(sharesRefusal('M1', from, [share(1, '0.3'), share(2, '0.3'), share(3, '0.4')])).toBeUndefined()
    const short = sharesRefusal('M1', from, [share(1, '0.3333'), share(2, '0.3333'), share(3, '0.3333')])
    expect(short?.code).toBe('shares_not_whole')
    expect(short?.parameters).toMatchObject({ sum: '0.9999' })
    // 0.1 added ten times is not 1 in binary fractions.
    const tenths = Array.from({ length: 10 }, (_, index) => share(index + 1, '0.1'))
    expect(sharesRefusal('M1', from, tenths)).toBeUndefined()
  })

  test('are numbered without gap, each account once, in one unit and by one agreement', () => {
    const code = (shares: Parameters<typeof sharesRefusal>[2]) => sharesRefusal('M1', from, shares)?.code
    expect(code([])).toBe('shares_malformed')
    expect(code([share(1, '0.5'), share(3, '0.5')])).toBe('shares_malformed')
    expect(code([share(1, '0.5', 'x'), share(2, '0.5', 'x')])).toBe('shares_malformed')
    expect(code([share(1, '0.5'), { ...share(2, '0.5'), unitM3: '0.001' }])).toBe('shares_malformed')
    expect(code([share(1, '0.5'), { ...share(2, '0.5'), agreement: '另一份' }])).toBe('shares_malformed')
  })
})
