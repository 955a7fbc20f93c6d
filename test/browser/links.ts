import type { Page } from 'playwright-core'

/** A place in a site, found by following links: a path with its values, and whose page it is. */
export interface Place {
  readonly address: string
  readonly person: string
}

/** A page as it is asked for without a window. */
export type Ask = (path: string) => Promise<{
  readonly status: number
  /** Of a page; a file has none. */
  readonly html: string | undefined
  /** Where it leads on. */
  readonly to: string | undefined
}>

/** How many places of one route a person's links are followed to: another bill may lead where the first does not. */
const placesOfRoute = 2

interface Route {
  readonly path: string
  readonly pattern: RegExp
}
const routesOf = (paths: readonly string[]): readonly Route[] =>
  paths
    .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))
    // What names a page comes before what takes anything: /office/bills/export before /office/bills/{bill}.
    .toSorted((a, b) => (a.path.replaceAll(/\{\w+\}/g, '~') < b.path.replaceAll(/\{\w+\}/g, '~') ? -1 : 1))

/** Tells the route of a path among some. */
export function routeOf(paths: readonly string[]): (path: string) => string | undefined {
  const routes = routesOf(paths)
  return (path) => routes.find(({ pattern }) => pattern.test(path))?.path
}

export interface Found {
  readonly places: ReadonlyMap<string, string>
  /** Routes that show no page of their own: a file, which a browser saves, or another address. */
  readonly files: readonly string[]
  /** What is linked and does not open. */
  readonly dead: readonly string[]
}

/**
 * Follows the links of a person's pages from where they begin, to so many places of a route at most. Answers a place for
 * each route that links lead to.
 */
export async function followLinks(
  paths: readonly string[],
  from: string,
  ask: Ask,
  most: number = placesOfRoute,
): Promise<Found> {
  const routes = routesOf(paths)
  const places = new Map<string, string>()
  const counts = new Map<string, number>()
  const waiting = [from]
  const seen = new Set(waiting)
  const files = new Set<string>()
  const forms = new Set<string>()
  const dead: string[] = []
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { status, html, to } = await ask(next)
    const [path = ''] = next.split('?')
    const route = routes.find(({ pattern }) => pattern.test(path))
    if (status !== 200 && !forms.has(next)) dead.push(`${next}: ${status}`)
    else if (status !== 200) continue
    else if (route !== undefined && html === undefined) files.add(route.path)
    else if (route !== undefined && !places.has(route.path)) places.set(route.path, next)
    for (const form of formsOf(html ?? '')) forms.add(form)
    for (const address of [...linksOf(html ?? ''), ...formsOf(html ?? ''), ...(to === undefined ? [] : [to])]) {
      const [linked = ''] = address.split('?')
      const leadsTo = routes.find(({ pattern }) => pattern.test(linked))?.path
      if (leadsTo === undefined || seen.has(address)) continue
      const count = counts.get(leadsTo) ?? 0
      if (count >= most) continue
      counts.set(leadsTo, count + 1)
      seen.add(address)
      waiting.push(address)
    }
  }
  return { places, files: [...files], dead }
}

const addresses = (html: string, tags: RegExp): string[] =>
  [...html.matchAll(tags)].map(([, address = '']) => address.replaceAll('&amp;', '&'))

/** The addresses of a page’s own links and pictures. */
const linksOf = (html: string) => addresses(html, /<(?:a|img) [^>]*(?:href|src)="(\/[^"#]*)/g)
/** Of its forms that look for something: they may be refused for want of what is filled in. */
const formsOf = (html: string) => addresses(html, /<form (?=[^>]*method="get")[^>]*action="(\/[^"#]*)/g)

/** A place of a route that no link leads to now: the values of a page that is linked, in what the route adds to it. */
export function derivedAddress(path: string, places: ReadonlyMap<string, Place>): string | undefined {
  const wanted = path.split('/')
  for (let length = wanted.length - 1; length > 1; length -= 1) {
    const [rest, start] = [wanted.slice(length), wanted.slice(0, length).join('/')]
    if (rest.some((part) => part.startsWith('{'))) return undefined
    const shape = start.replaceAll(/\{\w+\}/g, '{}')
    for (const [known, { address }] of places)
      if (known.replaceAll(/\{\w+\}/g, '{}') === shape && start.includes('{'))
        return [address.split('?')[0], ...rest].join('/')
  }
  return undefined
}

/** Asks for pages with the cookies of a window. */
export function askAs(page: Page, address: string): Ask {
  return async (path) => {
    const response = await page.context().request.get(address + path, { maxRedirects: 0, timeout: 120_000 })
    // Leading on is an answer too: to where one’s own begins, to the language.
    const { location } = response.headers()
    const leadsOn = [302, 303].includes(response.status()) && location?.startsWith('/') === true
    const isHtml = (response.headers()['content-type'] ?? '').startsWith('text/html')
    const html = isHtml && !leadsOn ? await response.text() : undefined
    await response.dispose()
    return { status: leadsOn ? 200 : response.status(), html, to: leadsOn ? location : undefined }
  }
}
