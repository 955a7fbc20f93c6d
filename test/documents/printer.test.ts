import { createHash } from 'node:crypto'
import jsQR from 'jsqr'
import { describe, expect, it } from 'vitest'
import { documentKinds } from '../../src/document-kinds.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import type { Block, FilledDocument, Layout } from '../../src/platform/documents/document.ts'
import { exampleValues, fillTemplate } from '../../src/platform/documents/fill-template.ts'
import { pdfPrinter } from '../../src/platform/documents/pdf-printer.ts'
import { readTemplate } from '../../src/platform/documents/template.ts'
import { linesOfPage, type Placed, squaresOfPdf, textOfPdf } from '../support/pdf-text.ts'

const printer = pdfPrinter(undefined)

function filled(blocks: readonly Block[], layout: Layout = 'statement'): FilledDocument {
  return {
    kind: 'test.one',
    title: '示例通知书',
    layout,
    number: '示例〔2026〕1号',
    datedOn: civilDate('2026-04-15'),
    template: { version: 0, digest: 'a'.repeat(64) },
    blocks,
  }
}

async function printed(document: FilledDocument): Promise<Uint8Array> {
  const bytes = await printer.print(document)
  if (isRefusal(bytes)) throw new Error(bytes.sentence('en'))
  return bytes
}

const table = (rows: readonly (readonly string[])[]): Block => ({
  type: 'table',
  columns: [
    { title: '账单号', alignment: 'left', weight: 3 },
    { title: '金额（元）', alignment: 'right', weight: 2 },
  ],
  rows,
})
const paragraph = (characters: number): Block => ({ type: 'paragraph', text: '文'.repeat(characters) })
/** Noto's figures are all 0.555 of the size wide, its comma and point 0.278. */
const rightEdge = ({ x, size, text }: Placed) =>
  x + [...text].reduce((width, sign) => width + (/\d/.test(sign) ? 0.555 : 0.278) * size, 0)

describe('the printer', () => {
  it('writes text that is found and copied as it was given', async () => {
    const [page = []] = textOfPdf(
      await printed(
        filled([
          { type: 'title', text: '责令限期缴纳污水处理费通知书' },
          { type: 'number', text: '示例〔2026〕1号' },
          { type: 'addressee', text: '示例钨业（赣州）有限公司：' },
          { type: 'paragraph', text: '欠缴 17,283.00 元（人民币壹万柒仟贰佰捌拾叁元整），12,345 m³ × 1.40。' },
          { type: 'signature', lines: ['示例区城市管理局', '2026年4月15日'] },
        ]),
      ),
    )
    expect(linesOfPage(page)).toEqual([
      '责令限期缴纳污水处理费通知书',
      '示例〔2026〕1号',
      '示例钨业（赣州）有限公司：',
      '欠缴 17,283.00 元（人民币壹万柒仟贰佰捌拾叁元整），12,345 m³ × 1.40。',
      '示例区城市管理局',
      '2026年4月15日',
      '示例通知书　示例〔2026〕1号 第 1 页　共 1 页',
    ])
  })

  it('makes the same bytes of the same document, and other bytes of another', async () => {
    const digest = async (document: FilledDocument) =>
      createHash('sha256')
        .update(await printed(document))
        .digest('hex')
    const one = filled([{ type: 'title', text: '通知' }, table([['2026-000001', '1.00']])])
    const first = await digest(one)
    expect(await digest(one)).toBe(first)
    expect(await digest({ ...one, datedOn: civilDate('2026-04-16') })).not.toBe(first)
    expect(await digest(filled([{ type: 'title', text: '通知' }, table([['2026-000001', '1.01']])]))).not.toBe(first)
  })

  it('embeds a subset of its font and no date but the document’s own', async () => {
    const file = Buffer.from(await printed(filled([{ type: 'title', text: '通知' }, paragraph(3)]))).toString('latin1')
    expect(file).toMatch(/\/FontName \/[A-Z]{6}\+NotoSansSC-Regular/)
    expect(file).toContain('/FontFile2')
    expect(file.length).toBeLessThan(60_000)
    expect([...file.matchAll(/D:(\d{8})/g)].map(([, day]) => day)).toEqual(['20260414', '20260414'])
  })

  it('repeats the header of a table on every page and loses no row', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => [`2026-${String(at + 1).padStart(6, '0')}`, '1.00'])
    const pages = textOfPdf(await printed(filled([{ type: 'title', text: '明细' }, table(rows)]))).map(linesOfPage)
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) expect(page).toContain('账单号 金额（元）')
    const found = pages.flat().filter((line) => /^2026-\d{6} 1\.00$/.test(line))
    expect(found).toEqual(rows.map((row) => row.join(' ')))
    expect(pages.map((page) => page.at(-1)?.replace(/^.*第/, '第'))).toEqual(
      pages.map((_, at) => `第 ${at + 1} 页　共 ${pages.length} 页`),
    )
  })

  it('sets amounts to the right in figures of one width', async () => {
    const amounts = ['17,283.00', '1,111,111.11', '0.05']
    const [page = []] = textOfPdf(await printed(filled([table(amounts.map((amount) => ['2026-000001', amount]))])))
    const edges = page.filter(({ text }) => amounts.includes(text)).map(rightEdge)
    expect(edges).toHaveLength(3)
    for (const edge of edges) expect(edge).toBeCloseTo(edges[0] ?? 0, 1)
  })

  it('wraps a word longer than its cell and keeps all of it', async () => {
    const id = '1234567890'.repeat(8)
    const [page = []] = textOfPdf(await printed(filled([table([[id, '1.00']])])))
    const pieces = page.filter(({ text }) => /^\d{10,}$/.test(text))
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.map(({ text }) => text).join('')).toBe(id)
    const amount = page.find(({ text }) => text === '1.00')
    for (const piece of pieces) expect(rightEdge(piece)).toBeLessThan(amount?.x ?? 0)
  })

  it('never breaks an amount over two lines, as long as the words beside it have room', async () => {
    const amounts = ['13,842,650,812.75', '1,384,265,081.27', '604,311,470.88', '-1,234,567,890.12', '0.00']
    const columns = ['月份', ...amounts.map((_, at) => `第${at}列（元）`), '备注'].map((title, at) => ({
      title,
      alignment: at > 0 && at <= amounts.length ? ('right' as const) : ('left' as const),
      weight: at === 0 || at > amounts.length ? 3 : 1,
    }))
    const one: Block = { type: 'table', columns, rows: [['2026-03', ...amounts, '文字可以折行，数字不可以']] }
    const [page = []] = textOfPdf(await printed(filled([one])))
    const texts = page.map(({ text }) => text)
    for (const amount of amounts) expect(texts).toContain(amount)
    expect(texts.filter((text) => /[文字可以折行数不]/.test(text)).join('')).toContain('文字可以折行，数字不可以')
  })

  it('never leaves a heading without the first row of its table', async () => {
    for (let characters = 600; characters <= 2400; characters += 60) {
      const heading: Block = { type: 'heading', text: '分月明细' }
      const tall = [['2026-000001 第一行很高，'.repeat(12), '1.00']]
      const pages = textOfPdf(await printed(filled([paragraph(characters), heading, table(tall)]))).map(linesOfPage)
      const at = pages.findIndex((lines) => lines.includes('分月明细'))
      expect(pages[at]).toContain('账单号 金额（元）')
      expect(pages[at]?.some((line) => line.includes('1.00'))).toBe(true)
    }
  })

  it('never leaves a signature alone on a page', async () => {
    for (let characters = 250; characters < 560; characters += 14) {
      const blocks: Block[] = [
        { type: 'title', text: '通知' },
        paragraph(28 * 3),
        paragraph(characters),
        { type: 'signature', lines: ['示例区城市管理局', '2026年4月15日'] },
      ]
      const pages = textOfPdf(await printed(filled(blocks, 'official'))).map(linesOfPage)
      const last = pages.at(-1) ?? []
      expect(last).toContain('示例区城市管理局')
      expect(
        last.some((line) => line.includes('文文')),
        `${characters} characters`,
      ).toBe(true)
    }
  })

  it('takes the last paragraph along with annexes and small print before a signature', async () => {
    for (let characters = 28; characters < 1_000; characters += 27) {
      const blocks: Block[] = [
        { type: 'title', text: '通知' },
        paragraph(characters),
        { type: 'line', text: '附件1：监测报告' },
        { type: 'note', text: '摘要' },
        { type: 'signature', lines: ['示例区城市管理局', '2026年4月15日'] },
      ]
      const pages = textOfPdf(await printed(filled(blocks, 'official'))).map(linesOfPage)
      expect(pages.at(-1)?.join('') ?? '', `${characters} characters`).toMatch(/文文.*附件1.*摘要.*示例区城市管理局/)
    }
  })

  it('numbers the pages of a letter towards the outer edge', async () => {
    const pages = textOfPdf(await printed(filled([{ type: 'title', text: '函' }, paragraph(900)], 'official')))
    const [first, second] = pages.map((page) => page.find(({ text }) => /^— \d —$/.test(text)))
    expect(first?.text).toBe('— 1 —')
    expect(second?.text).toBe('— 2 —')
    expect(first?.x ?? 0).toBeGreaterThan(400)
    expect(second?.x ?? 0).toBeLessThan(150)
  })

  describe('the check mark', () => {
    const check = { address: 'https://fee.example.gov.cn/check/2026-000001?code=FZRN7STD', code: 'FZRN-7STD' }
    const signed = (name: string, layout: Layout, more: readonly Block[] = []): FilledDocument => ({
      ...filled(
        [
          { type: 'title', text: '通知' },
          paragraph(90),
          { type: 'signature', lines: [name, '2026年4月15日'] },
          ...more,
        ],
        layout,
      ),
      check,
    })

    it.each(['statement', 'official'] as const)('of a %s is read by a scanner, and said in letters', async (layout) => {
      const bytes = await printed(signed('示例区城市管理局', layout))
      expect(scanned(bytes)).toBe(check.address)
      const [page = []] = textOfPdf(bytes)
      expect(linesOfPage(page).join('\n')).toContain('核验码 FZRN-7STD')
    })

    it('is small enough for its place and large enough for a telephone', async () => {
      const squares = squaresOfPdf(await printed(signed('示例区城市管理局', 'statement')))
      const right = Math.max(...squares.map(({ x, width }) => x + width))
      const left = Math.min(...squares.map(({ x }) => x))
      expect(((right - left) / 72) * 25.4).toBeCloseTo(22, 1)
      expect((Math.min(...squares.map(({ height }) => height)) / 72) * 25.4).toBeGreaterThan(0.5)
    })

    it('stands clear of a long name, of the seal’s place and of the foot of the page', async () => {
      for (const name of ['示例区城市管理局', '示例经济技术开发区综合行政执法局（示例区城市管理局）'])
        for (let characters = 0; characters < 900; characters += 149) {
          const bytes = await printed({
            ...filled([paragraph(characters), { type: 'signature', lines: [name, '2026年4月15日'] }], 'official'),
            check,
          })
          expect(scanned(bytes), `${characters}`).toBe(check.address)
          const squares = squaresOfPdf(bytes)
          const page = textOfPdf(bytes).at(-1) ?? []
          const bottom = Math.max(...squares.map(({ y, height }) => y + height))
          const [top, right] = [
            Math.min(...squares.map(({ y }) => y)),
            Math.max(...squares.map(({ x, width }) => x + width)),
          ]
          expect(bottom).toBeLessThan(841.89 - 35 * (72 / 25.4) + 1)
          for (const piece of page.filter(({ text }) => text === name))
            expect(piece.x > right || piece.y < top, `${characters} ${name}`).toBe(true)
        }
    })

    it('is drawn once, also on a paper without a signature and before annexes', async () => {
      const annexed = signed('示例区城市管理局', 'official', [{ type: 'page-break' }, paragraph(30)])
      expect(scanned(await printed(annexed))).toBe(check.address)
      expect(scanned(await printed({ ...filled([paragraph(30)]), check }))).toBe(check.address)
      expect(squaresOfPdf(await printed(filled([paragraph(30)])))).toEqual([])
    })
  })

  it('refuses a character its font does not have, by name', async () => {
    const refused = await printer.print(filled([{ type: 'title', text: '示例𠮷田公司' }]))
    expect(isRefusal(refused) && [refused.code, refused.parameters['character'], refused.parameters['code']]).toEqual([
      'document_glyph_missing',
      '𠮷',
      'U+20BB7',
    ])
  })

  it('refuses a font that is not there, and a row taller than a page', async () => {
    const lost = await pdfPrinter('no-such-font.ttf').print(filled([paragraph(1)]))
    expect(isRefusal(lost) && lost.code).toBe('document_font_unreadable')
    const tall = await printer.print(filled([table([['长'.repeat(4000), '1.00']])]))
    expect(isRefusal(tall) && tall.code).toBe('document_row_too_tall')
  })
})

/** What a scanner reads from the squares of a paper, drawn as pixels. */
function scanned(bytes: Uint8Array): string | undefined {
  const squares = squaresOfPdf(bytes)
  const [left, top] = [Math.min(...squares.map(({ x }) => x)), Math.min(...squares.map(({ y }) => y))]
  const [perPoint, quiet, side] = [6, 60, 520]
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const { x, y, width, height } of squares) {
    const at = (value: number) => Math.round(value * perPoint) + quiet
    for (let row = at(y - top); row < at(y - top + height); row += 1)
      for (let column = at(x - left); column < at(x - left + width); column += 1)
        pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3)
  }
  return jsQR(pixels, side, side)?.data
}

describe('every shipped template', () => {
  it.each(documentKinds)('$name fits its kind, and its font has all its characters', async (kind) => {
    const read = readTemplate(kind.template, documentKinds)
    if (Array.isArray(read)) throw new Error(read.map((fault) => fault.sentence('en')).join('\n'))
    const blocks = fillTemplate(kind, read.template, exampleValues(kind.fields))
    if (isRefusal(blocks)) throw new Error(blocks.sentence('en'))
    const pages = textOfPdf(await printed({ ...filled(blocks), layout: read.template.layout }))
    const text = pages
      .flat()
      .map((placed) => placed.text)
      .join('')
    expect(text).not.toContain('\uFFFD')
    const plain = (written: string) => written.replace(/\s/g, '')
    for (const field of Object.values(kind.fields)) {
      if (field.kind === 'text') expect(plain(text)).toContain(plain(field.example))
    }
  })
})
