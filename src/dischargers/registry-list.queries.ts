import { type RawBuilder, sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { RegistryKind } from './registry.ts'

/** One row of the list of registry files. */
export interface RegistryImportRow {
  readonly id: string
  readonly kind: string
  readonly scope: string
  readonly collector_name: string | null
  readonly file_name: string
  readonly rows_in: number
  readonly rows_accepted: number
  readonly rows_rejected: number
  readonly recorded_at: Date
}

/** The imports of registry files that fit, without order and limit. */
export function registryImportRows(filter: {
  readonly kind?: RegistryKind
  readonly id?: ImportId
}): RawBuilder<RegistryImportRow> {
  const kind = filter.kind === undefined ? sql`i.kind like 'registry.%'` : sql`i.kind = ${`registry.${filter.kind}`}`
  const only = filter.id === undefined ? sql`true` : sql`i.id = ${filter.id}::bigint`
  return sql<RegistryImportRow>`
    select i.id, i.kind, i.scope, k.name as collector_name, i.file_name, r.rows_in, r.rows_accepted, r.rows_rejected, i.recorded_at
    from imports i join import_results r on r.import_id = i.id
      left join collectors k on k.code = i.scope
    where ${kind} and ${only}`
}

/** One rejected row of a registry file. */
export interface RejectedLine {
  readonly row_no: number
  readonly cells: readonly string[]
  readonly reasons: readonly RowReason[]
}

/** The rejected rows of an import, of those in which a text stands where one is given; without order and limit. */
export function rejectedLines(importId: string, text?: string): RawBuilder<RejectedLine> {
  return sql<RejectedLine>`
    select h.row_no, h.cells, h.reasons from import_rows h
    where h.import_id = ${importId}::bigint and h.verdict = 'rejected'
      and ${text === undefined ? sql`true` : sql`strpos(h.cells::text, ${text}) > 0`}`
}
