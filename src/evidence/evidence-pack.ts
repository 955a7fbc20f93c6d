import { type RawBuilder, sql } from 'kysely'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { chainHead } from '../platform/audit.queries.ts'
import { digestLine, type Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type ChainedEvent, chainedEvents, digestOfEvent } from './chain.check.ts'
import { refuseEvidence } from './evidence.refusals.ts'
import type { PackSubject } from './pack-rows.ts'
import { sameWords } from './rows.check.ts'
import type { Head } from './verification.ts'

/**
 * Everything that bears on one bill or claim, with what proves it: each row as text, the event that wrote it, the digests
 * of all rows that event wrote in the same statement, and the chain from there to the head. `verify-pack.mjs` checks it
 * without the database.
 */
export type EvidencePack = {
  readonly format: 'qingliu-evidence-1'
  readonly subject: { readonly kind: string; readonly number: string }
  readonly head: Head
  /** Columns of each table, in the order of a row's text. */
  readonly columns: { readonly [table: string]: readonly string[] }
  readonly rows: readonly PackedRow[]
  /** By number: the events that wrote the rows. */
  readonly events: { readonly [seq: string]: PackedEvent }
  readonly chain: {
    readonly from: string
    readonly previousHash: string
    /** What each event from `from` to the head adds to the hash before it. */
    readonly digests: readonly string[]
  }
}
export type PackedRow = {
  readonly table: string
  readonly text: string
  readonly event: string
  /** Which of the event's lines lists the row's digest. */
  readonly line: number
}
export type PackedEvent = {
  readonly said: readonly string[]
  /** As the row of `staff` has it whose code was said. */
  readonly actorName: string
  /** Of events from before contents were covered, `null`: such rows are covered by the first event after. */
  readonly contentDigest: string | null
  /** Table, digest of the rows' digests added, of those removed. */
  readonly lines: readonly string[]
  /** By line: the rows' own digests, 16 bytes each, in hexadecimal. */
  readonly added: { readonly [line: number]: string }
}

/** Builds a pack from what is stored. Reads only; refuses a row that no command wrote as it is. */
export async function evidencePack(services: Services, subject: PackSubject): Promise<EvidencePack | Refusal> {
  const { db } = services
  const rows: PackedRow[] = []
  const packed = new Set<string>()
  const columns: Record<string, readonly string[]> = {}
  const needed = new Map<string, Set<number>>()
  const found = await db.transaction().execute(async (trx) => {
    await sameWords(trx)
    const take = async (table: string, where: RawBuilder<unknown>): Promise<Refusal | undefined> => {
      const { rows: texts } = await sql<{ text: string }>`
        select t::text as text from ${sql.table(table)} t where ${where} order by 1`.execute(trx)
      if (texts.length > 0) columns[table] ??= await columnNames(trx, table)
      for (const { text } of texts) {
        const key = `${table}\n${text}`
        if (packed.has(key)) continue
        packed.add(key)
        const proof = await proofOf(trx, table, text)
        if (proof === undefined) return refuseEvidence('evidence_row_uncovered', { table })
        rows.push({ table, text, ...proof })
        needed.set(proof.event, (needed.get(proof.event) ?? new Set()).add(proof.line))
      }
      services.progress?.({ what: '收集证据 collecting', done: rows.length, total: undefined })
      return undefined
    }
    for (const { table, where } of subject.rows) {
      const uncovered = await take(table, where)
      if (uncovered !== undefined) return uncovered
    }
    // Who acted, by name; and who registered them, until nobody is new.
    for (let known = -1; known < needed.size; ) {
      known = needed.size
      const uncovered = await take(
        'staff',
        sql`t.id in (
        select c.actor_id from audit_events e join commands c on c.command_id = e.command_id
        where e.seq = any(${[...needed.keys()]}::bigint[]))`,
      )
      if (uncovered !== undefined) return uncovered
    }
    return undefined
  })
  if (isRefusal(found)) return found
  return {
    ...(await chained(db, needed)),
    format: 'qingliu-evidence-1',
    subject: { kind: subject.kind, number: subject.number },
    columns,
    rows,
  }
}

async function columnNames(trx: Trx, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
    order by attnum`.execute(trx)
  return rows.map(({ name }) => name)
}

/** The event that wrote a row as it is, and which of its lines lists the row. */
async function proofOf(trx: Trx, table: string, text: string): Promise<{ event: string; line: number } | undefined> {
  const { rows } = await sql<{ id: string; command_id: string | null; digest: string; added: string }>`
    select d.id, d.command_id, encode(row_digest(${text}), 'hex') as digest, encode(d.added, 'hex') as added
    from fact_digests d where d.table_name = ${table} and position(row_digest(${text}) in d.added) > 0
    order by d.id desc`.execute(trx)
  const line = rows.find(({ added, digest }) => split(added).includes(digest))
  if (line === undefined) return undefined
  const { rows: events } = await sql<{ seq: string; index: number }>`
    with event as (
      select e.seq, e.command_id, e.outside_until, coalesce(b.outside_until, 0) as outside_before
      from audit_events e left join audit_events b on b.seq = e.seq - 1
      where case when ${line.command_id}::text is null then e.outside_until >= ${line.id}::bigint
        else e.command_id = ${line.command_id} end
      order by e.seq limit 1)
    select event.seq, (select count(*)::int from fact_digests d where d.command_id = event.command_id
        and (${line.command_id}::text is null or d.id < ${line.id}::bigint))
      + (select count(*)::int from fact_digests d where ${line.command_id}::text is null and d.command_id is null
        and d.id > event.outside_before and d.id < ${line.id}::bigint) as index
    from event`.execute(trx)
  const [event] = events
  return event === undefined ? undefined : { event: event.seq, line: event.index }
}

const split = (hexadecimal: string): string[] => hexadecimal.match(/.{32}/g) ?? []

/** The events that are needed, in full, and what every later one adds to the chain. */
async function chained(
  db: Db,
  needed: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<Pick<EvidencePack, 'events' | 'chain' | 'head'>> {
  const first = [...needed.keys()].map(BigInt).reduce((least, seq) => (seq < least ? seq : least))
  const events: Record<string, PackedEvent> = {}
  const digests: string[] = []
  let previousHash = ''
  let head: Head = await chainHead(db)
  for await (const { event } of chainedEvents(db, first)) {
    const whole = present(event, 'every event has its command')
    if (digests.length === 0) previousHash = whole.previousHash
    digests.push(digestOfEvent(whole))
    head = { seq: whole.seq, hash: whole.hash }
    const lines = needed.get(whole.seq)
    if (lines !== undefined) events[whole.seq] = await packedEvent(db, whole, lines)
  }
  return { head, events, chain: { from: first.toString(), previousHash, digests } }
}

async function packedEvent(db: Db, event: ChainedEvent, wanted: ReadonlySet<number>): Promise<PackedEvent> {
  const { hashed, lines, actorName } = event
  const added: Record<number, string> = {}
  for (const index of wanted) {
    const line = present(lines[index], 'a row is listed in a line of its event')
    const { rows } = await sql<{ added: string }>`
      select encode(d.added, 'hex') as added from fact_digests d
      where ${digestLine} = ${line} and (d.command_id = ${event.commandId} or d.command_id is null) limit 1`.execute(db)
    added[index] = present(rows[0], 'a line of an event is stored').added
  }
  const said = [
    hashed.seq,
    hashed.commandId,
    hashed.name,
    hashed.actor,
    hashed.today,
    hashed.recordedAt.toISOString(),
    hashed.inputDigest,
    hashed.answer,
  ]
  return { said, actorName, contentDigest: hashed.contentDigest ?? null, lines, added }
}
