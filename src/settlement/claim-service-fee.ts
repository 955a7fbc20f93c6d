import { type FeeMonth, firstDay, lastDay, plusMonths, yearOf } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import { listClaims, standingClaims } from './claim.queries.ts'
import { stateOf } from './claim.rules.ts'
import { claimAsOfNow, digestOf } from './claim-facts.ts'
import { findPlant, lockPlant, refusePlantOf } from './plants.ts'
import { claimNumber, type ServiceFeeClaim } from './service-fee-claim.ts'
import { refuseSettlement } from './settlement.refusals.ts'
import { settlementTables } from './settlement.tables.ts'

export type ClaimAnswer = {
  readonly number: string
  readonly month: string
  readonly fee: string
  readonly corrected: string
  readonly carriedIn: string
  readonly payable: string
  readonly digest: string
}

/** The sequence of claim numbers (decision 15). */
export const claimSequence = 'service_fee_claim'

/**
 * The plant claims a month: computed from facts, never typed, and frozen with its arithmetic under the next number.
 * Refuses a month that is not over, one that is claimed, a gap between months, and what cannot be computed.
 */
export async function claimServiceFee(
  services: Services,
  envelope: Envelope,
  input: { readonly plant: string; readonly month: FeeMonth },
): Promise<CommandAnswer<ClaimAnswer> | Refusal> {
  const kind = { name: 'settlement.claim', zh: '申请污水处理服务费' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, today } = context
    const { month } = input
    const plant = await findPlant(trx, input.plant)
    if (isRefusal(plant)) return plant
    const forbidden = refusePlantOf(context.actor, plant)
    if (forbidden !== undefined) return forbidden
    if (lastDay(month) >= today) return refuseSettlement('claim_month_open', { month, today })
    await lockPlant(context, plant)
    const standing = await standingClaims(trx, plant.plantId)
    const disorder = refuseOrder(standing, month)
    if (disorder !== undefined) return disorder
    const calculation = await claimAsOfNow(trx, plant, month)
    if (isRefusal(calculation)) return calculation
    const { fee, corrected, carriedIn, payable } = calculation
    const replaces = (await listClaims(trx, { plantId: plant.plantId, month })).at(-1)?.claimId ?? null
    const year = yearOf(today)
    const number = await takeNumbers(trx, claimSequence, year, 1)
    const digest = digestOf(calculation)
    const { id } = await settlementTables(trx)
      .insertInto('service_fee_claims')
      .values({
        plant_id: plant.plantId,
        month: firstDay(month),
        number_year: year,
        number,
        fee_amount: fee.amount,
        correction_amount: corrected,
        carried_amount: carriedIn,
        payable_amount: payable,
        calculation: JSON.stringify(calculation),
        calculation_digest: digest,
        replaces,
        replaces_step: replaces === null ? null : 'returned',
        claimed_on: today,
        command_id: context.commandId,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await settlementTables(trx)
      .insertInto('service_fee_steps')
      .values({
        claim_id: id,
        step: 'claimed',
        after_step: null,
        person_id: context.actor.id,
        acted_on: today,
        amount: null,
        command_id: context.commandId,
        recorded_at: context.recordedAt,
      })
      .execute()
    return { number: claimNumber(year, number), month, fee: fee.amount, corrected, carriedIn, payable, digest }
  })
}

/** Why a month cannot be claimed now: claims follow one another, and each rests on the approved one before it. */
function refuseOrder(standing: readonly ServiceFeeClaim[], month: FeeMonth): Refusal | undefined {
  const same = standing.find((claim) => claim.month === month)
  if (same !== undefined) return refuseSettlement('claim_exists', { month, number: same.number })
  const last = standing.at(-1)
  if (last === undefined) return undefined
  const next = plusMonths(last.month, 1)
  if (month !== next) return refuseSettlement('claim_out_of_order', { month, next })
  if (!['approved', 'paid', 'reconciled'].includes(stateOf(last)))
    return refuseSettlement('claim_before_undecided', { month, before: last.month, number: last.number })
  return undefined
}

/** The same arithmetic shown before anything is claimed. Reads only; refuses what the claim itself would refuse to compute. */
export async function previewClaim(services: Services, input: { readonly plant: string; readonly month: FeeMonth }) {
  const plant = await findPlant(services.db, input.plant)
  if (isRefusal(plant)) return plant
  return claimAsOfNow(services.db, plant, input.month)
}
