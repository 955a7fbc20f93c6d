import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, InstallationId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/**
 * Asks the later stages for the last day of each account whose use is billed; accounts without a bill are left out.
 * A change may not lie on or before it (decision 19). The stages that know are handed in where commands are composed.
 */
export type LastBilledUse = (db: Db | Trx, accountIds: readonly AccountId[]) => Promise<Map<AccountId, CivilDate>>

/**
 * Asks the later stages what a meter really showed last, up to and with a day, in its own units as decimal text;
 * `undefined` where nobody has read it, and for what was estimated.
 */
export type LastActualReading = (
  db: Db | Trx,
  installationId: InstallationId,
  on: CivilDate,
) => Promise<string | undefined>

export interface Guards {
  readonly lastBilledUse?: LastBilledUse
  readonly lastActualReading?: LastActualReading
}
