import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { parseDocumentNumber } from '../remittance/numbers.ts'
import { findReconciliation } from '../remittance/reconciliation.queries.ts'
import { reconciliationDocument, settlementDocument, statementDocument } from '../remittance/remittance.document.ts'
import { findStatement } from '../remittance/statement.queries.ts'
import { refuseEvidence } from './evidence.refusals.ts'
import { among, approvals, type PackSubject, papersOf } from './pack-rows.ts'

/**
 * A remittance statement: each line with the payment, reversal or refund it is of, who drew, reviewed and approved it, the
 * vouchers with their scans, what finance and the treasury's files say of them, the contract, the entries in the books.
 */
export async function statementSubject(db: Db, text: string): Promise<PackSubject | Refusal> {
  const statement = await findStatement(db, text)
  if (isRefusal(statement)) return statement
  const id = sql`${statement.statementId}::bigint`
  const payments = sql`select payment_id from remittance_lines where statement_id = ${id} and payment_id is not null`
  const vouchers = sql`select id from remittance_vouchers where statement_id = ${id}`
  const commands = sql`select command_id from remittance_statements where id = ${id}
    union select command_id from remittance_outcomes where statement_id = ${id}
    union select command_id from remittance_voucher_outcomes where voucher_id in (${vouchers})
    union select command_id from remittance_receipt_reversals where voucher_id in (${vouchers})`
  return {
    kind: 'remittance_statement',
    number: statement.number,
    rows: [
      { table: 'remittance_statements', where: sql`t.id = ${id}` },
      { table: 'remittance_lines', where: sql`t.statement_id = ${id}` },
      { table: 'remittance_outcomes', where: sql`t.statement_id = ${id}` },
      ...approvals(sql`select proposal_id from remittance_outcomes where statement_id = ${id}`),
      { table: 'payments', where: among('id', payments) },
      { table: 'payment_sources', where: among('payment_id', payments) },
      { table: 'payment_reversals', where: among('payment_id', payments) },
      {
        table: 'refunds',
        where: among('id', sql`select source_id from remittance_lines where statement_id = ${id} and kind = 'refund'`),
      },
      {
        table: 'opening_held_money',
        where: among('id', sql`select source_id from remittance_lines where statement_id = ${id} and kind = 'opening'`),
      },
      {
        table: 'collectors',
        where: among('id', sql`select collector_id from remittance_statements where id = ${id}`),
      },
      {
        table: 'collector_contracts',
        where: among('id', sql`select contract_id from remittance_statements where id = ${id}`),
      },
      { table: 'remittance_vouchers', where: among('id', vouchers) },
      {
        table: 'stored_files',
        where: among('digest', sql`select file_digest from remittance_vouchers where id in (${vouchers})`),
      },
      { table: 'remittance_voucher_outcomes', where: among('voucher_id', vouchers) },
      { table: 'remittance_receipt_reversals', where: among('voucher_id', vouchers) },
      { table: 'treasury_matches', where: among('voucher_id', vouchers) },
      { table: 'journal_entries', where: among('command_id', commands) },
      {
        table: 'postings',
        where: among('entry_id', sql`select id from journal_entries where command_id in (${commands})`),
      },
      ...papersOf(statementDocument.name, statement.number),
    ],
  }
}

/** A quarterly reconciliation: its figures, the users on one side only, the three signatures or the return. */
export async function reconciliationSubject(db: Db, text: string): Promise<PackSubject | Refusal> {
  const found = await findReconciliation(db, text)
  if (isRefusal(found)) return found
  const id = sql`${found.reconciliationId}::bigint`
  return {
    kind: 'reconciliation',
    number: found.number,
    rows: [
      { table: 'reconciliations', where: sql`t.id = ${id}` },
      { table: 'reconciliation_cells', where: sql`t.reconciliation_id = ${id}` },
      { table: 'reconciliation_users', where: sql`t.reconciliation_id = ${id}` },
      { table: 'reconciliation_signatures', where: sql`t.reconciliation_id = ${id}` },
      { table: 'reconciliation_returns', where: sql`t.reconciliation_id = ${id}` },
      {
        table: 'sold_volume_declarations',
        where: sql`t.collector_id = (select collector_id from reconciliations where id = ${id}) and t.fee_month >= (
            select quarter_from from reconciliations where id = ${id})
          and t.fee_month < (select quarter_from + interval '3 months' from reconciliations where id = ${id})`,
      },
      ...papersOf(reconciliationDocument.name, found.number),
    ],
  }
}

/** An annual settlement: its lines, the declarations, write-offs and rates behind them, who approved it. */
export async function settlementSubject(db: Db, text: string): Promise<PackSubject | Refusal> {
  const number = parseDocumentNumber('settlement', text)
  const { rows } =
    number === undefined
      ? { rows: [] }
      : await sql<{ id: string }>`
          select id from annual_settlements where number_year = ${number.year} and number = ${number.number}`.execute(
          db,
        )
  const [found] = rows
  if (found === undefined) return refuseEvidence('evidence_settlement_unknown', { number: text })
  const id = sql`${found.id}::bigint`
  const collector = sql`(select collector_id from annual_settlements where id = ${id})`
  const year = sql`(select year from annual_settlements where id = ${id})`
  const writtenOff = sql`select w.bill_id from write_offs w join bills b on b.id = w.bill_id
    where w.collector_id = ${collector} and extract(year from b.fee_month) = ${year}`
  return {
    kind: 'annual_settlement',
    number: text.trim().toUpperCase(),
    rows: [
      { table: 'annual_settlements', where: sql`t.id = ${id}` },
      { table: 'annual_settlement_lines', where: sql`t.settlement_id = ${id}` },
      ...approvals(sql`select proposal_id from annual_settlements where id = ${id}
        union select proposal_id from write_offs where bill_id in (${writtenOff})`),
      { table: 'collectors', where: sql`t.id = ${collector}` },
      {
        table: 'sold_volume_declarations',
        where: sql`t.collector_id = ${collector} and extract(year from t.fee_month) = ${year}`,
      },
      { table: 'write_offs', where: among('bill_id', writtenOff) },
      ...papersOf(settlementDocument.name, text.trim().toUpperCase()),
    ],
  }
}
