import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { PayerGroup } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { formRefusal } from './entry.rules.ts'
import { listPayerGroups } from './price-category.queries.ts'

/**
 * Adds a group of payers beside those of art. 9, naming the clause it rests on and whether its accounts need a connection
 * agreement (art. 2). Refuses a code or a name that is taken.
 */
export async function addPayerGroup(
  services: Services,
  envelope: Envelope,
  entry: PayerGroup,
): Promise<CommandAnswer<{ code: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.add-payer-group', zh: '增加用户群体' },
    { ...entry },
    async ({ trx, commandId }) => {
      const { code, needsAgreement } = entry
      const nameZh = entry.nameZh.trim()
      const nameEn = entry.nameEn.trim()
      const clause = entry.clause.trim()
      const malformed = formRefusal({ groupCode: code, name: nameZh, clause }) ?? formRefusal({ name: nameEn })
      if (malformed !== undefined) return malformed
      const taken = (await listPayerGroups(trx)).find((known) =>
        [known.code, known.nameZh].some((word) => word === code || word === nameZh),
      )
      if (taken !== undefined) return refuse('code_taken', { code: taken.code, name: taken.nameZh })
      await tables(trx)
        .insertInto('payer_groups')
        .values({
          code,
          name_zh: nameZh,
          name_en: nameEn,
          clause,
          needs_agreement: needsAgreement,
          command_id: commandId,
        })
        .execute()
      return { code }
    },
  )
}
