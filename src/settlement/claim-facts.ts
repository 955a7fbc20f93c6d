import { type FeeMonth, firstDay, plusMonths } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { canonicalJson, sha256 } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { standingClaims } from './claim.queries.ts'
import { computeClaim } from './claim.rules.ts'
import { concessionsOf } from './concession.queries.ts'
import { plantDays } from './plant-day.queries.ts'
import type { Plant } from './plants.ts'
import type { ClaimCalculation } from './service-fee-claim.ts'

/** What a month of a plant comes to, from what is stored now. Reads only; refuses what `monthFee` refuses. */
export async function claimAsOfNow(db: Db | Trx, plant: Plant, month: FeeMonth): Promise<ClaimCalculation | Refusal> {
  const { plantId } = plant
  return computeClaim(month, {
    plant: plant.code,
    earlier: (await standingClaims(db, plantId)).filter((claim) => claim.month < month),
    agreements: await concessionsOf(db, { plantId }),
    days: await plantDays(db, plantId, { until: firstDay(plusMonths(month, 1)) }),
  })
}

/** The digest that reviewer and approver name. */
export function digestOf(calculation: ClaimCalculation): string {
  return sha256(canonicalJson(calculation))
}
