import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Stage, stages } from '../../src/stages.ts'
import { builtStages, root } from './tree.ts'

const row = (stage: Stage): string => {
  const link = stage.path.replace(/^src\//, '').replace(/^jobs\//, '../jobs/')
  return `| [${stage.name}](${link}) ${stage.zh} | ${stage.comesIn} | ${stage.goesOut} | ${stage.mustHold} |`
}

describe('the map in src/README.md', () => {
  it('has one row for each stage that is built, in order, in the words of stages.ts', () => {
    const rows = readFileSync(join(root, 'src/README.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ['))
    expect(rows).toEqual(builtStages().map(row))
  })

  it('would not miss a stage: names and paths differ, and each belongs where its path says', () => {
    expect(new Set(stages.map(({ name }) => name)).size).toBe(stages.length)
    expect(new Set(stages.map(({ path }) => path)).size).toBe(stages.length)
    expect(stages.filter(({ path }) => !/^(src\/[a-z]+(\/|\.tsx?)|jobs\/)$/.test(path))).toEqual([])
    expect(stages.filter(({ name, path }) => !path.includes(name))).toEqual([])
  })
})
