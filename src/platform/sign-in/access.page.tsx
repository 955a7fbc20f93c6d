import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { reachOf } from '../authorisation/authorisation.ts'
import { permissions } from '../authorisation/permissions.ts'
import { instantForPeople } from '../cli-text.ts'
import { findActor } from '../command.ts'
import { count, id, text } from '../http/fields.ts'
import type { Said } from '../http/route.ts'
import { columnsOf, listed } from '../pages/columns.tsx'
import { type Field, formPage } from '../pages/forms.tsx'
import type { Crumb, PageAsked, PageContent, PageRoute } from '../pages/page-route.ts'
import { Code, Count, Doings, Facts, Notice, PlainTable, Section, State, type Tone } from '../pages/parts.tsx'
import type { Say } from '../pages/say.ts'
import { tablePage } from '../pages/table.tsx'
import { refusePlatform } from '../platform.refusals.ts'
import type { StaffMember } from '../staff.queries.ts'
import { findsStaff } from '../staff-filter.ts'
import { type ApiKey, keyStateNames, listApiKeys } from './api-key.queries.ts'
import { createApiKey, daysOfKeyMaximum, permissionsForKeys, revokeApiKey } from './api-keys.ts'
import { endAccess, endSessions, resetSecondFactor } from './end-access.ts'
import { invite } from './invite.ts'
import { programInWords } from './program-words.ts'
import { needsSecondFactor } from './second-factor.ts'
import {
  type SecurityEvent,
  type SecurityEventName,
  securityEventNames,
  securityEventRows,
  securityEvents,
} from './security-events.ts'
import { listSessions, listUsers, type User, userStateNames } from './sign-in.queries.ts'

const code = text(40)
const personAt = (staff: string) => `/office/staff/${encodeURIComponent(staff)}`
const crumbsOf = ({ say, params }: { readonly say: Say; readonly params: { readonly staff: string } }): Crumb[] => [
  { text: say('人员与岗位', 'people and roles'), href: '/office/staff' },
  { text: params.staff, href: personAt(params.staff) },
]
const reasonField = {
  label: { zh: '原因', en: 'reason' },
  help: { zh: '留在办理记录里。', en: 'It stays on record.' },
  schema: text(500),
} as const satisfies Field

const stateTones: Record<User['state'], Tone> = {
  never_invited: 'plain',
  invited: 'waiting',
  invitation_expired: 'overdue',
  active: 'settled',
  ended: 'plain',
}

/** Whether somebody looks at how others sign in, not at themselves alone. */
const seesEveryone = ({ visitor }: Pick<PageAsked, 'visitor'>): boolean =>
  reachOf(visitor.roles, 'sign-in.read') === 'all'

/** How a person signs in, and what an administrator does about it; nothing for whoever reads only their own. */
export async function accessOfPerson(asked: PageAsked, { code: staff, roles }: StaffMember): Promise<Child> {
  if (!seesEveryone(asked)) return null
  const { services, say, visitor } = asked
  const now = services.clock.now()
  const [user] = await listUsers(services.db, { now, code: staff, limit: 1 })
  if (user === undefined) return null
  const sessions = await listSessions(services.db, { now, code: staff })
  const at = personAt(staff)
  const isOther = visitor.code !== staff
  return (
    <Section title={say('登录', 'sign-in')}>
      <Facts
        of={[
          [say('状态', 'state'), <State tone={stateTones[user.state]}>{say(userStateNames[user.state])}</State>],
          [say('第二因素', 'second factor'), user.secondFactor ? say('已设置', 'set') : say('未设置', 'not set')],
          [
            say('最近登录', 'last signed in'),
            user.lastSignedInAt === null ? null : instantForPeople(user.lastSignedInAt),
          ],
        ]}
      />
      {sessions.length === 0 ? null : (
        <PlainTable
          caption={say('登录会话', 'sessions')}
          columns={[
            { title: say('开始', 'since') },
            { title: say('来自', 'from') },
            { title: say('程序', 'program'), wide: true },
            { title: say('到期', 'until') },
            { title: say('办理', 'do'), pressed: !isOther || reachOf(visitor.roles, 'sign-in.end-sessions') === 'all' },
          ]}
          rows={sessions.map((each) => [
            instantForPeople(each.beganAt),
            each.address || '—',
            say(programInWords(each.program)),
            instantForPeople(each.expiresAt),
            <a href={`${at}/sessions/${encodeURIComponent(each.session)}/end`}>{say('结束', 'end it')}</a>,
          ])}
        />
      )}
      <Doings
        visitor={visitor}
        of={[
          ['sign-in.invite', `${at}/invitation`, say('邀请设置密码', 'invite to set a password')],
          sessions.length < 2
            ? undefined
            : ['sign-in.end-sessions', `${at}/sessions/end`, say('结束全部会话', 'end all sessions')],
          user.secondFactor && isOther
            ? ['sign-in.reset-second-factor', `${at}/second-factor`, say('重置第二因素', 'reset the second factor')]
            : undefined,
          needsSecondFactor(roles.map(({ role }) => role))
            ? undefined
            : ['keys.create', `${at}/keys/new`, say('创建 API 密钥', 'make an API key')],
          user.state === 'active' && isOther
            ? ['sign-in.end-access', `${at}/access-end`, say('停用登录', 'end the access')]
            : undefined,
        ]}
      />
    </Section>
  )
}

/** What somebody hands on: shown on the answer alone, for only its digest is kept. */
function shownOnce(
  { say }: Pick<PageAsked, 'say'>,
  shown: {
    readonly title: string
    readonly crumbs: readonly Crumb[]
    readonly secret: string | null
    readonly until: Date
    /** What it is, and what to do with it. */
    readonly words: string
    /** Where it was shown before: a repeat of the form. */
    readonly gone: string
    readonly back: { readonly href: string; readonly words: string }
  },
): PageContent {
  return {
    title: shown.title,
    crumbs: shown.crumbs,
    body: (
      <>
        {shown.secret === null ? (
          <Notice tone="waiting">{shown.gone}</Notice>
        ) : (
          <>
            <Notice tone="settled">{shown.words}</Notice>
            <p class="paper">
              <Code of={shown.secret} copy say={say} />
            </p>
            <p>
              {say(`有效至 ${instantForPeople(shown.until)}。`, `It holds until ${instantForPeople(shown.until)}.`)}
            </p>
          </>
        )}
        <p>
          <a href={shown.back.href}>{shown.back.words}</a>
        </p>
      </>
    ),
  }
}

/** The answer with the link that an invited person sets their password by. */
export function invitationLink(
  asked: Pick<PageAsked, 'say' | 'request' | 'url'>,
  invited: { readonly name: string; readonly token: string | null; readonly expiresAt: string },
  crumbs: readonly Crumb[],
  back: { readonly href: string; readonly words: string },
): PageContent {
  const { say } = asked
  // The browser’s own word for where it is, behind whichever proxy; it was compared with the host before.
  const origin = asked.request.headers.get('origin') ?? asked.url.origin
  return shownOnce(asked, {
    title: say('邀请链接', 'link of the invitation'),
    crumbs,
    secret: invited.token === null ? null : `${origin}/invitation?token=${invited.token}`,
    until: new Date(invited.expiresAt),
    words: say(
      `请把下面的链接交给${invited.name}本人，用来设置密码；只能用一次，只在这里显示一次。`,
      `Hand this link to ${invited.name} alone: it sets their password, works once, and is shown this once.`,
    ),
    gone: say(
      '链接只显示一次，已经显示过。需要时请重新邀请，旧链接随之作废。',
      'The link was shown once. Invite anew if it is needed; the old one then no longer works.',
    ),
    back,
  })
}

const invitationPage = formPage('/office/staff/{staff}/invitation', {
  title: { zh: '邀请设置密码', en: 'invite to set a password' },
  permits: 'sign-in.invite',
  params: { staff: code },
  crumbs: crumbsOf,
  about: async ({ services, params, say }) => {
    const [user] = await listUsers(services.db, { now: services.clock.now(), code: params.staff, limit: 1 })
    if (user === undefined) return refusePlatform('staff_unknown', { code: params.staff })
    return (
      <>
        <Facts
          of={[
            [say('姓名', 'name'), user.name],
            [say('单位', 'organisation'), user.organisation],
            [say('登录状态', 'sign-in'), say(userStateNames[user.state])],
          ]}
        />
        <Notice>
          {say(
            '将生成一个设置密码的链接，一周内用一次；此前的链接随之作废。设置新密码后，此前的登录会话全部结束。',
            'A link to set a password is made: it works once, for a week, and earlier links no longer do. A new password ends every session.',
          )}
        </Notice>
      </>
    )
  },
  fields: {},
  submit: { zh: '邀请，生成链接', en: 'invite: make the link' },
  run: ({ services, params }, _, { envelope }) => invite(services, envelope, { staffCode: params.staff }),
  preview: 'none',
  done: (answer, asked) =>
    invitationLink(asked, { ...answer, name: asked.say(`“${answer.staff}”`, answer.staff) }, crumbsOf(asked), {
      href: personAt(answer.staff),
      words: asked.say('返回此人', 'back to the person'),
    }),
})

const endSessionPage = formPage('/office/staff/{staff}/sessions/{session}/end', {
  title: { zh: '结束一个会话', en: 'end a session' },
  permits: 'sign-in.end-sessions',
  params: { staff: code, session: text(64) },
  crumbs: crumbsOf,
  about: async ({ services, params, say }) => {
    const standing = await listSessions(services.db, { now: services.clock.now(), code: params.staff })
    const found = standing.find(({ session }) => session === params.session)
    if (found === undefined) return null
    return (
      <Facts
        of={[
          [say('人员', 'person'), `${found.name}（${found.code}）`],
          [say('开始', 'since'), instantForPeople(found.beganAt)],
          [say('来自', 'from'), found.address || null],
          [say('程序', 'program'), say(programInWords(found.program))],
        ]}
      />
    )
  },
  fields: {},
  run: ({ services, params }, _, { envelope }) =>
    endSessions(services, envelope, { staffCode: params.staff, session: params.session }),
  preview: (_, { say, params }) => ({
    changes: [{ what: params.staff, before: say('已登录', 'signed in'), after: say('须重新登录', 'signs in anew') }],
    button: say('结束这个会话', 'end this session'),
  }),
  done: (_, { say, params }) => ({
    to: personAt(params.staff),
    said: say('会话已结束。', 'The session has ended.'),
  }),
})

const endSessionsPage = formPage('/office/staff/{staff}/sessions/end', {
  title: { zh: '结束全部会话', en: 'end all sessions' },
  permits: 'sign-in.end-sessions',
  params: { staff: code },
  crumbs: crumbsOf,
  fields: {},
  run: ({ services, params }, _, { envelope }) => endSessions(services, envelope, { staffCode: params.staff }),
  preview: ({ staff, sessions }, { say }) => ({
    changes: [
      { what: say(`${staff} 的登录会话`, `sessions of ${staff}`), before: <Count of={sessions} />, after: '0' },
    ],
    button: say(`结束 ${sessions} 个会话`, `end ${sessions} sessions`),
  }),
  done: ({ staff, sessions }, { say }) => ({
    to: personAt(staff),
    said: say(`已结束 ${staff} 的 ${sessions} 个会话。`, `Sessions of ${staff} ended: ${sessions}.`),
  }),
})

const resetPage = formPage('/office/staff/{staff}/second-factor', {
  title: { zh: '重置第二因素', en: 'reset a second factor' },
  permits: 'sign-in.reset-second-factor',
  params: { staff: code },
  crumbs: crumbsOf,
  fields: { reason: reasonField },
  run: ({ services, params }, values, { envelope }) =>
    resetSecondFactor(services, envelope, { staffCode: params.staff, ...values }),
  preview: ({ staff }, { say }) => ({
    changes: [
      {
        what: say(`${staff} 的第二因素`, `second factor of ${staff}`),
        before: say('已设置', 'set'),
        after: say('下次登录时重新设置；会话全部结束', 'set up anew at the next sign-in; every session ends'),
      },
    ],
    button: say(`重置 ${staff} 的第二因素`, `reset the second factor of ${staff}`),
  }),
  done: ({ staff }, { say }) => ({
    to: personAt(staff),
    said: say(`已重置 ${staff} 的第二因素。`, `The second factor of ${staff} is reset.`),
  }),
})

const endAccessPage = formPage('/office/staff/{staff}/access-end', {
  title: { zh: '停用登录', en: 'end a person’s access' },
  permits: 'sign-in.end-access',
  params: { staff: code },
  crumbs: crumbsOf,
  fields: { reason: reasonField },
  run: ({ services, params }, values, { envelope }) =>
    endAccess(services, envelope, { staffCode: params.staff, ...values }),
  preview: ({ staff, sessions }, { say }) => ({
    changes: [
      {
        what: say(`${staff} 的密码、第二因素、API 密钥`, `password, second factor and keys of ${staff}`),
        before: say('有效', 'in force'),
        after: say('失效，重新邀请前不能登录', 'ended, until a new invitation'),
      },
      { what: say('登录会话', 'sessions'), before: <Count of={sessions} />, after: '0' },
    ],
    button: say(`停用 ${staff} 的登录`, `end the access of ${staff}`),
  }),
  done: ({ staff }, { say }) => ({
    to: personAt(staff),
    said: say(`已停用 ${staff} 的登录。`, `The access of ${staff} has ended.`),
  }),
})

const keysTitle: Said = { zh: 'API 密钥', en: 'API keys' }
const keysCrumb = (say: Say): Crumb => ({ text: say(keysTitle), href: '/office/api-keys' })

const newKeyPage = formPage('/office/staff/{staff}/keys/new', {
  title: { zh: '创建 API 密钥', en: 'make an API key' },
  permits: 'keys.create',
  params: { staff: code },
  crumbs: crumbsOf,
  about: ({ say }) => (
    <Notice>
      {say(
        '供收费系统等程序调用接口：以此人的名义，只做勾选的事。请为系统单独登记一名人员。',
        'For programs such as a collector’s system: in this person’s name, for what is checked alone. Better give a system a person of its own.',
      )}
    </Notice>
  ),
  initial: () => ({ days: '180' }),
  fields: {
    name: {
      label: { zh: '用途', en: 'what it is for' },
      help: { zh: '如“营收系统对接”。', en: 'Such as “billing system”.' },
      schema: text(100),
    },
    days: {
      label: { zh: '有效天数', en: 'days it holds' },
      help: { zh: `最多 ${daysOfKeyMaximum} 天。`, en: `At most ${daysOfKeyMaximum}.` },
      kind: 'number',
      schema: count(1, daysOfKeyMaximum),
    },
    permissions: {
      label: { zh: '可以做的事', en: 'what it may do' },
      kind: 'checks',
      choices: async ({ services, params, say }) => {
        const person = await findActor(services.db, String(params['staff']), services.clock.today())
        return permissionsForKeys(person?.roles ?? []).map((each) => [each, `${say(permissions[each])}（${each}）`])
      },
      schema: z.string().transform((said) => said.split(',')) as unknown as z.ZodType<string[], string>,
    },
  },
  run: ({ services, params }, values, { envelope }) =>
    createApiKey(services, envelope, { staffCode: params.staff, ...values }),
  preview: ({ staff, name, permissions: names, expiresAt }, { say }) => ({
    changes: [
      { what: say('密钥', 'key'), before: '—', after: say(`${name}，以 ${staff} 的名义`, `${name}, as ${staff}`) },
      { what: say('可以做的事', 'it may'), before: '—', after: inWords(names, say) },
      { what: say('有效至', 'until'), before: '—', after: instantForPeople(new Date(expiresAt)) },
    ],
    button: say('创建密钥', 'make the key'),
  }),
  done: (answer, asked) =>
    shownOnce(asked, {
      title: asked.say('API 密钥', 'API key'),
      crumbs: crumbsOf(asked),
      secret: answer.token,
      until: new Date(answer.expiresAt),
      words: asked.say(
        '请立即抄到系统的配置里：密钥只在这里显示一次，本系统只存它的摘要。程序在 Authorization 中附 Bearer 加密钥。',
        'Copy it into the system’s configuration now: it is shown this once, and only its digest is kept. Programs send it in Authorization, after Bearer.',
      ),
      gone: asked.say(
        '密钥只显示一次，已经显示过。需要时请吊销后另建。',
        'The key was shown once. Revoke it and make another if it is needed.',
      ),
      back: { href: '/office/api-keys', words: asked.say('全部密钥', 'all keys') },
    }),
})

/** What a key may do, as the table of permissions says it. */
const inWords = (names: readonly string[], say: Say): string =>
  names
    .map((name) => (Object.hasOwn(permissions, name) ? say(permissions[name as keyof typeof permissions]) : name))
    .join(say('、', ', '))

const keyTones: Record<ApiKey['state'], Tone> = { in_force: 'settled', expired: 'plain', revoked: 'plain' }
interface KeyRow {
  readonly key: number
  readonly hint: string
  readonly name: string
  readonly person: string
  readonly may: string
  readonly until: string
  readonly state: ApiKey['state']
}
const keyCol = columnsOf<KeyRow>()

const keyList = tablePage('/office/api-keys', {
  title: keysTitle,
  permits: 'keys.read',
  query: { staff: code.optional(), state: z.enum(['in_force', 'expired', 'revoked']).optional() },
  filters: [
    { name: 'staff', label: { zh: '以谁的名义', en: 'in the name of' }, ...findsStaff },
    {
      name: 'state',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => Object.entries(keyStateNames).map(([state, words]) => [state, say(words)] as const),
    },
  ],
  columns: ({ may }) => [
    keyCol.code('hint', '密钥开头', 'begins', (row) => row.hint),
    keyCol.text('name', '用途', 'what it is for', (row) => row.name),
    keyCol.text('person', '以谁的名义', 'in the name of', (row) => row.person),
    keyCol.text('may', '可以做的事', 'it may', (row) => row.may, { wide: true }),
    keyCol.text('until', '有效至', 'until', (row) => row.until),
    keyCol.text('state', '状态', 'state', (row, say) => say(keyStateNames[row.state]), {
      cell: (row, say) => <State tone={keyTones[row.state]}>{say(keyStateNames[row.state])}</State>,
    }),
    ...(may('keys.revoke')
      ? [
          keyCol.text('do', '办理', 'do', () => '', {
            pressed: true,
            sort: false,
            cell: (row, say) =>
              row.state === 'in_force' ? (
                <a href={`/office/api-keys/${row.key}/revocation`}>{say('吊销', 'revoke')}</a>
              ) : (
                ''
              ),
          }),
        ]
      : []),
  ],
  rows: async ({ services, query, say }) =>
    listed<KeyRow>(
      { key: 'integer', hint: 'text', name: 'text', person: 'text', may: 'text', until: 'text', state: 'text' },
      (await listApiKeys(services.db, { code: query.staff || undefined, now: services.clock.now(), limit: keysShown }))
        .filter(({ state }) => query.state === undefined || state === query.state)
        .map((each) => ({
          key: Number(each.keyId),
          hint: `${each.hint}…`,
          name: each.name,
          person: `${each.person}（${each.code}）`,
          may: inWords(each.permissions, say),
          until: instantForPeople(each.expiresAt),
          state: each.state,
        })),
    ),
  order: { by: 'key', direction: 'desc' },
  unique: 'key',
  file: keysTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有密钥。供水公司等的系统要调用接口时，在其人员页创建。',
      'No key yet. Where a system of a collector is to call the interface, make one on the page of its person.',
    ),
    action: <a href="/office/staff">{say('人员与岗位', 'people and roles')}</a>,
  }),
})
const keysShown = 5_000

const revokePage = formPage('/office/api-keys/{key}/revocation', {
  title: { zh: '吊销 API 密钥', en: 'revoke an API key' },
  permits: 'keys.revoke',
  params: { key: id() },
  crumbs: ({ say }) => [keysCrumb(say)],
  about: async ({ services, params, say }) => {
    const keys = await listApiKeys(services.db, { now: services.clock.now(), limit: keysShown })
    const key = keys.find(({ keyId }) => keyId === params.key)
    if (key === undefined) return null
    return (
      <Facts
        of={[
          [say('密钥开头', 'begins'), <Code of={`${key.hint}…`} />],
          [say('用途', 'what it is for'), key.name],
          [say('以谁的名义', 'in the name of'), `${key.person}（${key.code}）`],
          [say('可以做的事', 'it may'), inWords(key.permissions, say)],
          [say('有效至', 'until'), instantForPeople(key.expiresAt)],
        ]}
      />
    )
  },
  fields: { reason: reasonField },
  run: ({ services, params }, values, { envelope }) => revokeApiKey(services, envelope, { key: params.key, ...values }),
  preview: ({ staff }, { say }) => ({
    changes: [
      {
        what: say(`${staff} 名下的密钥`, `a key of ${staff}`),
        before: say('有效', 'in force'),
        after: say('立即失效', 'ended at once'),
      },
    ],
    button: say('吊销密钥', 'revoke the key'),
  }),
  done: ({ staff }, { say }) => ({
    to: '/office/api-keys',
    said: say(`已吊销 ${staff} 名下的密钥。`, `The key of ${staff} is revoked.`),
  }),
})

const eventsTitle: Said = { zh: '登录记录', en: 'sign-in records' }
const eventTones: Partial<Record<SecurityEventName, Tone>> = {
  signed_in: 'settled',
  sign_in_failed: 'waiting',
  second_factor_failed: 'waiting',
  sign_in_throttled: 'overdue',
}
const eventCol = columnsOf<SecurityEvent>()

const eventList = tablePage('/office/security-events', {
  title: eventsTitle,
  permits: 'sign-in.events.read',
  query: { staff: code.optional(), event: z.enum(['', ...securityEvents]).optional() },
  columns: [
    eventCol.text('happenedAt', '时间', 'at', (row) => instantForPeople(new Date(row.happenedAt)), { sort: 'id' }),
    eventCol.text('event', '事件', 'event', (row, say) => say(securityEventNames[row.event]), {
      cell: (row, say) => <State tone={eventTones[row.event] ?? 'plain'}>{say(securityEventNames[row.event])}</State>,
    }),
    eventCol.text('name', '人员', 'person', (row) => (row.name === null ? null : `${row.name}（${row.code}）`), {}),
    eventCol.text('address', '来自', 'from', (row) => row.address || null),
  ],
  filters: [
    { name: 'staff', label: { zh: '人员', en: 'person' }, ...findsStaff },
    {
      name: 'event',
      label: { zh: '事件', en: 'event' },
      kind: 'choice',
      choices: (say) => securityEvents.map((each) => [each, say(securityEventNames[each])] as const),
    },
  ],
  rows: ({ query }) =>
    securityEventRows({
      code: query.staff === '' ? undefined : query.staff,
      event: query.event === '' ? undefined : query.event,
    }),
  onlyGrows: true,
  order: { by: 'id', direction: 'desc' },
  indexed: ['id'],
  unique: 'id',
  file: eventsTitle,
  empty: ({ say }) => ({ text: say('还没有人登录过。', 'Nobody has signed in yet.') }),
})

/** What administrators do about who signs in: invitations, sessions, second factors, keys; what happened at the door. */
export const accessPages: readonly PageRoute[] = [
  invitationPage,
  endSessionPage,
  endSessionsPage,
  resetPage,
  endAccessPage,
  newKeyPage,
  keyList,
  revokePage,
  eventList,
]
