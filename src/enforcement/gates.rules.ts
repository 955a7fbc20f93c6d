import type { Refusal } from '../kernel/refusal.ts'
import { caseGates } from './case-gates.rules.ts'
import { claimGates } from './claim-gates.rules.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import type { Matter } from './enforcement.ts'
import type { Act, Gate, Gates } from './gate.ts'
import { isAnnulled } from './order.rules.ts'
import { orderGates } from './order-gates.rules.ts'
import { lastStep } from './step-log.ts'
import { type Computed, type Entered, type Step, type StepName, stepKind, stepKinds } from './steps.ts'

const gates: Gates<StepName> = { ...orderGates, ...claimGates, ...caseGates }

/** What a case may still see once it is over: what the party does, money that goes back, and annulment. */
const afterTheEnd: readonly StepName[] = [
  'annulled',
  'fine_payment_reversed',
  'fine_refunded',
  'review_filed',
  'review_decided',
  'suit_filed',
  'suit_decided',
]

/** What an order may still see once its claim has ended: the fee is still owed, and its bills may still turn out wrong. */
const afterTheClaim: readonly StepName[] = ['correction_opened', 'order_withdrawn', 'court_ruled']

/** Grounds on which a case is closed while the fine stays owed. */
const owesAfter: readonly Entered<'closed'>['ground'][] = ['terminated', 'court_over']

/** Why nothing more happens in a log; `undefined` while it is live. */
export function endOf(steps: readonly Step[]): Step | undefined {
  const ended = steps.findLast(
    ({ name }) =>
      name === 'closed' ||
      name === 'no_penalty' ||
      name === 'annulled' ||
      name === 'order_withdrawn' ||
      name === 'claim_ended',
  )
  if (ended !== undefined) return ended
  return isAnnulled(steps) ? (lastStep(steps, 'suit_decided') ?? lastStep(steps, 'review_decided')) : undefined
}

/**
 * Whether a step may be taken today, and what follows from it. Refuses a step of the other log, a day to come or before
 * the log began, missing evidence, a log that is over, and whatever the step's own gate refuses.
 */
export function judgeStep<Name extends StepName>(
  matter: Matter,
  name: Name,
  entered: Entered<Name>,
  act: Act,
): Computed<Name> | Refusal {
  return refuseAnyway(matter, name, act) ?? (gates[name] as Gate<Name>)(matter, entered, act)
}

function refuseAnyway(matter: Matter, name: StepName, act: Act): Refusal | undefined {
  const { zh: stepZh, en: stepEn } = stepKinds[name]
  const { of, evidence } = stepKind(name)
  if (of !== 'claim' && (of === 'case') !== (matter.fineCase !== undefined))
    return refuseEnforcement('step_of_other_log', { stepZh, stepEn })
  if (act.on > matter.today) return refuseEnforcement('day_in_future', { on: act.on, today: matter.today })
  const since = matter.fineCase?.filedOn ?? matter.order.issuedOn
  if (act.on < since) return refuseEnforcement('step_before_its_log', { stepZh, stepEn, on: act.on, since })
  if (evidence === 'required' && !act.hasEvidence) return refuseEnforcement('step_needs_evidence', { stepZh, stepEn })
  const ended = endOf(matter.steps)
  if (ended === undefined || afterTheEnd.includes(name)) return undefined
  // A case that was closed with the fine unpaid gave nothing up: the party may pay at any time.
  if (name === 'fine_paid' && ended.name === 'closed' && owesAfter.includes(ended.particulars.ground)) return undefined
  if (ended.name === 'claim_ended' && afterTheClaim.includes(name)) return undefined
  return refuseEnforcement('log_is_over', {
    stepZh,
    stepEn,
    endZh: stepKinds[ended.name].zh,
    endEn: stepKinds[ended.name].en,
    on: ended.on,
  })
}
