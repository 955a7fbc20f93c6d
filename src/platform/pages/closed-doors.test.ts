import { describe, expect, it } from 'vitest'
import { pageFinder, withoutClosedDoors } from './closed-doors.ts'
import { type PageRoute, page } from './page-route.ts'

const shown = (path: string): PageRoute =>
  page(path, { title: { zh: '', en: '' }, permits: undefined, show: async () => ({ title: '', body: '' }) })
const asked = (path: string): PageRoute => ({ ...shown(path), post: async () => ({ title: '', body: '' }) })

const bill = shown('/office/bills/{bill}')
const list = shown('/office/bills/export')
const review = asked('/office/bills/{bill}/review')
const pageAt = pageFinder([bill, list, review])

describe('the page an address leads to', () => {
  it('is the one that names it before the one that takes anything', () => {
    expect(pageAt('/office/bills/export')).toBe(list)
    expect(pageAt('/office/bills/2026-000001')).toBe(bill)
    expect(pageAt('/office/bills/export/review')).toBe(review)
  })

  it('is none for what is no page', () => {
    for (const path of ['/office/bills', '/office/bills/', '/office/bills/1/other', '/', '/assets/1/a.css'])
      expect(pageAt(path)).toBeUndefined()
  })
})

describe('links that would be refused', () => {
  const html = (links: string) => withoutClosedDoors(links, pageAt, (route) => route === list)

  it('leaves out what may not be done, and keeps the words of what may not be looked at', () => {
    expect(html('<p><a href="/office/bills/1/review?x=1">复核</a> <a href="/office/bills/1">账单 1</a></p>')).toBe(
      '<p> 账单 1</p>',
    )
    expect(html('<a class="button primary" href="/office/bills/1">打开</a>')).toBe('')
    expect(html('<td><a class="opens" href="/office/bills/1/review">复核期限</a></td>')).toBe('<td>复核期限</td>')
  })

  it('keeps what is permitted, what is no page, and what leads elsewhere', () => {
    const kept = '<a href="/office/bills/export#top">导出</a><a href="#main">正文</a><a href="/assets/x">文件</a>'
    expect(html(kept)).toBe(kept)
  })
})
