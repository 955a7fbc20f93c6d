import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundled, startedForAMoment } from '../support/bundled.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The program as one file, made once for a file of tests: it starts in a third of the time. */
let bundle: Promise<string> | undefined

/** Runs the real program in a process of its own, with none of the settings of whoever runs the tests. */
export async function qingliu(words: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  bundle ??= bundled(join(root, 'src/cli.ts'))
  return runProgram([...startedForAMoment, await bundle, ...words], environment)
}

/** The same as people start it, from its source. */
export const qingliuFromSource = (words: readonly string[]): Promise<Ran> =>
  runProgram(['--import', 'tsx', 'src/cli.ts', ...words], {})

async function runProgram(words: readonly string[], environment: Record<string, string>): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(QINGLIU_|DATABASE_URL$|NODE_OPTIONS$)/.test(name),
  )
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout: await stdout, stderr: await stderr }
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
