import { z } from '@hono/zod-openapi'
import type { RawBuilder } from 'kysely'
import { instantForPeople } from '../platform/cli-text.ts'
import type { DocumentKind } from '../platform/documents/document.ts'
import { id } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { type PageRoute, page, Redirect } from '../platform/pages/page-route.ts'
import { Instant, State } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { refusePlatform } from '../platform/platform.refusals.ts'
import { type ProposalListRow, proposalRows } from '../platform/proposal-list.queries.ts'
import { outcomes } from '../platform/proposal-pages.tsx'
import { findProposal } from '../platform/proposals.ts'
import { proposalKinds } from './proposal-kinds.ts'
import { proposalSubjects } from './proposal-subjects.ts'

const title: Said = { zh: '待审批', en: 'to be approved' }
const home = '/office/proposals'

export const kindWords = (kind: string, say: Say): string => {
  const known = proposalKinds[kind]
  return known === undefined ? kind : say(known)
}

/** With what it is about, in the words people know it by. */
type Listed = ProposalListRow & { readonly about?: string }
const aboutOf = ({ about, subject }: Listed): string => about ?? subject

function Decision({ row, me, say }: { readonly row: ProposalListRow; readonly me: string; readonly say: Say }) {
  if (row.outcome !== null)
    return (
      <State tone={row.outcome === 'approved' ? 'settled' : 'plain'}>
        {`${say(outcomes[row.outcome])} ${row.decided_by ?? ''}`}
      </State>
    )
  return (
    <State tone="waiting">
      {row.maker_code === me ? say('需他人审批', 'another person decides') : say('待审批', 'to be decided')}
    </State>
  )
}

const columns = (me: string): readonly Column<Listed>[] => [
  { key: 'id', title: { zh: '事项', en: 'proposal' }, cell: (row) => row.id, text: (row) => row.id, sort: 'id' },
  {
    key: 'kind',
    title: { zh: '种类', en: 'kind' },
    cell: (row, say) => kindWords(row.kind, say),
    text: (row, say) => kindWords(row.kind, say),
    sort: 'kind',
  },
  {
    key: 'subject',
    title: { zh: '对象', en: 'about' },
    cell: aboutOf,
    text: aboutOf,
  },
  {
    key: 'maker',
    title: { zh: '提出人', en: 'proposed by' },
    cell: (row) => row.maker_name,
    text: (row) => row.maker_name,
    sort: 'maker_name',
  },
  {
    key: 'at',
    title: { zh: '提出时间', en: 'proposed' },
    cell: (row) => <Instant of={row.recorded_at} />,
    text: (row) => instantForPeople(row.recorded_at),
    sort: 'recorded_at',
    wide: true,
  },
  {
    key: 'digest',
    title: { zh: '摘要', en: 'digest' },
    cell: (row) => <code>{row.content_digest.slice(0, 12)}</code>,
    text: (row) => row.content_digest,
    sort: 'content_digest',
    wide: true,
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => <Decision row={row} me={me} say={say} />,
    text: (row, say) => (row.outcome === null ? say('待审批', 'to be decided') : say(outcomes[row.outcome])),
    sort: 'outcome',
  },
]

const listPage = (documents: readonly DocumentKind[]) =>
  tablePage(home, {
    title,
    permits: 'proposals.read',
    query: {
      kind: z.enum(Object.keys(proposalKinds) as [string, ...string[]]).optional(),
      all: z.enum(['yes']).optional(),
    },
    filters: [
      {
        name: 'kind',
        label: { zh: '种类', en: 'kind' },
        kind: 'choice',
        choices: (say) => Object.entries(proposalKinds).map(([kind, words]) => [kind, say(words)]),
      },
      {
        name: 'all',
        label: { zh: '范围', en: 'which' },
        kind: 'choice',
        choices: (say) => [['yes', say('含已审批的', 'decided ones, too')]],
      },
    ],
    columns: ({ visitor }) => columns(visitor.code),
    rows: ({ query }): RawBuilder<Listed> => proposalRows({ kind: query.kind, undecided: query.all === undefined }),
    complete: async ({ services, say }, rows) => {
      const subjects = await proposalSubjects(services.db, rows, say, documents)
      return rows.map((row, index) => ({ ...row, about: subjects[index] ?? row.subject }))
    },
    order: { by: 'id', direction: 'desc' },
    indexed: ['id'],
    unique: 'id',
    // Straight to the page of its kind, so that whoever may not look there is shown no link.
    open: (row) => proposalKinds[row.kind]?.href(row) ?? `${home}/${row.id}`,
    file: title,
    empty: ({ say }) => ({
      text: say(
        '没有待审批的事项。凡须两人办理的，提出后都在这里等另一个人决定。',
        'Nothing waits for a decision. What takes two persons is listed here until another person decides it.',
      ),
    }),
  })

/** Leads to the page of its kind, where the stage says in its own words what is proposed. */
const proposalPage = page(`${home}/{proposal}`, {
  title: { zh: '一件待审批事项', en: 'one proposal' },
  permits: 'proposals.read',
  params: { proposal: id() },
  show: async ({ services, params }) => {
    const proposal = await findProposal(services.db, params.proposal)
    const kind = proposal === undefined ? undefined : proposalKinds[proposal.kind]
    if (proposal === undefined || kind === undefined)
      return refusePlatform('proposal_missing', { proposal: params.proposal, kind: proposal?.kind ?? '—' })
    return new Redirect(kind.href(proposal))
  },
})

/** What waits for a second person, of every kind; documents are named by their kinds. */
export const proposalPagesOfOffice = (documents: readonly DocumentKind[]): readonly PageRoute[] => [
  listPage(documents),
  proposalPage,
]
