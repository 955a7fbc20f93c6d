import { censusPage, rosterInForce } from '../dischargers/roster.queries.ts'
import { type FeeMonth, lastDay } from '../kernel/calendar.ts'
import type { AccountId, DischargerId } from '../kernel/ids.ts'
import { addMoney, moneyText, subtractMoney } from '../kernel/money.ts'
import { inOneLine } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import type { HeldReason } from '../volumes/billable-volume.ts'
import { heldSentence } from '../volumes/held-reasons.ts'
import { billedLines, cancelledAndWaiting, isOfLiveBill, type StandingLine } from './bill.queries.ts'
import type { AccountOutcome } from './bill.ts'
import { computeMonth } from './bill-draft.ts'
import { adjustmentsBetween } from './correction.rules.ts'

/** A bill of an issued month that is no longer what the facts say: it stands until a person adjusts or rebills it. */
export interface Difference {
  readonly number: string
  readonly accountId: AccountId
  readonly accountNo: string
  readonly billed: string
  readonly now: string
  readonly difference: string
  readonly note: { readonly zh: string; readonly en: string }
}

/**
 * Computes a billed month again from the facts as they stand and lists where the bills differ: a corrected reading, a
 * late category, a true-up (decision 20). Reads only, in blocks of the roster, or for some accounts.
 */
export async function differences(
  services: Services,
  feeMonth: FeeMonth,
  accountIds?: readonly AccountId[],
): Promise<Difference[]> {
  const { db } = services
  const roster = await rosterInForce(db, lastDay(feeMonth))
  if (roster === undefined) return []
  const found: Difference[] = []
  let after: Parameters<typeof censusPage>[1]['after'] = null
  let done = 0
  for (;;) {
    const page = await censusPage(db, {
      versionId: roster.versionId,
      feeMonth,
      after,
      limit: 5_000,
      ...(accountIds === undefined ? {} : { accountIds }),
    })
    const last = page.at(-1)
    if (last === undefined) return found
    after = last
    const billed = await billedLines(
      db,
      page.map((each) => each.accountId),
      feeMonth,
    )
    const accounts = page.filter((each) => billed.has(each.accountId))
    const outcomes = (
      await computeMonth(
        db,
        accounts.map((each) => each.accountId),
        feeMonth,
      )
    ).byAccount
    const cancelled = await cancelledAndWaiting(
      db,
      accounts.map((each) => each.accountId),
      feeMonth,
    )
    for (const account of accounts) {
      const before = billed.get(account.accountId) ?? []
      const opening = before.some((each) => each.line.derivation.opening !== undefined)
      const live = before.findLast(isOfLiveBill)
      const outcome = outcomes.get(account.accountId)
      const waiting = cancelled.get(account.accountId)
      if (outcome !== undefined && outcome.outcome !== 'exempt' && waiting !== undefined) {
        found.push(waitsForRebill(account, before, outcome, waiting.number))
        continue
      }
      // A month cancelled for good and one from the books before have nothing to be held against.
      if (live === undefined || outcome === undefined || opening) continue
      const stands = addMoney(before.map((each) => each.line.amount))
      const common = {
        number: live.number,
        accountId: account.accountId,
        accountNo: account.accountNo,
        billed: moneyText(stands),
      }
      if (outcome.outcome !== 'billed') {
        const reasons = outcome.outcome === 'held' ? outcome.reasons : []
        const say = (language: 'zh' | 'en') =>
          inOneLine(
            reasons.map((reason) => heldSentence(reason, language)),
            language,
          ) || (language === 'zh' ? '现为免征' : 'exempt now')
        found.push({ ...common, now: '—', difference: '—', note: { zh: say('zh'), en: say('en') } })
        continue
      }
      const cancelledForGood = payersWithoutABill(before)
      const adjustments = adjustmentsBetween(outcome.bills, before)
      if (adjustments.every(({ dischargerId }) => cancelledForGood.has(dischargerId))) continue
      const now = addMoney(outcome.bills.flatMap((bill) => bill.lines.map((line) => line.amount)))
      found.push({
        ...common,
        now: moneyText(now),
        difference: moneyText(subtractMoney(now, stands)),
        note: { zh: '抄表、类别、计量依据或收费标准有变化', en: 'a reading, category, basis or rate changed' },
      })
    }
    done += page.length
    services.progress?.({ what: `核对 ${feeMonth}`, done, total: roster.accountCount })
  }
}

/** A month whose bill was cancelled and not billed anew: what stands, and what the facts say is due. */
function waitsForRebill(
  { accountId, accountNo }: Pick<Difference, 'accountId' | 'accountNo'>,
  before: readonly StandingLine[],
  outcome: Exclude<AccountOutcome, { outcome: 'exempt' }>,
  number: string,
): Difference {
  const reason: HeldReason = { code: 'cancelled_not_rebilled', parameters: { number } }
  const reasons = [reason, ...(outcome.outcome === 'held' ? outcome.reasons : [])]
  const say = (language: 'zh' | 'en') =>
    inOneLine(
      reasons.map((each) => heldSentence(each, language)),
      language,
    )
  const stands = addMoney(before.map((each) => each.line.amount))
  const now =
    outcome.outcome === 'billed'
      ? addMoney(outcome.bills.flatMap((bill) => bill.lines.map((line) => line.amount)))
      : undefined
  return {
    number,
    accountId,
    accountNo,
    billed: moneyText(stands),
    now: now === undefined ? '—' : moneyText(now),
    difference: now === undefined ? '—' : moneyText(subtractMoney(now, stands)),
    note: { zh: say('zh'), en: say('en') },
  }
}

/** Payers whose bills of the month were all cancelled: nothing of theirs stands that could differ. */
function payersWithoutABill(billed: readonly StandingLine[]): ReadonlySet<DischargerId> {
  const stands = new Set(billed.filter(isOfLiveBill).map((each) => each.dischargerId))
  return new Set(billed.map((each) => each.dischargerId).filter((each) => !stands.has(each)))
}
