import { migrate } from '../../db/migrate.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'

/** One process of several that migrate the same database at once; prints the names of what it applied itself. */
const connection = connectPostgres(process.env['DATABASE_URL'] ?? '', 1)
process.stdout.write(JSON.stringify(await migrate(connection.db)))
await connection.close()
