import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import type { DiscretionGrid } from './enforcement.ts'
import { rowInForce } from './fine.rules.ts'

const grid = (documentNumber: string, minimum: string, maximum: string, factor = 'serious'): DiscretionGrid => ({
  documentNumber,
  validFrom: civilDate('2025-01-01'),
  rows: [{ factor, zh: '情节较重', minimum, maximum }],
})
const measured = (atLapse: DiscretionGrid | undefined, ...since: DiscretionGrid[]) => {
  const found = rowInForce({ atLapse, since }, 'serious')
  return 'unknown' in found ? `unknown in ${found.unknown.documentNumber}` : found.row?.documentNumber
}

describe('the grid of a fine', () => {
  it('is the one in force when the order lapsed, or a younger one where that is lighter', () => {
    const old = grid('old', '1.5', '2.5')
    expect(measured(old)).toBe('old')
    expect(measured(old, grid('higher', '1.5', '3'))).toBe('old')
    expect(measured(old, grid('lower', '1.5', '2'))).toBe('lower')
    expect(measured(old, grid('from less', '1', '2.5'))).toBe('from less')
    expect(measured(old, grid('from more', '2', '2.5'))).toBe('old')
    expect(measured(old, grid('lower', '1', '2'), grid('higher', '1', '3'))).toBe('lower')
    expect(measured(old, grid('other factors', '1', '1', 'slight'))).toBe('old')
    expect(measured(grid('old', '1', '3', 'slight'), old)).toBe('unknown in old')
  })

  it('is none where none was in force, unless a younger one is lighter than the law', () => {
    expect(measured(undefined)).toBeUndefined()
    expect(measured(undefined, grid('as wide, from more', '1.5', '3'))).toBeUndefined()
    expect(measured(undefined, grid('lighter', '1.5', '2'))).toBe('lighter')
    expect(measured(undefined, grid('other', '1', '2', 'slight'))).toBe('unknown in other')
  })
})
