import { sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import type { Trx } from './database.ts'

/** What became of a held or rejected row. */
export interface RowDecision {
  readonly importId: ImportId
  readonly rowNo: number
  readonly decision: 'accepted' | 'corrected' | 'rejected' | 'superseded'
  readonly reason: string
  /** Corrected values by field, as they were given. */
  readonly corrected?: Readonly<Record<string, string>>
}

/** Keeps what became of held and rejected rows; each row is decided once. */
export async function storeDecisions(
  trx: Trx,
  decisions: readonly RowDecision[],
  by: { readonly commandId: string; readonly recordedAt: Date },
): Promise<void> {
  if (decisions.length === 0) return
  await sql`
    insert into import_row_decisions (import_id, row_no, decision, reason, corrected, command_id, recorded_at)
    select *, ${by.commandId}, ${by.recordedAt}::timestamptz from unnest(
      ${decisions.map((each) => each.importId)}::bigint[], ${decisions.map((each) => each.rowNo)}::int[],
      ${decisions.map((each) => each.decision)}::text[], ${decisions.map((each) => each.reason)}::text[],
      ${decisions.map((each) => (each.corrected === undefined ? null : JSON.stringify(each.corrected)))}::jsonb[])`.execute(
    trx,
  )
}
