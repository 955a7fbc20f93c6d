import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../kernel/refusal.ts'
import { openCsv } from './csv-table.ts'
import type { FileBytes } from './file-bytes.ts'

/** What csv-parse makes of the whole text at once, or the row it stops at. */
function parsedWhole(text: string): string[][] | { brokenAt: number } {
  try {
    return parse(text, { delimiter: ',', record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { brokenAt: Number(error['records']) + 1 }
  }
}

async function readInPieces(text: string, pieceBytes: number): Promise<string[][] | { brokenAt: number }> {
  const whole = Buffer.from(text)
  const file: FileBytes = {
    name: '三月.csv',
    size: whole.length,
    input: { name: '三月.csv', bytes: whole },
    head: async (count) => whole.subarray(0, count),
    async *chunks() {
      for (let start = 0; start < whole.length; start += pieceBytes) yield whole.subarray(start, start + pieceBytes)
    },
  }
  const table = await openCsv(file, { encoding: 'utf-8', delimiter: ',', blockRows: 3 })
  if (isRefusal(table)) throw new Error(table.sentence('en'))
  const rows: string[][] = []
  for await (const block of table.blocks()) {
    if (isRefusal(block)) return { brokenAt: Number(block.parameters['row']) }
    for (const { rowNumber, cells } of block.rows) {
      expect(rowNumber).toBe(rows.length + 1)
      rows.push([...cells])
    }
  }
  return rows
}

const cell = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', '0', '00123', '示例', ' a b ', '１２') },
  { weight: 2, arbitrary: fc.constantFrom('"x"', '"1,5"', '"a\nb"', '"a""b"', '""') },
  { weight: 1, arbitrary: fc.constantFrom('"', 'a"b', '"a"b') },
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
const line = fc
  .tuple(fc.array(cell, { minLength: 1, maxLength: 4 }), lineEnd)
  .map(([cells, end]) => cells.join(',') + end)

describe('a text table read in pieces', () => {
  it('has the rows that csv-parse finds in the whole text, with quotes and without', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        async (lines, pieceBytes) => {
          const text = `户号,户名\n${lines.join('')}`
          expect(await readInPieces(text, pieceBytes)).toEqual(parsedWhole(text))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('ends with or without a line end, and keeps blank rows', async () => {
    for (const text of ['a,b\n1,2', 'a,b\r\n1,2\r\n', 'a,b\r\r1,2\r', '\n\na,b\n\n1\n', 'a'])
      for (const pieceBytes of [1, 2, 3, 100]) expect(await readInPieces(text, pieceBytes)).toEqual(parsedWhole(text))
  })
})
