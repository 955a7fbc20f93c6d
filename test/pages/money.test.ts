import { sql } from 'kysely'
import { afterEach, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { summariseRun } from '../../src/bills/run-summary.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { PagePerson } from '../support/page-person.ts'
import { SmallTown } from '../support/small-town.ts'

/** The rows that a statement counts. */
const countOf = async (town: SmallTown, table: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
    town.services.db,
  )
  return rows[0]?.n ?? 0
}

onEveryDatabase('the pages from bills to payments', (connection) => {
  let town: SmallTown
  const parts = partsOnNode((_, error) => {
    throw error
  })
  afterEach(() => parts.settled())

  const at = (actor: string, language: 'zh' | 'en' = 'zh') =>
    new PagePerson(
      createApp(() => town.services, { access: { kind: 'development', actor: 'clerk' }, parts }),
      actor,
      language,
    )

  it('shows what each list will hold while there is nothing', async () => {
    town = await SmallTown.found(connection(), '2025-12-20', 'gx')
    const clerk = at('clerk')
    for (const [path, word] of [
      ['/office', '没有等您办理的事项'],
      ['/office/proposals', '没有待审批的事项'],
      ['/office/bill-runs', '还没有开账批次'],
      ['/office/payments', '还没有缴款'],
      ['/office/payments/imports', '还没有导入过缴款'],
      ['/office/credits', '没有未核销余额'],
      ['/office/overdue', '没有逾期账单'],
      ['/office/outstanding', '没有未缴账单'],
      ['/office/objections', '没有异议'],
      ['/office/journal/entries', '账簿还是空的'],
      ['/office/search', '可输入户号'],
      ['/office/search?q=0000000', '没有找到'],
    ] as const) {
      const answer = await clerk.see(path)
      expect([path, answer.status]).toEqual([path, 200])
      expect(answer.text).toContain(word)
      const english = await at('clerk', 'en').see(path)
      expect(english.text).not.toContain(word)
    }
    for (const path of ['/office/ageing', '/office/journal', '/office/journal/tie-out'])
      expect((await clerk.see(path)).status).toBe(200)
  })

  it('drafts a month as long work, and has it returned, discarded and issued by another person, once', async () => {
    for (const account of ['0001', '0002', '0003']) await town.enrol(account)
    town.on('2026-01-05')
    await town.read('2025-12', [
      { account: '0001', meter: 'M0001', start: '0', end: '100', on: '2025-12-31' },
      { account: '0002', meter: 'M0002', start: '0', end: '50', on: '2025-12-31' },
    ])
    await town.freeze('2025-12')
    const clerk = at('clerk')
    const approver = at('approver')
    const begun = await clerk.fillIn('/office/bill-runs/draft', { feeMonth: '2025-12' })
    expect([begun.status, begun.said]).toEqual([303, '已开始试算 2025-12。'])
    await parts.settled()
    expect((await clerk.see(begun.to ?? '')).text).toContain('看批次 1')

    const own = await clerk.see('/office/bill-runs/1')
    expect(own.text).toContain('需他人审批')
    expect(own.text).not.toContain('审批并签发')
    // Two are billed, the third has no reading.
    expect(own.text).toContain('水表 M0003 本月没有抄表')
    expect(own.text).toContain('抽样核对')
    const [sample = ''] = /\/office\/bill-runs\/1\/drafts\/\d+/.exec(own.text) ?? []
    expect((await clerk.see(sample)).text).toMatch(/1\.40 元\/m³ = (140|70)\.00/)
    expect((await clerk.see('/office/bill-runs/1/exceptions?code=no_reading')).text).toContain('0003')

    const withoutReason = await approver.fillIn('/office/bill-runs/1/return', { reason: '' })
    expect([withoutReason.status, withoutReason.text.includes('请填写')]).toEqual([200, true])
    const returning = await approver.fillIn('/office/bill-runs/1/return', { reason: '请补 0003 抄表' })
    expect(returning.text).toContain('已退回：请补 0003 抄表')
    const returned = await approver.confirm('/office/bill-runs/1/return', returning)
    expect([returned.status, returned.said]).toEqual([303, '已退回批次 1。'])
    expect((await clerk.see('/office/bill-runs/1')).text).toContain('请补 0003 抄表')

    await clerk.fillIn('/office/bill-runs/draft', { feeMonth: '2025-12' })
    await parts.settled()
    const waits = await approver.see('/office')
    expect(waits.text).toContain('待我审批：开账批次')
    expect((await clerk.see('/office')).text).toContain('我提出、待他人审批')
    expect((await approver.see('/office/proposals')).text).toContain('2025-12')

    const ownApproval = await clerk.fillIn('/office/bill-runs/1/approval', {})
    expect(ownApproval.text).not.toContain('签发 2 张账单')
    const looked = await approver.see('/office/bill-runs/1/approval')
    expect(looked.text).toContain('没有变化')
    const preview = await approver.fillIn('/office/bill-runs/1/approval', {})
    expect(preview.text).toContain('签发 2 张账单，合计 210.00 元')
    expect(await countOf(town, 'bills')).toBe(0)
    const issued = await approver.confirm('/office/bill-runs/1/approval', preview)
    expect(issued.said).toContain('已签发 2 张账单 2026-000001 … 2026-000002，合计 210.00 元')
    const again = await approver.confirm('/office/bill-runs/1/approval', preview)
    expect([again.status, again.said]).toEqual([303, issued.said])
    expect(await countOf(town, 'bills')).toBe(2)
    expect((await approver.see('/office/bill-runs/1')).text).toContain('审批并签发')
  })

  it('refuses to approve other than what was seen, and gives a run up with its reason', async () => {
    town.on('2026-01-06')
    await town.read('2025-12', [{ account: '0003', meter: 'M0003', start: '0', end: '10', on: '2025-12-31' }])
    const clerk = at('clerk')
    const approver = at('approver')
    await clerk.fillIn('/office/bill-runs/draft', { feeMonth: '2025-12' })
    await parts.settled()
    const seen = await approver.see('/office/bill-runs/2/approval')
    const digest = /name="digestSeen" value="([0-9a-f]{64})"/.exec(seen.text)?.[1] ?? ''
    expect(digest).toBe((await summariseRun(town.services.db, await town.run('2'))).digest)
    const stale = await approver.fillIn('/office/bill-runs/2/approval', { digestSeen: 'f'.repeat(64) })
    expect(stale.text).toContain('digest_differs')
    expect(stale.text).toContain('请重新查看')

    const discarding = await clerk.fillIn('/office/bill-runs/2/discarding', { reason: '再等一份文件' })
    expect(discarding.text).toContain('已作废')
    expect((await clerk.confirm('/office/bill-runs/2/discarding', discarding)).said).toContain('已作废批次 2')
    expect((await clerk.see('/office/bill-runs/2')).text).toContain('再等一份文件')
    expect((await approver.see('/office/bill-runs/2/approval')).status).toBe(404)
    expect((await clerk.see('/office/bill-runs')).text).toContain('已作废')
  })

  it('enters a payment once, shows it beside its bill, reverses, allocates and refunds it by two persons', async () => {
    town.on('2026-01-08')
    const clerk = at('clerk')
    const approver = at('approver')
    const paying = { collectorCode: 'water', paidOn: '2026-01-07', amount: '150.00', reference: 'T-1' }
    const ofFirst = '/office/payments/new?account=0001'
    const faults = await clerk.fillIn(ofFirst, { ...paying, amount: '1.234', paidOn: '2026-02-30' })
    expect(faults.text).toContain('有 2 处需要修改')
    const refused = await clerk.fillIn(ofFirst, { ...paying, paidOn: '2026-01-09' })
    expect(refused.text).toContain('paid_in_future')
    const preview = await clerk.fillIn(ofFirst, paying)
    expect(preview.text).toContain('登记户号 0001 的缴款')
    expect(preview.text).toContain('2026-000001')
    expect(await countOf(town, 'payments')).toBe(0)
    const entered = await clerk.confirm(ofFirst, preview)
    expect(entered.said).toBe('已登记缴款 150.00 元，核销 1 张账单，余额 10.00 元。')
    expect((await clerk.confirm(ofFirst, preview)).said).toBe(entered.said)
    expect(await countOf(town, 'payments')).toBe(1)
    const at1 = entered.to ?? ''

    const bill = await clerk.see('/office/bills/2026-000001')
    for (const words of ['已缴', 'T-1', '100 m³', '壹佰肆拾元整', '登记异议', '更正账单'])
      expect(bill.text).toContain(words)
    expect((await clerk.see('/office/bills/2026-000002')).text).toContain('未缴')
    const states = await clerk.see('/office/bills?as=csv')
    for (const [number, state] of [
      ['2026-000001', '已缴'],
      ['2026-000002', '未缴'],
    ] as const)
      expect(states.text).toMatch(new RegExp(`^${number},.*,${state}$`, 'm'))
    const none = await clerk.see('/office/bills/2026-999999')
    expect([none.status, none.text.includes('2026-999999')]).toEqual([404, true])
    const pdf = await clerk.see('/office/bills/2026-000001/pdf')
    expect([pdf.status, pdf.text.slice(0, 4)]).toEqual([200, '%PDF'])
    expect((await clerk.see('/office/payments?account=0001')).text).toContain('有余额')
    // What a filter names and nobody has is said below the filters, where it can be mended.
    const unheard = await clerk.see('/office/payments?account=9999')
    expect([unheard.status, unheard.text.includes('name="account"'), unheard.text.includes('role="alert"')]).toEqual([
      200,
      true,
      true,
    ])
    expect((await clerk.see('/office/payments?account=9999&as=xlsx')).status).toBe(404)
    expect((await clerk.see('/office/credits')).text).toContain('10.00')
    expect((await clerk.see(at1)).text).toContain('核销余额')

    const refund = { amount: '10.00', refundedBy: 'collector', evidence: '退款申请1号' }
    const proposing = await clerk.fillIn(`${at1}/refund`, refund)
    expect(proposing.text).toContain('提出退款 10.00 元')
    await clerk.confirm(`${at1}/refund`, proposing)
    const [proposal = ''] = /\/office\/refunds\/\d+/.exec((await approver.see(at1)).text) ?? []
    expect((await approver.see(proposal)).text).toContain('余额仍足')
    const listed = (await approver.see('/office/proposals?kind=payments.refund')).text
    expect(listed, 'a payment by its reference and payer').toMatch(/T-1 [^<]+ 10\.00 元/)
    const ownDecision = await clerk.see(proposal)
    expect(ownDecision.text).toContain('需他人审批')
    expect(ownDecision.text).not.toContain('/approval')
    const approval = `${proposal}/approval`
    const deciding = await approver.fillIn(approval, {})
    expect(deciding.text).toContain('批准退款 10.00 元')
    expect((await approver.confirm(approval, deciding)).said).toContain('已批准退款 10.00 元')
    expect(await countOf(town, 'refunds')).toBe(1)
    expect((await approver.fillIn(approval, {})).text).toContain('proposal_decided')
    expect((await approver.see(proposal)).text).toContain('已批准')
    const withRefund = await clerk.fillIn(`${at1}/reversal`, { reversedOn: '2026-01-08', reason: '退票' })
    expect(withRefund.text).toContain('payment_has_refund')

    // The account is found by its number or its holder; then its bills are ticked. Until then nothing is asked for.
    const looking = (await clerk.see('/office/payments/new')).text
    expect(looking).toContain('户号或户名')
    for (const field of ['bills', 'accountNo', 'dischargerCode', 'amount'])
      expect(looking).not.toContain(`name="${field}"`)
    const held = (await clerk.see(`/office/payments/new?account=${encodeURIComponent('用户P000')}`)).text
    expect(held).toContain('不止一个')
    expect(held).toContain('href="/office/payments/new?account=water%2F0002">0002　示例用户P0002　')
    expect((await clerk.see('/office/payments/new?account=water/0002')).text).toContain('value="2026-000002"')
    const toTreasury = (await clerk.see('/office/payments/new?discharger=P0002')).text
    expect(toTreasury).toContain('type="checkbox" name="bills" value="2026-000002"')
    expect(toTreasury).toContain('name="dischargerCode" value="P0002"')
    const ofAccount = '/office/payments/new?collector=water&account=0002'
    const choosing = (await clerk.see(ofAccount)).text
    expect(choosing).toContain('type="checkbox" name="bills" value="2026-000002"')
    expect(choosing).not.toContain('value="2026-000001"')
    const meant = { ...paying, amount: '1.00', reference: 'T-3', bills: '2026-000002' }
    expect((await clerk.fillIn(ofAccount, meant)).text).toContain('将核销的账单')

    const second = { ...paying, amount: '100.00', reference: 'T-2' }
    const at2 = (await clerk.confirm(ofAccount, await clerk.fillIn(ofAccount, second))).to ?? ''
    const reversing = await clerk.fillIn(`${at2}/reversal`, { reversedOn: '2026-01-08', reason: '银行退票' })
    expect(reversing.text).toContain('冲正 100.00 元')
    expect((await clerk.confirm(`${at2}/reversal`, reversing)).said).toContain('70.00 元重新变为未缴')
    expect((await clerk.see(at2)).text).toContain('银行退票')
    const onBill = await clerk.see('/office/bills/2026-000002')
    expect(onBill.text).toContain('缴款冲正')
    expect((await clerk.see('/office/payments?reference=T-2')).text).toContain('已冲正')
  })

  it('tries a file of payments before it is taken in, and settles its held rows in bulk', async () => {
    const clerk = at('clerk')
    const text = [
      '户号,收款日期,交易流水号,实收污水处理费',
      '0002,2026-01-08,F-1,20.00',
      '2,2026-01-08,F-2,10.00',
      '0002,2026-01-08,,5.00',
    ].join('\n')
    const file = new File([text], '缴款.csv', { type: 'text/csv' })
    const tried = await clerk.fillIn('/office/payments/upload', { collector: 'water', file })
    expect(tried.status).toBe(303)
    await parts.settled()
    expect(await countOf(town, 'payments')).toBe(2)
    const done = await clerk.see(tried.to ?? '')
    const [trial = ''] = /\/office\/payments\/trials\/[0-9a-f-]+/.exec(done.text) ?? []
    const shown = await clerk.see(trial)
    // Another person's trial is neither theirs to see nor to take in.
    expect((await at('both').see(trial)).status).toBe(404)
    expect((await at('both').see(`${trial}/again`)).text).not.toContain('缴款.csv')
    for (const words of ['试读，还没有保存', '没有流水号', '导入 3 行，合计 35.00 元', '实收污水处理费'])
      expect(shown.text).toContain(words)
    const taken = await clerk.fillIn(trial, {})
    await parts.settled()
    const result = await clerk.see(taken.to ?? '')
    const [imported = ''] = /\/office\/payments\/imports\/\d+/.exec(result.text) ?? []
    expect(await countOf(town, 'payments')).toBe(3)
    const rows = await clerk.see(imported)
    expect(rows.text).toContain('2 行待处理')
    // Reasons and remedies have the whole width: what stands about the file is folded above them.
    expect(rows.text).toContain('<summary>文件 缴款.csv 与列对应</summary>')
    expect(rows.text).not.toContain('<aside')
    expect((await clerk.see('/office')).text).toContain('待审缴款行')

    // From the list the checked rows arrive at the form, which asks why, shows what comes of it, and does it once.
    const hidden = /name="_csrf" value="([^"]+)"/.exec(rows.text)?.[1] ?? ''
    const arrived = await clerk.send(`${imported}/acceptance`, {
      _csrf: hidden,
      _id: crypto.randomUUID(),
      _back: imported,
      chosen: '3',
    })
    expect([arrived.status, arrived.text.includes('请填写')]).toEqual([200, false])
    const fields = { _csrf: hidden, _id: crypto.randomUUID(), chosen: '3', reason: '回单核对' }
    const deciding = await clerk.send(`${imported}/acceptance`, fields)
    expect(deciding.text).toContain('接受 1 行')
    const accepted = await clerk.confirm(`${imported}/acceptance`, deciding)
    expect(accepted.said).toContain('已接受 1 行，登记缴款 1 笔')
    await clerk.confirm(`${imported}/acceptance`, deciding)
    expect(await countOf(town, 'payments')).toBe(4)

    const cannot = await clerk.fillIn(`${imported}/acceptance?row=4`, { reason: '核对' })
    expect(cannot.text).toContain('payment_row_needs_correction')
    const correcting = await clerk.fillIn(`${imported}/rows/4/correction`, {
      account: '0002',
      paidOn: '2026-01-08',
      amount: '5.00',
      reference: 'F-3',
      reason: '银行回单',
    })
    expect(correcting.text).toContain('改正第 4 行')
    expect((await clerk.confirm(`${imported}/rows/4/correction`, correcting)).said).toContain('已改正 1 行')
    expect((await clerk.see(imported)).text).toContain('已处理完')
    expect((await clerk.see(`${imported}/rows/4`)).text).toContain('银行回单')
    const download = await clerk.see(`${imported}/rows/file?format=csv`)
    expect(download.status).toBe(200)
  })

  it('narrows lists by the name of a discharger: one is taken, of several one is chosen, of none it is said', async () => {
    const clerk = at('clerk')
    const list = '/office/outstanding?discharger='
    const one = await clerk.see(`${list}${encodeURIComponent('用户P0002')}`)
    expect(one.text).toContain('排污者：示例用户P0002（P0002）')
    expect(one.text).toContain('/office/bills/2026-000002')
    // Its code is taken as it is, and what is exported is of whom the page is.
    expect((await clerk.see(`${list}P0002`)).text).toContain('/office/bills/2026-000002')
    expect((await clerk.see(`${list}${encodeURIComponent('用户P0002')}&as=csv`)).text).toContain('2026-000002')
    const several = await clerk.see(`${list}${encodeURIComponent('示例用户')}`)
    expect(several.text).toContain('<a href="/office/outstanding?discharger=P0001">示例用户P0001（P0001）</a>')
    expect(several.text).not.toContain('/office/bills/')
    const none = await clerk.see(`${list}${encodeURIComponent('没有这家')}`)
    expect([none.status, none.text.includes('没有找到“没有这家”（排污者）')]).toEqual([200, true])
    expect((await at('clerk', 'en').see(`${list}nobody`)).text).toContain('Nothing answers to “nobody”')
    for (const path of [
      '/office/payments?discharger=',
      '/office/orders?discharger=',
      '/office/receipts?payer=',
      '/office/quality/samples?discharger=',
      '/office/quality/limits?discharger=',
    ]) {
      const found = await clerk.see(path + encodeURIComponent('用户P0002'))
      expect([path, found.status]).toEqual([path, 200])
      expect(found.text, path).toContain('示例用户P0002（P0002）')
    }
  })

  it('names groups and categories in the language of the page', async () => {
    for (const path of ['/office/accounts', '/office/dischargers/P0002', '/office/accounts/water/0002']) {
      expect((await at('clerk').see(path)).text, path).toContain('非居民')
      const { text } = await at('clerk', 'en').see(path)
      expect(text, path).toContain('non-resident')
      expect(text, path).not.toMatch(/非居民|居民/)
    }
  })

  it('offers the open bills of a payer to ask a notice for, and to write off, instead of asking for numbers', async () => {
    const clerk = at('clerk')
    const asking = '/office/receipts/notice'
    expect((await clerk.see(asking)).text).not.toContain('name="bills"')
    for (const which of [`discharger=${encodeURIComponent('用户P0002')}`, 'bill=2026-000002']) {
      const choosing = (await clerk.see(`${asking}?${which}`)).text
      expect(choosing).toContain('type="checkbox" name="bills" value="2026-000002"')
      expect(choosing).not.toContain('value="2026-000001"')
    }
    const ofOne = `${asking}?discharger=P0002`
    const unticked = await clerk.fillIn(ofOne, {})
    expect(unticked.text).toContain('直缴国库的账单：请填写')
    const preview = await clerk.fillIn(ofOne, { bills: '2026-000002' })
    expect(preview.text).toContain('申请缴款通知 35.00 元')
    await clerk.confirm(ofOne, preview)
    const asked = await clerk.see(ofOne)
    expect(asked.text).toContain('没有可以申请缴款通知的账单')
    expect(asked.text).not.toContain('type="checkbox" name="bills"')

    town.on('2026-02-20')
    const writing = '/office/remittance/write-offs/new'
    const rest = { ground: 'other', evidence: '示例证明1号' }
    const named = await clerk.fillIn(writing, { ...rest, bill: '用户P0002' })
    expect(named.text).toContain('2026-000002　2025-12　示例用户P0002　户号 0002　35.00 元')
    expect(named.text).toContain('提出核销 2026-000002，35.00 元')
    expect((await clerk.fillIn(writing, { ...rest, bill: '0002' })).text).toContain('提出核销 2026-000002')
    expect((await clerk.fillIn(writing, { ...rest, bill: '2026-000002' })).text).toContain('提出核销 2026-000002')
    expect((await clerk.fillIn(writing, { ...rest, bill: '没有这家' })).text).toContain('没有找到')
    town.on('2026-01-08')
  })

  it('lists what is overdue on any day with its age, and answers an objection by another person', async () => {
    const clerk = at('clerk')
    const approver = at('approver')
    // 70.00 of 0002, of which 35.00 came by the file.
    const overdue = await clerk.see('/office/overdue?asOf=2026-02-20')
    expect(overdue.text).toContain('35.00')
    expect((await clerk.see('/office/overdue?asOf=2026-01-09')).text).toContain('没有')
    const ageing = await clerk.see('/office/ageing?asOf=2026-02-20')
    expect(ageing.text).toContain('/office/overdue?asOf=2026-02-20&amp;bucket=31-60')
    expect((await clerk.see('/office/overdue?asOf=2026-02-20&bucket=31-60')).text).toContain('2026-000002')
    expect((await clerk.see('/office/overdue?asOf=2026-02-20&bucket=1-30')).text).toContain('没有符合筛选条件')
    const csv = await clerk.see('/office/overdue?asOf=2026-02-20&as=csv')
    expect(csv.text).toContain('2026-000002')

    const form = '/office/bills/2026-000002/objection'
    const receiving = await clerk.fillIn(form, { from: '示例用户', receivedOn: '2026-01-08', grounds: '表计故障' })
    expect(receiving.text).toContain('前答复')
    const objection = (await clerk.confirm(form, receiving)).to ?? ''
    expect((await clerk.see('/office')).text).toContain('答复异议')
    expect((await clerk.see('/office/bills/2026-000002')).text).toContain('示例用户')
    const withoutCorrection = await approver.fillIn(`${objection}/answer`, { outcome: 'corrected', reason: '复核' })
    expect(withoutCorrection.text).toContain('objection_correction_missing')
    const answering = await approver.fillIn(`${objection}/answer`, { outcome: 'kept', reason: '表计检定合格' })
    expect(answering.text).toContain('在期限内答复')
    expect((await approver.confirm(`${objection}/answer`, answering)).said).toContain('已答复异议')
    expect((await approver.see(`${objection}/answer`)).status).toBe(409)
  })

  it('proposes a correction with what it would issue, and issues it by another person', async () => {
    const clerk = at('clerk')
    const approver = at('approver')
    const form = '/office/bills/2026-000001/correction'
    const alone = await clerk.fillIn(form, { action: 'cancel', reason: 'duplicate', evidence: '核查单1' })
    expect(alone.text).toContain('duplicate_needs_other')
    const proposing = await clerk.fillIn(form, { action: 'cancel', reason: 'volume', evidence: '核查单1' })
    expect(proposing.text).toContain('-140.00')
    await clerk.confirm(form, proposing)
    await clerk.confirm(form, proposing)
    const [decision = ''] =
      /\/office\/bill-corrections\/\d+/.exec((await clerk.see('/office/bills/2026-000001')).text) ?? []
    const twice = await clerk.fillIn(form, { action: 'cancel', reason: 'volume', evidence: '核查单1' })
    expect(twice.text).toContain('correction_pending')
    expect((await clerk.see(decision)).text).toContain('需他人审批')
    expect((await clerk.see(`${decision}/approval`)).status).toBe(403)
    const noReason = await approver.fillIn(`${decision}/return`, { reason: '' })
    expect(noReason.text).toContain('退回原因')
    expect(noReason.to).toBeNull()
    const deciding = await approver.fillIn(`${decision}/approval`, {})
    expect(deciding.text).toContain('批准并签发 1 张')
    expect((await approver.confirm(`${decision}/approval`, deciding)).to).toBe('/office/bills/2026-000003')
    const cancelled = await clerk.see('/office/bills/2026-000001')
    for (const words of ['已红冲', '核查单1', '账单红冲']) expect(cancelled.text).toContain(words)
  })

  it('shows the books: every account, every entry, and that they agree with their subledgers', async () => {
    const auditor = at('auditor')
    const balance = await auditor.see('/office/journal')
    expect(balance.text).toContain('借贷相等')
    const tieOut = await auditor.see('/office/journal/tie-out')
    expect(tieOut.text).toContain('全部相符')
    const entries = await auditor.see('/office/journal/entries?to=2026-01-05')
    expect(entries.text).toContain('签发账单 2025-12')
    const [entry = ''] = /\/office\/journal\/entries\/\d+/.exec(entries.text) ?? []
    expect((await auditor.see(entry)).text).toContain('210.00')
    expect((await auditor.see('/office/journal/accounts/fees_receivable')).text).toContain('期末')
    expect((await auditor.see('/office/journal/accounts/none')).status).toBe(404)
    expect((await auditor.see('/office/journal/export')).text).toContain('210.00')
  })

  it('finds everything from one field: what is exact opens, what is like it is listed', async () => {
    const clerk = at('clerk')
    expect((await clerk.see('/office/search?q=2026-000002')).to).toBe('/office/bills/2026-000002')
    expect((await clerk.see('/office/search?q=0002')).to).toBe('/office/accounts/water/0002')
    expect((await clerk.see('/office/search?q=2')).to).toBe('/office/accounts/water/0002')
    expect((await clerk.see('/office/search?q=P0002')).to).toBe('/office/dischargers/P0002')
    expect((await clerk.see('/office/search?q=F-1')).to).toMatch(/^\/office\/payments\/\d+$/)
    const names = await clerk.see(`/office/search?q=${encodeURIComponent('用户')}`)
    for (const code of ['P0001', 'P0002', 'P0003']) expect(names.text).toContain(code)
    expect((await clerk.see(`/office/search?q=${encodeURIComponent('示例用户P0003')}`)).to).toBe(
      '/office/dischargers/P0003',
    )
    // Who may not read payments is not told that there is one.
    expect((await at('admin').see('/office/search?q=F-1')).text).toContain('没有找到')
    // Another water company is not told whose account, bill or payment there is, nor by whose name.
    const roles = ['water_company_operator'] as const
    await done(
      addStaff(town.services, by('admin'), { code: 'outsider', name: '外人', organisationCode: 'other-co', roles }),
    )
    for (const sought of ['0002', '2026-000002', 'F-1', '用户', '示例用户P0003']) {
      const seen = await at('outsider').see(`/office/search?q=${encodeURIComponent(sought)}`)
      expect([sought, seen.to]).toEqual([sought, null])
      expect(seen.text).toContain('没有找到')
    }
    expect((await at('outsider').see('/office/readings/upload')).text).not.toContain('value="water"')
    town.leave()
  })
})
