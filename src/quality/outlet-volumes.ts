import type { Outlet } from '../dischargers/outlet.queries.ts'
import type { FeeMonth } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { VolumeOfMonth } from './total.ts'

/** Asked of the stage that knows what accounts used: what went through outlets in months. */
export type OutletVolumes = (
  db: Db | Trx,
  outlets: readonly Outlet[],
  months: readonly FeeMonth[],
) => Promise<(outletId: string, month: FeeMonth) => VolumeOfMonth>
