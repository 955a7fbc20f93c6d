import { z } from '@hono/zod-openapi'
import { monthOf } from '../kernel/calendar.ts'
import { money, moneyForPeople, moneyText } from '../kernel/money.ts'
import { volumeText } from '../kernel/volume.ts'
import { id, month, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { formPage } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Capitals,
  Count,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  type Tone,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import type { AfterIssue } from './after-issue.ts'
import { approveRun } from './approve-run.ts'
import { exceptionSentence } from './bill.json.ts'
import { type BillRun, findBill, linesOf, listRuns, runExceptions } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billNumber as billNumberField } from './bill.routes.ts'
import { type BillKind, billKindNames, billNumber, numberOfBillId, parseBillNumber } from './bill.ts'
import { explainBill } from './bill-explanation.ts'
import { type BillListRow, billRows, billRowsCounted, billSums } from './bill-list.queries.ts'
import { explanationNames } from './explanation-names.queries.ts'
import { type RunSummary, summariseRun } from './run-summary.ts'

const billsTitle: Said = { zh: '账单', en: 'bills' }
const runsTitle: Said = { zh: '开账批次', en: 'bill runs' }
const billsCrumb = (say: Say) => ({ text: say(billsTitle), href: '/office/bills' })
const runsCrumb = (say: Say) => ({ text: say(runsTitle), href: '/office/bill-runs' })
const runCrumb = (say: Say, runId: string) => ({
  text: say(`批次 ${runId}`, `run ${runId}`),
  href: `/office/bill-runs/${runId}`,
})

const numberOf = (row: BillListRow): string => billNumber(row.number_year, row.number)
const stateWord = (row: BillListRow, say: Say): string =>
  row.cancelled ? say('已红冲', 'cancelled') : say('已签发', 'issued')
const kinds = Object.keys(billKindNames) as [BillKind, ...BillKind[]]

const billColumns: readonly Column<BillListRow>[] = [
  {
    key: 'number',
    title: { zh: '账单号', en: 'bill' },
    cell: (row) => <code>{numberOf(row)}</code>,
    text: numberOf,
    sort: 'id',
  },
  {
    key: 'month',
    title: { zh: '费款所属月份', en: 'fee month' },
    cell: (row) => monthOf(row.fee_month),
    text: (row) => monthOf(row.fee_month),
    sort: 'fee_month',
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no}</code>,
    text: (row) => row.account_no,
    sort: 'account_no',
  },
  {
    key: 'name',
    title: { zh: '缴费人', en: 'payer' },
    cell: (row) => row.discharger_name,
    text: (row) => row.discharger_name,
  },
  {
    key: 'collector',
    title: { zh: '代征单位', en: 'collector' },
    cell: (row) => row.collector_name,
    text: (row) => row.collector_name,
    wide: true,
  },
  {
    key: 'volume_m3',
    title: { zh: '水量（m³）', en: 'volume (m³)' },
    number: true,
    decimals: 3,
    cell: (row) => <VolumeM3 of={row.volume_m3} />,
    text: (row) => row.volume_m3,
    sort: 'volume_m3',
    wide: true,
  },
  {
    key: 'total_amount',
    title: { zh: '应缴（元）', en: 'amount (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.total_amount} />,
    text: (row) => row.total_amount,
    sort: 'total_amount',
  },
  {
    key: 'due',
    title: { zh: '到期', en: 'due' },
    cell: (row) => row.due_on,
    text: (row) => row.due_on,
    sort: 'due_on',
    wide: true,
  },
  {
    key: 'kind',
    title: { zh: '种类', en: 'kind' },
    cell: (row, say) => say(billKindNames[row.kind]),
    text: (row, say) => say(billKindNames[row.kind]),
    wide: true,
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => <State tone={row.cancelled ? 'plain' : 'settled'}>{stateWord(row, say)}</State>,
    text: stateWord,
  },
]

const billListPage = tablePage('/office/bills', {
  title: billsTitle,
  permits: 'bills.read',
  query: {
    month: month.optional(),
    account: text(40).optional(),
    kind: z.enum(kinds).optional(),
    run: id().optional(),
  },
  filters: [
    { name: 'month', label: { zh: '费款所属月份', en: 'fee month' }, kind: 'month' },
    { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
    {
      name: 'kind',
      label: { zh: '种类', en: 'kind' },
      kind: 'choice',
      choices: (say) => kinds.map((kind) => [kind, say(billKindNames[kind])]),
    },
    { name: 'run', label: { zh: '批次', en: 'run' }, kind: 'text' },
  ],
  columns: billColumns,
  rows: ({ query }) => billRows(query),
  counted: ({ query }) => billRowsCounted(query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  totals: async ({ services, query }) => {
    const sums = await billSums(services.db, query)
    return { volume_m3: <VolumeM3 of={sums.volume_m3} />, total_amount: <Amount of={sums.total_amount} /> }
  },
  open: (row) => `/office/bills/${numberOf(row)}`,
  file: billsTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有账单。抄表文件到齐后试算，经他人审批即签发。',
      'No bills yet. Once the readings are in, a draft is made; another person’s approval issues it.',
    ),
    action: <PrimaryLink href="/office/bill-runs">{say('到开账批次', 'to the bill runs')}</PrimaryLink>,
  }),
})

/** The arithmetic of a bill as a page shows it: a line for each step, those of one bill line together. */
export function Arithmetic({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul class="arithmetic">
      {lines.map((line) => (
        <li class={/^[├└]/.test(line) ? undefined : 'head'}>{line.replace(/^[┌├└]\s*/, '')}</li>
      ))}
    </ul>
  )
}

const billPage = page('/office/bills/{bill}', {
  title: { zh: '一张账单', en: 'one bill' },
  permits: 'bills.read',
  params: { bill: billNumberField },
  show: async ({ services: { db }, params, say }) => {
    const number = parseBillNumber(params.bill)
    const bill = number === undefined ? undefined : await findBill(db, number)
    if (bill === undefined) return refuseBill('bill_missing', { number: params.bill })
    const lines = (await linesOf(db, [bill.billId])).get(bill.billId) ?? []
    const [, , ...arithmetic] = explainBill(bill, lines, await explanationNames(db), say.language)
    return {
      title: `${say(billKindNames[bill.kind])} ${bill.number}`,
      crumbs: [billsCrumb(say), { text: bill.feeMonth, href: `/office/bills?month=${bill.feeMonth}` }],
      state:
        bill.cancelledBy === null ? (
          <State tone="settled">{say('已签发', 'issued')}</State>
        ) : (
          <State tone="plain">{say('已红冲', 'cancelled')}</State>
        ),
      figures: [
        { label: say('应缴（元）', 'amount (yuan)'), value: <Amount of={moneyText(bill.totalAmount)} /> },
        { label: say('到期', 'due'), value: bill.dueOn },
        { label: say('水量（m³）', 'volume (m³)'), value: <VolumeM3 of={volumeText(bill.volumeM3)} /> },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('缴费人', 'payer'), bill.dischargerName],
              [say('户号', 'account'), <code>{bill.accountNo}</code>],
              [say('费款所属月份', 'fee month'), bill.feeMonth],
              [say('开账日', 'issued'), bill.issuedOn],
              [say('大写', 'in capitals'), <Capitals of={moneyText(bill.totalAmount)} />],
              ...(bill.correctsBillId === null
                ? []
                : [[say('更正的账单', 'corrects'), billLink(numberOfBillId(bill.correctsBillId))] as const]),
              ...(bill.cancelledBy === null
                ? []
                : [[say('红冲账单', 'cancelled by'), billLink(numberOfBillId(bill.cancelledBy))] as const]),
            ]}
          />
          <Section title={say('算式：从水表到分', 'from meter to fen')}>
            <Arithmetic lines={arithmetic} />
          </Section>
        </>
      ),
    }
  },
})

const billLink = (number: string) => (
  <a href={`/office/bills/${number}`}>
    <code>{number}</code>
  </a>
)

const runStates: Record<BillRun['state'], { readonly tone: Tone } & Said> = {
  open: { tone: 'waiting', zh: '待审批', en: 'waits for approval' },
  issued: { tone: 'settled', zh: '已签发', en: 'issued' },
  discarded: { tone: 'plain', zh: '已作废', en: 'given up' },
}
const RunState = ({ run, say }: { readonly run: BillRun; readonly say: Say }) => (
  <State tone={runStates[run.state].tone}>{say(runStates[run.state])}</State>
)

const runPage = page('/office/bill-runs/{run}', {
  title: { zh: '一个批次', en: 'one run' },
  permits: 'bills.read',
  params: { run: id() },
  show: async ({ services: { db }, params, visitor, say }) => {
    const [run] = await listRuns(db, { runId: params.run })
    if (run === undefined) return refuseBill('run_missing', { run: params.run })
    const summary = run.state === 'open' ? await summariseRun(db, run) : undefined
    const held = await runExceptions(db, run, { status: 'held', limit: 100 })
    return {
      title: say(`${run.feeMonth} 批次 ${run.runId}`, `run ${run.runId} of ${run.feeMonth}`),
      crumbs: [runsCrumb(say)],
      state: <RunState run={run} say={say} />,
      next:
        run.state !== 'open' ? (
          <ButtonLink href={`/office/bills?run=${run.runId}`}>{say('看账单', 'its bills')}</ButtonLink>
        ) : run.makerCode === visitor.code ? (
          <State tone="waiting">{say('需他人审批', 'another person approves')}</State>
        ) : (
          <PrimaryLink href={`/office/bill-runs/${run.runId}/approval`}>
            {say('审批并签发', 'approve and issue')}
          </PrimaryLink>
        ),
      figures: summary === undefined ? issuedFigures(run, say) : draftFigures(summary, say),
      body: (
        <>
          {summary === undefined ? null : <Summary summary={summary} say={say} />}
          <Section title={say('待处理户', 'held accounts')}>
            {held.length === 0 ? (
              <Notice tone="settled">{say('没有待处理户。', 'No account is held.')}</Notice>
            ) : (
              <PlainTable
                columns={[
                  { title: say('户号', 'account') },
                  { title: say('户名', 'name') },
                  { title: say('原因', 'why') },
                ]}
                rows={held.map(({ accountNo, holderName, reason }) => [
                  <code>{accountNo}</code>,
                  holderName,
                  exceptionSentence(reason, say.language),
                ])}
              />
            )}
          </Section>
        </>
      ),
    }
  },
})

const issuedFigures = ({ issued, makerName }: BillRun, say: Say) => [
  { label: say('账单（张）', 'bills'), value: <Count of={issued?.count ?? null} /> },
  {
    label: say('合计（元）', 'total (yuan)'),
    value: <Amount of={issued === undefined ? null : moneyText(issued.amount)} />,
  },
  { label: say('签发日', 'issued'), value: issued?.on ?? '—' },
  { label: say('制单', 'drafted by'), value: makerName },
]

const draftFigures = (summary: RunSummary, say: Say) => [
  { label: say('账单（张）', 'bills'), value: <Count of={summary.bills} /> },
  { label: say('合计（元）', 'total (yuan)'), value: <Amount of={summary.amount} /> },
  { label: say('水量（m³）', 'volume (m³)'), value: <VolumeM3 of={summary.volumeM3} /> },
  {
    label: say('待处理（户）', 'held accounts'),
    value: <Count of={summary.census.held} />,
    ...(summary.census.held > 0 ? { tone: 'waiting' as const } : {}),
  },
]

function Summary({ summary, say }: { readonly summary: RunSummary; readonly say: Say }) {
  const { census } = summary
  return (
    <>
      {summary.factsChanged ? (
        <Notice tone="waiting">
          {say(
            '试算之后资料有变动，须重新试算再审批。',
            'Facts were added since the draft: draft anew before approving.',
          )}
        </Notice>
      ) : null}
      {summary.brake.map((finding) => (
        <Notice tone="overdue">{say(finding)}</Notice>
      ))}
      <PlainTable
        caption={say('普查：开账 + 待处理 + 免征 = 征收名单', 'census: billed + held + exempt = roster')}
        columns={[
          say('征收名单', 'roster'),
          say('此前已开', 'billed before'),
          say('开账', 'billed'),
          say('待处理', 'held'),
          say('免征', 'exempt'),
        ].map((title) => ({ title, number: true }))}
        rows={[
          [census.roster, census.billedBefore, census.billed, census.held, census.exempt].map((n) => <Count of={n} />),
        ]}
      />
      {summary.outliers.length === 0 ? null : (
        <PlainTable
          caption={say(
            `用量异常 ${summary.outlierCount} 户（列前 ${summary.outliers.length} 户）`,
            `outliers: ${summary.outlierCount}`,
          )}
          columns={[
            { title: say('户号', 'account') },
            { title: say('本月（m³）', 'this month (m³)'), number: true },
            { title: say('前几月平均（m³）', 'mean before (m³)'), number: true },
            { title: say('金额（元）', 'amount (yuan)'), number: true },
          ]}
          rows={summary.outliers.map((outlier) => [
            <code>{outlier.accountNo}</code>,
            <VolumeM3 of={outlier.volumeM3} />,
            <VolumeM3 of={outlier.meanM3} />,
            <Amount of={outlier.amount} />,
          ])}
        />
      )}
    </>
  )
}

const approvalPage = (afterIssue: AfterIssue): PageRoute =>
  formPage('/office/bill-runs/{run}/approval', {
    title: { zh: '审批并签发批次', en: 'approve and issue a run' },
    permits: 'bills.approve-run',
    params: { run: id() },
    crumbs: ({ params, say }) => [runsCrumb(say), runCrumb(say, params.run)],
    about: async ({ services: { db }, params, say }) => {
      const [run] = await listRuns(db, { runId: params.run })
      if (run === undefined) return refuseBill('run_missing', { run: params.run })
      if (run.state !== 'open') return refuseBill('run_missing', { run: params.run })
      const summary = await summariseRun(db, run)
      return (
        <>
          <Notice>
            {say(`由 ${run.makerName} 试算，您看到的摘要 `, `Drafted by ${run.makerName}; you see the digest `)}
            <code>{summary.digest.slice(0, 12)}</code>
          </Notice>
          <Summary summary={summary} say={say} />
        </>
      )
    },
    initial: async ({ services: { db }, params }) => {
      const [run] = await listRuns(db, { runId: params.run })
      return run === undefined ? {} : { digestSeen: (await summariseRun(db, run)).digest }
    },
    fields: {
      digestSeen: {
        label: { zh: '您核对过的摘要', en: 'the digest you checked' },
        help: { zh: '签发的必须正是这一份试算。', en: 'Exactly this draft is issued.' },
      },
      acknowledge: {
        label: { zh: '触发刹车时的理由', en: 'why it is right although the brake stopped it' },
        kind: 'long',
        optional: true,
      },
    },
    run: ({ services, params }, values, { envelope }) =>
      approveRun(
        services,
        envelope,
        { runId: params.run, digestSeen: values.digestSeen, acknowledge: values.acknowledge },
        afterIssue,
      ),
    preview: (answer, { say }) => ({
      changes: [
        { what: say('账单（张）', 'bills'), before: '0', after: <Count of={answer.billCount} /> },
        { what: say('应缴合计（元）', 'total due (yuan)'), before: '0.00', after: <Amount of={answer.totalAmount} /> },
        { what: say('账单号', 'numbers'), before: '—', after: `${answer.firstNumber} … ${answer.lastNumber}` },
        { what: say('到期', 'due'), before: '—', after: answer.dueOn },
      ],
      more: (
        <Notice tone="waiting">
          {say(
            '签发后账单不可更改，只能红冲或追补退补。',
            'Issued bills never change; they can only be cancelled in full or adjusted.',
          )}
        </Notice>
      ),
      button: say(
        `签发 ${answer.billCount.toLocaleString('en')} 张账单，合计 ${moneyForPeople(money(answer.totalAmount))} 元`,
        `issue ${answer.billCount.toLocaleString('en')} bills, ${moneyForPeople(money(answer.totalAmount))} yuan`,
      ),
    }),
    done: (answer, { say, params }) => ({
      to: `/office/bill-runs/${params.run}`,
      said: say(
        `已签发 ${answer.billCount.toLocaleString('en')} 张账单 ${answer.firstNumber} … ${answer.lastNumber}，合计 ${moneyForPeople(money(answer.totalAmount))} 元，到期 ${answer.dueOn}。`,
        `Issued ${answer.billCount.toLocaleString('en')} bills ${answer.firstNumber} … ${answer.lastNumber}, ${moneyForPeople(money(answer.totalAmount))} yuan, due ${answer.dueOn}.`,
      ),
    }),
  })

/** The office's pages of runs and bills. */
export function billPages(afterIssue: AfterIssue): readonly PageRoute[] {
  return [billListPage, billPage, runPage, approvalPage(afterIssue)]
}
