import { sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { CommandContext } from './command.ts'
import type { Db, Trx } from './database.ts'
import { type GivenFile, storeFile } from './files.ts'
import type { Json } from './platform.tables.ts'
import { type FoundHeader, findHeader, type HeaderNames, headerScanRows, isBlank } from './tables/header.ts'
import type { TableRow } from './tables/table-file.ts'

/**
 * What every import of a table file shares: the file is kept and recognised, every row that is not simply accepted is
 * kept with its cells and reasons, and the counts add up (rows in = accepted + held + rejected, volumes likewise).
 */
export interface ImportClaim {
  /** `registry.accounts`, `readings`, … */
  readonly kind: string
  /** What makes the same file a different import: collector, fee month. */
  readonly scope: string
  readonly file: GivenFile
  /** Encoding, sheet, header row: how the file was read. */
  readonly format: Json
  /** Field → column header. */
  readonly mapping: Json
}

export interface ExceptionalRow {
  readonly rowNo: number
  readonly verdict: 'held' | 'rejected'
  readonly cells: readonly string[]
  readonly reasons: readonly RowReason[]
  /** What was understood of the row, so that a person's acceptance can be carried out. */
  readonly subject: Json
  readonly accountId: string | null
  /** First day of the fee month. */
  readonly feeMonth: string | null
  readonly volumeM3: string | null
  /** Of files about money, in yuan. */
  readonly amount?: string | null
}

export interface ImportCounts {
  readonly rowsIn: number
  readonly rowsAccepted: number
  readonly rowsHeld: number
  readonly rowsRejected: number
  readonly volumeInM3: string
  readonly volumeAcceptedM3: string
  readonly volumeHeldM3: string
  readonly volumeRejectedM3: string
  readonly rowsWithoutVolume: number
}

/** Sums of a file about money, in yuan, signed as its rows are. */
export interface ImportAmounts {
  readonly in: string
  readonly accepted: string
  readonly held: string
  readonly rejected: string
  /** Rows whose amount cannot be read. */
  readonly rowsWithout: number
}

/** Claims the file for this import and keeps its bytes. `undefined`: the same file was taken into this scope before. */
export async function claimImport(context: CommandContext, claim: ImportClaim): Promise<ImportId | undefined> {
  const claimed = await context.trx
    .insertInto('imports')
    .values({
      kind: claim.kind,
      scope: claim.scope,
      file_digest: claim.file.digest,
      file_name: claim.file.name,
      format: JSON.stringify(claim.format),
      mapping: JSON.stringify(claim.mapping),
      command_id: context.commandId,
      recorded_at: context.recordedAt,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'scope', 'file_digest']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (claimed === undefined) return undefined
  await storeFile(context.trx, claim.file, context.recordedAt)
  return claimed.id
}

/** Claims the file as `claimImport` does; where it was taken before, the answer that was given then. */
export async function claimOrAnswer<Answer>(
  context: CommandContext,
  claim: ImportClaim,
): Promise<{ readonly importId: ImportId } | { readonly earlier: Answer }> {
  const importId = await claimImport(context, claim)
  if (importId !== undefined) return { importId }
  const found = present(await findImport(context.trx, claim), 'a file that cannot be claimed was imported before')
  return { earlier: found.answer as Answer }
}

/** The earlier import of the same file in the same scope with the answer its command gave. */
export async function findImport(
  db: Db | Trx,
  claim: Pick<ImportClaim, 'kind' | 'scope' | 'file'>,
): Promise<{ importId: ImportId; answer: Json } | undefined> {
  const found = await db
    .selectFrom('imports')
    .innerJoin('audit_events', 'audit_events.command_id', 'imports.command_id')
    .select(['imports.id', 'audit_events.answer'])
    .where('imports.kind', '=', claim.kind)
    .where('imports.scope', '=', claim.scope)
    .where('imports.file_digest', '=', claim.file.digest)
    .executeTakeFirst()
  return found === undefined ? undefined : { importId: found.id, answer: found.answer as Json }
}

/** Keeps held and rejected rows, a block at a time. */
export async function storeExceptionalRows(
  trx: Trx,
  importId: ImportId,
  rows: readonly ExceptionalRow[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into import_rows (import_id, row_no, verdict, cells, reasons, subject, account_id, fee_month, volume_m3, amount)
    select ${importId}::bigint, * from unnest(
      ${rows.map((row) => row.rowNo)}::int[], ${rows.map((row) => row.verdict)}::text[],
      ${rows.map((row) => JSON.stringify(row.cells))}::jsonb[], ${rows.map((row) => JSON.stringify(row.reasons))}::jsonb[],
      ${rows.map((row) => JSON.stringify(row.subject))}::jsonb[], ${rows.map((row) => row.accountId)}::bigint[],
      ${rows.map((row) => row.feeMonth)}::date[], ${rows.map((row) => row.volumeM3)}::numeric[],
      ${rows.map((row) => row.amount ?? null)}::numeric[])`.execute(trx)
}

/** Closes the import with counts that the database checks, and findings about the file as a whole. */
export async function storeImportResult(
  trx: Trx,
  importId: ImportId,
  counts: ImportCounts,
  findings: readonly Json[],
  amounts?: ImportAmounts,
): Promise<void> {
  await trx
    .insertInto('import_results')
    .values({
      import_id: importId,
      rows_in: counts.rowsIn,
      rows_accepted: counts.rowsAccepted,
      rows_held: counts.rowsHeld,
      rows_rejected: counts.rowsRejected,
      volume_in_m3: counts.volumeInM3,
      volume_accepted_m3: counts.volumeAcceptedM3,
      volume_held_m3: counts.volumeHeldM3,
      volume_rejected_m3: counts.volumeRejectedM3,
      rows_without_volume: counts.rowsWithoutVolume,
      ...(amounts === undefined
        ? {}
        : {
            amount_in: amounts.in,
            amount_accepted: amounts.accepted,
            amount_held: amounts.held,
            amount_rejected: amounts.rejected,
            rows_without_amount: amounts.rowsWithout,
          }),
      findings: JSON.stringify(findings),
    })
    .execute()
}

/** Remembers a mapping a person corrected, for this scope and set of headers. */
export async function rememberMapping(
  context: CommandContext,
  memory: { readonly kind: string; readonly scope: string; readonly headerDigest: string; readonly mapping: Json },
): Promise<void> {
  await context.trx
    .insertInto('column_mappings')
    .values({
      kind: memory.kind,
      scope: memory.scope,
      header_digest: memory.headerDigest,
      mapping: JSON.stringify(memory.mapping),
      command_id: context.commandId,
      recorded_at: context.recordedAt,
    })
    .execute()
}

/** The mapping remembered last for this scope and set of headers. */
export async function rememberedMapping(
  db: Db | Trx,
  kind: string,
  scope: string,
  headerDigest: string,
): Promise<Json | undefined> {
  const found = await db
    .selectFrom('column_mappings')
    .select('mapping')
    .where('kind', '=', kind)
    .where('scope', '=', scope)
    .where('header_digest', '=', headerDigest)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found?.mapping as Json | undefined
}

/**
 * The header of a file: in the row a person named, else where known names stand, else in the row whose columns somebody
 * named for this scope in an earlier file: who has said once what each column means need not say again where they stand.
 */
export async function headerOfImport<Field extends string>(
  db: Db | Trx,
  memory: { readonly kind: string; readonly scope: string },
  file: { readonly name: string; readonly rows: readonly TableRow[]; readonly headerRow: number | undefined },
  names: HeaderNames<Field>,
): Promise<FoundHeader<Field> | Refusal> {
  const { name, rows, headerRow } = file
  const found = findHeader(name, rows, names, headerRow === undefined ? {} : { headerRow })
  if (!isRefusal(found) || found.code !== 'no_header_found') return found
  const possible = rows.slice(0, headerScanRows).flatMap((row) => {
    const header = isBlank(row) ? found : findHeader(name, rows, names, { headerRow: row.rowNumber })
    return isRefusal(header) ? [] : [header]
  })
  const remembered = await rememberedAmong(
    db,
    memory,
    possible.map(({ headerDigest }) => headerDigest),
  )
  return possible.find(({ headerDigest }) => remembered.has(headerDigest)) ?? found
}

async function rememberedAmong(
  db: Db | Trx,
  { kind, scope }: { readonly kind: string; readonly scope: string },
  headerDigests: readonly string[],
): Promise<ReadonlySet<string>> {
  if (headerDigests.length === 0) return new Set()
  const rows = await db
    .selectFrom('column_mappings')
    .select('header_digest')
    .where('kind', '=', kind)
    .where('scope', '=', scope)
    .where('header_digest', 'in', headerDigests)
    .execute()
  return new Set(rows.map((row) => row.header_digest))
}
