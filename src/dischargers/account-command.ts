import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type CommandKind,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import type { Json } from '../platform/platform.tables.ts'
import { lockAccountLife } from './account.store.ts'
import type { AccountLife } from './account-life.ts'
import type { Guards } from './guards.ts'
import { LifeChanges } from './life-changes.store.ts'

/** Which account: its number, and the collector's code where several have it. */
export interface AccountChoice {
  readonly collectorCode?: string
  readonly accountNo: string
}

interface ChangeInLife {
  readonly context: CommandContext
  readonly life: AccountLife
  /** The last day of the account whose use is billed, if any stage knows of one. */
  readonly billedThrough: CivilDate | undefined
  /** Gathers what changes; written once the use case has answered. */
  readonly changes: LifeChanges
}

/**
 * The course of every command that changes the life of one account: it is found and locked, the later stages are asked
 * how far it is billed, the use case judges and gathers what changes, and that is written.
 */
export async function changeAccount<
  Input extends AccountChoice & { readonly [key: string]: Json },
  Answer extends Json,
>(
  services: Services,
  envelope: Envelope,
  command: CommandKind,
  input: Input,
  guards: Guards,
  useCase: (change: ChangeInLife) => Promise<Answer | Refusal>,
): Promise<CommandAnswer<Answer> | Refusal> {
  return runCommand(services, envelope, command, input, async (context) => {
    const life = await lockAccountLife(context.trx, input)
    if (isRefusal(life)) return life
    const billed = await billedThrough(context.trx, guards, [life.accountId])
    const changes = new LifeChanges()
    const answer = await useCase({ context, life, billedThrough: billed.get(life.accountId), changes })
    if (!isRefusal(answer)) await changes.write(context.trx, context.commandId)
    return answer
  })
}

/** The last billed day of each account, as the later stages know it; none where no guard was handed in. */
export async function billedThrough(
  trx: Trx,
  guards: Guards,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, CivilDate>> {
  return (await guards.lastBilledUse?.(trx, accountIds)) ?? new Map()
}
