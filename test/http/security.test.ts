import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { routeGroups } from '../../src/api/routes.ts'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { reachOf, rolesFor } from '../../src/platform/authorisation/authorisation.ts'
import { readsOfCommandLine } from '../../src/platform/authorisation/command-line-reads.ts'
import { type Permission, permissions } from '../../src/platform/authorisation/permissions.ts'
import { bodyLimitBytes } from '../../src/platform/http/input.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { inviteEnterpriseUser } from '../../src/platform/sign-in/enterprise-user.ts'
import { invite } from '../../src/platform/sign-in/invite.ts'
import type { Role } from '../../src/platform/staff.ts'
import { sites } from '../../src/sites.ts'
import { apiOver } from '../support/api.ts'
import { appWithSignIn, Browser } from '../support/browser.ts'
import { commandWords, wholeProgram } from '../support/command-line.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import type { SmallTown } from '../support/small-town.ts'
import { absent, filled, fitting, needed, placeOf, townOfEverything } from '../support/town-of-everything.ts'

const parts = partsOnNode(() => undefined)
const routes: readonly Route[] = [...routeGroups, ...parts.routes].flatMap((group) => group.routes)
const pages = sites.flatMap(({ pages: those }) => those)
const named = (route: Route) => `${route.method} ${route.path}`
const pathOf = (route: Route) =>
  filled(
    route.path,
    Object.fromEntries(Object.keys(route.params.shape).map((name) => [name, placeOf(route.path, name)])),
  )

describe('the table of permissions', () => {
  it('has a line for every route and every page, and every command of the command line has a route that names one', () => {
    for (const route of routes) expect(Object.keys(permissions), named(route)).toContain(route.permits)
    for (const { path, permits, postPermits } of pages)
      for (const name of [permits, postPermits])
        if (name !== undefined) expect(Object.keys(permissions), path).toContain(name)
    const words = commandWords(wholeProgram())
    const reads = new Map<string, Set<string>>()
    for (const { cli, permits } of routes)
      for (const each of cli) reads.set(each, (reads.get(each) ?? new Set()).add(permits))
    const reading = words.filter((each) =>
      [...(reads.get(each) ?? ['x'])].every((name) => /\.(read|verify)$/.test(name)),
    )
    expect(reading.length).toBeGreaterThan(70)
    expect(Object.keys(readsOfCommandLine).sort()).toEqual(reading.sort())
    for (const each of reading) expect([...(reads.get(each) ?? [])], each).toEqual([readsOfCommandLine[each]])
  })

  it('lets anybody see no page but those of signing in, of checking a paper and of what was made public', () => {
    const open = pages.filter(({ permits }) => permits === undefined).map(({ path }) => path)
    expect(
      open.filter(
        (path) => !/^\/($|sign-in|sign-out|invitation|account|check\/|disclosure|office$|portal$)/.test(path),
      ),
    ).toEqual([])
  })

  it('keeps apart who may not be one: clerks and approvers, payers and their own books, the plant and the fee', () => {
    const may = (role: Role, name: keyof typeof permissions) => reachOf([role], name)
    for (const [name, { all }] of Object.entries(permissions) as [keyof typeof permissions, Permission][]) {
      // A clerk prepares; what approves, decides, issues or adopts is another's. The paper of what was signed decides nothing.
      if (/\.(approve|decide|issue|adopt|file-case)/.test(name) && !/treasury-row|issue-paper/.test(name))
        expect(all, name).not.toContain('bureau_clerk')
      if (!/read|verify/.test(name))
        expect(rolesFor(name).includes('auditor') && !/^(sign-in|about)\./.test(name), name).toBe(false)
    }
    expect(may('finance_officer', 'payments.record')).toBe('none')
    expect(may('plant_operator', 'bills.read')).toBe('none')
    expect(may('ecology_officer', 'payments.read')).toBe('none')
    expect(may('water_company_operator', 'dischargers.change-account-category')).toBe('none')
    expect(may('water_company_operator', 'readings.import')).toBe('own')
    expect(may('brigade_officer', 'settlement.approve-claim')).toBe('none')
    expect(may('administrator', 'bills.read')).toBe('none')
    expect(may('enterprise_user', 'bills.read')).toBe('own')
    expect(may('auditor', 'bills.read')).toBe('all')
  })

  it('gives everything that reads one party’s data to the parties by routes that a transaction can fence', () => {
    const scoped = routes.filter(({ permits }) => ((permissions[permits] as Permission).own ?? []).length > 0)
    expect(scoped.length).toBeGreaterThan(50)
    // A text that is streamed outlives the transaction it is read in.
    expect(scoped.filter(({ kind, path }) => kind === 'download' && /journal/.test(path))).toEqual([])
  })
})

onEveryDatabase('every route', (connection) => {
  let town: SmallTown
  const services = () => town.services
  const { app, failures } = appWithSignIn(services)
  const browsers = new Map<string, Browser>()
  const password = '海内存知己 天涯若比邻 无为在歧路'

  async function come(code: string, token: string | null): Promise<void> {
    const browser = new Browser(app)
    await browser.fill(`/invitation?token=${token}`, { password, again: password })
    expect((await browser.fill('/sign-in', { code, password })).status).toBe(303)
    browsers.set(code, browser)
  }
  const open = (code: string) => browsers.get(code) as Browser

  beforeAll(async () => {
    town = await townOfEverything(connection(), 'water-co')
    const people = [
      ['operator', 'water-co', 'water_company_operator'],
      ['outsider', 'other-co', 'water_company_operator'],
      ['nobody', 'bureau', undefined],
    ] as const
    for (const [code, organisationCode, role] of people)
      await done(
        addStaff(services(), by('admin'), {
          code,
          name: code,
          organisationCode,
          roles: role === undefined ? [] : [role],
        }),
      )
    for (const code of ['clerk', 'auditor', 'operator', 'outsider'])
      await come(code, (await done(invite(services(), by('admin'), { staffCode: code }))).token)
    for (const [code, discharger] of [
      ['of-1001', 'P1001'],
      ['of-1006', 'P1006'],
    ] as const)
      await come(
        code,
        (await done(inviteEnterpriseUser(services(), by('admin'), { code, name: code, discharger }, findDischarger)))
          .token,
      )
  })
  afterAll(() => town.leave())

  const request = (
    route: Route,
    headers: Record<string, string> = {},
    body: string | undefined = undefined,
  ): { method: string; headers: Record<string, string>; body?: string } => {
    const isWrite = route.method !== 'get'
    return {
      method: route.method.toUpperCase(),
      headers: {
        ...(isWrite
          ? {
              'idempotency-key': crypto.randomUUID(),
              'content-type': 'application/json',
              origin: 'http://localhost',
              'if-match': '"0"',
            }
          : {}),
        ...headers,
      },
      ...(isWrite ? { body: body ?? JSON.stringify(route.bodyExample ?? {}) } : {}),
    }
  }
  const told = async (response: Response) => ({
    status: response.status,
    body: (await response.json().catch(() => ({}))) as { code?: string },
  })

  async function settledWork(
    code: string,
    workId: string,
  ): Promise<{ state: string; problem: { code: string } | null }> {
    for (;;) {
      const work = (await (await open(code).send(`/api/v1/works/${workId}`)).json()) as {
        state: string
        problem: { code: string } | null
      }
      if (work.state !== 'running') return work
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  it('is closed to who is not signed in, and to a key nobody made', async () => {
    const stranger = new Browser(app)
    for (const route of routes) {
      const path = `/api/v1${pathOf(route)}`
      expect(await told(await stranger.send(path, request(route))), named(route)).toMatchObject({
        status: 401,
        body: { code: 'not_signed_in' },
      })
      const bearer = request(route, { authorization: 'Bearer qlk_nothing' })
      expect(await told(await stranger.send(path, bearer)), named(route)).toMatchObject({
        status: 401,
        body: { code: 'api_key_unknown' },
      })
    }
    for (const { path, permits } of pages) {
      if (permits === undefined) continue
      const { status, to } = await stranger.open(path.replaceAll(/\{\w+\}/g, '1'))
      expect([status, to?.startsWith('/sign-in?next=')], path).toEqual([302, true])
    }
  })

  it('is closed to a person without any of its roles, in both languages, before anything of it is read', async () => {
    const api = apiOver(services, { parts })
    for (const route of routes) {
      const answered = await api.raw(pathOf(route), request(route, { 'qingliu-actor': 'nobody' }, 'not even JSON'))
      expect([answered.status, answered.body.code], named(route)).toEqual([403, 'role_missing'])
      expect(answered.body.zh).toMatch(/无权/)
    }
    for (const code of ['clerk', 'auditor', 'operator', 'of-1006'] as const) {
      const has: Role[] = [
        { clerk: 'bureau_clerk', auditor: 'auditor', operator: 'water_company_operator', 'of-1006': 'enterprise_user' }[
          code
        ] as Role,
      ]
      for (const route of routes.filter(({ permits }) => reachOf(has, permits) === 'none')) {
        const answered = await told(await open(code).send(`/api/v1${pathOf(route)}`, request(route)))
        expect(answered, `${code} ${named(route)}`).toMatchObject({ status: 403, body: { code: 'role_missing' } })
      }
      for (const page of pages.filter(({ permits }) => permits !== undefined && reachOf(has, permits) === 'none'))
        expect((await open(code).open(page.path.replaceAll(/\{\w+\}/g, '1'))).status, `${code} ${page.path}`).toBe(403)
    }
  })

  it('takes no write under a cookie that our own page did not send, and changes nothing', async () => {
    const writes = routes.filter(({ method }) => method !== 'get')
    const before = await told(await open('clerk').send('/api/v1/dischargers?limit=200'))
    for (const route of writes) {
      const path = `/api/v1${pathOf(route)}`
      const { origin: _, ...bare } = request(route).headers
      const crossing: Record<string, string>[] = [
        bare,
        { ...bare, origin: 'https://evil.example' },
        { ...bare, origin: 'null' },
        { ...bare, origin: 'http://localhost', 'sec-fetch-site': 'cross-site' },
      ]
      for (const headers of crossing) {
        const { status, body } = await told(await open('clerk').send(path, { ...request(route), headers }))
        expect(
          [status, ['request_origin_missing', 'request_cross_site'].includes(body.code ?? '')],
          `${named(route)} ${body.code}`,
        ).toEqual([403, true])
      }
    }
    expect(await told(await open('clerk').send('/api/v1/dischargers?limit=200'))).toEqual(before)
    for (const { path, post, permits } of pages) {
      if (post === undefined || permits === undefined) continue
      const at = path.replaceAll(/\{\w+\}/g, '1')
      const form = {
        method: 'POST',
        body: '_csrf=forged',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
      }
      expect((await open('clerk').send(at, form)).status, path).toBe(403)
    }
  })

  it('answers too much and what is malformed by a problem, never by a failure', async () => {
    const api = apiOver(services, { parts })
    const headers = { 'qingliu-actor': 'chief' }
    for (const route of routes) {
      const wide = await api.raw(`${pathOf(route)}?${'x'.repeat(2_000)}=1`, request(route, headers))
      expect(wide.status, named(route)).toBeGreaterThanOrEqual(400)
      expect(wide.status, named(route)).toBeLessThan(500)
      if (route.method === 'get' || route.files !== undefined || route.body === undefined) continue
      for (const [body, status] of [
        ['{"a":', 400],
        [`"${'x'.repeat(bodyLimitBytes)}"`, 413],
        [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, 400],
        ['{"colour":"red"}', 400],
      ] as const) {
        const { status: got } = await api.raw(pathOf(route), request(route, headers, body))
        expect([400, 428].includes(got) || got === status, `${named(route)} ${got}`).toBe(true)
      }
    }
    expect(api.failures).toEqual([])
  })

  it('shows a party nothing of another: whatever number it asks for', async () => {
    const reads = routes.filter(({ method, path }) => method === 'get' && !absent.includes(path))
    // Names and numbers of P1001 must not be found in anything that P1006 is shown.
    const secrets: Record<string, RegExp> = {
      'of-1006': /P1001|示例1001|"1001"|2026-000001/,
      outsider: /P100\d|示例100|"100\d"|"2026-00000\d"/,
    }
    for (const [code, secret] of Object.entries(secrets)) {
      let shown = 0
      for (const route of reads) {
        const names = Object.keys(route.params.shape)
        const tries = [0, 1, 2].map((at) =>
          filled(
            route.path,
            Object.fromEntries(names.map((name) => [name, fitting[name]?.[at] ?? placeOf(route.path, name)])),
          ),
        )
        for (const path of new Set(tries)) {
          const response = await open(code).send(`/api/v1${path}${needed[route.path] ?? ''}`)
          if (response.status !== 200) continue
          const text = await response.text()
          shown += 1
          // A list of what there is in general says nothing of anybody.
          if (/^\/(openapi|problems|rate-schedules|tariffs|prices|calendars|collectors$)/.test(route.path)) continue
          expect(secret.exec(text)?.[0], `${code} ${path}: ${text.slice(0, 300)}`).toBeUndefined()
        }
      }
      expect(shown, code).toBeGreaterThan(15)
      let seen = 0
      for (const { path } of pages) {
        const values = (at: number) =>
          [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => fitting[name]?.[at] ?? '1')
        for (const at of [0, 1, 2]) {
          const [...given] = values(at)
          const answered = await open(code).open(path.replaceAll(/\{\w+\}/g, () => given.shift() ?? ''))
          expect(answered.status, `${code} ${path}`).toBeLessThan(500)
          if (answered.status !== 200) continue
          seen += 1
          expect(secret.exec(answered.text)?.[0], `${code} ${path}`).toBeUndefined()
        }
      }
      expect(seen, code).toBeGreaterThan(15)
    }
  })

  it('lets a party write nothing of another: not for another collector, not on another’s bill', async () => {
    const files = (path: string) =>
      path.startsWith('/readings')
        ? '户号,用水量,抄表日期\n1001,100,2026-04-30'
        : '户号,收款日期,流水号,污水处理费\n1001,2026-04-20,Z1,10.00'
    for (const [code, role] of [
      ['outsider', 'water_company_operator'],
      ['of-1006', 'enterprise_user'],
    ] as const) {
      const own = routes.filter(
        ({ method, permits }) => method !== 'get' && ((permissions[permits] as Permission).own ?? []).includes(role),
      )
      expect(own.length, code).toBeGreaterThan(0)
      for (const route of own) {
        const example = (route.bodyExample ?? {}) as Record<string, unknown>
        const suited = Object.keys((route.body as { shape?: object } | undefined)?.shape ?? {}).flatMap((name) =>
          fitting[name] === undefined || typeof example[name] !== 'string' ? [] : [[name, fitting[name][0]] as const],
        )
        const body =
          route.files === undefined ? JSON.stringify({ ...example, ...Object.fromEntries(suited) }) : files(route.path)
        const search = route.files === undefined ? '' : '?collector=water&month=2026-04&fileName=a.csv'
        const type = route.files === undefined ? {} : { 'content-type': 'text/csv' }
        const sent = await open(code).send(`/api/v1${pathOf(route)}${search}`, request(route, type, body))
        const { status, body: answer } = (await told(sent)) as {
          status: number
          body: { code?: string; workId?: string }
        }
        if (status !== 202) {
          expect(status, `${code} ${named(route)} ${JSON.stringify(answer)}`).toBeGreaterThanOrEqual(400)
          continue
        }
        await parts.settled()
        const work = await settledWork(code, answer.workId ?? '')
        expect(work.state, `${code} ${named(route)} ${JSON.stringify(work)}`).toBe('refused')
        expect(work.problem?.code, named(route)).toMatch(/other|forbidden|unknown/)
      }
    }
  })

  it('is answered, whatever it is, with what keeps a browser from running, framing or guessing at it', async () => {
    const answers = [
      ...['/', '/nothing-here', '/health', '/favicon.ico', '/language?to=en', '/assets/0/nothing', '/sign-in'],
      ...['/office', '/office/nothing', '/office/bills?as=csv', '/office/bills?as=xlsx', '/office/bills?unknown=1'],
      ...['/office/bills/2026-000001/pdf', '/office/pictures/collection/chart', '/check/x/y', '/disclosure'],
      ...['/api/v1/bills', '/api/v1/nothing', '/api/v1/openapi.json', '/api/v1/docs/', '/api/v1/bills?limit=x'],
    ]
    for (const path of answers) {
      const { headers } = await open('clerk').send(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toContain("default-src 'none'")
      expect(policy, path).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*/)
      expect(headers.get('x-frame-options'), path).toBe('DENY')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toMatch(/same-origin|no-referrer/)
    }
  })

  it('leaves no failure of the program behind', () => {
    expect(failures).toEqual([])
  })
})
