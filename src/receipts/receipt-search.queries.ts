import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import { parseReceiptNumber, receiptNumber } from './receipt.ts'

/** A receipt or the request for one that answers to a number. */
export interface ReceiptHit {
  /** Our own number of the request. */
  readonly number: string
  /** As the finance platform numbered it; null before it did. */
  readonly billNumber: string | null
  readonly payer: string
}

/** Receipts by our own number, or by the official one. */
export async function receiptOfCode(db: Db | Trx, text: string, limit: number): Promise<ReceiptHit[]> {
  const own = parseReceiptNumber(text)
  const where =
    own === undefined ? sql`k.bill_number = ${text}` : sql`r.number_year = ${own.year} and r.number = ${own.number}`
  const { rows } = await sql<{ number_year: number; number: number; bill_number: string | null; payer: string }>`
    select r.number_year, r.number, k.bill_number, d.name as payer
    from receipts r join dischargers d on d.id = r.discharger_id left join receipt_codes k on k.receipt_id = r.id
    where ${where} limit ${limit}`.execute(db)
  return rows.map((row) => ({
    number: receiptNumber(row.number_year, row.number),
    billNumber: row.bill_number,
    payer: row.payer,
  }))
}
