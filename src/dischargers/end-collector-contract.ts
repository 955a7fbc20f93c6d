import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services, sqlState } from '../platform/command.ts'
import { endRefusal } from './discharger.rules.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'

/**
 * Ends a collector's contract: `until` is the first day without it. Refuses an unknown one, one that has ended, and a day
 * before the end of a period whose statement was drawn under it.
 */
export async function endCollectorContract(
  services: Services,
  envelope: Envelope,
  end: { readonly contractNo: string; readonly until: CivilDate },
): Promise<CommandAnswer<{ contractNo: string; until: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.end-collector-contract', zh: '终止代征合同' },
    { ...end },
    async ({ trx }) => {
      const { contractNo, until } = end
      const contract = await tables(trx)
        .selectFrom('collector_contracts')
        .select(['id', 'valid_from as from', 'valid_until as until'])
        .where('contract_no', '=', contractNo)
        .forUpdate()
        .executeTakeFirst()
      if (contract === undefined) return refuse('contract_unknown', { contractNo })
      const refusal = endRefusal(`代征合同 contract ${contractNo}`, contract, until)
      if (refusal !== undefined) return refusal
      try {
        await tables(trx)
          .updateTable('collector_contracts')
          .set({ valid_until: until })
          .where('id', '=', contract.id)
          .execute()
      } catch (error) {
        // Statements are of a later stage: the database knows them.
        if (sqlState(error) !== 'QL042') throw error
        return refuse('contract_has_statements', {
          contractNo,
          until,
          day: (error as { detail?: string }).detail ?? '',
        })
      }
      return { contractNo, until }
    },
  )
}
