import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { digestedTables, tableCoverage } from '../../src/evidence/fact-tables.ts'
import { onEveryDatabase } from '../support/databases.ts'

onEveryDatabase('the tables of the schema', (connection) => {
  const tables = async () =>
    (
      await sql<{ name: string; triggers: string[] }>`
        select c.relname as name, array(select g.tgname::text from pg_trigger g where g.tgrelid = c.oid and g.tgenabled = 'O') as triggers
        from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`.execute(
        connection().db,
      )
    ).rows

  it('are each listed with what finds tampering with them (src/evidence/fact-tables.ts)', async () => {
    const names = (await tables()).map(({ name }) => name)
    expect(names.filter((name) => !Object.hasOwn(tableCoverage, name))).toEqual([])
    expect(Object.keys(tableCoverage).filter((name) => !names.includes(name))).toEqual([])
  })

  it('are digested row by row where the list says so, and nowhere else', async () => {
    const watched = (await tables()).filter(({ triggers }) =>
      ['rows_are_digested', 'changes_are_digested'].every((name) => triggers.includes(name)),
    )
    expect(watched.map(({ name }) => name)).toEqual([...digestedTables].sort())
    expect(watched.length).toBeGreaterThanOrEqual(60)
  })
})

describe('the list of fact tables', () => {
  it('says of every table that is not digested how else, or why nothing is lost', () => {
    const others = Object.values(tableCoverage).filter((coverage) => coverage !== 'rows')
    expect(others.length).toBeGreaterThan(5)
    for (const coverage of others) expect(coverage).toMatchObject({ why: expect.stringMatching(/[a-z]{2,} [a-z]{2,}/) })
  })
})
