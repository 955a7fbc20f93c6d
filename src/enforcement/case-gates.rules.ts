import { plusWorkingDays, rollToWorkingDay } from '../calendars/calendar.rules.ts'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import {
  addMoney,
  type Money,
  money,
  moneyText,
  negateMoney,
  parseMoney,
  subtractMoney,
  zeroMoney,
} from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { claimDates, claimOf, fineBalance, isContested, standingFine } from './claim.rules.ts'
import { openDefence, refuseCourtOpen, refuseNotTerminated } from './claim-gates.rules.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import { type FineCase, type Matter, orderStandingNames } from './enforcement.ts'
import { fineOf, givesHearing, isHigher, isWithin, multiplierBounds, rowInForce } from './fine.rules.ts'
import { type Act, type Gates, refuseBefore, refuseSharedCertificate, refuseTwice } from './gate.ts'
import { calledHearing, lastHeard, openHearing } from './hearing.rules.ts'
import { decisionDue, historyOf, isUnreviewedEstimate, orderState } from './order.rules.ts'
import { servedOn } from './service.rules.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { isAfter, lastStep, stepsOf } from './step-log.ts'
import type { Step, StepName } from './steps.ts'

/** The two officers of a case (APL 42). */
const officersOf = ({ reporterId, secondId }: FineCase): readonly string[] => [reporterId, secondId]

function caseOf(matter: Matter): FineCase {
  if (matter.fineCase === undefined) throw new Error('Broken invariant: a step of a case is judged with its case')
  return matter.fineCase
}

function refuseDecided(steps: readonly Step[]): Refusal | undefined {
  const decided = lastStep(steps, 'decided')
  return decided === undefined ? undefined : refuseEnforcement('case_decided', { on: decided.on })
}

/**
 * The last day to decide (APL 60): 90 days from the filing. Where a case was filed on the same period before, its days
 * have been running, unless a review or suit has ordered a new decision since.
 */
export function decideBy(matter: Matter): CivilDate {
  const { countsFrom } = historyOf(matter.order, matter.orderSteps, matter.formerCases)
  return decisionDue(countsFrom ?? caseOf(matter).filedOn)
}

/** Bounds, grid, and what the party was told before: the multiple of a notice or a decision. */
function refuseMultiplier(matter: Matter, multiplier: string, factor: string | undefined): Refusal | undefined {
  const { minimum, maximum } = multiplierBounds
  if (!isWithin(multiplier, minimum, maximum))
    return refuseEnforcement('multiplier_out_of_bounds', { multiplier, ...multiplierBounds })
  const found = rowInForce(matter.grids, factor)
  if ('unknown' in found) {
    const { documentNumber: document, rows } = found.unknown
    const factors = rows.map((each) => `${each.factor} ${each.zh}`).join('、')
    return refuseEnforcement('factor_unknown', { factor: factor ?? '—', document, factors })
  }
  const { row } = found
  if (row === undefined || isWithin(multiplier, row.minimum, row.maximum)) return undefined
  return refuseEnforcement('multiplier_outside_grid', {
    multiplier,
    factor: row.factor,
    document: row.documentNumber,
    minimum: row.minimum,
    maximum: row.maximum,
  })
}

/** What lapsed, as it is known today: the base of the fine (decision 5). Refuses an order that no longer bears one. */
function baseToday(matter: Matter): Money | Refusal {
  const { standing, base } = orderState(matter.order, matter.orderSteps, matter.today)
  if (standing === 'lapsed' || standing === 'paid_late') return base
  const { zh: standingZh, en: standingEn } = orderStandingNames[standing]
  return refuseEnforcement('order_bears_no_fine', { order: matter.order.number, standingZh, standingEn })
}

/**
 * Why the hearing is not over and done with; `undefined` where it is, was waived, or never asked for in time. A hearing
 * asked for under an earlier notice, or called, is open until it is held or dropped.
 */
function refuseHearingOpen(steps: readonly Step[], today: CivilDate): Refusal | undefined {
  const open = openHearing(steps)
  if (open !== undefined) return refuseEnforcement('hearing_open', { on: open.on })
  const told = lastStep(steps, 'notice_served')
  if (isAfter(lastStep(steps, 'hearing_requested'), told)) return undefined
  const askBy = told?.particulars.askHearingBy ?? null
  if (askBy === null || today > askBy || isAfter(lastStep(steps, 'rights_waived'), told)) return undefined
  return refuseEnforcement('hearing_may_be_asked', { until: askBy })
}

/** Why the party has not been heard out (APL 44, 45, 62–65) before a step; `undefined` where it has. */
function refuseUnheard(name: StepName, steps: readonly Step[], act: Pick<Act, 'on'>): Refusal | undefined {
  const served = lastStep(steps, 'notice_served')
  const told = isAfter(served, lastStep(steps, 'notice_issued')) ? served : undefined
  const untold = refuseBefore(name, act, 'notice_served', told, told?.particulars.servedOn)
  if (untold !== undefined || told === undefined) return untold
  if (openDefence(steps) !== undefined) return refuseEnforcement('defence_open')
  const hearing = refuseHearingOpen(steps, act.on)
  if (hearing !== undefined) return hearing
  if (act.on > told.particulars.defenceBy || isAfter(lastStep(steps, 'rights_waived'), told)) return undefined
  return refuseEnforcement('defence_may_come', { until: told.particulars.defenceBy })
}

/** Refuses a review or a discussion dated before the party was told or heard for the last time (APL 57, 58). */
function refuseBeforeHeard(name: StepName, steps: readonly Step[], act: Pick<Act, 'on'>): Refusal | undefined {
  const heard = lastHeard(steps)
  return heard === undefined ? undefined : refuseBefore(name, act, heard.step.name, heard.step, heard.on)
}

/** Nobody decides or reviews or hosts who investigated or prepared (domain §2). */
function refusePerson(matter: Matter, person: string, as: 'head' | 'reviewer' | 'host'): Refusal | undefined {
  const { steps } = matter
  const officers = officersOf(caseOf(matter))
  const reviewers = stepsOf(steps, 'legal_reviewed').map(({ by }) => by)
  const makers = [...stepsOf(steps, 'notice_issued'), ...stepsOf(steps, 'decided')].map(({ by }) => by)
  const hosts = stepsOf(steps, 'hearing_notified').flatMap(({ particulars }) => {
    const host = matter.people.get(particulars.host)
    return host === undefined ? [] : [host.id]
  })
  const others: readonly (readonly [zh: string, en: string, ids: readonly string[], bars: readonly string[]])[] = [
    ['办案人员', 'an officer of the case', officers, ['head', 'reviewer', 'host']],
    ['文书拟稿人', 'the maker of its papers', makers, ['head', 'reviewer', 'host']],
    ['法制审核人员', 'its legal reviewer', reviewers, ['head', 'host']],
    ['听证主持人', 'its hearing host', hosts, ['head', 'reviewer']],
  ]
  const found = others.find(([, , ids, bars]) => bars.includes(as) && ids.includes(person))
  if (found === undefined) {
    const barred = others.filter(([, , , bars]) => bars.includes(as)).flatMap(([, , ids]) => ids)
    const shares = barred.map((id) => refuseSharedCertificate(matter.certificates, person, id))
    return shares.find((refusal) => refusal !== undefined)
  }
  const names = { head: ['决定', 'decide'], reviewer: ['法制审核', 'review'], host: ['主持听证', 'host the hearing'] }
  const [doesZh = '', doesEn = ''] = names[as]
  return refuseEnforcement('person_has_other_part', { whoZh: found[0], whoEn: found[1], doesZh, doesEn })
}

function refuseNotOfficer(matter: Matter, person: string): Refusal | undefined {
  return officersOf(caseOf(matter)).includes(person) ? undefined : refuseEnforcement('not_case_officer')
}

/** When the steps of a fine case are allowed. */
export const caseGates: Gates<
  | 'investigated'
  | 'notice_issued'
  | 'notice_served'
  | 'rights_waived'
  | 'hearing_requested'
  | 'hearing_notified'
  | 'hearing_held'
  | 'hearing_dropped'
  | 'legal_reviewed'
  | 'discussed'
  | 'decided'
  | 'no_penalty'
  | 'decision_served'
  | 'deferred'
  | 'fine_paid'
  | 'fine_payment_reversed'
  | 'fine_refunded'
  | 'annulled'
  | 'closed'
> = {
  /** The second officer concludes it, so that both have acted in person (APL 42, 54). */
  investigated: (matter, _entered, act) => {
    const decided = refuseDecided(matter.steps) ?? refuseTwice('investigated', lastStep(matter.steps, 'investigated'))
    if (decided !== undefined) return decided
    return act.by === caseOf(matter).secondId ? {} : refuseEnforcement('second_officer_concludes')
  },

  /** After a defence or a hearing no notice may tell of more than before, in this case or a former one (APL 45). */
  notice_issued: (matter, { multiplier, factor }, act) => {
    const { steps } = matter
    const refused =
      refuseDecided(steps) ??
      refuseBefore('notice_issued', act, 'investigated', lastStep(steps, 'investigated')) ??
      refuseNotOfficer(matter, act.by) ??
      (act.approver !== null && officersOf(caseOf(matter)).includes(act.approver)
        ? refuseEnforcement('officer_approves')
        : undefined) ??
      refuseMultiplier(matter, multiplier, factor)
    if (refused !== undefined) return refused
    const before = lastStep(steps, 'notice_issued')
    const spoke = lastStep(steps, 'defence_received') ?? lastStep(steps, 'hearing_requested')
    if (before !== undefined && spoke !== undefined && isHigher(multiplier, before.particulars.multiplier))
      return refuseEnforcement('multiplier_raised', { multiplier, told: before.particulars.multiplier })
    const { ceiling } = historyOf(matter.order, matter.orderSteps, matter.formerCases)
    if (ceiling !== undefined && isHigher(multiplier, ceiling))
      return refuseEnforcement('multiplier_raised', { multiplier, told: ceiling })
    const base = baseToday(matter)
    if (isRefusal(base)) return base
    const fine = fineOf(base, multiplier)
    const hearingRight = givesHearing(fine, matter.party.isOrganisation, matter.settings)
    return { baseAmount: moneyText(base), fineAmount: moneyText(fine), hearingRight }
  },

  notice_served: (matter, entered, act) => {
    const { steps, calendars, settings } = matter
    const issued = lastStep(steps, 'notice_issued')
    const refused = refuseDecided(steps) ?? refuseBefore('notice_served', act, 'notice_issued', issued)
    if (refused !== undefined || issued === undefined) return refused as Refusal
    const taken = lastStep(steps, 'notice_served')
    if (isAfter(taken, issued)) return refuseTwice('notice_served', taken) as Refusal
    const served = servedOn(entered, act.on, matter)
    if (isRefusal(served)) return served
    const defenceBy = plusWorkingDays(served, settings.defenceDays, calendars)
    if (isRefusal(defenceBy)) return defenceBy
    if (!issued.particulars.hearingRight) return { servedOn: served, defenceBy, askHearingBy: null }
    const askHearingBy = plusWorkingDays(served, statutoryTerms.askHearingDays.value, calendars)
    return isRefusal(askHearingBy) ? askHearingBy : { servedOn: served, defenceBy, askHearingBy }
  },

  rights_waived: (matter, _entered, act) =>
    refuseDecided(matter.steps) ??
    refuseBefore('rights_waived', act, 'notice_served', lastStep(matter.steps, 'notice_served')) ??
    {},

  /** Within 5 working days of being told (APL 64), where the fine is large enough (63). */
  hearing_requested: (matter, _entered, act) => {
    const told = lastStep(matter.steps, 'notice_served')
    const refused = refuseDecided(matter.steps) ?? refuseBefore('hearing_requested', act, 'notice_served', told)
    if (refused !== undefined || told === undefined) return refused as Refusal
    const { askHearingBy } = told.particulars
    if (askHearingBy === null) return refuseEnforcement('no_hearing_right')
    if (act.on > askHearingBy) return refuseEnforcement('hearing_asked_late', { on: act.on, until: askHearingBy })
    const open = openHearing(matter.steps)
    if (open !== undefined) return refuseTwice('hearing_requested', open) as Refusal
    const taken = lastStep(matter.steps, 'hearing_requested')
    return isAfter(taken, told) ? (refuseTwice('hearing_requested', taken) as Refusal) : {}
  },

  /** Seven full working days lie between the notification and the hearing; the host has no other part (APL 64, 85). */
  hearing_notified: (matter, entered, act) => {
    const { steps } = matter
    const asked = lastStep(steps, 'hearing_requested')
    const refused = refuseDecided(steps) ?? refuseBefore('hearing_notified', act, 'hearing_requested', asked)
    if (refused !== undefined) return refused
    const host = matter.people.get(entered.host)
    if (host === undefined || !host.isHearingHost) return refuseEnforcement('not_hearing_host', { code: entered.host })
    const person = refusePerson(matter, host.id, 'host')
    if (person !== undefined) return person
    const served = servedOn(entered, act.on, matter)
    if (isRefusal(served)) return served
    const seventh = plusWorkingDays(served, statutoryTerms.notifyHearingDays.value, matter.calendars)
    if (isRefusal(seventh)) return seventh
    const earliest = plusDays(seventh, 1)
    if (entered.hearingOn < earliest)
      return refuseEnforcement('hearing_too_soon', { on: entered.hearingOn, earliest, served })
    return { servedOn: served }
  },

  hearing_held: (matter, _entered, act) => {
    const { steps } = matter
    const notified = calledHearing(steps)
    const held = lastStep(steps, 'hearing_held')
    const refused =
      refuseDecided(steps) ??
      (isAfter(held, lastStep(steps, 'hearing_notified')) ? refuseTwice('hearing_held', held) : undefined) ??
      refuseBefore('hearing_held', act, 'hearing_notified', notified, notified?.particulars.hearingOn)
    if (refused !== undefined || notified === undefined) return refused as Refusal
    const host = matter.people.get(notified.particulars.host)
    return host?.id === act.by ? {} : refuseEnforcement('host_records_hearing', { host: host?.name ?? '' })
  },

  hearing_dropped: (matter, { why }, act) => {
    const open = openHearing(matter.steps)
    const refused = refuseDecided(matter.steps) ?? refuseBefore('hearing_dropped', act, 'hearing_requested', open)
    if (refused !== undefined || why === 'withdrawn') return refused ?? {}
    const notified = calledHearing(matter.steps)
    return refuseBefore('hearing_dropped', act, 'hearing_notified', notified, notified?.particulars.hearingOn) ?? {}
  },

  /** After the party was heard out, by a person with no other part in the case (APL 58). */
  legal_reviewed: (matter, _entered, act) => {
    const { steps } = matter
    return (
      refuseDecided(steps) ??
      refuseUnheard('legal_reviewed', steps, act) ??
      refuseBeforeHeard('legal_reviewed', steps, act) ??
      refusePerson(matter, act.by, 'reviewer') ??
      {}
    )
  },

  discussed: (matter, _entered, act) =>
    refuseDecided(matter.steps) ??
    refuseUnheard('discussed', matter.steps, act) ??
    refuseBeforeHeard('discussed', matter.steps, act) ??
    {},

  /** Every gate of the ordinary procedure; the decision is made by the head on the day it is approved (APL 57). */
  decided: (matter, { multiplier, factor }, act) => {
    const { steps, order, settings } = matter
    const notice = lastStep(steps, 'notice_issued')
    const by = decideBy(matter)
    const refused =
      refuseDecided(steps) ??
      refuseBefore('decided', act, 'investigated', lastStep(steps, 'investigated')) ??
      refuseNotOfficer(matter, act.by) ??
      refuseUnheard('decided', steps, act) ??
      refuseNotReviewed(matter) ??
      (settings.collectiveDiscussion && !isAfter(lastStep(steps, 'discussed'), lastHeard(steps)?.step)
        ? refuseEnforcement('discussion_missing')
        : undefined) ??
      (act.on > by ? refuseEnforcement('decision_too_late', { by }) : undefined) ??
      refuseMultiplier(matter, multiplier, factor)
    if (refused !== undefined || notice === undefined) return refused as Refusal
    const { baseAmount: toldBase, multiplier: told } = notice.particulars
    if (isHigher(multiplier, told)) return refuseEnforcement('multiplier_above_notice', { multiplier, told })
    const objected = order.bills.find((bill) => bill.objected)
    if (objected !== undefined) return refuseEnforcement('objection_open', { bill: objected.number })
    const base = baseToday(matter)
    if (isRefusal(base)) return base
    const { termEndsOn } = orderState(order, matter.orderSteps, matter.today)
    const estimated = order.bills.find((bill) => termEndsOn !== undefined && isUnreviewedEstimate(bill, termEndsOn))
    if (estimated !== undefined) return refuseEnforcement('estimate_unreviewed', { bill: estimated.number })
    if (base.gt(money(toldBase)))
      return refuseEnforcement('base_above_notice', { base: moneyText(base), told: toldBase })
    if (matter.party.address.trim() === '') return refuseEnforcement('party_address_missing')
    if (act.approver !== null) {
      const person = refusePerson(matter, act.approver, 'head')
      if (person !== undefined) return person
    }
    return { baseAmount: moneyText(base), fineAmount: moneyText(fineOf(base, multiplier)) }
  },

  no_penalty: (matter, _entered, act) =>
    refuseDecided(matter.steps) ??
    refuseBefore('no_penalty', act, 'investigated', lastStep(matter.steps, 'investigated')) ??
    (act.approver === null ? undefined : refusePerson(matter, act.approver, 'head')) ??
    {},

  /**
   * The fine is to be paid within 15 calendar days of receipt (APL 67), the last one a working day. Service later than
   * seven working days after the decision (APL 61) is valid and marked.
   */
  decision_served: (matter, entered, act) => {
    const decided = lastStep(matter.steps, 'decided')
    const refused =
      refuseBefore('decision_served', act, 'decided', decided) ??
      refuseTwice('decision_served', lastStep(matter.steps, 'decision_served'))
    if (refused !== undefined) return refused
    const served = servedOn(entered, act.on, matter)
    if (isRefusal(served)) return served
    const payBy = rollToWorkingDay(plusDays(served, statutoryTerms.payFineDays.value), matter.calendars)
    if (isRefusal(payBy)) return payBy
    const decidedOn = present(decided, 'a decision is served after it was made').on
    const serveBy = plusWorkingDays(decidedOn, statutoryTerms.serveDecisionDays.value, matter.calendars)
    if (isRefusal(serveBy)) return serveBy
    // Of a public notice the day of the publication is what the bureau had in hand.
    return { servedOn: served, payBy, serveBy, servedLate: act.on > serveBy }
  },

  /** Each last day is named by the people who grant it, so a rest day is refused, not rolled (Civil Code 203). */
  deferred: (matter, { instalments }, act) => {
    const refused = refuseBefore('deferred', act, 'decision_served', lastStep(matter.steps, 'decision_served'))
    if (refused !== undefined) return refused
    // The court's time runs from a deferral's end (APL 72), which revives none that has passed.
    const { servedOn: served, performBy } = claimOf(matter)
    if (served !== undefined && performBy !== undefined) {
      const { courtBy } = claimDates(served, performBy, matter.steps, matter.calendars)
      if (!isRefusal(courtBy) && act.on > courtBy) return refuseEnforcement('deferral_too_late', { courtBy })
    }
    const fine = standingFine(matter.steps)
    const total = addMoney(instalments.map(({ amount }) => money(amount)))
    if (!total.eq(fine))
      return refuseEnforcement('instalments_differ', { total: moneyText(total), fine: moneyText(fine) })
    const first = instalments.find(({ dueOn }) => dueOn <= act.on)
    if (first !== undefined) return refuseEnforcement('instalment_not_ahead', { on: first.dueOn })
    for (const { dueOn } of instalments) {
      const workday = rollToWorkingDay(dueOn, matter.calendars)
      if (isRefusal(workday)) return workday
      if (workday !== dueOn) return refuseEnforcement('instalment_on_rest_day', { on: dueOn, workday })
    }
    return act.approver === null ? {} : (refusePerson(matter, act.approver, 'head') ?? {})
  },

  fine_paid: (matter, { amount: text, reference }, act) => {
    const refused = refuseBefore('fine_paid', act, 'decided', lastStep(matter.steps, 'decided'))
    if (refused !== undefined) return refused
    const used = matter.referenceUse
    if (used !== undefined) {
      const { caseNumber: number, paidOn, reversedOn } = used
      return reversedOn === null
        ? refuseEnforcement('fine_reference_taken', { reference, number, paidOn })
        : refuseEnforcement('fine_reference_reversed', { reference, number, paidOn, reversedOn })
    }
    const amount = parseMoney(text) ?? zeroMoney
    const { outstanding, unpaidFine } = fineBalance(matter.steps, matter.finePayments, act.on)
    if (amount.gt(outstanding))
      return refuseEnforcement('fine_overpaid', { amount: moneyText(amount), outstanding: moneyText(outstanding) })
    const toFine = amount.lt(unpaidFine) ? amount : unpaidFine
    return { toFine: moneyText(toFine), toAddition: moneyText(subtractMoney(amount, toFine)) }
  },

  fine_payment_reversed: (matter, { reference }) =>
    refuseUnpaid(matter) ??
    (matter.finePayments.some((payment) => payment.reference === reference)
      ? {}
      : refuseEnforcement('fine_reference_unknown', { reference })),

  fine_refunded: (matter, { amount: text }, act) => {
    const unpaid = refuseUnpaid(matter)
    if (unpaid !== undefined) return unpaid
    const amount = parseMoney(text) ?? zeroMoney
    const surplus = negateMoney(fineBalance(matter.steps, matter.finePayments, act.on).outstanding)
    if (amount.lte(surplus)) return {}
    const left = surplus.gt(zeroMoney) ? surplus : zeroMoney
    return refuseEnforcement('refund_above_surplus', { amount: moneyText(amount), surplus: moneyText(left) })
  },

  annulled: (matter, _entered, act) =>
    refuseBefore('annulled', act, 'decided', lastStep(matter.steps, 'decided')) ??
    (standingFine(matter.steps).isZero() ? refuseEnforcement('no_fine_stands') : undefined) ??
    (act.approver === null ? undefined : refusePerson(matter, act.approver, 'head')) ?? {
      paidInTime: isPaidInTime(matter),
    },

  closed: (matter, { ground }, act) => {
    const { steps } = matter
    const decided = lastStep(steps, 'decided')
    const ended = { paidInTime: isPaidInTime(matter) }
    if (ground === 'revoked') return refuseDecided(steps) ?? ended
    const refused = refuseBefore('closed', act, 'decided', decided)
    if (refused !== undefined) return refused
    if (isContested(steps)) return refuseEnforcement('claim_contested')
    const { outstanding } = fineBalance(steps, matter.finePayments, act.on)
    if (ground === 'paid' && outstanding.gt(zeroMoney))
      return refuseEnforcement('fine_unpaid', { outstanding: moneyText(outstanding) })
    if (ground === 'court_over') return refuseCourtOpen(matter, act) ?? ended
    if (ground === 'terminated') return refuseNotTerminated('closed', steps, act) ?? ended
    return ended
  },
}

/** Refuses to give back what was never paid. */
function refuseUnpaid({ finePayments }: Matter): Refusal | undefined {
  return finePayments.length === 0 ? refuseEnforcement('no_fine_payment') : undefined
}

/** Whether nothing lapsed, as the payments are known today. */
function isPaidInTime({ order, orderSteps, today }: Matter): boolean {
  return orderState(order, orderSteps, today).standing === 'paid'
}

/** Refuses a decision without a review that agreed after the party was heard out. */
function refuseNotReviewed({ steps }: Matter): Refusal | undefined {
  const reviewed = lastStep(steps, 'legal_reviewed')
  if (!isAfter(reviewed, lastHeard(steps)?.step)) return refuseEnforcement('review_missing')
  return reviewed?.particulars.outcome === 'agreed' ? undefined : refuseEnforcement('review_returned')
}
