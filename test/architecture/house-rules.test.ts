import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { breaches, hasEmptyName, houseRules, sourceFiles } from './house-rules.ts'
import { builtStages, filesBelow, root } from './tree.ts'

describe('house rules', () => {
  const files = sourceFiles()

  it('are checked on the whole project', () => {
    expect(files.length).toBeGreaterThanOrEqual(50)
    const paths = files.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining(['src/kernel/money.ts', 'db/migrations/0001-platform.sql', 'package.json']),
    )
  })

  for (const rule of houseRules) {
    it(`${rule.name}: kept everywhere`, () => {
      expect(breaches(rule, files), rule.why).toEqual([])
    })
    it(`${rule.name}: reported where it is broken, and only there`, () => {
      for (const planted of rule.planted) expect(breaches(rule, [planted]), planted.text).toHaveLength(1)
      for (const allowed of rule.allowed) expect(breaches(rule, [allowed]), allowed.text).toEqual([])
    })
  }

  it('no file or folder has a name that says nothing', () => {
    expect(hasEmptyName('src/bills/bill-helper.ts')).toBe(true)
    expect(hasEmptyName('src/utils/money.ts')).toBe(true)
    expect(hasEmptyName('src/bills/database.ts')).toBe(false)
    expect(files.map(({ path }) => path).filter(hasEmptyName)).toEqual([])
  })

  it('every stage in a folder of src has a README of one screen', () => {
    const folders = builtStages().flatMap(({ path }) => (/^src\/.*\/$/.test(path) ? [path] : []))
    expect(folders.length).toBeGreaterThanOrEqual(3)
    const missing = folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))
    expect(missing).toEqual([])
    const long = folders.filter(
      (folder) => readFileSync(join(root, folder, 'README.md'), 'utf8').split('\n').length > 81,
    )
    expect(long).toEqual([])
  })

  it('the stages’ folders are the only folders of src', () => {
    const known = new Set(builtStages().map(({ path }) => path))
    const folders = new Set(filesBelow('src').flatMap((path) => path.match(/^src\/[^/]+\//)?.[0] ?? []))
    expect([...folders].filter((folder) => !known.has(folder))).toEqual([])
  })
})
