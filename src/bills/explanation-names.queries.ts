import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import type { Db, Trx } from '../platform/database.ts'
import { listSchedules } from '../tariffs/rate-schedule.queries.ts'
import type { ExplanationNames } from './bill-explanation.ts'

/** The names a bill is explained with: schedules and categories. */
export async function explanationNames(db: Db | Trx): Promise<ExplanationNames> {
  const [schedules, categories] = await Promise.all([listSchedules(db), listPriceCategories(db)])
  return {
    schedules: new Map(schedules.map((schedule) => [schedule.scheduleId as string, schedule])),
    categories: new Map(categories.map((category) => [category.code, { zh: category.nameZh, en: category.nameEn }])),
  }
}
