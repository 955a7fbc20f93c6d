import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { findDischarger } from './account.queries.ts'
import { outletRefusal } from './discharger.rules.ts'
import { insertOutlets, lockDischarger, outletsOf } from './discharger.store.ts'
import { formRefusal } from './entry.rules.ts'

export interface OutletEntry {
  readonly dischargerCode: string
  readonly outletNo: string
  readonly place?: string
  readonly hasSamplingWell: boolean
  readonly hasOnlineMeter: boolean
  /** Why the discharger has more than one (art. 7). */
  readonly exceptionReason?: string
  readonly from: CivilDate
}

/**
 * Registers an outlet (排污口, art. 7). Refuses a second one at the same time without the reason of the exception, and a
 * number the discharger has in use.
 */
export async function addOutlet(
  services: Services,
  envelope: Envelope,
  entry: OutletEntry,
): Promise<CommandAnswer<{ discharger: string; outletNo: string; from: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.add-outlet', zh: '登记排污口' },
    { ...entry },
    async ({ trx, commandId }) => {
      const outletNo = entry.outletNo.trim()
      const malformed = formRefusal({ outletNo })
      if (malformed !== undefined) return malformed
      const discharger = await findDischarger(trx, entry.dischargerCode)
      if (isRefusal(discharger)) return discharger
      const { dischargerId, code } = discharger
      await lockDischarger(trx, dischargerId)
      const { from, hasSamplingWell, hasOnlineMeter } = entry
      const exceptionReason = entry.exceptionReason?.trim() ?? ''
      const outlet = { outletNo, dischargerCode: code, exceptionReason, validity: { from, until: null } }
      const refusal = outletRefusal(outlet, await outletsOf(trx, [dischargerId]))
      if (refusal !== undefined) return refusal
      const place = entry.place?.trim() ?? ''
      await insertOutlets(trx, commandId, [
        { dischargerId, outletNo, place, hasSamplingWell, hasOnlineMeter, exceptionReason, from, until: null },
      ])
      return { discharger: code, outletNo, from }
    },
  )
}
