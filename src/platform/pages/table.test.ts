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

it('sorts by any column what can be counted, and beyond that by those in whose order an index has it', async () => {
  const db = connection?.db
  if (db === undefined) throw new Error('no database')
  const shown = async (most: number, sort: string) => {
    const route = tablePage<Row, Record<never, never>, Record<never, never>>('/many', {
      title: { zh: '事实', en: 'facts' },
      permits: 'bills.read',
      columns: ['id', 'twin'].map((name) => ({
        key: name,
        title: { zh: name, en: name },
        cell: ({ id }) => `no. ${id}`,
        text: ({ id }) => `${id}`,
        sort: name,
      })),
      rows: () => sql<Row>`select id, -id as twin from generate_series(1, ${sql.lit(most)}) as n(id)`,
      order: { by: 'id', direction: 'desc' },
      indexed: ['id'],
      unique: 'id',
      file: { zh: '事实', en: 'facts' },
      empty: () => ({ text: '' }),
    })
    const url = new URL('http://127.0.0.1/many')
    const asked = { services: { db }, query: { sort, dir: 'asc' }, say: sayIn('en'), url, may: () => true }
    const html = String(((await route.get(asked as unknown as PageAsked)) as PageContent).body)
    return {
      first: /no\. (\d+)/.exec(html)?.[1],
      links: [...html.matchAll(/sort=(\w+)/g)].map(([, name]) => name),
      says: html.includes('filter first to sort'),
    }
  }
  const both = { links: ['id', 'twin'], says: false }
  expect(await shown(countLimit, 'twin')).toEqual({ first: `${countLimit}`, ...both })
  expect(await shown(countLimit, 'id')).toEqual({ first: '1', ...both })
  const few = { links: ['id'], says: true }
  expect(await shown(countLimit + 1, 'id')).toEqual({ first: '1', ...few })
  // What was asked for is not done: the list stands in the order it opens with.
  expect(await shown(countLimit + 1, 'twin')).toEqual({ first: `${countLimit + 1}`, ...few })
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
