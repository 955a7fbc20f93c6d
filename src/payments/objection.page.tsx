import { z } from '@hono/zod-openapi'
import { billNumber } from '../bills/bill.routes.ts'
import { numberOfBillId } from '../bills/bill.ts'
import { correctionProposalKind } from '../bills/correct-bill.ts'
import { dischargerFilter } from '../dischargers/discharger-field.ts'
import type { FiledPaper } from '../dischargers/filing.ts'
import { daysBetween } from '../kernel/calendar.ts'
import type { Services } from '../platform/command.ts'
import { date, id, text } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import type { Said } from '../platform/http/route.ts'
import { periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { formPage } from '../platform/pages/forms.tsx'
import { type Crumb, type PageRoute, page } from '../platform/pages/page-route.ts'
import { Facts, Notice, PrimaryLink, Section, State, Timeline } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { listProposals } from '../platform/proposals.ts'
import { answerObjection, findObjection, type Objection, papersOfObjection, receiveObjection } from './objections.ts'
import { billLink } from './payment.page.tsx'
import { refusePayment } from './payment.refusals.ts'
import { type ObjectionListRow, objectionRows } from './payment-list.queries.ts'

const title: Said = { zh: '账单异议', en: 'objections to bills' }
const objectionsCrumb = (say: Say): Crumb => ({ text: say(title), href: '/office/objections' })
const addressOf = (objectionId: string) => `/office/objections/${objectionId}`

const outcomes: Record<'kept' | 'corrected', Said> = {
  kept: { zh: '维持', en: 'kept' },
  corrected: { zh: '已更正', en: 'corrected' },
}

/** How an objection stands on a day: answered, or the days that are left. */
export function ObjectionState({
  outcome,
  answerDueOn,
  today,
  say,
}: {
  readonly outcome: 'kept' | 'corrected' | null
  readonly answerDueOn: string
  readonly today: string
  readonly say: Say
}) {
  if (outcome !== null)
    return <State tone="settled">{say(`已答复：${outcomes[outcome].zh}`, `answered: ${outcomes[outcome].en}`)}</State>
  const left = daysBetween(today as Objection['answerDueOn'], answerDueOn as Objection['answerDueOn'])
  return left < 0 ? (
    <State tone="overdue">{say(`答复超期 ${-left} 天`, `answer ${-left} days late`)}</State>
  ) : (
    <State tone="waiting">{say(`待答复，剩 ${left} 天`, `to be answered, ${left} days left`)}</State>
  )
}

const columns = (today: string): readonly Column<ObjectionListRow>[] => [
  { key: 'id', title: { zh: '异议', en: 'objection' }, cell: (row) => row.id, text: (row) => row.id, sort: 'id' },
  {
    key: 'bill',
    title: { zh: '账单', en: 'bill' },
    cell: (row) => <code>{numberOfBillId(row.bill_id)}</code>,
    text: (row) => numberOfBillId(row.bill_id),
    sort: 'bill_id',
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no}</code>,
    text: (row) => row.account_no,
    sort: 'account_no',
    wide: true,
  },
  {
    key: 'from',
    title: { zh: '提出人', en: 'from' },
    cell: (row) => row.received_from,
    text: (row) => row.received_from,
    sort: 'received_from',
  },
  {
    key: 'received',
    title: { zh: '收到', en: 'received' },
    cell: (row) => row.received_on,
    text: (row) => row.received_on,
    sort: 'received_on',
    wide: true,
  },
  {
    key: 'due',
    title: { zh: '答复期限', en: 'answer due' },
    cell: (row) => row.answer_due_on,
    text: (row) => row.answer_due_on,
    sort: 'answer_due_on',
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => (
      <ObjectionState outcome={row.outcome} answerDueOn={row.answer_due_on} today={today} say={say} />
    ),
    text: (row, say) => (row.outcome === null ? say('待答复', 'to be answered') : say(outcomes[row.outcome])),
    sort: 'outcome',
  },
]

const listPage = tablePage('/office/objections', {
  title,
  permits: 'objections.read',
  query: { open: z.enum(['yes', 'no']).optional(), discharger: text(100).optional(), ...periodQuery },
  filters: [
    {
      name: 'open',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => [
        ['yes', say('待答复', 'to be answered')],
        ['no', say('已答复', 'answered')],
      ],
    },
    dischargerFilter,
    ...periodFilters('收到', 'received'),
  ],
  columns: ({ services }) => columns(services.clock.today()),
  rows: ({ query }) => objectionRows(query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => addressOf(row.id),
  file: title,
  empty: ({ say }) => ({
    text: say(
      '没有异议。收到书面异议后，从那张账单的页面登记；缴费期限不因异议改变。',
      'No objections. One that comes in writing is recorded from the page of its bill; the due date stays.',
    ),
  }),
})

async function objectionOf({
  services,
  params,
}: {
  readonly services: Services
  readonly params: { readonly objection: string }
}): Promise<Objection | undefined> {
  return findObjection(services.db, params.objection)
}

const ObjectionFacts = ({
  of,
  papers,
  say,
}: {
  readonly of: Objection
  readonly papers: readonly FiledPaper[]
  readonly say: Say
}) => (
  <>
    <Facts
      of={[
        [say('账单', 'bill'), billLink(of.bill)],
        [say('户号', 'account'), <code>{of.accountNo}</code>],
        [say('提出人', 'from'), of.from],
        [say('收到', 'received'), of.receivedOn],
        [say('答复期限', 'answer due'), of.answerDueOn],
      ]}
    />
    <Section title={say('理由', 'grounds')}>
      <p class="written">{of.grounds}</p>
    </Section>
    <Section title={say('证据', 'evidence')}>
      <p class="written">{of.evidence === '' ? say('未附证据', 'none') : of.evidence}</p>
      {papers.map(({ filingId, seq, name }) => (
        <p>
          <a href={`/office/filings/${filingId}/${seq}`}>{name}</a>
        </p>
      ))}
    </Section>
  </>
)

const objectionPage = page('/office/objections/{objection}', {
  title: { zh: '一件异议', en: 'one objection' },
  permits: 'objections.read',
  params: { objection: id() },
  show: async (asked) => {
    const { services, say, may, url } = asked
    const objection = await objectionOf(asked)
    if (objection === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    const { answer } = objection
    return {
      title: say(`异议 ${objection.objectionId}`, `objection ${objection.objectionId}`),
      crumbs: [objectionsCrumb(say)],
      state: (
        <ObjectionState
          outcome={answer?.outcome ?? null}
          answerDueOn={objection.answerDueOn}
          today={services.clock.today()}
          say={say}
        />
      ),
      next:
        answer === undefined && may('objections.answer') ? (
          <PrimaryLink href={`${addressOf(objection.objectionId)}/answer`}>{say('答复', 'answer')}</PrimaryLink>
        ) : undefined,
      body: (
        <ObjectionFacts of={objection} papers={await papersOfObjection(services.db, objection.objectionId)} say={say} />
      ),
      aside: (
        <Timeline
          say={say}
          of={[
            ...(answer === undefined
              ? []
              : [
                  {
                    on: answer.answeredOn,
                    what: say(`答复：${outcomes[answer.outcome].zh}`, `answered: ${outcomes[answer.outcome].en}`),
                    more: (
                      <>
                        {answer.reason}
                        {answer.correctionProposalId === null ? null : (
                          <>
                            {' '}
                            <a href={`/office/proposals/${answer.correctionProposalId}`}>
                              {say(`更正 ${answer.correctionProposalId}`, `correction ${answer.correctionProposalId}`)}
                            </a>
                          </>
                        )}
                      </>
                    ),
                    tone: 'settled' as const,
                  },
                ]),
            { on: objection.receivedOn, what: say('收到异议', 'received'), who: objection.from },
          ]}
        />
      ),
    }
  },
})

const receivePage = formPage('/office/bills/{bill}/objection', {
  title: { zh: '登记账单异议', en: 'record an objection to a bill' },
  permits: 'objections.receive',
  params: { bill: billNumber },
  crumbs: ({ params, say }) => [
    { text: say('账单', 'bills'), href: '/office/bills' },
    { text: params.bill, href: `/office/bills/${params.bill}` },
  ],
  about: ({ say }) => (
    <Notice>
      {say(
        '异议不改变缴费期限；须在规定的工作日内由另一人答复。',
        'An objection does not move the due date; another person answers it within its working days.',
      )}
    </Notice>
  ),
  initial: ({ services }) => ({ receivedOn: services.clock.today() }),
  fields: {
    from: { label: { zh: '提出人', en: 'from' }, schema: z.string().max(200, '最多 200 字 · at most 200 characters') },
    receivedOn: { label: { zh: '收到日期', en: 'received on' }, kind: 'date', schema: date },
    grounds: {
      label: { zh: '理由', en: 'grounds' },
      kind: 'long',
      schema: z.string().max(2000, '最多 2000 字 · at most 2000 characters'),
    },
    evidence: {
      label: { zh: '证据', en: 'evidence' },
      help: { zh: '所附材料的名称、编号', en: 'Names and numbers of what is enclosed' },
      kind: 'long',
      optional: true,
      schema: z.string().max(2000, '最多 2000 字 · at most 2000 characters'),
    },
  },
  run: ({ services, params }, { evidence, ...values }, { envelope }) =>
    receiveObjection(services, envelope, { bill: params.bill, ...values, evidence: evidence ?? '' }),
  preview: (answer, { say }, { from }) => ({
    changes: [
      {
        what: say(`账单 ${answer.bill} 的异议`, `objection to bill ${answer.bill}`),
        before: '—',
        after: say(`${from} 提出，待答复`, `by ${from}, to be answered`),
      },
      { what: say('答复期限', 'answer due'), before: '—', after: answer.answerDueOn },
      { what: say('缴费期限', 'due date of the bill'), before: say('不变', 'stays'), after: say('不变', 'stays') },
    ],
    button: say(`登记异议，${answer.answerDueOn} 前答复`, `record it, to be answered by ${answer.answerDueOn}`),
  }),
  done: (answer, { say }) => ({
    to: addressOf(answer.objectionId),
    said: say(
      `已登记异议 ${answer.objectionId}，${answer.answerDueOn} 前答复。`,
      `Objection ${answer.objectionId} is recorded; it is to be answered by ${answer.answerDueOn}.`,
    ),
  }),
})

const answerPage = formPage('/office/objections/{objection}/answer', {
  title: { zh: '答复异议', en: 'answer an objection' },
  permits: 'objections.answer',
  params: { objection: id() },
  crumbs: ({ params, say }) => [
    objectionsCrumb(say),
    { text: say(`异议 ${params.objection}`, `objection ${params.objection}`), href: addressOf(params.objection) },
  ],
  about: async (asked) => {
    const objection = await objectionOf(asked)
    if (objection === undefined) return refuseHttp('resource_missing', { path: asked.url.pathname })
    if (objection.answer !== undefined) {
      const { answeredOn } = objection.answer
      return refusePayment('objection_answered', { objection: objection.objectionId, answeredOn })
    }
    const papers = await papersOfObjection(asked.services.db, objection.objectionId)
    return <ObjectionFacts of={objection} papers={papers} say={asked.say} />
  },
  fields: {
    outcome: {
      label: { zh: '结论', en: 'outcome' },
      help: {
        zh: '更正须先从账单提出并经他人批准，再在这里选“已更正”。',
        en: 'A correction is proposed from the bill and approved first; then choose “corrected”.',
      },
      kind: 'choice',
      choices: ({ say }) => (['kept', 'corrected'] as const).map((each) => [each, say(outcomes[each])]),
      schema: z.enum(['kept', 'corrected']),
    },
    correctionProposalId: {
      label: { zh: '据以更正的审批', en: 'the approved correction' },
      kind: 'choice',
      optional: true,
      choices: async ({ services, params, say }) => {
        const objection = await objectionOf({ services, params: params as unknown as { objection: string } })
        if (objection === undefined) return []
        const corrections = await listProposals(services.db, {
          kind: correctionProposalKind,
          subject: objection.billId,
        })
        return corrections
          .filter(({ decision }) => decision?.outcome === 'approved')
          .map(({ id: proposalId, makerName }) => [
            proposalId,
            say(`更正 ${proposalId}（${makerName} 提出）`, `correction ${proposalId} (by ${makerName})`),
          ])
      },
    },
    reason: {
      label: { zh: '答复理由', en: 'why' },
      kind: 'long',
      schema: z.string().max(500, '最多 500 字 · at most 500 characters'),
    },
  },
  run: ({ services, params }, { outcome, reason, correctionProposalId }, { envelope }) =>
    answerObjection(services, envelope, {
      objectionId: params.objection,
      outcome,
      reason,
      correctionProposalId,
    }),
  preview: (answer, { say }, { outcome, reason }) => ({
    changes: [
      {
        what: say(`异议 ${answer.objectionId}`, `objection ${answer.objectionId}`),
        before: say('待答复', 'to be answered'),
        after: `${say(outcomes[outcome])}${say('：', ': ')}${reason}`,
      },
      {
        what: say('期限', 'term'),
        before: '—',
        after: answer.inTime ? say('在期限内答复', 'answered in time') : say('已超期', 'late'),
      },
    ],
    button: say(`答复：${outcomes[outcome].zh}`, `answer: ${outcomes[outcome].en}`),
  }),
  done: (answer, { say }) => ({
    to: addressOf(answer.objectionId),
    said: say(`已答复异议 ${answer.objectionId}。`, `Objection ${answer.objectionId} is answered.`),
  }),
})

/** The office's pages of objections to bills. */
export const objectionPages: readonly PageRoute[] = [listPage, objectionPage, receivePage, answerPage]
