import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastBilledDays } from '../../src/bills/bill.queries.ts'
import { accountTerms } from '../../src/dischargers/account.queries.ts'
import { addOutlet } from '../../src/dischargers/add-outlet.ts'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { setMeterShares } from '../../src/dischargers/set-meter-shares.ts'
import { signAgreement } from '../../src/dischargers/sign-agreement.ts'
import { civilDate, feeMonth, monthInterval } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import {
  decideDeclaration,
  decideRatedFlow,
  declareOwnSource,
  proposeRatedFlow,
} from '../../src/volumes/declare-own-source.ts'
import {
  type BasisInput,
  decideVolumeBasis,
  endVolumeBasis,
  type LastBilledDay,
  proposeVolumeBasis,
} from '../../src/volumes/propose-volume-basis.ts'
import { basesOf, volumeFacts } from '../../src/volumes/volume.queries.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const march = feeMonth('2026-03')
const lastBilledDay: LastBilledDay = async (db, accountId) => (await lastBilledDays(db, [accountId])).get(accountId)

onEveryDatabase('A ground for billing', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-01-20')
    for (const account of ['1001', '1002', '1003']) await town.enrol(account, { openedOn: '2026-02-01' })
  })
  afterAll(() => town.leave())
  const propose = (more: Partial<BasisInput> & { accountNo: string }, person = 'clerk') =>
    proposeVolumeBasis(town.services, by(person), {
      basis: 'exempt',
      evidence: '示例核定书',
      validFrom: civilDate('2026-03-01'),
      ...more,
    })
  const decide = (
    proposalId: string,
    person = 'approver',
    outcome: 'approved' | 'returned' = 'approved',
    reason = '',
  ) => decideVolumeBasis(town.services, by(person), { proposalId, outcome, reason })
  const groundsOf = async (accountNo: string) => {
    const accountId = await town.idOf(accountNo)
    const bases = (await basesOf(town.services.db, [accountId], monthInterval(march))).get(accountId) ?? []
    return bases.map(({ basis, validity }) => [basis, validity.from, validity.until])
  }

  it('holds only once another person approved it, and is returned only with a reason', async () => {
    const { proposalId } = await done(propose({ accountNo: '1001' }, 'both'))
    expect(await groundsOf('1001')).toEqual([])
    expect(await refusedWith(decide(proposalId, 'both'))).toBe('proposal_own_work')
    expect(await refusedWith(decide(proposalId, 'approver', 'returned'))).toBe('proposal_return_needs_reason')
    await done(decide(proposalId, 'approver', 'returned', '缺核查照片'))
    expect(await groundsOf('1001')).toEqual([])
    const anew = await done(propose({ accountNo: '1001' }))
    await done(decide(anew.proposalId))
    expect(await groundsOf('1001')).toEqual([['exempt', '2026-03-01', null]])
  })

  it('does not overlap another: not when proposed, not of two approved at the same moment', async () => {
    expect(await refusedWith(propose({ accountNo: '1001', validFrom: civilDate('2026-06-01') }))).toBe('basis_overlaps')
    const quota = { basis: 'construction_quota', quotaM3PerMonth: '1200' } as const
    const [one, other] = await Promise.all([
      done(propose({ accountNo: '1002' })),
      done(propose({ accountNo: '1002', ...quota })),
    ])
    const outcomes = await Promise.all([
      refusedWith(decide(one.proposalId)),
      refusedWith(decide(other.proposalId, 'approver-2')),
    ])
    expect(outcomes.filter((each) => each === 'basis_overlaps')).toHaveLength(1)
    expect(await groundsOf('1002')).toHaveLength(1)
  })

  describe('is refused by the clause it lacks', () => {
    const cases: readonly (readonly [string, Partial<BasisInput>])[] = [
      ['basis_starts_within_month', { validFrom: civilDate('2026-03-02') }],
      ['basis_ends_before_it_begins', { validUntil: civilDate('2026-02-01') }],
      [
        'basis_ends_within_month',
        { basis: 'rated_flow', ratedFlowM3PerHour: '25', validUntil: civilDate('2026-05-15') },
      ],
      ['evidence_missing', { evidence: ' ' }],
      ['rated_flow_missing', { basis: 'rated_flow' }],
      ['quota_missing', { basis: 'construction_quota', quotaM3PerMonth: '0' }],
      ['determination_missing', { basis: 'actual_discharge' }],
    ]
    for (const [code, more] of cases) {
      it(code, async () => expect(await refusedWith(propose({ accountNo: '1003', ...more }))).toBe(code))
    }
    it('actual discharge: the outlet must have its online meter, and the posting be over', async () => {
      const outlet = { dischargerCode: 'P1003', hasSamplingWell: true, from: civilDate('2026-02-01') }
      await done(addOutlet(town.services, by('clerk'), { ...outlet, outletNo: 'PK-1', hasOnlineMeter: false }))
      const discharge = {
        accountNo: '1003',
        basis: 'actual_discharge',
        outletNo: 'PK-1',
        determinationNo: '示例认定〔2026〕1号',
        postedFrom: civilDate('2026-02-01'),
        postedUntil: civilDate('2026-02-16'),
        validUntil: civilDate('2027-03-01'),
      } as const
      expect(await refusedWith(propose(discharge))).toBe('online_meter_missing')
      expect(await refusedWith(propose({ ...discharge, postedUntil: civilDate('2026-03-05') }))).toBe(
        'posting_not_over',
      )
      const another = { outletNo: 'PK-2', hasOnlineMeter: true, exceptionReason: '示例：改建期间两口并用' }
      await done(addOutlet(town.services, by('clerk'), { ...outlet, ...another }))
      const { proposalId } = await done(propose({ ...discharge, outletNo: 'PK-2' }))
      await done(decide(proposalId))
      expect(await groundsOf('1003')).toEqual([['actual_discharge', '2026-03-01', '2027-03-01']])
    })
  })

  it('ends once, on a day that is not billed', async () => {
    const accountId = await town.idOf('1001')
    const [ground] = (await basesOf(town.services.db, [accountId], monthInterval(march))).get(accountId) ?? []
    const end = (validUntil: string, basisId = ground?.basisId ?? '') =>
      endVolumeBasis(
        town.services,
        by('clerk'),
        { basisId, validUntil: civilDate(validUntil), reason: '接入公共管网' },
        lastBilledDay,
      )
    town.on('2026-03-03')
    await town.read('2026-02', [{ account: '1001', start: '0', end: '100', on: '2026-02-28' }])
    await town.bill('2026-02')
    expect(await refusedWith(end('2026-04-15', '999'))).toBe('basis_missing')
    expect(await refusedWith(end('2026-04-15', 'x'))).toBe('basis_missing')
    expect(await refusedWith(end('2026-03-01'))).toBe('basis_ends_before_it_begins')
    await done(end('2026-04-15'))
    expect(await groundsOf('1001')).toEqual([['exempt', '2026-03-01', '2026-04-15']])
    expect(await refusedWith(end('2026-05-01'))).toBe('basis_already_ended')
  })

  it('does not end over a month that is billed by it', async () => {
    const quota = { basis: 'construction_quota', quotaM3PerMonth: '1200', validFrom: civilDate('2026-04-01') } as const
    await town.enrol('1004', { openedOn: '2026-04-01', meter: false })
    const { proposalId } = await done(propose({ accountNo: '1004', ...quota }))
    const { basisId } = await done(decide(proposalId))
    town.on('2026-06-03')
    await town.freeze('2026-05')
    await town.issue(await town.draft('2026-05', ['1004']))
    expect(await town.onPaper('1004', '2026-05')).toMatchObject([{ volume: '1200.000', amount: '1680.00' }])
    const end = { basisId: basisId ?? '', validUntil: civilDate('2026-05-01'), reason: '完工' }
    expect(await refusedWith(endVolumeBasis(town.services, by('clerk'), end, lastBilledDay))).toBe(
      'basis_end_before_billed',
    )
    await done(
      endVolumeBasis(town.services, by('clerk'), { ...end, validUntil: civilDate('2026-06-01') }, lastBilledDay),
    )
  })
})

onEveryDatabase('An own source’s month', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-01-20')
    await town.enrol('4001', { supply: 'own_source', openedOn: '2026-02-01' })
    await town.enrol('4002', { supply: 'own_source', openedOn: '2026-02-01' })
    town.on('2026-04-03')
  })
  afterAll(() => town.leave())
  const declare = (accountNo: string, volumeM3: string) =>
    declareOwnSource(town.services, by('clerk'), { accountNo, feeMonth: march, volumeM3, evidence: '取水台账' })
  const correct = (accountNo: string, volumeM3: string) => {
    const declared = { accountNo, feeMonth: march, volumeM3, evidence: '更正的取水台账', corrects: true }
    return declareOwnSource(town.services, by('clerk'), declared)
  }
  const factsOf = async (accountNo: string) => {
    const accountId = await town.idOf(accountNo)
    const terms = await accountTerms(town.services.db, [accountId], monthInterval(march))
    return (await volumeFacts(town.services.db, terms, march)).get(accountId)
  }

  it('has a declaration once it is reviewed; while it waits the month is under review, returned it is as if not made', async () => {
    expect(await refusedWith(declare('4001', '-1'))).toBe('declared_volume_malformed')
    expect(await refusedWith(declare('4001', '1.0005'))).toBe('declared_volume_malformed')
    const first = await done(declare('4001', '900'))
    expect(await factsOf('4001')).toMatchObject({ declaration: undefined, declarationUnderReview: true })
    const returned = { proposalId: first.proposalId, outcome: 'returned', reason: '台账缺页' } as const
    await done(decideDeclaration(town.services, by('approver'), returned))
    expect(await factsOf('4001')).toMatchObject({ declaration: undefined, declarationUnderReview: false })
    const second = await done(declare('4001', '950.5'))
    const approved = { proposalId: second.proposalId, outcome: 'approved', reason: '' } as const
    await done(decideDeclaration(town.services, by('approver'), approved))
    expect(await factsOf('4001')).toMatchObject({
      declaration: { volumeM3: '950.500', evidence: '取水台账' },
      declarationUnderReview: false,
    })
  })

  it('is corrected by a further declaration that says so, reviewed like the first; the latest counts', async () => {
    expect(await refusedWith(declare('4001', '980'))).toBe('month_already_declared')
    expect(await refusedWith(correct('4002', '980'))).toBe('nothing_declared_yet')
    const { proposalId } = await done(correct('4001', '990'))
    await done(decideDeclaration(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
    expect(await factsOf('4001')).toMatchObject({ declaration: { volumeM3: '990.000' } })
  })

  it('waits alone: another declaration of it is refused until the first is decided, also where both come at once', async () => {
    const both = await Promise.all([correct('4001', '1000'), correct('4001', '1001')])
    const [waiting] = both.filter((each) => !isRefusal(each))
    expect(both.map((each) => (isRefusal(each) ? each.code : 'proposed')).sort()).toEqual([
      'declaration_waiting',
      'proposed',
    ])
    if (waiting === undefined || isRefusal(waiting)) return
    const { proposalId } = waiting.answer
    const again = await correct('4001', '1002')
    expect(isRefusal(again) && again.parameters).toMatchObject({ proposal: proposalId, maker: expect.any(String) })
    const returned = { proposalId, outcome: 'returned', reason: '重报' } as const
    await done(decideDeclaration(town.services, by('approver'), returned))
    const next = await done(correct('4001', '990'))
    await done(decideDeclaration(town.services, by('approver'), { ...returned, proposalId: next.proposalId }))
  })

  it('is settled once: by a declaration or by rated flow, whichever is decided first', async () => {
    const flow = { accountNo: '4002', feeMonth: march, ratedFlowM3PerHour: '25', reason: '催报未报' }
    const declared = await done(declare('4002', '10'))
    const proposed = await done(proposeRatedFlow(town.services, by('clerk'), flow))
    await done(decideRatedFlow(town.services, by('approver'), { ...proposed, outcome: 'approved', reason: '' }))
    const late = { proposalId: declared.proposalId, outcome: 'approved', reason: '' } as const
    expect(await refusedWith(decideDeclaration(town.services, by('approver'), late))).toBe('month_already_settled')
    expect(await factsOf('4002')).toMatchObject({
      declaration: undefined,
      ratedFlowDecision: { ratedFlowM3PerHour: '25' },
    })
    expect(await refusedWith(proposeRatedFlow(town.services, by('clerk'), flow))).toBe('month_already_settled')
  })
})

onEveryDatabase('The facts of a month', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-01-20')
    await town.enrol('3001', { openedOn: '2026-02-01' })
    await town.enrol('3002', { openedOn: '2026-02-01', meter: false })
    const agreed = { collectorCode: 'water', meterNo: 'M3001', unitM3: '1', agreement: '示例分摊协议' } as const
    const shares = [
      { accountNo: '3001', ratio: '60%' },
      { accountNo: '3002', ratio: '40%' },
    ]
    await done(setMeterShares(town.services, by('clerk'), { ...agreed, from: civilDate('2026-02-01'), shares }))
    town.on('2026-04-03')
    await town.read('2026-03', [{ account: '3001', start: '0', end: '100', on: '2026-03-31' }])
  })
  afterAll(() => town.leave())

  it('an agreement that ends within the month holds it, until a new one is signed; days between are no obstacle then', async () => {
    const sign = (agreementNo: string, from: string, until?: string) =>
      done(
        signAgreement(town.services, by('clerk'), {
          ...{ agreementNo, dischargerCode: 'P3009', signedOn: civilDate(from), from: civilDate(from) },
          ...(until === undefined ? {} : { until: civilDate(until) }),
        }),
      )
    await town.register('P3009')
    await sign('XY-1', '2026-01-01', '2026-03-16')
    const opening = { collectorCode: 'water', accountNo: '3009', dischargerCode: 'P3009', supply: 'public' } as const
    await done(
      openAccount(town.services, by('clerk'), {
        ...opening,
        payerGroup: 'park_enterprise',
        category: 'non-resident',
        openedOn: civilDate('2026-02-01'),
      }),
    )
    const accountId = await town.idOf('3009')
    const isUnderAgreement = async (month: string) => {
      const terms = await accountTerms(town.services.db, [accountId], monthInterval(feeMonth(month)))
      return (await volumeFacts(town.services.db, terms, feeMonth(month))).get(accountId)?.agreementInForce
    }
    expect([await isUnderAgreement('2026-02'), await isUnderAgreement('2026-03')]).toEqual([true, false])
    await sign('XY-2', '2026-04-02')
    expect(await isUnderAgreement('2026-03')).toBe(true)
  })

  it('give a sharer the whole of the meter with all its users, in their order', async () => {
    const accountId = await town.idOf('3002')
    const terms = await accountTerms(town.services.db, [accountId], monthInterval(march))
    const facts = (await volumeFacts(town.services.db, terms, march)).get(accountId)
    expect(facts?.readings).toEqual([])
    expect(
      facts?.sharedMeters.map(({ installation, shares, readings }) => [
        installation.meterNo,
        shares.map(({ shareNo, ratio }) => [shareNo, ratio]),
        readings.map(({ volumeM3 }) => volumeM3),
      ]),
    ).toMatchObject([
      [
        'M3001',
        [
          [1, expect.stringMatching(/^0\.6/)],
          [2, expect.stringMatching(/^0\.4/)],
        ],
        ['100.000'],
      ],
    ])
  })
})
