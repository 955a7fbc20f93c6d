import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { money, moneyText } from '../kernel/money.ts'
import { type FeeTerms, feeLines, feeOf, netsTheFee } from './fee.rules.ts'
import { contractYearOf, parsePeriod, periodContaining } from './period.ts'

const terms = (more: Partial<FeeTerms> = {}): FeeTerms => ({
  contractId: '1',
  contractNo: 'C-1',
  document: '代征协议',
  from: civilDate('2025-07-01'),
  rate: '0.02',
  base: 'collected',
  cap: null,
  ...more,
})
const claims = (
  days: readonly (readonly [on: string, amount: string])[],
  claimed: readonly (readonly [year: number, amount: string])[] = [],
  more: Partial<FeeTerms> = {},
) =>
  feeLines([
    {
      terms: terms(more),
      days: days.map(([on, amount]) => ({ on: civilDate(on), amount: money(amount) })),
      claimed: new Map(claimed.map(([year, amount]) => [year, money(amount)])),
    },
  ]).map((line) => [line.contractYear, moneyText(line.baseAmount), moneyText(line.feeAmount), moneyText(line.amount)])

describe('the collection fee', () => {
  it('of 1,234,567.89 at 2 % is 24,691.36', () => {
    expect(moneyText(feeOf(money('1234567.89'), terms()))).toBe('24691.36')
  })

  it('is rounded half-up once, on the cumulative base, so that claims never add up roundings', () => {
    // 0.25 × 2 % = 0.005 → 0.01; 0.50 × 2 % = 0.01: nothing more is due.
    expect(claims([['2025-08-01', '0.25']])).toEqual([[1, '0.25', '0.01', '0.01']])
    expect(
      claims(
        [
          ['2025-08-01', '0.25'],
          ['2025-09-01', '0.25'],
        ],
        [[1, '0.01']],
      ),
    ).toEqual([])
  })

  it('stops at the cap of the contract year and begins anew with the next', () => {
    const capped = { cap: money('1000.00') }
    expect(claims([['2025-08-01', '60000.00']], [[1, '900.00']], capped)).toEqual([
      [1, '60000.00', '1000.00', '100.00'],
    ])
    expect(
      claims(
        [
          ['2025-08-01', '60000.00'],
          ['2026-07-01', '5000.00'],
        ],
        [[1, '1000.00']],
        capped,
      ),
    ).toEqual([[2, '5000.00', '100.00', '100.00']])
  })

  it('a reversal reduces the next claim, across contract years too, and a base below nothing earns nothing', () => {
    expect(
      claims(
        [
          ['2025-08-01', '500.00'],
          ['2026-08-01', '2000.00'],
        ],
        [[1, '20.00']],
      ),
    ).toEqual([
      [1, '500.00', '10.00', '-10.00'],
      [2, '2000.00', '40.00', '40.00'],
    ])
    expect(claims([['2025-08-01', '-500.00']], [[1, '20.00']])).toEqual([[1, '-500.00', '0.00', '-20.00']])
  })

  it.each([
    ['2025-07-01', 1],
    ['2026-06-30', 1],
    ['2026-07-01', 2],
    ['2027-06-30', 2],
  ])('%s lies in contract year %d', (day, year) => {
    expect(contractYearOf(civilDate('2025-07-01'), civilDate(day))).toBe(year)
  })

  it('a contract of 29 February has its anniversary on 28 February', () => {
    const from = civilDate('2024-02-29')
    expect(contractYearOf(from, civilDate('2025-02-27'))).toBe(1)
    expect(contractYearOf(from, civilDate('2025-02-28'))).toBe(2)
    expect(contractYearOf(from, civilDate('2028-02-28'))).toBe(4)
    expect(contractYearOf(from, civilDate('2028-02-29'))).toBe(5)
  })
})

describe('an amount that nets the fee', () => {
  const fees = [money('24691.36')]
  it.each([
    ['1209876.53', true],
    ['1209876.54', true],
    ['1234567.89', false],
    ['1000000.00', false],
    ['1259259.25', false],
  ])('%s of 1,234,567.89: %s', (amount, nets) => {
    expect(netsTheFee(money(amount), money('1234567.89'), fees) !== undefined).toBe(nets)
  })
  it('is none where no fee is due', () => {
    expect(netsTheFee(money('90.00'), money('100.00'), [money('0.00')])).toBeUndefined()
  })
})

describe('periods', () => {
  it('are quarters and months, half-open', () => {
    expect(parsePeriod('2026-Q4')).toEqual({
      kind: 'quarter',
      name: '2026-Q4',
      from: '2026-10-01',
      until: '2027-01-01',
    })
    expect(parsePeriod('2026-12')).toEqual({ kind: 'month', name: '2026-12', from: '2026-12-01', until: '2027-01-01' })
    for (const text of ['2026', '2026-Q5', '2026-13', '2026-1', '2026-03-01']) expect(parsePeriod(text)).toBeUndefined()
  })
  it('contain their days', () => {
    expect(periodContaining(civilDate('2026-06-30'), 'quarter').name).toBe('2026-Q2')
    expect(periodContaining(civilDate('2026-06-30'), 'month').name).toBe('2026-06')
  })
})
