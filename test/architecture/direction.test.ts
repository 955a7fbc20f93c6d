import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkDirection, directionRules, type Planted } from './direction.ts'
import { root } from './tree.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A house of its own with these files only, and the packages of this one. */
function plant(files: Planted): string {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-planted-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${text}\n`)
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  symlinkSync(join(root, 'package.json'), join(folder, 'package.json'))
  return folder
}

describe('direction of imports', () => {
  it('is kept by every file, and every file was read', async () => {
    const report = await checkDirection()
    expect(report.modulesMissed).toEqual([])
    expect(report.modulesSeen.length).toBeGreaterThanOrEqual(30)
    expect(report.violations.map(({ sentence }) => sentence)).toEqual([])
  })

  for (const { rule, planted } of directionRules) {
    it(`${rule.name} is reported where it is broken`, async () => {
      expect(planted.length).toBeGreaterThan(0)
      for (const files of planted) {
        const report = await checkDirection(plant(files))
        expect(report.modulesMissed).toEqual([])
        expect(
          report.violations.map((violation) => violation.rule),
          JSON.stringify(files),
        ).toContain(rule.name)
      }
    })
  }

  it('reports nothing in a house that keeps it', async () => {
    const report = await checkDirection(
      plant({
        'src/kernel/money.ts': `import 'decimal.js'`,
        'src/tariffs/price.rules.ts': `import '../kernel/money.ts'`,
        'src/bills/bill.rules.ts': `import '../tariffs/price.rules.ts'; import 'node:crypto'`,
        'src/platform/connect.ts': `import 'pg'; import 'node:fs'`,
        'src/cli.ts': `import './platform/connect.ts'; import './bills/bill.rules.ts'`,
      }),
    )
    expect(report.modulesSeen).toHaveLength(5)
    expect(report.violations).toEqual([])
  })
})
