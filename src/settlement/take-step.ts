import type { Posting } from '../journal/journal-entry.ts'
import { postEntry } from '../journal/post-entry.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { type Money, moneyText, negateMoney, parseMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sqlState,
} from '../platform/command.ts'
import { findClaim, standingClaims } from './claim.queries.ts'
import { expenseOf, stateOf } from './claim.rules.ts'
import { claimAsOfNow, digestOf } from './claim-facts.ts'
import { findPlant, lockPlant } from './plants.ts'
import { approvalPostings, paymentPostings } from './service-fee.postings.ts'
import { type ClaimStep, nextStep, type ServiceFeeClaim, stepNames } from './service-fee-claim.ts'
import { refuseSettlement } from './settlement.refusals.ts'
import { settlementTables } from './settlement.tables.ts'

export type StepAnswer = { readonly number: string; readonly state: ClaimStep; readonly payable: string }
type Outcome = Promise<CommandAnswer<StepAnswer> | Refusal>

/** What a reviewer or approver names: the claim and 8 characters or more of the digest that was seen. */
export interface SeenClaim {
  readonly number: string
  readonly digestSeen: string
}

/** The brigade has checked volumes and compliance (art. 11). It decides nothing. */
export async function reviewClaim(services: Services, envelope: Envelope, seen: SeenClaim): Outcome {
  const kind = { name: 'settlement.review-claim', zh: '审核服务费申请' } as const
  return runCommand(services, envelope, kind, { ...seen }, async (context) => {
    const claim = await openClaim(context, seen.number, 'reviewed')
    if (isRefusal(claim)) return claim
    const unfit = refuseDigest(claim, seen) ?? (await refuseOvertaken(context, claim))
    if (unfit !== undefined) return unfit
    return takeStep(context, claim, { step: 'reviewed' })
  })
}

/** The bureau fixes the fee (art. 11, Order 641 art. 35): it becomes an expense that is payable. */
export async function approveClaim(services: Services, envelope: Envelope, seen: SeenClaim): Outcome {
  const kind = { name: 'settlement.approve-claim', zh: '审定服务费' } as const
  return runCommand(services, envelope, kind, { ...seen }, async (context) => {
    const claim = await openClaim(context, seen.number, 'approved')
    if (isRefusal(claim)) return claim
    const unfit = refuseDigest(claim, seen) ?? (await refuseOvertaken(context, claim))
    if (unfit !== undefined) return unfit
    await post(context, claim, '审定', approvalPostings(expenseOf(claim)))
    return takeStep(context, claim, { step: 'approved' })
  })
}

/** Money that left, or a line of the bank statement that shows it. */
export interface PaidClaim {
  readonly number: string
  /** Yuan, as the voucher or the statement has it. */
  readonly amount: string
  readonly on: CivilDate
  /** Number of the voucher, or line of the bank statement. */
  readonly reference: string
}

/** Finance pays what was approved, in full. Refuses another amount, and a claim that comes to nothing. */
export async function payClaim(services: Services, envelope: Envelope, paid: PaidClaim): Outcome {
  const kind = { name: 'settlement.pay-claim', zh: '拨付服务费' } as const
  return runCommand(services, envelope, kind, { ...paid }, async (context) => {
    const claim = await openClaim(context, paid.number, 'paid')
    if (isRefusal(claim)) return claim
    const unfit = refusePayment(context, claim, paid, 'approved')
    if (unfit !== undefined) return unfit
    const taken = await settlementTables(context.trx)
      .selectFrom('service_fee_steps')
      .select('claim_id')
      .where('step', '=', 'paid')
      .where('reference', '=', paid.reference.trim())
      .executeTakeFirst()
    if (taken !== undefined) return refuseSettlement('claim_voucher_taken', { reference: paid.reference })
    try {
      const answer = await takeStep(context, claim, {
        step: 'paid',
        actedOn: paid.on,
        reference: paid.reference.trim(),
        amount: claim.payableAmount,
      })
      await post(context, claim, '拨付', paymentPostings(claim.payableAmount))
      return answer
    } catch (error) {
      // 23505: another payment with the same voucher was faster.
      if (sqlState(error) !== '23505') throw error
      return refuseSettlement('claim_voucher_taken', { reference: paid.reference })
    }
  })
}

/** Another person of finance finds the payment on the bank statement; nobody reconciles their own payment. */
export async function reconcileClaim(services: Services, envelope: Envelope, found: PaidClaim): Outcome {
  const kind = { name: 'settlement.reconcile-payment', zh: '核对服务费拨付' } as const
  return runCommand(services, envelope, kind, { ...found }, async (context) => {
    const claim = await openClaim(context, found.number, 'reconciled')
    if (isRefusal(claim)) return claim
    const unfit = refusePayment(context, claim, found, 'paid')
    if (unfit !== undefined) return unfit
    return takeStep(context, claim, {
      step: 'reconciled',
      actedOn: found.on,
      reference: found.reference.trim(),
      amount: claim.payableAmount,
    })
  })
}

/**
 * Whoever would take the next step returns the claim instead, with a reason; what approval booked is reversed. Refuses a
 * claim on which a later one rests, a paid one, and anyone whose turn it is not.
 */
export async function returnClaim(
  services: Services,
  envelope: Envelope,
  input: { readonly number: string; readonly reason: string },
): Outcome {
  const kind = { name: 'settlement.return-claim', zh: '退回服务费申请' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const reason = input.reason.trim()
    if (reason === '') return refuseSettlement('settlement_needs_reason')
    const claim = await openClaim(context, input.number, 'returned')
    if (isRefusal(claim)) return claim
    const later = (await standingClaims(context.trx, claim.plantId)).find(({ month }) => month > claim.month)
    if (later !== undefined)
      return refuseSettlement('claim_has_successor', { number: claim.number, later: later.number })
    if (stateOf(claim) === 'approved')
      await post(context, claim, '退回', approvalPostings(negateMoney(expenseOf(claim))))
    return takeStep(context, claim, { step: 'returned', reason })
  })
}

/** The claim, locked for its next step. Refuses a step whose turn it is not, and whoever has taken one before. */
async function openClaim(context: CommandContext, number: string, step: ClaimStep): Promise<ServiceFeeClaim | Refusal> {
  const found = await findClaim(context.trx, number)
  if (isRefusal(found)) return found
  await lockPlant(context, found)
  const claim = await findClaim(context.trx, number)
  if (isRefusal(claim)) return claim
  const state = stateOf(claim)
  const next = nextStep[state]
  const { roles } = context.actor
  const mayReturn = state !== 'paid' && next !== undefined && roles.includes(next.role)
  if (step === 'returned' ? !mayReturn : next?.step !== step) {
    return refuseSettlement('claim_step_not_next', {
      number: claim.number,
      stateZh: stepNames[state].zh,
      stateEn: stepNames[state].en,
      wantedZh: stepNames[step].zh.replace('已', ''),
      wantedEn: stepNames[step].en,
    })
  }
  const own = claim.steps.find(({ personId }) => personId === context.actor.id)
  if (own !== undefined) {
    const { zh: stepZh, en: stepEn } = stepNames[own.step]
    return refuseSettlement('claim_own_step', { actor: context.actor.name, number: claim.number, stepZh, stepEn })
  }
  return claim
}

function refuseDigest({ number, digest }: ServiceFeeClaim, { digestSeen }: SeenClaim): Refusal | undefined {
  if (digestSeen.length >= 8 && digest.startsWith(digestSeen)) return undefined
  return refuseSettlement('claim_digest_differs', { number, digest: digest.slice(0, 12), seen: digestSeen })
}

async function refuseOvertaken({ trx }: CommandContext, claim: ServiceFeeClaim): Promise<Refusal | undefined> {
  const plant = await findPlant(trx, claim.plantCode)
  if (isRefusal(plant)) return plant
  const calculation = await claimAsOfNow(trx, plant, claim.month)
  if (!isRefusal(calculation) && digestOf(calculation) === claim.digest) return undefined
  const now = isRefusal(calculation) ? '—' : calculation.payable
  return refuseSettlement('claim_overtaken', { number: claim.number, claimed: moneyText(claim.payableAmount), now })
}

function refusePayment(
  { today }: CommandContext,
  claim: ServiceFeeClaim,
  { amount, on, reference }: PaidClaim,
  after: ClaimStep,
): Refusal | undefined {
  const { number, payableAmount } = claim
  if (payableAmount.isZero()) return refuseSettlement('claim_nothing_to_pay', { number })
  if (reference.trim() === '') return refuseSettlement('claim_reference_missing')
  const earliest = claim.steps.find(({ step }) => step === after)?.actedOn ?? claim.claimedOn
  if (on < earliest || on > today) return refuseSettlement('claim_day_malformed', { day: on, earliest, today })
  if (parseMoney(amount)?.eq(payableAmount)) return undefined
  return refuseSettlement('claim_amount_differs', { number, payable: moneyText(payableAmount), amount })
}

async function post(
  context: CommandContext,
  { number, month }: ServiceFeeClaim,
  what: string,
  lines: readonly Posting[],
): Promise<void> {
  if (lines.length === 0) return
  const memo = `污水处理服务费 ${month} ${number} ${what}`
  await postEntry(context, { entryOn: context.today, memo, documentCount: 1, lines })
}

async function takeStep(
  context: CommandContext,
  claim: ServiceFeeClaim,
  taken: {
    readonly step: ClaimStep
    readonly actedOn?: CivilDate
    readonly reason?: string
    readonly reference?: string
    readonly amount?: Money
  },
): Promise<StepAnswer> {
  const { step, actedOn, reason, reference, amount } = taken
  await settlementTables(context.trx)
    .insertInto('service_fee_steps')
    .values({
      claim_id: claim.claimId,
      step,
      after_step: stateOf(claim),
      person_id: context.actor.id,
      acted_on: actedOn ?? context.today,
      ...(reason === undefined ? {} : { reason }),
      ...(reference === undefined ? {} : { reference }),
      amount: amount === undefined ? null : moneyText(amount),
      command_id: context.commandId,
      recorded_at: context.recordedAt,
    })
    .execute()
  return { number: claim.number, state: step, payable: moneyText(claim.payableAmount) }
}
