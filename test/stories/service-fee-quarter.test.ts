import { afterAll, beforeAll, expect, it } from 'vitest'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { usesOfFee } from '../../src/later-stages.ts'
import { disclosureOf } from '../../src/remittance/disclosure.ts'
import { findClaim } from '../../src/settlement/claim.queries.ts'
import { explainClaim } from '../../src/settlement/claim-explanation.ts'
import { acceptPlantRows } from '../../src/settlement/decide-plant-rows.ts'
import type { ServiceFeeClaim } from '../../src/settlement/service-fee-claim.ts'
import { returnClaim, reviewClaim } from '../../src/settlement/take-step.ts'
import { settlementTieOut, verifySettlement } from '../../src/settlement/verify-settlement.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { PlantTown } from '../support/plant.ts'

onEveryDatabase('A quarter of the service fee', (connection) => {
  let town: PlantTown
  const claimOf = async (number: string) => (await findClaim(town.services.db, number)) as ServiceFeeClaim
  const books = async () =>
    Object.fromEntries(
      (await trialBalance(town.services.db)).accounts
        .filter(({ accountCode }) => accountCode.startsWith('service_fee'))
        .map(({ accountCode, balance }) => [accountCode.replace('service_fee_', ''), moneyText(balance)]),
    )
  beforeAll(async () => {
    town = await PlantTown.found(connection())
    await town.putInForce()
  })
  afterAll(() => town.leave())

  it('January: 30 days of 5,500 and one of 14,200 are below the guarantee, so the guarantee is paid', async () => {
    town.on('2026-02-03')
    const taken = await town.bring(town.monthFile('2026-01', { m3: '5500' }, { 31: { m3: '14200' } }))
    expect(taken).toMatchObject({
      rows: { in: 31, accepted: 31, held: 0, rejected: 0, withoutVolume: 0 },
      volumes: { in: '179200.000', accepted: '179200.000' },
      stored: 31,
    })
    // 30 × 5,500 + 13,000 = 178,000 < 31 × 6,000 = 186,000.
    const claim = await town.claim('2026-01')
    expect(claim).toMatchObject({
      number: 'S2026-000001',
      fee: '275280.00',
      corrected: '0.00',
      carriedIn: '0.00',
      payable: '275280.00',
    })
    await town.approve(claim)
    expect(await books()).toEqual({ expense: '275280.00', payable: '-275280.00', appropriation: '0.00' })
    town.on('2026-02-20')
    await town.pay(claim)
    expect(await books()).toEqual({ expense: '275280.00', payable: '0.00', appropriation: '-275280.00' })
    expect((await claimOf(claim.number)).steps.map(({ step, personName }) => [step, personName])).toEqual([
      ['claimed', '示例plant-operator'],
      ['reviewed', '示例brigade'],
      ['approved', '审批乙'],
      ['paid', '示例finance'],
      ['reconciled', '示例finance-2'],
    ])
  })

  it('February: two days out of compliance; the brigade returns the claim, the plant claims anew', async () => {
    town.on('2026-03-03')
    const others = { 5: { m3: '9000', cod: '60' }, 6: { m3: '9000', cod: '80' } }
    await town.bring(town.monthFile('2026-02', { m3: '9000' }, others))
    // 26 × 9,000 + 4,500 + 0 = 238,500 > 168,000; × 1.48 = 352,980.00, less 5,000.00.
    const first = await town.claim('2026-02')
    expect(first).toMatchObject({ number: 'S2026-000002', fee: '347980.00', payable: '347980.00' })
    await done(returnClaim(town.services, by('brigade'), { number: first.number, reason: '2月6日 COD 请复核' }))
    // The laboratory found 48 mg/L for the 6th: the row differs from what is stored and waits for the bureau.
    const corrected = await town.bring(town.file(['日期,处理水量,出水COD', '2026-02-06,9000,48']))
    expect(corrected).toMatchObject({ rows: { held: 1 }, reasons: { plant_day_differs: 1 } })
    const accepted = { importId: corrected.importId, rowNos: [3], reason: '复核化验单' }
    expect(await done(acceptPlantRows(town.services, by('clerk'), accepted))).toMatchObject({ stored: 1 })
    // 27 × 9,000 + 4,500 = 247,500 × 1.48.
    const second = await town.claim('2026-02')
    expect(second).toMatchObject({ number: 'S2026-000003', fee: '366300.00', payable: '366300.00' })
    await town.approve(second)
    town.on('2026-03-18')
    await town.pay(second)
    expect(await books()).toEqual({ expense: '641580.00', payable: '0.00', appropriation: '-641580.00' })
  })

  it('March: a flow meter of January is corrected after its payment and goes into this claim', async () => {
    town.on('2026-04-02')
    await town.bring(town.monthFile('2026-03', { m3: '8000' }))
    const late = await town.bring(town.file(['日期,处理水量,COD', '2026-01-15,25000,30', '2026-02-05,9000,60']))
    expect(late).toMatchObject({
      rows: { in: 2, accepted: 1, held: 1 },
      unchanged: 1,
      reasons: { plant_day_differs: 1, plant_volume_implausible: 1, plant_day_unchanged: 1 },
    })
    await done(
      acceptPlantRows(town.services, by('clerk'), { importId: late.importId, rowNos: [3], reason: '流量计检定' }),
    )
    // January again: 29 × 5,500 + 13,000 + 13,000 = 185,500, still below 186,000: nothing changes.
    expect(await town.claim('2026-03')).toMatchObject({ number: 'S2026-000004', fee: '367040.00', corrected: '0.00' })
    await done(returnClaim(town.services, by('brigade'), { number: 'S2026-000004', reason: '1月16日一并更正' }))
    const more = await town.bring(town.file(['日期,处理水量,COD', '2026-01-16,8500,30']))
    await done(
      acceptPlantRows(town.services, by('clerk'), { importId: more.importId, rowNos: [3], reason: '流量计检定' }),
    )
    // 28 × 5,500 + 8,500 + 26,000 = 188,500 × 1.48 = 278,980.00; 275,280.00 were settled.
    const claim = await town.claim('2026-03')
    expect(claim).toMatchObject({
      number: 'S2026-000005',
      fee: '367040.00',
      corrected: '3700.00',
      payable: '370740.00',
    })
    expect((await claimOf(claim.number)).calculation.corrections).toEqual([
      { month: '2026-01', settledBefore: '275280.00', computedNow: '278980.00', difference: '3700.00' },
    ])
    await town.approve(claim)
    await town.pay(claim)
    expect(await books()).toEqual({ expense: '1012320.00', payable: '0.00', appropriation: '-1012320.00' })
  })

  it('explains a claim line by line in either language', async () => {
    const { calculation } = await claimOf('S2026-000001')
    expect(explainClaim(calculation, 'zh')).toEqual([
      '2026-01 处理水量 179,200 m³',
      'TX-2026　2026-01-01 – 2026-01-31（31 天）：实际处理 179,200 m³',
      '  一、日上限：178,000 m³',
      '    2026-01-31：14,200 按 13,000 计',
      '  三、保底（按月平均，设计规模的 60 %）：186,000 m³，高于计费水量，按 186,000 m³ 付费',
      '  186,000 m³ × 1.48 元/m³ = 275,280.00 元',
      '当月服务费 275,280.00 元',
      '应付 275,280.00 元　人民币贰拾柒万伍仟贰佰捌拾元整',
    ])
    const february = (await claimOf('S2026-000002')).calculation
    expect(explainClaim(february, 'en')).toEqual([
      '2026-02: 252,000 m³ treated',
      'TX-2026  2026-02-01 – 2026-02-28 (28 days): 252,000 m³ treated',
      '  Step 2, less days out of compliance: 238,500 m³',
      '    2026-02-05: COD 60 (limit 50), 50 % unpaid, 9,000 counts as 4,500 m³',
      '    2026-02-06: COD 80 (limit 50), 100 % unpaid, 9,000 counts as 0 m³',
      '  Step 3, guarantee (month’s average, 60 % of the design): 168,000 m³',
      '  238,500 m³ × 1.48 yuan/m³ = 352,980.00 yuan',
      'Deduction: COD beyond its limit, 1 day, 5,000.00 yuan',
      '  taken off 5,000.00 yuan (at most the month’s own amount)',
      'Fee of the month 347,980.00 yuan',
      'Payable 347,980.00 yuan',
    ])
  })

  it('computes every claim again as it stood, and ties its accounts', async () => {
    expect(await verifySettlement(town.services)).toEqual({ claims: 5, faults: [] })
    const ties = await settlementTieOut(town.services.db)
    expect(
      ties.map(({ accountCode, books: of, subledger }) => [accountCode, moneyText(of), moneyText(subledger)]),
    ).toEqual([
      ['service_fee_expense', '1012320.00', '1012320.00'],
      ['service_fee_appropriation', '-1012320.00', '-1012320.00'],
    ])
  })

  it('what was paid stands in the year’s public account of the use of the fee', async () => {
    for (const [year, used] of [
      [2025, '0.00'],
      [2026, '1012320.00'],
    ] as const) {
      const { use } = await disclosureOf(town.services.db, year, '2026-12-31', usesOfFee)
      expect(use).toContainEqual({ item: { zh: '污水处理服务费', en: 'service fee of the plants' }, amount: used })
    }
  })

  it('a claim that facts have overtaken is not reviewed', async () => {
    town.on('2026-05-04')
    await town.bring(town.monthFile('2026-04', { m3: '8000' }))
    const { number, digest } = await town.claim('2026-04')
    const change = await town.bring(town.file(['日期,处理水量,COD', '2026-04-10,8100,30']))
    await done(
      acceptPlantRows(town.services, by('clerk'), { importId: change.importId, rowNos: [3], reason: '流量计检定' }),
    )
    expect(await refusedWith(reviewClaim(town.services, by('brigade'), { number, digestSeen: digest }))).toBe(
      'claim_overtaken',
    )
  })
})
