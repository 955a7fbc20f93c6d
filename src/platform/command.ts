import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import type { DischargerId, StaffId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { refuseUnlessPermitted } from './authorisation/authorisation.ts'
import type { PermissionName } from './authorisation/permissions.ts'
import type { Connection, Db, Trx } from './database.ts'
import type { DocumentPrinter } from './documents/document.ts'
import type { Carriers } from './outbox/carrier.ts'
import { refusePlatform } from './platform.refusals.ts'
import type { Json } from './platform.tables.ts'
import type { Actor, Role } from './staff.ts'

/** What every command, query and job is given: an open database, a clock, and who to tell about long work. */
export interface Services extends Connection {
  readonly clock: Clock
  /** Told how far long work is; `total` is undefined while nobody knows. */
  readonly progress?: (step: Progress) => void
  /** Makes PDFs; absent where the runtime has no fonts. */
  readonly printer?: DocumentPrinter
  /** Bring messages out; absent where nobody said by which server. */
  readonly carriers?: Carriers
}
export interface Progress {
  readonly what: string
  readonly done: number
  readonly total: number | undefined
}

/** Who asks, under which id; the asker chooses the id, and a repeat returns the first answer. */
export interface Envelope {
  readonly commandId: string
  readonly actor: string
  readonly dryRun?: boolean
  /**
   * What the asker had seen, judged again inside the transaction: after the claim, so that a repeat still gets its first
   * answer, and before the use case. Refuses where it is no longer so.
   */
  readonly unchanged?: (trx: Trx) => Promise<Refusal | undefined>
}

/**
 * `name` is `stage.verb-noun`, e.g. `tariffs.propose-rate-schedule`: it stands in the audit trail and names the line of the
 * table of permissions, unless `permission` names another.
 */
export type CommandKind = KindOfCommand &
  (
    | { readonly name: PermissionName; readonly permission?: never }
    | { readonly name: string; readonly permission: PermissionName }
  )
interface KindOfCommand {
  readonly zh: string
  /** Runs before the actor is looked up, in the same transaction: the set-up of an empty database makes its own actor. */
  readonly founding?: (trx: Trx, today: CivilDate) => Promise<Refusal | undefined>
}

/** What a command may use: its transaction, its actor, the day it acts for. It must refuse before its first write. */
export interface CommandContext {
  readonly trx: Trx
  readonly actor: Actor
  readonly commandId: string
  readonly today: CivilDate
  readonly recordedAt: Date
}

export interface CommandAnswer<Answer> {
  readonly answer: Answer
  /** True where this id had been carried out before; nothing was changed now. */
  readonly repeated: boolean
  readonly dryRun: boolean
}

const attemptsMaximum = 5

/**
 * The one door for writes: one transaction; the actor and the role; the idempotency claim; the use case; the audit
 * event, whose chain head is locked last; commit. Deadlocks and serialisation failures are tried again, a few times.
 * `input` is what the command is about, as plain JSON: its digest decides whether a repeat is the same command.
 */
export async function runCommand<Answer extends Json>(
  services: Services,
  envelope: Envelope,
  kind: CommandKind,
  input: Json,
  useCase: (context: CommandContext) => Promise<Answer | Refusal>,
): Promise<CommandAnswer<Answer> | Refusal> {
  if (envelope.commandId.length < 8 || envelope.commandId.length > 200) {
    return refusePlatform('command_id_malformed', { commandId: envelope.commandId })
  }
  for (let attempt = 1; attempt <= attemptsMaximum; attempt += 1) {
    try {
      return await oneAtATime(services, () => attemptCommand(services, envelope, kind, input, useCase))
    } catch (error) {
      if (error instanceof Undone) return error.outcome as CommandAnswer<Answer> | Refusal
      if (!isTransient(error)) throw error
    }
  }
  return refusePlatform('database_busy', { attempts: attemptsMaximum })
}

async function attemptCommand<Answer extends Json>(
  services: Services,
  envelope: Envelope,
  kind: CommandKind,
  input: Json,
  useCase: (context: CommandContext) => Promise<Answer | Refusal>,
): Promise<CommandAnswer<Answer> | Refusal> {
  const today = services.clock.today()
  const recordedAt = services.clock.now()
  const inputText = canonicalJson(input)
  const inputDigest = sha256(inputText)
  return services.db.transaction().execute(async (trx) => {
    if (kind.founding !== undefined) {
      // What is written before the claim belongs to the command too.
      await sql`select set_config('qingliu.command', ${envelope.commandId}, true)`.execute(trx)
      const unfounded = await kind.founding(trx, today)
      if (unfounded !== undefined) throw new Undone(unfounded)
    }
    const actor = await findActor(trx, envelope.actor, today)
    if (actor === undefined) throw new Undone(refusePlatform('actor_unknown', { actor: envelope.actor }))
    const forbidden = refuseUnlessPermitted(actor, kind.permission ?? kind.name, kind)
    if (forbidden !== undefined) throw new Undone(forbidden)
    const claimed = await trx
      .insertInto('commands')
      .values({
        command_id: envelope.commandId,
        name: kind.name,
        actor_id: actor.id,
        acting_on: today,
        input: inputText,
        input_digest: inputDigest,
        recorded_at: recordedAt,
      })
      .onConflict((conflict) => conflict.column('command_id').doNothing())
      .returning('command_id')
      .executeTakeFirst()
    if (claimed === undefined) {
      throw new Undone(await firstAnswer(trx, envelope.commandId, kind.name, inputDigest, actor))
    }

    const changed = await envelope.unchanged?.(trx)
    if (changed !== undefined) throw new Undone(changed)
    const answer = await useCase({ trx, actor, commandId: envelope.commandId, today, recordedAt })
    if (isRefusal(answer)) throw new Undone(answer)
    if (envelope.dryRun) {
      // What is only checked at commit (entries balance, bills equal their lines) is checked in a trial too.
      await sql`set constraints all immediate`.execute(trx)
      throw new Undone({ answer, repeated: false, dryRun: true })
    }
    await appendAuditEvent(trx, {
      commandId: envelope.commandId,
      name: kind.name,
      actor: actor.code,
      today,
      recordedAt,
      inputDigest,
      answer,
    })
    return { answer: inOneForm(answer), repeated: false, dryRun: false }
  })
}

/**
 * The answer this id was given before, for work of several transactions that must not begin again; `undefined` where it
 * was never carried out. The same id with other content, or from another person, is refused as at the door.
 */
export async function earlierAnswer<Answer extends Json>(
  services: Services,
  envelope: Envelope,
  kind: CommandKind,
  input: Json,
): Promise<CommandAnswer<Answer> | Refusal | undefined> {
  const { db } = services
  const known = await db
    .selectFrom('audit_events')
    .select('seq')
    .where('command_id', '=', envelope.commandId)
    .executeTakeFirst()
  if (known === undefined) return undefined
  const actor = await findActor(db, envelope.actor, services.clock.today())
  if (actor === undefined) return refusePlatform('actor_unknown', { actor: envelope.actor })
  const answered = await firstAnswer(db, envelope.commandId, kind.name, sha256(canonicalJson(input)), actor)
  return answered as CommandAnswer<Answer> | Refusal
}

/** Carries an outcome out of a transaction that must leave no trace. */
class Undone extends Error {
  readonly outcome: unknown
  constructor(outcome: unknown) {
    super('undone')
    this.outcome = outcome
  }
}

/** Only the person who asked first is given the first answer again; for anyone else the id is simply taken. */
async function firstAnswer(
  trx: Db | Trx,
  commandId: string,
  name: string,
  inputDigest: string,
  actor: Actor,
): Promise<unknown> {
  const first = await trx
    .selectFrom('commands')
    .innerJoin('audit_events', 'audit_events.command_id', 'commands.command_id')
    .select(['commands.name', 'commands.actor_id', 'commands.input_digest', 'audit_events.answer'])
    .where('commands.command_id', '=', commandId)
    .executeTakeFirstOrThrow()
  if (first.name !== name || first.input_digest !== inputDigest || first.actor_id !== actor.id) {
    return refusePlatform('command_id_reused', { commandId, name: first.name })
  }
  return { answer: inOneForm(first.answer as Json), repeated: true, dryRun: false }
}

/** The person behind a staff code with the roles in force on a day; `undefined` where there is none. */
export async function findActor(db: Db | Trx, code: string, on: CivilDate): Promise<Actor | undefined> {
  const { rows } = await sql<{
    id: StaffId
    code: string
    name: string
    organisation: Actor['organisation']
    roles: Role[]
    dischargers: DischargerId[]
  }>`
    select s.id, s.code, s.name,
      json_build_object('id', o.id::text, 'code', o.code, 'name', o.name, 'kind', o.kind) as organisation,
      array(select r.role from staff_roles r where r.staff_id = s.id
        and r.valid_from <= ${on}::date and (r.valid_until is null or r.valid_until > ${on}::date) order by r.id) as roles,
      array(select e.discharger_id::text from enterprise_dischargers e where e.staff_id = s.id
        and e.valid_from <= ${on}::date and (e.valid_until is null or e.valid_until > ${on}::date) order by e.id) as dischargers
    from staff s join organisations o on o.id = s.organisation_id where s.code = ${code}`.execute(db)
  const [found] = rows
  return found === undefined ? undefined : { ...found, organisationId: found.organisation.id }
}

interface AuditedCommand {
  readonly commandId: string
  readonly name: string
  readonly actor: string
  readonly today: CivilDate
  readonly recordedAt: Date
  readonly inputDigest: string
  readonly answer: Json
}

/**
 * Appends the event to the chain, with the digest of every row the command wrote. The head row is the last lock a command
 * takes, so commands queue only here.
 */
async function appendAuditEvent(trx: Trx, command: AuditedCommand): Promise<void> {
  const written = await writtenBy(trx, sql`d.command_id = ${command.commandId}`)
  const { rows } = await sql<{ seq: string; hash: string; outside_until: string; outside: string | null }>`
    select h.seq, h.hash, h.outside_until,
      (select max(d.id) from fact_digests d where d.command_id is null and d.id > h.outside_until) as outside
    from audit_head h for update of h`.execute(trx)
  const head = present(rows[0], 'the audit chain has a head')
  const seq = (BigInt(head.seq) + 1n).toString()
  const outsideUntil = head.outside ?? head.outside_until
  const outside =
    head.outside === null
      ? []
      : await writtenBy(
          trx,
          sql`d.command_id is null and d.id > ${head.outside_until}::bigint and d.id <= ${outsideUntil}::bigint`,
        )
  const answer = canonicalJson(command.answer)
  const contentDigest = sha256([...written, ...outside].join('\n'))
  const hash = auditHash(head.hash, { ...command, answer, seq, contentDigest })
  await trx
    .insertInto('audit_events')
    .values({
      seq,
      command_id: command.commandId,
      answer,
      previous_hash: head.hash,
      hash,
      content_digest: contentDigest,
      outside_until: outsideUntil,
    })
    .execute()
  await trx.updateTable('audit_head').set({ seq, hash, outside_until: outsideUntil }).execute()
}

/** What statements wrote, a line for each: its table, the digests of its rows taken together, in the order of writing. */
async function writtenBy(trx: Trx, which: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select ${digestLine} as line from fact_digests d where ${which} order by d.id`.execute(trx)
  return rows.map(({ line }) => line)
}

/** One line of `fact_digests d` as the content digest of an event covers it. */
export const digestLine = sql`concat_ws(' ', d.table_name, encode(sha256(d.added), 'hex'), encode(sha256(d.removed), 'hex'),
  case when d.restarts then 'restarts' end)`

export interface HashedEvent extends Omit<AuditedCommand, 'answer'> {
  readonly answer: string
  readonly seq: string
  /** `undefined`: an event from before contents were covered. */
  readonly contentDigest: string | undefined
}

/**
 * What an event adds to the hash of the one before it: everything the command said, was answered and wrote. Since contents
 * are covered it is one digest, so that a chain can be shown to its head without what the other events are about.
 */
export function eventDigest(event: HashedEvent): string {
  const said = [
    event.seq,
    event.commandId,
    event.name,
    event.actor,
    event.today,
    event.recordedAt.toISOString(),
    event.inputDigest,
    event.answer,
  ]
  return event.contentDigest === undefined ? said.join('\n') : sha256([...said, event.contentDigest].join('\n'))
}

/** The hash of one event over its predecessor's hash and everything it is about. */
export function auditHash(previousHash: string, event: HashedEvent): string {
  return sha256(`${previousHash}\n${eventDigest(event)}`)
}

/** The first answer and its repeats are the same text: jsonb keeps its own order of keys, so both take the sorted one. */
function inOneForm<Answer extends Json>(answer: Answer): Answer {
  return JSON.parse(canonicalJson(answer)) as Answer
}

/** JSON with sorted keys: equal content has equal text, whatever the order it was written in. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const transientStates = new Set(['40001', '40P01'])
function isTransient(error: unknown): boolean {
  return error instanceof Error && 'code' in error && transientStates.has(String(error.code))
}

// The embedded database has one connection: commands queue here, so that none waits inside the pool until it times out.
const queues = new WeakMap<object, Promise<unknown>>()
async function oneAtATime<T>(services: Services, work: () => Promise<T>): Promise<T> {
  if (services.engine === 'postgres') return work()
  const before = queues.get(services.db) ?? Promise.resolve()
  const turn = before.then(work, work)
  queues.set(
    services.db,
    turn.catch(() => undefined),
  )
  return turn
}

/** The SQLSTATE of a database error, e.g. `23P01` for an overlap; `undefined` for anything else. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
