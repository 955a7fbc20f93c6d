import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type CommandKind,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { storeDecisions } from '../platform/row-decisions.ts'
import { fieldNamedAmong } from '../readings/column-mapping.ts'
import { knownPlantDays } from './known-plant-days.queries.ts'
import { saidPlantReasons } from './plant-day.reasons.ts'
import { judgePlantDay } from './plant-day.rules.ts'
import { insertPlantDays, type NewPlantDay } from './plant-day.store.ts'
import {
  correctablePlantFields,
  type PlantDayField,
  type PlantDayTexts,
  plantDayColumnNames,
  readPlantDayTexts,
} from './plant-day-columns.ts'
import { findPlantImport, type PlantImport, type PlantImportRow, plantRowsOf } from './plant-import.queries.ts'
import { findPlant, lockPlant, type Plant, refusePlantOf } from './plants.ts'
import { refuseSettlement } from './settlement.refusals.ts'

export interface PlantRowDecision {
  readonly importId: string
  readonly rowNos: readonly number[]
  readonly reason: string
}
export interface PlantRowCorrection {
  readonly importId: string
  readonly rowNo: number
  /** Field (key or column name) → corrected text. */
  readonly values: Readonly<Record<string, string>>
  readonly reason: string
}
export type PlantDecisionAnswer = {
  readonly importId: string
  readonly decided: number
  readonly stored: number
  readonly unchanged: number
}

/** Takes held rows as they stand, on a bureau clerk's word. Refuses rows that lack more than a word. */
export async function acceptPlantRows(
  services: Services,
  envelope: Envelope,
  input: PlantRowDecision,
): Promise<CommandAnswer<PlantDecisionAnswer> | Refusal> {
  const kind: CommandKind = { name: 'settlement.accept-rows', zh: '接受待审日报' }
  const { importId, rowNos, reason } = input
  return runCommand(services, envelope, kind, { importId, rowNos, reason }, async (context) => {
    const chosen = await chooseRows(context, input)
    if (isRefusal(chosen)) return chosen
    const rows = chosen.rows.map((row) => ({ row, texts: row.stated }))
    return settleRows(context, chosen, rows, reason, 'accepted')
  })
}

/** Corrects one held or rejected row; it is judged again, and what still holds it needs a bureau clerk. */
export async function correctPlantRow(
  services: Services,
  envelope: Envelope,
  input: PlantRowCorrection,
): Promise<CommandAnswer<PlantDecisionAnswer> | Refusal> {
  const kind: CommandKind = { name: 'settlement.correct-row', zh: '改正日报行' }
  const { importId, rowNo, values, reason } = input
  return runCommand(services, envelope, kind, { importId, rowNo, values, reason }, async (context) => {
    const corrected: { [Field in PlantDayField]?: string } = {}
    for (const [name, value] of Object.entries(values)) {
      const field = fieldNamedAmong(plantDayColumnNames, name)
      if (field === undefined || !correctablePlantFields.includes(field)) {
        const known = correctablePlantFields.map((each) => plantDayColumnNames[each][0]).join('、')
        return refuseSettlement('plant_field_unknown', { field: name, known })
      }
      corrected[field] = value
    }
    const chosen = await chooseRows(context, { importId, rowNos: [rowNo], reason })
    if (isRefusal(chosen)) return chosen
    const rows = chosen.rows.map((row) => ({ row, texts: { ...row.stated, ...corrected } }))
    return settleRows(context, chosen, rows, reason, 'corrected', corrected)
  })
}

/** Refuses held or rejected rows for good, with the reason. */
export async function rejectPlantRows(
  services: Services,
  envelope: Envelope,
  input: PlantRowDecision,
): Promise<CommandAnswer<PlantDecisionAnswer> | Refusal> {
  const kind: CommandKind = { name: 'settlement.reject-rows', zh: '拒绝日报行' }
  const { importId, rowNos, reason } = input
  return runCommand(services, envelope, kind, { importId, rowNos, reason }, async (context) => {
    const chosen = await chooseRows(context, input)
    if (isRefusal(chosen)) return chosen
    const decision = { importId: chosen.found.importId, decision: 'rejected' as const, reason: reason.trim() }
    await storeDecisions(
      context.trx,
      chosen.rows.map(({ rowNo }) => ({ ...decision, rowNo })),
      context,
    )
    return { importId, decided: chosen.rows.length, stored: 0, unchanged: 0 }
  })
}

interface Chosen {
  readonly found: PlantImport
  readonly plant: Plant
  readonly rows: readonly PlantImportRow[]
}

async function chooseRows(
  context: CommandContext,
  { importId, rowNos, reason }: PlantRowDecision,
): Promise<Chosen | Refusal> {
  if (reason.trim() === '') return refuseSettlement('settlement_needs_reason')
  const found = await findPlantImport(context.trx, importId)
  if (isRefusal(found)) return found
  const plant = await findPlant(context.trx, found.plantCode)
  if (isRefusal(plant)) return plant
  const forbidden = refusePlantOf(context.actor, plant)
  if (forbidden !== undefined) return forbidden
  await lockPlant(context, plant)
  const rows = await plantRowsOf(context.trx, found.importId, { rowNos, undecided: true })
  const missing = rowNos.filter((rowNo) => !rows.some((row) => row.rowNo === rowNo))
  if (missing.length > 0 || rows.length === 0)
    return refuseSettlement('plant_rows_unknown', { importId, rows: missing.join('、') || '—' })
  return { found, plant, rows }
}

/** Judges rows against what is stored now and stores what they become. */
async function settleRows(
  context: CommandContext,
  { found, plant }: Chosen,
  rows: readonly { readonly row: PlantImportRow; readonly texts: PlantDayTexts }[],
  reason: string,
  decision: 'accepted' | 'corrected',
  corrected?: PlantDayTexts,
): Promise<PlantDecisionAnswer | Refusal> {
  const stated = rows.map(({ row, texts }) => readPlantDayTexts(texts, row.rowNo))
  const known = await knownPlantDays(context.trx, plant, stated)
  const days: NewPlantDay[] = []
  for (const row of stated) {
    // That the file had the day twice is settled by choosing this row, as long as no other is chosen with it.
    const ofRow = { ...known(row), rowsAlike: [] }
    const { verdict, reasons, draft } = judgePlantDay(row, ofRow, context.today)
    if (verdict !== 'accepted' && (draft === undefined || verdict === 'rejected'))
      return refuseSettlement('plant_row_needs_correction', { row: row.rowNo, ...saidPlantReasons(reasons) })
    if (reasons.length > 0 && !context.actor.roles.includes('bureau_clerk'))
      return refuseSettlement('plant_row_by_bureau', { actor: context.actor.name })
    if (draft === undefined) continue
    if (days.some(({ day }) => day === draft.day)) return refuseSettlement('plant_rows_exclude', { day: draft.day })
    days.push({ ...draft, rowNo: row.rowNo, replaces: ofRow.stored?.plantDayId ?? null })
  }
  const { importId } = found
  await insertPlantDays(context, plant.plantId, importId, days)
  await storeDecisions(
    context.trx,
    rows.map(({ row }) => ({
      importId,
      rowNo: row.rowNo,
      decision,
      reason: reason.trim(),
      ...(corrected === undefined ? {} : { corrected: corrected as Record<string, string> }),
    })),
    context,
  )
  return { importId, decided: rows.length, stored: days.length, unchanged: rows.length - days.length }
}
