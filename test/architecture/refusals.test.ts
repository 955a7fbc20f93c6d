import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type RefusalTable, refusalKinds } from '../../src/kernel/refusal.ts'
import { filesBelow, root } from './tree.ts'

interface TableOfFile {
  readonly path: string
  readonly table: RefusalTable
}

/** What is wrong with a table of refusals, a sentence per finding. */
function faultsOf(table: RefusalTable): string[] {
  return Object.entries(table).flatMap(([code, { kind, zh, en }]) => {
    const faults: string[] = []
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(code)) faults.push(`${code} is not written in snake_case`)
    if (refusalKinds[kind] === undefined) faults.push(`${code} is of an unknown kind`)
    if (!/\p{Script=Han}/u.test(zh)) faults.push(`${code} has no Chinese sentence`)
    if (!/[a-z]{2,} [a-z]/i.test(en)) faults.push(`${code} has no English sentence`)
    const [inZh, inEn] = [placeholders(zh, 'Zh'), placeholders(en, 'En')]
    if (inZh !== inEn) faults.push(`${code} says ${inZh || 'nothing'} in Chinese and ${inEn || 'nothing'} in English`)
    return faults
  })
}

/** The particulars a sentence names; a part that is itself said in each language is `{whyZh}` here and `{whyEn}` there. */
const placeholders = (sentence: string, language: 'Zh' | 'En'): string =>
  [
    ...new Set(
      [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => `{${name.replace(new RegExp(`${language}$`), '')}}`),
    ),
  ]
    .sort()
    .join(' ')

/** Codes that more than one file uses, with the files. A file may hold a part of its table as a table of its own. */
function sharedCodes(tables: readonly TableOfFile[]): string[] {
  const files = new Map<string, Set<string>>()
  for (const { path, table } of tables) {
    for (const code of Object.keys(table)) files.set(code, (files.get(code) ?? new Set()).add(path))
  }
  return [...files].flatMap(([code, users]) => (users.size > 1 ? [`${code}: ${[...users].join(', ')}`] : []))
}

function isRefusalTable(value: unknown): value is RefusalTable {
  if (typeof value !== 'object' || value === null) return false
  const entries: unknown[] = Object.values(value)
  return entries.length > 0 && entries.every((entry) => typeof entry === 'object' && entry !== null && 'zh' in entry)
}

describe('refusals', () => {
  const paths = [...filesBelow('src'), ...filesBelow('jobs')].filter((path) => path.endsWith('.refusals.ts'))
  const tables: TableOfFile[] = []
  beforeAll(async () => {
    for (const path of paths) {
      const exported: Record<string, unknown> = await import(pathToFileURL(join(root, path)).href)
      for (const table of Object.values(exported)) if (isRefusalTable(table)) tables.push({ path, table })
    }
  })

  it('every file of refusals holds a table', () => {
    expect(paths).toContain('src/platform/platform.refusals.ts')
    expect(paths.filter((path) => !tables.some((table) => table.path === path))).toEqual([])
  })

  it('every refusal is said in both languages with the same particulars', () => {
    const faults = tables.flatMap(({ path, table }) => faultsOf(table).map((fault) => `${path}: ${fault}`))
    expect([...new Set(faults)]).toEqual([])
  })

  it('a code means one thing in the whole product', () => {
    expect(sharedCodes(tables)).toEqual([])
  })

  it('faults are found where they are', () => {
    const good = { kind: 'missing', zh: '没有户号 {account}。', en: 'There is no account {account}.' } as const
    expect(faultsOf({ account_missing: good })).toEqual([])
    expect(faultsOf({ AccountMissing: good })).toHaveLength(1)
    expect(faultsOf({ account_missing: { ...good, zh: 'There is no account {account}.' } })).toHaveLength(1)
    expect(faultsOf({ account_missing: { ...good, en: '没有户号 {account}。' } })).toHaveLength(1)
    expect(faultsOf({ account_missing: { ...good, en: 'There is no account {number}.' } })).toHaveLength(1)
    expect(
      faultsOf({ account_missing: { ...good, zh: '没有户号 {account}：{whyZh}', en: `${good.en} {whyEn}` } }),
    ).toEqual([])
    expect(
      faultsOf({ account_missing: { ...good, zh: '没有户号 {account}：{whyEn}', en: `${good.en} {whyEn}` } }),
    ).toHaveLength(1)
    const twoFiles = [
      { path: 'one', table: { account_missing: good } },
      { path: 'one', table: { account_missing: good, meter_missing: good } },
      { path: 'two', table: { meter_missing: good } },
    ]
    expect(sharedCodes(twoFiles)).toEqual(['meter_missing: one, two'])
  })
})
