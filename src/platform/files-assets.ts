import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Asset } from './pages/asset.ts'

const here = fileURLToPath(new URL('./pages/', import.meta.url))
const ofLibrary = (name: string, path: string) =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), path)

const files: Readonly<Record<string, { readonly type: string; readonly path: () => string }>> = {
  'qingliu.css': { type: 'text/css; charset=utf-8', path: () => join(here, 'qingliu.css') },
  'qingliu.js': { type: 'text/javascript; charset=utf-8', path: () => join(here, 'qingliu.js') },
  'favicon.svg': { type: 'image/svg+xml', path: () => join(here, 'favicon.svg') },
  'htmx.js': { type: 'text/javascript; charset=utf-8', path: () => ofLibrary('htmx.org', 'dist/htmx.min.js') },
}
const read = new Map<string, Asset>()

/** The asset of a name, read once; `undefined` where there is none. */
export function assetFromDisk(name: string): Asset | undefined {
  if (!Object.hasOwn(files, name)) return undefined
  const known = read.get(name)
  if (known !== undefined) return known
  const { type = '', path = () => '' } = files[name] ?? {}
  const bytes = Uint8Array.from(readFileSync(path()))
  const asset = { type, bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 12) }
  read.set(name, asset)
  return asset
}
