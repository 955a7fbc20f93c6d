import type { createApp } from '../../src/app.tsx'

/** What a page answered. */
export interface PageSeen {
  readonly status: number
  /** Its content without the shell around it; of a file the whole. */
  readonly text: string
  /** Where it sends on, and what is said there once. */
  readonly to: string | null
  readonly said: string
}

/** A person at a browser without scripts: looks at pages and sends their forms, hidden fields and all. */
export class PagePerson {
  readonly #app: ReturnType<typeof createApp>
  readonly #headers: Record<string, string>

  constructor(app: ReturnType<typeof createApp>, actor: string, language: 'zh' | 'en' = 'zh') {
    this.#app = app
    this.#headers = { 'qingliu-actor': actor, 'accept-language': language }
  }

  async see(path: string): Promise<PageSeen> {
    return seen(await this.#app.request(path, { headers: this.#headers }))
  }

  /** Opens the form of a page, fills it in and sends it. */
  async fillIn(path: string, fields: Readonly<Record<string, string | File>>): Promise<PageSeen> {
    const form = await this.see(path)
    if (form.status !== 200) return form
    return this.send(path, { ...hiddenOf(form.text), ...fields })
  }

  /** Presses the button of a confirmation; the same one again is the same command again. */
  async confirm(path: string, confirmation: PageSeen): Promise<PageSeen> {
    return this.send(path, hiddenOf(confirmation.text))
  }

  async send(path: string, fields: Readonly<Record<string, string | File>>): Promise<PageSeen> {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    const withFiles = Object.values(fields).some((value) => value instanceof File)
    const body = withFiles ? form : new URLSearchParams(fields as Record<string, string>)
    return seen(await this.#app.request(path, { method: 'POST', headers: this.#headers, body }))
  }
}

/** A page without what only keeps days and numbers on their line: as its sentences are read. */
export const readable = (html: string): string => html.replaceAll(/<span class="unbroken">([^<]*)<\/span>/g, '$1')

async function seen(response: Response): Promise<PageSeen> {
  const cookie = response.headers.get('set-cookie') ?? ''
  const text = readable(await response.text())
  const said = /qingliu-said=([^;]*)/.exec(cookie)?.[1] ?? ''
  return {
    status: response.status,
    text: /<main[\s\S]*<\/main>/.exec(text)?.[0] ?? text,
    to: response.headers.get('location'),
    // Encoded by the page, and once more by the cookie.
    said: decodeURIComponent(decodeURIComponent(said)),
  }
}

/** The hidden fields of the last form of a page: the search of the top has none. */
function hiddenOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [input] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1]
    const value = /value="([^"]*)"/.exec(input)?.[1] ?? ''
    if (name !== undefined) fields[name] = unescaped(value)
  }
  return fields
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
