import { describe, expect, it } from 'vitest'
import { money } from '../kernel/money.ts'
import { sayPaymentFinding } from './payment-import.findings.ts'
import { TotalLines } from './total-lines.rules.ts'

/** A file below its header: amounts of rows, `null` for one without, and `= amount` for total lines. */
function said(...file: (string | null)[]): string[] {
  const totals = new TotalLines()
  for (const [index, each] of file.entries()) {
    if (each?.startsWith('= ')) totals.line(index + 2, money(each.slice(2)))
    else totals.row(each === null ? undefined : money(each))
  }
  return totals.findings().map((finding) => sayPaymentFinding(finding, 'en'))
}

describe('The total lines of a payment file', () => {
  it('agree as one total at the end, or at the end of each day, with or without one of all days', () => {
    expect(said('1.00', '2.00', '= 3.00')).toEqual(['The file’s own totals agree: 2 rows, 3.00 yuan.'])
    expect(said('1.00', '2.00', '= 3.00', '4.00', '= 4.00')).toEqual([
      'The file’s own totals agree: 3 rows, 7.00 yuan.',
    ])
    expect(said('1.00', '= 1.00', '4.00', null, '= 4.00', '= 5.00')).toEqual([
      'The file’s own totals agree: 3 rows, 5.00 yuan.',
    ])
    // Sums that run on through the days.
    expect(said('1.00', '= 1.00', '4.00', '= 5.00')).toEqual(['The file’s own totals agree: 2 rows, 5.00 yuan.'])
    expect(said('5.00', '-5.00', '= 0.00')).toEqual(['The file’s own totals agree: 2 rows, 0.00 yuan.'])
  })

  it('differ by the first that does, with its row and the sum of its own rows', () => {
    expect(said('1.00', '= 1.00', '4.00', '1.00', '= 4.00', '2.00', '= 1.99')).toEqual([
      'The file’s own total in row 6 differs: it says 4.00, its 2 rows add up to 5.00. Check that the file is complete.',
    ])
  })

  it('leave rows below them uncompared, and may be missing', () => {
    expect(said('1.00', '= 1.00', '4.00')).toEqual([
      'The file’s own totals agree: 1 rows, 1.00 yuan.',
      '1 rows stand below the total of row 3 and have none to be compared with. Check that the file is complete.',
    ])
    expect(said('1.00', '4.00')).toEqual(['The file has no total to compare with (its 2 rows add up to 5.00).'])
  })
})
