import { type RawBuilder, sql } from 'kysely'
import { findCollector, suppliedAccountNos } from '../dischargers/account.queries.ts'
import { type FeeMonth, feeMonth, lastDay } from '../kernel/calendar.ts'
import type { AccountId, ImportId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind, type Page } from '../platform/page.ts'
import type { RowDecisionName } from '../platform/row-decisions.ts'
import { absentOf } from './absent-accounts.queries.ts'
import type { ImportFinding } from './import.findings.ts'
import type { StatedTexts } from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'
import type { RowSubject } from './unsettled-rows.ts'

/** How a file was read; kept with its import. */
export interface ImportFormat {
  readonly format: string
  readonly encoding?: string
  readonly delimiter?: string
  readonly sheet?: string
  readonly headerRow: number
  /** The header as the file has it. */
  readonly titles: readonly string[]
  readonly unitNote?: string
}

/** One import of readings with its counts; volumes in m³. */
export interface ReadingImport {
  readonly importId: ImportId
  readonly collectorCode: string
  readonly feeMonth: FeeMonth
  readonly fileName: string
  readonly fileDigest: string
  readonly format: ImportFormat
  /** Field → title of the column it was read from. */
  readonly mapping: StatedTexts
  readonly importedBy: string
  readonly recordedAt: Date
  readonly rows: {
    readonly in: number
    readonly accepted: number
    readonly held: number
    readonly rejected: number
    readonly withoutVolume: number
  }
  readonly volumesM3: {
    readonly in: string
    readonly accepted: string
    readonly held: string
    readonly rejected: string
  }
  /** Held and rejected rows nobody has decided. */
  readonly undecided: number
  readonly findings: readonly ImportFinding[]
}

/** Imports of readings, newest first. */
export async function readingImports(
  db: Db | Trx,
  filter: {
    readonly collectorCode?: string
    readonly feeMonth?: FeeMonth
    readonly page?: Page<readonly [string]>
  } = {},
): Promise<ReadingImport[]> {
  const conditions = [
    behind(['i.id'], filter.page?.after, 'desc'),
    ...(filter.collectorCode === undefined ? [] : [sql`starts_with(i.scope, ${`${filter.collectorCode}/`})`]),
    ...(filter.feeMonth === undefined ? [] : [sql`split_part(i.scope, '/', 2) = ${filter.feeMonth}`]),
  ]
  return importsWhere(db, sql.join(conditions, sql` and `), filter.page?.limit ?? 100)
}

async function importsWhere(db: Db | Trx, where: RawBuilder<unknown>, limit: number): Promise<ReadingImport[]> {
  const { rows } = await sql<{
    id: ImportId
    scope: string
    file_name: string
    file_digest: string
    format: ImportFormat
    mapping: StatedTexts
    imported_by: string
    recorded_at: Date
    rows_in: number
    rows_accepted: number
    rows_held: number
    rows_rejected: number
    rows_without_volume: number
    volume_in_m3: string
    volume_accepted_m3: string
    volume_held_m3: string
    volume_rejected_m3: string
    findings: ImportFinding[]
    undecided: number
  }>`
    select i.id, i.scope, i.file_name, i.file_digest, i.format, i.mapping, s.name as imported_by, i.recorded_at, r.*,
      (select count(*)::int from import_rows h where h.import_id = i.id and not exists (
        select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)) as undecided
    from imports i join import_results r on r.import_id = i.id
      join commands c on c.command_id = i.command_id join staff s on s.id = c.actor_id
    where i.kind = 'readings' and ${where} order by i.id desc limit ${limit}`.execute(db)
  return rows.map((row) => {
    const { collectorCode, month } = scopeParts(row.scope)
    return {
      importId: row.id,
      collectorCode,
      feeMonth: month,
      fileName: row.file_name,
      fileDigest: row.file_digest,
      format: row.format,
      mapping: row.mapping,
      importedBy: row.imported_by,
      recordedAt: row.recorded_at,
      rows: {
        in: row.rows_in,
        accepted: row.rows_accepted,
        held: row.rows_held,
        rejected: row.rows_rejected,
        withoutVolume: row.rows_without_volume,
      },
      volumesM3: {
        in: row.volume_in_m3,
        accepted: row.volume_accepted_m3,
        held: row.volume_held_m3,
        rejected: row.volume_rejected_m3,
      },
      undecided: row.undecided,
      findings: row.findings,
    }
  })
}

function scopeParts(scope: string): { collectorCode: string; month: FeeMonth } {
  const [collectorCode = '', month = ''] = scope.split('/')
  return { collectorCode, month: feeMonth(month) }
}

export interface ImportReport extends ReadingImport {
  /** Rows that are or were held or rejected, by reason: all of them, and those nobody has decided. */
  readonly reasons: readonly { readonly code: string; readonly rows: number; readonly undecided: number }[]
  /** What became of them. */
  readonly decisions: readonly { readonly decision: RowDecisionName; readonly rows: number }[]
}

/** One import with what became of its rows. Refuses an unknown number. */
export async function importReport(db: Db | Trx, importId: string): Promise<ImportReport | Refusal> {
  const unknown = refuseReading('readings_import_unknown', { importId })
  if (!/^\d{1,18}$/.test(importId)) return unknown
  const [found] = await importsWhere(db, sql`i.id = ${importId}::bigint`, 1)
  if (found === undefined) return unknown
  const reasons = await sql<{ code: string; rows: number; undecided: number }>`
    select reason.code, count(*)::int as rows, count(*) filter (where d.row_no is null)::int as undecided
    from import_rows h cross join lateral (select distinct each->>'code' as code from jsonb_array_elements(h.reasons) each) reason
      left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
    where h.import_id = ${importId}::bigint group by reason.code order by rows desc, reason.code`.execute(db)
  const decisions = await sql<{ decision: RowDecisionName; rows: number }>`
    select decision, count(*)::int as rows from import_row_decisions
    where import_id = ${importId}::bigint group by decision order by decision`.execute(db)
  return { ...found, reasons: reasons.rows, decisions: decisions.rows }
}

/** A held or rejected row as the file had it, with what became of it. */
export interface ImportRow {
  readonly importId: ImportId
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly cells: readonly string[]
  readonly reasons: readonly RowReason[]
  readonly subject: RowSubject
  readonly accountId: AccountId | null
  /** As the row states it. */
  readonly accountNo: string | null
  readonly volumeM3: string | null
  readonly decision:
    | { readonly decision: RowDecisionName; readonly reason: string; readonly by: string; readonly at: Date }
    | undefined
}

export interface RowFilter {
  readonly verdict?: 'held' | 'rejected'
  readonly undecided?: boolean
  /** Rows that have this reason, perhaps with others. */
  readonly code?: string
  /** Rows that have no reason but these. */
  readonly codesOnly?: readonly string[]
  readonly rowNos?: readonly number[]
  /** Rows after this one, for paging. */
  readonly after?: number
  readonly limit?: number
}

/** Held and rejected rows of an import, in order of the file. */
export async function rowsOf(db: Db | Trx, importId: ImportId, filter: RowFilter): Promise<ImportRow[]> {
  const conditions = [
    sql`h.import_id = ${importId}::bigint`,
    ...(filter.verdict === undefined ? [] : [sql`h.verdict = ${filter.verdict}`]),
    ...(filter.undecided ? [sql`d.row_no is null`] : []),
    ...(filter.code === undefined ? [] : [sql`h.reasons @> ${JSON.stringify([{ code: filter.code }])}::jsonb`]),
    ...(filter.codesOnly === undefined
      ? []
      : [
          sql`not exists (select from jsonb_array_elements(h.reasons) each where not each->>'code' = any(${filter.codesOnly}::text[]))`,
        ]),
    ...(filter.rowNos === undefined ? [] : [sql`h.row_no = any(${filter.rowNos}::int[])`]),
    ...(filter.after === undefined ? [] : [sql`h.row_no > ${filter.after}`]),
  ]
  const { rows } = await sql<{
    row_no: number
    verdict: 'held' | 'rejected'
    cells: string[]
    reasons: RowReason[]
    subject: RowSubject
    account_id: AccountId | null
    volume_m3: string | null
    decision: RowDecisionName | null
    decision_reason: string | null
    decided_by: string | null
    decided_at: Date | null
  }>`
    select h.row_no, h.verdict, h.cells, h.reasons, h.subject, h.account_id, h.volume_m3, d.decision,
      d.reason as decision_reason, s.name as decided_by, d.recorded_at as decided_at
    from import_rows h left join import_row_decisions d on d.import_id = h.import_id and d.row_no = h.row_no
      left join commands c on c.command_id = d.command_id left join staff s on s.id = c.actor_id
    where ${sql.join(conditions, sql` and `)} order by h.row_no limit ${filter.limit ?? null}::int`.execute(db)
  return rows.map((row) => ({
    importId,
    rowNo: row.row_no,
    verdict: row.verdict,
    cells: row.cells,
    reasons: row.reasons,
    subject: row.subject,
    accountId: row.account_id,
    accountNo: row.subject.stated.account ?? null,
    volumeM3: row.volume_m3,
    decision:
      row.decision === null || row.decided_at === null
        ? undefined
        : { decision: row.decision, reason: row.decision_reason ?? '', by: row.decided_by ?? '', at: row.decided_at },
  }))
}

/**
 * Open accounts of the import's collector that a file of its month should have named and none did (`absentOf`), in pages
 * ordered by number.
 */
export async function* absentAccounts(
  db: Db | Trx,
  importId: ImportId,
  after = '',
): AsyncGenerator<{ readonly accountId: AccountId; readonly accountNo: string }[]> {
  const [found] = await importsWhere(db, sql`i.id = ${importId}::bigint`, 1)
  const { collectorCode, feeMonth: month } = present(found, `there is an import ${importId}`)
  const collector = present(await findCollector(db, collectorCode), 'the collector of an import is registered')
  for await (const page of suppliedAccountNos(db, collector.collectorId, lastDay(month), 10_000, after)) {
    const absent = await absentOf(db, page, month)
    if (absent.length > 0) yield absent
  }
}

/** The first of them behind a number, at most so many. */
export async function absentAccountPage(db: Db | Trx, importId: ImportId, after: string, limit: number) {
  const page: { readonly accountId: AccountId; readonly accountNo: string }[] = []
  for await (const absent of absentAccounts(db, importId, after)) {
    page.push(...absent)
    if (page.length >= limit) break
  }
  return page.slice(0, limit)
}
