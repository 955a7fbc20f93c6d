import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reachOf } from '../../src/platform/authorisation/authorisation.ts'
import { sites } from '../../src/sites.ts'
import {
  brokenNumbers,
  byKeyboard,
  hasBrowser,
  onPaper,
  openBrowser,
  openWindow,
  picture,
  sideways,
  sidewaysInside,
  signIn,
  violations,
  type Window,
  widths,
} from './browser.ts'
import { type DemoOffice, openDemoOffice } from './demo-office.ts'
import type { PickedFile } from './desk.ts'
import { askAs, derivedAddress, followLinks, type Place, routeOf as routeAmong } from './links.ts'
import { fileOfApril, paymentsOfMay } from './supplier-files.ts'

const routes = sites.flatMap(({ pages }) => pages)
const paths = routes.map(({ path }) => path)
const routeOf = routeAmong(paths)

/** Nobody, who sees the pages of the door. */
const nobody = ''
const doors: Readonly<Record<string, string>> = {
  '/': '/',
  '/sign-in': '/sign-in',
  '/sign-in/code': '/sign-in/code',
  '/invitation': '/invitation?token=unknown',
  '/disclosure': '/disclosure',
}
/** What these show is a refusal: an invitation that nobody was sent. */
const refusing = ['/invitation']

/** These show no page of their own. */
const without: Readonly<Record<string, string>> = {
  '/account/sessions/{session}/end': 'is pressed, on the page of the account',
  '/office/cases/{file}/hearing-notice': 'is printed from a form, where a hearing is asked for',
  '/office/enforcement-steps/{proposal}/paper':
    'is where a step rests on a paper; the one that the demo proposes has none',
  ...Object.fromEntries(
    [
      '/disclosure/{year}',
      '/disclosure/{year}/{release}',
      '/disclosure/{year}/{release}/file',
      '/office/remittance/disclosure-proposals/{proposal}',
      '/office/remittance/disclosure-proposals/{proposal}/approval',
      '/office/remittance/disclosure-proposals/{proposal}/return',
    ].map((path) => [path, 'needs a year that stands whole in the books; those of the demo began within theirs']),
  ),
  '/office/proposals/{proposal}': 'leads on to the page of its kind',
  '/sign-out': 'is pressed, on every page',
}

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
      if (address === undefined) continue
      const people = office.people.filter(
        ({ role }) =>
          (role === 'enterprise_user') === ofPortal && (permits === undefined || reachOf([role], permits) !== 'none'),
      )
      for (const { code } of people) {
        const { status, html } = await askAs((await windowOf(code, 'zh')).page, office.address)(address)
        if (status !== 200) continue
        if (html === undefined) files.add(path)
        else places.set(path, { address, person: code })
        break
      }
    }
  }

  /** A company tries a file: the trial and its work are pages of their own, for a while. */
  async function tryFile(upload: string, file: PickedFile, month?: string): Promise<void> {
    const { page } = await windowOf('gx-operator', 'zh')
    await page.goto(office.address + upload)
    if (month !== undefined) await page.fill('main [name=month]', month)
    await page.setInputFiles('main [name=file]', file)
    await page.click('main form button.primary')
    const ready = page.locator('main a[href*="/trials/"]').first()
    await ready.waitFor()
    for (const address of [page.url(), (await ready.getAttribute('href')) ?? '']) {
      const { pathname } = new URL(address, office.address)
      const path = routeOf(pathname)
      if (path !== undefined) places.set(path, { address: pathname, person: 'gx-operator' })
    }
  }

  /** The administrator makes a key, so that there is one to look at and to revoke. */
  async function makeKey(): Promise<void> {
    const { page } = await windowOf('admin', 'zh')
    await page.goto(`${office.address}/office/staff/gx-operator/keys/new`)
    await page.fill('main [name=name]', '营收系统对接')
    await page.check('main [value="readings.import"]')
    await page.click('main form button.primary')
    await page.click('main form button.primary')
    await page.locator('main .paper code').waitFor()
  }

  beforeAll(async () => {
    office = await openDemoOffice()
    browser = await openBrowser()
    for (const [path, address] of Object.entries({ ...doors, '/check/{paper}': office.checkPage }))
      places.set(path, { address, person: nobody })
    await tryFile('/office/readings/upload', fileOfApril(), '2026-04')
    await tryFile('/office/payments/upload', paymentsOfMay())
    await makeKey()
    const walked = new Set<string>()
    for (const { code, role } of office.people) {
      const { page } = await windowOf(code, 'zh')
      const home = role === 'enterprise_user' ? '/portal' : '/office'
      // Another person of the same role is shown the same pages, of other data.
      const most = walked.has(role) ? 1 : undefined
      walked.add(role)
      const found = await followLinks(paths, home, askAs(page, office.address), most)
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

  it('finds every page that there is', () => {
    expect(paths.filter((path) => !places.has(path) && !files.has(path)).toSorted()).toEqual(
      Object.keys(without).toSorted(),
    )
  })

  it.each(paths.filter((path) => !(path in without)))(
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
        expect(await brokenNumbers(page), `${name} at ${width}`).toEqual([])
        await page.setViewportSize({ width: other, height: 900 })
        await picture(page, `${name}-${other}`)
        expect(await sideways(page), `${name} at ${other}`).toBe(0)
        expect(await brokenNumbers(page), `${name} at ${other}`).toEqual([])
        if (path.startsWith('/portal')) {
          await page.setViewportSize({ width: widths.narrow, height: 900 })
          expect(await sidewaysInside(page), `tables of ${name} at ${widths.narrow}`).toEqual([])
        }
        expect(complaints()).toEqual([])
      }
    },
  )

  it('lays lists of many columns across the paper, and prints nothing that is only for the screen', async () => {
    const { page } = await windowOf('clerk', 'zh')
    for (const [path, lies] of [
      ['/office/overdue', 'across'],
      ['/office/bills', 'across'],
      ['/office/accounts', 'upright'],
      ['/office/cases/2026-0001', 'upright'],
    ] as const) {
      await page.goto(office.address + path)
      const paper = await onPaper(page)
      expect(paper.lies, path).toBe(lies)
      expect(paper.text, path).not.toMatch(/还缺什么|导出/)
    }
  })

  it('opens a row of a list by a click anywhere on it, and by the arrows and Enter', async () => {
    const { page } = await windowOf('clerk', 'zh')
    await page.setViewportSize({ width: widths.desk, height: 900 })
    const numberOf = (row: number) => page.locator('tbody tr').nth(row).locator('a.opens').innerText()
    const opened = async (how: () => Promise<void>) => {
      await Promise.all([page.waitForURL(/\/office\/bills\/\d/), how()])
      return page.locator('h1').innerText()
    }
    await page.goto(`${office.address}/office/bills`)
    const clicked = await numberOf(1)
    expect(await opened(() => page.locator('tbody tr').nth(1).locator('td').nth(3).click())).toContain(clicked)
    await page.goto(`${office.address}/office/bills`)
    const reached = await numberOf(2)
    await page.locator('tbody tr').first().focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key)
    expect(await opened(() => page.keyboard.press('Enter'))).toContain(reached)
  })

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
