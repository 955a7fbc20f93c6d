import { accountTerms, dischargersById, findAccount, findOutlet } from '../dischargers/account.queries.ts'
import { type CivilDate, firstDay, monthInterval, monthOf } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sqlState,
} from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { decideProposal, openProposal, propose } from '../platform/proposals.ts'
import { refuseVolume } from './volume.refusals.ts'
import { volumeTables } from './volume.tables.ts'
import { checkBasis } from './volume-basis.rules.ts'
import { basisNames, type ProposedBasis, type VolumeBasisKind } from './volume-basis.ts'

export const basisProposalKind = 'volumes.basis'

export interface BasisInput {
  readonly collectorCode?: string | undefined
  readonly accountNo: string
  readonly basis: VolumeBasisKind
  readonly ratedFlowM3PerHour?: string | undefined
  readonly quotaM3PerMonth?: string | undefined
  readonly outletNo?: string | undefined
  readonly determinationNo?: string | undefined
  readonly postedFrom?: CivilDate | undefined
  readonly postedUntil?: CivilDate | undefined
  readonly evidence: string
  readonly validFrom: CivilDate
  readonly validUntil?: CivilDate | undefined
}

/** A clerk proposes on which ground an account is billed; another person approves it (151 art. 9–11). */
export async function proposeVolumeBasis(
  services: Services,
  envelope: Envelope,
  input: BasisInput,
): Promise<CommandAnswer<{ proposalId: string; digest: string; accountNo: string }> | Refusal> {
  const kind = { name: 'volumes.propose-basis', zh: '提出计量依据' } as const
  return runCommand(services, envelope, kind, plainInput(input), async (context) => {
    const proposed = await understand(context.trx, input)
    if (isRefusal(proposed)) return proposed
    const [fault] = checkBasis(proposed)
    if (fault !== undefined) return fault
    const existing = await overlapping(context.trx, proposed)
    if (existing !== undefined) return refuseVolume('basis_overlaps', { account: proposed.accountNo, existing })
    const { proposalId, digest } = await propose(context, {
      kind: basisProposalKind,
      subject: `${proposed.accountId} ${proposed.validFrom}`,
      content: { ...proposed },
    })
    return { proposalId, digest, accountNo: proposed.accountNo }
  })
}

/** Another person approves a proposed ground, and it holds from its first day; or returns it with a reason. */
export async function decideVolumeBasis(
  services: Services,
  envelope: Envelope,
  decision: {
    readonly proposalId: string
    readonly outcome: 'approved' | 'returned'
    readonly reason: string
    readonly digestSeen?: string | undefined
  },
): Promise<CommandAnswer<{ proposalId: string; outcome: string; basisId: string | null }> | Refusal> {
  const kind = { name: 'volumes.decide-basis', zh: '审批计量依据' } as const
  return runCommand(services, envelope, kind, plainInput(decision), async (context) => {
    const proposal = await openProposal(context, { kind: basisProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    if (decision.outcome === 'returned') {
      await decideProposal(context, proposal, decision)
      return { proposalId: proposal.id, outcome: 'returned', basisId: null }
    }
    const proposed = proposal.content as unknown as ProposedBasis
    const existing = await overlapping(context.trx, proposed)
    if (existing !== undefined) return refuseVolume('basis_overlaps', { account: proposed.accountNo, existing })
    await decideProposal(context, proposal, decision)
    const basisId = await storeBasis(context, proposed, proposal.id)
    return isRefusal(basisId) ? basisId : { proposalId: proposal.id, outcome: 'approved', basisId }
  })
}

async function storeBasis(
  context: CommandContext,
  proposed: ProposedBasis,
  proposalId: string,
): Promise<string | Refusal> {
  try {
    const { id } = await volumeTables(context.trx)
      .insertInto('volume_bases')
      .values({
        account_id: proposed.accountId,
        basis: proposed.basis,
        rated_flow_m3_per_hour: proposed.ratedFlowM3PerHour,
        quota_m3_per_month: proposed.quotaM3PerMonth,
        outlet_id: proposed.outletId,
        determination_no: proposed.determinationNo,
        posted_from: proposed.postedFrom,
        posted_until: proposed.postedUntil,
        evidence: proposed.evidence,
        clause: basisNames[proposed.basis].clause,
        valid_from: proposed.validFrom,
        valid_until: proposed.validUntil,
        proposal_id: proposalId,
        command_id: context.commandId,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  } catch (error) {
    // Two approvals at once: the exclusion constraint lets one through; the other is told as if it had come later.
    if (sqlState(error) !== '23P01') throw error
    return refuseVolume('basis_overlaps', { account: proposed.accountNo, existing: proposed.validFrom })
  }
}

async function understand(db: Db | Trx, input: BasisInput): Promise<ProposedBasis | Refusal> {
  const account = await findAccount(db, input.collectorCode, input.accountNo)
  if (isRefusal(account)) return account
  const terms = (await accountTerms(db, [account.accountId], monthInterval(monthOf(input.validFrom)))).get(
    account.accountId,
  )
  const holderIds = terms?.holders.map((holder) => holder.dischargerId) ?? []
  const dischargers = await dischargersById(db, holderIds)
  const outlet =
    input.outletNo === undefined ? undefined : await findOutlet(db, holderIds, input.outletNo, input.validFrom)
  return {
    accountId: account.accountId,
    accountNo: account.accountNo,
    basis: input.basis,
    ratedFlowM3PerHour: input.ratedFlowM3PerHour ?? null,
    quotaM3PerMonth: input.quotaM3PerMonth ?? null,
    outletId: outlet?.outletId ?? null,
    outletHasOnlineMeter: outlet?.hasOnlineMeter ?? false,
    determinationNo: input.determinationNo ?? null,
    postedFrom: input.postedFrom ?? null,
    postedUntil: input.postedUntil ?? null,
    evidence: input.evidence,
    productIsMainlyWater: [...dischargers.values()].some((discharger) => discharger.productIsMainlyWater),
    validFrom: input.validFrom,
    validUntil: input.validUntil ?? null,
  }
}

async function overlapping(db: Db | Trx, proposed: ProposedBasis): Promise<string | undefined> {
  let query = volumeTables(db)
    .selectFrom('volume_bases')
    .select(['basis', 'valid_from'])
    .where('account_id', '=', proposed.accountId)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', proposed.validFrom)]))
  if (proposed.validUntil !== null) query = query.where('valid_from', '<', proposed.validUntil)
  const found = await query.executeTakeFirst()
  return found === undefined ? undefined : `${basisNames[found.basis].zh} ${found.valid_from}`
}

/** Input as plain JSON, without the keys that were not given. */
export function plainInput(input: object): Record<string, string | number | boolean | null> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}

/** When an account was billed up to: asked of the bills stage, which comes later. */
export type LastBilledDay = (db: Db | Trx, accountId: ProposedBasis['accountId']) => Promise<CivilDate | undefined>

/** Ends an open ground on a day (half-open, once), not before the last billed use. */
export async function endVolumeBasis(
  services: Services,
  envelope: Envelope,
  input: { readonly basisId: string; readonly validUntil: CivilDate; readonly reason: string },
  lastBilledDay: LastBilledDay,
): Promise<CommandAnswer<{ basisId: string; validUntil: string }> | Refusal> {
  const kind = { name: 'volumes.end-basis', zh: '终止计量依据' } as const
  return runCommand(services, envelope, kind, plainInput(input), async (context) => {
    const { basisId, validUntil } = input
    if (!/^\d{1,18}$/.test(basisId)) return refuseVolume('basis_missing', { basis: basisId })
    const tables = volumeTables(context.trx)
    const basis = await tables
      .selectFrom('volume_bases')
      .selectAll()
      .where('id', '=', basisId)
      .forUpdate()
      .executeTakeFirst()
    if (basis === undefined) return refuseVolume('basis_missing', { basis: basisId })
    if (basis.valid_until !== null) {
      return refuseVolume('basis_already_ended', { basis: basisId, validUntil: basis.valid_until })
    }
    if (validUntil <= basis.valid_from) {
      return refuseVolume('basis_ends_before_it_begins', { validFrom: basis.valid_from, validUntil })
    }
    if (basis.basis !== 'exempt' && validUntil !== firstDay(monthOf(validUntil))) {
      return refuseVolume('basis_ends_within_month', { validUntil })
    }
    const lastBilled = await lastBilledDay(context.trx, basis.account_id)
    if (lastBilled !== undefined && validUntil <= lastBilled) {
      return refuseVolume('basis_end_before_billed', { lastBilled, validUntil })
    }
    await tables.updateTable('volume_bases').set({ valid_until: validUntil }).where('id', '=', basisId).execute()
    return { basisId, validUntil }
  })
}
