import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { inviteEnterpriseUser } from '../../src/platform/sign-in/enterprise-user.ts'
import { sites } from '../../src/sites.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { pagesOver } from '../support/pages.ts'
import type { SmallTown } from '../support/small-town.ts'
import { townOfEverything } from '../support/town-of-everything.ts'

/** Every page that is a list, by its address: it is asked for a sort and for a file. */
const lists = sites.flatMap(({ pages }) =>
  pages.filter(({ query }) => 'sort' in query.shape && 'as' in query.shape).map(({ path }) => path),
)
/** Lists of one thing, with the page that leads to one of them. */
const ledBy: Readonly<Record<string, string>> = {
  '/office/bill-runs/{run}/exceptions': '/office/bill-runs/1',
  '/office/journal/accounts/{account}': '/office/journal',
  '/office/payments/imports/{import}': '/office/payments/imports',
  '/office/readings/imports/{import}': '/office/readings/imports',
  '/office/registry/imports/{import}': '/office/registry',
  '/office/remittance/reconciliations/{reconciliation}/users': '/office/remittance/reconciliations',
  '/office/remittance/statements/{statement}/lines': '/office/remittance/statements',
  '/office/rosters/{version}/changes': '/office/rosters',
}

/** Columns that no column of a query answers for: words that pages or later stages make of a row, files, amounts of JSON. */
const unsorted: Readonly<Record<string, readonly string[]>> = {
  '/office/audit': ['内容'],
  '/office/bills': ['状态'],
  '/office/proposals': ['对象'],
  '/office/filings': ['附件'],
}
/** The handful of collectors, each with a file to take along: nothing to look for. */
const unfiltered = ['/office/registry/export']

interface Sheet {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
/** A file of comma-separated values as this system writes it. */
function sheetOf(csv: string): Sheet {
  const rows: string[][] = []
  for (const line of csv.replace('\uFEFF', '').trimEnd().split('\r\n'))
    rows.push(
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
    )
  const [titles = [], ...rest] = rows
  return { titles, rows: rest }
}
const headsOf = (html: string) =>
  [...html.matchAll(/<th scope="col"(?: class="([^"]*)")?[^>]*>([\s\S]*?)<\/th>/g)].map(
    ([, kind = '', inside = '']) => ({
      isNumber: kind.split(' ').includes('number'),
      sort: /sort=(\w+)/.exec(inside)?.[1],
      title: inside.replaceAll(/<[^>]*>/g, '').replace(/ [↑↓]$/, ''),
    }),
  )
const listed = (html: string): string => /<table class="list">[\s\S]*?<\/thead>/.exec(html)?.[0] ?? ''

onEveryDatabase('the lists of the sites', (connection) => {
  let town: SmallTown
  const pages = pagesOver(() => town.services)
  beforeAll(async () => {
    town = await townOfEverything(connection())
    const person = { code: 'lin', name: '林会计', discharger: 'P1001' }
    await done(inviteEnterpriseUser(town.services, by('admin'), person, findDischarger))
  })
  afterAll(() => town.leave())
  const see = async (path: string, as = 'chief') => {
    const { status, text } = await pages.ask(path, as)
    expect(status, path).toBe(200)
    return text
  }
  /** The address of a list; of one thing, whichever the page before leads to. */
  const addressOf = async (path: string): Promise<string> => {
    const from = ledBy[path]
    if (from === undefined) return path
    const [upTo = '', after = ''] = path.split(/\{\w+\}/)
    const one = new RegExp(`"(${upTo}(?!new|upload)[^/"?]+)`).exec(await see(from))?.[1]
    expect(one, from).toBeDefined()
    return `${one}${after}`
  }

  it('are all known', () => {
    expect(lists.length).toBeGreaterThan(45)
    for (const path of [...Object.keys(unsorted), ...unfiltered, ...Object.keys(ledBy)]) expect(lists).toContain(path)
  })

  it('have no column of what is done for whom nothing is to be done, nor have the tables of a thing', async () => {
    for (const [path, who] of [
      ['/office/contacts', 'chief'],
      ['/office/dischargers/P1001', 'chief'],
      ['/office/collectors', 'chief'],
      ['/office/staff/clerk', 'admin'],
    ] as const) {
      expect(
        headsOf(await see(path, who)).map(({ title }) => title),
        path,
      ).toContain('办理')
      expect(
        headsOf(await see(path, 'auditor')).map(({ title }) => title),
        path,
      ).not.toContain('办理')
    }
  })

  describe.each(lists)('%s', (path) => {
    const as = path.startsWith('/portal') ? 'lin' : 'chief'
    it('sorts by every column, up and down, and has the same rows in any order', async () => {
      const at = await addressOf(path)
      const html = listed(await see(at, as))
      if (html === '') return
      const heads = headsOf(html)
      const { titles, rows } = sheetOf(await see(`${at}?as=csv`, as))
      const names = heads.map(({ title }) => title)
      // What is pressed is in no file, and in no order.
      const fixed = heads.filter(({ sort, title }) => sort === undefined && titles.includes(title))
      expect(fixed.map(({ title }) => title)).toEqual(unsorted[path] ?? [])
      expect(new Set(names).size).toBe(names.length)
      const everyRow = rows.map(String).sort()
      for (const { sort, title, isNumber } of heads) {
        if (sort === undefined) continue
        const [up, down] = [
          sheetOf(await see(`${at}?as=csv&sort=${sort}`, as)),
          sheetOf(await see(`${at}?as=csv&sort=${sort}&dir=desc`, as)),
        ]
        expect(up.rows.map(String).sort(), title).toEqual(everyRow)
        expect(down.rows.map(String), title).toEqual(up.rows.map(String).reverse())
        expect(listed(await see(`${at}?sort=${sort}`, as)), title).toContain('aria-sort="ascending"')
        if (!isNumber) continue
        const numbers = up.rows
          .map((row) => row[titles.indexOf(title)] ?? '')
          .filter((value) => value !== '')
          .map(Number)
        expect(numbers, title).toEqual([...numbers].sort((one, other) => one - other))
      }
    })

    it('is filtered by whatever its row of filters offers', async () => {
      const at = await addressOf(path)
      const html = await see(at, as)
      const form = /<form class="filters"[\s\S]*?<\/form>/.exec(html)?.[0]
      expect(form === undefined).toBe(unfiltered.includes(path))
      for (const [, name = '', rest = ''] of form?.matchAll(/ name="([^"]+)"([\s\S]*?)(?:<\/div>)/g) ?? []) {
        const offered = [...rest.matchAll(/<option value="([^"]+)"/g)].map(([, value = '']) => value)
        const typed = offered[0] ?? (/placeholder="(2026[^"]*)"/.exec(rest)?.[1] || '1001')
        expect(await see(`${at}?${name}=${encodeURIComponent(typed)}`, as), name).toContain('class="filters"')
      }
    })
  })
})
