import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { GatheringPool } from './connect-gathered.ts'
import { PreparingClient } from './connect-prepared.ts'
import type { Connection } from './database.ts'
import type { PlatformTables } from './platform.tables.ts'

const textTypes = new Set([
  1082, // date: pg would make it local midnight, which in Asia/Shanghai is the day before in UTC
  1700, // numeric
  20, // bigint
])

/** Parsers given per pool: dates, numerics and bigints stay text, on every driver alike. */
export const typesAsText: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    textTypes.has(oid)
      ? (value: string) => value
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

/**
 * Settings for speed alone, so that nothing is lost where a pooler or a server does not know them. For the fifty rows of a
 * list that could have thousands, the planner makes room to remember thousands: half a millisecond of 0.65. And what it
 * takes for a long query it compiles first, for seconds, where the answer takes a tenth of one.
 */
const quickly = 'set enable_memoize = off; set jit = off'

/** Opens PostgreSQL (15 or later) behind one pool. Safe behind a transaction pooler: no session state is relied on. */
export function connectPostgres(connectionString: string, maximumConnections = 4): Connection {
  const pool = new pg.Pool({
    connectionString,
    max: maximumConnections,
    types: typesAsText,
    Client: PreparingClient,
    pipeline: true,
  } as pg.PoolConfig)
  // An idle connection that the server ends must not end the process; the next query reports it.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.query(quickly).catch(() => undefined))
  const db = new Kysely<PlatformTables>({ dialect: new PostgresDialect({ pool }) })
  const gathered = new Kysely<PlatformTables>({ dialect: new PostgresDialect({ pool: new GatheringPool(pool) }) })
  return { db, gathered, engine: 'postgres', close: () => db.destroy() }
}
