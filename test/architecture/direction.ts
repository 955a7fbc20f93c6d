import { existsSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { cruise, type ICruiseResult, type IForbiddenRuleType, type IViolation } from 'dependency-cruiser'
import { stages } from '../../src/stages.ts'
import { filesBelow, isTest, isTypeScript, root } from './tree.ts'

/** The folders whose files keep the direction; tests stand outside the house and may look at everything. */
const roots = ['src', 'jobs', 'db', 'fixtures']

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
const packages = (...names: string[]): string => `node_modules/(${names.map(literally).join('|')})/`
const nodeModulesButCrypto = `^(node:)?(${builtinModules
  .filter((name) => name !== 'crypto')
  .map(literally)
  .join('|')})$`
const rules = '^(src|jobs)/.*\\.(rules|postings)\\.ts$'
/** What a rule may use of the platform: the reading of a cell's text. */
const pureTableFiles = '^src/platform/tables/(cell-values|cell-text|number-text|table-file|tables\\.refusals)\\.ts$'

/** Files (path → text) that make a small house of their own. */
export type Planted = Readonly<Record<string, string>>

/** One rule of direction with houses that break it, each to prove that it would be reported. */
export interface DirectionRule {
  readonly rule: IForbiddenRuleType & { readonly name: string }
  readonly planted: readonly Planted[]
}

function forbid(
  name: string,
  comment: string,
  edge: Pick<IForbiddenRuleType & { from: object; to: object }, 'from' | 'to'>,
  ...planted: Planted[]
): DirectionRule {
  return { rule: { name, comment, severity: 'error', ...edge } as DirectionRule['rule'], planted }
}

const asFile = (path: string): string => (path.endsWith('/') ? `${path}planted.ts` : path)
/** How `from` names the module `to`, both seen from the root. */
const importPath = (from: string, to: string): string => '../'.repeat(from.split('/').length - 1) + to

const laterStages: DirectionRule[] = stages.slice(0, -1).map((stage, position) => {
  const later = stages.slice(position + 1)
  const [from, to] = [asFile(stage.path), asFile(later[0]?.path ?? '')]
  return forbid(
    `nothing-later-than-${stage.name}`,
    'A stage may know what came before it, never what comes after.',
    {
      from: { path: `^${literally(stage.path)}` },
      to: { path: `^(${later.map((one) => literally(one.path)).join('|')})` },
    },
    { [from]: `import '${importPath(from, to)}'`, [to]: 'export {}' },
  )
})

/** Every rule, made from the order of the stages. */
export const directionRules: readonly DirectionRule[] = [
  ...laterStages,
  forbid(
    'no-cycles',
    'Two files that need each other are one thought in two places.',
    { from: {}, to: { circular: true } },
    { 'src/bills/one.ts': `import './two.ts'`, 'src/bills/two.ts': `import './one.ts'` },
  ),
  forbid(
    'private-tables',
    'Another stage’s store and tables are private; it answers through its queries.',
    {
      from: { path: '^src/([^/]+)/' },
      // The platform is no neighbour but the ground: its tables are part of the Db that every stage is handed.
      to: {
        path: '^src/[^/]+/.*\\.(store|tables)\\.tsx?$',
        pathNot: ['^src/$1/', '^src/platform/platform\\.tables\\.ts$'],
      },
    },
    { 'src/bills/one.ts': `import '../tariffs/rate.store.ts'`, 'src/tariffs/rate.store.ts': 'export {}' },
  ),
  forbid(
    'private-tables-above-the-stages',
    'Entries and jobs ask a stage’s queries and commands too.',
    {
      from: { path: '^(src/[^/]+|jobs/.*)\\.tsx?$' },
      to: { path: '^src/[^/]+/.*\\.(store|tables)\\.tsx?$', pathNot: '^src/platform/platform\\.tables\\.ts$' },
    },
    { 'src/cli.ts': `import './tariffs/rate.tables.ts'`, 'src/tariffs/rate.tables.ts': 'export {}' },
  ),
  forbid(
    'rules-reach-no-database',
    'A rule is computed from its arguments alone, not even through another file.',
    {
      from: { path: rules },
      to: { path: packages('kysely', 'pg', 'pg-cursor', 'pg-copy-streams', '@electric-sql/pglite'), reachable: true },
    },
    {
      'src/bills/one.rules.ts': `import './between.ts'`,
      'src/bills/between.ts': `import type { Kysely } from 'kysely'; export type Db = Kysely<never>`,
    },
  ),
  forbid(
    'rules-reach-no-web',
    'A rule knows no request.',
    { from: { path: rules }, to: { path: packages('hono', '@hono/node-server'), reachable: true } },
    { 'src/bills/one.rules.ts': `import './between.ts'`, 'src/bills/between.ts': `import 'hono'` },
  ),
  forbid(
    'rules-reach-no-system',
    'A rule reads no file and asks no system.',
    { from: { path: rules }, to: { path: nodeModulesButCrypto, reachable: true } },
    { 'src/bills/one.rules.ts': `import './between.ts'`, 'src/bills/between.ts': `import 'node:fs/promises'` },
  ),
  forbid(
    'rules-reach-no-clock',
    'A rule takes the day to act for.',
    { from: { path: rules }, to: { path: '^src/kernel/clock\\.ts$', reachable: true } },
    {
      'src/bills/one.rules.ts': `import './between.ts'`,
      'src/bills/between.ts': `import '../kernel/clock.ts'`,
      'src/kernel/clock.ts': 'export {}',
    },
  ),
  forbid(
    'pure-table-files-stay-pure',
    'Rules read cells through them, so they reach nothing but the kernel and one another.',
    { from: { path: pureTableFiles }, to: { pathNot: ['^src/kernel/', pureTableFiles] } },
    { 'src/platform/tables/cell-values.ts': `import './one.ts'`, 'src/platform/tables/one.ts': '' },
  ),
  forbid(
    'rules-reach-no-platform',
    'A rule knows no outside world.',
    // Reading a cell's text is pure and belongs with the files it comes from; a test here sees that it stays pure.
    { from: { path: rules }, to: { path: '^src/platform/', pathNot: pureTableFiles, reachable: true } },
    {
      'src/bills/one.rules.ts': `import './between.ts'`,
      'src/bills/between.ts': `import type { A } from '../platform/a.ts'; export type B = A`,
      'src/platform/a.ts': 'export type A = string',
    },
  ),
  forbid(
    'decimals-and-dates-in-the-kernel',
    'One Decimal.clone with its own precision, one zone named everywhere: one import site.',
    { from: { pathNot: '^src/kernel/' }, to: { path: packages('decimal.js', 'date-fns', '@date-fns/tz') } },
    { 'src/bills/one.ts': `import 'decimal.js'` },
    { 'fixtures/one.ts': `import { addDays } from 'date-fns'; addDays` },
    { 'src/bills/one.ts': `import { tz } from '@date-fns/tz'; tz` },
  ),
  forbid(
    'runtimes-at-the-edge',
    'Only entries, connections and db/ know which database and which server run.',
    {
      from: { path: '^(src|jobs)/', pathNot: ['^src/platform/connect', '^src/(cli|worker|server)\\.ts$'] },
      to: {
        path: packages('pg', 'pg-cursor', 'pg-copy-streams', '@electric-sql/pglite', '@hono/node-server', 'node-cron'),
      },
    },
    { 'src/bills/one.ts': `import 'pg'` },
    { 'src/platform/one.ts': `import '@electric-sql/pglite/contrib/btree_gist'` },
    { 'jobs/one.ts': `import 'pg'` },
  ),
  forbid(
    'node-at-the-edge',
    'Files, streams and sockets are the platform’s; the rest runs on both runtimes.',
    {
      from: {
        path: '^(src|jobs)/',
        // verify-pack.mjs is no part of the program: it is handed out, and runs by itself.
        pathNot: [
          '^src/platform/(connect|files|tables|documents/pdf-printer|outbox/smtp-carrier)',
          '^src/(cli|server)\\.ts$',
          '^src/evidence/verify-pack\\.mjs$',
        ],
      },
      to: { path: nodeModulesButCrypto },
    },
    { 'src/bills/one.ts': `import 'node:fs'` },
    { 'src/platform/one.ts': `import { join } from 'path'; join` },
  ),
  forbid(
    'one-printer',
    'Fonts are files and one runtime has none: a stage is handed a printer and never makes one.',
    {
      from: { path: '^(src|jobs)/', pathNot: ['^src/platform/documents/pdf-printer\\.ts$'] },
      to: { path: packages('pdfkit', '@expo-google-fonts') },
    },
    { 'src/bills/one.ts': `import 'pdfkit'` },
  ),
  forbid(
    'printer-comes-from-entries',
    'Whoever prints is handed the printer with the services.',
    {
      from: {
        path: '^(src|jobs)/',
        pathNot: [
          '^src/(cli|server)\\.ts$',
          '^src/platform/cli\\.ts$',
          '^src/platform/documents/printer-when-used\\.ts$',
        ],
      },
      to: { path: '^src/platform/documents/(pdf-printer|printer-when-used)\\.ts$' },
    },
    {
      'src/bills/one.ts': `import '../platform/documents/pdf-printer.ts'`,
      'src/platform/documents/pdf-printer.ts': '',
    },
    {
      'src/bills/one.ts': `import '../platform/documents/printer-when-used.ts'`,
      'src/platform/documents/printer-when-used.ts': '',
    },
  ),
  forbid(
    'one-mailer',
    'Sockets are the entries’: a stage writes messages and never sends one.',
    {
      from: { path: '^(src|jobs)/', pathNot: ['^src/platform/outbox/smtp-carrier\\.ts$'] },
      to: { path: packages('nodemailer') },
    },
    { 'src/bills/one.ts': `import 'nodemailer'` },
  ),
  forbid(
    'carriers-come-from-entries',
    'Whoever sends is handed the carriers with the services.',
    {
      from: {
        path: '^(src|jobs)/',
        pathNot: [
          '^src/(cli|server)\\.ts$',
          '^src/platform/cli\\.ts$',
          '^src/platform/outbox/carriers-when-used\\.ts$',
        ],
      },
      to: { path: '^src/platform/outbox/(smtp-carrier|carriers-when-used)\\.ts$' },
    },
    {
      'src/bills/one.ts': `import '../platform/outbox/smtp-carrier.ts'`,
      'src/platform/outbox/smtp-carrier.ts': '',
    },
  ),
  forbid(
    'worker-reaches-no-node',
    'Where the app runs as a worker there are no folders, threads or embedded database.',
    {
      from: { path: '^src/worker\\.ts$' },
      to: {
        path: [nodeModulesButCrypto, packages('@electric-sql/pglite', '@hono/node-server', 'node-cron', 'pdfkit')],
        reachable: true,
      },
    },
    { 'src/worker.ts': `import './platform/files.ts'`, 'src/platform/files.ts': `import 'node:fs'` },
    { 'src/worker.ts': `import './platform/connect.ts'`, 'src/platform/connect.ts': `import '@electric-sql/pglite'` },
  ),
  forbid(
    'command-line-stays-outside',
    'What parses arguments and prints is for cli.ts; pages, routes and jobs call the same commands.',
    { from: { path: '^(src|jobs|db)/', pathNot: '(^src/|\\.)cli\\.ts$' }, to: { path: '^src/.*[./]cli\\.ts$' } },
    { 'src/bills/one.ts': `import './bill.cli.ts'`, 'src/bills/bill.cli.ts': 'export {}' },
  ),
  forbid(
    'schema-from-entries-only',
    'Migrations run from Node, where someone started them.',
    { from: { path: '^(src|jobs)/', pathNot: '^src/(cli|server)\\.ts$' }, to: { path: '^db/' } },
    { 'src/bills/one.ts': `import '../../db/migrate.ts'`, 'db/migrate.ts': 'export {}' },
  ),
  forbid(
    'migrations-import-nothing',
    'A migration must mean the same in ten years, whatever the program became.',
    { from: { path: '^db/migrations/' }, to: {} },
    { 'db/migrations/0001-one.ts': `import '../../src/kernel/ids.ts'`, 'src/kernel/ids.ts': 'export {}' },
  ),
  forbid(
    'no-tests-in-the-product',
    'Tests and fixtures use the product, not the other way round.',
    { from: { path: '^(src|jobs|db)/' }, to: { path: '^(test|fixtures)/' } },
    { 'src/bills/one.ts': `import '../../fixtures/demo.ts'`, 'fixtures/demo.ts': 'export {}' },
  ),
  forbid(
    'no-development-packages-in-the-product',
    'An installation has only the dependencies.',
    {
      from: { path: '^(src|jobs|db)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], pathNot: packages('@types') },
    },
    { 'src/bills/one.ts': `import 'fast-check'` },
  ),
  forbid(
    'nothing-unresolved',
    'An import that this check cannot follow is one it cannot judge.',
    { from: {}, to: { couldNotResolve: true } },
    { 'src/bills/one.ts': `import './not-there.ts'` },
  ),
]

export interface DirectionReport {
  /** The project's own modules that were really read, tests left out. */
  readonly modulesSeen: readonly string[]
  /** Files that should have been read and were not: with them unseen, silence would prove nothing. */
  readonly modulesMissed: readonly string[]
  readonly violations: readonly { readonly rule: string; readonly sentence: string }[]
}

/** Reads the imports (of types too) of everything below `folder`'s roots and judges them by the rules. */
export async function checkDirection(folder: string = root): Promise<DirectionReport> {
  const present = roots.filter((name) => existsSync(join(folder, name)))
  const { output } = await cruise(
    present,
    {
      baseDir: folder,
      validate: true,
      ruleSet: { forbidden: directionRules.map(({ rule }) => rule) },
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '\\.test\\.tsx?$' },
      preserveSymlinks: true,
    },
    {
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  )
  const result = output as ICruiseResult
  const modulesSeen = result.modules
    .map(({ source }) => source)
    .filter((path) => isTypeScript(path) && !path.includes('node_modules'))
  const expected = present
    .flatMap((name) => filesBelow(name, folder))
    .filter((path) => isTypeScript(path) && !isTest(path))
  return {
    modulesSeen,
    modulesMissed: expected.filter((path) => !modulesSeen.includes(path)),
    violations: result.summary.violations.map((violation) => ({
      rule: violation.rule.name,
      sentence: sentenceOf(violation),
    })),
  }
}

function sentenceOf(violation: IViolation): string {
  const way = [...(violation.cycle ?? []), ...(violation.via ?? [])].map(({ name }) => name)
  const through = way.length > 0 ? ` (${way.join(' → ')})` : ''
  const comment = directionRules.find(({ rule }) => rule.name === violation.rule.name)?.rule.comment
  return `${violation.rule.name}: ${violation.from} → ${violation.to}${through}. ${comment ?? ''}`
}
