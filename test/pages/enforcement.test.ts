import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { CaseWork } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { PagePerson } from '../support/page-person.ts'

/** Two parties with a bill of 1,400.00 each, due on 10 April 2025; only what the pages do moves them on. */
onEveryDatabase('the pages of enforcement', (connection) => {
  let work: CaseWork
  const parts = partsOnNode((_, error) => {
    throw error
  })
  // One app: a form is proved by a secret of the app that made it.
  const app = createApp(() => work.town.services, { access: { kind: 'development', actor: 'clerk' }, parts })
  const at = (actor: string, language: 'zh' | 'en' = 'zh') => new PagePerson(app, actor, language)
  const paper = (name: string) => new File([`扫描件 ${name}`], `${name}.pdf`)
  const countOf = async (table: string): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
      work.town.services.db,
    )
    return rows[0]?.n ?? 0
  }

  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    for (const account of ['1', '2']) await work.enrol(account)
    work.on('2025-04-02')
    await work.town.read(
      '2025-03',
      ['1', '2'].map((account) => ({ account, start: '0', end: '1000', on: '2025-03-31' })),
    )
    await work.town.bill('2025-03')
    work.on('2025-04-15')
  })
  afterAll(() => work.leave())

  it('say what will be there while there is nothing', async () => {
    for (const [path, word] of [
      ['/office/enforcement', '没有进行中的期限'],
      ['/office/orders', '还没有责令限期缴纳通知书'],
      ['/office/cases', '没有案件'],
    ] as const) {
      const answer = await at('clerk').see(path)
      expect([path, answer.status]).toEqual([path, 200])
      expect(answer.text).toContain(word)
      expect((await at('clerk', 'en').see(path)).text).not.toContain(word)
    }
  })

  it('draft an order over what is overdue, and have it issued by another person, once', async () => {
    const form = '/office/orders/drafting'
    const looking = (await at('clerk').see(form)).text
    expect(looking).toContain('列出逾期账单')
    expect(looking).not.toContain('<form method="post"')
    expect((await at('clerk').see(`${form}?discharger=NOBODY`)).text).toContain('没有找到“NOBODY”')
    const ofParty = `${form}?discharger=P1`
    const before = await countOf('proposals')
    expect((await at('clerk').see(ofParty)).text).toMatch(
      /type="checkbox" name="bills" value="2025-\d{6}"[^<]*> [^<]*1,400\.00 元　逾期 \d+ 天/,
    )
    const preview = await at('clerk').fillIn(ofParty, {})
    expect(preview.text).toContain('提交拟稿：1 张账单，1,400.00 元')
    expect(await countOf('proposals')).toBe(before)
    const drafted = await at('clerk').confirm(ofParty, preview)
    expect(drafted.said).toContain('已拟稿 1,400.00 元')
    const draft = drafted.to ?? ''
    expect((await at('clerk').see(draft)).text).toContain('需他人审批')
    const approval = await at('approver').fillIn(`${draft}/approval`, {})
    expect(approval.text).toContain('签发给')
    expect(await countOf('orders_to_pay')).toBe(0)
    const issued = await at('approver').confirm(`${draft}/approval`, approval)
    expect([issued.status, issued.to]).toEqual([303, '/office/orders/2025-0001'])
    expect((await at('approver').confirm(`${draft}/approval`, approval)).said).toBe(issued.said)
    expect(await countOf('orders_to_pay')).toBe(1)
  })

  it('serve it with its paper, which is kept from the trial to the confirmation', async () => {
    const order = await at('officer-a').see('/office/orders/2025-0001')
    expect(order.text).toContain('href="/office/orders/2025-0001/steps/serve"')
    const form = '/office/orders/2025-0001/steps/serve'
    const service = { on: '2025-04-15', 'field-how': 'direct', 'field-to': '张三', 'field-capacity': 'mail_receiver' }
    expect((await at('officer-a').fillIn(form, service)).text).toContain('请选择文件')
    const late = await at('officer-a').fillIn(form, { ...service, on: '2025-04-16', evidence: paper('回证') })
    expect(late.text).toContain('day_in_future')
    const preview = await at('officer-a').fillIn(form, { ...service, evidence: paper('回证') })
    expect(preview.text).toContain('期限届满日：2025-04-30')
    expect(await countOf('enforcement_steps')).toBe(0)
    const served = await at('officer-a').confirm(form, preview)
    expect(served.said).toBe('已登记责令限期缴纳通知书送达。')
    await at('officer-a').confirm(form, preview)
    expect(await countOf('enforcement_steps')).toBe(1)
    expect((await at('clerk').see('/office/orders/2025-0001/evidence/1')).text).toBe('扫描件 回证')
    expect((await at('clerk').see('/office/orders/2025-0001')).text).toContain('期限内')
    expect((await at('clerk').see('/office/enforcement')).text).toContain('当事人缴费期限')
  })

  it('report and file a case by three persons once the term has lapsed', async () => {
    work.on('2025-05-06')
    const order = await at('officer-a').see('/office/orders/2025-0001')
    expect(order.text).toContain('逾期未缴')
    expect(order.text).toContain('提出立案报告')
    const form = '/office/orders/2025-0001/case-report'
    const preview = await at('officer-a').fillIn(form, { second: 'officer-b', report: paper('立案报告') })
    expect(preview.text).toContain('提交立案报告，1,400.00 元')
    const reported = await at('officer-a').confirm(form, preview)
    const proposal = reported.to ?? ''
    expect((await at('approver').see(proposal)).text).toContain('示例证002')
    // Whoever files the case opens the report first.
    expect((await at('approver').see(proposal)).text).toContain(`href="${proposal}/paper"`)
    expect((await at('approver').see(`${proposal}/paper`)).text).toBe('扫描件 立案报告')
    const approval = await at('approver').fillIn(`${proposal}/approval`, {})
    expect(approval.text).toContain('批准立案 2025-0001')
    await at('approver').confirm(`${proposal}/approval`, approval)
    const opened = await at('officer-b').see('/office/cases/2025-0001')
    expect(opened.text).toContain('调查终结')
    // The gate of the notice is shut, and says why.
    expect(opened.text).toContain('之前须先有')
    expect((await at('clerk').see('/office/cases')).text).toContain('办理中')
  })

  it('take a step of two persons, return it with a reason, and refuse what the gate refuses with its remedy', async () => {
    const shut = await at('officer-a').fillIn('/office/cases/2025-0001/steps/notice', {
      'field-multiplier': '1',
      'field-facts': '逾期',
      'field-reason': '未缴',
    })
    expect(shut.text).toContain('step_out_of_order')
    const investigation = '/office/cases/2025-0001/steps/investigate'
    const found = await at('officer-b').fillIn(investigation, {
      on: '2025-05-06',
      'field-facts': '事实清楚',
      evidence: paper('调查'),
    })
    expect((await at('officer-b').confirm(investigation, found)).said).toBe('已登记调查终结。')
    const form = '/office/cases/2025-0001/steps/notice'
    const preview = await at('officer-a').fillIn(form, {
      'field-multiplier': '1',
      'field-facts': '逾期',
      'field-reason': '未缴',
    })
    expect(preview.text).toContain('罚款：1,400.00')
    const proposed = await at('officer-a').confirm(form, preview)
    const proposal = proposed.to ?? ''
    expect((await at('approver').see('/office/cases/2025-0001')).text).toContain('看后审批')
    const returning = await at('approver').fillIn(`${proposal}/return`, { reason: '补充理由' })
    expect((await at('approver').confirm(`${proposal}/return`, returning)).status).toBe(303)
    expect((await at('officer-a').see(proposal)).text).toContain('补充理由')
    expect((await at('auditor').see(form)).status).toBe(403)
  })

  it('lead back to the order where a step of its own claim is approved, not to a case of that number', async () => {
    const form = '/office/orders/2025-0001/steps/demand'
    const preview = await at('clerk').fillIn(form, { 'field-bank': '示例银行赣县支行' })
    const proposal = (await at('clerk').confirm(form, preview)).to ?? ''
    const approval = await at('approver').fillIn(`${proposal}/approval`, {})
    expect((await at('approver').confirm(`${proposal}/approval`, approval)).to).toBe('/office/orders/2025-0001')
  })

  it('offer a decision only once all its gates are open, and nothing that a decision has shut', async () => {
    const offered = async (person: string) => {
      const { text } = await at(person).see('/office/cases/2025-0001')
      const [possible = ''] = text.split('<details')
      return [...possible.matchAll(/\/steps\/([a-z-]+)"/g)].map(([, word]) => word)
    }
    await work.take('case', '2025-0001', 'notice_issued')
    await work.take('case', '2025-0001', 'notice_served')
    expect(await offered('officer-a')).toContain('defence')
    expect(await offered('officer-a')).not.toContain('fine')
    await work.take('case', '2025-0001', 'rights_waived')
    expect(await offered('officer-a')).not.toContain('fine')
    await work.take('case', '2025-0001', 'legal_reviewed')
    expect(await offered('officer-a')).toContain('fine')
    await work.take('case', '2025-0001', 'decided')
    for (const shut of ['fine', 'notice', 'no-penalty']) expect(await offered('officer-a')).not.toContain(shut)
    expect(await offered('clerk')).not.toContain('call-hearing')
  })
})
