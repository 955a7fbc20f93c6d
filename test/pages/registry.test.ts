import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { onEveryDatabase } from '../support/databases.ts'
import { PagePerson } from '../support/page-person.ts'
import { SmallTown } from '../support/small-town.ts'

onEveryDatabase('the office before bills', (connection) => {
  /** A town in March with a file of which one row is held and one rejected, and its office. */
  async function build() {
    const town = await SmallTown.found(connection(), '2026-04-02')
    await town.enrol('0001')
    await town.enrol('0002')
    await town.enrol('0003', { supply: 'own_source' })
    await town.enrol('0005')
    const parts = partsOnNode(() => undefined)
    const app = createApp(() => town.services, {
      access: { kind: 'development', actor: 'clerk' },
      parts,
      report: ({ error }) => {
        throw error
      },
    })
    const person = (actor: string, language: 'zh' | 'en' = 'zh') => new PagePerson(app, actor, language)
    const commands = async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from commands`.execute(town.services.db)
      return rows[0]?.n ?? 0
    }
    return { town, parts, app, person, clerk: person('clerk'), approver: person('approver'), commands }
  }
  type Opened = Awaited<ReturnType<typeof build>>
  let built: Promise<Opened> | undefined
  const opened = () => {
    built ??= build()
    return built
  }

  const held = [
    { account: '0001', meter: 'M0001', start: '0', end: '120', volume: '120', on: '2026-03-31' },
    { account: '0002', meter: 'M0002', start: '0', end: '90', volume: '60', on: '2026-03-31' },
    { account: '9999', meter: 'M9999', start: '0', end: '50', volume: '50', on: '2026-03-31' },
  ]

  /** Fills a form in, sees what will change, confirms, and confirms again: one command, and where it led. */
  async function carriedOut(
    { commands }: Pick<Opened, 'commands'>,
    by: PagePerson,
    path: string,
    fields: Readonly<Record<string, string>>,
    preview: string,
  ) {
    const before = await commands()
    const shown = await by.fillIn(path, fields)
    expect(shown.text, path).toContain(preview)
    expect(shown.text, path).toContain('将发生的变化')
    expect(await commands(), `${path} only shows`).toBe(before)
    const done = await by.confirm(path, shown)
    expect(done.status, done.text).toBe(303)
    expect(await commands(), path).toBe(before + 1)
    const again = await by.confirm(path, shown)
    expect([again.status, again.to], path).toEqual([303, done.to])
    expect(await commands(), `${path} again`).toBe(before + 1)
    return done
  }

  it('takes in a file: tried, its columns set right, taken in once, its rows settled', async () => {
    const office = await opened()
    const { clerk, parts, commands } = office
    const path = '/office/readings/upload'
    expect((await clerk.fillIn(path, { collector: 'water' })).text).toContain('请选择文件')

    const csv = [
      '户号,表号,上期读数,本期读数,用水量,抄表日期',
      ...held.map((row) => Object.values(row).join(',')),
    ].join('\n')
    const file = new File([csv], '2026-03.csv')
    const before = await commands()
    const sent = await clerk.fillIn(path, { collector: 'water', month: '2026-03', file })
    expect(sent.status, sent.text).toBe(303)
    await parts.settled()
    expect(await commands()).toBe(before)
    const work = await clerk.see(sent.to ?? '')
    expect(work.text).toContain('看试读结果')
    const trial = /href="(\/office\/readings\/trials\/[^"]+)"/.exec(work.text)?.[1] ?? ''
    const tried = await clerk.see(trial)
    expect(tried.text).toContain('导入 3 行')
    expect(tried.text).toContain('户号不存在')
    // Another person's trial is not theirs to take in.
    expect((await office.person('approver').see(trial)).status).toBe(404)

    const columns = await clerk.fillIn(`${trial}/columns`, { account: '户号', end: '本期读数', readOn: '抄表日期' })
    await parts.settled()
    const retried =
      /href="(\/office\/readings\/trials\/[^"]+)"/.exec((await clerk.see(columns.to ?? '')).text)?.[1] ?? ''
    expect((await clerk.see(retried)).text).toContain('按您改正的')

    // Left at a column that was chosen for another figure, too: nobody drops the volume for it.
    const both = { account: '户号', start: '上期读数', end: '用水量', volume: '用水量', readOn: '抄表日期' }
    const twice = await clerk.fillIn(`${trial}/columns`, both)
    await parts.settled()
    expect((await clerk.see(twice.to ?? '')).text).toContain('不能同时是 本期读数、用水量')

    const form = await clerk.see(trial)
    const taken = await clerk.confirm(trial, form)
    await parts.settled()
    await clerk.confirm(trial, form)
    await parts.settled()
    expect(await commands()).toBe(before + 1)
    const imported = /href="(\/office\/readings\/imports\/\d+)"/.exec((await clerk.see(taken.to ?? '')).text)?.[1] ?? ''
    const page = await clerk.see(imported)
    expect(page.text).toContain('2 行待处理')
    expect(page.text).toContain('水量与读数差不符')
    expect((await clerk.see(`${imported}?verdict=rejected`)).text).not.toContain('水量与读数差不符</strong>')

    // Checked rows come along from the list; without a reason nothing is judged.
    const list = {
      _csrf: /name="_csrf" value="([^"]+)/.exec(page.text)?.[1] ?? '',
      _id: 'from-the-list',
      _back: imported,
    }
    const asked = await clerk.send(`${imported}/acceptance`, { ...list, chosen: '3' })
    expect(asked.text).toContain('name="chosen" value="3"')
    const refused = await clerk.fillIn(`${imported}/acceptance`, { chosen: '4', reason: '核实' })
    expect(refused.text).toContain('row_rejected_by_rule')
    const accepted = await carriedOut(
      office,
      clerk,
      `${imported}/acceptance`,
      { chosen: '3', reason: '现场核实' },
      '接受 1 行',
    )
    expect(accepted.said).toContain('已接受 1 行')
    await carriedOut(
      office,
      clerk,
      `${imported}/rows/4/correction`,
      {
        account: '0001',
        meter: 'M0001',
        start: '0',
        end: '50',
        volume: '50',
        readOn: '2026-03-15',
        reason: '误写户号',
        accept: 'month_already_read,twice_in_file,start_differs',
      },
      '9999',
    )
    expect((await clerk.see(imported)).text).toContain('已处理完')
  })

  it('enters, estimates and takes back readings by hand', async () => {
    const office = await opened()
    const { clerk, town } = office
    for (const month of ['2025-12', '2026-01', '2026-02']) {
      const end = String(100 * (['2025-12', '2026-01', '2026-02'].indexOf(month) + 1))
      await town.read(month, [{ account: '0005', meter: 'M0005', end, on: `${month}-28` }])
    }
    const at = '/office/accounts/water/0005'
    const refused = await clerk.fillIn(`${at}/readings/new`, { feeMonth: '2026-03', end: 'x', evidence: '照片' })
    expect(refused.text).toContain('entry_unreadable')
    const faulty = await clerk.fillIn(`${at}/readings/new`, { feeMonth: '三月', evidence: '' })
    expect(faulty.text).toContain('有 2 处需要修改')
    await carriedOut(
      office,
      clerk,
      `${at}/readings/estimate`,
      { feeMonth: '2026-03', reason: '表井积水' },
      '估抄 2026-03',
    )
    const done = await carriedOut(
      office,
      clerk,
      `${at}/readings/new`,
      { feeMonth: '2026-03', readOn: '2026-03-31', end: '420', evidence: '照片', accept: 'stored_differs' },
      '120',
    )
    const account = await clerk.see(done.to ?? '')
    expect(account.text).toContain('120')
    const reading = /href="(\/office\/readings\/\d+)"/.exec(account.text)?.[1] ?? ''
    await carriedOut(office, clerk, `${reading}/withdrawal`, { reason: '误录' }, '撤回这条记录')
    expect((await clerk.see(reading)).text).toContain('已撤回')
  })

  it('registers who discharges, and every event of an account', async () => {
    const office = await opened()
    const { clerk, commands } = office
    const faulty = await clerk.fillIn('/office/dischargers/new', { code: 'E9' })
    expect(faulty.text).toContain('有 2 处需要修改')
    const enterprise = { code: 'E9', name: '示例新企业', kind: 'enterprise', creditCode: '91350100M000100Y44' }
    expect((await clerk.fillIn('/office/dischargers/new', enterprise)).text).toContain('credit_code_check')
    const known = { ...enterprise, creditCode: '91350100M000100Y43' }
    await carriedOut(office, clerk, '/office/dischargers/new', known, '登记“示例新企业”')
    const at = '/office/dischargers/E9'
    const signed = { agreementNo: 'NG-9', signedOn: '2026-03-01' }
    await carriedOut(office, clerk, `${at}/agreements/new`, signed, '登记协议 NG-9')
    await carriedOut(office, clerk, `${at}/outlets/new`, { outletNo: 'P1', from: '2026-03-01' }, '登记排污口 P1')
    await carriedOut(office, clerk, `${at}/outlets/P1/end`, { until: '2026-04-01' }, '终止排污口 P1')
    const opening = {
      collector: 'water',
      accountNo: '0009',
      dischargerCode: 'E9',
      supply: 'public',
      payerGroup: 'urban_resident',
      category: 'non-resident',
      openedOn: '2026-03-01',
    }
    const byName = (dischargerCode: string, more: Readonly<Record<string, string>> = {}) =>
      clerk.fillIn('/office/accounts/new', { ...opening, dischargerCode, ...more })
    expect((await byName('不在册的企业')).text).toContain('没有找到')
    const several = await byName('示例')
    expect(several.text).toContain('不止一个')
    expect(several.text).toMatch(/type="radio" name="dischargerCode.found" value="E9"/)
    for (const meant of [
      await byName('新企业'),
      await byName('91350100m000100y43'),
      await byName('示例', { 'dischargerCode.found': 'E9' }),
    ]) {
      expect(meant.text).toContain('将发生的变化')
      expect(meant.text).toContain('示例新企业（E9）')
      expect(meant.text).toContain('name="dischargerCode" value="E9"')
    }
    await carriedOut(office, clerk, '/office/accounts/new', { ...opening, dischargerCode: '新企业' }, '开户 0009')
    const account = '/office/accounts/water/0009'
    const counter = { digits: '6', multiplier: '1', initialReading: '0' }
    await carriedOut(
      office,
      clerk,
      `${account}/meters/new`,
      { meterNo: 'M9', purpose: 'supply', on: '2026-03-01', ...counter },
      '装表 M9',
    )
    await carriedOut(
      office,
      clerk,
      `${account}/meters/M9/replacement`,
      { on: '2026-03-10', finalReading: '50', meterNo: 'M10', reason: '周期换表', ...counter },
      'M10，装表 0',
    )
    await carriedOut(
      office,
      clerk,
      `${account}/meters/M10/shares`,
      { from: '2026-03-12', shares: '0009=30%\n0001=70%', unitM3: '1', agreement: '分摊协议' },
      '0001 = 70%',
    )
    await carriedOut(
      office,
      clerk,
      `${account}/meters/M10/removal`,
      { on: '2026-03-15', finalReading: '60', reason: '停用' },
      '拆表 M10',
    )
    await carriedOut(
      office,
      clerk,
      `${account}/category`,
      { category: 'special', on: '2026-03-16', evidence: '核查' },
      'special',
    )
    await carriedOut(office, clerk, `${account}/suspension`, { from: '2026-03-17', reason: '检修' }, '报停户号 0009')
    await carriedOut(office, clerk, `${account}/resumption`, { on: '2026-03-20' }, '恢复户号 0009')
    await carriedOut(
      office,
      clerk,
      `${account}/transfer`,
      { toDischargerCode: 'P0001', on: '2026-03-21' },
      '示例用户P0001',
    )
    await carriedOut(office, clerk, `${account}/closing`, { on: '2026-03-25', reason: '搬迁' }, '销户 0009')
    const life = await clerk.see(account)
    expect(life.text).toContain('2026-03-25 起销户')
    expect(life.text).toContain('换表')
    const before = await commands()
    expect((await clerk.fillIn(`${account}/suspension`, { from: '2026-03-26', reason: '检修' })).text).toContain(
      'role="alert"',
    )
    expect(await commands()).toBe(before)
    await carriedOut(office, clerk, `${at}/agreements/NG-9/end`, { until: '2026-04-01' }, '终止协议 NG-9')

    await carriedOut(office, clerk, '/office/collectors/new', { code: 'two', name: '示例二水' }, '增加“示例二水”')
    const contract = {
      contractNo: 'DZ-2',
      document: '协议',
      remittancePeriod: 'month',
      feeRate: '0.02',
      feeBase: 'collected',
      from: '2026-01-01',
      combinedOrder: 'wastewater、water',
    }
    await carriedOut(office, clerk, '/office/collectors/two/contracts/new', contract, '登记合同 DZ-2')
    await carriedOut(office, clerk, '/office/collectors/contracts/DZ-2/end', { until: '2027-01-01' }, '终止合同 DZ-2')
    await carriedOut(
      office,
      clerk,
      '/office/categories/new',
      { code: 'x', nameZh: '新类', nameEn: 'new' },
      '增加类别 x',
    )
    await carriedOut(
      office,
      clerk,
      '/office/categories/groups/new',
      { code: 'g', nameZh: '新群', nameEn: 'group', clause: '某条' },
      '增加群体 g',
    )
  })

  it('lets another person decide what was proposed: roster, rates, calendar, bases, own sources', async () => {
    const office = await opened()
    const { clerk, approver, town } = office
    const decided = async (proposed: { readonly to: string | null }, button: string) => {
      const at = proposed.to ?? ''
      expect((await clerk.see(at)).text).toContain('需他人审批')
      expect((await approver.see(at)).text).toContain('审批')
      return carriedOut(office, approver, `${at}/approval`, {}, button)
    }
    const frozen = await carriedOut(office, clerk, '/office/rosters/new', { asOf: '2026-03-31' }, '冻结第 1 版')
    const version = await clerk.see(frozen.to ?? '')
    const proposal = /href="(\/office\/rosters\/proposals\/\d+)"/.exec(version.text)?.[1] ?? null
    await decided({ to: proposal }, '批准第 1 版')
    await carriedOut(office, clerk, '/office/rosters/1/publication', { on: '2026-04-02' }, '发布 4 户')
    await town.enrol('0004')
    const second = await carriedOut(office, clerk, '/office/rosters/new', { asOf: '2026-04-01' }, '冻结第 2 版')
    const changes = await clerk.see(`${second.to}/changes`)
    expect(changes.text).toContain('0004')
    expect(changes.text).not.toContain('0001')
    const again = /href="(\/office\/rosters\/proposals\/\d+)"/.exec((await clerk.see(second.to ?? '')).text)?.[1] ?? ''
    await carriedOut(office, approver, `${again}/return`, { reason: '漏一户' }, '退回给提交人')
    expect((await clerk.see(again)).text).toContain('已退回')

    const terms = {
      code: 'T-2027',
      title: '新标准',
      approvalDocument: '示例文号',
      issuer: '发改',
      clause: '第九条',
      validFrom: '2027-01-01',
      straddle: 'by-days',
    }
    expect((await clerk.fillIn('/office/tariffs/new', { ...terms, prices: 'resident' })).text).toContain('不合要求')
    const faulty = await clerk.fillIn('/office/tariffs/new', { ...terms, prices: 'nobody = 1.00', endsEarlier: 'yes' })
    expect(faulty.text).toContain('schedule_faulty')
    const prices = 'resident = 1.00\nnon-resident = 0-100: 1.20; 100-: 1.80\nspecial = 2.00'
    const proposed = await carriedOut(
      office,
      clerk,
      '/office/tariffs/new',
      { ...terms, prices, endsEarlier: 'yes' },
      'T-2027',
    )
    expect((await approver.see(proposed.to ?? '')).text).toContain('1.40 元/m³')
    const inForce = await decided(proposed, '批准 T-2027')
    expect((await clerk.see(inForce.to ?? '')).text).toContain('0–100')
    expect((await clerk.see('/office/tariffs/price?category=non-resident&volume=150&on=2027-02-01')).text).toContain(
      '210.00',
    )
    expect((await clerk.see('/office/tariffs/price?category=non-resident&volume=x')).status).toBe(200)
    await carriedOut(
      office,
      approver,
      '/office/tariffs/schedules/T-2027/end',
      { until: '2028-01-01', document: '新文号' },
      '终止 T-2027',
    )

    const basis = { basis: 'rated_flow', ratedFlowM3PerHour: '25', evidence: '许可', validFrom: '2026-01-01' }
    const base = await carriedOut(office, clerk, '/office/accounts/water/0003/volume-bases/new', basis, '额定流量')
    const holds = await decided(base, '批准这项依据')
    await carriedOut(office, clerk, `${holds.to}/end`, { validUntil: '2026-02-01', reason: '已装表' }, '2026-02-01')
    const declared = { feeMonth: '2026-03', volumeM3: '4200', evidence: '申报表' }
    const own = await carriedOut(office, clerk, '/office/accounts/water/0003/own-source/new', declared, '4200')
    expect((await clerk.see('/office/own-sources?month=2026-03')).text).toContain('待审核')
    await decided(own, '审核通过')
    expect((await clerk.see('/office/own-sources?month=2026-03')).text).toContain('4,200')
    const flow = { feeMonth: '2026-02', ratedFlowM3PerHour: '25', reason: '未申报' }
    await decided(
      await carriedOut(office, clerk, '/office/accounts/water/0003/own-source/rated-flow', flow, '25'),
      '批准',
    )

    const year = {
      year: '2035',
      noticeNumber: '示例发明电〔2034〕1号',
      restDays: '2035-01-01',
      makeUpWorkdays: '',
    }
    expect((await clerk.fillIn('/office/calendars/new', year)).text).toContain('calendar_year_faulty')
  })

  it('answers every page of its own in both languages', async () => {
    const { town, person } = await opened()
    const { importId } = await town.read('2026-03', held)
    const reading = await sql<{ id: string }>`select id from meter_readings limit 1`.execute(town.services.db)
    await town.freeze('2026-03')
    const paths = [
      '/office/dischargers',
      '/office/dischargers?q=0001&kind=resident&sort=code&dir=desc',
      '/office/dischargers/P0001',
      '/office/accounts',
      '/office/accounts?q=0001&collector=water&supply=public&state=open&sort=account_no',
      '/office/accounts/water/0001',
      '/office/accounts/water/0001/readings',
      '/office/collectors',
      '/office/categories',
      '/office/registry',
      '/office/registry/upload',
      '/office/registry/export?kind=meters',
      '/office/registry/accounts/file?format=csv&collector=water',
      '/office/registry/accounts/template',
      '/office/rosters',
      '/office/rosters/1',
      '/office/rosters/1/comparison?collector=water',
      '/office/rosters/1/collectors/water/file?format=xlsx',
      '/office/tariffs',
      '/office/tariffs/file',
      '/office/tariffs/schedules/flat-2020',
      '/office/readings/imports',
      '/office/readings/imports?month=2026-03&collector=water&open=yes&as=csv',
      `/office/readings/imports/${importId}`,
      `/office/readings/imports/${importId}?code=volume_differs&open=yes&as=xlsx`,
      `/office/readings/imports/${importId}/rows/5`,
      `/office/readings/imports/${importId}/rows/file?format=xlsx&undecided=true`,
      `/office/readings/imports/${importId}/absent`,
      '/office/readings/template',
      `/office/readings/${reading.rows[0]?.id}`,
      '/office/volume-bases',
      '/office/own-sources',
      '/office/calendars?month=2026-03',
      '/office/calendars/2026',
      '/office/calendars/new?year=2026',
    ]
    for (const language of ['zh', 'en'] as const) {
      const clerk = person('clerk', language)
      for (const path of paths) expect([path, (await clerk.see(path)).status]).toEqual([path, 200])
    }
    // The filter offers the reasons that this file has, and keeps the one that is asked for.
    const offered = (text: string) =>
      [...(/<select [^>]*name="code">(.*?)<\/select>/s.exec(text)?.[1] ?? '').matchAll(/value="(\w*)"/g)].map(
        ([, code]) => code,
      )
    const seen = await person('clerk').see(`/office/readings/imports/${importId}`)
    const reasons = await sql<{ code: string }>`
      select distinct r->>'code' as code from import_rows h cross join lateral jsonb_array_elements(h.reasons) r
      where h.import_id = ${importId}::bigint`.execute(town.services.db)
    expect(offered(seen.text).toSorted()).toEqual(['', ...reasons.rows.map(({ code }) => code)].toSorted())
    expect(reasons.rows.length).toBeGreaterThan(0)
    const other = await person('clerk').see(`/office/readings/imports/${importId}?code=digits_exceeded`)
    expect(offered(other.text)).toContain('digits_exceeded')
    expect((await person('clerk').see('/office/accounts/water/7777')).status).toBe(404)
    expect((await person('clerk').see('/office/readings/imports/99999')).text).toContain('readings_import_unknown')
  })
})
