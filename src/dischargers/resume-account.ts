import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { resumptionRefusal } from './account.rules.ts'
import { type AccountChoice, changeAccount } from './account-command.ts'
import type { Guards } from './guards.ts'

export interface AccountResumption extends AccountChoice {
  /** First day of use again. */
  readonly on: CivilDate
}

/** Ends a suspension (复用). Refuses an account that is not suspended, and a day before it was or that is billed. */
export async function resumeAccount(
  services: Services,
  envelope: Envelope,
  resumption: AccountResumption,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; on: CivilDate }> | Refusal> {
  const command = { name: 'dischargers.resume-account', zh: '恢复用水' } as const
  return changeAccount(services, envelope, command, { ...resumption }, options.guards ?? {}, async (change) => {
    const { life, billedThrough, changes } = change
    const refusal = resumptionRefusal(life, resumption.on, billedThrough)
    if (refusal !== undefined) return refusal
    changes.resume(life, resumption.on)
    return { accountNo: life.accountNo, on: resumption.on }
  })
}
