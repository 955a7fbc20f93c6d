import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { schemaSnapshot, snapshotFile } from '../../db/schema-snapshot.ts'
import { onEveryDatabase } from '../support/databases.ts'

onEveryDatabase('schema', (connection) => {
  it('is what db/schema.snapshot.sql says; after a migration changed, run npm run schema:snapshot', async () => {
    expect(await schemaSnapshot(connection().db)).toBe(readFileSync(snapshotFile, 'utf8'))
  })
})
