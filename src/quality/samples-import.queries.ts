import { sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db } from '../platform/database.ts'
import { behind } from '../platform/page.ts'
import { refuseQuality } from './quality.refusals.ts'

export const samplesImportKind = 'quality.samples'

/** An import of samples with its counts and the rows nobody has decided. */
export interface SamplesImport {
  readonly importId: ImportId
  readonly fileName: string
  readonly importedBy: string
  readonly recordedAt: Date
  readonly rows: { readonly in: number; readonly accepted: number; readonly held: number; readonly rejected: number }
  readonly undecided: number
  readonly titles: readonly string[]
}

/** Imports of samples, newest first. */
export async function samplesImports(
  db: Db,
  filter: {
    readonly importId?: string | undefined
    /** Those before this one. */
    readonly before?: string | undefined
    readonly limit?: number
  } = {},
): Promise<SamplesImport[]> {
  const { importId, before, limit = 1_000 } = filter
  const { rows } = await sql<{
    id: ImportId
    file_name: string
    imported_by: string
    recorded_at: Date
    rows_in: number
    rows_accepted: number
    rows_held: number
    rows_rejected: number
    undecided: number
    titles: string[]
  }>`
    select i.id, i.file_name, s.name as imported_by, i.recorded_at, r.rows_in, r.rows_accepted, r.rows_held,
      r.rows_rejected, i.format->'titles' as titles, (select count(*)::int from import_rows h where h.import_id = i.id
        and not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)) as undecided
    from imports i join import_results r on r.import_id = i.id
      join commands c on c.command_id = i.command_id join staff s on s.id = c.actor_id
    where i.kind = ${samplesImportKind} and ${importId === undefined ? sql`true` : sql`i.id = ${importId}::bigint`}
      and ${behind(['i.id'], before === undefined ? undefined : [before], 'desc')}
    order by i.id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({
    importId: row.id,
    fileName: row.file_name,
    importedBy: row.imported_by,
    recordedAt: row.recorded_at,
    rows: { in: row.rows_in, accepted: row.rows_accepted, held: row.rows_held, rejected: row.rows_rejected },
    undecided: row.undecided,
    titles: row.titles,
  }))
}

/** One import. Refuses an unknown number. */
export async function findSamplesImport(db: Db, importId: string): Promise<SamplesImport | Refusal> {
  const [found] = /^\d{1,18}$/.test(importId) ? await samplesImports(db, { importId }) : []
  return found ?? refuseQuality('samples_import_missing', { importId })
}

/** A held or rejected row of an import as the file had it. */
export interface SamplesImportRow {
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly cells: readonly string[]
  readonly reasons: readonly RowReason[]
  /** What became of it: taken over by a later file. */
  readonly decision: string | null
}

/** Held and rejected rows of an import, in order of the file: all, or a page of them. Refuses an unknown import. */
export async function samplesRowsOf(
  db: Db,
  importId: string,
  page?: { readonly after: number; readonly limit: number },
): Promise<{ readonly found: SamplesImport; readonly rows: readonly SamplesImportRow[] } | Refusal> {
  const found = await findSamplesImport(db, importId)
  if (isRefusal(found)) return found
  const { rows } = await sql<SamplesImportRow>`
    select h.row_no as "rowNo", h.verdict, h.cells, h.reasons, d.reason as decision
    from import_rows h left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
    where h.import_id = ${importId}::bigint ${page === undefined ? sql`` : sql`and h.row_no > ${page.after}`}
    order by h.row_no ${page === undefined ? sql`` : sql`limit ${page.limit}`}`.execute(db)
  return { found, rows }
}
