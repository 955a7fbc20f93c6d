import { describe, expect, test } from 'vitest'
import { type CivilDate, civilDate } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, DischargerId, InstallationId } from '../kernel/ids.ts'
import {
  agreementRefusal,
  categoryRefusal,
  closingRefusal,
  resumptionRefusal,
  suspensionRefusal,
  transferRefusal,
} from './account.rules.ts'
import type { AccountLife, LifeInstallation } from './account-life.ts'

const on = (text: string): CivilDate => civilDate(text)
const idOf = <T extends string>(text: string) => text as T

/** An account opened on 2024-01-01 by discharger 1, in a group that needs an agreement where asked. */
function life(more: Partial<AccountLife> = {}, needsAgreement = false): AccountLife {
  return {
    accountId: idOf<AccountId>('1'),
    accountNo: '0010233',
    collectorId: idOf<CollectorId>('1'),
    collectorCode: 'water',
    supply: 'public',
    address: '',
    openedOn: on('2024-01-01'),
    openedBy: 'command',
    closedOn: null,
    closingReason: null,
    holders: [
      {
        id: '1',
        from: on('2024-01-01'),
        until: null,
        dischargerId: idOf<DischargerId>('1'),
        dischargerCode: 'D1',
        dischargerName: '甲厂',
      },
    ],
    categories: [
      {
        id: '1',
        from: on('2024-01-01'),
        until: null,
        payerGroup: needsAgreement ? 'park_enterprise' : 'urban_resident',
        categoryCode: 'NR',
        needsAgreement,
        evidence: '',
      },
    ],
    suspensions: [],
    installations: [],
    shares: [],
    ...more,
  }
}

const meter = (meterNo: string, until: string | null = null): LifeInstallation => ({
  id: idOf<InstallationId>(meterNo),
  from: on('2024-01-01'),
  until: until === null ? null : on(until),
  meterNo,
  sizeMm: 50,
  purpose: 'supply',
  digits: 6,
  multiplier: '1',
  initialReading: '0',
  runsBackwards: false,
  masterInstallationId: null,
  masterMeterNo: null,
  replacesInstallationId: null,
  replacesMeterNo: null,
  finalReading: null,
  removalReason: null,
})

const buyer = { dischargerId: idOf<DischargerId>('2'), name: '乙厂', agreements: [] }
const groupName = (code: string) => code
const none = undefined

describe('an account of a production enterprise (art. 2)', () => {
  const group = { payerGroupName: '园区企业', needsAgreement: true }

  test('opens only with an agreement in force on the day, and the refusal names the article', () => {
    const refusal = agreementRefusal(group, { name: '甲厂', agreements: [] }, on('2026-03-01'))
    expect(refusal?.code).toBe('agreement_needed')
    expect(refusal?.sentence('zh')).toContain('办法第二条')
    const agreements = [{ from: on('2026-03-01'), until: on('2026-04-01') }]
    expect(agreementRefusal(group, { name: '甲厂', agreements }, on('2026-03-01'))).toBeUndefined()
    expect(agreementRefusal(group, { name: '甲厂', agreements }, on('2026-04-01'))?.code).toBe('agreement_needed')
    expect(
      agreementRefusal({ ...group, needsAgreement: false }, { name: '甲厂', agreements: [] }, on('2026-03-01')),
    ).toBeUndefined()
  })

  test('passes only to a holder with an agreement', () => {
    expect(transferRefusal(life({}, true), buyer, on('2026-03-16'), none, groupName)?.code).toBe('agreement_needed')
    const signed = { ...buyer, agreements: [{ from: on('2026-01-01'), until: null }] }
    expect(transferRefusal(life({}, true), signed, on('2026-03-16'), none, groupName)).toBeUndefined()
  })

  test('comes about by a change of group only where the holder has an agreement', () => {
    const to = {
      payerGroup: 'park_enterprise',
      payerGroupName: '园区企业',
      needsAgreement: true,
      categoryCode: 'NR',
      categoryName: '非居民',
    }
    const holderOf = (agreements: { from: CivilDate; until: null }[]) => () => ({ name: '甲厂', agreements })
    expect(categoryRefusal(life(), to, on('2026-03-01'), none, holderOf([]))?.code).toBe('agreement_needed')
    expect(
      categoryRefusal(life(), to, on('2026-03-01'), none, holderOf([{ from: on('2025-01-01'), until: null }])),
    ).toBeUndefined()
  })
})

describe('dated changes', () => {
  test('lie within the life of the account, and a closed account takes none', () => {
    expect(transferRefusal(life(), buyer, on('2023-12-31'), none, groupName)?.code).toBe('before_opening')
    const closed = life({ closedOn: on('2026-03-01') })
    expect(transferRefusal(closed, buyer, on('2026-02-01'), none, groupName)?.code).toBe('account_closed')
  })

  test('come in order; on the day of the former one, that one is taken back', () => {
    const account = life()
    account.holders[0]!.until = on('2026-02-01')
    account.holders.push({ ...account.holders[0]!, id: '2', from: on('2026-02-01'), until: null })
    expect(transferRefusal(account, buyer, on('2026-01-31'), none, groupName)?.code).toBe('before_former_change')
    expect(transferRefusal(account, buyer, on('2026-02-01'), none, groupName)).toBeUndefined()
  })

  test('come after the last billed day', () => {
    const refusal = transferRefusal(life(), buyer, on('2026-03-31'), on('2026-03-31'), groupName)
    expect(refusal?.code).toBe('use_is_billed')
    expect(refusal?.parameters).toMatchObject({ earliest: '2026-04-01' })
    expect(transferRefusal(life(), buyer, on('2026-04-01'), on('2026-03-31'), groupName)).toBeUndefined()
  })

  test('change something', () => {
    const same = { ...buyer, dischargerId: idOf<DischargerId>('1') }
    expect(transferRefusal(life(), same, on('2026-03-01'), none, groupName)?.code).toBe('holder_unchanged')
  })
})

describe('a suspension', () => {
  const suspended = { id: '1', from: on('2026-02-01'), until: null, reason: '停产' }

  test('is one at a time and follows the one before', () => {
    const account = life({ suspensions: [suspended] })
    expect(suspensionRefusal(account, { from: on('2026-03-01'), until: null }, none)?.code).toBe('already_suspended')
    const before = life({ suspensions: [{ ...suspended, until: on('2026-02-15') }] })
    expect(suspensionRefusal(before, { from: on('2026-02-14'), until: null }, none)?.code).toBe('before_former_change')
    expect(suspensionRefusal(before, { from: on('2026-02-15'), until: null }, none)).toBeUndefined()
  })

  test('ends only where there is one, and not before it began', () => {
    expect(resumptionRefusal(life(), on('2026-03-01'), none)?.code).toBe('not_suspended')
    const account = life({ suspensions: [suspended] })
    expect(resumptionRefusal(account, on('2026-01-31'), none)?.code).toBe('before_former_change')
    expect(resumptionRefusal(account, on('2026-03-01'), none)).toBeUndefined()
  })
})

describe('closing', () => {
  test('needs the final reading of every meter that hangs', () => {
    const account = life({ installations: [meter('M1'), meter('M2'), meter('M3', '2025-01-01')] })
    const refusal = closingRefusal(account, on('2026-03-01'), new Set(['M1']), none)
    expect(refusal?.code).toBe('final_readings_needed')
    expect(refusal?.parameters).toMatchObject({ meters: 'M2' })
    expect(closingRefusal(account, on('2026-03-01'), new Set(['M1', 'M2']), none)).toBeUndefined()
  })

  test('waits for what is recorded for a later day', () => {
    const account = life({ installations: [meter('M1', '2026-05-01')] })
    expect(closingRefusal(account, on('2026-03-01'), new Set(), none)?.code).toBe('later_facts')
    expect(closingRefusal(account, on('2026-05-01'), new Set(), none)).toBeUndefined()
  })

  test('is refused while the account shares a meter that stays', () => {
    const share = {
      id: '1',
      from: on('2025-01-01'),
      until: null,
      installationId: idOf<InstallationId>('9'),
      meterNo: 'M9',
      shareNo: 1,
      accountId: idOf<AccountId>('1'),
      accountNo: '0010233',
      ratio: '0.5',
      unitM3: '1' as const,
      agreement: 'x',
    }
    const account = life({ shares: [share] })
    expect(closingRefusal(account, on('2026-03-01'), new Set(), none)?.code).toBe('account_has_shares')
    expect(closingRefusal(account, on('2026-03-01'), new Set(['M9']), none)).toBeUndefined()
  })

  test('on the day of opening takes a mistaken opening back', () => {
    expect(closingRefusal(life(), on('2024-01-01'), new Set(), none)).toBeUndefined()
  })
})
