import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { routeGroups } from '../../src/api/routes.ts'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { receiveObjection } from '../../src/payments/objections.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { fenced } from '../../src/platform/authorisation/fence.ts'
import { type Permission, permissions } from '../../src/platform/authorisation/permissions.ts'
import type { Trx } from '../../src/platform/database.ts'
import { endEnterpriseTie, inviteEnterpriseUser } from '../../src/platform/sign-in/enterprise-user.ts'
import { apiOver } from '../support/api.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import type { SmallTown } from '../support/small-town.ts'
import { absent, filled, needed, placeOf, townOfEverything } from '../support/town-of-everything.ts'

onEveryDatabase('what the database shows to a party', (connection) => {
  let town: SmallTown
  const invite = (code: string, discharger: string) =>
    done(inviteEnterpriseUser(town.services, by('admin'), { code, name: code, discharger }, findDischarger))
  beforeAll(async () => {
    town = await townOfEverything(connection(), 'water-co')
    await invite('of-1001', 'P1001')
    await invite('of-1006', 'P1006')
    for (const [code, organisationCode] of [
      ['operator', 'water-co'],
      ['outsider', 'other-co'],
    ] as const) {
      const roles = ['water_company_operator'] as const
      await done(addStaff(town.services, by('admin'), { code, name: code, organisationCode, roles }))
    }
  })
  afterAll(() => town.leave())

  const all = async (table: string) =>
    Number(
      (await sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(connection().db)).rows[0]?.n,
    )

  /** Whatever a query asks, in the role of a party: the application is not in it. */
  const as = <T>(role: string, who: { dischargers?: string; organisation?: string }, ask: (trx: Trx) => Promise<T>) =>
    connection()
      .db.transaction()
      .execute(async (trx) => {
        await sql`select set_config('qingliu.dischargers', ${who.dischargers ?? ''}, true),
          set_config('qingliu.organisation', ${who.organisation ?? ''}, true), set_config('role', ${role}, true)`.execute(
          trx,
        )
        return ask(trx)
      })
  const idOf = async (code: string) =>
    (await sql<{ id: string }>`select id from dischargers where code = ${code}`.execute(connection().db)).rows[0]?.id ??
    ''
  const codesIn = (table: string) => async (trx: Trx) =>
    (
      await sql<{
        code: string
      }>`select distinct d.code from ${sql.table(table)} t join dischargers d on d.id = t.discharger_id order by 1`.execute(
        trx,
      )
    ).rows.map(({ code }) => code)

  describe('an enterprise', () => {
    it('sees its own bills, payments, accounts and orders, round the application', async () => {
      const dischargers = await idOf('P1006')
      for (const table of ['bills', 'account_holders', 'orders_to_pay', 'open_items'])
        expect(await as('qingliu_enterprise', { dischargers }, codesIn(table)), table).toEqual(['P1006'])
      expect(await as('qingliu_enterprise', { dischargers: await idOf('P1001') }, codesIn('payments'))).toEqual([
        'P1001',
      ])
      const accounts = await as(
        'qingliu_enterprise',
        { dischargers },
        async (trx) => (await sql<{ no: string }>`select account_no as no from accounts`.execute(trx)).rows,
      )
      expect(accounts).toEqual([{ no: '1006' }])
    })

    it('sees the rows of every table that are its own, and none where nobody says who asks', async () => {
      const { rows: tables } = await sql<{ name: string }>`
        select c.relname as name from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname = 'enterprise' order by 1`.execute(
        connection().db,
      )
      expect(tables.length).toBeGreaterThan(40)
      const [one, other] = [await idOf('P1001'), await idOf('P1006')]
      for (const { name } of tables) {
        const count = (dischargers: string) =>
          as('qingliu_enterprise', { dischargers }, async (trx) =>
            Number(
              (await sql<{ n: string }>`select count(*) as n from (select from ${sql.table(name)}) x`.execute(trx))
                .rows[0]?.n,
            ),
          )
        expect(await count(''), name).toBe(0)
        // Everybody who is billed in a run sees that it was issued.
        if (name === 'bill_issues') continue
        expect((await count(one)) + (await count(other)), name).toBeLessThanOrEqual(await all(name))
      }
    })

    it('is found by the index of its number, however many others there are', async () => {
      const dischargers = await idOf('P1006')
      const plan = await as('qingliu_enterprise', { dischargers }, async (trx) => {
        await sql`set local enable_seqscan = off`.execute(trx)
        return (await sql<{ 'QUERY PLAN': string }>`explain select * from bills`.execute(trx)).rows
      })
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('bills_by_discharger')
    })

    it('sees of the kept files the papers it filed itself and those served on it, and no other', async () => {
      expect(await all('stored_files')).toBeGreaterThan(0)
      const seen = async (code: string, table: string) => {
        const dischargers = await idOf(code)
        const rows = await as('qingliu_enterprise', { dischargers }, (trx) =>
          sql`select * from ${sql.table(table)}`.execute(trx),
        )
        return rows.rows.length
      }
      const tables = ['filings', 'filing_attachments', 'stored_files', 'stored_file_chunks']
      const before = new Map<string, number>()
      for (const table of tables) before.set(table, await seen('P1006', table))
      const { rows } = await sql<{ number: string }>`
        select number_year || '-' || lpad(number::text, 6, '0') as number from bills
        where discharger_id = ${await idOf('P1006')}::bigint order by id limit 1`.execute(connection().db)
      const bytes = new TextEncoder().encode('表计照片')
      const attachments = [{ name: '表计.jpg', digest: createHash('sha256').update(bytes).digest('hex'), bytes }]
      const objection = { bill: rows[0]?.number ?? '', from: '示例', grounds: '表计故障', evidence: '', attachments }
      await done(receiveObjection(town.services, by('of-1006'), objection))
      for (const table of tables) {
        expect(await seen('P1006', table), table).toBe((before.get(table) ?? 0) + 1)
        expect(await seen('P1001', table), table).toBe(0)
      }
    })

    it('sees a paper and its file from the day on which it was served, not before', async () => {
      const { rows } = await sql<{ discharger_id: string; served: string | null }>`
        select o.discharger_id, paper_served_on(d.command_id)::text as served
        from issued_documents d join orders_to_pay o on o.command_id = d.command_id`.execute(connection().db)
      expect(rows.length).toBeGreaterThan(0)
      for (const dischargers of new Set(rows.map((row) => row.discharger_id))) {
        const mine = rows.filter((row) => row.discharger_id === dischargers && row.served !== null).length
        const seen = await as('qingliu_enterprise', { dischargers }, async (trx) => {
          const of = async (query: string) =>
            Number((await sql<{ n: string }>`select count(*) as n from (${sql.raw(query)}) x`.execute(trx)).rows[0]?.n)
          return [
            await of("select from issued_documents where kind = 'enforcement.order'"),
            await of(
              "select from stored_files f join issued_documents d on d.file_digest = f.digest where d.kind = 'enforcement.order'",
            ),
          ]
        })
        expect(seen, dischargers).toEqual([mine, mine])
      }
    })

    it('cannot read what is nobody’s business of theirs, nor write', async () => {
      const dischargers = await idOf('P1006')
      for (const table of [
        'sign_in_sessions',
        'sign_in_credentials',
        'security_events',
        'api_keys',
        'proposals',
        'notices',
        'journal_entries',
        'roster_entries',
        'imports',
        'bill_run_censuses',
        'audit_events',
        'collector_contracts',
      ])
        await expect(
          as('qingliu_enterprise', { dischargers }, (trx) => sql`select * from ${sql.table(table)}`.execute(trx)),
          table,
        ).rejects.toThrow(/permission denied/)
      await expect(
        as('qingliu_enterprise', { dischargers }, (trx) => sql`select input from commands`.execute(trx)),
      ).rejects.toThrow(/permission denied/)
      await expect(
        as('qingliu_enterprise', { dischargers }, (trx) => sql`delete from bills`.execute(trx)),
      ).rejects.toThrow(/permission denied/)
      await expect(
        as('qingliu_enterprise', { dischargers }, (trx) =>
          sql`insert into dischargers (code, name, kind, command_id) values ('x', 'x', 'resident', 'x')`.execute(trx),
        ),
      ).rejects.toThrow(/permission denied/)
    })
  })

  it('a water company sees its own collectors alone, round the application', async () => {
    const { rows } = await sql<{ id: string; code: string }>`select id, code from organisations`.execute(
      connection().db,
    )
    const seenBy = (code: string) =>
      as('qingliu_collector', { organisation: rows.find((each) => each.code === code)?.id ?? '' }, async (trx) =>
        (await sql<{ code: string }>`select code from collectors order by code`.execute(trx)).rows.map(
          (row) => row.code,
        ),
      )
    expect(await seenBy('water-co')).toEqual(['water'])
    expect(await seenBy('other-co')).toEqual([])
  })

  it('every own permission reads through the fence, and the fence lets nothing be written', async () => {
    const visitor = {
      roles: ['enterprise_user'] as const,
      dischargers: [(await idOf('P1006')) as never],
      organisation: { id: '1' as never, code: 'x', name: 'x', kind: 'enterprise' as const },
    }
    const seen = await fenced(town.services, visitor, 'bills.read', (services) => codesIn('bills')(services.db as Trx))
    expect(seen).toEqual(['P1006'])
    await expect(
      fenced(town.services, visitor, 'bills.read', (services) => sql`create table x (y int)`.execute(services.db)),
    ).rejects.toThrow(/read-only transaction|permission denied/)
    const auditor = { ...visitor, roles: ['auditor'] as const, dischargers: [] }
    expect(
      (await fenced(town.services, auditor, 'bills.read', (services) => codesIn('bills')(services.db as Trx))).length,
    ).toBeGreaterThan(2)
  })

  describe('through the API', () => {
    const reads = () => {
      const parts = partsOnNode(() => undefined)
      const api = apiOver(() => town.services, { parts })
      const routes = [...routeGroups, ...parts.routes]
        .flatMap((group) => group.routes)
        .filter(({ method, path }) => method === 'get' && !absent.includes(path))
      return { api, routes }
    }

    it.each([
      ['of-1006', 'enterprise_user'],
      ['operator', 'water_company_operator'],
      ['outsider', 'water_company_operator'],
    ] as const)('%s reads what is theirs without a failure of the program', async (actor, role) => {
      const { api, routes } = reads()
      const answers = new Map<number, number>()
      const own = routes.filter(({ permits }) => ((permissions[permits] as Permission).own ?? []).includes(role))
      expect(own.length).toBeGreaterThan(10)
      const closed: string[] = []
      for (const route of own) {
        const params = Object.fromEntries(
          Object.keys(route.params.shape).map((name) => [name, placeOf(route.path, name)]),
        )
        const answered = await api.raw(filled(route.path, params) + (needed[route.path] ?? ''), {
          headers: { 'qingliu-actor': actor },
        })
        answers.set(answered.status, (answers.get(answered.status) ?? 0) + 1)
        if (answered.status >= 500 || answered.status === 403)
          closed.push(`${route.path} ${answered.status} ${String(api.failures.at(-1)?.error ?? answered.body.code)}`)
      }
      expect(closed).toEqual([])
      expect(answers.get(200)).toBeGreaterThan(5)
    })
  })

  it('ends on the day it is ended', async () => {
    await done(endEnterpriseTie(town.services, by('admin'), { code: 'of-1006', discharger: 'P1006' }, findDischarger))
    const { api } = { api: apiOver(() => town.services) }
    expect((await api.get('/bills', { 'qingliu-actor': 'of-1006' })).body.items).toEqual([])
  })
})
