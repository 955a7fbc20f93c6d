import type { CivilDate } from '../kernel/calendar.ts'
import { isAfter, lastStep } from './step-log.ts'
import type { Step, StepOf } from './steps.ts'

/** Everything that told the party something or heard it: what a legal review or a discussion must come after. */
const heard = [
  'notice_served',
  'defence_received',
  'defence_rechecked',
  'rights_waived',
  'hearing_requested',
  'hearing_notified',
  'hearing_held',
  'hearing_dropped',
] as const

/** The last step that told the party something or heard it, and the latest day of any such step: both bind a review. */
export function lastHeard(steps: readonly Step[]): { readonly step: Step; readonly on: CivilDate } | undefined {
  const all = steps.filter(({ name }) => (heard as readonly string[]).includes(name))
  const step = all.at(-1)
  if (step === undefined) return undefined
  return { step, on: all.reduce((latest, each) => (each.on > latest ? each.on : latest), step.on) }
}

/** The step that ended the latest hearing: held, or dropped. */
function lastEnded(steps: readonly Step[]): Step | undefined {
  return steps.findLast(({ name }) => name === 'hearing_held' || name === 'hearing_dropped')
}

/**
 * A hearing that was asked for or called and is neither held nor dropped since (APL 63, 64); a notice issued again does
 * not end it. `undefined` where none is open.
 */
export function openHearing(steps: readonly Step[]): Step | undefined {
  const ended = lastEnded(steps)
  return [lastStep(steps, 'hearing_requested'), lastStep(steps, 'hearing_notified')].find((step) =>
    isAfter(step, ended),
  )
}

/** The hearing the party was called to and that is still to be held. */
export function calledHearing(steps: readonly Step[]): StepOf<'hearing_notified'> | undefined {
  const notified = lastStep(steps, 'hearing_notified')
  return isAfter(notified, lastEnded(steps)) ? notified : undefined
}
