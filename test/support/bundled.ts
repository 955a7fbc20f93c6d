import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../../node_modules/.cache/qingliu-bundles/', import.meta.url))

/** One plain JavaScript file of a script and all our code behind it: tests that start it a hundred times start it fast. */
export async function bundled(script: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const part = join(folder, `${randomUUID()}.mjs`)
  await build({
    entryPoints: [script],
    outfile: part,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    target: 'node20',
    logLevel: 'error',
  })
  const file = join(folder, `${process.pid}-${script.split('/').at(-1)}.mjs`)
  renameSync(part, file)
  return file
}
