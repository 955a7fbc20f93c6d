import { sql } from 'kysely'
import { addCollectorContract } from '../../src/dischargers/add-collector-contract.ts'
import { digestedTables } from '../../src/evidence/fact-tables.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { answerObjection, receiveObjection } from '../../src/payments/objections.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { runCommand, type Services } from '../../src/platform/command.ts'
import type { Connection } from '../../src/platform/database.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { by, done } from './office.ts'
import { PlantTown } from './plant.ts'
import { SmallTown } from './small-town.ts'

/**
 * A town in which every fact table has a row, written by commands: two accounts billed and paid, a plant settled, and the
 * rest by one command of the tests' own. A stage with new tables adds to `rest`, or to the commands above it.
 */
export async function everyTable(
  connection: Connection,
): Promise<{ readonly town: SmallTown; readonly plant: PlantTown }> {
  const town = await SmallTown.found(connection, '2026-01-20')
  for (const account of ['1001', '1002', '1003', '1004']) await town.enrol(account, { openedOn: '2026-02-01' })
  town.on('2026-03-03')
  const rows = ['1001', '1002'].map((account) => ({ account, start: '0', end: '100', on: '2026-02-28' }))
  await town.read('2026-02', [...rows, { account: '1003', start: '7', end: '107', on: '2026-02-28' }])
  await town.bill('2026-02')
  await pay(town.services)
  const plant = new PlantTown(connection, '2026-03-03')
  await plant.settle()
  await plant.putInForce()
  await plant.bring(plant.monthFile('2026-01', { m3: '5500' }, { 31: { m3: '14200' } }))
  const claim = await plant.claim('2026-01')
  await plant.approve(claim)
  await plant.pay(claim)
  await writeTheRest(town.services)
  return { town, plant }
}

async function pay(services: Services): Promise<void> {
  const paid = async (reference: string, accountNo: string, amount: string) =>
    (
      await done(
        recordPayment(services, by('clerk'), {
          collectorCode: 'water',
          reference,
          accountNo,
          paidOn: civilDate('2026-03-03'),
          amount,
        }),
      )
    ).paymentId
  await done(reversePayment(services, by('clerk'), { paymentId: await paid('R1', '1001', '140.00'), reason: '重复' }))
  const paymentId = await paid('R2', '1002', '200.00')
  const refund = { paymentId, amount: '60.00', refundedBy: 'collector' as const, evidence: '申请' }
  const { proposalId } = await done(proposeRefund(services, by('clerk'), refund))
  await done(decideRefund(services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
  const objection = { bill: '2026-000001', from: '示例用户', grounds: '水量', evidence: '' }
  const { objectionId } = await done(receiveObjection(services, by('clerk'), objection))
  await done(answerObjection(services, by('approver'), { objectionId, outcome: 'kept', reason: '核对无误' }))
  await done(setSetting(services, by('admin'), { name: 'estimates.maximum_in_a_row', value: '2', citation: '示例' }))
  await done(
    addCollectorContract(services, by('clerk'), {
      collectorCode: 'water',
      contractNo: 'HT-1',
      document: '示例合同',
      remittancePeriod: 'quarter',
      from: civilDate('2026-01-01'),
    }),
  )
}

/** What no command above reaches, written through the door all the same. */
async function writeTheRest(services: Services): Promise<void> {
  const kind = { name: 'test.write-the-rest', zh: '测试', roles: ['bureau_clerk'] } as const
  const outcome = await runCommand(services, by('clerk', { commandId: restCommand }), kind, {}, async ({ trx }) => {
    await sql.raw(rest).execute(trx)
    return {}
  })
  if (isRefusal(outcome)) throw new Error(outcome.code)
  const empty: string[] = []
  for (const table of digestedTables) {
    const { rows } = await sql`select from ${sql.table(table)} limit 1`.execute(services.db)
    if (rows.length === 0) empty.push(table)
  }
  if (empty.length > 0) throw new Error(`everyTable leaves these tables without a row: ${empty.join(', ')}`)
}

const restCommand = 'test-write-the-rest'
const account = (no: string) => `(select id from accounts where account_no = '${no}')`
const proposal = (subject: string) => `(select id from proposals where kind = 'test' and subject = '${subject}')`
const payer = `(select id from dischargers where code = 'P1003')`
const installation = (no: string) => `(select id from installations where account_id = ${account(no)})`

const rest = `
insert into proposals (kind, subject, content, content_digest, maker_id, command_id, recorded_at)
  select 'test', subject, '{}', 'digest', id, '${restCommand}', now() from staff, (values ('a'), ('b'), ('c')) as p (subject)
  where code = 'clerk';
insert into imports (kind, scope, file_digest, file_name, format, mapping, command_id, recorded_at)
  values ('test', 'every-table', 'digest', 'a.csv', '{}', '{}', '${restCommand}', now());
insert into import_rows (import_id, row_no, verdict, cells, reasons)
  select id, 1, 'held', '["x"]', '[{"code": "test"}]' from imports where kind = 'test';
insert into import_results (import_id, rows_in, rows_accepted, rows_held, rows_rejected)
  select id, 1, 0, 1, 0 from imports where kind = 'test';
insert into import_row_decisions (import_id, row_no, decision, reason, command_id, recorded_at)
  select id, 1, 'rejected', '测试', '${restCommand}', now() from imports where kind = 'test';
insert into column_mappings (kind, scope, header_digest, mapping, command_id, recorded_at)
  values ('test', 'water', 'digest', '{}', '${restCommand}', now());
insert into connection_agreements (discharger_id, agreement_no, signed_on, valid_from, command_id)
  values (${payer}, 'XY-1', '2026-01-01', '2026-01-01', '${restCommand}');
insert into outlets (discharger_id, outlet_no, has_sampling_well, valid_from, command_id)
  values (${payer}, 'PK-1', true, '2026-01-01', '${restCommand}');
insert into account_suspensions (account_id, reason, valid_from, command_id)
  values (${account('1003')}, '停产', '2026-03-01', '${restCommand}');
insert into installation_shares (installation_id, share_no, account_id, share_ratio, agreement, valid_from, command_id)
  values (${installation('1003')}, 1, ${account('1003')}, 1, '示例协议', '2026-03-01', '${restCommand}');
update installations set valid_until = '2026-03-02' where account_id = ${account('1004')};
insert into installation_removals (installation_id, final_reading, reason, command_id)
  values (${installation('1004')}, 5, '拆除', '${restCommand}');
update account_holders set valid_until = '2026-03-02' where account_id = ${account('1004')};
update account_categories set valid_until = '2026-03-02' where account_id = ${account('1004')};
insert into account_closures (account_id, closed_on, reason, command_id)
  values (${account('1004')}, '2026-03-02', '销户', '${restCommand}');
insert into roster_publications (version_id, published_on, command_id)
  select id, '2026-03-03', '${restCommand}' from roster_versions limit 1;
insert into reading_endings (reading_id, reason, command_id) select min(id), '撤回', '${restCommand}' from meter_readings;
insert into opening_readings (installation_id, read_on, reading, command_id)
  values (${installation('1003')}, '2026-01-31', 0, '${restCommand}');
insert into opening_uses (account_id, fee_month, volume_m3, command_id)
  values (${account('1003')}, '2026-01-01', 80, '${restCommand}');
insert into volume_bases (account_id, basis, evidence, clause, valid_from, proposal_id, command_id)
  values (${account('1003')}, 'exempt', '示例', '151号第十一条', '2026-03-01', ${proposal('a')}, '${restCommand}');
insert into own_source_declarations (account_id, fee_month, volume_m3, evidence, proposal_id, command_id)
  values (${account('1003')}, '2026-02-01', 10, '示例', ${proposal('b')}, '${restCommand}');
insert into rated_flow_decisions (account_id, fee_month, rated_flow_m3_per_hour, reason, proposal_id, command_id)
  values (${account('1003')}, '2026-02-01', 25, '示例', ${proposal('c')}, '${restCommand}');
insert into bill_run_discards (run_id, reason, command_id) select min(id), '测试', '${restCommand}' from bill_runs;
insert into bill_run_exceptions (run_id, account_id, status, reason)
  select min(id), ${account('1001')}, 'held', '[]' from bill_runs;`
