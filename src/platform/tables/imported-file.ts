import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { examineFile, type GivenFile } from '../files.ts'
import type { ColumnMapping, FoundHeader } from './header.ts'
import { openTable } from './read-table.ts'
import { columnLetters, type TableRow, type TableSource, type TextEncoding } from './table-file.ts'

/** Rows that are read, judged and stored at a time: each block's statements are planned anew, and its rows lie in memory. */
const rowsPerBlock = 3_000

/**
 * Opens a file of rows that are to be imported: its bytes as they came, and its table in blocks. Refuses what is no table;
 * the caller closes the table.
 */
export async function openImportedFile(choice: {
  readonly path: string
  readonly encoding?: TextEncoding | undefined
  readonly sheet?: string | undefined
}): Promise<{ readonly given: GivenFile; readonly table: TableSource } | Refusal> {
  const given = await examineFile(choice.path)
  if (isRefusal(given)) return given
  const { encoding, sheet } = choice
  const table = await openTable(given, {
    blockRows: rowsPerBlock,
    ...(encoding === undefined ? {} : { encoding }),
    ...(sheet === undefined ? {} : { sheet }),
  })
  return isRefusal(table) ? table : { given, table }
}

/** The first rows, among which the header is. */
export async function rowsAtTheTop(table: TableSource): Promise<readonly TableRow[] | Refusal> {
  for await (const block of table.blocks()) return isRefusal(block) ? block : block.rows
  return []
}

/** Columns in one order, so that the same mapping is the same text. */
export function columnsText<Field extends string>(columns: ColumnMapping<Field>, fields: readonly Field[]): string {
  return fields.flatMap((field) => (columns[field] === undefined ? [] : [`${field}=${columns[field]}`])).join(' ')
}

/** Field → title of its column, or the column's letters where it has none. */
export function titlesOf<Field extends string>(
  columns: ColumnMapping<Field>,
  header: FoundHeader<Field>,
  fields: readonly Field[],
): { readonly [Key in Field]?: string } {
  const titles: { [Key in Field]?: string } = {}
  for (const field of fields) {
    const column = columns[field]
    if (column !== undefined) titles[field] = header.texts[column] ?? columnLetters(column)
  }
  return titles
}

/** How a file was read, to be kept with its import. */
export function formatOf({ format, encoding, delimiter, sheet }: TableSource, header: FoundHeader<string>) {
  return {
    format,
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(sheet === undefined ? {} : { sheet }),
    headerRow: header.rowNumber,
    titles: header.texts,
  }
}
