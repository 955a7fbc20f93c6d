import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../../kernel/refusal.ts'
import { readDecimalCell, readIdentifierCell } from './cell-values.ts'
import { guardFormula, withoutFormulaGuard } from './formula-guard.ts'
import { openTable } from './read-table.ts'
import type { TableRow } from './table-file.ts'
import {
  type TableTarget,
  type TemplateColumn,
  writeCsv,
  writeTemplate,
  writeXlsx,
  type XlsxColumn,
  xlsxRowLimit,
} from './write-table.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function rowsOf(bytes: Uint8Array, sheet?: string): Promise<TableRow[]> {
  const table = await openTable({ name: '表', bytes }, { delimiter: ',', ...(sheet === undefined ? {} : { sheet }) })
  if (isRefusal(table)) throw new Error(table.sentence('en'))
  const rows: TableRow[] = []
  for await (const block of table.blocks()) {
    if (isRefusal(block)) throw new Error(block.sentence('en'))
    rows.push(...block.rows)
  }
  await table.close()
  return rows
}

async function written(write: (target: TableTarget) => Promise<unknown>): Promise<Buffer> {
  const stream = new PassThrough()
  const [bytes] = await Promise.all([buffer(stream), write(stream)])
  return bytes
}

// Text as people and machines produce it: Chinese, quotes, delimiters, line breaks, formula signs, names objects have.
const cellText = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\0/g, '')),
  fc.string({ unit: fc.constantFrom(...`'"=+-@,;\t\r\n _x0041户号０1.E`), maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '_x0041_', '-5', '=1+1', "'=1", '@SUM(A1)', '\uFFFE'),
)

describe('formula guard', () => {
  it.each(['=1+1', '+86 10', '-甲', '@SUM(A1)', '\t=1', '＝1+1', "'=1"])('guards %j', (text) => {
    expect(guardFormula(text)).toBe(`'${text}`)
  })
  it.each(['-5', '-12.30', '5', '甲-乙', "'abc", '', '#1'])('leaves %j alone', (text) => {
    expect(guardFormula(text)).toBe(text)
  })
  it('is undone exactly, whatever the text', () => {
    fc.assert(
      fc.property(cellText, (text) => {
        expect(withoutFormulaGuard(guardFormula(text))).toBe(text)
      }),
    )
  })
})

describe('CSV', () => {
  it('is what Excel opens rightly: mark, CRLF, guards, quotes where needed', async () => {
    const bytes = await written((target) =>
      writeCsv(
        target,
        ['户号', '备注'],
        [
          ['00123', '=1+1'],
          ['-5', '甲,"乙"'],
        ],
      ),
    )
    expect(bytes.toString()).toBe('\uFEFF户号,备注\r\n00123,\'=1+1\r\n-5,"甲,""乙"""\r\n')
    const plain = await written((target) => writeCsv(target, ['a'], [], { bom: false }))
    expect(plain.toString()).toBe('a\r\n')
  })

  it('is read back cell by cell, whatever the texts', async () => {
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cellText, { minLength: width, maxLength: width }), { maxLength: 5 }))
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const header = ['户号', '户名', '水量', '备注'].slice(0, rows[0]?.length ?? 1)
        const bytes = await written((target) => writeCsv(target, header, rows))
        expect((await rowsOf(bytes)).map((row) => row.cells)).toEqual([header, ...rows])
      }),
    )
  })

  it('streams rows from anywhere to a file that appears only when complete', async () => {
    const path = join(folder, 'many.csv')
    async function* rows() {
      for (let index = 0; index < 50_000; index += 1) yield [String(index), `用户${index}`]
    }
    expect(await writeCsv(path, ['户号', '户名'], rows())).toBe(50_000)
    expect((await rowsOf(await readFile(path))).length).toBe(50_001)

    async function* failing() {
      yield ['1', '甲']
      throw new Error('the database went away')
    }
    await expect(writeCsv(join(folder, 'half.csv'), ['户号', '户名'], failing())).rejects.toThrow(
      'the database went away',
    )
    expect(await readdir(folder)).toEqual(['many.csv'])
  })

  it('says when its folder cannot be written', async () => {
    await expect(writeCsv(join(folder, 'none', 'x.csv'), ['a'], [['1']])).rejects.toThrow('ENOENT')
  })
})

describe('XLSX', () => {
  const columns: XlsxColumn[] = [
    { title: '户号', kind: 'text' },
    { title: '应收', kind: 'number', decimals: 2 },
  ]

  it('writes numbers as numbers only where that is exact, and ids always as text', async () => {
    const rows = [
      ['00123', '1234.50'],
      ['123456789012345678', '-0.01'],
      ['1', '1234567890123456'],
      ['2', '007'],
      ['=1+1', '待定'],
      ['', ''],
    ]
    const bytes = await written((target) => writeXlsx(target, [{ name: '账单', columns, rows }]))
    const read = await rowsOf(bytes)
    expect(read.map((row) => row.cells.map((cell, column) => [cell, row.kinds?.[column] ?? 'text']))).toEqual([
      [
        ['户号', 'text'],
        ['应收', 'text'],
      ],
      [
        ['00123', 'text'],
        ['1234.5', 'number'],
      ],
      [
        ['123456789012345678', 'text'],
        ['-0.01', 'number'],
      ],
      [
        ['1', 'text'],
        ['1234567890123456', 'text'],
      ],
      [
        ['2', 'text'],
        ['007', 'text'],
      ],
      [
        ['=1+1', 'text'],
        ['待定', 'text'],
      ],
    ])
  })

  it('is read back: texts as they are, numbers by their value', async () => {
    const id = cellText.filter((text) => text !== '')
    const amount = fc
      .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.integer({ min: 0, max: 4 }))
      .map(([digits, places]) => {
        const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0')
        const plain = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
        return digits < 0n ? `-${plain}` : plain
      })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(id, amount), { minLength: 1, maxLength: 40 }), async (rows) => {
        const bytes = await written((target) => writeXlsx(target, [{ name: '账单', columns, rows }]))
        const read = await rowsOf(bytes)
        expect(read.slice(1).map((row) => row.cells[0])).toEqual(rows.map(([text]) => text))
        for (const [index, [, text]] of rows.entries()) {
          const row = read[index + 1]
          const value = readDecimalCell(row?.cells[1] ?? '', row?.kinds?.[1], { negative: true })
          const exact = readDecimalCell(text, 'text', { negative: true })
          const withoutZeros = (reading: typeof value) =>
            'value' in reading ? reading.value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : reading.reason
          expect(withoutZeros(value)).toBe(withoutZeros(exact))
        }
      }),
      { numRuns: 15 },
    )
  })

  it('writes several sheets, and refuses more rows than the library can hold', async () => {
    const path = join(folder, 'book.xlsx')
    expect(
      await writeXlsx(path, [
        { name: '一', columns, rows: [['1', '2']] },
        { name: '二', columns, rows: [['3', '4']] },
      ]),
    ).toBeUndefined()
    expect((await rowsOf(await readFile(path), '二')).at(-1)?.cells).toEqual(['3', '4'])
    const endless = {
      *[Symbol.iterator]() {
        while (true) yield ['1', '2']
      },
    }
    const refusal = await writeXlsx(join(folder, 'large.xlsx'), [{ name: '一', columns, rows: endless }])
    expect(refusal?.code).toBe('too_many_rows_for_xlsx')
    expect(refusal?.sentence('zh')).toContain(String(xlsxRowLimit))
    expect(await readdir(folder)).not.toContain('large.xlsx')
  })
})

it('a template holds the header alone, so that its example is never imported, and explains each column', async () => {
  const columns: TemplateColumn[] = [
    { title: '户号', kind: 'text', example: '0012345', note: '与供水公司系统一致，保留前面的 0' },
    { title: '用水量', kind: 'number', example: '120', note: '吨' },
  ]
  const bytes = await written((target) => writeTemplate(target, columns, '请在“填写”表中填写，每户一行。'))
  expect((await rowsOf(bytes)).map((row) => row.cells)).toEqual([['户号', '用水量']])
  const explained = (await rowsOf(bytes, '填写说明')).map((row) => row.cells)
  expect(explained.slice(1)).toEqual([
    ['列名', '示例', '说明'],
    ['户号', '0012345', '与供水公司系统一致，保留前面的 0'],
    ['用水量', '120', '吨'],
  ])
  expect(readIdentifierCell(explained[2]?.[1] ?? '')).toEqual({ value: '0012345' })
})
