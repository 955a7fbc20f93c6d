import { type RawBuilder, sql } from 'kysely'
import type { Connection, Trx } from '../database.ts'
import type { Carried, Outgoing } from './carrier.ts'
import type { Channel, Language, Said } from './message.ts'

/**
 * The book of sending. As with the clock's own book, claims and outcomes are written beside the door of the commands, each
 * by one statement: they must be told when no command can be given, and they change nothing that anybody owes.
 */

/** A message that one process holds to send it. */
export interface Held extends Outgoing {
  readonly messageId: string
  readonly attemptNo: number
  readonly channel: Channel
  /** The contact was still to be written to on the day asked for. */
  readonly contactHolds: boolean
  /** Deferred attempts before this one, since a person last asked for it. */
  readonly deferredBefore: number
}

type Db = Connection['db']

/** Holds are renewed by nobody: a carrier gives up long before. */
const holdSeconds = 180

/**
 * Takes the next messages that are due on these channels, each for one process only. In the embedded database there is
 * one process at a time; on PostgreSQL others pass over what is locked.
 */
export async function takeDue(
  db: Db,
  wanted: {
    readonly channels: readonly Channel[]
    readonly at: Date
    readonly day: string
    readonly runner: string
    readonly most: number
  },
): Promise<Held[]> {
  const { rows } = await sql<{
    id: string
    uid: string
    attempt_no: number
    deferred_before: number
    kind: string
    subject: string
    channel: Channel
    address: string
    language: Language
    title: string
    body: string
    contact_holds: boolean
  }>`
    with next as (
      select message_id from message_queue
      where due_at <= ${wanted.at}::timestamptz and held_until is null and channel = any(${[...wanted.channels]}::text[])
      order by due_at, message_id limit ${wanted.most} for update skip locked),
    held as (
      update message_queue q set held_until = clock_timestamp() + make_interval(secs => ${holdSeconds}), attempts = attempts + 1,
        handed_over = false
      from next where q.message_id = next.message_id returning q.message_id, q.attempts, q.attempts_before),
    begun as (
      insert into message_attempts (message_id, attempt_no, runner) select message_id, attempts, ${wanted.runner} from held)
    select m.id, m.uid, h.attempts as attempt_no, h.attempts - h.attempts_before - 1 as deferred_before, m.kind, m.subject,
      m.channel, m.address, m.language, m.title, m.body,
      c.valid_until is null or c.valid_until > ${wanted.day}::date as contact_holds
    from held h join messages m on m.id = h.message_id join contacts c on c.id = m.contact_id order by m.id`.execute(db)
  return rows.map((row) => ({
    messageId: row.id,
    uid: row.uid,
    attemptNo: row.attempt_no,
    deferredBefore: row.deferred_before,
    kind: row.kind,
    subject: row.subject,
    channel: row.channel,
    address: row.address,
    language: row.language,
    title: row.title,
    body: row.body,
    contactHolds: row.contact_holds,
  }))
}

/**
 * Notes that the message is about to be complete at the other side; `false` where another process has it by now, so that
 * a process that stood still sends nothing behind its successor's back.
 */
export async function noteHandover(db: Db, { messageId, attemptNo }: Held): Promise<boolean> {
  const { rows } = await sql`
    with still as (
      update message_queue set handed_over = true
      where message_id = ${messageId}::bigint and attempts = ${attemptNo}::int and held_until is not null returning message_id)
    insert into message_handovers (message_id, attempt_no) select message_id, ${attemptNo}::int from still
    returning attempt_no`.execute(db)
  return rows.length > 0
}

export type OutcomeName = Carried['outcome'] | 'given_up' | 'stopped'

/** Writes down how an attempt ended; until `dueAt` the message waits, without one it leaves the queue. First come, first kept. */
export async function noteOutcome(
  db: Db | Trx,
  { messageId, attemptNo }: Pick<Held, 'messageId' | 'attemptNo'>,
  outcome: OutcomeName,
  answer: string | Said,
  dueAt?: Date,
): Promise<void> {
  const release: RawBuilder<unknown> =
    dueAt === undefined
      ? sql`delete from message_queue q using noted where q.message_id = noted.message_id and q.attempts = noted.attempt_no`
      : sql`update message_queue q set held_until = null, handed_over = false, due_at = ${dueAt}::timestamptz
          from noted where q.message_id = noted.message_id and q.attempts = noted.attempt_no`
  await sql`
    with noted as (
      insert into message_outcomes (message_id, attempt_no, outcome, answer)
      values (${messageId}::bigint, ${attemptNo}::int, ${outcome}, ${JSON.stringify(answer)}::jsonb)
      on conflict do nothing returning message_id, attempt_no),
    released as (${release} returning 1)
    select from released`.execute(db)
}

/** A message whose holder gave no answer in time: its process has died, or stands still. */
export interface Left {
  readonly messageId: string
  readonly attemptNo: number
  readonly channel: Channel
  readonly handedOver: boolean
  readonly deferredBefore: number
}

/**
 * What other processes left behind: held beyond its time, or, in the embedded database where one process at a time has the
 * folder, held by a process that is not this one.
 */
export async function leftBehind({ db, engine }: Connection, runner: string): Promise<Left[]> {
  const { rows } = await sql<{
    message_id: string
    attempts: number
    channel: Channel
    handed_over: boolean
    deferred_before: number
  }>`
    select q.message_id, q.attempts, q.channel, q.handed_over, q.attempts - q.attempts_before - 1 as deferred_before
    from message_queue q join message_attempts a on a.message_id = q.message_id and a.attempt_no = q.attempts
    where q.held_until is not null and (q.held_until <= clock_timestamp()
      or (${engine === 'embedded'}::boolean and a.runner <> ${runner}))
    order by q.message_id limit 1000`.execute(db)
  return rows.map((row) => ({
    messageId: row.message_id,
    attemptNo: row.attempts,
    channel: row.channel,
    handedOver: row.handed_over,
    deferredBefore: row.deferred_before,
  }))
}
