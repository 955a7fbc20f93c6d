import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { findDischarger } from './account.queries.ts'
import { endRefusal } from './discharger.rules.ts'
import { lockDischarger, outletsOf } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'

/** Ends an outlet: `until` is the first day without it. Refuses an unknown one and one that has ended. */
export async function endOutlet(
  services: Services,
  envelope: Envelope,
  end: { readonly dischargerCode: string; readonly outletNo: string; readonly until: CivilDate },
): Promise<CommandAnswer<{ discharger: string; outletNo: string; until: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.end-outlet', zh: '终止排污口' },
    { ...end },
    async ({ trx }) => {
      const { outletNo, until } = end
      const discharger = await findDischarger(trx, end.dischargerCode)
      if (isRefusal(discharger)) return discharger
      await lockDischarger(trx, discharger.dischargerId)
      const outlets = (await outletsOf(trx, [discharger.dischargerId])).filter((each) => each.outletNo === outletNo)
      const outlet = outlets.find(({ validity }) => validity.until === null) ?? outlets.at(-1)
      if (outlet === undefined) return refuse('outlet_unknown', { code: discharger.code, outletNo })
      const refusal = endRefusal(`排污口 outlet ${outletNo}`, outlet.validity, until)
      if (refusal !== undefined) return refusal
      await tables(trx).updateTable('outlets').set({ valid_until: until }).where('id', '=', outlet.id).execute()
      return { discharger: discharger.code, outletNo, until }
    },
  )
}
