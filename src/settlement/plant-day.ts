import type { CivilDate } from '../kernel/calendar.ts'
import type { Id } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Volume } from '../kernel/volume.ts'
import type { IndicatorCode } from './indicator.ts'

export type PlantDayId = Id<'plant-day'>
/** Values of the effluent as plain decimal text. */
export type Effluent = { readonly [Code in IndicatorCode]?: string }

/** What a plant treated on a day, and what left it. */
export interface PlantDay {
  readonly day: CivilDate
  readonly treatedM3: Volume
  readonly inflowM3: Volume | null
  readonly effluent: Effluent
}

/** The value that counts of a day, with where it stands. */
export interface StoredPlantDay extends PlantDay {
  readonly plantDayId: PlantDayId
  readonly importId: string
  readonly rowNo: number
}

/** One row as the file states it. */
export interface StatedPlantDay {
  readonly rowNo: number
  readonly cells: readonly string[]
  readonly day: CivilDate | undefined
  readonly treatedM3: Volume | undefined
  readonly inflowM3: Volume | undefined
  readonly effluent: Effluent
  readonly faults: readonly RowReason[]
  /** The held or rejected row that comes back corrected. */
  readonly origin: { readonly importId: string; readonly rowNo: number } | undefined
}
