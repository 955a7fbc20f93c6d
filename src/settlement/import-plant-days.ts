import type { ImportId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, type Volume, volumeText, zeroVolume } from '../kernel/volume.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sha256,
} from '../platform/command.ts'
import {
  claimImport,
  type ExceptionalRow,
  findImport,
  rememberMapping,
  storeExceptionalRows,
  storeImportResult,
} from '../platform/imports.ts'
import { supersedeOrigins } from '../platform/row-decisions.ts'
import { knownPlantDays } from './known-plant-days.queries.ts'
import { judgePlantDay, type PlantDayJudgement } from './plant-day.rules.ts'
import { insertPlantDays, type NewPlantDay } from './plant-day.store.ts'
import type { StatedPlantDay } from './plant-day.ts'
import { textsOfPlantDay } from './plant-day-columns.ts'
import { columnsOf, examinePlantDaysFile, type PlantDaysChoice, type PlantDaysFile } from './plant-days-file.ts'
import { lockPlant, refusePlantOf } from './plants.ts'

type Verdict = PlantDayJudgement['verdict']
type ByVerdict<T> = { readonly in: T } & { readonly [Key in Verdict]: T }

/** What an import answers; equal for a repeat. Volumes are of treated water, in m³. */
export type PlantImportAnswer = {
  readonly importId: string
  readonly plant: string
  readonly file: string
  readonly mapping: { readonly [field: string]: string }
  readonly rows: ByVerdict<number> & { readonly withoutVolume: number }
  readonly volumes: ByVerdict<string>
  readonly stored: number
  readonly unchanged: number
  /** Held or rejected rows of earlier files that came back with this one. */
  readonly superseded: number
  readonly reasons: { readonly [code: string]: number }
}

/**
 * Takes in a plant's daily file: every row is accepted, held or rejected with its reasons, none is dropped. The same file
 * is answered as the first time. Refuses what `examinePlantDaysFile` refuses and the file of another plant.
 */
export async function importPlantDays(
  services: Services,
  envelope: Envelope,
  choice: PlantDaysChoice | PlantDaysFile,
): Promise<CommandAnswer<PlantImportAnswer> | Refusal> {
  const file = 'given' in choice ? choice : await examinePlantDaysFile(services, choice)
  if (isRefusal(file)) return file
  const kind = {
    name: 'settlement.import-plant-days',
    zh: '导入污水厂日报',
  } as const
  const plain = { plant: file.plant.code, file: file.given.digest, columns: columnsOf(file.columns) }
  return runCommand(services, envelope, kind, plain, (context) => takeIn(context, file))
}

async function takeIn(context: CommandContext, file: PlantDaysFile): Promise<PlantImportAnswer | Refusal> {
  const { plant, given, mapping, columns, header, rows } = file
  const forbidden = refusePlantOf(context.actor, plant)
  if (forbidden !== undefined) return forbidden
  await lockPlant(context, plant)
  const claim = {
    kind: 'plant_days',
    scope: `${plant.code}/${sha256(columnsOf(columns)).slice(0, 12)}`,
    file: given,
    format: file.format,
    mapping,
  }
  const importId = await claimImport(context, claim)
  if (importId === undefined) {
    const earlier = present(await findImport(context.trx, claim), 'a file that cannot be claimed was imported before')
    return earlier.answer as PlantImportAnswer
  }
  if (file.corrected) {
    const { headerDigest } = header
    await rememberMapping(context, { kind: 'plant_days', scope: plant.code, headerDigest, mapping: columns })
  }
  const known = await knownPlantDays(context.trx, plant, rows)
  const judged = rows.map((row) => ({ row, known: known(row), ...judgePlantDay(row, known(row), context.today) }))
  const drafts = judged.flatMap(({ row, verdict, draft, known: { stored } }): NewPlantDay[] =>
    verdict === 'accepted' && draft !== undefined
      ? [{ ...draft, rowNo: row.rowNo, replaces: stored?.plantDayId ?? null }]
      : [],
  )
  await insertPlantDays(context, plant.plantId, importId, drafts)
  await storeExceptionalRows(
    context.trx,
    importId,
    judged.flatMap(({ row, verdict, reasons }): ExceptionalRow[] =>
      verdict === 'accepted'
        ? []
        : [
            {
              rowNo: row.rowNo,
              verdict,
              cells: row.cells,
              reasons,
              subject: { stated: textsOfPlantDay(row, columns) },
              accountId: null,
              feeMonth: null,
              volumeM3: row.treatedM3 === undefined ? null : volumeText(row.treatedM3),
            },
          ],
    ),
  )
  const before = { kind: 'plant_days', scope: `${plant.code}/` }
  const returning = judged.map(({ row }) => row)
  const superseded = await supersedeOrigins(context, importId, before, returning)
  return close(context, file, importId, judged, drafts.length, superseded)
}

async function close(
  { trx }: CommandContext,
  { plant, given, mapping, rows: all }: PlantDaysFile,
  importId: ImportId,
  judged: readonly (PlantDayJudgement & { readonly row: StatedPlantDay })[],
  stored: number,
  superseded: number,
): Promise<PlantImportAnswer> {
  const of = (verdict: Verdict) => judged.filter((each) => each.verdict === verdict)
  const sum = (some: readonly { readonly row: StatedPlantDay }[]): Volume =>
    addVolumes(some.map(({ row }) => row.treatedM3 ?? zeroVolume))
  const rows = {
    in: all.length,
    accepted: of('accepted').length,
    held: of('held').length,
    rejected: of('rejected').length,
    withoutVolume: all.filter(({ treatedM3 }) => treatedM3 === undefined).length,
  }
  const volumes = {
    in: volumeText(sum(judged)),
    accepted: volumeText(sum(of('accepted'))),
    held: volumeText(sum(of('held'))),
    rejected: volumeText(sum(of('rejected'))),
  }
  await storeImportResult(
    trx,
    importId,
    {
      rowsIn: rows.in,
      rowsAccepted: rows.accepted,
      rowsHeld: rows.held,
      rowsRejected: rows.rejected,
      volumeInM3: volumes.in,
      volumeAcceptedM3: volumes.accepted,
      volumeHeldM3: volumes.held,
      volumeRejectedM3: volumes.rejected,
      rowsWithoutVolume: rows.withoutVolume,
    },
    [],
  )
  const reasons = new Map<string, number>()
  for (const { code } of judged.flatMap((each) => [...each.reasons, ...each.notes]))
    reasons.set(code, (reasons.get(code) ?? 0) + 1)
  return {
    importId,
    plant: plant.code,
    file: given.name,
    mapping: mapping as Record<string, string>,
    rows,
    volumes,
    stored,
    unchanged: rows.accepted - stored,
    superseded,
    reasons: Object.fromEntries([...reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}
