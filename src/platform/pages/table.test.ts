import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectInMemory } from '../connect-embedded.ts'
import type { Connection } from '../database.ts'
import type { PageAsked, PageContent } from './page-route.ts'
import { sayIn } from './say.ts'
import { countLimit, tablePage } from './table.tsx'

interface Row {
  readonly id: number
}
let connection: Connection | undefined
beforeAll(async () => {
  connection = await connectInMemory()
  await sql`create table facts (id int primary key)`.execute(connection.db)
})
afterAll(async () => connection?.close())

const list = (onlyGrows: boolean, where: RawBuilder<unknown>) =>
  tablePage<Row, Record<never, never>, Record<never, never>>('/facts', {
    title: { zh: '事实', en: 'facts' },
    permits: 'bills.read',
    columns: [{ key: 'id', title: { zh: '号', en: 'no.' }, cell: ({ id }) => id, text: ({ id }) => `${id}` }],
    rows: () => sql<Row>`select id from facts where ${where}`,
    ...(onlyGrows ? { onlyGrows: true as const } : {}),
    order: { by: 'id', direction: 'asc' },
    unique: 'id',
    file: { zh: '事实', en: 'facts' },
    empty: () => ({ text: '' }),
  })

async function rowsSaid(route: ReturnType<typeof list>): Promise<string | undefined> {
  const asked = {
    services: { db: connection?.db },
    query: {},
    say: sayIn('en'),
    url: new URL('http://127.0.0.1/facts'),
    may: () => true,
  }
  const shown = (await route.get(asked as unknown as PageAsked)) as PageContent
  return /rows ([^<]*) of [^<]*/.exec(String(shown.body))?.[0]
}

it('counts rows that only grow until there are too many to count, and never again; others each time', async () => {
  const db = connection?.db
  if (db === undefined) throw new Error('no database')
  const all = sql`true`
  const few = sql`id <= ${60}`
  await sql`insert into facts select generate_series(1, ${countLimit})`.execute(db)
  expect(await rowsSaid(list(true, all))).toBe('rows 1–50 of 10,000')
  expect(await rowsSaid(list(true, few))).toBe('rows 1–50 of 60')
  await sql`insert into facts values (${countLimit + 1})`.execute(db)
  expect(await rowsSaid(list(true, all))).toBe('rows 1–50 of 10,000+')
  expect(await rowsSaid(list(false, all))).toBe('rows 1–50 of 10,000+')
  // What no fact does shows who counts.
  await sql`delete from facts where id > 70`.execute(db)
  expect(await rowsSaid(list(true, all))).toBe('rows 1–50 of 10,000+')
  expect(await rowsSaid(list(false, all))).toBe('rows 1–50 of 70')
  expect(await rowsSaid(list(true, few))).toBe('rows 1–50 of 60')
})
