import type { Refusal } from '../kernel/refusal.ts'
import type { Connection } from './database.ts'

/** PostgreSQL where a URL is given, else the embedded database in a folder. Only the driver that is wanted is loaded. */
export async function connect(target: {
  databaseUrl?: string | undefined
  folder: string
}): Promise<Connection | Refusal> {
  if (target.databaseUrl) return (await import('./connect-postgres.ts')).connectPostgres(target.databaseUrl)
  return (await import('./connect-embedded.ts')).connectEmbedded(target.folder)
}
