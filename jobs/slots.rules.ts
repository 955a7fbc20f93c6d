import { type CivilDate, civilDateOf, instantOf, plusDays, type Validity } from '../src/kernel/calendar.ts'
import type { Slot, Timetable } from './slot.ts'

/** A job as far as its due times go. */
export interface TimedJob {
  readonly name: string
  readonly timetable: Timetable
}

/** What is known before a tick. */
export interface ScheduleFacts {
  /** The days on which somebody holds the role of the schedule, in order; on other days nothing is due. */
  readonly appointed: readonly Validity[]
  /** The latest claimed due time of each job: slots are claimed in order, so what came before was claimed too. */
  readonly lastClaimed: ReadonlyMap<string, Date>
}

/**
 * The slots that are due at a tick and not claimed, oldest first, at most so many: the rest is due at the next tick. Of
 * slots at the same time the job that stands first in the table comes first.
 */
export function dueSlots(jobs: readonly TimedJob[], facts: ScheduleFacts, tickAt: Date, most: number): Slot[] {
  const slots: (Slot & { place: number })[] = []
  for (const [place, job] of jobs.entries()) {
    const after = facts.lastClaimed.get(job.name)
    let taken = 0
    for (const slot of slotsOf(job, facts.appointed, after, tickAt)) {
      if (taken === most) break
      slots.push({ ...slot, place })
      taken += 1
    }
  }
  return slots
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.place - b.place)
    .slice(0, most)
    .map(({ job, dueAt, day }) => ({ job, dueAt, day }))
}

/** The first slot of a job that is not claimed, up to a year from now; `undefined` where nobody is appointed by then. */
export function nextSlot(job: TimedJob, { appointed, lastClaimed }: ScheduleFacts, now: Date): Slot | undefined {
  const horizon = instantOf(plusDays(civilDateOf(now), 366), '23:59')
  const [next] = slotsOf(job, appointed, lastClaimed.get(job.name), horizon)
  return next
}

/** The due times of a job after an instant (all of them without one) up to and with another, in order. */
function* slotsOf(
  { name, timetable }: TimedJob,
  appointed: readonly Validity[],
  after: Date | undefined,
  upTo: Date,
): Generator<Slot> {
  const lastDay = civilDateOf(upTo)
  const firstDay = after === undefined ? undefined : civilDateOf(after)
  for (const { from, until } of appointed) {
    let day: CivilDate = firstDay !== undefined && firstDay > from ? firstDay : from
    for (; day <= lastDay && (until === null || day < until); day = plusDays(day, 1)) {
      if (timetable.inMonths !== undefined && !timetable.inMonths.includes(Number(day.slice(5, 7)))) continue
      for (const time of timetable.at) {
        const dueAt = instantOf(day, time)
        if (dueAt <= upTo && (after === undefined || dueAt > after)) yield { job: name, dueAt, day }
      }
    }
  }
}
