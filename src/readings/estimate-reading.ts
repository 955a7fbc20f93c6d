import { findAccount } from '../dischargers/account.queries.ts'
import { type FeeMonth, lastDay } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { readSettings } from '../platform/settings.ts'
import { estimatedVolume, monthsOfAnEstimate } from './estimate.rules.ts'
import { judgingContext, readingLimits } from './judging.ts'
import { historyDepth, knownAccounts } from './known-accounts.queries.ts'
import { estimatesInARow, judgeReading, metersInPlace, usesOf } from './reading.rules.ts'
import { insertReadings, lockReadingsOf } from './reading.store.ts'
import { readTexts } from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'
import { said } from './reasons-remain.ts'

export interface EstimateInput {
  readonly collectorCode?: string
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  /** Needed where the account has several meters. */
  readonly meterNo?: string
  /** Why the meter was not read. */
  readonly reason: string
}

export type EstimatedReading = {
  readonly account: string
  readonly feeMonth: string
  readonly volumeM3: string
  readonly usedFrom: string
  readonly usedUntil: string
  /** How many months in a row are estimated now. */
  readonly inARow: number
}

// Actual months are looked for a year back.
const monthsLookedAt = 12

/**
 * Estimates one month of one meter by the mean of the last three actual months, because a clerk asks for it with a
 * reason (decision 10); it sets no reading, since nobody read the meter. Refuses more in a row than the setting allows,
 * fewer than three actual months, a month that is read already, and an account whose meter nobody can tell.
 */
export async function estimateReading(
  services: Services,
  envelope: Envelope,
  input: EstimateInput,
): Promise<CommandAnswer<EstimatedReading> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'readings.estimate-reading', zh: '估抄' },
    { ...input },
    async (context) => {
      const { trx, commandId } = context
      const { feeMonth, meterNo } = input
      if (input.reason.trim() === '') return refuseReading('reason_needed')
      const found = await findAccount(trx, input.collectorCode, input.accountNo)
      if (isRefusal(found)) return found
      await lockReadingsOf(trx, found.collectorId)
      const limits = readingLimits(await readSettings(trx))
      const depth = await historyDepth(trx, found.collectorCode, monthsLookedAt)
      const known = (await knownAccounts(trx, found.collectorId, feeMonth, [found.accountNo], depth)).of(
        found.accountNo,
        [],
      )
      const account = present(known.account, 'an account that was found is known')
      const meters = metersInPlace(account, feeMonth, meterNo)
      const [meter] = meters
      if (meters.length > 1 || (meter === undefined && meterNo !== undefined)) {
        const listed =
          (meters.length > 1 ? meters : account.installations).map((each) => each.meterNo).join('、') || '—'
        return refuseReading('estimate_needs_one_meter', {
          account: account.accountNo,
          month: feeMonth,
          count: meters.length,
          meters: listed,
        })
      }
      const read = known.history.stored.find(
        (each) =>
          !each.withdrawn && (each.installationId === null || each.installationId === (meter?.installationId ?? null)),
      )
      if (read !== undefined) {
        const { readingId, readOn, volumeM3 } = read
        return refuseReading('month_already_read', {
          account: account.accountNo,
          month: feeMonth,
          reading: readingId,
          readOn,
          volume: volumeM3,
        })
      }
      const uses = usesOf(account, known.history, meter ?? null)
      const inARow = estimatesInARow(uses)
      if (inARow >= limits.estimatesInARow) {
        return refuseReading('estimate_beyond_limit', {
          account: account.accountNo,
          count: inARow,
          limit: limits.estimatesInARow,
        })
      }
      const estimate = estimatedVolume(uses)
      if (estimate === undefined) {
        const months = uses.filter(({ estimated }) => !estimated).length
        return refuseReading('estimate_without_history', {
          account: account.accountNo,
          month: feeMonth,
          months,
          needed: monthsOfAnEstimate,
        })
      }
      const row = readTexts(
        {
          account: account.accountNo,
          volume: volumeText(estimate),
          readOn: lastDay(feeMonth),
          source: '估抄',
          ...(meter === undefined ? {} : { meter: meter.meterNo }),
        },
        {},
      )
      const judgement = judgeReading(row.stated, row.faults, known, judgingContext(feeMonth, limits, {}, false))
      // An estimate is what it is: only what would make it impossible counts against it.
      const whatItIs = ['jump', 'zero_with_history']
      const against = judgement.reasons.filter(({ code }) => !whatItIs.includes(code))
      if (against.length > 0 || judgement.draft === undefined) {
        const what = { whatZh: `户号 ${account.accountNo} `, whatEn: `Account ${account.accountNo}` }
        return refuseReading('reasons_to_correct', { ...what, ...said(judgement.reasons) })
      }
      const draft = present(judgement.draft, 'an estimate is complete')
      await insertReadings(trx, [{ draft, notes: judgement.notes, rowNo: null }], {
        importId: null,
        commandId,
        endedBy: commandId,
      })
      return {
        account: account.accountNo,
        feeMonth,
        volumeM3: draft.volumeM3,
        usedFrom: draft.used.from,
        usedUntil: draft.used.until,
        inARow: inARow + 1,
      }
    },
  )
}
