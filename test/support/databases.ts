import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe } from 'vitest'
import { migrate, SqlFiles } from '../../db/migrate.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { clockActingOn } from '../../src/kernel/clock.ts'
import type { Services } from '../../src/platform/command.ts'
import { sha256 } from '../../src/platform/command.ts'
import { connectInMemory } from '../../src/platform/connect-embedded.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import type { Connection } from '../../src/platform/database.ts'
import { pdfPrinter } from '../../src/platform/documents/pdf-printer.ts'

/** PostgreSQL's address for tests; unset, only the embedded database is tested and the suite says so. */
export const postgresUrl = process.env['DATABASE_URL']

export interface TestDatabase {
  readonly name: 'embedded' | 'postgres'
  open(): Promise<Connection & { url?: string }>
}

// A fresh embedded database takes seconds to make; one that was migrated before is loaded in well under one.
const snapshots = fileURLToPath(new URL('../../node_modules/.cache/qingliu-test-databases/', import.meta.url))

/** Tells one state of the migrations from every other. */
async function stateOfMigrations(): Promise<string> {
  const names = Object.keys(await new SqlFiles().getMigrations()).sort()
  const texts = names.map((name) => readFileSync(new URL(`../../db/migrations/${name}.sql`, import.meta.url), 'utf8'))
  return sha256([...names, ...texts].join('\n'))
}

/** A migrated embedded database in memory, from a snapshot that is made once for each state of the migrations. */
async function openEmbedded(): Promise<Connection> {
  const engine = readFileSync(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8')
  const file = `${sha256([engine, await stateOfMigrations()].join('\n')).slice(0, 16)}.tar`
  if (!existsSync(join(snapshots, file))) {
    const fresh = await connectInMemory()
    await migrate(fresh.db)
    const dump = await fresh.lite.dumpDataDir('none')
    await fresh.close()
    mkdirSync(snapshots, { recursive: true })
    const old = readdirSync(snapshots).filter((name) => name.endsWith('.tar') && name !== file)
    // Several test files may make it at once: each writes its own, the last one renamed stays.
    const part = join(snapshots, `${file}.${randomUUID()}`)
    writeFileSync(part, Buffer.from(await dump.arrayBuffer()))
    renameSync(part, join(snapshots, file))
    for (const name of old) rmSync(join(snapshots, name), { force: true })
  }
  return connectInMemory(new Blob([readFileSync(join(snapshots, file))]))
}

/** A migrated PostgreSQL database of its own, dropped when closed. */
async function openPostgres(): Promise<Connection & { url: string }> {
  const admin = connectPostgres(postgresUrl ?? '', 1)
  const name = `qingliu_test_${randomUUID().replaceAll('-', '')}`
  const template = await migratedTemplate(admin)
  await sql`create database ${sql.id(name)} template ${sql.id(template)}`.execute(admin.db)
  const url = addressOf(name)
  const connection = connectPostgres(url)
  return {
    ...connection,
    url,
    close: async () => {
      await connection.close()
      await sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin.db)
      await admin.close()
    },
  }
}

const addressOf = (database: string): string =>
  Object.assign(new URL(postgresUrl ?? ''), { pathname: `/${database}` }).toString()

/** The database that others are copied from, made once for each state of the migrations: that takes a tenth of migrating. */
async function migratedTemplate(admin: Connection): Promise<string> {
  const begin = 'qingliu_template_'
  const name = `${begin}${(await stateOfMigrations()).slice(0, 16)}`
  // Several test files may want it at once: one makes it, under another name until it is whole.
  await sql`select pg_advisory_lock(hashtext(${begin}))`.execute(admin.db)
  const { rows } = await sql<{ datname: string }>`
    select datname from pg_database where starts_with(datname, ${begin})`.execute(admin.db)
  if (!rows.some(({ datname }) => datname === name)) {
    for (const { datname } of rows) await sql`drop database if exists ${sql.id(datname)}`.execute(admin.db)
    const unfinished = `${name}_unfinished`
    await sql`create database ${sql.id(unfinished)}`.execute(admin.db)
    const connection = connectPostgres(addressOf(unfinished), 1)
    await migrate(connection.db)
    await connection.close()
    await sql`alter database ${sql.id(unfinished)} rename to ${sql.id(name)}`.execute(admin.db)
  }
  await sql`select pg_advisory_unlock(hashtext(${begin}))`.execute(admin.db)
  return name
}

// Where the embedded half has been run already, on its own, QINGLIU_TEST_ONLY=postgres spares running it again.
const onlyPostgres = process.env['QINGLIU_TEST_ONLY'] === 'postgres'
if (onlyPostgres && postgresUrl === undefined) throw new Error('QINGLIU_TEST_ONLY=postgres needs DATABASE_URL')

export const testDatabases: readonly TestDatabase[] = [
  ...(onlyPostgres ? [] : [{ name: 'embedded' as const, open: openEmbedded }]),
  ...(postgresUrl === undefined ? [] : [{ name: 'postgres' as const, open: openPostgres }]),
]

const printer = pdfPrinter(undefined)

/** Services acting on a given day over an open database. */
export function servicesOn(connection: Connection, today: string): Services {
  return { ...connection, clock: clockActingOn(civilDate(today)), printer }
}

/** Runs the same tests on the embedded database and, where DATABASE_URL is set, on PostgreSQL. */
export function onEveryDatabase(title: string, tests: (connection: () => Connection & { url?: string }) => void): void {
  for (const database of testDatabases) {
    describe(`${title} (${database.name})`, () => {
      let connection: (Connection & { url?: string }) | undefined
      beforeAll(async () => {
        connection = await database.open()
      })
      afterAll(async () => connection?.close())
      tests(() => {
        if (connection === undefined) throw new Error('the database is not open yet')
        return connection
      })
    })
  }
}
