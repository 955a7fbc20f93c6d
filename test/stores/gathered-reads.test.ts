import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { civilDate } from '../../src/kernel/calendar.ts'
import { clockActingOn } from '../../src/kernel/clock.ts'
import { fenced } from '../../src/platform/authorisation/fence.ts'
import { GatheringPool } from '../../src/platform/connect-gathered.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import type { Connection, Db } from '../../src/platform/database.ts'
import type { Visitor } from '../../src/platform/sign-in/visitor.ts'
import { postgresUrl } from '../support/databases.ts'

describe.skipIf(postgresUrl === undefined)('Reads that are asked for at once', () => {
  let connection: Connection | undefined
  const db = (): Db => connection?.gathered as Db
  beforeAll(() => {
    connection = connectPostgres(postgresUrl ?? '', 4)
  })
  afterAll(async () => connection?.close())

  const read = async (from: Db, n: number) =>
    (await sql<{ n: number; pid: number }>`select ${n}::int as n, pg_backend_pid() as pid`.execute(from)).rows[0]
  const ten = Array.from({ length: 10 }, (_, n) => n)

  it('go over one connection, and each has its own answer, prepared or not', async () => {
    for (let times = 0; times < 8; times++) {
      const rows = await Promise.all(ten.map((n) => read(db(), n)))
      expect(rows.map((row) => row?.n)).toEqual(ten)
      expect(new Set(rows.map((row) => row?.pid)).size).toBe(1)
    }
  })

  it('fail alone', async () => {
    const divide = async (by: number) => (await sql<object>`select 6 / ${by}::int as q`.execute(db())).rows[0]
    for (let times = 0; times < 8; times++) {
      const [before, failed, after] = await Promise.allSettled([divide(2), divide(0), divide(3)])
      expect(before).toEqual({ status: 'fulfilled', value: { q: 3 } })
      expect(failed.status).toBe('rejected')
      expect(after).toEqual({ status: 'fulfilled', value: { q: 2 } })
    }
  })

  it('stay outside a transaction that goes on beside them, as whom it reads and what it sets', async () => {
    const setting = async (from: Db) =>
      (
        await sql<{ set: string | null; status: string }>`select current_setting('qingliu.of_test', true) as set,
        current_setting('transaction_read_only') as status`.execute(from)
      ).rows[0]
    await db()
      .transaction()
      .setAccessMode('read only')
      .execute(async (trx) => {
        await sql`select set_config('qingliu.of_test', 'inside', true)`.execute(trx)
        const [inside, beside] = await Promise.all([setting(trx as unknown as Db), setting(db())])
        expect(inside).toEqual({ set: 'inside', status: 'on' })
        expect(beside?.set ?? '').toBe('')
        expect(beside?.status).toBe('off')
      })
    expect((await setting(db()))?.status).toBe('off')
  })

  it('are answered by several connections where there are many', async () => {
    const rows = await Promise.all(Array.from({ length: 40 }, (_, n) => read(db(), n)))
    expect(rows.map((row) => row?.n)).toEqual(Array.from({ length: 40 }, (_, n) => n))
    expect(new Set(rows.map((row) => row?.pid)).size).toBe(3)
  })

  it('are what whoever looks reads by, who is handed no second way to the database', async () => {
    const services = { ...(connection as Connection), clock: clockActingOn(civilDate('2026-05-02')) }
    const organisation = { id: '1', code: 'bureau', name: '', kind: 'bureau' } as unknown as Visitor['organisation']
    const look = (role: Visitor['roles'][number]) =>
      fenced(services, { roles: [role], dischargers: [], organisation }, 'bills.read', async (inside) => inside)
    const [clerk, company] = [await look('bureau_clerk'), await look('water_company_operator')]
    expect(clerk.db).toBe(db())
    expect(company.db).not.toBe(db())
    for (const inside of [clerk, company]) expect(inside).not.toHaveProperty('gathered')
  })

  it('are planned for few rows and never compiled, from the first on', async () => {
    const fresh = connectPostgres(postgresUrl ?? '', 2)
    for (const from of [fresh.gathered as Db, fresh.db]) {
      const { rows } = await sql<{ memoize: string; jit: string }>`
        select current_setting('enable_memoize') as memoize, current_setting('jit') as jit`.execute(from)
      expect(rows).toEqual([{ memoize: 'off', jit: 'off' }])
    }
    await fresh.close()
  })

  it('are not taken from whoever has given the connection back', async () => {
    const pool = new pg.Pool({ connectionString: postgresUrl })
    const client = await new GatheringPool(pool).connect()
    client.release()
    await expect(client.query('select 1', [])).rejects.toThrow('given back')
    await pool.end()
  })

  it('fail by name where there is no database', async () => {
    const nowhere = connectPostgres('postgres://postgres@127.0.0.1:9/none', 1)
    const answers = await Promise.allSettled([read(nowhere.gathered as Db, 1), read(nowhere.gathered as Db, 2)])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await nowhere.close()
  })
})
