import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../../db/migrate.ts'
import { schemaSnapshot, snapshotFile } from '../../db/schema-snapshot.ts'
import { connectInMemory } from '../../src/platform/connect-embedded.ts'
import { checkDirection } from './direction.ts'
import { root } from './tree.ts'

/** `npm run check`: every check that is not a test. A check answers what is wrong; nothing is well. */
interface Check {
  readonly name: string
  readonly faults: () => Promise<string>
}

/** Runs a tool of node_modules; a failing one answers all it said. */
function tool(script: string, ...options: readonly string[]): () => Promise<string> {
  return () =>
    new Promise((resolve) => {
      const environment = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' }
      const limits = { cwd: root, env: environment, maxBuffer: 1 << 26 }
      execFile(process.execPath, [join(root, 'node_modules', script), ...options], limits, (error, stdout, stderr) =>
        resolve(error === null ? '' : `${stdout}${stderr}` || String(error)),
      )
    })
}

async function direction(): Promise<string> {
  const { modulesSeen, modulesMissed, violations } = await checkDirection()
  const unseen = modulesMissed.map((path) => `not read: ${path}`)
  return [
    ...(modulesSeen.length === 0 ? ['no module was read'] : []),
    ...unseen,
    ...violations.map(({ sentence }) => sentence),
  ].join('\n')
}

async function schema(): Promise<string> {
  const connection = await connectInMemory()
  await migrate(connection.db)
  const now = await schemaSnapshot(connection.db)
  await connection.close()
  return now === readFileSync(snapshotFile, 'utf8') ? '' : 'db/schema.snapshot.sql is old: npm run schema:snapshot'
}

const checks: readonly Check[] = [
  { name: 'form and lint (biome)', faults: tool('@biomejs/biome/bin/biome', 'check', '.') },
  { name: 'types (tsc)', faults: tool('typescript/bin/tsc', '--noEmit') },
  { name: 'direction (dependency-cruiser)', faults: direction },
  { name: 'dead code (knip)', faults: tool('knip/bin/knip.js') },
  { name: 'schema snapshot', faults: schema },
  {
    name: 'worker bundle (wrangler)',
    faults: tool('wrangler/bin/wrangler.js', 'deploy', '--dry-run', '--outdir', '.wrangler/dry-run'),
  },
]

let failed = 0
for (const check of checks) {
  const begun = performance.now()
  const faults = await check.faults().catch((error: unknown) => String(error))
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  process.stdout.write(`${faults === '' ? '✓' : '✗'} ${check.name}  ${seconds} s\n`)
  if (faults === '') continue
  failed += 1
  process.stdout.write(`${faults.trimEnd().replaceAll(/^/gm, '    ')}\n`)
}
process.stdout.write(`${checks.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
