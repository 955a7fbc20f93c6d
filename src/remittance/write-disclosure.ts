import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { refusePlatform } from '../platform/platform.refusals.ts'
import { writeCsv, writeFileOf, writeXlsx } from '../platform/tables/write-table.ts'
import type { Disclosure } from './disclosure.ts'

/** Writes a disclosure as .xlsx, .csv or .json, as the name says. Refuses another ending. */
export async function writeDisclosure(
  disclosure: Disclosure,
  path: string,
): Promise<{ readonly path: string } | Refusal> {
  const ending = /\.(xlsx|csv|json)$/i.exec(path)?.[1]?.toLowerCase()
  if (ending === undefined)
    return refusePlatform('value_malformed', { field: '--to', value: path, rule: '.xlsx / .csv / .json' })
  const { collection, totals, use, used, year, asOf, basis } = disclosure
  const rows = [
    ...collection.map((each) => [each.category, each.volumeM3, each.billed, each.collected, each.uncollected]),
    ['合计', totals.volumeM3, totals.billed, totals.collected, totals.uncollected],
  ]
  const spent = [...use.map((each) => [each.item, each.amount]), ['合计', used]]
  const header = ['类别', '计费水量(m³)', '应征(元)', '已征(元)', '未征(元)']
  if (ending === 'json') {
    await writeFileOf(path, `${JSON.stringify(disclosure, null, 2)}\n`)
    return { path }
  }
  if (ending === 'csv') {
    const blank = ['', '', '', '', '']
    await writeCsv(
      path,
      [`${year}年污水处理费征收使用情况（截至 ${asOf}）`, '', '', '', ''],
      [
        header,
        ...rows,
        blank,
        ['本年入库(元)', totals.toTreasury, '', '', ''],
        ['核销(元)', totals.writtenOff, '', '', ''],
        blank,
        ['使用', '金额(元)', '', '', ''],
        ...spent.map(([item = '', amount = '']) => [item, amount, '', '', '']),
        blank,
        ['依据', basis.join('；'), '', '', ''],
      ],
    )
    return { path }
  }
  const number = (title: string, decimals: number) => ({ title, kind: 'number' as const, decimals, width: 18 })
  const refused = await writeXlsx(path, [
    {
      name: `${year}年征收`,
      columns: [
        { title: '类别', kind: 'text', width: 20 },
        number('计费水量(m³)', 3),
        number('应征(元)', 2),
        number('已征(元)', 2),
        number('未征(元)', 2),
      ],
      rows,
    },
    {
      name: '入库与使用',
      columns: [{ title: '项目', kind: 'text', width: 30 }, number('金额(元)', 2)],
      rows: [['本年入库', totals.toTreasury], ['核销', totals.writtenOff], ...spent],
    },
    {
      name: '说明',
      columns: [
        { title: '项目', kind: 'text', width: 12 },
        { title: '内容', kind: 'text', width: 80 },
      ],
      rows: [
        ['截至', asOf],
        ['依据', basis.join('；')],
      ],
    },
  ])
  return isRefusal(refused) ? refused : { path }
}
