import { expect, it } from 'vitest'
import { refusePlatform } from '../platform.refusals.ts'
import { refuseTable } from '../tables/tables.refusals.ts'
import { problemOf } from './problem.ts'

it('names the fields of a request where the command line has options', () => {
  const problem = problemOf(refusePlatform('setting_needs_citation', { name: 'bills.due_day' }), 'en')
  expect(problem.zh).toBe('修改设置 bills.due_day 须写明依据：请加 citation（文件名称、文号或决定）。')
  expect(problem.detail).toContain('citation')
  expect(problem.detail).not.toContain('--')
  const sheets = problemOf(refuseTable('column_ambiguous', { file: 'a.xlsx', field: '户号', columns: 'A、B' }), 'zh')
  expect(`${sheets.zh}${sheets.en}`).not.toContain('--')
})
