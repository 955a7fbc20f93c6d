import { sql } from 'kysely'
import { findCollector } from '../dischargers/account.queries.ts'
import type { Collector } from '../dischargers/discharger.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import type { Actor } from '../platform/staff.ts'
import { refuseRemittance } from './remittance.refusals.ts'

/** A water company's staff act for their own company alone; a bureau clerk may enter what any collector hands in. */
export function refuseActingFor(
  actor: Actor,
  collector: Pick<Collector, 'code' | 'name' | 'organisationId'>,
): Refusal | undefined {
  if (actor.roles.includes('bureau_clerk') || actor.organisationId === collector.organisationId) return undefined
  return refuseRemittance('collector_of_others', { actor: actor.name, collector: collector.name, code: collector.code })
}

/** The collector with that code, for whom the actor may act. */
export async function collectorFor({ trx, actor }: CommandContext, code: string): Promise<Collector | Refusal> {
  const collector = await findCollector(trx, code)
  if (collector === undefined) return refuseRemittance('remittance_collector_unknown', { collector: code })
  return refuseActingFor(actor, collector) ?? collector
}

/** What one collector remits is decided one command at a time; the second one sees what the first one left. */
export async function lockRemittances(trx: Trx, collectorId: Collector['collectorId']): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('remittance'), hashtext(${collectorId}))`.execute(trx)
}
