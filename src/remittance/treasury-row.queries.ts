import { sql } from 'kysely'
import type { Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { groupedBy } from '../payments/grouped-by.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isImport } from '../platform/is-import.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { treasuryImportKind } from './treasury.reasons.ts'
import type { MatchedReceipt } from './treasury.rules.ts'
import type { treasuryDecisionNames } from './treasury-row.ts'

/** A row of a treasury file that matched nothing, with what a person said of it. */
export interface UnmatchedRow {
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly receivedOn: string | null
  readonly reference: string
  readonly payer: string
  readonly amount: string | null
  readonly reasons: readonly RowReason[]
  readonly decision: keyof typeof treasuryDecisionNames | null
  readonly decisionReason: string | null
}

/** Held and rejected rows of an import, in order of the file. Refuses what is no import of this kind. */
export async function treasuryRowsOf(
  db: Db | Trx,
  importId: string,
  undecided: boolean,
): Promise<UnmatchedRow[] | Refusal> {
  if (!(await isImport(db, treasuryImportKind, importId)))
    return refuseRemittance('treasury_import_unknown', { importId })
  const { rows } = await sql<UnmatchedRow>`
    select h.row_no as "rowNo", h.verdict, h.subject->>'receivedOn' as "receivedOn", coalesce(h.subject->>'reference', '') as reference,
      coalesce(h.subject->>'payer', '') as payer, h.amount, h.reasons, d.decision, d.reason as "decisionReason"
    from import_rows h
      left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
    where h.import_id = ${importId}::bigint
      and ${undecided ? sql`d.row_no is null` : sql`true`} order by h.row_no`.execute(db)
  return rows
}

/** The receipts that each voucher, or one of them, was matched with, first to last. */
export async function matchedReceipts(db: Db | Trx, voucherId?: string): Promise<Map<string, MatchedReceipt[]>> {
  const { rows } = await sql<MatchedReceipt & { voucherId: string }>`
    select voucher_id as "voucherId", import_id as "importId", row_no as "rowNo", treasury_reference as reference,
      received_on as "receivedOn"
    from treasury_matches where ${voucherId === undefined ? sql`true` : sql`voucher_id = ${voucherId}::bigint`}
    order by import_id, row_no`.execute(db)
  return groupedBy(rows, (row) => row.voucherId)
}
