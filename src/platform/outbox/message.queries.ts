import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { Db, Trx } from '../database.ts'
import { inPeriod, type Period } from '../period.ts'
import type { Channel, Language, MessageState, Said } from './message.ts'

/** A message with where it stands. */
export interface Message {
  readonly messageId: string
  readonly uid: string
  readonly kind: string
  readonly subject: string
  readonly channel: Channel
  readonly address: string
  readonly language: Language
  /** Whose contact it went to: a discharger's or an organisation's code and name. */
  readonly recipientCode: string
  readonly recipientName: string
  readonly title: string
  readonly body: string
  readonly madeOn: CivilDate
  readonly state: MessageState
  readonly attempts: number
  /** Of a waiting one: when it is tried next. */
  readonly dueAt: Date | undefined
  /** What the other side said last, or why it is not sent. */
  readonly answer: string | Said | undefined
  readonly changedAt: Date
}

export interface MessageFilter extends Period {
  readonly messageId?: string | undefined
  readonly state?: MessageState | undefined
  readonly kind?: string | undefined
  readonly channel?: Channel | undefined
  readonly subject?: string | undefined
  /** A discharger’s or an organisation’s code. */
  readonly recipient?: string | undefined
  /** Keyset: messages with a smaller number. */
  readonly before?: string | undefined
  readonly limit: number
}

/** What a message came to: in the queue it waits or is being sent; else what was said of it last tells. */
const stateOf = sql`case
    when q.message_id is not null then case when q.held_until is null then 'waiting' else 'sending' end
    when x.decision = 'stop' then 'stopped'
    when o.outcome = 'accepted' then 'sent' when o.outcome = 'unknown' then 'unknown' when o.outcome = 'stopped' then 'stopped'
    else 'failed' end`

/** Where an index finds all that may be in a state; of those that were sent the newest are at hand. */
const candidates: Partial<Record<MessageState, RawBuilder<unknown>>> = {
  waiting: sql`select message_id from message_queue`,
  sending: sql`select message_id from message_queue`,
  failed: sql`select message_id from message_outcomes where outcome not in ('accepted', 'deferred') and outcome in ('refused', 'given_up')`,
  unknown: sql`select message_id from message_outcomes where outcome not in ('accepted', 'deferred') and outcome = 'unknown'`,
  stopped: sql`select message_id from message_outcomes where outcome not in ('accepted', 'deferred') and outcome = 'stopped'
    union all select message_id from message_decisions where decision = 'stop'`,
}

/** A message as the database has it. */
export interface MessageRow {
  readonly id: string
  readonly uid: string
  readonly kind: string
  readonly subject: string
  readonly channel: Channel
  readonly address: string
  readonly language: Language
  readonly code: string
  readonly name: string
  readonly title: string
  readonly body: string
  readonly made_on: CivilDate
  readonly state: MessageState
  readonly attempts: number
  readonly due_at: Date | null
  readonly answer: string | Said | null
  readonly decision: string | null
  readonly reason: string | null
  readonly changed_at: Date
}

/** The query of messages, without order and limit. */
export function messageRows(filter: Omit<MessageFilter, 'limit'>): RawBuilder<MessageRow> {
  const conditions = [inPeriod(sql`m.made_on`, filter)]
  if (filter.messageId !== undefined) conditions.push(sql`m.id = ${filter.messageId}::bigint`)
  if (filter.kind !== undefined) conditions.push(sql`m.kind = ${filter.kind}`)
  if (filter.channel !== undefined) conditions.push(sql`m.channel = ${filter.channel}`)
  if (filter.subject !== undefined) conditions.push(sql`m.subject = ${filter.subject}`)
  if (filter.before !== undefined) conditions.push(sql`m.id < ${filter.before}::bigint`)
  if (filter.recipient !== undefined) conditions.push(sql`coalesce(d.code, g.code) = ${filter.recipient}`)
  if (filter.state !== undefined) conditions.push(sql`${stateOf} = ${filter.state}`)
  const among = filter.state === undefined ? undefined : candidates[filter.state]
  if (among !== undefined) conditions.push(sql`m.id in (${among})`)
  return sql<MessageRow>`
    select m.id, m.uid, m.kind, m.subject, m.channel, m.address, m.language, coalesce(d.code, g.code) as code,
      coalesce(d.name, g.name) as name, m.title, m.body, m.made_on, ${stateOf} as state,
      coalesce(a.attempts, 0) as attempts, q.due_at, o.answer, x.decision, x.reason,
      greatest(m.recorded_at, o.recorded_at, x.recorded_at) as changed_at
    from messages m join contacts c on c.id = m.contact_id
      left join dischargers d on d.id = c.discharger_id left join organisations g on g.id = c.organisation_id
      left join message_queue q on q.message_id = m.id
      left join lateral (select max(t.attempt_no) as attempts from message_attempts t where t.message_id = m.id) a on true
      left join message_outcomes o on o.message_id = m.id and o.attempt_no = (
        select max(u.attempt_no) from message_outcomes u where u.message_id = m.id)
      left join lateral (select y.decision, y.reason, y.recorded_at from message_decisions y
        where y.message_id = m.id order by y.id desc limit 1) x on true
    where ${sql.join(conditions, sql` and `)}`
}

/** Messages newest first, a page at a time. */
export async function listMessages(db: Db | Trx, filter: MessageFilter): Promise<Message[]> {
  const { rows } = await sql<MessageRow>`${messageRows(filter)} order by m.id desc limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({
    messageId: row.id,
    uid: row.uid,
    kind: row.kind,
    subject: row.subject,
    channel: row.channel,
    address: row.address,
    language: row.language,
    recipientCode: row.code,
    recipientName: row.name,
    title: row.title,
    body: row.body,
    madeOn: row.made_on,
    state: row.state,
    attempts: row.attempts,
    dueAt: row.state === 'waiting' ? (row.due_at ?? undefined) : undefined,
    answer: (row.state === 'stopped' && row.decision === 'stop' ? row.reason : row.answer) ?? undefined,
    changedAt: row.changed_at,
  }))
}

/** How many messages are in each state, of those made since a day. */
export async function countMessages(db: Db | Trx, since: CivilDate): Promise<Record<MessageState, number>> {
  const { rows } = await sql<{ state: MessageState; count: number }>`
    select ${stateOf} as state, count(*)::int as count
    from messages m left join message_queue q on q.message_id = m.id
      left join message_outcomes o on o.message_id = m.id and o.attempt_no = (
        select max(u.attempt_no) from message_outcomes u where u.message_id = m.id)
      left join lateral (select y.decision from message_decisions y
        where y.message_id = m.id order by y.id desc limit 1) x on true
    where m.made_on >= ${since}::date group by 1`.execute(db)
  const none = { waiting: 0, sending: 0, sent: 0, failed: 0, stopped: 0, unknown: 0 }
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) }
}

/** One attempt with what came of it; `undefined` while it goes on. */
export interface Attempt {
  readonly attemptNo: number
  readonly begunAt: Date
  readonly handedOverAt: Date | undefined
  readonly outcome: string | undefined
  readonly answer: string | Said | undefined
}

/** How often and how a message was tried, in order. */
export async function attemptsOf(db: Db | Trx, messageId: string): Promise<Attempt[]> {
  const { rows } = await sql<{
    attempt_no: number
    begun_at: Date
    handed_over_at: Date | null
    outcome: string | null
    answer: string | Said | null
  }>`
    select a.attempt_no, a.begun_at, h.handed_over_at, o.outcome, o.answer
    from message_attempts a left join message_handovers h using (message_id, attempt_no)
      left join message_outcomes o using (message_id, attempt_no)
    where a.message_id = ${messageId}::bigint order by a.attempt_no`.execute(db)
  return rows.map((row) => ({
    attemptNo: row.attempt_no,
    begunAt: row.begun_at,
    handedOverAt: row.handed_over_at ?? undefined,
    outcome: row.outcome ?? undefined,
    answer: row.answer ?? undefined,
  }))
}
