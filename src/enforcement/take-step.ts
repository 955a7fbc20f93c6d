import { actsFor, type FilingKind, isParty, keepFiling, type NewFiling } from '../dischargers/filing.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { reachOf } from '../platform/authorisation/authorisation.ts'
import { type PermissionName, permissions } from '../platform/authorisation/permissions.ts'
import {
  type CommandAnswer,
  type CommandContext,
  canonicalJson,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import type { Json } from '../platform/platform.tables.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { returnProposal } from '../platform/return-proposal.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import type { Role } from '../platform/staff.ts'
import { refuseEnforcement, unknownLog } from './enforcement.refusals.ts'
import { appendStep, insertFine, lockOrder, lockReference, releaseBills, releasePeriods } from './enforcement.store.ts'
import type { Matter } from './enforcement.ts'
import { postFine } from './fine-books.ts'
import { refuseSharedCertificate } from './gate.ts'
import { judgeStep } from './gates.rules.ts'
import {
  certificatesOf,
  findLog,
  groundOn,
  type LogKey,
  type LogKind,
  matterOf,
  orderFiles,
  peopleByCode,
  referenceUse,
} from './matter.queries.ts'
import { keepStepPaper } from './print-papers.ts'
import { readFields, type TypedFields } from './step-input.rules.ts'
import { lastStep, stepsOf } from './step-log.ts'
import { changesInWords } from './step-words.ts'
import { type Entered, type Step, type StepName, stepKind, stepKinds } from './steps.ts'

export const stepProposalKind = 'enforcement.step'

export interface StepInput {
  readonly log: LogKind
  /** Number of the order or of the case. */
  readonly number: string
  readonly step: StepName
  /** The day it happened; today by default. A step of two persons happens on the day of its approval. */
  readonly on?: CivilDate | undefined
  readonly fields: TypedFields
  readonly evidence?: Evidence | undefined
  /** Of what an enterprise files: its words, where the step has no field for them, and what came with it. */
  readonly statement?: string | undefined
  readonly attachments?: readonly Evidence[] | undefined
}

/** What a step answers: what was entered and what follows from it. */
export type TakenStep = {
  readonly log: LogKind
  readonly step: StepName
  readonly number: string
  readonly on: string
  /** Number of the paper it issues as printed on it, or null. */
  readonly paper: string | null
  readonly particulars: Particulars
}
type Particulars = { readonly [field: string]: Json }

/** As plain JSON: what was left empty is left out. */
const plainly = (...parts: readonly object[]): Particulars => JSON.parse(JSON.stringify(Object.assign({}, ...parts)))

const words = (name: StepName): string => name.replaceAll('_', '-')

/**
 * Records a step that takes one person, inside one transaction with what follows from it. Refuses an unknown log, fields
 * that are missing or malformed, and whatever the step's gate refuses; steps of two persons are proposed instead. An
 * enterprise files its own defence and its own request for a hearing: of the day they come in, in its own matters alone.
 */
export async function recordStep(
  services: Services,
  envelope: Envelope,
  input: StepInput,
): Promise<CommandAnswer<TakenStep> | Refusal> {
  const { step: name } = input
  const kind = {
    name: `enforcement.record-${words(name)}`,
    zh: stepKinds[name].zh,
    permission: `enforcement.step.${name}`,
  } as const
  return runCommand(services, envelope, kind, plainInput(input), async (context) => {
    if (stepKind(name).twoPersons)
      return refuseEnforcement('step_takes_two', { stepZh: stepKinds[name].zh, stepEn: stepKinds[name].en })
    const opened = await openMatter(context, input)
    if (isRefusal(opened)) return opened
    const { key, matter, entered } = opened
    const on = input.on ?? context.today
    const filed = filingOf(context, matter, input, on)
    if (isRefusal(filed)) return filed
    const act = { on, by: context.actor.id, approver: null, hasEvidence: input.evidence !== undefined }
    const computed = judgeStep(matter, name, entered, act)
    if (isRefusal(computed)) return computed
    await storeEvidence(context, input.evidence)
    if (filed !== undefined) await keepFiling(context, filed)
    return take(context, services.printer, key, matter, input, {
      on,
      particulars: plainly(entered, computed),
      evidenceDigest: input.evidence?.digest ?? null,
      by: context.actor.id,
      approved: null,
    })
  })
}

const filedSteps: Partial<Record<StepName, FilingKind>> = { defence_received: 'defence', hearing_requested: 'hearing' }

/** What an enterprise files by a step; nothing for everyone else. Refuses another's matter, and a day that is not today. */
function filingOf(
  { actor, today }: CommandContext,
  { order }: Matter,
  { log, number, step, fields, statement, attachments = [] }: StepInput,
  on: CivilDate,
): NewFiling | undefined | Refusal {
  const kind = filedSteps[step]
  if (!isParty(actor) || kind === undefined) return undefined
  if (!actsFor(actor, order.dischargerId)) return unknownLog(log, number)
  if (on !== today) return refuseEnforcement('party_files_today', { today, on })
  const said = statement?.trim() || fields['statement']?.trim() || stepKinds[step].zh
  return { dischargerId: order.dischargerId, kind, subject: number, statement: said, attachments }
}

/** What an approver sees of a proposed step. */
export interface ProposedStep {
  readonly log: LogKind
  readonly number: string
  readonly step: StepName
  readonly entered: Particulars
  /** What follows from it, as computed at the proposal. */
  readonly computed: Particulars
  readonly evidence: { readonly name: string; readonly digest: string } | null
}

/**
 * Proposes a step that takes two persons; every gate is tried now and again at its approval. Refuses what `recordStep`
 * refuses, and a second proposal of the same step while one waits.
 */
export async function proposeStep(
  services: Services,
  envelope: Envelope,
  input: Omit<StepInput, 'on'>,
): Promise<CommandAnswer<{ proposalId: string; digest: string; computed: Particulars }> | Refusal> {
  const { step: name } = input
  const kind = {
    name: `enforcement.propose-${words(name)}`,
    zh: `提出${stepKinds[name].zh}`,
    permission: `enforcement.step.${name}`,
  } as const
  return runCommand(services, envelope, kind, plainInput(input), async (context) => {
    if (!stepKind(name).twoPersons)
      return refuseEnforcement('step_takes_one', { stepZh: stepKinds[name].zh, stepEn: stepKinds[name].en })
    const opened = await openMatter(context, input)
    if (isRefusal(opened)) return opened
    const subject = `${input.log} ${input.number} ${name}`
    const [waiting] = await listProposals(context.trx, { kind: stepProposalKind, subject, undecided: true })
    if (waiting !== undefined)
      return refuseEnforcement('step_pending', {
        number: input.number,
        stepZh: stepKinds[name].zh,
        stepEn: stepKinds[name].en,
        proposal: waiting.id,
      })
    const { matter, entered } = opened
    const act = { on: context.today, by: context.actor.id, approver: null, hasEvidence: input.evidence !== undefined }
    const computed = judgeStep(matter, name, entered, act)
    if (isRefusal(computed)) return computed
    await storeEvidence(context, input.evidence)
    const content: ProposedStep = {
      log: input.log,
      number: input.number,
      step: name,
      entered: plainly(entered),
      computed: plainly(computed),
      evidence: input.evidence === undefined ? null : { name: input.evidence.name, digest: input.evidence.digest },
    }
    const proposed = await propose(context, {
      kind: stepProposalKind,
      subject,
      content: JSON.parse(JSON.stringify(content)),
    })
    return { ...proposed, computed: content.computed }
  })
}

/** Steps whose amounts the approver must have seen as they are; others, such as a demand, take those of the day. */
const amountsAsSeen: readonly StepName[] = ['notice_issued', 'decided', 'review_decided', 'suit_decided']

/** Whether these roles are the second person of a step; the table has no line where one person takes it. */
function mayApprove(roles: readonly Role[], name: StepName): boolean {
  const permission = `enforcement.approve.${name}`
  return permission in permissions && reachOf(roles, permission as PermissionName) === 'all'
}

/**
 * Another person approves a proposed step: every gate once more, with the facts of today and the approver's own part in
 * the case. Refuses own work, a step whose gate closed meanwhile, and amounts that changed since the proposal.
 */
export async function approveStep(
  services: Services,
  envelope: Envelope,
  decision: { readonly proposalId: string; readonly digestSeen?: string | undefined },
): Promise<CommandAnswer<TakenStep> | Refusal> {
  const kind = { name: 'enforcement.approve-step', zh: '审批执法步骤' } as const
  const plain = { proposalId: decision.proposalId, digestSeen: decision.digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const proposal = await openProposal(context, { kind: stepProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const proposed = proposal.content as unknown as ProposedStep
    const name = proposed.step
    if (!mayApprove(context.actor.roles, name))
      return refuseEnforcement('approver_lacks_role', { stepZh: stepKinds[name].zh, stepEn: stepKinds[name].en })
    const opened = await openMatter(context, { ...proposed, fields: undefined })
    if (isRefusal(opened)) return opened
    const { key, matter } = opened
    const shared = refuseSharedCertificate(matter.certificates, proposal.makerId, context.actor.id)
    if (shared !== undefined) return shared
    const entered = proposed.entered as unknown as Entered<StepName>
    const act = {
      on: context.today,
      by: proposal.makerId,
      approver: context.actor.id,
      hasEvidence: proposed.evidence !== null,
    }
    const computed = judgeStep(matter, name, entered, act)
    if (isRefusal(computed)) return computed
    const now = plainly(computed)
    if (amountsAsSeen.includes(name) && canonicalJson(proposed.computed) !== canonicalJson(now))
      return refuseEnforcement('step_facts_changed', {
        number: proposed.number,
        ...changesInWords(proposed.computed, now),
      })
    await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
    return take(context, services.printer, key, matter, proposed, {
      on: context.today,
      particulars: plainly(proposed.entered, computed),
      evidenceDigest: proposed.evidence?.digest ?? null,
      by: proposal.makerId,
      approved: { by: context.actor.id, proposalId: proposal.id },
    })
  })
}

/** Returns a proposed step to its maker with a reason. */
export function returnStep(
  services: Services,
  envelope: Envelope,
  returned: { readonly proposalId: string; readonly reason: string; readonly digestSeen?: string | undefined },
): ReturnType<typeof returnProposal> {
  const command = {
    name: 'enforcement.return-step',
    zh: '退回执法步骤',
    proposalKind: stepProposalKind,
  } as const
  return returnProposal(services, envelope, command, returned)
}

function plainInput({ log, number, step, on, fields, evidence, attachments = [] }: StepInput) {
  const typed = Object.entries(fields).flatMap(([field, text]) => (text === undefined ? [] : [[field, text] as const]))
  const papers = attachments.map(({ name, digest }) => ({ name, digest }))
  return {
    ...{ log, number, step, on: on ?? null, fields: Object.fromEntries(typed), evidence: evidence?.digest ?? null },
    ...(papers.length === 0 ? {} : { papers }),
  }
}

/** The matter of a step, locked, with the step's fields read where they are given as typed. */
async function openMatter(
  context: CommandContext,
  input: Pick<StepInput, 'log' | 'number' | 'step'> & { readonly fields: TypedFields | undefined },
): Promise<{ key: LogKey; matter: Matter; entered: Entered<StepName> } | Refusal> {
  const { trx, today } = context
  const entered = input.fields === undefined ? ({} as Entered<StepName>) : readFields(input.step, input.fields)
  if (isRefusal(entered)) return entered
  const key = await findLog(trx, input.log, input.number)
  if (key === undefined) return unknownLog(input.log, input.number)
  await lockOrder(trx, key.orderId)
  const [file] = await orderFiles(trx, { orderIds: [key.orderId] })
  const found = present(file, 'an order that was found has its file')
  const steps = found.cases.find(({ fineCase }) => fineCase.caseId === key.caseId)?.steps ?? []
  const hosts = stepsOf(steps, 'hearing_notified').map(({ particulars }) => particulars.host)
  const named = stepKind(input.step).fields.flatMap(({ kind, name }) =>
    kind === 'staff' && input.fields?.[name] !== undefined ? [input.fields[name].trim()] : [],
  )
  const people = await peopleByCode(trx, [...hosts, ...named], today)
  const reference = input.step === 'fine_paid' ? input.fields?.['reference']?.trim() : undefined
  if (reference !== undefined) await lockReference(trx, reference)
  const used = reference === undefined ? undefined : await referenceUse(trx, reference)
  const lookedUp = { people, certificates: await certificatesOf(trx), referenceUse: used }
  return { key, matter: matterOf(await groundOn(trx, today), found, key.caseId, lookedUp), entered }
}

/** Steps that bring the addition of a fine into the books. */
const postsAddition: readonly StepName[] = [
  'demand_issued',
  'court_applied',
  'fine_paid',
  'fine_payment_reversed',
  'fine_refunded',
  'annulled',
  'review_decided',
  'suit_decided',
  'deferred',
  'closed',
]

/** Appends a judged step and does what follows from it: the fine on record, books, and what is free again. */
async function take(
  context: CommandContext,
  printer: Services['printer'],
  key: LogKey,
  matter: Matter,
  input: Pick<StepInput, 'log' | 'number' | 'step'>,
  taken: {
    readonly on: CivilDate
    readonly particulars: Particulars
    readonly evidenceDigest: string | null
    readonly by: string
    readonly approved: { readonly by: string; readonly proposalId: string } | null
  },
): Promise<TakenStep | Refusal> {
  const { trx } = context
  const { step: name } = input
  const { id, step } = await appendStep(context, key, matter.steps.length + 1, { name, ...taken })
  const steps: readonly Step[] = [...matter.steps, step]
  const { fineCase } = matter
  const annuls =
    (step.name === 'review_decided' || step.name === 'suit_decided') && step.particulars.outcome === 'annulled'
  if (fineCase === undefined) {
    if (name === 'order_withdrawn' || annuls) await releaseBills(trx, { orderId: key.orderId })
  } else {
    if (step.name === 'decided') {
      await insertFine(context, {
        caseId: fineCase.caseId,
        stepId: id,
        ...step.particulars,
        additionAnnounced: step.particulars.addition,
        reporterId: fineCase.reporterId,
        secondId: fineCase.secondId,
        makerId: step.by,
        reviewerId: lastStep(steps, 'legal_reviewed')?.by,
      })
    }
    const revoked = step.name === 'closed' && step.particulars.ground === 'revoked'
    if (annuls || revoked || name === 'annulled') await releasePeriods(trx, fineCase.caseId)
    await postFine(context, fineCase, steps, postsAddition.includes(name))
  }
  const paper = await keepStepPaper(context, printer, matter, step)
  if (isRefusal(paper)) return paper
  return { log: input.log, step: name, number: input.number, on: taken.on, paper, particulars: taken.particulars }
}
