import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { onEveryDatabase } from '../support/databases.ts'
import { layGround, refusalOf } from './ground.ts'

/** The only tables whose rows may change: positions, disposable drafts, what is derived, and the migrator's own. */
const changeable = [
  'audit_head',
  'bill_draft_blocks',
  'bill_drafts',
  'credits',
  'fined_periods',
  'kysely_migration',
  'kysely_migration_lock',
  'live_orders',
  'message_queue',
  'number_sequences',
  'open_bill_runs',
  'open_items',
  // The sign-in library's own.
  'sign_in_credentials',
  'sign_in_second_factors',
  'sign_in_sessions',
  'sign_in_users',
  'sign_in_verifications',
  'work_beats',
]

onEveryDatabase('facts', (connection) => {
  interface Table {
    readonly name: string
    readonly triggers: readonly string[]
    readonly columns: readonly string[]
    readonly exclusions: number
  }
  let tables: readonly Table[] = []
  const facts = () => tables.filter(({ name }) => !changeable.includes(name))
  const validities = () => facts().filter(({ columns }) => columns.includes('valid_until'))
  const withRows = async (some: readonly Table[]) => {
    const found: Table[] = []
    for (const table of some) {
      const { rows } = await sql`select from ${sql.id(table.name)} limit 1`.execute(connection().db)
      if (rows.length > 0) found.push(table)
    }
    return found
  }

  beforeAll(async () => {
    await layGround(connection().db)
    const { rows } = await sql<Table>`
      select c.relname as name,
        array(select concat_ws(' ', g.tgname, g.tgfoid::regproc, g.tgtype, g.tgenabled) from pg_trigger g
              where g.tgrelid = c.oid and not g.tgisinternal order by 1)::text[] as triggers,
        array(select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attidentity = ''
              and a.attgenerated = '' and not a.attisdropped order by a.attnum)::text[] as columns,
        (select count(*)::int from pg_constraint o where o.conrelid = c.oid and o.contype = 'x') as exclusions
      from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`.execute(
      connection().db,
    )
    tables = rows
  })

  // pg_trigger.tgtype: row 1, before 2, insert 4, delete 8, update 16, truncate 32.
  const keepsRows = 'facts_stay refuse_change 27 O'
  const keepsWhole = 'facts_stay_whole refuse_change 34 O'
  const endsOnce = 'validity_ends_once allow_one_end 27 O'

  it('every table keeps its rows, but for a short list of others', () => {
    expect(facts().length).toBeGreaterThanOrEqual(40)
    const unguarded = facts().filter(({ columns, triggers }) => {
      const wanted = columns.includes('valid_until') ? endsOnce : keepsRows
      return !triggers.includes(wanted) || !triggers.includes(keepsWhole)
    })
    expect(unguarded.map(({ name }) => name)).toEqual([])
    expect(changeable.filter((name) => !tables.some((table) => table.name === name))).toEqual([])
  })

  it('no row of a fact can be updated or deleted, no table truncated, whoever asks', async () => {
    const filled = await withRows(facts().filter((table) => !validities().includes(table)))
    expect(filled.length).toBeGreaterThanOrEqual(20)
    for (const { name, columns } of filled) {
      const column = columns.at(-1) ?? ''
      expect(await refusalOf(connection().db, `update ${name} set ${column} = ${column}`), name).toEqual({
        state: 'QL001',
      })
      expect(await refusalOf(connection().db, `delete from ${name}`), name).toEqual({ state: 'QL001' })
    }
    for (const { name } of facts()) {
      expect(await refusalOf(connection().db, `truncate ${name} cascade`), name).toMatchObject({ state: 'QL001' })
    }
  })

  it('the head of the audit chain moves to the next event and nowhere else', async () => {
    const refused = (statements: string) => refusalOf(connection().db, statements)
    const forward = `update audit_head set seq = 1, hash = repeat('1', 64)`
    expect(await refused(forward)).toBeUndefined()
    for (const statements of [
      `update audit_head set seq = 2, hash = repeat('1', 64)`,
      `update audit_head set seq = 1, hash = repeat('2', 64)`,
      `${forward}; update audit_head set seq = 0, hash = repeat('0', 64)`,
      'delete from audit_head',
    ]) {
      expect(await refused(statements), statements).toEqual({ state: 'QL014' })
    }
    expect(await refused('truncate audit_head')).toEqual({ state: 'QL001' })
  })

  it('a validity is ended once, and nothing else of it changes', async () => {
    const filled = await withRows(validities())
    expect(filled.length).toBeGreaterThanOrEqual(6)
    for (const { name, columns } of filled) {
      const refused = (statements: string) => refusalOf(connection().db, statements)
      const end = `update ${name} set valid_until = '2030-01-01' where valid_until is null`
      // An installation ends together with its last reading; whether it may end at all is asked at commit.
      const afterEnd = (await refused(end))?.state
      expect(afterEnd === undefined || name === 'installations', `${name} can be ended, got ${afterEnd}`).toBe(true)
      expect(await refused(`${end}; update ${name} set valid_until = '2031-01-01'`), name).toMatchObject({
        state: 'QL002',
      })
      expect(await refused(`${end}; update ${name} set valid_until = null`), name).toMatchObject({ state: 'QL002' })
      expect(await refused(`update ${name} set valid_from = valid_from - 1`), name).toMatchObject({ state: 'QL002' })
      expect(await refused(`update ${name} set valid_until = '2030-01-01', valid_from = valid_from - 1`)).toMatchObject(
        {
          state: 'QL002',
        },
      )
      expect(await refused(`delete from ${name}`), name).toMatchObject({ state: 'QL002' })
      for (const column of columns) {
        expect(await refused(`update ${name} set ${column} = ${column}`), name).toMatchObject({ state: 'QL002' })
      }
    }
  })

  it('validities of the same thing never overlap: every table of validities excludes it', async () => {
    expect(
      validities()
        .filter(({ exclusions }) => exclusions === 0)
        .map(({ name }) => name),
    ).toEqual([])
    const copies = {
      staff_roles: ['staff_id, role', 'staff_id, role'],
      connection_agreements: [
        'discharger_id, agreement_no, signed_on, command_id',
        `discharger_id, 'A2', signed_on, command_id`,
      ],
      account_holders: ['account_id, discharger_id, command_id', 'account_id, discharger_id, command_id'],
      account_categories: [
        'account_id, payer_group, category_code, command_id',
        'account_id, payer_group, category_code, command_id',
      ],
      installations: [
        'meter_id, account_id, purpose, digits, initial_reading, command_id',
        'meter_id, account_id, purpose, digits, initial_reading, command_id',
      ],
    }
    for (const [name, [columns, values]] of Object.entries(copies)) {
      const copy = (from: string) =>
        `insert into ${name} (${columns}, valid_from) select ${values}, ${from} from ${name} where valid_until is null`
      expect(await refusalOf(connection().db, copy(`date '2029-12-31'`)), name).toMatchObject({ state: '23P01' })
      const ended = `update ${name} set valid_until = '2030-01-01';`
      expect(
        await refusalOf(connection().db, ended + copy(`date '2029-12-31'`).replace('is null', 'is not null')),
        name,
      ).toMatchObject({ state: '23P01' })
      // Half-open: the day of the end is free again.
      const next = await refusalOf(connection().db, ended + copy(`date '2030-01-01'`).replace('is null', 'is not null'))
      expect(next === undefined || name === 'installations', `${name} follows its end, got ${next?.state}`).toBe(true)
    }
  })

  it('two prices of one category never hold on the same day', async () => {
    const overlap = `
      insert into rate_schedules (code, title, approval_document, issuer, straddle, clause, valid_from, proposal_id, command_id)
        select 'S2', title, approval_document, issuer, straddle, clause, '2026-01-01', p.id, s.command_id
        from rate_schedules s, proposals p where p.subject = 'undecided';
      insert into rates (schedule_id, category_code, price, valid_from) select id, 'industry', '{}', '2026-01-01' from rate_schedules where code = 'S2'`
    expect(await refusalOf(connection().db, overlap)).toMatchObject({ state: '23P01' })
    expect(await refusalOf(connection().db, `update rates set valid_until = '2026-01-01'; ${overlap}`)).toBeUndefined()
  })

  it('a number sequence only rises, one row at a time', async () => {
    const refused = (statement: string) => refusalOf(connection().db, statement)
    expect(await refused('update number_sequences set last_number = 8')).toBeUndefined()
    expect(await refused('update number_sequences set last_number = 7')).toEqual({ state: 'QL003' })
    expect(await refused('update number_sequences set year = 2024, last_number = 9')).toEqual({ state: 'QL003' })
    expect(await refused('delete from number_sequences')).toEqual({ state: 'QL003' })
    expect(await refused('truncate number_sequences')).toEqual({ state: 'QL001' })
  })

  describe('two persons', () => {
    const decide = (maker: string, decider: string, decision = 'approved') => `
      insert into proposal_decisions (proposal_id, maker_id, decided_by, decision, command_id, recorded_at)
      select p.id, m.id, d.id, '${decision}', 'ground-0001', now() from proposals p, staff m, staff d
      where p.subject = 'undecided' and m.code = '${maker}' and d.code = '${decider}'`

    it('another person may decide', async () => {
      expect(await refusalOf(connection().db, decide('clerk', 'approver'))).toBeUndefined()
    })
    it('the maker may not, even where the program says so', async () => {
      expect(await refusalOf(connection().db, decide('clerk', 'clerk'))).toEqual({
        state: '23514',
        constraint: 'two_persons',
      })
    })
    it('naming another maker does not help', async () => {
      expect(await refusalOf(connection().db, decide('approver', 'clerk'))).toMatchObject({ state: '23503' })
    })
    it('a proposal is decided once, and returned only with a reason', async () => {
      const twice = `${decide('clerk', 'approver')}; ${decide('clerk', 'approver')}`
      expect(await refusalOf(connection().db, twice)).toMatchObject({ state: '23505' })
      expect(await refusalOf(connection().db, decide('clerk', 'approver', 'returned'))).toEqual({
        state: '23514',
        constraint: 'returned_with_reason',
      })
    })
  })
})
