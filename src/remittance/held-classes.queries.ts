import { listCollectors } from '../dischargers/discharger.queries.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { addMoney, type Money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import { heldAge } from './held.queries.ts'
import { type HeldAgeClass, heldAgeClass, heldAgeClasses } from './held.rules.ts'

/** What one collector holds by age, in yuan. */
export interface HeldByClass {
  readonly code: string
  readonly name: string
  readonly held: Money
  readonly oldestDays: number
  readonly classes: Readonly<Record<HeldAgeClass, Money>>
  /** At most 0.00: remitted beyond what was held. */
  readonly surplus: Money
}

/** What each collector held at the end of a day, by the age of the money. */
export async function heldByClass(db: Db | Trx, asOf: CivilDate): Promise<HeldByClass[]> {
  const found: HeldByClass[] = []
  for (const { collectorId, code, name } of await listCollectors(db)) {
    const { aged, held, oldestDays, surplus } = await heldAge(db, collectorId, asOf)
    const of = (wanted: HeldAgeClass) =>
      addMoney(aged.filter(({ days }) => heldAgeClass(days) === wanted).map(({ amount }) => amount))
    const classes = Object.fromEntries(heldAgeClasses.map((each) => [each, of(each)])) as Record<HeldAgeClass, Money>
    found.push({ code, name, held, oldestDays, classes, surplus })
  }
  return found
}
