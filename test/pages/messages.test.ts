import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { messageKinds } from '../../src/message-kinds.ts'
import { makeMessages } from '../../src/platform/outbox/make-messages.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { PagePerson } from '../support/page-person.ts'
import { SmallTown } from '../support/small-town.ts'

onEveryDatabase('the pages of messages and contacts', (connection) => {
  let town: SmallTown
  const app = createApp(() => town.services, {
    access: { kind: 'development', actor: 'clerk' },
    parts: partsOnNode(() => undefined),
    report: ({ error }) => {
      throw error
    },
  })
  const at = (actor: string, language: 'zh' | 'en' = 'zh') => new PagePerson(app, actor, language)
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-04-02')
    await town.enrol('0001')
  })
  afterAll(() => town.leave())

  it('records where a discharger is told, and says that nothing is told without', async () => {
    const clerk = at('clerk')
    expect((await clerk.see('/office/messages')).text).toContain('没有这样的通知')
    expect((await clerk.see('/office/contacts')).text).toContain('没有这样的联系方式')
    const discharger = '/office/dischargers/P0001'
    expect((await clerk.see(discharger)).text).toContain('没有联系方式')
    const form = `${discharger}/contacts/new`
    const wrong = { channel: 'email', address: '不是邮箱', language: 'zh', person: '', consent: '协议第八条' }
    expect((await clerk.fillIn(form, wrong)).text).toContain('contact_address_malformed')
    const entry = { ...wrong, address: 'pay@example.com', person: '示例会计' }
    const shown = await clerk.fillIn(form, entry)
    expect(shown.text).toContain('登记 pay@example.com')
    expect((await clerk.see('/office/contacts')).text).toContain('没有这样的联系方式')
    expect((await clerk.confirm(form, shown)).said).toContain('已登记联系方式 pay@example.com')
    await clerk.confirm(form, shown)
    expect((await clerk.see(discharger)).text).toContain('pay@example.com')
    const contacts = (await clerk.see('/office/contacts?party=P0001')).text
    expect(contacts.match(/pay@example\.com/g)).toHaveLength(1)
    expect(contacts).toContain('协议第八条')
  })

  it('lists what goes out, shows one with its text, and stops and resumes it by a person', async () => {
    await town.read('2026-03', [{ account: '0001', volume: '100', on: '2026-03-31' }])
    await town.bill('2026-03')
    for (const kind of messageKinds) await done(makeMessages(town.services, by('clerk'), kind))
    const [clerk, auditor] = [at('clerk'), at('auditor')]
    const list = (await clerk.see('/office/messages?recipient=P0001&state=waiting')).text
    for (const words of ['2026-000001', 'pay@example.com', '待发']) expect(list).toContain(words)
    expect((await clerk.see('/office/messages?state=sent')).text).not.toContain('2026-000001')
    const [message = ''] = /\/office\/messages\/\d+/.exec(list) ?? []
    expect((await auditor.see(message)).text).toContain('140.00')
    expect((await auditor.see(message)).text).not.toContain('停止发送')
    expect((await auditor.see(`${message}/stop`)).status).toBe(403)
    const stopping = await clerk.fillIn(`${message}/stop`, { reason: '已电话告知' })
    expect(stopping.text).toContain('不再发送')
    expect((await clerk.confirm(`${message}/stop`, stopping)).said).toContain('不再发送')
    expect((await clerk.see(message)).text).toContain('已电话告知')
    expect((await clerk.fillIn(`${message}/stop`, { reason: '再' })).text).toContain('message_not_waiting')
    const again = await clerk.fillIn(`${message}/retry`, { reason: '对方要求书面' })
    expect((await clerk.confirm(`${message}/retry`, again)).said).toContain('待发')
    expect((await at('clerk', 'en').see(message)).text).toContain('waiting')
    expect((await clerk.see('/office/messages/999')).status).toBe(404)
  })

  it('ends a contact once', async () => {
    const clerk = at('clerk')
    const [end = ''] = /\/office\/contacts\/\d+\/end/.exec((await clerk.see('/office/contacts')).text) ?? []
    expect((await clerk.see(end)).text).toContain('pay@example.com')
    const ending = await clerk.fillIn(end, { until: '2026-05-01' })
    expect((await clerk.confirm(end, ending)).said).toContain('2026-05-01')
    expect((await clerk.fillIn(end, { until: '2026-06-01' })).text).toContain('contact_ended')
    expect((await clerk.see('/office/contacts/999/end')).status).toBe(404)
  })
})
