import { describe, expect, it } from 'vitest'
import { money } from '../kernel/money.ts'
import type { PlainSettlementLine } from './annual-settlement.ts'
import { feeTable, settlementTable } from './cli-words.ts'

const cellsOf = (line: string | undefined): string[] => (line ?? '').trim().split(/ {2,}/)

describe('tables of the command line', () => {
  it('a settled year: what actual discharge took off has its column beside the other volumes', () => {
    const line = { feeMonth: '2025-07', category: 'resident', declaredM3: '500', exemptM3: '20' } as PlainSettlementLine
    const rest = { dischargeM3: '37.5', writtenOffM3: '4', billedM3: '430', gapM3: '12.5' }
    const money = { due: '612.00', remitted: '600.00', direct: '2.00', balance: '10.00' }
    for (const [language, title] of [
      ['zh', '按实际排水调减'],
      ['en', 'less by discharge'],
    ] as const) {
      const [head, , row] = settlementTable([{ ...line, ...rest, ...money }], () => '居民', language)
      const titles = cellsOf(head)
      const cells = cellsOf(row)
      expect(cells).toHaveLength(titles.length)
      expect(cells[titles.indexOf(title)]).toBe('37.5')
      expect(cells).toEqual([
        ...['2025-07', '居民', '500', '20', '37.5', '4', '430', '12.5'],
        ...['612.00', '600.00', '2.00', '10.00'],
      ])
    }
  })

  it('a collection fee: its rate in percent', () => {
    const line = {
      contractNo: '示例代征',
      document: '示例合同',
      contractYear: 3,
      rate: '0.0125',
      base: 'remitted',
    } as const
    const amounts = { baseAmount: money('8000.00'), cap: null, feeAmount: money('100.00') }
    const claim = { ...line, ...amounts, claimedBefore: money('40.00'), amount: money('60.00') }
    const [, , row] = feeTable([claim], 'zh')
    expect(cellsOf(row)).toEqual(['示例代征', '3', '划缴', '8,000.00', '1.25 %', '—', '100.00', '40.00', '60.00'])
  })
})
