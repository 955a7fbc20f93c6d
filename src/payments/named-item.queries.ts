import { sql } from 'kysely'
import { billIdOf, parseBillNumber } from '../bills/bill.ts'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { refusePayment } from './payment.refusals.ts'
import type { OpenItem } from './payment.ts'

/** Open items by bill, settled ones too; bills that ask for no money are left out. */
export async function itemsOf(db: Db | Trx, billIds: readonly BillId[]): Promise<Map<BillId, OpenItem>> {
  if (billIds.length === 0) return new Map()
  const { rows } = await sql<{
    bill_id: BillId
    account_id: AccountId
    discharger_id: DischargerId
    fee_month: CivilDate
    due_on: CivilDate
    payable: string
    outstanding: string
  }>`select bill_id, account_id, discharger_id, fee_month, due_on, payable, outstanding from open_items
    where bill_id = any(${billIds}::bigint[])`.execute(db)
  return new Map(
    rows.map((row) => [
      row.bill_id,
      {
        billId: row.bill_id,
        accountId: row.account_id,
        dischargerId: row.discharger_id,
        feeMonth: monthOf(row.fee_month),
        dueOn: row.due_on,
        payable: money(row.payable),
        outstanding: money(row.outstanding),
      },
    ]),
  )
}

/** The bill of a number as text; `undefined` where it is no number of a bill. */
export function billIdOfNumber(number: string): BillId | undefined {
  const parsed = parseBillNumber(number.trim())
  return parsed === undefined ? undefined : billIdOf(parsed.year, parsed.number)
}

/** Bills that a person names, in their order. Refuses numbers of bills that ask for no money or are of somebody else. */
export async function namedItems(
  db: Db | Trx,
  numbers: readonly string[],
  of: { readonly accountId: AccountId | null; readonly dischargerId: DischargerId; readonly payment: string },
): Promise<OpenItem[] | Refusal> {
  const ids = numbers.map(billIdOfNumber)
  const items = await itemsOf(
    db,
    ids.flatMap((id) => id ?? []),
  )
  const found: OpenItem[] = []
  for (const [index, number] of numbers.entries()) {
    const id = ids[index]
    const item = id === undefined ? undefined : items.get(id)
    if (item === undefined) return refusePayment('item_unknown', { number })
    if (item.dischargerId !== of.dischargerId && item.accountId !== of.accountId)
      return refusePayment('item_of_other_payer', { number, payment: of.payment })
    found.push(item)
  }
  return found
}

/** One bill that a person names. */
export async function namedItem(
  db: Db | Trx,
  number: string,
  of: Parameters<typeof namedItems>[2],
): Promise<OpenItem | Refusal> {
  const items = await namedItems(db, [number], of)
  if (isRefusal(items)) return items
  return items[0] ?? refusePayment('item_unknown', { number })
}
