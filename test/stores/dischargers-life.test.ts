import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accountTerms,
  agreementsSince,
  findAccount,
  findDischarger,
  likelyAccounts,
  meterSharesOf,
  subInstallations,
  suppliedAccountNos,
  supplyAccounts,
} from '../../src/dischargers/account.queries.ts'
import { addCollectorContract } from '../../src/dischargers/add-collector-contract.ts'
import { addOutlet } from '../../src/dischargers/add-outlet.ts'
import { addPayerGroup } from '../../src/dischargers/add-payer-group.ts'
import { addPriceCategory } from '../../src/dischargers/add-price-category.ts'
import { changeAccountCategory } from '../../src/dischargers/change-account-category.ts'
import { closeAccount } from '../../src/dischargers/close-account.ts'
import {
  accountTimeline,
  lifeDetail,
  searchAccounts,
  searchDischargers,
} from '../../src/dischargers/discharger.queries.ts'
import { endAgreement } from '../../src/dischargers/end-agreement.ts'
import { endOutlet } from '../../src/dischargers/end-outlet.ts'
import { installMeter } from '../../src/dischargers/install-meter.ts'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { registerDischarger } from '../../src/dischargers/register-discharger.ts'
import { removeMeter } from '../../src/dischargers/remove-meter.ts'
import { replaceMeter } from '../../src/dischargers/replace-meter.ts'
import { resumeAccount } from '../../src/dischargers/resume-account.ts'
import { setMeterShares } from '../../src/dischargers/set-meter-shares.ts'
import { signAgreement } from '../../src/dischargers/sign-agreement.ts'
import { suspendAccount } from '../../src/dischargers/suspend-account.ts'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import { feeMonth, monthInterval } from '../../src/kernel/calendar.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { sqlState } from '../../src/platform/command.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { creditCode, day, Registry } from './dischargers.ground.ts'

const march = monthInterval(feeMonth('2026-03'))
const plainMeter = { purpose: 'supply', digits: 6, multiplier: '1', initialReading: '0', runsBackwards: false } as const

onEveryDatabase('the registry', (connection) => {
  let registry: Registry
  beforeAll(async () => {
    registry = await Registry.found(connection())
  })
  afterAll(() => registry.leave())
  const services = () => registry.services
  const db = () => connection().db

  const open = (
    accountNo: string,
    holder: string,
    more: { group?: string; category?: string; on?: string; supply?: 'public' | 'own_source' } = {},
  ) =>
    openAccount(services(), by('clerk'), {
      collectorCode: 'water',
      accountNo,
      dischargerCode: holder,
      supply: more.supply ?? 'public',
      payerGroup: more.group ?? '城区居民',
      category: more.category ?? '居民',
      openedOn: day(more.on ?? '2024-01-01'),
    })
  const install = (accountNo: string, meterNo: string, more: { on?: string; masterMeterNo?: string } = {}) =>
    installMeter(services(), by('clerk'), {
      accountNo,
      meterNo,
      on: day(more.on ?? '2024-01-01'),
      ...plainMeter,
      ...(more.masterMeterNo === undefined ? {} : { masterMeterNo: more.masterMeterNo }),
    })
  const idOf = async (accountNo: string): Promise<AccountId> => {
    const found = await findAccount(db(), 'water', accountNo)
    if (isRefusal(found)) throw new Error(found.sentence('en'))
    return found.accountId
  }
  const termsOf = async (accountNo: string, interval = march) => {
    const id = await idOf(accountNo)
    return (await accountTerms(db(), [id], interval)).get(id)!
  }
  const codeOf = async (dischargerId: string) => {
    const { rows } = await sql<{ code: string }>`select code from dischargers where id = ${dischargerId}`.execute(db())
    return rows[0]?.code
  }

  test('registers an enterprise once, by its credit code', async () => {
    await registry.enterprise('E1', 1, '2024-01-01')
    const entry = { code: 'E1b', name: '示例企业', kind: 'enterprise', productIsMainlyWater: false } as const
    const wrong = (code: string) =>
      refusedWith(registerDischarger(services(), by('clerk'), { ...entry, creditCode: code }))
    expect(await wrong(creditCode(1))).toBe('credit_code_taken')
    expect(await wrong('')).toBe('credit_code_needed')
    expect(await wrong(`${creditCode(77).slice(0, 17)}${creditCode(77).endsWith('0') ? '1' : '0'}`)).toBe(
      'credit_code_check',
    )
    expect(
      await refusedWith(
        registerDischarger(services(), by('clerk'), { ...entry, code: 'E1', creditCode: creditCode(2) }),
      ),
    ).toBe('discharger_taken')
    expect(await findDischarger(db(), 'E1')).toMatchObject({ name: '示例企业E1', creditCode: creditCode(1) })
  })

  test('opens an account of a production enterprise only with an agreement in force on the day (art. 2)', async () => {
    await registry.enterprise('E2', 12)
    const refusal = await open('0020001', 'E2', { group: '园区企业', category: '非居民', on: '2026-03-01' })
    expect(isRefusal(refusal) && refusal.code).toBe('agreement_needed')
    expect(isRefusal(refusal) && refusal.sentence('zh')).toContain('办法第二条')
    await done(
      signAgreement(services(), by('clerk'), {
        agreementNo: 'XY-E2',
        dischargerCode: 'E2',
        signedOn: day('2026-03-02'),
        from: day('2026-03-02'),
      }),
    )
    expect(await refusedWith(open('0020001', 'E2', { group: '园区企业', category: '非居民', on: '2026-03-01' }))).toBe(
      'agreement_needed',
    )
    await done(open('0020001', 'E2', { group: 'park_enterprise', category: 'NR', on: '2026-03-02' }))
    expect(await refusedWith(open('0020001', 'E2', { on: '2026-03-02' }))).toBe('account_taken')
    // A resident of the same town needs none.
    await registry.resident('R1')
    await done(open('0020002', 'R1', { on: '2026-03-01' }))
  })

  test('an agreement that ended opens nothing any more, and ends once', async () => {
    await registry.enterprise('E3', 13, '2024-01-01')
    await done(endAgreement(services(), by('clerk'), { agreementNo: 'XY-E3', until: day('2026-02-01') }))
    expect(
      await refusedWith(endAgreement(services(), by('clerk'), { agreementNo: 'XY-E3', until: day('2026-03-01') })),
    ).toBe('already_ended')
    expect(await refusedWith(open('0030001', 'E3', { group: '园区企业', category: '非居民', on: '2026-02-01' }))).toBe(
      'agreement_needed',
    )
    await done(open('0030001', 'E3', { group: '园区企业', category: '非居民', on: '2026-01-31' }))
    const discharger = await findDischarger(db(), 'E3')
    if (isRefusal(discharger)) throw new Error('E3 was registered')
    expect(await agreementsSince(db(), [discharger.dischargerId], march.from)).toEqual([])
    const january = await agreementsSince(db(), [discharger.dischargerId], day('2026-01-31'))
    expect(january).toEqual([
      { dischargerId: discharger.dischargerId, validity: { from: '2024-01-01', until: '2026-02-01' } },
    ])
  })

  test('a transfer in the middle of a month divides the month between two holders', async () => {
    await registry.resident('R10')
    await registry.resident('R11')
    await done(open('0010001', 'R10'))
    const answer = await done(
      transferAccount(services(), by('clerk'), {
        accountNo: '0010001',
        toDischargerCode: 'R11',
        on: day('2026-03-16'),
      }),
    )
    expect(answer).toMatchObject({ from: '示例用户R10', to: '示例用户R11' })
    const { holders } = await termsOf('0010001')
    expect(holders.map(({ validity }) => validity)).toEqual([
      { from: '2024-01-01', until: '2026-03-16' },
      { from: '2026-03-16', until: null },
    ])
    expect(await codeOf(holders[1]!.dischargerId)).toBe('R11')
    // April sees the new holder alone; what a supplier's file of March names is who held it at the end.
    expect((await termsOf('0010001', monthInterval(feeMonth('2026-04')))).holders).toHaveLength(1)
    const { collectorId } = await termsOf('0010001')
    const supplied = await supplyAccounts(db(), collectorId, ['0010001', '9999999'], march)
    expect([...supplied.keys()]).toEqual(['0010001'])
    expect(supplied.get('0010001')).toMatchObject({
      holderName: '示例用户R11',
      categoryCode: 'R',
      categoryNameZh: '居民',
    })
    const february = await supplyAccounts(db(), collectorId, ['0010001'], monthInterval(feeMonth('2026-02')))
    expect(february.get('0010001')).toMatchObject({ holderName: '示例用户R10' })
  })

  test('a mistaken transfer is taken back on its own day and leaves no day behind', async () => {
    await registry.resident('R12')
    await done(
      transferAccount(services(), by('clerk'), {
        accountNo: '0010001',
        toDischargerCode: 'R12',
        on: day('2026-03-16'),
      }),
    )
    const { holders } = await termsOf('0010001')
    expect(await Promise.all(holders.map(({ dischargerId }) => codeOf(dischargerId)))).toEqual(['R10', 'R12'])
    // Back to the former holder on that day: nothing happened at all, and the month stays whole.
    await done(
      transferAccount(services(), by('clerk'), {
        accountNo: '0010001',
        toDischargerCode: 'R10',
        on: day('2026-03-16'),
      }),
    )
    expect((await termsOf('0010001')).holders).toMatchObject([{ validity: { from: '2024-01-01', until: null } }])
  })

  test('a category changes from a day on, with its evidence', async () => {
    await done(
      changeAccountCategory(services(), by('clerk'), {
        accountNo: '0010001',
        payerGroup: '园区综合商住区块',
        category: '非居民',
        on: day('2026-03-21'),
        evidence: '现场核查',
      }),
    )
    const { categories } = await termsOf('0010001')
    expect(categories.map(({ categoryCode, validity }) => [categoryCode, validity.from])).toEqual([
      ['R', '2024-01-01'],
      ['NR', '2026-03-21'],
    ])
  })

  test('a suspension begins and ends; a second one waits for the first to end', async () => {
    const suspend = (from: string) =>
      suspendAccount(services(), by('clerk'), { accountNo: '0010001', from: day(from), reason: '外出' })
    await done(suspend('2026-03-25'))
    expect(await refusedWith(suspend('2026-03-28'))).toBe('already_suspended')
    await done(resumeAccount(services(), by('clerk'), { accountNo: '0010001', on: day('2026-04-05') }))
    expect(
      await refusedWith(resumeAccount(services(), by('clerk'), { accountNo: '0010001', on: day('2026-04-06') })),
    ).toBe('not_suspended')
    expect((await termsOf('0010001')).suspensions).toEqual([{ from: '2026-03-25', until: '2026-04-05' }])
  })

  test('nothing changes on or before a billed day, as the later stages tell it', async () => {
    const guards = {
      lastBilledUse: async (_: unknown, ids: readonly AccountId[]) => new Map(ids.map((id) => [id, day('2026-03-31')])),
    }
    const transfer = (on: string) =>
      transferAccount(
        services(),
        by('clerk'),
        { accountNo: '0010001', toDischargerCode: 'R12', on: day(on) },
        { guards },
      )
    expect(await refusedWith(transfer('2026-03-31'))).toBe('use_is_billed')
    const remove = installMeter(
      services(),
      by('clerk'),
      { accountNo: '0010001', meterNo: 'MX', on: day('2026-03-01'), ...plainMeter },
      { guards },
    )
    expect(await refusedWith(remove)).toBe('use_is_billed')
  })

  test('a meter hangs in one place, comes down with a final reading, and may hang elsewhere from that day on', async () => {
    await registry.resident('R20')
    await done(open('0040001', 'R20'))
    await done(open('0040002', 'R20'))
    await done(install('0040001', 'M-1'))
    expect(await refusedWith(install('0040002', 'M-1', { on: '2026-03-01' }))).toBe('meter_in_place')
    const remove = (on: string, finalReading: string) =>
      removeMeter(services(), by('clerk'), {
        accountNo: '0040001',
        meterNo: 'M-1',
        on: day(on),
        finalReading,
        reason: '移装',
      })
    expect(await refusedWith(remove('2026-03-10', '1000000'))).toBe('reading_beyond_digits')
    expect(await refusedWith(remove('2023-12-31', '10'))).toBe('before_opening')
    await done(remove('2026-03-10', '01234'))
    await done(install('0040002', 'M-1', { on: '2026-03-10' }))
    expect((await termsOf('0040001')).installations).toMatchObject([
      { meterNo: 'M-1', finalReading: '1234.000', validity: { until: '2026-03-10' } },
    ])
    expect((await termsOf('0040002')).installations).toMatchObject([{ meterNo: 'M-1', finalReading: null }])
  })

  test('a replacement names the meter it replaces, and keeps its purpose, its master and its subs', async () => {
    await done(open('0050001', 'R20'))
    await done(open('0050002', 'R20'))
    await done(install('0050001', 'MASTER'))
    await done(install('0050002', 'SUB', { masterMeterNo: 'MASTER' }))
    expect(await refusedWith(install('0050002', 'SUB-2', { masterMeterNo: 'NOWHERE' }))).toBe('master_unknown')
    const replace = (accountNo: string, old: string, fresh: string, on: string) =>
      replaceMeter(services(), by('clerk'), {
        accountNo,
        on: day(on),
        reason: '周期换表',
        old: { meterNo: old, finalReading: '500' },
        fresh: { meterNo: fresh, digits: 7, multiplier: '10', initialReading: '3', runsBackwards: false },
      })
    await done(replace('0050001', 'MASTER', 'MASTER-B', '2026-03-14'))
    await done(replace('0050002', 'SUB', 'SUB-B', '2026-03-20'))
    const { installations } = await termsOf('0050001')
    expect(installations.map(({ meterNo, validity }) => [meterNo, validity.from, validity.until])).toEqual([
      ['MASTER', '2024-01-01', '2026-03-14'],
      ['MASTER-B', '2026-03-14', null],
    ])
    expect(installations[1]!.replacesInstallationId).toBe(installations[0]!.installationId)
    const subs = await subInstallations(
      db(),
      installations.map(({ installationId }) => installationId),
      march,
    )
    // Both sub-meters of the month, each once, behind the master that hangs now.
    expect(subs.map(({ meterNo, masterInstallationId }) => [meterNo, masterInstallationId])).toEqual([
      ['SUB', installations[1]!.installationId],
      ['SUB-B', installations[1]!.installationId],
    ])
    expect(await subInstallations(db(), [installations[0]!.installationId], march)).toHaveLength(2)
    expect(await refusedWith(replace('0050001', 'MASTER', 'MASTER-C', '2026-03-20'))).toBe('meter_unknown')
  })

  test('a new counter may hang under the number of the old one', async () => {
    const outcome = replaceMeter(services(), by('clerk'), {
      accountNo: '0050001',
      on: day('2026-04-01'),
      reason: '更换表芯',
      old: { meterNo: 'MASTER-B', finalReading: '900' },
      fresh: { meterNo: 'MASTER-B', digits: 7, multiplier: '10', initialReading: '0', runsBackwards: false },
    })
    expect(await done(outcome)).toMatchObject({ removed: 'MASTER-B', installed: 'MASTER-B' })
    const { installations } = await termsOf('0050001', monthInterval(feeMonth('2026-04')))
    expect(installations.map(({ finalReading }) => finalReading)).toEqual([null])
  })

  test('shares of a meter add up to 1, follow one another, and go on with a replaced meter', async () => {
    await done(open('0060001', 'R20'))
    await done(open('0060002', 'R20'))
    await done(open('0060003', 'R20'))
    await done(install('0060001', 'M-60'))
    const set = (from: string, shares: readonly (readonly [string, string])[]) =>
      setMeterShares(services(), by('clerk'), {
        collectorCode: 'water',
        meterNo: 'M-60',
        from: day(from),
        unitM3: '1',
        agreement: '分摊协议',
        shares: shares.map(([accountNo, ratio]) => ({ accountNo, ratio })),
      })
    expect(
      await refusedWith(
        set('2026-01-01', [
          ['0060001', '0.3'],
          ['0060002', '0.3'],
          ['0060003', '0.39'],
        ]),
      ),
    ).toBe('shares_not_whole')
    await done(
      set('2026-01-01', [
        ['0060001', '30%'],
        ['0060002', '30%'],
        ['0060003', '40%'],
      ]),
    )
    expect(await refusedWith(set('2025-12-31', [['0060001', '1']]))).toBe('shares_before_former')
    await done(
      set('2026-03-16', [
        ['0060001', '0.5'],
        ['0060002', '0.5'],
      ]),
    )
    await done(
      replaceMeter(services(), by('clerk'), {
        accountNo: '0060001',
        on: day('2026-03-20'),
        reason: '换表',
        old: { meterNo: 'M-60', finalReading: '5' },
        fresh: { meterNo: 'M-60B', digits: 6, multiplier: '1', initialReading: '0', runsBackwards: false },
      }),
    )
    const third = await idOf('0060003')
    const shares = await meterSharesOf(db(), { accountIds: [third] }, march)
    expect(shares.map(({ ratio, validity }) => [ratio, validity.from, validity.until])).toEqual([
      ['0.4', '2026-01-01', '2026-03-16'],
    ])
    const { installations } = await termsOf('0060001')
    const ofMeters = await meterSharesOf(
      db(),
      { installationIds: installations.map(({ installationId }) => installationId) },
      march,
    )
    expect(ofMeters.map(({ shareNo, ratio, validity }) => [shareNo, ratio, validity.from, validity.until])).toEqual([
      [1, '0.3', '2026-01-01', '2026-03-16'],
      [2, '0.3', '2026-01-01', '2026-03-16'],
      [3, '0.4', '2026-01-01', '2026-03-16'],
      [1, '0.5', '2026-03-16', '2026-03-20'],
      [2, '0.5', '2026-03-16', '2026-03-20'],
      [1, '0.5', '2026-03-20', null],
      [2, '0.5', '2026-03-20', null],
    ])
    const early = removeMeter(services(), by('clerk'), {
      accountNo: '0060001',
      meterNo: 'M-60B',
      on: day('2026-03-19'),
      finalReading: '1',
      reason: '停用',
    })
    expect(await refusedWith(early)).toBe('shares_before_former')
    const close = closeAccount(services(), by('clerk'), {
      accountNo: '0060002',
      on: day('2026-04-10'),
      reason: '搬迁',
      finalReadings: [],
    })
    expect(await refusedWith(close)).toBe('account_has_shares')
  })

  test('closing takes the final readings, ends everything, and is for good', async () => {
    await registry.resident('R30')
    await done(open('0070001', 'R30'))
    await done(install('0070001', 'M-70'))
    await done(
      suspendAccount(services(), by('clerk'), { accountNo: '0070001', from: day('2026-03-20'), reason: '外出' }),
    )
    const close = (on: string, finalReadings: { meterNo: string; reading: string }[]) =>
      closeAccount(services(), by('clerk'), { accountNo: '0070001', on: day(on), reason: '拆迁', finalReadings })
    expect(await refusedWith(close('2026-04-01', []))).toBe('final_readings_needed')
    expect(await refusedWith(close('2026-04-01', [{ meterNo: 'M-71', reading: '1' }]))).toBe('final_readings_needed')
    expect(await done(close('2026-04-01', [{ meterNo: 'M-70', reading: '321' }]))).toMatchObject({
      metersRemoved: ['M-70'],
    })
    const terms = await termsOf('0070001')
    expect(terms.closedOn).toBe('2026-04-01')
    expect(terms.holders[0]!.validity.until).toBe('2026-04-01')
    expect(terms.suspensions).toEqual([{ from: '2026-03-20', until: '2026-04-01' }])
    expect((await termsOf('0070001', monthInterval(feeMonth('2026-04')))).holders).toEqual([])
    expect(await refusedWith(close('2026-04-02', []))).toBe('account_closed')
    expect(await refusedWith(open('0070001', 'R30', { on: '2026-05-01' }))).toBe('account_closed')
    expect(await refusedWith(install('0070001', 'M-72', { on: '2026-03-01' }))).toBe('account_closed')
  })

  test('an account opened by mistake is taken back on its day of opening', async () => {
    await done(open('0070002', 'R30', { on: '2026-03-05' }))
    await done(
      closeAccount(services(), by('clerk'), {
        accountNo: '0070002',
        on: day('2026-03-05'),
        reason: '误开',
        finalReadings: [],
      }),
    )
    expect((await termsOf('0070002')).holders).toEqual([])
  })

  test('an account tells its life in order, with who recorded it', async () => {
    const timeline = await accountTimeline(db(), await idOf('0070001'))
    expect(timeline.map(({ on, kind }) => [on, kind])).toEqual([
      ['2024-01-01', 'opened'],
      ['2024-01-01', 'held'],
      ['2024-01-01', 'category'],
      ['2024-01-01', 'meter_installed'],
      ['2026-03-20', 'suspended'],
      ['2026-04-01', 'meter_removed'],
      ['2026-04-01', 'closed'],
    ])
    expect(timeline.at(-1)).toMatchObject({ recordedBy: '经办甲', detail: '拆迁' })
    expect(timeline.at(-2)).toMatchObject({ subject: 'M-70', reading: '321', detail: '拆迁' })
    const said = timeline.map((event) => lifeDetail(event, 'zh'))
    expect(said.slice(3)).toEqual(['读数 0 m³', '外出', '读数 321 m³，拆迁', '拆迁'])
  })

  test('finds accounts that lost their leading zeros, and refuses a number that two collectors have', async () => {
    const { collectorId } = await termsOf('0010001')
    const likely = await likelyAccounts(db(), collectorId, ['10001', '0010001', '777'])
    expect([...likely]).toEqual([['10001', ['0010001']]])
    expect(await findAccount(db(), 'water', '10001')).toMatchObject({ code: 'account_zeros_lost' })
    await done(
      openAccount(services(), by('clerk'), {
        collectorCode: 'other',
        accountNo: '0010001',
        dischargerCode: 'R30',
        supply: 'own_source',
        payerGroup: '城区居民',
        category: '居民',
        openedOn: day('2024-01-01'),
      }),
    )
    expect(await findAccount(db(), undefined, '0010001')).toMatchObject({ code: 'account_of_several' })
    expect(await findAccount(db(), 'other', '0010001')).toMatchObject({ holderName: '示例用户R30' })
    expect(
      (await searchAccounts(db(), { text: '0010001', limit: 10 })).map(({ collectorCode }) => collectorCode),
    ).toEqual(['water', 'other'])
    expect((await searchDischargers(db(), '企业E', 10)).map(({ code }) => code)).toEqual(['E1', 'E2', 'E3'])
  })

  test('lists what a supplier must name: public supply open on the day, page by page', async () => {
    const { collectorId } = await termsOf('0010001')
    const all: string[] = []
    for await (const page of suppliedAccountNos(db(), collectorId, day('2026-04-01'), 2)) {
      expect(page.length).toBeLessThanOrEqual(2)
      all.push(...page.map(({ accountNo }) => accountNo))
    }
    expect(all).toEqual(all.toSorted())
    expect(all).toContain('0010001')
    expect(all).not.toContain('0070001')
    expect(all).not.toContain('0070002')
  })

  describe('words, papers and outlets', () => {
    test('a code or name is used once among categories and groups', async () => {
      expect(
        await refusedWith(addPriceCategory(services(), by('clerk'), { code: '居民', nameZh: 'x', nameEn: 'x' })),
      ).toBe('value_wrong')
      expect(
        await refusedWith(addPriceCategory(services(), by('clerk'), { code: 'R2', nameZh: '居民', nameEn: 'x' })),
      ).toBe('code_taken')
      const group = {
        code: 'hospital',
        nameZh: '医疗机构',
        nameEn: 'hospital',
        clause: '某文件第三条',
        needsAgreement: false,
      }
      await done(addPayerGroup(services(), by('clerk'), group))
      expect(await refusedWith(addPayerGroup(services(), by('clerk'), { ...group, code: 'clinic' }))).toBe('code_taken')
    })

    test('a collector has one contract at a time, with a rate and its base or neither', async () => {
      const contract = {
        contractNo: 'DZ-1',
        collectorCode: 'water',
        document: '代征协议',
        remittancePeriod: 'quarter',
        from: day('2026-01-01'),
      } as const
      const add = (more: object) => refusedWith(addCollectorContract(services(), by('clerk'), { ...contract, ...more }))
      expect(await add({ feeRate: '0.02' })).toBe('fee_rate_with_base')
      expect(await add({ feeRate: '2', feeBase: 'collected' })).toBe('value_wrong')
      expect(await add({ feeRate: '0.02', feeBase: 'collected', feeCapAmount: '1000.001' })).toBe('value_wrong')
      expect(await add({ combinedOrder: ['water', 'garbage'] })).toBe('combined_order_wrong')
      expect(await add({ combinedOrder: ['wastewater', 'water', 'wastewater'] })).toBe('combined_order_wrong')
      expect(await add({ feeRate: '0.02', feeBase: 'collected' })).toMatchObject({ answer: { contractNo: 'DZ-1' } })
      expect(await add({ contractNo: 'DZ-2', from: day('2027-01-01') })).toBe('contract_overlaps')
    })

    test('a second outlet at the same time needs the reason of art. 7', async () => {
      const outlet = {
        dischargerCode: 'E1',
        outletNo: 'P1',
        hasSamplingWell: true,
        hasOnlineMeter: false,
        from: day('2024-01-01'),
      }
      await done(addOutlet(services(), by('clerk'), outlet))
      const second = { ...outlet, outletNo: 'P2', from: day('2026-01-01') }
      expect(await refusedWith(addOutlet(services(), by('clerk'), second))).toBe('second_outlet_needs_reason')
      await done(addOutlet(services(), by('clerk'), { ...second, exceptionReason: '厂区跨路' }))
      await done(endOutlet(services(), by('clerk'), { dischargerCode: 'E1', outletNo: 'P1', until: day('2026-02-01') }))
      expect(
        await refusedWith(
          endOutlet(services(), by('clerk'), { dischargerCode: 'E1', outletNo: 'P1', until: day('2026-02-01') }),
        ),
      ).toBe('already_ended')
    })
  })

  describe('what the database itself refuses', () => {
    const state = (statement: ReturnType<typeof sql>) =>
      db()
        .transaction()
        .execute((trx) => statement.execute(trx))
        .then(
          () => 'accepted',
          (error) => sqlState(error),
        )

    test('two holders of one account on one day', async () => {
      const id = await idOf('0010001')
      expect(
        await state(sql`insert into account_holders (account_id, discharger_id, valid_from, valid_until, command_id)
          select ${id}, discharger_id, '2026-03-01', '2026-03-05', command_id from account_holders limit 1`),
      ).toBe('23P01')
    })

    test('changing or removing a fact, and ending a validity twice', async () => {
      expect(await state(sql`delete from accounts`)).toBe('QL001')
      expect(
        await state(sql`update account_holders set valid_until = '2030-01-01' where valid_until is not null`),
      ).toBe('QL002')
      expect(await state(sql`update account_holders set discharger_id = discharger_id + 1`)).toBe('QL002')
    })

    test('facts outside the life of an account, and a closing that leaves something open', async () => {
      const closed = await idOf('0070001')
      const open = await idOf('0010001')
      expect(
        await state(sql`insert into account_suspensions (account_id, reason, valid_from, command_id)
          select ${closed}, 'x', '2026-05-01', command_id from accounts limit 1`),
      ).toBe('QL012')
      expect(
        await state(sql`insert into account_suspensions (account_id, reason, valid_from, valid_until, command_id)
          select ${open}, 'x', '2020-01-01', '2020-02-01', command_id from accounts limit 1`),
      ).toBe('QL012')
      expect(
        await state(sql`insert into account_closures (account_id, closed_on, reason, command_id)
          select ${open}, '2026-04-15', 'x', command_id from accounts limit 1`),
      ).toBe('QL012')
    })

    test('a meter that ends without its final reading, and shares that are not the whole', async () => {
      expect(await state(sql`update installations set valid_until = '2026-04-15' where valid_until is null`)).toBe(
        'QL010',
      )
      expect(
        await state(sql`update installation_shares set valid_until = '2026-04-15'
          where id = (select min(id) from installation_shares where valid_until is null)`),
      ).toBe('QL011')
    })

    test('a credit code whose check character is wrong', async () => {
      expect(
        await state(sql`insert into dischargers (code, name, kind, credit_code, command_id)
          select 'X', 'x', 'enterprise', '91350100M000100Y44', command_id from accounts limit 1`),
      ).toBe('23514')
    })
  })
})
