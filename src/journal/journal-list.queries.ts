import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'

/** One entry in the list of the books. */
export interface EntryListRow {
  readonly id: string
  readonly entry_on: CivilDate
  readonly memo: string
  readonly document_count: number
  readonly amount: string
  readonly recorded_at: Date
}

export interface EntryListFilter {
  readonly from?: CivilDate | undefined
  readonly to?: CivilDate | undefined
}

/** The entries that fit, without order and limit; the amount is the sum of the debits. */
export function entryRows(filter: EntryListFilter): RawBuilder<EntryListRow> {
  return sql<EntryListRow>`
    select e.id, e.entry_on, e.memo, e.document_count, e.recorded_at,
      (select coalesce(sum(p.amount) filter (where p.amount > 0), 0.00) from postings p where p.entry_id = e.id) as amount
    from journal_entries e
    where ${filter.from === undefined ? sql`true` : sql`e.entry_on >= ${filter.from}::date`}
      and ${filter.to === undefined ? sql`true` : sql`e.entry_on <= ${filter.to}::date`}`
}

/** One entry with its lines and who made it. */
export interface EntryInFull {
  readonly entryId: string
  readonly entryOn: CivilDate
  readonly memo: string
  readonly documentCount: number
  readonly recordedAt: Date
  readonly commandId: string
  readonly madeBy: string
  readonly lines: readonly {
    readonly accountCode: string
    readonly nameZh: string
    readonly nameEn: string
    readonly feeMonth: CivilDate | null
    readonly amount: string
  }[]
}

export async function findEntry(db: Db | Trx, entryId: string): Promise<EntryInFull | undefined> {
  const { rows } = await sql<Omit<EntryInFull, 'lines'>>`
    select e.id as "entryId", e.entry_on as "entryOn", e.memo, e.document_count as "documentCount", e.recorded_at as "recordedAt",
      e.command_id as "commandId", s.name as "madeBy"
    from journal_entries e join commands c on c.command_id = e.command_id join staff s on s.id = c.actor_id
    where e.id = ${entryId}::bigint`.execute(db)
  const [entry] = rows
  if (entry === undefined) return undefined
  const lines = await sql<EntryInFull['lines'][number]>`
    select p.account_code as "accountCode", a.name_zh as "nameZh", a.name_en as "nameEn", p.fee_month as "feeMonth", p.amount::text
    from postings p join journal_accounts a on a.code = p.account_code
    where p.entry_id = ${entryId}::bigint order by p.line_no`.execute(db)
  return { ...entry, lines: lines.rows }
}

/** One line of an account with the entry it stands in. */
export interface LedgerListRow {
  readonly entry_id: string
  readonly line_no: number
  readonly place: string
  readonly entry_on: CivilDate
  readonly memo: string
  readonly fee_month: CivilDate | null
  readonly amount: string
}

export interface LedgerListFilter extends EntryListFilter {
  readonly month?: FeeMonth | undefined
}

/** The lines of one account that fit, without order and limit. */
export function ledgerRows(accountCode: string, filter: LedgerListFilter): RawBuilder<LedgerListRow> {
  return sql<LedgerListRow>`
    select p.entry_id, p.line_no, p.entry_id * 1000 + p.line_no as place, e.entry_on, e.memo, p.fee_month, p.amount,
      greatest(p.amount, 0) as debit, greatest(-p.amount, 0) as credit
    from postings p join journal_entries e on e.id = p.entry_id
    where p.account_code = ${accountCode}
      and ${filter.month === undefined ? sql`true` : sql`p.fee_month = ${firstDay(filter.month)}::date`}
      and ${filter.from === undefined ? sql`true` : sql`e.entry_on >= ${filter.from}::date`}
      and ${filter.to === undefined ? sql`true` : sql`e.entry_on <= ${filter.to}::date`}`
}

/** The names of the accounts of the books, by code. */
export async function accountNames(
  db: Db | Trx,
): Promise<ReadonlyMap<string, { readonly zh: string; readonly en: string }>> {
  const { rows } = await sql<{ code: string; zh: string; en: string }>`
    select code, name_zh as zh, name_en as en from journal_accounts`.execute(db)
  return new Map(rows.map(({ code, ...names }) => [code, names]))
}
