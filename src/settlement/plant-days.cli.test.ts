import { expect, it } from 'vitest'
import { plantReasons } from './plant-day.reasons.ts'
import { importLines } from './plant-days.cli.ts'

it('counts the rows of a plant’s file by reasons in words, in either language alone', () => {
  const volumes = { in: '0', accepted: '0', held: '0', rejected: '0' }
  const answer = {
    importId: '1',
    plant: '示例厂',
    file: '日报',
    mapping: {},
    rows: { in: 14, accepted: 0, held: 7, rejected: 7, withoutVolume: 0 },
    volumes,
    stored: 0,
    unchanged: 0,
    superseded: 0,
    reasons: Object.fromEntries(Object.keys(plantReasons).map((code) => [code, 2])),
  }
  const zh = importLines(answer, 'zh')
  expect(zh).toContain('  文件内重复：2 行')
  const counted = zh.filter((line) => /^ {2}\S/.test(line))
  expect(counted).toHaveLength(Object.keys(plantReasons).length)
  expect(counted.join('')).not.toMatch(/[a-z]/)
  const en = importLines(answer, 'en').filter((line) => /^ {2}\S/.test(line))
  expect(en).toContain('  more than once in the file: 2')
  expect(en.join('')).not.toMatch(/[_\p{Script=Han}]/u)
})
