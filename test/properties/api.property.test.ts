import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { routeGroups } from '../../src/api/routes.ts'
import { problemSchema } from '../../src/platform/http/problem.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { type Answered, type Api, apiOver } from '../support/api.ts'
import { onEveryDatabase } from '../support/databases.ts'
import type { SmallTown } from '../support/small-town.ts'
import { absent, filled, fitting, needed, placeOf, townOfEverything } from '../support/town-of-everything.ts'

const runs = Number(process.env['QINGLIU_FUZZ_RUNS'] ?? '2500')

/** Two people who may do everything, so that what they ask gets past the question who they are. */
const everybody = ['chief', 'chief', 'chief-2', 'chief-2', 'clerk', 'nobody'] as const

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

const asChief = { 'qingliu-actor': 'chief' }

onEveryDatabase('any request', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await townOfEverything(connection())
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
      const answered = await api.raw(filled(route.path, params) + query, { headers: asChief })
      expect(faultOf(route, answered), route.path).toBeUndefined()
      expect(answered.status, `${route.path} ${JSON.stringify(answered.body).slice(0, 300)}`).toBe(200)
      if (route.kind !== 'list' || answered.body.next === null) continue
      const next = await api.get(answered.body.next.slice('/api/v1'.length), asChief)
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
        const told = await api.get(`/works/${answered.body.workId}`, asChief)
        expect(failed, route.path).toEqual([])
        expect(route.answer.parse(told.body)).toEqual(told.body)
      }),
      { numRuns: runs },
    )
    // The requests were not all turned away at the door.
    expect(statuses.get(200)).toBeGreaterThan(runs / 20)
    expect(statuses.get(400)).toBeGreaterThan(runs / 20)
    // A step of a file fits one state of it; most are refused by name, as they must be.
    const atAnyTime = routes.filter(({ path }) => !path.includes('{file}'))
    expect(succeeded.size).toBeGreaterThan(atAnyTime.length * 0.4)
  })
})
