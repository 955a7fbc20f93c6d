import { type CivilDate, yearOf } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { FieldValues } from '../platform/documents/document.ts'
import { dateInChinese } from '../platform/documents/fill-template.ts'
import { officeName } from '../platform/documents/office.queries.ts'
import { keepDocument, printDocument } from '../platform/documents/print-document.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import type { Json } from '../platform/platform.tables.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import { readSettings } from '../platform/settings.ts'
import { foundText, limitWithUnit, timesOverText } from './judged-text.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import {
  type Accident,
  type JudgedResult,
  judgeSamples,
  listAccidents,
  listPollutants,
  listReferrals,
  type Sample,
} from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { qualityTables } from './quality.tables.ts'
import { standingSample } from './record-sample.ts'
import { referralDocument } from './referral.document.ts'
import { type MatterKind, matterNames, type ReferralMatter, type ReferralProposal } from './referral.ts'
import { lockSamples } from './sample.store.ts'
import { sourceNames } from './sample.ts'
import { findTotal, type JudgedTotal, type TotalsSource } from './total.queries.ts'
import type { MassOfMonth } from './total.rules.ts'
import { parseTotalId } from './total.ts'
import {
  dischargedText,
  gapsText,
  gapText,
  kilogramsText,
  massText,
  meanText,
  methodText,
  totalLimitText,
  volumeText,
} from './total-text.ts'

export const referralProposal = 'quality.referral'

export interface EnteredReferral {
  readonly matter: ReferralMatter
  /** The authority it goes to, as it is addressed. */
  readonly recipient: string
  /** What the officer adds to what the records say; may be ''. */
  readonly facts: string
}

/**
 * A brigade officer proposes to refer an exceedance, an accident or a total above its limit (办法第十二条) to the competent
 * authority, with its evidence. Refuses a sample without an exceedance, a withdrawn one, an unknown accident, a total not
 * known to be above its limit, and what was referred there or waits to be.
 */
export async function proposeReferral(
  services: Services,
  envelope: Envelope,
  entered: EnteredReferral,
  evidence: readonly Evidence[],
  volumes: OutletVolumes,
): Promise<CommandAnswer<{ proposalId: string; digest: string; exceeded: readonly string[] }> | Refusal> {
  const files = evidence.map(({ digest, name }) => ({ digest, name }))
  const recipient = entered.recipient.trim()
  return runCommand(
    services,
    envelope,
    { name: 'quality.propose-referral', zh: '提出移送' },
    { matter: { ...entered.matter }, recipient, facts: entered.facts, evidence: files },
    async (context) => {
      const { trx, today } = context
      const { matter } = entered
      if (recipient === '') return refuseQuality('quality_reason_missing', { field: '受移送机关 recipient' })
      const found = await findMatter({ db: trx, volumes, today }, matter, recipient)
      if (isRefusal(found)) return found
      const subject = `${matter.kind} ${matter.id} ${recipient}`
      const [waiting] = await listProposals(trx, { kind: referralProposal, subject, undecided: true })
      if (waiting !== undefined) {
        const { makerName: maker, id: proposal } = waiting
        return refuseQuality('referral_waiting', { recipient, maker, proposal })
      }
      for (const file of evidence) await storeEvidence(context, file)
      const exceeded = exceededLines(found)
      const content: ReferralProposal = { matter, recipient, facts: entered.facts.trim(), evidence: files, exceeded }
      const proposed = await propose(context, { kind: referralProposal, subject, content: content as unknown as Json })
      return { ...proposed, exceeded }
    },
  )
}

export type SentReferral = {
  readonly referralId: string
  readonly number: string
  readonly recipient: string
  readonly fileDigest: string
}

/**
 * Another person approves: the letter takes its number, is printed and kept, and the matter counts as referred. What is
 * above its limit is judged again. Refuses what `openProposal` refuses, a judgement that changed since, and whatever
 * `printDocument` refuses. The fee is not touched.
 */
export async function approveReferral(
  services: Services,
  envelope: Envelope,
  approval: { readonly proposalId: string; readonly digestSeen?: string | undefined },
  volumes: OutletVolumes,
): Promise<CommandAnswer<SentReferral> | Refusal> {
  const { proposalId, digestSeen } = approval
  return runCommand(
    services,
    envelope,
    { name: 'quality.approve-referral', zh: '批准移送' },
    { proposalId, digestSeen: digestSeen ?? null },
    async (context): Promise<SentReferral | Refusal> => {
      const { trx, today } = context
      const proposal = await openProposal(context, { kind: referralProposal, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      await lockSamples(trx)
      const proposed = proposal.content as unknown as ReferralProposal
      const { matter, recipient } = proposed
      const found = await findMatter({ db: trx, volumes, today }, matter, recipient)
      if (isRefusal(found)) return found
      const now = exceededLines(found)
      if (now.join('\n') !== proposed.exceeded.join('\n'))
        return refuseQuality('referral_changed', { now: now.join('；') })

      const { 'quality.referral_prefix': prefix } = await readSettings(trx)
      const year = yearOf(today)
      const number = `${prefix}〔${year}〕${await takeNumbers(trx, referralProposal, year, 1)}号`
      const values = { ...(await valuesOf(trx, proposed, found)), number, dated_on: today }
      const order = { kind: referralDocument, number, datedOn: today, values }
      const printed = await printDocument(trx, services.printer, order)
      if (isRefusal(printed)) return printed
      const { documentId, digest } = await keepDocument(
        context,
        { ...order, subject: `${found.discharger} ${matterNames[matter.kind].zh} ${matter.id}` },
        printed,
      )
      const referralId = await insertReferral(context, proposed, { number, documentId, proposalId: proposal.id })
      await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
      return { referralId, number, recipient, fileDigest: digest }
    },
  )
}

async function insertReferral(
  { trx, today, commandId }: CommandContext,
  { matter, recipient, evidence }: ReferralProposal,
  letter: { readonly number: string; readonly documentId: string; readonly proposalId: string },
): Promise<string> {
  const tables = qualityTables(trx)
  const total = matter.kind === 'total' ? parseTotalId(matter.id) : undefined
  const { id } = await tables
    .insertInto('referrals')
    .values({
      number: letter.number,
      sample_id: matter.kind === 'sample' ? matter.id : null,
      accident_id: matter.kind === 'accident' ? matter.id : null,
      limit_id: total?.limitId ?? null,
      period: total?.period ?? null,
      recipient,
      dated_on: today,
      document_id: letter.documentId,
      proposal_id: letter.proposalId,
      command_id: commandId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (evidence.length > 0) {
    const rows = evidence.map(({ digest, name }) => ({ referral_id: id, file_digest: digest, name }))
    await tables.insertInto('referral_evidence').values(rows).execute()
  }
  return id
}

type FoundMatter =
  | {
      readonly kind: 'sample'
      readonly discharger: string
      readonly sample: Sample
      readonly exceeded: readonly NamedResult[]
    }
  | { readonly kind: 'accident'; readonly discharger: string; readonly accident: Accident }
  | { readonly kind: 'total'; readonly discharger: string; readonly total: JudgedTotal; readonly pollutantName: string }
type NamedResult = JudgedResult & { readonly pollutantName: string }

const finders: Record<MatterKind, (source: TotalsSource, id: string) => Promise<FoundMatter | Refusal>> = {
  sample: ({ db }, id) => findSample(db, id),
  accident: ({ db }, id) => findAccident(db, id),
  total: findExceededTotal,
}

async function findMatter(
  source: TotalsSource,
  matter: ReferralMatter,
  recipient: string,
): Promise<FoundMatter | Refusal> {
  const found = await finders[matter.kind](source, matter.id)
  if (isRefusal(found)) return found
  const made = (await listReferrals(source.db, { matters: [matter] })).find(
    (referral) => referral.recipient === recipient,
  )
  return made === undefined ? found : refuseQuality('referral_made', { recipient, number: made.number })
}

async function findSample(trx: Db | Trx, sampleId: string): Promise<FoundMatter | Refusal> {
  const sample = await standingSample(trx, sampleId)
  if (isRefusal(sample)) return sample
  const names = new Map((await listPollutants(trx)).map(({ code, zh }) => [code, zh]))
  const exceeded = (await judgeSamples(trx, [sample]))
    .filter(({ judged }) => judged.verdict === 'exceeds')
    .map((each) => ({ ...each, pollutantName: names.get(each.result.pollutant) ?? each.result.pollutant }))
  if (exceeded.length === 0) return refuseQuality('referral_without_exceedance', { sample: sample.sampleNo })
  return { kind: 'sample', discharger: sample.outlet.dischargerName, sample, exceeded }
}

async function findAccident(trx: Db | Trx, accidentId: string): Promise<FoundMatter | Refusal> {
  const [accident] = /^\d{1,18}$/.test(accidentId) ? await listAccidents(trx, { accidentId }) : []
  if (accident === undefined) return refuseQuality('accident_missing', { accident: accidentId })
  return { kind: 'accident', discharger: accident.dischargerName, accident }
}

async function findExceededTotal(source: TotalsSource, id: string): Promise<FoundMatter | Refusal> {
  const total = await findTotal(source, id)
  if (total === undefined) return refuseQuality('total_missing', { total: id })
  const { outlet, limit, period, verdict } = total
  if (verdict !== 'exceeds')
    return refuseQuality('total_not_exceeded', { discharger: outlet.dischargerCode, outlet: outlet.outletNo, period })
  const name = (await listPollutants(source.db)).find(({ code }) => code === limit.pollutant)?.zh
  return { kind: 'total', discharger: outlet.dischargerName, total, pollutantName: name ?? limit.pollutant }
}

/** What the letter will say was exceeded, as the approver sees it; of a total, with the sum month by month. */
function exceededLines(found: FoundMatter): string[] {
  switch (found.kind) {
    case 'accident':
      return []
    case 'sample':
      return found.exceeded.map(exceededLine)
    case 'total': {
      const { total, pollutantName } = found
      const { limit, period } = total
      const gaps = gapsText(total, 'zh')
      return [
        `${pollutantName} ${period} ${dischargedText(total, 'zh')}（${totalLimitText(total, 'zh')}，${limit.document}）`,
        ...total.months.filter(({ method }) => method !== 'none').map(monthLine),
        ...(gaps === '' ? [] : [`数据不全：${gaps}`]),
      ]
    }
  }
}

/** `2026-01 1200 kg 400 mg/L 3000 m³ 月均浓度×月排水量`. */
function monthLine(month: MassOfMonth): string {
  const [mean, volume] = [meanText(month), volumeText(month)]
  return [
    month.month,
    `${massText(month, 'zh')} kg`,
    mean === '' ? '' : `${mean} mg/L`,
    volume === '' ? '' : `${volume} m³`,
    methodText(month, 'zh'),
  ]
    .filter((text) => text !== '')
    .join(' ')
}

/** The months of a total as the letter shows them: those not wholly known say why. */
const monthsOf = ({ months }: JudgedTotal) =>
  months.map((each) => ({
    month: each.month,
    mean: meanText(each),
    volume: volumeText(each),
    mass: massText(each, 'zh'),
    method: [methodText(each, 'zh'), gapText(each, 'zh')].filter((text) => text !== '').join('；'),
  }))

const limitOf = ({ judged: { limit } }: JudgedResult): string => (limit === undefined ? '' : limitWithUnit(limit, 'zh'))

function exceededLine(each: NamedResult): string {
  return `${each.pollutantName} ${foundText(each.result, each.judged)}（${limitOf(each)}，${each.judged.limit?.document ?? ''}）`
}

async function valuesOf(trx: Trx, proposed: ReferralProposal, found: FoundMatter): Promise<FieldValues> {
  const settings = await readSettings(trx)
  const shared = {
    office: await officeName(trx),
    recipient: proposed.recipient,
    discharger: found.discharger,
    facts: proposed.facts,
    evidence: proposed.evidence.map(({ name, digest }, index) => ({ no: String(index + 1), name, digest })),
  }
  if (found.kind === 'accident') {
    const { accident } = found
    return {
      ...shared,
      subject: '发生事故致禁排物质进入污水管网',
      credit_code: accident.creditCode ?? '',
      outlet: accident.outletNo,
      found: accidentText(accident),
      legal_basis: settings['quality.accident_basis'],
    }
  }
  if (found.kind === 'total') {
    const { total, pollutantName } = found
    return {
      ...shared,
      subject: '超过许可的排放总量排放污水',
      credit_code: total.outlet.creditCode ?? '',
      outlet: total.outlet.outletNo,
      found: totalText(total, pollutantName),
      legal_basis: settings['quality.exceedance_basis'],
      exceeded: [
        {
          pollutant: pollutantName,
          result: dischargedText(total, 'zh'),
          limit: totalLimitText(total, 'zh'),
          times_over: timesOverText(total),
          document: total.limit.document,
          method: '逐月核算，见下表',
        },
      ],
      months: monthsOf(total),
    }
  }
  const { sample, exceeded } = found
  return {
    ...shared,
    subject: '超过许可限值排放污水',
    credit_code: sample.outlet.creditCode ?? '',
    outlet: sample.outlet.outletNo,
    found: sampleText(sample),
    legal_basis: settings['quality.exceedance_basis'],
    exceeded: exceeded.map((each) => ({
      pollutant: each.pollutantName,
      result: foundText(each.result, each.judged),
      limit: limitOf(each),
      times_over: timesOverText(each.judged),
      document: each.judged.limit?.document ?? '',
      method: each.result.method,
    })),
  }
}

function sampleText(sample: Sample): string {
  const { outlet } = sample
  const time = sample.takenAt === '' ? '' : ` ${sample.takenAt}`
  const by = sample.certificateNo === '' ? sample.body : `${sample.body}（资质证书号 ${sample.certificateNo}）`
  const report = sample.reportNo === '' ? '' : `，报告编号 ${sample.reportNo}`
  const credit = outlet.creditCode === null ? '' : `（统一社会信用代码 ${outlet.creditCode}）`
  return (
    `${dateInChinese(sample.takenOn)}${time}，在${outlet.dischargerName}${credit}${outlet.outletNo}号排污口采样，` +
    `由${by}出具结果（${sourceNames[sample.source].zh}，样品编号 ${sample.sampleNo}${report}，采样人 ${sample.sampler}）。` +
    `下列结果超过采样当日有效的许可限值：`
  )
}

function totalText(total: JudgedTotal, pollutant: string): string {
  const { outlet, period } = total
  const credit = outlet.creditCode === null ? '' : `（统一社会信用代码 ${outlet.creditCode}）`
  const when = period.length === 4 ? `${period}年` : `${period.slice(0, 4)}年${Number(period.slice(5))}月`
  const gaps = gapsText(total, 'zh')
  return (
    `${when}，${outlet.dischargerName}${credit}经${outlet.outletNo}号排污口排放${pollutant}${dischargedText(total, 'zh')}` +
    `（各月合计 ${kilogramsText(total)} kg，未检出的结果按零计），超过许可限值（${totalLimitText(total, 'zh')}）。` +
    `${gaps === '' ? '' : `下列月份的数据不全，仅计已知部分：${gaps}。`}各月核算见表。`
  )
}

function accidentText(accident: Accident): string {
  const credit = accident.creditCode === null ? '' : `（统一社会信用代码 ${accident.creditCode}）`
  const outlet = accident.outletNo === '' ? '' : `，涉及${accident.outletNo}号排污口`
  const measures = accident.measures === '' ? '' : `已采取的措施：${accident.measures}`
  return (
    `${dateInChinese(accident.occurredOn)}，${accident.dischargerName}${credit}因意外事故致使${accident.substances}进入污水管网${outlet}。` +
    `${dateInChinese(accident.reportedOn)}由${accident.reportedBy}报告：${accident.description}${measures}`
  )
}

/** Records what the authority answered. Refuses an unknown referral, an answer from the future, and one without words. */
export async function recordReply(
  services: Services,
  envelope: Envelope,
  reply: {
    readonly number: string
    readonly receivedOn: CivilDate
    readonly document: string
    readonly content: string
  },
): Promise<CommandAnswer<{ number: string; receivedOn: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'quality.record-reply', zh: '登记移送回复' },
    { ...reply },
    async ({ trx, today, commandId }) => {
      const { number, receivedOn } = reply
      const [document, content] = [reply.document.trim(), reply.content.trim()]
      if (document === '' || content === '')
        return refuseQuality('quality_reason_missing', { field: '回复文号与内容 document and content' })
      if (receivedOn > today)
        return refuseQuality('quality_date_in_future', { field: '收到日 received on', date: receivedOn, today })
      const [referral] = await listReferrals(trx, { number })
      if (referral === undefined) return refuseQuality('referral_missing', { number })
      await qualityTables(trx)
        .insertInto('referral_replies')
        .values({ referral_id: referral.referralId, received_on: receivedOn, document, content, command_id: commandId })
        .execute()
      return { number, receivedOn }
    },
  )
}
