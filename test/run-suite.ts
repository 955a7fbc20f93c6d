import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { status: string }[] }[]
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

function count(exitCode: number): { passed: number; failed: number; skipped: number } {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
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
  }
}

const exitCode = await runVitest()
const { passed, failed, skipped } = count(exitCode)
rmSync(folder, { recursive: true })
if (!process.env['DATABASE_URL']) {
  process.stdout.write(
    '未设置 DATABASE_URL：只在内嵌数据库上测试。DATABASE_URL is not set: PostgreSQL was not tested.\n',
  )
}
if (passed + failed === 0) process.stdout.write('没有运行任何测试。No test ran.\n')
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1
