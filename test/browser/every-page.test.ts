import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reachOf } from '../../src/platform/authorisation/authorisation.ts'
import { sites } from '../../src/sites.ts'
import {
  byKeyboard,
  hasBrowser,
  openBrowser,
  openWindow,
  picture,
  sideways,
  signIn,
  violations,
  type Window,
  widths,
} from './browser.ts'
import { type DemoOffice, openDemoOffice } from './demo-office.ts'
import { askAs, derivedAddress, followLinks, type Place } from './links.ts'

const routes = sites.flatMap(({ pages }) => pages)
const paths = routes.map(({ path }) => path)

/** Nobody, who sees the pages of the door. */
const nobody = ''
const doors: Readonly<Record<string, string>> = {
  '/': '/',
  '/sign-in': '/sign-in',
  '/sign-in/code': '/sign-in/code',
  '/invitation': '/invitation?token=unknown',
}
/** What these show is a refusal: an invitation that nobody was sent. */
const refusing = ['/invitation']

/** Of what these are about there is nothing in the demo. */
const without: readonly string[] = [
  '/account/sessions/{session}/end',
  '/check/{paper}',
  '/office/bill-corrections/{proposal}',
  '/office/bill-corrections/{proposal}/approval',
  '/office/bill-corrections/{proposal}/return',
  '/office/bill-runs/{run}/approval',
  '/office/bill-runs/{run}/discarding',
  '/office/bill-runs/{run}/drafts/{account}',
  '/office/bill-runs/{run}/return',
  '/office/calendars/proposals/{proposal}',
  '/office/calendars/proposals/{proposal}/approval',
  '/office/calendars/proposals/{proposal}/return',
  '/office/case-reports/{proposal}',
  '/office/case-reports/{proposal}/approval',
  '/office/case-reports/{proposal}/return',
  '/office/discretion-grids/new',
  '/office/discretion-grids/proposals/{proposal}',
  '/office/discretion-grids/proposals/{proposal}/approval',
  '/office/discretion-grids/proposals/{proposal}/return',
  '/office/enforcement-steps/{proposal}',
  '/office/enforcement-steps/{proposal}/approval',
  '/office/enforcement-steps/{proposal}/return',
  '/office/evidence/pack',
  '/office/filings/{filing}/{seq}',
  '/office/objections/{objection}',
  '/office/objections/{objection}/answer',
  '/office/order-drafts/{proposal}',
  '/office/order-drafts/{proposal}/approval',
  '/office/order-drafts/{proposal}/return',
  '/office/own-sources/declarations/{proposal}',
  '/office/own-sources/declarations/{proposal}/approval',
  '/office/own-sources/declarations/{proposal}/return',
  '/office/own-sources/rated-flows/{proposal}',
  '/office/own-sources/rated-flows/{proposal}/approval',
  '/office/own-sources/rated-flows/{proposal}/return',
  '/office/own-sources/waiting/{proposal}',
  '/office/payments/trials/{work}',
  '/office/payments/trials/{work}/again',
  '/office/proposals/{proposal}',
  '/office/quality/grade-proposals/{proposal}',
  '/office/quality/grade-proposals/{proposal}/approval',
  '/office/quality/grade-proposals/{proposal}/return',
  '/office/quality/limits/proposals/{proposal}',
  '/office/quality/limits/proposals/{proposal}/approval',
  '/office/quality/limits/proposals/{proposal}/return',
  '/office/quality/referral-proposals/{proposal}',
  '/office/quality/referral-proposals/{proposal}/approval',
  '/office/quality/referral-proposals/{proposal}/return',
  '/office/quality/referrals/{number}',
  '/office/quality/referrals/{number}/reply',
  '/office/quality/samples/imports/{import}',
  '/office/quality/samples/imports/{import}/rows',
  '/office/readings/trials/{work}',
  '/office/readings/trials/{work}/again',
  '/office/readings/trials/{work}/columns',
  '/office/receipts/notice',
  '/office/refunds/{proposal}',
  '/office/refunds/{proposal}/approval',
  '/office/refunds/{proposal}/return',
  '/office/remittance/fee-proposals/{proposal}',
  '/office/remittance/fee-proposals/{proposal}/approval',
  '/office/remittance/fee-proposals/{proposal}/return',
  '/office/remittance/settlement-proposals/{proposal}',
  '/office/remittance/settlement-proposals/{proposal}/approval',
  '/office/remittance/settlement-proposals/{proposal}/return',
  '/office/remittance/sold-volumes',
  '/office/remittance/treasury/{import}',
  '/office/remittance/treasury/{import}/rows/{row}',
  '/office/remittance/write-off-proposals/{proposal}',
  '/office/remittance/write-off-proposals/{proposal}/approval',
  '/office/remittance/write-off-proposals/{proposal}/return',
  '/office/rosters/{version}/changes',
  '/office/settlement/agreement-ends/{proposal}',
  '/office/settlement/agreement-ends/{proposal}/approval',
  '/office/settlement/agreement-ends/{proposal}/return',
  '/office/settlement/agreement-proposals/{proposal}',
  '/office/settlement/agreement-proposals/{proposal}/approval',
  '/office/settlement/agreement-proposals/{proposal}/return',
  '/office/settlement/imports/{import}/rows',
  '/office/settlement/imports/{import}/rows/{row}/correction',
  '/office/settlement/template',
  '/office/template-proposals/{proposal}',
  '/office/template-proposals/{proposal}/approval',
  '/office/template-proposals/{proposal}/return',
  '/office/works/{work}',
  '/portal/cases/{number}',
  '/portal/cases/{number}/defence',
  '/portal/cases/{number}/hearing',
  '/portal/filings/{filing}/{seq}',
  '/portal/orders/{number}',
  '/portal/orders/{number}/defence',
  '/sign-out',
]

describe.runIf(hasBrowser)('every page in a browser', () => {
  let office: DemoOffice
  let browser: Browser
  const places = new Map<string, Place>()
  const files = new Set<string>()
  const dead: string[] = []
  const windows = new Map<string, Window>()

  const windowOf = async (code: string, language: 'zh' | 'en'): Promise<Window> => {
    const key = `${code} ${language}`
    const known = windows.get(key)
    if (known !== undefined) return known
    const person = office.people.find((each) => each.code === code)
    const opened = await openWindow(browser, { language, width: widths.desk })
    windows.set(key, opened)
    const other = windows.get(`${code} ${language === 'zh' ? 'en' : 'zh'}`)
    if (other !== undefined) await opened.context.addCookies(await other.context.cookies())
    else if (person !== undefined) await signIn(opened.page, office.address, person)
    return opened
  }

  /** Where a page stands that no link leads to now, for the first person who may open it. */
  async function deriveRest(): Promise<void> {
    for (const { path, permits } of routes) {
      if (places.has(path) || files.has(path)) continue
      const address = derivedAddress(path, places)
      const ofPortal = path.startsWith('/portal')
      const person = office.people.find(
        ({ role }) =>
          (role === 'enterprise_user') === ofPortal && (permits === undefined || reachOf([role], permits) !== 'none'),
      )
      if (address === undefined || person === undefined) continue
      const { status, html } = await askAs((await windowOf(person.code, 'zh')).page, office.address)(address)
      if (status !== 200) continue
      if (html === undefined) files.add(path)
      else places.set(path, { address, person: person.code })
    }
  }

  beforeAll(async () => {
    office = await openDemoOffice()
    browser = await openBrowser()
    for (const [path, address] of Object.entries(doors)) places.set(path, { address, person: nobody })
    for (const { code } of office.people) {
      const { page } = await windowOf(code, 'zh')
      const found = await followLinks(paths, code === 'enterprise' ? '/portal' : '/office', askAs(page, office.address))
      dead.push(...found.dead.map((each) => `${code} ${each}`))
      for (const file of found.files) files.add(file)
      for (const [path, address] of found.places) if (!places.has(path)) places.set(path, { address, person: code })
    }
    await deriveRest()
  })
  afterAll(async () => {
    await browser?.close()
    await office?.stop()
  })

  it('opens whatever a page links to, for whoever it is shown to', () => {
    expect(dead).toEqual([])
    expect(office.failures()).toEqual([])
  })

  it('finds every page but those of which there is nothing', () => {
    expect(paths.filter((path) => !places.has(path) && !files.has(path)).toSorted()).toEqual(without.toSorted())
  })

  it.each(paths.filter((path) => !without.includes(path)))(
    '%s has no violation, scrolls up and down only, and speaks both languages',
    async (path) => {
      if (files.has(path)) return
      const place = places.get(path)
      if (place === undefined) throw new Error('nobody is led there')
      for (const [language, width, other] of [
        ['zh', widths.phone, widths.desk],
        ['en', widths.desk, widths.phone],
      ] as const) {
        const { page, complaints } = await windowOf(place.person, language)
        await page.setViewportSize({ width, height: 900 })
        const response = await page.goto(office.address + place.address)
        expect(office.failures()).toEqual([])
        if (!refusing.includes(path)) expect(response?.status(), `${place.address} as ${place.person}`).toBe(200)
        const name = `${path.slice(1).replaceAll('/', '-') || 'front'}-${language}`
        await picture(page, `${name}-${width}`)
        expect(await violations(page), `${name} at ${width}`).toEqual([])
        expect(await sideways(page), `${name} at ${width}`).toBe(0)
        await page.setViewportSize({ width: other, height: 900 })
        await picture(page, `${name}-${other}`)
        expect(await sideways(page), `${name} at ${other}`).toBe(0)
        expect(complaints()).toEqual([])
      }
    },
  )

  it('is walked by the keyboard alone, and shows where it is', async () => {
    for (const [path, code] of [
      ['/office/bills', 'clerk'],
      ['/portal', 'enterprise'],
    ] as const) {
      const { page } = await windowOf(code, 'zh')
      await page.setViewportSize({ width: widths.desk, height: 900 })
      await page.goto(office.address + path)
      expect(await byKeyboard(page), path).toEqual({ missed: [], unseen: [] })
    }
  })
})
