import { describe, expect, it } from 'vitest'
import { feeMonth } from '../kernel/calendar.ts'
import type { AccountId, BillRunId, RosterVersionId } from '../kernel/ids.ts'
import type { BillRun } from './bill.queries.ts'
import { differenceTable, runSummaryLines } from './bills.cli.ts'
import type { RunSummary } from './run-summary.ts'

const run: BillRun = {
  runId: '1' as BillRunId,
  feeMonth: feeMonth('2026-03'),
  purpose: 'regular',
  scope: { kind: 'all' },
  rosterVersionId: '1' as RosterVersionId,
  makerName: '示例经办',
  makerCode: 'clerk',
  state: 'open',
  issued: undefined,
}

function summary(parts: Partial<RunSummary>): RunSummary {
  return {
    runId: run.runId,
    feeMonth: run.feeMonth,
    digest: 'e3b0c44298fc1c149afbf4c8996fb924',
    census: { roster: 6, billedBefore: 0, billed: 6, held: 0, exempt: 0 },
    drafted: 6,
    complete: true,
    factsChanged: false,
    bills: 6,
    adjustments: 0,
    trueUpsLeft: 0,
    volumeM3: '600.000',
    amount: '840.00',
    amountByMonth: {},
    heldByCode: {},
    outliers: [],
    outlierCount: 0,
    brake: [],
    ...parts,
  }
}

describe('a run on the command line', () => {
  it('says that it was stopped half-way, where its census cannot add up', () => {
    const census = { roster: 6, billedBefore: 0, billed: 2, held: 0, exempt: 0 }
    const stopped = summary({ census, drafted: 2, complete: false })
    expect(runSummaryLines(run, stopped, 'zh')).toContain(
      '▲ 试算只完成 2 / 6 户，须算完再审批：qingliu bills draft 2026-03',
    )
    expect(runSummaryLines(run, stopped, 'en').join('\n')).toContain('only 2 of 6 accounts are drafted')
  })
  it('says that facts were added since it was drafted', () => {
    expect(runSummaryLines(run, summary({ factsChanged: true }), 'zh').join('\n')).toContain('试算之后资料有变动')
  })
  it('says neither of a finished one', () => {
    expect(runSummaryLines(run, summary({}), 'zh').join('\n')).not.toContain('▲')
  })
})

describe('differences on the command line', () => {
  it('have their amounts as everywhere, and a dash where nothing can be billed', () => {
    const note = { zh: '抄表变化', en: 'a reading changed' }
    const account = { accountId: '1' as AccountId, accountNo: '1001', note }
    const lines = differenceTable(
      [
        { ...account, number: '2026-000001', billed: '4388.47', now: '24573.78', difference: '20185.31' },
        { ...account, number: '2026-000002', billed: '140.00', now: '—', difference: '—' },
      ],
      'zh',
    )
    expect(lines.at(-2)).toContain('4,388.47  24,573.78  20,185.31')
    expect(lines.at(-1)).toMatch(/140\.00 +— +—/)
  })
})
