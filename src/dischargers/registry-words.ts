import type { Db, Trx } from '../platform/database.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import type { PayerGroup, PriceCategory } from './discharger.ts'
import { listPayerGroups, listPriceCategories } from './price-category.queries.ts'

/** Payer groups and price categories by what a file may call them: their code or their Chinese name. */
export async function knownWords(db: Db | Trx): Promise<{
  readonly groups: ReadonlyMap<string, PayerGroup>
  readonly categories: ReadonlyMap<string, PriceCategory>
}> {
  const groups = new Map<string, PayerGroup>()
  for (const group of await listPayerGroups(db)) groups.set(group.code, group).set(normaliseCell(group.nameZh), group)
  const categories = new Map<string, PriceCategory>()
  for (const category of await listPriceCategories(db)) {
    categories.set(category.code, category).set(normaliseCell(category.nameZh), category)
  }
  return { groups, categories }
}
