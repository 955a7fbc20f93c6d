import { amountInCapitals, type Money, moneyText } from '../../kernel/money.ts'
import { chainHead } from '../audit.queries.ts'
import type { Db } from '../database.ts'
import type { XlsxSheet } from '../tables/write-table.ts'

/** Two columns of labels and values, as a form on paper has them. */
export const formSheet = (name: string, rows: readonly (readonly [label: string, value: string])[]): XlsxSheet => ({
  name,
  columns: [
    { title: '项目', kind: 'text', width: 28 },
    { title: '内容', kind: 'text', width: 60 },
  ],
  rows: rows.map(([label, value]) => [label, value]),
})

/** The amount in figures and in capitals, as on every document. */
export const amountInFull = (value: Money): string => `${moneyText(value)} 元（${amountInCapitals(value)}）`

/** The head of the chain of events, by which a workbook is checked later. */
export async function chainSheet(db: Db): Promise<XlsxSheet> {
  const { seq, hash } = await chainHead(db)
  return formSheet('事件链', [
    ['链头', `${seq} ${hash}`],
    ['核对', `qingliu verify --head ${hash}`],
  ])
}
