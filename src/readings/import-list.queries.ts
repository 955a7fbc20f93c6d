import { type RawBuilder, sql } from 'kysely'
import type { FeeMonth } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { RowDecisionName } from '../platform/row-decisions.ts'
import type { RowSubject } from './unsettled-rows.ts'

/** One row of the list of imports. */
export interface ImportListRow {
  readonly id: string
  readonly collector_code: string
  readonly collector_name: string
  readonly fee_month: string
  readonly file_name: string
  readonly rows_in: number
  readonly rows_accepted: number
  readonly undecided: number
  readonly volume_in_m3: string
  readonly imported_by: string
  readonly recorded_at: Date
}

export interface ImportListFilter {
  readonly collector?: string
  readonly month?: FeeMonth
  readonly open?: 'yes'
}

/** The imports that fit, without order and limit. */
export function importListRows(filter: ImportListFilter): RawBuilder<ImportListRow> {
  const conditions = [sql`i.kind = 'readings'`]
  if (filter.collector !== undefined) conditions.push(sql`starts_with(i.scope, ${`${filter.collector}/`})`)
  if (filter.month !== undefined) conditions.push(sql`split_part(i.scope, '/', 2) = ${filter.month}`)
  if (filter.open !== undefined) conditions.push(sql`exists (select ${undecidedRows})`)
  return sql<ImportListRow>`
    select i.id, split_part(i.scope, '/', 1) as collector_code, k.name as collector_name,
      split_part(i.scope, '/', 2) as fee_month, i.file_name, r.rows_in, r.rows_accepted, r.volume_in_m3,
      (select count(*)::int ${undecidedRows}) as undecided, s.name as imported_by, i.recorded_at
    from imports i join import_results r on r.import_id = i.id join commands c on c.command_id = i.command_id
      join staff s on s.id = c.actor_id join collectors k on k.code = split_part(i.scope, '/', 1)
    where ${sql.join(conditions, sql` and `)}`
}

const undecidedRows = sql`from import_rows h where h.import_id = i.id and not exists (
  select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)`

/** What a file says as a number, to be put in order by; none where it is not written as one. */
const asNumber = (field: 'start' | 'end'): RawBuilder<unknown> => sql`case
  when h.subject->'stated'->>${sql.lit(field)} ~ '^-?\\d+(\\.\\d+)?$' then (h.subject->'stated'->>${sql.lit(field)})::numeric end`

/** One held or rejected row of an import. */
export interface HeldRowLine {
  readonly import_id: string
  readonly row_no: number
  readonly verdict: 'held' | 'rejected'
  readonly reasons: readonly RowReason[]
  readonly subject: RowSubject
  readonly account_id: AccountId | null
  readonly volume_m3: string | null
  readonly account_no: string | null
  readonly decision: RowDecisionName | null
  readonly decision_reason: string | null
  readonly decided_by: string | null
}

export interface HeldRowFilter {
  readonly verdict?: 'held' | 'rejected'
  readonly code?: string
  readonly open?: 'yes' | 'no'
}

/** The held and rejected rows of an import that fit, without order and limit. */
export function heldRowLines(importId: string, filter: HeldRowFilter): RawBuilder<HeldRowLine> {
  const conditions = [sql`h.import_id = ${importId}::bigint`]
  if (filter.verdict !== undefined) conditions.push(sql`h.verdict = ${filter.verdict}`)
  if (filter.code !== undefined) {
    conditions.push(sql`h.reasons @> ${JSON.stringify([{ code: filter.code }])}::jsonb`)
  }
  if (filter.open !== undefined)
    conditions.push(filter.open === 'yes' ? sql`d.row_no is null` : sql`d.row_no is not null`)
  return sql<HeldRowLine>`
    select h.import_id, h.row_no, h.verdict, h.reasons, h.subject, h.account_id, h.volume_m3, h.subject->'stated'->>'account' as account_no,
      h.subject->'stated'->>'name' as name, ${asNumber('start')} as start, ${asNumber('end')} as end,
      d.decision, d.reason as decision_reason, s.name as decided_by
    from import_rows h left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
      left join commands c on c.command_id = d.command_id left join staff s on s.id = c.actor_id
    where ${sql.join(conditions, sql` and `)}`
}
