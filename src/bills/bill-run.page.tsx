import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { monthOf, plusMonths } from '../kernel/calendar.ts'
import { money, moneyForPeople, moneyText } from '../kernel/money.ts'
import { inOneLine, isRefusal, type Refusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import { id, month, text } from '../platform/http/fields.ts'
import type { Route, Said } from '../platform/http/route.ts'
import { formPage, runRoute, workIdOf } from '../platform/pages/forms.tsx'
import { type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Count,
  Facts,
  type Happening,
  Instant,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  Timeline,
  type Tone,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { withoutCommands } from '../platform/pages/without-commands.ts'
import { type DecidedProposal, listProposals } from '../platform/proposals.ts'
import type { WorkResult } from '../platform/works.page.tsx'
import { heldReasons } from '../volumes/held-reasons.ts'
import type { AfterIssue } from './after-issue.ts'
import { approveRun, changesSince } from './approve-run.ts'
import { exceptionSentence } from './bill.json.ts'
import { Arithmetic } from './bill.parts.tsx'
import { type BillRun, billedMonths, listRuns, runExceptions } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billKindNames, numberRange } from './bill.ts'
import { explainLine } from './bill-explanation.ts'
import {
  censusOf,
  type DraftedBill,
  discardOf,
  draftedBills,
  type ExceptionListRow,
  exceptionRows,
  type RunListRow,
  runRows,
  sampledBills,
} from './bill-run-list.queries.ts'
import { type DraftedRun, discardRun, runProposalKind } from './draft-run.ts'
import { explanationNames } from './explanation-names.queries.ts'
import { returnRun } from './return-run.ts'
import { censusAddsUp, type RunSummary, summariseRun } from './run-summary.ts'

const runsTitle: Said = { zh: '开账批次', en: 'bill runs' }
const runsCrumb = (say: Say) => ({ text: say(runsTitle), href: '/office/bill-runs' })
const addressOf = (runId: string) => `/office/bill-runs/${runId}`
const runCrumb = (say: Say, run: Pick<BillRun, 'runId' | 'feeMonth'>) => ({
  text: say(`${run.feeMonth} 批次 ${run.runId}`, `run ${run.runId} of ${run.feeMonth}`),
  href: addressOf(run.runId),
})

const states: Record<BillRun['state'], { readonly tone: Tone } & Said> = {
  open: { tone: 'waiting', zh: '待审批', en: 'waits for approval' },
  issued: { tone: 'settled', zh: '已签发', en: 'issued' },
  discarded: { tone: 'plain', zh: '已作废', en: 'given up' },
}
const purposes: Record<BillRun['purpose'], Said> = {
  regular: { zh: '正常', en: 'regular' },
  supplementary: { zh: '补充', en: 'supplementary' },
}
const RunState = ({ state, say }: { readonly state: BillRun['state']; readonly say: Say }) => (
  <State tone={states[state].tone}>{say(states[state])}</State>
)

const runColumns: readonly Column<RunListRow>[] = [
  {
    key: 'id',
    title: { zh: '批次', en: 'run' },
    cell: (row) => <code>{row.id}</code>,
    text: (row) => row.id,
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
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => <RunState state={row.state} say={say} />,
    text: (row, say) => say(states[row.state]),
    sort: 'state',
  },
  {
    key: 'purpose',
    title: { zh: '类型', en: 'kind' },
    cell: (row, say) => say(purposes[row.purpose]),
    text: (row, say) => say(purposes[row.purpose]),
    sort: 'purpose',
    wide: true,
  },
  {
    key: 'bills',
    title: { zh: '账单（张）', en: 'bills' },
    number: true,
    cell: (row) => <Count of={row.bill_count} />,
    text: (row) => String(row.bill_count ?? ''),
    sort: 'bill_count',
  },
  {
    key: 'amount',
    title: { zh: '合计（元）', en: 'total (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.total_amount} />,
    text: (row) => row.total_amount ?? '',
    sort: 'total_amount',
  },
  {
    key: 'issued',
    title: { zh: '签发日', en: 'issued' },
    cell: (row) => row.issued_on,
    text: (row) => row.issued_on ?? '',
    sort: 'issued_on',
    wide: true,
  },
  {
    key: 'maker',
    title: { zh: '制单', en: 'drafted by' },
    cell: (row) => row.maker_name,
    text: (row) => row.maker_name,
    sort: 'maker_name',
    wide: true,
  },
]

const listPage = tablePage('/office/bill-runs', {
  title: runsTitle,
  permits: 'bills.runs.read',
  query: { month: month.optional() },
  filters: [{ name: 'month', label: { zh: '费款所属月份', en: 'fee month' }, kind: 'month' }],
  columns: runColumns,
  rows: ({ query }) => runRows(query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => addressOf(row.id),
  file: runsTitle,
  next: ({ say, may }) =>
    may('bills.open-run') ? (
      <PrimaryLink href="/office/bill-runs/draft">{say('试算一个月', 'draft a month')}</PrimaryLink>
    ) : undefined,
  empty: ({ say }) => ({
    text: say(
      '还没有开账批次。抄表文件到齐、名单生效后试算一个月，经他人审批即签发账单。',
      'No bill runs yet. Once the readings are in and a roster is in force, draft a month; another person’s approval issues its bills.',
    ),
  }),
})

const draftPage = (draftRoute: Route): PageRoute =>
  formPage('/office/bill-runs/draft', {
    title: { zh: '开账试算', en: 'draft a month' },
    permits: 'bills.open-run',
    crumbs: ({ say }) => [runsCrumb(say)],
    about: ({ say }) => (
      <Notice>
        {say(
          '试算不签发账单，可随时作废。算完即提交审批，由他人审批后签发。中断的试算按同一月份再办一次即可接着算。',
          'A draft issues nothing and can be given up at any time. Once computed it is put before an approver, another person. A draft that stopped goes on when it is asked for again.',
        )}
      </Notice>
    ),
    initial: ({ services }) => ({ feeMonth: plusMonths(monthOf(services.clock.today()), -1) }),
    fields: {
      feeMonth: {
        label: { zh: '费款所属月份', en: 'fee month' },
        help: {
          zh: '征收名单上的全部用水户；此前批次已开账的不再开。',
          en: 'All accounts of the roster, less those billed by an earlier run of the month.',
        },
        kind: 'month',
        schema: month,
      },
    },
    submit: { zh: '开始试算', en: 'begin the draft' },
    preview: 'none',
    run: async (asked, values, posted) => {
      const outcome = await runRoute(draftRoute, asked as unknown as PageAsked, posted, {
        body: { feeMonth: values.feeMonth },
      })
      if (isRefusal(outcome)) return outcome
      return { answer: { workId: workIdOf(outcome) }, repeated: false, dryRun: false }
    },
    done: ({ workId }, { say }, { feeMonth }) => ({
      to: `/office/works/${workId}`,
      said: say(`已开始试算 ${feeMonth}。`, `The draft of ${feeMonth} has begun.`),
    }),
  })

interface AskedOfRun extends Pick<PageAsked, 'services' | 'say' | 'visitor'> {
  readonly params: { readonly run: string }
}

async function runOf({ services, params }: Pick<AskedOfRun, 'services' | 'params'>): Promise<BillRun | Refusal> {
  const [run] = await listRuns(services.db, { runId: params.run })
  return run ?? refuseBill('run_missing', { run: params.run })
}

const heldShown = 20
const samplesShown = 5

const runPage = page('/office/bill-runs/{run}', {
  title: { zh: '一个批次', en: 'one run' },
  permits: 'bills.runs.read',
  params: { run: id() },
  show: async (asked) => {
    const { services, say, may } = asked
    const { db } = services
    const run = await runOf(asked)
    if (isRefusal(run)) return run
    const summary = run.state === 'open' ? await summariseRun(db, run) : undefined
    const proposals = await listProposals(db, { kind: runProposalKind, subject: run.runId })
    const waiting = proposals.find(({ decision }) => decision === undefined)
    const returned = proposals.find(({ decision }) => decision?.outcome === 'returned')
    const discarded = run.state === 'discarded' ? await discardOf(db, run.runId) : undefined
    return {
      title: say(`${run.feeMonth} 批次 ${run.runId}`, `run ${run.runId} of ${run.feeMonth}`),
      crumbs: [runsCrumb(say)],
      state:
        run.state === 'open' && waiting === undefined ? (
          <State tone="waiting">
            {returned === undefined ? say('试算未完成', 'not drafted through') : say('已退回', 'returned')}
          </State>
        ) : (
          <RunState state={run.state} say={say} />
        ),
      next: <NextStep run={run} waits={waiting !== undefined} asked={asked} />,
      figures: summary === undefined ? issuedFigures(run, say) : draftFigures(summary, say),
      body: (
        <>
          {waiting === undefined && returned !== undefined && run.state === 'open' ? (
            <Notice tone="waiting">
              {say(
                `${returned.decision?.personName ?? ''} 已退回：${returned.decision?.reason ?? ''}。改正后重新试算。`,
                `Returned by ${returned.decision?.personName ?? ''}: ${returned.decision?.reason ?? ''} Mend it, then draft anew.`,
              )}
            </Notice>
          ) : null}
          {discarded === undefined ? null : (
            <Notice>
              {say(`${discarded.by} 已作废：${discarded.reason}`, `Given up by ${discarded.by}: ${discarded.reason}`)}
            </Notice>
          )}
          {summary === undefined ? (
            <IssuedCensus census={await censusOf(db, run.runId)} say={say} />
          ) : (
            await draftToJudge(run, summary, asked)
          )}
          <HeldSection
            run={run}
            say={say}
            held={await runExceptions(db, run, { status: 'held', limit: heldShown + 1 })}
          />
          {run.state === 'open' ? (
            <p class="buttons">
              {run.makerCode === asked.visitor.code && may('bills.open-run') ? (
                <ButtonLink href="/office/bill-runs/draft">{say('重新试算', 'draft anew')}</ButtonLink>
              ) : null}
              {may('bills.discard-run') ? (
                <ButtonLink href={`${addressOf(run.runId)}/discarding`}>
                  {say('作废批次', 'give the run up')}
                </ButtonLink>
              ) : null}
            </p>
          ) : null}
        </>
      ),
      aside: <Timeline of={happenings(proposals, say)} say={say} />,
    }
  },
})

function NextStep({
  run,
  waits,
  asked,
}: {
  readonly run: BillRun
  readonly waits: boolean
  readonly asked: Pick<PageAsked, 'say' | 'may' | 'visitor'>
}) {
  const { say, may, visitor } = asked
  if (run.state === 'issued')
    return <ButtonLink href={`/office/bills?run=${run.runId}`}>{say('看账单', 'its bills')}</ButtonLink>
  if (run.state === 'discarded') return null
  if (!waits)
    return may('bills.open-run') ? (
      <PrimaryLink href="/office/bill-runs/draft">{say('重新试算', 'draft anew')}</PrimaryLink>
    ) : null
  if (run.makerCode === visitor.code || !may('bills.approve-run'))
    return <State tone="waiting">{say('需他人审批', 'another person approves')}</State>
  return (
    <>
      <ButtonLink href={`${addressOf(run.runId)}/return`}>{say('退回', 'return')}</ButtonLink>
      <PrimaryLink href={`${addressOf(run.runId)}/approval`}>{say('审批并签发', 'approve and issue')}</PrimaryLink>
    </>
  )
}

function happenings(proposals: readonly DecidedProposal[], say: Say): Happening[] {
  const words: Record<'approved' | 'returned' | 'withdrawn', Said> = {
    approved: { zh: '审批并签发', en: 'approved and issued' },
    returned: { zh: '退回', en: 'returned' },
    withdrawn: { zh: '撤回', en: 'withdrawn' },
  }
  return proposals.flatMap((proposal): Happening[] => [
    ...(proposal.decision === undefined
      ? []
      : [
          {
            on: <Instant of={proposal.decision.at} />,
            what: say(words[proposal.decision.outcome]),
            who: proposal.decision.personName,
            more: proposal.decision.reason === '' ? undefined : proposal.decision.reason,
            tone: proposal.decision.outcome === 'approved' ? ('settled' as const) : ('plain' as const),
          },
        ]),
    {
      on: <Instant of={proposal.recordedAt} />,
      what: say('试算完成，提交审批', 'drafted and put before an approver'),
      who: proposal.makerName,
      more: (
        <>
          {say('摘要 ', 'digest ')}
          <code>{(proposal.content as unknown as RunSummary).digest.slice(0, 12)}</code>
        </>
      ),
    },
  ])
}

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

function IssuedCensus({ census, say }: { readonly census: Awaited<ReturnType<typeof censusOf>>; readonly say: Say }) {
  if (census === undefined) return null
  return (
    <PlainTable
      caption={say('普查：开账 + 待处理 + 免征 = 征收名单', 'census: billed + held + exempt = roster')}
      columns={[say('征收名单', 'roster'), say('开账', 'billed'), say('待处理', 'held'), say('免征', 'exempt')].map(
        (title) => ({ title, number: true }),
      )}
      rows={[[census.roster, census.billed, census.held, census.exempt].map((n) => <Count of={n} />)]}
    />
  )
}

/** What an approver judges a draft by: the census, the brake, the months before, what stands out, a few bills to open. */
async function draftToJudge(run: BillRun, summary: RunSummary, asked: Pick<PageAsked, 'services' | 'say'>) {
  const { say, services } = asked
  const samples = await sampledBills(services.db, run.runId, summary.digest, samplesShown)
  return (
    <>
      <Summary summary={summary} say={say} />
      {await monthsBefore(run, summary, asked)}
      <Outliers summary={summary} say={say} />
      <DraftedList
        caption={say(
          `抽样核对（系统按摘要抽取 ${samples.length} 张，点开看算式）`,
          `samples to open (${samples.length}, drawn by the digest)`,
        )}
        runId={run.runId}
        of={samples}
        say={say}
      />
    </>
  )
}

function Summary({ summary, say }: { readonly summary: RunSummary; readonly say: Say }) {
  const { census } = summary
  const held = Object.entries(summary.heldByCode).toSorted((a, b) => b[1] - a[1])
  return (
    <>
      {summary.complete ? null : (
        <Notice tone="waiting">
          {say(
            `试算只完成 ${summary.drafted.toLocaleString('en')} / ${census.roster.toLocaleString('en')} 户，须算完再审批。`,
            `Only ${summary.drafted.toLocaleString('en')} of ${census.roster.toLocaleString('en')} accounts are drafted: it must be finished before it is approved.`,
          )}
        </Notice>
      )}
      {summary.factsChanged ? (
        <Notice tone="waiting">
          {say(
            '试算之后资料有变动，须重新试算再审批。',
            'Facts were added since the draft: draft anew before approving.',
          )}
        </Notice>
      ) : null}
      {summary.brake.map((finding) => (
        <Notice tone="overdue">
          <strong>{say('刹车：', 'Brake: ')}</strong>
          {say(finding)}
        </Notice>
      ))}
      <PlainTable
        caption={say(
          '普查：此前已开 + 开账 + 待处理 + 免征 = 征收名单',
          'census: billed before + billed + held + exempt = roster',
        )}
        columns={[
          ...[
            say('征收名单（户）', 'roster'),
            say('此前已开', 'billed before'),
            say('开账', 'billed'),
            say('待处理', 'held'),
            say('免征', 'exempt'),
          ].map((title) => ({ title, number: true })),
          { title: say('核对', 'check') },
        ]}
        rows={[
          [
            ...[census.roster, census.billedBefore, census.billed, census.held, census.exempt].map((n) => (
              <Count of={n} />
            )),
            censusAddsUp(summary) ? (
              <State tone="settled">{say('相符', 'adds up')}</State>
            ) : (
              <State tone="overdue">{say('不平', 'does not add up')}</State>
            ),
          ],
        ]}
      />
      {held.length === 0 ? null : (
        <PlainTable
          caption={say('待处理户按原因', 'held accounts by reason')}
          columns={[{ title: say('原因', 'reason') }, { title: say('户数', 'accounts'), number: true }]}
          rows={held.map(([code, count]) => [
            <a href={`${addressOf(summary.runId)}/exceptions?code=${encodeURIComponent(code)}`}>
              {heldTitle(code, say)}
            </a>,
            <Count of={count} />,
          ])}
        />
      )}
    </>
  )
}

/** The first words of a reason's sentence, up to its first stop: enough where rows are counted by it. */
function heldTitle(code: string, say: Say): string {
  const sentence = exceptionSentence({ reasons: [{ code, parameters: {} }] }, say.language)
  const [title = code] = sentence.replaceAll(/\s*\{\w+\}\s*/g, say('', ' ')).split(/[。：:.（(]/)
  return title.trim()
}

async function monthsBefore(run: BillRun, summary: RunSummary, asked: Pick<PageAsked, 'services' | 'say'>) {
  const { say, services } = asked
  const before = (await billedMonths(services.db, run.feeMonth, 3, run.scope)).filter(
    ({ feeMonth }) => feeMonth !== run.feeMonth,
  )
  if (before.length === 0) return null
  return (
    <PlainTable
      caption={say('与前几个月比较', 'beside the months before')}
      columns={[
        { title: say('月份', 'month') },
        { title: say('开账（户）', 'accounts billed'), number: true },
        { title: say('水量（m³）', 'volume (m³)'), number: true },
        { title: say('合计（元）', 'total (yuan)'), number: true },
      ]}
      rows={[
        [
          say(`${run.feeMonth}（本批次）`, `${run.feeMonth} (this run)`),
          <Count of={summary.census.billed} />,
          <VolumeM3 of={summary.volumeM3} />,
          <Amount of={summary.amount} />,
        ],
        ...before.map((each) => [
          each.feeMonth,
          <Count of={each.accounts} />,
          <VolumeM3 of={volumeText(each.volumeM3)} />,
          <Amount of={moneyText(each.amount)} />,
        ]),
      ]}
    />
  )
}

function Outliers({ summary, say }: { readonly summary: RunSummary; readonly say: Say }) {
  if (summary.outliers.length === 0) return null
  return (
    <PlainTable
      caption={
        summary.outlierCount > summary.outliers.length
          ? say(
              `用量异常 ${summary.outlierCount.toLocaleString('en')} 户，列前 ${summary.outliers.length} 户`,
              `outliers: ${summary.outlierCount.toLocaleString('en')}, the first ${summary.outliers.length}`,
            )
          : say(`用量异常 ${summary.outlierCount} 户`, `outliers: ${summary.outlierCount}`)
      }
      columns={[
        { title: say('户号', 'account') },
        { title: say('本月（m³）', 'this month (m³)'), number: true },
        { title: say('前几月平均（m³）', 'mean before (m³)'), number: true },
        { title: say('金额（元）', 'amount (yuan)'), number: true },
      ]}
      rows={summary.outliers.map((outlier) => [
        <a href={`${addressOf(summary.runId)}/drafts/${outlier.accountId}`}>
          <code>{outlier.accountNo}</code>
        </a>,
        <VolumeM3 of={outlier.volumeM3} />,
        <VolumeM3 of={outlier.meanM3} />,
        <Amount of={outlier.amount} />,
      ])}
    />
  )
}

function DraftedList({
  caption,
  runId,
  of,
  say,
}: {
  readonly caption: string
  readonly runId: string
  readonly of: readonly DraftedBill[]
  readonly say: Say
}) {
  if (of.length === 0) return null
  return (
    <PlainTable
      caption={caption}
      columns={[
        { title: say('户号', 'account') },
        { title: say('缴费人', 'payer') },
        { title: say('种类', 'kind') },
        { title: say('水量（m³）', 'volume (m³)'), number: true },
        { title: say('金额（元）', 'amount (yuan)'), number: true },
      ]}
      rows={of.map((bill) => [
        <a href={`${addressOf(runId)}/drafts/${bill.accountId}`}>
          <code>{bill.accountNo}</code>
        </a>,
        bill.dischargerName,
        say(billKindNames[bill.kind]),
        <VolumeM3 of={bill.volumeM3} />,
        <Amount of={bill.amount} />,
      ])}
    />
  )
}

function HeldSection({
  run,
  held,
  say,
}: {
  readonly run: BillRun
  readonly held: Awaited<ReturnType<typeof runExceptions>>
  readonly say: Say
}) {
  if (run.state === 'discarded') return null
  const shown = held.slice(0, heldShown)
  return (
    <Section title={say('待处理户', 'held accounts')}>
      {held.length === 0 ? (
        <Notice tone="settled">{say('没有待处理户。', 'No account is held.')}</Notice>
      ) : (
        <PlainTable
          columns={[
            { title: say('户号', 'account') },
            { title: say('户名', 'name') },
            { title: say('原因 → 建议', 'why, and what to do') },
          ]}
          rows={shown.map(({ accountNo, holderName, reason }) => [
            <code>{accountNo}</code>,
            holderName,
            <Why of={reason} say={say} />,
          ])}
        />
      )}
      <p>
        <a href={`${addressOf(run.runId)}/exceptions`}>
          {say('全部待处理户与免征户 →', 'all held and exempt accounts →')}
        </a>
      </p>
    </Section>
  )
}

/** Why an account is held; a row of a file that is to be decided is one step away. */
function Why({ of, say }: { readonly of: ExceptionListRow['reason']; readonly say: Say }) {
  const rows = (of.reasons ?? []).filter(({ code }) => code === 'reading_under_review')
  return (
    <>
      {sentenceForPage(of, say)}
      {rows.map(({ parameters: { importId, rowNo } }) => (
        <>
          {' '}
          <a class="unbroken on-screen" href={`/office/readings/imports/${importId}/rows/${rowNo}`}>
            {say(`看第 ${rowNo} 行 →`, `see row ${rowNo} →`)}
          </a>
        </>
      ))}
    </>
  )
}

/** The sentence of a reason without the command of the command line, which is no use on a page. */
function sentenceForPage(reason: ExceptionListRow['reason'], say: Say): string {
  const { reasons } = reason
  if (reasons === undefined) return exceptionSentence(reason, say.language)
  return inOneLine(
    reasons.map((each) => withoutCommands(exceptionSentence({ reasons: [each] }, say.language))),
    say.language,
  )
}

const statusWords: Record<'held' | 'exempt', { readonly tone: Tone } & Said> = {
  held: { tone: 'waiting', zh: '待处理', en: 'held' },
  exempt: { tone: 'plain', zh: '免征', en: 'exempt' },
}
const exceptionsTitle: Said = { zh: '待处理户与免征户', en: 'held and exempt accounts' }

const exceptionsPage = tablePage('/office/bill-runs/{run}/exceptions', {
  title: exceptionsTitle,
  permits: 'bills.runs.read',
  params: { run: id() },
  query: {
    status: z.enum(['held', 'exempt']).optional(),
    code: z.string().max(60).optional(),
    account: text(40).optional(),
  },
  filters: [
    {
      name: 'status',
      label: { zh: '结论', en: 'status' },
      kind: 'choice',
      choices: (say) => (['held', 'exempt'] as const).map((each) => [each, say(statusWords[each])]),
    },
    {
      name: 'code',
      label: { zh: '原因', en: 'reason' },
      kind: 'choice',
      choices: (say) => Object.keys(heldReasons).map((code) => [code, heldTitle(code, say)]),
    },
    { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
  ],
  crumbs: ({ params, say }) => [
    runsCrumb(say),
    { text: say(`批次 ${params.run}`, `run ${params.run}`), href: addressOf(params.run) },
  ],
  columns: [
    {
      key: 'account',
      title: { zh: '户号', en: 'account' },
      cell: (row: ExceptionListRow) => <code>{row.account_no}</code>,
      text: (row) => row.account_no,
      sort: 'account_no',
    },
    {
      key: 'name',
      title: { zh: '户名', en: 'name' },
      cell: (row) => row.holder_name,
      text: (row) => row.holder_name ?? '',
      sort: 'holder_name',
    },
    {
      key: 'status',
      title: { zh: '结论', en: 'status' },
      cell: (row, say) => <State tone={statusWords[row.status].tone}>{say(statusWords[row.status])}</State>,
      text: (row, say) => say(statusWords[row.status]),
      sort: 'status',
    },
    {
      key: 'reason',
      title: { zh: '原因 → 建议', en: 'why, and what to do' },
      cell: (row, say) => (
        <div class="reason">
          <Why of={row.reason} say={say} />
        </div>
      ),
      text: (row, say) => sentenceForPage(row.reason, say),
      sort: 'reason',
    },
  ],
  rows: async (asked) => {
    const run = await runOf(asked)
    return isRefusal(run) ? run : exceptionRows(run, asked.query)
  },
  order: { by: 'account_id', direction: 'asc' },
  indexed: ['account_id'],
  unique: 'account_id',
  open: (row) => `/office/accounts/${encodeURIComponent(row.collector_code)}/${encodeURIComponent(row.account_no)}`,
  file: exceptionsTitle,
  empty: ({ say }) => ({ text: say('本批次没有待处理户和免征户。', 'No account of this run is held or exempt.') }),
})

const draftedPage = page('/office/bill-runs/{run}/drafts/{account}', {
  title: { zh: '试算的账单', en: 'a drafted bill' },
  permits: 'bills.runs.read',
  params: { run: id(), account: id() },
  show: async (asked) => {
    const { services, params, say } = asked
    const run = await runOf(asked)
    if (isRefusal(run)) return run
    const bills = await draftedBills(services.db, run.runId, params.account)
    const [first] = bills
    if (first === undefined) return refuseBill('draft_missing', { run: run.runId })
    const names = await explanationNames(services.db)
    return {
      title: say(`试算 户号 ${first.accountNo}`, `draft of account ${first.accountNo}`),
      crumbs: [runsCrumb(say), runCrumb(say, run)],
      state: <State tone="waiting">{say('未签发', 'not issued')}</State>,
      body: bills.map((bill) => (
        <Section title={`${say(billKindNames[bill.kind])} · ${bill.dischargerName}`}>
          <Facts
            of={[
              [say('水量（m³）', 'volume (m³)'), <VolumeM3 of={bill.volumeM3} />],
              [say('应缴（元）', 'amount (yuan)'), <Amount of={bill.amount} />],
            ]}
          />
          <Arithmetic lines={bill.lines.flatMap((line) => explainLine(line, names, say.language))} />
        </Section>
      )),
    }
  },
})

/** What an approver decides on, above the form: the maker, what they submitted, what has changed since. */
async function whatIsDecided(asked: AskedOfRun): Promise<Child | Refusal> {
  const { services, say, visitor } = asked
  const { db } = services
  const run = await runOf(asked)
  if (isRefusal(run)) return run
  if (run.state !== 'open') return refuseBill('run_missing', { run: run.runId })
  const summary = await summariseRun(db, run)
  const [waiting] = await listProposals(db, { kind: runProposalKind, subject: run.runId, undecided: true })
  const seen = waiting === undefined ? undefined : (waiting.content as unknown as RunSummary)
  return (
    <>
      {run.makerCode === visitor.code ? (
        <Notice tone="waiting">
          {say('本人制单，需他人审批。', 'This is your own work: another person approves it.')}
        </Notice>
      ) : null}
      <Facts
        of={[
          [say('制单', 'drafted by'), run.makerName],
          [say('提交时间', 'submitted'), waiting === undefined ? '—' : <Instant of={waiting.recordedAt} />],
          [say('您看到的摘要', 'digest you see'), <code>{summary.digest.slice(0, 12)}</code>],
          [
            say('提交以来', 'since it was submitted'),
            <SinceSubmitted seen={seen} now={summary} changes={await changesOf(asked, summary, run)} say={say} />,
          ],
        ]}
      />
      <Summary summary={summary} say={say} />
    </>
  )
}

async function changesOf({ services, say }: AskedOfRun, summary: RunSummary, run: BillRun): Promise<string> {
  if (!summary.factsChanged) return ''
  const { changesZh, changesEn } = await changesSince(services.db, run.runId)
  return say(changesZh, changesEn)
}

function SinceSubmitted({
  seen,
  now,
  changes,
  say,
}: {
  readonly seen: RunSummary | undefined
  readonly now: RunSummary
  readonly changes: string
  readonly say: Say
}) {
  if (seen === undefined) return <>{say('没有待审批的提交', 'nothing waits for a decision')}</>
  if (seen.digest !== now.digest)
    return (
      <>
        {say('账单 ', 'bills ')}
        <Count of={seen.bills} /> → <Count of={now.bills} />
        {say('，合计 ', ', total ')}
        <Amount of={seen.amount} /> → <Amount of={now.amount} />
      </>
    )
  return (
    <>
      {changes === ''
        ? say('没有变化', 'nothing has changed')
        : say(`新登记 ${changes}，须重新试算`, `added: ${changes}; it must be drafted anew`)}
    </>
  )
}

const digestOf = async (asked: AskedOfRun): Promise<{ digestSeen?: string }> => {
  const run = await runOf(asked)
  return isRefusal(run) ? {} : { digestSeen: (await summariseRun(asked.services.db, run)).digest }
}
const digestField = { label: { zh: '您看到的摘要', en: 'the digest you saw' }, kind: 'hidden' } as const

const approvalPage = (afterIssue: AfterIssue): PageRoute =>
  formPage('/office/bill-runs/{run}/approval', {
    title: { zh: '审批并签发批次', en: 'approve and issue a run' },
    permits: 'bills.approve-run',
    params: { run: id() },
    crumbs: ({ params, say }) => [
      runsCrumb(say),
      { text: say(`批次 ${params.run}`, `run ${params.run}`), href: addressOf(params.run) },
    ],
    about: (asked) => whatIsDecided(asked),
    initial: (asked) => digestOf(asked),
    fields: {
      digestSeen: digestField,
      acknowledge: {
        label: { zh: '触发刹车时的理由', en: 'why it is right although the brake stopped it' },
        help: { zh: '没有触发刹车的不必填。', en: 'Leave it empty where no brake is named above.' },
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
        { what: say('账单号', 'numbers'), before: '—', after: numberRange(answer) },
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
      to: addressOf(params.run),
      said: say(
        `已签发 ${answer.billCount.toLocaleString('en')} 张账单 ${numberRange(answer)}，合计 ${moneyForPeople(money(answer.totalAmount))} 元，到期 ${answer.dueOn}。`,
        `Issued ${answer.billCount.toLocaleString('en')} ${answer.billCount === 1 ? 'bill' : 'bills'} ${numberRange(answer)}, ${moneyForPeople(money(answer.totalAmount))} yuan, due ${answer.dueOn}.`,
      ),
    }),
  })

const returnPage = formPage('/office/bill-runs/{run}/return', {
  title: { zh: '退回批次', en: 'return a run' },
  permits: 'bills.return-run',
  params: { run: id() },
  crumbs: ({ params, say }) => [
    runsCrumb(say),
    { text: say(`批次 ${params.run}`, `run ${params.run}`), href: addressOf(params.run) },
  ],
  about: (asked) => whatIsDecided(asked),
  initial: (asked) => digestOf(asked),
  fields: {
    digestSeen: digestField,
    reason: {
      label: { zh: '退回原因', en: 'why it is returned' },
      help: { zh: '制单人据此改正后重新试算。', en: 'The maker mends it by this and drafts anew.' },
      kind: 'long',
      schema: z.string().max(500, '最多 500 字 · at most 500 characters'),
    },
  },
  run: ({ services, params }, values, { envelope }) => returnRun(services, envelope, { runId: params.run, ...values }),
  preview: (_, { say, params }, { reason }) => ({
    changes: [
      {
        what: say(`批次 ${params.run}`, `run ${params.run}`),
        before: say('待审批', 'waits for approval'),
        after: say(`已退回：${reason}`, `returned: ${reason}`),
      },
    ],
    button: say(`退回批次 ${params.run}`, `return run ${params.run}`),
  }),
  done: (_, { say, params }) => ({
    to: addressOf(params.run),
    said: say(`已退回批次 ${params.run}。`, `Run ${params.run} is returned.`),
  }),
})

const discardPage = formPage('/office/bill-runs/{run}/discarding', {
  title: { zh: '作废批次', en: 'give a run up' },
  permits: 'bills.discard-run',
  params: { run: id() },
  crumbs: ({ params, say }) => [
    runsCrumb(say),
    { text: say(`批次 ${params.run}`, `run ${params.run}`), href: addressOf(params.run) },
  ],
  about: async (asked) => {
    const run = await runOf(asked)
    if (isRefusal(run)) return run
    return run.state === 'open' ? undefined : refuseBill('run_missing', { run: run.runId })
  },
  fields: {
    reason: {
      label: { zh: '作废原因', en: 'why it is given up' },
      kind: 'long',
      schema: z.string().max(500, '最多 500 字 · at most 500 characters'),
    },
  },
  run: ({ services, params }, { reason }, { envelope }) =>
    discardRun(services, envelope, { runId: params.run, reason }),
  preview: async (_, { services, say, params }) => {
    const [run] = await listRuns(services.db, { runId: params.run })
    const summary = run === undefined ? undefined : await summariseRun(services.db, run)
    return {
      changes: [
        {
          what: say('试算的账单（张）', 'drafted bills'),
          before: <Count of={summary?.bills} />,
          after: '0',
        },
        {
          what: say('试算合计（元）', 'drafted total (yuan)'),
          before: <Amount of={summary?.amount} />,
          after: '0.00',
        },
        {
          what: say(`批次 ${params.run}`, `run ${params.run}`),
          before: say('待审批', 'waits for approval'),
          after: say('已作废', 'given up'),
        },
      ],
      button: say(`作废批次 ${params.run}`, `give run ${params.run} up`),
    }
  },
  done: (_, { say, params }) => ({
    to: addressOf(params.run),
    said: say(`已作废批次 ${params.run}；没有签发账单。`, `Run ${params.run} is given up; no bill was issued.`),
  }),
})

/** Where long work of runs leads on to. */
export const billWorkResults: Readonly<Record<string, WorkResult>> = {
  'post-bill-runs': ({ answer }, say) => drafted((answer as unknown as DraftedRun).runId, say),
}

function drafted(runId: string, say: Say): Child {
  return (
    <p>
      <PrimaryLink href={addressOf(runId)}>{say(`看批次 ${runId}`, `to run ${runId}`)}</PrimaryLink>
    </p>
  )
}

/** The office's pages of bill runs. */
export function billRunPages(afterIssue: AfterIssue, draftRoute: Route): readonly PageRoute[] {
  return [
    listPage,
    draftPage(draftRoute),
    runPage,
    exceptionsPage,
    draftedPage,
    approvalPage(afterIssue),
    returnPage,
    discardPage,
  ]
}
