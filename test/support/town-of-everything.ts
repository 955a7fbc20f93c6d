import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addCollectorContract } from '../../src/dischargers/add-collector-contract.ts'
import { addContact } from '../../src/dischargers/add-contact.ts'
import { addOutlet } from '../../src/dischargers/add-outlet.ts'
import { importRegistry } from '../../src/dischargers/import-registry.ts'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { registerDischarger } from '../../src/dischargers/register-discharger.ts'
import { draftOrder, issueOrder } from '../../src/enforcement/draft-order.ts'
import { fileCase, reportCase } from '../../src/enforcement/open-case.ts'
import { orderServedMessage } from '../../src/enforcement/order-served.message.ts'
import { approveStep, proposeStep, recordStep } from '../../src/enforcement/take-step.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { present } from '../../src/kernel/invariant.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { receiveObjection } from '../../src/payments/objections.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { runCommand } from '../../src/platform/command.ts'
import { makeMessages } from '../../src/platform/outbox/make-messages.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { insertRole, insertStaff } from '../../src/platform/staff.store.ts'
import { roles } from '../../src/platform/staff.ts'
import { approveLimits } from '../../src/quality/approve-limits.ts'
import { importSamples } from '../../src/quality/import-samples.ts'
import { proposeLimits } from '../../src/quality/propose-limits.ts'
import { reportAccident } from '../../src/quality/report-accident.ts'
import { exportReceipts } from '../../src/receipts/export-receipts.ts'
import { prepareReceipts } from '../../src/receipts/prepare-receipts.ts'
import { claimFee } from '../../src/remittance/claim-fee.ts'
import { decideStatement, reviewStatement } from '../../src/remittance/decide-statement.ts'
import { decideVoucher } from '../../src/remittance/decide-voucher.ts'
import { drawReconciliation } from '../../src/remittance/draw-reconciliation.ts'
import { drawStatement } from '../../src/remittance/draw-statement.ts'
import { importTreasuryFile } from '../../src/remittance/import-treasury.ts'
import { submitVoucher } from '../../src/remittance/submit-voucher.ts'
import { by, done } from './office.ts'
import { PlantTown } from './plant.ts'
import { SmallTown } from './small-town.ts'

/** Every role that one person may hold: that of the schedule stands alone, and so does that of an enterprise. */
const everyRole = roles.filter((role) => role !== 'scheduler' && role !== 'enterprise_user')

/** Somebody who may ask for everything: no command gives one person the roles of several bodies. */
async function holdEveryRole(town: SmallTown, code: string): Promise<void> {
  const kind = { name: 'platform.add-staff', zh: '增加人员' } as const
  await done(
    runCommand(town.services, by('admin'), kind, { code }, async ({ trx, today }) => {
      const bureau = await trx.selectFrom('organisations').select('id').where('code', '=', 'bureau').executeTakeFirst()
      const organisationId = present(bureau, 'the bureau').id
      const staffId = await insertStaff(trx, { code, name: code, organisationId, certificateNo: `示例${code}` })
      for (const role of everyRole) await insertRole(trx, { staffId, role, from: today })
      return { code }
    }),
  )
}

async function enrolInstitution(town: SmallTown): Promise<void> {
  const party = { code: 'P1006', name: '示例单位', kind: 'institution', address: '示例路1号' } as const
  await done(registerDischarger(town.services, by('clerk'), { ...party, productIsMainlyWater: false }))
  const terms = { supply: 'public', payerGroup: 'urban_resident', category: 'non-resident' } as const
  const account = {
    collectorCode: 'water',
    accountNo: '1006',
    dischargerCode: 'P1006',
    openedOn: civilDate('2026-02-01'),
  }
  await done(openAccount(town.services, by('clerk'), { ...account, ...terms }))
}

/** An order that lapsed, and a case on it of which the party was told. */
async function openCase(town: SmallTown): Promise<void> {
  const bytes = new TextEncoder().encode('扫描件')
  const evidence = { name: 'scan.pdf', digest: createHash('sha256').update(bytes).digest('hex'), bytes }
  const served = { how: 'direct', to: '张三', capacity: 'mail_receiver' }
  town.on('2026-04-14')
  const order = await done(draftOrder(town.services, by('clerk'), { discharger: 'P1006' }))
  const { number } = await done(issueOrder(town.services, by('approver'), order))
  const service = { log: 'order', number, step: 'order_served', fields: served, evidence } as const
  await done(recordStep(town.services, by('clerk'), service))
  town.on('2026-05-06')
  const report = await done(
    reportCase(town.services, by('chief'), { order: number, second: 'chief-2', report: evidence }),
  )
  const filed = { log: 'case', number: (await done(fileCase(town.services, by('approver'), report))).number } as const
  const found = { ...filed, step: 'investigated', fields: { facts: '未缴' }, evidence } as const
  await done(recordStep(town.services, by('chief-2'), found))
  const notice = {
    ...filed,
    step: 'notice_issued',
    fields: { multiplier: '2', facts: '未缴', reason: '仍不缴纳' },
  } as const
  await done(approveStep(town.services, by('approver'), await done(proposeStep(town.services, by('chief'), notice))))
}

/** A town with something of everything: bills, payments, an objection, proposals that wait, rows that are held. */
export async function townOfEverything(
  connection: Parameters<typeof SmallTown.found>[0],
  company?: string,
): Promise<SmallTown> {
  const town = await SmallTown.found(connection, '2026-01-20', company)
  for (const code of ['chief', 'chief-2']) await holdEveryRole(town, code)
  for (const no of ['1001', '1002', '1003']) await town.enrol(no, { openedOn: '2026-02-01' })
  await town.enrol('1004', { openedOn: '2026-02-01', supply: 'own_source' })
  await enrolInstitution(town)
  for (const [month, today, on] of [
    ['2026-02', '2026-03-03', '2026-02-28'],
    ['2026-03', '2026-04-03', '2026-03-31'],
  ] as const) {
    town.on(today)
    await town.read(month, [
      { account: '1001', volume: '100', on },
      { account: '1002', volume: '200.5', on },
      { account: '1003', volume: '-7', on },
      { account: '9999', volume: '5', on },
      { account: '1006', volume: '300', on },
    ])
    await town.bill(month)
  }
  await openCase(town)
  const pay = { collectorCode: 'water', paidOn: civilDate('2026-04-15') }
  await done(
    recordPayment(town.services, by('chief'), { ...pay, reference: 'T1', accountNo: '1001', amount: '500.00' }),
  )
  await done(recordPayment(town.services, by('chief'), { ...pay, reference: 'T2', accountNo: '1002', amount: '10.00' }))
  await done(
    receiveObjection(town.services, by('clerk'), {
      bill: '2026-000002',
      from: '甲',
      grounds: '表计故障',
      evidence: '',
    }),
  )
  await done(town.propose('2026-000001', 'adjust').catch(() => town.propose('2026-000001', 'cancel')) as never).catch(
    () => undefined,
  )
  await town.freeze('2026-04')
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-fuzz-'))
  const [collected, registry] = [join(folder, 'collected.csv'), join(folder, 'registry.csv')]
  writeFileSync(collected, '户号,收款日期,流水号,污水处理费\n1001,2026-04-20,F1,10.00\n9999,2026-04-20,F2,10.00')
  writeFileSync(registry, '排污者编号,名称,类型\nD9,示例甲,居民\nD9,,居民')
  await done(importPayments(town.services, by('chief'), { collectorCode: 'water', path: collected }))
  await done(importRegistry(town.services, by('clerk'), { kind: 'dischargers', path: registry }))
  await measure(town, folder)
  await remit(town, folder)
  await askForReceipts(town)
  await treat(town, connection)
  await tell(town)
  rmSync(folder, { recursive: true })
  return town
}

/** What was collected in April, remitted and confirmed; a fee that waits, a reconciliation, a file with an unknown row. */
async function remit(town: SmallTown, folder: string): Promise<void> {
  town.on('2026-05-07')
  const { services } = town
  const contract = { contractNo: 'C-1', document: '示例代征协议', feeRate: '0.02', feeBase: 'collected' } as const
  await done(
    addCollectorContract(services, by('clerk'), {
      ...contract,
      collectorCode: 'water',
      remittancePeriod: 'month',
      from: civilDate('2026-01-01'),
    }),
  )
  const drawn = await done(drawStatement(services, by('chief'), { collectorCode: 'water', period: '2026-04' }))
  const { statement } = drawn
  await done(reviewStatement(services, by('clerk'), { statement }))
  await done(decideStatement(services, by('approver'), { statement, outcome: 'approved', reason: '' }))
  const path = join(folder, 'receipt.txt')
  writeFileSync(path, '回单')
  const paid = { amount: drawn.total, paidOn: civilDate('2026-05-07'), bankReference: '回单1', path }
  const { voucherId } = await done(submitVoucher(services, by('chief'), { statement, ...paid }))
  const confirmed = { voucherId, outcome: 'confirmed', treasuryReference: '国库1' } as const
  await done(decideVoucher(services, by('chief-2'), confirmed))
  await done(claimFee(services, by('chief'), { statement }))
  await done(drawReconciliation(services, by('clerk'), { collectorCode: 'water', quarter: '2026-Q1' }))
  const treasury = join(folder, 'treasury.csv')
  writeFileSync(treasury, '入账日期,入账金额,流水号,付款人,摘要\n2026-05-06,7.00,银1,示例甲,杂项')
  await done(importTreasuryFile(services, by('chief'), treasury))
}

/** Receipts of what was collected, asked of the finance platform. */
async function askForReceipts({ services }: SmallTown): Promise<void> {
  for (const [name, value] of [
    ['receipts.unit_code', '000123'],
    ['receipts.unit_name', '示例局'],
    ['receipts.item_code', '0103044'],
    ['receipts.payee_name', '示例财政局'],
    ['receipts.payee_account', '0011223344'],
    ['receipts.payee_bank', '示例银行'],
  ] as const)
    await done(setSetting(services, by('admin'), { name, value, citation: '示例' }))
  await done(prepareReceipts(services, by('clerk'), { collectorCode: 'water' }))
  await done(exportReceipts(services, by('clerk'), { format: 'csv', encoding: 'utf-8' }))
}

/** A plant with an agreement, the days of April of which one is held, and a claim. */
async function treat(town: SmallTown, connection: Parameters<typeof SmallTown.found>[0]): Promise<void> {
  const plant = new PlantTown(connection, '2026-05-07')
  await plant.settle()
  await plant.putInForce()
  await plant.bring(plant.monthFile('2026-04', { m3: '5500' }))
  await plant.claim('2026-04')
  await plant.bring(plant.file(['日期,处理水量(m³),进水量,出水COD(mg/L)', '2026-05-01,5500,5600,']))
  plant.leave()
  town.on('2026-05-07')
}

/** An address, and what is to be told there. */
async function tell(town: SmallTown): Promise<void> {
  town.on('2026-04-15')
  const { services } = town
  const contact = { dischargerCode: 'P1006', channel: 'email', address: 'p1006@example.com', language: 'zh' } as const
  await done(addContact(services, by('clerk'), { ...contact, consent: '示例协议' }))
  await done(makeMessages(services, by('clerk'), orderServedMessage))
  town.on('2026-05-07')
}

/** What an outlet discharged: limits in force, a sample above it, a file with a row that is rejected, an accident. */
async function measure(town: SmallTown, folder: string): Promise<void> {
  const { services } = town
  const from = civilDate('2026-01-01')
  const outlet = { dischargerCode: 'P1001', outletNo: '1', hasSamplingWell: true, hasOnlineMeter: false, from }
  await done(addOutlet(services, by('clerk'), outlet))
  const limit = { discharger: 'P1001', outlet: '1', pollutant: 'COD', bound: '', value: '500', unit: '' }
  const yearly = { ...limit, bound: '年排放总量不超过', value: '1' }
  const entered = [limit, yearly].map((each, index) => ({ ...each, document: '批复1号', from, row: index + 2 }))
  const { proposalId } = await done(proposeLimits(services, by('chief'), entered))
  await done(approveLimits(services, by('chief-2'), { proposalId }))
  const samples = join(folder, 'samples.csv')
  const header = '排污者代码,排污口,监测单位,样品编号,来源,采样日期,采样人,污染物,结果,单位,方法'
  const row = (no: string, result: string) =>
    `P1001,1,园区污水处理厂,${no},污水处理厂,2026-03-10,示例甲,COD,${result},mg/L,HJ 828-2017`
  writeFileSync(samples, [header, row('W1', '850'), row('W2', '0')].join('\n'))
  await done(importSamples(services, by('chief'), samples))
  await done(
    reportAccident(services, by('chief'), {
      dischargerCode: 'P1001',
      outletNo: '1',
      occurredOn: civilDate('2026-03-10'),
      reportedOn: civilDate('2026-03-10'),
      reportedBy: '示例甲',
      substanceKind: 'toxic',
      substances: '含氰电镀液',
      description: '阀门破损',
      measures: '',
    }),
  )
}

/** What fits a field of that name in this town. */
export const fitting: Readonly<Record<string, readonly string[]>> = {
  account: ['1001', '1002', '1003', '1004'],
  accountNo: ['1001', '1002', '1005'],
  collector: ['water'],
  collectorCode: ['water'],
  discharger: ['P1001', 'P1002'],
  dischargerCode: ['P1001', 'P1002'],
  toDischargerCode: ['P1003'],
  staff: ['clerk', 'chief'],
  role: ['auditor', 'bureau_clerk'],
  organisationCode: ['bureau'],
  setting: ['bills.due_day', 'objections.answer_days'],
  year: ['2026', '2025'],
  month: ['2026-03', '2026-04'],
  feeMonth: ['2026-03', '2026-04'],
  category: ['non-resident', 'special'],
  payerGroup: ['urban_resident'],
  schedule: ['flat-2020'],
  version: ['1', '2', '3'],
  bill: ['2026-000001', '2026-000002', '2026-000003', '2026-000004'],
  run: ['1', '2'],
  import: ['1', '2'],
  row: ['3', '4', '5', '6'],
  reading: ['1', '2', '3'],
  payment: ['1', '2'],
  order: ['2026-0001'],
  case: ['2026-0001'],
  file: ['2026-0001'],
  step: ['1'],
  proposal: ['1', '2', '3', '4', '5', '6', '7', '8'],
  objection: ['1'],
  sample: ['1'],
  total: ['2-2026'],
  outletNo: ['1'],
  takenOn: ['2026-03-10'],
  occurredOn: ['2026-03-10'],
  basis: ['1', 'own_meter'],
  meter: ['M1001', 'M1002'],
  kind: ['accounts', 'dischargers', 'readings', 'bills.bill'],
  job: ['draft-month'],
  code: ['command_id_reused', 'negative_volume'],
  statement: ['R2026-0001'],
  voucher: ['1'],
  reconciliation: ['Q2026-0001'],
  claim: ['S2026-000001'],
  plant: ['plant'],
  receipt: ['E2026-000001'],
  batch: ['B2026-0001'],
  message: ['1'],
  period: ['2026-04', '2026-05'],
  quarter: ['2026-Q1', '2026-Q2'],
  agreement: ['TX-2026'],
  contractNo: ['C-1'],
  volumeM3: ['120.5'],
  amount: ['10.00', '12.30', '140.00', '99999999999999999999.00'],
  limit: ['1', '2', '200'],
  from: ['2026-05-01'],
  on: ['2026-05-01'],
  until: ['2026-06-01'],
  validFrom: ['2026-05-01'],
}
/** A path with its names filled in. */
export const filled = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))

/** Of these there is none in the town; a PDF needs a printer, which an entry hands in; nobody asked for a hearing. */
export const absent = [
  '/cases/{file}/hearing-notice',
  '/works/{work}',
  '/notices/{notice}',
  '/documents/{number}/file',
  '/bills/{bill}/pdf',
  '/receipts/results/{import}/rows',
]

/** What a read needs beside its path to find something. */
export const needed: Readonly<Record<string, string>> = {
  '/prices/{category}': '?volumeM3=12.5&on=2026-03-31',
  '/registry/{kind}/file': '?collector=water&format=csv',
  '/bill-export': '?month=2026-03&lines=true&format=csv',
  '/audit-events': '?limit=2',
  '/bills': '?limit=1',
  '/staff': '?limit=1',
  '/totals': '?year=2026',
  '/remittance/held': '?collector=water',
  '/remittance/held/age': '?collector=water',
  '/remittance/settlements': '?collector=water&year=2025',
}

/** What stands for a name in a path: the first that fits, or what that path alone wants. */
export function placeOf(path: string, name: string): string {
  if (path.startsWith('/opening-templates') && name === 'kind') return 'readings'
  if (path.startsWith('/document-templates') && name === 'kind') return 'bills.bill'
  if (path.startsWith('/journal/accounts')) return 'fees_receivable'
  if (path.startsWith('/payments/imports') && name === 'import') return '3'
  if (path.startsWith('/samples/imports') && name === 'import') return '5'
  if (path.startsWith('/remittance/treasury-imports') && name === 'import') return '6'
  if (path.startsWith('/settlement/imports') && name === 'import') return '8'
  if (path.startsWith('/settlement/plants') && name === 'month') return '2026-04'
  if (path.startsWith('/remittance/documents') && name === 'number') return 'R2026-0001'
  if (path.startsWith('/evidence/packs')) return name === 'kind' ? 'bill' : '2026-000001'
  if (path.startsWith('/registry/imports') && name === 'import') return '4'
  return fitting[name]?.[0] ?? '1'
}
