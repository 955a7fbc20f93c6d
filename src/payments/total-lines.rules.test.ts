import { describe, expect, it } from 'vitest'
import { money } from '../kernel/money.ts'
import { sayPaymentFinding } from './payment-import.findings.ts'
import { type StatedTotal, TotalLines } from './total-lines.rules.ts'

/**
 * A file below its header: amounts of rows, `null` for one without, `5.00 taken back` for one that is flagged and bears no
 * minus, and total lines, of an amount (`= 5.00`) or as they are.
 */
function said(...file: (string | null | StatedTotal)[]): string[] {
  const totals = new TotalLines()
  for (const [index, each] of file.entries()) {
    if (each === null) totals.row(undefined)
    else if (typeof each !== 'string') totals.line(index + 2, each)
    else if (each.startsWith('= ')) totals.line(index + 2, { amount: money(each.slice(2)) })
    else if (each.endsWith(' taken back')) totals.row(money(`-${each.split(' ')[0]}`), money(each.split(' ')[0] ?? ''))
    else totals.row(money(each))
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

  it('subtract what is taken back, whether or not the cells bear a minus and the file’s own sum does', () => {
    for (const total of ['= 3.00', '= 13.00'])
      expect(said('8.00', '5.00 taken back', total)).toEqual(['The file’s own totals agree: 2 rows, 3.00 yuan.'])
    expect(said('8.00', '5.00 taken back', '= 8.00')).toEqual([
      'The file’s own total in row 4 differs: it says 8.00, its 2 rows add up to 3.00. Check that the file is complete.',
    ])
  })

  it('state a count, of their own rows or of all, and may be unreadable', () => {
    expect(said('1.00', { amount: money('1.00'), rows: 1 }, '4.00', { amount: money('5.00'), rows: 2 })).toEqual([
      'The file’s own totals agree: 2 rows, 5.00 yuan.',
    ])
    expect(said('1.00', '2.00', { amount: money('3.00'), rows: 25 })).toEqual([
      'The count in the file’s own total in row 4 differs: it says 25, there are in fact 2. Check that the file is complete.',
    ])
    expect(said('1.00', '2.00', { rows: 2 })).toEqual([
      'The file has no total to compare with (its 2 rows add up to 3.00).',
    ])
    expect(said('1.00', { unreadable: '1元' })).toEqual([
      'The amount "1元" in the file’s own total in row 3 cannot be read, so it was not compared.',
    ])
    // The day after has a total of its own.
    expect(said('1.00', { unreadable: '1元' }, '4.00', '= 4.00')).toEqual([
      'The amount "1元" in the file’s own total in row 3 cannot be read, so it was not compared.',
    ])
  })

  it('leave rows below them uncompared, and may be missing', () => {
    expect(said('1.00', '= 1.00', '4.00')).toEqual([
      'The file’s own totals agree: 1 row, 1.00 yuan.',
      '1 row stands below the total of row 3 with none to be compared with. Check that the file is complete.',
    ])
    expect(said('1.00', '4.00')).toEqual(['The file has no total to compare with (its 2 rows add up to 5.00).'])
  })
})
