import { installationsById, subInstallations, suppliedAccountNos } from '../dischargers/account.queries.ts'
import { type FeeMonth, firstDay, lastDay, monthInterval } from '../kernel/calendar.ts'
import type { AccountId, ImportId, InstallationId } from '../kernel/ids.ts'
import { invariant, present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, type Volume, volume, volumeText } from '../kernel/volume.ts'
import { letOthersGo, Turns } from '../platform/ahead.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sha256,
} from '../platform/command.ts'
import {
  claimOrAnswer,
  type ExceptionalRow,
  rememberMapping,
  storeExceptionalRows,
  storeImportResult,
} from '../platform/imports.ts'
import { type RowDecision, storeDecisions } from '../platform/row-decisions.ts'
import { readSettings } from '../platform/settings.ts'
import { formatOf } from '../platform/tables/imported-file.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { absentOf } from './absent-accounts.queries.ts'
import { refuseOtherCompany } from './acting-for.ts'
import { finding, type ImportFinding } from './import.findings.ts'
import { compareTotal, ImportTally, leftOut, type ReadingChange } from './import-tally.ts'
import { judgingContext, monthsBackOf, readingLimits } from './judging.ts'
import { historyDepth, type KnownAccounts, knownAccounts } from './known-accounts.queries.ts'
import { readingsOfInstallations } from './reading.queries.ts'
import { reasonOf } from './reading.reasons.ts'
import { areOfTheSameUse, type Judgement, type JudgingContext, judgeReading } from './reading.rules.ts'
import { insertReadings, lockReadingsOf, type NewReading } from './reading.store.ts'
import type { ReadingDraft } from './reading.ts'
import {
  accountNoOf,
  exportFields,
  moneyFields,
  type RowReader,
  readRow,
  type StatedRow,
  type StatedTexts,
  textsOfRow,
} from './reading-columns.ts'
import type { HistoryDepth } from './reading-history.queries.ts'
import { columnsOf, examineReadingsFile, type FileChoice, type ReadingsFile, roleOf } from './readings-file.ts'
import { subjectOf, UnsettledRows } from './unsettled-rows.ts'

/** What an import answers; equal for a repeat. Volumes in m³ as text with 3 decimals. */
export type ImportAnswer = {
  readonly importId: string
  readonly collector: string
  readonly feeMonth: string
  readonly file: string
  /** Field → title of the column it was read from. */
  readonly mapping: StatedTexts
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
  /** Accepted rows that repeat what was stored. */
  readonly unchanged: number
  /** Stored readings that this file corrected, and the first hundred of them. */
  readonly replaced: number
  readonly changes: readonly ReadingChange[]
  /** Rows by reason and accepted rows by note. */
  readonly reasons: { readonly [code: string]: number }
  readonly notes: { readonly [code: string]: number }
  readonly findings: readonly ImportFinding[]
}

/**
 * Takes in a water company's file of one fee month: every row is accepted, held or rejected with its reasons, none is
 * dropped (domain §6). One transaction; the same file in the same month and mapping is answered as the first time. A file
 * that states stored readings anew corrects them. Refuses what `examineReadingsFile` refuses.
 */
export async function importReadings(
  services: Services,
  envelope: Envelope,
  choice: FileChoice | ReadingsFile,
): Promise<CommandAnswer<ImportAnswer> | Refusal> {
  const file = 'table' in choice ? choice : await examineReadingsFile(services, choice)
  if (isRefusal(file)) return file
  try {
    return await runCommand(
      services,
      envelope,
      { name: 'readings.import', zh: '导入抄表' },
      {
        collector: file.collector.code,
        feeMonth: file.feeMonth,
        file: file.given.digest,
        columns: columnsOf(file.reader.columns),
      },
      (context) => takeIn(services, context, file),
    )
  } finally {
    if (!('table' in choice)) await file.close()
  }
}

async function takeIn(
  services: Services,
  context: CommandContext,
  file: ReadingsFile,
): Promise<ImportAnswer | Refusal> {
  const { collector, feeMonth, given, mapping, contents } = file
  const otherCompany = refuseOtherCompany(context.actor, collector)
  if (otherCompany !== undefined) return otherCompany
  await lockReadingsOf(context.trx, collector.collectorId)
  const claim = {
    kind: 'readings',
    scope: importScope(file),
    file: given,
    format: {
      ...formatOf(file.table, file.header),
      ...(file.unitNote === undefined ? {} : { unitNote: file.unitNote }),
    },
    mapping,
  }
  const claimed = await claimOrAnswer<ImportAnswer>(context, claim)
  if ('earlier' in claimed) return claimed.earlier
  const { importId } = claimed
  if (file.mappingSource === 'corrected') {
    const { headerDigest } = file.header
    await rememberMapping(context, {
      kind: 'readings',
      scope: collector.code,
      headerDigest,
      mapping: file.reader.columns,
    })
  }
  const limits = readingLimits(await readSettings(context.trx))
  const intake = new Intake(context, file, importId, {
    judging: judgingContext(feeMonth, limits, mapping, true),
    depth: await historyDepth(context.trx, collector.code, monthsBackOf(limits), importId),
    unsettled: await UnsettledRows.of(context.trx, collector.code, feeMonth, importId),
  })
  const stopped = await takeInBlocks(services, file, intake)
  if (stopped !== undefined) return stopped
  const { tally } = intake
  invariant(tally.rowsIn === contents.rowCount, 'a file has as many rows the second time it is read')
  const findings = [
    ...compareTotal(tally, contents, file.reader.columns.volume !== undefined),
    ...(await absentAccounts(context, file)),
    ...(await mastersBelowSubs(context, feeMonth, intake.masterIds)),
    ...changesOf(tally),
    ...leftOut(contents, columnsLeftOut(file), { sheet: file.table.sheet, ignored: file.table.ignoredSheets ?? [] }),
  ]
  const counts = tally.counts()
  await storeImportResult(context.trx, importId, counts, findings)
  return {
    importId,
    collector: collector.code,
    feeMonth,
    file: given.name,
    mapping,
    rows: {
      in: counts.rowsIn,
      accepted: counts.rowsAccepted,
      held: counts.rowsHeld,
      rejected: counts.rowsRejected,
      withoutVolume: counts.rowsWithoutVolume,
    },
    volumesM3: {
      in: counts.volumeInM3,
      accepted: counts.volumeAcceptedM3,
      held: counts.volumeHeldM3,
      rejected: counts.volumeRejectedM3,
    },
    unchanged: tally.unchanged,
    replaced: tally.replaced,
    changes: tally.changes,
    reasons: tally.reasons(),
    notes: tally.notes(),
    findings,
  }
}

/** Collector, month, and how the file was read: the same bytes under a corrected mapping are another import. */
export function importScope({ collector, feeMonth, reader, table }: ReadingsFile): string {
  return `${collector.code}/${feeMonth}/${sha256(`${columnsOf(reader.columns)} ${table.sheet ?? ''}`).slice(0, 12)}`
}

function columnsLeftOut({ mapping, header, reader }: ReadingsFile) {
  const used = new Set(Object.values(reader.columns))
  const money = moneyFields.flatMap((field) => mapping[field] ?? [])
  const ours = new Set(exportFields.flatMap((field) => header.candidates.get(field)?.map(({ column }) => column) ?? []))
  const unrecognised = header.texts.filter((text, column) => text !== '' && !used.has(column) && !ours.has(column))
  return { money, unrecognised }
}

function changesOf(tally: ImportTally): ImportFinding[] {
  return [
    ...(tally.replaced === 0 ? [] : [finding('readings_replaced', { count: tally.replaced })]),
    ...(tally.settledRows === 0 ? [] : [finding('rows_settled', { count: tally.settledRows })]),
  ]
}

/**
 * Reads, looks up, judges and writes block by block, with the database and the program at work at once: while a block is
 * judged, the one before is written and the next one looked up. The database's work is one chain, in which a block is
 * looked up when the last but one has been written, so that what it sees does not depend on who is faster; nothing is
 * further ahead, so that memory does not grow with the file.
 */
async function takeInBlocks(services: Services, file: ReadingsFile, intake: Intake): Promise<Refusal | undefined> {
  const total = file.contents.rowCount
  let lookedUp: { readonly entries: readonly Entry[]; readonly known: Promise<KnownAccounts> } | undefined
  const turns = new Turns()
  const judgeAndWrite = async () => {
    if (lookedUp === undefined) return
    const judged = await intake.judge(lookedUp.entries, await lookedUp.known)
    void turns.next(() => intake.write(judged))
    services.progress?.({ what: '导入抄表 importing', done: intake.tally.rowsIn, total })
  }
  try {
    for await (const block of file.table.blocks()) {
      if (isRefusal(block)) return block
      const entries = intake.read(block.rows)
      const known = turns.next(() => intake.lookUp(entries))
      await judgeAndWrite()
      lookedUp = { entries, known }
    }
    await judgeAndWrite()
    await turns.done()
    return undefined
  } finally {
    await turns.settled()
  }
}

interface Entry {
  readonly row: TableRow
  readonly accountNo: string
}

interface JudgedBlock {
  readonly readings: NewReading[]
  readonly exceptional: ExceptionalRow[]
  readonly settled: RowDecision[]
}

interface Judging {
  readonly judging: JudgingContext
  readonly depth: HistoryDepth
  readonly unsettled: UnsettledRows
}

const rowsWithoutPause = 50

/** One import on its way: what its blocks share. */
class Intake {
  readonly tally = new ImportTally()
  /** Master meters behind which rows of this file have their meters. */
  readonly masterIds = new Set<InstallationId>()
  readonly #context: CommandContext
  readonly #file: ReadingsFile
  readonly #importId: ImportId
  readonly #judging: Judging
  /** Accepted so far, of accounts with several rows: two of them may turn out to be of the same water. */
  readonly #acceptedOfRepeated = new Map<AccountId, { draft: ReadingDraft; rowNo: number }[]>()

  constructor(context: CommandContext, file: ReadingsFile, importId: ImportId, judging: Judging) {
    this.#context = context
    this.#file = file
    this.#importId = importId
    this.#judging = judging
  }

  /** The entries of a block with their account numbers; the other cells are read when the row is judged. */
  read(rows: readonly TableRow[]): Entry[] {
    const { header, reader } = this.#file
    return rows
      .filter((row) => roleOf(header, reader, row) === 'entry')
      .map((row) => ({ row, accountNo: accountNoOf(row, reader) }))
  }

  /** All that is stored about the accounts of these rows. */
  lookUp(entries: readonly Entry[]): Promise<KnownAccounts> {
    const { collector, feeMonth } = this.#file
    const accountNos = [...new Set(entries.map(({ accountNo }) => accountNo))]
    return knownAccounts(this.#context.trx, collector.collectorId, feeMonth, accountNos, this.#judging.depth)
  }

  async judge(entries: readonly Entry[], known: KnownAccounts): Promise<JudgedBlock> {
    const judged: JudgedBlock = { readings: [], exceptional: [], settled: [] }
    for (const [index, entry] of entries.entries()) {
      // The next query to the database leaves as soon as the one before is answered.
      if (index % rowsWithoutPause === 0) await letOthersGo()
      this.#judgeRow(entry.row, known, judged)
    }
    this.tally.settledRows += judged.settled.length
    return judged
  }

  #judgeRow(tableRow: TableRow, known: KnownAccounts, judged: JudgedBlock): void {
    const { feeMonth, reader, contents } = this.#file
    const row = readRow(tableRow, reader)
    const knownOfRow = known.of(row.stated.accountNo, contents.alike.get(row.rowNo) ?? none)
    const judgement = this.#besideTheOthers(
      row,
      judgeReading(row.stated, row.faults, knownOfRow, this.#judging.judging),
    )
    this.tally.add(row.rowNo, knownOfRow.account, judgement)
    for (const { masterInstallationId } of knownOfRow.account?.installations ?? none) {
      if (masterInstallationId !== null) this.masterIds.add(masterInstallationId)
    }
    if (judgement.verdict !== 'accepted') judged.exceptional.push(exceptionalRow(row, judgement, feeMonth, reader))
    else if (!judgement.unchanged) judged.readings.push(newReading(row, judgement))
    judged.settled.push(...this.#judging.unsettled.settledBy(row, judgement, this.#importId))
  }

  async write({ readings, exceptional, settled }: JudgedBlock): Promise<void> {
    const { trx, commandId } = this.#context
    await insertReadings(trx, readings, { importId: this.#importId, commandId: null, endedBy: commandId })
    await storeExceptionalRows(trx, this.#importId, exceptional)
    await storeDecisions(trx, settled, this.#context)
  }

  /** Rows whose sameness shows only once their meters are known: the first counts, a later one is held. */
  #besideTheOthers(row: StatedRow, judgement: Judgement): Judgement {
    const { draft, verdict } = judgement
    if (verdict !== 'accepted' || draft === undefined) return judgement
    if (!this.#file.contents.accounts.hasSeveral(row.stated.accountNo)) return judgement
    const others = this.#acceptedOfRepeated.get(draft.accountId) ?? []
    const same = others.find((other) => areOfTheSameUse(other.draft, draft))
    if (same !== undefined) {
      const reasons = [reasonOf('twice_in_file', { rows: `${same.rowNo}、${row.rowNo}` })]
      return { ...judgement, verdict: 'held', unchanged: false, reasons }
    }
    this.#acceptedOfRepeated.set(draft.accountId, [...others, { draft, rowNo: row.rowNo }])
    return judgement
  }
}

const none: readonly never[] = []

function newReading(row: StatedRow, { draft, notes }: Judgement): NewReading {
  return { draft: present(draft, 'an accepted row becomes a reading'), notes, rowNo: row.rowNo }
}

function exceptionalRow(row: StatedRow, judgement: Judgement, feeMonth: FeeMonth, reader: RowReader): ExceptionalRow {
  const { verdict, reasons, draft, accountId, volumeM3 } = judgement
  invariant(verdict !== 'accepted', 'an accepted row is no exception')
  return {
    rowNo: row.rowNo,
    verdict,
    cells: row.cells,
    reasons,
    subject: subjectOf(textsOfRow(row, reader), draft?.installationId ?? null, draft?.kind ?? row.stated.kind),
    accountId: accountId ?? null,
    feeMonth: firstDay(feeMonth),
    volumeM3: volumeM3 === undefined ? null : volumeText(volumeM3),
  }
}

const absentShown = 5

/** Open accounts that the file does not name and that have no reading for the month. */
async function absentAccounts(context: CommandContext, file: ReadingsFile): Promise<ImportFinding[]> {
  const { collector, feeMonth, contents } = file
  const examples: string[] = []
  let count = 0
  for await (const page of suppliedAccountNos(context.trx, collector.collectorId, lastDay(feeMonth))) {
    const unnamed = page.filter(({ accountNo }) => !contents.accounts.has(accountNo))
    const absent = await absentOf(context.trx, unnamed, feeMonth)
    count += absent.length
    for (const { accountNo } of absent.slice(0, absentShown - examples.length)) examples.push(accountNo)
  }
  return count === 0 ? [] : [finding('accounts_absent', { count, examples: examples.join('、') })]
}

/** Masters that counted less than their sub-meters together; their bills will be held (domain §6). */
async function mastersBelowSubs(
  { trx }: CommandContext,
  feeMonth: FeeMonth,
  masterIds: ReadonlySet<InstallationId>,
): Promise<ImportFinding[]> {
  if (masterIds.size === 0) return []
  const masters = await installationsById(trx, [...masterIds])
  const subs = await subInstallations(trx, [...masterIds], monthInterval(feeMonth))
  const installationIds = [...masters, ...subs].map(({ installationId }) => installationId)
  const volumes = new Map<InstallationId, Volume[]>()
  for (const { installationId, volumeM3 } of await readingsOfInstallations(trx, installationIds, feeMonth)) {
    if (installationId !== null) volumes.set(installationId, [...(volumes.get(installationId) ?? []), volume(volumeM3)])
  }
  return masters.flatMap((master) => {
    const ofMaster = volumes.get(master.installationId)
    if (ofMaster === undefined) return []
    const behind = subs.filter(({ masterInstallationId }) => masterInstallationId === master.installationId)
    const subsVolume = addVolumes(behind.flatMap(({ installationId }) => volumes.get(installationId) ?? []))
    const masterVolume = addVolumes(ofMaster)
    if (masterVolume.gte(subsVolume)) return []
    const parameters = {
      master: master.meterNo,
      masterVolume: masterVolume.toFixed(),
      subsVolume: subsVolume.toFixed(),
    }
    return [finding('master_below_subs', { ...parameters, subs: behind.map(({ meterNo }) => meterNo).join('、') })]
  })
}
