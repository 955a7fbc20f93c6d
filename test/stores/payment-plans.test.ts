import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { seedBills, seedPayments } from '../bench/billed-months.ts'
import { readsOf, someIds } from '../bench/payments.ts'
import { bigTables, scannedWhole } from '../bench/plans.ts'
import { seedRegistry } from '../bench/seed.ts'
import { onEveryDatabase } from '../support/databases.ts'

/** 12 months of 4,000 accounts, 2 % unpaid and 3 % paid late: large enough that reading a table whole would not pay. */
onEveryDatabase('Reads of bills and what is overdue', (connection) => {
  beforeAll(async () => {
    await seedRegistry(connection(), 4_000)
    await seedBills(connection().db, 12)
    await seedPayments(connection().db)
    await sql`analyze`.execute(connection().db)
  })

  it('find what they look for', async () => {
    const { db } = connection()
    const reads = readsOf(await someIds(db))
    const [overdue, classes] = [await reads['overdue list, first page'](db), await reads.ageing(db)]
    expect(overdue).toHaveLength(50)
    const { rows } = await sql<{ bills: number }>`
      select count(*)::int as bills from open_items where outstanding > 0 and due_on < '2026-04-13'`.execute(db)
    expect(classes.reduce((sum, { bills }) => sum + bills, 0)).toBeGreaterThanOrEqual(rows[0]?.bills ?? Number.NaN)
    expect(await reads['bills of one enterprise'](db)).toHaveLength(12)
  })

  it('read no big table from end to end, as the planner finds by itself', async () => {
    const { db } = connection()
    for (const [name, read] of Object.entries(readsOf(await someIds(db)))) {
      const whole = await scannedWhole(db, read)
      expect(
        whole.filter((table) => (bigTables as readonly string[]).includes(table)),
        name,
      ).toEqual([])
    }
  })

  it('and a read that does is caught', async () => {
    const whole = await scannedWhole(connection().db, (db) => sql`select sum(payable) from open_items`.execute(db))
    expect(whole).toEqual(['open_items'])
  })
})
