import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { feeMonth } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { pdfPrinter } from '../../src/platform/documents/pdf-printer.ts'
import { declareVolume } from '../../src/remittance/declare-volume.ts'
import { drawReconciliation } from '../../src/remittance/draw-reconciliation.ts'
import { printRemittance } from '../../src/remittance/print-remittance.ts'
import { findReconciliation } from '../../src/remittance/reconciliation.queries.ts'
import { reconciliationJson } from '../../src/remittance/remittance.json.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { allHolds, FiscalTown } from '../support/fiscal-town.ts'
import { by, done } from '../support/office.ts'
import { PagePerson } from '../support/page-person.ts'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'

/** January is declared whole, February in one category of two, March not at all. */
onEveryDatabase('A quarter of which the company did not declare everything', (connection) => {
  let fiscal: FiscalTown
  const declare = (month: string, category: string, volumeM3: string) =>
    done(
      declareVolume(fiscal.services, by('collector-1'), {
        collectorCode: 'water',
        feeMonth: feeMonth(month),
        category,
        volumeM3,
        document: `申报 ${month}`,
      }),
    )
  const json = async () => {
    const found = await findReconciliation(fiscal.services.db, 'Q2026-0001')
    if (isRefusal(found)) throw new Error(found.code)
    return reconciliationJson(found)
  }

  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await done(fiscal.contract())
    await fiscal.town.enrol('1001')
    await fiscal.town.enrol('1002', { category: 'resident' })
    let start = '0'
    for (const [month, today, on, end] of [
      ['2026-01', '2026-02-03', '2026-01-31', '100'],
      ['2026-02', '2026-03-03', '2026-02-28', '200'],
      ['2026-03', '2026-04-02', '2026-03-31', '300'],
    ] as const) {
      fiscal.on(today)
      await fiscal.town.read(
        month,
        ['1001', '1002'].map((account) => ({ account, start, end, on })),
      )
      await fiscal.town.bill(month)
      start = end
    }
    await declare('2026-01', 'non-resident', '110')
    await declare('2026-01', 'resident', '0')
    await declare('2026-02', 'non-resident', '120')
    await done(drawReconciliation(fiscal.services, by('clerk'), { collectorCode: 'water', quarter: '2026-Q1' }))
  })
  afterAll(() => fiscal.leave())

  it('has what was not declared as unknown, and a declared 0 as 0', async () => {
    const { content, cells } = await json()
    expect(content.months).toEqual([
      { month: '2026-01', soldM3: '110.000', readM3: '200.000', billedM3: '200.000', unbilledM3: '-90.000' },
      { month: '2026-02', soldM3: null, readM3: '200.000', billedM3: '200.000', unbilledM3: null },
      { month: '2026-03', soldM3: null, readM3: '200.000', billedM3: '200.000', unbilledM3: null },
    ])
    expect(cells.map(({ feeMonth: month, category, soldM3 }) => [month, category, soldM3])).toEqual([
      ['2026-01', 'non-resident', '110.000'],
      ['2026-01', 'resident', '0.000'],
      ['2026-02', 'non-resident', '120.000'],
      ['2026-02', 'resident', null],
      ['2026-03', 'non-resident', null],
      ['2026-03', 'resident', null],
    ])
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('says so on its page and on paper', async () => {
    const parts = partsOnNode((_, error) => {
      throw error
    })
    const app = createApp(() => fiscal.services, { access: { kind: 'development', actor: 'clerk' }, parts })
    const { text } = await new PagePerson(app, 'clerk').see('/office/remittance/reconciliations/Q2026-0001')
    const months = /抄见与开账[\s\S]*?<\/table>/
      .exec(text)?.[0]
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
    expect(months).toContain('2026-03 — 200 200 —')
    const printed = await printRemittance(fiscal.services.db, await pdfPrinter(undefined), 'Q2026-0001')
    if (isRefusal(printed)) throw new Error(printed.code)
    expect(textOfPdf(printed.bytes).flatMap(linesOfPage)).toContain('2026-03 — 200 200 —')
  })

  it('stays as it was drawn; what is declared later belongs to the next one', async () => {
    await declare('2026-03', 'non-resident', '100')
    const found = await json()
    expect(found.content.months[2]).toMatchObject({ soldM3: null })
  })
})
