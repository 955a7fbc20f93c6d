import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { ReceiptId } from '../kernel/ids.ts'
import type { Db } from '../platform/database.ts'
import { liveReceipt } from './receipt.queries.ts'
import type { Receipt, ReceiptEvent } from './receipt.ts'
import { resultImportKind } from './result.reasons.ts'

/** One row of the list of receipts; its state follows from its events. */
export interface ReceiptListRow {
  readonly id: string
  readonly number_year: number
  readonly number: number
  readonly kind: Receipt['kind']
  readonly payer: string
  readonly amount: string
  readonly drafted_on: CivilDate
  readonly events: readonly ReceiptEvent[]
  readonly bill_code: string | null
  readonly bill_number: string | null
}

export interface ReceiptListFilter {
  readonly waiting?: 'draft' | 'asked' | 'ended'
  readonly payer?: string
  readonly payment?: string
}

const latest = sql`(select e.event from receipt_events e where e.receipt_id = r.id order by e.id desc limit 1)`

/** The receipts that fit, without order and limit. */
export function receiptRows({ waiting, payer, payment }: ReceiptListFilter): RawBuilder<ReceiptListRow> {
  const conditions = [sql`true`]
  if (payer !== undefined)
    conditions.push(sql`r.discharger_id in (select x.id from dischargers x where x.code = ${payer})`)
  if (payment !== undefined) conditions.push(sql`r.payment_id = ${payment}::bigint`)
  if (waiting === 'draft')
    conditions.push(
      sql`${liveReceipt} and not exists (select from receipt_codes c where c.receipt_id = r.id) and coalesce(${latest}, 'refused') = 'refused'`,
    )
  if (waiting === 'asked') conditions.push(sql`${latest} in ('requested', 'void_requested', 'reversal_requested')`)
  if (waiting === 'ended') conditions.push(sql`not ${liveReceipt}`)
  return sql<ReceiptListRow>`
    select r.id, r.number_year, r.number, r.kind, d.name as payer, r.amount, r.drafted_on, c.bill_code, c.bill_number,
      (select coalesce(json_agg(e.event order by e.id), '[]') from receipt_events e where e.receipt_id = r.id) as events
    from receipts r join dischargers d on d.id = r.discharger_id left join receipt_codes c on c.receipt_id = r.id
    where ${sql.join(conditions, sql` and `)}`
}

/** What happened to a receipt, newest first. */
export async function receiptHistory(
  db: Db,
  receiptId: ReceiptId,
): Promise<
  readonly {
    readonly event: ReceiptEvent
    readonly event_on: CivilDate
    readonly actor: string
    readonly reason: string
  }[]
> {
  const { rows } = await sql<{ event: ReceiptEvent; event_on: CivilDate; actor: string; reason: string }>`
    select e.event, e.event_on, s.name as actor, e.reason from receipt_events e
      join commands c on c.command_id = e.command_id join staff s on s.id = c.actor_id
    where e.receipt_id = ${receiptId}::bigint order by e.id desc`.execute(db)
  return rows
}

/** Files of results that were taken in, newest first. */
export async function resultImports(db: Db, limit: number) {
  const { rows } = await sql<{
    id: string
    file_name: string
    acting_on: CivilDate
    rows_in: number
    rows_accepted: number
    rows_held: number
    rows_rejected: number
  }>`
    select i.id, i.file_name, c.acting_on, r.rows_in, r.rows_accepted, r.rows_held, r.rows_rejected
    from imports i join import_results r on r.import_id = i.id join commands c on c.command_id = i.command_id
    where i.kind = ${resultImportKind} order by i.id desc limit ${limit}`.execute(db)
  return rows
}
