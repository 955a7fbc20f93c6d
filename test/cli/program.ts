import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs the real program in a process of its own, with none of the settings of whoever runs the tests. `bundle` is the
 * same program as one file, which starts in half the time: for what never opens a database.
 */
export async function qingliu(
  words: readonly string[],
  environment: Record<string, string> = {},
  bundle?: string,
): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(QINGLIU_|DATABASE_URL$|NODE_OPTIONS$)/.test(name),
  )
  const program = bundle === undefined ? ['--import', 'tsx', 'src/cli.ts'] : [bundle]
  const child = spawn(process.execPath, [...program, ...words], {
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
