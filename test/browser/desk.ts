import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openWindow, picture, signIn, widths } from './browser.ts'
import type { Person } from './demo-office.ts'

/** A file as somebody picks it from a folder. */
export interface PickedFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** Somebody at a screen who reads, clicks and types, and does nothing else: no address but that of the front door. */
export class Desk {
  readonly #page: Page
  readonly #name: string
  readonly #complaints: () => string[]
  #pictures = 0

  private constructor(page: Page, name: string, complaints: () => string[]) {
    this.#page = page
    this.#name = name
    this.#complaints = complaints
  }

  /** Signs somebody in, at a desk unless they hold a phone. */
  static async of(
    browser: Browser,
    address: string,
    person: Person,
    { width = widths.desk, language = 'zh' }: { readonly width?: number; readonly language?: 'zh' | 'en' } = {},
  ): Promise<Desk> {
    const { page, complaints } = await openWindow(browser, { language, width })
    page.setDefaultTimeout(patience)
    await signIn(page, address, person)
    return new Desk(page, `${person.code}-${language}-${width}`, complaints)
  }

  get #main(): Locator {
    return this.#page.locator('main')
  }

  /** What stands on the page now. */
  async reads(...words: readonly (string | RegExp)[]): Promise<void> {
    const text = (await this.#main.innerText()).replaceAll(/\s+/g, ' ')
    for (const each of words) expect(text).toMatch(typeof each === 'string' ? new RegExp(escaped(each)) : each)
    expect(this.#complaints()).toEqual([])
    this.#pictures += 1
    await picture(this.#page, `walk-${this.#name}-${String(this.#pictures).padStart(2, '0')}`)
  }

  /** That some words do not stand there. */
  async misses(...words: readonly string[]): Promise<void> {
    const text = await this.#main.innerText()
    for (const each of words) expect(text).not.toContain(each)
  }

  /** Goes somewhere by the menu at the side. */
  async menu(section: string, item: string): Promise<void> {
    const menu = this.#page.locator('nav.menu')
    const whole = menu.locator('> details > summary')
    if (await whole.isVisible())
      if ((await menu.locator('> details').getAttribute('open')) === null) await whole.click()
    const part = menu.locator('details.menu-section', {
      has: this.#page.locator('summary', { hasText: exactly(section) }),
    })
    if ((await part.getAttribute('open')) === null) await part.locator('summary').click()
    await part.getByRole('link', { name: item, exact: true }).click()
    await this.#page.waitForLoadState()
  }

  /** Presses the button or follows the link that is called so, in the content. */
  async press(name: string | RegExp): Promise<void> {
    const called = { name, exact: typeof name === 'string' }
    await this.#main.getByRole('button', called).or(this.#main.getByRole('link', called)).first().click()
    await this.#page.waitForLoadState()
  }

  /** Types into what has this label, picks from its list, or picks a file for it. */
  async enter(label: string, value: string | PickedFile): Promise<void> {
    const field = this.#main.getByLabel(label).first()
    if (typeof value !== 'string') return field.setInputFiles(value)
    if (await field.evaluate((element) => element.nodeName === 'SELECT')) await field.selectOption({ label: value })
    else await field.fill(value)
  }

  /** Opens the row of a list in which these words stand. */
  async openRow(words: string): Promise<void> {
    await this.#main.getByRole('row').filter({ hasText: words }).getByRole('link').first().click()
    await this.#page.waitForLoadState()
  }

  /** Checks the row of a list in which these words stand. */
  async check(words: string): Promise<void> {
    await this.#main.getByRole('row').filter({ hasText: words }).getByRole('checkbox').first().check()
  }

  /** Sends the form of the page: its one primary button. */
  async submit(): Promise<void> {
    await this.#main.locator('form button.primary').last().click()
    await this.#page.waitForLoadState()
  }

  /** Sees what will change, with these words in it, and only then confirms. */
  async confirms(...words: readonly string[]): Promise<void> {
    await this.reads('将发生的变化', ...words)
    await this.submit()
  }

  /** Waits while long work goes on, until it offers this link, and follows it. */
  async waitFor(link: string | RegExp): Promise<void> {
    await this.#main.getByRole('link', { name: link }).first().waitFor()
    await this.press(link)
  }

  /** Looks for something from the field at the top, as from any page. */
  async search(text: string): Promise<void> {
    const field = this.#page.getByRole('searchbox').first()
    await field.fill(text)
    await field.press('Enter')
    await this.#page.waitForLoadState()
  }

  /** Goes to a link, a button or a part of the menu by the Tab key alone, and presses Enter on it. */
  async byKeyboardTo(name: string): Promise<void> {
    await this.#tabTo(name, '(document.activeElement?.textContent ?? "").trim()')
    // A part of the menu opens where it stands; what a link leads to may be slow to come, and keys would go to the old page.
    const leadsOn = await this.#page.evaluate<boolean>('document.activeElement?.nodeName === "A"')
    const arrived = leadsOn ? this.#page.waitForEvent('load') : undefined
    await this.#page.keyboard.press('Enter')
    await arrived
  }

  /** Goes to the field for a file with this label by the Tab key alone, and picks one. */
  async byKeyboardInto(label: string, value: PickedFile): Promise<void> {
    await this.#tabTo(label, '(document.activeElement?.labels?.[0]?.textContent ?? "").trim()')
    const chooser = this.#page.waitForEvent('filechooser')
    await this.#page.keyboard.press('Enter')
    await (await chooser).setFiles(value)
  }

  async #tabTo(name: string, what: string): Promise<void> {
    for (let presses = 0; presses < 250; presses += 1) {
      await this.#page.keyboard.press('Tab')
      if ((await this.#page.evaluate<string>(what)) === name) return
    }
    throw new Error(`the Tab key does not reach “${name}”`)
  }

  async leave(): Promise<void> {
    await this.#page.context().close()
  }
}

/** A machine with other work may take long over a page; what never comes is found out all the same. */
const patience = 120_000
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
const exactly = (text: string): RegExp => new RegExp(`^${escaped(text)}$`)
