import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

describe('documents on the command line', () => {
  let district: SmallDistrict
  beforeAll(async () => {
    district = await openSmallDistrict()
  })
  afterAll(() => district.remove())
  const json = async (...words: string[]) => JSON.parse((await district.run('--json', ...words)).stdout)

  it('lets an office edit, preview and propose its own template', async () => {
    const path = join(district.folder, 'template.txt')
    expect((await district.run('documents', 'templates', 'export', 'bills.bill', '--to', path)).code).toBe(0)
    const text = readFileSync(path, 'utf8')
    const faulty = district.file('faulty.txt', text.replace('- {{legal_basis}}', '- {{legal}}'))
    const refused = await district.run(
      '--lang',
      'en',
      'documents',
      'templates',
      'propose',
      faulty,
      '--ground',
      'x',
      '--as',
      'clerk',
    )
    expect(refused.code).toBe(65)
    expect(refused.stderr).toContain('this document has no field "legal"')
    const preview = join(district.folder, 'preview.pdf')
    expect((await district.run('documents', 'templates', 'preview', path, '--to', preview)).code).toBe(0)
    expect(textOfPdf(readFileSync(preview)).flatMap(linesOfPage)).toContain('缴费期限：2026年4月10日（含当日）')
    const proposed = await json('documents', 'templates', 'propose', path, '--ground', '局务会', '--as', 'clerk')
    const { proposalId, digest } = proposed.answer
    const shown = await district.run('approvals', 'show', proposalId)
    expect(shown.stdout).toContain('{{legal_basis}}')
    const approved = await district.run(
      'documents',
      'templates',
      'approve',
      proposalId,
      '--digest',
      digest,
      '--as',
      'approver',
    )
    expect(approved.stdout).toContain('第 1 版')
    const listed = await district.run('documents', 'templates', 'list')
    expect(listed.stdout).toMatch(/bills\.bill.*第 1 版/)
  })

  it.each([
    [['bills', 'export', '--month', '2026-03', '--to'], 'bills.csv'],
    [['dischargers', 'template', 'accounts', '--to'], 'accounts.xlsx'],
    [['payments', 'template'], 'payments.csv'],
    [['settlement', 'template'], 'days.xlsx'],
    [['documents', 'templates', 'export', 'bills.bill', '--to'], 'bill.txt'],
  ])('names a place where nothing can be written, in words: %s', async (words, name) => {
    const file = join(district.folder, 'no-such-folder', name)
    const refused = await district.run(...words, file)
    expect(refused.stderr).toContain(`写不了文件 ${file}：文件夹不存在。`)
    expect(refused.stderr).toContain('its folder does not exist')
    expect(refused.stderr).not.toMatch(/ENOENT|at async|\.ts:/)
    expect(refused.code).toBe(69)
  })
})
