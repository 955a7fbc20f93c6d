import { plusWorkingDays } from '../calendars/calendar.rules.ts'
import { money, moneyText, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { claimDates, claimOf, isContested, standingFine } from './claim.rules.ts'
import { challengeBy, courtStage, isPending } from './court.rules.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import type { Matter } from './enforcement.ts'
import { fineOf, isHigher, isWithin, multiplierBounds } from './fine.rules.ts'
import { type Act, type Gates, refuseBefore, refuseTwice } from './gate.ts'
import { orderState } from './order.rules.ts'
import { servedOn } from './service.rules.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { isAfter, lastStep, stepsOf } from './step-log.ts'
import type { Entered, Step, StepName } from './steps.ts'

/** Refuses a step against what has not been served yet. */
function refuseUnserved(matter: Matter, name: StepName, act: Act): Refusal | undefined {
  const needed = matter.fineCase === undefined ? 'order_served' : 'decision_served'
  const served = matter.steps.findLast((step) => step.name === needed)
  return refuseBefore(name, act, needed, served, claimOf(matter).servedOn)
}

/** A defence nobody has re-checked yet (APL 45, AEL 36). */
export function openDefence(steps: readonly Step[]): Step | undefined {
  const received = lastStep(steps, 'defence_received')
  return isAfter(received, lastStep(steps, 'defence_rechecked')) ? received : undefined
}

function outcome(
  name: 'review_decided' | 'suit_decided',
  filed: 'review_filed' | 'suit_filed',
  matter: Matter,
  entered: Entered<'review_decided'>,
  act: Act,
): { fineAmount: string | null } | Refusal {
  const taken = lastStep(matter.steps, filed)
  const before = refuseBefore(name, { on: entered.servedOn }, filed, taken)
  if (before !== undefined) return before
  if (!isAfter(taken, lastStep(matter.steps, name))) return refuseTwice(name, lastStep(matter.steps, name)) as Refusal
  if (entered.servedOn > act.on) return refuseEnforcement('day_in_future', { on: entered.servedOn, today: act.on })
  if (entered.anew === true && entered.outcome !== 'annulled') return refuseEnforcement('anew_without_annulment')
  if (entered.outcome !== 'changed') return { fineAmount: null }
  const decided = lastStep(matter.steps, 'decided')?.particulars
  if (matter.fineCase === undefined || decided === undefined) return refuseEnforcement('fee_not_changed')
  const { multiplier } = entered
  if (multiplier === undefined || !isWithin(multiplier, multiplierBounds.minimum, multiplierBounds.maximum))
    return refuseEnforcement('multiplier_out_of_bounds', { multiplier: multiplier ?? '—', ...multiplierBounds })
  if (isHigher(multiplier, decided.multiplier))
    return refuseEnforcement('outcome_raises_fine', { multiplier, decided: decided.multiplier })
  return { fineAmount: moneyText(fineOf(money(decided.baseAmount), multiplier)) }
}

/** When the steps of a claim are allowed: defence, review, suit, demand, court, and the end of the claim for the fee. */
export const claimGates: Gates<
  | 'defence_received'
  | 'defence_rechecked'
  | 'review_filed'
  | 'review_decided'
  | 'suit_filed'
  | 'suit_decided'
  | 'demand_issued'
  | 'demand_served'
  | 'court_applied'
  | 'court_accepted'
  | 'court_challenged'
  | 'court_ruled'
  | 'claim_ended'
> = {
  defence_received: (matter, _entered, act) => {
    const told = lastStep(matter.steps, 'notice_served')
    const demanded = lastStep(matter.steps, 'demand_served')
    const ground = demanded ?? told
    const needed = matter.fineCase === undefined ? 'demand_served' : 'notice_served'
    // A defence before the receipt of the paper is a defence: the party may know it from elsewhere.
    const before = refuseBefore('defence_received', act, needed, ground)
    if (before !== undefined) return before
    const decided = lastStep(matter.steps, 'decided')
    return decided === undefined || demanded !== undefined ? {} : refuseEnforcement('case_decided', { on: decided.on })
  },

  defence_rechecked: (matter, _entered, act) => {
    const open = openDefence(matter.steps)
    return refuseBefore('defence_rechecked', act, 'defence_received', open) ?? {}
  },

  review_filed: (matter, _entered, act) =>
    refuseUnserved(matter, 'review_filed', act) ??
    (isContested(matter.steps) ? refuseEnforcement('claim_contested') : {}),

  review_decided: (matter, entered, act) => outcome('review_decided', 'review_filed', matter, entered, act),

  suit_filed: (matter, _entered, act) =>
    refuseUnserved(matter, 'suit_filed', act) ??
    (isContested(matter.steps) ? refuseEnforcement('claim_contested') : {}),

  suit_decided: (matter, entered, act) => outcome('suit_decided', 'suit_filed', matter, entered, act),

  /** 催告 (AEL 35, 54): something is due and unpaid, and nobody contests it; the exact amount is named. */
  demand_issued: (matter, _entered, act) => {
    const unserved = refuseUnserved(matter, 'demand_issued', act)
    if (unserved !== undefined) return unserved
    const owing = refuseNothingOwed(matter)
    if (owing !== undefined) return owing
    const claim = claimOf(matter)
    const { amount, addition } = claim
    // Its ten working days have to pass before the court's last day; after that day a demand leads nowhere (AEL 53).
    if (claim.servedOn !== undefined && claim.performBy !== undefined) {
      const { courtBy } = claimDates(claim.servedOn, claim.performBy, matter.steps, matter.calendars)
      if (!isRefusal(courtBy) && act.on > courtBy) return refuseEnforcement('court_too_late', { courtBy })
    }
    return { amount: moneyText(amount), addition: moneyText(addition) }
  },

  /** Ten working days follow (AEL 54, 69). */
  demand_served: (matter, entered, act) => {
    const issued = lastStep(matter.steps, 'demand_issued')
    const before = refuseBefore('demand_served', act, 'demand_issued', issued)
    if (before !== undefined) return before
    const served = lastStep(matter.steps, 'demand_served')
    if (isAfter(served, issued)) return refuseTwice('demand_served', served) as Refusal
    const on = servedOn(entered, act.on, matter)
    if (isRefusal(on)) return on
    const performBy = plusWorkingDays(on, statutoryTerms.demandDays.value, matter.calendars)
    return isRefusal(performBy) ? performBy : { servedOn: on, performBy }
  },

  /**
   * 强制执行申请 (AEL 53–55): after the demand's ten working days and the time to sue, within three months of it, with
   * nothing contested, every defence re-checked, and something unpaid.
   */
  court_applied: (matter, _entered, act) => {
    const { steps, calendars } = matter
    const demanded = lastStep(steps, 'demand_served')
    const before = refuseBefore('court_applied', act, 'demand_served', demanded)
    if (before !== undefined || demanded === undefined) return before as Refusal
    const court = courtStage(steps)
    if (isPending(court)) return refuseTwice('court_applied', lastStep(steps, 'court_applied')) as Refusal
    if (court.at === 'allowed') return refuseEnforcement('court_allowed', { on: court.step.on })
    const owing = refuseNothingOwed(matter)
    if (owing !== undefined) return owing
    if (openDefence(steps) !== undefined) return refuseEnforcement('defence_open')
    const { performBy } = demanded.particulars
    if (act.on <= performBy) return refuseEnforcement('demand_running', { performBy })
    const claim = claimOf(matter)
    if (claim.servedOn === undefined || claim.performBy === undefined) return refuseEnforcement('nothing_due')
    const { suitBy, courtBy } = claimDates(claim.servedOn, claim.performBy, steps, calendars)
    if (isRefusal(suitBy)) return suitBy
    if (isRefusal(courtBy)) return courtBy
    if (act.on <= suitBy && stepsOf(steps, 'suit_decided').length === 0)
      return refuseEnforcement('suit_still_open', { suitBy })
    if (act.on > courtBy) return refuseEnforcement('court_too_late', { courtBy })
    return { amount: moneyText(claim.amount), addition: moneyText(claim.addition) }
  },

  /** Of an application, or after the higher court was asked about a refusal to accept it (AEL 56). */
  court_accepted: ({ steps }, _entered, act) => {
    const court = courtStage(steps)
    if (court.at === 'accepted' || court.at === 'turned_away')
      return refuseTwice('court_accepted', court.step) as Refusal
    const waits = court.at === 'applied' || (court.at === 'challenged' && court.about === 'acceptance')
    return refuseCourtStep('court_accepted', act, waits ? court.step : undefined)
  },

  /** Within 15 days of the receipt of a refusal to accept or to enforce (AEL 56, 58). */
  court_challenged: ({ steps, calendars }, _entered, act) => {
    const court = courtStage(steps)
    if (court.at === 'challenged') return refuseTwice('court_challenged', court.step) as Refusal
    if (court.at !== 'turned_away' && court.at !== 'refused') return refuseEnforcement('nothing_to_challenge')
    const by = challengeBy(court.step.on, calendars)
    if (isRefusal(by)) return by
    if (act.on > by) return refuseEnforcement('challenge_too_late', { by })
    return refuseCourtStep('court_challenged', act, court.step)
  },

  /** A court that rules has accepted: its acceptance need not have been entered. */
  court_ruled: ({ steps }, _entered, act) => {
    const court = courtStage(steps)
    if (court.at === 'allowed' || court.at === 'refused') return refuseTwice('court_ruled', court.step) as Refusal
    return refuseCourtStep(
      'court_ruled',
      act,
      court.at === 'none' || court.at === 'turned_away' ? undefined : court.step,
    )
  },

  /** Nothing more is done to collect what an order claims. No waiver either: the fee stays owed, and is taken when paid. */
  claim_ended: (matter, { ground }, act) => {
    const owing = refuseNothingOwed(matter)
    if (owing !== undefined) return owing
    if (ground === 'court_over') return refuseCourtOpen(matter, act) ?? {}
    return refuseNotTerminated('claim_ended', matter.steps, act) ?? {}
  },
}

/** Refuses a step of a court without the one it follows, and a day before it. */
function refuseCourtStep(name: StepName, act: Act, follows: Step | undefined): Refusal | object {
  return refuseBefore(name, act, follows?.name ?? 'court_applied', follows) ?? {}
}

/**
 * Refuses an end by the court where none has ruled, or is still to; where it allowed the enforcement, only its own order
 * ends that.
 */
export function refuseNotTerminated(
  name: 'claim_ended' | 'closed',
  steps: readonly Step[],
  act: Act,
): Refusal | undefined {
  const court = courtStage(steps)
  const before = refuseBefore(name, act, 'court_ruled', lastStep(steps, 'court_ruled'))
  if (before !== undefined || court.at === 'none') return before
  if (isPending(court)) return refuseEnforcement('court_pending', { on: court.step.on })
  if (court.at === 'allowed' && !act.hasEvidence)
    return refuseEnforcement('termination_unproved', { on: court.step.on })
  return undefined
}

/**
 * Refuses to end a claim over the court's time (AEL 53) while it runs, an application is pending or was granted, or nothing
 * is owed. It is no waiver: what is unpaid stays in the books, and a payment is still recorded.
 */
export function refuseCourtOpen(matter: Matter, act: Pick<Act, 'on'>): Refusal | undefined {
  const { steps, calendars } = matter
  const claim = claimOf(matter)
  if (claim.servedOn === undefined || claim.performBy === undefined || !claim.outstanding.gt(zeroMoney))
    return refuseEnforcement('nothing_due')
  const court = courtStage(steps)
  if (isPending(court) || court.at === 'allowed')
    return refuseEnforcement('court_seised', { on: lastStep(steps, 'court_applied')?.on ?? '' })
  const { courtBy } = claimDates(claim.servedOn, claim.performBy, steps, calendars)
  if (isRefusal(courtBy)) return courtBy
  return act.on > courtBy ? undefined : refuseEnforcement('court_still_open', { courtBy })
}

/** Refuses a demand or an application where nothing is due and unpaid, or where it is contested. */
function refuseNothingOwed(matter: Matter): Refusal | undefined {
  const { today, steps, order, fineCase } = matter
  const claim = claimOf(matter)
  if (isContested(steps)) return refuseEnforcement('claim_contested')
  const stands =
    fineCase === undefined ? orderState(order, steps, today).standing === 'lapsed' : standingFine(steps).gt(zeroMoney)
  if (!stands || !claim.outstanding.gt(zeroMoney) || claim.performBy === undefined)
    return refuseEnforcement('nothing_due')
  return today <= claim.performBy ? refuseEnforcement('still_within_term', { until: claim.performBy }) : undefined
}
