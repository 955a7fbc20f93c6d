import { CFB } from '@e965/xlsx'
import { expect } from 'vitest'
import { madeWorkbookParts, madeZip } from '../../fixtures/tables/made-workbooks.ts'
import type { Ran } from './program.ts'

/** What a refusal must say in each language: the file, row, column or value, and what to do. */
export interface Said {
  readonly zh: readonly string[]
  readonly en: readonly string[]
}

/** A refusal without a trace of the program's insides: `exit`, one sentence in each language, nothing on stdout. */
export function expectRefused(ran: Ran, exit: number, said: Said): void {
  expect({ code: ran.code, stdout: ran.stdout, stderr: ran.stderr }).toMatchObject({ code: exit, stdout: '' })
  expect(ran.stderr).not.toMatch(/^\s+at |\.ts:\d+|\bundefined\b|\[object|[{}]\w+[}]/m)
  const lines = ran.stderr
    .replace(/\n\nUsage: [\s\S]*/, '')
    .trimEnd()
    .split('\n')
  // A sentence may go on over several lines, as many in one language as in the other.
  const zh = lines.slice(0, lines.length / 2).join('\n')
  const en = lines.slice(lines.length / 2).join('\n')
  expect(zh).toMatch(/\p{Script=Han}/u)
  expect(en).toMatch(/[a-z]{2,} [a-z]/i)
  for (const words of said.zh) expect(zh).toContain(words)
  for (const words of said.en) expect(en).toContain(words)
}

const container = (stream: string): Buffer => {
  const made = CFB.utils.cfb_new()
  CFB.utils.cfb_add(made, `/${stream}`, Buffer.alloc(5000))
  return CFB.write(made, { type: 'buffer' })
}
const bomb = () =>
  madeZip([
    ...madeWorkbookParts([{ name: '三月', rows: '' }]),
    { name: 'xl/media/a.xml', content: Buffer.alloc(300 * 1024 * 1024) },
  ])

/** What a file of one kind of import must have, as far as files that cannot be taken are made of it. */
export interface SoundFile {
  readonly header: string
  /** The same columns by other names. */
  readonly otherHeader: string
  readonly row: string
  /** A further name of the last column, and how a refusal calls the two. */
  readonly again: string
  readonly twice: string
}

/** Files that no import takes, each with what its sentences say beside its name. */
export function badFiles(sound: SoundFile): (readonly [string, string, string | (() => Uint8Array), Said])[] {
  const { header, otherHeader, row, again, twice } = sound
  const start = Buffer.from(`${header}\n`)
  const byte = start.length + 1
  return [
    ['a zip bomb', 'bomb.xlsx', bomb, { zh: ['301 MB', '未解压', '另存'], en: ['301 MB', 'not unpacked', 'save'] }],
    [
      'a renamed program',
      'program.csv',
      () => Buffer.concat([Buffer.from('MZ\x90\0\x03\0'), Buffer.alloc(200)]),
      { zh: ['程序文件', '请勿打开'], en: ['a program', 'Do not open it'] },
    ],
    ['an empty file', 'empty.csv', '', { zh: ['是空的', '重新导出'], en: ['is empty', 'Export it again'] }],
    [
      'two header rows',
      'two.csv',
      `${header}\n${otherHeader}\n${row}\n`,
      { zh: ['第 1 行和第 2 行', '只保留一行'], en: ['Rows 1 and 2', 'Keep one'] },
    ],
    [
      'no header',
      'none.csv',
      `${row}\n${row}\n`,
      {
        zh: ['没有找到表头', '户号', '缴款和污水厂日报的导入也可用 --header-row'],
        en: ['No header was found', 'known name', 'readings, payments and plant days also take --header-row'],
      },
    ],
    [
      'a header without what the rows must say',
      'narrow.csv',
      '户号,户名,吨位\n00101,甲,12\n',
      { zh: ['第 1 行', '吨位', '--map'], en: ['row 1', '吨位', '--map'] },
    ],
    [
      'an unknown encoding',
      'encoding.csv',
      () => Buffer.concat([start, Buffer.from([0xff, 0x31, 0x0a])]),
      { zh: ['第 2 行', `第 ${byte} 字节`, 'CSV UTF-8'], en: ['line 2', `byte ${byte}`, 'CSV UTF-8'] },
    ],
    [
      'a quote that is never closed',
      'quote.csv',
      `${header}\n${row}\n00102,"5\n`,
      { zh: ['第 3 行', '双引号', '再导入'], en: ['Row 3', 'double quote', 'import again'] },
    ],
    [
      'a shifted row',
      'shifted.csv',
      `${header}\n${row},7\n`,
      { zh: ['第 2 行', '“7”', '引号'], en: ['Row 2', '"7"', 'quotes'] },
    ],
    [
      'two columns for one field',
      'twice.csv',
      `${header},${again}\n${row},2\n`,
      { zh: [twice, '--map'], en: [twice, '--map'] },
    ],
    [
      'a workbook with a password',
      'locked.xlsx',
      () => container('EncryptedPackage'),
      { zh: ['密码', '保存后再导入'], en: ['password', 'import again'] },
    ],
    [
      'a web page named .xls',
      'page.xls',
      '<html><body><table><tr><td>户号</td></tr></table></body></html>',
      { zh: ['网页', '另存为'], en: ['web page', 'save it'] },
    ],
  ]
}
