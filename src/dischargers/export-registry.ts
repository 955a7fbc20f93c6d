import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { formatOfName, writeForm, type XlsxColumn } from '../platform/tables/write-table.ts'
import { findCollector } from './account.queries.ts'
import { refuse } from './dischargers.refusals.ts'
import { importedHeader, registryRows, rejectedRows } from './registry.queries.ts'
import { type RegistryColumn, type RegistryKind, registryFiles } from './registry.ts'
import { sayReason } from './registry-cells.ts'
import { writeList } from './write-list.ts'

/** Writes one kind of the registry to a file in the columns its import reads. Answers how many rows were written. */
export async function exportRegistry(
  db: Db | Trx,
  wanted: { readonly kind: RegistryKind; readonly collectorCode?: string; readonly to: string },
): Promise<number | Refusal> {
  const { kind, collectorCode, to } = wanted
  const { ofCollector, zh, en } = registryFiles[kind]
  if (ofCollector && collectorCode === undefined) return refuse('collector_needed', { kind: `${zh} ${en}` })
  const collector = collectorCode === undefined ? undefined : await findCollector(db, collectorCode)
  if (ofCollector && collector === undefined) return refuse('collector_unknown', { code: collectorCode ?? '' })
  return writeList(to, zh, columnsOf(kind), registryRows(db, kind, collector?.collectorId))
}

function columnsOf(kind: RegistryKind): XlsxColumn[] {
  return Object.values<RegistryColumn>(registryFiles[kind].columns).map(({ titles, kind: cells }) => ({
    title: titles[0],
    kind: cells,
    ...(cells === 'number' ? { decimals: 0 } : {}),
  }))
}

/** Titles of the columns beside the original ones: the verdict, the reason, what to do. */
export const verdictTitles = ['结论', '原因', '建议'] as const

/**
 * Writes the rejected rows of an import with their original cells and the verdict, reason and remedy of each: corrected
 * there, the file imports again as it is. Answers how many rows were written. Refuses an unknown import.
 */
export async function exportRejected(
  db: Db | Trx,
  wanted: { readonly importId: string; readonly to: string; readonly language: 'zh' | 'en' },
): Promise<number | Refusal> {
  const { importId, to, language } = wanted
  const format = formatOfName(to)
  if (isRefusal(format)) return format
  const header = await importedHeader(db, importId)
  if (header === undefined) return refuse('registry_import_unknown', { importId })
  // A file that was exported before has these columns already: its old verdicts give way to the new ones.
  const kept = header.flatMap((title, column) => (verdictTitles.some((mine) => mine === title) ? [] : [column]))
  const columns = [...kept.map((column) => header[column] ?? ''), ...verdictTitles].map(
    (title): XlsxColumn => ({ title, kind: 'text' }),
  )
  const verdict = language === 'zh' ? '拒绝' : 'rejected'
  async function* pages() {
    for await (const rows of rejectedRows(db, importId)) {
      yield rows.map(({ rowNo, cells, reasons }) => {
        const said = reasons.map((reason) => sayReason(reason, rowNo, language))
        const inWords = [
          said.map(({ reason }) => reason).join('\n'),
          [...new Set(said.map(({ remedy }) => remedy))].join('\n'),
        ]
        return [...kept.map((column) => cells[column] ?? ''), verdict, ...inWords]
      })
    }
  }
  return writeList(to, verdict, columns, pages())
}

/** Writes a blank form of one kind: a workbook with its explanations, or the bare header as CSV. */
export async function writeRegistryTemplate(kind: RegistryKind, to: string): Promise<Refusal | undefined> {
  const columns = Object.values<RegistryColumn>(registryFiles[kind].columns).map(
    ({ titles, kind: cells, required, example, rule }) => ({
      title: titles[0],
      kind: cells,
      example,
      note: `${required ? '必填 required' : '选填 optional'}：${rule}`,
    }),
  )
  const { zh, en } = registryFiles[kind]
  return writeForm(to, columns, `${zh}登记表 ${en}：在“填写”表中逐行填写，导入 qingliu dischargers import ${kind} FILE`)
}
