import { sql } from 'kysely'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { type FeeMonth, firstDay, plusMonths } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { parseVolume, volumeText } from '../kernel/volume.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { collectorFor, lockRemittances } from './acting-for.ts'
import { refuseClosing } from './closing.refusals.ts'

export interface DeclaredVolume {
  readonly collectorCode: string
  readonly feeMonth: FeeMonth
  /** Code or Chinese name of a price category. */
  readonly category: string
  /** m³ sold to users of that category, as text with at most 3 decimals. */
  readonly volumeM3: string
  /** What the company declares it in. */
  readonly document: string
}

/**
 * The company declares the volume it sold in a month (151 art. 15); a later declaration takes the place of the one before,
 * which stays. Refuses a month that is not over, an unknown category, a negative volume and no document.
 */
export async function declareVolume(
  services: Services,
  envelope: Envelope,
  input: DeclaredVolume,
): Promise<
  CommandAnswer<{ collector: string; feeMonth: string; category: string; volumeM3: string; revision: number }> | Refusal
> {
  const kind = {
    name: 'remittance.declare-volume',
    zh: '申报售水量',
  } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, actor, today, commandId } = context
    const collector = await collectorFor(context, input.collectorCode)
    if (isRefusal(collector)) return collector
    const { feeMonth } = input
    if (today < firstDay(plusMonths(feeMonth, 1)))
      return refuseClosing('declared_month_not_over', { month: feeMonth, today })
    const categories = await listPriceCategories(trx)
    const category = categories.find(({ code, nameZh }) => code === input.category || nameZh === input.category)
    if (category === undefined) {
      return refuseClosing('declared_category_unknown', {
        category: input.category,
        known: categories.map(({ code, nameZh }) => `${code} ${nameZh}`).join('、'),
      })
    }
    const sold = parseVolume(input.volumeM3)
    if (sold === undefined || sold.isNegative())
      return refuseClosing('sold_volume_malformed', { value: input.volumeM3 })
    if (input.document.trim() === '') return refuseClosing('declared_document_missing')
    await lockRemittances(trx, collector.collectorId)
    const { rows } = await sql<{ revision: number }>`
      insert into sold_volume_declarations (collector_id, fee_month, category_code, revision, volume_m3, document, declared_on,
        declared_by, command_id)
      select ${collector.collectorId}::bigint, ${firstDay(feeMonth)}::date, ${category.code},
        (select count(*) from sold_volume_declarations where collector_id = ${collector.collectorId}::bigint
          and fee_month = ${firstDay(feeMonth)}::date and category_code = ${category.code}),
        ${volumeText(sold)}::numeric, ${input.document.trim()}, ${today}::date, ${actor.id}::bigint, ${commandId}
      returning revision`.execute(trx)
    return {
      collector: collector.code,
      feeMonth,
      category: category.code,
      volumeM3: volumeText(sold),
      revision: rows[0]?.revision ?? 0,
    }
  })
}
