import type { Collector } from '../dischargers/discharger.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Actor } from '../platform/staff.ts'
import { refusePayment } from './payment.refusals.ts'

/**
 * A water company's staff touch the payments of their own company alone; the bureau's clerks those of every collector,
 * and only they what was paid straight to the treasury (`undefined`).
 */
export function refusePaymentsOf(actor: Actor, collector: Collector | undefined): Refusal | undefined {
  if (actor.roles.includes('bureau_clerk')) return undefined
  if (collector === undefined) return refusePayment('treasury_payment_by_bureau', { actor: actor.name })
  if (actor.organisationId === collector.organisationId) return undefined
  return refusePayment('payment_of_other_company', {
    actor: actor.name,
    collector: collector.name,
    code: collector.code,
  })
}
