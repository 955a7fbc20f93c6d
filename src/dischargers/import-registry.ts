import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sha256,
} from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { examineFile } from '../platform/files.ts'
import { claimImport, storeImportResult } from '../platform/imports.ts'
import { type FoundHeader, findHeader, rowRole, settleColumns } from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import type { TableRow, TableSource } from '../platform/tables/table-file.ts'
import { findCollector } from './account.queries.ts'
import type { Collector } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import type { Guards } from './guards.ts'
import { type RegistryColumns, type RegistryKind, registryFiles } from './registry.ts'
import { accountsIntake } from './registry-accounts.ts'
import { agreementsIntake } from './registry-agreements.ts'
import { RowCells } from './registry-cells.ts'
import { changesIntake } from './registry-changes.ts'
import { contactsIntake } from './registry-contacts.ts'
import { dischargersIntake } from './registry-dischargers.ts'
import { type IntakeContext, type RegistryCounts, type RegistryIntake, Verdicts } from './registry-intake.ts'
import { metersIntake } from './registry-meters.ts'
import { outletsIntake } from './registry-outlets.ts'
import { sharesIntake } from './registry-shares.ts'

export interface RegistryImport {
  readonly kind: RegistryKind
  readonly path: string
  /** For accounts, meters, shares and changes, whose numbers are a collector's own. */
  readonly collectorCode?: string
  /** A workbook's sheet by name; the first visible one that holds anything, unless given. */
  readonly sheet?: string
}

export type RegistryImportAnswer = RegistryCounts & {
  readonly importId: string
  readonly kind: RegistryKind
  readonly file: string
  readonly rowsAccepted: number
  readonly rowsRejected: number
}

const rowsPerBlock = 5000

/**
 * Takes one file of the registry: every row is accepted (added, or there already) or rejected with reasons, and what is
 * accepted is registered in blocks inside one command, whole or not at all. The command's id is made of kind, collector
 * and the file's bytes, so the same file again changes nothing and returns the first answer. Refuses a file that cannot be
 * read, that lacks columns, and an unknown collector.
 */
export async function importRegistry(
  services: Services,
  envelope: Envelope,
  input: RegistryImport,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<RegistryImportAnswer> | Refusal> {
  const { kind, collectorCode, sheet } = input
  const file = await examineFile(input.path)
  if (isRefusal(file)) return file
  if (registryFiles[kind].ofCollector && collectorCode === undefined) {
    return refuse('collector_needed', { kind: `${registryFiles[kind].zh} ${registryFiles[kind].en}` })
  }
  const importKind = `registry.${kind}`
  const scope = [registryFiles[kind].ofCollector ? collectorCode : undefined, sheet]
    .filter((part) => part !== undefined)
    .join('#')
  const commandId = `${importKind}:${sha256([importKind, scope, file.digest].join('\n')).slice(0, 40)}`
  return runCommand(
    services,
    { ...envelope, commandId },
    { name: 'dischargers.import-registry', zh: `导入${registryFiles[kind].zh}` },
    { kind, scope, digest: file.digest },
    async (context) => {
      const collector = await collectorOf(context, kind, collectorCode)
      if (isRefusal(collector)) return collector
      const source = await openTable(
        { path: file.path, name: file.name },
        {
          blockRows: rowsPerBlock,
          ...(sheet === undefined ? {} : { sheet }),
        },
      )
      if (isRefusal(source)) return source
      try {
        const header = await headerOf(source, kind)
        if (isRefusal(header)) return header
        const { found, mapping } = header
        const claim = {
          kind: importKind,
          scope,
          file,
          format: {
            format: source.format,
            encoding: source.encoding ?? null,
            delimiter: source.delimiter ?? null,
            sheet: source.sheet ?? null,
            ignoredSheets: source.ignoredSheets ?? [],
            headerRow: found.rowNumber,
            header: found.texts,
          },
          mapping: Object.fromEntries([...mapping].map(([field, column]) => [field, found.texts[column] ?? ''])),
        }
        const importId = await claimImport(context, claim)
        // The command's id is made of the same things and was claimed before, so nobody else can hold this.
        if (importId === undefined) throw new Error(`${file.name} was claimed by another command`)
        const { trx } = context
        const verdicts = new Verdicts(trx, importId, found.texts.length)
        const guards = options.guards ?? {}
        const intake = await intakeOf(kind, { trx, commandId, collector, guards, verdicts }, mapping, source)
        const unread = await takeRows(services, source, found, kind, intake, verdicts)
        if (unread !== undefined) return unread
        const { summary } = verdicts
        if (summary.added >= rowsPerBlock) await countAnew(trx, kind)
        await storeImportResult(trx, importId, verdicts.counts, [])
        const rowsAccepted = summary.added + summary.alreadyThere
        return { importId, kind, file: file.name, rowsAccepted, rowsRejected: summary.rejected, ...summary }
      } finally {
        await source.close()
      }
    },
  )
}

const tablesOfKind: Readonly<Record<RegistryKind, readonly string[]>> = {
  dischargers: ['dischargers'],
  agreements: ['connection_agreements'],
  accounts: ['accounts', 'account_holders', 'account_categories'],
  meters: ['meters', 'installations', 'installation_removals'],
  shares: ['installation_shares'],
  changes: ['account_holders', 'account_categories', 'account_suspensions', 'account_closures'],
  outlets: ['outlets'],
  contacts: ['contacts'],
}

/** Lets the planner know how many there are now: until it does, it reads a million accounts to find five thousand. */
async function countAnew(trx: Trx, kind: RegistryKind): Promise<void> {
  for (const table of tablesOfKind[kind]) await sql`analyze ${sql.table(table)}`.execute(trx)
}

async function collectorOf(
  { trx }: CommandContext,
  kind: RegistryKind,
  code: string | undefined,
): Promise<Collector | undefined | Refusal> {
  if (!registryFiles[kind].ofCollector || code === undefined) return undefined
  return (await findCollector(trx, code)) ?? refuse('collector_unknown', { code })
}

interface FileHeader {
  readonly found: FoundHeader<string>
  /** Field → column. */
  readonly mapping: ReadonlyMap<string, number>
}

/** The header is looked for in the first block, which holds more rows than any title above it. */
async function headerOf(source: TableSource, kind: RegistryKind): Promise<FileHeader | Refusal> {
  const columns: RegistryColumns = registryFiles[kind].columns
  const names = Object.fromEntries(Object.entries(columns).map(([field, { titles }]) => [field, titles]))
  const required = Object.entries(columns).flatMap(([field, column]) => (column.required ? [field] : []))
  let rows: readonly TableRow[] = []
  for await (const block of source.blocks()) {
    if (isRefusal(block)) return block
    rows = block.rows
    break
  }
  const found = findHeader(source.name, rows, names)
  if (isRefusal(found)) return found
  const mapping = settleColumns(found, names, { required })
  if (isRefusal(mapping)) return mapping
  const settled = Object.entries(mapping).flatMap(([field, column]) =>
    column === undefined ? [] : [[field, column] as const],
  )
  return { found, mapping: new Map(settled) }
}

/** Hands the entries of the file to the intake, a block at a time, and keeps rejected rows as they come. */
async function takeRows(
  services: Services,
  source: TableSource,
  header: FoundHeader<string>,
  kind: RegistryKind,
  intake: RegistryIntake,
  verdicts: Verdicts,
): Promise<Refusal | undefined> {
  const what = `导入${registryFiles[kind].zh}（字节）`
  for await (const block of source.blocks()) {
    if (isRefusal(block)) return block
    const entries: TableRow[] = []
    for (const row of block.rows) {
      const role = rowRole(header, row)
      if (isRefusal(role)) return role
      if (role === 'entry') entries.push(row)
    }
    await intake.take(entries)
    await verdicts.store()
    services.progress?.({ what, done: block.bytesRead, total: source.bytesTotal })
  }
  await intake.finish()
  await verdicts.store(true)
  services.progress?.({ what, done: source.bytesTotal, total: source.bytesTotal })
  return undefined
}

async function intakeOf(
  kind: RegistryKind,
  context: IntakeContext,
  mapping: ReadonlyMap<string, number>,
  { dateSystem }: TableSource,
): Promise<RegistryIntake> {
  const { dischargers, agreements, accounts, meters, shares, changes, outlets, contacts } = registryFiles
  switch (kind) {
    case 'dischargers':
      return dischargersIntake(context, new RowCells(dischargers.columns, mapping, dateSystem))
    case 'agreements':
      return agreementsIntake(context, new RowCells(agreements.columns, mapping, dateSystem))
    case 'accounts':
      return accountsIntake(context, new RowCells(accounts.columns, mapping, dateSystem))
    case 'meters':
      return metersIntake(context, new RowCells(meters.columns, mapping, dateSystem))
    case 'shares':
      return sharesIntake(context, new RowCells(shares.columns, mapping, dateSystem))
    case 'changes':
      return changesIntake(context, new RowCells(changes.columns, mapping, dateSystem))
    case 'outlets':
      return outletsIntake(context, new RowCells(outlets.columns, mapping, dateSystem))
    case 'contacts':
      return contactsIntake(context, new RowCells(contacts.columns, mapping, dateSystem))
  }
}
