import { type CivilDate, yearOf } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
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
import type { ReferralMatter, ReferralProposal } from './referral.ts'
import { lockSamples } from './sample.store.ts'
import { sourceNames } from './sample.ts'

export const referralProposal = 'quality.referral'

export interface EnteredReferral {
  readonly matter: ReferralMatter
  /** The authority it goes to, as it is addressed. */
  readonly recipient: string
  /** What the officer adds to what the records say; may be ''. */
  readonly facts: string
}

/**
 * A brigade officer proposes to refer an exceedance or an accident to the competent authority, with its evidence. Refuses
 * a sample without an exceedance, a withdrawn one, an unknown accident, and what was referred there or waits to be.
 */
export async function proposeReferral(
  services: Services,
  envelope: Envelope,
  entered: EnteredReferral,
  evidence: readonly Evidence[],
): Promise<CommandAnswer<{ proposalId: string; digest: string; exceeded: readonly string[] }> | Refusal> {
  const files = evidence.map(({ digest, name }) => ({ digest, name }))
  const recipient = entered.recipient.trim()
  return runCommand(
    services,
    envelope,
    { name: 'quality.propose-referral', zh: '提出移送' },
    { matter: { ...entered.matter }, recipient, facts: entered.facts, evidence: files },
    async (context) => {
      const { trx } = context
      const { matter } = entered
      if (recipient === '') return refuseQuality('quality_reason_missing', { field: '受移送机关 recipient' })
      const found = await findMatter(trx, matter, recipient)
      if (isRefusal(found)) return found
      const subject = `${matter.kind} ${matter.id} ${recipient}`
      const [waiting] = await listProposals(trx, { kind: referralProposal, subject, undecided: true })
      if (waiting !== undefined) {
        const { makerName: maker, id: proposal } = waiting
        return refuseQuality('referral_waiting', { recipient, maker, proposal })
      }
      for (const file of evidence) await storeEvidence(context, file)
      const exceeded = found.kind === 'sample' ? found.exceeded.map(exceededLine) : []
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
      const found = await findMatter(trx, matter, recipient)
      if (isRefusal(found)) return found
      const now = found.kind === 'sample' ? found.exceeded.map(exceededLine) : []
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
        { ...order, subject: `${found.discharger} ${matter.kind === 'sample' ? '样品' : '事故'} ${matter.id}` },
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
  const { id } = await tables
    .insertInto('referrals')
    .values({
      number: letter.number,
      sample_id: matter.kind === 'sample' ? matter.id : null,
      accident_id: matter.kind === 'accident' ? matter.id : null,
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
type NamedResult = JudgedResult & { readonly pollutantName: string }

async function findMatter(trx: Trx, matter: ReferralMatter, recipient: string): Promise<FoundMatter | Refusal> {
  const found = matter.kind === 'sample' ? await findSample(trx, matter.id) : await findAccident(trx, matter.id)
  if (isRefusal(found)) return found
  const made = (await listReferrals(trx, { matters: [matter] })).find((referral) => referral.recipient === recipient)
  return made === undefined ? found : refuseQuality('referral_made', { recipient, number: made.number })
}

async function findSample(trx: Trx, sampleId: string): Promise<FoundMatter | Refusal> {
  const sample = await standingSample(trx, sampleId)
  if (isRefusal(sample)) return sample
  const names = new Map((await listPollutants(trx)).map(({ code, zh }) => [code, zh]))
  const exceeded = (await judgeSamples(trx, [sample]))
    .filter(({ judged }) => judged.verdict === 'exceeds')
    .map((each) => ({ ...each, pollutantName: names.get(each.result.pollutant) ?? each.result.pollutant }))
  if (exceeded.length === 0) return refuseQuality('referral_without_exceedance', { sample: sample.sampleNo })
  return { kind: 'sample', discharger: sample.outlet.dischargerName, sample, exceeded }
}

async function findAccident(trx: Trx, accidentId: string): Promise<FoundMatter | Refusal> {
  const [accident] = /^\d{1,18}$/.test(accidentId) ? await listAccidents(trx, { accidentId }) : []
  if (accident === undefined) return refuseQuality('accident_missing', { accident: accidentId })
  return { kind: 'accident', discharger: accident.dischargerName, accident }
}

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
