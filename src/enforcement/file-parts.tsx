import type { Child } from 'hono/jsx'
import { plusDays } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { cited } from '../platform/cited.ts'
import type { Crumb, PageAsked } from '../platform/pages/page-route.ts'
import {
  ButtonLink,
  Code,
  type Happening,
  Notice,
  PlainTable,
  PrimaryLink,
  State,
  Timeline,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { listProposals } from '../platform/proposals.ts'
import { readSettings } from '../platform/settings.ts'
import { timeLeft } from './clock-words.ts'
import { type Clock, clockNames, clockPartyNames, isWait } from './clocks.rules.ts'
import type { FileView } from './enforcement.queries.ts'
import { judgeStep } from './gates.rules.ts'
import type { LogKind } from './matter.queries.ts'
import { numberOnPaper, orderWord, papers } from './print-papers.ts'
import { papersOf } from './print-receipt.ts'
import { sampleOf, stepWords } from './step-entry.ts'
import { readFields } from './step-input.rules.ts'
import { inYuan, particularsInWords } from './step-words.ts'
import { type StepField, type StepName, stepKind, stepNames } from './steps.ts'
import { type ProposedStep, stepProposalKind } from './take-step.ts'

/** The address of an order or a case, by its number. */
export const fileAddress = (log: LogKind, number: string): string =>
  `/office/${log === 'order' ? 'orders' : 'cases'}/${number}`
export const fileLink = (log: LogKind, number: string): Child => (
  <a href={fileAddress(log, number)}>
    <code>{number}</code>
  </a>
)
/** The address of the form of a step. */
export const stepAddress = (log: LogKind, number: string, step: StepName): string =>
  `${fileAddress(log, number)}/steps/${stepWords[step]}`

const titles: Record<LogKind, { readonly zh: string; readonly en: string }> = {
  order: { zh: '责令限期缴纳', en: 'orders to pay' },
  case: { zh: '处罚案件', en: 'fine cases' },
}
/** Where a file stands: the list of its kind, and for what is below it the file itself. */
export function fileCrumbs(say: Say, log: LogKind, number?: string): readonly Crumb[] {
  const list = { text: say(titles[log]), href: log === 'order' ? '/office/orders' : '/office/cases' }
  return number === undefined ? [list] : [list, { text: number, href: fileAddress(log, number) }]
}

/** How urgent a clock is: what waits for another is never ours to hurry. */
export function clockTone(clock: Clock, today: string): 'settled' | 'waiting' | 'overdue' | 'plain' {
  if (clock.until !== null && clock.until < today && !isWait(clock)) return 'overdue'
  return isWait(clock) ? 'plain' : 'waiting'
}

/** What comes next on a file, with its last day and the clause that sets it. */
export function ClocksTable({
  clocks,
  today,
  say,
}: {
  readonly clocks: readonly Clock[]
  readonly today: FileView['matter']['today']
  readonly say: Say
}) {
  return (
    <PlainTable
      caption={say('法定时限与待办', 'legal clocks and what is to be done')}
      columns={[
        { title: say('事项', 'what') },
        { title: say('由谁', 'by') },
        { title: say('期限', 'last day') },
        { title: say('剩余', 'left') },
        { title: say('依据', 'clause'), wide: true },
      ]}
      rows={clocks.map((clock) => [
        <>
          {say(clockNames[clock.what])}
          {clock.about === '' ? null : <span class="quiet"> {inYuan(clock.about, say.language)}</span>}
        </>,
        say(clockPartyNames[clock.by]),
        clock.until,
        <State tone={clockTone(clock, today)}>{timeLeft(clock, today, say.language)}</State>,
        <span class="quiet">{cited(clockNames[clock.what].clause, say.language)}</span>,
      ])}
    />
  )
}

/** What comes before a step whose clock already runs. */
const before: Partial<Record<StepName, readonly StepName[]>> = {
  court_applied: ['demand_served', 'demand_issued'],
  decided: ['legal_reviewed', 'discussed', 'hearing_held', 'notice_served', 'notice_issued', 'investigated'],
}

/** The one next lawful step: only one whose gate is open today is a button. */
export function NextStep({
  view,
  log,
  number,
  staffId,
  asked,
}: {
  readonly view: FileView
  readonly log: LogKind
  readonly number: string
  readonly staffId: string
  readonly asked: Pick<PageAsked, 'say' | 'may'>
}) {
  const { say, may } = asked
  const { today } = view.matter
  const ours = view.clocks.filter((clock) => !isWait(clock) && (clock.from === null || clock.from <= today))
  for (const clock of ours) {
    if (clock.what === 'file_case' && may('enforcement.report-case'))
      return (
        <PrimaryLink href={`${fileAddress('order', number)}/case-report`}>
          {say('提出立案报告', 'report a case')}
        </PrimaryLink>
      )
    if (clock.what === 'review_estimate' && may('enforcement.review-estimate'))
      return (
        <PrimaryLink href={`/office/bills/${clock.about}/estimate-review`}>
          {say('复核估抄账单', 'review the estimate')}
        </PrimaryLink>
      )
    const { step } = clock
    const next =
      step === null
        ? undefined
        : [step, ...(before[step] ?? [])].find(
            (name) => may(`enforcement.step.${name}`) && lackingFor(view, name, staffId, say.language) === undefined,
          )
    if (next !== undefined)
      return <PrimaryLink href={stepAddress(log, number, next)}>{say(stepKind(next))}</PrimaryLink>
  }
  const [first] = ours
  return first === undefined ? null : (
    <State tone="waiting">
      {say(
        `待${clockPartyNames[first.by].zh}：${clockNames[first.what].zh}`,
        `${clockPartyNames[first.by].en}: ${clockNames[first.what].en}`,
      )}
    </State>
  )
}

/** Fields over which only what is typed decides: days, amounts, people, numbers. */
const decidedByTyping = ({ kind, name, optional }: StepField): boolean =>
  !optional && (!['text', 'flag', 'choice'].includes(kind) || ['ground', 'reference'].includes(name))
/** Refusals that stand whatever is typed. */
const whateverIsTyped: readonly string[] = [
  'step_out_of_order',
  'step_taken',
  'log_is_over',
  'step_of_other_log',
  'no_fine_payment',
  'case_decided',
  'not_case_officer',
  'defence_open',
  'defence_may_come',
  'hearing_open',
  'hearing_may_be_asked',
  'review_missing',
  'review_returned',
  'discussion_missing',
  'decision_too_late',
  'objection_open',
  'order_bears_no_fine',
  'estimate_unreviewed',
  'party_address_missing',
  'deferral_too_late',
]

/** Why a step may not be taken today, as far as that is known before anything is typed. */
function lackingFor(
  { matter }: FileView,
  name: StepName,
  staffId: string,
  language: Say['language'],
): string | undefined {
  const { fields } = stepKind(name)
  const sampleFor = (field: StepField): string => {
    if (field.kind === 'date') return plusDays(matter.today, 14)
    return field.name === 'capacity' ? 'mail_receiver' : sampleOf(field)
  }
  // What only some ways of service ask for is filled in as for the sample's way.
  const needed = fields.filter((field) => !field.optional || field.name === 'capacity' || field.name === 'to')
  const entered = readFields(name, Object.fromEntries(needed.map((field) => [field.name, sampleFor(field)])))
  if (isRefusal(entered)) return undefined
  const judged = judgeStep(matter, name, entered, {
    on: matter.today,
    by: staffId,
    approver: null,
    hasEvidence: true,
  })
  if (!isRefusal(judged)) return undefined
  if (fields.some(decidedByTyping) && !whateverIsTyped.includes(judged.code)) return undefined
  return judged.sentence(language).split('\n')[0]
}

/** Every step of a file: those that may be taken today, then the others with what is lacking. */
export function StepsTable({
  view,
  log,
  number,
  staffId,
  asked,
}: {
  readonly view: FileView
  readonly log: LogKind
  readonly number: string
  readonly staffId: string
  readonly asked: Pick<PageAsked, 'say' | 'may'>
}) {
  const { say, may } = asked
  const steps = stepNames
    .filter((name) => stepKind(name).of === log || stepKind(name).of === 'claim')
    .map((name) => ({
      name,
      lacking: lackingFor(view, name, staffId, say.language),
      mayTake: may(`enforcement.step.${name}`),
    }))
  const possible = steps.filter(({ lacking, mayTake }) => lacking === undefined && mayTake)
  const others = steps.filter(({ lacking, mayTake }) => lacking !== undefined || !mayTake)
  const needs = (name: StepName): string => {
    const { evidence, twoPersons } = stepKind(name)
    return [
      evidence === 'required' ? say('证据文件', 'an evidence file') : '',
      twoPersons ? say('他人审批', 'a second person') : '',
    ]
      .filter((each) => each !== '')
      .join(say('、', ', '))
  }
  return (
    <>
      {possible.length === 0 ? (
        <Notice>{say('现在没有由您办理的步骤。', 'There is no step that you may take now.')}</Notice>
      ) : (
        <PlainTable
          caption={say('现在可以由您办的步骤', 'steps that you may take now')}
          columns={[{ title: say('步骤', 'step') }, { title: say('需要', 'needs') }, { title: say('依据', 'clause') }]}
          rows={possible.map(({ name }) => [
            <a href={stepAddress(log, number, name)}>{say(stepKind(name))}</a>,
            needs(name),
            <span class="quiet">{cited(stepKind(name).clause, say.language)}</span>,
          ])}
        />
      )}
      <details class="on-screen">
        <summary>{say(`其他 ${others.length} 个步骤还缺什么`, `what the other ${others.length} steps lack`)}</summary>
        <PlainTable
          columns={[
            { title: say('步骤', 'step') },
            { title: say('还缺什么', 'what is lacking') },
            { title: say('依据', 'clause') },
          ]}
          rows={others.map(({ name, lacking }) => [
            say(stepKind(name)),
            lacking ?? say('由其他岗位办理', 'another role takes it'),
            <span class="quiet">{cited(stepKind(name).clause, say.language)}</span>,
          ])}
        />
      </details>
    </>
  )
}

/** The log of a file: who took which step when, on which evidence, and the paper it issued. */
export async function fileTimeline(
  view: FileView,
  log: LogKind,
  number: string,
  asked: Pick<PageAsked, 'say' | 'services'>,
): Promise<Child> {
  const { say, services } = asked
  const { matter, names } = view
  const settings = await readSettings(services.db)
  const nameOf = (id: string | null) => (id === null ? '' : (names.get(id)?.name ?? ''))
  const begun: Happening[] =
    log === 'order'
      ? [
          {
            on: matter.order.issuedOn,
            what: say('签发责令限期缴纳通知书', 'order issued'),
            who: `${nameOf(matter.order.makerId)} → ${nameOf(matter.order.approverId)}`,
            more: <PaperLink number={numberOnPaper(settings, orderWord, number)} />,
          },
        ]
      : matter.fineCase === undefined
        ? []
        : [
            {
              on: matter.fineCase.filedOn,
              what: say('立案', 'case filed'),
              who: `${nameOf(matter.fineCase.reporterId)}、${nameOf(matter.fineCase.secondId)} → ${nameOf(matter.fineCase.filedById)}`,
            },
          ]
  const taken = matter.steps.map((step): Happening => {
    const paper = papers[step.name]
    const printed =
      paper === undefined || !('number' in step.particulars)
        ? undefined
        : numberOnPaper(settings, paper.word, String(step.particulars.number))
    return {
      on: step.on,
      what: say(stepKind(step.name)),
      who: step.approvedBy === null ? nameOf(step.by) : `${nameOf(step.by)} → ${nameOf(step.approvedBy)}`,
      more: (
        <>
          {particularsInWords(step.name, step.particulars, say.language).map((line) => (
            <p>{line}</p>
          ))}
          {printed === undefined ? null : <PaperLink number={printed} />}
          {step.evidenceDigest === null ? null : (
            <p>
              <a href={`${fileAddress(log, number)}/evidence/${step.seq}`}>{say('证据文件', 'evidence file')}</a>{' '}
              <Code of={step.evidenceDigest.slice(0, 12)} />
            </p>
          )}
        </>
      ),
    }
  })
  return <Timeline of={[...begun, ...taken].toReversed()} say={say} />
}

function PaperLink({ number }: { readonly number: string }) {
  return (
    <p>
      <a href={`/office/papers/${encodeURIComponent(number)}`}>{number}</a> <span class="quiet">PDF</span>
    </p>
  )
}

/** Receipts of service to take along, or filled in where the service is on record. */
export function ReceiptLinks({
  log,
  number,
  issued,
  say,
}: {
  readonly log: LogKind
  readonly number: string
  readonly issued: (of: string) => boolean
  readonly say: Say
}) {
  const names = {
    order: say('责令通知书送达回证', 'receipt of service of the order'),
    notice: say('告知书送达回证', 'receipt of service of the notice'),
    hearing: say('听证通知书送达回证', 'receipt of service of the notice of hearing'),
    decision: say('决定书送达回证', 'receipt of service of the decision'),
    demand: say('催告书送达回证', 'receipt of service of the demand'),
  }
  const there = papersOf[log].filter(issued)
  if (there.length === 0) return null
  return (
    <p class="buttons">
      {there.map((of) => (
        <ButtonLink href={`${fileAddress(log, number)}/receipt?of=${of}`} download>
          {names[of]} PDF
        </ButtonLink>
      ))}
    </p>
  )
}

/** What waits for a second person on a file. */
export async function waitingSteps(
  log: LogKind,
  number: string,
  asked: Pick<PageAsked, 'say' | 'services' | 'visitor'>,
): Promise<Child> {
  const { say, services, visitor } = asked
  const waiting = (await listProposals(services.db, { kind: stepProposalKind, undecided: true })).filter(
    ({ content }) => {
      const proposed = content as unknown as ProposedStep
      return proposed.log === log && proposed.number === number
    },
  )
  if (waiting.length === 0) return null
  return (
    <PlainTable
      caption={say('待他人审批的步骤', 'steps that wait for a second person')}
      columns={[
        { title: say('步骤', 'step') },
        { title: say('提出', 'proposed by') },
        { title: say('办理', 'decide') },
      ]}
      rows={waiting.map((proposal) => [
        say(stepKind((proposal.content as unknown as ProposedStep).step)),
        proposal.makerName,
        <a href={`/office/enforcement-steps/${proposal.id}`}>
          {proposal.makerCode === visitor.code
            ? say('需他人审批', 'another person decides')
            : say('看后审批', 'look and decide')}
        </a>,
      ])}
    />
  )
}
