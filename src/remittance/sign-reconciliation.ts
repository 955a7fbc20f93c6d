import { sql } from 'kysely'
import { findCollector } from '../dischargers/account.queries.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { lockRemittances, refuseActingFor } from './acting-for.ts'
import { refuseClosing } from './closing.refusals.ts'
import { listFeeClaims } from './fee.queries.ts'
import { findReconciliation } from './reconciliation.queries.ts'
import { type Party, partyNames, type Reconciliation } from './reconciliation.ts'
import { refuseRemittance } from './remittance.refusals.ts'

async function forCommand(context: CommandContext, number: string): Promise<Reconciliation | Refusal> {
  const found = await findReconciliation(context.trx, number)
  if (isRefusal(found)) return found
  // Before anything is said of how it stands: that is for its own company alone.
  if (context.actor.roles.every((role) => role === 'water_company_operator')) {
    const collector = present(
      await findCollector(context.trx, found.collectorCode),
      'a reconciliation has its collector',
    )
    const forbidden = refuseActingFor(context.actor, collector)
    if (forbidden !== undefined) return forbidden
  }
  await lockRemittances(context.trx, found.collectorId)
  const locked = await findReconciliation(context.trx, number)
  if (isRefusal(locked) || locked.state === 'drawn') return locked
  return refuseClosing(locked.state === 'frozen' ? 'reconciliation_frozen' : 'reconciliation_was_returned', {
    reconciliation: locked.number,
  })
}

/**
 * A party signs a reconciliation and names the digest it saw; with the third signature it is frozen. Refuses who drew it
 * or signed for another party, another digest, a party that has signed, and for finance who paid a fee that stands in it
 * (nobody reconciles their own payment).
 */
export async function signReconciliation(
  services: Services,
  envelope: Envelope,
  input: { readonly reconciliation: string; readonly party: Party; readonly digestSeen: string },
): Promise<CommandAnswer<{ reconciliation: string; party: string; signatures: number; frozen: boolean }> | Refusal> {
  const { party } = input
  const kind = {
    name: 'remittance.sign-reconciliation',
    zh: '签认季度对账',
    permission: `remittance.sign-as-${party}`,
  } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, actor, today, commandId } = context
    const found = await forCommand(context, input.reconciliation)
    if (isRefusal(found)) return found
    const forbidden = await refuseSigner(context, found, party)
    if (forbidden !== undefined) return forbidden
    if (input.digestSeen.length < 8 || !found.digest.startsWith(input.digestSeen)) {
      return refuseClosing('reconciliation_digest_differs', {
        reconciliation: found.number,
        actual: found.digest.slice(0, 12),
        seen: input.digestSeen.slice(0, 12),
      })
    }
    await sql`
      insert into reconciliation_signatures (reconciliation_id, party, drawn_by, signed_by, digest_seen, signed_on, command_id)
      values (${found.reconciliationId}::bigint, ${party}, ${found.drawnBy}::bigint, ${actor.id}::bigint, ${found.digest},
        ${today}::date, ${commandId})`.execute(trx)
    const signatures = found.signatures.length + 1
    return { reconciliation: found.number, party, signatures, frozen: signatures === 3 }
  })
}

async function refuseSigner(
  { trx, actor }: CommandContext,
  found: Reconciliation,
  party: Party,
): Promise<Refusal | undefined> {
  const { number } = found
  const signed = found.signatures.find((each) => each.party === party)
  const names = { partyZh: partyNames[party].zh, partyEn: partyNames[party].en }
  if (signed !== undefined)
    return refuseClosing('reconciliation_signed_before', { reconciliation: number, person: signed.by, ...names })
  if (found.drawnBy === actor.id)
    return refuseClosing('reconciliation_own_work', { reconciliation: number, person: found.drawnByName })
  const { rows } = await sql<{ party: Party }>`
    select party from reconciliation_signatures
    where reconciliation_id = ${found.reconciliationId}::bigint and signed_by = ${actor.id}::bigint`.execute(trx)
  if (rows.length > 0)
    return refuseClosing('reconciliation_one_party_each', { reconciliation: number, person: actor.name })
  if (party === 'collector') {
    const collector = present(await findCollector(trx, found.collectorCode), 'a reconciliation has its collector')
    return refuseActingFor(actor, collector)
  }
  if (party !== 'finance') return undefined
  const claims = new Set(found.content.fees.map(({ claim }) => claim))
  const paid = (await listFeeClaims(trx, { collectorCode: found.collectorCode, limit: 10_000 })).find(
    (claim) => claims.has(claim.number) && claim.paidBy === actor.id,
  )
  if (paid === undefined) return undefined
  return refuseClosing('reconciliation_own_payment', { reconciliation: number, person: actor.name, claim: paid.number })
}

/** A party, or the bureau's clerk, returns a reconciliation that is not frozen; it may be drawn anew. */
export async function returnReconciliation(
  services: Services,
  envelope: Envelope,
  input: { readonly reconciliation: string; readonly reason: string },
): Promise<CommandAnswer<{ reconciliation: string; returned: true }> | Refusal> {
  const kind = {
    name: 'remittance.return-reconciliation',
    zh: '退回季度对账',
  } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, actor, commandId } = context
    if (input.reason.trim() === '') return refuseRemittance('remittance_needs_reason')
    const found = await forCommand(context, input.reconciliation)
    if (isRefusal(found)) return found
    await sql`
      insert into reconciliation_returns (reconciliation_id, returned_by, reason, command_id)
      values (${found.reconciliationId}::bigint, ${actor.id}::bigint, ${input.reason.trim()}, ${commandId})`.execute(
      trx,
    )
    return { reconciliation: found.number, returned: true }
  })
}
