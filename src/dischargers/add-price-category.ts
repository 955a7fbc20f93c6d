import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { PriceCategory } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { formRefusal } from './entry.rules.ts'
import { listPriceCategories } from './price-category.queries.ts'

/** Adds a price category, as the approval document names it. Refuses a code or a name that is taken. */
export async function addPriceCategory(
  services: Services,
  envelope: Envelope,
  entry: PriceCategory,
): Promise<CommandAnswer<{ code: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.add-price-category', zh: '增加价格类别' },
    { ...entry },
    async ({ trx, commandId }) => {
      const { code } = entry
      const nameZh = entry.nameZh.trim()
      const nameEn = entry.nameEn.trim()
      const malformed = formRefusal({ categoryCode: code, name: nameZh }) ?? formRefusal({ name: nameEn })
      if (malformed !== undefined) return malformed
      // A code that is another's name would make an imported cell mean two things.
      const taken = (await listPriceCategories(trx)).find((known) =>
        [known.code, known.nameZh].some((word) => word === code || word === nameZh),
      )
      if (taken !== undefined) return refuse('code_taken', { code: taken.code, name: taken.nameZh })
      await tables(trx)
        .insertInto('price_categories')
        .values({ code, name_zh: nameZh, name_en: nameEn, command_id: commandId })
        .execute()
      return { code }
    },
  )
}
