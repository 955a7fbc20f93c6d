import { sql } from 'kysely'
import { postEntry } from '../journal/post-entry.ts'
import type { TieOut } from '../journal/subledger.ts'
import { addMoney, type Money, money, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { fineBalance, finePaymentsOf } from './claim.rules.ts'
import { type FineMovements, finePostings } from './enforcement.postings.ts'
import { enforcementTables } from './enforcement.tables.ts'
import type { FineCase } from './enforcement.ts'
import type { Step } from './steps.ts'

/**
 * Brings the books of one case to what its steps say, and posts the difference: the fine as it stands, what was paid, and,
 * where `withAddition`, the addition up to today. A fine that was annulled so reverses itself.
 */
export async function postFine(
  context: CommandContext,
  { caseId, number }: Pick<FineCase, 'caseId' | 'number'>,
  steps: readonly Step[],
  withAddition: boolean,
): Promise<void> {
  const posted = await postedOf(context.trx, caseId)
  const { fine, addition, paid } = fineBalance(steps, finePaymentsOf(steps), context.today)
  const moved: FineMovements = {
    fine: subtractMoney(fine, posted.fine),
    addition: withAddition ? subtractMoney(addition.amount, posted.addition) : zeroMoney,
    paid: subtractMoney(paid, posted.paid),
  }
  const lines = finePostings(moved)
  if (lines.length === 0) return
  const entryId = await postEntry(context, {
    entryOn: context.today,
    memo: `处罚案件 ${number}`,
    documentCount: 1,
    lines,
  })
  await enforcementTables(context.trx)
    .insertInto('fine_postings')
    .values(
      (['fine', 'addition', 'paid'] as const)
        .filter((kind) => !moved[kind].isZero())
        .map((kind) => ({
          case_id: caseId,
          kind,
          amount: moneyText(moved[kind]),
          entry_id: entryId,
          command_id: context.commandId,
        })),
    )
    .execute()
}

async function postedOf(trx: Trx, caseId: string): Promise<FineMovements> {
  const rows = await enforcementTables(trx)
    .selectFrom('fine_postings')
    .select(['kind', 'amount'])
    .where('case_id', '=', caseId)
    .execute()
  const sumOf = (kind: keyof FineMovements): Money =>
    addMoney(rows.filter((row) => row.kind === kind).map((row) => money(row.amount)))
  return { fine: sumOf('fine'), addition: sumOf('addition'), paid: sumOf('paid') }
}

/** The control accounts of fines beside their subledger; handed in where the entries are composed. */
export async function fineTieOut(db: Db | Trx): Promise<TieOut[]> {
  const { rows } = await sql<{ account_code: TieOut['accountCode']; books: string; subledger: string }>`
    with sums as (
      select coalesce(sum(amount) filter (where kind <> 'paid'), 0) as owed,
        coalesce(sum(amount) filter (where kind = 'paid'), 0) as paid from fine_postings)
    select c.account_code, coalesce(sum(p.amount), 0)::text as books, c.subledger::text
    from (select 'fines_receivable' as account_code, owed - paid as subledger from sums
      union all select 'fine_income', -owed from sums
      union all select 'fine_treasury_received', paid from sums) c left join postings p using (account_code)
    group by c.account_code, c.subledger having coalesce(sum(p.amount), 0) <> 0 or c.subledger <> 0
    order by c.account_code`.execute(db)
  return rows.map((row) => ({
    accountCode: row.account_code,
    feeMonth: null,
    books: money(row.books),
    subledger: money(row.subledger),
  }))
}
