import { type CivilDate, holdsOn } from '../kernel/calendar.ts'
import { Exact, plainText } from '../kernel/decimal.ts'
import { type Volume, volumeForPeople } from '../kernel/volume.ts'
import type { Concession } from './concession.ts'
import { type IndicatorCode, indicatorCodes, indicators } from './indicator.ts'
import { needsCorrection, type PlantReason, plantReason, weightOf } from './plant-day.reasons.ts'
import type { PlantDay, StatedPlantDay, StoredPlantDay } from './plant-day.ts'

/** What is stored that a row is judged by. */
export interface KnownOfPlantDay {
  readonly agreements: readonly Concession[]
  /** What counts of the row's day so far. */
  readonly stored: StoredPlantDay | undefined
  /** Rows of the file with the same day, this one included; none where it is alone. */
  readonly rowsAlike: readonly number[]
  readonly implausibleFactor: string
  readonly inflowToleranceShare: string
}

export interface PlantDayJudgement {
  readonly verdict: 'accepted' | 'held' | 'rejected'
  readonly reasons: readonly PlantReason[]
  readonly notes: readonly PlantReason[]
  /** What is to be stored, where nothing but a person's word is lacking; `undefined` for a repeat and what lacks more. */
  readonly draft: PlantDay | undefined
}

/**
 * The verdict on one row of a plant's daily file. Rejected: unreadable, no day, no volume, a day not over. Held: twice in
 * the file, other than recorded, a standstill, implausible volumes, a value missing, no agreement. A repeat is accepted
 * and changes nothing.
 */
export function judgePlantDay(stated: StatedPlantDay, known: KnownOfPlantDay, today: CivilDate): PlantDayJudgement {
  const reasons: PlantReason[] = (stated.faults as readonly PlantReason[]).slice()
  const blame = (...reason: Parameters<typeof plantReason>) => void reasons.push(plantReason(...reason))
  const { day, treatedM3, inflowM3, effluent } = stated
  if (day === undefined && stated.faults.length === 0) blame('plant_day_missing')
  if (treatedM3 === undefined && stated.faults.length === 0) blame('plant_treated_missing')
  if (day !== undefined && day >= today) blame('plant_day_in_future', { today }, { value: day })
  if (day === undefined || treatedM3 === undefined || stated.faults.length > 0) return verdictOf(reasons, [], undefined)

  const draft: PlantDay = { day, treatedM3, inflowM3: inflowM3 ?? null, effluent }
  if (known.rowsAlike.length > 1) blame('plant_day_twice_in_file', { rows: known.rowsAlike.join('、') }, { value: day })
  const { stored } = known
  if (stored !== undefined) {
    if (samePlantDay(stored, draft) && reasons.length === 0)
      return verdictOf([], [plantReason('plant_day_unchanged', {}, { value: day })], undefined)
    const told = { stored: volumeForPeople(stored.treatedM3), import: stored.importId, row: stored.rowNo }
    blame('plant_day_differs', told, { value: day })
  }
  const agreement = known.agreements.find(({ validFrom, validUntil }) =>
    holdsOn({ from: validFrom, until: validUntil }, day),
  )
  if (agreement === undefined) blame('plant_day_without_agreement', {}, { value: day })
  reasons.push(...volumeReasons(draft, agreement, known))
  if (agreement !== undefined && !treatedM3.isZero()) {
    for (const { code, measured } of agreement.terms.indicators) {
      const indicator = code as IndicatorCode
      if (measured === 'every_day' && effluent[indicator] === undefined)
        blame('plant_value_missing', { indicator: `${indicators[indicator].zh} ${indicators[indicator].en}` })
    }
  }
  return verdictOf(reasons, [], draft)
}

function volumeReasons(
  { day, treatedM3, inflowM3 }: PlantDay,
  agreement: Concession | undefined,
  { implausibleFactor, inflowToleranceShare }: KnownOfPlantDay,
): PlantReason[] {
  const reasons: PlantReason[] = []
  const value = volumeForPeople(treatedM3)
  if (treatedM3.isZero()) reasons.push(plantReason('plant_standstill', { day }))
  if (agreement !== undefined && treatedM3.gt(new Exact(agreement.terms.designM3PerDay).times(implausibleFactor))) {
    const told = { design: agreement.terms.designM3PerDay, factor: implausibleFactor }
    reasons.push(plantReason('plant_volume_implausible', told, { value }))
  }
  if (inflowM3 !== null && apart(treatedM3, inflowM3, inflowToleranceShare)) {
    const percent = plainText(new Exact(inflowToleranceShare).times(100))
    reasons.push(plantReason('plant_inflow_differs', { inflow: volumeForPeople(inflowM3), percent }, { value }))
  }
  return reasons
}

const apart = (treated: Volume, inflow: Volume, share: string): boolean =>
  treated.minus(inflow).abs().gt(inflow.times(share))

/** Whether two records of a day say the same. */
export function samePlantDay(a: PlantDay, b: PlantDay): boolean {
  const [inflowA, inflowB] = [a.inflowM3?.toFixed(), b.inflowM3?.toFixed()]
  return (
    a.treatedM3.eq(b.treatedM3) &&
    inflowA === inflowB &&
    indicatorCodes.every((code) => a.effluent[code] === b.effluent[code])
  )
}

function verdictOf(
  reasons: readonly PlantReason[],
  notes: readonly PlantReason[],
  draft: PlantDay | undefined,
): PlantDayJudgement {
  const rejected = reasons.some(({ code }) => weightOf(code) === 'rejected')
  const acceptable = !reasons.some(({ code }) => needsCorrection(code))
  return {
    verdict: rejected ? 'rejected' : reasons.length > 0 ? 'held' : 'accepted',
    reasons,
    notes,
    draft: acceptable ? draft : undefined,
  }
}
