import { sql } from 'kysely'
import { billIdOf, billNumber, numberOfBillId, parseBillNumber } from '../bills/bill.ts'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import type { BillId, CollectorId } from '../kernel/ids.ts'
import { type Money, money, moneyText, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Volume, volume, volumeText } from '../kernel/volume.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { writtenOffVolume } from './annual-settlement.rules.ts'
import { refuseClosing } from './closing.refusals.ts'
import type { ProposalDecision } from './decision.ts'

export const writeOffProposalKind = 'remittance.write-off'

export const writeOffGrounds = ['bankrupt', 'closed', 'untraceable', 'court_ended', 'other'] as const
export type WriteOffGround = (typeof writeOffGrounds)[number]
export const writeOffGroundNames: Record<WriteOffGround, { readonly zh: string; readonly en: string }> = {
  bankrupt: { zh: '破产', en: 'bankrupt' },
  closed: { zh: '注销、吊销', en: 'struck off' },
  untraceable: { zh: '下落不明', en: 'untraceable' },
  court_ended: { zh: '法院终结执行', en: 'execution ended by the court' },
  other: { zh: '其他', en: 'other' },
}

/** What of a bill is open and may be confirmed as uncollectable, in yuan and m³. */
interface Uncollected {
  readonly billId: BillId
  readonly collectorId: CollectorId
  readonly accountNo: string
  readonly payer: string
  readonly feeMonth: string
  readonly dueOn: CivilDate
  readonly outstanding: Money
  readonly volumeM3: Volume
}

async function uncollectedOf(db: Db | Trx, number: string): Promise<Uncollected | Refusal> {
  const parsed = parseBillNumber(number)
  const unknown = refuseClosing('write_off_bill_unknown', { bill: number })
  if (parsed === undefined) return unknown
  const { rows } = await sql<{
    id: BillId
    collector_id: CollectorId
    account_no: string
    payer: string
    fee_month: CivilDate
    due_on: CivilDate
    outstanding: string
    payable: string
    volume_m3: string
  }>`
    select b.id, a.collector_id, a.account_no, d.name as payer, b.fee_month, b.due_on, o.outstanding, o.payable, b.volume_m3
    from bills b join open_items o on o.bill_id = b.id join accounts a on a.id = b.account_id join dischargers d on d.id = b.discharger_id
    where b.id = ${billIdOf(parsed.year, parsed.number)}::bigint for update of o`.execute(db)
  const [row] = rows
  if (row === undefined) return unknown
  return {
    billId: row.id,
    collectorId: row.collector_id,
    accountNo: row.account_no,
    payer: row.payer,
    feeMonth: monthOf(row.fee_month),
    dueOn: row.due_on,
    outstanding: money(row.outstanding),
    volumeM3: writtenOffVolume(volume(row.volume_m3), money(row.outstanding), money(row.payable)),
  }
}

/** A bill that may be confirmed as uncollectable. */
export interface UncollectedBill {
  readonly bill: string
  readonly feeMonth: string
  readonly accountNo: string
  readonly payer: string
  readonly outstanding: Money
}

/** What may be written off of some payers and of the accounts with a number, longest overdue first. */
export async function listUncollected(
  db: Db | Trx,
  today: CivilDate,
  of: { readonly dischargerCodes: readonly string[]; readonly accountNo: string; readonly limit: number },
): Promise<UncollectedBill[]> {
  const { rows } = await sql<{
    id: BillId
    fee_month: CivilDate
    account_no: string
    payer: string
    outstanding: string
  }>`
    select o.bill_id as id, o.fee_month, a.account_no, d.name as payer, o.outstanding::text
    from open_items o join accounts a on a.id = o.account_id join dischargers d on d.id = o.discharger_id
    where o.outstanding > 0 and o.due_on < ${today}::date
      and (d.code = any(${of.dischargerCodes}::text[]) or a.account_no = ${of.accountNo})
      and not exists (select from write_offs w where w.bill_id = o.bill_id)
    order by o.due_on, o.bill_id limit ${of.limit}`.execute(db)
  return rows.map((row) => ({
    bill: numberOfBillId(row.id),
    feeMonth: monthOf(row.fee_month),
    accountNo: row.account_no,
    payer: row.payer,
    outstanding: money(row.outstanding),
  }))
}

export interface WriteOffContent {
  readonly bill: string
  readonly account: string
  readonly payer: string
  readonly feeMonth: string
  readonly dueOn: string
  readonly amount: string
  readonly volumeM3: string
  readonly ground: WriteOffGround
  readonly evidence: string
}

/**
 * A clerk proposes that what is open of a bill be confirmed as uncollectable: the volume does not count in the company's
 * year (151 art. 16). The debt stays as it is. Refuses a bill with nothing open or not yet due, one that is written off or
 * waits for its decision, an unknown ground, and no evidence.
 */
export async function proposeWriteOff(
  services: Services,
  envelope: Envelope,
  input: { readonly bill: string; readonly ground: WriteOffGround; readonly evidence: string },
): Promise<
  CommandAnswer<{ bill: string; amount: string; volumeM3: string; proposalId: string; digest: string }> | Refusal
> {
  const kind = { name: 'remittance.propose-write-off', zh: '提出核销' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, today } = context
    if (input.evidence.trim() === '') return refuseClosing('write_off_evidence_missing')
    const found = await checked(trx, input.bill, today)
    if (isRefusal(found)) return found
    const [waiting] = await listProposals(trx, { kind: writeOffProposalKind, subject: found.billId, undecided: true })
    if (waiting !== undefined) return refuseClosing('write_off_pending', { bill: input.bill, proposal: waiting.id })
    const content = {
      bill: input.bill,
      account: found.accountNo,
      payer: found.payer,
      feeMonth: found.feeMonth,
      dueOn: found.dueOn as string,
      amount: moneyText(found.outstanding),
      volumeM3: volumeText(found.volumeM3),
      ground: input.ground,
      evidence: input.evidence.trim(),
    }
    const proposed = await propose(context, { kind: writeOffProposalKind, subject: found.billId, content })
    return { bill: input.bill, amount: content.amount, volumeM3: content.volumeM3, ...proposed }
  })
}

async function checked(trx: Trx, bill: string, today: CivilDate): Promise<Uncollected | Refusal> {
  const found = await uncollectedOf(trx, bill)
  if (isRefusal(found)) return found
  const { rows } = await sql<{ on: CivilDate }>`
    select confirmed_on as "on" from write_offs where bill_id = ${found.billId}::bigint`.execute(trx)
  const [before] = rows
  if (before !== undefined) return refuseClosing('written_off_before', { bill, on: before.on })
  if (found.outstanding.lte(zeroMoney) || found.dueOn >= today)
    return refuseClosing('write_off_not_overdue', {
      bill,
      outstanding: moneyText(found.outstanding),
      dueOn: found.dueOn,
    })
  return found
}

/** The second person's decision. Refuses what `proposeWriteOff` refuses, and an amount that changed since. */
export async function decideWriteOff(
  services: Services,
  envelope: Envelope,
  decision: ProposalDecision,
): Promise<CommandAnswer<{ bill: string; outcome: string; amount: string; volumeM3: string }> | Refusal> {
  const kind = { name: 'remittance.decide-write-off', zh: '审批核销' } as const
  const { proposalId, outcome, reason, digestSeen } = decision
  const plain = { proposalId, outcome, reason, digestSeen: digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, today, commandId } = context
    const proposal = await openProposal(context, { kind: writeOffProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const content = proposal.content as unknown as WriteOffContent
    const answer = { bill: content.bill, outcome, amount: content.amount, volumeM3: content.volumeM3 }
    if (outcome === 'returned') {
      await decideProposal(context, proposal, decision)
      return answer
    }
    const found = await checked(trx, content.bill, today)
    if (isRefusal(found)) return found
    if (moneyText(found.outstanding) !== content.amount) {
      return refuseClosing('write_off_changed', {
        bill: content.bill,
        proposed: content.amount,
        outstanding: moneyText(found.outstanding),
      })
    }
    await decideProposal(context, proposal, decision)
    await sql`
      insert into write_offs (bill_id, collector_id, amount, volume_m3, ground, evidence, confirmed_on, proposal_id, command_id)
      values (${found.billId}::bigint, ${found.collectorId}::bigint, ${content.amount}::numeric, ${content.volumeM3}::numeric,
        ${content.ground}, ${content.evidence}, ${today}::date, ${proposal.id}::bigint, ${commandId})`.execute(trx)
    return answer
  })
}

/** A write-off with what of it still counts: paid later, it no longer lowers the quota. */
export interface WriteOff {
  readonly bill: string
  readonly accountNo: string
  readonly payer: string
  readonly feeMonth: string
  readonly amount: Money
  readonly volumeM3: Volume
  readonly outstanding: Money
  readonly ground: WriteOffGround
  readonly evidence: string
  readonly confirmedOn: CivilDate
}

/** Write-offs of a collector's bills by month, of the fee months of a year where one is named. */
export async function listWriteOffs(
  db: Db | Trx,
  filter: { readonly collectorCode?: string | undefined; readonly year?: number | undefined; readonly limit: number },
): Promise<WriteOff[]> {
  const { rows } = await sql<{
    number_year: number
    number: number
    account_no: string
    payer: string
    fee_month: CivilDate
    amount: string
    volume_m3: string
    outstanding: string
    ground: WriteOffGround
    evidence: string
    confirmed_on: CivilDate
  }>`
    select b.number_year, b.number, a.account_no, d.name as payer, b.fee_month, w.amount, w.volume_m3, o.outstanding, w.ground,
      w.evidence, w.confirmed_on
    from write_offs w join bills b on b.id = w.bill_id join open_items o on o.bill_id = b.id join accounts a on a.id = b.account_id
      join dischargers d on d.id = b.discharger_id join collectors c on c.id = w.collector_id
    where ${filter.collectorCode === undefined ? sql`true` : sql`c.code = ${filter.collectorCode}`}
      and ${filter.year === undefined ? sql`true` : sql`extract(year from b.fee_month) = ${filter.year}`}
    order by b.fee_month, b.id limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({
    bill: billNumber(row.number_year, row.number),
    accountNo: row.account_no,
    payer: row.payer,
    feeMonth: monthOf(row.fee_month),
    amount: money(row.amount),
    volumeM3: volume(row.volume_m3),
    outstanding: money(row.outstanding),
    ground: row.ground,
    evidence: row.evidence,
    confirmedOn: row.confirmed_on,
  }))
}
