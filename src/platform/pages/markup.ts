import type { Child } from 'hono/jsx'
import { escapeToBuffer } from 'hono/utils/html'

/** Text as it stands in markup, between tags and in an attribute. */
export function escaped(text: string): string {
  const written: [string] = ['']
  escapeToBuffer(text, written)
  return written[0]
}

/** What a page is made of, as markup: text is escaped, elements are rendered, nothing is left out. */
export function markupOf(child: Child): string {
  if (typeof child === 'string') return escaped(child)
  if (typeof child === 'number') return String(child)
  if (child === null || child === undefined || typeof child === 'boolean') return ''
  if (Array.isArray(child)) return child.map(markupOf).join('')
  const markup: unknown = child.toString()
  // An element that waits for something has no markup yet: pages fetch first and render then.
  if (typeof markup !== 'string' || !('isEscaped' in child)) throw new Error('this child has no markup')
  return markup
}
