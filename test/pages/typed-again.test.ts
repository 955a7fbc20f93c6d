import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { shownBy } from '../../fixtures/totp.ts'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { inviteEnterpriseUser } from '../../src/platform/sign-in/enterprise-user.ts'
import { invite } from '../../src/platform/sign-in/invite.ts'
import { appWithSignIn, Browser } from '../support/browser.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { portalTown } from '../support/portal-town.ts'

const password = '白日依山尽，黄河入海流，更上层楼'
const accident = '/office/quality/accidents/new'

onEveryDatabase('what was typed when a sign-in had ended', (connection) => {
  let work: Awaited<ReturnType<typeof portalTown>>
  let later = 0
  const services = () => {
    const { clock, ...rest } = work.town.services
    return { ...rest, clock: { today: () => clock.today(), now: () => new Date(clock.now().getTime() + later) } }
  }
  const { app, failures } = appWithSignIn(services)
  let key = ''

  const enrol = (token: string | null) =>
    new Browser(app).fill(`/invitation?token=${token}`, { password, again: password })
  /** Signs in where the browser was led, with a code where one is asked for; answers where it is led from there. */
  async function signsIn(code: string, browser = new Browser(app), at = '/sign-in'): Promise<string> {
    const came = await browser.fill(at, { code, password })
    expect(came.status).toBe(303)
    if (!came.to?.startsWith('/sign-in/code')) return came.to ?? ''
    // The next of the codes that count now: the one of this moment may have been used.
    return (await browser.fill(came.to, { code: shownBy(key, new Date(Date.now() + 30_000)) })).to ?? ''
  }
  const endSessions = () => sql`delete from sign_in_sessions`.execute(services().db)
  const hidden = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
  const post = (browser: Browser, path: string, body: URLSearchParams | FormData, origin = 'http://localhost') =>
    browser.send(path, { method: 'POST', body, headers: { origin } })
  /** Opens a form, has the session end, and sends it. */
  async function sentTooLate(
    browser: Browser,
    path: string,
    typed: Readonly<Record<string, string | File>>,
    between = endSessions as () => Promise<unknown>,
  ) {
    const page = await browser.open(path)
    expect([path, page.status]).toEqual([path, 200])
    const body = new FormData()
    for (const name of ['_csrf', '_id']) body.set(name, hidden(page.text, name))
    for (const [name, value] of Object.entries(typed)) body.set(name, value)
    await between()
    const response = await post(browser, path, body)
    return {
      id: hidden(page.text, '_id'),
      status: response.status,
      to: response.headers.get('location') ?? '',
      text: await response.text(),
    }
  }
  const countOf = async (table: string) =>
    (await sql<{ n: string }>`select count(*)::text as n from ${sql.table(table)}`.execute(services().db)).rows[0]?.n

  beforeAll(async () => {
    work = await portalTown(connection())
    const second = { code: 'clerk-b', name: '经办乙', organisationCode: 'bureau', roles: ['bureau_clerk'] } as const
    await done(addStaff(services(), by('admin'), second))
    for (const staffCode of ['clerk', 'clerk-b', 'admin'])
      await enrol((await done(invite(services(), by('admin'), { staffCode }))).token)
    for (const [code, discharger] of Object.entries({ he: 'P1001', wu: 'P1001' })) {
      const invited = await done(
        inviteEnterpriseUser(services(), by('admin'), { code, name: code, discharger }, findDischarger),
      )
      await enrol(invited.token)
    }
    const admin = new Browser(app)
    await signsIn('admin', admin)
    const shown = await admin.fill('/account/second-factor', { password })
    key = /data-copy="([A-Z2-7]+)"/.exec(shown.text)?.[1] ?? ''
    const set = { _csrf: hidden(shown.text, '_csrf'), code: shownBy(key, new Date()) }
    expect((await post(admin, '/account/second-factor', new URLSearchParams(set))).headers.get('location')).toBe(
      '/account',
    )
  })
  afterAll(() => work.leave())

  const typed = { discharger: 'P1001', substances: '<b>含油</b>废水', description: '阀门未关\n溢出 20 分钟' }

  it('comes back to whoever signs in again, to be sent once more, and nothing was carried out', async () => {
    const browser = new Browser(app)
    await signsIn('clerk', browser)
    const before = await countOf('commands')
    const paper = new File(['照片'], '现场.jpg')
    const sent = await sentTooLate(browser, accident, { ...typed, evidence: paper })
    expect([sent.status, sent.to.startsWith('/sign-in?next=')]).toEqual([303, true])
    const door = await browser.open(sent.to)
    expect(door.text).toContain('未作任何改动')
    expect(door.text).not.toContain('含油')
    const back = await signsIn('clerk', browser, sent.to)
    for (let look = 0; look < 2; look += 1) {
      const again = await browser.open(back)
      expect(again.status).toBe(200)
      expect(again.text).toContain('填写的内容已找回')
      expect(again.text).toContain('文件没有保留，请重新选择')
      expect(again.text).toContain('value="&lt;b&gt;含油&lt;/b&gt;废水"')
      expect(again.text).toMatch(/阀门未关\r?\n溢出 20 分钟<\/textarea>/)
      expect(again.text).not.toContain('现场.jpg')
      expect(hidden(again.text, '_id')).toBe(sent.id)
    }
    expect(await countOf('commands')).toBe(before)
    const finished = await browser.fill(back, {
      ...typed,
      occurredOn: work.day,
      reportedOn: work.day,
      reportedBy: '林会计',
      substanceKind: 'other',
    })
    expect(finished.text).toContain('将发生的变化')
    expect((await browser.send('/language?to=en')).status).toBe(302)
    const english = await browser.open(back)
    expect(english.text).toContain('What you had typed before your sign-in ended')
    expect(english.text).toContain('Files are not kept')
  })

  it('waits behind the second factor, and comes back from a confirmation as the form', async () => {
    const browser = new Browser(app)
    await signsIn('admin', browser)
    const sent = await sentTooLate(browser, '/office/staff/new', { name: '新来的人', _confirmed: 'seen' })
    const half = await browser.fill(sent.to, { code: 'admin', password })
    expect(half.to).toMatch(/^\/sign-in\/code/)
    expect((await browser.open(sent.to)).text).not.toContain('新来的人')
    await vi.waitFor(
      async () => expect((await browser.fill(half.to ?? '', { code: shownBy(key, new Date()) })).to).toMatch(/_typed=/),
      { timeout: 40_000, interval: 5_000 },
    )
    const back = decodeURIComponent(/next=([^&]*)/.exec(half.to ?? '')?.[1] ?? '')
    expect((await browser.open(back)).text).toContain('value="新来的人"')
  }, 60_000)

  it('comes back at once to who signed in anew in another window', async () => {
    const browser = new Browser(app)
    await signsIn('clerk', browser)
    const sent = await sentTooLate(browser, accident, typed, async () => {
      await endSessions()
      browser.cookies.clear()
      await signsIn('clerk', browser)
    })
    expect([sent.status, sent.to.startsWith(`${accident}?_typed=`)]).toEqual([303, true])
    expect((await browser.open(sent.to)).text).toContain('阀门未关')
  })

  it('is shown to nobody else who signs in on the same browser, of whichever party', async () => {
    const browser = new Browser(app)
    await signsIn('clerk', browser)
    const sent = await sentTooLate(browser, accident, typed)
    const at = await signsIn('clerk-b', browser, sent.to)
    const other = await browser.open(at)
    expect([other.status, other.to]).toEqual([303, accident])
    expect((await browser.open(accident)).text).not.toContain('阀门未关')

    // A form of one person that is sent in the session of another is refused, and kept for neither.
    const stale = await sentTooLate(browser, accident, typed, async () => {
      browser.cookies.clear()
      await signsIn('clerk', browser)
    })
    expect([stale.status, stale.to]).toEqual([403, ''])

    const bill = (await work.town.bills('1001', '2025-03'))[0]?.number ?? ''
    const objection = `/portal/bills/${bill}/objection`
    const portal = new Browser(app)
    await signsIn('he', portal)
    const grounds = { grounds: '表计故障，请检定。', from: '贺会计', attachments: new File(['x'], '表计.jpg') }
    const late = await sentTooLate(portal, objection, grounds)
    const colleague = await signsIn('wu', portal, late.to)
    expect((await portal.open(colleague)).to).toBe(objection)
    await endSessions()
    portal.cookies.clear()
    const mine = await portal.open(await signsIn('he', portal, late.to))
    expect(mine.text).toContain('表计故障，请检定。')
    expect(mine.text).toContain('文件没有保留，请重新选择')
    expect(await countOf('objections')).toBe('0')
    expect(failures).toEqual([])
  })

  it('is kept of no form that is not ours, comes from elsewhere, is too large or holds a secret', async () => {
    const browser = new Browser(app)
    await signsIn('clerk', browser)
    const page = await browser.open(accident)
    const account = await browser.open('/account/password')
    await endSessions()
    const body = (more: Record<string, string>, from = page.text) =>
      new URLSearchParams({ _csrf: hidden(from, '_csrf'), _id: hidden(from, '_id'), ...typed, ...more })
    const answer = async (response: Promise<Response>) => {
      const { status, headers } = await response
      return [status, headers.get('location')]
    }
    expect(await answer(post(browser, accident, body({}), 'https://evil.example'))).toEqual([403, null])
    const [proof = '', , person = ''] = hidden(page.text, '_csrf').split('.')
    for (const forged of [proof, `${proof}.clerk-b.${person}`, `${proof}..${person}`, '..', `x.clerk.${person}`])
      expect(await answer(post(browser, accident, body({ _csrf: forged })))).toEqual([401, null])
    expect(await answer(post(browser, accident, body({ description: '长'.repeat(100_000) })))).toEqual([401, null])
    const files = new FormData()
    for (const [name, value] of body({})) files.set(name, value)
    files.set('evidence', new File([new Uint8Array(9 * 1024 * 1024)], 'large.pdf'))
    expect(await answer(post(browser, accident, files))).toEqual([401, null])
    const changed = body({ present: password, password: 'x', again: 'x' }, account.text)
    expect((await answer(post(browser, '/account/password', changed)))[0]).toBe(403)
    const [status, to] = await answer(post(browser, accident, body({})))
    expect([status, String(to).startsWith('/sign-in?next=')]).toEqual([303, true])
  })

  it('is gone after an hour, and is found at no other address', async () => {
    const browser = new Browser(app)
    await signsIn('clerk', browser)
    const sent = await sentTooLate(browser, accident, typed)
    const back = await signsIn('clerk', browser, sent.to)
    const token = back.slice(back.indexOf('?'))
    expect((await browser.open(`/office/quality/pollutants/new${token}`)).status).toBeGreaterThanOrEqual(303)
    expect((await browser.open(`/office/bills${token}`)).to).toBe('/office/bills')
    expect((await browser.open(back)).text).toContain('阀门未关')
    later = 61 * 60_000
    const late = await browser.open(back)
    expect([late.status, late.to]).toEqual([303, accident])
    expect((await browser.open(accident)).text).toContain('只保留一小时')
    expect(failures).toEqual([])
  })
})
