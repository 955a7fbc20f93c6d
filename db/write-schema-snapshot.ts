import { writeFileSync } from 'node:fs'
import { connectInMemory } from '../src/platform/connect-embedded.ts'
import { migrate } from './migrate.ts'
import { schemaSnapshot, snapshotFile } from './schema-snapshot.ts'

const connection = await connectInMemory()
await migrate(connection.db)
writeFileSync(snapshotFile, await schemaSnapshot(connection.db))
await connection.close()
