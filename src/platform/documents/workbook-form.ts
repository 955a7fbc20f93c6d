import { amountInCapitals, type Money, moneyText } from '../../kernel/money.ts'
import { chainHead } from '../audit.queries.ts'
import type { Db } from '../database.ts'
import type { XlsxSheet } from '../tables/write-table.ts'

/** The amount in figures and in capitals, as on every document. */
const amountInFull = (value: Money): string => `${moneyText(value)} 元（${amountInCapitals(value)}）`

/** Labels and values, as a form on paper has them; amounts stand in words and once more as numbers to go on computing with. */
export function formSheet(name: string, rows: readonly (readonly [label: string, value: string | Money])[]): XlsxSheet {
  const hasAmounts = rows.some(([, value]) => typeof value !== 'string')
  return {
    name,
    columns: [
      { title: '项目', kind: 'text', width: 28 },
      { title: '内容', kind: 'text', width: 60 },
      ...(hasAmounts ? [{ title: '金额（元）', kind: 'number', decimals: 2, width: 18 } as const] : []),
    ],
    rows: rows.map(([label, value]) => [
      label,
      typeof value === 'string' ? value : amountInFull(value),
      ...(hasAmounts ? [typeof value === 'string' ? '' : moneyText(value)] : []),
    ]),
  }
}

/** The head of the chain of events, by which a workbook is checked later. */
export async function chainSheet(db: Db): Promise<XlsxSheet> {
  const { seq, hash } = await chainHead(db)
  return formSheet('事件链', [
    ['链头', `${seq} ${hash}`],
    ['核对', `qingliu verify --head ${hash}`],
  ])
}
