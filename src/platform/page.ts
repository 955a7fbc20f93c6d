import { type RawBuilder, sql } from 'kysely'

/** What a list is asked for: the rows after a key, at most so many. */
export interface Page<Key extends readonly string[]> {
  readonly after: Key | undefined
  readonly limit: number
}

/**
 * The condition of a next page: rows behind `after` in the order of these columns, all up or all down, so that an index
 * on them finds the place. True for the first page.
 */
export function behind(
  columns: readonly string[],
  after: readonly string[] | undefined,
  direction: 'asc' | 'desc' = 'asc',
): RawBuilder<boolean> {
  if (after === undefined) return sql<boolean>`true`
  const row = sql.join(columns.map((column) => sql.ref(column)))
  return direction === 'asc'
    ? sql<boolean>`(${row}) > (${sql.join([...after])})`
    : sql<boolean>`(${row}) < (${sql.join([...after])})`
}

/** The same for a short list that is read whole: its rows in the order of their keys, those behind `after`. */
export function pageOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string, page: Page<readonly [string]>): Row[] {
  const [after] = page.after ?? []
  return [...rows]
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .filter((row) => after === undefined || keyOf(row) > after)
    .slice(0, page.limit)
}
