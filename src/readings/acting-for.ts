import type { Collector } from '../dischargers/discharger.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Actor } from '../platform/staff.ts'
import { refuseReading } from './readings.refusals.ts'

/** A water company's staff touch the readings of their own company alone; the bureau's clerks those of every collector. */
export function refuseOtherCompany(actor: Actor, collector: Collector): Refusal | undefined {
  if (actor.roles.includes('bureau_clerk') || actor.organisationId === collector.organisationId) return undefined
  return refuseReading('collector_of_other_company', {
    actor: actor.name,
    collector: collector.name,
    code: collector.code,
  })
}
