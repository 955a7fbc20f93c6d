import { sql } from 'kysely'
import { agreementsSince, installationsById, meterSharesOf, subInstallations } from '../dischargers/account.queries.ts'
import type { AccountTerms, Installation } from '../dischargers/account.ts'
import {
  type CivilDate,
  type DateInterval,
  type FeeMonth,
  firstDay,
  intersect,
  monthInterval,
  monthOf,
  type Validity,
} from '../kernel/calendar.ts'
import type { AccountId, InstallationId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { among } from '../platform/key-range.ts'
import {
  estimatedRuns,
  readingsOfAccounts,
  readingsOfInstallations,
  undecidedRows,
} from '../readings/reading.queries.ts'
import type { MeterReading } from '../readings/reading.ts'
import type { SharedMeter, SubMeter, VolumeFacts } from './billable-volume.ts'
import { volumeTables } from './volume.tables.ts'
import type { OwnSourceDeclaration, RatedFlowDecision, VolumeBasis } from './volume-basis.ts'

/**
 * Everything `billableVolume` needs for these accounts and this month, in a few set-based reads. `terms` come from the
 * dischargers stage; each account of `terms` gets its facts.
 */
export async function volumeFacts(
  db: Db | Trx,
  terms: ReadonlyMap<AccountId, AccountTerms>,
  feeMonth: FeeMonth,
): Promise<Map<AccountId, VolumeFacts>> {
  const accountIds = [...terms.keys()]
  const month = monthInterval(feeMonth)
  const ownSourceIds: AccountId[] = []
  const holderIds = new Set<string>()
  const installations: Installation[] = []
  for (const each of terms.values()) {
    if (each.supply === 'own_source') ownSourceIds.push(each.accountId)
    installations.push(...each.installations)
    for (const { dischargerId } of daysUnderAgreement(each, month)) holderIds.add(dischargerId)
  }
  const installationIds = installations.map((each) => each.installationId)
  const [bases, readings, rowsUnderReview, shares, ownShared, agreements, ownSource, subsByMaster] = await Promise.all([
    basesOf(db, accountIds, month),
    readingsOfAccounts(db, accountIds, feeMonth),
    undecidedRows(db, accountIds, feeMonth),
    meterSharesOf(db, { accountIds }, month),
    meterSharesOf(db, { installationIds }, month),
    agreementsSince(db, [...holderIds] as never, month.from),
    ownSourceFacts(db, ownSourceIds, feeMonth),
    subMetersOf(db, installationIds, feeMonth),
  ])
  const agreed = new Map<string, Validity[]>()
  for (const { dischargerId, validity } of agreements) {
    agreed.set(dischargerId, [...(agreed.get(dischargerId) ?? []), validity])
  }
  const sharedByAccount = await sharedMeters(db, [...shares, ...ownShared], feeMonth)
  // A true-up concerns whoever is billed by that meter: sharers of another's meter and masters of another's subs as well.
  const relatives = relatedAccounts(sharedByAccount, subsByMaster)
  const runs = await estimatedRuns(db, [...new Set([...accountIds, ...relatives])], feeMonth)

  const facts = new Map<AccountId, VolumeFacts>()
  for (const each of terms.values()) {
    const { accountId } = each
    facts.set(accountId, {
      terms: each,
      feeMonth,
      bases: bases.get(accountId) ?? none,
      readings: readings.get(accountId) ?? none,
      estimatedRun: runs.size === 0 ? none : runsFor(each, sharedByAccount.get(accountId) ?? none, subsByMaster, runs),
      sharedMeters: sharedByAccount.get(accountId) ?? none,
      subMeters:
        subsByMaster.size === 0
          ? none
          : each.installations.flatMap((meter): readonly SubMeter[] => subsByMaster.get(meter.installationId) ?? none),
      declaration: ownSource.declarations.get(accountId),
      declarationUnderReview: ownSource.underReview.has(accountId),
      ratedFlowDecision: ownSource.decisions.get(accountId),
      rowsUnderReview: rowsUnderReview.get(accountId) ?? none,
      agreementInForce: daysUnderAgreement(each, month).every(({ dischargerId, days }) =>
        isUnderAgreement(agreed.get(dischargerId) ?? none, days),
      ),
    })
  }
  return facts
}

const none: readonly never[] = []

type SubMeters = ReadonlyMap<InstallationId, readonly SubMeter[]>

function relatedAccounts(shared: ReadonlyMap<AccountId, readonly SharedMeter[]>, subs: SubMeters): AccountId[] {
  const related: AccountId[] = []
  for (const meters of shared.values()) {
    for (const meter of meters) {
      related.push(meter.installation.accountId, ...meter.subMeters.map((sub) => sub.installation.accountId))
    }
  }
  for (const meters of subs.values()) related.push(...meters.map((sub) => sub.installation.accountId))
  return related
}

function runsFor(
  terms: AccountTerms,
  shared: readonly SharedMeter[],
  subs: SubMeters,
  runs: ReadonlyMap<AccountId, readonly MeterReading[]>,
): readonly MeterReading[] {
  const own = new Map([[terms.accountId, shared]])
  const ofOwnMasters = new Map(
    terms.installations.map((meter) => [meter.installationId, subs.get(meter.installationId) ?? none]),
  )
  const accounts = new Set([terms.accountId, ...relatedAccounts(own, ofOwnMasters)])
  return [...accounts].flatMap((accountId) => runs.get(accountId) ?? none)
}

/** Who held the account on some day of the month: a former holder's agreement is no concern of this month. */
/** The days of the month on which a holder of the account has to have a connection agreement, by holder. */
function daysUnderAgreement(terms: AccountTerms, month: DateInterval) {
  return terms.categories.flatMap(({ needsAgreement, validity }) => {
    const ofCategory = needsAgreement ? intersect(month, validity) : undefined
    if (ofCategory === undefined) return []
    return terms.holders.flatMap(({ dischargerId, validity: held }) => {
      const days = intersect(ofCategory, held)
      return days === undefined ? [] : [{ dischargerId, days }]
    })
  })
}

/**
 * The holder's agreements last to the end of these days, or the holder has signed one since: no agreement reaches back
 * before its signing, and what was used without one is owed all the same once it is signed.
 */
function isUnderAgreement(agreements: readonly Validity[], days: DateInterval): boolean {
  return agreements.some(({ until }) => until === null || until >= days.until)
}

/** The grounds that touch the period, by account. */
export async function basesOf(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  interval: DateInterval,
): Promise<Map<AccountId, VolumeBasis[]>> {
  const rows = await volumeTables(db)
    .selectFrom('volume_bases')
    .selectAll()
    .where(sql<boolean>`${among(sql`account_id`, accountIds)}`)
    .where('valid_from', '<', interval.until)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', interval.from)]))
    .orderBy('valid_from')
    .execute()
  const bases = new Map<AccountId, VolumeBasis[]>()
  for (const row of rows) {
    const basis: VolumeBasis = {
      basisId: row.id,
      accountId: row.account_id,
      basis: row.basis,
      ratedFlowM3PerHour: row.rated_flow_m3_per_hour,
      quotaM3PerMonth: row.quota_m3_per_month,
      determinationNo: row.determination_no,
      evidence: row.evidence,
      clause: row.clause,
      validity: { from: row.valid_from, until: row.valid_until },
    }
    bases.set(row.account_id, [...(bases.get(row.account_id) ?? []), basis])
  }
  return bases
}

interface OwnSourceFacts {
  readonly declarations: ReadonlyMap<AccountId, OwnSourceDeclaration>
  readonly decisions: ReadonlyMap<AccountId, RatedFlowDecision>
  readonly underReview: ReadonlySet<AccountId>
}

async function ownSourceFacts(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<OwnSourceFacts> {
  const declarations = new Map<AccountId, OwnSourceDeclaration>()
  const decisions = new Map<AccountId, RatedFlowDecision>()
  const underReview = new Set<AccountId>()
  if (accountIds.length === 0) return { declarations, decisions, underReview }
  const tables = volumeTables(db)
  const ofThese = sql<AccountId>`any(${accountIds}::bigint[])`
  const declared = await tables
    .selectFrom('own_source_declarations')
    .selectAll()
    .where('account_id', '=', ofThese)
    .where('fee_month', '=', firstDay(feeMonth))
    .orderBy('revision')
    .execute()
  for (const row of declared) {
    declarations.set(row.account_id, {
      declarationId: row.id,
      accountId: row.account_id,
      feeMonth,
      volumeM3: row.volume_m3,
      evidence: row.evidence,
    })
  }
  const decided = await tables
    .selectFrom('rated_flow_decisions')
    .selectAll()
    .where('account_id', '=', ofThese)
    .where('fee_month', '=', firstDay(feeMonth))
    .execute()
  for (const row of decided) {
    decisions.set(row.account_id, {
      accountId: row.account_id,
      feeMonth,
      ratedFlowM3PerHour: row.rated_flow_m3_per_hour,
      reason: row.reason,
    })
  }
  const pending = await db
    .selectFrom('proposals as p')
    .leftJoin('proposal_decisions as d', 'd.proposal_id', 'p.id')
    .select('p.subject')
    .where('p.kind', '=', 'volumes.own-source-declaration')
    .where('d.proposal_id', 'is', null)
    .where('p.subject', '=', sql<string>`any(${accountIds.map((id) => declarationSubject(id, feeMonth))}::text[])`)
    .execute()
  for (const { subject } of pending) underReview.add((subject.split(' ')[0] ?? '') as AccountId)
  return { declarations, decisions, underReview }
}

/** The subject under which a declaration waits for review: one account, one month. */
export function declarationSubject(accountId: AccountId, feeMonth: FeeMonth): string {
  return `${accountId} ${feeMonth}`
}

async function sharedMeters(
  db: Db | Trx,
  shares: Awaited<ReturnType<typeof meterSharesOf>>,
  feeMonth: FeeMonth,
): Promise<Map<AccountId, SharedMeter[]>> {
  const shared = new Map<AccountId, SharedMeter[]>()
  if (shares.length === 0) return shared
  const month = monthInterval(feeMonth)
  const installationIds = [...new Set(shares.map((share) => share.installationId))]
  const [installations, allShares, readings, subs] = await Promise.all([
    installationsById(db, installationIds),
    meterSharesOf(db, { installationIds }, month),
    readingsOfInstallations(db, installationIds, feeMonth),
    subMetersOf(db, installationIds, feeMonth),
  ])
  for (const installation of installations) {
    const { installationId } = installation
    const users = allShares
      .filter((share) => share.installationId === installationId)
      .sort((a, b) => a.shareNo - b.shareNo)
    const meter: SharedMeter = {
      installation,
      shares: users,
      readings: readings.filter((reading) => reading.installationId === installationId),
      subMeters: subs.get(installationId) ?? none,
    }
    // The owner of a shared meter is billed by it only as a sharer, so the owner gets it too.
    for (const accountId of new Set([...users.map((user) => user.accountId), installation.accountId])) {
      shared.set(accountId, [...(shared.get(accountId) ?? []), meter])
    }
  }
  return shared
}

async function subMetersOf(
  db: Db | Trx,
  masterIds: readonly InstallationId[],
  feeMonth: FeeMonth,
): Promise<Map<InstallationId, SubMeter[]>> {
  const bySubMaster = new Map<InstallationId, SubMeter[]>()
  if (masterIds.length === 0) return bySubMaster
  const subs = await subInstallations(db, masterIds, monthInterval(feeMonth))
  if (subs.length === 0) return bySubMaster
  const readings = await readingsOfInstallations(
    db,
    subs.map((sub) => sub.installationId),
    feeMonth,
  )
  const byInstallation = new Map<InstallationId, MeterReading[]>()
  for (const reading of readings) {
    if (reading.installationId === null) continue
    byInstallation.set(reading.installationId, [...(byInstallation.get(reading.installationId) ?? []), reading])
  }
  for (const sub of subs) {
    if (sub.masterInstallationId === null) continue
    const meter: SubMeter = { installation: sub, readings: byInstallation.get(sub.installationId) ?? [] }
    bySubMaster.set(sub.masterInstallationId, [...(bySubMaster.get(sub.masterInstallationId) ?? []), meter])
  }
  return bySubMaster
}

/** Whether that day still lies before the end of its month's fee: an own-source month is declared after it ended. */
export function monthIsOver(feeMonth: FeeMonth, today: CivilDate): boolean {
  return monthOf(today) > feeMonth
}
