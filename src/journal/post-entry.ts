import { firstDay } from '../kernel/calendar.ts'
import { invariant } from '../kernel/invariant.ts'
import { moneyText } from '../kernel/money.ts'
import type { CommandContext } from '../platform/command.ts'
import { entryFault } from './balance.rules.ts'
import { journalTables } from './journal.tables.ts'
import type { NewEntry } from './journal-entry.ts'

/**
 * Posts what a command means in the books, inside that command, and answers the number of the entry. Stops (a bug) on
 * an entry that does not balance. A reversal is an entry with the opposite signs; nothing posted is ever changed.
 */
export async function postEntry(context: CommandContext, entry: NewEntry): Promise<string> {
  const fault = entryFault(entry)
  invariant(fault === undefined, fault ?? '')
  const trx = journalTables(context.trx)
  const { id } = await trx
    .insertInto('journal_entries')
    .values({
      command_id: context.commandId,
      entry_on: entry.entryOn,
      memo: entry.memo,
      document_count: entry.documentCount,
      recorded_at: context.recordedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('postings')
    .values(
      entry.lines.map((line, index) => ({
        entry_id: id,
        line_no: index + 1,
        account_code: line.accountCode,
        fee_month: line.feeMonth === null ? null : firstDay(line.feeMonth),
        amount: moneyText(line.amount),
      })),
    )
    .execute()
  return id
}
