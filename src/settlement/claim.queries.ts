import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf, plusMonths } from '../kernel/calendar.ts'
import type { OrganisationId, StaffId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import {
  type ClaimCalculation,
  type ClaimId,
  type ClaimStep,
  claimNumber,
  parseClaimNumber,
  type ServiceFeeClaim,
} from './service-fee-claim.ts'
import { refuseSettlement } from './settlement.refusals.ts'

export interface ClaimFilter {
  readonly plantId?: OrganisationId | undefined
  readonly month?: FeeMonth | undefined
  /** Only claims whose last step is one of these. */
  readonly states?: readonly ClaimStep[] | undefined
  readonly limit?: number
}

/** Claims oldest first, each with the steps that were taken. */
export async function listClaims(db: Db | Trx, filter: ClaimFilter = {}): Promise<ServiceFeeClaim[]> {
  const { plantId, month, states, limit = 100_000 } = filter
  const conditions = [
    sql`true`,
    ...(plantId === undefined ? [] : [sql`c.plant_id = ${plantId}::bigint`]),
    ...(month === undefined ? [] : [sql`c.month = ${firstDay(month)}::date`]),
    ...(states === undefined
      ? []
      : [
          sql`exists (select from service_fee_steps s where s.claim_id = c.id and s.step = any(${states}::text[])
            and not exists (select from service_fee_steps n where n.claim_id = s.claim_id and n.after_step = s.step))`,
        ]),
  ]
  return claimsWhere(db, sql`${sql.join(conditions, sql` and `)} order by c.id limit ${limit}`)
}

/** Claims that stand: not returned. In the order of their months. */
export async function standingClaims(db: Db | Trx, plantId: OrganisationId): Promise<ServiceFeeClaim[]> {
  return claimsWhere(
    db,
    sql`c.plant_id = ${plantId}::bigint
      and not exists (select from service_fee_steps s where s.claim_id = c.id and s.step = 'returned') order by c.month`,
  )
}

/** A claim by the number people see. Refuses an unknown one. */
export async function findClaim(db: Db | Trx, text: string): Promise<ServiceFeeClaim | Refusal> {
  const number = parseClaimNumber(text)
  const [found] =
    number === undefined
      ? []
      : await claimsWhere(db, sql`c.number_year = ${number.year} and c.number = ${number.number}`)
  return found ?? refuseSettlement('claim_unknown', { number: text })
}

/** The day after the last that is claimed of a plant; `undefined` where nothing is. */
export async function lastClaimedDay(db: Db | Trx, plantId: OrganisationId): Promise<CivilDate | undefined> {
  const last = (await standingClaims(db, plantId)).at(-1)
  return last === undefined ? undefined : firstDay(plusMonths(last.month, 1))
}

async function claimsWhere(db: Db | Trx, where: RawBuilder<unknown>): Promise<ServiceFeeClaim[]> {
  const { rows } = await sql<{
    id: ClaimId
    number_year: number
    number: number
    plant_id: OrganisationId
    plant_code: string
    plant_name: string
    month: CivilDate
    fee_amount: string
    correction_amount: string
    carried_amount: string
    payable_amount: string
    calculation: ClaimCalculation
    calculation_digest: string
    claimed_on: CivilDate
    replaces: ClaimId | null
  }>`
    select c.*, o.code as plant_code, o.name as plant_name
    from service_fee_claims c join organisations o on o.id = c.plant_id where ${where}`.execute(db)
  const { rows: steps } = await sql<{
    claim_id: ClaimId
    step: ClaimStep
    person_id: StaffId
    person_name: string
    person_code: string
    acted_on: CivilDate
    reason: string
    reference: string
    recorded_at: Date
  }>`
    select s.*, p.name as person_name, p.code as person_code from service_fee_steps s join staff p on p.id = s.person_id
    where s.claim_id = any(${rows.map(({ id }) => id)}::bigint[])
    order by s.claim_id, array_position(array['claimed', 'reviewed', 'approved', 'paid', 'reconciled', 'returned'], s.step)`.execute(
    db,
  )
  const stepsOf = (claimId: ClaimId) => steps.filter(({ claim_id }) => claim_id === claimId)
  return rows.map((row) => ({
    claimId: row.id,
    number: claimNumber(row.number_year, row.number),
    plantId: row.plant_id,
    plantCode: row.plant_code,
    plantName: row.plant_name,
    month: monthOf(row.month),
    feeAmount: money(row.fee_amount),
    correctionAmount: money(row.correction_amount),
    carriedAmount: money(row.carried_amount),
    payableAmount: money(row.payable_amount),
    calculation: row.calculation,
    digest: row.calculation_digest,
    claimedOn: row.claimed_on,
    replaces: row.replaces,
    steps: stepsOf(row.id).map((step) => ({
      step: step.step,
      personId: step.person_id,
      personName: step.person_name,
      personCode: step.person_code,
      actedOn: step.acted_on,
      reason: step.reason,
      reference: step.reference,
      recordedAt: step.recorded_at,
    })),
  }))
}
