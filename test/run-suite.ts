import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm test`: the whole suite, or the files named after `--`. Its last line is `N passed, N failed`, and it fails where
 * anything failed, where nothing ran, and where the runner itself broke.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'qingliu-suite-'))
const report = join(folder, 'report.json')

/** The part of the runner's JSON report that is read. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly FileReport[]
}
interface FileReport {
  readonly name: string
  readonly status: string
  /** Milliseconds since 1970. */
  readonly startTime: number
  readonly endTime: number
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
}

function runVitest(): Promise<number> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve(exitCode ?? 1))
  })
}

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The failed tests by file and name, and the slowest files. */
  readonly remarks: readonly string[]
}

function count(exitCode: number): Count {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, remarks: [] }
  const said = JSON.parse(readFileSync(report, 'utf8')) as Report
  // A file that could not be read, or whose set-up broke, fails without a failed test.
  const brokenFiles = said.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = said.numFailedTests + brokenFiles.length
  // Green tests under a runner that broke (an error nobody caught) are not a success.
  const brokenRunner = failed === 0 && said.numPassedTests > 0 && exitCode !== 0
  return {
    passed: said.numPassedTests,
    failed: brokenRunner ? 1 : failed,
    skipped: said.numPendingTests + said.numTodoTests,
    remarks: [...slowest(said), ...failedTests(said)],
  }
}

const fileName = ({ name }: FileReport) => relative(root, name)

/** Named once more at the end: a log of thousands of tests is often kept only from its tail. */
function failedTests({ testResults }: Report): string[] {
  return testResults.flatMap((file) => {
    if (file.status !== 'failed') return []
    const names = file.assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
    return (names.length > 0 ? names : ['(the file itself)']).map((name) => `FAILED ${fileName(file)}: ${name}`)
  })
}

const slowestShown = 12

function slowest({ testResults }: Report): string[] {
  const seconds = (file: FileReport) => Math.round((file.endTime - file.startTime) / 1_000)
  return testResults
    .toSorted((a, b) => seconds(b) - seconds(a))
    .slice(0, slowestShown)
    .filter((file) => seconds(file) >= 10)
    .map((file) => `${String(seconds(file)).padStart(4)} s  ${fileName(file)}`)
}

const exitCode = await runVitest()
const { passed, failed, skipped, remarks } = count(exitCode)
rmSync(folder, { recursive: true })
for (const remark of remarks) process.stdout.write(`${remark}\n`)
if (!process.env['DATABASE_URL']) {
  process.stdout.write(
    '未设置 DATABASE_URL：只在内嵌数据库上测试。DATABASE_URL is not set: PostgreSQL was not tested.\n',
  )
}
if (passed + failed === 0) process.stdout.write('没有运行任何测试。No test ran.\n')
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1
