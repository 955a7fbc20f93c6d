import { type RawBuilder, sql } from 'kysely'

/**
 * Whether a column is one of these ids. Accounts are mostly listed in the order they were registered in, so that a block
 * of them is a run of ids: then a range of the index is read, at a fraction of what as many single look-ups cost, and no
 * list travels. A range may hold a few ids that were not asked for: who needs exactly these leaves out the others.
 */
export function among(column: RawBuilder<unknown>, ids: readonly string[]): RawBuilder<unknown> {
  let least = Number.POSITIVE_INFINITY
  let greatest = 0
  for (const id of ids) {
    const number = Number(id)
    if (number < least) least = number
    if (number > greatest) greatest = number
  }
  const isRun = ids.length > 100 && greatest - least < ids.length * 2
  return isRun
    ? sql`${column} between ${String(least)}::bigint and ${String(greatest)}::bigint`
    : sql`${column} = any(${ids}::bigint[])`
}
