import { parseCreditCode } from '../kernel/credit-code.ts'
import type { OrganisationId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { findCollector } from './account.queries.ts'
import { creditCodeRefusal, tidyCreditCode } from './discharger.rules.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { formRefusal } from './entry.rules.ts'

export interface CollectorEntry {
  readonly code: string
  readonly name: string
  readonly creditCode?: string
  /** The organisation whose staff act for it. */
  readonly organisationCode?: string
}

/** Adds a collector (代征单位, art. 13). Refuses a taken code, a wrong credit code and an unknown organisation. */
export async function addCollector(
  services: Services,
  envelope: Envelope,
  entry: CollectorEntry,
): Promise<CommandAnswer<{ code: string; name: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.add-collector', zh: '增加代征单位' },
    { ...entry },
    async ({ trx, commandId }) => {
      const { code } = entry
      const name = entry.name.trim()
      const malformed = formRefusal({ collectorCode: code, name })
      if (malformed !== undefined) return malformed
      const creditCode = tidyCreditCode(entry.creditCode ?? '')
      const wrong = creditCode === '' ? undefined : creditCodeRefusal(creditCode)
      if (isRefusal(wrong)) return wrong
      const known = await findCollector(trx, code)
      if (known !== undefined) return refuse('code_taken', { code, name: known.name })
      let organisationId: OrganisationId | null = null
      if (entry.organisationCode !== undefined) {
        const organisation = await trx
          .selectFrom('organisations')
          .select('id')
          .where('code', '=', entry.organisationCode)
          .executeTakeFirst()
        if (organisation === undefined)
          return refuse('collector_organisation_unknown', { code: entry.organisationCode })
        organisationId = organisation.id
      }
      await tables(trx)
        .insertInto('collectors')
        .values({
          code,
          name,
          credit_code: parseCreditCode(creditCode) ?? null,
          organisation_id: organisationId,
          command_id: commandId,
        })
        .execute()
      return { code, name }
    },
  )
}
