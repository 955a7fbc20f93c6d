import { type RawBuilder, sql } from 'kysely'
import { numberOfBillId } from '../bills/bill.ts'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import type { BillId, ReceiptBatchId, ReceiptId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { stateAfter, waitsFor } from './receipt.rules.ts'
import {
  parseReceiptNumber,
  type Receipt,
  type ReceiptEvent,
  type ReceiptNumber,
  type ReceiptPart,
  receiptNumber,
} from './receipt.ts'
import { refuseReceipt } from './receipts.refusals.ts'

/** Not voided and not reversed. The condition is about `r`. */
export const liveReceipt = sql`not exists (
  select from receipt_events e where e.receipt_id = r.id and e.event in ('voided', 'reversed'))`

export interface ReceiptFilter {
  readonly receiptIds?: readonly ReceiptId[] | undefined
  readonly number?: ReceiptNumber | undefined
  readonly numbers?: readonly ReceiptNumber[] | undefined
  readonly paymentId?: string | undefined
  readonly billId?: BillId | undefined
  readonly batchId?: ReceiptBatchId | undefined
  readonly live?: boolean
  readonly where?: RawBuilder<unknown>
  readonly limit: number
}

/** Receipts in the order they were drafted, with their parts and what became of them. */
export async function listReceipts(db: Db | Trx, filter: ReceiptFilter): Promise<Receipt[]> {
  const conditions: RawBuilder<unknown>[] = [filter.where ?? sql`true`]
  if (filter.receiptIds !== undefined) conditions.push(sql`r.id = any(${filter.receiptIds}::bigint[])`)
  if (filter.number !== undefined)
    conditions.push(sql`r.number_year = ${filter.number.year} and r.number = ${filter.number.number}`)
  if (filter.numbers !== undefined)
    conditions.push(sql`r.id in (
      select x.id from unnest(${filter.numbers.map(({ year }) => year)}::int[],
        ${filter.numbers.map(({ number }) => number)}::int[]) as asked (year, number)
        join receipts x on x.number_year = asked.year and x.number = asked.number)`)
  if (filter.paymentId !== undefined) conditions.push(sql`r.payment_id = ${filter.paymentId}::bigint`)
  if (filter.billId !== undefined)
    conditions.push(sql`r.id in (select receipt_id from receipt_parts where bill_id = ${filter.billId}::bigint)`)
  if (filter.batchId !== undefined)
    conditions.push(sql`r.id in (select receipt_id from receipt_events where batch_id = ${filter.batchId}::bigint)`)
  if (filter.live) conditions.push(liveReceipt)
  const { rows } = await sql<{
    id: ReceiptId
    number_year: number
    number: number
    kind: Receipt['kind']
    payer: string
    payer_code: string
    payer_account: string | null
    payer_bank: string | null
    payment_id: string | null
    reference: string | null
    paid_on: CivilDate | null
    amount: string
    drafted_on: CivilDate
    events: readonly { readonly event: ReceiptEvent; readonly reason: string }[]
    bill_code: string | null
    bill_number: string | null
    check_code: string | null
    payment_code: string | null
  }>`
    select r.id, r.number_year, r.number, r.kind, d.name as payer, d.code as payer_code, f.account as payer_account,
      f.bank as payer_bank, r.payment_id, p.reference, p.paid_on, r.amount,
      r.drafted_on, c.bill_code, c.bill_number, coalesce(nullif(c.check_code, ''), late_check.code) as check_code,
      coalesce(nullif(c.payment_code, ''), late_payment.code) as payment_code,
      (select coalesce(json_agg(json_build_object('event', e.event, 'reason', e.reason) order by e.id), '[]')
        from receipt_events e where e.receipt_id = r.id) as events
    from receipts r join dischargers d on d.id = r.discharger_id left join payments p on p.id = r.payment_id
      left join payment_sources f on f.payment_id = r.payment_id
      left join receipt_codes c on c.receipt_id = r.id
      left join receipt_later_codes late_check on late_check.receipt_id = r.id and late_check.field = 'check_code'
      left join receipt_later_codes late_payment on late_payment.receipt_id = r.id and late_payment.field = 'payment_code'
    where ${sql.join(conditions, sql` and `)} order by r.id limit ${filter.limit}`.execute(db)
  const parts = await partsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const events = row.events.map(({ event }) => event)
    return {
      receiptId: row.id,
      number: receiptNumber(row.number_year, row.number),
      kind: row.kind,
      payerName: row.payer,
      payerCode: row.payer_code,
      payerAccount: row.payer_account ?? '',
      payerBank: row.payer_bank ?? '',
      paymentId: row.payment_id,
      paymentReference: row.reference,
      paidOn: row.paid_on,
      amount: money(row.amount),
      draftedOn: row.drafted_on,
      state: stateAfter(events),
      waitsFor: waitsFor(events),
      codes:
        row.bill_code === null
          ? undefined
          : {
              billCode: row.bill_code,
              billNumber: row.bill_number ?? '',
              checkCode: row.check_code ?? '',
              paymentCode: row.payment_code ?? '',
            },
      lastReason: row.events.at(-1)?.reason ?? '',
      parts: parts.get(row.id) ?? [],
    }
  })
}

async function partsOf(db: Db | Trx, receiptIds: readonly ReceiptId[]): Promise<Map<ReceiptId, ReceiptPart[]>> {
  const { rows } = await sql<{
    receipt_id: ReceiptId
    bill_id: BillId
    account_no: string
    fee_month: CivilDate
    category: string
    category_en: string
    amount: string
    volume_m3: string
    unit_price: string
  }>`
    select p.receipt_id, p.bill_id, a.account_no, b.fee_month, c.name_zh as category, c.name_en as category_en,
      p.amount, p.volume_m3, p.unit_price
    from receipt_parts p join bills b on b.id = p.bill_id join accounts a on a.id = b.account_id
      join bill_lines l on l.bill_id = p.bill_id and l.line_no = p.line_no join price_categories c on c.code = l.category_code
    where p.receipt_id = any(${receiptIds}::bigint[]) order by p.receipt_id, p.part_no`.execute(db)
  const parts = new Map<ReceiptId, ReceiptPart[]>()
  for (const row of rows) {
    const part = {
      bill: numberOfBillId(row.bill_id),
      accountNo: row.account_no,
      feeMonth: monthOf(row.fee_month),
      category: row.category,
      categoryEn: row.category_en,
      amount: money(row.amount),
      volumeM3: volume(row.volume_m3),
      unitPrice: row.unit_price,
    }
    parts.set(row.receipt_id, [...(parts.get(row.receipt_id) ?? []), part])
  }
  return parts
}

/** One receipt by the number of its request. Refuses an unknown one. */
export async function findReceipt(db: Db | Trx, number: string): Promise<Receipt | Refusal> {
  const parsed = parseReceiptNumber(number)
  const [found] = parsed === undefined ? [] : await listReceipts(db, { number: parsed, limit: 1 })
  return found ?? refuseReceipt('receipt_unknown', { receipt: number })
}

/** The requests that official numbers belong to, by 票据代码 and 号码 with a blank between. */
export async function requestsByOfficialNumber(
  db: Db | Trx,
  asked: readonly { readonly billCode: string; readonly billNumber: string }[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ bill_code: string; bill_number: string; number_year: number; number: number }>`
    select c.bill_code, c.bill_number, r.number_year, r.number
    from unnest(${asked.map(({ billCode }) => billCode)}::text[], ${asked.map(({ billNumber }) => billNumber)}::text[])
        as asked (bill_code, bill_number)
      join receipt_codes c on c.bill_code = asked.bill_code and c.bill_number = asked.bill_number
      join receipts r on r.id = c.receipt_id`.execute(db)
  return new Map(rows.map((row) => [`${row.bill_code} ${row.bill_number}`, receiptNumber(row.number_year, row.number)]))
}

/** Official numbers received so far, by 票据代码: for the report of gaps. */
export async function numbersByCode(db: Db | Trx): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ bill_code: string; bill_number: string }>`
    select bill_code, bill_number from receipt_codes order by bill_code, bill_number`.execute(db)
  const numbers = new Map<string, string[]>()
  for (const row of rows) numbers.set(row.bill_code, [...(numbers.get(row.bill_code) ?? []), row.bill_number])
  return numbers
}

export interface ReceiptBatch {
  readonly batchId: ReceiptBatchId
  readonly number: string
  readonly format: 'csv' | 'xml'
  readonly encoding: 'utf-8' | 'gbk'
  readonly terms: ReceiptTerms
  readonly requests: number
  readonly fileDigest: string
  readonly exportedOn: CivilDate
}

/** The codes and names that every request carries. */
export interface ReceiptTerms {
  readonly unitCode: string
  readonly unitName: string
  readonly itemCode: string
  readonly itemName: string
  readonly payeeName: string
  readonly payeeAccount: string
  readonly payeeBank: string
}

export function batchNumber(year: number, number: number): string {
  return `B${year}-${String(number).padStart(4, '0')}`
}

/** Batches newest first. */
export async function listBatches(db: Db | Trx, limit: number): Promise<ReceiptBatch[]> {
  const { rows } = await sql<{
    id: ReceiptBatchId
    number_year: number
    number: number
    format: ReceiptBatch['format']
    encoding: ReceiptBatch['encoding']
    terms: ReceiptTerms
    request_count: number
    file_digest: string
    exported_on: CivilDate
  }>`select * from receipt_batches order by id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({
    batchId: row.id,
    number: batchNumber(row.number_year, row.number),
    format: row.format,
    encoding: row.encoding,
    terms: row.terms,
    requests: row.request_count,
    fileDigest: row.file_digest,
    exportedOn: row.exported_on,
  }))
}

/** What a batch asked, in the order of its file. */
export async function requestsOf(
  db: Db | Trx,
  batchId: ReceiptBatchId,
): Promise<{ readonly receiptId: ReceiptId; readonly event: ReceiptEvent }[]> {
  const { rows } = await sql<{ receiptId: ReceiptId; event: ReceiptEvent }>`
    select receipt_id as "receiptId", event from receipt_events where batch_id = ${batchId}::bigint order by receipt_id`.execute(
    db,
  )
  return rows
}
