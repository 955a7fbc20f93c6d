import type { Refusal } from '../kernel/refusal.ts'
import { type TemplateColumn, writeForm } from '../platform/tables/write-table.ts'
import { type ReadingField, readingColumnNames } from './reading-columns.ts'

const columns: readonly {
  readonly field: ReadingField
  readonly kind: TemplateColumn['kind']
  readonly example: string
  readonly note: string
}[] = [
  { field: 'account', kind: 'text', example: '0010233', note: '必填。保留前导零。' },
  { field: 'name', kind: 'text', example: '示例化工有限公司', note: '可不填，用于核对。' },
  { field: 'meter', kind: 'text', example: 'M-77120', note: '一户多表时必填。' },
  { field: 'previousReadOn', kind: 'text', example: '2026-02-28', note: '可不填；不填按上次抄表记录。' },
  { field: 'readOn', kind: 'text', example: '2026-03-31', note: '可不填；不填按整月用水。' },
  { field: 'start', kind: 'number', example: '21300', note: '应等于上次止码。' },
  { field: 'end', kind: 'number', example: '33645', note: '本期读数和用水量至少填一项。' },
  { field: 'volume', kind: 'number', example: '12345', note: '单位 m³；与读数差 × 倍率相差超过 1 的会待审。' },
  { field: 'month', kind: 'text', example: '2026-03', note: '可不填；不填须在导入时说明月份。' },
  { field: 'category', kind: 'text', example: '非居民', note: '可不填，用于核对；与登记不同的会待审。' },
  { field: 'source', kind: 'text', example: '实抄', note: '实抄、估抄、远传、电话、未见表。' },
  { field: 'kind', kind: 'text', example: '', note: '普通抄表不填；换表残值、销户、补抄、超量程。' },
]

/** Writes the blank form of a readings file, a workbook or a CSV as the path ends. */
export async function writeReadingsTemplate(path: string): Promise<Refusal | undefined> {
  return writeForm(
    path,
    columns.map(({ field, kind, example, note }) => ({ title: readingColumnNames[field][0], kind, example, note })),
    '抄表导入表：每行一只表一个月；换表的当月两行（旧表残值一行，新表一行）。请勿改动表头。',
  )
}
