import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { readIdentifierCell } from '../platform/tables/cell-values.ts'
import { findHeader, rowRole, settleColumns } from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import { cellAt, kindAt, type TableRow, type TableSource } from '../platform/tables/table-file.ts'
import { findCollector } from './account.queries.ts'
import { refuse } from './dischargers.refusals.ts'
import { findRoster, type RosterLine, rosterLines, rosterLinesOf } from './roster.queries.ts'
import type { RosterVersion } from './roster.ts'

export const differenceKinds = [
  'only_in_roster',
  'only_in_list',
  'name_differs',
  'category_differs',
  'twice_in_list',
  'unreadable',
] as const
export type RosterDifferenceKind = (typeof differenceKinds)[number]
export const differenceNames: Record<RosterDifferenceKind, { readonly zh: string; readonly en: string }> = {
  only_in_roster: { zh: '名单有、公司无', en: 'in the roster, not in the company’s list' },
  only_in_list: { zh: '公司有、名单无', en: 'in the company’s list, not in the roster' },
  name_differs: { zh: '户名不同', en: 'the names differ' },
  category_differs: { zh: '类别不同', en: 'the categories differ' },
  twice_in_list: { zh: '公司清单中重复', en: 'twice in the company’s list' },
  unreadable: { zh: '户号不可用', en: 'the account number cannot be used' },
}

export interface RosterDifference {
  readonly kind: RosterDifferenceKind
  readonly accountNo: string
  /** Row of the company's file; null where it has none. */
  readonly rowNo: number | null
  readonly inRoster: string
  readonly inList: string
}

export interface RosterComparison {
  readonly roster: RosterVersion
  readonly collectorCode: string
  readonly rosterCount: number
  readonly listCount: number
  readonly counts: Readonly<Record<RosterDifferenceKind, number>>
}

const columnNames = {
  accountNo: ['户号', '用户编号', '客户编号', '用户号', '资料号'],
  name: ['户名', '用户名', '用户名称', '单位名称', '名称', '排污者名称'],
  category: ['价格类别', '用水性质', '用水类型', '价格分类', '用水类别'],
} as const

/**
 * Compares a version of the roster with the company's own list of users, both ways (art. 10): accounts on one side only,
 * and other names or categories. A list without names or categories is compared without them. Reads only; the differences
 * are handed to `found` as they come, so that a million accounts fit.
 */
export async function compareRoster(
  db: Db | Trx,
  wanted: { readonly versionNo: number; readonly collectorCode: string; readonly path: string },
  found: (difference: RosterDifference) => void,
): Promise<RosterComparison | Refusal> {
  const roster = await findRoster(db, wanted.versionNo)
  if (roster === undefined) return refuse('roster_unknown', { versionNo: wanted.versionNo })
  const collector = await findCollector(db, wanted.collectorCode)
  if (collector === undefined) return refuse('collector_unknown', { code: wanted.collectorCode })
  const name = wanted.path.split(/[\\/]/).at(-1) ?? wanted.path
  const source = await openTable({ path: wanted.path, name }, { blockRows: 10_000 })
  if (isRefusal(source)) return source
  const counts: Record<RosterDifferenceKind, number> = {
    only_in_roster: 0,
    only_in_list: 0,
    name_differs: 0,
    category_differs: 0,
    twice_in_list: 0,
    unreadable: 0,
  }
  const tell = (difference: RosterDifference) => {
    counts[difference.kind] += 1
    found(difference)
  }
  try {
    const rowByNo = new Map<string, number>()
    const inRoster = (accountNos: readonly string[]) =>
      rosterLinesOf(db, roster.versionId, collector.collectorId, accountNos)
    const unread = await compareList(source, rowByNo, inRoster, tell)
    if (unread !== undefined) return unread
    let rosterCount = 0
    for await (const lines of rosterLines(db, roster.versionId, collector.collectorId)) {
      rosterCount += lines.length
      for (const { accountNo, dischargerName } of lines) {
        if (rowByNo.has(accountNo)) continue
        tell({ kind: 'only_in_roster', accountNo, rowNo: null, inRoster: dischargerName, inList: '' })
      }
    }
    return { roster, collectorCode: collector.code, rosterCount, listCount: rowByNo.size, counts }
  } finally {
    await source.close()
  }
}

interface Listed {
  readonly accountNo: string
  readonly name: string
  readonly category: string
  readonly rowNo: number
}

async function compareList(
  source: TableSource,
  rowByNo: Map<string, number>,
  inRoster: (accountNos: readonly string[]) => Promise<readonly RosterLine[]>,
  tell: (difference: RosterDifference) => void,
): Promise<Refusal | undefined> {
  let reader: ListReader | undefined
  for await (const block of source.blocks()) {
    if (isRefusal(block)) return block
    if (reader === undefined) {
      const opened = openList(source, block.rows)
      if (isRefusal(opened)) return opened
      reader = opened
    }
    const listed: Listed[] = []
    for (const row of block.rows) {
      const entry = reader(row)
      if (isRefusal(entry)) return entry
      if (entry === undefined) continue
      const { accountNo, rowNo } = entry
      if (accountNo === '') {
        tell({ kind: 'unreadable', accountNo: cellAt(row, 0), rowNo, inRoster: '', inList: entry.name })
        continue
      }
      const earlier = rowByNo.get(accountNo)
      if (earlier !== undefined) {
        tell({ kind: 'twice_in_list', accountNo, rowNo, inRoster: '', inList: String(earlier) })
        continue
      }
      rowByNo.set(accountNo, rowNo)
      listed.push(entry)
    }
    const lineByNo = new Map<string, RosterLine>()
    for (const line of await inRoster(listed.map(({ accountNo }) => accountNo))) lineByNo.set(line.accountNo, line)
    for (const entry of listed)
      for (const difference of differencesOf(entry, lineByNo.get(entry.accountNo))) tell(difference)
  }
  return undefined
}

/** What a row of the list says; `undefined` for title, blank and total rows. */
type ListReader = (row: TableRow) => Listed | undefined | Refusal

function openList(source: TableSource, rows: readonly TableRow[]): ListReader | Refusal {
  const header = findHeader(source.name, rows, columnNames)
  if (isRefusal(header)) return header
  const columns = settleColumns(header, columnNames, { required: ['accountNo'] })
  if (isRefusal(columns)) return columns
  const text = (row: TableRow, column: number | undefined) =>
    column === undefined ? '' : normaliseCell(cellAt(row, column))
  const { accountNo: numberColumn = 0, name, category } = columns
  return (row) => {
    const role = rowRole(header, row)
    if (isRefusal(role)) return role
    if (role !== 'entry') return undefined
    const number = readIdentifierCell(cellAt(row, numberColumn), kindAt(row, numberColumn))
    const accountNo = 'value' in number ? number.value : ''
    return { accountNo, name: text(row, name), category: text(row, category), rowNo: row.rowNumber }
  }
}

function differencesOf(entry: Listed, line: RosterLine | undefined): RosterDifference[] {
  const { accountNo, rowNo, name, category } = entry
  if (line === undefined) return [{ kind: 'only_in_list', accountNo, rowNo, inRoster: '', inList: name }]
  const differences: RosterDifference[] = []
  if (name !== '' && !isSameName(name, line.dischargerName)) {
    differences.push({ kind: 'name_differs', accountNo, rowNo, inRoster: line.dischargerName, inList: name })
  }
  if (category !== '' && category !== line.categoryName && category !== line.categoryCode) {
    differences.push({ kind: 'category_differs', accountNo, rowNo, inRoster: line.categoryName, inList: category })
  }
  return differences
}

/** Names are compared without blanks and brackets' width, which files write as they like. */
function isSameName(a: string, b: string): boolean {
  const plain = (name: string) => normaliseCell(name).replace(/\s/g, '')
  return plain(a) === plain(b)
}
