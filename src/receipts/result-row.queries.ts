import { sql } from 'kysely'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import { resultImportKind } from './result.reasons.ts'

/** A row of a result file that was not simply taken. */
export interface ResultRowToSee {
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly requestNo: string
  readonly reasons: readonly RowReason[]
}

/** Held and rejected rows of a file of results, in its order; none for what is no import of this kind. */
export async function resultRowsOf(db: Db | Trx, importId: string): Promise<ResultRowToSee[]> {
  if (!/^\d{1,18}$/.test(importId)) return []
  const { rows } = await sql<ResultRowToSee>`
    select h.row_no as "rowNo", h.verdict, coalesce(h.subject->>'requestNo', '') as "requestNo", h.reasons
    from import_rows h join imports i on i.id = h.import_id
    where i.kind = ${resultImportKind} and h.import_id = ${importId}::bigint order by h.row_no`.execute(db)
  return rows
}
