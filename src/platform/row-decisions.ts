import { sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
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
