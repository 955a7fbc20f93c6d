import { z } from '@hono/zod-openapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Access, accessFrom } from '../../src/platform/http/access.ts'
import { problemSchema } from '../../src/platform/http/problem.ts'
import { query } from '../../src/platform/http/route.ts'
import { type Answered, apiOver } from '../support/api.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { openOffice } from '../support/office.ts'

const asAdmin = { 'qingliu-actor': 'admin' }
const person = (code: string) => ({ code, name: '张三', organisationCode: 'bureau', roles: ['bureau_clerk'] })

/** The answer is a problem document of that status and code, in both languages. */
function expectProblem(answered: Answered, status: number, code: string): void {
  expect([answered.status, answered.body.code]).toEqual([status, code])
  expect(answered.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(problemSchema.parse(answered.body)).toEqual(answered.body)
  expect(answered.body.type).toBe(`/api/v1/problems/${code}`)
  expect(answered.body.zh).toMatch(/\p{Script=Han}/u)
}

onEveryDatabase('the frame of the API', (connection) => {
  const services = () => servicesOn(connection(), '2026-03-31')
  const api = apiOver(services)
  beforeAll(() => openOffice(services()))

  describe('refuses as problem+json', () => {
    it('an unknown route, another method, and says what is allowed', async () => {
      expectProblem(await api.get('/nowhere'), 404, 'route_unknown')
      const other = await api.raw('/staff', { method: 'DELETE' })
      expectProblem(other, 405, 'method_not_allowed')
      expect(other.headers.get('allow')).toBe('GET, HEAD, POST')
    })

    it('malformed JSON, another media type, too much of it, too deep', async () => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'frame-key-1', ...asAdmin }
      const post = (init: RequestInit) => api.raw('/staff', { method: 'POST', headers, ...init })
      expectProblem(await post({ body: '{"code":' }), 400, 'body_not_json')
      expectProblem(await post({ body: new Uint8Array([0x22, 0xff, 0x22]) }), 400, 'body_not_json')
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
      ] as const) {
        const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
        expectProblem(await post({ body: nested(5000) }), 400, 'body_too_deep')
        expectProblem(await post({ body: nested(33) }), 400, 'body_too_deep')
        expectProblem(await post({ body: nested(32) }), 400, 'input_invalid')
      }
      const plain = { ...headers, 'content-type': 'text/plain' }
      expectProblem(await post({ body: '{}', headers: plain }), 415, 'media_type_unsupported')
      expectProblem(
        await post({ body: '{}', headers: { 'idempotency-key': 'frame-key-1', ...asAdmin } }),
        415,
        'media_type_unsupported',
      )
      expectProblem(await post({ body: `"${'x'.repeat(1024 * 1024)}"` }), 413, 'body_too_large')
    })

    it('unknown query parameters, and names what does not fit: place, field, value, rule', async () => {
      const unknown = await api.get('/staff?colour=red')
      expectProblem(unknown, 400, 'query_unknown')
      expect(unknown.body.parameters).toEqual({ names: 'colour', known: 'cursor、limit' })
      expectProblem(await api.get('/staff?limit=1&limit=2'), 400, 'input_invalid')

      expect((await api.get('/staff?limit=0')).body.en).toMatch(/^The request does not fit; faults in it: 1\./)
      const invalid = await api.write('POST', '/staff', { ...person('li'), roles: ['king'], age: 7 }, asAdmin)
      expectProblem(invalid, 400, 'input_invalid')
      expect(invalid.body.errors).toEqual([
        {
          where: 'body',
          field: 'roles.0',
          value: 'king',
          zh: expect.stringContaining('bureau_clerk'),
          en: expect.anything(),
        },
        { where: 'body', field: 'age', value: '7', zh: '没有这个字段', en: 'there is no such field' },
      ])
      const misshapen = await api.write('POST', '/staff', { ...person('li'), name: 7, roles: 'admin' }, asAdmin)
      expect(misshapen.body.errors.map(({ field, zh, en }: Record<string, string>) => [field, zh, en])).toEqual([
        ['name', '须为文本（写在引号里）', 'it must be text, in quotes'],
        ['roles', '须为列表', 'it must be a list'],
      ])
      const sized = await api.write('POST', '/staff', { ...person('li'), name: '', code: 'a'.repeat(999) }, asAdmin)
      for (const { zh } of sized.body.errors) expect(zh).toMatch(/^(最多 \d+|至少 1) 个字符$/)
      expect(sized.body.errors.length).toBeGreaterThan(0)
      const { name: _, ...nameless } = person('wu')
      const lacking = await api.write('POST', '/staff', nameless, asAdmin)
      expect([lacking.body.zh, lacking.body.en].map((said: string) => said.split('\n')[1])).toEqual([
        '  1. 缺少 正文 name',
        '  1. body name is missing',
      ])
      const inPath = await api.get('/due-dates/2026-13?issuedOn=2026-02-30')
      expect(
        inPath.body.errors.map(({ where, field, value }: Record<string, string>) => [where, field, value]),
      ).toEqual([
        ['path', 'month', '2026-13'],
        ['query', 'issuedOn', '2026-02-30'],
      ])
    })

    it('text that no database keeps', async () => {
      for (const name of ['\0', '\ud800', 'a\udc00b'])
        expectProblem(await api.write('POST', '/staff', { ...person('li'), name }, asAdmin), 400, 'input_invalid')
      expectProblem(await api.get('/settings/%00'), 400, 'input_invalid')
    })

    it('a refusal of a command, with its parameters, in the language asked for', async () => {
      const refused = await api.write('POST', '/staff', person('li'), { 'accept-language': 'en-GB,en;q=0.9' })
      expectProblem(refused, 403, 'role_missing')
      expect(refused.body.parameters).toMatchObject({ command: 'platform.add-staff' })
      expect(refused.body.detail).toBe(refused.body.en)
      expect((await api.write('POST', '/staff', person('li'))).body.detail).toBe(refused.body.zh)
    })

    it('a day that is none, where a developer acts for another, and a developer nobody knows', async () => {
      expectProblem(await api.get('/staff', { 'qingliu-today': '2026-02-30' }), 400, 'value_malformed')
      expectProblem(await api.get('/staff', { 'qingliu-actor': 'nobody' }), 403, 'actor_unknown')
    })

    it('what is not there', async () => {
      expectProblem(await api.get('/settings/no.such'), 404, 'resource_missing')
      expectProblem(await api.get('/proposals/999'), 404, 'resource_missing')
      expect((await api.get('/problems/command_id_reused')).body.status).toBe(409)
    })
  })

  describe('a write', () => {
    it('needs a key, and a repeat of it is given the first answer', async () => {
      const init = { method: 'POST', body: JSON.stringify(person('wang')) }
      const headers = { 'content-type': 'application/json', ...asAdmin }
      expectProblem(await api.raw('/staff', { ...init, headers }), 400, 'idempotency_key_missing')
      expectProblem(
        await api.raw('/staff', { ...init, headers: { ...headers, 'idempotency-key': 'short' } }),
        400,
        'idempotency_key_malformed',
      )

      const key = { ...asAdmin, 'idempotency-key': 'add-wang-once' }
      const first = await api.write('POST', '/staff', person('wang'), key)
      expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([200, null])
      const again = await api.write('POST', '/staff', person('wang'), key)
      expect([again.status, again.headers.get('idempotent-replayed'), again.body]).toEqual([200, 'true', first.body])
      expectProblem(await api.write('POST', '/staff', person('wang-2'), key), 409, 'command_id_reused')
      expectProblem(
        await api.write('POST', '/organisations', { code: 'w', name: '', kind: 'plant' }, key),
        409,
        'command_id_reused',
      )
    })

    it('that is tried only saves nothing', async () => {
      const tried = await api.write('POST', '/staff?dryRun=true', person('zhao'), asAdmin)
      expect([tried.status, tried.headers.get('dry-run')]).toEqual([200, 'true'])
      expect((await api.get('/staff?limit=200')).body.items.map(({ code }: { code: string }) => code)).not.toContain(
        'zhao',
      )
    })
  })

  describe('ETags', () => {
    const change = (value: string, headers: Record<string, string>) =>
      api.write(
        'PUT',
        '/settings/estimates.maximum_in_a_row',
        { value, citation: '局务会' },
        { ...asAdmin, ...headers },
      )

    it('spare an answer that one has already', async () => {
      const { headers } = await api.get('/settings/bills.due_day')
      const etag = headers.get('etag') ?? ''
      expect(etag).toMatch(/^"[0-9a-f]{32}"$/)
      const again = await api.get('/settings/bills.due_day', { 'if-none-match': `"0", W/${etag}` })
      expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag])
      expect((await api.get('/settings/bills.due_day', { 'if-none-match': '"0"' })).status).toBe(200)
    })

    it('are named where two people may edit: 428 without, 412 after another’s change, and a repeat still answers', async () => {
      const seen = (await api.get('/settings/estimates.maximum_in_a_row')).headers.get('etag') ?? ''
      expectProblem(await change('4', {}), 428, 'if_match_missing')
      expectProblem(await change('4', { 'if-match': '*' }), 428, 'if_match_missing')
      expectProblem(await change('4', { 'if-match': `W/${seen}` }), 412, 'resource_changed')
      const conditions = { 'if-match': seen, 'idempotency-key': 'set-to-four' }
      expect((await change('4', conditions)).status).toBe(200)
      expectProblem(await change('5', { 'if-match': seen }), 412, 'resource_changed')
      const repeated = await change('4', conditions)
      expect([repeated.status, repeated.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
    })

    it('let one of two people win who changed the same thing at once', async () => {
      const seen = (await api.get('/settings/estimates.maximum_in_a_row')).headers.get('etag') ?? ''
      const both = await Promise.all(['6', '7', '8', '9'].map((value) => change(value, { 'if-match': seen })))
      expect(both.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
    })
  })

  describe('lists', () => {
    it('go on with next until there is none, each row once', async () => {
      const seen: string[] = []
      let at: string | null = '/staff?limit=2'
      while (at !== null) {
        const { body, headers }: Answered = await api.get(at)
        expect(body.items.length).toBeLessThanOrEqual(2)
        expect(headers.get('link')).toBe(body.next === null ? null : `<${body.next}>; rel="next"`)
        seen.push(...body.items.map(({ code }: { code: string }) => code))
        at = body.next?.slice('/api/v1'.length) ?? null
      }
      expect(seen).toEqual((await api.get('/staff')).body.items.map(({ code }: { code: string }) => code))
      expect(new Set(seen).size).toBe(seen.length)
    })

    it('stay where they are when rows are added', async () => {
      const first = await api.get('/audit-events?limit=2', asAdmin)
      await api.write('POST', '/organisations', { code: 'water-2', name: '供水公司', kind: 'water_company' }, asAdmin)
      const second = await api.get(first.body.next.slice('/api/v1'.length), asAdmin)
      const seqs = [...first.body.items, ...second.body.items].map(({ seq }: { seq: string }) => Number(seq))
      const [newest = 0] = seqs
      expect(seqs).toEqual([newest, newest - 1, newest - 2, newest - 3])
    })

    it('refuse a cursor they never gave, and a page out of bounds', async () => {
      for (const cursor of ['x', 'e30', 'WzFd', 'WyJhIiwiYiJd', '%F0%9F%92%A9']) {
        expectProblem(await api.get(`/audit-events?cursor=${cursor}`, asAdmin), 400, 'cursor_invalid')
      }
      for (const limit of ['0', '201', '-1', '1e2', 'all'])
        expectProblem(await api.get(`/audit-events?limit=${limit}`, asAdmin), 400, 'input_invalid')
    })
  })

  it('says nothing of its insides when the program fails, and writes the failure down', async () => {
    const broken = query('/broken', {
      cli: [],
      permits: 'about.read',
      title: { zh: '坏', en: 'broken' },
      answer: z.object({}),
      read: () => Promise.reject(new Error('password=secret')),
    })
    const failing = apiOver(services, {
      parts: { routes: [{ name: 'broken', title: broken.title, routes: [broken] }] },
    })
    const answered = await failing.get('/broken')
    expectProblem(answered, 500, 'program_error')
    expect(JSON.stringify(answered.body)).not.toContain('secret')
    expect(failing.failures).toMatchObject([
      { method: 'GET', path: '/api/v1/broken', error: new Error('password=secret') },
    ])
    expect(failing.failures[0]?.reference).toBe(answered.body.parameters.reference)
  })

  it('says 503 where there is no database or none that answers', async () => {
    expectProblem(await apiOver(() => undefined).get('/staff'), 503, 'database_absent')
    const refusing = query('/refusing', {
      cli: [],
      permits: 'about.read',
      title: { zh: '断', en: 'refusing' },
      answer: z.object({}),
      read: () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })),
    })
    const routes = [{ name: 'refusing', title: refusing.title, routes: [refusing] }]
    expectProblem(await apiOver(services, { parts: { routes } }).get('/refusing'), 503, 'database_not_answering')
  })
})

describe('who may ask where nobody signs in', () => {
  const closed = apiOver(() => undefined, { access: { kind: 'closed' } })
  const open = apiOver(() => undefined)

  it('is nobody in production', async () => {
    for (const path of ['/staff', '/openapi.json', '/nowhere'])
      expectProblem(await closed.get(path), 401, 'sign_in_missing')
    expect(accessFrom({})).toEqual({ kind: 'closed' })
    expect(accessFrom({ QINGLIU_ENV: 'production' })).toEqual({ kind: 'closed' })
    expect(accessFrom({ QINGLIU_DEV_ACTOR: 'clerk' })).toEqual({ kind: 'development', actor: 'clerk' } satisfies Access)
    expect(accessFrom({ QINGLIU_DEV_ACTOR: 'clerk', QINGLIU_ENV: 'production' })).toMatchObject({
      code: 'development_actor_in_production',
    })
  })

  it('is this machine alone: no rebound name, no page of another site or port', async () => {
    const from = (headers: Record<string, string>) => open.get('/problems', headers)
    for (const host of ['127.0.0.1:3000', 'localhost', '[::1]:8080']) expect((await from({ host })).status).toBe(503)
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil:80', '192.168.1.5'])
      expectProblem(await from({ host }), 403, 'request_host_not_loopback')
    const host = 'localhost:3000'
    expect((await from({ host, origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' })).status).toBe(503)
    expect((await from({ host, 'sec-fetch-site': 'none' })).status).toBe(503)
    for (const foreign of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'http://localhost:4000' }])
      expectProblem(await from({ host, ...foreign }), 403, 'request_cross_site')
    for (const site of ['cross-site', 'same-site']) {
      expectProblem(await from({ host, 'sec-fetch-site': site }), 403, 'request_cross_site')
    }
  })
})
