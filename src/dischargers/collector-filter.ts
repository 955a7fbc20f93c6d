import type { Db, Trx } from '../platform/database.ts'
import type { Filter } from '../platform/pages/filters.tsx'
import { collectorNames } from './known-names.queries.ts'

/** The filter of a list by its collector: there are a few, so they are chosen by name. */
export async function collectorFilter(db: Db | Trx): Promise<Filter> {
  const names = [...(await collectorNames(db))]
  return { name: 'collector', label: { zh: '代征单位', en: 'collector' }, kind: 'choice', choices: () => names }
}
