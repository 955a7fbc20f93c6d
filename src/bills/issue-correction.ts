import { sql } from 'kysely'
import { postEntry } from '../journal/post-entry.ts'
import { type CivilDate, type FeeMonth, firstDay, yearOf } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../kernel/ids.ts'
import { addMoney, type Money, moneyText } from '../kernel/money.ts'
import { addVolumes, volumeText } from '../kernel/volume.ts'
import type { CommandContext } from '../platform/command.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import { billSequence } from './approve-run.ts'
import { billPostings } from './bill.postings.ts'
import { billTables } from './bill.tables.ts'
import { type BillKind, type BillLine, billNumber, type CorrectionReason } from './bill.ts'

/** One document of a correction, before it has a number. */
export interface CorrectionDocument {
  readonly kind: Exclude<BillKind, 'original'>
  readonly accountId: AccountId
  readonly dischargerId: DischargerId
  readonly feeMonth: FeeMonth
  readonly generation: number
  readonly correctsBillId: BillId
  readonly dueOn: CivilDate
  readonly lines: readonly BillLine[]
}

/** Issues the documents of one correction: the next numbers, bills, lines and one journal entry. */
export async function issueCorrection(
  context: CommandContext,
  documents: readonly CorrectionDocument[],
  ground: { readonly reason: CorrectionReason; readonly evidence: string; readonly proposalId: string },
): Promise<{ readonly issueId: string; readonly numbers: string[]; readonly amount: Money }> {
  const { trx, today } = context
  const tables = billTables(trx)
  const year = yearOf(today)
  const first = await takeNumbers(trx, billSequence, year, documents.length)
  const amountOf = (document: CorrectionDocument) => addMoney(document.lines.map((line) => line.amount))
  const amount = addMoney(documents.map(amountOf))
  const byMonth = new Map<FeeMonth, Money>()
  for (const document of documents) {
    byMonth.set(
      document.feeMonth,
      addMoney([
        amountOf(document),
        ...(byMonth.has(document.feeMonth) ? [byMonth.get(document.feeMonth) as Money] : []),
      ]),
    )
  }
  const postings = billPostings(byMonth)
  const entryId =
    postings.length === 0
      ? null
      : await postEntry(context, {
          entryOn: today,
          memo: `更正账单 ${ground.evidence}`,
          documentCount: documents.length,
          lines: postings,
        })
  const { id: issueId } = await tables
    .insertInto('bill_issues')
    .values({
      kind: 'correction',
      run_id: null,
      proposal_id: ground.proposalId,
      number_year: year,
      first_number: first,
      bill_count: documents.length,
      total_amount: moneyText(amount),
      issued_on: today,
      entry_id: entryId,
      command_id: context.commandId,
      recorded_at: context.recordedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [index, document] of documents.entries()) {
    const { id } = await tables
      .insertInto('bills')
      .values({
        number_year: year,
        number: first + index,
        issue_id: issueId,
        kind: document.kind,
        account_id: document.accountId,
        discharger_id: document.dischargerId,
        fee_month: firstDay(document.feeMonth),
        generation: document.generation,
        corrects_bill_id: document.correctsBillId,
        reason: ground.reason,
        evidence: ground.evidence,
        due_on: document.dueOn,
        volume_m3: volumeText(addVolumes(document.lines.map((line) => line.volumeM3))),
        total_amount: moneyText(amountOf(document)),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tables
      .insertInto('bill_lines')
      .values(
        document.lines.map((line, lineIndex) => ({
          bill_id: id,
          line_no: lineIndex + 1,
          category_code: line.categoryCode,
          schedule_id: line.scheduleId,
          basis: line.basis,
          used_from: line.used.from,
          used_until: line.used.until,
          volume_m3: volumeText(line.volumeM3),
          amount: moneyText(line.amount),
          derivation: JSON.stringify(line.derivation),
        })),
      )
      .execute()
  }
  return { issueId, numbers: documents.map((_, index) => billNumber(year, first + index)), amount }
}

/** The generation a rebill of this account and month would have. */
export async function nextGeneration(
  context: CommandContext,
  accountId: AccountId,
  feeMonth: FeeMonth,
): Promise<number> {
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(generation), 0)::int + 1 as next from bills
    where account_id = ${accountId}::bigint and fee_month = ${firstDay(feeMonth)}::date and kind in ('original', 'rebill')`.execute(
    context.trx,
  )
  return rows[0]?.next ?? 1
}
