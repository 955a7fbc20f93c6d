import type { CivilDate } from '../src/kernel/calendar.ts'

/** When a job is due: at these times of day (`HH:MM`, in order, in China), every day or in some months of the year. */
export interface Timetable {
  readonly at: readonly string[]
  readonly inMonths?: readonly number[]
}

/** A job at one of its due times. */
export interface Slot {
  readonly job: string
  readonly dueAt: Date
  /** The civil day in China of that time: what the work acts for, whenever it is done. */
  readonly day: CivilDate
}
