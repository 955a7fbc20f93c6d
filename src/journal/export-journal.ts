import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import type { Db } from '../platform/database.ts'

/** Plain-text books: both programs read the same entries; only the declarations at the head differ in their form. */
export const journalFormats = ['hledger', 'ledger'] as const
export type JournalFormat = (typeof journalFormats)[number]

const entriesPerRead = 2_000

const roots: Record<string, string> = {
  asset: 'Assets',
  liability: 'Liabilities',
  income: 'Income',
  expense: 'Expenses',
}

// Whoever reads them strictly refuses a commodity or, in ledger, a tag that was not declared.
const heads: Record<JournalFormat, string> = {
  hledger: 'commodity 1000.00 CNY',
  ledger: 'commodity CNY\n    format 1000.00 CNY\ntag command\ntag documents\ntag month',
}

/**
 * The books as text for hledger or ledger, block by block: accounts by their English codes below the kind of account, one
 * commodity CNY, the number of the entry as its code, the memo as its description, command, documents and the month of
 * use as tags. `until` (excluded) ends it. Reads only.
 */
export async function* journalText(
  db: Db,
  format: JournalFormat,
  filter: { readonly until?: CivilDate } = {},
): AsyncGenerator<string> {
  const { rows: accounts } = await sql<{ code: string; kind: string; name_zh: string }>`
    select code, kind, name_zh from journal_accounts order by kind, code`.execute(db)
  const nameOf = new Map(accounts.map(({ code, kind }) => [code, `${roots[kind] ?? 'Equity'}:${code}`]))
  const declared = accounts.map(
    ({ code, name_zh }) =>
      `account ${nameOf.get(code)}${format === 'hledger' ? `  ; ${name_zh}` : `\n    note ${name_zh}`}`,
  )
  yield `${heads[format]}\n${declared.join('\n')}\n\n`
  let after = '0'
  for (;;) {
    const rows = await linesAfter(
      db,
      after,
      filter.until === undefined ? sql`true` : sql`entry_on < ${filter.until}::date`,
    )
    const last = rows.at(-1)
    if (last === undefined) return
    let text = ''
    let entry = ''
    for (const row of rows) {
      if (row.id !== entry) {
        text += `${entry === '' ? '' : '\n'}${row.entry_on} (${row.id}) ${oneLine(row.memo)}\n    ; command: ${oneLine(row.command_id)}\n    ; documents: ${row.document_count}\n`
        entry = row.id
      }
      const month = row.fee_month === null ? '' : `  ; month: ${monthOf(row.fee_month)}`
      text += `    ${nameOf.get(row.account_code)}  ${row.amount} CNY${month}\n`
    }
    yield `${text}\n`
    after = last.id
  }
}

// Memos hold names of files, which may be anything: a line break would begin a posting, a semicolon a comment, and a bar
// parts payee and note.
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc};|]+/gu, ' ').trim()

interface EntryLine {
  readonly id: string
  readonly entry_on: CivilDate
  readonly memo: string
  readonly command_id: string
  readonly document_count: number
  readonly account_code: string
  readonly fee_month: CivilDate | null
  readonly amount: string
}

async function linesAfter(db: Db, after: string, where: RawBuilder<unknown>): Promise<EntryLine[]> {
  const { rows } = await sql<EntryLine>`
    select e.id, e.entry_on, e.memo, e.command_id, e.document_count, p.account_code, p.fee_month, p.amount::text
    from (select * from journal_entries where id > ${after}::bigint and ${where} order by id limit ${entriesPerRead}) e
      join postings p on p.entry_id = e.id order by e.id, p.line_no`.execute(db)
  return rows
}
