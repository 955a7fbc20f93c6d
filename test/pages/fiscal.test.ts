import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { civilDate } from '../../src/kernel/calendar.ts'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { FiscalTown } from '../support/fiscal-town.ts'
import { by, done } from '../support/office.ts'
import { PagePerson } from '../support/page-person.ts'
import { PlantTown } from '../support/plant.ts'

onEveryDatabase('the pages of the fiscal chain', (connection) => {
  let fiscal: FiscalTown
  let plant: PlantTown
  const parts = partsOnNode((_, error) => {
    throw error
  })
  // One app: a form is proved by a secret of the app that made it.
  const app = createApp(() => fiscal.services, { access: { kind: 'development', actor: 'clerk' }, parts })
  const at = (actor: string, language: 'zh' | 'en' = 'zh') => new PagePerson(app, actor, language)
  const countOf = async (table: string): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
      fiscal.services.db,
    )
    return rows[0]?.n ?? 0
  }
  /** Fills a form in, looks at what will change, and presses its button twice. */
  const does = async (actor: string, path: string, fields: Readonly<Record<string, string | File>>, shows: string) => {
    const preview = await at(actor).fillIn(path, fields)
    expect(preview.text).toContain(shows)
    const first = await at(actor).confirm(path, preview)
    expect(first.status).toBe(303)
    expect((await at(actor).confirm(path, preview)).said).toBe(first.said)
    return first
  }

  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    const second = { code: 'clerk-2', name: '经办乙', organisationCode: 'bureau', roles: ['bureau_clerk'] }
    await done(addStaff(fiscal.services, by('admin'), second))
    for (const account of ['1001', '1002']) await fiscal.town.enrol(account)
    await done(fiscal.contract())
    plant = new PlantTown(connection(), '2026-01-02')
  })
  afterAll(() => {
    fiscal.leave()
    plant.leave()
  })

  it('say what will be there while there is nothing, in either language', async () => {
    for (const [path, word, actor] of [
      ['/office/remittance/statements', '还没有结算单'],
      ['/office/remittance/vouchers', '还没有划缴凭证'],
      ['/office/remittance/reconciliations', '还没有季度对账单'],
      ['/office/remittance/fees', '还没有批准的代征手续费'],
      ['/office/remittance/write-offs', '没有核销的账单'],
      ['/office/remittance/treasury', '还没有到账文件'],
      ['/office/receipts', '还没有票据'],
      ['/office/receipts/batches', '还没有导出过'],
      ['/office/settlement/claims', '还没有服务费申请'],
      ['/office/settlement/agreements', '还没有协议'],
      ['/office/settlement/imports', '还没有日报'],
      ['/office/settlement/balance', '还没有抄表、账单或日报'],
      ['/office/quality/samples', '还没有样品'],
      ['/office/quality/exceedances', '没有超标的样品'],
      ['/office/quality/accidents', '没有事故报告'],
      ['/office/quality/referrals', '还没有移送'],
      ['/office/notices', '没有未处理的提醒'],
      ['/office/remittance/held', '不得坐支'],
      ['/office/remittance/settlements', '汇算清缴'],
      ['/office/remittance/disclosure', '征收使用情况'],
      ['/office/quality/limits', '污染物'],
      ['/office/evidence', '证据包'],
      ['/office/staff', '人员与岗位', 'admin'],
      ['/office/organisations', '城管局', 'admin'],
      ['/office/settings', '缴费期限日', 'admin'],
      ['/office/templates', '程序自带', 'admin'],
      ['/office/jobs', '还没有运行', 'admin'],
      ['/office/audit', '办理记录', 'admin'],
    ] as const) {
      const answer = await at(actor ?? 'clerk').see(path)
      expect([path, answer.status]).toEqual([path, 200])
      if (path !== '/office/settings') expect([path, answer.text.includes(word)]).toEqual([path, true])
      const english = await at(actor ?? 'clerk', 'en').see(path)
      expect([path, english.status]).toEqual([path, 200])
    }
  })

  describe('remittance', () => {
    it('draws, reviews, approves, remits, confirms and pays the fee, each by whose turn it is', async () => {
      fiscal.on('2026-02-10')
      await done(fiscal.pay('A1', '1000.00', '2026-01-15'))
      await done(fiscal.pay('A2', '500.00', '2026-02-10'))
      fiscal.on('2026-04-02')
      const early = await at('clerk').fillIn('/office/remittance/drawing', { collector: 'water', period: '2026-Q2' })
      expect(early.text).toContain('period_not_over')
      const malformed = await at('clerk').fillIn('/office/remittance/drawing', { collector: 'water', period: 'Q1' })
      expect(malformed.text).toContain('如 2026-Q1 或 2026-03')
      const drawn = await does(
        'clerk',
        '/office/remittance/drawing',
        { collector: 'water', period: '2026-Q1' },
        '编制 2026-Q1，2 笔，1,500.00 元',
      )
      expect(drawn.to).toBe('/office/remittance/statements/R2026-0001')
      expect(await countOf('remittance_statements')).toBe(1)
      const at1 = '/office/remittance/statements/R2026-0001'
      expect((await at('clerk').fillIn(`${at1}/review`, {})).text).toContain('statement_own_work')
      await does('clerk-2', `${at1}/review`, {}, '复核 R2026-0001，送审批')
      await does('approver', `${at1}/decision`, { outcome: 'approved', reason: '' }, '批准 R2026-0001，1,500.00 元')
      // The company is told what it has to remit, another one nothing of it.
      const other = { code: 'water-2', name: '示例二水', kind: 'water_company' }
      await done(addOrganisation(fiscal.services, by('admin'), other))
      const stranger = { code: 'stranger', name: '示例抄收丁', organisationCode: 'water-2' }
      await done(addStaff(fiscal.services, by('admin'), { ...stranger, roles: ['water_company_operator'] }))
      const own = (await at('collector-1').see('/office')).text
      for (const said of ['待划缴的结算单', '1,500.00']) expect(own).toContain(said)
      expect((await at('stranger').see('/office')).text).not.toMatch(/待划缴|1,500\.00/)
      const lines = await at('auditor').see(`${at1}/lines`)
      expect(lines.text).toContain('A1')
      expect(lines.text).toContain('1,500.00')

      const short = { amount: '1470.00', paidOn: '2026-04-02', bankReference: 'YH1', differenceReason: '扣手续费' }
      const nets = await at('clerk').fillIn(`${at1}/voucher`, { ...short, file: new File(['回单'], '回单.txt') })
      expect(nets.text).toContain('remittance_nets_fee')
      await does(
        'clerk',
        `${at1}/voucher`,
        { ...short, amount: '1500.00', differenceReason: '', file: new File(['回单'], '回单.txt') },
        '提交凭证 1,500.00 元',
      )
      expect(await countOf('remittance_vouchers')).toBe(1)
      const [voucher = ''] = /\/office\/remittance\/vouchers\/\d+/.exec((await at('clerk').see(at1)).text) ?? []
      expect((await at('clerk').see(voucher)).text).toContain('待财政确认')
      // Finance sees what it confirms, and that it waits.
      expect((await at('treasurer').see('/office')).text).toContain('待确认入库的划缴凭证')
      expect((await at('clerk').see('/office')).text).not.toContain('待确认入库的划缴凭证')
      const confirming = (await at('treasurer').see(`${voucher}/confirmation`)).text
      for (const said of ['YH1', '1,500.00', 'R2026-0001']) expect(confirming).toContain(said)
      // Finance and the company itself open the bank's receipt; another company learns of none.
      for (const code of ['treasurer', 'collector-1'])
        expect((await at(code).see(`${voucher}/file`)).text, code).toBe('回单')
      expect((await at('stranger').see(`${voucher}/file`)).status).toBe(404)
      await does(
        'treasurer',
        `${voucher}/confirmation`,
        { treasuryReference: '国库1', receivedOn: '2026-04-02', amount: '1500.00', reason: '' },
        '确认入库 1,500.00 元',
      )
      expect((await at('treasurer').see('/office')).text).not.toContain('待确认入库的划缴凭证')
      const remitted = (await at('clerk').see(at1)).text
      expect(remitted).toContain('已入库')
      // Each step of the timeline has its day.
      expect(remitted).toMatch(/2026-04-02<\/[^>]+>\s*(<[^>]+>\s*)*复核/)
      // Who confirmed is not offered to take it back.
      expect((await at('treasurer').see(voucher)).text).not.toContain(`${voucher}/reversal`)
      expect((await at('treasurer-2').see(voucher)).text).toContain(`${voucher}/reversal`)
      const claimed = await does('collector-1', `${at1}/fee`, {}, '申请手续费 30.00 元')
      // The company that claims it is led to its claim, and not offered a second one.
      expect((await at('collector-1').see(claimed.to ?? '')).status).toBe(200)
      const waiting = (await at('collector-1').see(at1)).text
      expect(waiting).toContain('待城管局审批')
      expect(waiting).not.toContain(`${at1}/fee"`)
      await does('approver', `${claimed.to}/approval`, {}, '批准手续费 30.00 元')
      await does(
        'treasurer',
        '/office/remittance/fees/F2026-0001/payment',
        { reference: '支付1', paidOn: '2026-04-02' },
        '登记支付 30.00 元',
      )
      const fee = (await at('clerk').see('/office/remittance/fees/F2026-0001')).text
      for (const said of ['已支付', '第 1 合同年']) expect(fee).toContain(said)
      expect((await at('clerk', 'en').see('/office/remittance/fees/F2026-0001')).text).toContain('contract year 1')
      const exported = await at('clerk').see('/office/remittance/statements?as=csv')
      expect(exported.text).toContain('R2026-0001')
    })

    it('reconciles by three parties, who name what they saw', async () => {
      await fiscal.town.read('2025-12', [{ account: '1002', volume: '10', on: '2025-12-31' }])
      await fiscal.town.bill('2025-12')
      const drawn = await does(
        'clerk',
        '/office/remittance/reconciling',
        { collector: 'water', quarter: '2026-Q1' },
        '编制 2026-Q1 对账',
      )
      const at1 = drawn.to ?? ''
      const unsigned = (await at('approver').see(at1)).text
      expect(unsigned).toContain('签认（城管局）')
      // A month that nobody has signed before has not changed since it was signed.
      expect(unsigned).toContain('以前的月份，此前没有签认过')
      expect(unsigned).not.toContain('以前各季签认后的变动')
      await does('approver', `${at1}/signature`, { party: 'bureau' }, '签认 Q2026-0001')
      await does('treasurer-2', `${at1}/signature`, { party: 'finance' }, '签认 Q2026-0001')
      const own = await at('clerk').fillIn(`${at1}/signature`, { party: 'collector' })
      expect(own.text).toContain('reconciliation_own_work')
      await does('clerk-2', `${at1}/signature`, { party: 'collector' }, '三方签齐')
      expect((await at('auditor').see(at1)).text).toContain('已签认')
      expect((await at('auditor').see('/office/remittance/held/water')).text).toContain('逐日结存')
      // Another company is not told how it stands.
      const others = (await at('stranger').fillIn(`${at1}/return`, { reason: '试探' })).text
      expect(others).toContain('collector_of_others')
      expect(others).not.toContain('reconciliation_frozen')
      const held = '/office/remittance/held/water?from=2026-01-01&until=2026-02-28'
      expect((await at('auditor').see(held)).text).toMatch(/合计[\s\S]*1,500\.00[\s\S]*1,500\.00/)
      const year = (await at('clerk').see('/office/remittance/settlements/water/2025')).text
      expect(year).toContain('售水量申报')
      expect(year).toContain('/office/remittance/settling?collector=water&amp;year=2025')
      expect((await at('auditor').see('/office/remittance/settlements/water/2025')).text).not.toContain('/settling?')
    })

    it('lets who drew a statement withdraw it, and a namesake of theirs review it', async () => {
      fiscal.on('2026-07-02')
      const namesake = { code: 'clerk-3', name: '经办乙', organisationCode: 'bureau', roles: ['bureau_clerk'] }
      await done(addStaff(fiscal.services, by('admin'), namesake))
      const asked = { collector: 'water', period: '2026-Q2', empty: 'yes' }
      const { to } = await does('clerk-2', '/office/remittance/drawing', asked, '编制 2026-Q2，0 笔')
      const at2 = to ?? ''
      expect((await at('clerk-2').see(at2)).text).toContain(`href="${at2}/withdrawal"`)
      expect((await at('clerk-2').see(at2)).text).not.toContain(`href="${at2}/review"`)
      expect((await at('clerk-3').see(at2)).text).toContain(`href="${at2}/review"`)
      expect((await at('clerk-3').see(at2)).text).not.toContain(`href="${at2}/withdrawal"`)
      await does('clerk-2', `${at2}/withdrawal`, { reason: '选错季度' }, '撤回 R2026-0002')
      const withdrawn = await at('auditor').see(at2)
      for (const said of ['已撤回', '选错季度']) expect(withdrawn.text).toContain(said)
      expect((await at('clerk-2').see(at2)).text).not.toContain(`href="${at2}/withdrawal"`)
    })
  })

  describe('the plant', () => {
    it('takes days in by a trial, shows a claim line by line, and has it reviewed, approved, paid and checked', async () => {
      for (const [code, kind, role] of [
        ['plant', 'plant', 'plant_operator'],
        ['brigade', 'brigade', 'brigade_officer'],
      ] as const) {
        await done(addOrganisation(fiscal.services, by('admin'), { code, name: `示例${code}`, kind }))
        const person = { code: kind === 'plant' ? 'plant-operator' : code, name: code, organisationCode: code }
        await done(addStaff(fiscal.services, by('admin'), { ...person, roles: [role], from: civilDate('2026-01-01') }))
      }
      await plant.putInForce()
      fiscal.on('2026-02-03')
      plant.on('2026-02-03')
      const days = plant.monthFile('2026-01', { m3: '9000' }, { 12: { m3: '9000', cod: '56' } })
      const file = new File([readFileSync(days)], basename(days))
      const upload = '/office/settlement/imports/upload'
      const empty = { plant: 'plant', file: new File([], '空日报.csv') }
      expect((await at('clerk').fillIn(upload, empty)).text).toContain('文件“空日报.csv”是空的')
      const taken = await does('clerk', upload, { plant: 'plant', file }, '导入 31 行')
      expect((await at('clerk').see('/office/settlement/imports')).text).toContain('2026-02-03')
      expect((await at('clerk').see(taken.to ?? '')).text).toContain('每一行都通过了')
      const claim = await plant.claim('2026-01')
      const at1 = `/office/settlement/claims/${claim.number}`
      const shown = await at('clerk').see(at1)
      expect(shown.text).toContain('1.48')
      expect(shown.text).toContain('待审核')
      expect((await at('brigade').see('/office')).text).toContain('待审核的服务费申请')
      expect((await at('approver').see(at1)).text).not.toContain(`${at1}/return`)
      await does('brigade', `${at1}/review`, {}, '审核通过')
      // Who took a step takes no other, and is offered none.
      expect((await at('brigade').see(at1)).text).not.toContain(`${at1}/return`)
      expect((await at('approver').see(at1)).text).toContain(`${at1}/return`)
      await does('approver', `${at1}/approval`, {}, '审定')
      const paid = { amount: claim.payable, on: '2026-02-03', reference: 'PZ1' }
      await does('treasurer', `${at1}/payment`, paid, '登记拨付')
      expect((await at('treasurer').see(at1)).text).not.toContain(`${at1}/reconciliation`)
      expect((await at('treasurer').see('/office')).text).not.toContain('待核对的服务费拨付')
      expect((await at('treasurer-2').see('/office')).text).toContain('待核对的服务费拨付')
      expect((await at('treasurer-2').see(at1)).text).not.toContain(`${at1}/return`)
      expect((await at('treasurer').fillIn(`${at1}/reconciliation`, paid)).text).toContain('class="notice overdue"')
      await does('treasurer-2', `${at1}/reconciliation`, paid, '核对相符')
      expect((await at('auditor').see(at1)).text).toContain('已核对')
      const pack = await at('auditor').see(`/office/evidence/pack?kind=claim&number=${claim.number}`)
      expect(pack.text).toContain('qingliu-evidence-1')
    })
  })

  it('change a setting with its citation, give and end a role, and keep all of it on record', async () => {
    const form = '/office/settings/orders.term_days'
    expect((await at('admin').fillIn(form, { value: '400', citation: '会议' })).text).toContain('setting_value_invalid')
    await does('admin', form, { value: '20', citation: '局务会〔2026〕1号' }, '改为 20')
    expect((await at('clerk').see('/office/settings')).text).toContain('局务会〔2026〕1号')
    // What is chosen between yes and no says so, in the list, in its form and where it is confirmed.
    const flag = '/office/settings/penalties.hearing_threshold_included'
    expect((await at('admin').see(flag)).text).toMatch(
      /<option value="true">是<\/option><option value="false">否<\/option>/,
    )
    expect((await at('admin', 'en').see(flag)).text).toMatch(/<option value="true">yes<\/option>/)
    const preview = await at('admin').fillIn(flag, { value: 'false', citation: '局务会〔2026〕2号' })
    expect(preview.text).toContain('改为 否')
    expect(preview.text).not.toMatch(/>(true|false)</)
    expect((await at('admin').see('/office/settings')).text).not.toMatch(/>(true|false)</)
    const found = (await at('admin').see('/office/settings?q=听证&from=default')).text
    expect(found).toContain('penalties.hearing_threshold_included')
    expect(found).not.toContain('orders.term_days')
    const set = (await at('admin').see('/office/settings?from=set')).text
    expect(set).toContain('orders.term_days')
    expect(set).not.toContain('penalties.hearing_threshold_included')
    await does('admin', '/office/staff/clerk-2/grant', { role: 'hearing_host', from: '2026-02-03' }, '授予')
    expect((await at('admin').see('/office/staff/clerk-2')).text).toContain('/roles/hearing_host/end')
    const trail = await at('admin').see('/office/audit?about=orders.term_days')
    expect(trail.text).toContain('修改设置')
    expect((await at('clerk').see('/office/audit')).status).toBe(403)
  })

  it('export what the page says: its words, the time of the office, and no column of buttons', async () => {
    const admin = at('admin')
    const audit = (await admin.see('/office/audit?as=csv')).text
    expect(audit).toContain('修改设置')
    expect(audit).not.toContain('platform.set-setting')
    for (const [path, actor] of [
      ['/office/audit', 'admin'],
      ['/office/proposals', 'clerk'],
      ['/office/readings/imports', 'clerk'],
    ] as const) {
      const { text } = await at(actor).see(`${path}?as=csv`)
      expect(text, path).not.toContain('<main')
      expect(text, path).not.toMatch(/T\d\d:\d\d:\d\d\.\d+Z/)
    }
    for (const [path, actor] of [
      ['/office/contacts', 'admin'],
      ['/office/api-keys', 'admin'],
      ['/office/own-sources', 'clerk'],
    ] as const)
      expect((await at(actor).see(`${path}?as=csv`)).text, path).not.toContain('办理')
  })

  it('find people by their name, organisation and role, and commands by their words', async () => {
    const admin = at('admin')
    const found = async (query: string) => {
      const { text } = await admin.see(`/office/staff?${query}`)
      return [...text.matchAll(/class="opens" href="\/office\/staff\/([^"]+)"/g)].map(([, code]) => code)
    }
    expect(await found(`q=${encodeURIComponent('审计')}`)).toEqual(['auditor'])
    expect(await found('role=auditor')).toEqual(['auditor'])
    expect((await found('')).length).toBeGreaterThan(3)
    const byWords = await admin.see(`/office/audit?command=${encodeURIComponent('修改设置')}`)
    expect(byWords.text).toContain('办理事项：修改设置（platform.set-setting）')
    expect((await admin.see('/office/audit?command=platform.')).text).toContain('修改设置')
    const byPerson = await admin.see(`/office/audit?actor=${encodeURIComponent('管理员')}`)
    expect(byPerson.text).toContain('经办人：管理员（admin）')
  })

  it('enter a sample by lines, and refuse a line without its method', async () => {
    const form = '/office/quality/samples/new'
    const typed = {
      discharger: 'P1001',
      outletNo: '1',
      sampleNo: 'W1',
      source: 'plant',
      body: '化验室',
      takenOn: '2026-02-03',
      sampler: '甲',
    }
    expect((await at('clerk').fillIn(form, { ...typed, results: 'COD 412' })).text).toContain(
      '每行：污染物 结果 单位 方法',
    )
    expect((await at('clerk').fillIn(form, { ...typed, results: 'COD 412 mg/L HJ 828-2017' })).text).toContain(
      'role="alert"',
    )
  })
})
