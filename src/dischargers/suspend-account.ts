import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { suspensionRefusal } from './account.rules.ts'
import { type AccountChoice, changeAccount } from './account-command.ts'
import { formRefusal } from './entry.rules.ts'
import type { Guards } from './guards.ts'

export interface AccountSuspension extends AccountChoice {
  readonly from: CivilDate
  /** First day of use again, where it is known. */
  readonly until?: CivilDate
  readonly reason: string
}

/**
 * Suspends an account (报停): nothing is used from that day on. Refuses an account that is suspended, and a day before
 * another suspension or that is billed.
 */
export async function suspendAccount(
  services: Services,
  envelope: Envelope,
  suspension: AccountSuspension,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; from: CivilDate; until: CivilDate | null }> | Refusal> {
  const command = { name: 'dischargers.suspend-account', zh: '报停' } as const
  return changeAccount(services, envelope, command, { ...suspension }, options.guards ?? {}, async (change) => {
    const { life, billedThrough, changes } = change
    const reason = suspension.reason.trim()
    const { from } = suspension
    const until = suspension.until ?? null
    const refusal = formRefusal({ reason }) ?? suspensionRefusal(life, { from, until }, billedThrough)
    if (refusal !== undefined) return refusal
    changes.suspend(life, from, until, reason)
    return { accountNo: life.accountNo, from, until }
  })
}
