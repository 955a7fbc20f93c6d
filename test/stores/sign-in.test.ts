import { sql } from 'kysely'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { shownBy } from '../../fixtures/totp.ts'
import { checkChain } from '../../src/evidence/chain.check.ts'
import { checkRows } from '../../src/evidence/rows.check.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { listApiKeys } from '../../src/platform/sign-in/api-key.queries.ts'
import { createApiKey, revokeApiKey } from '../../src/platform/sign-in/api-keys.ts'
import { sessionHours } from '../../src/platform/sign-in/authentication.ts'
import { endAccess, endSessions, resetSecondFactor } from '../../src/platform/sign-in/end-access.ts'
import { invitationDays, invite } from '../../src/platform/sign-in/invite.ts'
import { listSecurityEvents, noteSecurityEvent } from '../../src/platform/sign-in/security-events.ts'
import { listSessions, listUsers } from '../../src/platform/sign-in/sign-in.queries.ts'
import { appWithSignIn, Browser } from '../support/browser.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'

const password = '春江潮水连海平海上明月'
const longPassword = `${password}共潮生`

const windowsChrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

onEveryDatabase('signing in', (connection) => {
  const services = () => servicesOn(connection(), '2026-03-31')
  const { app, failures } = appWithSignIn(services)
  beforeAll(() => openOffice(services()))

  const tokenFor = async (code: string) =>
    (await done(invite(services(), by('admin'), { staffCode: code }))).token ?? ''
  async function enrol(code: string, browser = new Browser(app)): Promise<Browser> {
    const to = `/invitation?token=${await tokenFor(code)}`
    const set = await browser.fill(to, { password: longPassword, again: longPassword })
    expect([set.status, set.to]).toEqual([303, '/sign-in'])
    return browser
  }
  const signIn = (browser: Browser, code: string, secret = longPassword) =>
    browser.fill('/sign-in', { code, password: secret })
  const totp = (uri: string) => shownBy(new URL(uri).searchParams.get('secret') ?? '', new Date())

  describe('by an invitation', () => {
    it('sets a password once, and whoever has it signs in', async () => {
      const token = await tokenFor('clerk')
      const browser = new Browser(app)
      const to = `/invitation?token=${token}`
      expect((await browser.open(to)).text).toContain('经办甲')
      expect((await browser.fill(to, { password: 'short', again: 'short' })).text).toContain(
        '密码须有 12 至 128 个字符',
      )
      expect((await browser.fill(to, { password: 'password12345', again: 'password12345' })).text).toContain('太常见')
      expect((await browser.fill(to, { password: longPassword, again: password })).text).toContain('不一致')
      expect((await browser.fill(to, { password: longPassword, again: longPassword })).to).toBe('/sign-in')
      expect((await browser.open(to)).status).toBe(403)

      expect((await browser.open('/office/bills')).to).toBe('/sign-in?next=%2Foffice%2Fbills')
      expect((await signIn(browser, 'clerk', `${longPassword}x`)).text).toContain('代码或密码不对')
      const came = await browser.fill('/sign-in?next=%2Foffice%2Fbills', { code: 'clerk', password: longPassword })
      expect([came.status, came.to]).toEqual([303, '/office/bills'])
      expect((await browser.open('/office/bills')).status).toBe(200)
      expect((await browser.open('/account')).text).toContain('经办甲')
      expect(failures).toEqual([])
    })

    it('keeps no token and no password where anybody could read them', async () => {
      const token = await tokenFor('auditor')
      const { rows } = await sql<{ text: string }>`
        select coalesce(string_agg(c.input::text || a.answer::text, ''), '') as text
        from commands c join audit_events a using (command_id)`.execute(connection().db)
      expect(rows[0]?.text).not.toContain(token)
      expect(rows[0]?.text).not.toContain(longPassword)
      const repeated = await done(
        invite(services(), by('admin', { commandId: 'invite-twice' }), { staffCode: 'auditor' }),
      )
      expect(repeated.token).not.toBeNull()
      const again = await done(invite(services(), by('admin', { commandId: 'invite-twice' }), { staffCode: 'auditor' }))
      expect(again).toEqual({ ...repeated, token: null })
      expect((await new Browser(app).open(`/invitation?token=${token}`)).status).toBe(403)
    })
  })

  it('gives cookies that scripts and other sites cannot use, and over https only the host', async () => {
    const browser = await enrol('clerk')
    const page = await browser.open('/sign-in')
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)?.[1] ?? ''
    const post = (more: Record<string, string>) =>
      browser.send('/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...more },
        body: new URLSearchParams({ _csrf: hidden('_csrf'), code: 'clerk', password: longPassword }).toString(),
      })
    expect((await post({})).status).toBe(403)
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
    const answered = await post({ origin: 'http://localhost' })
    const [cookie = ''] = answered.headers.getSetCookie()
    expect(cookie).toMatch(/^qingliu\.session_token=.*; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
    const secured = new Browser(appWithSignIn(services, { secure: true, loopbackOnly: false }).app)
    await signIn(secured, 'clerk')
    expect([...secured.cookies.keys()]).toContain('__Host-qingliu.session_token')
    // Neither what is said once after a form, nor the language, nor the next visit goes without encryption.
    for (const [asked, is] of [
      [browser, false],
      [secured, true],
    ] as const) {
      const answer = await asked.send('/language?to=zh')
      expect(/; Secure/.test(answer.headers.get('set-cookie') ?? '')).toBe(is)
      expect(answer.headers.has('strict-transport-security')).toBe(is)
    }
  })

  it('lists sessions, and ends them: one’s own, or anybody’s by the administrator', async () => {
    const [here, there] = [await enrol('clerk'), new Browser(app, '192.0.2.2', windowsChrome)]
    await signIn(here, 'clerk')
    await signIn(there, 'clerk')
    const page = await here.open('/account')
    const end = /action="(\/account\/sessions\/[^"]+)"/.exec(page.text)?.[1] ?? ''
    expect(page.text).toContain('192.0.2.2')
    expect(page.text).toContain('>Chrome，Windows<')
    expect((await here.fill('/account', {}, end)).to).toBe('/account')
    expect((await there.open('/office/bills')).to).toMatch(/^\/sign-in/)
    expect(await refusedWith(endSessions(services(), by('auditor'), { staffCode: 'clerk' }))).toBe('session_of_other')
    expect(await done(endSessions(services(), by('admin'), { staffCode: 'clerk' }))).toEqual({
      staff: 'clerk',
      sessions: 1,
    })
    expect((await here.open('/office/bills')).to).toMatch(/^\/sign-in/)
    await signIn(here, 'clerk')
    expect((await here.fill('/account', {}, '/sign-out')).to).toBe('/sign-in')
    expect((await here.open('/account')).to).toMatch(/^\/sign-in/)
  })

  describe('a second factor', () => {
    it('is set up before an approver sees anything, asked for from then on, and its backup codes work once', async () => {
      const browser = await enrol('approver')
      const elsewhere = new Browser(app)
      await signIn(elsewhere, 'approver')
      expect((await signIn(browser, 'approver')).to).toBe('/')
      expect((await browser.open('/office/bills')).to).toBe('/account/second-factor')
      expect((await browser.send('/api/v1/bills')).status).toBe(403)
      const shown = await browser.fill('/account/second-factor', { password: longPassword })
      expect(shown.text).toContain('<svg')
      const secret =
        /data-copy="([A-Z2-7]+)"/.exec(shown.text)?.[1] ?? /<code[^>]*>([A-Z2-7]{16,})</.exec(shown.text)?.[1] ?? ''
      const backup = [...shown.text.matchAll(/<li><code[^>]*>([A-Za-z0-9-]+)</g)].map(([, code]) => code ?? '')
      expect(backup.length).toBe(10)
      const uri = `otpauth://totp/x?secret=${secret}`
      const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(shown.text)?.[1] ?? ''
      const confirm = (code: string) =>
        browser.send('/account/second-factor', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
          body: new URLSearchParams({ _csrf: hidden('_csrf'), code }).toString(),
        })
      expect(await (await confirm('000000')).text()).toContain('验证码不对')
      expect((await confirm(totp(uri))).headers.get('location')).toBe('/account')
      expect((await browser.open('/office/bills')).status).toBe(200)

      // A session that began with the password alone ends: it would else have passed for both.
      expect((await elsewhere.open('/office/bills')).to).toMatch(/^\/sign-in/)

      const next = new Browser(app)
      expect((await signIn(next, 'approver')).to).toBe('/sign-in/code?next=%2F')
      expect((await next.open('/office/bills')).to).toMatch(/^\/sign-in/)
      expect((await next.fill('/sign-in/code', { code: '000000' })).text).toContain('验证码不对')
      expect((await next.fill('/sign-in/code', { code: totp(uri) })).to).toBe('/')
      expect((await next.open('/office/bills')).status).toBe(200)

      const lost = new Browser(app)
      await signIn(lost, 'approver')
      expect((await lost.fill('/sign-in/code', { code: backup[0] ?? '' })).to).toBe('/')
      const twice = new Browser(app)
      await signIn(twice, 'approver')
      expect((await twice.fill('/sign-in/code', { code: backup[0] ?? '' })).text).toContain('验证码不对')
      expect(failures).toEqual([])
    })

    it('is not set up by the step between password and code, which would leave sessions of the password alone', async () => {
      const early = { code: 'early', name: '审批戊', organisationCode: 'bureau', roles: ['bureau_approver'] } as const
      await done(addStaff(services(), by('admin'), early))
      await enrol('early')
      const [elsewhere, here] = [new Browser(app), new Browser(app)]
      for (const each of [elsewhere, here]) await signIn(each, 'early')
      const shown = await here.fill('/account/second-factor', { password: longPassword })
      const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(shown.text)?.[1] ?? ''
      const secret = /data-copy="([A-Z2-7]+)"/.exec(shown.text)?.[1] ?? ''
      const code = totp(`otpauth://totp/x?secret=${secret}`)
      const answer = await here.send('/sign-in/code', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
        body: new URLSearchParams({ _csrf: hidden('_csrf'), code }).toString(),
      })
      expect(answer.status).not.toBe(303)
      for (const each of [elsewhere, here]) expect((await each.open('/office/bills')).status).toBe(302)
    })

    it('takes a code once, from whoever comes first, and no more wrong ones than the lock allows, however many at once', async () => {
      const guessed = {
        code: 'guessed',
        name: '审批丁',
        organisationCode: 'bureau',
        roles: ['bureau_approver'],
      } as const
      await done(addStaff(services(), by('admin'), guessed))
      await enrol('guessed')
      const first = new Browser(app)
      await signIn(first, 'guessed')
      const setUp = await first.fill('/account/second-factor', { password: longPassword })
      const secret = /data-copy="([A-Z2-7]+)"/.exec(setUp.text)?.[1] ?? ''
      const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(setUp.text)?.[1] ?? ''
      const shown = totp(`otpauth://totp/x?secret=${secret}`)
      await first.send('/account/second-factor', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
        body: new URLSearchParams({ _csrf: hidden('_csrf'), code: shown }).toString(),
      })
      const challenged = async () => {
        const browser = new Browser(app)
        expect((await signIn(browser, 'guessed')).to).toMatch(/^\/sign-in\/code/)
        return browser
      }
      const [one, other] = [await challenged(), await challenged()]
      const both = await Promise.all([one, other].map((each) => each.fill('/sign-in/code', { code: shown })))
      expect(both.map(({ status }) => status).sort()).toEqual([200, 303])
      expect(both.map(({ text }) => text).join('')).toContain('刚才已用过一次')
      const opened = await Promise.all([one, other].map((each) => each.open('/office/bills')))
      expect(opened.map(({ status }) => status).sort()).toEqual([200, 302])

      const many: Browser[] = []
      for (let count = 0; count < 14; count += 1) many.push(await challenged())
      const guesses = await Promise.all(many.map((each, at) => each.fill('/sign-in/code', { code: `00000${at % 10}` })))
      const looked = guesses.filter(({ text }) => text.includes('验证码不对'))
      expect(looked.length).toBeLessThanOrEqual(10)
      expect(guesses.filter(({ text }) => text.includes('验证码错误次数过多')).length).toBe(14 - looked.length)
      expect(failures).toEqual([])
    })

    it('is reset by another administrator alone, and ends every session', async () => {
      const reason = '手机丢失'
      expect(await refusedWith(resetSecondFactor(services(), by('clerk'), { staffCode: 'approver', reason }))).toBe(
        'role_missing',
      )
      expect(await refusedWith(resetSecondFactor(services(), by('admin'), { staffCode: 'admin', reason }))).toBe(
        'second_factor_own',
      )
      expect(await refusedWith(resetSecondFactor(services(), by('admin'), { staffCode: 'clerk', reason }))).toBe(
        'second_factor_not_set',
      )
      expect(await done(resetSecondFactor(services(), by('admin'), { staffCode: 'approver', reason }))).toMatchObject({
        secondFactorReset: true,
      })
      const browser = new Browser(app)
      expect((await signIn(browser, 'approver')).to).toBe('/')
      expect((await browser.open('/office/bills')).to).toBe('/account/second-factor')
    })
  })

  it('is slowed down where somebody guesses, and not for who signs in from where they always do', async () => {
    await enrol('both')
    const home = new Browser(app, '198.51.100.7')
    expect((await signIn(home, 'both')).status).toBe(303)
    const guesser = new Browser(app, '203.0.113.1')
    for (let guess = 0; guess < 5; guess += 1)
      expect((await signIn(guesser, 'both', `wrong ${guess} wrong`)).text).toContain('代码或密码不对')
    expect((await signIn(guesser, 'both')).text).toContain('失败次数过多')
    for (let other = 2; other < 5; other += 1)
      for (let guess = 0; guess < 5; guess += 1)
        await signIn(new Browser(app, `203.0.113.${other}`), 'both', 'wrong wrong wrong')
    expect((await signIn(new Browser(app, '203.0.113.99'), 'both')).text).toContain('失败次数过多')
    expect((await signIn(new Browser(app, '198.51.100.7'), 'both')).status).toBe(303)
    // A quarter of an hour later nobody waits.
    const later = appWithSignIn(() => ({
      ...services(),
      clock: { today: () => services().clock.today(), now: () => new Date(Date.now() + 16 * 60_000) },
    }))
    expect((await signIn(new Browser(later.app, '203.0.113.99'), 'both')).status).toBe(303)
  })

  it('tells of an unknown code no more than of a wrong password', async () => {
    const unknown = await signIn(new Browser(app, '192.0.2.77'), 'nobody-here')
    const wrong = await signIn(new Browser(app, '192.0.2.78'), 'clerk', 'wrong wrong wrong')
    const bare = (text: string) => text.replaceAll(/value="[^"]*"/g, '').replaceAll(/nobody-here|clerk/g, '')
    expect(bare(unknown.text)).toBe(bare(wrong.text))
  })

  it('holds up who guesses at a name nobody has as at any other, and who tries many names at once', async () => {
    await enrol('clerk')
    const told = async (code: string) => {
      const { text } = await signIn(new Browser(app, '192.0.2.91'), code, 'wrong wrong wrong')
      return text.includes('失败次数过多') ? 'wait' : text.includes('代码或密码不对') ? 'wrong' : text
    }
    for (const code of ['clerk', 'no-such-name'])
      expect(await Promise.all([0, 1, 2, 3, 4, 5, 6].map(() => told(code))), code).toEqual([
        ...new Array(5).fill('wrong'),
        'wait',
        'wait',
      ])
    expect(await told('another-name')).toBe('wrong')
    expect(await told('NO-such-name')).toBe('wait')
    // Eleven stand: of fifty names from one address thirty-nine more are looked at, however they come.
    const failed = { event: 'sign_in_failed', staffId: undefined, address: '192.0.2.91' } as const
    for (let count = 0; count < 36; count += 1) await noteSecurityEvent(services(), failed)
    const burst = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((at) => told(`name-${at}`)))
    expect(burst.filter((each) => each === 'wrong')).toHaveLength(3)
  })

  describe('an API key', () => {
    const ask = async (token: string, path: string, init: RequestInit = {}) => {
      const response = await app.request(`/api/v1${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
      })
      return { status: response.status, body: (await response.json()) as { code?: string } }
    }

    it('opens what it was made for and nothing else, until it is revoked', async () => {
      const made = await done(
        createApiKey(services(), by('admin'), {
          staffCode: 'clerk',
          name: '对接',
          permissions: ['bills.read'],
          days: 30,
        }),
      )
      const token = made.token ?? ''
      expect((await ask(token, '/bills')).status).toBe(200)
      expect(await ask(token, '/accounts')).toMatchObject({ status: 403, body: { code: 'api_key_not_for' } })
      expect(await ask(`${token}x`, '/bills')).toMatchObject({ status: 401, body: { code: 'api_key_unknown' } })
      await done(revokeApiKey(services(), by('admin'), { key: made.key, reason: '停用' }))
      expect(await ask(token, '/bills')).toMatchObject({ status: 401, body: { code: 'api_key_unknown' } })
      expect(await refusedWith(revokeApiKey(services(), by('admin'), { key: made.key, reason: '停用' }))).toBe(
        'api_key_missing',
      )
    })

    it('is not for those who need a second factor, for what their roles lack, nor for ever', async () => {
      const key = { staffCode: 'clerk', name: '对接', permissions: ['bills.read'], days: 30 }
      expect(await refusedWith(createApiKey(services(), by('admin'), { ...key, staffCode: 'approver' }))).toBe(
        'api_key_needs_person',
      )
      expect(
        await refusedWith(createApiKey(services(), by('admin'), { ...key, permissions: ['bills.approve-run'] })),
      ).toBe('api_key_permission_unknown')
      expect(await refusedWith(createApiKey(services(), by('admin'), { ...key, days: 367 }))).toBe(
        'api_key_term_malformed',
      )
      expect(await refusedWith(createApiKey(services(), by('clerk'), key))).toBe('role_missing')
    })
  })

  describe('by itself, after its time,', () => {
    const [minute, day] = [60_000, 86_400_000]
    /** What is done so much later. */
    async function later<Answer>(milliseconds: number, work: () => Promise<Answer>): Promise<Answer> {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds })
      try {
        return await work()
      } finally {
        vi.useRealTimers()
      }
    }
    const stateOf = async (code: string) =>
      (await listUsers(connection().db, { now: new Date(), code, limit: 10 }))[0]?.state

    it('an invitation ends, and a new one is the way on', async () => {
      const to = `/invitation?token=${await tokenFor('approver-2')}`
      const browser = new Browser(app)
      const form = { password: longPassword, again: longPassword }
      expect((await later(invitationDays * day - minute, () => browser.open(to))).status).toBe(200)
      await later(invitationDays * day + minute, async () => {
        const late = await browser.open(to)
        expect(late.status).toBe(403)
        expect(late.text).toContain('<h1>邀请已过期</h1>')
        expect(late.text).toMatch(/过期。请向发出邀请的[^（]+（[^）]+）要一份新的/)
        expect(late.text).not.toContain('无权办理')
        expect(late.text).toContain('href="/"')
        expect((await browser.fill(to, form)).status).toBe(403)
        expect(await stateOf('approver-2')).toBe('invitation_expired')
        await enrol('approver-2')
        expect(await stateOf('approver-2')).toBe('active')
      })
    })

    it('a session ends, says so, and leads back to the page that was asked for', async () => {
      const browser = await enrol('clerk')
      await signIn(browser, 'clerk')
      const within = await later(sessionHours * 60 * minute - minute, () => browser.open('/office/payments/new'))
      expect(within.status).toBe(200)
      await later(sessionHours * 60 * minute + minute, async () => {
        const asked = await browser.open('/office/payments/new')
        expect(asked.to).toBe('/sign-in?next=%2Foffice%2Fpayments%2Fnew')
        expect((await browser.open(asked.to ?? '')).text).toContain(`登录 ${sessionHours} 小时后自动结束`)
        expect((await browser.open('/sign-in')).text).not.toContain('自动结束')
        const sent = await browser.fill('/sign-in', { amount: '1.00' }, '/office/payments/new')
        expect(sent.status).toBe(401)
        expect(sent.text).toContain('登录已结束')
        expect(sent.text).not.toContain('Bearer')
        expect(sent.text).toContain('href="/sign-in?next=%2Foffice%2Fpayments%2Fnew"')
        expect((await browser.send('/api/v1/bills')).status).toBe(401)
        expect((await listSessions(connection().db, { now: new Date(), code: 'clerk' })).length).toBe(0)
        expect((await browser.fill(asked.to ?? '', { code: 'clerk', password: longPassword })).to).toBe(
          '/office/payments/new',
        )
      })
    })

    it('the step between password and code ends, and is begun again', async () => {
      await enrol('approver')
      const first = new Browser(app)
      await signIn(first, 'approver')
      const shown = await first.fill('/account/second-factor', { password: longPassword })
      const secret = /data-copy="([A-Z2-7]+)"/.exec(shown.text)?.[1] ?? ''
      const uri = `otpauth://totp/x?secret=${secret}`
      expect((await first.fill('/account/second-factor', { code: totp(uri) })).to).toBe('/account')

      const slow = new Browser(app)
      const to = (await signIn(slow, 'approver')).to ?? ''
      await later(11 * minute, async () => {
        const late = await slow.fill(to, { code: totp(uri) })
        expect(late.text).toContain('输入密码之后已过 10 分钟')
        expect(late.text).not.toContain('验证码不对')
        expect(late.text).toContain('href="/sign-in?next=%2F"')
        await signIn(slow, 'approver')
        expect((await slow.fill(to, { code: totp(uri) })).to).toBe('/')
        expect((await slow.open('/office/bills')).status).toBe(200)
      })
      // Who was never asked for a password is told the same.
      expect((await new Browser(app).fill(to, { code: totp(uri) })).text).toContain('请重新登录，再输入验证码')
      expect(failures).toEqual([])
    })

    it('an API key ends, and is shown so', async () => {
      const key = { staffCode: 'clerk', name: '到期', permissions: ['bills.read'], days: 30 }
      const made = await done(createApiKey(services(), by('admin'), key))
      const asked = async () => {
        const headers = { authorization: `Bearer ${made.token ?? ''}` }
        const response = await app.request('/api/v1/bills', { headers })
        return { status: response.status, text: await response.text() }
      }
      const stateOfKey = async () =>
        (await listApiKeys(connection().db, { now: new Date(), limit: 100 })).find(({ keyId }) => keyId === made.key)
          ?.state
      expect((await later(30 * day - minute, asked)).status).toBe(200)
      await later(30 * day + minute, async () => {
        const late = await asked()
        expect(late.status).toBe(401)
        expect(late.text).toMatch(/api_key_unknown/)
        expect(late.text).toMatch(/已过期|has expired/)
        expect(await stateOfKey()).toBe('expired')
        expect(await refusedWith(revokeApiKey(services(), by('admin'), { key: made.key, reason: '停用' }))).toBe(
          'api_key_missing',
        )
      })
    })
  })

  it('ends for good when access is ended, until a new invitation', async () => {
    const browser = await enrol('auditor')
    await signIn(browser, 'auditor')
    const { token } = await done(
      createApiKey(services(), by('admin'), {
        staffCode: 'auditor',
        name: '对接',
        permissions: ['bills.read'],
        days: 30,
      }),
    )
    expect(await refusedWith(endAccess(services(), by('admin'), { staffCode: 'admin', reason: '离岗' }))).toBe(
      'access_own',
    )
    await done(endAccess(services(), by('admin'), { staffCode: 'auditor', reason: '离岗' }))
    expect((await browser.open('/office/bills')).to).toMatch(/^\/sign-in/)
    expect((await signIn(browser, 'auditor')).text).toContain('代码或密码不对')
    expect((await app.request('/api/v1/bills', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
    const state = async () =>
      (await listUsers(connection().db, { now: new Date(), code: 'auditor', limit: 1 }))[0]?.state
    expect(await state()).toBe('ended')
    await enrol('auditor')
    expect(await state()).toBe('active')
  })

  it('leaves a trail that the audit chain covers', async () => {
    const events = await listSecurityEvents(connection().db, { limit: 200 })
    const kinds = new Set(events.map(({ event }) => event))
    for (const kind of [
      'signed_in',
      'sign_in_failed',
      'sign_in_throttled',
      'second_factor_failed',
      'second_factor_set',
      'backup_code_used',
      'session_ended',
    ])
      expect(kinds, kind).toContain(kind)
    await done(invite(services(), by('admin'), { staffCode: 'clerk' }))
    expect((await checkChain(services())).findings).toEqual([])
    expect((await checkRows(services(), ['security_events', 'invitations', 'api_keys'])).findings).toEqual([])
  })
})
