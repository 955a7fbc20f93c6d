import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chainedEvents, checkChain } from '../../src/evidence/chain.check.ts'
import { digestedTables } from '../../src/evidence/fact-tables.ts'
import { checkRows } from '../../src/evidence/rows.check.ts'
import type { Finding, Verification } from '../../src/evidence/verification.ts'
import { verifyAll } from '../../src/evidence/verify.ts'
import { tieOutOfAll } from '../../src/later-stages.ts'
import { chainHead } from '../../src/platform/audit.queries.ts'
import { auditHash, type Services, sha256 } from '../../src/platform/command.ts'
import type { Db, Trx } from '../../src/platform/database.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { everyTable } from '../support/every-table.ts'
import { by, done } from '../support/office.ts'

/** Behind the application's back: a superuser for whom no trigger and no foreign key speaks. */
async function behindItsBack<T>(db: Db, act: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    return act(trx)
  })
}

interface Column {
  readonly name: string
  readonly type: string
}

/** What stands in a column, made something else that fits its type. */
const altered: Readonly<Record<string, (column: RawBuilder<unknown>) => RawBuilder<unknown>>> = {
  text: (column) => sql`${column} || 'x'`,
  numeric: (column) => sql`${column} + 1`,
  bigint: (column) => sql`${column} + 1`,
  integer: (column) => sql`${column} + 1`,
  smallint: (column) => sql`${column} + 1`,
  date: (column) => sql`${column} + 1`,
  boolean: (column) => sql`not ${column}`,
  'timestamp with time zone': (column) => sql`${column} + interval '1 second'`,
  uuid: () => sql`gen_random_uuid()`,
  bytea: (column) => sql`sha256(${column})`,
  'text[]': (column) => sql`${column} || '{x}'::text[]`,
  'bigint[]': (column) => sql`${column} || '{1}'::bigint[]`,
  jsonb: (column) =>
    sql`case jsonb_typeof(${column}) when 'array' then ${column} || '["x"]' else ${column} || '{"x": 1}' end`,
}

async function columnsOf(db: Db | Trx, table: string): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select a.attname as name, format_type(a.atttypid, null) as type from pg_attribute a
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attnum`.execute(db)
  return rows
}

/** Changes one value of one row, whichever its constraints let pass, and answers the column. */
async function alterOneRow(db: Db, table: string): Promise<string> {
  const columns = await columnsOf(db, table)
  for (const { name, type } of [...columns].reverse()) {
    const change = altered[type]
    if (change === undefined) continue
    try {
      const changed = await behindItsBack(db, async (trx) => {
        const column = sql.ref(name)
        const { rows } = await sql`
          update ${sql.table(table)} set ${column} = ${change(column)}
          where ctid = (select min(ctid) from ${sql.table(table)} where ${column} is not null) returning 1`.execute(trx)
        return rows.length
      })
      if (changed > 0) return name
    } catch {
      // This column may not become that; another one may.
    }
  }
  throw new Error(`no column of ${table} can be altered`)
}

onEveryDatabase('Tampering behind the back of the application', (connection) => {
  let services: Services
  let leave = () => {}
  let rest: () => Promise<string[]>
  beforeAll(async () => {
    const { town, plant, rest: putTheRest } = await everyTable(connection())
    services = town.services
    rest = putTheRest
    leave = () => {
      town.leave()
      plant.leave()
    }
  })
  afterAll(() => leave())

  /** Keeps tables aside, lets somebody act, and puts them back as they were. */
  async function tampered<T>(tables: string | readonly string[], act: () => Promise<T>): Promise<T> {
    const { db } = services
    const kept: { table: string; names: RawBuilder<unknown>; content: string }[] = []
    for (const table of typeof tables === 'string' ? [tables] : tables) {
      const names = sql.join((await columnsOf(db, table)).map(({ name }) => sql.ref(name)))
      const { rows } = await sql<{ content: string }>`
        select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as content from ${sql.table(table)} t`.execute(db)
      kept.push({ table, names, content: rows[0]?.content ?? '[]' })
    }
    try {
      return await act()
    } finally {
      await behindItsBack(db, async (trx) => {
        for (const { table, names, content } of kept) {
          await sql`delete from ${sql.table(table)}`.execute(trx)
          await sql`insert into ${sql.table(table)} (${names}) overriding system value
            select ${names} from jsonb_populate_recordset(null::${sql.raw(table)}, ${content}::jsonb)`.execute(trx)
        }
      })
    }
  }
  const verify = (head?: string) => verifyAll(services, { head, tieOutOf: tieOutOfAll })
  const found = ({ checks }: Verification): Finding[] => checks.flatMap(({ findings }) => [...findings])

  it('there is nothing to find before, and the check says what it looked at', async () => {
    const head = await chainHead(services.db)
    const verification = await verify(head.hash)
    expect(found(verification)).toEqual([])
    expect(verification).toMatchObject({ sound: true, head, headAsked: { seq: head.seq, eventsAfter: 0 } })
    const counted = Object.fromEntries(
      verification.checks.map(({ check, counted: each }) => [check, each.map(({ count }) => count)]),
    )
    expect(counted['rows']?.[0]).toBe(digestedTables.length)
    expect(counted['chain']).toEqual([Number(head.seq)])
    expect(counted).toMatchObject({ files: [2], numbers: [2, 3], bills: [2, 2], settlement: [1] })
  })

  it('a row that is slipped in is found, past the triggers or with them', async () => {
    const slip = sql`insert into settings (name, value, citation, command_id, recorded_at)
      select 'brake.count_share', '"1"', '示例', command_id, now() from commands limit 1 returning id`
    await tampered('settings', async () => {
      await behindItsBack(services.db, (trx) => slip.execute(trx))
      expect((await checkRows(services, ['settings'])).findings).toMatchObject([{ table: 'settings', event: null }])
    })
    await tampered(['fact_digests', 'settings'], async () => {
      await slip.execute(services.db)
      expect((await checkChain(services)).findings).toMatchObject([{ table: 'settings', zh: '有行不是由命令写入的' }])
      const named = sql`select set_config('qingliu.command', (select command_id from commands where name = 'platform.set-setting'), true)`
      await services.db.transaction().execute(async (trx) => {
        await named.execute(trx)
        await slip.execute(trx)
      })
      expect((await checkChain(services)).findings).toContainEqual(
        expect.objectContaining({ table: 'fact_digests', zh: '写入内容的摘要与事件不符' }),
      )
    })
  })

  it.each([
    [
      'commands',
      sql`update commands set input = '{"x": 1}' where command_id = (select max(command_id) from commands)`,
      'commands',
    ],
    [
      'commands',
      sql`update commands set acting_on = acting_on + 1 where command_id = (select max(command_id) from commands)`,
      'audit_events',
    ],
    ['commands', sql`delete from commands where command_id = (select max(command_id) from commands)`, 'commands'],
    ['audit_events', sql`update audit_events set answer = '{"x": 1}' where seq = 7`, 'audit_events'],
    ['audit_events', sql`update audit_events set content_digest = null where seq = 7`, 'audit_events'],
    ['audit_events', sql`delete from audit_events where seq = 7`, 'audit_events'],
    ['audit_events', sql`delete from audit_events where seq = (select max(seq) from audit_events)`, 'audit_head'],
    ['audit_head', sql`update audit_head set seq = seq - 1`, 'audit_head'],
    ['fact_digests', sql`delete from fact_digests where id = (select max(id) from fact_digests)`, 'fact_digests'],
    [
      'fact_digests',
      sql`update fact_digests set added = substr(added, 17) where id = (select max(id) from fact_digests)`,
      'fact_digests',
    ],
    [
      'stored_file_chunks',
      sql`update stored_file_chunks set gzip_bytes = substr(gzip_bytes, 1, length(gzip_bytes) - 9)`,
      'stored_file_chunks',
    ],
    ['stored_file_chunks', sql`delete from stored_file_chunks`, 'stored_file_chunks'],
    ['number_sequences', sql`update number_sequences set last_number = last_number + 1`, 'bills'],
    ['number_sequences', sql`delete from number_sequences`, 'number_sequences'],
    [
      'open_items',
      sql`update open_items set outstanding = 0, last_paid_on = '2026-03-03' where outstanding > 0`,
      'open_items',
    ],
    [
      'credits',
      sql`insert into credits select id, account_id, discharger_id, paid_on, 1 from payments limit 1`,
      'credits',
    ],
  ])('what is not digested row by row is found too: %s', async (table, act, named) => {
    await tampered(table, async () => {
      await behindItsBack(services.db, (trx) => act.execute(trx))
      const verification = await verify()
      expect(found(verification).map((finding) => finding.table)).toContain(named)
      expect(verification.sound).toBe(false)
    })
  })

  it('money moved in a bill, its line and the books alike is found', async () => {
    await tampered(['bills', 'bill_lines', 'postings', 'open_items'], async () => {
      await behindItsBack(services.db, async (trx) => {
        await sql`update bills set total_amount = total_amount - 14 where number = 1`.execute(trx)
        await sql`update bill_lines set amount = amount - 14, derivation = jsonb_set(derivation, '{unrounded}', '"126"') where bill_id = (select id from bills where number = 1)`.execute(
          trx,
        )
        await sql`update postings set amount = amount - sign(amount) * 14 where fee_month is not null and entry_id = (select min(entry_id) from postings)`.execute(
          trx,
        )
        await sql`update open_items set payable = payable - 14, outstanding = outstanding - 14 where bill_id = (select id from bills where number = 1)`.execute(
          trx,
        )
      })
      const tables = new Set(found(await verify()).map(({ table }) => table))
      for (const table of ['bills', 'bill_lines', 'postings']) expect(tables).toContain(table)
    })
    expect((await verify()).sound).toBe(true)
  })

  describe('with the digest of a signed paper', () => {
    it('a chain shortened by its last event, rows and all, is found by it alone', async () => {
      const { db } = services
      const head = await chainHead(db)
      await tampered(['settings', 'fact_digests', 'commands', 'audit_events', 'audit_head'], async () => {
        const set = { name: 'bills.due_day', value: '10', citation: '示例' }
        await done(setSetting(services, by('admin', { commandId: 'to-be-forgotten' }), set))
        const signed = await chainHead(db)
        expect(BigInt(signed.seq)).toBe(BigInt(head.seq) + 1n)
        expect((await verify(signed.hash)).sound).toBe(true)
        await behindItsBack(db, async (trx) => {
          for (const table of ['settings', 'fact_digests', 'audit_events', 'commands'])
            await sql`delete from ${sql.table(table)} where command_id = 'to-be-forgotten'`.execute(trx)
          await sql`update audit_head set seq = ${head.seq}::bigint, hash = ${head.hash}`.execute(trx)
        })
        expect((await verify()).sound).toBe(true)
        const shortened = await verify(signed.hash)
        expect(shortened).toMatchObject({ sound: false, headAsked: { seq: null } })
        expect(found(shortened)).toMatchObject([{ table: 'audit_events', row: signed.hash }])
        expect((await verify(head.hash)).sound).toBe(true)
      })
    })

    it('a chain rewritten consistently from the first changed row on is found', async () => {
      const { db } = services
      const signed = await chainHead(db)
      await tampered(['organisations', 'fact_digests', 'audit_events', 'audit_head'], async () => {
        await behindItsBack(db, async (trx) => {
          await sql`set local timezone = 'UTC'`.execute(trx)
          const { rows } = await sql<{ before: string; after: string }>`
                  with old as (select id, encode(row_digest(o::text), 'hex') as digest from organisations o where code = 'plant'),
                  changed as (update organisations set name = '另一污水处理厂' where code = 'plant' returning organisations.*)
                  select old.digest as before, encode(row_digest(changed::text), 'hex') as after from old join changed using (id)`.execute(
            trx,
          )
          const { before, after } = rows[0] as { before: string; after: string }
          await sql`update fact_digests set added = decode(replace(encode(added, 'hex'), ${before}, ${after}), 'hex')
                  where table_name = 'organisations'`.execute(trx)
        })
        expect((await verify()).sound).toBe(false)
        await rewriteChain(db)
        expect((await verify()).sound).toBe(true)
        const rewritten = await verify(signed.hash.slice(0, 16))
        expect(rewritten).toMatchObject({ sound: false, headAsked: { seq: null } })
      })
      expect((await verify(signed.hash)).sound).toBe(true)
    })
  })

  describe('in any table at all', () => {
    beforeAll(async () => {
      await rest()
    })

    it.each(digestedTables)('a row of %s that is changed is found, with its key', async (table) => {
      await tampered(table, async () => {
        const column = await alterOneRow(services.db, table)
        const { findings } = await checkRows(services, [table])
        expect(findings.map((finding) => finding.table)).toEqual([table, table])
        const [changed, gone] = [findings.find(({ row }) => row !== '*'), findings.find(({ row }) => row === '*')]
        expect(changed?.row, column).toMatch(/^[a-z_]+=/)
        expect(Number(gone?.event)).toBeGreaterThan(0)
      })
    })

    it.each(digestedTables)('a row of %s that is removed is found, with the event that wrote it', async (table) => {
      await tampered(table, async () => {
        await behindItsBack(services.db, (trx) =>
          sql`delete from ${sql.table(table)} where ctid = (select max(ctid) from ${sql.table(table)})`.execute(trx),
        )
        const { findings } = await checkRows(services, [table])
        expect(findings).toMatchObject([{ table, row: '*' }])
        expect(Number(findings[0]?.event)).toBeGreaterThan(0)
      })
    })
  })
})

/** What a careful forger does: every event's digest and hash anew, from what the tables say now. */
async function rewriteChain(db: Db): Promise<void> {
  let previous = '0'.repeat(64)
  const events: { seq: string; previous: string; hash: string; content: string }[] = []
  for await (const { event } of chainedEvents(db)) {
    if (event === undefined) throw new Error('the forger lost an event')
    const hash = auditHash(previous, { ...event.hashed, contentDigest: sha256(event.lines.join('\n')) })
    events.push({ seq: event.seq, previous, hash, content: sha256(event.lines.join('\n')) })
    previous = hash
  }
  await behindItsBack(db, async (trx) => {
    for (const { seq, previous: before, hash, content } of events)
      await sql`update audit_events set previous_hash = ${before}, hash = ${hash}, content_digest = ${content} where seq = ${seq}::bigint`.execute(
        trx,
      )
    await sql`update audit_head set hash = ${previous}`.execute(trx)
  })
}
