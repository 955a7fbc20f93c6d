import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { shownBy } from '../../fixtures/totp.ts'
import type { Person } from './demo-office.ts'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const named = process.env['QINGLIU_BROWSER']
const installed = named ?? candidates.find((path) => existsSync(path))

/** Whether these tests can run. In CI they always do: without a browser they fail there. */
export const hasBrowser = installed !== undefined || process.env['CI'] === 'true'
if (!hasBrowser)
  process.stderr.write(
    'No browser is installed (apt-get install chromium fonts-noto-cjk): tests in a browser are left out.\n',
  )

/** Opens the browser without a window. */
export function openBrowser(): Promise<Browser> {
  if (installed === undefined) throw new Error('No browser is installed: apt-get install chromium fonts-noto-cjk')
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const args = [...quiet, '--no-sandbox', '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: installed, args })
}

/** A phone, one of the narrow ones, and a desk. */
export const widths = { phone: 390, narrow: 375, desk: 1280 } as const

export interface Window {
  readonly page: Page
  readonly context: BrowserContext
  /** What the console complained about since it was asked last: scripts that fail, policies that are broken. */
  readonly complaints: () => string[]
}

/** A window on a site, in a language, at a width; nobody is signed in. */
export async function openWindow(
  browser: Browser,
  { language, width }: { readonly language: 'zh' | 'en'; readonly width: number },
): Promise<Window> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
  })
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4/.test(message.text())) said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(error.message))
  return { page, context, complaints: () => said.splice(0) }
}

/** Signs a person in by the form, with the second factor of those who need one. */
export async function signIn(page: Page, address: string, person: Person): Promise<void> {
  await page.goto(`${address}/sign-in`)
  await page.fill('[name=code]', person.code)
  await page.fill('[name=password]', person.password)
  await page.click('main button[type=submit]')
  if (person.authenticatorKey === undefined) return
  // A code opens the door once. Those of the half minutes before and after count too, for clocks that differ.
  for (;;) {
    for (const offset of [0, 30_000, -30_000]) {
      await page.waitForURL(/\/sign-in\/code/)
      await page.fill('[name=code]', shownBy(person.authenticatorKey, new Date(Date.now() + offset)))
      await Promise.all([page.waitForNavigation(), page.click('main button[type=submit]')])
      if (!page.url().includes('/sign-in/code')) return
    }
    await page.waitForTimeout(5_000)
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds against a page, a line for each rule with the first places. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const results = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults
  return results.violations.map(({ id, nodes }) => {
    const places = nodes.slice(0, 3).map(({ target }) => target.join(' '))
    return `${id}: ${places.join(' | ')}`
  })
}

/** By how many pixels the page is wider than its window: none, for tables scroll in their own box. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - innerWidth)')

/** By how many pixels each table is wider than its box, of those that are. */
export const sidewaysInside = (page: Page): Promise<number[]> =>
  page.evaluate<number[]>(
    "[...document.querySelectorAll('.scroll')].map((box) => box.scrollWidth - box.clientWidth).filter((wider) => wider > 0)",
  )

const broken = `(() => {
  const range = document.createRange()
  const found = []
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('code, pre, textarea, .written') !== null) continue
    for (const match of node.data.matchAll(/[A-Z]?\\d{4}-[\\d-]*\\d|\\d[\\d,]*\\.\\d\\d/g)) {
      range.setStart(node, match.index)
      range.setEnd(node, match.index + match[0].length)
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(match[0])
    }
  }
  return found
})()`

/** Days, months, numbers of bills and papers, and amounts that stand on two lines. */
export const brokenNumbers = (page: Page): Promise<string[]> => page.evaluate<string[]>(broken)

/** Numbers everything on a page that can be pressed or filled in, and answers how each is called. */
const numberAll = `(() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  const shown = all.filter((each) => each.checkVisibility() && !each.disabled && each.tabIndex >= 0)
  return shown.map((each, index) => {
    each.dataset.walk = String(index)
    return each.tagName.toLowerCase() + ' ' + ((each.textContent ?? '').trim().slice(0, 30) || each.name || each.id)
  })
})()`
const whereNow = `(() => {
  const active = document.activeElement
  if (active === null || active === document.body) return null
  const { outlineStyle, outlineWidth } = getComputedStyle(active)
  return { walk: active.dataset.walk ?? '', shows: outlineStyle !== 'none' && outlineWidth !== '0px' }
})()`

/**
 * Goes through a page by the Tab key alone, from its top until it leaves the page. Answers what can be pressed and was not
 * reached, and what was reached and does not show that it is.
 */
export async function byKeyboard(page: Page): Promise<{ readonly missed: string[]; readonly unseen: string[] }> {
  const wanted = await page.evaluate<string[]>(numberAll)
  const reached = new Set<number>()
  const unseen: string[] = []
  for (let press = 0; press < wanted.length * 2 + 60; press += 1) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate<{ readonly walk: string; readonly shows: boolean } | null>(whereNow)
    if (at === null) break
    if (at.walk === '') continue
    if (reached.has(Number(at.walk))) break
    reached.add(Number(at.walk))
    if (!at.shows) unseen.push(wanted[Number(at.walk)] ?? '')
  }
  return { missed: wanted.filter((_, index) => !reached.has(index)), unseen }
}

/** How a page lies on paper, and what stands on it. */
export async function onPaper(page: Page): Promise<{ readonly lies: 'upright' | 'across'; readonly text: string }> {
  await page.emulateMedia({ media: 'print' })
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  const text = await page.locator('main').innerText()
  await page.emulateMedia({ media: null })
  const [, width = '0', height = '0'] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? []
  return { lies: Number(width) > Number(height) ? 'across' : 'upright', text }
}

const pictures = process.env['QINGLIU_SCREENSHOTS']

/** Keeps a picture of a page where a folder for pictures is named. */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name.replaceAll(/[^\p{L}\d-]+/gu, '_')}.png`), fullPage: true })
}
