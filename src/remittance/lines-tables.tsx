import { addMoney, money } from '../kernel/money.ts'
import { addVolumes, volume, volumeText } from '../kernel/volume.ts'
import type { Said } from '../platform/http/route.ts'
import { Amount, PlainTable, VolumeM3 } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import type { PlainSettlementLine } from './annual-settlement.ts'
import { Yuan } from './remittance-parts.tsx'

/** The months of a settled year: how the volume that counts follows from what was declared, and what it is worth. */
export function LinesTables({
  lines,
  names,
  say,
}: {
  readonly lines: readonly PlainSettlementLine[]
  readonly names: ReadonlyMap<string, string>
  readonly say: Say
}) {
  type MoneyColumn = 'billed' | 'gapAmount' | 'writtenOff' | 'due' | 'remitted' | 'direct' | 'balance'
  type VolumeColumn = 'declaredM3' | 'exemptM3' | 'dischargeM3' | 'writtenOffM3' | 'chargeableM3' | 'billedM3' | 'gapM3'
  const volumes: readonly (readonly [VolumeColumn, Said])[] = [
    ['declaredM3', { zh: '申报售水', en: 'declared sold' }],
    ['exemptM3', { zh: '减：免征', en: 'less exempt' }],
    ['dischargeM3', { zh: '减：按实际排水调减', en: 'less by actual discharge' }],
    ['writtenOffM3', { zh: '减：核销', en: 'less written off' }],
    ['chargeableM3', { zh: '应计', en: 'chargeable' }],
    ['billedM3', { zh: '开账', en: 'billed' }],
    ['gapM3', { zh: '售而未开', en: 'sold, not billed' }],
  ]
  const amounts: readonly (readonly [MoneyColumn, Said])[] = [
    ['billed', { zh: '开账', en: 'billed' }],
    ['gapAmount', { zh: '加：售而未开', en: 'plus sold, not billed' }],
    ['writtenOff', { zh: '减：核销', en: 'less written off' }],
    ['due', { zh: '应缴', en: 'due' }],
    ['remitted', { zh: '已划缴', en: 'remitted' }],
    ['direct', { zh: '直缴国库', en: 'direct' }],
    ['balance', { zh: '差额', en: 'balance' }],
  ]
  const head = [{ title: say('月份', 'month') }, { title: say('类别', 'category') }]
  const headOf = (line: PlainSettlementLine) => [line.feeMonth, names.get(line.category) ?? line.category]
  return (
    <>
      <PlainTable
        caption={say('分月、分类：水量（m³）', 'by month and category: volume (m³)')}
        columns={[...head, ...volumes.map(([, title]) => ({ title: say(title), number: true }))]}
        rows={lines.map((line) => [...headOf(line), ...volumes.map(([name]) => <VolumeM3 of={line[name]} />)])}
        totals={[
          say('合计', 'total'),
          '',
          ...volumes.map(([name]) => <VolumeM3 of={volumeText(addVolumes(lines.map((line) => volume(line[name]))))} />),
        ]}
      />
      <PlainTable
        caption={say('分月、分类：金额（元）', 'by month and category: amounts (yuan)')}
        columns={[
          ...head,
          { title: say('单价（元/m³）', 'price (yuan/m³)'), number: true },
          { title: say('单价来源', 'price from') },
          ...amounts.map(([, title]) => ({ title: say(title), number: true })),
        ]}
        rows={lines.map((line) => [
          ...headOf(line),
          line.unitPrice,
          line.priceSource,
          ...amounts.map(([name]) => <Amount of={line[name]} />),
        ])}
        totals={[
          say('合计', 'total'),
          '',
          '',
          '',
          ...amounts.map(([name]) => <Yuan of={addMoney(lines.map((line) => money(line[name])))} />),
        ]}
      />
    </>
  )
}
