import { jsx } from 'hono/jsx'
import { expect, it } from 'vitest'
import { markupOf } from './markup.ts'
import { Code, PlainTable, State, unbroken, VolumeM3 } from './parts.tsx'

it('keeps days, months and numbers whole, and escapes the text around them', () => {
  expect(markupOf(unbroken('<b>2026-05-20</b> & R2026-0001, 2026-05'))).toBe(
    '&lt;b&gt;<span class="unbroken">2026-05-20</span>&lt;/b&gt; &amp; <span class="unbroken">R2026-0001</span>, <span class="unbroken">2026-05</span>',
  )
  expect(unbroken('<b> 2026')).toBe('<b> 2026')
})

it('escapes what a state and a code say', () => {
  expect(markupOf(State({ tone: 'settled', children: '<i>' }))).toBe(
    '<span class="state settled"><span aria-hidden="true">●</span> &lt;i&gt;</span>',
  )
  expect(markupOf(State({ tone: 'plain', children: ['a', jsx('b', {}, '<')] }))).toContain('a<b>&lt;</b></span>')
  expect(markupOf(Code({ of: '<i>' }))).toBe('<code>&lt;i&gt;</code>')
})

it('leaves the column of what is pressed out where nothing may be pressed, and where no row has anything to press', () => {
  const table = (pressed: boolean, cells: readonly string[]) =>
    markupOf(
      PlainTable({
        columns: [{ title: 'role' }, { title: 'to do', pressed }, { title: 'until' }],
        rows: cells.map((cell) => ['clerk', cell, '—']),
        totals: ['total', '', 'none'],
      }),
    )
  expect(table(true, ['end', ''])).toContain('<th scope="col">to do</th>')
  for (const without of [table(false, ['end', '']), table(true, ['', ''])]) {
    expect(without).not.toContain('to do')
    expect(without.match(/<t[hd]/g)).toHaveLength(2 + 2 * 2 + 2 + 1)
    expect(without).toMatch(/<td>total<\/td><td>none<\/td>/)
  }
})

it('ends the volumes of a column below its header, with as many places after the point as any of them has', () => {
  const placesOf = (volumes: readonly string[]) => {
    const table = markupOf(
      PlainTable({ columns: [{ title: 'm³', number: true }], rows: volumes.map((of) => [jsx(VolumeM3, { of })]) }),
    )
    return [...table.matchAll(/<td[^>]*><span class="number">(.*?)<\/span><\/td>/g)].map(([, cell = '']) =>
      cell.replaceAll(/<span class="pad" aria-hidden="true">(.*)<\/span>/g, '[$1]').replace(/<span.*/, ''),
    )
  }
  expect(placesOf(['12.000', '0.000'])).toEqual(['12', '0'])
  expect(placesOf(['12.000', '0.500'])).toEqual(['12[.0]', '0.5'])
  expect(placesOf(['12.000', '0.125', '1.500'])).toEqual(['12[.000]', '0.125', '1.5[00]'])
})
