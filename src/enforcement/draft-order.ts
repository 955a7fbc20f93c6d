import { sql } from 'kysely'
import { findDischarger } from '../dischargers/account.queries.ts'
import type { BillId, DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, money, moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { listOverdue, type OverdueLine } from '../payments/payment.queries.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { returnProposal } from '../platform/return-proposal.ts'
import { settingsInForce } from '../platform/settings.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import { insertOrder, lockDischarger, releaseBills } from './enforcement.store.ts'
import { groundOn, matterOf, orderFiles } from './matter.queries.ts'
import { orderState } from './order.rules.ts'
import { keepOrderPaper } from './print-papers.ts'

export const orderProposalKind = 'enforcement.order'

/** What an approver sees of a drafted order. Amounts in yuan, unpaid on the day of the draft. */
export interface DraftedOrder {
  readonly dischargerId: DischargerId
  readonly dischargerCode: string
  readonly dischargerName: string
  readonly termDays: number
  readonly termCitation: string
  readonly amount: string
  readonly bills: readonly {
    readonly billId: BillId
    readonly number: string
    readonly feeMonth: string
    readonly dueOn: string
    readonly days: number
    readonly amount: string
  }[]
}

export interface OrderDraft {
  readonly discharger: string
  /** Numbers of bills; without them every overdue bill that is under no other order. */
  readonly bills?: readonly string[] | undefined
}

/**
 * A clerk drafts an order to pay over a discharger's overdue bills (641 art. 54). Refuses one without an overdue bill, a
 * bill that is not overdue or is under another order, and a second draft while one waits.
 */
export async function draftOrder(
  services: Services,
  envelope: Envelope,
  input: OrderDraft,
): Promise<CommandAnswer<{ proposalId: string; digest: string; amount: string; bills: number }> | Refusal> {
  const kind = {
    name: 'enforcement.draft-order',
    zh: '拟稿责令限期缴纳通知书',
  } as const
  return runCommand(
    services,
    envelope,
    kind,
    { discharger: input.discharger, bills: [...(input.bills ?? [])] },
    async (context) => {
      const discharger = await findDischarger(context.trx, input.discharger)
      if (isRefusal(discharger)) return discharger
      const { dischargerId, code, name } = discharger
      const [waiting] = await listProposals(context.trx, { kind: orderProposalKind, subject: code, undecided: true })
      if (waiting !== undefined) return refuseEnforcement('order_pending', { discharger: name, proposal: waiting.id })
      const lines = await billsToOrder(context, { dischargerId, name, bills: input.bills })
      if (isRefusal(lines)) return lines
      const term = (await settingsInForce(context.trx)).find((setting) => setting.name === 'orders.term_days')
      const amount = moneyText(addMoney(lines.map(({ outstanding }) => outstanding)))
      const content: DraftedOrder = {
        dischargerId,
        dischargerCode: code,
        dischargerName: name,
        termDays: Number(term?.value),
        termCitation: term?.citation ?? '',
        amount,
        bills: lines.map(({ billId, bill, feeMonth, dueOn, days, outstanding }) => ({
          billId,
          number: bill,
          feeMonth,
          dueOn,
          days,
          amount: moneyText(outstanding),
        })),
      }
      const plain = JSON.parse(JSON.stringify(content)) as never
      const proposed = await propose(context, { kind: orderProposalKind, subject: code, content: plain })
      return { ...proposed, amount, bills: lines.length }
    },
  )
}

const mostBills = 5_000

/** The overdue bills to be ordered as of today, those under a live order left out or, where named, refused. */
async function billsToOrder(
  context: CommandContext,
  wanted: {
    readonly dischargerId: DischargerId
    readonly name: string
    readonly bills?: readonly string[] | undefined
  },
): Promise<OverdueLine[] | Refusal> {
  const { trx, today } = context
  const { dischargerId, name: discharger } = wanted
  const overdue = await listOverdue(trx, today, { dischargerId, limit: mostBills })
  const under = await billsUnderOrder(
    context,
    overdue.map(({ billId }) => billId),
  )
  if (wanted.bills === undefined || wanted.bills.length === 0) {
    const free = overdue.filter(({ billId }) => !under.has(billId))
    return free.length === 0 ? refuseEnforcement('nothing_to_order', { discharger, today }) : free
  }
  const lines: OverdueLine[] = []
  for (const bill of new Set(wanted.bills)) {
    const line = overdue.find((each) => each.bill === bill)
    if (line === undefined) return refuseEnforcement('bill_not_overdue', { bill, discharger, today })
    const order = under.get(line.billId)
    if (order !== undefined) return refuseEnforcement('bill_under_order', { bill, order })
    lines.push(line)
  }
  return lines
}

/** Which of some bills are under an order that still stands for them, with its number. */
export async function billsUnderOrder(
  { trx, today }: Pick<CommandContext, 'trx' | 'today'>,
  billIds: readonly BillId[],
): Promise<Map<BillId, string>> {
  const { rows } = await sql<{ bill_id: BillId; order_id: string }>`
    select bill_id, order_id from live_orders where bill_id = any(${billIds}::bigint[])`.execute(trx)
  const files = await orderFiles(trx, { orderIds: [...new Set(rows.map((row) => row.order_id))] })
  const standing = new Map(
    files.map(({ order, steps }) => [order.orderId, { order, state: orderState(order, steps, today) }]),
  )
  return new Map(
    rows.flatMap((row) => {
      const found = standing.get(row.order_id)
      // An order that was paid in its term has done its work, even where a payment is reversed later.
      return found === undefined || found.state.standing === 'paid' ? [] : [[row.bill_id, found.order.number] as const]
    }),
  )
}

/**
 * Another person approves the draft: the order is issued with the next number of the year. What is unpaid is looked up
 * again. Refuses own work, a draft whose amounts have changed, and a bill that came under another order meanwhile.
 */
export async function issueOrder(
  services: Services,
  envelope: Envelope,
  decision: { readonly proposalId: string; readonly digestSeen?: string | undefined },
): Promise<CommandAnswer<{ proposalId: string; number: string; amount: string; paper: string }> | Refusal> {
  const kind = {
    name: 'enforcement.issue-order',
    zh: '签发责令限期缴纳通知书',
  } as const
  const plain = { proposalId: decision.proposalId, digestSeen: decision.digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const proposal = await openProposal(context, { kind: orderProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const drafted = proposal.content as unknown as DraftedOrder
    await lockDischarger(context.trx, drafted.dischargerId)
    const bills = drafted.bills.map(({ number }) => number)
    const lines = await billsToOrder(context, {
      dischargerId: drafted.dischargerId,
      name: drafted.dischargerName,
      bills,
    })
    if (isRefusal(lines)) return lines
    const now = new Map(lines.map(({ billId, outstanding }) => [billId, outstanding]))
    if (drafted.bills.some(({ billId, amount }) => !now.get(billId)?.eq(money(amount)))) {
      return refuseEnforcement('order_facts_changed', {
        discharger: drafted.dischargerName,
        drafted: drafted.amount,
        now: moneyText(addMoney(now.values())),
      })
    }
    await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
    await releaseBills(context.trx, { billIds: [...now.keys()] })
    const { orderId, number } = await insertOrder(context, {
      ...drafted,
      makerId: proposal.makerId,
      proposalId: proposal.id,
    })
    const [file] = await orderFiles(context.trx, { orderIds: [orderId] })
    const ground = await groundOn(context.trx, context.today)
    const matter = matterOf(ground, present(file, 'an order that was issued has its file'), null)
    const paper = await keepOrderPaper(context, services.printer, matter)
    return isRefusal(paper) ? paper : { proposalId: proposal.id, number, amount: drafted.amount, paper }
  })
}

/** Returns a drafted order to its maker with a reason. */
export function returnOrder(
  services: Services,
  envelope: Envelope,
  returned: { readonly proposalId: string; readonly reason: string; readonly digestSeen?: string | undefined },
): ReturnType<typeof returnProposal> {
  const command = {
    name: 'enforcement.return-order',
    zh: '退回责令限期缴纳通知书',
    proposalKind: orderProposalKind,
  } as const
  return returnProposal(services, envelope, command, returned)
}
