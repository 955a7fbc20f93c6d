import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { withoutCommands } from '../../src/platform/pages/without-commands.ts'
import { filesBelow, root } from './tree.ts'

/** Every sentence of a kind of file that names a command. */
async function sentencesOf(suffix: string): Promise<string[]> {
  const found: string[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/qingliu |--[a-z]/.test(value)) found.push(value)
    } else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each)
  }
  const paths = [...filesBelow('src'), ...filesBelow('jobs')].filter((path) => path.endsWith(suffix))
  for (const path of paths) collect(Object.values(await import(pathToFileURL(join(root, path)).href)))
  return found
}

describe('a sentence at a page', () => {
  it.each([
    ['没有账单。请用 qingliu bills list 查编号。', '没有账单。请查编号。'],
    ['已有依据。请先终止原依据：qingliu volumes end-basis', '已有依据。请先终止原依据。'],
    ['没有样品 3。见 qingliu quality samples list', '没有样品 3。'],
    ['先用 qingliu orders open-correction 2026-0001 --bill 2026-000002 登记理由。', '先登记理由。'],
    ['核对代码（qingliu dischargers list）。', '核对代码。'],
    ['There is no sample 3. See qingliu quality samples list', 'There is no sample 3.'],
    ['End that one first: qingliu volumes end-basis', 'End that one first.'],
    [
      'Bill 1 was not reviewed. Record it with qingliu orders review-estimate 1.',
      'Bill 1 was not reviewed. Record it.',
    ],
    ['属实的，请写明接受哪些：--accept jump。', '属实的，请写明接受哪些：jump。'],
    ['文件 a.csv 没有数据行。', '文件 a.csv 没有数据行。'],
  ])('%s', (sentence, said) => expect(withoutCommands(sentence)).toBe(said))

  it.each(['.refusals.ts', '.reasons.ts', '.findings.ts'])(
    'names no command, keeps its cause and ends as one, in every %s',
    async (suffix) => {
      const faults = (await sentencesOf(suffix)).flatMap((sentence) => {
        const said = withoutCommands(sentence)
        const [cause = ''] = sentence.split(/[。；]|[.;] /)
        const keeps = /qingliu |--[a-z]/.test(cause) || said.startsWith(cause.slice(0, 12))
        if (said === '' && cause.includes('qingliu ')) return []
        const wellEnded =
          /[\p{L}\p{N}”"}）)℃%]([。.])$/u.test(said) && !/[，；：。]{2}|[：:]。|\(\)|（）| [,.;]/u.test(said)
        return /qingliu [a-z]|--[a-z]/.test(said) || !keeps || !wellEnded ? [`${sentence} → ${said}`] : []
      })
      expect(faults).toEqual([])
    },
  )
})
