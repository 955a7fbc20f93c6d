import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { laterDay } from '../../fixtures/load-later.ts'
import { type Role, roleNames, roles } from '../../src/platform/staff.ts'

/** Somebody whom the demo printed a password of. */
export interface Person {
  readonly role: Role
  readonly code: string
  readonly password: string
  readonly authenticatorKey: string | undefined
}

/** The demo as a newcomer has it: built by its command, served by the server, entered with what it printed. */
export interface DemoOffice {
  readonly address: string
  readonly people: readonly Person[]
  /** Where anybody checks the bill that it showed. */
  readonly checkPage: string
  /** What the server wrote of failures since it was asked last. */
  readonly failures: () => string[]
  readonly stop: () => Promise<void>
}

const roleTitled = (title: string): Role => {
  const role = roles.find((each) => roleNames[each].zh === title)
  if (role === undefined) throw new Error(`the demo printed a role that is none: ${title}`)
  return role
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const tsx = createRequire(import.meta.url).resolve('tsx')
const program = (folder: string, file: string, words: readonly string[]) =>
  spawn(process.execPath, ['--import', tsx, join(root, file), ...words], {
    cwd: folder,
    env: { ...process.env, CI: 'true', DATABASE_URL: '', TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** What a program writes until a line of it fits, or until it ends. */
function heard(child: ChildProcess, awaited?: RegExp): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (awaited?.test(said)) resolve(said)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`exit code ${code}: ${said}`))))
  })
}

/** Builds the demo in a folder of its own and serves it on a free port, on the day it has come to. */
export async function openDemoOffice(): Promise<DemoOffice> {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-office-'))
  const printed = await heard(program(folder, 'fixtures/demo.ts', []))
  const people = [...printed.matchAll(/^ +(\S+) +([a-z0-9-]+) +\S+ +(demo-\S+) +(—|[A-Z2-7]{20,})/gm)].map(
    ([, title = '', code = '', password = '', key = '']): Person => ({
      role: roleTitled(title),
      code,
      password,
      authenticatorKey: key === '—' ? undefined : key,
    }),
  )
  const server = program(folder, 'src/server.ts', ['--data', '.qingliu/demo', '--today', laterDay, '--port', '0'])
  const begun = await heard(server, /http:\/\/127\.0\.0\.1:\d+\s/)
  const failures: string[] = []
  server.stdout?.on('data', (chunk: Buffer) => {
    failures.push(
      ...chunk
        .toString('utf8')
        .split('\n')
        .filter((line) => / failed|"level":[56]0/.test(line)),
    )
  })
  return {
    address: /http:\/\/127\.0\.0\.1:\d+/.exec(begun)?.[0] ?? '',
    people,
    checkPage: /\/check\/\S+\?code=\S+/.exec(printed)?.[0] ?? '',
    failures: () => failures.splice(0),
    stop: async () => {
      const ended = once(server, 'close')
      server.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
