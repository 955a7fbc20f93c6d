import type { Step, StepName, StepOf } from './steps.ts'

/** The latest step of a name, or `undefined`. */
export function lastStep<Name extends StepName>(steps: readonly Step[], name: Name): StepOf<Name> | undefined {
  return steps.findLast((step) => step.name === name) as StepOf<Name> | undefined
}

/** Every step of a name, in order. */
export function stepsOf<Name extends StepName>(steps: readonly Step[], name: Name): StepOf<Name>[] {
  return steps.filter((step) => step.name === name) as unknown as StepOf<Name>[]
}

/** Whether `later` was taken after `earlier`; nothing taken is before everything. */
export function isAfter(later: Step | undefined, earlier: Step | undefined): boolean {
  return (later?.seq ?? 0) > (earlier?.seq ?? 0)
}
