import type { CivilDate } from '../kernel/calendar.ts'
import { Exact, plainText } from '../kernel/decimal.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, CommandContext, Envelope, Services } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { readSettings } from '../platform/settings.ts'
import { dayRefusal } from './account.rules.ts'
import { sharesOfInstallations } from './account.store.ts'
import { type AccountChoice, billedThrough, changeAccount } from './account-command.ts'
import type { AccountLife, LifeInstallation, LifeShare } from './account-life.ts'
import { refuse } from './dischargers.refusals.ts'
import { formRefusal } from './entry.rules.ts'
import type { Guards } from './guards.ts'
import { canHaveReached, finalReadingOf } from './meter.rules.ts'

export interface MeterRemoval extends AccountChoice {
  readonly meterNo: string
  /** First day without the meter. */
  readonly on: CivilDate
  readonly finalReading: string
  readonly reason: string
}

/**
 * Takes a meter down with its final reading; shares of its water end with it. On the day it was hung, that takes a
 * mistaken installation back. Refuses a meter that does not hang there, a reading its counter
 * cannot show or reach, and a day that
 * is billed, for any account that has a share.
 */
export async function removeMeter(
  services: Services,
  envelope: Envelope,
  removal: MeterRemoval,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; meterNo: string; on: CivilDate; finalReading: string }> | Refusal> {
  const command = { name: 'dischargers.remove-meter', zh: '拆表' } as const
  const guards = options.guards ?? {}
  return changeAccount(services, envelope, command, { ...removal }, guards, async (change) => {
    const { context, life, changes } = change
    const { on } = removal
    const reason = removal.reason.trim()
    const untimely = formRefusal({ reason }) ?? dayRefusal(life, on, change.billedThrough)
    if (untimely !== undefined) return untimely
    const hanging = await hangingMeter(context, life, removal, guards)
    if (isRefusal(hanging)) return hanging
    const { installation, shares } = hanging
    const finalReading = await judgeFinalReading(context.trx, installation, on, removal.finalReading, guards)
    if (isRefusal(finalReading)) return finalReading
    changes.remove(installation, shares, on, finalReading, reason)
    return { accountNo: life.accountNo, meterNo: installation.meterNo, on, finalReading }
  })
}

/** The meter that hangs at the account, with all shares of its water. Refused where a sharer's use is billed. */
export async function hangingMeter(
  context: CommandContext,
  life: AccountLife,
  wanted: { readonly meterNo: string; readonly on: CivilDate },
  guards: Guards,
): Promise<{ installation: LifeInstallation; shares: LifeShare[] } | Refusal> {
  const { meterNo, on } = wanted
  const installation = life.installations.find((each) => each.meterNo === meterNo && each.until === null)
  if (installation === undefined) return refuse('meter_unknown', { on, meterNo })
  const shares = await sharesOfInstallations(context.trx, [installation.id])
  const sharing = shares.filter(({ until }) => until === null)
  const billed = await billedThrough(
    context.trx,
    guards,
    sharing.map(({ accountId }) => accountId),
  )
  for (const { accountNo, accountId, from } of sharing) {
    if (on < from) return refuse('shares_before_former', { meterNo, from: on, formerFrom: from })
    const refusal = dayRefusal({ accountNo, openedOn: from, closedOn: null }, on, billed.get(accountId))
    if (refusal !== undefined) return refusal
  }
  return { installation, shares }
}

/**
 * What a meter shows when it is taken down, as plain text. Refuses what `finalReadingOf` refuses, and what the counter
 * cannot have reached from its last real reading, or from the reading it was hung with: a fact that could not be undone.
 */
export async function judgeFinalReading(
  trx: Trx,
  installation: LifeInstallation,
  on: CivilDate,
  reading: string,
  guards: Guards,
): Promise<string | Refusal> {
  const value = finalReadingOf(installation, on, reading)
  if (isRefusal(value)) return value
  const before = (await guards.lastActualReading?.(trx, installation.id, on)) ?? installation.initialReading
  const topShare = (await readSettings(trx))['readings.rollover_top_share']
  if (canHaveReached(installation, before, value, topShare)) return value
  const { meterNo } = installation
  return refuse('final_reading_not_reached', { meterNo, value, before: plainText(new Exact(before)) })
}
