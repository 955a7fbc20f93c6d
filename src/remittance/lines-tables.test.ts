import { expect, it } from 'vitest'
import { sayIn } from '../platform/pages/say.ts'
import type { PlainSettlementLine } from './annual-settlement.ts'
import { LinesTables } from './lines-tables.tsx'

const january: PlainSettlementLine = {
  feeMonth: '2025-01',
  category: 'resident',
  declaredM3: '1001',
  exemptM3: '102.000',
  dischargeM3: '103.000',
  writtenOffM3: '104.000',
  chargeableM3: '692.000',
  billedM3: '600.000',
  gapM3: '92.000',
  unitPrice: '0.85',
  priceSource: '示例批复',
  billed: '510.00',
  gapAmount: '78.20',
  writtenOff: '88.40',
  due: '499.80',
  remitted: '400.01',
  direct: '50.02',
  balance: '49.77',
  outstanding: '0.00',
  held: '0.00',
}
const february: PlainSettlementLine = {
  ...january,
  feeMonth: '2025-02',
  category: 'unnamed',
  unitPrice: null,
  balance: '-9.77',
}

const text = (html: string): string => html.replaceAll(/<[^>]*>/g, '').trim()
const rowsOf = (html: string): string[][] =>
  [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) => text(cell)),
  )

it('puts each volume and each amount of a line under its own head, in the order of the sum, and adds them up', () => {
  const names = new Map([['resident', '居民']])
  const shown = String(LinesTables({ lines: [january, february], names, say: sayIn('zh') }))
  const [volumes = '', amounts = ''] = shown.split('</table>')
  const table = (html: string) => {
    const [heads = [], ...lines] = rowsOf(html)
    return lines.map((line) => Object.fromEntries(heads.map((head, index) => [head, line[index]])))
  }
  const water = {
    申报售水: '1,001',
    '减：免征': '102',
    '减：按实际排水调减': '103',
    '减：核销': '104',
    应计: '692',
    开账: '600',
    售而未开: '92',
  }
  expect(table(volumes)[0]).toEqual({ 月份: '2025-01', 类别: '居民', ...water })
  expect(table(volumes)[1]).toMatchObject({ 月份: '2025-02', 类别: 'unnamed' })
  expect(table(volumes)[2]).toMatchObject({
    月份: '合计',
    申报售水: '2,002',
    应计: '1,384',
    售而未开: '184',
  })
  const money = {
    开账: '510.00',
    '加：售而未开': '78.20',
    '减：核销': '88.40',
    应缴: '499.80',
    已划缴: '400.01',
    直缴国库: '50.02',
    差额: '49.77',
  }
  expect(table(amounts)[0]).toEqual({
    月份: '2025-01',
    类别: '居民',
    '单价（元/m³）': '0.85',
    单价来源: '示例批复',
    ...money,
  })
  expect(table(amounts)[1]).toMatchObject({ '单价（元/m³）': '—', 差额: '-9.77' })
  expect(table(amounts)[2]).toMatchObject({ 月份: '合计', 开账: '1,020.00', 已划缴: '800.02', 差额: '40.00' })
  for (const name of Object.keys({ ...water, ...money }))
    expect(shown.split(`>${name}<`).length, name).toBeGreaterThan(1)
})
