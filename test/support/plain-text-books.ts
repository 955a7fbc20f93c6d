import { spawnSync } from 'node:child_process'
import type { JournalFormat } from '../../src/journal/export-journal.ts'
import { money, moneyText } from '../../src/kernel/money.ts'

/** Whether the program is installed. In CI it must be: there nothing is ever left out for want of it. */
export function canRun(program: JournalFormat): boolean {
  const found = spawnSync(program, ['--version']).status === 0
  if (!found && process.env['CI'] === 'true') throw new Error(`${program} is not installed; .ci/run installs it`)
  if (!found)
    process.stdout.write(`没有安装 ${program}，未与它核对。${program} is not installed: not compared with it.\n`)
  return found
}

/** What the program itself reports of books given as text: each account's balance, of one fee month where it is given. */
export function balancesBy(program: JournalFormat, books: string, feeMonth?: string): Map<string, string> {
  const words =
    program === 'hledger'
      ? [
          'balance',
          '--flat',
          '--empty',
          '--no-total',
          '--output-format=csv',
          ...(feeMonth ? [`tag:month=${feeMonth}`] : []),
        ]
      : [
          'balance',
          '--flat',
          '--empty',
          '--no-total',
          '--balance-format=%(account),%(quantity(scrub(total)))\n',
          ...(feeMonth ? ['--limit', `tag("month") =~ /${feeMonth}/`] : []),
        ]
  // Strict: no account or commodity that was not declared at the head.
  const strict = program === 'hledger' ? ['--strict'] : ['--pedantic', '--explicit']
  const ran = spawnSync(program, ['--file', '-', ...strict, ...words], {
    input: books,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    maxBuffer: 1 << 28,
  })
  if (ran.status !== 0 || ran.stderr !== '') throw new Error(`${program}: ${ran.stderr || ran.error}`)
  const balances = new Map<string, string>()
  for (const line of ran.stdout.trim().split('\n')) {
    const [account = '', amount = ''] = line.replaceAll('"', '').split(',')
    if (account === '' || account === 'account') continue
    balances.set(account.split(':').at(-1) ?? account, moneyText(money(amount.replace(' CNY', ''))))
  }
  return balances
}
