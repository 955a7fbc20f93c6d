import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import type { Refusal } from '../../kernel/refusal.ts'
import type { PermissionName } from '../authorisation/permissions.ts'
import type { CommandAnswer, Envelope, Services } from '../command.ts'
import { id } from '../http/fields.ts'
import type { Said } from '../http/route.ts'
import { refusePlatform } from '../platform.refusals.ts'
import { type DecidedProposal, findProposal } from '../proposals.ts'
import { formPage } from './forms.tsx'
import type { Crumb, PageAsked, PageRoute } from './page-route.ts'
import { Facts, Instant, Notice } from './parts.tsx'
import type { Say } from './say.ts'

/** What a second person decides, as the form hands it to the stage's command. */
export interface FormDecision {
  readonly proposalId: string
  readonly outcome: 'approved' | 'returned'
  readonly reason: string
  readonly digestSeen: string
}

interface DecisionDescribed<Answer> {
  readonly title: Said
  /** The name of the command that decides. */
  readonly permits: PermissionName
  /** The kind of proposal. */
  readonly kind: string
  readonly crumbs: (proposal: DecidedProposal, say: Say) => readonly Crumb[]
  /** What is proposed, in the stage's own words. */
  readonly content: (proposal: DecidedProposal, asked: PageAsked) => Promise<Child> | Child
  /** What has changed since it was proposed; left out where nothing can have. */
  readonly since?: (proposal: DecidedProposal, asked: PageAsked) => Promise<Child> | Child
  readonly decide: (
    services: Services,
    envelope: Envelope,
    decision: FormDecision,
  ) => Promise<CommandAnswer<Answer> | Refusal>
  /** What an approval changes. A return changes nothing but that the maker has it back. */
  readonly changes: (
    answer: Answer,
    proposal: DecidedProposal,
    say: Say,
  ) => readonly { readonly what: Child; readonly before: Child; readonly after: Child }[]
  /** The word on the button that approves, with its count and sum. */
  readonly button: (answer: Answer, proposal: DecidedProposal, say: Say) => string
  /** Where it goes on, and what happened. */
  readonly done: (
    answer: Answer,
    decision: Pick<FormDecision, 'outcome' | 'proposalId'>,
    say: Say,
  ) => { readonly to: string; readonly said: string }
}

interface AskedOfProposal extends Pick<PageAsked, 'services'> {
  readonly params: { readonly proposal: string }
}

/**
 * The page on which another person approves a proposal or returns it: who made it, what they submitted, its digest, what
 * changed since. The digest goes along as it was seen. The path has one parameter, `{proposal}`.
 */
export function decisionPage<Answer>(path: string, route: DecisionDescribed<Answer>): PageRoute {
  const proposalOf = async (asked: AskedOfProposal) => {
    const found = await findProposal(asked.services.db, asked.params.proposal)
    return found?.kind === route.kind ? found : undefined
  }
  const known = async (asked: AskedOfProposal): Promise<DecidedProposal> => {
    const found = await proposalOf(asked)
    if (found === undefined) throw new Error(`proposal ${asked.params.proposal} was decided and is not there`)
    return found
  }
  return formPage(path, {
    title: route.title,
    permits: route.permits,
    params: { proposal: id() },
    crumbs: async (asked) => {
      const found = await proposalOf(asked)
      return found === undefined ? [] : route.crumbs(found, asked.say)
    },
    about: async (asked) => {
      const { say, params, visitor } = asked
      const proposal = await proposalOf(asked)
      if (proposal === undefined)
        return refusePlatform('proposal_missing', { proposal: params.proposal, kind: route.kind })
      const { decision } = proposal
      if (decision !== undefined) {
        return refusePlatform('proposal_decided', {
          proposal: proposal.id,
          person: decision.personName,
          decisionZh: outcomeWords[decision.outcome].zh,
          decisionEn: outcomeWords[decision.outcome].en,
        })
      }
      const given = asked as unknown as PageAsked
      return (
        <>
          {proposal.makerCode === visitor.code ? (
            <Notice tone="waiting">
              {say('本人提出，需他人审批。', 'This is your own work: another person decides it.')}
            </Notice>
          ) : null}
          <Facts
            of={[
              [say('提出人', 'proposed by'), proposal.makerName],
              [say('提出时间', 'proposed'), <Instant of={proposal.recordedAt} />],
              [say('您看到的摘要', 'digest you see'), <code>{proposal.contentDigest.slice(0, 12)}</code>],
              ...(route.since === undefined
                ? []
                : ([[say('提出以来', 'since then'), await route.since(proposal, given)]] as const)),
            ]}
          />
          {await route.content(proposal, given)}
        </>
      )
    },
    initial: async (asked) => {
      const proposal = await proposalOf(asked)
      return proposal === undefined ? {} : { digestSeen: proposal.contentDigest }
    },
    fields: {
      digestSeen: { label: { zh: '您看到的摘要', en: 'the digest you saw' }, kind: 'hidden' },
      outcome: {
        label: { zh: '决定', en: 'decision' },
        kind: 'choice',
        choices: ({ say }) => [
          ['approved', say('批准', 'approve')],
          ['returned', say('退回', 'return')],
        ],
        schema: z.enum(['approved', 'returned']),
      },
      reason: {
        label: { zh: '意见', en: 'why' },
        help: { zh: '退回须写明原因。', en: 'A return needs its reason.' },
        kind: 'long',
        optional: true,
        schema: z.string().max(500, '最多 500 字 · at most 500 characters'),
      },
    },
    run: ({ services, params }, { outcome, reason, digestSeen }, { envelope }) =>
      route.decide(services, envelope, {
        proposalId: params.proposal,
        outcome: outcome as FormDecision['outcome'],
        reason: reason ?? '',
        digestSeen,
      }),
    preview: async (answer, asked, { outcome, reason }) => {
      const { say } = asked
      const proposal = await known(asked)
      if (outcome === 'returned')
        return {
          changes: [
            {
              what: say(route.title),
              before: say('待审批', 'waits for a decision'),
              after: say(
                `退回${proposal.makerName}：${reason ?? ''}`,
                `returned to ${proposal.makerName}: ${reason ?? ''}`,
              ),
            },
          ],
          button: say(`退回${proposal.makerName}`, `return it to ${proposal.makerName}`),
        }
      return { changes: route.changes(answer, proposal, say), button: route.button(answer, proposal, say) }
    },
    done: (answer, { say, params }, { outcome }) =>
      route.done(answer, { outcome: outcome as FormDecision['outcome'], proposalId: params.proposal }, say),
  })
}

/** What became of a proposal. */
export const outcomeWords: Record<'approved' | 'returned' | 'withdrawn', Said> = {
  approved: { zh: '批准', en: 'approved' },
  returned: { zh: '退回', en: 'returned' },
  withdrawn: { zh: '撤回', en: 'withdrawn' },
}
