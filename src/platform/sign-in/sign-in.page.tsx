import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { encode } from 'uqr'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { instantForPeople } from '../cli-text.ts'
import { findActor } from '../command.ts'
import type { Door } from '../http/access.ts'
import { refuseHttp } from '../http/http.refusals.ts'
import type { Said } from '../http/route.ts'
import { Hidden } from '../pages/forms.tsx'
import { keptFormName } from '../pages/kept-form.ts'
import {
  type PageAnswer,
  type PageAsked,
  type PageContent,
  type PageRoute,
  type Posted,
  Redirect,
} from '../pages/page-route.ts'
import { Code, Facts, Notice, PlainTable, Refused, Section, State } from '../pages/parts.tsx'
import type { Say } from '../pages/say.ts'
import { ownPath } from '../pages/serve-pages.ts'
import { sessionHours } from './authentication.ts'
import { endSessions } from './end-access.ts'
import { passwordLength } from './password.ts'
import { programInWords } from './program-words.ts'
import { needsSecondFactor } from './second-factor.ts'
import { changePassword, findInvitation, setPassword } from './set-password.ts'
import { listSessions } from './sign-in.queries.ts'
import { refuseSignIn } from './sign-in.refusals.ts'

type Shown = (asked: PageAsked) => Promise<PageAnswer>
type Sent = (asked: PageAsked, posted: Posted) => Promise<PageAnswer>

/** A page that anybody may ask for: who is not signed in, and who still lacks a second factor. */
function open(path: string, title: Said, get: Shown, post?: Sent, query: z.ZodRawShape = {}): PageRoute {
  const params = path.includes('{session}') ? { session: z.string().max(64) } : {}
  return {
    path,
    title,
    permits: undefined,
    postPermits: undefined,
    params: z.object(params),
    query: z.object(query),
    get,
    post,
  }
}

/** The door people come in by; a refusal where nobody signs in, as on a developer's machine. */
function doorOf({ access }: PageAsked): Door | Refusal {
  return access.kind === 'sign-in' ? access.door : refuseHttp('sign_in_missing')
}

const field = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value.slice(0, 1_000) : ''
}

/** Leads on with the cookies of the door. */
function leave(to: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location: to, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

interface FieldOfForm {
  readonly name: string
  readonly label: Said
  readonly help?: Said
  readonly type?: 'text' | 'password'
  readonly autocomplete: string
  readonly value?: string
  readonly inputmode?: 'numeric'
}

/** A short form whose answers are secrets: nothing that was typed is shown again but the name. */
function SecretForm({
  asked,
  fields,
  submit,
  refusal,
  action,
}: {
  readonly asked: PageAsked
  readonly fields: readonly FieldOfForm[]
  readonly submit: Said
  readonly refusal?: Refusal | undefined
  readonly action?: string
}) {
  const { say, csrf } = asked
  return (
    <>
      {refusal === undefined ? null : <Refused refusal={refusal} say={say} />}
      <form method="post" action={action} class="form">
        <Hidden csrf={csrf} id={crypto.randomUUID()} />
        {fields.map(({ name, label, help, type = 'text', autocomplete, value, inputmode }) => (
          <div class="field text">
            <label for={`field-${name}`}>{say(label)}</label>
            {help === undefined ? null : (
              <p class="help" id={`field-${name}-help`}>
                {say(help)}
              </p>
            )}
            <input
              id={`field-${name}`}
              name={name}
              type={type}
              value={value}
              autocomplete={autocomplete}
              inputmode={inputmode}
              aria-describedby={help === undefined ? undefined : `field-${name}-help`}
              required
            />
          </div>
        ))}
        <p class="buttons">
          <button type="submit" class="primary">
            {say(submit)}
          </button>
        </p>
      </form>
    </>
  )
}

const signInTitle: Said = { zh: '登录', en: 'sign in' }

function signInForm(asked: PageAsked, code = '', refusal?: Refusal): PageContent {
  return {
    title: asked.say(signInTitle),
    body: (
      <>
        {nextOf(asked) === '/' || refusal !== undefined ? null : (
          <Notice>
            {leadsToKeptForm(asked)
              ? asked.say(
                  '登录已结束（到时自动结束，或已在别处结束），未作任何改动。同一人登录后，回到刚才的表单，填写的内容还在（文件须重新选择）。',
                  'You are signed in no longer (a sign-in ends by itself, or was ended elsewhere); nothing was changed. Sign in as the same person to find the form with what you typed; files must be chosen again.',
                )
              : asked.say(
                  `登录后回到刚才要看的页面。登录 ${sessionHours} 小时后自动结束。`,
                  `Signed in you are led on to the page you asked for. A sign-in ends by itself after ${sessionHours} hours.`,
                )}
          </Notice>
        )}
        <SecretForm
          asked={asked}
          refusal={refusal}
          submit={signInTitle}
          fields={[
            { name: 'code', label: { zh: '人员代码', en: 'code' }, autocomplete: 'username', value: code },
            {
              name: 'password',
              label: { zh: '密码', en: 'password' },
              type: 'password',
              autocomplete: 'current-password',
            },
          ]}
        />
        <p>
          <a href="/disclosure">
            {asked.say('污水处理费征收使用情况公开（无须登录）', 'Public account of the wastewater fee (no sign-in)')}
          </a>
        </p>
      </>
    ),
  }
}

const nextOf = ({ url }: PageAsked): string => ownPath(url.searchParams.get('next') ?? '/')

const leadsToKeptForm = (asked: PageAsked): boolean => new URL(nextOf(asked), asked.url).searchParams.has(keptFormName)

const signIn = open(
  '/sign-in',
  signInTitle,
  async (asked) => {
    const door = doorOf(asked)
    if (isRefusal(door)) return door
    const session = await door.sessionOf(asked.request, asked.services)
    return session === undefined ? signInForm(asked) : new Redirect(nextOf(asked))
  },
  async (asked, { form }) => {
    const door = doorOf(asked)
    if (isRefusal(door)) return door
    const code = field(form, 'code').trim()
    const outcome = await door.byPassword(asked.request, asked.services, { code, password: field(form, 'password') })
    if (isRefusal(outcome)) return signInForm(asked, code, outcome)
    const next = nextOf(asked)
    const to = outcome.next === 'second_factor' ? `/sign-in/code?next=${encodeURIComponent(next)}` : next
    return leave(to, outcome.cookies)
  },
  { next: z.string().max(2_000).optional() },
)

const codeTitle: Said = { zh: '输入验证码', en: 'enter the code' }

function codeForm(asked: PageAsked, refusal?: Refusal): PageContent {
  return {
    title: asked.say(codeTitle),
    body: (
      <>
        <SecretForm
          asked={asked}
          refusal={refusal}
          submit={signInTitle}
          fields={[
            {
              name: 'code',
              label: { zh: '验证码', en: 'code' },
              help: {
                zh: '验证器上当前的 6 位数字；手机不在身边时，输入一个备用码。',
                en: 'The six digits your authenticator shows now; without your phone, one of your backup codes.',
              },
              autocomplete: 'one-time-code',
            },
          ]}
        />
        <p>
          <a href={`/sign-in?next=${encodeURIComponent(nextOf(asked))}`}>
            {asked.say('重新输入代码和密码', 'enter code and password again')}
          </a>
        </p>
      </>
    ),
  }
}

const secondStep = open(
  '/sign-in/code',
  codeTitle,
  async (asked) => {
    const door = doorOf(asked)
    if (isRefusal(door)) return door
    const session = await door.sessionOf(asked.request, asked.services)
    return session === undefined ? codeForm(asked) : new Redirect(nextOf(asked))
  },
  async (asked, { form }) => {
    const door = doorOf(asked)
    if (isRefusal(door)) return door
    const outcome = await door.bySecondFactor(asked.request, asked.services, field(form, 'code').trim())
    return isRefusal(outcome) ? codeForm(asked, outcome) : leave(nextOf(asked), outcome.cookies)
  },
  { next: z.string().max(2_000).optional() },
)

const passwordTitle: Said = { zh: '设置密码', en: 'set your password' }

const invitation = open(
  '/invitation',
  passwordTitle,
  async (asked) => {
    const token = asked.url.searchParams.get('token') ?? ''
    const invitee = await findInvitation(asked.services.db, token, asked.services.clock.now())
    return isRefusal(invitee) ? invitee : passwordForm(asked, invitee)
  },
  async (asked, { form, envelope }) => {
    const door = doorOf(asked)
    if (isRefusal(door)) return door
    const token = asked.url.searchParams.get('token') ?? ''
    const invitee = await findInvitation(asked.services.db, token, asked.services.clock.now())
    if (isRefusal(invitee)) return invitee
    const password = field(form, 'password')
    if (password !== field(form, 'again')) return passwordForm(asked, invitee, refuseSignIn('password_not_repeated'))
    const outcome = await setPassword(asked.services, envelope, { token, password, hash: door.hash })
    if (isRefusal(outcome)) return passwordForm(asked, invitee, outcome)
    return new Redirect('/sign-in', asked.say('密码已设置，请登录。', 'The password is set; sign in.'))
  },
  { token: z.string().max(200).optional() },
)

const newPasswordFields: readonly FieldOfForm[] = [
  {
    name: 'password',
    label: { zh: '新密码', en: 'new password' },
    help: {
      zh: `至少 ${passwordLength.minimum} 个字符。一句自己记得住、别人想不到的话就很好。`,
      en: `At least ${passwordLength.minimum} characters. A sentence you remember and nobody guesses does well.`,
    },
    type: 'password',
    autocomplete: 'new-password',
  },
  {
    name: 'again',
    label: { zh: '再输入一次', en: 'the same again' },
    type: 'password',
    autocomplete: 'new-password',
  },
]

function passwordForm(
  asked: PageAsked,
  invitee: { readonly code: string; readonly name: string; readonly organisation: string },
  refusal?: Refusal,
): PageContent {
  const { say } = asked
  return {
    title: say(passwordTitle),
    body: (
      <>
        <Facts
          of={[
            [say('姓名', 'name'), invitee.name],
            [say('单位', 'organisation'), invitee.organisation],
            [say('登录用的代码', 'code to sign in with'), <Code of={invitee.code} />],
          ]}
        />
        <SecretForm asked={asked} refusal={refusal} submit={passwordTitle} fields={newPasswordFields} />
      </>
    ),
  }
}

const accountTitle: Said = { zh: '我的账号', en: 'my account' }

/** Who is signed in, whether or not they may do anything yet. */
async function holderOf(asked: PageAsked) {
  const door = doorOf(asked)
  if (isRefusal(door)) return door
  const session = await door.sessionOf(asked.request, asked.services)
  if (session === undefined) return refuseSignIn('not_signed_in')
  const { db, clock } = asked.services
  const actor = await findActor(db, session.code, clock.today())
  if (actor === undefined) return refuseSignIn('not_signed_in')
  return { door, session, actor }
}

const account = open('/account', accountTitle, async (asked) => {
  const holder = await holderOf(asked)
  if (isRefusal(holder)) return holder
  const { session, actor } = holder
  const { say, services } = asked
  const sessions = await listSessions(services.db, { now: services.clock.now(), code: session.code })
  const button = (action: string, words: Said): Child => (
    <form method="post" action={action}>
      <Hidden csrf={asked.csrf} id={crypto.randomUUID()} />
      <button type="submit">{say(words)}</button>
    </form>
  )
  return {
    title: say(accountTitle),
    next: button('/sign-out', { zh: '退出登录', en: 'sign out' }),
    body: (
      <>
        <Facts
          of={[
            [say('姓名', 'name'), actor.name],
            [say('单位', 'organisation'), actor.organisation.name],
            [say('代码', 'code'), <Code of={actor.code} />],
            [say('密码', 'password'), <a href="/account/password">{say('修改', 'change it')}</a>],
            [
              say('第二因素', 'second factor'),
              session.secondFactor ? (
                <State tone="settled">{say('已设置', 'set')}</State>
              ) : (
                <>
                  <State tone={needsSecondFactor(actor.roles) ? 'overdue' : 'plain'}>{say('未设置', 'not set')}</State>{' '}
                  <a href="/account/second-factor">{say('设置', 'set it up')}</a>
                </>
              ),
            ],
          ]}
        />
        <Section title={say('登录会话', 'sessions')}>
          <PlainTable
            columns={[
              { title: say('开始', 'since') },
              { title: say('来自', 'from') },
              { title: say('程序', 'program'), wide: true },
              { title: say('到期', 'until') },
              { title: say('操作', 'to do') },
            ]}
            rows={sessions.map((each) => [
              instantForPeople(each.beganAt),
              each.address || '—',
              say(programInWords(each.program)),
              instantForPeople(each.expiresAt),
              each.session === session.ref
                ? say('本次', 'this one')
                : button(`/account/sessions/${encodeURIComponent(each.session)}/end`, { zh: '结束', en: 'end it' }),
            ])}
          />
        </Section>
      </>
    ),
  }
})

const endOne = open(
  '/account/sessions/{session}/end',
  { zh: '结束会话', en: 'end a session' },
  async () => new Redirect('/account'),
  async (asked, { envelope }) => {
    const holder = await holderOf(asked)
    if (isRefusal(holder)) return holder
    const { session } = asked.params as unknown as { readonly session: string }
    const { code } = holder.session
    const outcome = await endSessions(asked.services, { ...envelope, actor: code }, { staffCode: code, session })
    return isRefusal(outcome) ? outcome : new Redirect('/account', asked.say('会话已结束。', 'The session has ended.'))
  },
)

const changeTitle: Said = { zh: '修改密码', en: 'change your password' }

function changeForm(asked: PageAsked, refusal?: Refusal): PageContent {
  const { say } = asked
  return {
    title: say(changeTitle),
    crumbs: [{ text: say(accountTitle), href: '/account' }],
    body: (
      <>
        <Notice>
          {say(
            '修改后，所有登录会话结束，请用新密码重新登录。',
            'Every session ends with the change; sign in again with the new password.',
          )}
        </Notice>
        <SecretForm
          asked={asked}
          refusal={refusal}
          submit={changeTitle}
          fields={[
            {
              name: 'present',
              label: { zh: '现在的密码', en: 'present password' },
              type: 'password',
              autocomplete: 'current-password',
            },
            ...newPasswordFields,
          ]}
        />
      </>
    ),
  }
}

const password = open(
  '/account/password',
  changeTitle,
  async (asked) => {
    const holder = await holderOf(asked)
    return isRefusal(holder) ? holder : changeForm(asked)
  },
  async (asked, { form, envelope }) => {
    const holder = await holderOf(asked)
    if (isRefusal(holder)) return holder
    const { door, session } = holder
    const chosen = field(form, 'password')
    if (chosen !== field(form, 'again')) return changeForm(asked, refuseSignIn('password_not_repeated'))
    const present = field(form, 'present')
    const wrong = await door.refuseUnlessPassword(asked.request, asked.services, present)
    if (wrong !== undefined) return changeForm(asked, wrong)
    const given = { present, password: chosen, hash: door.hash }
    const outcome = await changePassword(asked.services, { ...envelope, actor: session.code }, given)
    if (isRefusal(outcome)) return changeForm(asked, outcome)
    return new Redirect(
      '/sign-in',
      asked.say('密码已修改，请用新密码登录。', 'The password is changed; sign in with it.'),
    )
  },
)

const signOut = open(
  '/sign-out',
  { zh: '退出登录', en: 'sign out' },
  async () => new Redirect('/account'),
  async (asked) => {
    const door = doorOf(asked)
    return isRefusal(door) ? door : leave('/sign-in', await door.out(asked.request, asked.services))
  },
)

const factorTitle: Said = { zh: '设置第二因素', en: 'set up a second factor' }

const secondFactor = open(
  '/account/second-factor',
  factorTitle,
  async (asked) => {
    const holder = await holderOf(asked)
    if (isRefusal(holder)) return holder
    return holder.session.secondFactor ? new Redirect('/account') : factorForm(asked)
  },
  async (asked, { form }) => {
    const holder = await holderOf(asked)
    if (isRefusal(holder)) return holder
    const { door } = holder
    const code = field(form, 'code').trim()
    if (code !== '') {
      const confirmed = await door.confirmSecondFactor(asked.request, asked.services, code)
      return isRefusal(confirmed) ? confirmForm(asked, undefined, confirmed) : leave('/account', confirmed.cookies)
    }
    const begun = await door.beginSecondFactor(asked.request, asked.services, field(form, 'password'))
    return isRefusal(begun) ? factorForm(asked, begun) : confirmForm(asked, begun)
  },
)

function factorForm(asked: PageAsked, refusal?: Refusal): PageContent {
  const { say } = asked
  return {
    title: say(factorTitle),
    body: (
      <>
        <Notice>
          {say(
            '审批、负责人、财政和系统管理员须用第二因素登录。请在手机上安装任一支持 TOTP 的验证器，再输入密码继续。',
            'Approvers, heads, finance and administrators sign in with a second factor. Install any TOTP authenticator on your phone, then enter your password.',
          )}
        </Notice>
        <SecretForm
          asked={asked}
          refusal={refusal}
          submit={{ zh: '下一步', en: 'next' }}
          fields={[
            {
              name: 'password',
              label: { zh: '密码', en: 'password' },
              type: 'password',
              autocomplete: 'current-password',
            },
          ]}
        />
      </>
    ),
  }
}

function confirmForm(
  asked: PageAsked,
  begun?: { readonly uri: string; readonly backupCodes: readonly string[] },
  refusal?: Refusal,
): PageContent {
  const { say } = asked
  return {
    title: say(factorTitle),
    body: (
      <>
        {begun === undefined ? null : (
          <>
            <Section title={say('一、用验证器扫描', '1. Scan with the authenticator')}>
              <QrCode of={begun.uri} label={say('验证器的二维码', 'code for the authenticator')} />
              <p>
                {say('不能扫描时输入密钥：', 'Where scanning fails, enter the key: ')}
                <Code of={new URL(begun.uri).searchParams.get('secret') ?? ''} copy say={say} />
              </p>
            </Section>
            <Section title={say('二、抄下备用码', '2. Write the backup codes down')}>
              <p>
                {say(
                  '手机丢失时，每个可代替验证码用一次。只显示这一次，请抄下收好。',
                  'Each stands in for a code once, when the phone is lost. They are shown this once: write them down and keep them safe.',
                )}
              </p>
              <BackupCodes codes={begun.backupCodes} say={say} />
            </Section>
          </>
        )}
        <Section title={say('三、输入验证器上的数字', '3. Enter what the authenticator shows')}>
          <SecretForm
            asked={asked}
            refusal={refusal}
            submit={{ zh: '完成设置', en: 'finish' }}
            fields={[
              {
                name: 'code',
                label: { zh: '验证码', en: 'code' },
                autocomplete: 'one-time-code',
                inputmode: 'numeric',
              },
            ]}
          />
          {refusal === undefined ? null : (
            <p>
              <a href="/account/second-factor">{say('重新开始', 'begin again')}</a>
            </p>
          )}
        </Section>
      </>
    ),
  }
}

function BackupCodes({ codes, say }: { readonly codes: readonly string[]; readonly say: Say }) {
  return (
    <ul class="codes" aria-label={say('备用码', 'backup codes')}>
      {codes.map((code) => (
        <li>
          <Code of={code} />
        </li>
      ))}
    </ul>
  )
}

/** A QR code as one path of squares, drawn without a style or a script. */
function QrCode({ of, label }: { readonly of: string; readonly label: string }) {
  const { data, size } = encode(of, { ecc: 'M', border: 2 })
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg
      width="220"
      height="220"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  )
}

/** What people need before they may do anything: signing in and out, their password, second factor and sessions. */
export const signInPages: readonly PageRoute[] = [
  signIn,
  secondStep,
  invitation,
  account,
  password,
  endOne,
  signOut,
  secondFactor,
]
