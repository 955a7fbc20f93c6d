import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { normaliseCell } from './tables/cell-text.ts'
import { findHeader, type HeaderNames, rowRole, settleColumns } from './tables/header.ts'
import { openTable } from './tables/read-table.ts'
import { type CellKind, cellAt, type DateSystem, kindAt, type TableRow } from './tables/table-file.ts'

/** One row under the header; a field whose column the file does not have reads as ''. */
export interface SmallTableRow<Field extends string> {
  /** As Excel numbers it. */
  readonly rowNumber: number
  text(field: Field): string
  kind(field: Field): CellKind
}

export interface SmallTable<Field extends string> {
  readonly file: string
  readonly dateSystem: DateSystem
  readonly rows: readonly SmallTableRow<Field>[]
}

/**
 * Reads a CSV or Excel file of a few hundred rows at once: a year's holidays, a schedule's prices. Refuses what the
 * table readers refuse, and required fields without a column. Imports of readings and registers stream instead.
 */
export async function readSmallTable<Field extends string>(
  path: string,
  names: HeaderNames<Field>,
  required: readonly NoInfer<Field>[],
): Promise<SmallTable<Field> | Refusal> {
  const table = await openTable({ path, name: path.split(/[\\/]/).at(-1) ?? path })
  if (isRefusal(table)) return table
  try {
    const all: TableRow[] = []
    for await (const block of table.blocks()) {
      if (isRefusal(block)) return block
      all.push(...block.rows)
    }
    const header = findHeader(table.name, all, names)
    if (isRefusal(header)) return header
    const columns = settleColumns(header, names, { required })
    if (isRefusal(columns)) return columns
    const rows: SmallTableRow<Field>[] = []
    for (const row of all) {
      const role = rowRole(header, row)
      if (isRefusal(role)) return role
      if (role === 'above_header' || role === 'blank' || role === 'header_again') continue
      rows.push({
        rowNumber: row.rowNumber,
        text: (field) => normaliseCell(cellAt(row, columns[field] ?? -1)),
        kind: (field) => kindAt(row, columns[field] ?? -1),
      })
    }
    return { file: table.name, dateSystem: table.dateSystem, rows }
  } finally {
    await table.close()
  }
}
