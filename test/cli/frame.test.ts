import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPriceCategory } from '../../src/dischargers/add-price-category.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { wholeProgram } from '../support/command-line.ts'
import { postgresUrl } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { qingliu, qingliuFromSource, type Ran } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingliu-cli-'))
const inFolder = (...words: string[]) => qingliu(['--data', folder, ...words])
const office = ['--organisation', 'bureau:区城管局:bureau', '--administrator', 'admin:管理员']
/** The program's first words in a new folder. */
let first: Ran

beforeAll(async () => {
  first = await qingliuFromSource(['--data', folder, 'setup', ...office])
  await inFolder('staff', 'add', 'clerk', '张三', '--organisation', 'bureau', '--role', 'bureau_clerk', '--as', 'admin')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** No trace of a stack: neither its frames nor the name of a file of ours. */
const noStack = (stderr: string) => !/^\s+at /m.test(stderr) && !/\.ts:\d+/.test(stderr)

describe('help', () => {
  const program = wholeProgram()
  const leavesOf = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
  const wordsOf = (command: Command): string =>
    command.parent === null ? '' : `${wordsOf(command.parent)} ${command.name()}`.trim()
  const helpOf = (command: Command): string => {
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) })
    command.outputHelp()
    return help
  }

  it('explains every command in both languages and shows an example of each', () => {
    const leaves = leavesOf(program).filter(({ parent }) => parent?.name() !== 'db')
    const faults = leaves.flatMap((leaf) => {
      const [help, name] = [helpOf(leaf), wordsOf(leaf)]
      const description = help.split('\n\n')[1] ?? ''
      const [, example] = help.split('例 Example:')
      return [
        ...(/\p{Script=Han}/u.test(description) && /[a-z]{2,}/i.test(description)
          ? []
          : [`${name}: not in both languages`]),
        ...(example?.includes(`qingliu ${name}`) ? [] : [`${name}: no example`]),
      ]
    })
    expect(faults).toEqual([])
    expect(leaves.length).toBeGreaterThan(200)
  })

  it('is given by the program itself, of itself and of each of its words', async () => {
    const whole = await qingliu(['--help'])
    const listed = [...(whole.stdout.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    const words = listed.map(([, name = '']) => name).filter((name) => name !== 'help')
    expect(words.toSorted()).toEqual(program.commands.map((command) => command.name()).toSorted())
    for (let next = 0; next < words.length; next += 3) {
      const answers = await Promise.all(words.slice(next, next + 3).map((word) => qingliu([word, '--help'])))
      for (const answer of answers) expect(answer).toMatchObject({ code: 0, stderr: '' })
    }
  })

  it('and the version are no errors', async () => {
    const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
    expect(await qingliu(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    expect(await qingliu(['help', 'tariffs', 'propose'])).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('wrong usage', () => {
  it.each([
    ['an unknown option', ['settings', 'list', '--all']],
    ['an unknown command', ['setings', 'list']],
    ['an unknown subcommand', ['settings', 'forget']],
    ['no subcommand', ['settings']],
    ['nothing at all', []],
    ['a missing argument', ['calendars', 'show']],
    ['a missing option', ['settings', 'set', 'bills.due_day', '10']],
    ['too many arguments', ['settings', 'list', 'all']],
    ['an unknown language', ['--lang', 'fr', 'settings', 'list']],
  ])('%s ends with 64 and the usage on stderr', async (_what, words) => {
    const { code, stdout, stderr } = await qingliu(['--data', folder, ...words])
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toContain('Usage: qingliu')
    expect(noStack(stderr)).toBe(true)
  })

  it('a writing command without an actor ends with 64 and says how to name one', async () => {
    const { code, stderr } = await inFolder('staff', 'grant', 'clerk', 'auditor')
    expect(code).toBe(64)
    expect(stderr).toContain('--as')
  })

  it('a malformed day ends with 64 and names the option', async () => {
    const { code, stderr } = await inFolder('--today', '2026-02-30', 'staff', 'list')
    expect(code).toBe(64)
    expect(stderr).toContain('--today')
  })
})

describe('a refusal', () => {
  it.each([
    ['missing', 66, ['calendars', 'show', '2090']],
    ['invalid', 65, ['settings', 'set', 'bills.due_day', '31', '--citation', 'x', '--as', 'admin']],
    ['forbidden', 77, ['settings', 'set', 'bills.due_day', '12', '--citation', 'x', '--as', 'clerk']],
    ['conflict', 75, ['staff', 'add', 'clerk', '李四', '--organisation', 'bureau', '--as', 'admin']],
    ['unavailable', 69, ['calendars', 'due', '2088-03']],
  ])('of the kind %s ends with %i and says why in both languages', async (_kind, exitCode, words) => {
    const { code, stdout, stderr } = await inFolder(...words)
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
    const [zh = '', en = ''] = stderr.trimEnd().split('\n')
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/[a-z]{2,} [a-z]/i)
  })

  it('is said in the language asked for first', async () => {
    const { stderr } = await inFolder('--lang', 'en', 'calendars', 'show', '2090')
    expect(stderr).toMatch(/^The calendar of 2090 is not loaded.*\n2090 年的日历尚未录入/)
  })

  it('with --json is one object on stderr, and stdout stays empty', async () => {
    const { code, stdout, stderr } = await inFolder('--json', 'calendars', 'show', '2090')
    expect({ code, stdout }).toEqual({ code: 66, stdout: '' })
    expect(JSON.parse(stderr)).toMatchObject({
      refusal: { code: 'calendar_year_missing', kind: 'missing', parameters: { year: 2090 } },
    })
  })
})

describe('a mail server that cannot be read', () => {
  it('keeps nobody from work that sends nothing, and refuses the sending', async () => {
    const broken = { QINGLIU_SMTP_URL: 'mail.example.gov.cn:465' }
    const inBroken = (...words: string[]) => qingliu(['--data', folder, ...words], broken)
    expect(await inBroken('settings', 'list')).toMatchObject({ code: 0, stderr: '' })
    const { code, stdout, stderr } = await inBroken('messages', 'send')
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toContain('QINGLIU_SMTP_URL')
  })
})

describe('an answer', () => {
  it('with --json is one object on stdout, and stderr stays empty', async () => {
    const { code, stdout, stderr } = await inFolder('--json', 'calendars', 'due', '2026-03', '--issued', '2026-04-02')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ feeMonth: '2026-03', dueOn: '2026-04-10' })
  })

  it('of a writing command says whether it is a dry run or a repeat', async () => {
    const set = ['settings', 'set', 'brake.count_share', '0.06', '--citation', '局务会', '--as', 'admin', '--json']
    const outcome = async (...more: string[]) => JSON.parse((await inFolder(...set, ...more)).stdout)
    expect(await outcome('--dry-run')).toMatchObject({ dryRun: true, repeated: false })
    expect((await inFolder('settings', 'list')).stdout).not.toContain('0.06')
    expect(await outcome('--command-id', 'brake-2026-1')).toMatchObject({ dryRun: false, repeated: false })
    expect(await outcome('--command-id', 'brake-2026-1')).toMatchObject({ repeated: true, answer: { value: '0.06' } })
    expect((await inFolder('settings', 'list')).stdout).toContain('0.06')
  })

  it('to a reader that stops early is no error', async () => {
    const command = `"${process.execPath}" --import tsx src/cli.ts --data "${folder}" settings list | true; exit \${PIPESTATUS[0]}`
    const { DATABASE_URL: _, ...environment } = process.env
    const child = spawn('bash', ['-c', command], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: environment,
    })
    let stderr = ''
    child.stderr.on('data', (piece) => {
      stderr += piece
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('two persons at the command line', () => {
  it('propose, read and approve a schedule, and price a volume by it', async () => {
    const add = (code: string, role: string) =>
      inFolder('staff', 'add', code, code, '--organisation', 'bureau', '--role', role, '--as', 'admin')
    expect((await add('approver', 'bureau_approver')).code).toBe(0)
    const opened = await connectEmbedded(folder)
    if (isRefusal(opened)) throw new Error(opened.code)
    const industry = { code: 'industry', nameZh: '工业', nameEn: 'industry' }
    await done(addPriceCategory({ ...opened, clock: systemClock }, by('clerk'), industry))
    await opened.close()
    const terms = ['--code', 'S-1', '--title', '标准', '--document', '测试〔2025〕1号', '--issuer', '发改委']
    const more = ['--straddle', 'by-days', '--clause', '办法第九条', '--from', '2025-01-01', '--price', 'industry=1.40']
    const proposed = await inFolder('tariffs', 'propose', ...terms, ...more, '--as', 'clerk', '--json')
    const { proposalId, digest } = JSON.parse(proposed.stdout).answer
    const shown = await inFolder('approvals', 'show', proposalId)
    for (const said of ['收费标准', '测试〔2025〕1号', 'industry', '1.40 元/m³', digest])
      expect(shown.stdout).toContain(said)
    expect(await inFolder('tariffs', 'approve', proposalId, '--as', 'clerk')).toMatchObject({ code: 77 })
    const approved = await inFolder(
      'tariffs',
      'approve',
      proposalId,
      '--digest',
      digest.slice(0, 12),
      '--as',
      'approver',
    )
    expect(approved).toMatchObject({ code: 0, stderr: '' })
    const priced = await inFolder(
      'tariffs',
      'price',
      '--category',
      'industry',
      '--volume',
      '12345',
      '--on',
      '2025-03-31',
    )
    expect(priced.stdout).toContain('12,345 m³ × 1.40 元/m³ = 17,283.00')
    expect(priced.stdout).toContain('人民币壹万柒仟贰佰捌拾叁元整')
    expect((await inFolder('approvals', 'list')).stdout).toContain('没有待审批的事项')
  })
})

describe('the embedded database', () => {
  it('is made where there is none, and says once what it is good for', async () => {
    expect(first).toMatchObject({ code: 0 })
    expect(first.stderr).toContain('已新建内嵌数据库')
    expect(first.stderr).toContain('DATABASE_URL')
    expect((await inFolder('db', 'status')).stderr).toBe('')
  })

  it('is refused while another process holds it', async () => {
    const held = await connectEmbedded(folder)
    if (isRefusal(held)) throw new Error(held.code)
    try {
      const { code, stderr } = await inFolder('settings', 'list')
      expect(code).toBe(69)
      expect(stderr).toContain(folder)
    } finally {
      await held.close()
    }
  })

  it('is not for production', async () => {
    const { code, stderr } = await qingliu(['--data', folder, 'settings', 'list'], { QINGLIU_ENV: 'production' })
    expect(code).toBe(69)
    expect(stderr).toContain('DATABASE_URL')
  })
})

describe('a server that cannot be reached', () => {
  it('ends with 69 and the cause', async () => {
    const { code, stderr } = await qingliu(['settings', 'list'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    expect(code).toBe(69)
    expect(stderr).toContain('ECONNREFUSED')
    expect(noStack(stderr)).toBe(true)
  })
})

describe('a bug', () => {
  it('is one line and 70; the stack is shown only on demand', async () => {
    const other = mkdtempSync(join(tmpdir(), 'qingliu-cli-'))
    try {
      await qingliu(['--data', other, 'setup', ...office])
      const opened = await connectEmbedded(other)
      if (isRefusal(opened)) throw new Error(opened.code)
      // Nobody could set this through the door.
      await sql`insert into settings (name, value, citation, command_id, recorded_at)
        select 'bills.due_day', '99', 'test', command_id, recorded_at from commands`.execute(opened.db)
      await opened.close()
      const due = ['--data', other, 'calendars', 'due', '2026-03']
      const { code, stdout, stderr } = await qingliu(due)
      expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 70, stdout: '', lines: 1 })
      expect(stderr).toContain('bills.due_day')
      expect(noStack(stderr)).toBe(true)
      const debugged = await qingliu(due, { QINGLIU_DEBUG: '1' })
      expect(debugged.code).toBe(70)
      expect(noStack(debugged.stderr)).toBe(false)
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  })
})

describe.runIf(postgresUrl !== undefined)('PostgreSQL', () => {
  const url = new URL(postgresUrl ?? 'postgres://localhost/none')
  url.pathname = `/qingliu_cli_${process.pid}`
  const name = url.pathname.slice(1)
  const environment = { DATABASE_URL: url.toString() }
  const production = { ...environment, QINGLIU_ENV: 'production' }
  const asAdministrator = async (statement: ReturnType<typeof sql>) => {
    const administrator = connectPostgres(postgresUrl ?? '', 1)
    await statement.execute(administrator.db)
    await administrator.close()
  }
  beforeAll(() => asAdministrator(sql`create database ${sql.id(name)}`))
  afterAll(() => asAdministrator(sql`drop database if exists ${sql.id(name)} with (force)`))

  it('is migrated by a person, not by the way', async () => {
    expect(await qingliu(['settings', 'list'], environment)).toMatchObject({ code: 69, stdout: '' })
    expect((await qingliu(['db', 'status'], environment)).stdout).toContain('0001-platform')
    expect((await qingliu(['db', 'migrate'], environment)).stdout).toContain('0001-platform')
    expect(JSON.parse((await qingliu(['db', 'migrate', '--json'], environment)).stdout)).toEqual({ applied: [] })
    expect(await qingliu(['settings', 'list'], environment)).toMatchObject({ code: 0, stderr: '' })
  })

  it('in production takes no actor from the command line, unless a setting allows it', async () => {
    const set = ['settings', 'set', 'brake.count_share', '0.06', '--citation', '局务会', '--as', 'admin']
    expect(await qingliu(['setup', ...office], production)).toMatchObject({ code: 0 })
    const { code, stderr } = await qingliu(set, production)
    expect(code).toBe(77)
    expect(stderr).toContain('cli.actor_by_flag')
    expect(await qingliu(['settings', 'list'], production)).toMatchObject({ code: 0 })
    const allow = ['settings', 'set', 'cli.actor_by_flag', 'true', '--citation', '试运行方案', '--as', 'admin']
    expect(await qingliu(allow, environment)).toMatchObject({ code: 0 })
    expect(await qingliu(set, production)).toMatchObject({ code: 0, stderr: '' })
  })

  it('that is newer than the program is refused', async () => {
    const opened = connectPostgres(url.toString(), 1)
    await sql`insert into kysely_migration (name, timestamp) values ('9999-future', 'x')`.execute(opened.db)
    await opened.close()
    for (const words of [
      ['settings', 'list'],
      ['db', 'migrate'],
    ]) {
      const { code, stderr } = await qingliu(words, environment)
      expect(code).toBe(69)
      expect(stderr).toContain('9999-future')
    }
  })
})
