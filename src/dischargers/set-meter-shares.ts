import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { findAccount, findCollector } from './account.queries.ts'
import { dayRefusal } from './account.rules.ts'
import { lockLives, sharesOfInstallations } from './account.store.ts'
import { billedThrough } from './account-command.ts'
import { lockCollector } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { formRefusal } from './entry.rules.ts'
import type { Guards } from './guards.ts'
import { LifeChanges } from './life-changes.store.ts'
import { parseShareRatio, shareRatioRule, sharesRefusal } from './meter.rules.ts'
import { insertShares, meterHistories } from './meter.store.ts'

export interface MeterShares {
  readonly collectorCode: string
  readonly meterNo: string
  readonly from: CivilDate
  readonly unitM3: '1' | '0.001'
  /** The users' agreement, by number or name. */
  readonly agreement: string
  /** In their order: the last takes what is left over. Ratios as `0.3` or `30%`. */
  readonly shares: readonly { readonly accountNo: string; readonly ratio: string }[]
}

/**
 * Divides the water of one meter among several accounts from a day on, in place of the shares before (decision 13); one
 * account with `1` ends the sharing. Refuses shares that do not add up to exactly 1, an account twice or out of its life,
 * a meter that does not hang, and a day before the present shares or that is billed for any of the accounts.
 */
export async function setMeterShares(
  services: Services,
  envelope: Envelope,
  entry: MeterShares,
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ meterNo: string; from: CivilDate; accounts: number }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.set-meter-shares', zh: '设定水表分摊' },
    { ...entry, shares: entry.shares.map((share) => ({ ...share })) },
    async ({ trx, commandId }) => {
      const { meterNo, from, unitM3 } = entry
      const agreement = entry.agreement.trim()
      const malformed = formRefusal({ document: agreement })
      if (malformed !== undefined) return malformed
      const set = []
      for (const [index, { accountNo, ratio: text }] of entry.shares.entries()) {
        const ratio = parseShareRatio(text)
        if (ratio === undefined) {
          return refuse('value_wrong', { column: `${accountNo} 比例 ratio`, value: text, rule: shareRatioRule })
        }
        set.push({ shareNo: index + 1, accountNo, ratio, unitM3, agreement })
      }
      const wrong = sharesRefusal(meterNo, from, set)
      if (wrong !== undefined) return wrong
      const collector = await findCollector(trx, entry.collectorCode)
      if (collector === undefined) return refuse('collector_unknown', { code: entry.collectorCode })
      await lockCollector(trx, collector.collectorId)
      const history = (await meterHistories(trx, collector.collectorId, [meterNo])).get(meterNo)
      const place = history?.places.find(({ validity }) => validity.until === null && validity.from <= from)
      if (place === undefined) return refuse('meter_unknown', { meterNo, on: from })

      const idByNo = new Map<string, AccountId>()
      for (const { accountNo } of set) {
        const account = await findAccount(trx, entry.collectorCode, accountNo)
        if (isRefusal(account)) return account
        idByNo.set(accountNo, account.accountId)
      }
      const former = (await sharesOfInstallations(trx, [place.installationId])).filter(({ until }) => until === null)
      const [earlier] = former
      if (earlier !== undefined && from < earlier.from) {
        return refuse('shares_before_former', { meterNo, from, formerFrom: earlier.from })
      }
      const accountIds = [
        ...new Set([...idByNo.values(), ...former.map(({ accountId }) => accountId), place.accountId]),
      ]
      const lives = await lockLives(trx, accountIds)
      const billed = await billedThrough(trx, options.guards ?? {}, accountIds)
      for (const life of lives.values()) {
        const untimely = dayRefusal(life, from, billed.get(life.accountId))
        if (untimely !== undefined) return untimely
      }
      const changes = new LifeChanges()
      changes.endShares(former, from)
      await changes.write(trx, commandId)
      await insertShares(
        trx,
        commandId,
        set.map(({ shareNo, accountNo, ratio }) => {
          const accountId = present(idByNo.get(accountNo), 'every account of the set was found')
          return {
            installationId: place.installationId,
            shareNo,
            accountId,
            ratio,
            unitM3,
            agreement,
            from,
            until: null,
          }
        }),
      )
      return { meterNo, from, accounts: set.length }
    },
  )
}
