import { sql } from 'kysely'
import type { CivilDate, Validity } from '../src/kernel/calendar.ts'
import type { Db, Trx } from '../src/platform/database.ts'
import type { JobSummary, ParkedItem } from './job.ts'
import type { Slot } from './slot.ts'
import type { OutcomeName } from './slots.store.ts'

/** Who the schedule acts through, and on which days. */
export interface Appointment extends Validity {
  readonly actor: string
}

/** Everyone who ever held the role of the schedule, in order of their days; those days never overlap. */
export async function appointments(db: Db | Trx): Promise<Appointment[]> {
  const rows = await db
    .selectFrom('staff_roles as r')
    .innerJoin('staff as s', 's.id', 'r.staff_id')
    .select(['s.code as actor', 'r.valid_from as from', 'r.valid_until as until'])
    .where('r.role', '=', 'scheduler')
    .orderBy('r.valid_from')
    .orderBy('r.id')
    .execute()
  return rows
}

/** The latest claimed due time of each of these jobs; each is one look into the index. */
export async function lastClaimed(db: Db | Trx, jobs: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ job: string; due_at: Date | null }>`
    select asked.job, (select max(s.due_at) from job_slots s where s.job = asked.job) as due_at
    from unnest(${[...jobs]}::text[]) as asked (job)`.execute(db)
  return new Map(rows.flatMap(({ job, due_at }) => (due_at === null ? [] : [[job, due_at] as const])))
}

/** A slot with how its latest round stands. */
export interface SlotState {
  readonly slot: Slot
  readonly round: number
  /** `undefined` while it is being worked on, or waits to be taken over. */
  readonly outcome: OutcomeName | undefined
  readonly summary: JobSummary | undefined
  readonly parked: readonly ParkedItem[]
  readonly endedAt: Date | undefined
}

/** The newest slots of a job with their latest round, newest first; of one due time where it is named. */
export async function newestSlots(
  db: Db | Trx,
  filter: {
    readonly job: string
    readonly dueAt?: Date
    readonly parkedOnly?: boolean
    readonly before?: Date
    readonly limit: number
  },
): Promise<SlotState[]> {
  const dueAt = filter.dueAt === undefined ? sql`true` : sql`s.due_at = ${filter.dueAt}::timestamptz`
  const before = filter.before === undefined ? sql`true` : sql`s.due_at < ${filter.before}::timestamptz`
  const parked = filter.parkedOnly ? sql`o.outcome = 'parked'` : sql`true`
  const { rows } = await sql<{
    job: string
    due_at: Date
    acting_on: CivilDate
    round: number
    outcome: OutcomeName | null
    summary: JobSummary | null
    parked: ParkedItem[] | null
    recorded_at: Date | null
  }>`
    select s.job, s.due_at, s.acting_on, r.round, o.outcome, o.summary, o.parked, o.recorded_at from job_slots s
      join lateral (select round from job_rounds r where r.job = s.job and r.due_at = s.due_at order by round desc limit 1) r on true
      left join job_outcomes o on o.job = s.job and o.due_at = s.due_at and o.round = r.round
    where s.job = ${filter.job} and ${dueAt} and ${before} and ${parked}
    order by s.due_at desc limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({
    slot: { job: row.job, dueAt: row.due_at, day: row.acting_on },
    round: row.round,
    outcome: row.outcome ?? undefined,
    summary: row.summary ?? undefined,
    parked: row.parked ?? [],
    endedAt: row.recorded_at ?? undefined,
  }))
}
