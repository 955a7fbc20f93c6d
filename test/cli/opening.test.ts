import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

let district: SmallDistrict
beforeAll(async () => {
  district = await openSmallDistrict()
}, 300_000)
afterAll(() => district.remove())

const control = { readings: 1, uses: 1, usesVolumeM3: '100', openBills: 1, openBillsAmount: '140.00' }
const billTitles = '账单年份,账单号,户号,月份,水量,金额,到期日,价格类别\n'

function take(given: { control?: string; amount?: string; numbers?: string } = {}, ...more: string[]) {
  const words = [
    ['--readings', district.file('last.csv', '户号,表号,抄表日期,读数\n00101,M-1,2026-02-28,900\n')],
    ['--uses', district.file('uses.csv', '户号,月份,用水量,估算\n00101,2026-02,100,否\n')],
    [
      '--open-bills',
      district.file('open.csv', `${billTitles}2026,17,00101,2026-02,100,${given.amount ?? '140.00'},2026-03-10,shop\n`),
    ],
    ['--control', district.file('control.json', given.control ?? JSON.stringify(control))],
    ...(given.numbers === undefined ? [] : [['--numbers-used', district.file('numbers.json', given.numbers)]]),
  ]
  return district.run(...['bills', 'import-opening', '--collector', 'gx', '--as', 'clerk'], ...words.flat(), ...more)
}

describe('opening files that cannot be taken are refused', () => {
  const halves = (stderr: string) => {
    const [zh = '', en = '', ...more] = stderr.trimEnd().split('\n')
    expect(more).toEqual([])
    expect(stderr).not.toMatch(/\{(row|column|value|faults?\w*)\}|。。|Invalid input|SyntaxError/)
    return { zh, en }
  }

  it.each([
    ['16800x.00', '不是数字', 'is not a number'],
    ['140.005', '最多 2 位小数', 'at most 2 decimals'],
  ])('by an amount of %s, with its row and column, each language by itself', async (amount, saidZh, saidEn) => {
    const ran = await take({ amount })
    const { zh, en } = halves(ran.stderr)
    expect(ran.code).toBe(65)
    for (const words of ['open.csv', '第 2 行', '“金额”', amount, saidZh]) expect(zh).toContain(words)
    for (const words of ['open.csv', 'Row 2', '"金额"', amount, saidEn]) expect(en).toContain(words)
    expect(zh).not.toMatch(/Row|Nothing/)
    expect(en.replace('金额', '')).not.toMatch(/\p{Script=Han}/u)
  })

  it.each([
    ['{}', '缺少 readings（最后读数条数，整数）', 'readings is missing (number of last readings, a whole number)'],
    ['1555 条', '内容不是 JSON', 'the content is not JSON'],
    ['[]', '内容不是这里要的样子', 'does not have the shape'],
    [JSON.stringify({ ...control, openBills: '1' }), 'openBills 为 "1"，应为未缴账单张数', 'openBills is "1", not'],
    [JSON.stringify({ ...control, openBillsAmount: 'x' }), 'openBillsAmount 为 "x"', 'openBillsAmount is "x"'],
  ])('by the control %s, with what is missing and what it must look like', async (text, saidZh, saidEn) => {
    const ran = await take({ control: text })
    const { zh, en } = halves(ran.stderr)
    expect(ran.code).toBe(65)
    for (const words of ['control.json', '"usesVolumeM3":"', 'opening-template control']) {
      expect(zh).toContain(words)
      expect(en).toContain(words)
    }
    expect(zh).toContain(saidZh)
    expect(en).toContain(saidEn)
    expect(en).not.toMatch(/\p{Script=Han}/u)
  })

  it('by numbers used without a year, and by another total, without a Chinese word in English', async () => {
    const numbers = halves((await take({ numbers: '[{"kind":"bill","lastNumber":5}]' })).stderr)
    expect(numbers.zh).toContain('缺少 [1] year（编号年份，整数）')
    expect(numbers.en).toContain('[1] year is missing')
    const total = halves((await take({ control: JSON.stringify({ ...control, openBills: 2 }) })).stderr)
    expect(total.zh).toContain('未缴账单张数 文件 1，签认 2')
    expect(total.en).toContain('number of open bills is 1, signed 2')
    expect(total.en).not.toMatch(/\p{Script=Han}/u)
  })
})

describe('the templates of the JSON files', () => {
  it.each(['control', 'numbers-used'])('%s is what the help shows', async (kind) => {
    const printed = await district.run('bills', 'opening-template', kind)
    expect(printed).toMatchObject({ code: 0, stderr: '' })
    const { stdout } = await district.run('bills', 'import-opening', '--help')
    expect(stdout).toContain(JSON.stringify(JSON.parse(printed.stdout)))
    const path = join(district.folder, `${kind}.json`)
    expect((await district.run('bills', 'opening-template', kind, '--to', path)).stdout).toContain(`已生成 ${path}`)
    expect(readFileSync(path, 'utf8')).toBe(printed.stdout)
  })
})

describe('the same opening import again', () => {
  it('is given the first answer; other files are refused', async () => {
    const numbers = '[{"kind":"bill","year":2026,"lastNumber":20}]'
    const first = await take({ numbers })
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('已导入 gx：最后读数 1 条')
    const before = await district.mark()
    const again = await take({ numbers })
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toBe(`（重复提交：以下为首次办理的结果，未作改动）\n${first.stdout}`)
    const other = await take({ numbers: '[{"kind":"bill","year":2026,"lastNumber":21}]' })
    expect(other).toMatchObject({ code: 75, stdout: '' })
    expect(other.stderr).toContain('不能再导入其他文件')
    expect(await district.mark()).toEqual(before)
  })
})
