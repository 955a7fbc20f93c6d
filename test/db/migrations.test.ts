import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { migrate, schemaGap } from '../../db/migrate.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { onEveryDatabase, postgresUrl } from '../support/databases.ts'

const files = readdirSync(new URL('../../db/migrations/', import.meta.url)).sort()
const names = files.map((file) => file.replace(/\.sql$/, ''))

describe('migrations', () => {
  it('are numbered without a gap and named by what they lay', () => {
    expect(files.length).toBeGreaterThanOrEqual(8)
    files.forEach((file, index) => {
      expect(file).toMatch(/^\d{4}-[a-z]+(-[a-z]+)*\.sql$/)
      expect(Number(file.slice(0, 4))).toBe(index + 1)
    })
  })
})

onEveryDatabase('migrations', (connection) => {
  it('run twice harmlessly', async () => {
    expect(await schemaGap(connection().db)).toEqual({ lacking: [], unknown: [] })
    expect(await migrate(connection().db)).toEqual([])
    expect(await schemaGap(connection().db)).toEqual({ lacking: [], unknown: [] })
  })

  it('a database that is behind or ahead is told apart', async () => {
    const undone = new Error('undone')
    const attempt = connection()
      .db.transaction()
      .execute(async (trx) => {
        await sql`delete from kysely_migration where name = ${names[1]}`.execute(trx)
        await sql`insert into kysely_migration (name, timestamp) values ('9999-of-the-future', '')`.execute(trx)
        expect(await schemaGap(trx)).toEqual({ lacking: [names[1]], unknown: ['9999-of-the-future'] })
        throw undone
      })
    await expect(attempt).rejects.toBe(undone)
  })
})

// Only a server can be reached by several processes at once; the embedded database refuses the second one.
if (postgresUrl !== undefined) {
  describe('migrations (postgres)', () => {
    it('three processes at once: all succeed, one does the work', async () => {
      const admin = connectPostgres(postgresUrl ?? '', 1)
      const database = `qingliu_test_${randomUUID().replaceAll('-', '')}`
      await sql`create database ${sql.id(database)}`.execute(admin.db)
      try {
        const url = new URL(postgresUrl ?? '')
        url.pathname = `/${database}`
        const script = fileURLToPath(new URL('./migrate-once.ts', import.meta.url))
        const start = () =>
          promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
            env: { ...process.env, DATABASE_URL: url.toString() },
          })
        const answers = await Promise.all([start(), start(), start()])
        const applied = answers.map(({ stdout }) => JSON.parse(stdout) as string[])
        expect(applied.filter((one) => one.length > 0)).toEqual([names])
      } finally {
        await sql`drop database if exists ${sql.id(database)} with (force)`.execute(admin.db)
        await admin.close()
      }
    })
  })
}
