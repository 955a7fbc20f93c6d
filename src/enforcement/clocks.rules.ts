import { plusWorkingDays } from '../calendars/calendar.rules.ts'
import { type CivilDate, monthsLater, plusDays } from '../kernel/calendar.ts'
import { addMoney, type Money, money, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { decideBy } from './case-gates.rules.ts'
import {
  claimDates,
  claimOf,
  demandBy,
  duesOf,
  type FineBalance,
  fineBalance,
  isContested,
  standingFine,
} from './claim.rules.ts'
import { openDefence } from './claim-gates.rules.ts'
import { type CourtStage, challengeBy, courtStage } from './court.rules.ts'
import type { Matter } from './enforcement.ts'
import { endOf } from './gates.rules.ts'
import { calledHearing, lastHeard, openHearing } from './hearing.rules.ts'
import { decisionDue, fileBy, filingObstacle, historyOf, isUnreviewedEstimate, orderState } from './order.rules.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { isAfter, lastStep } from './step-log.ts'
import type { Step, StepName } from './steps.ts'

/** Who has to act; `party` and `court` are waited for. */
export const clockParties = ['bureau', 'brigade', 'head', 'reviewer', 'host', 'party', 'court'] as const
export type ClockParty = (typeof clockParties)[number]
export const clockPartyNames: Record<ClockParty, { readonly zh: string; readonly en: string }> = {
  bureau: { zh: '城管局', en: 'bureau' },
  brigade: { zh: '执法大队', en: 'brigade' },
  head: { zh: '局负责人', en: 'head' },
  reviewer: { zh: '法制审核', en: 'legal reviewer' },
  host: { zh: '听证主持人', en: 'hearing host' },
  party: { zh: '当事人', en: 'party' },
  court: { zh: '法院或复议机关', en: 'court or review body' },
}

/** Something that is to be done, or may be done, on an order or a case. */
export interface Clock {
  readonly what: keyof typeof clockNames
  readonly by: ClockParty
  /** The last day for it; null where the law sets none: as soon as possible. */
  readonly until: CivilDate | null
  /** From when it may be done; a day to come means: wait. */
  readonly from: CivilDate | null
  /** The step that stops the clock, where it is one. */
  readonly step: StepName | null
  /** A year whose calendar is not loaded, so that the last day is not known. */
  readonly calendarMissing: number | null
  /** What it is about, in numbers or dates. */
  readonly about: string
}

export const clockNames = {
  serve_order: { zh: '送达责令通知书', en: 'serve the order', clause: '城镇排水与污水处理条例第五十四条' },
  pay_fee: { zh: '当事人缴费期限', en: 'the party pays the fee', clause: '城镇排水与污水处理条例第五十四条' },
  review_estimate: { zh: '复核估抄水量', en: 'review the estimate', clause: '内部规定' },
  answer_objection: { zh: '答复异议', en: 'answer the objection', clause: '内部规定' },
  file_case: {
    zh: '逾期未缴，可立案',
    en: 'lapsed: a case may be filed',
    clause: statutoryTerms.limitationYears.clause,
  },
  investigate: { zh: '调查终结', en: 'conclude the investigation', clause: statutoryTerms.decisionDays.clause },
  give_notice: { zh: '事先告知', en: 'give notice of the intended fine', clause: '行政处罚法第四十四条' },
  serve_notice: { zh: '送达告知书', en: 'serve the notice', clause: '行政处罚法第四十四条' },
  hear_party: { zh: '当事人陈述、申辩期', en: 'the party may state a defence', clause: '行政处罚法第四十五条' },
  ask_hearing: {
    zh: '当事人可申请听证',
    en: 'the party may ask for a hearing',
    clause: statutoryTerms.askHearingDays.clause,
  },
  recheck_defence: { zh: '复核陈述、申辩', en: 're-check the defence', clause: '行政处罚法第四十五条' },
  notify_hearing: { zh: '通知听证', en: 'notify the hearing', clause: statutoryTerms.notifyHearingDays.clause },
  hold_hearing: { zh: '举行听证', en: 'hold the hearing', clause: '行政处罚法第六十四条' },
  legal_review: { zh: '法制审核', en: 'legal review', clause: '行政处罚法第五十八条' },
  discuss: { zh: '集体讨论', en: 'collective discussion', clause: '行政处罚法第五十七条' },
  decide: { zh: '作出决定', en: 'decide', clause: statutoryTerms.decisionDays.clause },
  too_late: {
    zh: '九十日已过，须结案',
    en: 'the 90 days are over: close the case',
    clause: statutoryTerms.decisionDays.clause,
  },
  serve_decision: { zh: '送达处罚决定书', en: 'serve the decision', clause: statutoryTerms.serveDecisionDays.clause },
  pay_fine: { zh: '当事人缴纳罚款期限', en: 'the party pays the fine', clause: statutoryTerms.payFineDays.clause },
  addition_runs: { zh: '加处罚款计算中', en: 'the addition is running', clause: statutoryTerms.additionPerDay.clause },
  await_outcome: { zh: '复议或诉讼未了结', en: 'a review or suit is pending', clause: '行政处罚法第七十三条' },
  ask_review: {
    zh: '当事人可申请复议',
    en: 'the party may ask for a review',
    clause: statutoryTerms.reviewDays.clause,
  },
  sue: { zh: '当事人可起诉', en: 'the party may sue', clause: statutoryTerms.suitMonths.clause },
  demand: { zh: '催告', en: 'issue the demand', clause: '行政强制法第五十四条' },
  serve_demand: { zh: '送达催告书', en: 'serve the demand', clause: '行政强制法第五十四条' },
  perform: {
    zh: '催告后的十个工作日',
    en: 'the ten working days of the demand',
    clause: statutoryTerms.demandDays.clause,
  },
  apply_to_court: { zh: '申请法院强制执行', en: 'apply to the court', clause: statutoryTerms.courtMonths.clause },
  court_over: {
    zh: '申请期限已过',
    en: 'the time to apply to the court is over',
    clause: statutoryTerms.courtMonths.clause,
  },
  end_claim: { zh: '法院不予执行，可终结', en: 'the court refused: the claim may be ended', clause: '内部规定' },
  await_acceptance: {
    zh: '等待法院受理',
    en: 'the court accepts or refuses the application',
    clause: statutoryTerms.courtAcceptsDays.clause,
  },
  await_ruling: { zh: '等待法院裁定', en: 'the ruling of the court', clause: '行政强制法第五十七条、第五十八条' },
  ask_court: {
    zh: '法院逾期未答复，催询并登记',
    en: 'the court is late: ask it, and enter its answer',
    clause: '行政强制法第五十六条至第五十八条',
  },
  challenge: {
    zh: '可向上一级法院申请复议',
    en: 'the higher court may be asked',
    clause: statutoryTerms.challengeDays.clause,
  },
  court_enforces: {
    zh: '法院执行中，到账即登记',
    en: 'the court enforces: enter what comes in',
    clause: '行政诉讼法第九十七条',
  },
  ask_higher_court: {
    zh: '法院六个月未执行完毕，可申请上一级法院执行；终结的附裁定登记',
    en: 'six months of enforcement: the higher court may be asked, or its termination is entered',
    clause: statutoryTerms.courtEnforcesMonths.clause,
  },
  close_case: { zh: '罚款已清，可结案', en: 'fine paid: the case may be closed', clause: '内部规定' },
  undo_case: {
    zh: '期限内已缴，建议撤销立案',
    en: 'paid in time after all: revoke the filing',
    clause: '行政处罚法第五十四条',
  },
  undo_fine: {
    zh: '期限内另有缴款，建议撤销决定',
    en: 'more was paid in time: annul the decision',
    clause: '行政处罚法第七十五条',
  },
  refund_fine: { zh: '多缴罚款，须退付', en: 'too much was paid: refund it', clause: '内部规定' },
} as const satisfies Record<string, { readonly zh: string; readonly en: string; readonly clause: string }>

/** Whether nobody of the office can do anything but wait. */
export function isWait({ by }: Pick<Clock, 'by'>): boolean {
  return by === 'party' || by === 'court'
}

interface ClockMore {
  readonly until?: CivilDate | Refusal | null | undefined
  readonly from?: CivilDate
  readonly step?: StepName
  readonly about?: string
}

/** A clock; a last day that is refused for want of a calendar stays unknown, with the year that is missing. */
function clock(what: Clock['what'], by: ClockParty, more: ClockMore = {}): Clock {
  const { until = null, from = null, step = null, about = '' } = more
  const known = isRefusal(until) ? null : until
  const calendarMissing = isRefusal(until) ? Number(until.parameters['year']) : null
  return { what, by, until: known, from, step, calendarMissing, about }
}

/**
 * What is due on a log, by when and by whom, computed from its steps, the payments, the calendar and the day: an order's
 * claim for the fee, or a case's for the fine. Nothing decides by itself: what a late file undoes is only proposed here.
 */
export function clocksOf(matter: Matter): readonly Clock[] {
  return matter.fineCase === undefined ? orderClocks(matter) : caseClocks(matter)
}

function orderClocks(matter: Matter): Clock[] {
  const clocks: Clock[] = []
  const { order, orderSteps, today } = matter
  const { standing, termEndsOn, unpaid } = orderState(order, orderSteps, today)
  if (standing === 'issued' && lastStep(orderSteps, 'order_served') === undefined)
    clocks.push(clock('serve_order', 'brigade', { step: 'order_served' }))
  // While a public notice runs nobody has to serve it any more, and the last day of the term is known.
  if (termEndsOn !== undefined && (standing === 'running' || standing === 'issued'))
    clocks.push(clock('pay_fee', 'party', { until: termEndsOn, about: moneyText(unpaid) }))
  for (const bill of order.bills.filter(({ objected }) => objected && standing !== 'paid'))
    clocks.push(clock('answer_objection', 'bureau', { about: bill.number }))
  if (standing !== 'lapsed' || termEndsOn === undefined) return clocks
  if (matter.liveCase === undefined && matter.judgedCase === undefined) {
    const estimate = order.bills.find((bill) => isUnreviewedEstimate(bill, termEndsOn))
    if (estimate !== undefined) clocks.push(clock('review_estimate', 'bureau', { about: estimate.number }))
    else if (filingObstacle(order, orderSteps, undefined, matter.formerCases, today) === undefined)
      clocks.push(clock('file_case', 'brigade', { until: lastToFile(matter, termEndsOn), about: moneyText(unpaid) }))
  }
  return [...clocks, ...claimClocks(matter)]
}

/** The last day to file: the limitation, or the 90 days of a former case on the period where they end before. */
function lastToFile({ order, orderSteps, formerCases }: Matter, termEndsOn: CivilDate): CivilDate {
  const { countsFrom } = historyOf(order, orderSteps, formerCases)
  const [limitation, running] = [fileBy(termEndsOn), countsFrom === undefined ? undefined : decisionDue(countsFrom)]
  return running !== undefined && running < limitation ? running : limitation
}

function caseClocks(matter: Matter): Clock[] {
  const clocks: Clock[] = []
  const { steps, order, orderSteps, today } = matter
  const { base } = orderState(order, orderSteps, today)
  const fine = standingFine(steps)
  const balance = fineBalance(steps, matter.finePayments, today)
  const surplus = balance.outstanding
  if (surplus.lt(zeroMoney))
    clocks.push(clock('refund_fine', 'bureau', { step: 'fine_refunded', about: moneyText(surplus) }))
  const decided = lastStep(steps, 'decided')
  if (decided !== undefined && fine.gt(zeroMoney) && base.lt(money(decided.particulars.baseAmount)))
    clocks.push(
      clock('undo_fine', 'bureau', {
        step: 'annulled',
        about: `${decided.particulars.baseAmount} → ${moneyText(base)}`,
      }),
    )
  if (endOf(steps) !== undefined) return clocks
  return [...clocks, ...(decided === undefined ? proceedingClocks(matter, base) : decidedClocks(matter, balance))]
}

/** From the filing to the decision. */
function proceedingClocks(matter: Matter, base: Money): Clock[] {
  const { steps, today, settings } = matter
  const until = decideBy(matter)
  if (base.isZero()) return [clock('undo_case', 'bureau', { step: 'closed', about: matter.order.number })]
  if (today > until) return [clock('too_late', 'bureau', { step: 'closed', until })]
  if (lastStep(steps, 'investigated') === undefined)
    return [clock('investigate', 'brigade', { step: 'investigated', until })]
  const issued = lastStep(steps, 'notice_issued')
  if (issued === undefined) return [clock('give_notice', 'brigade', { step: 'notice_issued', until })]
  const told = lastStep(steps, 'notice_served')
  if (told === undefined || !isAfter(told, issued))
    return [clock('serve_notice', 'brigade', { step: 'notice_served', until })]
  // A right used does not end the other, nor its own term: who stated a defence may add to it and ask for a hearing.
  const clocks: Clock[] = []
  if (!isAfter(lastStep(steps, 'rights_waived'), told)) {
    const { askHearingBy, defenceBy } = told.particulars
    const asked = isAfter(lastStep(steps, 'hearing_requested'), told)
    if (askHearingBy !== null && !asked && today <= askHearingBy)
      clocks.push(clock('ask_hearing', 'party', { step: 'hearing_requested', until: askHearingBy }))
    if (today <= defenceBy) clocks.push(clock('hear_party', 'party', { step: 'defence_received', until: defenceBy }))
  }
  if (openDefence(steps) !== undefined)
    return [clock('recheck_defence', 'brigade', { step: 'defence_rechecked', until }), ...clocks]
  if (openHearing(steps) !== undefined) {
    const called = calledHearing(steps)
    if (called === undefined) return [clock('notify_hearing', 'bureau', { step: 'hearing_notified', until }), ...clocks]
    return [clock('hold_hearing', 'host', { step: 'hearing_held', until: called.particulars.hearingOn }), ...clocks]
  }
  if (clocks.length > 0) return clocks
  const reviewed = lastStep(steps, 'legal_reviewed')
  const heard = lastHeard(steps)?.step
  if (!isAfter(reviewed, heard) || reviewed?.particulars.outcome !== 'agreed')
    return [clock('legal_review', 'reviewer', { step: 'legal_reviewed', until })]
  if (settings.collectiveDiscussion && !isAfter(lastStep(steps, 'discussed'), heard))
    return [clock('discuss', 'bureau', { step: 'discussed', until })]
  for (const bill of matter.order.bills.filter(({ objected }) => objected))
    clocks.push(clock('answer_objection', 'bureau', { about: bill.number, until }))
  return [...clocks, clock('decide', 'head', { step: 'decided', until })]
}

/** From the decision to the court. */
function decidedClocks(matter: Matter, balance: FineBalance): Clock[] {
  const { steps, today, calendars } = matter
  const decided = lastStep(steps, 'decided')
  const served = lastStep(steps, 'decision_served')
  if (served === undefined) {
    const until = plusWorkingDays(decided?.on ?? today, statutoryTerms.serveDecisionDays.value, calendars)
    return [clock('serve_decision', 'brigade', { step: 'decision_served', until })]
  }
  if (!balance.outstanding.gt(zeroMoney))
    return balance.outstanding.isZero() ? [clock('close_case', 'bureau', { step: 'closed' })] : []
  const clocks: Clock[] = []
  const next = nextDue(steps, balance, today)
  if (next !== undefined) clocks.push(clock('pay_fine', 'party', { until: next.dueOn, about: moneyText(next.amount) }))
  const { amount, days, capped } = balance.addition
  if (days > 0 && !capped && !isContested(steps) && dueOf(steps, balance, today).gt(zeroMoney))
    clocks.push(clock('addition_runs', 'party', { about: moneyText(amount) }))
  return [...clocks, ...claimClocks(matter)]
}

/** What of the fine itself fell due before a day and is unpaid. */
function dueOf(steps: readonly Step[], { fine, paid }: FineBalance, before: CivilDate): Money {
  const dues = duesOf(steps).dues.filter(({ dueOn }) => dueOn < before)
  const due = addMoney(dues.map(({ amount }) => money(amount)))
  const unpaid = subtractMoney(due.lt(fine) ? due : fine, paid)
  return unpaid.gt(zeroMoney) ? unpaid : zeroMoney
}

/** The next last day to pay that leaves something to pay, and how much of the fine is to be paid by then. */
function nextDue(
  steps: readonly Step[],
  balance: FineBalance,
  today: CivilDate,
): { dueOn: CivilDate; amount: Money } | undefined {
  const ahead = duesOf(steps).dues.map(({ dueOn }) => ({ dueOn, amount: dueOf(steps, balance, plusDays(dueOn, 1)) }))
  return ahead.find(({ dueOn, amount }) => today <= dueOn && amount.gt(zeroMoney))
}

/**
 * What the court has to do with an application and by when; once it is late, that the office asks. And what the office may
 * do about its answer (AEL 56–58).
 */
function courtClocks(
  court: CourtStage,
  { today, calendars }: Matter,
  { ending, about }: { readonly ending: 'claim_ended' | 'closed'; readonly about: string },
): Clock[] {
  if (court.at === 'none') return []
  const { on } = court.step
  const isAhead = (day: CivilDate | Refusal) => isRefusal(day) || today <= day
  const waitFor = (what: 'await_acceptance' | 'await_ruling', until: CivilDate | Refusal) => {
    const step = what === 'await_ruling' ? 'court_ruled' : 'court_accepted'
    return isAhead(until) ? clock(what, 'court', { step, until }) : clock('ask_court', 'bureau', { step, until, about })
  }
  switch (court.at) {
    case 'applied':
      return [waitFor('await_acceptance', plusWorkingDays(on, statutoryTerms.courtAcceptsDays.value, calendars))]
    case 'accepted': {
      const ordinary = plusWorkingDays(on, statutoryTerms.courtRulesDays.value, calendars)
      return [
        waitFor('await_ruling', isAhead(ordinary) ? ordinary : plusDays(on, statutoryTerms.courtDoubtsDays.value)),
      ]
    }
    case 'challenged':
      return court.about === 'acceptance'
        ? [waitFor('await_acceptance', plusDays(on, statutoryTerms.higherCourtAcceptsDays.value))]
        : [waitFor('await_ruling', plusDays(on, statutoryTerms.courtDoubtsDays.value))]
    case 'allowed': {
      const until = monthsLater(on, statutoryTerms.courtEnforcesMonths.value)
      return today <= until
        ? [clock('court_enforces', 'court', { until, about })]
        : [clock('ask_higher_court', 'bureau', { step: ending, until, about })]
    }
    default: {
      const by = challengeBy(on, calendars)
      const clocks = isAhead(by) ? [clock('challenge', 'bureau', { step: 'court_challenged', until: by, about })] : []
      return court.at === 'refused' ? [...clocks, clock('end_claim', 'bureau', { step: ending, about })] : clocks
    }
  }
}

/** Review, suit, demand and court of the claim at hand. */
function claimClocks(matter: Matter): Clock[] {
  const { steps, today, calendars } = matter
  const claim = claimOf(matter)
  if (claim.servedOn === undefined || claim.performBy === undefined) return []
  if (isContested(steps)) return [clock('await_outcome', 'court')]
  if (lastStep(steps, 'claim_ended') !== undefined) return []
  const ending = matter.fineCase === undefined ? 'claim_ended' : 'closed'
  const about = moneyText(claim.outstanding)
  const court = courtStage(steps)
  const clocks = courtClocks(court, matter, { ending, about })
  // What a court has not accepted may be brought before it again while there is time.
  if (court.at !== 'none' && court.at !== 'turned_away') return clocks
  const { reviewBy, suitBy, courtBy } = claimDates(claim.servedOn, claim.performBy, steps, calendars)
  // A last day nobody knows for want of a calendar has not passed.
  const isAhead = (day: CivilDate | Refusal) => isRefusal(day) || today <= day
  const issued = lastStep(steps, 'demand_issued')
  const demanded = lastStep(steps, 'demand_served')
  // A demand in a drawer, or served too late for its ten working days to pass, ends the claim.
  const until = demandBy({ courtBy }, calendars)
  if (isAfter(issued, demanded) && isAhead(courtBy))
    clocks.push(clock('serve_demand', 'brigade', { step: 'demand_served', until, about }))
  if (openDefence(steps) !== undefined) clocks.push(clock('recheck_defence', 'brigade', { step: 'defence_rechecked' }))
  const settled = lastStep(steps, 'review_decided') !== undefined || lastStep(steps, 'suit_decided') !== undefined
  if (!settled && isAhead(reviewBy))
    clocks.push(clock('ask_review', 'party', { step: 'review_filed', until: reviewBy }))
  const suitOver = !isAhead(suitBy) || lastStep(steps, 'suit_decided') !== undefined
  if (!suitOver) clocks.push(clock('sue', 'party', { step: 'suit_filed', until: suitBy }))
  if (!isAhead(courtBy)) return [...clocks, clock('court_over', 'bureau', { step: ending, until: courtBy, about })]
  if (issued === undefined && today > claim.performBy)
    clocks.push(clock('demand', 'bureau', { step: 'demand_issued', until, about }))
  if (demanded === undefined) return clocks
  const { performBy } = demanded.particulars
  if (today <= performBy) clocks.push(clock('perform', 'party', { until: performBy, about }))
  const waitsFor = suitOver || isRefusal(suitBy) || performBy > suitBy ? performBy : suitBy
  const from = plusDays(waitsFor, 1)
  if (!isRefusal(courtBy) && from > courtBy) return clocks
  return [...clocks, clock('apply_to_court', 'bureau', { step: 'court_applied', from, until: courtBy, about })]
}
