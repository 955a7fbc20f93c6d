import type { Refusal } from '../kernel/refusal.ts'
import type { Connection } from './database.ts'
import { refusePlatform } from './platform.refusals.ts'
import { isProduction } from './production.ts'

/**
 * The database of an entry on Node: PostgreSQL where DATABASE_URL is set, else the embedded one in a folder. Refuses the
 * embedded one in production, a folder another process is in, and what cannot be opened.
 */
export async function openDatabase(folder: string): Promise<Connection | Refusal> {
  const databaseUrl = process.env['DATABASE_URL']
  if (isProduction() && !databaseUrl) return refusePlatform('production_needs_postgres')
  try {
    const { connect } = await import('./connect.ts')
    return await connect({ databaseUrl, folder })
  } catch (error) {
    return refusePlatform('database_unreachable', { cause: error instanceof Error ? error.message : String(error) })
  }
}
