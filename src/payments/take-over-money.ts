import { sql } from 'kysely'
import type { OpeningCredit, OpeningHeld, TakeOverMoney } from '../bills/opening-money.ts'
import { postEntry } from '../journal/post-entry.ts'
import { type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { CollectorId } from '../kernel/ids.ts'
import { addMoney, type Money, moneyText, zeroMoney } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandContext } from '../platform/command.ts'
import { openingHeldPostings } from './payment.postings.ts'
import { refusePayment } from './payment.refusals.ts'
import { deriveAnew, insertPayments, lockAllPayments, postMovements } from './payment.store.ts'
import type { PaymentChannel } from './payment.ts'

/**
 * Money at go-live (decision 23). A credit becomes a payment of which everything is unused: held by the collector, or,
 * where it was handed over before, in the treasury's channel, so that it is never remitted twice. Settled fees that the
 * collector still holds become facts with their day of payment. Refuses a reference that stands twice or is stored, and
 * money held that was taken over before.
 */
export const takeOverMoney: TakeOverMoney = async (context, { collector, credits, held }) => {
  await lockAllPayments(context.trx)
  const refusal =
    (await refuseReferences(context, collector.collectorId, credits)) ??
    (held.length === 0 ? undefined : await refuseHeldBefore(context, collector.collectorId, collector.code))
  if (refusal !== undefined) return refusal
  return async () => {
    await storeCredits(context, collector.collectorId, credits)
    await storeHeld(context, collector.collectorId, held)
  }
}

const channelOf = ({ remitted }: OpeningCredit): PaymentChannel => (remitted ? 'treasury' : 'collector')

async function refuseReferences(
  { trx }: CommandContext,
  collectorId: CollectorId,
  credits: readonly OpeningCredit[],
): Promise<Refusal | undefined> {
  const first = new Map<string, OpeningCredit>()
  for (const credit of credits) {
    const { reference, source } = credit
    const other = first.get(`${channelOf(credit)} ${reference}`)
    if (other !== undefined) return refusePayment('opening_reference_twice', { reference, source, other: other.source })
    first.set(`${channelOf(credit)} ${reference}`, credit)
  }
  const { rows } = await sql<{ channel: PaymentChannel; reference: string; id: string }>`
    select channel, reference, id from payments
    where reference = any(${credits.map(({ reference }) => reference)}::text[])
      and (channel = 'treasury' or collector_id = ${collectorId}::bigint)`.execute(trx)
  for (const { channel, reference, id } of rows) {
    const credit = first.get(`${channel} ${reference}`)
    if (credit !== undefined)
      return refusePayment('opening_reference_known', { reference, source: credit.source, payment: id })
  }
  return undefined
}

async function refuseHeldBefore({ trx }: CommandContext, collectorId: CollectorId, code: string) {
  const { rows } = await sql<{ amount: string | null }>`
    select sum(amount)::text as amount from opening_held_money where collector_id = ${collectorId}::bigint`.execute(trx)
  const amount = rows[0]?.amount ?? null
  return amount === null ? undefined : refusePayment('opening_held_twice', { collector: code, amount })
}

async function storeCredits(context: CommandContext, collectorId: CollectorId, credits: readonly OpeningCredit[]) {
  const paymentIds = await insertPayments(
    context,
    credits.map((credit) => ({
      channel: channelOf(credit),
      collectorId: credit.remitted ? null : collectorId,
      reference: credit.reference,
      accountId: credit.accountId,
      dischargerId: credit.dischargerId,
      paidOn: credit.paidOn,
      amount: credit.amount,
      method: null,
      namedBills: [],
      rowNo: null,
    })),
    { importId: null, commandId: context.commandId },
  )
  await deriveAnew(context.trx, { paymentIds })
  const received = (channel: PaymentChannel) =>
    addMoney(credits.filter((credit) => channelOf(credit) === channel).map(({ amount }) => amount))
  await postMovements(context, '启用：预收余额', credits.length, {
    received: { collector: received('collector'), treasury: received('treasury') },
  })
}

async function storeHeld(context: CommandContext, collectorId: CollectorId, held: readonly OpeningHeld[]) {
  if (held.length === 0) return
  await sql`
    insert into opening_held_money (collector_id, paid_on, fee_month, amount, recorded_on, command_id)
    select ${collectorId}::bigint, p, m, a, ${context.today}::date, ${context.commandId} from unnest(
      ${held.map(({ paidOn }) => paidOn)}::date[], ${held.map(({ month }) => firstDay(month))}::date[],
      ${held.map(({ amount }) => moneyText(amount))}::numeric[]) as row (p, m, a)`.execute(context.trx)
  const byMonth = new Map<FeeMonth, Money>()
  for (const { month, amount } of held) byMonth.set(month, addMoney([amount, byMonth.get(month) ?? zeroMoney]))
  await postEntry(context, {
    entryOn: context.today,
    memo: '启用：代征单位待缴款',
    documentCount: held.length,
    lines: openingHeldPostings(byMonth),
  })
}
