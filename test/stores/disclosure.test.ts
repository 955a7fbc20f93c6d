import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { civilDate } from '../../src/kernel/calendar.ts'
import { usesOfFee } from '../../src/later-stages.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { closedAccess } from '../../src/platform/http/access.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { listReleases } from '../../src/remittance/disclosure.queries.ts'
import { disclosureOf } from '../../src/remittance/disclosure.ts'
import { decideRelease, proposeRelease } from '../../src/remittance/release-disclosure.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { FiscalTown } from '../support/fiscal-town.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { PagePerson } from '../support/page-person.ts'

onEveryDatabase('What is made public of a year', (connection) => {
  let fiscal: FiscalTown
  const propose = (year: number, reason?: string, person = 'clerk') =>
    proposeRelease(fiscal.services, by(person), { year, reason }, usesOfFee)
  const decide = (proposalId: string, outcome: 'approved' | 'returned' = 'approved', person = 'approver') =>
    decideRelease(fiscal.services, by(person), { proposalId, outcome, reason: outcome === 'returned' ? '有误' : '' })
  /** As anybody: nobody is signed in. */
  const look = async (path: string, language: 'zh' | 'en' = 'zh') => {
    const app = createApp(() => fiscal.services, { access: closedAccess, parts: partsOnNode(() => undefined) })
    return app.request(path, { headers: { 'accept-language': language } })
  }
  const seen = async (path: string, language: 'zh' | 'en' = 'zh') =>
    (await (await look(path, language)).text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await done(fiscal.contract())
    await fiscal.town.enrol('1001', { openedOn: '2026-02-01' })
    fiscal.on('2026-03-03')
    await fiscal.town.read('2026-02', [{ account: '1001', start: '0', end: '100', on: '2026-02-28' }])
    await fiscal.town.bill('2026-02')
    await done(fiscal.pay('P1', '100.00', '2026-03-03'))
    fiscal.on('2026-04-02')
    const { statement } = await fiscal.sign('2026-Q1')
    await fiscal.remit(statement, '100.00', 'V1')
  })
  afterAll(() => fiscal.leave())

  it('is nothing before two persons have released it', async () => {
    expect(await refusedWith(propose(2026))).toBe('disclosure_year_not_over')
    fiscal.on('2027-01-15')
    expect(await refusedWith(propose(2024))).toBe('disclosure_of_nothing')
    expect(await refusedWith(propose(2026, undefined, 'approver'))).toBe('role_missing')
    const { proposalId, release } = await done(propose(2026))
    expect(release).toBe(1)
    expect(await refusedWith(propose(2026))).toBe('disclosure_pending')
    expect(await refusedWith(decide(proposalId, 'approved', 'clerk'))).toBe('role_missing')
    expect(await seen('/disclosure')).toContain('还没有公开的年度')
    for (const path of ['/disclosure/2026', '/disclosure/2026/1', '/disclosure/2026/1/file?format=json'])
      expect((await look(path)).status).toBe(404)
    await done(decide(proposalId, 'returned'))
    expect(await listReleases(fiscal.services.db)).toEqual([])
    expect((await look('/disclosure/2026')).status).toBe(404)
  })

  it('stays as it was released, whatever becomes known later', async () => {
    const { proposalId, digest } = await done(propose(2026))
    expect(await done(decide(proposalId))).toMatchObject({ year: 2026, release: 1, digest })
    await done(fiscal.pay('P2', '40.00', '2026-12-30'))
    const page = await seen('/disclosure/2026')
    for (const said of [
      '140.00', // billed
      '100.00', // collected, remitted and confirmed
      '示例供水公司',
      '1.40 元/m³',
      '每月 10 日前',
      '1 倍以上 3 倍以下',
      '（《城镇排水与污水处理条例》（国务院令第641号）第五十四条）',
      digest,
    ])
      expect(page).toContain(said)
    for (const kept of ['示例用户', '1001', 'clerk', 'approver']) expect(page).not.toContain(kept)
    const english = await seen('/disclosure/2026', 'en')
    for (const said of ['non-resident', 'service fee of the plants', 'fined 1 to 3 times', 'Order 641, art. 54'])
      expect(english).toContain(said)
    const file = await look('/disclosure/2026/1/file?format=json')
    expect(file.headers.get('cache-control')).toContain('public')
    const bytes = Buffer.from(await file.arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest)
    expect(JSON.parse(bytes.toString())).toMatchObject({
      year: 2026,
      asOf: '2027-01-15',
      totals: { billed: '140.00', collected: '100.00', toTreasury: '100.00' },
      collectors: [{ collected: '100.00', remitted: '100.00', confirmed: '100.00' }],
    })
    const workbook = await look('/disclosure/2026/1/file?format=xlsx&language=en')
    expect([workbook.status, workbook.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ])
    expect((await look('/disclosure/2026/1/file?format=csv')).status).toBe(400)
  })

  it('is corrected by a further release with its reason; both stay', async () => {
    expect(await refusedWith(propose(2026))).toBe('disclosure_correction_unreasoned')
    const { proposalId, release } = await done(propose(2026, '补记12月缴款'))
    expect(release).toBe(2)
    await done(decide(proposalId))
    expect((await listReleases(fiscal.services.db)).map((each) => [each.release, each.stands])).toEqual([
      [2, true],
      [1, false],
    ])
    const now = await seen('/disclosure/2026')
    expect(now).toContain('更正原因：补记12月缴款')
    const before = await seen('/disclosure/2026/1')
    expect(before).toContain('已被更正')
    expect(before).not.toContain('补记12月缴款')
    const list = await seen('/disclosure')
    expect(list).toContain('第 2 版')
    expect(list).toContain('第 1 版')
  })

  it('is proposed and released on the pages of the office, and looked at there as a draft', async () => {
    const parts = partsOnNode((_, error) => {
      throw error
    })
    const app = createApp(() => fiscal.services, { access: { kind: 'development', actor: 'clerk' }, parts })
    const [clerk, approver] = ['clerk', 'approver'].map((code) => new PagePerson(app, code)) as [PagePerson, PagePerson]
    const draft = await clerk.see('/office/remittance/disclosure?year=2026')
    expect(draft.text).toContain('草稿，未公开')
    expect(draft.text).toContain('/office/remittance/disclosure/release?year=2026')
    const path = '/office/remittance/disclosure/release'
    const refused = await clerk.fillIn(path, { year: '2026' })
    expect(refused.text).toContain('disclosure_correction_unreasoned')
    const preview = await clerk.fillIn(path, { year: '2026', reason: '更正收费标准' })
    const sent = await clerk.confirm(path, preview)
    expect(sent.said).toBe('已提出，需他人审批后公开。')
    const at = sent.to ?? ''
    expect((await clerk.see(at)).text).toContain('需他人审批')
    expect((await clerk.see('/office/remittance/disclosure?year=2026')).text).toContain(at)
    const seenBy = await approver.fillIn(`${at}/approval`, {})
    expect(seenBy.text).toContain('向公众公开第 3 版，不能撤回')
    const released = await approver.confirm(`${at}/approval`, seenBy)
    expect(released.said).toContain('/disclosure/2026')
    expect(await seen('/disclosure/2026')).toContain('更正收费标准')
  })

  it('cites no article that nobody has checked', async () => {
    const ways = { name: 'bills.payment_ways', value: '依财税〔2014〕151号第二十二条缴入国库。', citation: '示例' }
    await done(setSetting(fiscal.services, by('admin'), ways))
    expect(await refusedWith(propose(2026, '缴费方式'))).toBe('document_article_unconfirmed')
  })

  it('is kept by the database: no change, no other digest, no release left out', async () => {
    const { db } = fiscal.services
    await expect(sql`update disclosures set content = '{}'`.execute(db)).rejects.toThrow()
    await expect(sql`delete from disclosures`.execute(db)).rejects.toThrow()
    const insert = (release: number, digest: string) => sql`
      insert into disclosures (year, release, content, content_digest, released_on, proposal_id, command_id)
      select 2026, ${release}, ${`{"year":2026,"release":${release}}`}, ${digest}, date '2027-01-15', max(p.id),
        (select command_id from commands limit 1) from proposals p
      where not exists (select from disclosures d where d.proposal_id = p.id)`
    const digest = createHash('sha256').update('{"year":2026,"release":5}').digest('hex')
    await expect(insert(5, digest).execute(db)).rejects.toThrow(/disclosures_year_supersedes_fkey/)
    await expect(insert(4, digest).execute(db)).rejects.toThrow(/digest_of_content/)
  })
})

onEveryDatabase('What is made public of few payers', (connection) => {
  it('stands with another sum, so that nobody’s use or payment is read from it', async () => {
    const fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await done(fiscal.contract())
    // Three payers of one category, four of another, and the only one of a third.
    const accounts = [
      ['1001', 'non-resident', '100'],
      ['1002', 'non-resident', '200'],
      ['1003', 'non-resident', '300'],
      ['2001', 'resident', '10'],
      ['2002', 'resident', '10'],
      ['2003', 'resident', '10'],
      ['2004', 'resident', '10'],
      ['3001', 'special', '777'],
    ] as const
    for (const [account, category] of accounts) await fiscal.town.enrol(account, { category, openedOn: '2026-02-01' })
    fiscal.on('2026-03-03')
    await fiscal.town.read(
      '2026-02',
      accounts.map(([account, , end]) => ({ account, start: '0', end, on: '2026-02-28' })),
    )
    await fiscal.town.bill('2026-02')
    for (const [account] of accounts.slice(0, 3)) await done(fiscal.pay(`P${account}`, '10.00', '2026-03-03', account))
    const straight = { reference: 'G1', accountNo: '3001', paidOn: civilDate('2026-03-03'), amount: '1243.20' }
    await done(recordPayment(fiscal.services, by('clerk'), straight))
    const made = () => disclosureOf(fiscal.services.db, 2026, '2027-01-15', [])

    const { collection, collectors, totals } = await made()
    expect(collection.map(({ category, volumeM3, billed }) => [category.zh, volumeM3, billed])).toEqual([
      ['居民', '40.000', '38.00'],
      ['非居民、特种（不足 3 户的合并列示）', '1377.000', '2083.20'],
    ])
    expect(collectors).toEqual([
      {
        name: {
          zh: '示例供水公司、直缴国库（不足 3 户的合并列示）',
          en: '示例供水公司, paid straight to the treasury (shown together: of fewer than 3 payers alone)',
        },
        collected: '1273.20',
        remitted: '1243.20',
        confirmed: '1243.20',
      },
    ])
    expect(totals).toMatchObject({ volumeM3: '1417.000', billed: '2121.20', toTreasury: '1243.20', direct: null })

    // How few is the office's to say; alone, each stands by itself.
    const alone = { name: 'disclosure.fewest_payers', value: '1', citation: '示例' }
    await done(setSetting(fiscal.services, by('admin'), alone))
    const told = await made()
    expect(told.collection.map(({ category, billed }) => [category.zh, billed])).toEqual([
      ['非居民', '840.00'],
      ['居民', '38.00'],
      ['特种', '1243.20'],
    ])
    expect([told.collectors.map(({ confirmed }) => confirmed), told.totals.direct]).toEqual([['0.00'], '1243.20'])
    expect(told.totals.toTreasury).toBe(totals.toTreasury)
    fiscal.leave()
  })
})
