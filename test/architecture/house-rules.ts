import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, isTest, isTypeScript, root } from './tree.ts'

export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** One small rule of the house, with a text that breaks it and one that nearly does. */
export interface HouseRule {
  readonly name: string
  readonly why: string
  readonly appliesTo: (path: string) => boolean
  readonly found: RegExp
  readonly planted: readonly SourceFile[]
  readonly allowed: readonly SourceFile[]
}

const isProduct = (path: string): boolean => /^(src|jobs|db)\//.test(path) && isTypeScript(path) && !isTest(path)
const isOutsideKernel = (path: string): boolean => isProduct(path) && !path.startsWith('src/kernel/')
const isEntry = (path: string): boolean => /^src\/(cli|server|worker)\.ts$/.test(path)
/** Names of things that are exact: their digits must never pass through a float. */
const exactThing =
  '(?:amount|money|fee(?!_?month)|price|ratio|rate|multiplier|volume|m3|quota|reading|share(?!_?no)|total(?!_?rows))'

export const houseRules: readonly HouseRule[] = [
  {
    name: 'now is an argument',
    why: 'Only the clock and the entries ask what time it is; everything else takes the day to act for.',
    appliesTo: (path) => isProduct(path) && path !== 'src/kernel/clock.ts' && !isEntry(path),
    found: /\bnew Date\(\s*\)|\bDate\.now\(/,
    planted: [
      { path: 'src/bills/one.ts', text: 'const now = new Date()' },
      { path: 'jobs/one.ts', text: 'const now = Date.now()' },
    ],
    allowed: [
      { path: 'src/kernel/clock.ts', text: 'const now = new Date()' },
      { path: 'src/bills/one.ts', text: 'const then = new Date(text)' },
    ],
  },
  {
    name: 'no float near money or volume',
    why: 'A float has lost the fen before anybody rounds it; amounts are read and computed by the kernel.',
    appliesTo: isOutsideKernel,
    found: new RegExp(
      String.raw`\bparseFloat\(|\.toNumber\(|\bNumber\((?!\.)[^()]*${exactThing}[^()]*\)|(?:[=(,?:]|=>|return)\s*\+[a-z][\w.]*${exactThing}\w*`,
      'i',
    ),
    planted: [
      { path: 'src/bills/one.ts', text: 'const x = parseFloat(cell)' },
      { path: 'src/bills/one.ts', text: 'const x = Number.parseFloat(cell)' },
      { path: 'src/bills/one.ts', text: 'const x = Number(row.total_amount)' },
      { path: 'src/bills/one.ts', text: 'const x = Number(line.volumeM3)' },
      { path: 'src/bills/one.ts', text: 'const x = +row.amount' },
      { path: 'src/bills/one.ts', text: 'const x = product.toNumber()' },
    ],
    allowed: [
      { path: 'src/bills/one.ts', text: 'const month = Number(row.fee_month.slice(5, 7))' },
      { path: 'src/bills/one.ts', text: 'const bills = Number(row.bill_count)' },
      { path: 'src/kernel/volume.ts', text: 'const left = unitsLeft.toNumber()' },
    ],
  },
  {
    name: 'rounding has one home',
    why: 'The form of an amount and of a volume is moneyText, volumeText and their kin in the kernel.',
    appliesTo: isOutsideKernel,
    found: /\.toFixed\(\s*[23]\s*\)/,
    planted: [{ path: 'src/bills/one.ts', text: 'return amount.toFixed(2)' }],
    allowed: [{ path: 'src/kernel/money.ts', text: 'return amount.toFixed(2)' }],
  },
  {
    name: 'no test is singled out or left out',
    why: 'A suite that runs a part of itself still ends in green.',
    appliesTo: isTest,
    found: /\b(?:it|test|describe|bench)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/,
    planted: [
      { path: 'src/bills/bill.rules.test.ts', text: `it.only('adds up', () => {})` },
      { path: 'test/db/one.test.ts', text: `describe.skip('adds up', () => {})` },
      { path: 'test/db/one.test.ts', text: `it.concurrent.todo('adds up')` },
    ],
    allowed: [{ path: 'test/db/one.test.ts', text: `it('is the only one', () => {})` }],
  },
  {
    name: 'nothing is left for later in a comment',
    why: 'What is missing is said in the README of its folder or not at all.',
    appliesTo: () => true,
    found: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    planted: [
      { path: 'src/bills/one.ts', text: '// TODO round' },
      { path: 'db/migrations/0001-one.sql', text: '-- FIXME' },
    ],
    allowed: [{ path: 'src/bills/one.ts', text: 'const todos = 1' }],
  },
  {
    name: 'no path of one machine',
    why: 'The project runs from any folder of any machine.',
    appliesTo: () => true,
    found: /(?:^|["'`\s(=])\/(?:work|shared|home|Users|root)\/(?!\.\.\.)/m,
    planted: [
      { path: 'fixtures/one.ts', text: `readFileSync('/home/somebody/rates.json')` },
      { path: 'src/bills/README.md', text: 'see /Users/somebody/rates.json' },
    ],
    allowed: [{ path: 'src/bills/README.md', text: 'the paper does not work/home/play' }],
  },
  {
    name: 'no registry by name',
    why: 'Packages come from whichever registry is configured where the project is installed.',
    appliesTo: () => true,
    found: /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\b/,
    planted: [{ path: '.ci/run', text: 'npm ci --registry https://registry.npmjs.org' }],
    allowed: [{ path: 'README.md', text: 'the registry of dischargers' }],
  },
]

/** A word that says nothing about what a file holds. */
const emptyWord = /^(?:utils?|helpers?|managers?|common|misc|info|data)$/i
export const hasEmptyName = (path: string): boolean => path.split(/[/.-]/).some((word) => emptyWord.test(word))

/** This file holds the texts that break the rules, and nothing else may. */
const exempt = 'test/architecture/house-rules.ts'

const folders = ['src', 'jobs', 'db', 'fixtures', 'test', '.ci']
const binary = /\.(?:png|jpe?g|gif|ico|ttf|xlsx?|gz|zip|tar|wasm)$/i
/** What water companies and agencies wrote is shown as they wrote it. */
const isQuotation = (path: string): boolean => /^fixtures\/.*\.(?:csv|json|txt|xml)$/.test(path)

/** Every text file of the project that people write. */
export function sourceFiles(): SourceFile[] {
  const atRoot = readdirSync(root).filter((name) => /\.(?:md|json|toml|ts)$/.test(name) && name !== 'package-lock.json')
  return [...folders.flatMap((folder) => filesBelow(folder)), ...atRoot]
    .filter((path) => path !== exempt && !binary.test(path) && !isQuotation(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** What breaks the rule in a file, as `path:line: text`. */
export function breaches(rule: HouseRule, files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => rule.appliesTo(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (rule.found.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    )
}
