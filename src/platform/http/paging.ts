import { z } from '@hono/zod-openapi'
import type { Refusal } from '../../kernel/refusal.ts'
import { count } from './fields.ts'
import { refuseHttp } from './http.refusals.ts'

/** How many rows a page holds unless the request says, and at most. */
export const pageLimits = { usual: 50, most: 200 }

/** The query parameters of every list. */
export const pageQuery = {
  cursor: z.string().max(600).optional().openapi({
    description: '上一页答复中 next 所带 from the next of the page before',
    example: 'WyIyMDI2LTA0LTEwIiwiMTIiXQ',
  }),
  limit: count(1, pageLimits.most)
    .default(pageLimits.usual)
    .openapi({ type: 'integer', minimum: 1, maximum: pageLimits.most, default: pageLimits.usual, example: 20 }),
}

/** The address of the next page in the answer of every list. */
export const nextLink = z
  .string()
  .nullable()
  .openapi({ description: '下一页的地址，没有则为 null the next page, or null', example: null })

/** The key of a row as opaque text for a URL. */
export function writeCursor(key: readonly unknown[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(key))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** The key in a cursor, checked by the list's own schema; refuses what this list never gave. */
export function readCursor(cursor: string, key: z.ZodType): unknown | Refusal {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const read = key.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    if (read.success && !hasUnstorable(read.data)) return read.data
  } catch {
    // Not base64, not UTF-8 or not JSON: refused below with everything else that no list gave.
  }
  return refuseHttp('cursor_invalid')
}

/** Whether a value holds text that PostgreSQL cannot keep: a NUL, or half of a surrogate pair. */
export function hasUnstorable(value: unknown): boolean {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next === 'string' && (next.includes('\0') || /\p{Surrogate}/u.test(next))) return true
    if (typeof next !== 'object' || next === null) continue
    for (const [name, part] of Object.entries(next)) waiting.push(name, part)
  }
  return false
}
