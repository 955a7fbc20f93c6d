import { billedVolumeByMonth } from '../bills/billed-volume.queries.ts'
import { unsoldMeters } from '../dischargers/unsold-meters.queries.ts'
import type { FeeMonth } from '../kernel/calendar.ts'
import { subtractVolume, type Volume } from '../kernel/volume.ts'
import type { Db } from '../platform/database.ts'
import { soldByMonth } from '../readings/sold-volume.queries.ts'
import { treatedByMonth } from './plant-day.queries.ts'

/** One month's water on its way, in m³; differences are the later less the earlier. */
export interface WaterBalance {
  readonly month: FeeMonth
  /** Read by the water companies at supply meters. Unknown of a month without a reading. */
  readonly soldM3: Volume | null
  /** Unknown of a month that nobody has been billed for yet; 0 where all of it was cancelled. */
  readonly billedM3: Volume | null
  /** Came into the plants; where a plant gives no inflow, what it treated. Unknown where no plant recorded a day. */
  readonly inflowM3: Volume | null
  readonly treatedM3: Volume | null
  /** Below zero: sold and not billed (exempt, held, or left out). */
  readonly billedLessSoldM3: Volume | null
  /** Above zero: water reached the plant that nobody was billed for (rain, own sources, illegal discharge). */
  readonly inflowLessBilledM3: Volume | null
  /** Days of the month that plants have recorded, of all plants. */
  readonly plantDays: number
}

/** Sold, billed and treated side by side, month by month. What explains a difference is for people to find. */
export async function waterBalance(db: Db, range: { readonly from?: FeeMonth; readonly until?: FeeMonth } = {}) {
  const sold = await soldByMonth(db, { except: await unsoldMeters(db) })
  const [billed, treated] = [await billedVolumeByMonth(db), await treatedByMonth(db)]
  const months = [...new Set([...sold.keys(), ...billed.keys(), ...treated.keys()])]
    .filter((month) => (range.from === undefined || month >= range.from) && !(range.until && month > range.until))
    .sort()
  return months.map((month): WaterBalance => {
    const [soldM3, billedM3] = [sold.get(month) ?? null, billed.get(month) ?? null]
    const { inflowM3, treatedM3, days } = treated.get(month) ?? { inflowM3: null, treatedM3: null, days: 0 }
    return {
      month,
      soldM3,
      billedM3,
      inflowM3,
      treatedM3,
      billedLessSoldM3: difference(billedM3, soldM3),
      inflowLessBilledM3: difference(inflowM3, billedM3),
      plantDays: days,
    }
  })
}

/** Of two volumes one of which is unknown, the difference is. */
function difference(later: Volume | null, earlier: Volume | null): Volume | null {
  return later === null || earlier === null ? null : subtractVolume(later, earlier)
}
