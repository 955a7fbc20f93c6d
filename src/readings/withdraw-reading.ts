import { accountTerms } from '../dischargers/account.queries.ts'
import { monthInterval } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { endReading, lockReadingsOf } from './reading.store.ts'
import { findReading } from './reading-chain.queries.ts'
import { refuseReading } from './readings.refusals.ts'

export type WithdrawnReading = {
  readonly readingId: string
  readonly feeMonth: string
  readonly volumeM3: string
  readonly reason: string
}

/**
 * Takes a reading back without a successor; a billed month stays as it is and waits for a person to correct the bill.
 * Refuses an unknown reading and one that no longer counts.
 */
export async function withdrawReading(
  services: Services,
  envelope: Envelope,
  input: { readonly readingId: string; readonly reason: string },
): Promise<CommandAnswer<WithdrawnReading> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'readings.withdraw-reading', zh: '撤回抄表' },
    { ...input },
    async ({ trx, commandId }) => {
      const { readingId } = input
      const reason = input.reason.trim()
      if (reason === '') return refuseReading('reason_needed')
      const named = await findReading(trx, readingId)
      if (named === undefined) return refuseReading('reading_unknown', { reading: readingId })
      const { accountId, feeMonth } = named
      const terms = (await accountTerms(trx, [accountId], monthInterval(feeMonth))).get(accountId)
      await lockReadingsOf(trx, present(terms, 'the account of a reading is registered').collectorId)
      const found = present(await findReading(trx, readingId), 'a reading stays')
      if (found.status !== 'effective') {
        const how = found.status === 'withdrawn' ? '撤回 (withdrawn)' : '取代 (superseded)'
        return refuseReading('reading_ended', { reading: readingId, how })
      }
      await endReading(trx, { readingId: found.readingId, reason, commandId })
      return { readingId, feeMonth, volumeM3: found.volumeM3, reason }
    },
  )
}
