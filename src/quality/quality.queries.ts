import { type Selectable, sql } from 'kysely'
import { findDischarger } from '../dischargers/account.queries.ts'
import { findOutlets, type Outlet } from '../dischargers/outlet.queries.ts'
import { type CivilDate, civilDate, type DateInterval, plusDays } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind } from '../platform/page.ts'
import type { AccidentReport, SubstanceKind } from './accident.ts'
import type { CreditGrade } from './credit-grade.ts'
import { type Judged, judgeResult } from './exceedance.rules.ts'
import type { PermittedLimit } from './limit.ts'
import type { Pollutant } from './pollutant.ts'
import { type QualityTables, qualityTables } from './quality.tables.ts'
import type { ReferralMatter } from './referral.ts'
import type { NewSample, SampleResult, SampleSource } from './sample.ts'
import { totalId } from './total.ts'

/** Every pollutant, those of the first class last, as they were listed. */
export async function listPollutants(db: Db | Trx): Promise<Pollutant[]> {
  const rows = await qualityTables(db)
    .selectFrom('pollutants')
    .selectAll()
    .orderBy('first_class')
    .orderBy('code')
    .execute()
  return rows.map((row) => ({
    code: row.code,
    zh: row.name_zh,
    en: row.name_en,
    aliases: row.aliases,
    unit: row.unit,
    firstClass: row.first_class,
  }))
}

export interface LimitOfOutlet extends PermittedLimit {
  readonly limitId: string
  readonly outletId: string
}

/** Permitted limits of outlets, all there ever were, in order of pollutant and day. */
export async function limitsOf(db: Db | Trx, outletIds: readonly string[]): Promise<LimitOfOutlet[]> {
  if (outletIds.length === 0) return []
  const rows = await qualityTables(db)
    .selectFrom('permitted_limits')
    .selectAll()
    .where('outlet_id', 'in', [...outletIds])
    .orderBy('outlet_id')
    .orderBy('pollutant')
    .orderBy('valid_from')
    .orderBy('id')
    .execute()
  return rows.map(limitOf)
}

/** A limit as it is stored. */
export const limitOf = (row: Omit<Selectable<QualityTables['permitted_limits']>, 'proposal_id' | 'command_id'>) => ({
  limitId: row.id,
  outletId: row.outlet_id,
  pollutant: row.pollutant,
  bound: row.bound,
  value: row.limit_value === null ? undefined : new Exact(row.limit_value),
  unit: row.unit,
  document: row.document,
  validity: { from: row.valid_from, until: row.valid_until },
})

/** The limits of a discharger's outlets, all there ever were. Refuses an unknown discharger. */
export async function limitsOfDischarger(
  db: Db,
  code: string,
): Promise<{ readonly name: string; readonly limits: readonly (LimitOfOutlet & { outletNo: string })[] } | Refusal> {
  const discharger = await findDischarger(db, code)
  if (isRefusal(discharger)) return discharger
  const outlets = new Map(
    (await findOutlets(db, { dischargerCodes: [discharger.code] })).map((each) => [each.outletId, each]),
  )
  const limits = await limitsOf(db, [...outlets.keys()])
  return {
    name: discharger.name,
    limits: limits.map((limit) => ({ ...limit, outletNo: outlets.get(limit.outletId)?.outletNo ?? '' })),
  }
}

/** A stored sample with its outlet, its results and what became of it. */
export interface Sample extends Omit<NewSample, 'dischargerCode' | 'outletNo'> {
  readonly sampleId: string
  readonly outlet: Outlet
  readonly source: SampleSource
  readonly evidenceDigest: string | null
  /** Why it does not count any more; `undefined` while it does. */
  readonly withdrawn: string | undefined
}

export interface SampleFilter {
  readonly sampleId?: string
  /** Numbers, of any body; all of them, whatever `limit` says. */
  readonly sampleNos?: readonly string[]
  readonly dischargerCode?: string
  /** Days of sampling. */
  readonly taken?: DateInterval
  /** Day and id of a sample: those that come after it. */
  readonly after?: readonly [string, string] | undefined
  readonly limit?: number
}

/** The days of sampling from one to another, that one included; without them, all. */
export function samplingDays(from: CivilDate | undefined, until: CivilDate | undefined): DateInterval {
  return {
    from: from ?? civilDate('1900-01-01'),
    until: until === undefined ? civilDate('2199-12-31') : plusDays(until, 1),
  }
}

/** Samples, newest first. */
export async function listSamples(db: Db | Trx, filter: SampleFilter = {}): Promise<Sample[]> {
  let query = qualityTables(db)
    .selectFrom('samples as s')
    .leftJoin('sample_withdrawals as w', 'w.sample_id', 's.id')
    .selectAll('s')
    .select('w.reason as withdrawn')
    .where(behind(['s.taken_on', 's.id'], filter.after, 'desc'))
    .orderBy('s.taken_on', 'desc')
    .orderBy('s.id', 'desc')
  if (filter.sampleNos === undefined) query = query.limit(filter.limit ?? 1_000)
  else query = query.where(sql<boolean>`s.sample_no = any(${filter.sampleNos}::text[])`)
  if (filter.sampleId !== undefined) query = query.where('s.id', '=', filter.sampleId)
  if (filter.taken !== undefined)
    query = query.where('s.taken_on', '>=', filter.taken.from).where('s.taken_on', '<', filter.taken.until)
  if (filter.dischargerCode !== undefined) {
    const outlets = await findOutlets(db, { dischargerCodes: [filter.dischargerCode] })
    if (outlets.length === 0) return []
    query = query.where(
      's.outlet_id',
      'in',
      outlets.map(({ outletId }) => outletId),
    )
  }
  const rows = await query.execute()
  if (rows.length === 0) return []
  const outlets = new Map(
    (await findOutlets(db, { outletIds: rows.map((row) => row.outlet_id) })).map((outlet) => [outlet.outletId, outlet]),
  )
  const results = await resultsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    sampleId: row.id,
    outlet: present(outlets.get(row.outlet_id), 'a sample has its outlet'),
    body: row.body,
    sampleNo: row.sample_no,
    source: row.source,
    certificateNo: row.certificate_no,
    takenOn: row.taken_on,
    takenAt: row.taken_at?.slice(0, 5) ?? '',
    sampler: row.sampler,
    dayVolumeM3: row.day_volume_m3 === null ? '' : new Exact(row.day_volume_m3).toFixed(),
    reportNo: row.report_no,
    evidenceDigest: row.evidence_digest,
    withdrawn: row.withdrawn ?? undefined,
    results: results.get(row.id) ?? [],
  }))
}

async function resultsOf(db: Db | Trx, sampleIds: readonly string[]): Promise<Map<string, SampleResult[]>> {
  const rows = await qualityTables(db)
    .selectFrom('sample_results')
    .selectAll()
    .where(sql<boolean>`sample_id = any(${sampleIds}::bigint[])`)
    .orderBy('sample_id')
    .orderBy('pollutant')
    .execute()
  const results = new Map<string, SampleResult[]>()
  for (const row of rows) {
    results.set(row.sample_id, [...(results.get(row.sample_id) ?? []), resultOf(row)])
  }
  return results
}

/** A result as it is stored. */
export const resultOf = (row: Omit<QualityTables['sample_results'], 'sample_id'>): SampleResult => ({
  pollutant: row.pollutant,
  finding:
    row.measured === null
      ? { kind: 'below', detectionLimit: new Exact(present(row.detection_limit, 'a result says something')) }
      : { kind: 'measured', value: new Exact(row.measured) },
  unit: row.unit,
  method: row.method,
})

/** One result of a sample under each limit of its day. */
export interface JudgedResult {
  readonly sample: Sample
  readonly result: SampleResult
  readonly judged: Judged
}

/** Samples with their results judged by the limits of their day; computed, never stored. */
export async function judgeSamples(db: Db | Trx, samples: readonly Sample[]): Promise<JudgedResult[]> {
  const limits = await limitsOf(db, [...new Set(samples.map(({ outlet }) => outlet.outletId))])
  const byOutlet = new Map<string, LimitOfOutlet[]>()
  for (const limit of limits) byOutlet.set(limit.outletId, [...(byOutlet.get(limit.outletId) ?? []), limit])
  return samples.flatMap((sample) =>
    sample.results.flatMap((result) =>
      judgeResult(
        result,
        sample.takenOn,
        sample.dayVolumeM3 === '' ? undefined : new Exact(sample.dayVolumeM3),
        byOutlet.get(sample.outlet.outletId) ?? [],
      ).map((judged) => ({ sample, result, judged })),
    ),
  )
}

/** A sample with all its results judged. */
export interface JudgedSample {
  readonly sample: Sample
  readonly judged: readonly JudgedResult[]
}

/** Samples with their judged results, newest first. */
export async function listJudgedSamples(db: Db | Trx, filter: SampleFilter = {}): Promise<JudgedSample[]> {
  const samples = await listSamples(db, filter)
  const bySample = new Map<string, JudgedResult[]>()
  for (const each of await judgeSamples(db, samples)) {
    const { sampleId } = each.sample
    bySample.set(sampleId, [...(bySample.get(sampleId) ?? []), each])
  }
  return samples.map((sample) => ({ sample, judged: bySample.get(sample.sampleId) ?? [] }))
}

/** A sample that counts, with its results above a limit and the letters by which it was referred. */
export interface Exceedance {
  readonly sample: Sample
  readonly exceeded: readonly JudgedResult[]
  readonly referrals: readonly string[]
}

const samplesPerBlock = 1_000

/** Samples with results above a limit of their day, newest first; `open` leaves out what was referred. */
export async function listExceedances(
  db: Db | Trx,
  filter: Omit<SampleFilter, 'sampleId' | 'sampleNos' | 'limit'> & {
    readonly open?: boolean | undefined
    readonly limit: number
  },
): Promise<Exceedance[]> {
  const { open, limit, ...narrowed } = filter
  const found: Exceedance[] = []
  let after = narrowed.after
  while (found.length < limit) {
    const block = await listJudgedSamples(db, { ...narrowed, after, limit: samplesPerBlock })
    const above = block
      .filter(({ sample }) => sample.withdrawn === undefined)
      .map(({ sample, judged }) => ({
        sample,
        exceeded: judged.filter((each) => each.judged.verdict === 'exceeds'),
      }))
      .filter(({ exceeded }) => exceeded.length > 0)
    const numbers = await referralNumbers(
      db,
      above.map(({ sample }) => ({ kind: 'sample', id: sample.sampleId })),
    )
    const told = above.map((each) => ({ ...each, referrals: numbers.get(each.sample.sampleId) ?? [] }))
    found.push(...told.filter(({ referrals }) => !open || referrals.length === 0))
    const last = block.at(-1)?.sample
    if (last === undefined || block.length < samplesPerBlock) break
    after = [last.takenOn, last.sampleId]
  }
  return found.slice(0, limit)
}

export interface Referral {
  readonly referralId: string
  readonly number: string
  readonly matter: ReferralMatter
  readonly recipient: string
  readonly datedOn: CivilDate
  readonly fileDigest: string
  readonly evidence: readonly { readonly digest: string; readonly name: string }[]
  readonly replies: readonly { readonly receivedOn: CivilDate; readonly document: string; readonly content: string }[]
}

/** What was referred, newest first. Of given matters it tells every referral, whatever `limit` says. */
export async function listReferrals(
  db: Db | Trx,
  filter: {
    readonly number?: string
    readonly matters?: readonly ReferralMatter[]
    /** Those before this one. */
    readonly before?: string | undefined
    readonly limit?: number
  } = {},
): Promise<Referral[]> {
  const conditions = [
    behind(['r.id'], filter.before === undefined ? undefined : [filter.before], 'desc'),
    ...(filter.number === undefined ? [] : [sql`r.number = ${filter.number}`]),
    ...(filter.matters === undefined
      ? []
      : [
          sql`(r.sample_id = any(${idsOf(filter.matters, 'sample')}::bigint[]) or r.accident_id = any(${idsOf(filter.matters, 'accident')}::bigint[])
            or r.limit_id || '-' || r.period = any(${idsOf(filter.matters, 'total')}::text[]))`,
        ]),
  ]
  const { rows } = await sql<{
    id: string
    number: string
    sample_id: string | null
    accident_id: string | null
    limit_id: string | null
    period: string | null
    recipient: string
    dated_on: CivilDate
    file_digest: string
    evidence: { digest: string; name: string }[]
    replies: { receivedOn: CivilDate; document: string; content: string }[]
  }>`
    select r.id, r.number, r.sample_id, r.accident_id, r.limit_id, r.period, r.recipient, r.dated_on, d.file_digest,
      coalesce((select jsonb_agg(jsonb_build_object('digest', e.file_digest, 'name', e.name) order by e.name, e.file_digest)
        from referral_evidence e where e.referral_id = r.id), '[]') as evidence,
      coalesce((select jsonb_agg(jsonb_build_object('receivedOn', p.received_on, 'document', p.document, 'content', p.content)
        order by p.received_on, p.id) from referral_replies p where p.referral_id = r.id), '[]') as replies
    from referrals r join issued_documents d on d.id = r.document_id
    where ${sql.join(conditions, sql` and `)}
    order by r.id desc ${filter.matters === undefined ? sql`limit ${filter.limit ?? 1_000}` : sql``}`.execute(db)
  return rows.map((row) => ({
    referralId: row.id,
    number: row.number,
    matter: matterOf(row),
    recipient: row.recipient,
    datedOn: row.dated_on,
    fileDigest: row.file_digest,
    evidence: row.evidence,
    replies: row.replies,
  }))
}

function matterOf(row: {
  readonly sample_id: string | null
  readonly accident_id: string | null
  readonly limit_id: string | null
  readonly period: string | null
}): ReferralMatter {
  if (row.sample_id !== null) return { kind: 'sample', id: row.sample_id }
  if (row.accident_id !== null) return { kind: 'accident', id: row.accident_id }
  const limitId = present(row.limit_id, 'a referral is of one matter')
  return { kind: 'total', id: totalId(limitId, present(row.period, 'a total has its period')) }
}

const idsOf = (matters: readonly ReferralMatter[], kind: ReferralMatter['kind']): string[] =>
  matters.filter((matter) => matter.kind === kind).map(({ id }) => id)

/** The numbers of the letters by which matters of one kind were referred, by the id of the matter. */
export async function referralNumbers(
  db: Db | Trx,
  matters: readonly ReferralMatter[],
): Promise<Map<string, string[]>> {
  const numbers = new Map<string, string[]>()
  if (matters.length === 0) return numbers
  for (const { matter, number } of await listReferrals(db, { matters }))
    numbers.set(matter.id, [...(numbers.get(matter.id) ?? []), number])
  return numbers
}

export interface Accident extends Omit<AccidentReport, 'dischargerCode'> {
  readonly accidentId: string
  readonly dischargerCode: string
  readonly dischargerName: string
  readonly creditCode: string | null
  readonly substanceKind: SubstanceKind
  readonly evidenceDigest: string | null
}

/** Accident reports, newest first. */
export async function listAccidents(
  db: Db | Trx,
  filter: {
    readonly accidentId?: string
    readonly dischargerCode?: string | undefined
    /** Day and id of a report: those that come after it. */
    readonly after?: readonly [string, string] | undefined
    readonly limit?: number
  } = {},
): Promise<Accident[]> {
  const { rows } = await sql<Accident>`
    select a.id as "accidentId", d.code as "dischargerCode", d.name as "dischargerName", d.credit_code as "creditCode",
      coalesce(o.outlet_no, '') as "outletNo", a.occurred_on as "occurredOn", a.reported_on as "reportedOn",
      a.reported_by as "reportedBy", a.substance_kind as "substanceKind", a.substances, a.description, a.measures,
      a.evidence_digest as "evidenceDigest"
    from accidents a join dischargers d on d.id = a.discharger_id left join outlets o on o.id = a.outlet_id
    where ${filter.accidentId === undefined ? sql`true` : sql`a.id = ${filter.accidentId}::bigint`}
      and ${filter.dischargerCode === undefined ? sql`true` : sql`d.code = ${filter.dischargerCode}`}
      and ${behind(['a.occurred_on', 'a.id'], filter.after, 'desc')}
    order by a.occurred_on desc, a.id desc limit ${filter.limit ?? 1_000}`.execute(db)
  return rows
}

/** Accident reports with the letters by which they were referred, newest first. */
export async function listReferredAccidents(
  db: Db | Trx,
  filter: Parameters<typeof listAccidents>[1],
): Promise<(Accident & { readonly referrals: readonly string[] })[]> {
  const accidents = await listAccidents(db, filter)
  const numbers = await referralNumbers(
    db,
    accidents.map(({ accidentId }) => ({ kind: 'accident', id: accidentId })),
  )
  return accidents.map((accident) => ({ ...accident, referrals: numbers.get(accident.accidentId) ?? [] }))
}

/**
 * The credit grades of dischargers that hold on any day of an interval, in order of day: what a tariff with a surcharge
 * by grade asks. No row: not graded then.
 */
export async function creditGradesTouching(
  db: Db | Trx,
  dischargerIds: readonly DischargerId[],
  interval: DateInterval,
): Promise<CreditGrade[]> {
  if (dischargerIds.length === 0) return []
  const rows = await qualityTables(db)
    .selectFrom('credit_grades')
    .selectAll()
    .where('discharger_id', 'in', [...dischargerIds])
    .where('valid_from', '<', interval.until)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', interval.from)]))
    .orderBy('discharger_id')
    .orderBy('valid_from')
    .execute()
  return rows.map(gradeOf)
}

/** Every grade a discharger ever had, newest first. */
export async function creditGradesOf(db: Db | Trx, dischargerId: DischargerId): Promise<CreditGrade[]> {
  const rows = await qualityTables(db)
    .selectFrom('credit_grades')
    .selectAll()
    .where('discharger_id', '=', dischargerId)
    .orderBy('valid_from', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(gradeOf)
}

function gradeOf(row: {
  discharger_id: DischargerId
  grade: CreditGrade['grade']
  rated_year: number
  document: string
  valid_from: CivilDate
  valid_until: CivilDate | null
}): CreditGrade {
  return {
    dischargerId: row.discharger_id,
    grade: row.grade,
    ratedYear: row.rated_year,
    document: row.document,
    validity: { from: row.valid_from, until: row.valid_until },
  }
}
