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
 * A town in which much has happened by ordinary commands: two accounts billed and paid, a plant settled. `rest` then puts
 * a row into every fact table that is still empty, so that a stage's new tables are tried without a line here.
 */
export async function everyTable(connection: Connection): Promise<{
  readonly town: SmallTown
  readonly plant: PlantTown
  /** Puts a row into each table that has none; from then on its facts no longer hold together as facts. */
  readonly rest: () => Promise<string[]>
}> {
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
  return { town, plant, rest: () => writeTheRest(town.services) }
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

/** A value of each type; what checks a table puts to its values is dropped first, for this database is thrown away. */
const values: Readonly<Record<string, string>> = {
  text: `'x'`,
  numeric: '1',
  bigint: '1',
  integer: '1',
  smallint: '1',
  boolean: 'true',
  date: `'2026-03-01'`,
  'timestamp with time zone': 'now()',
  jsonb: `'{"x": 1}'`,
  uuid: 'gen_random_uuid()',
  'text[]': `'{x}'`,
  'bigint[]': `'{1}'`,

  'time without time zone': `'08:00'`,
}

/**
 * A row in every table that no command above reaches, written through the door all the same. Only what digests rows is at
 * work meanwhile; values mean nothing, and references lead nowhere.
 */
async function writeTheRest(services: Services): Promise<string[]> {
  const { db } = services
  const empty: string[] = []
  for (const table of digestedTables) {
    const { rows } = await sql`select from ${sql.table(table)} limit 1`.execute(db)
    if (rows.length === 0) empty.push(table)
  }
  const inserts: string[] = []
  for (const table of empty) {
    const { rows: checks } = await sql<{ name: string }>`
      select conname as name from pg_constraint where conrelid = ${table}::regclass and contype = 'c'`.execute(db)
    for (const { name } of checks)
      await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(db)
    await sql`alter table ${sql.table(table)} enable always trigger rows_are_digested`.execute(db)
    const { rows: columns } = await sql<{ name: string; type: string }>`
      select attname as name, format_type(atttypid, null) as type from pg_attribute where attrelid = ${table}::regclass
        and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '' and attname <> 'valid_until'`.execute(
      db,
    )
    const given = columns.map(({ name, type }) =>
      name === 'command_id' ? `'${restCommand}'` : (values[type] ?? `no value of ${type}`),
    )
    inserts.push(`insert into ${table} (${columns.map(({ name }) => name).join(', ')}) values (${given.join(', ')});`)
  }
  const kind = { name: 'test.write-the-rest', zh: '测试', permission: 'bills.open-run' } as const
  const outcome = await runCommand(services, by('clerk', { commandId: restCommand }), kind, {}, async ({ trx }) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    await sql.raw(inserts.join('\n')).execute(trx)
    await sql`set local session_replication_role = origin`.execute(trx)
    return {}
  })
  if (isRefusal(outcome)) throw new Error(outcome.code)
  for (const table of empty) await sql`alter table ${sql.table(table)} enable trigger rows_are_digested`.execute(db)
  return empty
}

const restCommand = 'test-write-the-rest'
