import { type RawBuilder, sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind } from '../platform/page.ts'
import type { RowDecisionName } from '../platform/row-decisions.ts'
import { refusePayment } from './payment.refusals.ts'
import type { PaymentTexts } from './payment-columns.ts'
import type { PaymentFinding } from './payment-import.findings.ts'

/** One import of payments with its counts; amounts in yuan, signed as the rows are. */
export interface PaymentImport {
  readonly importId: ImportId
  readonly collectorCode: string
  readonly fileName: string
  /** The header as the file has it. */
  readonly titles: readonly string[]
  /** Field → title of the column it was read from. */
  readonly mapping: PaymentTexts
  readonly importedBy: string
  readonly recordedAt: Date
  readonly rows: {
    readonly in: number
    readonly accepted: number
    readonly held: number
    readonly rejected: number
    readonly withoutAmount: number
  }
  readonly amounts: {
    readonly in: string
    readonly accepted: string
    readonly held: string
    readonly rejected: string
  }
  /** Held and rejected rows nobody has decided. */
  readonly undecided: number
  readonly findings: readonly PaymentFinding[]
}

/** Imports of payments, newest first. */
export async function paymentImports(
  db: Db | Trx,
  filter: {
    readonly collectorCode?: string | undefined
    /** Those before this one. */
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<PaymentImport[]> {
  const { collectorCode, before } = filter
  const conditions = [
    behind(['i.id'], before === undefined ? undefined : [before], 'desc'),
    ...(collectorCode === undefined ? [] : [sql`starts_with(i.scope, ${`${collectorCode}/`})`]),
  ]
  return importsWhere(db, sql.join(conditions, sql` and `), filter.limit)
}

/** One import. Refuses an unknown number. */
export async function findPaymentImport(db: Db | Trx, importId: string): Promise<PaymentImport | Refusal> {
  const [found] = /^\d{1,18}$/.test(importId) ? await importsWhere(db, sql`i.id = ${importId}::bigint`, 1) : []
  return found ?? refusePayment('payments_import_unknown', { importId })
}

async function importsWhere(db: Db | Trx, where: RawBuilder<unknown>, limit: number): Promise<PaymentImport[]> {
  const { rows } = await sql<{
    id: ImportId
    scope: string
    file_name: string
    format: { readonly titles: readonly string[] }
    mapping: PaymentTexts
    imported_by: string
    recorded_at: Date
    rows_in: number
    rows_accepted: number
    rows_held: number
    rows_rejected: number
    rows_without_amount: number
    amount_in: string
    amount_accepted: string
    amount_held: string
    amount_rejected: string
    findings: PaymentFinding[]
    undecided: number
  }>`
    select i.id, i.scope, i.file_name, i.format, i.mapping, s.name as imported_by, i.recorded_at, r.*,
      (select count(*)::int from import_rows h where h.import_id = i.id and not exists (
        select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)) as undecided
    from imports i join import_results r on r.import_id = i.id
      join commands c on c.command_id = i.command_id join staff s on s.id = c.actor_id
    where i.kind = 'payments' and ${where} order by i.id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({
    importId: row.id,
    collectorCode: row.scope.split('/')[0] ?? '',
    fileName: row.file_name,
    titles: row.format.titles,
    mapping: row.mapping,
    importedBy: row.imported_by,
    recordedAt: row.recorded_at,
    rows: {
      in: row.rows_in,
      accepted: row.rows_accepted,
      held: row.rows_held,
      rejected: row.rows_rejected,
      withoutAmount: row.rows_without_amount,
    },
    amounts: {
      in: row.amount_in,
      accepted: row.amount_accepted,
      held: row.amount_held,
      rejected: row.amount_rejected,
    },
    undecided: row.undecided,
    findings: row.findings,
  }))
}

/** A held or rejected row as the file had it, with what became of it. */
export interface PaymentImportRow {
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly cells: readonly string[]
  readonly reasons: readonly RowReason[]
  readonly stated: PaymentTexts
  readonly amount: string | null
  readonly decision: { readonly decision: RowDecisionName; readonly reason: string; readonly by: string } | undefined
}

export interface PaymentRowFilter {
  readonly verdict?: 'held' | 'rejected' | undefined
  readonly undecided?: boolean | undefined
  /** Rows that have this reason, perhaps with others. */
  readonly code?: string | undefined
  readonly rowNos?: readonly number[] | undefined
  /** Rows after this one, for paging. */
  readonly after?: number | undefined
  readonly limit: number
}

/** Held and rejected rows of an import, in order of the file. */
export async function paymentRowsOf(
  db: Db | Trx,
  importId: ImportId,
  filter: PaymentRowFilter,
): Promise<PaymentImportRow[]> {
  const conditions = [
    sql`h.import_id = ${importId}::bigint`,
    ...(filter.verdict === undefined ? [] : [sql`h.verdict = ${filter.verdict}`]),
    ...(filter.undecided ? [sql`d.row_no is null`] : []),
    ...(filter.code === undefined ? [] : [sql`h.reasons @> ${JSON.stringify([{ code: filter.code }])}::jsonb`]),
    ...(filter.rowNos === undefined ? [] : [sql`h.row_no = any(${filter.rowNos}::int[])`]),
    ...(filter.after === undefined ? [] : [sql`h.row_no > ${filter.after}`]),
  ]
  const { rows } = await sql<{
    row_no: number
    verdict: 'held' | 'rejected'
    cells: string[]
    reasons: RowReason[]
    subject: { readonly stated: PaymentTexts }
    amount: string | null
    decision: RowDecisionName | null
    decision_reason: string | null
    decided_by: string | null
  }>`
    select h.row_no, h.verdict, h.cells, h.reasons, h.subject, h.amount, d.decision, d.reason as decision_reason, s.name as decided_by
    from import_rows h left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
      left join commands c on c.command_id = d.command_id left join staff s on s.id = c.actor_id
    where ${sql.join(conditions, sql` and `)} order by h.row_no limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({
    rowNo: row.row_no,
    verdict: row.verdict,
    cells: row.cells,
    reasons: row.reasons,
    stated: row.subject.stated,
    amount: row.amount,
    decision:
      row.decision === null
        ? undefined
        : { decision: row.decision, reason: row.decision_reason ?? '', by: row.decided_by ?? '' },
  }))
}
