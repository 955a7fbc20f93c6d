import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Refusal } from '../kernel/refusal.ts'
import { typesAsText } from './connect-postgres.ts'
import type { Connection } from './database.ts'
import { refusePlatform } from './platform.refusals.ts'
import type { PlatformTables } from './platform.tables.ts'

/**
 * Opens the embedded database in a folder (made if it is not there). PGlite takes no lock on its folder, and two
 * processes in it lose acknowledged rows, so we hold one of our own; a second process is refused by name.
 */
export async function connectEmbedded(folder: string, snapshot?: Blob): Promise<Connection | Refusal> {
  mkdirSync(folder, { recursive: true })
  const release = await lockFolder(folder)
  if (release === undefined) return refusePlatform('database_in_use', { folder })
  const lite = await PGlite.create({
    dataDir: join(folder, 'pgdata'),
    extensions: { btree_gist },
    ...(snapshot === undefined ? {} : { loadDataDir: snapshot }),
  })
  return openConnection(lite, release)
}

/** Opens an embedded database in memory: for tests and trials. */
export async function connectInMemory(snapshot?: Blob): Promise<Connection & { lite: PGlite }> {
  const lite = await PGlite.create({
    extensions: { btree_gist },
    ...(snapshot === undefined ? {} : { loadDataDir: snapshot }),
  })
  return { ...openConnection(lite, () => undefined), lite }
}

function openConnection(lite: PGlite, release: () => void): Connection {
  // One connection serves all; a query that waits this long sits inside a transaction that waits for it, which is a bug.
  const pool = new pg.Pool({
    ...createPgConfig(lite),
    max: 1,
    types: typesAsText,
    connectionTimeoutMillis: 600_000,
  } as unknown as pg.PoolConfig)
  pool.on('error', () => undefined)
  const db = new Kysely<PlatformTables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    engine: 'embedded',
    close: async () => {
      await db.destroy()
      await lite.close()
      release()
    },
  }
}

/** A lock that the kernel frees on kill -9 (an abstract socket); where there is none, a file with the owner's id. */
async function lockFolder(folder: string): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux') return lockByFile(join(folder, 'lock'))
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 40)
  const server = createServer()
  const locked = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(`\0qingliu-${name}`, () => resolve(true))
  })
  if (!locked) return undefined
  server.unref()
  return () => server.close()
}

function lockByFile(path: string): (() => void) | undefined {
  for (const attempt of [1, 2]) {
    try {
      const file = openSync(path, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      return () => rmSync(path, { force: true })
    } catch {
      const owner = Number(readFileSync(path, 'utf8'))
      if (attempt === 2 || isAlive(owner)) return undefined
      rmSync(path, { force: true })
    }
  }
  return undefined
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}
