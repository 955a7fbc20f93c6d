import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import type { Matter } from './enforcement.ts'
import { type Computed, type Entered, type Step, type StepName, stepKinds } from './steps.ts'

/** Who takes a step and when; `approver` is null while it is recorded or only proposed. */
export interface Act {
  readonly on: CivilDate
  readonly by: string
  readonly approver: string | null
  readonly hasEvidence: boolean
}

/** Whether a step may be taken, and what follows from it: dates and amounts to be stored with it. */
export type Gate<Name extends StepName> = (matter: Matter, entered: Entered<Name>, act: Act) => Computed<Name> | Refusal
export type Gates<Name extends StepName> = { readonly [Each in Name]: Gate<Each> }

/** Refuses a step without the one it follows, and a day before it. `since` is the day from which it may be taken. */
export function refuseBefore(
  name: StepName,
  act: Pick<Act, 'on'>,
  needed: StepName,
  taken: Step | undefined,
  since: CivilDate | undefined = taken?.on,
): Refusal | undefined {
  const said = {
    stepZh: stepKinds[name].zh,
    stepEn: stepKinds[name].en,
    neededZh: stepKinds[needed].zh,
    neededEn: stepKinds[needed].en,
  }
  if (taken === undefined || since === undefined) return refuseEnforcement('step_out_of_order', said)
  return act.on < since ? refuseEnforcement('step_before_its_ground', { ...said, on: act.on, since }) : undefined
}

/** Refuses two staff codes that carry one certificate: they are one person, who takes one part. */
export function refuseSharedCertificate(
  certificates: ReadonlyMap<string, string>,
  one: string,
  other: string,
): Refusal | undefined {
  const certificate = certificates.get(one)
  if (one === other || certificate === undefined || certificate !== certificates.get(other)) return undefined
  return refuseEnforcement('certificate_shared', { certificate })
}

/** Refuses a step that was taken and may be taken once. */
export function refuseTwice(name: StepName, taken: Step | undefined): Refusal | undefined {
  if (taken === undefined) return undefined
  const { zh, en } = stepKinds[name]
  return refuseEnforcement('step_taken', { stepZh: zh, stepEn: en, on: taken.on })
}
