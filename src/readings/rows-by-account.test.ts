import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feeMonth } from '../kernel/calendar.ts'
import type { RowKey } from './reading-columns.ts'
import { RowsByAccount } from './rows-by-account.ts'

const key = (accountNo: string, meterNo = '', more: Partial<RowKey> = {}): RowKey => ({
  accountNo,
  meterNo,
  kind: 'normal',
  feeMonth: undefined,
  ...more,
})

describe('rows of the same account and meter are found', () => {
  it('by account, meter, kind and month; a row without a meter is like every row of its account', () => {
    const rows = new RowsByAccount()
    rows.add(2, key('A', 'm1'))
    rows.add(3, key('A', 'm2'))
    rows.add(4, key('A', 'm1'))
    rows.add(5, key('A', 'm1', { kind: 'residual' }))
    rows.add(6, key('A', 'm1', { feeMonth: feeMonth('2026-02') }))
    rows.add(7, key('B', 'm1'))
    rows.add(8, key('B'))
    rows.add(9, key('C', 'm1'))
    rows.add(10, key(''))
    rows.add(11, key(''))
    expect(rows.alike()).toEqual(
      new Map([
        [2, [2, 4]],
        [4, [2, 4]],
        [7, [7, 8]],
        [8, [7, 8]],
      ]),
    )
    expect(['A', 'C', 'D', ''].map((no) => [rows.has(no), rows.hasSeveral(no)])).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [false, false],
    ])
  })

  it('just as a map of their texts would find them, for any rows', () => {
    const anyKeys = fc.array(fc.tuple(fc.stringMatching(/^[0-9a-c]{1,3}$/), fc.constantFrom('m1', 'm2')), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(anyKeys, (keys) => {
        const rows = new RowsByAccount()
        const plain = new Map<string, number[]>()
        for (const [index, [accountNo, meterNo]] of keys.entries()) {
          rows.add(index + 1, key(accountNo, meterNo))
          plain.set(`${accountNo} ${meterNo}`, [...(plain.get(`${accountNo} ${meterNo}`) ?? []), index + 1])
        }
        const expected = [...plain.values()]
          .filter((same) => same.length > 1)
          .flatMap((same) => same.map((rowNo) => [rowNo, same] as const))
        expect(new Map([...rows.alike()].sort(([a], [b]) => a - b))).toEqual(
          new Map(expected.sort(([a], [b]) => a - b)),
        )
      }),
    )
  })

  it('among two hundred thousand accounts, none mistaken for another', () => {
    const rows = new RowsByAccount()
    for (let n = 0; n < 200_000; n += 1) rows.add(n + 1, key(String(n).padStart(8, '0'), `m${n}`))
    expect(rows.alike().size).toBe(0)
    expect(rows.has('00199999')).toBe(true)
    expect(rows.has('00200000')).toBe(false)
    rows.add(200_001, key('00000007', 'm7'))
    expect(rows.alike()).toEqual(
      new Map([
        [8, [8, 200_001]],
        [200_001, [8, 200_001]],
      ]),
    )
  })
})
