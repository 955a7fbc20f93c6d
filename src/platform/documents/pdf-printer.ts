import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import { encode } from 'uqr'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { textsOf } from './citations.ts'
import type { Block, CheckMark, DocumentPrinter, FilledDocument, Layout } from './document.ts'
import { refuseDocument } from './documents.refusals.ts'

/** Measures of a page in points. GB/T 9704: A4, top 37 mm, left 28 mm, 156 × 225 mm of text, 22 lines of 三号. */
interface Measures {
  readonly margins: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }
  readonly letterhead: number
  readonly title: number
  readonly body: number
  readonly pitch: number
  readonly table: number
  readonly note: number
}
const millimetre = 72 / 25.4
const measures: Record<Layout, Measures> = {
  official: {
    margins: { top: 37 * millimetre, bottom: 35 * millimetre, left: 28 * millimetre, right: 26 * millimetre },
    letterhead: 34,
    title: 22,
    body: 16,
    pitch: 29,
    table: 10.5,
    note: 10.5,
  },
  statement: {
    margins: { top: 22 * millimetre, bottom: 20 * millimetre, left: 20 * millimetre, right: 20 * millimetre },
    letterhead: 26,
    title: 18,
    body: 10.5,
    pitch: 18,
    table: 9.5,
    note: 9,
  },
}

interface Fonts {
  readonly regular: Buffer
  readonly bold: Buffer
}

/**
 * The printer of runtimes with files: A4, PDF/A-2b marks, text that can be searched and copied, fonts embedded and
 * subset. The shipped font is Noto Sans SC; `fontFile` names another TTF, for a rare character of a name. Fonts are
 * read once, when the first document is made.
 */
export function pdfPrinter(fontFile: string | undefined): DocumentPrinter {
  let fonts: Fonts | Refusal | undefined
  return {
    print: async (document) => {
      fonts ??= readFonts(fontFile)
      return isRefusal(fonts) ? fonts : new Sheet(fonts, document).print()
    },
  }
}

function readFonts(fontFile: string | undefined): Fonts | Refusal {
  const require = createRequire(import.meta.url)
  let font = fontFile ?? 'Noto Sans SC'
  try {
    if (fontFile !== undefined) {
      const own = readFileSync(fontFile)
      return { regular: own, bold: own }
    }
    font = require.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf')
    const regular = readFileSync(font)
    font = require.resolve('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf')
    return { regular, bold: readFileSync(font) }
  } catch (error) {
    return refuseDocument('document_font_unreadable', { font, cause: error instanceof Error ? error.message : '' })
  }
}

type Weight = 'regular' | 'bold'
type Table = Extract<Block, { type: 'table' }>
interface TextStyle {
  readonly size: number
  readonly pitch: number
  readonly weight?: Weight
  readonly align?: 'left' | 'center' | 'right'
  readonly indent?: number
  readonly colour?: string
}

const red = '#c00000'
const black = '#000000'
const cellPadding = 3.5
/** Characters that a column of words keeps room for. */
const narrowest = 5
/** The side of a QR code: 22 mm, so that a square of it is over half a millimetre. */
const qrSide = 22 * millimetre
const qrNote = 7.5
const checkWords = '扫码核验本文书真伪'
/** Room above a signature, so that a seal of 42 mm covers name and date and not the text. */
const sealLines = 2.5

class Sheet {
  readonly #pdf: PDFKit.PDFDocument
  readonly #document: FilledDocument
  readonly #measures: Measures
  readonly #width: number
  /** The check mark stands beside the last signature. */
  readonly #marked: Block | undefined

  constructor(fonts: Fonts, document: FilledDocument) {
    this.#document = document
    this.#measures = measures[document.layout]
    this.#marked =
      document.check === undefined ? undefined : document.blocks.findLast(({ type }) => type === 'signature')
    const madeAt = new Date(`${document.datedOn}T00:00:00+08:00`)
    this.#pdf = new PDFDocument({
      size: 'A4',
      margins: this.#measures.margins,
      pdfVersion: '1.7',
      subset: 'PDF/A-2b',
      lang: 'zh-CN',
      displayTitle: true,
      bufferPages: true,
      font: '',
      info: {
        Title: `${document.title} ${document.number}`,
        Subject: document.kind,
        Keywords: `template ${document.template.version} ${document.template.digest.slice(0, 16)}`,
        Creator: 'Qingliu',
        Producer: 'Qingliu',
        CreationDate: madeAt,
        ModDate: madeAt,
      },
    } as unknown as PDFKit.PDFDocumentOptions)
    this.#pdf.registerFont('regular', fonts.regular)
    this.#pdf.registerFont('bold', fonts.bold)
    const { left, right } = this.#measures.margins
    this.#width = this.#pdf.page.width - left - right
  }

  async print(): Promise<Uint8Array | Refusal> {
    const pieces: Uint8Array[] = []
    this.#pdf.on('data', (piece: Uint8Array) => pieces.push(piece))
    const ended = new Promise<void>((resolve) => this.#pdf.once('end', resolve))
    const refusal = this.#missingGlyph() ?? this.#draw()
    this.#pdf.end()
    await ended
    return refusal ?? new Uint8Array(Buffer.concat(pieces))
  }

  /** A name with a hole in it is worse than no document. */
  #missingGlyph(): Refusal | undefined {
    this.#pdf.font('regular')
    const { font } = (this.#pdf as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })
      ._font
    const { blocks, number, title } = this.#document
    for (const text of [...textsOf(blocks), number, title]) {
      for (const character of text) {
        const code = character.codePointAt(0) ?? 0
        if (character === '\n' || font.hasGlyphForCodePoint(code)) continue
        return refuseDocument('document_glyph_missing', {
          character,
          code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`,
          text: [...text].slice(0, 40).join(''),
        })
      }
    }
    return undefined
  }

  #draw(): Refusal | undefined {
    const { blocks } = this.#document
    const kept = this.#keptHeights(blocks)
    for (const [index, block] of blocks.entries()) {
      const refusal = this.#drawBlock(block, kept[index] ?? 0)
      if (refusal !== undefined) return refusal
    }
    if (this.#document.check !== undefined && this.#marked === undefined) {
      this.#keepTogether(qrSide)
      this.#drawCheckMark(this.#document.check, this.#pdf.y, this.#width)
    }
    this.#drawFooters()
    return undefined
  }

  /**
   * For each block the height that must follow it on its page: a signature takes its last paragraph along, over small
   * print and lists of annexes in between. GB/T 9704: a seal never stands on a page without text. A heading takes along
   * the table it stands over, up to its first row.
   */
  #keptHeights(blocks: readonly Block[]): number[] {
    const kept: number[] = []
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const next = blocks[index + 1]
      const after = kept[index + 1] ?? 0
      if (blocks[index]?.type === 'heading' && next?.type === 'table') kept[index] = this.#beginningOf(next)
      else if (next?.type === 'signature') kept[index] = this.#signatureHeight(next.lines, next === this.#marked)
      else if (after > 0 && (next?.type === 'note' || next?.type === 'line'))
        kept[index] = this.#heightOf(next.type, next.text) + after
      else kept[index] = 0
    }
    return kept
  }

  #heightOf(type: 'note' | 'line', text: string): number {
    const { body, pitch, note } = this.#measures
    this.#style(type === 'note' ? { size: note, pitch: note * 1.6 } : { size: body, pitch })
    return this.#pdf.heightOfString(text, { width: this.#width })
  }

  /** `kept` is the height that must stay on the page of this block's end. */
  #drawBlock(block: Block, kept: number): Refusal | undefined {
    const { title, body, pitch, note, letterhead } = this.#measures
    const text = { size: body, pitch }
    switch (block.type) {
      case 'letterhead': {
        this.#text(block.text, {
          size: letterhead,
          pitch: letterhead * 1.5,
          weight: 'bold',
          align: 'center',
          colour: red,
        })
        this.#rule(red, 1.5)
        break
      }
      case 'title': {
        this.#text(block.text, { size: title, pitch: title * 1.6, weight: 'bold', align: 'center' })
        this.#space(pitch * 0.3)
        break
      }
      case 'number': {
        this.#text(block.text, { ...text, align: 'center' })
        this.#space(pitch * 0.6)
        break
      }
      case 'addressee':
      case 'line':
        this.#text(block.text, text, kept)
        break
      case 'heading': {
        // A heading stays with the lines it stands over.
        this.#keepTogether(Math.max(pitch * 3, pitch * 1.2 + kept))
        this.#space(pitch * 0.2)
        this.#text(block.text, { ...text, weight: 'bold' })
        break
      }
      case 'paragraph':
        this.#text(block.text, { ...text, indent: body * 2 }, kept)
        break
      case 'note':
        this.#text(block.text, { size: note, pitch: note * 1.6 }, kept)
        break
      case 'rule':
        this.#rule(black, 0.5)
        break
      case 'page-break':
        this.#pdf.addPage()
        break
      case 'signature':
        this.#drawSignature(block.lines, block === this.#marked)
        break
      case 'table':
        return this.#drawTable(block, kept)
    }
    return undefined
  }

  #style({ size, pitch, weight, colour }: TextStyle): void {
    this.#pdf
      .font(weight ?? 'regular')
      .fontSize(size)
      .fillColor(colour ?? black)
    this.#pdf.lineGap(pitch - this.#pdf.currentLineHeight(true))
  }

  #text(text: string, style: TextStyle, kept = 0): void {
    this.#style(style)
    const { left } = this.#measures.margins
    const options = { width: this.#width, align: style.align ?? 'left', indent: style.indent ?? 0 }
    const lines = Math.round(this.#pdf.heightOfString(text, options) / style.pitch)
    if (kept > 0 && lines < 4) this.#keepTogether(lines * style.pitch + kept)
    else this.#keepTogether(style.pitch)
    const release = kept > 0 && lines >= 4 ? this.#holdBack(lines, style.pitch, kept) : undefined
    this.#pdf.text(text, left, this.#pdf.y, options)
    release?.()
  }

  /**
   * Where a text of so many lines would leave no room for what is kept with it, its last page is shortened, so that two
   * lines of it go over to the page of what follows. Answers how to undo what it listens to.
   */
  #holdBack(lines: number, pitch: number, kept: number): (() => void) | undefined {
    const { top } = this.#measures.margins
    const linesBelow = (y: number) => Math.floor((this.#bottom - y + 0.5) / pitch)
    const [here, perPage] = [linesBelow(this.#pdf.y), linesBelow(top)]
    const pagesAfter = Math.ceil(Math.max(0, lines - here) / perPage)
    const last = pagesAfter === 0 ? lines : lines - here - (pagesAfter - 1) * perPage
    const begins = pagesAfter === 0 ? this.#pdf.y : top
    if (last < 3 || begins + last * pitch + kept <= this.#bottom) return undefined
    const shorten = () => {
      this.#pdf.page.margins.bottom = this.#pdf.page.height - (begins + (last - 2) * pitch + 1)
    }
    if (pagesAfter === 0) {
      shorten()
      return undefined
    }
    let added = 0
    const onPage = () => {
      added += 1
      if (added === pagesAfter) shorten()
    }
    this.#pdf.on('pageAdded', onPage)
    return () => this.#pdf.off('pageAdded', onPage)
  }

  #space(height: number): void {
    this.#pdf.y += height
  }

  get #bottom(): number {
    return this.#pdf.page.height - this.#measures.margins.bottom
  }

  /** Begins a new page where `height` does not fit, unless it would not fit on any page. */
  #keepTogether(height: number): void {
    const { top } = this.#measures.margins
    if (this.#pdf.y + height > this.#bottom + 0.5 && this.#pdf.y > top && height <= this.#bottom - top)
      this.#pdf.addPage()
  }

  #rule(colour: string, thickness: number): void {
    const { left } = this.#measures.margins
    const y = this.#pdf.y + 4
    this.#pdf
      .moveTo(left, y)
      .lineTo(left + this.#width, y)
      .lineWidth(thickness)
      .strokeColor(colour)
      .stroke()
    this.#pdf.y = y + 8
  }

  #signatureHeight(lines: readonly string[], isMarked: boolean): number {
    const { pitch } = this.#measures
    return Math.max((sealLines + lines.length) * pitch, isMarked ? qrSide + pitch / 2 : 0)
  }

  /** Name over date, each centred on the other, four characters in from the right: GB/T 9704, 7.3.5. */
  #drawSignature(lines: readonly string[], isMarked: boolean): void {
    const { body, pitch, margins } = this.#measures
    const style = { size: body, pitch }
    this.#keepTogether(this.#signatureHeight(lines, isMarked))
    this.#style(style)
    const widest = Math.min(this.#width, Math.max(...lines.map((line) => this.#pdf.widthOfString(line))) + 1)
    const inset = Math.min(4 * body, this.#width - widest)
    const x = margins.left + this.#width - inset - widest
    const top = this.#pdf.y
    this.#space(sealLines * pitch)
    for (const line of lines) {
      this.#pdf.text(line, x, this.#pdf.y, { width: widest, align: 'center' })
    }
    const { check } = this.#document
    if (!isMarked || check === undefined) return
    const end = this.#pdf.y
    // A long name leaves no room beside it; the seal must not cover what is to be scanned.
    const beside = x - margins.left >= qrSide + 2 * body
    if (beside) this.#drawCheckMark(check, top + pitch / 2, x - margins.left - body)
    else {
      this.#keepTogether(qrSide + pitch / 2)
      this.#drawCheckMark(check, this.#pdf.y + pitch / 2, this.#width)
    }
    this.#pdf.x = margins.left
    this.#pdf.y = beside ? Math.max(end, top + pitch / 2 + qrSide) : this.#pdf.y
  }

  /** A QR code of squares, sharp at any size, and beside it the code in letters where `width` leaves room. */
  #drawCheckMark({ address, code }: CheckMark, top: number, width: number): void {
    const { left } = this.#measures.margins
    const { data, size } = encode(address, { ecc: 'M', border: 0 })
    const side = qrSide / size
    for (const [row, squares] of data.entries()) {
      for (let from = 0; from < size; from += 1) {
        if (!squares[from]) continue
        let until = from + 1
        while (squares[until]) until += 1
        this.#pdf.rect(left + from * side, top + row * side, (until - from) * side, side)
        from = until
      }
    }
    this.#pdf.fillColor(black).fill()
    const room = width - qrSide - 6
    this.#style({ size: qrNote, pitch: qrNote * 1.5 })
    if (room >= 60) {
      const options = { width: Math.min(room, 110) }
      this.#pdf.text(checkWords, left + qrSide + 6, top + qrSide - qrNote * 4.5, options)
      this.#pdf.text(`核验码 ${code}`, left + qrSide + 6, this.#pdf.y, options)
    }
    this.#pdf.x = left
    this.#pdf.y = top + qrSide
  }

  /**
   * The widths of columns as the template weighs them, those of numbers at least as wide as their longest: an amount is
   * never broken over two lines. What they need more, the others give, as far as they keep room for some characters.
   */
  #widthsOf(table: Table): number[] {
    const { table: size } = this.#measures
    const weights = table.columns.reduce((sum, { weight }) => sum + weight, 0)
    const widths = table.columns.map(({ weight }) => (this.#width * weight) / weights)
    this.#style({ size, pitch: size * 1.5 })
    const least = table.columns.map(({ alignment }, at) =>
      alignment === 'right'
        ? table.rows.reduce((most, cells) => Math.max(most, this.#pdf.widthOfString(cells[at] ?? '')), 0) +
          2 * cellPadding +
          0.5
        : narrowest * size + 2 * cellPadding,
    )
    const need = (at: number) => least[at] ?? 0
    const missing = widths.reduce(
      (sum, width, at) => sum + (table.columns[at]?.alignment === 'right' ? Math.max(0, need(at) - width) : 0),
      0,
    )
    const spare = widths.map((width, at) => Math.max(0, width - need(at)))
    const room = spare.reduce((sum, each) => sum + each, 0)
    if (missing === 0 || room < missing) return widths
    return widths.map((width, at) =>
      table.columns[at]?.alignment === 'right' && width < need(at)
        ? need(at)
        : width - (missing * (spare[at] ?? 0)) / room,
    )
  }

  /** The columns of a table, and how high its rows come out. */
  #shapeOf(table: Table) {
    const { table: size } = this.#measures
    const style = { size, pitch: size * 1.5 }
    const widths = this.#widthsOf(table)
    const columns = table.columns.map(({ alignment }, at) => ({ alignment, width: widths[at] ?? 0 }))
    const titles = table.columns.map(({ title }) => title)
    const hasHeader = titles.some((title) => title !== '')
    const heightOf = (cells: readonly string[], weight: Weight) => {
      this.#style({ ...style, weight })
      const heights = cells.map((cell, at) =>
        this.#pdf.heightOfString(cell === '' ? ' ' : cell, { width: (columns[at]?.width ?? 0) - 2 * cellPadding }),
      )
      return Math.max(...heights) + 2 * cellPadding
    }
    return { style, columns, titles, hasHeader, headerHeight: hasHeader ? heightOf(titles, 'bold') : 0, heightOf }
  }

  /** The height of a table up to its first row. */
  #beginningOf(table: Table): number {
    const { headerHeight, heightOf } = this.#shapeOf(table)
    return headerHeight + heightOf(table.rows[0] ?? [''], 'regular') + 4
  }

  #drawTable(table: Table, kept: number): Refusal | undefined {
    const { margins } = this.#measures
    const { style, columns, titles, hasHeader, headerHeight, heightOf } = this.#shapeOf(table)
    const pageHeight = this.#bottom - margins.top
    const drawRow = (cells: readonly string[], weight: Weight, height: number) => {
      const top = this.#pdf.y
      let x = margins.left
      for (const [at, { alignment, width }] of columns.entries()) {
        if (weight === 'bold') this.#pdf.rect(x, top, width, height).fillColor('#eeeeee').fill()
        this.#pdf.rect(x, top, width, height).lineWidth(0.5).strokeColor(black).stroke()
        this.#style({ ...style, weight })
        const align = weight === 'bold' ? 'center' : alignment
        this.#pdf.text(cells[at] ?? '', x + cellPadding, top + cellPadding, { width: width - 2 * cellPadding, align })
        x += width
      }
      this.#pdf.x = margins.left
      this.#pdf.y = top + height
    }

    this.#space(4)
    let headed = false
    for (const [index, cells] of table.rows.entries()) {
      const height = heightOf(cells, 'regular')
      if (headerHeight + height > pageHeight) {
        const { title } = this.#document
        return refuseDocument('document_row_too_tall', { title, text: cells.join(' ').slice(0, 40) })
      }
      const page = this.#pdf.page
      const needed = height + (headed ? 0 : headerHeight) + (index === table.rows.length - 1 ? kept : 0)
      this.#keepTogether(needed)
      if (hasHeader && (!headed || this.#pdf.page !== page)) drawRow(titles, 'bold', headerHeight)
      headed = true
      drawRow(cells, 'regular', height)
    }
    this.#space(6)
    return undefined
  }

  /** Page numbers as each layout has them: — 1 — towards the outer edge, or the document's number and 第 1 页. */
  #drawFooters(): void {
    const { layout, number, title } = this.#document
    const { margins, note } = this.#measures
    const { start, count } = this.#pdf.bufferedPageRange()
    for (let page = 0; page < count; page += 1) {
      this.#pdf.switchToPage(start + page)
      // pdfkit begins a new page for text in the bottom margin.
      this.#pdf.page.margins.bottom = 0
      const isOfficial = layout === 'official'
      const y = this.#bottom + (isOfficial ? 7 : 6) * millimetre
      const options = { width: this.#width, lineBreak: false }
      this.#style({ size: isOfficial ? 14 : note, pitch: isOfficial ? 20 : note * 1.5 })
      if (isOfficial) {
        const [x, align] = page % 2 === 0 ? ([-14, 'right'] as const) : ([14, 'left'] as const)
        this.#pdf.text(`— ${page + 1} —`, margins.left + x, y, { ...options, align })
      } else {
        this.#pdf.text(`${title}　${number}`, margins.left, y, { ...options, align: 'left' })
        this.#pdf.text(`第 ${page + 1} 页　共 ${count} 页`, margins.left, y, { ...options, align: 'right' })
      }
      this.#pdf.page.margins.bottom = margins.bottom
    }
  }
}
