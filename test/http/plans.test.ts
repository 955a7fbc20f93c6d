import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { typesAsText } from '../../src/platform/connect-postgres.ts'
import type { Connection } from '../../src/platform/database.ts'
import type { PlatformTables } from '../../src/platform/platform.tables.ts'
import { type Api, apiOver } from '../support/api.ts'
import { testDatabases } from '../support/databases.ts'
import { pagesOver } from '../support/pages.ts'
import { SmallTown } from '../support/small-town.ts'

/** Lists that grow without end. Short ones (settings, staff, schedules) are read whole and cut. */
const lists = [
  '/audit-events',
  '/proposals',
  '/dischargers',
  '/accounts',
  '/accounts?collector=water',
  '/rosters/1/collectors/water/entries',
  '/readings/imports',
  '/readings/imports/1/rows',
  '/bill-runs',
  '/bills',
  '/bills?month=2026-02',
  '/bills?run=1',
  '/payments',
  '/payments/imports',
  '/credits',
  '/outstanding',
  '/objections',
  '/journal/entries',
  '/works',
]

/** The same of the office: lists without end, in the order they open with and in those that an index has. */
const pages = [
  '/office/audit',
  '/office/security-events',
  '/office/proposals',
  '/office/dischargers',
  '/office/accounts',
  '/office/bills',
  '/office/bills?sort=fee_month&dir=desc',
  '/office/bills?month=2026-02',
  '/office/payments',
  '/office/credits',
  '/office/outstanding',
  '/office/receipts',
  '/office/filings',
  '/office/messages',
  '/office/contacts',
  '/office/journal/entries',
]

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly PlanNode[]
}
const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** The holders and categories of one account are a handful with their names, and put in order for each. */
const handfuls = [
  ['account_holders', 'dischargers'],
  ['account_categories', 'price_categories'],
]

for (const database of testDatabases.filter(({ name }) => name === 'postgres')) {
  describe('a page of a list that grows without end', () => {
    const asked: CompiledQuery[] = []
    let connection: Connection & { url?: string }
    let town: SmallTown
    let db: Kysely<PlatformTables>
    let api: Api
    let office: ReturnType<typeof pagesOver>

    beforeAll(async () => {
      connection = await database.open()
      town = await SmallTown.found(connection, '2026-01-20')
      for (const no of ['1001', '1002']) await town.enrol(no, { openedOn: '2026-02-01' })
      town.on('2026-03-03')
      await town.read(
        '2026-02',
        ['1001', '1002', '9999'].map((account) => ({ account, volume: '5', on: '2026-02-28' })),
      )
      await town.bill('2026-02')
      const pool = new pg.Pool({ connectionString: connection.url, max: 1, types: typesAsText })
      pool.on('error', () => undefined)
      db = new Kysely<PlatformTables>({
        dialect: new PostgresDialect({ pool }),
        log: (event) => void (event.level === 'query' && asked.push(event.query)),
      })
      // The tables are small, where reading all is cheapest: forbidden that, the planner shows what it can do.
      for (const off of ['enable_seqscan', 'enable_sort', 'enable_incremental_sort', 'enable_bitmapscan'])
        await db.executeQuery(CompiledQuery.raw(`set ${off} = off`))
      const services = () => ({ ...town.services, db, gathered: db })
      api = apiOver(services, { parts: partsOnNode(() => undefined) })
      office = pagesOver(services)
    })
    afterAll(async () => {
      await db.destroy()
      town.leave()
      await connection.close()
    })

    it.each(lists)('%s is found by an index, without sorting what comes before it', async (path) => {
      asked.length = 0
      // What was done by whom is for the auditor and the administrator alone.
      const asker = path === '/audit-events' ? { 'qingliu-actor': 'admin' } : {}
      expect((await api.get(path, asker)).status).toBe(200)
      await readsInOrder(/order by[^()]*limit \$\d+\s*$/i)
    })

    it.each(pages)('and so is the page %s', async (path) => {
      asked.length = 0
      expect((await office.ask(path, /audit|security/.test(path) ? 'admin' : 'clerk')).status).toBe(200)
      await readsInOrder(/order by[^()]*limit 50 offset 0\s*$/i)
    })

    async function readsInOrder(shape: RegExp): Promise<void> {
      const page = asked.findLast(({ sql }) => shape.test(sql))
      if (page === undefined) throw new Error(`no page was read: ${asked.map(({ sql }) => sql).join('\n')}`)
      const explained = await db.executeQuery<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
        CompiledQuery.raw(`explain (format json) ${page.sql}`, [...page.parameters]),
      )
      const nodes = explained.rows[0]?.['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan)) ?? []
      expect(nodes.length).toBeGreaterThan(1)
      const sorted = nodes
        .filter((node) => /Sort/.test(node['Node Type']))
        .map((node) => nodesOf(node).flatMap((below) => below['Relation Name'] ?? []))
      const isHandful = (relations: readonly string[]) =>
        handfuls.some((names) => relations.every((name) => names.includes(name)))
      expect(sorted.filter((relations) => !isHandful(relations))).toEqual([])
    }
  })
}

it('is looked at on PostgreSQL, where there is one', () => {
  expect(lists.length).toBeGreaterThan(15)
})
