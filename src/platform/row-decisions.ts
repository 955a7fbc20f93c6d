import { sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import type { CommandContext } from './command.ts'
import type { Trx } from './database.ts'

/** What became of a held or rejected row; 取代: a row of a later file took it over. */
export const rowDecisionNames = {
  accepted: { zh: '接受', en: 'accepted' },
  corrected: { zh: '改正', en: 'corrected' },
  rejected: { zh: '拒绝', en: 'rejected' },
  superseded: { zh: '由后来的文件取代', en: 'taken over by a later file' },
} as const
export type RowDecisionName = keyof typeof rowDecisionNames

const verdictNames = { held: { zh: '待审', en: 'held' }, rejected: { zh: '拒绝', en: 'rejected' } } as const

/** The verdict of a row that goes back to Excel, with what became of it since: `待审 → 接受`. */
export function sayVerdict(
  verdict: keyof typeof verdictNames,
  decision: RowDecisionName | undefined,
  language: 'zh' | 'en',
): string {
  const name = verdictNames[verdict][language]
  return decision === undefined ? name : `${name} → ${rowDecisionNames[decision][language]}`
}

export interface RowDecision {
  readonly importId: ImportId
  readonly rowNo: number
  readonly decision: RowDecisionName
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

/** A row of a file, with the row of an earlier import that it says it is. */
export interface ReturningRow {
  readonly rowNo: number
  readonly origin?: { readonly importId: string; readonly rowNo: number } | undefined
}

/**
 * Rows of earlier imports of a kind that nobody has decided and that come back in this one, whatever its verdict on them:
 * they are decided as superseded, so that each row waits once. `scope` is how the scope of those imports begins. Answers
 * how many.
 */
export async function supersedeOrigins(
  context: CommandContext,
  importId: ImportId,
  { kind, scope }: { readonly kind: string; readonly scope: string },
  rows: readonly ReturningRow[],
): Promise<number> {
  const returning = rows.flatMap(({ rowNo, origin }) => (origin === undefined ? [] : [{ rowNo, origin }]))
  if (returning.length === 0) return 0
  const { rows: open } = await sql<{ import_id: ImportId; origin_no: number; row_no: number }>`
    select distinct on (h.import_id, h.row_no) h.import_id, h.row_no as origin_no, r.row_no
    from unnest(${returning.map(({ origin }) => origin.importId)}::bigint[], ${returning.map(({ origin }) => origin.rowNo)}::int[],
        ${returning.map(({ rowNo }) => rowNo)}::int[]) as r (import_id, origin_no, row_no)
      join imports i on i.id = r.import_id and i.kind = ${kind} and starts_with(i.scope, ${scope})
      join import_rows h on h.import_id = r.import_id and h.row_no = r.origin_no
    where r.import_id <> ${importId}::bigint
      and not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)`.execute(
    context.trx,
  )
  const decisions = open.map((each) => ({
    importId: each.import_id,
    rowNo: each.origin_no,
    decision: 'superseded' as const,
    reason: supersededBy(importId, each.row_no),
  }))
  await storeDecisions(context.trx, decisions, context)
  return decisions.length
}

export const supersededBy = (importId: ImportId, rowNo: number): string =>
  `由导入 ${importId} 第 ${rowNo} 行取代 (taken over by row ${rowNo} of import ${importId})`
