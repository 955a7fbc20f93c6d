import { expect, it } from 'vitest'
import { sampleReasons } from './sample.reasons.ts'
import { importLines } from './samples.cli.ts'

it('counts the rows of a file of samples by reasons in words, in either language alone', () => {
  const answer = {
    importId: '1',
    file: '检测',
    rows: { in: 20, accepted: 0, held: 1, rejected: 19 },
    samples: 0,
    unchanged: 0,
    exceeds: 0,
    settled: 0,
    reasons: Object.fromEntries(Object.keys(sampleReasons).map((code) => [code, 1])),
  }
  const counted = (language: 'zh' | 'en') =>
    importLines(answer as never, language).filter((line) => line.startsWith('  '))
  expect(counted('zh')).toContain('  结果写为 0：1 行')
  expect(counted('zh').join('')).not.toMatch(/[a-z]/)
  expect(counted('en')).toContain('  a result of 0: 1')
  expect(counted('en').join('')).not.toMatch(/[_\p{Script=Han}]/u)
})
