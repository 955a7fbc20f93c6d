import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import { addMoney, type Money, money, subtractMoney } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind } from '../platform/page.ts'
import { journalTables } from './journal.tables.ts'
import type { JournalAccountCode, JournalEntry, TrialBalance } from './journal-entry.ts'

/** Every account's debits, credits and balance, of entries before `until` and of one fee month where they are given. */
export async function trialBalance(
  db: Db | Trx,
  filter: { readonly until?: CivilDate; readonly feeMonth?: FeeMonth } = {},
): Promise<TrialBalance> {
  let counted = journalTables(db)
    .selectFrom('postings')
    .innerJoin('journal_entries', 'journal_entries.id', 'postings.entry_id')
    .select('postings.account_code')
    .select(sql<string>`coalesce(sum(amount) filter (where amount > 0), 0.00)`.as('debit'))
    .select(sql<string>`coalesce(-sum(amount) filter (where amount < 0), 0.00)`.as('credit'))
    .groupBy('postings.account_code')
  if (filter.until !== undefined) counted = counted.where('journal_entries.entry_on', '<', filter.until)
  if (filter.feeMonth !== undefined) counted = counted.where('postings.fee_month', '=', firstDay(filter.feeMonth))
  const rows = await journalTables(db)
    .selectFrom('journal_accounts as a')
    .leftJoin(counted.as('sums'), 'sums.account_code', 'a.code')
    .select(['a.code', 'a.name_zh', 'a.name_en', 'sums.debit', 'sums.credit'])
    .orderBy(sql`array_position(array['asset', 'liability', 'income', 'expense'], a.kind), a.code`)
    .execute()
  const accounts = rows.map((row) => {
    const debit = money(row.debit ?? '0.00')
    const credit = money(row.credit ?? '0.00')
    const balance = subtractMoney(debit, credit)
    return { accountCode: row.code, nameZh: row.name_zh, nameEn: row.name_en, debit, credit, balance }
  })
  return {
    accounts,
    debit: addMoney(accounts.map(({ debit }) => debit)),
    credit: addMoney(accounts.map(({ credit }) => credit)),
  }
}

/** Balance of a fee account by fee month (debit − credit), months without a line left out. */
export async function balancesByMonth(db: Db | Trx, account: JournalAccountCode): Promise<Map<FeeMonth, Money>> {
  const rows = await journalTables(db)
    .selectFrom('postings')
    .select('fee_month')
    .select(sql<string>`sum(amount)`.as('balance'))
    .where('account_code', '=', account)
    .groupBy('fee_month')
    .orderBy('fee_month')
    .execute()
  return new Map(
    rows.flatMap((row) => (row.fee_month === null ? [] : [[monthOf(row.fee_month), money(row.balance)] as const])),
  )
}

/** Entries newest first, with their lines; those before the entry `before` where it is given. */
export async function newestEntries(db: Db | Trx, limit: number, before?: string): Promise<JournalEntry[]> {
  const entries = await journalTables(db)
    .selectFrom('journal_entries')
    .selectAll()
    .where(behind(['id'], before === undefined ? undefined : [before], 'desc'))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const lines = await journalTables(db)
    .selectFrom('postings')
    .selectAll()
    .where(sql<boolean>`entry_id = any(${entries.map(({ id }) => id)}::bigint[])`)
    .orderBy('entry_id')
    .orderBy('line_no')
    .execute()
  const linesByEntry = new Map<string, typeof lines>()
  for (const line of lines) linesByEntry.set(line.entry_id, [...(linesByEntry.get(line.entry_id) ?? []), line])
  return entries.map((entry) => ({
    entryId: entry.id,
    commandId: entry.command_id,
    entryOn: entry.entry_on,
    memo: entry.memo,
    documentCount: entry.document_count,
    recordedAt: entry.recorded_at,
    lines: (linesByEntry.get(entry.id) ?? []).map((line) => ({
      accountCode: line.account_code as JournalAccountCode,
      feeMonth: line.fee_month === null ? null : monthOf(line.fee_month),
      amount: money(line.amount),
    })),
  }))
}
