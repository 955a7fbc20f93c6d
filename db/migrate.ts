import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from 'kysely'

const folder = fileURLToPath(new URL('./migrations/', import.meta.url))

/** Migrations are SQL text in `migrations/`, forward only, each in one transaction, named in order. */
export class SqlFiles implements MigrationProvider {
  async getMigrations(): Promise<Record<string, Migration>> {
    const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
    return Object.fromEntries(
      names.map((name) => [
        name.replace(/\.sql$/, ''),
        {
          up: async (db: Kysely<unknown>) => {
            // Rows that a migration brings along are known by its name (src/evidence/README.md).
            await sql`select set_config('qingliu.origin', ${name.replace(/\.sql$/, '')}, true)`.execute(db)
            await sql.raw(readFileSync(folder + name, 'utf8')).execute(db)
          },
        },
      ]),
    )
  }
}

function migrator(db: Kysely<never> | Kysely<unknown>): Migrator {
  return new Migrator({ db: db as Kysely<unknown>, provider: new SqlFiles() })
}

/** Brings the schema up to date and answers the names that were applied now. Several processes may try at once. */
export async function migrate(db: unknown): Promise<string[]> {
  const { results, error } = await migrator(db as Kysely<unknown>).migrateToLatest()
  if (error !== undefined) throw error
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}

/** What the schema lacks against this program, and what it holds that this program does not know. */
export async function schemaGap(db: unknown): Promise<{ lacking: string[]; unknown: string[] }> {
  const files = Object.keys(await new SqlFiles().getMigrations())
  const { rows } = await sql<{
    present: boolean
  }>`select to_regclass('kysely_migration') is not null as present`.execute(db as Kysely<unknown>)
  if (!rows[0]?.present) return { lacking: files, unknown: [] }
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(db as Kysely<unknown>)
  const names = new Set(applied.rows.map((row) => row.name))
  return {
    lacking: files.filter((name) => !names.has(name)),
    unknown: [...names].filter((name) => !files.includes(name)),
  }
}
