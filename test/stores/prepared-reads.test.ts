import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import type { Connection, Db } from '../../src/platform/database.ts'
import { postgresUrl } from '../support/databases.ts'

/** One connection, so that what it keeps is what the next query meets. */
describe.skipIf(postgresUrl === undefined)('Reads that repeat', () => {
  let connection: Connection | undefined
  const db = (): Db => (connection as Connection).db
  beforeAll(async () => {
    connection = connectPostgres(postgresUrl ?? '', 1)
    await sql`create temporary table readings_of_test (id int primary key, volume numeric)`.execute(db())
    await sql`insert into readings_of_test values (1, 12.5), (2, 30)`.execute(db())
  })
  afterAll(async () => connection?.close())

  const read = async (from: Db, id: number) =>
    (await sql<object>`select * from readings_of_test where id = ${id}`.execute(from)).rows
  const prepared = async () =>
    (
      await sql<{ n: number }>`
        select count(*)::int as n from pg_prepared_statements where statement like '%readings_of_test where%'
          and statement not like '%pg_prepared%'`.execute(db())
    ).rows[0]?.n

  it('are planned each time inside a transaction, where commands write', async () => {
    await db()
      .transaction()
      .execute(async (trx) => {
        for (let times = 0; times < 10; times++) await read(trx as unknown as Db, 1)
      })
    expect(await prepared()).toBe(0)
  })

  it('are prepared once they repeat, with the values of each', async () => {
    for (let times = 0; times < 4; times++) expect(await read(db(), 1)).toEqual([{ id: 1, volume: '12.5' }])
    expect(await prepared()).toBe(0)
    expect(await read(db(), 1)).toEqual([{ id: 1, volume: '12.5' }])
    expect(await prepared()).toBe(1)
    expect(await read(db(), 2)).toEqual([{ id: 2, volume: '30' }])
    expect(await read(db(), 3)).toEqual([])
  })

  it('are asked again where a pooler has given them another connection of the server', async () => {
    await sql`deallocate all`.execute(db())
    expect(await read(db(), 1)).toEqual([{ id: 1, volume: '12.5' }])
    expect(await read(db(), 2)).toEqual([{ id: 2, volume: '30' }])
    expect(await prepared()).toBe(0)
  })

  it('are asked again where a migration has given the table another shape', async () => {
    const readOther = async () =>
      (await sql<object>`select * from readings_of_test where volume = ${'30'}`.execute(db())).rows
    for (let times = 0; times < 8; times++) await readOther()
    await sql`alter table readings_of_test add column note text`.execute(db())
    expect(await readOther()).toEqual([{ id: 2, volume: '30', note: null }])
  })

  it('fail as any query where the query is wrong', async () => {
    const divide = (by: number) => sql`select 1 / ${by}::int as quotient`.execute(db())
    for (let times = 0; times < 8; times++) await divide(1)
    await expect(divide(0)).rejects.toThrow('division by zero')
    expect((await divide(1)).rows).toEqual([{ quotient: 1 }])
  })
})
