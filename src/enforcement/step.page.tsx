import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { cited } from '../platform/cited.ts'
import type { CommandAnswer } from '../platform/command.ts'
import { documentFileRoutes } from '../platform/documents/document.file-routes.ts'
import { date } from '../platform/http/fields.ts'
import { downloadPage, type Field, type Fields, formPage, paperOf, routeAt } from '../platform/pages/forms.tsx'
import type { PageRoute } from '../platform/pages/page-route.ts'
import { Facts, Notice } from '../platform/pages/parts.tsx'
import { proposalPages } from '../platform/proposal-pages.tsx'
import { enforcementFileRoutes } from './enforcement.file-routes.ts'
import { hearingHosts, viewFile } from './enforcement.queries.ts'
import { unknownLog } from './enforcement.refusals.ts'
import { paperNumber } from './enforcement.routes.ts'
import { fileAddress, fileCrumbs, fileLink } from './file-parts.tsx'
import type { LogKind } from './matter.queries.ts'
import { stepWords } from './step-entry.ts'
import { particularsInWords } from './step-words.ts'
import { type StepField, type StepName, stepKind, stepNames } from './steps.ts'
import { approveStep, type ProposedStep, proposeStep, recordStep, returnStep, stepProposalKind } from './take-step.ts'

const kindsOfInput: Readonly<Record<StepField['kind'], NonNullable<Field['kind']>>> = {
  text: 'text',
  date: 'date',
  money: 'amount',
  multiplier: 'number',
  flag: 'choice',
  choice: 'choice',
  staff: 'choice',
  bill: 'text',
  schedule: 'text',
}
/** Fields in which people write more than a line. */
const written: readonly string[] = ['facts', 'reason', 'opinion', 'statement', 'conclusion', 'ground', 'property']

function inputOf({ name, kind, zh, en, hint, choices, optional }: StepField): Field {
  const isLong = kind === 'text' && written.includes(name)
  return {
    label: { zh, en },
    ...(hint === undefined ? {} : { help: hint }),
    kind: isLong ? 'long' : kindsOfInput[kind],
    ...(optional ? { optional } : {}),
    ...(kind === 'flag'
      ? {
          choices: ({ say }) => [
            ['true', say('是', 'yes')],
            ['false', say('否', 'no')],
          ],
        }
      : {}),
    ...(kind === 'staff' ? { choices: ({ services }) => hearingHosts(services.db, services.clock.today()) } : {}),
    ...(choices === undefined ? {} : { choices: ({ say }) => choices.map((each) => [each.value, say(each)] as const) }),
  }
}

interface StepAnswer {
  readonly particulars: object
  /** Where another person must approve it. */
  readonly proposalId: string | null
  /** Number of the paper it issues. */
  readonly paper: string | null
}

/** The form of a step: recorded by one person, or proposed where another must approve it. */
function stepForm(log: LogKind, name: StepName): PageRoute {
  const kind = stepKind(name)
  const fields: Fields = {
    ...(kind.twoPersons
      ? {}
      : {
          on: {
            label: { zh: '发生日期', en: 'day it happened' },
            help: { zh: '以实际发生之日为准，不是登记之日。', en: 'The day it happened, not the day it is entered.' },
            kind: 'date',
            schema: date,
          },
        }),
    ...Object.fromEntries(kind.fields.map((field) => [`field-${field.name}`, inputOf(field)])),
    evidence: {
      label: { zh: '证据文件（扫描件）', en: 'evidence (a scan)' },
      help: { zh: '随步骤存档，以摘要为证。', en: 'Kept with the step; its digest proves it.' },
      kind: 'file',
      ...(kind.evidence === 'required' ? {} : { optional: true }),
    },
  }
  return formPage(`${fileAddress(log, '{file}')}/steps/${stepWords[name]}`, {
    title: { zh: kind.zh, en: kind.en },
    permits: `enforcement.step.${name}`,
    params: { file: paperNumber },
    crumbs: ({ say, params }) => fileCrumbs(say, log, params.file),
    about: async ({ services, params, say }) => {
      const view = await viewFile(services.db, log, params.file, services.clock.today())
      if (view === undefined) return unknownLog(log, params.file)
      return (
        <>
          <Facts
            of={[
              [say('当事人', 'party'), view.matter.order.dischargerName],
              [say('依据', 'clause'), cited(kind.clause, say.language)],
            ]}
          />
          {kind.twoPersons ? (
            <Notice>
              {say(
                '提出后由他人审批，审批之日为办理之日。',
                'Another person approves it; it happens on the day of the approval.',
              )}
            </Notice>
          ) : null}
        </>
      )
    },
    initial: ({ services }) => (kind.twoPersons ? {} : { on: services.clock.today() }),
    fields,
    run: async ({ services, params }, values, { envelope }): Promise<CommandAnswer<StepAnswer> | Refusal> => {
      const given = values as Readonly<Record<string, unknown>>
      const typed = Object.fromEntries(
        kind.fields.flatMap(({ name: field }) => {
          const value = given[`field-${field}`]
          return typeof value === 'string' ? [[field, value]] : []
        }),
      )
      const evidence = given['evidence'] instanceof File ? await paperOf(given['evidence']) : undefined
      const step = { log, number: params.file, step: name, fields: typed, evidence }
      if (kind.twoPersons) {
        const proposed = await proposeStep(services, envelope, step)
        if (isRefusal(proposed)) return proposed
        const { computed: particulars, proposalId } = proposed.answer
        return { ...proposed, answer: { particulars: { ...typed, ...particulars }, proposalId, paper: null } }
      }
      const recorded = await recordStep(services, envelope, { ...step, on: given['on'] as never })
      if (isRefusal(recorded)) return recorded
      const { particulars, paper } = recorded.answer
      return { ...recorded, answer: { particulars, proposalId: null, paper } }
    },
    preview: ({ particulars, proposalId }, { say, params }) => ({
      changes: [
        {
          what: say(kind),
          before: say('未办', 'not taken'),
          after: (
            <>
              {particularsInWords(name, particulars, say.language).map((line) => (
                <p>{line}</p>
              ))}
            </>
          ),
        },
      ],
      button:
        proposalId === null
          ? say(`登记：${kind.zh} ${params.file}`, `record: ${kind.en} ${params.file}`)
          : say(`提交审批：${kind.zh} ${params.file}`, `propose: ${kind.en} ${params.file}`),
    }),
    done: ({ proposalId, paper }, { say, params }) =>
      proposalId === null
        ? {
            to: fileAddress(log, params.file),
            said: say(
              `已登记${kind.zh}${paper === null ? '' : `，文书 ${paper}`}。`,
              `Recorded: ${kind.en}${paper === null ? '' : `, paper ${paper}`}.`,
            ),
          }
        : {
            to: `/office/enforcement-steps/${proposalId}`,
            said: say(`已提出${kind.zh}，需他人审批。`, `Proposed: ${kind.en}; another person decides.`),
          },
  })
}

const logs: readonly LogKind[] = ['order', 'case']

const stepForms = logs.flatMap((log) =>
  stepNames
    .filter((name) => stepKind(name).of === log || stepKind(name).of === 'claim')
    .map((name) => stepForm(log, name)),
)

const stepDecision = proposalPages('/office/enforcement-steps', {
  kind: stepProposalKind,
  title: { zh: '执法步骤审批', en: 'a proposed step' },
  crumbs: ({ say }) => [{ text: say('催缴与处罚', 'enforcement'), href: '/office/enforcement' }],
  permits: {
    read: 'enforcement.read',
    approve: 'enforcement.approve-step',
    giveBack: 'enforcement.return-step',
  },
  show: (content, { say }) => {
    const { log, number, step, entered, computed, evidence } = content as unknown as ProposedStep
    return (
      <>
        <Facts
          of={[
            [say('步骤', 'step'), say(stepKind(step))],
            [log === 'order' ? say('通知书', 'order') : say('案件', 'case'), fileLink(log, number)],
            [say('依据', 'clause'), cited(stepKind(step).clause, say.language)],
            [say('证据', 'evidence'), evidence === null ? null : `${evidence.name}（${evidence.digest.slice(0, 12)}）`],
          ]}
        />
        <ul class="plain">
          {particularsInWords(step, { ...entered, ...computed }, say.language).map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </>
    )
  },
  paper: (content) => (content as unknown as ProposedStep).evidence,
  approve: ({ services }, envelope, decision) => approveStep(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnStep(services, envelope, decision),
  preview: (answer, { say }) => ({
    changes: [
      {
        what: say(stepKind(answer.step)),
        before: say('待审批', 'waits for approval'),
        after: (
          <>
            <p>{answer.on}</p>
            {particularsInWords(answer.step, answer.particulars, say.language).map((line) => (
              <p>{line}</p>
            ))}
          </>
        ),
      },
      ...(answer.paper === null ? [] : [{ what: say('出具文书', 'paper'), before: '—', after: answer.paper }]),
    ],
    button: say(
      `批准：${stepKind(answer.step).zh} ${answer.number}`,
      `approve: ${stepKind(answer.step).en} ${answer.number}`,
    ),
  }),
  approved: (answer, { say }) => ({
    to: fileAddress(answer.log, answer.number),
    said: say(
      `已批准${stepKind(answer.step).zh}${answer.paper === null ? '' : `，文书 ${answer.paper}`}。`,
      `Approved: ${stepKind(answer.step).en}${answer.paper === null ? '' : `, paper ${answer.paper}`}.`,
    ),
  }),
})

/** Forms of every step, what waits for a second person, and the files of papers and evidence. */
export const stepPages: readonly PageRoute[] = [
  ...stepForms,
  ...stepDecision,
  downloadPage(
    '/office/papers/{number}',
    'documents.read',
    routeAt(documentFileRoutes, '/documents/{number}/file', 'get'),
  ),
  downloadPage(
    `${fileAddress('case', '{file}')}/hearing-notice`,
    'enforcement.read',
    routeAt(enforcementFileRoutes, '/cases/{file}/hearing-notice', 'get'),
  ),
  ...logs.flatMap((log) => {
    const word = log === 'order' ? 'orders' : 'cases'
    const at = fileAddress(log, '{file}')
    return [
      downloadPage(
        `${at}/receipt`,
        'enforcement.read',
        routeAt(enforcementFileRoutes, `/${word}/{file}/receipt`, 'get'),
      ),
      downloadPage(
        `${at}/evidence/{step}`,
        'enforcement.read',
        routeAt(enforcementFileRoutes, `/${word}/{file}/steps/{step}/evidence`, 'get'),
      ),
    ]
  }),
]
