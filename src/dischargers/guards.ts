import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/**
 * Asks the later stages for the last day of each account whose use is billed; accounts without a bill are left out.
 * A change may not lie on or before it (decision 19). The stages that know are handed in where commands are composed.
 */
export type LastBilledUse = (db: Db | Trx, accountIds: readonly AccountId[]) => Promise<Map<AccountId, CivilDate>>

export interface Guards {
  readonly lastBilledUse?: LastBilledUse
}
