import type { PageRoute } from './page-route.ts'

/** Routes by the parts of their paths: a literal part goes before a parameter, as in `inOrder` of serve-pages.ts. */
interface Crossing {
  readonly literal: Map<string, Crossing>
  parameter: Crossing | undefined
  route: PageRoute | undefined
}
const crossing = (): Crossing => ({ literal: new Map(), parameter: undefined, route: undefined })

/** Finds the page that an address leads to; `undefined` for what is no page. */
export function pageFinder(routes: readonly PageRoute[]): (path: string) => PageRoute | undefined {
  const root = crossing()
  // Most links of a page are those of its menu, and name no parameter.
  const plain = new Map<string, PageRoute>()
  for (const route of routes) {
    if (!route.path.includes('{') && !plain.has(route.path)) plain.set(route.path, route)
    let at = root
    for (const part of route.path.split('/')) {
      if (part.startsWith('{')) {
        at.parameter ??= crossing()
        at = at.parameter
      } else {
        const next = at.literal.get(part) ?? crossing()
        at.literal.set(part, next)
        at = next
      }
    }
    at.route ??= route
  }
  const find = (at: Crossing, parts: readonly string[], place: number): PageRoute | undefined => {
    const part = parts[place]
    if (part === undefined) return at.route
    const literal = at.literal.get(part)
    const found = literal === undefined ? undefined : find(literal, parts, place + 1)
    if (found !== undefined || at.parameter === undefined || part === '') return found
    return find(at.parameter, parts, place + 1)
  }
  return (path) => plain.get(path) ?? find(root, path.split('/'), 0)
}

const address = 'href="/'
const pathOf = /[^"?#]*/y

/**
 * A page without the links that would be refused to whom it is shown: what they may not do is left out, what they may not
 * look at stays as words. Pages are written for all roles and link freely; that no link is a closed door holds here.
 */
export function withoutClosedDoors(
  html: string,
  pageAt: (path: string) => PageRoute | undefined,
  mayOpen: (route: PageRoute) => boolean,
): string {
  const doors = new Map<PageRoute, boolean>()
  const closed = (path: string | undefined) => {
    const route = path === undefined ? undefined : pageAt(path)
    if (route === undefined) return undefined
    const known = doors.get(route)
    const opens = known ?? mayOpen(route)
    if (known === undefined) doors.set(route, opens)
    return opens ? undefined : route
  }
  // Most pages have no closed door for whom they are written: looking is cheaper than writing them anew.
  let isOpen = true
  for (let at = html.indexOf(address); isOpen && at !== -1; at = html.indexOf(address, at)) {
    at += address.length - 1
    pathOf.lastIndex = at
    pathOf.test(html)
    isOpen = closed(html.slice(at, pathOf.lastIndex)) === undefined
  }
  if (isOpen) return html
  return html.replaceAll(/<a ([^>]*)>([\s\S]*?)<\/a>/g, (anchor, attributes: string, words: string) => {
    const route = closed(/(?:^| )href="(\/[^"?#]*)/.exec(attributes)?.[1])
    if (route === undefined) return anchor
    // What names a row stays, whatever a click on the row would have done.
    const isName = /(?:^| )class="opens"/.test(attributes)
    const isDoing = !isName && (route.post !== undefined || /(?:^| )class="button/.test(attributes))
    return isDoing ? '' : words
  })
}
