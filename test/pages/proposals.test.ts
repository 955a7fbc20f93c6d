import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { proposalKinds } from '../../src/office/proposal-kinds.ts'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

it('names every kind of proposal that a stage makes', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const made = files.flatMap((name) =>
    [...readFileSync(join(src, name), 'utf8').matchAll(/^export const \w+Proposal(?:Kind)? = '([a-z.-]+)'/gm)].map(
      ([, kind = '']) => kind,
    ),
  )
  expect(made).toContain('bills.run')
  expect(made.filter((kind) => proposalKinds[kind] === undefined)).toEqual([])
  expect(Object.keys(proposalKinds).filter((kind) => !made.includes(kind))).toEqual([])
})
