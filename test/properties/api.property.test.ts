import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { routeGroups } from '../../src/api/routes.ts'
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
import { problemSchema } from '../../src/platform/http/problem.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { roles } from '../../src/platform/staff.ts'
import { approveLimits } from '../../src/quality/approve-limits.ts'
import { importSamples } from '../../src/quality/import-samples.ts'
import { proposeLimits } from '../../src/quality/propose-limits.ts'
import { reportAccident } from '../../src/quality/report-accident.ts'
import { type Answered, type Api, apiOver } from '../support/api.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const runs = Number(process.env['QINGLIU_FUZZ_RUNS'] ?? '2500')

/** Two people who may do everything, so that what they ask gets past the question who they are. */
const everybody = ['chief', 'chief', 'chief-2', 'chief-2', 'clerk', 'nobody'] as const

/** The schedule's own role stands alone. */
const everyRole = roles.filter((role) => role !== 'scheduler')

/** Values that mean something in the town, and some that look as if they did. */
const sensible: readonly string[] = [
  ...[
    '1',
    '2',
    '3',
    '7',
    '99',
    '1001',
    '1002',
    '1003',
    '0001001',
    'M1001',
    'M1002',
    'P1001',
    'P1003',
    'water',
    'clerk',
    'chief',
  ],
  ...[
    '2026-02',
    '2026-03',
    '2026-04',
    '2026-03-31',
    '2026-04-01',
    '2026-04-15',
    '2199-12-31',
    '2026-02-30',
    '1900-01-01',
  ],
  ...[
    '2026-000001',
    '2026-000002',
    '2026-000003',
    '2026-99999999',
    'resident',
    'non-resident',
    'urban_resident',
    'flat-2020',
  ],
  ...[
    '0',
    '-1',
    '12.30',
    '1e3',
    '0.001',
    '999999999999.99',
    '99999999999999.99',
    '99999999999999999999.00',
    '0.0000000001',
    '1.40',
    '100',
    'true',
    'false',
    '',
    ' ',
    '　',
  ],
  ...[
    'bureau',
    'bills.due_day',
    '10',
    'jump',
    'approved',
    'returned',
    'cancel',
    'volume',
    '示例',
    '一'.repeat(200),
    "'; drop table bills; --",
  ],
  ...[
    'deadbeef',
    'actual',
    'normal',
    'WyIxIl0',
    'WyIyMDI2LTA0LTEwIiwiMjAyNjAwMDAwMDAxIl0',
    '%',
    '_',
    '\\',
    '$1',
    '__proto__',
    'constructor',
  ],
]
const word = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...sensible) },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)
const anyJson = fc.oneof(
  { weight: 10, arbitrary: word },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 3, arbitrary: fc.array(word, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(word, word, { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown> },
)

/** What fits a field of that name in this town. */
const fitting: Readonly<Record<string, readonly string[]>> = {
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
const named = (name: string): fc.Arbitrary<string> =>
  fitting[name] === undefined
    ? word
    : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...fitting[name]) }, { weight: 1, arbitrary: word })

/** A body near what the route takes: its example, with some fields changed, left out or added. */
function bodyFor(route: Route): fc.Arbitrary<string | undefined> {
  if (route.files !== undefined) {
    const cell = fc.constantFrom(
      '户号',
      '表号',
      '用水量',
      '本期读数',
      '1001',
      '1002',
      'M1001',
      '120',
      '2026-03-31',
      '-5',
      '合计',
      '',
      '"',
      '流水号',
      '收款日期',
    )
    return fc
      .array(fc.array(cell, { maxLength: 7 }), { maxLength: 8 })
      .map((rows) => rows.map((row) => row.join(',')).join('\n'))
  }
  if (route.body === undefined) return fc.constantFrom(undefined, '{}')
  const example = (route.bodyExample ?? {}) as Record<string, unknown>
  const names = Object.keys((route.body as { shape?: object }).shape ?? {})
  const fits = names.filter((name) => fitting[name] !== undefined && typeof example[name] === 'string')
  const near = fc
    .record({
      suited: fc.tuple(...fits.map(named)),
      changes: fc.dictionary(fc.constantFrom(...names, 'colour'), anyJson, { maxKeys: 2 }),
      isChanged: fc.boolean(),
      leftOut: fc.subarray(names, { maxLength: Math.min(names.length, 1) }),
    })
    .map(({ suited, changes, isChanged, leftOut }) => {
      const body: Record<string, unknown> = {
        ...example,
        ...Object.fromEntries(fits.map((name, at) => [name, suited[at]])),
      }
      if (isChanged) Object.assign(body, changes)
      if (isChanged) for (const name of leftOut) delete body[name]
      return JSON.stringify(body)
    })
  return fc.oneof(
    { weight: 12, arbitrary: near },
    { weight: 3, arbitrary: fc.constant(JSON.stringify(example)) },
    { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constant(`${'['.repeat(5000)}${']'.repeat(5000)}`) },
  )
}

interface Request {
  /** Position of the route: a failing case is printed, and a route is long. */
  readonly at: number
  readonly params: Readonly<Record<string, string>>
  readonly query: readonly (readonly [string, string])[]
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
  /** Whether If-Match names what is there, as an honest client would. */
  readonly looksFirst: boolean
}

function requestFor(route: Route, at: number): fc.Arbitrary<Request> {
  const params = Object.keys(route.params.shape)
  const queries = Object.keys(route.query.shape)
  const header = (name: string, value: fc.Arbitrary<string>) =>
    value.map((text) => (text === '' ? {} : { [name]: text }) as Record<string, string>)
  return fc.record({
    at: fc.constant(at),
    params: fc
      .tuple(...params.map(named))
      .map((values) => Object.fromEntries(params.map((name, at) => [name, values[at] ?? '']))),
    query: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      {
        weight: 5,
        arbitrary: fc.array(
          fc.constantFrom(...queries, ...queries, 'colour').chain((name) => fc.tuple(fc.constant(name), named(name))),
          { maxLength: 3 },
        ),
      },
      {
        weight: route.files === undefined ? 0 : 6,
        arbitrary: fc.constantFrom(
          [
            ['collector', 'water'],
            ['fileName', 'a.csv'],
          ],
          [
            ['collector', 'water'],
            ['fileName', 'a.xlsx'],
            ['month', '2026-04'],
            ['dryRun', 'true'],
          ],
          [
            ['fileName', 'a.json'],
            ['map', '户号=户号'],
          ],
        ) as fc.Arbitrary<[string, string][]>,
      },
    ),
    body: bodyFor(route),
    looksFirst: fc.boolean(),
    headers: fc
      .tuple(
        header('qingliu-actor', fc.constantFrom(...everybody)),
        header(
          'idempotency-key',
          fc.oneof(
            { weight: 9, arbitrary: fc.uuid() },
            { weight: 1, arbitrary: fc.constantFrom('', 'short', 'used-before-1') },
          ),
        ),
        header(
          'content-type',
          route.files === undefined
            ? fc.oneof(
                { weight: 12, arbitrary: fc.constant('application/json') },
                { weight: 1, arbitrary: fc.constantFrom('', 'text/plain', 'application/json; charset=utf-16') },
              )
            : fc.constantFrom(
                'text/csv',
                'application/octet-stream',
                'multipart/form-data',
                'multipart/form-data; boundary=x',
              ),
        ),
        header('if-match', fc.constantFrom('', '"0"', '*', 'W/"0"', '"')),
        header('if-none-match', fc.constantFrom('', '', '*', '"0"')),
        header('accept-language', fc.constantFrom('', 'en', 'zh')),
        header(
          'qingliu-today',
          fc.oneof(
            { weight: 9, arbitrary: fc.constant('') },
            { weight: 1, arbitrary: fc.constantFrom('2026-06-01', '2025-01-01', '2026-02-30') },
          ),
        ),
      )
      .map((parts) => Object.assign({}, ...parts) as Record<string, string>),
  })
}

const filled = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))

async function send(api: Api, route: Route, { params, query, body, headers, looksFirst }: Request): Promise<Answered> {
  const at = (path: string) => filled(path, params)
  const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString()
  const seen: Record<string, string> = {}
  if (looksFirst && route.ifMatch !== undefined) {
    const etag = (await api.get(at(route.ifMatch))).headers.get('etag')
    if (etag !== null) seen['if-match'] = etag
  }
  return api.raw(`${at(route.path)}${search === '' ? '' : `?${search}`}`, {
    method: route.method.toUpperCase(),
    headers: { ...headers, ...seen },
    ...(body === undefined || route.method === 'get' ? {} : { body }),
  })
}

/** What is wrong with an answer, `undefined` where it is as the document says. */
function faultOf(route: Route, { status, headers, body }: Answered): string | undefined {
  const type = headers.get('content-type') ?? ''
  if (status >= 500) return `${status}: ${JSON.stringify(body)}`
  if (status >= 400) {
    if (!type.startsWith('application/problem+json')) return `${status} is no problem document but ${type}`
    const read = problemSchema.safeParse(body)
    if (!read.success) return `the problem is not as described: ${read.error.message}`
    return JSON.stringify(read.data) === JSON.stringify(body) ? undefined : 'the problem holds more than is described'
  }
  if (status === 304 || route.kind === 'download') return undefined
  if (status !== (route.kind === 'work' ? 202 : 200)) return `an unforeseen ${status}`
  const read = route.answer.safeParse(body)
  if (!read.success) return `the answer is not as described: ${read.error.message}`
  try {
    expect(read.data).toEqual(body)
  } catch {
    return `the answer holds more than is described: ${JSON.stringify(body).slice(0, 400)}`
  }
  return undefined
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
async function townOf(connection: Parameters<typeof SmallTown.found>[0]): Promise<SmallTown> {
  const town = await SmallTown.found(connection, '2026-01-20')
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

/** The town has no plant, statement, receipt or contract: of these only a refusal by name can be asked. */
const withoutGround = /^\/(remittance|receipts|settlement|evidence)\b/

onEveryDatabase('any request', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await townOf(connection())
  })
  afterAll(() => town.leave())

  it('that reads something which is there is answered 200, as the document says', async () => {
    const parts = partsOnNode(() => undefined)
    const api = apiOver(() => town.services, { parts })
    const reads = [...routeGroups, ...parts.routes]
      .flatMap((group) => group.routes)
      .filter(({ method, path }) => method === 'get' && !absent.includes(path))
    expect(reads.length).toBeGreaterThan(55)
    for (const route of reads) {
      const params = Object.fromEntries(
        Object.keys(route.params.shape).map((name) => [name, placeOf(route.path, name)]),
      )
      const query = needed[route.path] ?? ''
      const answered = await api.raw(filled(route.path, params) + query, {})
      expect(faultOf(route, answered), route.path).toBeUndefined()
      if (withoutGround.test(route.path)) continue
      expect(answered.status, `${route.path} ${JSON.stringify(answered.body).slice(0, 300)}`).toBe(200)
      if (route.kind !== 'list' || answered.body.next === null) continue
      const next = await api.get(answered.body.next.slice('/api/v1'.length))
      expect(faultOf(route, next), route.path).toBeUndefined()
    }
    expect(api.failures).toEqual([])
  })

  it('is answered as the document says, and never by a failure of the program', async () => {
    const failed: unknown[] = []
    const parts = partsOnNode((_, error) => void failed.push(error))
    const api = apiOver(() => town.services, { parts })
    const routes = [...routeGroups, ...parts.routes].flatMap((group) => group.routes)
    const statuses = new Map<number, number>()
    const succeeded = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.oneof(...routes.map(requestFor)), async (request) => {
        const route = routes[request.at] as Route
        const answered = await send(api, route, request)
        statuses.set(answered.status, (statuses.get(answered.status) ?? 0) + 1)
        if (answered.status < 300) succeeded.add(`${route.method} ${route.path}`)
        const fault = faultOf(route, answered)
        expect(fault, `${route.method} ${route.path} ${String(api.failures[0]?.error)}`).toBeUndefined()
        if (route.kind !== 'work' || answered.status !== 202) return
        await parts.settled()
        const told = await api.get(`/works/${answered.body.workId}`)
        expect(failed, route.path).toEqual([])
        expect(route.answer.parse(told.body)).toEqual(told.body)
      }),
      { numRuns: runs },
    )
    // The requests were not all turned away at the door.
    expect(statuses.get(200)).toBeGreaterThan(runs / 20)
    expect(statuses.get(400)).toBeGreaterThan(runs / 20)
    // A step of a file fits one state of it; most are refused by name, as they must be.
    const atAnyTime = routes.filter(({ path }) => !path.includes('{file}') && !withoutGround.test(path))
    expect(succeeded.size).toBeGreaterThan(atAnyTime.length / 2)
  })
})

/** Of these there is none in the town; a PDF needs a printer, which an entry hands in. */
const absent = [
  '/works/{work}',
  '/notices/{notice}',
  '/documents/{number}/file',
  '/bills/{bill}/pdf',
  '/receipts/{receipt}',
]

/** What a read needs beside its path to find something. */
const needed: Readonly<Record<string, string>> = {
  '/prices/{category}': '?volumeM3=12.5&on=2026-03-31',
  '/registry/{kind}/file': '?collector=water&format=csv',
  '/bill-export': '?month=2026-03&lines=true&format=csv',
  '/audit-events': '?limit=2',
  '/bills': '?limit=1',
  '/staff': '?limit=1',
}

/** What stands for a name in a path: the first that fits, or what that path alone wants. */
function placeOf(path: string, name: string): string {
  if (path.startsWith('/opening-templates') && name === 'kind') return 'readings'
  if (path.startsWith('/document-templates') && name === 'kind') return 'bills.bill'
  if (path.startsWith('/journal/accounts')) return 'fees_receivable'
  if (path.startsWith('/payments/imports') && name === 'import') return '3'
  if (path.startsWith('/samples/imports') && name === 'import') return '5'
  if (path.startsWith('/registry/imports') && name === 'import') return '4'
  return fitting[name]?.[0] ?? '1'
}
