import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { ImportId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { RowDecisionName } from '../platform/row-decisions.ts'
import type { PlantDayTexts } from './plant-day-columns.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/** One import of a plant's days with its counts; volumes in m³. */
export interface PlantImport {
  readonly importId: ImportId
  readonly plantCode: string
  readonly plantName: string
  readonly fileName: string
  /** The header as the file has it. */
  readonly titles: readonly string[]
  /** Field → title of the column it was read from. */
  readonly mapping: PlantDayTexts
  readonly importedBy: string
  readonly recordedAt: Date
  readonly actingOn: CivilDate
  readonly rows: { readonly in: number; readonly accepted: number; readonly held: number; readonly rejected: number }
  readonly volumeInM3: string
  /** Held and rejected rows nobody has decided. */
  readonly undecided: number
}

/** Imports of plant days, newest first. */
export async function plantImports(
  db: Db | Trx,
  filter: { readonly plantCode?: string | undefined; readonly limit: number },
): Promise<PlantImport[]> {
  const { plantCode } = filter
  return importsWhere(
    db,
    plantCode === undefined ? sql`true` : sql`starts_with(i.scope, ${`${plantCode}/`})`,
    filter.limit,
  )
}

/** One import. Refuses an unknown number. */
export async function findPlantImport(db: Db | Trx, importId: string): Promise<PlantImport | Refusal> {
  const [found] = /^\d{1,18}$/.test(importId) ? await importsWhere(db, sql`i.id = ${importId}::bigint`, 1) : []
  return found ?? refuseSettlement('plant_import_unknown', { importId })
}

async function importsWhere(db: Db | Trx, where: RawBuilder<unknown>, limit: number): Promise<PlantImport[]> {
  const { rows } = await sql<{
    id: ImportId
    scope: string
    plant_name: string
    file_name: string
    format: { readonly titles: readonly string[] }
    mapping: PlantDayTexts
    imported_by: string
    recorded_at: Date
    acting_on: CivilDate
    rows_in: number
    rows_accepted: number
    rows_held: number
    rows_rejected: number
    volume_in_m3: string
    undecided: number
  }>`
    select i.id, i.scope, o.name as plant_name, i.file_name, i.format, i.mapping, s.name as imported_by, i.recorded_at, c.acting_on, r.*,
      (select count(*)::int from import_rows h where h.import_id = i.id and not exists (
        select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)) as undecided
    from imports i join import_results r on r.import_id = i.id
      join commands c on c.command_id = i.command_id join staff s on s.id = c.actor_id
      join organisations o on o.code = split_part(i.scope, '/', 1)
    where i.kind = 'plant_days' and ${where} order by i.id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({
    importId: row.id,
    plantCode: row.scope.split('/')[0] ?? '',
    plantName: row.plant_name,
    fileName: row.file_name,
    titles: row.format.titles,
    mapping: row.mapping,
    importedBy: row.imported_by,
    recordedAt: row.recorded_at,
    actingOn: row.acting_on,
    rows: { in: row.rows_in, accepted: row.rows_accepted, held: row.rows_held, rejected: row.rows_rejected },
    volumeInM3: row.volume_in_m3,
    undecided: row.undecided,
  }))
}

/** A held or rejected row as the file had it, with what became of it. */
export interface PlantImportRow {
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly cells: readonly string[]
  readonly reasons: readonly RowReason[]
  readonly stated: PlantDayTexts
  readonly decision: { readonly decision: RowDecisionName; readonly reason: string; readonly by: string } | undefined
}

export interface PlantRowFilter {
  readonly undecided?: boolean | undefined
  readonly rowNos?: readonly number[] | undefined
}

/** Held and rejected rows of an import, in order of the file. */
export async function plantRowsOf(
  db: Db | Trx,
  importId: ImportId,
  filter: PlantRowFilter = {},
): Promise<PlantImportRow[]> {
  const conditions = [
    sql`h.import_id = ${importId}::bigint`,
    ...(filter.undecided ? [sql`d.row_no is null`] : []),
    ...(filter.rowNos === undefined ? [] : [sql`h.row_no = any(${filter.rowNos}::int[])`]),
  ]
  const { rows } = await sql<{
    row_no: number
    verdict: 'held' | 'rejected'
    cells: string[]
    reasons: RowReason[]
    subject: { readonly stated: PlantDayTexts }
    decision: RowDecisionName | null
    decision_reason: string | null
    decided_by: string | null
  }>`
    select h.row_no, h.verdict, h.cells, h.reasons, h.subject, d.decision, d.reason as decision_reason, s.name as decided_by
    from import_rows h left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
      left join commands c on c.command_id = d.command_id left join staff s on s.id = c.actor_id
    where ${sql.join(conditions, sql` and `)} order by h.row_no`.execute(db)
  return rows.map((row) => ({
    rowNo: row.row_no,
    verdict: row.verdict,
    cells: row.cells,
    reasons: row.reasons,
    stated: row.subject.stated,
    decision:
      row.decision === null
        ? undefined
        : { decision: row.decision, reason: row.decision_reason ?? '', by: row.decided_by ?? '' },
  }))
}
