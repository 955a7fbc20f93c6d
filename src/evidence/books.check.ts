import { sql } from 'kysely'
import { trialBalance } from '../journal/journal.queries.ts'
import type { TieOutOf } from '../journal/subledger.ts'
import { moneyText } from '../kernel/money.ts'
import type { Services } from '../platform/command.ts'
import { type CheckReport, type Finding, findingsShown } from './verification.ts'

/** Every entry sums to zero, the trial balance too, and each control account equals its subledger (what must hold, 2). */
export async function checkBooks({ db }: Services, tieOutOf: TieOutOf): Promise<CheckReport> {
  const { rows: counts } = await sql<{ entries: number; postings: number }>`
    select (select count(*)::int from journal_entries) as entries, (select count(*)::int from postings) as postings`.execute(
    db,
  )
  const { rows: unbalanced } = await sql<{ id: string; sum: string | null; seq: string | null }>`
    select e.id, sum(p.amount)::text as sum, max(v.seq)::text as seq from journal_entries e
      left join postings p on p.entry_id = e.id left join audit_events v on v.command_id = e.command_id
    group by e.id having count(p.*) < 2 or sum(p.amount) <> 0 order by e.id limit ${findingsShown}`.execute(db)
  const findings: Finding[] = unbalanced.map(({ id, sum, seq }) => ({
    table: 'postings',
    row: `entry_id=${id}`,
    event: seq,
    zh: `凭证 ${id} 不平：合计 ${sum ?? '无分录'}`,
    en: `entry ${id} does not balance: it sums to ${sum ?? 'nothing'}`,
  }))
  const { debit, credit } = await trialBalance(db)
  if (!debit.eq(credit))
    findings.push({
      table: 'postings',
      row: '*',
      event: null,
      zh: `试算不平：借 ${moneyText(debit)}，贷 ${moneyText(credit)}`,
      en: `the trial balance is off: debit ${moneyText(debit)}, credit ${moneyText(credit)}`,
    })
  const ties = await tieOutOf(db)
  for (const { accountCode, feeMonth, books, subledger } of ties) {
    if (books.eq(subledger)) continue
    findings.push({
      table: 'postings',
      row: [accountCode, feeMonth ?? ''].join(' ').trim(),
      event: null,
      zh: `总账 ${moneyText(books)}，明细 ${moneyText(subledger)}`,
      en: `the books say ${moneyText(books)}, the subledger ${moneyText(subledger)}`,
    })
  }
  return {
    check: 'books',
    zh: '账簿与明细',
    en: 'books and subledgers',
    counted: [
      { what: 'entries', zh: '凭证', count: counts[0]?.entries ?? 0 },
      { what: 'postings', zh: '分录', count: counts[0]?.postings ?? 0 },
      { what: 'control accounts', zh: '控制科目', count: ties.length },
    ],
    findings,
  }
}
