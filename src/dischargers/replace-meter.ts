import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { dayRefusal } from './account.rules.ts'
import { type AccountChoice, changeAccount } from './account-command.ts'
import { formRefusal } from './entry.rules.ts'
import type { Guards } from './guards.ts'
import { hangMeter, judgeMeter, type MeterEntry } from './install-meter.ts'
import { insertShares } from './meter.store.ts'
import { hangingMeter, judgeFinalReading } from './remove-meter.ts'

export interface MeterReplacement extends AccountChoice {
  readonly on: CivilDate
  readonly reason: string
  readonly old: { readonly meterNo: string; readonly finalReading: string }
  /** The new meter takes over the old one's purpose and master. */
  readonly fresh: {
    readonly meterNo: string
    readonly sizeMm?: number
    readonly digits: number
    readonly multiplier: string
    readonly initialReading: string
    readonly runsBackwards: boolean
  }
}

/**
 * Replaces a meter: the old one comes down with its final reading and the new one, which names it, hangs from that day on
 * with the same purpose, the same master and the same shares. Refuses what removing or installing would refuse.
 */
export async function replaceMeter(
  services: Services,
  envelope: Envelope,
  replacement: MeterReplacement,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; removed: string; installed: string; on: CivilDate }> | Refusal> {
  const command = { name: 'dischargers.replace-meter', zh: '换表' } as const
  const guards = options.guards ?? {}
  const input = { ...replacement, old: { ...replacement.old }, fresh: { ...replacement.fresh } }
  return changeAccount(services, envelope, command, input, guards, async (change) => {
    const { context, life, changes } = change
    const { trx, commandId } = context
    const { on } = replacement
    const reason = replacement.reason.trim()
    const untimely = formRefusal({ reason }) ?? dayRefusal(life, on, change.billedThrough)
    if (untimely !== undefined) return untimely
    const hanging = await hangingMeter(context, life, { meterNo: replacement.old.meterNo, on }, guards)
    if (isRefusal(hanging)) return hanging
    const { installation, shares } = hanging
    const finalReading = await judgeFinalReading(trx, installation, on, replacement.old.finalReading, guards)
    if (isRefusal(finalReading)) return finalReading
    const entry: MeterEntry = { ...replacement.fresh, purpose: installation.purpose }
    const meter = await judgeMeter(trx, life, entry, on, installation.id)
    if (isRefusal(meter)) return meter
    const goingOn = shares.filter(({ until }) => until === null)
    changes.remove(installation, shares, on, finalReading, reason)
    await changes.write(trx, commandId)
    const { masterInstallationId } = installation
    const installationId = await hangMeter(
      trx,
      commandId,
      life,
      { ...meter, masterInstallationId },
      { on, replaces: installation.id },
    )
    await insertShares(
      trx,
      commandId,
      goingOn.map(({ shareNo, accountId, ratio, unitM3, agreement }) => {
        return { installationId, shareNo, accountId, ratio, unitM3, agreement, from: on, until: null }
      }),
    )
    return { accountNo: life.accountNo, removed: installation.meterNo, installed: meter.meterNo, on }
  })
}
