import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { read, utils } from '@e965/xlsx'
import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cast } from '../../fixtures/district-model/cast.ts'
import { buildDistrict } from '../../fixtures/district-model/district.ts'
import { type MeterRow, readMeters } from '../../fixtures/district-model/months.ts'
import { insistOnSoundRows } from '../../fixtures/district-model/sound-months.ts'
import { fixturesFolder, generateFixtures } from '../../fixtures/generate.ts'
import { creditCodeFault } from '../../src/kernel/credit-code.ts'
import { addMoney, type Money, moneyText, priceOf, roundToMoney, unitPrice } from '../../src/kernel/money.ts'
import { volume } from '../../src/kernel/volume.ts'

const district = join(fixturesFolder, 'district')
const newYork = join(fixturesFolder, 'nyc')

type Row = Readonly<Record<string, string>>

function csvRows(text: string): Row[] {
  return parse(text, { columns: true, bom: true }) as Row[]
}
function csvFile(...path: string[]): Row[] {
  return csvRows(readFileSync(join(...path), 'utf8'))
}
function jsonFile<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T
}
async function xlsxRows(...path: string[]): Promise<string[][]> {
  const rows = await readSheet(readFileSync(join(...path)), { parseNumber: (text: string) => text })
  return rows.map((cells) => cells.map((cell) => String(cell ?? '')))
}
function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}

describe('the fixtures are what the generator writes', () => {
  let again: string
  beforeAll(async () => {
    again = mkdtempSync(join(tmpdir(), 'qingliu-fixtures-'))
    await generateFixtures(again)
  })
  afterAll(() => rmSync(again, { recursive: true, force: true }))

  it('byte for byte, none missing and none left over', () => {
    expect(filesUnder(district)).toEqual(filesUnder(join(again, 'district')))
    for (const [committed, fresh] of [
      [district, join(again, 'district')],
      [newYork, join(again, 'nyc')],
    ] as const) {
      for (const file of filesUnder(fresh)) {
        expect(readFileSync(join(committed, file)).equals(readFileSync(join(fresh, file))), file).toBe(true)
      }
    }
  })

  it('and stay small', () => {
    const bytes = [district, newYork].flatMap((folder) =>
      filesUnder(folder).map((file) => statSync(join(folder, file)).size),
    )
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8 * 1024 * 1024)
  })
})

describe('nobody real is in the demo district', () => {
  const dischargers = csvFile(district, 'registry', 'dischargers.csv')

  it('names are marked 示例, telephones are blank', () => {
    for (const { 名称: name, 电话: phone } of dischargers) {
      expect(name).toMatch(/^示例/)
      expect(phone).toBe('')
    }
    const { staff } = jsonFile<{ staff: { name: string }[] }>(district, 'staff.json')
    for (const { name } of staff) expect(name).toMatch(/^示例/)
  })

  it('credit codes are well formed and of no real administrative division', () => {
    const codes = dischargers.map((each) => each['统一社会信用代码'] ?? '').filter((code) => code !== '')
    expect(codes.length).toBeGreaterThan(300)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) {
      expect(creditCodeFault(code), code).toBeUndefined()
      expect(code.slice(2, 8)).toBe('999999')
    }
  })
})

describe('the demo district is large enough', () => {
  it('has 300 park enterprises with an agreement each, and 2,000 other accounts over the five groups', async () => {
    const [header = [], ...xlsx] = await xlsxRows(district, 'registry', 'mt-water', 'accounts.xlsx')
    const accounts = [
      ...csvFile(district, 'registry', 'gx-water', 'accounts.csv'),
      ...csvFile(district, 'registry', 'yq-water', 'accounts.csv'),
      ...xlsx.map((cells): Row => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']))),
    ]
    const agreed = new Set(csvFile(district, 'registry', 'agreements.csv').map((each) => each['排污者编号']))
    const industrial = accounts.filter(
      (each) =>
        each['用户群体'] === 'park_enterprise' && each['价格类别'] === '非居民' && each['供水方式'] === '公共供水',
    )
    const enterprises = new Set(industrial.map((each) => each['排污者编号']))
    expect(enterprises.size).toBeGreaterThanOrEqual(300)
    for (const enterprise of enterprises) expect(agreed.has(enterprise), enterprise).toBe(true)
    expect(accounts.length - industrial.length).toBeGreaterThanOrEqual(2_000)
    expect(new Set(accounts.map((each) => each['用户群体']))).toEqual(
      new Set(['park_enterprise', 'maodian_resident', 'urban_resident', 'cas_academy', 'mixed_block']),
    )
  })
})

describe('the supplier files tell one continuous story', () => {
  const gbkFile = (month: string): Row[] =>
    csvRows(iconv.decode(readFileSync(join(district, 'supplier', 'gx-water', `${month}.csv`)), 'gbk'))
  const months = readdirSync(join(district, 'supplier', 'gx-water')).map((file) => file.slice(0, 7))

  it('every month starts where the one before ended, from the opening of 2025 to that of 2026', () => {
    const lastEnd = new Map(
      csvFile(district, 'opening-2025', 'gx-water', 'last-readings.csv').map((each) => [each['表号'], each['读数']]),
    )
    const initial = new Map(
      csvFile(district, 'registry', 'gx-water', 'meters.csv').map((each) => [each['表号'], each['初始读数']]),
    )
    expect(months).toHaveLength(14)
    for (const month of months.slice(0, -1)) {
      for (const row of gbkFile(month)) {
        const meter = row['水表编号']
        expect(row['上期抄度'], `${month} ${meter}`).toBe(lastEnd.get(meter) ?? initial.get(meter))
        expect(row['水费月份']).toBe(month)
        lastEnd.set(meter, row['本期抄度'])
      }
    }
    const opening = csvFile(district, 'opening', 'gx-water', 'last-readings.csv').filter((each) =>
      lastEnd.has(each['表号'] ?? ''),
    )
    const supplied = opening.filter((each) => initial.has(each['表号']) && !/^(OL|GX04)/.test(each['表号'] ?? ''))
    expect(supplied.length).toBeGreaterThan(1_500)
    for (const each of supplied) expect(each['读数'], each['表号']).toBe(lastEnd.get(each['表号']))
  })

  interface FileExpectation {
    readonly collector: string
    readonly file: string
    readonly headerRow: number
    readonly rows: number
    readonly accepted: number
    readonly held: number
    readonly rejected: number
    readonly statedVolumeM3: string
    readonly fileTotalM3: string | null
    readonly exceptions: { rowNo: number; shown: string; verdict: string; check: string }[]
  }
  const expected = jsonFile<{
    files: FileExpectation[]
    census: { roster: number; billed: number; held: number; exempt: number }
  }>(district, 'expected', '2026-03.json')

  it('three layouts can be read, and the expectations name the rows that are really there', async () => {
    for (const file of expected.files) {
      const path = join(district, file.file)
      let table: string[][]
      if (path.endsWith('.csv')) {
        table = parse(iconv.decode(readFileSync(path), 'gbk')) as string[][]
      } else if (path.endsWith('.xlsx')) {
        table = await xlsxRows(path)
      } else {
        const book = read(readFileSync(path), { type: 'buffer' })
        const sheet = book.Sheets[book.SheetNames[0] ?? '']
        table = utils.sheet_to_json<string[]>(sheet ?? {}, { header: 1, raw: false, defval: '' })
      }
      const header = table[file.headerRow - 1] ?? []
      const accountColumn = header.findIndex((name) => ['客户编号', '户号', '资料号'].includes(name))
      const volumeColumn = header.findIndex((name) => ['实收水量', '用水量', '水量'].includes(name))
      const body = table.slice(file.headerRow).filter((cells) => cells[0] !== '合计')
      expect(body).toHaveLength(file.rows)
      expect(file.accepted + file.held + file.rejected).toBe(file.rows)
      for (const { rowNo, shown } of file.exceptions) expect(table[rowNo - 1]?.[accountColumn]).toBe(shown)
      const thousandths = body
        .map((cells) => (cells[volumeColumn] ?? '').normalize('NFKC'))
        .filter((text) => text !== '')
        .reduce((sum, text) => sum + Math.round(Number(text) * 1_000), 0)
      expect((thousandths / 1_000).toFixed(3)).toBe(file.statedVolumeM3)
      const total = table.find((cells) => cells[0] === '合计')
      if (file.fileTotalM3 !== null) expect(Number(total?.[volumeColumn]).toFixed(3)).toBe(file.fileTotalM3)
    }
  })

  it('every verdict of the table occurs, and every account of the roster has an outcome', () => {
    const checks = new Set(expected.files.flatMap(({ exceptions }) => exceptions.map(({ check }) => check)))
    expect([...checks].toSorted()).toEqual([
      'account_in_exponent_form',
      'account_likely',
      'account_unknown',
      'category_differs',
      'date_unreadable',
      'end_before_start',
      'estimates_beyond_limit',
      'jump',
      'meter_unknown',
      'number_unreadable',
      'read_date_outside',
      'start_differs',
      'twice_in_file',
      'volume_differs',
      'zero_with_history',
    ])
    const { roster, billed, held, exempt } = expected.census
    expect(billed + held + exempt).toBe(roster)
  })
})

describe('the generator stops on an ordinary row that a check would question', () => {
  const sound = readMeters(buildDistrict()).get('供水') ?? []
  const spoilt = (change: (row: MeterRow) => Partial<MeterRow>): (() => void) => {
    const place = sound.findIndex((row) => row.month === '2025-09' && row.volume > 500_000)
    return () => insistOnSoundRows(sound.map((row, index) => (index === place ? { ...row, ...change(row) } : row)))
  }

  it('a start that is not the last end, a use that is not the difference, a jump, a zero', () => {
    expect(() => insistOnSoundRows(sound)).not.toThrow()
    expect(spoilt(({ start }) => ({ start: start + 1_000 }))).toThrow(/starts at/)
    expect(spoilt(({ volume: used }) => ({ volume: used + 1_000 }))).toThrow(/is not/)
    expect(spoilt(({ volume: used }) => ({ volume: used * 9 }))).toThrow(/a jump/)
    expect(spoilt(() => ({ volume: 0 }))).toThrow(/zero with history/)
  })
})

describe('the New York sample', () => {
  it('is 3,103 bills of 8,367,419.27 in all, 118 of them exact halves, and the product rounds every one as billed', () => {
    const sample = csvFile(newYork, 'bills-sample.csv')
    const { prices } = jsonFile<{ prices: Record<string, { perM3: string }> }>(newYork, 'tariff.json')
    const amounts: Money[] = []
    let halves = 0
    for (const bill of sample) {
      const unrounded = priceOf(volume(bill['volume'] ?? ''), unitPrice(prices[bill['category'] ?? '']?.perM3 ?? ''))
      const amount = roundToMoney(unrounded)
      expect(Number(bill['billed_amount'])).toBe(Number(moneyText(amount)))
      if (unrounded.times(100).modulo(1).equals('0.5')) halves += 1
      amounts.push(amount)
    }
    expect([sample.length, moneyText(addMoney(amounts)), halves]).toEqual([3103, '8367419.27', 118])
    expect(jsonFile(newYork, 'expected.json')).toMatchObject({ bills: 3103, amount: '8367419.27', exactHalves: 118 })
  })
})

describe('the guide to the fixtures', () => {
  it('names every account with a story', () => {
    const guide = readFileSync(join(fixturesFolder, 'README.md'), 'utf8')
    for (const accountNo of Object.keys(cast)) expect(guide, accountNo).toContain(accountNo)
  })
})
