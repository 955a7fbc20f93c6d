import { afterAll, beforeAll, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts'
import type { CommandAnswer } from '../../src/platform/command.ts'
import type { Json } from '../../src/platform/platform.tables.ts'
import { drawReconciliation } from '../../src/remittance/draw-reconciliation.ts'
import { drawStatement } from '../../src/remittance/draw-statement.ts'
import { listStatements } from '../../src/remittance/statement.queries.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { allHolds, FiscalTown } from '../support/fiscal-town.ts'
import { by, done } from '../support/office.ts'

/** How often each word was said: `done` for an answer, the code of a refusal. */
async function said<Answer extends Json>(
  outcomes: readonly Promise<CommandAnswer<Answer> | Refusal>[],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of await Promise.all(outcomes)) {
    const word = isRefusal(outcome) ? outcome.code : 'done'
    counts[word] = (counts[word] ?? 0) + 1
  }
  return counts
}

/** 1,000.00 of the first quarter, by many people at once. */
onEveryDatabase('Many hands at once', (connection) => {
  let fiscal: FiscalTown
  let statement = ''
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract())
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A1', '1000.00', '2026-03-15'))
    fiscal.on('2026-04-02')
  })
  afterAll(() => fiscal.leave())
  const twenty = <T>(one: (index: number) => T): T[] => Array.from({ length: 20 }, (_, index) => one(index))

  it('draw one statement of a period, and one command repeated answers the same each time', async () => {
    const period = { collectorCode: 'water', period: '2026-Q1' }
    const repeated = { actor: 'collector-1', commandId: 'drawn-many-times' }
    const answers = await Promise.all(twenty(() => drawStatement(fiscal.services, repeated, period)))
    const numbers = answers.map((each) => (isRefusal(each) ? each.code : each.answer.statement))
    expect(new Set(numbers)).toEqual(new Set(['R2026-0001']))
    const others = await said(twenty(() => fiscal.draw('2026-Q1')))
    expect(others['done']).toBeUndefined()
    expect(await listStatements(fiscal.services.db, { limit: 10 })).toHaveLength(1)
    statement = 'R2026-0001'
  })

  it('review and approve it once', async () => {
    expect((await said(twenty(() => fiscal.review(statement))))['done']).toBe(1)
    const decisions = twenty((index) => (index % 2 === 0 ? fiscal.approve(statement) : fiscal.giveBack(statement)))
    expect((await said(decisions))['done']).toBe(1)
  })

  it('hand in and confirm the money once', async () => {
    const standing = (await listStatements(fiscal.services.db, { limit: 10 })).find(({ state }) => state === 'approved')
    if (standing === undefined) {
      // It was returned: the company draws it anew.
      statement = (await fiscal.sign('2026-Q1')).statement
    }
    expect((await said(twenty(() => fiscal.voucher(statement, '1000.00', 'V1'))))['done']).toBe(1)
    const confirming = twenty((index) =>
      fiscal.confirm('1', `国库${index}`, {}, index % 2 === 0 ? 'treasurer' : 'treasurer-2'),
    )
    expect((await said(confirming))['done']).toBe(1)
    expect(await fiscal.statement(statement)).toMatchObject({ received: '1000.00', balance: '0.00' })
  })

  it('draw one reconciliation of a quarter', async () => {
    const quarter = { collectorCode: 'water', quarter: '2026-Q1' }
    expect((await said(twenty(() => drawReconciliation(fiscal.services, by('clerk'), quarter))))['done']).toBe(1)
    expect(await fiscal.holds()).toEqual(allHolds)
  })
})
