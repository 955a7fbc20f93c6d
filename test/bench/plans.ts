import { CompiledQuery, type KyselyPlugin, type PluginTransformQueryArgs, type RootOperationNode } from 'kysely'
import type { Db } from '../../src/platform/database.ts'

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly Plan[]
}

/**
 * The tables that a read goes through from end to end, by the plans of the very statements it sends. The read is carried
 * out once for it.
 */
export async function scannedWhole(db: Db, read: (db: Db) => Promise<unknown>): Promise<string[]> {
  const sent: CompiledQuery[] = []
  const recorder: KyselyPlugin = {
    transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
      sent.push(db.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  }
  await read(db.withPlugin(recorder))
  const scanned = new Set<string>()
  const walk = (plan: Plan): void => {
    if (plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] !== undefined) scanned.add(plan['Relation Name'])
    for (const below of plan.Plans ?? []) walk(below)
  }
  for (const { sql, parameters } of sent) {
    const explained = CompiledQuery.raw(`explain (format json) ${sql}`, [...parameters])
    const { rows } = await db.executeQuery<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(explained)
    for (const { Plan: plan } of rows[0]?.['QUERY PLAN'] ?? []) walk(plan)
  }
  if (sent.length === 0) throw new Error('no statement was seen')
  return [...scanned].sort()
}

/** Tables with a row per account, bill or payment, or more. */
export const bigTables = [
  'accounts',
  'dischargers',
  'bills',
  'bill_lines',
  'open_items',
  'payments',
  'allocations',
] as const
