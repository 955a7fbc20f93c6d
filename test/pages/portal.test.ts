import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { filingRows } from '../../src/dischargers/filing.ts'
import { viewFile } from '../../src/enforcement/enforcement.queries.ts'
import { recordStep } from '../../src/enforcement/take-step.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { present } from '../../src/kernel/invariant.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { listObjections, receiveObjection } from '../../src/payments/objections.ts'
import { issuedDocuments } from '../../src/platform/documents/documents.queries.ts'
import { formPage } from '../../src/platform/pages/forms.tsx'
import type { PageAsked, PageContent } from '../../src/platform/pages/page-route.ts'
import { sayIn } from '../../src/platform/pages/say.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { pagesOver } from '../support/pages.ts'
import { enterprises, portalTown } from '../support/portal-town.ts'

onEveryDatabase('the portal of an enterprise', (connection) => {
  let work: Awaited<ReturnType<typeof portalTown>>
  let pages: ReturnType<typeof pagesOver>
  beforeAll(async () => {
    work = await portalTown(connection())
    pages = pagesOver(() => work.town.services)
  })
  afterAll(() => work.leave())
  const look = (path: string, as = 'lin') => pages.ask(path, as)
  const numberOf = async (account: string, month: string) => (await work.town.bills(account, month))[0]?.number ?? ''

  it('says first how much, until when and how to pay, then the months, then the terms of the law', async () => {
    const { status, text } = await look('/portal')
    expect(status).toBe(200)
    const places = ['17,283.00', '2025-04-10', '怎么缴', '/portal/use/chart', 'id="terms"'].map((said) =>
      text.indexOf(said),
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(text).toContain('人民币壹万柒仟贰佰捌拾叁元整')
  })

  it('tells who owes nothing so, with the credit', async () => {
    const { text } = await look('/portal', 'wang')
    expect(text).toContain('目前没有要缴的污水处理费')
    expect(text).toContain('4,160.00')
    expect(text).not.toContain('17,283')
  })

  it('shows a bill in plain words that end in the fen of the bill', async () => {
    const { text } = await look(`/portal/bills/${await numberOf('1001', '2025-03')}`)
    for (const said of [
      '水表 M1001 上次读数 21,300，这次读数 33,645，用水 12,345 立方米',
      '正好算到分，没有舍入：17,283.00 元',
      '示例文号 flat-2020',
    ])
      expect(text).toContain(said)
  })

  it('prints a bill with the code by which anybody checks it, and another’s not at all', async () => {
    const address = { name: 'public.address', value: 'https://fee.example', citation: '测试' }
    await done(setSetting(work.town.services, by('admin'), address))
    const path = `/portal/bills/${await numberOf('1001', '2025-03')}/pdf`
    const { status, text } = await look(path)
    expect([status, text.slice(0, 5)]).toEqual([200, '%PDF-'])
    expect((await look(path, 'wang')).status).toBe(404)
  })

  it.each([
    '/portal/bills',
    '/portal/use',
    '/portal/payments',
    '/portal/receipts',
    '/portal/matters',
    '/portal/rates',
    '/portal/filings',
  ])('answers %s in both languages', async (path) => {
    for (const language of ['zh', 'en']) {
      const { status, text } = await pages.ask(path, 'lin', { headers: { 'accept-language': language } })
      expect(status).toBe(200)
      expect(text).toContain(`lang="${language === 'zh' ? 'zh-CN' : 'en'}"`)
      expect(text).not.toContain('[object')
    }
  })

  it('draws the months as an image of its own, wide and narrow', async () => {
    for (const query of ['of=amount', 'of=volume&narrow=yes']) {
      const { status, headers, text } = await look(`/portal/use/chart?${query}`)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toContain('image/svg+xml')
      expect(text.match(/<rect class="bar full"/g)).toHaveLength(3)
    }
  })

  it('answers another’s bill, payment, order and case like one that does not exist', async () => {
    const bill = await numberOf('1001', '2025-03')
    for (const path of [
      `/portal/bills/${bill}`,
      `/portal/bills/${bill}/pdf`,
      `/portal/bills/${bill}/objection`,
      '/portal/payments/1',
      '/portal/orders/2025-0001',
      '/portal/cases/2025-0001',
      '/portal/cases/2025-0001/defence',
    ]) {
      expect((await look(path, 'wang')).status, path).toBe(404)
      if (!path.endsWith('/pdf')) expect((await look(path, 'lin')).status, path).toBe(200)
    }
  })

  it('is for enterprises alone', async () => {
    const { status, text } = await look('/portal', 'clerk')
    expect(status).toBe(403)
    expect(text).toContain('/office')
  })

  it('shows a case with what was served and its terms, and nothing from within the office', async () => {
    const { text } = await look('/portal/cases/2025-0001')
    for (const said of ['34,566.00', '2025-05-19', '申请听证', '提交陈述、申辩']) expect(text).toContain(said)
    expect(text).not.toContain('调查终结')
  })

  it('gives the papers that were served, as they were issued, to their party alone', async () => {
    const { db } = work.town.services
    const kept = await issuedDocuments(db, {})
    for (const [log, kind] of [
      ['orders', 'enforcement.order'],
      ['cases', 'enforcement.notice'],
    ] as const) {
      const paper = present(
        kept.find((each) => each.kind === kind),
        kind,
      )
      const path = `/portal/${log}/2025-0001/papers/${encodeURIComponent(paper.number)}`
      expect((await look(`/portal/${log}/2025-0001`)).text).toContain(`href="${path}"`)
      const { status, headers, text } = await look(path)
      expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf'])
      expect(text.slice(0, 5)).toBe('%PDF-')
      expect((await look(path, 'wang')).status).toBe(404)
      // A paper of the other log is none of this one.
      const astray = `/portal/${log === 'orders' ? 'cases' : 'orders'}/2025-0001/papers/${encodeURIComponent(paper.number)}`
      expect((await look(astray)).status).toBe(404)
    }
  })

  it('shows an order whose term is over with what is still owed, the review and the suit', async () => {
    const { text } = await look('/portal/orders/2025-0001')
    for (const said of ['期限 2025-04-30 已过', '您可以申请行政复议', '2025-06-16', '您可以提起行政诉讼', '2025-10-15'])
      expect(text).toContain(said)
  })

  it('shows a refused form again with what was typed and offered, and nothing of another enterprise', async () => {
    const bill = await numberOf('1001', '2025-03')
    for (const [path, typed, fault, right] of [
      [`/portal/bills/${bill}/objection`, { grounds: '错', from: '林会计 <0797>' }, '请写明事实和理由', 'from'],
      ['/portal/cases/2025-0001/defence', { statement: '冤', from: '林会计 <0797>' }, '请写明事实和理由', 'from'],
      ['/portal/cases/2025-0001/hearing', { statement: '要求听证，欠费数额不对', from: '' }, '请填写', 'statement'],
    ] as const) {
      const form = await pages.form(path, 'lin')
      const again = await pages.send(path, 'lin', { ...form, ...typed })
      expect([path, again.status]).toEqual([path, 200])
      expect(again.text, path).toContain(fault)
      expect(again.text, path).toContain('有 1 处需要修改')
      const kept = (typed as Readonly<Record<string, string>>)[right] ?? ''
      expect(again.text, path).toContain(kept.replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
      // What it is about is read again, within the fence.
      expect(again.text, path).toContain(path.includes('bills') ? bill : '2025-0001')
      for (const strange of ['1002', 'P1002', '王会计', await numberOf('1002', '2025-03')])
        expect(again.text, `${path}: ${strange}`).not.toContain(strange)
      const stranger = await pages.form('/portal/bills', 'wang')
      const sent = await pages.send(path, 'wang', { ...form, ...stranger, ...typed })
      expect([path, sent.status === 404 || sent.status === 403]).toEqual([path, true])
      for (const strange of [bill, '17,283', '林会计 <'])
        if (!path.includes(strange)) expect(sent.text, `${path}: ${strange}`).not.toContain(strange)
    }
    expect(await listObjections(work.town.services.db, { limit: 10 })).toHaveLength(0)
  })

  it('reads within the fence whatever a refused form shows again, even where its page forgets whose it is', async () => {
    const { services } = work.town
    const forgetful = formPage('/portal/forgetful', {
      title: { zh: '表单', en: 'a form' },
      permits: 'objections.receive',
      about: async ({ services: { db } }) => {
        const { rows } = await sql<{ code: string }>`
          select distinct d.code from bills b join dischargers d on d.id = b.discharger_id order by 1`.execute(db)
        return rows.map(({ code }) => code).join(' ')
      },
      fields: { grounds: { label: { zh: '理由', en: 'grounds' }, schema: z.string().min(5, '太短 · too short') } },
      run: () => Promise.reject(new Error('a refused form is not carried out')),
      preview: 'none',
      done: () => ({ to: '/portal', said: '' }),
    })
    const found = await findDischarger(services.db, enterprises.lin)
    const mine = isRefusal(found) ? '' : found.dischargerId
    const visitor = { code: 'lin', roles: ['enterprise_user'], dischargers: [mine], organisation: { id: '0' } }
    const url = new URL('http://localhost/portal/forgetful')
    const asked = { services, visitor, url, say: sayIn('zh'), csrf: '', params: {}, query: {} } as unknown as PageAsked
    const form = new FormData()
    form.set('grounds', '错了')
    const posted = { form, envelope: by('lin'), request: new Request(url) }
    const again = (await forgetful.post?.(asked, posted)) as PageContent
    const shown = String(await (again.body as { toString: () => string | Promise<string> }).toString())
    expect(shown).toContain('太短')
    expect(shown).toContain('value="错了"')
    expect(shown).toContain(enterprises.lin)
    expect(shown).not.toContain(enterprises.wang)
  })

  it('takes an objection with attachments once, at the time it comes in', async () => {
    const path = `/portal/bills/${await numberOf('1001', '2025-03')}/objection`
    const form = await pages.form(path, 'lin')
    const short = await pages.send(path, 'lin', { ...form, grounds: '错', from: '林会计 0797-0000000' })
    expect(short.text).toContain('请写明事实和理由')
    // A name is a name: no folder, no line of its own, nothing that no database keeps or that hides its ending.
    const files = [
      new File(['照片'], '..\\..\\C:/盘/表计\u0000\r\n.jpg'),
      new File(['证书'], `${'长'.repeat(300)}检定证书\u202e.pdf`),
    ]
    const long = `${'长'.repeat(246)}检定证书 .pdf`
    const fields = { ...form, grounds: '表计故障，请检定。', from: '林会计 0797-0000000', attachments: files }
    for (const _ of [1, 2]) {
      const sent = await pages.send(path, 'lin', fields)
      expect(sent.status).toBe(303)
    }
    const objections = await listObjections(work.town.services.db, { limit: 10 })
    expect(objections).toHaveLength(1)
    expect(objections[0]).toMatchObject({ receivedOn: work.day, evidence: `附件：表计 .jpg、${long}` })
    const [filing] = (await filingRows().execute(work.town.services.db)).rows
    expect(filing).toMatchObject({ kind: 'objection', filed_as: '林会计', statement: '表计故障，请检定。' })
    const mine = await look('/portal/filings')
    expect(mine.text).toContain('检定证书 .pdf')
    const attachment = `/portal/filings/${filing?.id}/2`
    expect((await look(attachment)).text).toBe('证书')
    expect((await look(attachment, 'wang')).status).toBe(404)
    const office = await look('/office/filings', 'clerk')
    expect(office.text).toContain('检定证书 .pdf')
    expect((await look(attachment.replace('portal', 'office'), 'clerk')).text).toBe('证书')
    expect((await look('/office/filings', 'wang')).text).not.toContain('检定证书 .pdf')
    // Whoever answers opens the papers from the objection.
    for (const page of ['/office/objections/1', '/office/objections/1/answer'])
      expect((await look(page, 'approver')).text, page).toContain(`href="/office/filings/${filing?.id}/2"`)
  })

  it('takes a defence and a request for a hearing as steps of the case, of the day they come in', async () => {
    for (const [word, fields] of [
      ['defence', { statement: '资金周转困难，愿尽快缴清。' }],
      ['hearing', { statement: '对欠费数额有不同意见。' }],
    ] as const) {
      const path = `/portal/cases/2025-0001/${word}`
      const form = await pages.form(path, 'lin')
      const sent = { ...form, ...fields, from: '林会计', attachments: [new File(['说明'], '说明.txt')] }
      expect((await pages.send(path, 'lin', sent)).status, word).toBe(303)
      expect((await pages.send(path, 'lin', sent)).status, word).toBe(303)
      // A right that was used ends neither the other nor its own term.
      const { text } = await look('/portal/cases/2025-0001')
      expect(text).toContain('href="/portal/cases/2025-0001/defence"')
      expect(text.includes('href="/portal/cases/2025-0001/hearing"')).toBe(word === 'defence')
    }
    const view = await viewFile(work.town.services.db, 'case', '2025-0001', civilDate(work.day))
    const steps = view?.matter.steps.map(({ name, on }) => [name, on]).slice(-2)
    expect(steps).toEqual([
      ['defence_received', work.day],
      ['hearing_requested', work.day],
    ])
    expect(view?.matter.steps.at(-1)?.evidenceDigest).not.toBeNull()
    const again = await pages.form('/portal/cases/2025-0001/hearing', 'lin')
    const twice = await pages.send('/portal/cases/2025-0001/hearing', 'lin', {
      ...again,
      statement: '再次申请听证',
      from: '林会计',
    })
    expect(twice.status).toBe(200)
    expect(twice.text).toContain('notice overdue')
  })

  it('lets nobody file in another’s matter', async () => {
    const stranger = await pages.form('/portal', 'wang')
    const own = await pages.form(`/portal/bills/${await numberOf('1002', '2025-03')}/objection`, 'wang')
    expect(stranger._csrf).toBe('')
    const bill = await numberOf('1001', '2025-03')
    const count = (await listObjections(work.town.services.db, { limit: 10 })).length
    const sent = await pages.send(`/portal/bills/${bill}/objection`, 'wang', {
      ...own,
      grounds: '不是我的账单',
      from: '王会计',
    })
    expect(sent.text).toContain('portal_bill_unknown')
    expect(await listObjections(work.town.services.db, { limit: 10 })).toHaveLength(count)
    const { services } = work.town
    const objection = { bill, from: '王会计', grounds: '不是我的账单', evidence: '' }
    expect(await receiveObjection(services, by('wang'), objection)).toMatchObject({ code: 'objection_bill_unknown' })
    const defence = {
      log: 'case',
      number: '2025-0001',
      step: 'defence_received',
      fields: { statement: '不同意' },
    } as const
    expect(await recordStep(services, by('wang'), defence)).toMatchObject({ code: 'case_unknown' })
  })

  it('lets an enterprise file for no other day, and take no step that is the office’s', async () => {
    const { services } = work.town
    const log = { log: 'case', number: '2025-0001' } as const
    const earlier = {
      ...log,
      step: 'defence_received',
      fields: { statement: '不同意' },
      on: civilDate('2025-05-12'),
    } as const
    expect(await recordStep(services, by('lin'), earlier)).toMatchObject({ code: 'party_files_today' })
    const waiver = { ...log, step: 'rights_waived', fields: {} } as const
    expect(await recordStep(services, by('lin'), waiver)).toMatchObject({ code: 'role_missing' })
  })
})
