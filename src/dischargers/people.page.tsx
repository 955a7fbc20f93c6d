import type { Child } from 'hono/jsx'
import { isRefusal } from '../kernel/refusal.ts'
import { date, text } from '../platform/http/fields.ts'
import { formPage } from '../platform/pages/forms.tsx'
import type { Crumb, PageAsked, PageRoute } from '../platform/pages/page-route.ts'
import { Doings, Empty, Facts, PlainTable, Section } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { invitationLink } from '../platform/sign-in/access.page.tsx'
import { endEnterpriseTie, inviteEnterpriseUser } from '../platform/sign-in/enterprise-user.ts'
import { tiesOfDischarger } from '../platform/sign-in/sign-in.queries.ts'
import { findDischarger } from './account.queries.ts'
import { dischargerCode } from './account.routes.ts'
import type { Discharger } from './discharger.ts'

const pathOf = (code: string) => `/office/dischargers/${encodeURIComponent(code)}`
const crumbsOf = ({
  say,
  params,
}: {
  readonly say: Say
  readonly params: { readonly discharger: string }
}): Crumb[] => [
  { text: say('排污者', 'dischargers'), href: '/office/dischargers' },
  { text: params.discharger, href: pathOf(params.discharger) },
]

/** Who of an enterprise sees its bills in the portal; nothing for who has no part in it. */
export async function peopleOf(asked: PageAsked, { dischargerId, code }: Discharger): Promise<Child> {
  const { services, visitor, say, may } = asked
  if (!may('sign-in.invite-enterprise')) return null
  const ties = await tiesOfDischarger(services.db, dischargerId)
  const at = `${pathOf(code)}/people`
  return (
    <Section title={say('企业端人员', 'people in the portal')}>
      {ties.length === 0 ? (
        <Empty>
          {say(
            '还没有人：邀请企业的经办后，其可自行查看账单、缴款和文书，提出异议。',
            'Nobody yet. Once invited, a person of the enterprise sees its bills, payments and papers, and objects.',
          )}
        </Empty>
      ) : (
        <PlainTable
          columns={[
            { title: say('姓名', 'name') },
            { title: say('登录用的代码', 'code to sign in with') },
            { title: say('自', 'from') },
            { title: say('至（不含）', 'until') },
            { title: say('办理', 'do'), pressed: may('sign-in.end-enterprise') },
          ]}
          rows={ties.map((tie) => [
            tie.name,
            <code>{tie.code}</code>,
            tie.from,
            tie.until,
            tie.until === null ? <a href={`${at}/${encodeURIComponent(tie.code)}/end`}>{say('终止', 'end')}</a> : '',
          ])}
        />
      )}
      <Doings
        visitor={visitor}
        of={[['sign-in.invite-enterprise', `${at}/new`, say('邀请企业人员', 'invite a person of it')]]}
      />
    </Section>
  )
}

const invitePage = formPage('/office/dischargers/{discharger}/people/new', {
  title: { zh: '邀请企业人员', en: 'invite a person of an enterprise' },
  permits: 'sign-in.invite-enterprise',
  params: { discharger: dischargerCode },
  crumbs: crumbsOf,
  about: async ({ services, params, say }) => {
    const found = await findDischarger(services.db, params.discharger)
    return isRefusal(found) ? found : <Facts of={[[say('排污者', 'discharger'), `${found.name}（${found.code}）`]]} />
  },
  fields: {
    name: { label: { zh: '姓名', en: 'name' }, schema: text() },
    code: {
      label: { zh: '登录用的代码', en: 'code to sign in with' },
      help: {
        zh: '小写字母、数字和连字符，如 shili-zhang；同一人管几家企业的用同一个。',
        en: 'Small letters, digits and hyphens, such as shili-zhang; one person of several enterprises keeps theirs.',
      },
      schema: text(40),
    },
  },
  run: ({ services, params }, values, { envelope }) =>
    inviteEnterpriseUser(services, envelope, { ...values, discharger: params.discharger }, findDischarger),
  preview: ({ staff, discharger, from }, { say }, { name }) => ({
    changes: [
      {
        what: say(`排污者 ${discharger} 的账单、缴款、文书`, `bills, payments and papers of ${discharger}`),
        before: say('此人看不到', 'not seen by them'),
        after: say(`${name}（${staff}）自 ${from} 起可看`, `seen by ${name} (${staff}) from ${from}`),
      },
    ],
    button: say(`邀请 ${name}`, `invite ${name}`),
  }),
  done: (answer, asked, { name }) => {
    const { say } = asked
    const to = pathOf(answer.discharger)
    return answer.expiresAt === null
      ? {
          to,
          said: say(
            `${name} 已有登录，自 ${answer.from} 起可看 ${answer.discharger}。`,
            `${name} signs in already and sees ${answer.discharger} from ${answer.from}.`,
          ),
        }
      : invitationLink(asked, { name, token: answer.token, expiresAt: answer.expiresAt }, crumbsOf(asked), {
          href: to,
          words: say('返回排污者', 'back to the discharger'),
        })
  },
})

const endPage = formPage('/office/dischargers/{discharger}/people/{person}/end', {
  title: { zh: '终止企业人员的查看', en: 'end what a person of an enterprise sees' },
  permits: 'sign-in.end-enterprise',
  params: { discharger: dischargerCode, person: text(40) },
  crumbs: crumbsOf,
  initial: ({ services }) => ({ until: services.clock.today() }),
  fields: { until: { label: { zh: '自哪一天起不再可看', en: 'first day without it' }, kind: 'date', schema: date } },
  run: ({ services, params }, { until }, { envelope }) =>
    endEnterpriseTie(services, envelope, { code: params.person, discharger: params.discharger, until }, findDischarger),
  preview: ({ staff, discharger, until }, { say }) => ({
    changes: [
      {
        what: say(`${staff} 查看 ${discharger}`, `${staff} sees ${discharger}`),
        before: say('可看', 'yes'),
        after: say(`自 ${until} 起不再可看`, `not from ${until}`),
      },
    ],
    button: say(`终止 ${staff} 的查看`, `end it for ${staff}`),
  }),
  done: ({ staff, discharger, until }, { say }) => ({
    to: pathOf(discharger),
    said: say(`${staff} 自 ${until} 起不再查看。`, `${staff} sees it no longer from ${until}.`),
  }),
})

/** People of enterprises, by their discharger. */
export const peoplePages: readonly PageRoute[] = [invitePage, endPage]
