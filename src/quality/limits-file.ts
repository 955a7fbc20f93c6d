import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { readSmallTable } from '../platform/small-table.ts'
import { readDateCell } from '../platform/tables/cell-values.ts'
import { writeForm } from '../platform/tables/write-table.ts'
import { type EnteredLimit, limitColumnNames } from './entered-limit.ts'
import { boundNames } from './limit.ts'
import { refuseQuality } from './quality.refusals.ts'

/** Reads a file of permitted limits. Refuses what the readers refuse, missing columns, and a file without rows. */
export async function readLimitsFile(path: string): Promise<readonly EnteredLimit[] | Refusal> {
  const table = await readSmallTable(path, limitColumnNames, [
    'discharger',
    'outlet',
    'pollutant',
    'value',
    'document',
    'from',
  ])
  if (isRefusal(table)) return table
  if (table.rows.length === 0) return refuseQuality('limits_empty', { file: table.file })
  return table.rows.map((row) => {
    const day = readDateCell(row.text('from'), row.kind('from'), table.dateSystem)
    return {
      row: row.rowNumber,
      discharger: row.text('discharger'),
      outlet: row.text('outlet'),
      pollutant: row.text('pollutant'),
      bound: row.text('bound'),
      value: row.text('value'),
      unit: row.text('unit'),
      document: row.text('document'),
      from: 'value' in day ? day.value : row.text('from'),
    }
  })
}

/** Writes the blank form of a file of limits. */
export async function writeLimitsTemplate(path: string): Promise<Refusal | undefined> {
  const kinds = Object.values(boundNames).map(({ zh }) => zh)
  const column = (field: keyof typeof limitColumnNames, example: string, note: string) => ({
    title: limitColumnNames[field][0],
    kind: 'text' as const,
    example,
    note,
  })
  return writeForm(
    path,
    [
      column('discharger', 'P0012', '必填。'),
      column('outlet', '1', '必填。须已登记（办法第七条）。'),
      column('pollutant', '化学需氧量', '必填。名称、代码或通用缩写，见 qingliu quality pollutants。'),
      column('bound', '不高于', `空则为“不高于”：${kinds.join('、')}。pH 分两行填。`),
      column('value', '500', '必填。不得检出的填“不得检出”；自起始日起取消的填“取消”。'),
      column('unit', 'mg/L', '空则用该污染物的单位；总量按日为 kg/d、按月为 kg/月、按年为 t/a。'),
      column('document', '示例环评批复〔2025〕1号', '必填。环评批复、排水许可证等。'),
      column('from', '2026-01-01', '必填。自该日起按此限值判定，之前的不变。'),
    ],
    '许可限值表：每行一个排污口的一项限值。提交后由他人审批。',
  )
}
