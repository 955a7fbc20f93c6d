import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approveRoster, returnRoster } from '../../src/dischargers/approve-roster.ts'
import { closeAccount } from '../../src/dischargers/close-account.ts'
import { compareRoster, type RosterDifference } from '../../src/dischargers/compare-roster.ts'
import { freezeRoster } from '../../src/dischargers/freeze-roster.ts'
import { publishRoster } from '../../src/dischargers/publish-roster.ts'
import {
  type CensusAccount,
  censusCount,
  censusPage,
  listRosters,
  rosterInForce,
} from '../../src/dischargers/roster.queries.ts'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import { writeDifferences, writeRosterList } from '../../src/dischargers/write-roster.ts'
import { type FeeMonth, feeMonth } from '../../src/kernel/calendar.ts'
import type { RosterVersionId } from '../../src/kernel/ids.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { sqlState } from '../../src/platform/command.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { day, Registry } from './dischargers.ground.ts'

onEveryDatabase('the roster', (connection) => {
  let registry: Registry
  beforeAll(async () => {
    registry = await Registry.found(connection(), '2026-05-20')
    for (const code of ['R1', 'R2', 'R3']) await registry.resident(code)
  })
  afterAll(() => registry.leave())
  const services = () => registry.services
  const db = () => connection().db
  const freeze = (asOf: string) => freezeRoster(services(), by('clerk'), { asOf: day(asOf) })
  const approve = (proposalId: string, actor = 'approver') => approveRoster(services(), by(actor), { proposalId })

  const census = async (versionId: RosterVersionId, month: FeeMonth, limit: number) => {
    const all: CensusAccount[] = []
    let after: { collectorId: CensusAccount['collectorId']; accountNo: string } | null = null
    for (;;) {
      const page: CensusAccount[] = await censusPage(db(), { versionId, feeMonth: month, after, limit })
      all.push(...page)
      const last = page.at(-1)
      if (last === undefined || page.length < limit) return all
      after = last
    }
  }

  test('of nobody, or of a day to come, is not frozen', async () => {
    expect(await refusedWith(freeze('2026-03-31'))).toBe('roster_of_nobody')
    expect(await refusedWith(freeze('2026-05-21'))).toBe('roster_after_today')
  })

  test('holds every account open on its day, own-source ones included, and no other', async () => {
    await registry.take('accounts', [
      '0000001,R1,公共供水,城区居民,居民,,2024-01-01',
      '0000002,R1,公共供水,城区居民,居民,,2024-01-01',
      'A-03,R2,自备水源,城区居民,非居民,,2026-03-31',
      '0000004,R2,公共供水,城区居民,居民,,2026-04-01',
      '0000005,R3,公共供水,城区居民,居民,,2024-01-01',
      '0000006,R3,公共供水,城区居民,居民,,2024-01-01',
    ])
    const close = (accountNo: string, on: string) =>
      done(closeAccount(services(), by('clerk'), { accountNo, on: day(on), reason: '拆迁', finalReadings: [] }))
    await close('0000005', '2026-03-31')
    await close('0000006', '2026-04-10')
    await done(
      transferAccount(services(), by('clerk'), { accountNo: '0000002', toDischargerCode: 'R3', on: day('2026-04-16') }),
    )

    const frozen = await done(freeze('2026-03-31'))
    expect(frozen).toMatchObject({ versionNo: 1, asOf: '2026-03-31', accountCount: 4 })
    const { rows } = await sql<{ account_no: string; discharger_name: string; supply: string }>`
      select account_no, discharger_name, supply from roster_entries order by account_no`.execute(db())
    expect(rows).toEqual([
      { account_no: '0000001', discharger_name: '示例用户R1', supply: 'public' },
      { account_no: '0000002', discharger_name: '示例用户R1', supply: 'public' },
      { account_no: '0000006', discharger_name: '示例用户R3', supply: 'public' },
      { account_no: 'A-03', discharger_name: '示例用户R2', supply: 'own_source' },
    ])
  })

  test('is in force once another person approved it; one waits at a time', async () => {
    const [waiting] = await listRosters(db())
    expect(waiting).toMatchObject({ versionNo: 1, state: 'proposed' })
    expect(await rosterInForce(db(), day('2026-03-31'))).toBeUndefined()
    expect(await refusedWith(freeze('2026-04-30'))).toBe('roster_undecided')
    expect(await refusedWith(publishRoster(services(), by('clerk'), { versionNo: 1, on: day('2026-05-20') }))).toBe(
      'roster_not_approved',
    )
    const { proposalId } = waiting!
    expect(await refusedWith(approve(proposalId, 'clerk'))).toBe('role_missing')
    const wrongDigest = approveRoster(services(), by('approver'), { proposalId, digestSeen: 'ffff' })
    expect(await refusedWith(wrongDigest)).toBe('proposal_digest_differs')
    expect(await done(approve(proposalId))).toEqual({ versionNo: 1, asOf: '2026-03-31', accountCount: 4 })
    expect(await rosterInForce(db(), day('2026-03-31'))).toMatchObject({ versionNo: 1, accountCount: 4 })
    expect(await rosterInForce(db(), day('2026-03-30'))).toBeUndefined()
  })

  test('whoever froze it does not approve it, whatever their roles', async () => {
    const frozen = await done(freezeRoster(services(), by('both'), { asOf: day('2026-04-30') }))
    expect(frozen.accountCount).toBe(4)
    expect(await refusedWith(approve(frozen.proposalId, 'both'))).toBe('proposal_own_work')
    await done(returnRoster(services(), by('approver'), { proposalId: frozen.proposalId, reason: '缺新增企业' }))
    expect((await listRosters(db()))[0]).toMatchObject({ versionNo: 2, state: 'returned' })
    // A returned version is never in force; the next one has its own number.
    expect(await rosterInForce(db(), day('2026-04-30'))).toMatchObject({ versionNo: 1 })
    const next = await done(freeze('2026-04-30'))
    expect(next.versionNo).toBe(3)
    await done(approve(next.proposalId))
    expect(await rosterInForce(db(), day('2026-04-30'))).toMatchObject({ versionNo: 3 })
  })

  test('the same registry frozen again has the same digest of the same entries', async () => {
    const [third, second] = await listRosters(db())
    expect(third!.digest).toBe(second!.digest)
  })

  test('the census of a month is the version and the accounts closed within the month, page by page', async () => {
    const march = await rosterInForce(db(), day('2026-03-31'))
    const april = await rosterInForce(db(), day('2026-04-30'))
    const nos = async (versionId: RosterVersionId, month: string, limit: number) =>
      (await census(versionId, feeMonth(month), limit)).map(({ accountNo }) => accountNo)
    // 0000005 was closed on 31 March: it is not open that day, but its last days are March's.
    expect(await nos(march!.versionId, '2026-03', 2)).toEqual(['0000001', '0000002', '0000005', '0000006', 'A-03'])
    expect(await nos(april!.versionId, '2026-04', 2)).toEqual(['0000001', '0000002', '0000004', '0000006', 'A-03'])
    for (const limit of [1, 3, 100]) expect(await nos(april!.versionId, '2026-04', limit)).toHaveLength(5)
    expect(await censusCount(db(), { versionId: march!.versionId, feeMonth: feeMonth('2026-03') })).toBe(5)
    expect(await censusCount(db(), { versionId: april!.versionId, feeMonth: feeMonth('2026-05') })).toBe(4)
    // A closed account keeps its last holder; a set of accounts is a census of its own.
    const page = await census(march!.versionId, feeMonth('2026-03'), 100)
    const closed = page.find(({ accountNo }) => accountNo === '0000005')!
    const { rows } = await sql<{
      code: string
    }>`select code from dischargers where id = ${closed.dischargerId}`.execute(db())
    expect(rows).toEqual([{ code: 'R3' }])
    const some = {
      versionId: march!.versionId,
      feeMonth: feeMonth('2026-03'),
      accountIds: [closed.accountId, page[0]!.accountId],
    }
    expect(await censusCount(db(), some)).toBe(2)
    expect(await censusPage(db(), { ...some, after: null, limit: 10 })).toHaveLength(2)
  })

  test('is published once, as a list the company can read', async () => {
    const publish = () => publishRoster(services(), by('clerk'), { versionNo: 3, on: day('2026-05-20') })
    expect(await done(publish())).toMatchObject({ versionNo: 3, publishedOn: '2026-05-20' })
    expect(await refusedWith(publish())).toBe('roster_published')
    const to = registry.path('list.csv')
    expect(await writeRosterList(db(), { versionNo: 3, collectorCode: 'water', to })).toBe(4)
    expect(registry.text('list.csv').trimEnd().split('\r\n')).toEqual([
      '户号,户名,用户群体,价格类别,供水方式,用水地址',
      '0000001,示例用户R1,城区居民,居民,公共供水,',
      '0000002,示例用户R3,城区居民,居民,公共供水,',
      '0000004,示例用户R2,城区居民,居民,公共供水,',
      'A-03,示例用户R2,城区居民,非居民,自备水源,',
    ])
    expect(await writeRosterList(db(), { versionNo: 3, collectorCode: 'other', to: registry.path('other.xlsx') })).toBe(
      0,
    )
    expect(await writeRosterList(db(), { versionNo: 2, collectorCode: 'water', to })).toMatchObject({
      code: 'roster_not_approved',
    })
  })

  test('compared with the published list it shows no difference; with the company’s own, every one of them, both ways', async () => {
    const differences: RosterDifference[] = []
    const compare = (path: string) => {
      differences.length = 0
      return compareRoster(db(), { versionNo: 3, collectorCode: 'water', path }, (difference) =>
        differences.push(difference),
      )
    }
    expect(await compare(registry.path('list.csv'))).toMatchObject({ rosterCount: 4, listCount: 4 })
    expect(differences).toEqual([])

    const path = registry.file(
      'accounts',
      [
        '0000001,示例用户Ｒ1 ,居民',
        '0000002,示例用户R1,居民',
        'A-03,示例用户R2,居民',
        '0000099,别的用户,居民',
        '0000001,示例用户R1,居民',
        '1.23E+11,坏号,居民',
        '合计,6,',
      ],
      '用户编号,户名,用水性质',
    )
    const comparison = await compare(path)
    expect(comparison).toMatchObject({
      rosterCount: 4,
      listCount: 4,
      counts: {
        only_in_roster: 1,
        only_in_list: 1,
        name_differs: 1,
        category_differs: 1,
        twice_in_list: 1,
        unreadable: 1,
      },
    })
    expect(differences).toEqual([
      { kind: 'twice_in_list', accountNo: '0000001', rowNo: 6, inRoster: '', inList: '2' },
      { kind: 'unreadable', accountNo: '1.23E+11', rowNo: 7, inRoster: '', inList: '坏号' },
      { kind: 'name_differs', accountNo: '0000002', rowNo: 3, inRoster: '示例用户R3', inList: '示例用户R1' },
      { kind: 'category_differs', accountNo: 'A-03', rowNo: 4, inRoster: '非居民', inList: '居民' },
      { kind: 'only_in_list', accountNo: '0000099', rowNo: 5, inRoster: '', inList: '别的用户' },
      { kind: 'only_in_roster', accountNo: '0000004', rowNo: null, inRoster: '示例用户R2', inList: '' },
    ])
    expect(await writeDifferences(registry.path('differences.csv'), differences, 'zh')).toBe(6)
    expect(registry.text('differences.csv')).toContain('0000099,公司有、名单无,,别的用户,5')
    const unread = await compare(registry.path('absent.csv'))
    expect(isRefusal(unread) && unread.code).toBe('file_not_found')
  })

  test('a frozen version takes no further entries and changes none', async () => {
    const state = (statement: ReturnType<typeof sql>) =>
      statement.execute(db()).then(
        () => 'accepted',
        (error) => sqlState(error),
      )
    expect(
      await state(sql`insert into roster_entries select version_id, collector_id, 'X', account_id, discharger_id,
        discharger_name, payer_group, category_code, supply from roster_entries limit 1`),
    ).toBe('QL013')
    expect(await state(sql`update roster_entries set discharger_name = 'x'`)).toBe('QL001')
    expect(await state(sql`delete from roster_entries`)).toBe('QL001')
  })
})
