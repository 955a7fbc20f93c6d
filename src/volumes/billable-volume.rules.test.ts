import { describe, expect, it } from 'vitest'
import {
  agreedShares,
  basis,
  behind,
  category,
  days,
  facts,
  march,
  meter,
  reading,
  shared,
  term,
  terms,
} from '../../test/support/billing-cases.ts'
import { civilDate, feeMonth } from '../kernel/calendar.ts'
import type { AccountId, InstallationId, MeterReadingId } from '../kernel/ids.ts'
import { addVolumes, volumeForPeople, volumeText } from '../kernel/volume.ts'
import { basisOfMonth, billableVolume } from './billable-volume.rules.ts'
import type { BillableVolume, HeldReason, VolumeFacts } from './billable-volume.ts'
import { heldReasons, heldSentence } from './held-reasons.ts'

function billed(of: Partial<VolumeFacts>): BillableVolume {
  const outcome = billableVolume(facts(of))
  if (outcome.outcome !== 'billable') throw new Error(`not billable: ${JSON.stringify(outcome)}`)
  return outcome
}
function held(of: Partial<VolumeFacts>): readonly HeldReason[] {
  const outcome = billableVolume(facts(of))
  if (outcome.outcome !== 'held') throw new Error(`not held: ${JSON.stringify(outcome)}`)
  return outcome.reasons
}
const codes = (of: Partial<VolumeFacts>) => held(of).map(({ code }) => code)
const volumes = ({ uses }: BillableVolume) => uses.map((use) => volumeText(use.volumeM3))
const total = ({ uses }: BillableVolume) => volumeForPeople(addVolumes(uses.map((use) => use.volumeM3)))

describe('water from the public supply is billed by its meter (the Measures art. 8)', () => {
  it('takes the reading with its meter, start and end, and names the clause', () => {
    const month = billed({
      readings: [reading('M1', '12345.000', { startReading: '21300.000', endReading: '33645.000' })],
    })
    expect(month.basis).toBe('public_meter')
    expect(month.clause).toContain('办法第八条')
    expect(month.estimated).toBe(false)
    expect(month.uses).toEqual([
      {
        used: days('2026-03-01', '2026-04-01'),
        volumeM3: expect.anything(),
        sources: [
          { kind: 'reading', reading: 'M1 2026-03', meter: 'M1', start: '21300', end: '33645', m3: '12345.000' },
        ],
      },
    ])
  })

  it('names the multiplier of a meter that has one', () => {
    const [use] = billed({
      terms: terms({ installations: [meter('M1', { multiplier: '10.000' })] }),
      readings: [reading('M1', '250.000', { startReading: '10.000', endReading: '35.000' })],
    }).uses
    expect(use?.sources[0]).toMatchObject({ multiplier: '10', m3: '250.000' })
  })

  it.each<[string, Parameters<typeof meter>[1], [start: string, end: string, m3: string], object]>([
    ['that rises', {}, ['10', '35', '25.000'], {}],
    ['whose digits it turns over', { digits: 4 }, ['9990', '15', '25.000'], { turnedOverAt: '10000' }],
    ['that runs backwards', { runsBackwards: true }, ['998000', '997900', '100.000'], { reversed: true }],
    ['that runs backwards and stood still', { runsBackwards: true }, ['998000', '998000', '0.000'], {}],
    ['that should run backwards and rose', { runsBackwards: true }, ['5', '9', '4.000'], {}],
    ['with a multiplier', { digits: 5, multiplier: '10' }, ['99990', '5', '150.000'], { turnedOverAt: '100000' }],
    ['beside another volume', {}, ['100', '150', '51.000'], { countedM3: '50.000' }],
    // Accepted by a person with the volume the file stated: whether it turned over, nobody said.
    [
      'that fell beside another volume',
      { digits: 4 },
      ['900', '800', '80.000'],
      { turnedOverAt: '10000', countedM3: '9900.000' },
    ],
  ])('freezes how the counter went: one %s', (_, how, [startReading, endReading, m3], expected) => {
    const [use] = billed({
      terms: terms({ installations: [meter('M1', how)] }),
      readings: [reading('M1', m3, { startReading, endReading })],
    }).uses
    const source = use?.sources[0]
    if (source?.kind !== 'reading') throw new Error('not read')
    const { reversed, turnedOverAt, countedM3 } = source
    const way = {
      ...(reversed && { reversed }),
      ...(turnedOverAt && { turnedOverAt }),
      ...(countedM3 && { countedM3 }),
    }
    expect(way).toEqual(expected)
  })

  it('takes a volume of the account as a whole where the file has no readings', () => {
    expect(volumes(billed({ readings: [reading(null, '77.500')] }))).toEqual(['77.500'])
  })

  it('says that a month rests on an estimate', () => {
    const month = billed({ readings: [reading('M1', '100.000', { source: 'estimated' })] })
    expect(month.estimated).toBe(true)
    expect(month.uses[0]?.sources[0]).toMatchObject({ estimated: true })
  })

  it('leaves a meter of another purpose out', () => {
    const two = terms({ installations: [meter('M1'), meter('P1', { purpose: 'discharge' })] })
    expect(total(billed({ terms: two, readings: [reading('M1', '100'), reading('P1', '60')] }))).toBe('100')
  })

  it('bills two meters side by side, each with its own days', () => {
    const two = terms({ installations: [meter('M1'), meter('M2')] })
    const earlier = { used: days('2026-02-26', '2026-03-27') }
    const month = billed({ terms: two, readings: [reading('M1', '100'), reading('M2', '60', earlier)] })
    expect(month.uses.map((use) => use.used.from)).toEqual(['2026-03-01', '2026-02-26'])
    expect(total(month)).toBe('160')
  })
})

describe('a replaced meter', () => {
  const old = meter('M1', { validity: term('2020-01-01', '2026-03-14') })
  const fresh = meter('M2', { replacesInstallationId: old.installationId, validity: term('2026-03-14') })
  const replaced = terms({ installations: [old, fresh] })
  const residual = reading('M1', '45.000', { kind: 'residual', used: days('2026-03-01', '2026-03-14') })
  const rest = reading('M2', '55.000', { used: days('2026-03-14', '2026-04-01') })

  it('is billed by its residual and the new meter, without a day twice', () => {
    const month = billed({ terms: replaced, readings: [residual, rest] })
    expect(volumes(month)).toEqual(['45.000', '55.000'])
    expect(month.uses.map((use) => use.used)).toEqual([
      days('2026-03-01', '2026-03-14'),
      days('2026-03-14', '2026-04-01'),
    ])
  })

  it('is held without its residual, by the name of the old meter', () => {
    expect(held({ terms: replaced, readings: [rest] })).toEqual([{ code: 'no_residual', parameters: { meter: 'M1' } }])
  })

  it('is held without the reading of the new meter', () => {
    expect(held({ terms: replaced, readings: [residual] })).toEqual([
      { code: 'no_reading', parameters: { meter: 'M2' } },
    ])
  })

  it('asks nothing of a meter that came down before the month or hangs only after it', () => {
    const others = [
      meter('M0', { validity: term('2020-01-01', '2026-03-01') }),
      meter('M3', { validity: term('2026-04-01') }),
    ]
    const month = billed({ terms: terms({ installations: [...others, meter('M1')] }), readings: [reading('M1', '9')] })
    expect(total(month)).toBe('9')
  })
})

describe('a master meter is billed less its sub-meters', () => {
  it('takes off every sub and says which', () => {
    const subs = [behind('M1', 'S1', reading('S1', '300')), behind('M1', 'S2', reading('S2', '200.5'))]
    const [use] = billed({ readings: [reading('M1', '1000')], subMeters: subs }).uses
    expect(use && volumeText(use.volumeM3)).toBe('499.500')
    expect(use?.sources.slice(1)).toEqual([
      { kind: 'less-sub', reading: 'S1 2026-03', meter: 'S1', m3: '300.000' },
      { kind: 'less-sub', reading: 'S2 2026-03', meter: 'S2', m3: '200.500' },
    ])
  })

  it('names a sub that used nothing', () => {
    const [use] = billed({
      readings: [reading('M1', '1000')],
      subMeters: [behind('M1', 'S1', reading('S1', '0'))],
    }).uses
    expect(use?.sources[1]).toMatchObject({ kind: 'less-sub', meter: 'S1', m3: '0.000' })
  })

  it('leaves 0, never less, where the subs took all', () => {
    expect(
      volumes(billed({ readings: [reading('M1', '300')], subMeters: [behind('M1', 'S1', reading('S1', '300'))] })),
    ).toEqual(['0.000'])
  })

  it('is held when negative, with both volumes', () => {
    const subs = [behind('M1', 'S1', reading('S1', '300.001'))]
    expect(held({ readings: [reading('M1', '300')], subMeters: subs })).toEqual([
      { code: 'master_less_subs_negative', parameters: { master: 'M1', masterM3: '300', subsM3: '300.001' } },
    ])
  })

  it('is held when a sub was not read: an unread sub is not 0', () => {
    const subs = [behind('M1', 'S1', reading('S1', '300')), behind('M1', 'S2')]
    expect(held({ readings: [reading('M1', '1000')], subMeters: subs })).toEqual([
      { code: 'sub_without_reading', parameters: { master: 'M1', meter: 'S2' } },
    ])
  })

  it('is held when only the account as a whole has a volume: nobody can say what part of it the subs took', () => {
    const subs = [behind('M1', 'S1', reading('S1', '300'))]
    expect(held({ readings: [reading(null, '1000')], subMeters: subs })).toEqual([
      { code: 'no_reading', parameters: { meter: 'M1' } },
    ])
  })

  it('takes a sub off both readings of one month in order, and each use accounts for its own part', () => {
    const supplement = reading('M1', '900', { kind: 'supplement', readingId: 'later' as MeterReadingId })
    const month = billed({
      readings: [reading('M1', '100'), supplement],
      subMeters: [behind('M1', 'S1', reading('S1', '600'))],
    })
    expect(volumes(month)).toEqual(['0.000', '400.000'])
    expect(month.uses.map((use) => use.sources.map((source) => [source.kind, source.m3]))).toEqual([
      [
        ['reading', '100.000'],
        ['less-sub', '100.000'],
      ],
      [
        ['reading', '900.000'],
        ['less-sub', '500.000'],
      ],
    ])
  })

  it('counts a master replaced within the month as one: the subs hang behind the place, not behind one meter', () => {
    const old = meter('M1', { validity: term('2020-01-01', '2026-03-20') })
    const fresh = meter('M2', { replacesInstallationId: old.installationId, validity: term('2026-03-20') })
    const month = billed({
      terms: terms({ installations: [old, fresh] }),
      readings: [
        reading('M1', '700', { kind: 'residual', used: days('2026-03-01', '2026-03-20') }),
        reading('M2', '300', { used: days('2026-03-20', '2026-04-01') }),
      ],
      // As the registry answers it: behind the later installation of the place.
      subMeters: [behind('M2', 'S1', reading('S1', '450'))],
    })
    expect(volumes(month)).toEqual(['250.000', '300.000'])
  })

  it('leaves a master alone whose subs belong to another meter', () => {
    const two = terms({ installations: [meter('M1'), meter('M2')] })
    const month = billed({
      terms: two,
      readings: [reading('M1', '500'), reading('M2', '100')],
      subMeters: [behind('M1', 'S1', reading('S1', '300'))],
    })
    expect(volumes(month)).toEqual(['200.000', '100.000'])
  })
})

describe('one meter shared by several users', () => {
  const agreed = [
    ['A1', '0.30'],
    ['A2', '0.30'],
    ['A3', '0.40'],
  ] as const
  const ofAccount = (accountId: string, sharedMeters: VolumeFacts['sharedMeters']) =>
    billableVolume(
      facts({ terms: terms({ accountId: accountId as AccountId, installations: [] }), sharedMeters, readings: [] }),
    ) as BillableVolume

  it('gives 1,001 at 30/30/40 as 300, 300 and the rest of 401 to the last', () => {
    const meters = [shared('W1', agreed, [reading('W1', '1001')])]
    expect(['A1', 'A2', 'A3'].map((account) => volumes(ofAccount(account, meters)))).toEqual([
      ['300.000'],
      ['300.000'],
      ['401.000'],
    ])
    expect(ofAccount('A3', meters).uses[0]?.sources.at(-1)).toEqual({
      kind: 'share',
      meter: 'W1',
      shareNo: 3,
      ratio: '0.4',
      unit: '1',
      wholeM3: '1001.000',
      m3: '401.000',
    })
  })

  it('cuts to 0.001 m³ where the agreement says so', () => {
    const meters = [shared('W1', agreed, [reading('W1', '1001')], { unitM3: '0.001' })]
    expect(['A1', 'A2', 'A3'].map((account) => volumes(ofAccount(account, meters)))).toEqual([
      ['300.300'],
      ['300.300'],
      ['400.400'],
    ])
  })

  it('takes sub-meters off before it is shared', () => {
    const subMeters = [behind('W1', 'S1', reading('S1', '1'))]
    const meters = [shared('W1', agreed, [reading('W1', '1001')], { subMeters })]
    expect(['A1', 'A2', 'A3'].map((account) => volumes(ofAccount(account, meters)))).toEqual([
      ['300.000'],
      ['300.000'],
      ['400.000'],
    ])
  })

  it('holds every user while the meter is not read', () => {
    const meters = [shared('W1', agreed, [])]
    for (const account of ['A1', 'A2', 'A3']) {
      expect(ofAccount(account, meters)).toEqual({
        outcome: 'held',
        reasons: [{ code: 'share_meter_without_reading', parameters: { meter: 'W1' } }],
      })
    }
  })

  it('holds every user when the shared master is smaller than its subs', () => {
    const subMeters = [behind('W1', 'S1', reading('S1', '1002'))]
    const meters = [shared('W1', agreed, [reading('W1', '1001')], { subMeters })]
    expect(ofAccount('A2', meters)).toMatchObject({ reasons: [{ code: 'master_less_subs_negative' }] })
  })

  it('is not billed a second time through the account it hangs at', () => {
    const owner = terms({ installations: [meter('W1'), meter('M1')] })
    const month = billed({
      terms: owner,
      readings: [reading('W1', '1001'), reading('M1', '50')],
      sharedMeters: [shared('W1', agreed, [reading('W1', '1001')])],
    })
    expect(total(month)).toBe('350')
  })

  it('bills an owner who keeps no share 0.00, not the whole and not nothing', () => {
    const twoTenants = [shared('W1', agreed.slice(1), [reading('W1', '1001')], { owner: 'A1' })]
    expect(volumes(ofAccount('A1', twoTenants))).toEqual(['0.000'])
    expect(ofAccount('A1', twoTenants).uses[0]?.sources.at(-1)).toMatchObject({ ratio: '0', m3: '0.000' })
  })

  describe('when the agreement changes within the month', () => {
    const former = agreedShares('W1', agreed, term('2020-01-01', '2026-03-16'))
    const later = agreedShares(
      'W1',
      [
        ['A2', '0.5'],
        ['A4', '0.5'],
      ],
      term('2026-03-16'),
    )
    const meters = [{ ...shared('W1', agreed, [reading('W1', '3100')]), shares: [...later, ...former].sort(byShareNo) }]
    function byShareNo(a: { shareNo: number }, b: { shareNo: number }) {
      return a.shareNo - b.shareNo
    }

    it('weighs the ratios by their days and loses no water', () => {
      const parts = ['A1', 'A2', 'A3', 'A4'].map((account) => volumes(ofAccount(account, meters)))
      // 15 and 16 of 31 days: 3,100 m³ is 1,500 and 1,600.
      expect(parts).toEqual([['450.000'], ['1250.000'], ['600.000'], ['800.000']])
    })

    it('leaves the rest to the last user of the latest agreement', () => {
      const half = (first: string, last: string) =>
        [
          [first, '0.5'],
          [last, '0.5'],
        ] as const
      const exchanged = [
        {
          ...shared('W1', half('A1', 'A2'), [reading('W1', '101')]),
          shares: [
            ...agreedShares('W1', half('A1', 'A2'), term('2020-01-01', '2026-03-16')),
            ...agreedShares('W1', half('A2', 'A1'), term('2026-03-16')),
          ],
        },
      ]
      expect(['A1', 'A2'].map((account) => volumes(ofAccount(account, exchanged)))).toEqual([['51.000'], ['50.000']])
    })

    it('says how the share came about', () => {
      expect(ofAccount('A2', meters).uses[0]?.sources.at(-1)).toMatchObject({ ratio: '0.3 × 15/31 + 0.5 × 16/31' })
    })
  })

  it('holds the users when the meter was read only for days on which nobody shared it', () => {
    const early = reading('W1', '5', { used: days('2026-03-01', '2026-03-05') })
    const meters = [{ ...shared('W1', agreed, [early]), shares: agreedShares('W1', agreed, term('2026-03-05')) }]
    expect(ofAccount('A1', meters)).toMatchObject({ reasons: [{ code: 'share_meter_without_reading' }] })
  })
})

describe('a suspended account (报停)', () => {
  const suspended = terms({ suspensions: [term('2026-02-01')] })

  it('is billed 0 without a reading', () => {
    const month = billed({ terms: suspended })
    expect(month.uses).toEqual([
      {
        used: days('2026-03-01', '2026-04-01'),
        volumeM3: expect.anything(),
        sources: [{ kind: 'suspended', m3: '0.000' }],
      },
    ])
  })

  it('is billed 0 by a reading that shows no use', () => {
    expect(volumes(billed({ terms: suspended, readings: [reading('M1', '0')] }))).toEqual(['0.000'])
  })

  it('is held when water was used all the same', () => {
    expect(held({ terms: suspended, readings: [reading('M1', '3')] })).toEqual([
      { code: 'used_while_suspended', parameters: { volumeM3: '3.000' } },
    ])
  })

  it('needs its reading for a month in which it was not suspended throughout', () => {
    expect(codes({ terms: terms({ suspensions: [term('2026-03-10')] }) })).toEqual(['no_reading'])
    expect(codes({ terms: terms({ suspensions: [term('2026-01-01', '2026-03-31')] }) })).toEqual(['no_reading'])
  })
})

describe('an enterprise without a connection agreement (the Measures art. 2)', () => {
  const enterprise = terms({ categories: [category('industry', '2020-01-01', null, true)] })

  it('is held, never exempt', () => {
    expect(codes({ terms: enterprise, readings: [reading('M1', '10')], agreementInForce: false })).toEqual([
      'no_agreement',
    ])
  })

  it('is billed once it has one; the other groups need none', () => {
    expect(total(billed({ terms: enterprise, readings: [reading('M1', '10')] }))).toBe('10')
    expect(total(billed({ readings: [reading('M1', '10')], agreementInForce: false }))).toBe('10')
  })

  it('is not held for a category that ended before the month', () => {
    const former = terms({
      categories: [category('industry', '2020-01-01', '2026-03-01', true), category('shop', '2026-03-01')],
    })
    expect(total(billed({ terms: former, readings: [reading('M1', '10')], agreementInForce: false }))).toBe('10')
  })
})

describe('what is not known is held with every reason at once', () => {
  it('names import and row of a reading under review', () => {
    expect(held({ rowsUnderReview: [{ importId: '7', rowNo: 42 }], readings: [reading('M1', '5')] })).toEqual([
      { code: 'reading_under_review', parameters: { importId: '7', rowNo: 42 } },
    ])
  })

  it('names the meter that was not read', () => {
    expect(held({})).toEqual([{ code: 'no_reading', parameters: { meter: 'M1' } }])
  })

  it('holds an account without any meter', () => {
    expect(codes({ terms: terms({ installations: [] }) })).toEqual(['no_reading'])
  })

  it('lists all reasons, so that nobody comes back twice', () => {
    const enterprise = terms({ categories: [category('industry', '2020-01-01', null, true)] })
    expect(
      codes({ terms: enterprise, agreementInForce: false, rowsUnderReview: [{ importId: '7', rowNo: 42 }] }),
    ).toEqual(['no_agreement', 'reading_under_review'])
  })

  it('has a sentence in both languages for every reason', () => {
    for (const [code, { zh, en }] of Object.entries(heldReasons)) {
      expect(zh, code).toMatch(/[\u4e00-\u9fff]/)
      expect(en, code).toMatch(/[a-z]/)
      const parameters = (text: string) => new Set(text.match(/\{\w+\}/g))
      expect(parameters(en), code).toEqual(parameters(zh))
    }
  })

  it('fills the sentence of every reason it gives', () => {
    const reasons = [
      ...held({ rowsUnderReview: [{ importId: '7', rowNo: 42 }] }),
      ...held({ readings: [reading('M1', '1')], subMeters: [behind('M1', 'S1')] }),
      ...held({ readings: [reading('M1', '1')], subMeters: [behind('M1', 'S1', reading('S1', '2'))] }),
      ...held({ terms: terms({ suspensions: [term('2026-02-01')] }), readings: [reading('M1', '3')] }),
      ...held({ sharedMeters: [shared('W1', [['A1', '1']], [])] }),
    ]
    for (const reason of reasons) {
      expect(heldSentence(reason, 'zh')).not.toContain('{')
      expect(heldSentence(reason, 'en')).not.toContain('{')
    }
  })
})

describe('grounds other than the public meter (151 art. 9–11)', () => {
  const ownSource = terms({ supply: 'own_source', installations: [] })
  const ownMeter = [basis('own_meter')]

  it('bills an own source at rated flow × 24 h: 25 m³/h over 31 days is 18,600 m³', () => {
    const month = billed({ terms: ownSource, bases: [basis('rated_flow', { ratedFlowM3PerHour: '25' })] })
    expect(volumes(month)).toEqual(['18600.000'])
    expect(month.basis).toBe('rated_flow')
    expect(month.clause).toContain('151号第十条')
    expect(month.uses[0]?.sources).toEqual([{ kind: 'rated-flow', perHour: '25', days: 31, m3: '18600.000' }])
  })

  it('counts rated flow for the days on which the account was open, rounded half-up to 0.001', () => {
    const opened = { ...ownSource, openedOn: civilDate('2026-03-22') }
    const month = billed({ terms: opened, bases: [basis('rated_flow', { ratedFlowM3PerHour: '0.33335' })] })
    // 0.33335 × 24 × 10 = 80.004
    expect(volumes(month)).toEqual(['80.004'])
    expect(month.uses[0]?.used).toEqual(days('2026-03-22', '2026-04-01'))
  })

  it('stops rather than billing 0 where a rated-flow ground has no flow', () => {
    expect(() => billed({ terms: ownSource, bases: [basis('rated_flow')] })).toThrow(/rated-flow ground/)
    expect(() => billed({ terms: ownSource, bases: [basis('construction_quota')] })).toThrow(/quota ground/)
  })

  it('bills an own-source meter by what was declared and reviewed', () => {
    const declaration = {
      declarationId: 'E1',
      accountId: 'A1' as AccountId,
      feeMonth: march,
      volumeM3: '4321.500',
      evidence: '取水计量月报',
    }
    const month = billed({ terms: ownSource, bases: ownMeter, declaration })
    expect(volumes(month)).toEqual(['4321.500'])
    expect(month.uses[0]?.sources).toEqual([{ kind: 'declared', declaration: 'E1', m3: '4321.500' }])
  })

  it('holds it where nothing was declared, and says so differently while a declaration waits', () => {
    expect(codes({ terms: ownSource, bases: ownMeter })).toEqual(['nothing_declared'])
    expect(codes({ terms: ownSource, bases: ownMeter, declarationUnderReview: true })).toEqual([
      'declaration_under_review',
    ])
  })

  it("bills rated flow where a person decided so for the month, with that person's reason", () => {
    const ratedFlowDecision = {
      accountId: 'A1' as AccountId,
      feeMonth: march,
      ratedFlowM3PerHour: '25',
      reason: '逾期未申报',
    }
    const month = billed({ terms: ownSource, bases: ownMeter, ratedFlowDecision })
    expect(volumes(month)).toEqual(['18600.000'])
    expect(month.basis).toBe('own_meter')
    expect(month.uses[0]?.sources[0]).toMatchObject({ kind: 'rated-flow', reason: '逾期未申报' })
  })

  it('holds an own source that has no ground at all', () => {
    expect(codes({ terms: ownSource })).toEqual(['own_source_without_basis'])
  })

  it('bills a construction site by its meter, or by its quota of the month', () => {
    const site = terms({ installations: [meter('K1', { purpose: 'construction' }), meter('M1')] })
    const month = billed({
      terms: site,
      bases: [basis('construction_meter')],
      readings: [reading('K1', '88'), reading('M1', '500')],
    })
    expect(volumes(month)).toEqual(['88.000'])
    const quota = billed({ terms: site, bases: [basis('construction_quota', { quotaM3PerMonth: '600' })] })
    expect(volumes(quota)).toEqual(['600.000'])
    expect(quota.uses[0]?.sources).toEqual([{ kind: 'quota', perMonth: '600', m3: '600.000' }])
  })

  describe('actual discharge', () => {
    const plant = terms({ installations: [meter('M1'), meter('P1', { purpose: 'discharge' })] })
    const discharge = [basis('actual_discharge', { validity: term('2026-01-01', '2027-01-01') })]

    it('is what the online meter of the outlet saw, not the water supplied', () => {
      const month = billed({
        terms: plant,
        bases: discharge,
        readings: [reading('M1', '1000'), reading('P1', '620.500')],
      })
      expect(volumes(month)).toEqual(['620.500'])
      expect(month.basis).toBe('actual_discharge')
    })

    it('never takes a volume supplied to the account for a discharge', () => {
      const readings = [reading(null, '1000'), reading('P1', '620.500')]
      expect(volumes(billed({ terms: plant, bases: discharge, readings }))).toEqual(['620.500'])
      expect(held({ terms: plant, bases: discharge, readings: [reading(null, '1000')] })).toEqual([
        { code: 'no_reading', parameters: { meter: 'P1' } },
      ])
    })

    it('is not called estimated because the supply meter was', () => {
      const readings = [reading('M1', '1000', { source: 'estimated' }), reading('P1', '620.500')]
      expect(billed({ terms: plant, bases: discharge, readings }).estimated).toBe(false)
    })

    it('is held without a discharge meter', () => {
      expect(codes({ bases: discharge, readings: [reading('M1', '1000')] })).toEqual(['discharge_meter_missing'])
    })

    it('falls back to the water used once its validity has ended', () => {
      const ended = [basis('actual_discharge', { validity: term('2025-01-01', '2026-03-01') })]
      const month = billed({ terms: plant, bases: ended, readings: [reading('M1', '1000'), reading('P1', '620')] })
      expect([month.basis, total(month)]).toEqual(['public_meter', '1,000'])
    })
  })

  describe('an exemption', () => {
    it('bills nothing and shows its evidence', () => {
      const exempt = basis('exempt')
      expect(billableVolume(facts({ bases: [exempt], readings: [reading('M1', '100')] }))).toEqual({
        outcome: 'exempt',
        basis: exempt,
      })
    })

    it('that ends within the month leaves the whole month due (足额缴纳)', () => {
      const ended = [basis('exempt', { validity: term('2025-01-01', '2026-03-20') })]
      expect(total(billed({ bases: ended, readings: [reading('M1', '100')] }))).toBe('100')
    })

    it('that ends with the month covers it whole', () => {
      const ended = [basis('exempt', { validity: term('2025-01-01', '2026-04-01') })]
      expect(billableVolume(facts({ bases: ended })).outcome).toBe('exempt')
    })

    it('that ended leaves an own source without a ground held, not billed by guess', () => {
      const ended = [basis('exempt', { validity: term('2025-01-01', '2026-03-20') })]
      expect(codes({ terms: ownSource, bases: ended })).toEqual(['own_source_without_basis'])
    })
  })

  it('uses the ground of the last day the account was there', () => {
    const closed = terms({ closedOn: civilDate('2026-03-10') })
    const grounds = [
      basis('rated_flow', { basisId: 'B1', validity: term('2025-01-01', '2026-03-10') }),
      basis('exempt', { basisId: 'B2', validity: term('2026-03-10') }),
    ]
    expect(basisOfMonth(grounds, closed, march)?.basisId).toBe('B1')
    expect(basisOfMonth(grounds, terms(), march)?.basisId).toBe('B2')
    expect(basisOfMonth(grounds, terms(), feeMonth('2024-12'))).toBeUndefined()
  })
})

describe('a true-up spreads the use since the last actual reading over the months by days (decision 10)', () => {
  // 31 Jan 1,000; February and March estimated 100 each; 30 April 1,360, counted from the last actual reading.
  const ofMonth = (month: string, volumeM3: string, more: Parameters<typeof reading>[2] = {}) =>
    reading('M1', volumeM3, { feeMonth: feeMonth(month), source: 'estimated', ...more })
  const run = [
    ofMonth('2026-02', '100.000'),
    ofMonth('2026-03', '100.000'),
    ofMonth('2026-04', '360.000', {
      source: 'actual',
      startReading: '1000.000',
      endReading: '1360.000',
      used: days('2026-02-01', '2026-05-01'),
    }),
  ]
  const recomputed = (month: string) =>
    billed({
      feeMonth: feeMonth(month),
      readings: run.filter((each) => each.feeMonth === month),
      estimatedRun: run,
    })

  it('gives 113.259, 125.393 and 121.348 m³', () => {
    expect(['2026-02', '2026-03', '2026-04'].map((month) => volumes(recomputed(month)))).toEqual([
      ['113.259'],
      ['125.393'],
      ['121.348'],
    ])
    expect(recomputed('2026-02').uses[0]?.sources).toEqual([
      {
        kind: 'true-up',
        reading: 'M1 2026-02',
        closing: 'M1 2026-04',
        meter: 'M1',
        start: '1000',
        end: '1360',
        statedM3: '100.000',
        wholeM3: '360.000',
        days: [28, 31, 30],
        part: 0,
        m3: '113.259',
      },
    ])
  })

  it('gives each month its own days, the closing one too, so that each takes its own rates', () => {
    expect(['2026-02', '2026-03', '2026-04'].map((month) => recomputed(month).uses[0]?.used)).toEqual([
      days('2026-02-01', '2026-03-01'),
      days('2026-03-01', '2026-04-01'),
      days('2026-04-01', '2026-05-01'),
    ])
  })

  it('leaves no month estimated', () => {
    expect(recomputed('2026-02').estimated).toBe(false)
  })

  it('is not made while no actual reading has closed the run', () => {
    const open = billed({ feeMonth: feeMonth('2026-02'), readings: run.slice(0, 1) })
    expect([volumes(open), open.estimated]).toEqual([['100.000'], true])
  })

  it('reaches a sub-meter of the same account as well: its master gives up what was really used', () => {
    const both = terms({
      installations: [meter('T1'), meter('M1', { masterInstallationId: 'T1' as InstallationId })],
    })
    const month = billed({
      terms: both,
      feeMonth: feeMonth('2026-04'),
      readings: [
        reading('T1', '500.000', { feeMonth: feeMonth('2026-04') }),
        ...run.filter((each) => each.feeMonth === '2026-04'),
      ],
      estimatedRun: run,
      subMeters: [behind('T1', 'M1', ...run.filter((each) => each.feeMonth === '2026-04'))],
    })
    // 500 − 121.348 for the master, 121.348 for the sub: the meter in front saw 500.
    expect(volumes(month)).toEqual(['378.652', '121.348'])
  })
})
