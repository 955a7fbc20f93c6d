import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
// The demo builds its database where it is started.
const folder = mkdtempSync(join(tmpdir(), 'qingliu-demo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function start(script: string, ...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const environment = Object.entries(process.env).filter(([name]) => !/^(QINGLIU_|DATABASE_URL$)/.test(name))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(root, script), ...words], {
    cwd: folder,
    env: { ...Object.fromEntries(environment), CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...said }
}

it('every command that the demo suggests can be run on the database it leaves behind', async () => {
  const demo = await start('fixtures/demo.ts')
  expect({ code: demo.code, err: demo.err }).toEqual({ code: 0, err: '' })
  const place = ['--data', '.qingliu/demo', '--today', '2026-04-03']
  const suggested = [...demo.out.matchAll(/npm run -s qingliu -- (.*)|(qingliu [a-z][\w .-]*)/g)].map(
    ([, whole, short = '']) => whole?.replace(/\s+#.*$/, '').split(/\s+/) ?? [...place, ...wordsAfterName(short)],
  )
  expect(suggested.length).toBeGreaterThan(5)
  for (const words of suggested) {
    const ran = await start('src/cli.ts', ...words)
    expect({ words, code: ran.code, err: ran.err }).toEqual({ words, code: 0, err: '' })
    expect(ran.out).not.toBe('')
  }
  expect(existsSync(join(folder, 'bills.xlsx'))).toBe(true)
  // Its papers are whole: a bill that anybody checks by its QR code.
  const [, bill = ''] = /bills show (\d{4}-\d{6})/.exec(demo.out) ?? []
  const printed = await start('src/cli.ts', ...place, 'bills', 'pdf', bill, '--to', 'bill.pdf')
  expect({ code: printed.code, out: printed.out }).toMatchObject({ code: 0 })
  expect(printed.out).not.toContain('二维码')
})

/** A command inside a sentence ends with the sentence. */
const wordsAfterName = (line: string): string[] =>
  line
    .replace(/\.\s*$/, '')
    .trim()
    .split(/\s+/)
    .slice(1)
