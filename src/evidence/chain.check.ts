import { type RawBuilder, sql } from 'kysely'
import { civilDate } from '../kernel/calendar.ts'
import type { HashedEvent, Services } from '../platform/command.ts'
import { auditHash, canonicalJson, digestLine, eventDigest, sha256 } from '../platform/command.ts'
import type { Db } from '../platform/database.ts'
import type { Json } from '../platform/platform.tables.ts'
import { signInOrigin } from '../platform/sign-in/security-events.ts'
import { digestedTables } from './fact-tables.ts'
import type { CheckReport, Finding, Head } from './verification.ts'

/** One event with everything its hash covers. */
export interface ChainedEvent {
  readonly seq: string
  readonly commandId: string
  readonly previousHash: string
  readonly hash: string
  readonly hashed: HashedEvent
  readonly input: Json
  /** Lines of `fact_digests`: what it wrote, and what migrations wrote before it. */
  readonly lines: readonly string[]
  readonly inputDigest: string
  readonly outsideUntil: string
  readonly actorName: string
}

interface EventRow {
  readonly seq: string
  readonly command_id: string
  readonly answer: Json
  readonly previous_hash: string
  readonly hash: string
  readonly content_digest: string | null
  readonly outside_until: string | null
  readonly outside_before: string
  readonly name: string | null
  readonly acting_on: string | null
  readonly input: Json | null
  readonly input_digest: string | null
  readonly recorded_at: Date | null
  readonly actor: string | null
  readonly actor_name: string | null
  readonly lines: string[] | null
}

const eventsPerRead = 1_000

/** Events in order, from one number on; `undefined` in place of an event whose command is gone. */
export async function* chainedEvents(
  db: Db,
  from = 1n,
): AsyncGenerator<{
  readonly row: { readonly seq: string; readonly hash: string; readonly previousHash: string }
  readonly event: ChainedEvent | undefined
}> {
  let next = from
  for (;;) {
    const rows = await eventsFrom(db, next)
    for (const row of rows) {
      const { seq, hash, previous_hash: previousHash } = row
      yield { row: { seq, hash, previousHash }, event: await eventOf(db, row) }
    }
    const last = rows.at(-1)
    if (last === undefined) return
    next = BigInt(last.seq) + 1n
  }
}

async function eventsFrom(db: Db, from: bigint): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select e.*, c.name, c.acting_on, c.input, c.input_digest, c.recorded_at, s.code as actor, s.name as actor_name,
      coalesce((select b.outside_until from audit_events b where b.seq = e.seq - 1), 0) as outside_before,
      (select array_agg(${digestLine} order by d.id) from fact_digests d where d.command_id = e.command_id) as lines
    from (select * from audit_events where seq >= ${from.toString()}::bigint order by seq limit ${eventsPerRead}) e
      left join commands c on c.command_id = e.command_id left join staff s on s.id = c.actor_id
    order by e.seq`.execute(db)
  return rows
}

async function eventOf(db: Db, row: EventRow): Promise<ChainedEvent | undefined> {
  const { name, acting_on, recorded_at, actor, input_digest, input } = row
  if (name === null || acting_on === null || recorded_at === null || actor === null || input_digest === null)
    return undefined
  const outsideUntil = row.outside_until ?? '0'
  const outside =
    BigInt(outsideUntil) > BigInt(row.outside_before)
      ? await linesWhere(
          db,
          sql`d.command_id is null and d.id > ${row.outside_before}::bigint and d.id <= ${outsideUntil}::bigint`,
        )
      : []
  return {
    seq: row.seq,
    commandId: row.command_id,
    previousHash: row.previous_hash,
    hash: row.hash,
    hashed: {
      seq: row.seq,
      commandId: row.command_id,
      name,
      actor,
      today: civilDate(acting_on),
      recordedAt: recorded_at,
      inputDigest: input_digest,
      answer: canonicalJson(row.answer),
      contentDigest: row.content_digest ?? undefined,
    },
    input,
    lines: [...(row.lines ?? []), ...outside],
    inputDigest: input_digest,
    outsideUntil,
    actorName: row.actor_name ?? '',
  }
}

async function linesWhere(db: Db, where: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select ${digestLine} as line from fact_digests d where ${where} order by d.id`.execute(db)
  return rows.map(({ line }) => line)
}

/** The hash of an event from what is stored of it now. */
export const hashOf = ({ previousHash, hashed }: ChainedEvent): string => auditHash(previousHash, hashed)
/** What the event adds to the hash before it. */
export const digestOfEvent = ({ hashed }: ChainedEvent): string => eventDigest(hashed)

/**
 * Follows the chain from its first event: numbers without a gap, each hash over the one before, the input each command
 * was given, the digests of what it wrote, the head at the end, and no command or digest that no event covers.
 */
export async function checkChain(services: Services): Promise<CheckReport> {
  const { db } = services
  const findings: Finding[] = []
  const fault = (table: string, row: string, event: string | null, zh: string, en: string) =>
    void findings.push({ table, row, event, zh, en })
  let events = 0
  let before = { seq: 0n, hash: '0'.repeat(64), outsideUntil: '0' }
  for await (const { row, event } of chainedEvents(db)) {
    events += 1
    const seq = BigInt(row.seq)
    if (seq !== before.seq + 1n)
      fault('audit_events', row.seq, row.seq, `事件 ${before.seq} 之后缺号`, `events are missing after ${before.seq}`)
    else if (row.previousHash !== before.hash)
      fault(
        'audit_events',
        row.seq,
        row.seq,
        '与前一事件的哈希不相接',
        'it does not follow the hash of the event before',
      )
    if (event === undefined)
      fault('commands', row.seq, row.seq, '事件的命令或经办人不在', 'the command of the event, or its actor, is gone')
    else findings.push(...faultsOfEvent(event))
    before = { seq, hash: row.hash, outsideUntil: event?.outsideUntil ?? before.outsideUntil }
    if (events % 500 === 0) services.progress?.({ what: '核对事件链 the chain', done: events, total: undefined })
  }
  const { rows: heads } = await sql<{ seq: string; hash: string; outside_until: string }>`
    select seq, hash, outside_until from audit_head`.execute(db)
  const [head] = heads
  if (head?.seq !== before.seq.toString() || head.hash !== before.hash || head.outside_until !== before.outsideUntil)
    fault(
      'audit_head',
      head?.seq ?? '*',
      before.seq.toString(),
      `链头（${head?.seq ?? '无'}）不是最后一个事件（${before.seq}）`,
      `the head (${head?.seq ?? 'none'}) is not the last event (${before.seq})`,
    )
  findings.push(...(await uncovered(db)))
  return {
    check: 'chain',
    zh: '事件链',
    en: 'chain of events',
    counted: [{ what: 'events', zh: '事件', count: events }],
    findings,
  }
}

function faultsOfEvent(event: ChainedEvent): Finding[] {
  const { seq, hash, hashed, input, lines, inputDigest } = event
  const findings: Finding[] = []
  const fault = (table: string, row: string, zh: string, en: string) =>
    void findings.push({ table, row, event: seq, zh, en })
  if (sha256(canonicalJson(input)) !== inputDigest)
    fault('commands', event.commandId, '命令的输入与摘要不符', 'the input of the command does not give its digest')
  if (hashed.contentDigest !== undefined && sha256(lines.join('\n')) !== hashed.contentDigest)
    fault(
      'fact_digests',
      event.commandId,
      '写入内容的摘要与事件不符',
      'the digests of what it wrote are not those of the event',
    )
  if (hashOf(event) !== hash)
    fault(
      'audit_events',
      seq,
      '哈希重算不符：命令、答复或经办有改动',
      'its hash comes out otherwise: command, answer or actor were changed',
    )
  return findings
}

/** Commands without an event, and digests that belong to no event or to nobody. */
async function uncovered(db: Db): Promise<Finding[]> {
  const { rows: commands } = await sql<{ command_id: string; name: string }>`
    select command_id, name from commands c
    where not exists (select from audit_events e where e.command_id = c.command_id) limit 20`.execute(db)
  const { rows: lines } = await sql<{ id: string; table_name: string }>`
    select d.id, d.table_name from fact_digests d
    where d.table_name = any(${digestedTables}::text[])
      and (d.command_id is not null and not exists (select from audit_events e where e.command_id = d.command_id)
        or d.command_id is null and d.origin is null)
    order by d.id limit 20`.execute(db)
  // A migration's rows are covered by the first event after it, all by the same; what happened at the door, by the next each.
  const { rows: origins } = await sql<{ origin: string; events: number; known: boolean }>`
    select d.origin, count(distinct (select min(e.seq) from audit_events e where e.outside_until >= d.id))::int as events,
      exists (select from kysely_migration m where m.name = d.origin) as known
    from fact_digests d where d.command_id is null and d.origin is not null
      and not (d.origin = ${signInOrigin} and d.table_name = 'security_events') group by d.origin`.execute(db)
  return [
    ...commands.map(({ command_id, name }) => ({
      table: 'audit_events',
      row: command_id,
      event: null,
      zh: `命令 ${name} 的事件不在`,
      en: `the event of the command ${name} is gone`,
    })),
    ...lines.map(({ id, table_name }) => ({
      table: table_name,
      row: `fact_digests ${id}`,
      event: null,
      zh: '有行不是由命令写入的',
      en: 'rows were written by no command',
    })),
    ...origins
      .filter(({ events, known }) => events > 1 || !known)
      .map(({ origin }) => ({
        table: 'fact_digests',
        row: origin,
        event: null,
        zh: '有行冒用了升级脚本的名义',
        en: 'rows were written in the name of a migration, apart from it',
      })),
  ]
}

/** The event whose hash begins with these characters; `undefined` where the chain holds none. */
export async function eventWithHash(db: Db, digest: string): Promise<Head | undefined> {
  if (!/^[0-9a-f]{12,64}$/.test(digest)) return undefined
  const { rows } = await sql<Head>`
    select seq, hash from audit_events where starts_with(hash, ${digest}) order by seq limit 1`.execute(db)
  return rows[0]
}
