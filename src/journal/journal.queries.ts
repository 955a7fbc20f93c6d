import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import { addMoney, type Money, money, subtractMoney } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind } from '../platform/page.ts'
import { journalTables } from './journal.tables.ts'
import type { AccountLedger, JournalAccountCode, JournalEntry, TrialBalance } from './journal-entry.ts'

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

/**
 * One account's lines in order of their days, with the balance after each (明细账); the first `limit` of them.
 * `undefined` for an unknown account.
 */
export async function accountLedger(
  db: Db | Trx,
  accountCode: string,
  filter: {
    readonly from?: CivilDate | undefined
    readonly until?: CivilDate | undefined
    readonly feeMonth?: FeeMonth | undefined
    readonly limit: number
  },
): Promise<AccountLedger | undefined> {
  const { rows: accounts } = await sql<{ name_zh: string; name_en: string }>`
    select name_zh, name_en from journal_accounts where code = ${accountCode}`.execute(db)
  const [account] = accounts
  if (account === undefined) return undefined
  const { from, until, feeMonth, limit } = filter
  const lines = sql`
    from postings p join journal_entries e on e.id = p.entry_id where p.account_code = ${accountCode}
      and ${feeMonth === undefined ? sql`true` : sql`p.fee_month = ${firstDay(feeMonth)}::date`}
      and ${until === undefined ? sql`true` : sql`e.entry_on < ${until}::date`}`
  const begins = from === undefined ? sql`false` : sql`e.entry_on < ${from}::date`
  const { rows: sums } = await sql<{ opening: string; closing: string; count: number }>`
    select coalesce(sum(amount) filter (where ${begins}), 0.00)::text as opening, coalesce(sum(amount), 0.00)::text as closing,
      (count(*) filter (where not ${begins}))::int as count ${lines}`.execute(db)
  const { rows } = await sql<{
    id: string
    entry_on: CivilDate
    memo: string
    fee_month: CivilDate | null
    amount: string
  }>`
    select e.id, e.entry_on, e.memo, p.fee_month, p.amount::text ${lines} and not ${begins}
    order by e.entry_on, e.id, p.line_no limit ${limit}`.execute(db)
  const [sum] = sums
  const opening = money(sum?.opening ?? '0.00')
  let balance = opening
  return {
    accountCode,
    nameZh: account.name_zh,
    nameEn: account.name_en,
    opening,
    lines: rows.map((row) => {
      const amount = money(row.amount)
      balance = addMoney([balance, amount])
      const month = row.fee_month === null ? null : monthOf(row.fee_month)
      return { entryId: row.id, entryOn: row.entry_on, memo: row.memo, feeMonth: month, amount, balance }
    }),
    closing: money(sum?.closing ?? '0.00'),
    more: (sum?.count ?? 0) > rows.length,
  }
}

/** Balance of a fee account by fee month (debit − credit), of all or of some entries; months without a line left out. */
export async function balancesByMonth(
  db: Db | Trx,
  account: JournalAccountCode,
  entryIds?: readonly string[],
): Promise<Map<FeeMonth, Money>> {
  let query = journalTables(db)
    .selectFrom('postings')
    .select('fee_month')
    .select(sql<string>`sum(amount)`.as('balance'))
    .where('account_code', '=', account)
    .groupBy('fee_month')
    .orderBy('fee_month')
  if (entryIds !== undefined) query = query.where(sql<boolean>`entry_id = any(${entryIds}::bigint[])`)
  const rows = await query.execute()
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
