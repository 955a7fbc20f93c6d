import type { Child } from 'hono/jsx'
import { isRefusal } from '../kernel/refusal.ts'
import type { Crumb, PageAsked } from '../platform/pages/page-route.ts'
import { ButtonLink, Code, type Happening, PlainTable, PrimaryLink, State, Timeline } from '../platform/pages/parts.tsx'
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
        { title: say('依据', 'clause') },
      ]}
      rows={clocks.map((clock) => [
        <>
          {say(clockNames[clock.what])}
          {clock.about === '' ? null : <span class="quiet"> {inYuan(clock.about)}</span>}
        </>,
        say(clockPartyNames[clock.by]),
        clock.until,
        <State tone={clockTone(clock, today)}>{timeLeft(clock, today, say.language)}</State>,
        <span class="quiet">{clockNames[clock.what].clause}</span>,
      ])}
    />
  )
}

/** The one next lawful step that is ours to take. */
export function NextStep({
  clocks,
  log,
  number,
  today,
  asked,
}: {
  readonly clocks: readonly Clock[]
  readonly log: LogKind
  readonly number: string
  readonly today: string
  readonly asked: Pick<PageAsked, 'say' | 'may'>
}) {
  const { say, may } = asked
  for (const clock of clocks) {
    if (isWait(clock) || (clock.from !== null && clock.from > today)) continue
    if (clock.what === 'file_case')
      return may('enforcement.report-case') ? (
        <PrimaryLink href={`${fileAddress('order', number)}/case-report`}>
          {say('提出立案报告', 'report a case')}
        </PrimaryLink>
      ) : (
        <State tone="waiting">{say('待执法人员立案', 'an officer reports the case')}</State>
      )
    if (clock.what === 'review_estimate')
      return may('enforcement.review-estimate') ? (
        <PrimaryLink href={`/office/bills/${clock.about}/estimate-review`}>
          {say('复核估抄账单', 'review the estimate')}
        </PrimaryLink>
      ) : null
    if (clock.step === null) continue
    if (may(`enforcement.step.${clock.step}`))
      return <PrimaryLink href={stepAddress(log, number, clock.step)}>{say(stepKind(clock.step))}</PrimaryLink>
    return (
      <State tone="waiting">
        {say(
          `待${clockPartyNames[clock.by].zh}：${clockNames[clock.what].zh}`,
          `${clockPartyNames[clock.by].en}: ${clockNames[clock.what].en}`,
        )}
      </State>
    )
  }
  return null
}

/** Whether a step can be judged before it is typed: what a person may type decides over days, amounts and people. */
const judgeable = (fields: readonly StepField[]): boolean =>
  fields.every(
    ({ kind, name, optional }) =>
      optional || kind === 'text' || kind === 'flag' || (kind === 'choice' && name !== 'ground'),
  )

/** Every step of a file with whether it may be taken today and what is lacking. */
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
  const { matter } = view
  const rows = stepNames
    .filter((name) => stepKind(name).of === log || stepKind(name).of === 'claim')
    .map((name): readonly Child[] => {
      const { fields, clause, twoPersons, evidence } = stepKind(name)
      const mayTake = may(`enforcement.step.${name}`)
      const needs = [
        evidence === 'required' ? say('证据文件', 'an evidence file') : '',
        twoPersons ? say('他人审批', 'a second person') : '',
      ].filter((each) => each !== '')
      const lacking = lackingFor(name, fields)
      return [
        mayTake && lacking === undefined ? (
          <a href={stepAddress(log, number, name)}>{say(stepKind(name))}</a>
        ) : (
          say(stepKind(name))
        ),
        lacking === undefined ? (
          mayTake ? (
            <State tone="waiting">
              {judgeable(fields) ? say('可以办', 'may be taken') : say('填写后判定', 'judged as filled in')}
            </State>
          ) : (
            <span class="quiet">{say('由其他岗位办理', 'another role takes it')}</span>
          )
        ) : (
          <span class="quiet">{lacking}</span>
        ),
        needs.join(say('、', ', ')),
        <span class="quiet">{clause}</span>,
      ]
    })
  return (
    <PlainTable
      caption={say('全部步骤：可以办的和还缺什么', 'every step: what may be taken and what is lacking')}
      columns={[
        { title: say('步骤', 'step') },
        { title: say('现在', 'now') },
        { title: say('需要', 'needs') },
        { title: say('依据', 'clause') },
      ]}
      rows={rows}
    />
  )

  function lackingFor(name: StepName, fields: readonly StepField[]): string | undefined {
    if (!judgeable(fields)) return undefined
    const typed = Object.fromEntries(
      fields
        .filter((field) => !field.optional || field.name === 'capacity')
        .map((field) => [field.name, field.name === 'capacity' ? 'mail_receiver' : sampleOf(field)]),
    )
    const entered = readFields(name, typed)
    if (isRefusal(entered)) return undefined
    const act = { on: matter.today, by: staffId, approver: null, hasEvidence: true }
    const judged = judgeStep(matter, name, entered, act)
    return isRefusal(judged) ? judged.sentence(say.language).split('\n')[0] : undefined
  }
}

/** The log of a file: who took which step when, on which evidence, and the paper it issued. */
export async function FileTimeline({
  view,
  log,
  number,
  asked,
}: {
  readonly view: FileView
  readonly log: LogKind
  readonly number: string
  readonly asked: Pick<PageAsked, 'say' | 'services'>
}) {
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
    order: say('责令通知书送达回证', 'receipt of the order'),
    notice: say('告知书送达回证', 'receipt of the notice'),
    decision: say('决定书送达回证', 'receipt of the decision'),
    demand: say('催告书送达回证', 'receipt of the demand'),
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
export async function WaitingSteps({
  log,
  number,
  asked,
}: {
  readonly log: LogKind
  readonly number: string
  readonly asked: Pick<PageAsked, 'say' | 'services' | 'visitor'>
}) {
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
