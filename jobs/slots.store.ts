import { sql } from 'kysely'
import type { CivilDate } from '../src/kernel/calendar.ts'
import type { Connection } from '../src/platform/database.ts'
import type { JobSummary, ParkedItem } from './job.ts'
import type { Slot } from './slot.ts'

/**
 * The clock's own book: claims, leases and outcomes. They are written beside the door of the commands, each by one
 * statement, because they must be told also where no command can be given; what a job does goes through the door.
 */

/** A round of a slot that one process works on. */
export interface HeldRound {
  readonly slot: Slot
  readonly round: number
  readonly leaseNo: number
  /** How many processes have begun this round, this one included. */
  readonly begun: number
}
/** Who wants to work, and for how long others are to wait without a sign of life. */
export interface Runner {
  readonly name: string
  readonly leaseSeconds: number
}

/**
 * Claims a slot for the first time and takes its first lease; `undefined` where another process has it, or where an
 * earlier slot of the job is still being worked on: the slots of a job are worked in order.
 */
export async function claimSlot(db: Connection['db'], slot: Slot, runner: Runner): Promise<HeldRound | undefined> {
  const { rows } = await sql`
    with slot as (
      insert into job_slots (job, due_at, acting_on)
      select ${slot.job}, ${slot.dueAt}::timestamptz, ${slot.day}::date
      where not exists (select from job_rounds r where r.job = ${slot.job} and ${withoutOutcome})
      on conflict do nothing returning job, due_at),
    round as (insert into job_rounds (job, due_at, round) select job, due_at, 0 from slot returning job, due_at, round)
    insert into job_leases (job, due_at, round, lease_no, runner, renewal, expires_at)
    select job, due_at, round, 1, ${runner.name}, false, ${expiry(runner)} from round returning lease_no`.execute(db)
  return rows.length === 0 ? undefined : { slot, round: 0, leaseNo: 1, begun: 1 }
}

/**
 * Takes over a round whose holder gave no sign of life for its lease; `undefined` where somebody is at it. In the
 * embedded database there is one process at a time, so whoever held it before is gone.
 */
export async function takeOver(
  { db, engine }: Connection,
  { slot, round }: OpenRound,
  runner: Runner,
): Promise<HeldRound | undefined> {
  const { rows } = await sql<{ lease_no: number; begun: number }>`
    with held as (
      select coalesce(max(lease_no), 0) as lease_no, (array_agg(expires_at order by lease_no desc))[1] as expires_at,
        (array_agg(l.runner order by lease_no desc))[1] as runner, (count(*) filter (where not renewal))::int as begun
      from job_leases l where ${isRound(slot, round)}),
    taken as (
      insert into job_leases (job, due_at, round, lease_no, runner, renewal, expires_at)
      select ${slot.job}, ${slot.dueAt}::timestamptz, ${round}::int, lease_no + 1, ${runner.name}, false, ${expiry(runner)} from held
      where expires_at is null or expires_at <= clock_timestamp()
        or (${engine === 'embedded'}::boolean and runner <> ${runner.name})
      on conflict do nothing returning lease_no)
    select taken.lease_no, held.begun + 1 as begun from taken, held`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : { slot, round, leaseNo: row.lease_no, begun: row.begun }
}

/** A sign of life; `false` where another process has taken over in the meantime. */
export async function renewLease(
  db: Connection['db'],
  { slot, round }: HeldRound,
  leaseNo: number,
  runner: Runner,
): Promise<boolean> {
  const { rows } = await sql`
    insert into job_leases (job, due_at, round, lease_no, runner, renewal, expires_at)
    values (${slot.job}, ${slot.dueAt}::timestamptz, ${round}::int, ${leaseNo}::int, ${runner.name}, true, ${expiry(runner)})
    on conflict do nothing returning lease_no`.execute(db)
  return rows.length > 0
}

/** Writes down how a round ended; whoever comes second changes nothing. */
export async function recordOutcome(
  db: Connection['db'],
  { slot, round }: HeldRound,
  outcome: {
    readonly outcome: OutcomeName
    readonly summary: JobSummary
    readonly parked: readonly ParkedItem[]
  },
): Promise<void> {
  await sql`
    insert into job_outcomes (job, due_at, round, outcome, summary, parked)
    values (${slot.job}, ${slot.dueAt}::timestamptz, ${round}::int, ${outcome.outcome}, ${JSON.stringify(outcome.summary)}::jsonb,
      ${JSON.stringify(outcome.parked)}::jsonb) on conflict do nothing`.execute(db)
}
export type OutcomeName = 'done' | 'nothing' | 'parked'

/** A round that was begun or asked for and has not ended. */
export interface OpenRound {
  readonly slot: Slot
  readonly round: number
}

/** Rounds that have not ended, oldest first. */
export async function openRounds(db: Connection['db']): Promise<OpenRound[]> {
  const { rows } = await sql<{ job: string; due_at: Date; acting_on: CivilDate; round: number }>`
    select r.job, r.due_at, s.acting_on, r.round from job_rounds r join job_slots s on s.job = r.job and s.due_at = r.due_at
    where ${withoutOutcome} order by r.due_at, r.job`.execute(db)
  return rows.map((row) => ({ slot: { job: row.job, dueAt: row.due_at, day: row.acting_on }, round: row.round }))
}

const withoutOutcome = sql`not exists (
  select from job_outcomes o where o.job = r.job and o.due_at = r.due_at and o.round = r.round)`
const isRound = (slot: Slot, round: number) =>
  sql`job = ${slot.job} and due_at = ${slot.dueAt}::timestamptz and round = ${round}::int`
const expiry = ({ leaseSeconds }: Runner) => sql`clock_timestamp() + make_interval(secs => ${leaseSeconds}::float8)`
