import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { count, date, text } from '../platform/http/fields.ts'
import type { Route, Said } from '../platform/http/route.ts'
import { downloadPage, formPage, routeAt, runRoute, workIdOf } from '../platform/pages/forms.tsx'
import { type Crumb, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  ButtonLink,
  Code,
  Count,
  Empty,
  Facts,
  NextStep,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { ProposalState, proposalPages } from '../platform/proposal-pages.tsx'
import type { WorkResult } from '../platform/works.page.tsx'
import { collectorCode } from './account.routes.ts'
import { approveRoster, returnRoster } from './approve-roster.ts'
import { collectorFilter } from './collector-filter.ts'
import { differenceKinds, differenceNames, type RosterComparison, type RosterDifference } from './compare-roster.ts'
import { listCollectors } from './discharger.queries.ts'
import { refuse } from './dischargers.refusals.ts'
import { freezeRoster, type RosterProposal } from './freeze-roster.ts'
import { publishRoster } from './publish-roster.ts'
import { findRoster, listRosters } from './roster.queries.ts'
import { type RosterVersion, rosterProposalKind } from './roster.ts'
import {
  type RosterChange,
  type RosterChangeKind,
  rosterChangeKinds,
  rosterChanges,
  rosterCounts,
} from './roster-changes.queries.ts'

const title: Said = { zh: '征收名单', en: 'roster' }
const home = '/office/rosters'
const crumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(title), href: home }]
const version = count(1, 999_999_999)
const versionCrumbs = ({ say, params }: { readonly say: Say; readonly params: { readonly version: number } }) => [
  ...crumbs({ say }),
  { text: say(`第 ${params.version} 版`, `version ${params.version}`), href: `${home}/${params.version}` },
]

const State = ({ of, say }: { readonly of: RosterVersion; readonly say: Say }) => (
  <ProposalState outcome={of.state === 'proposed' ? undefined : of.state} say={say} />
)

const listPage = page(home, {
  title,
  permits: 'rosters.read',
  show: async ({ services: { db }, visitor, say }) => {
    const versions = await listRosters(db)
    return {
      title: say(title),
      next: (
        <NextStep permits="dischargers.freeze-roster" visitor={visitor} href={`${home}/new`}>
          {say('冻结新的一版', 'freeze a new version')}
        </NextStep>
      ),
      body:
        versions.length === 0 ? (
          <Empty action={<PrimaryLink href={`${home}/new`}>{say('冻结第一版', 'freeze the first')}</PrimaryLink>}>
            {say(
              '还没有征收名单。按某一日的登记冻结一版，经他人批准后发布给供水公司（办法第十条）。',
              'No roster yet. Freeze the registry as of a day; once another person approved it, it is published to the companies (Measures art. 10).',
            )}
          </Empty>
        ) : (
          <PlainTable
            caption={say('各版，最近的在前', 'versions, newest first')}
            columns={[
              { title: say('版次', 'version') },
              { title: say('截至', 'as of') },
              { title: say('户数', 'accounts'), number: true },
              { title: say('摘要', 'digest'), wide: true },
              { title: say('状态', 'state') },
              { title: say('发布', 'published') },
            ]}
            rows={versions.map((each) => [
              <a href={`${home}/${each.versionNo}`}>{say(`第 ${each.versionNo} 版`, `version ${each.versionNo}`)}</a>,
              each.asOf,
              <Count of={each.accountCount} />,
              <code>{each.digest.slice(0, 12)}</code>,
              <State of={each} say={say} />,
              each.publishedOn ?? '—',
            ])}
          />
        ),
    }
  },
})

const versionPage = page('/office/rosters/{version}', {
  title: { zh: '一版征收名单', en: 'one version of the roster' },
  permits: 'rosters.read',
  params: { version },
  show: async ({ services: { db }, params, visitor, say }) => {
    const roster = await findRoster(db, params.version)
    if (roster === undefined) return refuse('roster_unknown', { versionNo: params.version })
    const counts = await rosterCounts(db, roster.versionId)
    const at = `${home}/${params.version}`
    const earlier = params.version > 1 ? await findRoster(db, params.version - 1) : undefined
    return {
      title: say(`征收名单第 ${roster.versionNo} 版`, `roster, version ${roster.versionNo}`),
      crumbs: crumbs({ say }),
      state: <State of={roster} say={say} />,
      ...nextOf(roster, visitor.code, say),
      figures: [
        { label: say('截至', 'as of'), value: roster.asOf },
        { label: say('户数', 'accounts'), value: <Count of={roster.accountCount} /> },
        { label: say('发布', 'published'), value: roster.publishedOn ?? '—' },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('摘要', 'digest'), <Code of={roster.digest} />],
              [say('提交', 'proposal'), <a href={`${home}/proposals/${roster.proposalId}`}>{roster.proposalId}</a>],
            ]}
          />
          <PlainTable
            caption={say('各供水公司', 'by company')}
            columns={[
              { title: say('供水公司', 'company') },
              { title: say('户数', 'accounts'), number: true },
              { title: say('清单', 'list') },
              { title: say('比对', 'compare') },
            ]}
            rows={counts.map(({ code, name, accounts }) => [
              name,
              <Count of={accounts} />,
              roster.state === 'proposed' ? (
                say('批准后', 'once approved')
              ) : (
                <a href={`${at}/collectors/${encodeURIComponent(code)}/file?format=xlsx`}>XLSX</a>
              ),
              <a href={`${at}/comparison?collector=${encodeURIComponent(code)}`}>
                {say('与公司清单比对', 'compare with the company’s list')}
              </a>,
            ])}
            totals={[say('合计', 'total'), <Count of={roster.accountCount} />, '', '']}
          />
          {earlier === undefined ? null : (
            <p class="buttons">
              <ButtonLink href={`${at}/changes`}>
                {say(`与第 ${earlier.versionNo} 版的差异`, `what differs from version ${earlier.versionNo}`)}
              </ButtonLink>
            </p>
          )}
        </>
      ),
    }
  },
})

function nextOf(roster: RosterVersion, _visitor: string, say: Say) {
  if (roster.state === 'proposed') {
    return {
      next: (
        <PrimaryLink href={`${home}/proposals/${roster.proposalId}`}>
          {say('看提交，审批', 'see the proposal')}
        </PrimaryLink>
      ),
    }
  }
  if (roster.state === 'approved' && roster.publishedOn === null) {
    return {
      next: <PrimaryLink href={`${home}/${roster.versionNo}/publication`}>{say('发布', 'publish')}</PrimaryLink>,
    }
  }
  return {}
}

const changeNames: Record<RosterChangeKind, Said> = {
  added: { zh: '新增', en: 'added' },
  gone: { zh: '减少', en: 'gone' },
  changed: { zh: '变更', en: 'changed' },
}

const beforeAfter = (before: string | null, after: string | null): string =>
  before === after ? (after ?? '') : `${before ?? '—'} → ${after ?? '—'}`

const changeColumns: readonly Column<RosterChange>[] = [
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no}</code>,
    text: (row) => row.account_no,
    sort: 'key',
  },
  {
    key: 'kind',
    title: { zh: '差异', en: 'difference' },
    cell: (row, say) => say(changeNames[row.kind]),
    text: (row, say) => say(changeNames[row.kind]),
    sort: 'kind',
  },
  {
    key: 'collector',
    title: { zh: '供水公司', en: 'company' },
    cell: (row) => row.collector_name,
    text: (row) => row.collector_name,
    sort: 'collector_name',
  },
  {
    key: 'name',
    title: { zh: '户名', en: 'name' },
    cell: (row) => beforeAfter(row.name_before, row.name_after),
    text: (row) => beforeAfter(row.name_before, row.name_after),
    sort: 'name_after',
  },
  {
    key: 'group',
    title: { zh: '用户群体', en: 'group of payers' },
    cell: (row) => beforeAfter(row.group_before, row.group_after),
    text: (row) => beforeAfter(row.group_before, row.group_after),
    sort: 'group_after',
  },
  {
    key: 'category',
    title: { zh: '价格类别', en: 'category' },
    cell: (row) => beforeAfter(row.category_before, row.category_after),
    text: (row) => beforeAfter(row.category_before, row.category_after),
    sort: 'category_after',
  },
]

const changesPage = tablePage('/office/rosters/{version}/changes', {
  title: { zh: '与上一版的差异', en: 'what differs from the version before' },
  permits: 'rosters.read',
  params: { version },
  query: {
    kind: z.enum(rosterChangeKinds).optional(),
    collector: collectorCode.optional(),
    account: text(40).optional(),
  },
  filters: async ({ services }) => [
    {
      name: 'kind',
      label: { zh: '差异', en: 'difference' },
      kind: 'choice',
      choices: (say) => rosterChangeKinds.map((each) => [each, say(changeNames[each])]),
    },
    await collectorFilter(services.db),
    { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
  ],
  columns: changeColumns,
  rows: async ({ services: { db }, params, query, say }) => {
    const after = await findRoster(db, params.version)
    const before = await findRoster(db, params.version - 1)
    if (after === undefined || before === undefined) return refuse('roster_unknown', { versionNo: params.version })
    return rosterChanges(before.versionId, after.versionId, { ...query, language: say.language })
  },
  order: { by: 'key', direction: 'asc' },
  indexed: ['key'],
  unique: 'key',
  open: (row) => `/office/accounts/${encodeURIComponent(row.collector_code)}/${encodeURIComponent(row.account_no)}`,
  file: { zh: '征收名单差异', en: 'roster differences' },
  crumbs: versionCrumbs,
  empty: ({ say }) => ({ text: say('与上一版没有差异。', 'Nothing differs from the version before.') }),
})

const freezePage = formPage('/office/rosters/new', {
  title: { zh: '冻结征收名单', en: 'freeze the roster' },
  permits: 'dischargers.freeze-roster',
  crumbs,
  about: ({ say }) => (
    <Notice>
      {say(
        '把截至某日的登记冻结成一版，报他人批准；批准后才可据以开账和发布。',
        'The registry as of a day becomes a version that another person approves; only then is it billed by and published.',
      )}
    </Notice>
  ),
  fields: { asOf: { label: { zh: '截至日', en: 'as of' }, kind: 'date', schema: date } },
  run: ({ services }, values, { envelope }) => freezeRoster(services, envelope, values),
  preview: async (answer, { services: { db }, say }) => {
    const [last] = (await listRosters(db)).filter(({ state }) => state === 'approved')
    return {
      changes: [
        {
          what: say('版次', 'version'),
          before: last === undefined ? '—' : String(last.versionNo),
          after: String(answer.versionNo),
        },
        { what: say('截至', 'as of'), before: last?.asOf ?? '—', after: answer.asOf },
        {
          what: say('户数', 'accounts'),
          before: last === undefined ? '—' : <Count of={last.accountCount} />,
          after: <Count of={answer.accountCount} />,
        },
      ],
      button: say(
        `冻结第 ${answer.versionNo} 版，${answer.accountCount.toLocaleString('en')} 户`,
        `freeze version ${answer.versionNo}, ${answer.accountCount.toLocaleString('en')} accounts`,
      ),
    }
  },
  done: (answer, { say }) => ({
    to: `${home}/${answer.versionNo}`,
    said: say(
      `已冻结第 ${answer.versionNo} 版，${answer.accountCount.toLocaleString('en')} 户，待他人批准。`,
      `Version ${answer.versionNo} with ${answer.accountCount.toLocaleString('en')} accounts waits for another person.`,
    ),
  }),
})

const publicationPage = formPage('/office/rosters/{version}/publication', {
  title: { zh: '发布征收名单', en: 'publish the roster' },
  permits: 'dischargers.publish-roster',
  params: { version },
  crumbs: versionCrumbs,
  about: ({ say }) => (
    <Notice>{say('发布后把各公司的清单交给供水公司。', 'The companies get their lists once it is published.')}</Notice>
  ),
  initial: ({ services }) => ({ on: services.clock.today() }),
  fields: { on: { label: { zh: '发布日', en: 'published on' }, kind: 'date', schema: date } },
  run: ({ services, params }, { on }, { envelope }) =>
    publishRoster(services, envelope, { versionNo: params.version, on }),
  preview: (answer, { say }) => ({
    changes: [
      {
        what: say(`第 ${answer.versionNo} 版`, `version ${answer.versionNo}`),
        before: say('未发布', 'not published'),
        after: say(`${answer.publishedOn} 发布`, `published ${answer.publishedOn}`),
      },
    ],
    button: say(
      `发布 ${answer.accountCount.toLocaleString('en')} 户的名单`,
      `publish ${answer.accountCount.toLocaleString('en')} accounts`,
    ),
  }),
  done: (answer, { say }) => ({
    to: `${home}/${answer.versionNo}`,
    said: say(`已发布第 ${answer.versionNo} 版。`, `Version ${answer.versionNo} is published.`),
  }),
})

const proposals = proposalPages('/office/rosters/proposals', {
  kind: rosterProposalKind,
  title: { zh: '征收名单的提交', en: 'a proposed roster' },
  crumbs,
  permits: { read: 'rosters.read', approve: 'dischargers.approve-roster', giveBack: 'dischargers.return-roster' },
  show: async (content, { services: { db }, say }) => {
    const { versionNo, asOf, accountCount } = content as unknown as RosterProposal
    const before = (await listRosters(db)).find((each) => each.state === 'approved' && each.versionNo < versionNo)
    return (
      <Section title={say(`第 ${versionNo} 版`, `version ${versionNo}`)}>
        <PlainTable
          columns={[say('事项', 'what'), say('现行版', 'in force'), say('提交的', 'proposed')].map((each) => ({
            title: each,
          }))}
          rows={[
            [say('截至', 'as of'), before?.asOf ?? '—', asOf],
            [
              say('户数', 'accounts'),
              before === undefined ? '—' : <Count of={before.accountCount} />,
              <Count of={accountCount} />,
            ],
          ]}
        />
        <p>
          <a href={`${home}/${versionNo}`}>{say('看这一版', 'see the version')}</a>
          {versionNo > 1 ? (
            <>
              {'　'}
              <a href={`${home}/${versionNo}/changes`}>{say('与上一版的差异', 'what differs from the one before')}</a>
            </>
          ) : null}
        </p>
      </Section>
    )
  },
  approve: ({ services }, envelope, decision) => approveRoster(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnRoster(services, envelope, decision),
  preview: (answer, { say }) => ({
    changes: [
      {
        what: say('现行征收名单', 'roster in force'),
        before: '—',
        after: say(
          `第 ${answer.versionNo} 版，截至 ${answer.asOf}，${answer.accountCount.toLocaleString('en')} 户`,
          `version ${answer.versionNo} as of ${answer.asOf}, ${answer.accountCount.toLocaleString('en')} accounts`,
        ),
      },
    ],
    button: say(`批准第 ${answer.versionNo} 版`, `approve version ${answer.versionNo}`),
  }),
  approved: (answer, { say }) => ({
    to: `${home}/${answer.versionNo}`,
    said: say(`已批准征收名单第 ${answer.versionNo} 版。`, `Roster version ${answer.versionNo} is in force.`),
  }),
})

/** What comparing with a company's list leads to. */
export const rosterWorkResults: Readonly<Record<string, WorkResult>> = {
  'post-rosters-by-version-collectors-by-collector-comparisons': (report, say) => {
    const answer = report.answer as unknown as Omit<RosterComparison, 'roster'> & {
      readonly versionNo: number
      readonly collector: string
      readonly differences: readonly RosterDifference[]
    }
    return (
      <>
        <PlainTable
          caption={say(
            `第 ${answer.versionNo} 版 ${answer.rosterCount} 户，公司清单 ${answer.listCount} 户`,
            `version ${answer.versionNo}: ${answer.rosterCount} accounts; the list: ${answer.listCount}`,
          )}
          columns={[{ title: say('差异', 'difference') }, { title: say('户数', 'accounts'), number: true }]}
          rows={differenceKinds.map((kind) => [say(differenceNames[kind]), <Count of={answer.counts[kind]} />])}
        />
        {answer.differences.length === 0 ? (
          <Notice tone="settled">{say('两边一致。', 'Both agree.')}</Notice>
        ) : (
          <PlainTable
            caption={say(
              `前 ${answer.differences.length} 处差异`,
              `the first ${answer.differences.length} differences`,
            )}
            columns={[
              { title: say('户号', 'account') },
              { title: say('差异', 'difference') },
              { title: say('名单', 'roster') },
              { title: say('公司清单', 'list') },
              { title: say('行', 'row'), number: true },
            ]}
            rows={answer.differences.map((each) => [
              <a
                href={`/office/accounts/${encodeURIComponent(answer.collector)}/${encodeURIComponent(each.accountNo)}`}
              >
                <code>{each.accountNo}</code>
              </a>,
              say(differenceNames[each.kind]),
              each.inRoster || '—',
              each.inList || '—',
              each.rowNo === null ? '—' : String(each.rowNo),
            ])}
          />
        )}
      </>
    )
  },
}

/** The roster: versions, how they get in force, what differs. The file routes of the stage are handed in. */
export function rosterPages(routes: readonly Route[]): readonly PageRoute[] {
  const compareRoute = routeAt(routes, '/rosters/{version}/collectors/{collector}/comparisons')
  return [
    listPage,
    versionPage,
    changesPage,
    freezePage,
    publicationPage,
    ...proposals,
    downloadPage(
      '/office/rosters/{version}/collectors/{collector}/file',
      'rosters.read',
      routeAt(routes, '/rosters/{version}/collectors/{collector}/file', 'get'),
    ),
    formPage('/office/rosters/{version}/comparison', {
      title: { zh: '与公司清单比对', en: 'compare with the company’s list' },
      permits: 'rosters.read',
      params: { version },
      query: { collector: collectorCode.optional() },
      crumbs: versionCrumbs,
      about: ({ say }) => (
        <Notice>
          {say(
            '双向比对，不保存任何东西：名单有而公司没有的，公司有而名单没有的。',
            'Both ways, and nothing is stored: what the list lacks, and what the roster lacks.',
          )}
        </Notice>
      ),
      initial: ({ query }) => ({ collector: query.collector ?? '' }),
      fields: {
        collector: {
          label: { zh: '供水公司', en: 'company' },
          kind: 'choice',
          choices: async ({ services }) =>
            (await listCollectors(services.db)).map(({ code, name }) => [code, name] as const),
        },
        file: {
          label: { zh: '公司的用户清单', en: 'the company’s list' },
          help: { zh: 'CSV、XLSX 或 XLS，至少有户号。', en: 'CSV, XLSX or XLS, with account numbers at least.' },
          kind: 'file',
          accept: '.csv,.txt,.xlsx,.xls',
        },
      },
      submit: { zh: '比对', en: 'compare' },
      run: async (asked, { collector, file }, posted) => {
        const outcome = await runRoute(compareRoute, asked as never, posted, {
          params: { version: asked.params.version, collector },
          file,
        })
        return isRefusal(outcome) ? outcome : { answer: { workId: workIdOf(outcome) }, repeated: false, dryRun: false }
      },
      preview: 'none',
      done: ({ workId }, { say }) => ({
        to: `/office/works/${workId}`,
        said: say('正在比对。', 'Being compared.'),
      }),
    }),
  ]
}
