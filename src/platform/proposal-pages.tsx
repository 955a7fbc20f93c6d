import type { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { reachOf } from './authorisation/authorisation.ts'
import type { PermissionName } from './authorisation/permissions.ts'
import type { CommandAnswer, Envelope } from './command.ts'
import { wholeStoredFile } from './files.ts'
import { id, text } from './http/fields.ts'
import { refuseHttp } from './http/http.refusals.ts'
import type { Said } from './http/route.ts'
import { fileAnswer } from './pages/file-answer.ts'
import { formPage, type Preview } from './pages/forms.tsx'
import { type Crumb, type PageAsked, type PageRoute, page } from './pages/page-route.ts'
import { ButtonLink, Code, Facts, Instant, Notice, PrimaryLink, State, type Tone } from './pages/parts.tsx'
import { refusePlatform } from './platform.refusals.ts'
import type { Json, ProposalOutcome } from './platform.tables.ts'
import { type DecidedProposal, findProposal, listProposals } from './proposals.ts'

type Asked = PageAsked<{ proposal: z.ZodType<string, string> }>

/** What a stage says about the proposals of one kind. */
export interface ProposalPages<Answer> {
  readonly kind: string
  readonly title: Said
  readonly crumbs: (asked: { readonly say: PageAsked['say'] }) => readonly Crumb[]
  readonly permits: {
    readonly read: PermissionName
    readonly approve: PermissionName
    readonly giveBack: PermissionName
  }
  /** What is proposed, beside what stands now. */
  readonly show: (content: Json, asked: PageAsked) => Promise<Child> | Child
  /** The kept file it rests on, which whoever decides opens first. */
  readonly paper?: (content: Json) => { readonly name: string; readonly digest: string } | null
  readonly approve: (
    asked: PageAsked,
    envelope: Envelope,
    decision: { readonly proposalId: string; readonly digestSeen: string },
  ) => Promise<CommandAnswer<Answer> | Refusal>
  readonly giveBack: (
    asked: PageAsked,
    envelope: Envelope,
    decision: { readonly proposalId: string; readonly reason: string; readonly digestSeen: string },
  ) => Promise<CommandAnswer<unknown> | Refusal>
  /** What will hold once it is approved, from a trial. */
  readonly preview: (answer: Answer, asked: PageAsked, content: Json) => Promise<Preview> | Preview
  readonly approved: (answer: Answer, asked: PageAsked) => { readonly to: string; readonly said: string }
}

/** What became of a proposal, as a word with its shape. */
export const outcomes: Record<ProposalOutcome, { readonly tone: Tone } & Said> = {
  approved: { tone: 'settled', zh: '已批准', en: 'approved' },
  returned: { tone: 'overdue', zh: '已退回', en: 'returned' },
  withdrawn: { tone: 'plain', zh: '已撤回', en: 'withdrawn' },
}
const waiting = { tone: 'waiting', zh: '待审批', en: 'waits for a second person' } as const

/** What waits for a second person, for who may see proposals: nothing for others, whose fence has none of them. */
export async function waitingProposals(
  {
    services,
    visitor,
  }: { readonly services: Pick<PageAsked['services'], 'db'>; readonly visitor: PageAsked['visitor'] },
  kind: string,
  subject?: string,
): Promise<readonly DecidedProposal[]> {
  if (reachOf(visitor.roles, 'proposals.read') !== 'all') return []
  return listProposals(services.db, { kind, undecided: true, ...(subject === undefined ? {} : { subject }) })
}

/** How a proposal stands, as a word. */
export function ProposalState({
  outcome,
  say,
}: {
  readonly outcome: ProposalOutcome | undefined
  readonly say: PageAsked['say']
}) {
  const state = outcome === undefined ? waiting : outcomes[outcome]
  return <State tone={state.tone}>{say(state)}</State>
}

/**
 * The pages of a kind of proposal: what is proposed with its maker and digest, and the two decisions of another person.
 * Who made it sees that it waits for another instead of the buttons.
 */
export function proposalPages<Answer>(at: string, of: ProposalPages<Answer>): readonly PageRoute[] {
  const found = async ({ services, params }: Asked): Promise<DecidedProposal | Refusal> => {
    const proposal = await findProposal(services.db, params.proposal)
    return proposal === undefined || proposal.kind !== of.kind
      ? refusePlatform('proposal_missing', { proposal: params.proposal, kind: of.kind })
      : proposal
  }
  const crumbsTo = ({ say, params }: Asked): readonly Crumb[] => [
    ...of.crumbs({ say }),
    { text: say(`提交 ${params.proposal}`, `proposal ${params.proposal}`), href: `${at}/${params.proposal}` },
  ]
  const paperOf = ({ content }: DecidedProposal, { say, params }: Asked) => {
    const paper = of.paper?.(content) ?? null
    return paper === null ? null : (
      <p class="buttons">
        <ButtonLink href={`${at}/${params.proposal}/paper`} download>
          {say(`打开证据文件 ${paper.name}`, `open the evidence ${paper.name}`)}
        </ButtonLink>
      </p>
    )
  }
  const about = async (asked: Asked) => {
    const proposal = await found(asked)
    if (isRefusal(proposal)) return proposal
    return (
      <>
        <Made by={proposal} asked={asked} />
        {await of.show(proposal.content, asked as unknown as PageAsked)}
        {paperOf(proposal, asked)}
      </>
    )
  }
  const seen = async (asked: Asked) => {
    const proposal = await found(asked)
    return { digestSeen: isRefusal(proposal) ? '' : proposal.contentDigest }
  }
  const digestField = { label: { zh: '摘要', en: 'digest' }, kind: 'hidden', schema: text(64) } as const
  return [
    page(`${at}/{proposal}`, {
      title: of.title,
      permits: of.permits.read,
      params: { proposal: id() },
      show: async (asked) => {
        const { say, params, visitor } = asked
        const proposal = await found(asked)
        if (isRefusal(proposal)) return proposal
        const open = proposal.decision === undefined
        const own = proposal.makerCode === visitor.code
        return {
          title: `${say(of.title).replace(/^an? /, '')} ${params.proposal}`,
          crumbs: of.crumbs(asked),
          state: <ProposalState outcome={proposal.decision?.outcome} say={say} />,
          ...(open
            ? {
                next: own ? (
                  <State tone="waiting">{say('需他人审批', 'another person decides')}</State>
                ) : (
                  <PrimaryLink href={`${at}/${params.proposal}/approval`}>{say('审批', 'decide')}</PrimaryLink>
                ),
              }
            : {}),
          body: (
            <>
              <Made by={proposal} asked={asked} />
              {await of.show(proposal.content, asked as unknown as PageAsked)}
              {paperOf(proposal, asked)}
              {open && !own ? (
                <p class="buttons">
                  <ButtonLink href={`${at}/${params.proposal}/return`}>{say('退回', 'give it back')}</ButtonLink>
                </p>
              ) : null}
            </>
          ),
        }
      },
    }),
    ...(of.paper === undefined
      ? []
      : [
          page(`${at}/{proposal}/paper`, {
            title: { zh: '提交所附的证据文件', en: 'the evidence of a proposal' },
            permits: of.permits.read,
            params: { proposal: id() },
            show: async (asked) => {
              const proposal = await found(asked)
              if (isRefusal(proposal)) return proposal
              const paper = of.paper?.(proposal.content) ?? null
              if (paper === null) return refuseHttp('resource_missing', { path: asked.url.pathname })
              const bytes = await wholeStoredFile(asked.services.db, paper.digest)
              return fileAnswer(paper.name, 'application/octet-stream', bytes)
            },
          }),
        ]),
    formPage(`${at}/{proposal}/approval`, {
      title: { zh: `批准：${of.title.zh}`, en: `approve: ${of.title.en}` },
      permits: of.permits.approve,
      params: { proposal: id() },
      crumbs: crumbsTo,
      about,
      initial: seen,
      fields: { digestSeen: digestField },
      run: (asked, { digestSeen }, { envelope }) =>
        of.approve(asked as unknown as PageAsked, envelope, { proposalId: asked.params.proposal, digestSeen }),
      preview: async (answer, asked) => {
        const proposal = await found(asked)
        return of.preview(answer, asked as unknown as PageAsked, isRefusal(proposal) ? null : proposal.content)
      },
      done: (answer, asked) => of.approved(answer, asked as unknown as PageAsked),
    }),
    formPage(`${at}/{proposal}/return`, {
      title: { zh: `退回：${of.title.zh}`, en: `give back: ${of.title.en}` },
      permits: of.permits.giveBack,
      params: { proposal: id() },
      crumbs: crumbsTo,
      about,
      initial: seen,
      fields: {
        digestSeen: digestField,
        reason: { label: { zh: '退回原因', en: 'why' }, kind: 'long', schema: text(500) },
      },
      run: (asked, { digestSeen, reason }, { envelope }) =>
        of.giveBack(asked as unknown as PageAsked, envelope, { proposalId: asked.params.proposal, digestSeen, reason }),
      preview: (_answer, { say }, { reason }) => ({
        changes: [
          { what: say('状态', 'state'), before: say(waiting), after: say(outcomes.returned) },
          { what: say('退回原因', 'why'), before: '—', after: reason },
        ],
        button: say('退回给提交人', 'give it back to its maker'),
      }),
      done: (_answer, { say, params }) => ({
        to: `${at}/${params.proposal}`,
        said: say(`已退回提交 ${params.proposal}。`, `Proposal ${params.proposal} was given back.`),
      }),
    }),
  ]
}

function Made({ by, asked }: { readonly by: DecidedProposal; readonly asked: Pick<PageAsked, 'say'> }) {
  const { say } = asked
  const { decision } = by
  return (
    <>
      <Facts
        of={[
          [say('提交人', 'maker'), by.makerName],
          [say('提交时间', 'proposed'), <Instant of={by.recordedAt} />],
          [say('摘要', 'digest'), <Code of={by.contentDigest.slice(0, 12)} />],
          ...(decision === undefined
            ? []
            : ([
                [say('审批人', 'decided by'), decision.personName],
                [say('审批时间', 'decided'), <Instant of={decision.at} />],
                ...(decision.reason === '' ? [] : [[say('原因', 'why'), decision.reason] as const]),
              ] as const)),
        ]}
      />
      {decision?.outcome === 'returned' ? (
        <Notice tone="waiting">
          {say('已退回：改正后另行提交。', 'It was given back: correct it and propose it anew.')}
        </Notice>
      ) : null}
    </>
  )
}
