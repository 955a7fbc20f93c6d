import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { endRefusal } from './discharger.rules.ts'
import { findAgreements, lockDischarger } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'

/**
 * Ends an agreement: `until` is the first day without it. What is discharged from then on without another is found by
 * the bill run and held, never exempt. Refuses an unknown agreement, one that has ended, and an end before its beginning.
 */
export async function endAgreement(
  services: Services,
  envelope: Envelope,
  end: { readonly agreementNo: string; readonly until: CivilDate },
): Promise<CommandAnswer<{ agreementNo: string; until: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.end-agreement', zh: '终止纳管协议' },
    { ...end },
    async ({ trx }) => {
      const { agreementNo, until } = end
      const [found] = await findAgreements(trx, { agreementNos: [agreementNo] })
      if (found === undefined) return refuse('agreement_unknown', { agreementNo })
      await lockDischarger(trx, found.dischargerId)
      const [agreement = found] = await findAgreements(trx, { agreementNos: [agreementNo] })
      const refusal = endRefusal(`协议 agreement ${agreementNo}`, agreement.validity, until)
      if (refusal !== undefined) return refusal
      await tables(trx)
        .updateTable('connection_agreements')
        .set({ valid_until: until })
        .where('id', '=', agreement.id)
        .execute()
      return { agreementNo, until }
    },
  )
}
