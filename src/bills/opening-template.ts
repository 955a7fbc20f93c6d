import type { Refusal } from '../kernel/refusal.ts'
import { writeForm } from '../platform/tables/write-table.ts'
import { openingTemplates } from './opening-files.ts'

type OpeningTemplate = keyof typeof openingTemplates

const openingExamples: Readonly<Record<string, string>> = {
  户号: '0010233',
  表号: 'M-77120',
  抄表日期: '2026-02-28',
  读数: '21300',
  月份: '2026-02',
  用水量: '1642',
  估算: '否',
  账单年份: '2026',
  账单号: '4218',
  水量: '1642',
  金额: '2298.80',
  到期日: '2026-03-10',
  价格类别: '非居民',
  流水号: '202602270118',
  缴款日期: '2026-02-27',
  已划缴: '否',
}

export function isOpeningTemplate(kind: string): kind is OpeningTemplate {
  return Object.hasOwn(openingTemplates, kind)
}

/** Writes a blank file of one kind of opening facts, in the format its name says. */
export async function writeOpeningTemplate(kind: OpeningTemplate, to: string): Promise<Refusal | undefined> {
  const names: Readonly<Record<string, readonly string[]>> = openingTemplates[kind]
  const columns = Object.values(names).map((titles) => ({
    title: titles[0] ?? '',
    kind: 'text' as const,
    example: openingExamples[titles[0] ?? ''] ?? '',
    note: '',
  }))
  return writeForm(
    to,
    columns,
    '启用数据：全部行正确且与签认总数一致才会导入。Opening facts: taken in as a whole or not at all.',
  )
}
