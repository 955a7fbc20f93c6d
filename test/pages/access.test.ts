import { beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { invite } from '../../src/platform/sign-in/invite.ts'
import { appWithSignIn, Browser } from '../support/browser.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { PagePerson } from '../support/page-person.ts'
import { SmallTown } from '../support/small-town.ts'

const password = '白日依山尽，黄河入海流，更上层楼'

onEveryDatabase('the pages about who signs in', (connection) => {
  let town: SmallTown
  const { app, failures } = appWithSignIn(() => town.services)
  const parts = partsOnNode((_, error) => {
    throw error
  })
  const at = (actor: string, language: 'zh' | 'en' = 'zh') =>
    new PagePerson(
      createApp(() => town.services, { access: { kind: 'development', actor: 'clerk' }, parts }),
      actor,
      language,
    )
  const tokenIn = (text: string) => /\/invitation\?token=([\w-]+)/.exec(text)?.[1] ?? ''
  async function signsIn(code: string, secret = password, browser = new Browser(app)): Promise<Browser> {
    expect((await browser.fill('/sign-in', { code, password: secret })).status).toBe(303)
    return browser
  }

  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-01-20', 'gx')
    await town.register('P1')
  })

  it('invites a person by a link that is shown once, lists their sessions in words and ends them', async () => {
    const admin = at('admin')
    expect((await admin.see('/office/staff/clerk')).text).toContain('未邀请')
    const invited = await admin.fillIn('/office/staff/clerk/invitation', {})
    expect(invited.status).toBe(200)
    const token = tokenIn(invited.text)
    expect(token).not.toBe('')
    expect((await admin.see('/office/staff/clerk')).text).toContain('已邀请')
    const browser = new Browser(app)
    const set = await browser.fill(`/invitation?token=${token}`, { password, again: password })
    expect([set.status, set.to]).toEqual([303, '/sign-in'])
    await signsIn('clerk', password, browser)
    await signsIn('clerk')

    const person = await admin.see('/office/staff/clerk')
    expect(person.text).toContain('已启用')
    const one = /href="(\/office\/staff\/clerk\/sessions\/[^/"]+\/end)"/.exec(person.text)?.[1] ?? ''
    expect((await admin.see(one)).text).toMatch(/来自[\s\S]*192\.0\.2\.1/)
    expect((await admin.confirm(one, await admin.fillIn(one, {}))).said).toBe('会话已结束。')
    const rest = '/office/staff/clerk/sessions/end'
    const ending = await admin.fillIn(rest, {})
    expect(ending.text).toContain('结束 1 个会话')
    await admin.confirm(rest, ending)
    expect((await browser.open('/office/bills')).to).toMatch(/^\/sign-in/)
    for (const other of ['clerk', 'auditor']) {
      expect((await at(other).see('/office/staff/clerk/invitation')).status).toBe(403)
      expect((await at(other).see('/office/staff/clerk')).text).not.toContain('邀请设置密码')
    }
    expect((await at('clerk').see('/office/staff/approver')).text).not.toContain('登录会话')

    const ended = '/office/staff/clerk/access-end'
    expect((await admin.fillIn(ended, { reason: '' })).text).toContain('请填写')
    const sure = await admin.fillIn(ended, { reason: '离岗' })
    expect((await admin.confirm(ended, sure)).said).toBe('已停用 clerk 的登录。')
    expect((await browser.fill('/sign-in', { code: 'clerk', password })).text).toContain('代码或密码不对')
    expect((await admin.see('/office/security-events?staff=clerk&event=sign_in_failed')).text).toContain('登录失败')
    expect(failures).toEqual([])
  })

  it('leads on who signs in where they signed in meanwhile in another window', async () => {
    await done(invite(town.services, by('admin'), { staffCode: 'auditor' })).then(({ token }) =>
      new Browser(app).fill(`/invitation?token=${token}`, { password, again: password }),
    )
    const browser = new Browser(app)
    const at = '/sign-in?next=%2Faccount'
    const proof = /name="_csrf" value="([^"]*)"/.exec((await browser.open(at)).text)?.[1] ?? ''
    await signsIn('auditor', password, browser)
    const send = (path: string, _csrf: string) =>
      browser.send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
        body: new URLSearchParams({ _csrf, code: 'auditor', password }).toString(),
      })
    const again = await send(at, proof)
    expect([again.status, again.headers.get('location')]).toEqual([303, at])
    expect((await browser.open(at)).to).toBe('/account')
    expect((await browser.open('/sign-in/code?next=%2Faccount')).to).toBe('/account')
    // It is no proof for anything that is done by who is signed in.
    expect((await send('/sign-out', proof)).headers.get('location')).toBe('/sign-out')
    expect((await browser.open('/account')).status).toBe(200)
    expect((await send('/sign-in', 'forged')).status).toBe(403)
  })

  it('takes no more of who is not signed in than a form without files may bring', async () => {
    const browser = new Browser(app)
    const proof = /name="_csrf" value="([^"]*)"/.exec((await browser.open('/sign-in')).text)?.[1] ?? ''
    const body = new FormData()
    body.set('_csrf', proof)
    body.set('code', new File([new Uint8Array(1024 * 1024 + 1)], 'large'))
    const answered = await browser.send('/sign-in', { method: 'POST', body, headers: { origin: 'http://localhost' } })
    expect(answered.status).toBe(413)
  })

  it('makes a key for what is checked alone, shows it once, and revokes it', async () => {
    const admin = at('admin')
    const form = '/office/staff/clerk/keys/new'
    expect((await admin.see(form)).text).toContain('type="checkbox" name="permissions" value="bills.read"')
    expect((await admin.fillIn(form, { name: '报表', days: '0', permissions: 'bills.read' })).text).toContain(
      '不合要求',
    )
    const preview = await admin.fillIn(form, { name: '报表', days: '30', permissions: 'bills.read' })
    expect(preview.text).toContain('查看账单')
    expect(preview.text).not.toContain('qlk_')
    const made = await admin.confirm(form, preview)
    const key = /qlk_[\w-]{20,}/.exec(made.text)?.[0] ?? ''
    expect(key).not.toBe('')
    expect((await admin.confirm(form, preview)).text).toContain('密钥只显示一次，已经显示过')
    const asks = (path: string) => new Browser(app).send(path, { headers: { authorization: `Bearer ${key}` } })
    expect((await asks('/api/v1/bills')).status).toBe(200)
    expect((await asks('/api/v1/payments')).status).toBe(403)
    const list = await admin.see('/office/api-keys')
    expect(list.text).toContain('报表')
    expect(list.text).not.toContain(key)
    const revoking = /href="(\/office\/api-keys\/\d+\/revocation)"/.exec(list.text)?.[1] ?? ''
    // Which one it is stands above the reason.
    for (const words of [`${key.slice(0, 8)}`, '报表', '查看账单'])
      expect((await admin.see(revoking)).text).toContain(words)
    await admin.confirm(revoking, await admin.fillIn(revoking, { reason: '系统更换' }))
    expect((await asks('/api/v1/bills')).status).toBe(401)
    expect((await admin.see('/office/api-keys')).text).toContain('已吊销')
  })

  it('lets a clerk invite a person of an enterprise from its page, and end what they see', async () => {
    const clerk = at('clerk')
    const place = '/office/dischargers/P1'
    const form = `${place}/people/new`
    expect((await clerk.see(place)).text).toContain('邀请企业人员')
    const preview = await clerk.fillIn(form, { name: '张三', code: 'shili-zhang' })
    expect(preview.text).toContain('张三（shili-zhang）自 2026-01-20 起可看')
    const invited = await clerk.confirm(form, preview)
    const browser = new Browser(app)
    await browser.fill(`/invitation?token=${tokenIn(invited.text)}`, { password, again: password })
    await signsIn('shili-zhang', password, browser)
    expect((await browser.open('/portal')).status).toBe(200)
    expect((await clerk.see(place)).text).toContain('shili-zhang')
    const ending = `${place}/people/shili-zhang/end`
    await clerk.confirm(ending, await clerk.fillIn(ending, { until: '2026-01-20' }))
    expect((await browser.open('/portal')).text).not.toContain('应缴（元）')
    expect((await at('auditor').see(place)).text).not.toContain('shili-zhang')
  })

  it('lets a person change their own password, knowing the present one', async () => {
    const browser = new Browser(app)
    const token = tokenIn((await at('admin').fillIn('/office/staff/auditor/invitation', {})).text)
    await browser.fill(`/invitation?token=${token}`, { password, again: password })
    await signsIn('auditor', password, browser)
    const next = '欲穷千里目，更上一层楼，登高望远'
    const change = (present: string, chosen: string, again = chosen) =>
      browser.fill('/account/password', { present, password: chosen, again })
    expect((await browser.open('/account')).text).toContain('/account/password')
    expect((await change('不是这个密码', next)).text).toContain('现在的密码不对')
    expect((await change(password, next, password)).text).toContain('不一致')
    expect((await change(password, 'short')).text).toContain('密码须有 12 至 128 个字符')
    expect((await change(password, password)).text).toContain('和现在的相同')
    expect((await change(password, next)).to).toBe('/sign-in')
    expect((await browser.open('/account')).status).not.toBe(200)
    expect((await browser.fill('/sign-in', { code: 'auditor', password })).text).toContain('代码或密码不对')
    await signsIn('auditor', next)
    // Who guesses at it is held up like at the door.
    await signsIn('auditor', next, browser)
    for (let attempt = 0; attempt < 5; attempt += 1) await change('猜一猜', password)
    expect((await change(next, password)).text).toContain('失败次数过多')
    expect(failures).toEqual([])
  })
})
