import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { findAccount } from '../dischargers/account.queries.ts'
import { accountNo, collectorCode } from '../dischargers/account.routes.ts'
import { monthOf, plusMonths } from '../kernel/calendar.ts'
import { withThousands } from '../kernel/decimal.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { cited } from '../platform/cited.ts'
import { date, id, month, text } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import type { Said } from '../platform/http/route.ts'
import { type Fields, formPage, given, previewOfTyped } from '../platform/pages/forms.tsx'
import { type Crumb, type PageAsked, type PageRoute, page, Redirect } from '../platform/pages/page-route.ts'
import { ButtonLink, Facts, Notice, PlainTable, State, VolumeM3 } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { proposalPages, waitingProposals } from '../platform/proposal-pages.tsx'
import { findProposal } from '../platform/proposals.ts'
import {
  type DeclarationContent,
  decideDeclaration,
  decideRatedFlow,
  declarationProposalKind,
  declareOwnSource,
  proposeRatedFlow,
  type RatedFlowContent,
  ratedFlowProposalKind,
} from './declare-own-source.ts'
import {
  basisProposalKind,
  decideVolumeBasis,
  endVolumeBasis,
  type LastBilledDay,
  proposeVolumeBasis,
} from './propose-volume-basis.ts'
import { basesOf } from './volume.queries.ts'
import { basisNames, type ProposedBasis, type VolumeBasisKind, volumeBases } from './volume-basis.ts'
import {
  type BasisListRow,
  basisRows,
  type OwnSourceRow,
  type OwnSourceState,
  ownSourceRows,
} from './volume-list.queries.ts'

const title: Said = { zh: '计量依据', en: 'volume bases' }
const home = '/office/volume-bases'
const crumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(title), href: home }]
const ownTitle: Said = { zh: '自备水源申报', en: 'own-source declarations' }
const ownHome = '/office/own-sources'
const ownCrumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(ownTitle), href: ownHome }]
const accountPath = (collector: string, account: string): string =>
  `/office/accounts/${encodeURIComponent(collector)}/${encodeURIComponent(account)}`

const columns: readonly Column<BasisListRow>[] = [
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no}</code>,
    text: (row) => row.account_no,
    sort: 'account_no',
  },
  {
    key: 'holder',
    title: { zh: '户名', en: 'holder' },
    cell: (row) => row.holder ?? '—',
    text: (row) => row.holder ?? '',
    sort: 'holder',
  },
  {
    key: 'basis',
    title: { zh: '依据', en: 'basis' },
    cell: (row, say) => say(basisNames[row.basis]),
    text: (row, say) => say(basisNames[row.basis]),
    sort: 'basis',
  },
  {
    key: 'quantity',
    title: { zh: '量', en: 'quantity' },
    cell: (row, say) => quantityOf(row, say),
    text: (row, say) => quantityOf(row, say),
    sort: 'quantity',
  },
  {
    key: 'evidence',
    title: { zh: '证据', en: 'evidence' },
    cell: (row) => row.evidence,
    text: (row) => row.evidence,
    sort: 'evidence',
    wide: true,
  },
  {
    key: 'from',
    title: { zh: '自', en: 'from' },
    cell: (row) => row.valid_from,
    text: (row) => row.valid_from,
    sort: 'valid_from',
  },
  {
    key: 'until',
    title: { zh: '至', en: 'until' },
    cell: (row, say) => row.valid_until ?? say('长期', 'open'),
    text: (row, say) => row.valid_until ?? say('长期', 'open'),
    sort: 'valid_until',
  },
]

function quantityOf(
  row: Pick<BasisListRow, 'rated_flow_m3_per_hour' | 'quota_m3_per_month' | 'determination_no'>,
  say: Say,
): string {
  if (row.rated_flow_m3_per_hour !== null) return `${withThousands(plain(row.rated_flow_m3_per_hour))} m³/h`
  if (row.quota_m3_per_month !== null) {
    const quota = withThousands(plain(row.quota_m3_per_month))
    return say(`${quota} m³/月`, `${quota} m³/month`)
  }
  return row.determination_no ?? '—'
}
const plain = (decimal: string): string => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal)

const listPage = tablePage(home, {
  title,
  permits: 'volumes.read',
  query: { account: accountNo.optional(), basis: z.enum(volumeBases).optional(), on: date.optional() },
  filters: [
    { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
    {
      name: 'basis',
      label: { zh: '依据', en: 'basis' },
      kind: 'choice',
      choices: (say) => volumeBases.map((each) => [each, say(basisNames[each])]),
    },
    { name: 'on', label: { zh: '有效于', en: 'in force on' }, kind: 'date' },
  ],
  columns,
  rows: ({ query }) => basisRows(query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `${home}/${row.id}`,
  file: title,
  intro: async ({ services: { db }, visitor, say }) => {
    const waiting = await waitingProposals({ services: { db }, visitor }, basisProposalKind)
    return waiting.length === 0 ? null : (
      <PlainTable
        caption={say('待审批', 'waiting for approval')}
        columns={[say('户号', 'account'), say('依据', 'basis'), say('提交人', 'maker')].map((each) => ({
          title: each,
        }))}
        rows={waiting.map(({ id: proposal, content, makerName }) => {
          const { accountNo: account, basis } = content as unknown as ProposedBasis
          return [<a href={`${home}/proposals/${proposal}`}>{account}</a>, say(basisNames[basis]), makerName]
        })}
      />
    )
  },
  empty: ({ say }) => ({
    text: say(
      '没有特别的计量依据：各户按公共供水水表计量（办法第八条）。其他依据从用水户页面提出，须他人审批。',
      'None: every account is billed by its public meter (Measures art. 8). Another ground is proposed on the page of an account.',
    ),
  }),
})

const basisPage = page('/office/volume-bases/{basis}', {
  title: { zh: '一项计量依据', en: 'one basis' },
  permits: 'volumes.read',
  params: { basis: id() },
  show: async ({ services: { db }, params, say, url }) => {
    const { rows } = await sql<BasisListRow>`${basisRows({ id: params.basis })}`.execute(db)
    const [found] = rows
    if (found === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    return {
      title: say(basisNames[found.basis]),
      crumbs: crumbs({ say }),
      state:
        found.valid_until === null ? (
          <State tone="settled">{say('有效', 'in force')}</State>
        ) : (
          <State tone="plain">{say(`至 ${found.valid_until}`, `until ${found.valid_until}`)}</State>
        ),
      body: (
        <>
          <Facts
            of={[
              [
                say('户号', 'account'),
                <a href={accountPath(found.collector_code, found.account_no)}>
                  <code>{found.account_no}</code>
                </a>,
              ],
              [say('户名', 'holder'), found.holder],
              [say('条款', 'clause'), cited(found.clause, say.language)],
              [say('量', 'quantity'), quantityOf(found, say)],
              [say('认定文号', 'determination'), found.determination_no],
              [
                say('公示', 'posted'),
                found.posted_from === null
                  ? null
                  : say(
                      `${found.posted_from} 至 ${found.posted_until}`,
                      `${found.posted_from} to ${found.posted_until}`,
                    ),
              ],
              [say('证据', 'evidence'), found.evidence],
              [say('自', 'from'), found.valid_from],
              [say('至', 'until'), found.valid_until ?? say('长期', 'open')],
              [say('审批', 'approval'), <a href={`${home}/proposals/${found.proposal_id}`}>{found.proposal_id}</a>],
            ]}
          />
          {found.valid_until === null ? (
            <p class="buttons">
              <ButtonLink href={`${home}/${found.id}/end`}>{say('终止', 'end it')}</ButtonLink>
            </p>
          ) : null}
        </>
      ),
    }
  },
})

const ofAccount = { collector: collectorCode, account: accountNo }
type OfAccount = PageAsked<typeof ofAccount>
const accountCrumbs = ({ say, params }: OfAccount): readonly Crumb[] => [
  { text: say('用水户', 'accounts'), href: '/office/accounts' },
  { text: params.account, href: accountPath(params.collector, params.account) },
]
const whose = async ({ services, params, say }: OfAccount) => {
  const found = await findAccount(services.db, params.collector, params.account)
  if (isRefusal(found)) return found
  return (
    <Notice>
      {found.holderName}　{say('户号', 'account')} <code>{found.accountNo}</code>
    </Notice>
  )
}
const chosen = ({ params }: OfAccount) => ({ collectorCode: params.collector, accountNo: params.account })

const basisFields = {
  basis: {
    label: { zh: '依据', en: 'basis' },
    kind: 'choice',
    choices: ({ say }: PageAsked) =>
      volumeBases.filter((each) => each !== 'public_meter').map((each) => [each, say(basisNames[each])] as const),
    schema: z.enum(volumeBases) as z.ZodType<VolumeBasisKind, string>,
  },
  ratedFlowM3PerHour: {
    label: { zh: '额定流量（m³/h）', en: 'rated flow (m³/h)' },
    help: { zh: '按额定流量时填。', en: 'For rated flow.' },
    kind: 'number',
    optional: true,
    schema: text(40),
  },
  quotaM3PerMonth: {
    label: { zh: '定额（m³/月）', en: 'quota (m³ a month)' },
    help: { zh: '按施工定额时填。', en: 'For a construction quota.' },
    kind: 'number',
    optional: true,
    schema: text(40),
  },
  outletNo: {
    label: { zh: '排污口', en: 'outlet' },
    help: { zh: '按实际排放量时填，须有在线计量。', en: 'For actual discharge; it needs an online meter.' },
    optional: true,
    schema: text(100),
  },
  determinationNo: { label: { zh: '认定文号', en: 'determination' }, optional: true, schema: text(200) },
  postedFrom: { label: { zh: '公示自', en: 'posted from' }, kind: 'date', optional: true, schema: date },
  postedUntil: { label: { zh: '公示至', en: 'posted until' }, kind: 'date', optional: true, schema: date },
  evidence: { label: { zh: '证据', en: 'evidence' }, kind: 'long', schema: text(500) },
  validFrom: { label: { zh: '自', en: 'from' }, kind: 'date', schema: date },
  validUntil: {
    label: { zh: '至', en: 'until' },
    help: { zh: '自该日起不再有效；长期不填。', en: 'The first day it no longer holds; none if open.' },
    kind: 'date',
    optional: true,
    schema: date,
  },
} as const satisfies Fields

const allDays = { from: date.parse('1990-01-01'), until: date.parse('2199-12-31') }

const proposePage = formPage('/office/accounts/{collector}/{account}/volume-bases/new', {
  title: { zh: '提出计量依据', en: 'propose a volume basis' },
  permits: 'volumes.propose-basis',
  params: ofAccount,
  crumbs: accountCrumbs,
  about: async (asked) => {
    const { services, params, say } = asked
    const found = await findAccount(services.db, params.collector, params.account)
    if (isRefusal(found)) return found
    const bases = (await basesOf(services.db, [found.accountId], allDays)).get(found.accountId) ?? []
    return (
      <>
        {await whose(asked)}
        {bases.length === 0 ? null : (
          <PlainTable
            caption={say('现有依据', 'present bases')}
            columns={[say('依据', 'basis'), say('自', 'from'), say('至', 'until')].map((each) => ({ title: each }))}
            rows={bases.map(({ basis, validity }) => [
              say(basisNames[basis]),
              validity.from,
              validity.until ?? say('长期', 'open'),
            ])}
          />
        )}
      </>
    )
  },
  fields: basisFields,
  run: (asked, values, { envelope }) =>
    proposeVolumeBasis(asked.services, envelope, { ...chosen(asked), ...given(values) }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, basisFields, values, {
      before: { basis: asked.say(basisNames.public_meter) },
      button: asked.say(`提出户号 ${answer.accountNo} 的依据，待他人审批`, `propose it for ${answer.accountNo}`),
    }),
  done: (answer, { say }) => ({
    to: `${home}/proposals/${answer.proposalId}`,
    said: say('已提出计量依据，待他人审批。', 'The basis waits for another person.'),
  }),
})

const endFields = {
  validUntil: {
    label: { zh: '终止日', en: 'until' },
    help: { zh: '自该日起不再有效，只能终止一次。', en: 'The first day it no longer holds; once.' },
    kind: 'date',
    schema: date,
  },
  reason: { label: { zh: '原因', en: 'reason' }, kind: 'long', schema: text(500) },
} as const satisfies Fields

const basisProposals = proposalPages(`${home}/proposals`, {
  kind: basisProposalKind,
  title: { zh: '计量依据的提交', en: 'a proposed basis' },
  crumbs,
  permits: { read: 'volumes.read', approve: 'volumes.decide-basis', giveBack: 'volumes.decide-basis' },
  show: (content, { say }) => {
    const proposed = content as unknown as ProposedBasis
    return (
      <Facts
        of={[
          [
            say('户号', 'account'),
            <a href={`/office/accounts?q=${encodeURIComponent(proposed.accountNo)}`}>{proposed.accountNo}</a>,
          ],
          [say('依据', 'basis'), say(basisNames[proposed.basis])],
          [say('条款', 'clause'), cited(basisNames[proposed.basis].clause, say.language)],
          [say('额定流量（m³/h）', 'rated flow (m³/h)'), proposed.ratedFlowM3PerHour],
          [say('定额（m³/月）', 'quota (m³ a month)'), proposed.quotaM3PerMonth],
          [say('认定文号', 'determination'), proposed.determinationNo],
          [
            say('公示', 'posted'),
            proposed.postedFrom === null
              ? null
              : say(
                  `${proposed.postedFrom} 至 ${proposed.postedUntil}`,
                  `${proposed.postedFrom} to ${proposed.postedUntil}`,
                ),
          ],
          [say('在线计量', 'online meter'), proposed.outletHasOnlineMeter ? say('有', 'yes') : say('无', 'no')],
          [say('证据', 'evidence'), proposed.evidence],
          [say('自', 'from'), proposed.validFrom],
          [say('至', 'until'), proposed.validUntil ?? say('长期', 'open')],
        ]}
      />
    )
  },
  approve: ({ services }, envelope, decision) =>
    decideVolumeBasis(services, envelope, { ...decision, outcome: 'approved', reason: '' }),
  giveBack: ({ services }, envelope, decision) =>
    decideVolumeBasis(services, envelope, { ...decision, outcome: 'returned' }),
  preview: (_answer, { say }, content) => {
    const { accountNo: account, basis, validFrom } = content as unknown as ProposedBasis
    return {
      changes: [
        {
          what: say(`户号 ${account} 自 ${validFrom} 的计量依据`, `basis of ${account} from ${validFrom}`),
          before: say(basisNames.public_meter),
          after: say(basisNames[basis]),
        },
      ],
      button: say('批准这项依据', 'approve it'),
    }
  },
  approved: (answer, { say }) => ({
    to: answer.basisId === null ? home : `${home}/${answer.basisId}`,
    said: say('计量依据已生效。', 'The basis holds.'),
  }),
})

// Own sources

const lastMonth = (today: ReturnType<typeof date.parse>) => plusMonths(monthOf(today), -1)

const ownStates = {
  missing: { zh: '未申报', en: 'not declared' },
  waiting: { zh: '待审核', en: 'under review' },
  declared: { zh: '已审核', en: 'reviewed' },
  at_rated_flow: { zh: '按额定流量', en: 'at rated flow' },
} as const satisfies Record<OwnSourceState, Said>
const ownState = (row: OwnSourceRow, say: Say): string => say(ownStates[row.state])

const ownPage = tablePage(ownHome, {
  title: ownTitle,
  permits: 'volumes.read',
  query: {
    month: month.optional(),
    account: accountNo.optional(),
    state: z.enum(Object.keys(ownStates) as [OwnSourceState, ...OwnSourceState[]]).optional(),
  },
  filters: [
    { name: 'month', label: { zh: '用水月份', en: 'month of use' }, kind: 'month' },
    { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
    {
      name: 'state',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => Object.entries(ownStates).map(([state, words]) => [state, say(words)] as const),
    },
  ],
  columns: ({ query, services, may }): readonly Column<OwnSourceRow>[] => {
    const of = query.month ?? lastMonth(services.clock.today())
    const doing: Column<OwnSourceRow> = {
      key: 'do',
      title: { zh: '办理', en: 'do' },
      pressed: true,
      cell: (row, say) => {
        const at = accountPath(row.collector_code, row.account_no)
        if (row.waiting !== null) return <a href={`${ownHome}/waiting/${row.waiting}`}>{say('审核', 'review')}</a>
        if (row.rated_flow_m3_per_hour !== null) return ''
        return (
          <>
            <a href={`${at}/own-source/new?month=${of}`}>
              {row.declared_m3 === null ? say('登记申报', 'declare') : say('更正', 'correct')}
            </a>
            {row.declared_m3 === null ? (
              <>
                {'　'}
                <a href={`${at}/own-source/rated-flow?month=${of}`}>{say('按额定流量', 'rated flow')}</a>
              </>
            ) : null}
          </>
        )
      },
      text: () => '',
    }
    return [
      {
        key: 'account',
        title: { zh: '户号', en: 'account' },
        cell: (row) => <code>{row.account_no}</code>,
        text: (row) => row.account_no,
        sort: 'account_no',
      },
      {
        key: 'holder',
        title: { zh: '户名', en: 'holder' },
        cell: (row) => row.holder ?? '—',
        text: (row) => row.holder ?? '',
        sort: 'holder',
      },
      {
        key: 'declared',
        title: { zh: '申报（m³）', en: 'declared (m³)' },
        number: true,
        decimals: 3,
        cell: (row) => <VolumeM3 of={row.declared_m3} />,
        text: (row) => row.declared_m3 ?? '',
        sort: 'declared_m3',
      },
      {
        key: 'flow',
        title: { zh: '额定流量（m³/h）', en: 'rated flow (m³/h)' },
        number: true,
        decimals: 3,
        cell: (row) => <VolumeM3 of={row.rated_flow_m3_per_hour} />,
        text: (row) => row.rated_flow_m3_per_hour ?? '',
        sort: 'rated_flow_m3_per_hour',
        wide: true,
      },
      {
        key: 'state',
        title: { zh: '状态', en: 'state' },
        cell: (row, say) => {
          const settled = row.state === 'declared' || row.state === 'at_rated_flow'
          return <State tone={settled ? 'settled' : 'waiting'}>{ownState(row, say)}</State>
        },
        text: ownState,
        sort: 'state',
      },
      ...(may('volumes.declare-own-source') || may('volumes.decide-rated-flow') ? [doing] : []),
    ]
  },
  rows: ({ query, services }) =>
    ownSourceRows(
      query.month ?? lastMonth(services.clock.today()),
      given({ account: query.account, state: query.state }),
    ),
  order: { by: 'account_no', direction: 'asc' },
  unique: 'account_id',
  open: (row) => accountPath(row.collector_code, row.account_no),
  file: ownTitle,
  figures: async ({ query, services, say }) => [
    { label: say('用水月份', 'month of use'), value: query.month ?? lastMonth(services.clock.today()) },
  ],
  empty: ({ say }) => ({ text: say('没有在用的自备水源户。', 'No own-source account is open.') }),
})

/** A waiting proposal of either kind leads to its own page. */
const waitingPage = page('/office/own-sources/waiting/{proposal}', {
  title: { zh: '待审核', en: 'under review' },
  permits: 'volumes.read',
  params: { proposal: id() },
  show: async ({ services: { db }, params, url }) => {
    const found = await findProposal(db, params.proposal)
    if (found?.kind === declarationProposalKind) return new Redirect(`${ownHome}/declarations/${params.proposal}`)
    if (found?.kind === ratedFlowProposalKind) return new Redirect(`${ownHome}/rated-flows/${params.proposal}`)
    return refuseHttp('resource_missing', { path: url.pathname })
  },
})

const declareFields = {
  feeMonth: { label: { zh: '用水月份', en: 'month of use' }, kind: 'month', schema: month },
  volumeM3: { label: { zh: '用水量（m³）', en: 'volume (m³)' }, kind: 'number', schema: text(40) },
  evidence: {
    label: { zh: '证据', en: 'evidence' },
    help: { zh: '申报表、取水记录。', en: 'The declaration, the record of the pump.' },
    schema: text(500),
  },
  corrects: {
    label: { zh: '更正该月已审核的申报', en: 'correct the reviewed declaration of the month' },
    kind: 'check',
  },
} as const satisfies Fields

const declarePage = formPage('/office/accounts/{collector}/{account}/own-source/new', {
  title: { zh: '登记自备水源申报', en: 'enter an own-source declaration' },
  permits: 'volumes.declare-own-source',
  params: ofAccount,
  query: { month: month.optional() },
  crumbs: accountCrumbs,
  about: whose,
  initial: ({ query }) => ({ feeMonth: query.month ?? '' }),
  fields: declareFields,
  run: (asked, values, { envelope }) => declareOwnSource(asked.services, envelope, { ...chosen(asked), ...values }),
  preview: (_answer, asked, values) =>
    previewOfTyped(asked as never, declareFields, values, {
      button: asked.say(`登记 ${values.feeMonth} 的申报，待审核`, `enter the declaration of ${values.feeMonth}`),
    }),
  done: (answer, { say }) => ({
    to: `${ownHome}/declarations/${answer.proposalId}`,
    said: say('申报已登记，待他人审核。', 'The declaration waits for its review.'),
  }),
})

const flowFields = {
  feeMonth: { label: { zh: '用水月份', en: 'month of use' }, kind: 'month', schema: month },
  ratedFlowM3PerHour: { label: { zh: '额定流量（m³/h）', en: 'rated flow (m³/h)' }, kind: 'number', schema: text(40) },
  reason: { label: { zh: '原因', en: 'reason' }, kind: 'long', schema: text(500) },
} as const satisfies Fields

const ratedFlowPage = formPage('/office/accounts/{collector}/{account}/own-source/rated-flow', {
  title: { zh: '未申报：按额定流量计', en: 'not declared: bill at rated flow' },
  permits: 'volumes.propose-rated-flow',
  params: ofAccount,
  query: { month: month.optional() },
  crumbs: accountCrumbs,
  about: whose,
  initial: ({ query }) => ({ feeMonth: query.month ?? '' }),
  fields: flowFields,
  run: (asked, values, { envelope }) => proposeRatedFlow(asked.services, envelope, { ...chosen(asked), ...values }),
  preview: (_answer, asked, values) =>
    previewOfTyped(asked as never, flowFields, values, {
      more: (
        <p class="quiet">
          {asked.say(
            '计费水量 = 额定流量 × 24 小时 × 当月天数。',
            'Billable = rated flow × 24 h × the days of the month.',
          )}
        </p>
      ),
      button: asked.say(`提出 ${values.feeMonth} 按额定流量计，待审批`, `propose it for ${values.feeMonth}`),
    }),
  done: (answer, { say }) => ({
    to: `${ownHome}/rated-flows/${answer.proposalId}`,
    said: say('已提出按额定流量计，待他人审批。', 'It waits for another person.'),
  }),
})

const declarations = proposalPages(`${ownHome}/declarations`, {
  kind: declarationProposalKind,
  title: { zh: '自备水源申报', en: 'an own-source declaration' },
  crumbs: ownCrumbs,
  permits: { read: 'volumes.read', approve: 'volumes.decide-declaration', giveBack: 'volumes.decide-declaration' },
  show: (content, { say }) => {
    const { accountNo: account, feeMonth, volumeM3, evidence, revision } = content as unknown as DeclarationContent
    return (
      <Facts
        of={[
          [say('户号', 'account'), account],
          [say('用水月份', 'month of use'), feeMonth],
          [say('申报（m³）', 'declared (m³)'), <VolumeM3 of={volumeM3} />],
          [say('证据', 'evidence'), evidence],
          [say('第几次更正', 'correction'), revision === 0 ? '—' : String(revision)],
        ]}
      />
    )
  },
  approve: ({ services }, envelope, decision) =>
    decideDeclaration(services, envelope, { ...decision, outcome: 'approved', reason: '' }),
  giveBack: ({ services }, envelope, decision) =>
    decideDeclaration(services, envelope, { ...decision, outcome: 'returned' }),
  preview: (_answer, { say }, content) => {
    const { accountNo: account, feeMonth, volumeM3 } = content as unknown as DeclarationContent
    return {
      changes: [
        {
          what: say(`户号 ${account} ${feeMonth} 的计费水量（m³）`, `billable volume of ${account}, ${feeMonth} (m³)`),
          before: '—',
          after: <VolumeM3 of={volumeM3} />,
        },
      ],
      button: say('审核通过', 'approve'),
    }
  },
  approved: (_answer, { say }) => ({
    to: ownHome,
    said: say('申报已审核，计入该月。', 'The declaration counts for its month.'),
  }),
})

const ratedFlows = proposalPages(`${ownHome}/rated-flows`, {
  kind: ratedFlowProposalKind,
  title: { zh: '按额定流量计费', en: 'billing at rated flow' },
  crumbs: ownCrumbs,
  permits: { read: 'volumes.read', approve: 'volumes.decide-rated-flow', giveBack: 'volumes.decide-rated-flow' },
  show: (content, { say }) => {
    const { accountNo: account, feeMonth, ratedFlowM3PerHour, reason } = content as unknown as RatedFlowContent
    return (
      <Facts
        of={[
          [say('户号', 'account'), account],
          [say('用水月份', 'month of use'), feeMonth],
          [say('额定流量（m³/h）', 'rated flow (m³/h)'), ratedFlowM3PerHour],
          [say('原因', 'why'), reason],
        ]}
      />
    )
  },
  approve: ({ services }, envelope, decision) =>
    decideRatedFlow(services, envelope, { ...decision, outcome: 'approved', reason: '' }),
  giveBack: ({ services }, envelope, decision) =>
    decideRatedFlow(services, envelope, { ...decision, outcome: 'returned' }),
  preview: (_answer, { say }, content) => {
    const { accountNo: account, feeMonth, ratedFlowM3PerHour } = content as unknown as RatedFlowContent
    return {
      changes: [
        {
          what: say(`户号 ${account} ${feeMonth}`, `${account}, ${feeMonth}`),
          before: say('未申报', 'not declared'),
          after: say(`${ratedFlowM3PerHour} m³/h × 24 小时`, `${ratedFlowM3PerHour} m³/h × 24 h`),
        },
      ],
      button: say('批准', 'approve'),
    }
  },
  approved: (_answer, { say }) => ({
    to: ownHome,
    said: say('该月按额定流量计。', 'The month is billed at rated flow.'),
  }),
})

/** Grounds of billing other than the public meter, and own sources. A later stage knows the last billed day. */
export function volumePages(lastBilledDay: LastBilledDay): readonly PageRoute[] {
  return [
    listPage,
    basisPage,
    proposePage,
    ...basisProposals,
    formPage('/office/volume-bases/{basis}/end', {
      title: { zh: '终止计量依据', en: 'end a basis' },
      permits: 'volumes.end-basis',
      params: { basis: id() },
      crumbs,
      fields: endFields,
      run: ({ services, params }, values, { envelope }) =>
        endVolumeBasis(services, envelope, { basisId: params.basis, ...values }, lastBilledDay),
      preview: (answer, asked, values) =>
        previewOfTyped(asked as never, endFields, values, {
          before: { validUntil: asked.say('长期', 'open') },
          button: asked.say(`自 ${answer.validUntil} 起终止`, `end it on ${answer.validUntil}`),
        }),
      done: (answer, { say }) => ({
        to: `${home}/${answer.basisId}`,
        said: say(`计量依据自 ${answer.validUntil} 起终止。`, `The basis ends on ${answer.validUntil}.`),
      }),
    }),
    ownPage,
    waitingPage,
    declarePage,
    ratedFlowPage,
    ...declarations,
    ...ratedFlows,
  ]
}
