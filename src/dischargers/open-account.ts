import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { findCollector, findDischarger } from './account.queries.ts'
import { agreementRefusal } from './account.rules.ts'
import { allocateIds, insertAccounts, loadLives } from './account.store.ts'
import type { Supply } from './account.ts'
import { agreementValidities, findGroupAndCategory, lockCollector, lockDischarger } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { formRefusal } from './entry.rules.ts'

export interface AccountEntry {
  readonly collectorCode: string
  /** 户号: the supplier's number, kept as text with its leading zeros. */
  readonly accountNo: string
  readonly dischargerCode: string
  readonly supply: Supply
  /** Code or Chinese name. */
  readonly payerGroup: string
  /** Code or Chinese name. */
  readonly category: string
  readonly address?: string
  readonly openedOn: CivilDate
}

/**
 * Opens a supply account (开户) with its first holder, group and category. Refuses an account of a production enterprise
 * without a connection agreement in force on that day (art. 2), and a number the collector has already.
 */
export async function openAccount(
  services: Services,
  envelope: Envelope,
  entry: AccountEntry,
): Promise<CommandAnswer<{ accountNo: string; collector: string; holder: string; openedOn: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.open-account', zh: '开户' },
    { ...entry },
    async ({ trx, commandId }) => {
      const { accountNo, openedOn, supply } = entry
      const malformed = formRefusal({ accountNo })
      if (malformed !== undefined) return malformed
      const collector = await findCollector(trx, entry.collectorCode)
      if (collector === undefined) return refuse('collector_unknown', { code: entry.collectorCode })
      const { collectorId } = collector
      const discharger = await findDischarger(trx, entry.dischargerCode)
      if (isRefusal(discharger)) return discharger
      const { dischargerId, name } = discharger
      const terms = await findGroupAndCategory(trx, entry.payerGroup, entry.category)
      if (isRefusal(terms)) return terms
      await lockCollector(trx, collectorId)
      await lockDischarger(trx, dischargerId)
      const taken = await tables(trx)
        .selectFrom('accounts')
        .select('id')
        .where('collector_id', '=', collectorId)
        .where('account_no', '=', accountNo)
        .executeTakeFirst()
      if (taken !== undefined) {
        const life = present((await loadLives(trx, [taken.id])).get(taken.id), 'the account was found a moment ago')
        const holder = life.holders.at(-1)?.dischargerName ?? ''
        return life.closedOn === null
          ? refuse('account_taken', { accountNo, openedOn: life.openedOn, holder })
          : refuse('account_closed', { accountNo, closedOn: life.closedOn, on: openedOn })
      }
      const agreements = (await agreementValidities(trx, [dischargerId])).get(dischargerId) ?? []
      const lacking = agreementRefusal(terms, { name, agreements }, openedOn)
      if (lacking !== undefined) return lacking
      const [accountId] = await allocateIds(trx, 'accounts', 1)
      const { payerGroup, categoryCode } = terms
      const address = entry.address?.trim() ?? ''
      await insertAccounts(trx, commandId, collectorId, [
        {
          accountId: accountId as AccountId,
          accountNo,
          supply,
          address,
          openedOn,
          dischargerId,
          payerGroup,
          categoryCode,
        },
      ])
      return { accountNo, collector: collector.code, holder: name, openedOn }
    },
  )
}
