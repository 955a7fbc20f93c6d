import { z } from '@hono/zod-openapi'
import { dischargerFilter } from '../dischargers/discharger-field.ts'
import { money, moneyForPeople, moneyText } from '../kernel/money.ts'
import { cited } from '../platform/cited.ts'
import { text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf } from '../platform/pages/columns.tsx'
import { periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { formPage, paperOf } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, Facts, Notice, PlainTable, Section, State } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { proposalPages } from '../platform/proposal-pages.tsx'
import { listStaff } from '../platform/staff.queries.ts'
import { claimDatesLine } from './clock-words.ts'
import { boundsOf } from './enforcement.json.ts'
import { type FileView, hearingHosts, staffIdOf, viewFile } from './enforcement.queries.ts'
import { unknownLog } from './enforcement.refusals.ts'
import { paperNumber } from './enforcement.routes.ts'
import {
  ClocksTable,
  fileAddress,
  fileCrumbs,
  fileLink,
  fileTimeline,
  NextStep,
  ReceiptLinks,
  StepsTable,
  waitingSteps,
} from './file-parts.tsx'
import { multiplierBounds } from './fine.rules.ts'
import { endOf } from './gates.rules.ts'
import { openHearing } from './hearing.rules.ts'
import { caseProposalKind, fileCase, type ReportedCase, reportCase, returnCase } from './open-case.ts'
import { type CaseListRow, caseRows } from './order-list.queries.ts'
import { stepKind } from './steps.ts'

const casesTitle: Said = { zh: '处罚案件', en: 'fine cases' }
const col = columnsOf<CaseListRow>()
const lastStepOf = (row: CaseListRow, say: Say): string =>
  row.last_step === null ? say('立案', 'filed') : say(stepKind(row.last_step))

/** Asks what the notice of a hearing says, and gives it as a PDF. */
function HearingNotice({
  number,
  hosts,
  say,
}: {
  readonly number: string
  readonly hosts: readonly (readonly [code: string, name: string])[]
  readonly say: Say
}) {
  return (
    <Section title={say('听证通知书', 'notice of the hearing')}>
      <p class="quiet">
        {say(
          '送达日与听证日之间须有七个完整的工作日。打印后送达，再登记“听证通知送达”。',
          'Seven full working days must lie between service and hearing. Print it, serve it, then record its service.',
        )}
      </p>
      <form class="filters" method="get" action={`${fileAddress('case', number)}/hearing-notice`}>
        <div>
          <label for="hearingOn">{say('听证日期', 'day')}</label>
          <input id="hearingOn" name="hearingOn" type="date" required />
        </div>
        <div>
          <label for="at">{say('时间', 'time')}</label>
          <input id="at" name="at" value="上午9时30分" size={12} maxlength={40} required />
        </div>
        <div>
          <label for="place">{say('地点', 'place')}</label>
          <input id="place" name="place" size={24} maxlength={200} required />
        </div>
        <div>
          <label for="host">{say('主持人', 'host')}</label>
          <select id="host" name="host" required>
            {hosts.map(([code, name]) => (
              <option value={code}>{name}</option>
            ))}
          </select>
        </div>
        <button type="submit">{say('打印通知书 PDF', 'print the notice, PDF')}</button>
      </form>
    </Section>
  )
}

const caseList = tablePage('/office/cases', {
  title: casesTitle,
  permits: 'enforcement.read',
  query: { open: z.enum(['yes', 'no']).optional(), discharger: text(100).optional(), ...periodQuery },
  filters: [
    {
      name: 'open',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => [
        ['yes', say('办理中', 'open')],
        ['no', say('已结', 'over')],
      ],
    },
    dischargerFilter,
    ...periodFilters('立案', 'filed'),
  ],
  columns: [
    col.code('number', '案件', 'case', (row) => row.number, { sort: 'id' }),
    col.code('order_number', '通知书', 'order', (row) => row.order_number, { wide: true }),
    col.text('discharger_name', '当事人', 'party', (row) => row.discharger_name),
    col.text('filed_on', '立案', 'filed', (row) => row.filed_on, { wide: true }),
    col.text('last_step', '最近一步', 'last step', lastStepOf, { wide: true }),
    col.text('is_over', '状态', 'state', (row, say) => (row.is_over ? say('已结', 'over') : say('办理中', 'open')), {
      cell: (row, say) => (
        <State tone={row.is_over ? 'settled' : 'waiting'}>
          {row.is_over ? say('已结', 'over') : say('办理中', 'open')}
        </State>
      ),
    }),
    col.amount('fine', '罚款', 'fine', (row) => row.fine),
    col.amount('outstanding', '未缴', 'unpaid', (row) => row.outstanding),
  ],
  rows: ({ services, query }) => caseRows(services.db, services.clock.today(), query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => fileAddress('case', row.number),
  file: casesTitle,
  empty: ({ say }) => ({
    text: say(
      '没有案件。责令的期限届满仍未缴的，由两名执法人员报告，第三人批准立案。',
      'No cases. When an order lapsed unpaid, two officers report and a third person files the case.',
    ),
    action: <a href="/office/orders?standing=lapsed">{say('看逾期未缴的通知书', 'orders that lapsed')}</a>,
  }),
})

const casePage = page('/office/cases/{case}', {
  title: { zh: '处罚案件', en: 'a fine case' },
  permits: 'enforcement.read',
  params: { case: paperNumber },
  show: async (asked) => {
    const { services, params, visitor, say } = asked
    const today = services.clock.today()
    const view = await viewFile(services.db, 'case', params.case, today)
    if (view === undefined) return unknownLog('case', params.case)
    const { matter, state, clocks, balance } = view
    const number = params.case
    const staffId = await staffIdOf(services.db, visitor.code)
    const ended = endOf(matter.steps)
    const bounds = boundsOf(state.base)
    const taken = (name: string) => matter.steps.some((step) => step.name === name)
    const hosts = await hearingHosts(services.db, today)
    const fined = taken('decided') ? balance : undefined
    return {
      title: say(`处罚案件 ${number}`, `fine case ${number}`),
      crumbs: fileCrumbs(say, 'case'),
      state:
        ended === undefined ? (
          <State tone="waiting">{say('办理中', 'open')}</State>
        ) : (
          <State tone="settled">{say(stepKind(ended.name))}</State>
        ),
      next: <NextStep view={view} log="case" number={number} staffId={staffId} asked={asked} />,
      figures: [
        { label: say('逾期未缴的费款（元）', 'unpaid fee (yuan)'), value: <Amount of={moneyText(state.base)} /> },
        {
          label: say('罚款（元）', 'fine (yuan)'),
          value: <Amount of={fined ? moneyText(fined.fine) : null} />,
        },
        {
          label: say('加处罚款（元）', 'addition (yuan)'),
          value: <Amount of={fined ? moneyText(fined.addition.amount) : null} />,
        },
        {
          label: say(`未缴罚款（元，截至 ${today}）`, `fine unpaid (yuan, as of ${today})`),
          value: <Amount of={fined ? moneyText(fined.outstanding) : null} />,
        },
      ],
      body: (
        <>
          <CaseFacts view={view} bounds={bounds.map(moneyForPeople)} say={say} />
          <ReceiptLinks
            log="case"
            number={number}
            issued={(of) =>
              taken(
                { notice: 'notice_issued', hearing: 'hearing_requested', decision: 'decided', demand: 'demand_issued' }[
                  of
                ] ?? '',
              )
            }
            say={say}
          />
          {openHearing(matter.steps) === undefined ? null : <HearingNotice number={number} hosts={hosts} say={say} />}
          {clocks.length === 0 ? (
            <Notice tone="settled">{say('没有待办。', 'Nothing is to be done.')}</Notice>
          ) : (
            <ClocksTable clocks={clocks} today={today} say={say} />
          )}
          {await waitingSteps('case', number, asked)}
          <Section title={say('办理', 'steps')}>
            <StepsTable view={view} log="case" number={number} staffId={staffId} asked={asked} />
          </Section>
          <p class="buttons">
            <ButtonLink href={`/office/evidence/pack?kind=case&number=${number}`}>
              {say('下载证据包', 'evidence pack')}
            </ButtonLink>
          </p>
        </>
      ),
      aside: await fileTimeline(view, 'case', number, asked),
    }
  },
})

function CaseFacts({
  view,
  bounds,
  say,
}: {
  readonly view: FileView
  readonly bounds: readonly string[]
  readonly say: Say
}) {
  const { matter, names, dates, balance } = view
  const { order, fineCase } = matter
  const officer = (id: string | undefined) => {
    const found = id === undefined ? undefined : names.get(id)
    return found === undefined ? '—' : `${found.name}（${found.certificateNo ?? '—'}）`
  }
  const [least, most] = bounds
  return (
    <Facts
      of={[
        [say('当事人', 'party'), `${order.dischargerName}（${order.dischargerCode}）`],
        [say('通知书', 'order'), fileLink('order', order.number)],
        [say('办案人员', 'officers'), `${officer(fineCase?.reporterId)}、${officer(fineCase?.secondId)}`],
        [say('批准立案', 'filed by'), names.get(fineCase?.filedById ?? '')?.name],
        [
          say('法定幅度', 'bounds of the fine'),
          say(
            `${multiplierBounds.minimum} 倍 ${least} 元 至 ${multiplierBounds.maximum} 倍 ${most} 元`,
            `${multiplierBounds.minimum} times ${least} to ${multiplierBounds.maximum} times ${most} yuan`,
          ),
        ],
        ...(balance === undefined || balance.fine.isZero()
          ? []
          : [
              [
                say('加处罚款', 'addition'),
                say(
                  `每日百分之三，已计 ${balance.addition.days} 天${balance.addition.capped ? '，已到本金上限' : ''}`,
                  `3 % a day, ${balance.addition.days} days${balance.addition.capped ? ', at the limit of the fine' : ''}`,
                ),
              ] as const,
            ]),
        ...(dates === undefined
          ? []
          : [[say('救济与执行期限', 'review, suit, court'), claimDatesLine(dates, say.language)] as const]),
      ]}
    />
  )
}

const yuan = (amount: string): string => moneyForPeople(money(amount))

const reportPage = formPage('/office/orders/{order}/case-report', {
  title: { zh: '提出立案报告', en: 'report a case' },
  permits: 'enforcement.report-case',
  params: { order: paperNumber },
  crumbs: ({ say, params }) => fileCrumbs(say, 'order', params.order),
  about: async ({ services, params, say }) => {
    const view = await viewFile(services.db, 'order', params.order, services.clock.today())
    if (view === undefined) return unknownLog('order', params.order)
    return (
      <Facts
        of={[
          [say('当事人', 'party'), view.matter.order.dischargerName],
          [say('期限届满', 'term ended'), view.state.termEndsOn],
          [say('逾期未缴（元）', 'unpaid at its end (yuan)'), <Amount of={moneyText(view.state.base)} />],
          [say('依据', 'clause'), cited('行政处罚法第四十二条、第五十四条', say.language)],
        ]}
      />
    )
  },
  fields: {
    second: {
      label: { zh: '另一名办案人员', en: 'the second officer' },
      help: { zh: '执法人员不得少于两人，均须持证。', en: 'Two officers at least, each with a certificate.' },
      kind: 'choice',
      choices: async ({ services, visitor }) => {
        const today = services.clock.today()
        const staff = await listStaff(services.db, today)
        return staff
          .filter(({ code, roles }) => code !== visitor.code && roles.some(({ role }) => role === 'brigade_officer'))
          .map(({ code, name, certificateNo }) => [code, `${name}（${certificateNo ?? '—'}）`] as const)
      },
    },
    report: { label: { zh: '两人签名的立案报告（扫描件）', en: 'the report signed by both (a scan)' }, kind: 'file' },
  },
  run: async ({ services, params }, { second, report }, { envelope }) =>
    reportCase(services, envelope, { order: params.order, second, report: await paperOf(report) }),
  preview: ({ base }, { say, params }) => ({
    changes: [
      {
        what: say(`就通知书 ${params.order} 立案`, `a case on order ${params.order}`),
        before: say('未报告', 'not reported'),
        after: say('已报告，待第三人批准', 'reported, a third person files it'),
      },
      { what: say('逾期未缴（元）', 'unpaid (yuan)'), before: '—', after: <Amount of={base} /> },
    ],
    button: say(`提交立案报告，${yuan(base)} 元`, `report the case over ${yuan(base)} yuan`),
  }),
  done: ({ proposalId }, { say }) => ({
    to: `/office/case-reports/${proposalId}`,
    said: say('已提交立案报告，需第三人批准。', 'The case is reported; a third person files it.'),
  }),
})

const reportDecision = proposalPages('/office/case-reports', {
  kind: caseProposalKind,
  title: { zh: '立案报告', en: 'report of a case' },
  crumbs: ({ say }) => fileCrumbs(say, 'case'),
  permits: { read: 'enforcement.read', approve: 'enforcement.file-case', giveBack: 'enforcement.return-case' },
  show: (content, { say }) => {
    const report = content as unknown as ReportedCase
    return (
      <>
        <Facts
          of={[
            [say('当事人', 'party'), report.dischargerName],
            [say('通知书', 'order'), fileLink('order', report.order)],
            [
              say('办案人员', 'officers'),
              [report.reporter, report.second]
                .map(({ name, certificateNo }) => `${name}（${certificateNo}）`)
                .join(say('、', ', ')),
            ],
            [say('立案报告', 'report'), `${report.report.name}（${report.report.digest.slice(0, 12)}）`],
          ]}
        />
        <PlainTable
          columns={[
            { title: say('账单', 'bill') },
            { title: say('月份', 'month') },
            { title: say('逾期未缴（元）', 'unpaid (yuan)'), number: true },
          ]}
          rows={report.bills.map((bill) => [
            <a href={`/office/bills/${bill.number}`}>
              <code>{bill.number}</code>
            </a>,
            bill.feeMonth,
            <Amount of={bill.base} />,
          ])}
          totals={[say('合计', 'total'), '', <Amount of={report.base} />]}
        />
      </>
    )
  },
  paper: (content) => (content as unknown as ReportedCase).report,
  approve: ({ services }, envelope, decision) => fileCase(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnCase(services, envelope, decision),
  preview: ({ number, base }, { say }) => ({
    changes: [
      { what: say('案件', 'case'), before: say('已报告', 'reported'), after: number },
      { what: say('逾期未缴（元）', 'unpaid (yuan)'), before: '—', after: <Amount of={base} /> },
    ],
    button: say(`批准立案 ${number}，${yuan(base)} 元`, `file case ${number} over ${yuan(base)} yuan`),
  }),
  approved: ({ number }, { say }) => ({
    to: fileAddress('case', number),
    said: say(`已立案 ${number}，自今日起九十日内作出决定。`, `Case ${number} is filed; it is decided within 90 days.`),
  }),
})

/** Fine cases: the list, one of them, its report and filing. */
export const casePages: readonly PageRoute[] = [caseList, casePage, reportPage, ...reportDecision]
