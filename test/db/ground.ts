import { sql } from 'kysely'
import type { Db, Trx } from '../../src/platform/database.ts'

/**
 * A small house written straight into the tables, one or two rows of each kind, so that tests can try what the database
 * itself refuses: a clerk and an approver, one enterprise with its agreement, account and meter, a rate, and one bill of
 * 12,345 m³ × 1.40 with its journal entry. The command is `ground-0001`.
 */
export async function layGround(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => void (await sql.raw(ground).execute(trx)))
}

const ground = `
insert into organisations (code, name, kind) values ('bureau', '城管局', 'bureau');
insert into staff (code, name, organisation_id)
  select person.code, person.name, o.id from organisations o, (values ('clerk', '经办'), ('approver', '审批')) as person (code, name);
insert into staff_roles (staff_id, role, valid_from)
  select id, case code when 'clerk' then 'bureau_clerk' else 'bureau_approver' end, '2024-01-01' from staff;
insert into commands (command_id, name, actor_id, acting_on, input, input_digest, recorded_at)
  select 'ground-0001', 'test.ground', id, '2025-04-01', '{}', 'digest', now() from staff where code = 'clerk';
insert into audit_events (seq, command_id, answer, previous_hash, hash)
  values (1, 'ground-0001', '{}', repeat('0', 64), repeat('1', 64));
insert into proposals (kind, subject, content, content_digest, maker_id, command_id, recorded_at)
  select 'test', subject, '{}', 'digest', id, 'ground-0001', now()
  from staff, (values ('decided'), ('undecided')) as p (subject) where code = 'clerk';
insert into proposal_decisions (proposal_id, maker_id, decided_by, decision, command_id, recorded_at)
  select p.id, p.maker_id, s.id, 'approved', 'ground-0001', now() from proposals p, staff s
  where p.subject = 'decided' and s.code = 'approver';
insert into settings (name, value, citation, command_id, recorded_at) values ('test', '{}', '第一条', 'ground-0001', now());
insert into number_sequences (kind, year, last_number) values ('test', 2025, 7);
insert into imports (kind, scope, file_digest, file_name, format, mapping, command_id, recorded_at)
  values ('test', '2025-03', 'digest', 'a.csv', '{}', '{}', 'ground-0001', now());
insert into import_results (import_id, rows_in, rows_accepted, rows_held, rows_rejected) select id, 3, 1, 1, 1 from imports;
insert into journal_entries (command_id, entry_on, memo, document_count, recorded_at)
  values ('ground-0001', '2025-04-01', 'bills of 2025-03', 1, now());
insert into postings (entry_id, line_no, account_code, fee_month, amount)
  select id, line_no, account_code, '2025-03-01', amount from journal_entries,
    (values (1, 'fees_receivable', 17283.00), (2, 'fees_due_to_treasury', -17283.00)) as line (line_no, account_code, amount);
insert into price_categories (code, name_zh, name_en, command_id) values ('industry', '工业', 'industry', 'ground-0001');
insert into collectors (code, name, command_id) values ('water-co', '供水公司', 'ground-0001');
insert into dischargers (code, name, kind, command_id) values ('D1', '甲机关', 'institution', 'ground-0001');
insert into connection_agreements (discharger_id, agreement_no, signed_on, valid_from, command_id)
  select id, 'A1', '2024-01-01', '2024-01-01', 'ground-0001' from dischargers;
insert into accounts (collector_id, account_no, supply, opened_on, command_id)
  select id, '0001', 'public', '2024-01-01', 'ground-0001' from collectors;
insert into account_holders (account_id, discharger_id, valid_from, command_id)
  select a.id, d.id, '2024-01-01', 'ground-0001' from accounts a, dischargers d;
insert into account_categories (account_id, payer_group, category_code, valid_from, command_id)
  select id, 'park_enterprise', 'industry', '2024-01-01', 'ground-0001' from accounts;
insert into meters (collector_id, meter_no, command_id) select id, 'M1', 'ground-0001' from collectors;
insert into installations (meter_id, account_id, purpose, digits, initial_reading, valid_from, command_id)
  select m.id, a.id, 'supply', 6, 0, '2024-01-01', 'ground-0001' from meters m, accounts a;
insert into rate_schedules (code, title, approval_document, issuer, straddle, clause, valid_from, proposal_id, command_id)
  select 'S1', '收费标准', '〔2024〕1号', '发改委', 'by-days', '第九条', '2024-01-01', id, 'ground-0001'
  from proposals where subject = 'decided';
insert into rates (schedule_id, category_code, price, valid_from) select id, 'industry', '{}', '2024-01-01' from rate_schedules;
insert into meter_readings (account_id, installation_id, fee_month, kind, source, used_from, used_until, read_on,
    start_reading, end_reading, volume_m3, command_id)
  select account_id, id, '2025-03-01', 'normal', 'actual', '2025-03-01', '2025-04-01', '2025-03-31', 21300, 33645, 12345,
    'ground-0001' from installations;
${issueOf({ bills: [{ number: 1, month: '2025-03-01', amount: '17283.00', lines: ['17283.00'] }] })}`

interface PlantedIssue {
  readonly bills: readonly { number: number; month: string; amount: string; lines: readonly string[] }[]
  /** What the issue says of itself, where that is not the truth. */
  readonly said?: { readonly count?: number; readonly total?: string; readonly first?: number }
}

/** The statements of one act of issuing over the ground's account. */
export function issueOf({ bills, said = {} }: PlantedIssue): string {
  const total = bills.map(({ amount }) => amount).join(' + ')
  const billRows = bills.map(
    ({ number, month, amount }) => `insert into bills (number_year, number, issue_id, kind, account_id, discharger_id,
    fee_month, due_on, volume_m3, total_amount)
  select 2025, ${number}, max(i.id), 'original', a.id, d.id, '${month}', '2025-04-10', 12345, ${amount}
  from bill_issues i, accounts a, dischargers d group by a.id, d.id;`,
  )
  const lineRows = bills.flatMap(({ number, month, lines }) =>
    lines.map(
      (amount, index) => `insert into bill_lines (bill_id, line_no, category_code, schedule_id, basis, used_from,
    used_until, volume_m3, amount, derivation)
  select b.id, ${index + 1}, 'industry', s.id, 'public_meter', '${month}', '${month}'::date + 1, 1, ${amount}, '{}'
  from bills b, rate_schedules s where b.number = ${number};`,
    ),
  )
  return `insert into bill_issues (kind, number_year, first_number, bill_count, total_amount, issued_on, command_id, recorded_at)
  values ('correction', 2025, ${said.first ?? bills[0]?.number ?? 1}, ${said.count ?? bills.length}, ${said.total ?? total},
    '2025-04-01', 'ground-0001', now());
${billRows.join('\n')}
${lineRows.join('\n')}`
}

/**
 * What the database says to statements that are then undone: the SQLSTATE and name of its refusal, or `undefined` where
 * it let them pass. What is checked at commit is checked too.
 */
export async function refusalOf(
  db: Db,
  statements: string,
): Promise<{ state: string; constraint?: string } | undefined> {
  const undone = new Error('undone')
  try {
    await db.transaction().execute(async (trx: Trx) => {
      await sql.raw(statements).execute(trx)
      await sql`set constraints all immediate`.execute(trx)
      throw undone
    })
  } catch (error) {
    if (error === undone) return undefined
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code === undefined) throw error
    return constraint === undefined ? { state: code } : { state: code, constraint }
  }
  throw new Error('a transaction that was to be undone was committed')
}
