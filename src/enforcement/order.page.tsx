import { z } from '@hono/zod-openapi'
import { billNumber } from '../bills/bill.routes.ts'
import { findDischarger } from '../dischargers/account.queries.ts'
import { dischargerField, dischargerFilter } from '../dischargers/discharger-field.ts'
import { addMoney, money, moneyForPeople, moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { listOverdue, type OverdueLine } from '../payments/payment.queries.ts'
import { cited } from '../platform/cited.ts'
import { text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf } from '../platform/pages/columns.tsx'
import { lookFor, periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { formPage, paperOf } from '../platform/pages/forms.tsx'
import { type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Count,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  type Tone,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { proposalPages } from '../platform/proposal-pages.tsx'
import { claimDatesLine, timeLeft } from './clock-words.ts'
import { clockNames, clockPartyNames, isWait } from './clocks.rules.ts'
import { type DraftedOrder, draftOrder, issueOrder, orderProposalKind, returnOrder } from './draft-order.ts'
import { staffIdOf, viewFile, workOn } from './enforcement.queries.ts'
import { unknownLog } from './enforcement.refusals.ts'
import { paperNumber } from './enforcement.routes.ts'
import { type OrderStanding, orderStandingNames } from './enforcement.ts'
import {
  ClocksTable,
  clockTone,
  fileAddress,
  fileCrumbs,
  fileLink,
  fileTimeline,
  NextStep,
  ReceiptLinks,
  StepsTable,
  waitingSteps,
} from './file-parts.tsx'
import { unpaidOfBill } from './order.rules.ts'
import { type OrderListRow, orderRows } from './order-list.queries.ts'
import { reviewEstimate } from './review-estimate.ts'
import { inYuan } from './step-words.ts'

const ordersTitle: Said = { zh: '责令限期缴纳', en: 'orders to pay' }
const col = columnsOf<OrderListRow>()
const standings = Object.keys(orderStandingNames) as [OrderStanding, ...OrderStanding[]]
const tones: Record<OrderStanding, Tone> = {
  issued: 'waiting',
  running: 'waiting',
  paid: 'settled',
  lapsed: 'overdue',
  paid_late: 'settled',
  withdrawn: 'plain',
  annulled: 'plain',
}
const Standing = ({ of, say }: { readonly of: OrderStanding; readonly say: Say }) => (
  <State tone={tones[of]}>{say(orderStandingNames[of])}</State>
)

const orderList = tablePage('/office/orders', {
  title: ordersTitle,
  permits: 'enforcement.read',
  query: { standing: z.enum(standings).optional(), discharger: text(100).optional(), ...periodQuery },
  filters: [
    {
      name: 'standing',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => standings.map((each) => [each, say(orderStandingNames[each])] as const),
    },
    dischargerFilter,
    ...periodFilters('签发', 'issued'),
  ],
  columns: [
    col.code('number', '编号', 'order', (row) => row.number, { sort: 'id' }),
    col.text('discharger_name', '当事人', 'party', (row) => row.discharger_name),
    col.text('issued_on', '签发', 'issued', (row) => row.issued_on, { wide: true }),
    col.text('standing', '状态', 'state', (row, say) => say(orderStandingNames[row.standing]), {
      cell: (row, say) => <Standing of={row.standing} say={say} />,
    }),
    col.text('term_ends_on', '期限届满', 'term ends', (row) => row.term_ends_on),
    col.count('bills', '账单', 'bills', (row) => row.bills, { wide: true }),
    col.amount('amount', '责令缴纳', 'ordered', (row) => row.amount, { wide: true }),
    col.amount('unpaid', '未缴', 'unpaid', (row) => row.unpaid),
    col.code('cases', '案件', 'case', (row) => row.cases, { wide: true }),
  ],
  rows: ({ services, query }) => orderRows(services.db, services.clock.today(), query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => fileAddress('order', row.number),
  next: ({ say, may }) =>
    may('enforcement.draft-order') ? (
      <PrimaryLink href="/office/orders/drafting">{say('就逾期账单拟稿', 'draft an order')}</PrimaryLink>
    ) : null,
  file: ordersTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有责令限期缴纳通知书。逾期未缴的，由经办拟稿、他人签发、执法人员送达。',
      'No orders to pay yet. Over overdue bills a clerk drafts one, another person issues it, an officer serves it.',
    ),
    action: <a href="/office/overdue">{say('看逾期清单', 'see who is overdue')}</a>,
  }),
})

const orderPage = page('/office/orders/{order}', {
  title: { zh: '责令限期缴纳通知书', en: 'an order to pay' },
  permits: 'enforcement.read',
  params: { order: paperNumber },
  show: async (asked) => {
    const { services, params, visitor, say } = asked
    const today = services.clock.today()
    const view = await viewFile(services.db, 'order', params.order, today)
    if (view === undefined) return unknownLog('order', params.order)
    const { matter, state, clocks, dates } = view
    const { order } = matter
    const number = order.number
    const staffId = await staffIdOf(services.db, visitor.code)
    const cases = [matter.liveCase, matter.judgedCase].filter((each) => each !== undefined)
    return {
      title: say(`责令限期缴纳 ${number}`, `order to pay ${number}`),
      crumbs: fileCrumbs(say, 'order'),
      state: <Standing of={state.standing} say={say} />,
      next: <NextStep view={view} log="order" number={number} staffId={staffId} asked={asked} />,
      figures: [
        {
          label: say('责令缴纳（元）', 'ordered (yuan)'),
          value: <Amount of={moneyText(addMoney(order.bills.map(({ named }) => named)))} />,
        },
        {
          label: say(`未缴（元，截至 ${today}）`, `unpaid (yuan, as of ${today})`),
          value: <Amount of={moneyText(state.unpaid)} />,
          ...(state.standing === 'lapsed' ? { tone: 'overdue' as const } : {}),
        },
        { label: say('视为送达', 'served'), value: state.servedOn ?? '—' },
        { label: say('期限届满', 'term ends'), value: state.termEndsOn ?? '—' },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('当事人', 'party'), `${order.dischargerName}（${order.dischargerCode}）`],
              [say('签发', 'issued'), order.issuedOn],
              [say('期限', 'term'), say(`自送达之次日起 ${order.termDays} 日`, `${order.termDays} days from service`)],
              ...(cases.length === 0
                ? []
                : [[say('案件', 'case'), cases.map((each) => fileLink('case', each))] as const]),
              ...(dates === undefined
                ? []
                : [[say('救济与执行期限', 'review, suit, court'), claimDatesLine(dates, say.language)] as const]),
            ]}
          />
          <ReceiptLinks
            log="order"
            number={number}
            issued={(of) => of === 'order' || matter.steps.some(({ name }) => name === 'demand_issued')}
            say={say}
          />
          {clocks.length === 0 ? (
            <Notice tone="settled">{say('没有待办。', 'Nothing is to be done.')}</Notice>
          ) : (
            <ClocksTable clocks={clocks} today={today} say={say} />
          )}
          {await waitingSteps('order', number, asked)}
          <PlainTable
            caption={say('责令缴纳的账单', 'its bills')}
            columns={[
              { title: say('账单', 'bill') },
              { title: say('户号', 'account'), wide: true },
              { title: say('月份', 'month') },
              { title: say('到期', 'due'), wide: true },
              { title: say('责令缴纳（元）', 'ordered (yuan)'), number: true },
              { title: say('未缴（元）', 'unpaid (yuan)'), number: true },
              { title: say('注意', 'note') },
            ]}
            rows={order.bills.map((bill) => [
              <a href={`/office/bills/${bill.number}`}>
                <code>{bill.number}</code>
              </a>,
              <code>{bill.accountNo}</code>,
              bill.feeMonth,
              bill.dueOn,
              <Amount of={moneyText(bill.named)} />,
              <Amount of={moneyText(unpaidOfBill(bill, today))} />,
              [
                bill.objected ? say('有未答复的异议', 'objection unanswered') : '',
                bill.estimated
                  ? bill.reviewed
                    ? say('估抄，已复核', 'estimated, reviewed')
                    : say('估抄，未复核', 'estimated, not reviewed')
                  : '',
              ]
                .filter((each) => each !== '')
                .join(say('；', '; ')),
            ])}
            totals={[
              say('合计', 'total'),
              '',
              '',
              '',
              <Amount of={moneyText(addMoney(order.bills.map(({ named }) => named)))} />,
              <Amount of={moneyText(state.unpaid)} />,
              '',
            ]}
          />
          <Section title={say('办理', 'steps')}>
            <StepsTable view={view} log="order" number={number} staffId={staffId} asked={asked} />
          </Section>
        </>
      ),
      aside: await fileTimeline(view, 'order', number, asked),
    }
  },
})

const yuan = (amount: string): string => moneyForPeople(money(amount))

/** More than these are not picked one by one. */
const billsOffered = 100

const listDue: Said = { zh: '列出逾期账单', en: 'list what is overdue' }
/** Whose bills are ordered to be paid, once that is found. */
const lookForParty = (asked: PageAsked) => lookFor(asked, [dischargerFilter], listDue)

/** What is overdue of the party that was found. */
async function overdueOf(asked: PageAsked): Promise<readonly OverdueLine[]> {
  const { found } = await lookForParty(asked)
  const { db, clock } = asked.services
  const party = found === undefined ? undefined : await findDischarger(db, found[dischargerFilter.name] ?? '')
  if (party === undefined || isRefusal(party)) return []
  return listOverdue(db, clock.today(), { dischargerId: party.dischargerId, limit: billsOffered })
}

const draftPage = formPage('/office/orders/drafting', {
  title: { zh: '拟制责令限期缴纳通知书', en: 'draft an order to pay' },
  permits: 'enforcement.draft-order',
  query: { discharger: text(100).optional() },
  crumbs: ({ say }) => fileCrumbs(say, 'order'),
  about: async (asked) => {
    const { row, found } = await lookForParty(asked)
    return (
      <>
        {found === undefined ? (
          <p class="quiet">
            {asked.say(
              '先找到排污者，再从其逾期账单中选。名称写其中几个字即可。',
              'Find the party first, then choose among what it has overdue; a piece of its name will do.',
            )}
          </p>
        ) : null}
        {row}
        {found === undefined || (await overdueOf(asked)).length > 0 ? null : (
          <Notice>{asked.say('没有逾期未缴的账单。', 'No bill is overdue.')}</Notice>
        )}
      </>
    )
  },
  ready: async (asked) => (await overdueOf(asked)).length > 0,
  initial: async (asked) => ({ discharger: (await lookForParty(asked)).found?.[dischargerFilter.name] ?? '' }),
  fields: {
    discharger: { ...dischargerField, kind: 'hidden' },
    bills: {
      label: { zh: '只就这些账单', en: 'only these bills' },
      help: {
        zh: '不选则为全部逾期而未被责令的账单。',
        en: 'Without any: every overdue bill that is under no order.',
      },
      kind: 'checks',
      choices: async (asked) =>
        (await overdueOf(asked)).map((line) => [
          line.bill,
          asked.say(
            `${line.bill}　${line.feeMonth}　户号 ${line.accountNo}　${moneyForPeople(line.outstanding)} 元　逾期 ${line.days} 天`,
            `${line.bill}　${line.feeMonth}　account ${line.accountNo}　${moneyForPeople(line.outstanding)} yuan　${line.days} days overdue`,
          ),
        ]),
      optional: true,
      schema: z
        .string()
        .transform((typed) => typed.split(/[\s,，、]+/))
        .pipe(z.array(billNumber)) as unknown as z.ZodType<string[], string>,
    },
  },
  run: ({ services }, { discharger, bills }, { envelope }) =>
    draftOrder(services, envelope, { discharger, bills: bills as string[] | undefined }),
  preview: ({ amount, bills }, { say }, { discharger }) => ({
    changes: [
      {
        what: say(`责令 ${discharger} 缴纳（元）`, `${discharger} is ordered to pay (yuan)`),
        before: '0.00',
        after: <Amount of={amount} />,
      },
      { what: say('账单（张）', 'bills'), before: '0', after: <Count of={bills} /> },
    ],
    button: say(
      `提交拟稿：${bills} 张账单，${yuan(amount)} 元`,
      `submit the draft: ${bills} bills, ${yuan(amount)} yuan`,
    ),
  }),
  done: ({ proposalId, amount }, { say }) => ({
    to: `/office/order-drafts/${proposalId}`,
    said: say(
      `已拟稿 ${yuan(amount)} 元，需他人签发。`,
      `Drafted over ${yuan(amount)} yuan; another person issues it.`,
    ),
  }),
})

const draftDecision = proposalPages('/office/order-drafts', {
  kind: orderProposalKind,
  title: { zh: '责令限期缴纳通知书拟稿', en: 'draft of an order to pay' },
  crumbs: ({ say }) => fileCrumbs(say, 'order'),
  permits: { read: 'enforcement.read', approve: 'enforcement.issue-order', giveBack: 'enforcement.return-order' },
  show: (content, { say }) => {
    const draft = content as unknown as DraftedOrder
    return (
      <>
        <Facts
          of={[
            [say('当事人', 'party'), `${draft.dischargerName}（${draft.dischargerCode}）`],
            [say('期限', 'term'), say(`自送达之次日起 ${draft.termDays} 日`, `${draft.termDays} days from service`)],
            [say('依据', 'clause'), cited(draft.termCitation, say.language)],
          ]}
        />
        <PlainTable
          columns={[
            { title: say('账单', 'bill') },
            { title: say('月份', 'month') },
            { title: say('到期', 'due') },
            { title: say('逾期（天）', 'days overdue'), number: true },
            { title: say('未缴（元）', 'unpaid (yuan)'), number: true },
          ]}
          rows={draft.bills.map((bill) => [
            <a href={`/office/bills/${bill.number}`}>
              <code>{bill.number}</code>
            </a>,
            bill.feeMonth,
            bill.dueOn,
            <Count of={bill.days} />,
            <Amount of={bill.amount} />,
          ])}
          totals={[say('合计', 'total'), '', '', '', <Amount of={draft.amount} />]}
        />
      </>
    )
  },
  approve: ({ services }, envelope, decision) => issueOrder(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnOrder(services, envelope, decision),
  preview: ({ number }, { say }, content) => {
    const { amount, dischargerName } = content as unknown as DraftedOrder
    return {
      changes: [
        { what: say('通知书', 'order'), before: say('拟稿', 'draft'), after: number },
        { what: say('责令缴纳（元）', 'ordered (yuan)'), before: '—', after: <Amount of={amount} /> },
      ],
      button: say(`签发给${dischargerName}，${yuan(amount)} 元`, `issue to ${dischargerName}, ${yuan(amount)} yuan`),
    }
  },
  approved: ({ number }, { say }) => ({
    to: fileAddress('order', number),
    said: say(`已签发 ${number}，请送达。`, `Issued ${number}; it is now to be served.`),
  }),
})

const estimatePage = formPage('/office/bills/{bill}/estimate-review', {
  title: { zh: '登记对估抄账单的复核', en: 'put the review of an estimate on record' },
  permits: 'enforcement.review-estimate',
  params: { bill: billNumber },
  crumbs: ({ say, params }) => [
    ...fileCrumbs(say, 'order'),
    { text: params.bill, href: `/office/bills/${params.bill}` },
  ],
  about: ({ say }) => (
    <Notice>
      {say('估抄的水量未经复核，不得据以处罚。', 'A period that rests on an estimate nobody reviewed is never fined.')}
    </Notice>
  ),
  fields: {
    finding: { label: { zh: '复核结果', en: 'finding' }, kind: 'long', schema: text(2_000) },
    evidence: { label: { zh: '证据文件（扫描件）', en: 'evidence (a scan)' }, kind: 'file' },
  },
  run: async ({ services, params }, { finding, evidence }, { envelope }) =>
    reviewEstimate(services, envelope, { bill: params.bill, finding, evidence: await paperOf(evidence) }),
  preview: ({ bill }, { say }, { finding }) => ({
    changes: [
      {
        what: say(`账单 ${bill} 的估抄`, `the estimate of ${bill}`),
        before: say('未复核', 'not reviewed'),
        after: finding,
      },
    ],
    button: say(`登记复核 ${bill}`, `record the review of ${bill}`),
  }),
  done: ({ bill }, { say }) => ({
    to: `/office/bills/${bill}`,
    said: say(`已登记账单 ${bill} 的估抄复核。`, `The review of ${bill} is on record.`),
  }),
})

const todayPage = page('/office/enforcement', {
  title: { zh: '催缴与处罚的时限', en: 'what is due in enforcement' },
  permits: 'enforcement.read',
  show: async ({ services, say }) => {
    const today = services.clock.today()
    const work = await workOn(services.db, today)
    const ours = work.filter((item) => !isWait(item))
    return {
      title: say('催缴与处罚的时限', 'what is due in enforcement'),
      figures: [
        {
          label: say('待办（件）', 'to be done'),
          value: <Count of={ours.length} />,
          ...(ours.length > 0 ? { tone: 'waiting' as const } : {}),
        },
        {
          label: say('已过期限（件）', 'late'),
          value: <Count of={ours.filter((item) => item.until !== null && item.until < today).length} />,
        },
        { label: say('等待他方（件）', 'waited for'), value: <Count of={work.length - ours.length} /> },
      ],
      body:
        work.length === 0 ? (
          <Notice tone="settled">{say('没有进行中的期限。', 'No clock is running.')}</Notice>
        ) : (
          <PlainTable
            caption={say(`${today} 的待办，最急的在前`, `as of ${today}, the most urgent first`)}
            columns={[
              { title: say('法定期限', 'last day') },
              { title: say('剩余', 'left') },
              { title: say('事项', 'what') },
              { title: say('对象', 'file') },
              { title: say('当事人', 'party') },
              { title: say('由谁', 'by') },
              { title: say('依据', 'clause'), wide: true },
            ]}
            rows={work.map((item) => [
              item.until,
              <State tone={clockTone(item, today)}>{timeLeft(item, today, say.language)}</State>,
              <>
                {say(clockNames[item.what])}
                {item.about === '' ? null : <span class="quiet"> {inYuan(item.about, say.language)}</span>}
              </>,
              <>
                {item.log === 'order' ? say('通知书 ', 'order ') : say('案件 ', 'case ')}
                {fileLink(item.log, item.number)}
              </>,
              item.dischargerName,
              say(clockPartyNames[item.by]),
              <span class="quiet">{cited(clockNames[item.what].clause, say.language)}</span>,
            ])}
          />
        ),
      next: <ButtonLink href="/office/orders">{say('看通知书', 'orders to pay')}</ButtonLink>,
    }
  },
})

/** Orders to pay: what is due, the list, one of them, and what leads to its issue. */
export const orderPages: readonly PageRoute[] = [
  todayPage,
  orderList,
  draftPage,
  orderPage,
  ...draftDecision,
  estimatePage,
]
