import type { Kysely, Transaction } from 'kysely'
import type { PlatformTables } from './platform.tables.ts'

/** A connection that may read. A stage adds its own table types with `withTables`; neighbours' tables stay private. */
export type Db = Kysely<PlatformTables>
/** Inside one transaction: what the command door hands to a command, and what every writing store function takes. */
export type Trx = Transaction<PlatformTables>

/** An open database of either kind, and how to close it. */
export interface Connection {
  readonly db: Db
  /** The same for reading: what is asked for at once goes over one connection. Absent where there is but one. */
  readonly gathered?: Db
  readonly engine: 'embedded' | 'postgres'
  close(): Promise<void>
}
