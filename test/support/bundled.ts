import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

const folder = fileURLToPath(new URL('../../node_modules/.cache/qingliu-bundles/', import.meta.url))

/** Files that stand beside a module are found beside it still, not beside the bundle. */
const addressOfEachModule: Plugin = {
  name: 'address-of-each-module',
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (!text.includes('import.meta.url')) return null
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
}

/**
 * How a process that lives for a moment is started: its embedded database is compiled once, not again in the background by
 * the compiler for long work, which takes a third of all its time.
 */
export const startedForAMoment = ['--liftoff-only'] as const

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
    plugins: [addressOfEachModule],
  })
  const file = join(folder, `${process.pid}-${script.split('/').at(-1)}.mjs`)
  renameSync(part, file)
  return file
}
