import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exact } from './decimal.ts'
import {
  addVolumes,
  parseVolume,
  roundToVolume,
  splitVolumeByDays,
  splitVolumeByShares,
  subtractVolume,
  volume,
  volumeForPeople,
  volumeText,
} from './volume.ts'

const shares = (...percents: number[]): Exact[] => percents.map((percent) => new Exact(percent))

describe('a volume has at most 3 decimals', () => {
  it('refuses what is finer or is no number', () => {
    expect(() => volume('0.0001')).toThrow(/not a volume/)
    for (const text of ['0.0001', '12,345', '', '1.2E+3', '12m³']) expect(parseVolume(text)).toBeUndefined()
    expect(parseVolume('12.3450')?.equals('12.345')).toBe(true)
  })

  it.each([
    ['11110.5', '11110.500'],
    ['0.0005', '0.001'],
    ['0.0004999', '0.000'],
    ['-0.0005', '-0.001'],
    ['29.9997', '30.000'],
  ])('rounds %s half-up to %s', (value, expected) => {
    expect(volumeText(roundToVolume(new Exact(value)))).toBe(expected)
  })

  it('is shown to people without useless zeros', () => {
    expect(volumeForPeople(volume('12345.000'))).toBe('12,345')
    expect(volumeForPeople(volume('113.259'))).toBe('113.259')
    expect(volumeForPeople(subtractVolume(volume('1000'), volume('1000.1')))).toBe('-0.1')
  })
})

describe('one meter shared among several users', () => {
  it('truncates each share to the unit and gives the last user the remainder: 1,001 at 30/30/40', () => {
    expect(splitVolumeByShares(volume('1001'), shares(30, 30, 40), '1').map(volumeForPeople)).toEqual([
      '300',
      '300',
      '401',
    ])
    expect(splitVolumeByShares(volume('1001'), shares(30, 30, 40), '0.001').map(volumeText)).toEqual([
      '300.300',
      '300.300',
      '400.400',
    ])
  })

  it('leaves a broken cubic metre to the last user', () => {
    expect(splitVolumeByShares(volume('10.5'), shares(50, 50), '1').map(volumeText)).toEqual(['5.000', '5.500'])
  })

  it('stops on shares that add up to nothing or are negative', () => {
    expect(() => splitVolumeByShares(volume('1'), shares(0, 0), '1')).toThrow(/shares of a meter add up/)
    expect(() => splitVolumeByShares(volume('1'), shares(-1, 2), '1')).toThrow(/no share of a meter is negative/)
  })

  it('adds up to the meter, and nobody but the last gets more than the share', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 10 }),
        fc.constantFrom('1' as const, '0.001' as const),
        (litres, weights, unit) => {
          const total = roundToVolume(new Exact(litres.toString()).div(1000))
          const whole = weights.reduce((sum, weight) => sum + weight, 0)
          const parts = splitVolumeByShares(total, shares(...weights), unit)
          expect(volumeText(addVolumes(parts))).toBe(volumeText(total))
          parts.slice(0, -1).forEach((part, index) => {
            const share = total.times(weights[index] ?? 0).div(whole)
            expect(part.lessThanOrEqualTo(share)).toBe(true)
            expect(share.minus(part).lessThan(unit)).toBe(true)
          })
        },
      ),
    )
  })
})

describe('use spread over days', () => {
  it('adds up by construction: 360 m³ over 28 + 31 + 30 days', () => {
    const parts = splitVolumeByDays(volume('360'), [28, 31, 30])
    expect(volumeText(addVolumes(parts))).toBe('360.000')
  })
})
