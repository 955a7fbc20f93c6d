import { sql } from 'kysely'
import { billIdOf, parseBillNumber } from '../bills/bill.ts'
import { findLog } from '../enforcement/matter.queries.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { findClaim } from '../settlement/claim.queries.ts'
import { refuseEvidence } from './evidence.refusals.ts'
import { among, approvals, filesOf, type PackSubject } from './pack-rows.ts'

/**
 * A bill from meter to payment: its lines with their derivation, the readings and files behind them, prices and who
 * approved them, the run and its approval, the entry in the books, what it corrects or what corrects it, what paid it.
 */
export async function billSubject(db: Db, text: string): Promise<PackSubject | Refusal> {
  const number = parseBillNumber(text)
  const { rows } =
    number === undefined
      ? { rows: [] }
      : await sql`select from bills where id = ${billIdOf(number.year, number.number)}::bigint`.execute(db)
  if (number === undefined || rows.length === 0) return refuseEvidence('evidence_bill_unknown', { number: text })
  const billId = sql`${billIdOf(number.year, number.number)}::bigint`
  const bills = sql`select b.id from bills b where b.id = ${billId} or b.corrects_bill_id = ${billId}
    or b.id = (select c.corrects_bill_id from bills c where c.id = ${billId})`
  const issues = sql`select issue_id from bills where id in (${bills})`
  const entries = sql`select entry_id from bill_issues where id in (${issues})`
  const readings = sql`select (value #>> '{}')::bigint from bill_lines l, jsonb_path_query(l.derivation, '$.**.reading') as value
    where l.bill_id in (${bills}) and value #>> '{}' ~ '^[0-9]+$'
    union select (value #>> '{}')::bigint from bill_lines l, jsonb_path_query(l.derivation, '$.**.closing') as value
    where l.bill_id in (${bills}) and value #>> '{}' ~ '^[0-9]+$'`
  const schedules = sql`select schedule_id from bill_lines where bill_id in (${bills})`
  const payments = sql`select payment_id from allocations where bill_id in (${bills})`
  const accounts = sql`select account_id from bills where id in (${bills})`
  const imports = sql`select import_id from meter_readings where id in (${readings}) and import_id is not null
    union select import_id from payments where id in (${payments}) and import_id is not null`
  return {
    kind: 'bill',
    number: text,
    rows: [
      { table: 'bills', where: among('id', bills) },
      { table: 'bill_lines', where: among('bill_id', bills) },
      { table: 'bill_issues', where: among('id', issues) },
      { table: 'bill_runs', where: among('id', sql`select run_id from bill_issues where id in (${issues})`) },
      { table: 'dischargers', where: among('id', sql`select discharger_id from bills where id in (${bills})`) },
      { table: 'accounts', where: among('id', accounts) },
      { table: 'account_holders', where: among('account_id', accounts) },
      { table: 'account_categories', where: among('account_id', accounts) },
      { table: 'meter_readings', where: among('id', readings) },
      {
        table: 'installations',
        where: among('id', sql`select installation_id from meter_readings where id in (${readings})`),
      },
      ...filesOf(imports),
      { table: 'rate_schedules', where: among('id', schedules) },
      { table: 'rates', where: among('schedule_id', schedules) },
      ...approvals(sql`select proposal_id from rate_schedules where id in (${schedules})
        union select proposal_id from bill_issues where id in (${issues})`),
      { table: 'journal_entries', where: among('id', entries) },
      { table: 'postings', where: among('entry_id', entries) },
      { table: 'payments', where: among('id', payments) },
      { table: 'payment_sources', where: among('payment_id', payments) },
      { table: 'payment_reversals', where: among('payment_id', payments) },
      { table: 'allocations', where: among('bill_id', bills) },
      {
        table: 'allocation_lapses',
        where: among('allocation_id', sql`select id from allocations where bill_id in (${bills})`),
      },
    ],
  }
}

/** A plant's claim: its calculation, the days and files behind it, the agreement and who approved it, steps, entries. */
export async function claimSubject(db: Db, text: string): Promise<PackSubject | Refusal> {
  const claim = await findClaim(db, text)
  if (isRefusal(claim)) return claim
  const claimId = sql`${claim.claimId}::bigint`
  const plantId = sql`${claim.plantId}::bigint`
  const months = [claim.month, ...claim.calculation.corrections.map(({ month }) => month)]
  const days = sql`select id from plant_days where plant_id = ${plantId} and to_char(day, 'YYYY-MM') = any(${months}::text[])`
  const agreements = sql`select id from concession_agreements where plant_id = ${plantId}`
  const commands = sql`select command_id from service_fee_steps where claim_id = ${claimId}`
  return {
    kind: 'service_fee_claim',
    number: claim.number,
    rows: [
      { table: 'service_fee_claims', where: sql`t.id = ${claimId}` },
      { table: 'service_fee_steps', where: sql`t.claim_id = ${claimId}` },
      { table: 'organisations', where: sql`t.id = ${plantId}` },
      { table: 'plant_days', where: among('id', days) },
      ...filesOf(sql`select import_id from plant_days where id in (${days})`),
      { table: 'concession_agreements', where: among('id', agreements) },
      ...approvals(sql`select proposal_id from concession_agreements where id in (${agreements})`),
      { table: 'journal_entries', where: among('command_id', commands) },
      {
        table: 'postings',
        where: among('entry_id', sql`select id from journal_entries where command_id in (${commands})`),
      },
    ],
  }
}

/**
 * A case on an unpaid fee: the report, the order it rests on with its bills and what paid them, every step of both logs with
 * its proof and its papers, who approved each, the decision in numbers, and what it moved in the books.
 */
export async function caseSubject(db: Db, text: string): Promise<PackSubject | Refusal> {
  const log = await findLog(db, 'case', text)
  if (log === undefined || log.caseId === null) return refuseEvidence('evidence_case_unknown', { number: text })
  const caseId = sql`${log.caseId}::bigint`
  const orderId = sql`${log.orderId}::bigint`
  const steps = sql`select id from enforcement_steps where order_id = ${orderId} and (case_id is null or case_id = ${caseId})`
  const bills = sql`select bill_id from order_bills where order_id = ${orderId}
    union select bill_id from fine_case_bills where case_id = ${caseId}`
  const payments = sql`select payment_id from allocations where bill_id in (${bills})`
  const commands = sql`select command_id from enforcement_steps where id in (${steps})
    union select command_id from orders_to_pay where id = ${orderId} union select command_id from fine_cases where id = ${caseId}`
  const entries = sql`select entry_id from fine_postings where case_id = ${caseId}`
  const papers = sql`select id from issued_documents where command_id in (${commands})`
  return {
    kind: 'fine_case',
    number: text,
    rows: [
      { table: 'fine_cases', where: sql`t.id = ${caseId}` },
      { table: 'fine_case_bills', where: sql`t.case_id = ${caseId}` },
      { table: 'fines', where: sql`t.case_id = ${caseId}` },
      { table: 'fine_postings', where: sql`t.case_id = ${caseId}` },
      { table: 'orders_to_pay', where: sql`t.id = ${orderId}` },
      { table: 'order_bills', where: sql`t.order_id = ${orderId}` },
      { table: 'enforcement_steps', where: among('id', steps) },
      { table: 'discretion_grids', where: sql`true` },
      { table: 'estimate_reviews', where: among('bill_id', bills) },
      { table: 'issued_documents', where: among('id', papers) },
      {
        table: 'stored_files',
        where: among(
          'digest',
          sql`select evidence_digest from enforcement_steps where id in (${steps})
          union select report_digest from fine_cases where id = ${caseId}
          union select file_digest from issued_documents where id in (${papers})
          union select evidence_digest from estimate_reviews where bill_id in (${bills})`,
        ),
      },
      ...approvals(sql`select proposal_id from enforcement_steps where id in (${steps})
        union select proposal_id from orders_to_pay where id = ${orderId} union select proposal_id from fine_cases where id = ${caseId}
        union select proposal_id from discretion_grids`),
      { table: 'dischargers', where: among('id', sql`select discharger_id from orders_to_pay where id = ${orderId}`) },
      { table: 'bills', where: among('id', bills) },
      { table: 'bill_lines', where: among('bill_id', bills) },
      { table: 'payments', where: among('id', payments) },
      { table: 'payment_reversals', where: among('payment_id', payments) },
      { table: 'allocations', where: among('bill_id', bills) },
      {
        table: 'allocation_lapses',
        where: among('allocation_id', sql`select id from allocations where bill_id in (${bills})`),
      },
      { table: 'journal_entries', where: among('id', entries) },
      { table: 'postings', where: among('entry_id', entries) },
    ],
  }
}
