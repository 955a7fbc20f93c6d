import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { closingRefusal } from './account.rules.ts'
import { type AccountChoice, changeAccount } from './account-command.ts'
import { formRefusal } from './entry.rules.ts'
import type { Guards } from './guards.ts'
import { hangingMeter, judgeFinalReading } from './remove-meter.ts'

export interface AccountClosing extends AccountChoice {
  /** First day without the account. */
  readonly on: CivilDate
  readonly reason: string
  /** What each meter that still hangs shows: it is taken down with the account. */
  readonly finalReadings: readonly { readonly meterNo: string; readonly reading: string }[]
}

/**
 * Closes an account (销户) for good, taking down its meters with their final readings. Refuses while a meter lacks its
 * final reading, while the account shares a meter of another, before anything recorded for a later day, and on a day that
 * is billed. Closing on the day of opening takes a mistaken opening back.
 */
export async function closeAccount(
  services: Services,
  envelope: Envelope,
  closing: AccountClosing,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; closedOn: CivilDate; metersRemoved: string[] }> | Refusal> {
  const command = { name: 'dischargers.close-account', zh: '销户' } as const
  const guards = options.guards ?? {}
  return changeAccount(services, envelope, command, { ...closing }, guards, async (change) => {
    const { context, life, billedThrough, changes } = change
    const { on } = closing
    const reason = closing.reason.trim()
    const named = new Set(closing.finalReadings.map(({ meterNo }) => meterNo))
    const refusal = formRefusal({ reason }) ?? closingRefusal(life, on, named, billedThrough)
    if (refusal !== undefined) return refusal
    const removals = []
    for (const { meterNo, reading } of closing.finalReadings) {
      const hanging = await hangingMeter(context, life, { meterNo, on }, guards)
      if (isRefusal(hanging)) return hanging
      const finalReading = await judgeFinalReading(context.trx, hanging.installation, on, reading, guards)
      if (isRefusal(finalReading)) return finalReading
      removals.push({ installation: hanging.installation, shares: hanging.shares, finalReading })
    }
    for (const { installation, shares, finalReading } of removals) {
      changes.remove(installation, shares, on, finalReading, reason)
    }
    changes.close(life, on, reason)
    return { accountNo: life.accountNo, closedOn: on, metersRemoved: [...named] }
  })
}
