import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { findDischarger } from './account.queries.ts'
import { transferRefusal } from './account.rules.ts'
import { type AccountChoice, changeAccount } from './account-command.ts'
import { agreementValidities, lockDischarger } from './discharger.store.ts'
import type { Guards } from './guards.ts'
import { listPayerGroups } from './price-category.queries.ts'

export interface AccountTransfer extends AccountChoice {
  readonly toDischargerCode: string
  /** First day the new holder owes for. */
  readonly on: CivilDate
}

/**
 * Hands an account over (过户): from that day on the new holder owes, and the month is split by days. Refuses the present
 * holder, a production enterprise without an agreement in force (art. 2), and a day that is out of order or billed.
 */
export async function transferAccount(
  services: Services,
  envelope: Envelope,
  transfer: AccountTransfer,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; from: string; to: string; on: CivilDate }> | Refusal> {
  const command = { name: 'dischargers.transfer-account', zh: '过户' } as const
  return changeAccount(services, envelope, command, { ...transfer }, options.guards ?? {}, async (change) => {
    const { context, life, billedThrough, changes } = change
    const { on } = transfer
    const to = await findDischarger(context.trx, transfer.toDischargerCode)
    if (isRefusal(to)) return to
    await lockDischarger(context.trx, to.dischargerId)
    const agreements = (await agreementValidities(context.trx, [to.dischargerId])).get(to.dischargerId) ?? []
    const groups = new Map((await listPayerGroups(context.trx)).map(({ code, nameZh }) => [code, nameZh]))
    const candidate = { dischargerId: to.dischargerId, name: to.name, agreements }
    const refusal = transferRefusal(life, candidate, on, billedThrough, (code) => groups.get(code) ?? code)
    if (refusal !== undefined) return refusal
    const from = life.holders.at(-1)?.dischargerName ?? ''
    changes.transfer(life, { dischargerId: to.dischargerId, dischargerCode: to.code, dischargerName: to.name }, on)
    return { accountNo: life.accountNo, from, to: to.name, on }
  })
}
