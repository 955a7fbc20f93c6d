import type { CivilDate } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { categoryRefusal } from './account.rules.ts'
import { type AccountChoice, changeAccount } from './account-command.ts'
import { openFact } from './account-life.ts'
import { agreementValidities, findGroupAndCategory } from './discharger.store.ts'
import { formRefusal } from './entry.rules.ts'
import type { Guards } from './guards.ts'

export interface CategoryChange extends AccountChoice {
  /** Code or Chinese name; without it the account stays in the group it has then. */
  readonly payerGroup?: string
  readonly category: string
  readonly on: CivilDate
  /** What shows that the use changed: an inspection, a licence. */
  readonly evidence: string
}

/**
 * Puts an account into another group or price category from a day on; the month is split there like a rate change.
 * Refuses what is so already, a group that needs an agreement its holder lacks (art. 2), and a day out of order or billed.
 */
export async function changeAccountCategory(
  services: Services,
  envelope: Envelope,
  entry: CategoryChange,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; payerGroup: string; category: string; on: CivilDate }> | Refusal> {
  const command = { name: 'dischargers.change-account-category', zh: '变更用户类别' } as const
  return changeAccount(services, envelope, command, { ...entry }, options.guards ?? {}, async (change) => {
    const { context, life, billedThrough, changes } = change
    const evidence = entry.evidence.trim()
    const malformed = formRefusal({ document: evidence })
    if (malformed !== undefined) return malformed
    const staysIn = openFact(life.categories)?.payerGroup ?? ''
    const to = await findGroupAndCategory(context.trx, entry.payerGroup ?? staysIn, entry.category)
    if (isRefusal(to)) return to
    const holderIds = life.holders.map(({ dischargerId }) => dischargerId)
    const agreements = await agreementValidities(context.trx, holderIds)
    const refusal = categoryRefusal(life, to, entry.on, billedThrough, (dischargerId) => {
      const holder = present(
        life.holders.find((each) => each.dischargerId === dischargerId),
        'a holder of this account',
      )
      return { name: holder.dischargerName, agreements: agreements.get(dischargerId) ?? [] }
    })
    if (refusal !== undefined) return refusal
    const { payerGroup, categoryCode, needsAgreement } = to
    changes.changeCategory(life, { payerGroup, categoryCode, needsAgreement, evidence }, entry.on)
    return { accountNo: life.accountNo, payerGroup, category: categoryCode, on: entry.on }
  })
}
