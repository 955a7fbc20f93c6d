import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { type Volume, volumeText } from '../../src/kernel/volume.ts'
import { pdfPrinter } from '../../src/platform/documents/pdf-printer.ts'
import { openTable } from '../../src/platform/tables/read-table.ts'
import { approveConcession, approveConcessionEnd, returnConcession } from '../../src/settlement/approve-concession.ts'
import { findClaim } from '../../src/settlement/claim.queries.ts'
import { explainClaim } from '../../src/settlement/claim-explanation.ts'
import { claimServiceFee } from '../../src/settlement/claim-service-fee.ts'
import { acceptPlantRows, correctPlantRow, rejectPlantRows } from '../../src/settlement/decide-plant-rows.ts'
import { exportPlantRows, writePlantDaysTemplate } from '../../src/settlement/export-plant-rows.ts'
import { importPlantDays } from '../../src/settlement/import-plant-days.ts'
import { plantRowsOf } from '../../src/settlement/plant-import.queries.ts'
import { exportClaim, printClaim } from '../../src/settlement/print-claim.ts'
import { proposeConcession } from '../../src/settlement/propose-concession.ts'
import { proposeConcessionEnd } from '../../src/settlement/propose-concession-end.ts'
import type { ServiceFeeClaim } from '../../src/settlement/service-fee-claim.ts'
import { approveClaim, payClaim, reconcileClaim, returnClaim, reviewClaim } from '../../src/settlement/take-step.ts'
import { settlementTieOut, verifySettlement } from '../../src/settlement/verify-settlement.ts'
import { waterBalance } from '../../src/settlement/water-balance.ts'
import { refusalOf } from '../db/ground.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, found, refusedWith } from '../support/office.ts'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'
import { exampleTerms, PlantTown } from '../support/plant.ts'

onEveryDatabase('Concession agreements', (connection) => {
  let town: PlantTown
  beforeAll(async () => {
    town = await PlantTown.found(connection())
  })
  afterAll(() => town.leave())

  it.each([
    [
      'a gap between prices',
      { prices: [price('2026-01-01', '2026-06-01'), price('2026-07-01', null)] },
      'prices[1].from',
    ],
    [
      'overlapping prices',
      { prices: [price('2026-01-01', '2026-06-01'), price('2026-05-01', null)] },
      'prices[1].from',
    ],
    ['prices that end', { prices: [price('2026-01-01', '2026-06-01')] }, 'prices'],
    ['prices that begin late', { prices: [price('2026-01-02', null)] }, 'prices[0].from'],
    ['no price', { prices: [] }, 'prices'],
    ['a price that is no number', { prices: [{ ...price('2026-01-01', null), perM3: '1,48' }] }, 'prices[0].perM3'],
    ['a cap of zero', { dailyCap: '0' }, 'dailyCap'],
    ['no design', { designM3PerDay: '' }, 'designM3PerDay'],
    ['a guarantee above the design', guaranteed('1.1'), 'guarantee.shares[0].share'],
    ['an unknown indicator', { indicators: [{ ...cod, code: 'mercury' }] }, 'indicators.mercury'],
    ['an indicator twice', { indicators: [cod, cod] }, 'indicators.cod'],
    ['no limit', { indicators: [{ ...cod, max: null }] }, 'indicators.cod'],
    ['steps that begin above 0', { indicators: [{ ...cod, steps: cod.steps.slice(1) }] }, 'indicators.cod.steps'],
    [
      'a reward on what is not measured',
      { reward: { perM3: '0.1', limits: [{ code: 'ammonia', max: '1' }] } },
      'reward.limits.ammonia',
    ],
  ])('are refused with %s', async (_what, terms, where) => {
    const refused = await proposeConcession(town.services, by('clerk'), town.agreement(terms))
    if (!isRefusal(refused)) throw new Error('it was not refused')
    expect(refused.code).toBe('concession_faulty')
    expect(refused.sentence('zh')).toContain(where)
    expect(refused.sentence('en')).toContain(where)
  })

  it('need another person, hold alone, and end once', async () => {
    const { services } = town
    const propose = (more = {}) => proposeConcession(services, by('both'), town.agreement({}, more))
    const { proposalId, digest } = await done(propose())
    expect(await refusedWith(propose())).toBe('concession_waiting')
    expect(await refusedWith(approveConcession(services, by('both'), { proposalId }))).toBe('proposal_own_work')
    await done(returnConcession(services, by('approver'), { proposalId, reason: '单价不符', what: 'agreement' }))
    const again = await done(propose())
    expect(again.digest).toBe(digest)
    await done(approveConcession(services, by('approver'), { proposalId: again.proposalId, digestSeen: digest }))
    expect(await refusedWith(propose())).toBe('concession_code_taken')
    expect(await refusedWith(propose({ code: 'TX-2' }))).toBe('concession_overlaps')
    expect(await refusedWith(propose({ code: 'TX-2', plant: 'bureau' }))).toBe('plant_unknown')

    const end = { code: 'TX-2026', until: civilDate('2026-07-01'), reason: '期满' }
    const ending = await done(proposeConcessionEnd(services, by('both'), end))
    expect(await refusedWith(approveConcessionEnd(services, by('both'), ending))).toBe('proposal_own_work')
    await done(approveConcessionEnd(services, by('approver'), ending))
    expect(await refusedWith(proposeConcessionEnd(services, by('clerk'), end))).toBe('concession_ended')
    await town.putInForce(town.agreement({ ...later('2026-07-01') }, { code: 'TX-2', validFrom: '2026-07-01' }))
    expect(
      await refusalOf(
        services.db,
        `update concession_agreements set valid_until = '2026-08-01' where code = 'TX-2026'`,
      ),
    ).toEqual({ state: 'QL002' })
    expect(await refusalOf(services.db, `update concession_agreements set terms = '{}' where code = 'TX-2'`)).toEqual({
      state: 'QL002',
    })
  })

  function price(from: string, until: string | null) {
    return { from, until, perM3: '1.48' }
  }
  function guaranteed(share: string) {
    const shares = [{ from: '2026-01-01', until: null, share }]
    return { guarantee: { basis: 'month' as const, daysOutOfCompliance: 'kept' as const, shares } }
  }
  function later(from: string) {
    return { prices: [price(from, null)], guarantee: null }
  }
})
const cod = exampleTerms.indicators[0] as (typeof exampleTerms.indicators)[number]

onEveryDatabase('Files of a plant', (connection) => {
  let town: PlantTown
  beforeAll(async () => {
    town = await PlantTown.found(connection())
    await town.putInForce()
    town.on('2026-02-03')
  })
  afterAll(() => town.leave())

  it('have a verdict for every row, and the same file changes nothing the second time', async () => {
    const path = town.file([
      '日期,处理水量(m³),进水量,出水COD(mg/L),备注',
      '2026-01-01,9000,9100,30,',
      '2026/1/2,九千,9100,30,',
      '2026-01-03,9000,12000,30,',
      '2026-01-04,0,,,检修',
      '2026-01-05,25000,,30,',
      '2026-01-06,9000,,,',
      '2026-01-07,9000,,30,',
      '2026-01-07,9001,,30,',
      '2026-02-03,9000,,30,',
      '2025-12-31,9000,,30,',
      ',9000,,30,',
      '2026-01-08,,,30,',
      '2026-01-09,9000,,-3,',
      '合计,99999,,,',
    ])
    const taken = await town.bring(path)
    expect(taken).toMatchObject({
      rows: { in: 13, accepted: 1, held: 7, rejected: 5, withoutVolume: 2 },
      stored: 1,
      reasons: {
        plant_cell_unreadable: 2,
        plant_day_in_future: 1,
        plant_day_missing: 1,
        plant_day_twice_in_file: 2,
        plant_day_without_agreement: 1,
        plant_inflow_differs: 1,
        plant_standstill: 1,
        plant_treated_missing: 1,
        plant_value_missing: 1,
        plant_volume_implausible: 1,
      },
    })
    expect(taken.volumes).toEqual({
      in: '106001.000',
      accepted: '9000.000',
      held: '70001.000',
      rejected: '27000.000',
    })
    const again = await importPlantDays(town.services, by('plant-operator-2'), { plantCode: 'plant', path })
    expect(again).toMatchObject({ answer: taken })
    const { rows } = await sql`select from plant_days`.execute(town.services.db)
    expect(rows.length).toBe(1)
  })

  it('are of one’s own plant; held rows are the bureau’s to accept', async () => {
    const { services } = town
    const path = town.monthFile('2026-01', { m3: '9000' })
    expect(await refusedWith(importPlantDays(services, by('other-plant-operator'), { plantCode: 'plant', path }))).toBe(
      'plant_of_others',
    )
    const input = { importId: '1', rowNos: [6], reason: '检修停运' }
    expect(await refusedWith(acceptPlantRows(services, by('plant-operator'), input))).toBe('role_missing')
    expect(await refusedWith(acceptPlantRows(services, by('clerk'), { ...input, reason: ' ' }))).toBe(
      'settlement_needs_reason',
    )
    expect(await refusedWith(acceptPlantRows(services, by('clerk'), { ...input, rowNos: [4] }))).toBe(
      'plant_row_needs_correction',
    )
    expect(await refusedWith(acceptPlantRows(services, by('clerk'), { ...input, rowNos: [99] }))).toBe(
      'plant_rows_unknown',
    )
    expect(await done(acceptPlantRows(services, by('clerk'), input))).toMatchObject({ decided: 1, stored: 1 })
    expect(await refusedWith(acceptPlantRows(services, by('clerk'), input))).toBe('plant_rows_unknown')
    const values = { 出水COD: '31' }
    const correction = { importId: '1', rowNo: 8, values, reason: '补录化验单' }
    expect(await done(correctPlantRow(services, by('plant-operator'), correction))).toMatchObject({ stored: 1 })
    const toBureau = { importId: '1', rowNo: 5, values: { 进水量: '11000' }, reason: '复核' }
    expect(await refusedWith(correctPlantRow(services, by('plant-operator'), toBureau))).toBe('plant_row_by_bureau')
    expect(
      await done(correctPlantRow(services, by('plant-operator'), { ...toBureau, values: { 进水量: '9100' } })),
    ).toMatchObject({ stored: 1 })
    expect(
      await refusedWith(correctPlantRow(services, by('plant-operator'), { ...toBureau, values: { 原因: 'x' } })),
    ).toBe('plant_field_unknown')
    const reject = { importId: '1', rowNos: [10], reason: '重复' }
    expect(await done(rejectPlantRows(services, by('plant-operator'), reject))).toMatchObject({ decided: 1 })
    expect(
      await done(acceptPlantRows(services, by('clerk'), { importId: '1', rowNos: [9], reason: '以此为准' })),
    ).toMatchObject({ stored: 1 })
  })

  it('go back to Excel with reasons, and take their rows over when they come again', async () => {
    const { services } = town
    const out = town.file([''], 'held').replace('.csv', '.out.csv')
    expect(await exportPlantRows(services.db, { importId: '1', path: out, undecided: true })).toMatchObject({ rows: 7 })
    const { readFileSync, writeFileSync } = await import('node:fs')
    const text = readFileSync(out, 'utf8')
    expect(text.split('\n')[0]).toContain('导入批次,原行号,结论,原因,建议')
    writeFileSync(out, text.replace('九千', '8800'))
    const back = await town.bring(out)
    expect(back).toMatchObject({ rows: { in: 7, accepted: 1 }, stored: 1, superseded: 7 })
    expect(await plantRowsOf(services.db, '1' as never, { undecided: true })).toHaveLength(0)
  })

  it('have a blank form', async () => {
    for (const ending of ['xlsx', 'csv']) {
      const path = town.file([''], 'form').replace('csv', ending)
      expect(await writePlantDaysTemplate(path)).toBeUndefined()
      const read = await importPlantDays(town.services, by('plant-operator'), { plantCode: 'plant', path })
      if (isRefusal(read)) expect(read.code).toBe('plant_days_file_empty')
      else expect(read.answer.rows.in).toBeGreaterThan(0)
    }
  })
})

onEveryDatabase('Claims of a plant', (connection) => {
  let town: PlantTown
  const claimOf = async (number: string) => (await findClaim(town.services.db, number)) as ServiceFeeClaim
  beforeAll(async () => {
    town = await PlantTown.found(connection())
    const steps = [{ from: '0', unpaidShare: '1', deduction: '20000.00' }]
    await town.putInForce(town.agreement({ guarantee: null, indicators: [{ ...cod, steps }] }))
    town.on('2026-02-03')
  })
  afterAll(() => town.leave())
  const claim = (month: string, as = 'plant-operator', plant = 'plant') =>
    claimServiceFee(town.services, by(as), { plant, month: feeMonth(month) })

  it('are made by the plant, of a month that is over and recorded, in order', async () => {
    expect(await refusedWith(claim('2026-02'))).toBe('claim_month_open')
    expect(await refusedWith(claim('2026-01', 'clerk'))).toBe('role_missing')
    expect(await refusedWith(claim('2026-01', 'other-plant-operator'))).toBe('plant_of_others')
    expect(await refusedWith(claim('2026-01'))).toBe('plant_days_missing')
    await town.bring(town.monthFile('2026-01', { m3: '1000' }))
    expect(await done(claim('2026-01'))).toMatchObject({ number: 'S2026-000001', fee: '45880.00' })
    expect(await refusedWith(claim('2026-01'))).toBe('claim_exists')
    town.on('2026-03-02')
    expect(await refusedWith(claim('2026-02'))).toBe('claim_before_undecided')
    town.on('2026-04-02')
    expect(await refusedWith(claim('2026-03'))).toBe('claim_out_of_order')
  })

  it('pass from hand to hand: each step in its turn, by its role, each by another person', async () => {
    const { services } = town
    const { number, digest } = await claimOf('S2026-000001')
    const seen = { number, digestSeen: digest }
    expect(await refusedWith(approveClaim(services, by('approver'), seen))).toBe('claim_step_not_next')
    expect(await refusedWith(reviewClaim(services, by('approver'), seen))).toBe('role_missing')
    expect(await refusedWith(approveClaim(services, by('brigade'), seen))).toBe('role_missing')
    expect(await refusedWith(reviewClaim(services, by('brigade'), { number, digestSeen: 'deadbeef' }))).toBe(
      'claim_digest_differs',
    )
    expect(await refusedWith(reviewClaim(services, by('brigade'), { number: 'S2026-9', digestSeen: digest }))).toBe(
      'claim_unknown',
    )
    expect(await refusedWith(returnClaim(services, by('finance'), { number, reason: '早了' }))).toBe(
      'claim_step_not_next',
    )
    await done(reviewClaim(services, by('brigade'), seen))
    await sql`insert into staff_roles (staff_id, role, valid_from) select id, 'bureau_approver', '2026-01-01' from staff where code = 'brigade'`.execute(
      services.db,
    )
    expect(await refusedWith(approveClaim(services, by('brigade'), seen))).toBe('claim_own_step')
    await done(approveClaim(services, by('approver'), seen))
    const paid = { number, amount: '45880.00', on: civilDate('2026-04-02'), reference: 'PZ-1' }
    expect(await refusedWith(payClaim(services, by('finance'), { ...paid, amount: '45880.01' }))).toBe(
      'claim_amount_differs',
    )
    expect(await refusedWith(payClaim(services, by('finance'), { ...paid, reference: '' }))).toBe(
      'claim_reference_missing',
    )
    expect(await refusedWith(payClaim(services, by('finance'), { ...paid, on: civilDate('2026-04-03') }))).toBe(
      'claim_day_malformed',
    )
    expect(await refusedWith(reconcileClaim(services, by('finance'), paid))).toBe('claim_step_not_next')
    await done(payClaim(services, by('finance'), paid))
    expect(await refusedWith(returnClaim(services, by('finance-2'), { number, reason: '晚了' }))).toBe(
      'claim_step_not_next',
    )
    expect(await refusedWith(reconcileClaim(services, by('finance'), paid))).toBe('claim_own_step')
    await done(reconcileClaim(services, by('finance-2'), { ...paid, reference: 'DZ-1' }))
    expect((await claimOf(number)).steps.at(-1)).toMatchObject({ step: 'reconciled', reference: 'DZ-1' })
  })

  it('stand on paper and in a workbook, line by line, with who took which step and the amount in capitals', async () => {
    const { db } = town.services
    const number = 'S2026-000001'
    const printed = await found(printClaim(db, await pdfPrinter(undefined), number))
    const lines = textOfPdf(printed.bytes).flatMap(linesOfPage)
    const claim = await claimOf(number)
    for (const step of explainClaim(claim.calculation, 'zh').slice(0, 3))
      expect(lines.join('').replaceAll(/\s/g, '')).toContain(step.replaceAll(/\s/g, ''))
    expect(lines).toEqual(expect.arrayContaining(['应付金额 45,880.00', '应付金额大写：人民币肆万伍仟捌佰捌拾元整']))
    expect(lines.filter((line) => line.startsWith('TX-2026 2026-01-'))).toHaveLength(31)
    expect(lines.some((line) => line.startsWith('已核对') && line.endsWith('DZ-1'))).toBe(true)
    expect(await refusedWith(printClaim(db, await pdfPrinter(undefined), 'S2026-9'))).toBe('claim_unknown')

    const path = join(mkdtempSync(join(tmpdir(), 'qingliu-claim-')), 'claim.xlsx')
    await found(exportClaim(db, number, path))
    const workbook = await openTable({ path, name: 'claim.xlsx' })
    if (isRefusal(workbook)) throw new Error(workbook.sentence('en'))
    const cells: string[] = []
    for await (const block of workbook.blocks())
      if (!isRefusal(block)) cells.push(...block.rows.flatMap(({ cells: of }) => of))
    await workbook.close()
    expect(cells).toEqual(expect.arrayContaining([number, '45880.00 元（人民币肆万伍仟捌佰捌拾元整）', '已核对']))
    expect(await refusedWith(exportClaim(db, 'S2026-9', path))).toBe('claim_unknown')
  })

  it('carry what is below zero into the next, pay nothing then, and keep the books', async () => {
    await town.bring(town.monthFile('2026-02', { m3: '100' }))
    // January was out of compliance on one day, as it turns out: 30,000 − … and 20,000 less than was paid.
    const late = await town.bring(town.file(['日期,处理水量,COD', '2026-01-09,1000,51']))
    await done(acceptPlantRows(town.services, by('clerk'), { importId: late.importId, rowNos: [3], reason: '复核' }))
    const february = await done(claim('2026-02'))
    // 28 × 100 × 1.48 = 4,144.00; January is 44,400.00 − 20,000.00 = 24,400.00 instead of 45,880.00.
    expect(february).toMatchObject({ fee: '4144.00', corrected: '-21480.00', payable: '0.00' })
    await town.approve(february)
    const nothing = { number: february.number, amount: '0.00', on: civilDate('2026-04-02'), reference: 'PZ-2' }
    expect(await refusedWith(payClaim(town.services, by('finance'), nothing))).toBe('claim_nothing_to_pay')
    await town.bring(town.monthFile('2026-03', { m3: '1000' }))
    const march = await done(claim('2026-03'))
    expect(march).toMatchObject({ fee: '45880.00', corrected: '0.00', carriedIn: '-17336.00', payable: '28544.00' })
    expect(
      await refusedWith(returnClaim(town.services, by('finance'), { number: february.number, reason: '不同意' })),
    ).toBe('claim_has_successor')
    await town.approve(march)
    await town.pay(march)
    const ties = await settlementTieOut(town.services.db)
    expect(
      ties.map(({ accountCode, books, subledger }) => [accountCode, moneyText(books), moneyText(subledger)]),
    ).toEqual([
      ['service_fee_expense', '74424.00', '74424.00'],
      ['service_fee_appropriation', '-74424.00', '-74424.00'],
    ])
    expect(await verifySettlement(town.services)).toEqual({ claims: 3, faults: [] })
  })

  it('are returned by finance with their booking, and claimed again under the next number', async () => {
    town.on('2026-05-04')
    await town.bring(town.monthFile('2026-04', { m3: '1000' }))
    const first = await town.claim('2026-04')
    await town.approve(first)
    await done(returnClaim(town.services, by('finance'), { number: first.number, reason: '缺少发票' }))
    const second = await town.claim('2026-04')
    expect([first.number, second.number, second.payable]).toEqual(['S2026-000004', 'S2026-000005', '44400.00'])
    expect(await verifySettlement(town.services)).toEqual({ claims: 5, faults: [] })
    const ties = await settlementTieOut(town.services.db)
    expect(ties.every(({ books, subledger }) => books.eq(subledger))).toBe(true)
  })

  it('hold by the database itself: persons, order, amounts, purses', async () => {
    const { db } = town.services
    const step = (columns: string) => `
      insert into service_fee_steps (claim_id, step, after_step, person_id, acted_on, reason, reference, amount, command_id, recorded_at)
      select c.id, ${columns}, c.command_id, now() from service_fee_claims c, staff s where c.number = 5`
    const of = (code: string) =>
      `s.id, '2026-05-04', '', '', null`.replace('s.id', `(select id from staff where code = '${code}')`)
    const one = (text: string) => text.replace('staff s where', "staff s where s.code = 'admin' and")
    expect(await refusalOf(db, one(step(`'reviewed', 'claimed', ${of('plant-operator')}`)))).toEqual({
      state: '23505',
      constraint: 'one_person_one_step',
    })
    expect(await refusalOf(db, one(step(`'approved', 'claimed', ${of('approver')}`)))).toEqual({
      state: '23514',
      constraint: 'steps_in_order',
    })
    expect(await refusalOf(db, one(step(`'approved', 'reviewed', ${of('approver')}`)))).toMatchObject({
      state: '23503',
    })
    expect(await refusalOf(db, one(step(`'returned', 'claimed', ${of('brigade')}`)))).toEqual({
      state: '23514',
      constraint: 'returned_with_reason',
    })
    expect(await refusalOf(db, `update service_fee_claims set fee_amount = 1`)).toEqual({ state: 'QL001' })
    expect(await refusalOf(db, `delete from plant_days`)).toEqual({ state: 'QL001' })
    expect(
      await refusalOf(
        db,
        `with e as (insert into journal_entries (command_id, entry_on, memo, document_count, recorded_at)
           select command_id, '2026-05-04', 'mixed', 1, now() from commands limit 1 returning id)
         insert into postings (entry_id, line_no, account_code, amount)
           select e.id, line.* from e, (values (1, 'service_fee_payable', 5.00), (2, 'collector_held', -5.00)) line`,
      ),
    ).toEqual({ state: 'QL024' })
    const { rows } = await sql<{ mixed: number }>`
      select count(*)::int as mixed from (select entry_id from postings group by entry_id
        having bool_or(starts_with(account_code, 'service_fee_')) and not bool_and(starts_with(account_code, 'service_fee_'))) m`.execute(
      db,
    )
    expect(rows).toEqual([{ mixed: 0 }])
  })

  it('stand beside what was sold and billed; what nobody was billed for yet is unknown, not none', async () => {
    const [january] = await waterBalance(town.services.db, { until: feeMonth('2026-01') })
    const text = (m3: Volume | null | undefined) => m3 && volumeText(m3)
    expect(
      january && [
        january.month,
        text(january.soldM3),
        text(january.billedM3),
        text(january.inflowM3),
        text(january.inflowLessBilledM3),
        january.plantDays,
      ],
    ).toEqual(['2026-01', null, null, '31000.000', null, 31])
  })
})
