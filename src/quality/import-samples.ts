import type { ImportId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { isRefusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { claimImport, findImport, storeExceptionalRows, storeImportResult } from '../platform/imports.ts'
import { supersedeOrigins } from '../platform/row-decisions.ts'
import { knownOfSamples } from './known-samples.queries.ts'
import { judgeSamples, listSamples } from './quality.queries.ts'
import { type SampleReasonCode, sampleReasons } from './sample.reasons.ts'
import { insertSamples, lockSamples } from './sample.store.ts'
import { judgeRows } from './sample-row.rules.ts'
import { readSamplesFile, type SampleField, type SamplesFile, sampleColumnNames } from './samples-file.ts'
import { samplesImportKind } from './samples-import.queries.ts'

export type SamplesImportAnswer = {
  readonly importId: ImportId
  readonly file: string
  readonly rows: { readonly in: number; readonly accepted: number; readonly held: number; readonly rejected: number }
  /** Samples stored, and those stored before word for word. */
  readonly samples: number
  readonly unchanged: number
  /** Results of the stored samples above a limit of their day. */
  readonly exceeds: number
  /** Rows of earlier imports that came back corrected. */
  readonly settled: number
  readonly reasons: { readonly [code: string]: number }
}

/**
 * Takes in a file of samples, one row per result: each row is accepted, held or rejected with its reasons, none is
 * dropped; a sample is stored whole or not at all. One transaction; the same file is answered as the first time. Refuses
 * what `readSamplesFile` refuses.
 */
export async function importSamples(
  services: Services,
  envelope: Envelope,
  path: string,
): Promise<CommandAnswer<SamplesImportAnswer> | Refusal> {
  const file = await readSamplesFile(path)
  if (isRefusal(file)) return file
  return importSamplesFile(services, envelope, file)
}

/** The same for a file that was read before, so that its identity can make the command's id. */
export async function importSamplesFile(
  services: Services,
  envelope: Envelope,
  file: SamplesFile,
): Promise<CommandAnswer<SamplesImportAnswer> | Refusal> {
  const kind = { name: 'quality.import-samples', zh: '导入样品' } as const
  return runCommand(services, envelope, kind, { file: file.given.digest }, (context) => takeIn(context, file))
}

async function takeIn(context: CommandContext, file: SamplesFile): Promise<SamplesImportAnswer> {
  const { trx } = context
  const { given, header, columns, rows } = file
  const titles = (Object.keys(sampleColumnNames) as SampleField[]).flatMap((field) => {
    const column = columns[field]
    return column === undefined ? [] : [[field, header.texts[column] ?? ''] as const]
  })
  const claim = {
    kind: samplesImportKind,
    scope: 'samples',
    file: given,
    format: { ...file.format, headerRow: header.rowNumber, titles: header.texts },
    mapping: Object.fromEntries(titles),
  }
  const importId = await claimImport(context, claim)
  if (importId === undefined) {
    const earlier = present(await findImport(trx, claim), 'a file that cannot be claimed was imported before')
    return earlier.answer as SamplesImportAnswer
  }
  await lockSamples(trx)
  const { reasons, samples, unchanged } = judgeRows(rows, await knownOfSamples(context, rows))
  const exceptional = rows.flatMap((row) => {
    const found = reasons.get(row.rowNo)
    if (found === undefined) return []
    const rejected = found.some(({ code }) => sampleReasons[code as SampleReasonCode].weight === 'rejected')
    return [{ row, reasons: found, verdict: rejected ? ('rejected' as const) : ('held' as const) }]
  })
  await storeExceptionalRows(
    trx,
    importId,
    exceptional.map(({ row, reasons: found, verdict }) => ({
      rowNo: row.rowNo,
      verdict,
      cells: row.cells,
      reasons: found,
      subject: { sampleNo: row.sampleNo, body: row.body },
      accountId: null,
      feeMonth: null,
      volumeM3: null,
    })),
  )
  const settled = await supersedeOrigins(context, importId, { kind: samplesImportKind, scope: '' }, rows)
  const stored = await insertSamples(context, samples, { importId, evidenceDigest: null })
  const held = exceptional.filter(({ verdict }) => verdict === 'held').length
  const counts = {
    in: rows.length,
    accepted: rows.length - exceptional.length,
    held,
    rejected: exceptional.length - held,
  }
  await storeImportResult(
    trx,
    importId,
    {
      rowsIn: counts.in,
      rowsAccepted: counts.accepted,
      rowsHeld: counts.held,
      rowsRejected: counts.rejected,
      volumeInM3: '0',
      volumeAcceptedM3: '0',
      volumeHeldM3: '0',
      volumeRejectedM3: '0',
      rowsWithoutVolume: 0,
    },
    [],
  )
  const byCode: Record<string, number> = {}
  for (const { reasons: found } of exceptional) for (const { code } of found) byCode[code] = (byCode[code] ?? 0) + 1
  return {
    importId,
    file: given.name,
    rows: counts,
    samples: stored.length,
    unchanged,
    exceeds: await exceedancesOf(
      context,
      samples.map(({ sample }) => sample.sampleNo),
      new Set(stored),
    ),
    settled,
    reasons: byCode,
  }
}

async function exceedancesOf(
  { trx }: CommandContext,
  sampleNos: readonly string[],
  stored: ReadonlySet<string>,
): Promise<number> {
  const samples = (await listSamples(trx, { sampleNos })).filter(({ sampleId }) => stored.has(sampleId))
  return (await judgeSamples(trx, samples)).filter(({ judged }) => judged.verdict === 'exceeds').length
}
