import { rollToWorkingDay } from '../calendars/calendar.rules.ts'
import type { Calendars } from '../calendars/calendar.ts'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { statutoryTerms } from './statutory-terms.ts'
import { isAfter, lastStep } from './step-log.ts'
import type { Step } from './steps.ts'

/** Where an application stands: with the court, turned away (不予受理), before the higher court, or ruled on. */
export type CourtStage =
  | { readonly at: 'none' }
  | { readonly at: 'applied' | 'accepted' | 'turned_away' | 'allowed' | 'refused'; readonly step: Step }
  /** `about` is what the higher court was asked about: the refusal to accept, or to enforce. */
  | { readonly at: 'challenged'; readonly step: Step; readonly about: 'acceptance' | 'ruling' }

/** Where the latest application to the court stands (AEL 56–58): its latest step says it. */
export function courtStage(steps: readonly Step[]): CourtStage {
  const applied = lastStep(steps, 'court_applied')
  const accepted = lastStep(steps, 'court_accepted')
  const challenged = lastStep(steps, 'court_challenged')
  const ruled = lastStep(steps, 'court_ruled')
  if (applied === undefined) return { at: 'none' }
  const isLatest = (step: Step | undefined) =>
    [applied, accepted, challenged, ruled].every((other) => other === step || isAfter(step, other))
  if (ruled !== undefined && isLatest(ruled)) return { at: ruled.particulars.outcome, step: ruled }
  if (challenged !== undefined && isLatest(challenged))
    return { at: 'challenged', step: challenged, about: isAfter(ruled, accepted) ? 'ruling' : 'acceptance' }
  if (accepted !== undefined && isLatest(accepted))
    return { at: accepted.particulars.outcome === 'accepted' ? 'accepted' : 'turned_away', step: accepted }
  return { at: 'applied', step: applied }
}

/** Whether a court is still to say something. */
export function isPending({ at }: CourtStage): boolean {
  return at === 'applied' || at === 'accepted' || at === 'challenged'
}

/** The last day to ask the higher court about a refusal received on a day (AEL 56, 58). */
export function challengeBy(receivedOn: CivilDate, calendars: Calendars): CivilDate | Refusal {
  return rollToWorkingDay(plusDays(receivedOn, statutoryTerms.challengeDays.value), calendars)
}
