import { type CivilDate, holdsOn } from '../src/kernel/calendar.ts'
import { letOthersGo } from '../src/platform/ahead.ts'
import type { Services } from '../src/platform/command.ts'
import { causeOf, isUnreachable } from '../src/platform/unreachable.ts'
import { instantText, type Job, type JobResult, parked } from './job.ts'
import { refuseJob } from './jobs.refusals.ts'
import { schedule } from './schedule.ts'
import type { Slot } from './slot.ts'
import { type Appointment, appointments, lastClaimed } from './slots.queries.ts'
import { dueSlots } from './slots.rules.ts'
import {
  claimSlot,
  type HeldRound,
  type OutcomeName,
  openRounds,
  type Runner,
  recordOutcome,
  renewLease,
  takeOver,
} from './slots.store.ts'

export interface TickOptions {
  /** Names the process in the leases; another one for each start. */
  readonly runner: string
  /** How long others wait for a sign of life before they take over. */
  readonly leaseSeconds?: number
  /** Slots worked in one tick at most; the rest is due at the next. */
  readonly slotsMaximum?: number
  /** Once it is raised no further slot is begun. */
  readonly stopping?: AbortSignal
  /** Told about each slot as it ends, and what went wrong. */
  readonly told?: (event: SlotEvent) => void
  readonly jobs?: readonly Job[]
}
export interface SlotEvent {
  readonly slot: Slot
  /** `left`: begun, and to be finished by a later tick. */
  readonly outcome: OutcomeName | 'left'
  readonly result: JobResult | undefined
  readonly error: unknown
}
export interface TickReport {
  /** False where nobody holds the role of the schedule: then nothing is ever due. */
  readonly appointed: boolean
  readonly worked: readonly SlotEvent[]
  /** Rounds that another process is working on. */
  readonly heldByOthers: number
  /** Slots that were due and not begun in this tick. */
  readonly leftForNextTick: number
}

/** A round that so many processes began and none finished is parked instead of begun once more. */
const begunMaximum = 5

/**
 * One tick of either runtime: finishes what a process left behind, then works the slots that are due, oldest first. Each
 * slot is claimed by one insert, acts for its own day, and ends with an outcome. Any number of processes may tick at
 * once, as often as they like.
 */
export async function runDueJobs(services: Services, tickAt: Date, options: TickOptions): Promise<TickReport> {
  const { jobs = schedule, slotsMaximum = 200, stopping } = options
  const runner: Runner = { name: options.runner, leaseSeconds: options.leaseSeconds ?? 120 }
  const appointed = await appointments(services.db)
  const worked: SlotEvent[] = []
  // A job goes no further in this tick once one of its slots could not be had: its slots are worked in order.
  const halted = new Set<string>()
  const work = async (held: HeldRound | undefined, job: Job): Promise<void> => {
    const event = held === undefined ? undefined : await workOn(services, held, job, appointed, runner)
    if (event === undefined || event.outcome === 'left') halted.add(job.name)
    if (event === undefined) return
    worked.push(event)
    options.told?.(event)
    // The embedded database answers within this thread: without a pause a long tick would let no request or signal in.
    await letOthersGo()
  }
  const named = new Map(jobs.map((job) => [job.name, job]))

  let heldByOthers = 0
  for (const open of await openRounds(services.db)) {
    const job = named.get(open.slot.job)
    if (job === undefined || halted.has(job.name)) continue
    if (stopping?.aborted || worked.length === slotsMaximum) break
    const held = await takeOver(services, open, runner)
    if (held === undefined) heldByOthers += 1
    await work(held, job)
  }

  const facts = { appointed, lastClaimed: await lastClaimed(services.db, [...named.keys()]) }
  const due = dueSlots(jobs, facts, tickAt, slotsMaximum + 1)
  let begun = 0
  for (const slot of due) {
    if (stopping?.aborted || worked.length >= slotsMaximum) break
    const job = named.get(slot.job)
    if (job === undefined || halted.has(job.name)) continue
    begun += 1
    await work(await claimSlot(services.db, slot, runner), job)
  }
  return { appointed: appointed.length > 0, worked, heldByOthers, leftForNextTick: due.length - begun }
}

/** Works one round to its outcome, and gives signs of life meanwhile. */
async function workOn(
  services: Services,
  held: HeldRound,
  job: Job,
  appointed: readonly Appointment[],
  runner: Runner,
): Promise<SlotEvent> {
  const { slot } = held
  const letGo = keepLease(services, held, runner)
  try {
    const { result, error } = await resultOf(services, held, job, appointed)
    // Too many were writing at once: nothing is wrong with the work, so it waits for its lease to end and is begun anew.
    if (result.parked.some(({ code }) => code === 'database_busy')) return { slot, outcome: 'left', result, error }
    const outcome = result.parked.length > 0 ? 'parked' : result.did ? 'done' : 'nothing'
    await recordOutcome(services.db, held, { outcome, summary: result.summary, parked: result.parked })
    return { slot, outcome, result, error }
  } finally {
    letGo()
  }
}

/** What the job answers; an error of the program is parked with its cause. Where the database is gone there is no answer. */
async function resultOf(
  services: Services,
  { slot, begun }: HeldRound,
  job: Job,
  appointed: readonly Appointment[],
): Promise<{ result: JobResult; error: unknown }> {
  const at = instantText(slot.dueAt)
  if (begun > begunMaximum) {
    const refusal = refuseJob('job_given_up', { job: job.name, at, begun: begun - 1 })
    return { result: stopped(parked(job.name, refusal)), error: undefined }
  }
  const actor = appointed.find((appointment) => holdsOn(appointment, slot.day))?.actor
  if (actor === undefined) {
    return { result: stopped(parked(job.name, refuseJob('nobody_appointed'))), error: undefined }
  }
  try {
    const result = await job.run({
      services: { ...services, clock: clockOf(services, slot.day) },
      slot,
      actor,
      envelope: (part) => ({ actor, commandId: `job/${slot.job}/${slot.dueAt.toISOString()}/${part}` }),
    })
    return { result, error: undefined }
  } catch (error) {
    if (isUnreachable(error)) throw error
    return {
      result: stopped(parked(job.name, refuseJob('job_failed', { job: job.name, at, cause: causeOf(error) }))),
      error,
    }
  }
}

const stopped = (item: ReturnType<typeof parked>): JobResult => ({
  did: true,
  summary: { zh: item.zh, en: item.en },
  parked: [item],
})

/** The day is the slot's; records keep the true instant. */
function clockOf({ clock }: Services, day: CivilDate): Services['clock'] {
  return { now: () => clock.now(), today: () => day }
}

/**
 * Renews the lease three times in its length. In the embedded database nobody else can come, so nothing is renewed. A
 * lease that was lost (the process stood still for too long) stops nothing: two that work the same slot give the same
 * commands under the same ids, and each is carried out once.
 */
function keepLease(services: Services, held: HeldRound, runner: Runner): () => void {
  if (services.engine === 'embedded') return () => undefined
  let leaseNo = held.leaseNo
  let busy = false
  const timer = setInterval(
    () => {
      if (busy) return
      busy = true
      renewLease(services.db, held, leaseNo + 1, runner)
        .then((kept) => {
          if (kept) leaseNo += 1
          else clearInterval(timer)
        })
        // Without the database the work fails by itself.
        .catch(() => undefined)
        .finally(() => {
          busy = false
        })
    },
    (runner.leaseSeconds * 1_000) / 3,
  )
  return () => clearInterval(timer)
}
