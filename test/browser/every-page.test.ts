import { createHash } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { recordStep } from '../../src/enforcement/take-step.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { receiveObjection } from '../../src/payments/objections.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import type { Connection } from '../../src/platform/database.ts'
import { inviteEnterpriseUser } from '../../src/platform/sign-in/enterprise-user.ts'
import { sites } from '../../src/sites.ts'
import { testDatabases } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import type { SmallTown } from '../support/small-town.ts'
import { townOfEverything } from '../support/town-of-everything.ts'
import { byKeyboard, hasBrowser, openBrowser, openWindow, picture, sideways, violations, widths } from './browser.ts'
import { samplePath } from './samples.ts'
import { type Served, serveSites } from './served.ts'

/** Of what these are about there is nothing in the town. */
const without = ['/office/works/{work}']

/** Addresses that answer with a file, which a browser saves instead of showing. */
const isFile = (path: string) => /\/(pdf|chart|file)$|\/filings\/\{filing\}\/\{seq\}$/.test(path)
const pages = sites.flatMap(({ site, pages: routes }) =>
  routes.flatMap(({ path }) =>
    isFile(path) ? [] : [{ path, as: site.prefix === '/office' ? 'chief' : 'accountant' }],
  ),
)

/** A month that waits for its approval; a payment of the enterprise that looks, its case as told, and what it filed. */
async function leaveOpen(town: SmallTown): Promise<void> {
  const paid = {
    collectorCode: 'water',
    reference: 'T9',
    accountNo: '1006',
    amount: '100.00',
    paidOn: civilDate('2026-05-05'),
  }
  await done(recordPayment(town.services, by('clerk'), paid))
  await town.read('2026-04', [{ account: '1001', volume: '90', on: '2026-04-30' }])
  await town.draft('2026-04')
  const bytes = new TextEncoder().encode('扫描件')
  const paper = { name: '扫描件.pdf', digest: createHash('sha256').update(bytes).digest('hex'), bytes }
  const fields = { how: 'direct', to: '张三', capacity: 'mail_receiver' }
  const served = { log: 'case', number: '2026-0001', step: 'notice_served', fields, evidence: paper } as const
  await done(recordStep(town.services, by('clerk'), served))
  const person = { code: 'accountant', name: '示例会计', discharger: 'P1006' }
  await done(inviteEnterpriseUser(town.services, by('admin'), person, findDischarger))
  const [bill] = await town.bills('1006', '2026-03')
  const objection = { bill: bill?.number ?? '', from: '示例会计', grounds: '表计故障，请检定。', evidence: '' }
  await done(receiveObjection(town.services, by('accountant'), { ...objection, attachments: [paper] }))
}

describe.runIf(hasBrowser)('every page in a browser', () => {
  let connection: Connection
  let town: SmallTown
  let served: Served
  let browser: Browser
  beforeAll(async () => {
    const [database] = testDatabases
    if (database === undefined) throw new Error('there is no database to test on')
    connection = await database.open()
    town = await townOfEverything(connection)
    await leaveOpen(town)
    served = await serveSites(() => town.services)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
    town?.leave()
    await connection?.close()
  })

  it.each(pages)(
    '$path has no violation, scrolls up and down only, and speaks both languages',
    async ({ path, as }) => {
      const sample = await samplePath(connection.db, path)
      if (sample === undefined) return expect(without, 'samples.ts finds nothing for its parameter').toContain(path)
      for (const [language, width, other] of [
        ['zh', widths.phone, widths.desk],
        ['en', widths.desk, widths.phone],
      ] as const) {
        const { page, context, complaints } = await openWindow(browser, { as, language, width })
        const response = await page.goto(served.address + sample)
        expect(served.failures()).toEqual([])
        expect(response?.status(), sample).toBe(200)
        const name = `${path.slice(1).replaceAll('/', '-') || 'front'}-${language}`
        await picture(page, `${name}-${width}`)
        expect(await violations(page), `${name} at ${width}`).toEqual([])
        expect(await sideways(page), `${name} at ${width}`).toBe(0)
        await page.setViewportSize({ width: other, height: 900 })
        await picture(page, `${name}-${other}`)
        expect(await sideways(page), `${name} at ${other}`).toBe(0)
        expect(complaints()).toEqual([])
        await context.close()
      }
    },
  )

  it('is walked by the keyboard alone, and shows where it is', async () => {
    for (const [path, as] of [
      ['/office/bills', 'chief'],
      ['/portal', 'accountant'],
    ] as const) {
      const { page, context } = await openWindow(browser, { as, language: 'zh', width: widths.desk })
      await page.goto(served.address + path)
      expect(await byKeyboard(page), path).toEqual({ missed: [], unseen: [] })
      await context.close()
    }
  })
})
