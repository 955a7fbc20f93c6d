import { raw } from 'hono/html'
import { jsx } from 'hono/jsx'
import { expect, it } from 'vitest'
import { escaped, markupOf } from './markup.ts'

it('writes elements as they render, and escapes what is text, wherever it comes from', () => {
  expect(markupOf('<b>"R&D"</b>')).toBe('&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;')
  expect(markupOf(jsx('code', { title: '"x"' }, '<i>'))).toBe('<code title="&quot;x&quot;">&lt;i&gt;</code>')
  expect(markupOf(['a<', 1, null, false, undefined, [jsx('b', {}, 'c')]])).toBe('a&lt;1<b>c</b>')
  expect(markupOf(raw('<hr/>'))).toBe('<hr/>')
  expect(escaped(`it's`)).toBe('it&#39;s')
})

it('has none of what is not there yet, nor of what is no part of a page', () => {
  const later = async () => jsx('b', {}, 'later')
  expect(() => markupOf(jsx(later as never, {}))).toThrow('no markup')
  expect(() => markupOf({ toString: () => '<script>' } as never)).toThrow('no markup')
})
