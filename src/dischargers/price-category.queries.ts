import type { Db, Trx } from '../platform/database.ts'
import type { PayerGroup, PriceCategory } from './discharger.ts'
import { tables } from './dischargers.tables.ts'

/** Every price category, in order of its code: a short list. */
export async function listPriceCategories(db: Db | Trx): Promise<PriceCategory[]> {
  return tables(db)
    .selectFrom('price_categories')
    .select(['code', 'name_zh as nameZh', 'name_en as nameEn'])
    .orderBy('code')
    .execute()
}

/** Every group of payers, those of art. 9 first. */
export async function listPayerGroups(db: Db | Trx): Promise<PayerGroup[]> {
  return tables(db)
    .selectFrom('payer_groups')
    .select(['code', 'name_zh as nameZh', 'name_en as nameEn', 'clause', 'needs_agreement as needsAgreement'])
    .orderBy('command_id', (order) => order.asc().nullsFirst())
    .orderBy('code')
    .execute()
}
