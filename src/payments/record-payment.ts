import { sql } from 'kysely'
import { numberOfBillId } from '../bills/bill.ts'
import { findAccount, findCollector, findDischarger } from '../dischargers/account.queries.ts'
import type { Collector } from '../dischargers/discharger.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, type Money, moneyText, parseMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { among } from '../platform/key-range.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { refusePaymentsOf } from './acting-for.ts'
import { groupedBy } from './grouped-by.ts'
import { namedItems } from './named-item.queries.ts'
import { refusePayment } from './payment.refusals.ts'
import {
  type Allocated,
  allocateByOrder,
  allocateNamed,
  deriveAnew,
  insertPayments,
  liveAllocations,
  lockItems,
  lockReference,
  postMovements,
  storedPayment,
  together,
} from './payment.store.ts'
import type { PaymentChannel } from './payment.ts'
import { readReference } from './reference.rules.ts'

/** One payment entered by hand. */
export interface EnteredPayment {
  /** `undefined`: paid straight to the treasury. */
  readonly collectorCode?: string | undefined
  /** The collector's or the bank's own number of the transaction. */
  readonly reference: string
  readonly accountNo?: string | undefined
  /** The payer, where a payment to the treasury names no account. */
  readonly dischargerCode?: string | undefined
  readonly paidOn: CivilDate
  /** Yuan as text. */
  readonly amount: string
  readonly method?: string | undefined
  /** The account and bank it was paid from, for the receipt. */
  readonly fromAccount?: string | undefined
  readonly fromBank?: string | undefined
  /** Numbers of bills the payer named, in their order. */
  readonly bills?: readonly string[] | undefined
}

/** What became of a payment; amounts in yuan. */
export type PaymentAnswer = {
  readonly paymentId: string
  readonly reference: string
  readonly amount: string
  readonly allocated: readonly { readonly bill: string; readonly amount: string }[]
  /** What is left for the next bill. */
  readonly credit: string
  /** It repeats a stored payment; nothing was changed. */
  readonly unchanged: boolean
}

/**
 * Enters one payment: its payer is whoever held the account on the day it was paid (a closed one, last); named bills are paid first, then by
 * due date; what is left is credit (decisions 7 and 22). The same reference with the same content changes nothing;
 * a method and bills are compared where they are stated.
 * Refuses other content under a known reference, one whose payment was reversed, a day to come, an account without a payer, and bills of others.
 */
export async function recordPayment(
  services: Services,
  envelope: Envelope,
  input: EnteredPayment,
): Promise<CommandAnswer<PaymentAnswer> | Refusal> {
  const kind = {
    name: 'payments.record',
    zh: '登记缴款',
  } as const
  const from = paidFrom(input)
  const plain = {
    collector: input.collectorCode ?? null,
    reference: input.reference,
    account: input.accountNo ?? null,
    discharger: input.dischargerCode ?? null,
    paidOn: input.paidOn,
    amount: input.amount,
    method: input.method ?? null,
    bills: input.bills ?? [],
    ...(from === undefined ? {} : { from }),
  }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const checked = await check(context, input)
    if (isRefusal(checked)) return checked
    const { payer, amount, channel, collector, reference, method, billIds } = checked
    const { trx, commandId } = context
    await lockReference(trx, collector?.code ?? '', reference)
    await lockItems(trx, { dischargerIds: [payer.dischargerId], billIds })
    const known = await paymentOfReference(context, collector, reference)
    if (known !== undefined) {
      const { paymentId, reversedOn } = known
      if (reversedOn !== null)
        return refusePayment('payment_reference_reversed', { reference, payment: paymentId, reversedOn })
      const same =
        known.accountId === payer.accountId &&
        known.dischargerId === payer.dischargerId &&
        known.paidOn === input.paidOn &&
        known.amount === moneyText(amount) &&
        (method === null || known.method === method) &&
        (billIds.length === 0 || isSameBills(known.namedBills, billIds))
      if (same) return answerOf(context, paymentId, true)
      return refusePayment('payment_reference_taken', {
        reference,
        payment: paymentId,
        amount: known.amount,
        paidOn: known.paidOn,
      })
    }
    const [stored] = await insertPayments(
      context,
      [
        {
          channel,
          collectorId: collector?.collectorId ?? null,
          reference,
          ...payer,
          paidOn: input.paidOn,
          amount,
          method,
          namedBills: billIds,
          rowNo: null,
          from,
        },
      ],
      { importId: null, commandId },
    )
    const paymentId = present(stored, 'an inserted payment has an id')
    const allocated = await allocateNew(context, [paymentId], billIds.length)
    await postMovements(context, `缴款 ${reference}`, 1, {
      received: { collector: zeroMoney, treasury: zeroMoney, [channel]: amount },
      allocated: allocated.byMonth,
    })
    return answerOf(context, paymentId, false)
  })
}

function paidFrom({ fromAccount = '', fromBank = '' }: EnteredPayment): { account: string; bank: string } | undefined {
  const [account, bank] = [normaliseCell(fromAccount), normaliseCell(fromBank)]
  return account === '' && bank === '' ? undefined : { account, bank }
}

/** Stored payments find their bills: named ones first, at each place of the list, then by order; the rest is credit. */
export async function allocateNew(
  context: CommandContext,
  paymentIds: readonly PaymentId[],
  placesNamed: number,
): Promise<Allocated> {
  await deriveAnew(context.trx, { paymentIds })
  const credits = sql`c.payment_id = any(${paymentIds}::bigint[])`
  const parts: Allocated[] = []
  for (let place = 1; place <= placesNamed; place += 1) parts.push(await allocateNamed(context, credits, place))
  parts.push(await allocateByOrder(context, { credits }, 'order'))
  return together(parts)
}

interface Payer {
  readonly accountId: AccountId | null
  readonly dischargerId: DischargerId
}

async function check(context: CommandContext, input: EnteredPayment) {
  const { trx, actor, today } = context
  const { collectorCode, paidOn } = input
  const collector = collectorCode === undefined ? undefined : await findCollector(trx, collectorCode)
  if (collectorCode !== undefined && collector === undefined)
    return refusePayment('payment_collector_unknown', { collector: collectorCode })
  const forbidden = refusePaymentsOf(actor, collector)
  if (forbidden !== undefined) return forbidden
  const amount = parseMoney(input.amount)
  if (amount === undefined || !amount.gt(zeroMoney))
    return refusePayment('payment_amount_malformed', { value: input.amount })
  const reference = readReference(input.reference)
  if (isRefusal(reference)) return reference
  if (paidOn > today) return refusePayment('paid_in_future', { paidOn, today })
  const payer = await payerOf(context, input)
  if (isRefusal(payer)) return payer
  const items = await namedItems(trx, input.bills ?? [], { ...payer, payment: reference })
  if (isRefusal(items)) return items
  const channel: PaymentChannel = collector === undefined ? 'treasury' : 'collector'
  const method = normaliseCell(input.method ?? '') || null
  return { payer, amount, channel, collector, reference, method, billIds: items.map(({ billId }) => billId) }
}

async function payerOf({ trx }: CommandContext, input: EnteredPayment): Promise<Payer | Refusal> {
  const { collectorCode, accountNo, dischargerCode, paidOn } = input
  if (accountNo !== undefined) {
    const account = await findAccount(trx, collectorCode, accountNo)
    if (isRefusal(account)) return account
    const { accountId } = account
    const holders = await holdersOn(trx, [{ accountId, on: paidOn }])
    const dischargerId = holders.get(holderKey(accountId, paidOn))
    if (dischargerId === undefined)
      return refusePayment('payment_account_without_payer', { account: accountNo, paidOn })
    return { accountId, dischargerId }
  }
  if (dischargerCode === undefined || collectorCode !== undefined) return refusePayment('payer_unnamed')
  const discharger = await findDischarger(trx, dischargerCode)
  return isRefusal(discharger) ? discharger : { accountId: null, dischargerId: discharger.dischargerId }
}

export const holderKey = (accountId: AccountId, on: CivilDate): string => `${accountId} ${on}`

/**
 * Who pays for each account on its day, by `holderKey`; in one read for any number: whoever held it then or, after its
 * closing, last, since the last bill is paid later.
 */
export async function holdersOn(
  trx: CommandContext['trx'],
  asked: readonly { readonly accountId: AccountId; readonly on: CivilDate }[],
): Promise<Map<string, DischargerId>> {
  if (asked.length === 0) return new Map()
  const accountIds = [...new Set(asked.map(({ accountId }) => accountId))]
  const { rows } = await sql<{ account_id: AccountId; discharger_id: DischargerId; valid_from: CivilDate }>`
    select account_id, discharger_id, valid_from from account_holders
    where ${among(sql`account_id`, accountIds)} and (valid_until is null or valid_until > valid_from)
    order by valid_from`.execute(trx)
  const ofAccounts = groupedBy(rows, ({ account_id }) => account_id)
  const holders = new Map<string, DischargerId>()
  for (const { accountId, on } of asked) {
    const holder = ofAccounts.get(accountId)?.findLast(({ valid_from }) => valid_from <= on)
    if (holder !== undefined) holders.set(holderKey(accountId, on), holder.discharger_id)
  }
  return holders
}

/** Whether the bills named are those stored with a payment, in their order. */
const isSameBills = (stored: readonly BillId[] | null, named: readonly BillId[]): boolean =>
  (stored ?? []).join() === named.join()

async function paymentOfReference({ trx }: CommandContext, collector: Collector | undefined, reference: string) {
  const { rows } = await sql<{
    paymentId: PaymentId
    accountId: AccountId | null
    dischargerId: DischargerId
    paidOn: CivilDate
    amount: string
    method: string | null
    namedBills: BillId[] | null
    reversedOn: CivilDate | null
  }>`
    select id as "paymentId", account_id as "accountId", discharger_id as "dischargerId", paid_on as "paidOn", amount,
      method, named_bills::text[] as "namedBills", reversed_on as "reversedOn"
    from payments left join payment_reversals on payment_id = id
    where reference = ${reference} and ${
      collector === undefined
        ? sql`channel = 'treasury'`
        : sql`channel = 'collector' and collector_id = ${collector.collectorId}::bigint`
    }`.execute(trx)
  return rows[0]
}

/** A payment as it stands at the end of a command. */
export async function answerOf(
  { trx }: CommandContext,
  paymentId: PaymentId,
  unchanged: boolean,
): Promise<PaymentAnswer> {
  const stored = present(await storedPayment(trx, paymentId), 'the payment is stored')
  const byBill = new Map<BillId, Money>()
  for (const { billId, amount } of await liveAllocations(trx, { paymentIds: [paymentId] }))
    byBill.set(billId, addMoney([byBill.get(billId) ?? zeroMoney, amount]))
  return {
    paymentId,
    reference: stored.reference,
    amount: moneyText(stored.amount),
    allocated: [...byBill].map(([billId, amount]) => ({ bill: numberOfBillId(billId), amount: moneyText(amount) })),
    credit: moneyText(stored.remaining),
    unchanged,
  }
}
