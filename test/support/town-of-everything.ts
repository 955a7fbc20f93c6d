import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addOutlet } from '../../src/dischargers/add-outlet.ts'
import { importRegistry } from '../../src/dischargers/import-registry.ts'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { registerDischarger } from '../../src/dischargers/register-discharger.ts'
import { draftOrder, issueOrder } from '../../src/enforcement/draft-order.ts'
import { fileCase, reportCase } from '../../src/enforcement/open-case.ts'
import { approveStep, proposeStep, recordStep } from '../../src/enforcement/take-step.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { receiveObjection } from '../../src/payments/objections.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { roles } from '../../src/platform/staff.ts'
import { approveLimits } from '../../src/quality/approve-limits.ts'
import { importSamples } from '../../src/quality/import-samples.ts'
import { proposeLimits } from '../../src/quality/propose-limits.ts'
import { reportAccident } from '../../src/quality/report-accident.ts'
import { by, done } from './office.ts'
import { SmallTown } from './small-town.ts'

/** Every role that one person may hold: that of the schedule stands alone, and so does that of an enterprise. */
const everyRole = roles.filter((role) => role !== 'scheduler' && role !== 'enterprise_user')

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
  for (const code of ['chief', 'chief-2'])
    await done(
      addStaff(town.services, by('admin'), {
        code,
        name: code,
        organisationCode: 'bureau',
        roles: everyRole,
        certificateNo: `示例${code}`,
      }),
    )
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
  rmSync(folder, { recursive: true })
  return town
}

/** What an outlet discharged: a limit in force, a sample above it, a file with a row that is rejected, an accident. */
async function measure(town: SmallTown, folder: string): Promise<void> {
  const { services } = town
  const from = civilDate('2026-01-01')
  const outlet = { dischargerCode: 'P1001', outletNo: '1', hasSamplingWell: true, hasOnlineMeter: false, from }
  await done(addOutlet(services, by('clerk'), outlet))
  const limit = { discharger: 'P1001', outlet: '1', pollutant: 'COD', bound: '', value: '500', unit: '' }
  const entered = [{ ...limit, document: '批复1号', from, row: 2 }]
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
  outletNo: ['1'],
  takenOn: ['2026-03-10'],
  occurredOn: ['2026-03-10'],
  basis: ['1', 'own_meter'],
  meter: ['M1001', 'M1002'],
  kind: ['accounts', 'dischargers', 'readings', 'bills.bill'],
  job: ['draft-month'],
  code: ['command_id_reused', 'negative_volume'],
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

/** Of these there is none in the town; a PDF needs a printer, which an entry hands in. */
export const absent = [
  '/works/{work}',
  '/notices/{notice}',
  '/documents/{number}/file',
  '/bills/{bill}/pdf',
  '/receipts/{receipt}',
]

/** What a read needs beside its path to find something. */
export const needed: Readonly<Record<string, string>> = {
  '/prices/{category}': '?volumeM3=12.5&on=2026-03-31',
  '/registry/{kind}/file': '?collector=water&format=csv',
  '/bill-export': '?month=2026-03&lines=true&format=csv',
  '/audit-events': '?limit=2',
  '/bills': '?limit=1',
  '/staff': '?limit=1',
}

/** What stands for a name in a path: the first that fits, or what that path alone wants. */
export function placeOf(path: string, name: string): string {
  if (path.startsWith('/opening-templates') && name === 'kind') return 'readings'
  if (path.startsWith('/document-templates') && name === 'kind') return 'bills.bill'
  if (path.startsWith('/journal/accounts')) return 'fees_receivable'
  if (path.startsWith('/payments/imports') && name === 'import') return '3'
  if (path.startsWith('/samples/imports') && name === 'import') return '5'
  if (path.startsWith('/registry/imports') && name === 'import') return '4'
  return fitting[name]?.[0] ?? '1'
}
