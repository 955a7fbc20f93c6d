import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, yearOf } from '../kernel/calendar.ts'
import type { BillId, ReceiptId } from '../kernel/ids.ts'
import { type Money, money, moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { holdPayments } from '../payments/hold-payments.ts'
import { billIdOfNumber } from '../payments/named-item.queries.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import { listReceipts, liveReceipt } from './receipt.queries.ts'
import { receiptSequence } from './receipt.ts'
import { refuseReceipt } from './receipts.refusals.ts'

/** One command at a time drafts, asks and takes in answers. */
export async function lockReceipts(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('receipts'))`.execute(trx)
}

/**
 * Live receipts whose parts are no longer so: an allocation lapsed (reversal, cancellation), or a notice whose bills were
 * paid otherwise than in whole to the treasury, or changed. The condition is about `r`.
 */
export const isObsolete = sql`(case r.kind
  when 'receipt' then exists (select from receipt_parts q join allocation_lapses l on l.allocation_id = q.allocation_id where q.receipt_id = r.id)
  else r.amount <> (
      select coalesce(sum(o.outstanding), 0) from open_items o where o.bill_id in (select bill_id from receipt_parts where receipt_id = r.id))
    and r.amount <> (
      select coalesce(sum(x.amount), 0) from allocations x join payments p on p.id = x.payment_id
      where x.bill_id in (select bill_id from receipt_parts where receipt_id = r.id) and p.channel = 'treasury'
        and not exists (select from receipt_parts other join receipts k on k.id = other.receipt_id where other.allocation_id = x.id
          and not exists (select from receipt_events e where e.receipt_id = k.id and e.event in ('voided', 'reversed')))
        and not exists (select from allocation_lapses l where l.allocation_id = x.id)) end)`

/** Stretches of bills (low, high] in yuan, laid over their lines: the parts of receipts. `ranges` has key, bill_id, low, high, allocation_id. */
const partsOver = (ranges: RawBuilder<unknown>) => sql`
  select g.key, g.allocation_id, l.bill_id, l.line_no, least(g.high, l.high) - greatest(g.low, l.high - l.amount) as amount,
    round(l.volume_m3 * (least(g.high, l.high) - greatest(g.low, l.high - l.amount)) / l.amount, 3) as volume_m3,
    coalesce(case t.price->>'form' when 'flat' then t.price->>'perM3' end, '') as unit_price
  from (${ranges}) g join lateral (
      select b.bill_id, b.line_no, b.category_code, b.schedule_id, b.amount, b.volume_m3, sum(b.amount) over (order by b.line_no) as high
      from bill_lines b where b.bill_id = g.bill_id and b.amount > 0) l on g.low < l.high and l.high - l.amount < g.high
    left join rates t on t.schedule_id = l.schedule_id and t.category_code = l.category_code`

const perRun = 5_000

export type PreparedReceipts = {
  readonly receipts: number
  readonly notices: number
  readonly amount: string
  /** Drafts that were never asked for and stand for nothing any more. */
  readonly dropped: number
  /** Void and reversal requests that the next export will make. */
  readonly toEnd: number
}

/**
 * Drafts what the facts ask for, 5,000 at a time: a receipt for each payment and payer whose money paid bills and has none
 * yet (money a collector took is requested after payment), a new notice for what is left where a part payment voided one.
 * Drafts that stand for nothing any more are dropped; what the platform knows of is ended by the next export.
 */
export async function prepareReceipts(
  services: Services,
  envelope: Envelope,
  input: { readonly collectorCode?: string | undefined; readonly paidUntil?: CivilDate | undefined },
): Promise<CommandAnswer<PreparedReceipts> | Refusal> {
  const kind = {
    name: 'receipts.prepare',
    zh: '准备财政电子票据',
  } as const
  const plain = { collector: input.collectorCode ?? null, paidUntil: input.paidUntil ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx } = context
    await lockReceipts(trx)
    await holdPayments(trx)
    const dropped = await dropDrafts(context)
    // What was paid comes first: a new notice stands for what its bills still ask for, not for that.
    const receipts = await draft(context, 'receipt', paidParts(input))
    const notices = await draft(context, 'notice', noticesAnew)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from receipts r where ${liveReceipt} and ${isObsolete}`.execute(trx)
    return {
      receipts: receipts.count,
      notices: notices.count,
      amount: moneyText(receipts.amount),
      dropped,
      toEnd: rows[0]?.count ?? 0,
    }
  })
}

async function dropDrafts({ trx, today, commandId }: CommandContext): Promise<number> {
  const obsolete = await listReceipts(trx, { live: true, where: isObsolete, limit: 100_000 })
  const drafts = obsolete.filter(({ state }) => state === 'draft').map(({ receiptId }) => receiptId)
  if (drafts.length > 0) {
    await sql`
      insert into receipt_events (receipt_id, event, event_on, reason, command_id)
      select id, 'voided', ${today}::date, '未申请，款项已变动', ${commandId} from unnest(${drafts}::bigint[]) as d (id)`.execute(
      trx,
    )
  }
  return drafts.length
}

const livePartOf = (condition: RawBuilder<unknown>) => sql`exists (
  select from receipt_parts q join receipts r on r.id = q.receipt_id where ${condition} and ${liveReceipt})`

/** Live allocations without a live receipt, and whose bill has no live notice; the key is payment and payer. */
const paidParts = (input: {
  readonly collectorCode?: string | undefined
  readonly paidUntil?: CivilDate | undefined
}) => sql`
  select x.payment_id || '/' || b.discharger_id as key, x.id as allocation_id, x.bill_id, w.high - x.amount as low, w.high
  from allocations x join payments p on p.id = x.payment_id join bills b on b.id = x.bill_id join lateral (
      select coalesce(sum(e.amount), 0) as high from allocations e where e.bill_id = x.bill_id and e.id <= x.id
        and not exists (select from allocation_lapses l where l.allocation_id = e.id)) w on true
  where not exists (select from allocation_lapses l where l.allocation_id = x.id)
    and ${input.collectorCode === undefined ? sql`true` : sql`p.collector_id = (select id from collectors where code = ${input.collectorCode})`}
    and ${input.paidUntil === undefined ? sql`true` : sql`p.paid_on < ${input.paidUntil}::date`}
    and not ${livePartOf(sql`q.allocation_id = x.id`)}
    and not ${livePartOf(sql`q.allocation_id is null and q.bill_id = x.bill_id`)}`

/** What is open of bills whose notice was voided and that have none now; the key is the voided receipt. */
const noticesAnew = sql`
  select max(n.id)::text as key, null::bigint as allocation_id, o.bill_id, o.payable - o.outstanding as low, o.payable as high
  from receipts n join receipt_parts s on s.receipt_id = n.id join open_items o on o.bill_id = s.bill_id
  where n.kind = 'notice' and o.outstanding > 0 and exists (select from receipt_events e where e.receipt_id = n.id and e.event = 'voided')
    and not ${livePartOf(sql`q.allocation_id is null and q.bill_id = o.bill_id`)}
  group by o.bill_id, o.payable, o.outstanding`

/** Stores drafts of what `ranges` asks for, a receipt per key. */
async function draft(
  { trx, today, commandId }: CommandContext,
  kind: 'notice' | 'receipt',
  ranges: RawBuilder<unknown>,
): Promise<{ count: number; amount: Money; ids: ReceiptId[] }> {
  const year = yearOf(today)
  const { rows: keys } = await sql<{ key: string }>`
    select distinct key from (${ranges}) g order by key limit ${perRun}`.execute(trx)
  if (keys.length === 0) return { count: 0, amount: money('0.00'), ids: [] }
  const first = await takeNumbers(trx, receiptSequence, year, keys.length)
  const chosen = keys.map(({ key }) => key)
  const parts = sql`select * from (${ranges}) every where key = any(${chosen}::text[])`
  const { rows } = await sql<{ ids: ReceiptId[]; amount: string }>`
    with parts as materialized (${partsOver(parts)}),
    totals as (select key, sum(amount) as amount, min(bill_id) as bill_id, min(allocation_id) as allocation_id from parts group by key),
    drafted as (
      insert into receipts (number_year, number, kind, discharger_id, payment_id, amount, drafted_on, command_id)
      select ${year}, ${first} + row_number() over (order by t.key) - 1, ${kind}, b.discharger_id,
        (select payment_id from allocations x where x.id = t.allocation_id), t.amount, ${today}::date, ${commandId}
      from totals t join bills b on b.id = t.bill_id order by t.key returning id, number, amount),
    numbered as (select id, row_number() over (order by number) as place from drafted),
    keyed as (select n.id, k.key from numbered n join (select key, row_number() over (order by key) as place from totals) k using (place)),
    stored as (
      insert into receipt_parts (receipt_id, part_no, bill_id, line_no, allocation_id, amount, volume_m3, unit_price)
      select k.id, row_number() over (partition by k.id order by p.bill_id, p.line_no, p.allocation_id), p.bill_id, p.line_no, p.allocation_id,
        p.amount, p.volume_m3, p.unit_price from parts p join keyed k using (key))
    select array_agg(id::text order by number) as ids, coalesce(sum(amount), 0.00)::text as amount from drafted`.execute(
    trx,
  )
  return { count: keys.length, amount: money(rows[0]?.amount ?? '0.00'), ids: rows[0]?.ids ?? [] }
}

/**
 * Asks for a notice (缴款通知) over bills that are to be paid straight to the treasury: one payer, what is open of each.
 * Refuses bills with nothing open, of several payers, and with a live receipt.
 */
export async function draftNotice(
  services: Services,
  envelope: Envelope,
  input: { readonly bills: readonly string[] },
): Promise<CommandAnswer<{ receipt: string; amount: string; bills: readonly string[] }> | Refusal> {
  const kind = { name: 'receipts.draft-notice', zh: '申请缴款通知' } as const
  return runCommand(services, envelope, kind, { bills: input.bills }, async (context) => {
    const { trx } = context
    await lockReceipts(trx)
    await holdPayments(trx)
    const billIds = await openBills(trx, input.bills)
    if (isRefusal(billIds)) return billIds
    const { ids, amount } = await draft(
      context,
      'notice',
      sql`select 'notice' as key, null::bigint as allocation_id, o.bill_id, o.payable - o.outstanding as low, o.payable as high
        from open_items o where o.bill_id = any(${billIds}::bigint[])`,
    )
    const [drafted] = await listReceipts(trx, { receiptIds: ids, limit: 1 })
    return { receipt: drafted?.number ?? '', amount: moneyText(amount), bills: input.bills }
  })
}

async function openBills(trx: Trx, numbers: readonly string[]): Promise<BillId[] | Refusal> {
  const billIds: BillId[] = []
  let payer: string | undefined
  for (const bill of numbers) {
    const billId = billIdOfNumber(bill)
    const { rows } = await sql<{ discharger_id: string }>`
      select discharger_id from open_items where bill_id = ${billId ?? null}::bigint and outstanding > 0`.execute(trx)
    const [row] = rows
    if (row === undefined || billId === undefined) return refuseReceipt('notice_bill_not_open', { bill })
    if (payer !== undefined && payer !== row.discharger_id)
      return refuseReceipt('notice_of_several_payers', { bill, first: numbers[0] ?? '' })
    payer = row.discharger_id
    const [live] = await listReceipts(trx, { billId, live: true, where: sql`r.kind = 'notice'`, limit: 1 })
    if (live !== undefined) return refuseReceipt('notice_exists', { bill, receipt: live.number })
    billIds.push(billId)
  }
  return billIds
}
