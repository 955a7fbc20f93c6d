import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CFB, write } from '@e965/xlsx'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type MadeSheet,
  madeWorkbook,
  madeWorkbookParts,
  madeZip,
  textCell,
} from '../../../fixtures/tables/made-workbooks.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { openCsv } from './csv-table.ts'
import type { FileBytes } from './file-bytes.ts'
import { openTable, type TableOptions } from './read-table.ts'
import type { TableRow, TableSource } from './table-file.ts'
import { tableRefusals } from './tables.refusals.ts'

interface ReadTable
  extends Pick<TableSource, 'format' | 'encoding' | 'delimiter' | 'sheet' | 'ignoredSheets' | 'dateSystem'> {
  readonly rows: readonly TableRow[]
  readonly refusal: Refusal | undefined
}

async function readWhole(table: TableSource): Promise<ReadTable> {
  const rows: TableRow[] = []
  let refusal: Refusal | undefined
  let bytesRead = 0
  for await (const block of table.blocks()) {
    if (isRefusal(block)) {
      refusal = block
      continue
    }
    rows.push(...block.rows)
    expect(block.bytesRead).toBeGreaterThanOrEqual(bytesRead)
    bytesRead = block.bytesRead
  }
  if (refusal === undefined) expect(bytesRead).toBe(table.bytesTotal)
  return { ...table, rows, refusal }
}

async function read(bytes: Uint8Array | string, options: TableOptions = {}): Promise<ReadTable> {
  const table = await openTable({ name: '三月.xls', bytes: Buffer.from(bytes) }, options)
  if (isRefusal(table)) throw new Error(`${table.code}: ${table.sentence('zh')}`)
  try {
    return await readWhole(table)
  } finally {
    await table.close()
  }
}

async function refusalOf(bytes: Uint8Array | string, options: TableOptions = {}): Promise<Refusal> {
  const table = await openTable({ name: '三月.xls', bytes: Buffer.from(bytes) }, options)
  if (isRefusal(table)) return table
  const { refusal } = await readWhole(table)
  await table.close()
  if (refusal === undefined) throw new Error('the table was read without refusal')
  return refusal
}

const cellsOf = (table: ReadTable) => table.rows.map((row) => row.cells)
const sample = '户号,户名,用水量\r\n00123,赣州一号企业,"1,234.5"\r\n00124,"甲""乙""厂",0\r\n'
const sampleCells = [
  ['户号', '户名', '用水量'],
  ['00123', '赣州一号企业', '1,234.5'],
  ['00124', '甲"乙"厂', '0'],
]

describe('text tables', () => {
  it.each([
    ['utf-8', Buffer.from(sample), 'utf-8'],
    ['utf-8 with mark', Buffer.from(`\uFEFF${sample}`), 'utf-8'],
    ['GBK', iconv.encode(sample, 'gbk'), 'gb18030'],
    ['GB18030 with a four-byte character', iconv.encode(sample.replace('赣', '㒟'), 'gb18030'), 'gb18030'],
    ['UTF-16LE, as Excel saves Unicode text', iconv.encode(sample, 'utf-16le', { addBOM: true }), 'utf-16le'],
    ['UTF-16BE', iconv.encode(sample, 'utf-16be', { addBOM: true }), 'utf-16be'],
  ])('reads %s', async (_, bytes, encoding) => {
    const table = await read(bytes)
    expect(table.encoding).toBe(encoding)
    const text = iconv.decode(bytes, encoding)
    expect(cellsOf(table)).toEqual(
      text.includes('㒟') ? sampleCells.map((row) => row.map((cell) => cell.replace('赣', '㒟'))) : sampleCells,
    )
  })

  it.each([
    ['tab', '\t'],
    ['semicolon', ';'],
    ['bar', '|'],
    ['full-width comma', '，'],
  ])('finds the %s as delimiter although texts hold commas', async (_, delimiter) => {
    const lines = [
      '标题',
      `户号${delimiter}户名${delimiter}水量`,
      `1${delimiter}甲,乙,丙${delimiter}"1,2"`,
      `2${delimiter}丁${delimiter}3`,
    ]
    const table = await read(lines.join('\n'))
    expect(table.delimiter).toBe(delimiter)
    expect(cellsOf(table)).toEqual([['标题'], ['户号', '户名', '水量'], ['1', '甲,乙,丙', '1,2'], ['2', '丁', '3']])
  })

  it('lets a person name encoding and delimiter', async () => {
    const table = await read(iconv.encode('甲;乙,丙', 'gbk'), { encoding: 'gb18030', delimiter: ';' })
    expect(cellsOf(table)).toEqual([['甲', '乙,丙']])
  })

  it('numbers rows as Excel does: blank lines count, a line break inside quotes does not', async () => {
    const table = await read('a,b\n\n"x\ny",1\nc,d')
    expect(table.rows.map((row) => [row.rowNumber, ...row.cells])).toEqual([
      [1, 'a', 'b'],
      [2, ''],
      [3, 'x\ny', '1'],
      [4, 'c', 'd'],
    ])
  })

  it('keeps rows apart where line ends are mixed', async () => {
    expect(cellsOf(await read('a,1\r\nb,2\nc,3\rd,4'))).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', '4'],
    ])
  })

  it('gives the same rows whatever the block size, again and again, across the pieces in which a file is read', async () => {
    const text = Array.from({ length: 30_000 }, (_, index) => `${index},用户${index}号,"多行\n文字${index}"`).join(
      '\r\n',
    )
    const bytes = iconv.encode(text, 'gb18030')
    const table = await openTable({ name: 'x.csv', bytes }, { blockRows: 777 })
    if (isRefusal(table)) throw new Error(table.code)
    const first = await readWhole(table)
    const second = await readWhole(table)
    expect(first.rows.length).toBe(30_000)
    expect(first.rows[29_999]).toEqual({ rowNumber: 30_000, cells: ['29999', '用户29999号', '多行\n文字29999'] })
    expect(second.rows).toEqual(first.rows)
  })

  it.each([
    ['without a quote', '户号'],
    ['with quotes', '"户号"'],
  ])('refuses a row wider than any sheet %s, before anybody looks for its header', async (_, name) => {
    const { refusal } = await read(`户号,用水量\n1,2\n${new Array(90_000).fill(name).join(',')}\n`)
    expect(refusal?.code).toBe('row_too_wide')
    expect(refusal?.parameters).toMatchObject({ row: 3, cells: 90_000 })
    const widest = new Array(16_384).fill(name).join(',')
    expect((await read(`${widest}\n${widest}`)).refusal).toBeUndefined()
  })

  it('names the row of a quote that is never closed', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `${index},"用户${index}"`)
    lines[3999] = '3999,"甲公司'
    const table = await openTable({ name: '三月.csv', bytes: Buffer.from(lines.join('\n')) })
    if (isRefusal(table)) throw new Error(table.code)
    const { refusal } = await readWhole(table)
    expect(refusal?.code).toBe('quote_broken')
    expect(refusal?.parameters).toMatchObject({ row: 4000 })
  })

  it.each([
    ['never closed at the end', 'a,b\n1,"x'],
    ['inside a text', 'a,b\n1,5"管'],
    ['followed by text', 'a,b\n1,"x"y'],
  ])('refuses a quote %s', async (_, text) => {
    const refusal = await refusalOf(text)
    expect(refusal.code).toBe('quote_broken')
    expect(refusal.parameters).toMatchObject({ row: 2 })
  })

  it('does not let an open quote swallow a large file into memory', async () => {
    const piece = Buffer.from('x,y\n'.repeat(64 * 1024))
    let piecesTaken = 0
    const file: FileBytes = {
      name: '三月.csv',
      size: piece.length * 100,
      input: { name: '三月.csv', bytes: piece },
      head: async () => Buffer.from('a,b\n'),
      async *chunks() {
        piecesTaken = 0
        yield Buffer.from('a,b\n1,"')
        for (; piecesTaken < 100; piecesTaken += 1) yield piece
      },
    }
    const table = await openCsv(file, { blockRows: 1000 })
    if (isRefusal(table)) throw new Error(table.code)
    const { refusal } = await readWhole(table)
    expect(refusal?.code).toBe('quote_broken')
    expect(refusal?.parameters).toMatchObject({ row: 2 })
    expect(piecesTaken).toBeLessThan(20)
  })

  it('takes formula guards away again', async () => {
    expect(cellsOf(await read("'=1+1,'-甲,'abc,''=x"))).toEqual([['=1+1', '-甲', "'abc", "'=x"]])
  })

  it('follows the content although the extension says .xls', async () => {
    expect((await read(sample)).format).toBe('csv')
  })
})

describe('encodings that are refused', () => {
  it('reads nothing as UTF-8 when a bad byte stands at the very end of a large file, and names it', async () => {
    const good = Buffer.from('户号,户名\n'.repeat(100_000))
    const refusal = await refusalOf(Buffer.concat([good, Buffer.from([0x31, 0xe6, 0x88])]))
    expect(refusal.code).toBe('encoding_broken')
    expect(refusal.parameters).toMatchObject({ encoding: 'utf-8', line: 100_001, offset: good.length + 2 })
  })
  it('names line and byte where the bytes are valid in neither encoding', async () => {
    const refusal = await refusalOf(Buffer.concat([iconv.encode('户号,水量\n1,', 'gbk'), Buffer.from([0xff, 0x0a])]))
    expect(refusal.code).toBe('encoding_unknown')
    expect(refusal.parameters).toMatchObject({ utf8Line: 1, utf8Offset: 1, gbLine: 2, gbOffset: 13 })
  })
  it('refuses a mark that contradicts the chosen encoding', async () => {
    expect((await refusalOf(`\uFEFF${sample}`, { encoding: 'gb18030' })).code).toBe('encoding_contradicts_mark')
    expect((await refusalOf(iconv.encode(sample, 'gbk'), { encoding: 'utf-8' })).code).toBe('encoding_broken')
  })
  it('refuses zero bytes by line, as in UTF-16 without its mark', async () => {
    const refusal = await refusalOf('a,b\n1,\0')
    expect(refusal.code).toBe('zero_byte')
    expect(refusal.parameters).toMatchObject({ line: 2, offset: 7 })
    expect((await refusalOf(iconv.encode(sample, 'utf-16le'))).code).toBe('zero_byte')
  })
  it('names the line in UTF-16 too, where characters such as 上 hold the byte of a line end', async () => {
    const bytes = iconv.encode('户号,上期\n1,上上上上', 'utf-16le', { addBOM: true })
    const refusal = await refusalOf(bytes.subarray(0, -1))
    expect(refusal.code).toBe('encoding_broken')
    expect(refusal.parameters).toMatchObject({ line: 2, offset: bytes.length - 1 })
    expect(cellsOf(await read(bytes))).toEqual([
      ['户号', '上期'],
      ['1', '上上上上'],
    ])
  })
  it('refuses a line that never ends', async () => {
    expect((await refusalOf(Buffer.alloc(17 * 1024 * 1024, 'x'))).code).toBe('line_too_long')
  })
})

describe('what is no table', () => {
  it.each<[string, Uint8Array | string, string]>([
    ['an empty file', '', 'empty_file'],
    ['blank lines alone', '\uFEFF \r\n\r\n', 'empty_file'],
    ['a Windows program', Buffer.concat([Buffer.from('MZ\x90\0\x03\0'), randomBytes(200)]), 'executable_file'],
    ['a Linux program', Buffer.concat([Buffer.from('\x7fELF'), randomBytes(200)]), 'executable_file'],
    ['a PDF', '%PDF-1.7\n', 'pdf_file'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), 'image_file'],
    ['a gzip', Buffer.from([0x1f, 0x8b, 0x08, 0]), 'archive_file'],
    ['a zip of files', madeZip([{ name: '三月.csv', content: sample }]), 'archive_file'],
    ['a web page', '\uFEFF\r\n<HTML><body><table><tr><td>1</td></tr></table>', 'html_as_xls'],
    ['a web page that begins with its table', '  <table border="1"><tr><td>1</td></tr></table>', 'html_as_xls'],
    ['a web archive', 'MIME-Version: 1.0\nContent-Type: multipart/related', 'html_as_xls'],
    [
      'XML of Excel 2003',
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
      'xml_as_xls',
    ],
    [
      'a Word document',
      madeZip([
        { name: '[Content_Types].xml', content: '<Types/>' },
        { name: 'word/document.xml', content: '<w/>' },
      ]),
      'not_a_workbook',
    ],
    [
      'a binary workbook',
      madeZip([
        { name: '[Content_Types].xml', content: '<Types/>' },
        { name: 'xl/workbook.bin', content: 'x' },
      ]),
      'other_spreadsheet',
    ],
    [
      'an OpenDocument sheet',
      madeZip([
        { name: 'mimetype', content: 'x' },
        { name: 'content.xml', content: '<x/>' },
      ]),
      'other_spreadsheet',
    ],
  ])('%s is refused', async (_, bytes, code) => {
    expect((await refusalOf(bytes)).code).toBe(code)
  })

  it('takes a text that begins with MZ for a text', async () => {
    expect(cellsOf(await read('MZ号,水量\n1,2'))).toEqual([
      ['MZ号', '水量'],
      ['1', '2'],
    ])
  })
})

describe('files on disk', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tables-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const refusalAt = async (path: string, options?: TableOptions) => {
    const table = await openTable({ path, name: '三月.csv' }, options)
    return isRefusal(table) ? table.code : 'not refused'
  }

  it('refuses 2 GB by its size, without reading it', async () => {
    const path = join(folder, 'large.csv')
    await writeFile(path, sample)
    await truncate(path, 2 * 1024 ** 3)
    expect(await refusalAt(path)).toBe('file_too_large')
    // Whoever read a tebibyte to its end would not come back before the test is given up.
    await truncate(path, 1024 ** 4)
    expect(await refusalAt(path)).toBe('file_too_large')
    await writeFile(path, madeWorkbook([]))
    await truncate(path, 60 * 1024 ** 2)
    expect(await refusalAt(path)).toBe('workbook_too_large')
  })

  it('refuses what is missing or a folder', async () => {
    expect(await refusalAt(join(folder, 'none.csv'))).toBe('file_not_found')
    expect(await refusalAt(folder)).toBe('file_is_folder')
  })

  it('refuses a file that somebody writes to while it is read', async () => {
    const path = join(folder, 'changing.csv')
    await writeFile(path, '户号,水量\n'.repeat(100_000))
    const table = await openTable({ path, name: '三月.csv' })
    if (isRefusal(table)) throw new Error(table.code)
    const handle = await open(path, 'r+')
    await handle.write(Buffer.from([0xff]), 0, 1, 900_000)
    await handle.close()
    expect((await readWhole(table)).refusal?.code).toBe('file_changed')
  })

  it('reads a workbook from its path', async () => {
    const path = join(folder, 'book.bin')
    await writeFile(path, madeWorkbook([{ name: '三月', rows: `<row r="1">${textCell('A1', '户号')}</row>` }]))
    const table = await openTable({ path, name: '三月.csv' })
    if (isRefusal(table)) throw new Error(table.sentence('en'))
    expect(cellsOf(await readWhole(table))).toEqual([['户号']])
    await table.close()
  })
})

const row = (number: number, cells: string) => `<row r="${number}">${cells}</row>`

describe('.xlsx', () => {
  const kindsOf = (table: ReadTable) =>
    table.rows.map((each) => each.cells.map((text, column) => [text, each.kinds?.[column] ?? 'text']))

  it('keeps the exact text of numbers and writes exponents out', async () => {
    const cells = ['1.0233E-2', '123456789012', '1E+20', '0.30000000000000004', '-12.50'].map(
      (number, index) => `<c r="${'ABCDE'[index]}1"><v>${number}</v></c>`,
    )
    const table = await read(madeWorkbook([{ name: 'S', rows: row(1, cells.join('')) }]))
    expect(kindsOf(table)[0]).toEqual([
      ['0.010233', 'number'],
      ['123456789012', 'number'],
      ['100000000000000000000', 'number'],
      ['0.30000000000000004', 'number'],
      ['-12.50', 'number'],
    ])
  })

  it('leaves text that looks like a number as text', async () => {
    const table = await read(
      madeWorkbook([
        { name: 'S', rows: row(1, textCell('A1', '1.23E+11') + textCell('B1', '00123') + textCell('C1', ' 甲 ')) },
      ]),
    )
    expect(kindsOf(table)[0]).toEqual([
      ['1.23E+11', 'text'],
      ['00123', 'text'],
      [' 甲 ', 'text'],
    ])
  })

  it.each([
    [false, '46112'],
    [true, '44650'],
  ])('turns date cells into dates (1904 system: %s)', async (date1904, days) => {
    const rows = row(
      1,
      `<c r="A1" s="1"><v>${days}</v></c><c r="B1" s="2"><v>${days}.99999</v></c><c r="C1" s="3"><v>${days}</v></c><c r="D1" s="4"><v>${days}</v></c>`,
    )
    const table = await read(madeWorkbook([{ name: 'S', rows }], { date1904 }))
    expect(table.dateSystem).toBe(date1904 ? 1904 : 1900)
    expect(kindsOf(table)[0]).toEqual([
      ['2026-03-31', 'date'],
      ['2026-03-31', 'date'],
      [days, 'number'],
      ['2026-03-31', 'date'],
    ])
  })

  it('knows errors, computed and uncomputed formulas and logical values', async () => {
    const rows =
      row(1, textCell('A1', '户号')) +
      row(
        2,
        '<c r="A2" t="e"><f>X!1</f><v>#REF!</v></c><c r="B2"><f>1+2</f><v>3</v></c><c r="C2"><f>1+2</f></c><c r="D2"><f>1+2</f><v></v></c><c r="E2" t="str"><f>""</f><v></v></c><c r="F2" t="b"><v>1</v></c><c r="G2"><f>1+2</f><v/></c>',
      ) +
      row(4, '<c r="H4" t="e"><v>#N/A</v></c>')
    const table = await read(madeWorkbook([{ name: 'S', rows }]))
    expect(kindsOf(table)[1]).toEqual([
      ['#REF!', 'error'],
      ['3', 'number'],
      ['', 'formula_without_value'],
      ['', 'formula_without_value'],
      ['', 'text'],
      ['TRUE', 'boolean'],
      ['', 'formula_without_value'],
    ])
    expect(table.rows[3]).toMatchObject({ rowNumber: 4 })
    expect(kindsOf(table)[3]?.at(-1)).toEqual(['#N/A', 'error'])
  })

  it('marks the cells that a merge covers', async () => {
    const sheet: MadeSheet = {
      name: 'S',
      rows:
        row(1, `${textCell('A1', '三月')}<c r="B1"/>`) +
        row(2, textCell('A2', '001') + textCell('B2', '甲')) +
        row(3, textCell('B3', '乙')),
      after: '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/></mergeCells>',
    }
    const table = await read(madeWorkbook([sheet]))
    expect(kindsOf(table)).toEqual([
      [
        ['三月', 'text'],
        ['', 'merged'],
      ],
      [
        ['001', 'text'],
        ['甲', 'text'],
      ],
      [
        ['', 'merged'],
        ['乙', 'text'],
      ],
    ])
  })

  it('numbers rows as Excel does when rows are left out', async () => {
    const table = await read(
      madeWorkbook([{ name: 'S', rows: row(3, textCell('B3', '户号')) + row(5, textCell('A5', '1')) }]),
    )
    expect(table.rows.map((each) => [each.rowNumber, ...each.cells])).toEqual([
      [1, '', ''],
      [2, '', ''],
      [3, '', '户号'],
      [4, '', ''],
      [5, '1', ''],
    ])
  })

  it('takes the first visible sheet that holds anything and reports the others', async () => {
    const sheets: MadeSheet[] = [
      { name: '草稿', state: 'hidden', rows: row(1, textCell('A1', '隐')) },
      { name: '空', rows: row(1, '<c r="A1" s="1"/>') },
      { name: '三月 &amp; 四月', rows: row(1, textCell('A1', '户号')) },
      { name: '五月', rows: row(1, textCell('A1', '户名')) },
    ]
    const table = await read(madeWorkbook(sheets))
    expect(table.sheet).toBe('三月 & 四月')
    expect(table.ignoredSheets).toEqual(['草稿', '空', '五月'])
    expect(cellsOf(table)).toEqual([['户号']])
    expect(cellsOf(await read(madeWorkbook(sheets), { sheet: '五月' }))).toEqual([['户名']])
    expect(cellsOf(await read(madeWorkbook(sheets), { sheet: 1 }))).toEqual([['隐']])
    const refusal = await refusalOf(madeWorkbook(sheets), { sheet: '六月' })
    expect(refusal.code).toBe('sheet_not_found')
    expect(refusal.sentence('zh')).toContain('三月 & 四月')
    expect((await refusalOf(madeWorkbook(sheets.slice(0, 2)))).code).toBe('all_sheets_empty')
  })

  it('reads workbooks whose tags have a prefix', async () => {
    const rows =
      '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>户号</x:t></x:is></x:c><x:c r="B1" t="e"><x:v>#N/A</x:v></x:c><x:c r="C1"><x:f>1</x:f></x:c></x:row>'
    const table = await read(madeWorkbook([{ name: 'S', rows }], { prefix: 'x:' }))
    expect(kindsOf(table)[0]).toEqual([
      ['户号', 'text'],
      ['#N/A', 'error'],
      ['', 'formula_without_value'],
    ])
  })

  it('gives rows in blocks, again and again', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) =>
      row(index + 1, `<c r="A${index + 1}"><v>${index}</v></c>`),
    ).join('')
    const table = await openTable({ name: 'x.xlsx', bytes: madeWorkbook([{ name: 'S', rows }]) }, { blockRows: 1000 })
    if (isRefusal(table)) throw new Error(table.code)
    const sizes: number[] = []
    for await (const block of table.blocks()) if (!isRefusal(block)) sizes.push(block.rows.length)
    expect(sizes).toEqual([1000, 1000, 500])
    expect((await readWhole(table)).rows[2499]?.cells).toEqual(['2499'])
    await table.close()
  })

  it('refuses cells that do not say where they stand, naming sheet and row', async () => {
    const rows = `${row(1, textCell('A1', '户号'))}<row><c t="inlineStr"><is><t>1</t></is></c></row>`
    const refusal = await refusalOf(madeWorkbook([{ name: '三月', rows }]))
    expect(refusal.code).toBe('cells_without_address')
    expect(refusal.parameters).toMatchObject({ sheet: '三月', row: 2 })
  })

  it.each([
    ['a style that is not there', row(1, '<c r="A1" s="99"><v>1</v></c>')],
    ['an unknown type', row(1, '<c r="A1" t="zz"><v>1</v></c>')],
    ['rows out of order', row(2, '<c r="A2"><v>1</v></c>') + row(1, '<c r="A1"><v>1</v></c>')],
    ['a shared string that is not there', row(1, '<c r="A1" t="s"><v>7</v></c>')],
    [
      'a marked section, which the library would leave out',
      row(1, '<c r="A1" t="inlineStr"><is><t><![CDATA[x]]></t></is></c>'),
    ],
    ['broken XML', '<row r="1"><c r="A1"><v>1</v>'],
  ])('refuses %s with the remedy to save it again', async (_, rows) => {
    const refusal = await refusalOf(madeWorkbook([{ name: 'S', rows }]))
    expect(refusal.code).toMatch(/^workbook_(unreadable|broken)$/)
    expect(refusal.sentence('zh')).toContain('另存为')
    expect(refusal.sentence('zh')).not.toMatch(/invalid|undefined|error/i)
  })

  it('refuses bombs by what they claim and by what they are', async () => {
    const zeros = Buffer.alloc(40 * 1024 * 1024)
    const parts = madeWorkbookParts([{ name: 'S', rows: row(1, textCell('A1', 'x')) }])
    const honest = await refusalOf(madeZip([...parts, { name: 'xl/media/a.xml', content: zeros }]))
    expect(honest.code).toBe('zip_bomb')
    expect(honest.parameters).toMatchObject({ size: 41 })
    // Inflation stops at what was claimed and checked.
    const lying = await refusalOf(
      madeZip([
        ...parts.slice(0, -1),
        { name: 'xl/worksheets/sheet1.xml', content: zeros, claims: { fullBytes: 1000 } },
      ]),
    )
    expect(lying.code).toBe('zip_damaged')
    const large = await refusalOf(
      madeZip([...parts, { name: 'a.xml', content: randomBytes(1000), claims: { fullBytes: 600 * 1024 * 1024 } }]),
    )
    expect(large.code).toBe('zip_bomb')
  })

  it('refuses damaged and encrypted zips', async () => {
    const parts = madeWorkbookParts([{ name: 'S', rows: row(1, textCell('A1', 'x')) }])
    const whole = madeZip(parts)
    expect((await refusalOf(whole.subarray(0, whole.length - 100))).code).toBe('zip_damaged')
    const wrongSum = madeZip(
      parts.map((part) => (part.name.includes('sheet1') ? { ...part, claims: { crc: 1 } } : part)),
    )
    expect((await refusalOf(wrongSum)).code).toBe('zip_damaged')
    const locked = madeZip(parts.map((part) => ({ ...part, claims: { encrypted: true } })))
    expect((await refusalOf(locked)).code).toBe('password_protected')
  })

  it('turns a workbook that exhausts the memory of its process into a refusal', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) =>
      row(
        index + 1,
        Array.from('ABCDEFGH', (letter) => textCell(`${letter}${index + 1}`, `${letter}${index}值`)).join(''),
      ),
    ).join('')
    const refusal = await refusalOf(madeWorkbook([{ name: 'S', rows }]), { limits: { heapMegabytes: 32 } })
    expect(refusal.code).toBe('workbook_out_of_memory')
  })

  it('stops a workbook that takes too long', async () => {
    const refusal = await refusalOf(madeWorkbook([{ name: 'S', rows: row(1, textCell('A1', 'x')) }]), {
      limits: { seconds: 0.01 },
    })
    expect(refusal.code).toBe('workbook_too_slow')
  })
})

describe('legacy .xls', () => {
  const sheet = {
    '!ref': 'A1:F4',
    A1: { t: 's', v: '户号' },
    B1: { t: 's', v: '水量' },
    A2: { t: 's', v: '00123' },
    B2: { t: 'n', v: 1234.5 },
    C2: { t: 'n', v: 46112, z: 'yyyy-mm-dd' },
    D2: { t: 'e', v: 0x17 },
    E2: { t: 'b', v: true },
    F2: { t: 'n', v: 0.010233 },
    A4: { t: 's', v: '合计' },
    '!merges': [{ s: { r: 3, c: 0 }, e: { r: 3, c: 1 } }],
  }
  const book = (bookType: 'biff8' | 'biff5' | 'biff2', date1904 = false): Buffer =>
    write(
      {
        SheetNames: ['隐藏', '三月'],
        Sheets: { 隐藏: { '!ref': 'A1', A1: { t: 's', v: 'x' } }, 三月: sheet },
        Workbook: { Sheets: [{ Hidden: 1 }, { Hidden: 0 }], WBProps: { date1904 } },
      } as never,
      { type: 'buffer', bookType },
    )

  it('follows the same rules as .xlsx', async () => {
    const table = await read(book('biff8'))
    expect(table).toMatchObject({ format: 'xls', sheet: '三月', ignoredSheets: ['隐藏'], dateSystem: 1900 })
    expect(table.rows[1]).toEqual({
      rowNumber: 2,
      cells: ['00123', '1234.5', '2026-03-31', '#REF!', 'TRUE', '0.010233'],
      kinds: ['text', 'number', 'date', 'error', 'boolean', 'number'],
    })
    expect(table.rows[3]).toMatchObject({ rowNumber: 4, cells: ['合计', '', '', '', '', ''] })
    expect(table.rows[3]?.kinds?.[1]).toBe('merged')
    expect((await read(book('biff8', true))).rows[1]?.cells[2]).toBe('2030-04-01')
  })

  it('reads files of the 1990s, whose texts are GBK, with and without a container', async () => {
    const container = book('biff5')
    expect((await read(container, { sheet: 2 })).rows[1]?.cells[0]).toBe('00123')
    // The library writes such texts as underscores, so GBK bytes of the same length are put in their place.
    const bare = write({ SheetNames: ['S'], Sheets: { S: { '!ref': 'A1', A1: { t: 's', v: 'ABCD' } } } } as never, {
      type: 'buffer',
      bookType: 'biff2',
    }) as Buffer
    iconv.encode('户号', 'gbk').copy(bare, bare.indexOf('ABCD'))
    expect(cellsOf(await read(bare))).toEqual([['户号']])
  })

  it('refuses passwords, other Office files and damage', async () => {
    const ole = (stream: string): Buffer => {
      const container = CFB.utils.cfb_new()
      CFB.utils.cfb_add(container, `/${stream}`, Buffer.alloc(5000))
      return CFB.write(container, { type: 'buffer' })
    }
    expect((await refusalOf(ole('EncryptedPackage'))).code).toBe('password_protected')
    expect((await refusalOf(ole('WordDocument'))).code).toBe('not_a_workbook')
    const cut = await refusalOf(book('biff8').subarray(0, 1500))
    expect(cut.code).toBe('workbook_broken')
    expect(cut.sentence('zh')).not.toMatch(/undefined|argument|property/i)
    // A FilePass record after the first one, which says that all that follows is encrypted.
    const bare = book('biff2')
    const locked = Buffer.concat([bare.subarray(0, 8), Buffer.from([0x2f, 0, 4, 0, 1, 2, 3, 4]), bare.subarray(8)])
    expect((await refusalOf(locked)).code).toBe('password_protected')
  })
})

it('says every refusal with the same particulars in both languages', () => {
  for (const [code, { zh, en }] of Object.entries(tableRefusals)) {
    const places = (sentence: string) => new Set(sentence.match(/\{\w+\}/g))
    expect(places(zh), code).toEqual(places(en))
  }
})
