import { sql } from 'kysely'
import type { Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isImport } from '../platform/is-import.ts'
import { refuseReceipt } from './receipts.refusals.ts'
import { resultImportKind } from './result.reasons.ts'

/** A row of a result file that was not simply taken. */
export interface ResultRowToSee {
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly requestNo: string
  readonly reasons: readonly RowReason[]
}

/** Held and rejected rows of a file of results, in its order. Refuses what is no import of this kind. */
export async function resultRowsOf(db: Db | Trx, importId: string): Promise<ResultRowToSee[] | Refusal> {
  if (!(await isImport(db, resultImportKind, importId))) return refuseReceipt('result_import_unknown', { importId })
  const { rows } = await sql<ResultRowToSee>`
    select row_no as "rowNo", verdict, coalesce(subject->>'requestNo', '') as "requestNo", reasons
    from import_rows where import_id = ${importId}::bigint order by row_no`.execute(db)
  return rows
}
