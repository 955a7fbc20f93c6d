import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { clockActingOn } from '../../kernel/clock.ts'
import { isRefusal, type Refusal, refusalKinds } from '../../kernel/refusal.ts'
import { reachOf } from '../authorisation/authorisation.ts'
import { fenced } from '../authorisation/fence.ts'
import type { Services } from '../command.ts'
import { isSecure, refuseForeign, refuseUnprovenWrite } from '../http/access.ts'
import { refuseHttp } from '../http/http.refusals.ts'
import { readParts } from '../http/input.ts'
import { languageOf } from '../http/problem.ts'
import type { FilesOfRequests } from '../http/route.ts'
import type { Serving } from '../http/serve-routes.ts'
import type { Works } from '../http/works.ts'
import { isPermitted } from '../sign-in/permitted.ts'
import { type Visitor, visitorOf } from '../sign-in/visitor.ts'
import { isUnreachable } from '../unreachable.ts'
import type { Asset } from './asset.ts'
import { pageFinder, withoutClosedDoors } from './closed-doors.ts'
import { commandIdOf } from './forms.tsx'
import { findKeptForm, keepForm, withoutKeptForm } from './kept-form.ts'
import { document, type Site } from './layout.tsx'
import { type PageAnswer, type PageAsked, type PageContent, type PageRoute, Redirect } from './page-route.ts'
import { refusalPage } from './refusal-page.tsx'
import { type Say, sayIn } from './say.ts'

/** A site with its pages. */
export interface SitePages {
  readonly site: Site
  readonly pages: readonly PageRoute[]
}

export interface PagesServing<Bindings extends object> extends Serving<Bindings> {
  readonly works: Works | undefined
  readonly files: FilesOfRequests | undefined
  readonly asset: (name: string) => Asset | undefined
  /** What proofs in forms are made with; one of this process alone unless it is given. */
  readonly secret?: string
}

/**
 * No inline script or style, nothing from elsewhere, in nobody's frame. htmx asks the own origin alone.
 */
const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
}

/** Larger than any form without files; a form with files may be so large. */
const formLimitBytes = 1024 * 1024
const filesLimitBytes = 256 * 1024 * 1024
/** Of who is signed in no longer, for the sake of what was typed beside a file: a form is held in memory as it is read. */
const signedOutLimitBytes = 8 * 1024 * 1024

/** Puts the sites, their assets and the choice of language into an app. */
export function servePages<Bindings extends object>(
  app: Hono<{ Bindings: Bindings }>,
  sites: readonly SitePages[],
  serving: PagesServing<Bindings>,
): void {
  const secret = serving.secret ?? randomBytes(32).toString('hex')
  app.get('/assets/:version/:name', ({ req }) => {
    const asset = serving.asset(req.param('name'))
    if (asset === undefined) return new Response(null, { status: 404 })
    return new Response(asset.bytes, {
      headers: {
        'content-type': asset.type,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      },
    })
  })
  app.get('/language', (context) => {
    const language = context.req.query('to') === 'en' ? 'en' : 'zh'
    setCookie(context, 'qingliu-language', language, {
      path: '/',
      sameSite: 'Lax',
      maxAge: 31_536_000,
      httpOnly: true,
      secure: isSecure(serving.access),
    })
    return context.redirect(ownPath(context.req.query('back') ?? '/'))
  })
  const pageAt = pageFinder(sites.flatMap(({ pages }) => pages))
  for (const { site, pages } of sites) {
    const answer = (route: PageRoute, context: Context<{ Bindings: Bindings }>) =>
      answerPage({ route, site, pageAt, secret }, context, serving)
    for (const route of inOrder(pages)) {
      const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1')
      app.on(['GET', 'POST'], path, (context) => answer(route, context))
    }
    if (site.prefix !== '') app.all(`${site.prefix}/*`, (context) => answer(nothingHere, context))
  }
}

const nothingHere: PageRoute = {
  path: '',
  title: { zh: '没有这个页面', en: 'no such page' },
  permits: undefined,
  postPermits: undefined,
  params: undefined as never,
  query: undefined as never,
  get: async ({ url }) => refuseHttp('page_unknown', { path: url.pathname }),
  post: undefined,
}

function inOrder(pages: readonly PageRoute[]): PageRoute[] {
  const place = ({ path }: PageRoute) => path.replaceAll(/\{\w+\}/g, '~')
  return pages.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
}

/** A path of this origin: where a link from outside could have put an address of elsewhere. */
export function ownPath(path: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/'
}

/** What `next` of the sign-in takes. */
const addressLimit = 2_000

interface Asked {
  readonly route: PageRoute
  readonly site: Site
  readonly pageAt: (path: string) => PageRoute | undefined
  readonly secret: string
}

async function answerPage<Bindings extends object>(
  { route, site, pageAt, secret }: Asked,
  context: Context<{ Bindings: Bindings }>,
  serving: PagesServing<Bindings>,
): Promise<Response> {
  const request = context.req.raw
  const cookie = getCookie(context, 'qingliu-language')
  const say = sayIn(
    cookie === 'en' || cookie === 'zh' ? cookie : languageOf(request.headers.get('accept-language') ?? undefined),
  )
  const address = new URL(request.url)
  const url = withoutKeptForm(address)
  const isPost = request.method === 'POST'
  let visitor: Visitor | undefined
  let csrf = ''
  let today = ''
  const mayOpen = ({ permits }: Pick<PageRoute, 'permits'>) =>
    permits === undefined || (visitor !== undefined && isPermitted(visitor, permits))
  const shown = (content: PageContent, status: number, said?: string): Response => {
    const html = document(content, {
      site,
      say,
      url: address,
      visitor,
      csrf,
      today,
      said,
      mayOpen,
      asset: (name) => `/assets/${serving.asset(name)?.version ?? '0'}/${name}`,
    })
    return new Response(withoutClosedDoors(html, pageAt, mayOpen), {
      status,
      headers: {
        ...securityHeaders,
        'content-type': 'text/html; charset=utf-8',
        'content-language': say.language === 'zh' ? 'zh-CN' : 'en',
        vary: 'cookie, accept-language',
      },
    })
  }
  const refused = (refusal: Refusal): Response => {
    if (refusal.entry.kind === 'unauthenticated' && request.method === 'GET' && url.pathname !== '/sign-in') {
      return context.redirect(`/sign-in?next=${encodeURIComponent(address.pathname + address.search)}`)
    }
    if (refusal.code === 'second_factor_missing') return context.redirect('/account/second-factor')
    // Who was signed in when the form was opened, and is no longer: the words of `not_signed_in` are for programs too.
    const told = refusal.code === 'not_signed_in' ? refuseHttp('form_signed_out') : refusal
    return shown(refusalPage(told, say, site, url), refusalKinds[told.entry.kind].httpStatus)
  }
  try {
    const foreign = refuseForeign(request, serving.access)
    if (foreign !== undefined) return refused(foreign)
    const opened = serving.servicesFor(context.env)
    if (opened === undefined) return refused(refuseHttp('database_absent'))
    today = opened.clock.today()
    const known = await visitorOf(request, serving.access, opened)
    if (isRefusal(known)) {
      if (route.permits !== undefined) return (await signedOutInBetween(known, opened.clock.now())) ?? refused(known)
      // Nobody holds a session yet: that our own page sent it is what the browser says.
      const unproven = refuseUnprovenWrite(request)
      if (unproven !== undefined) return refused(unproven)
      csrf = proofFor('signed out', secret)
    } else {
      visitor = known
      csrf = proofOf(known, secret)
      today = known.today ?? today
    }
    const services = visitor?.today === undefined ? opened : { ...opened, clock: clockActingOn(visitor.today) }
    const permits = isPost ? (route.postPermits ?? route.permits) : route.permits
    const isElsewhere = visitor?.roles.every((role) => role === site.closedTo) ?? false
    if (permits !== undefined && (visitor === undefined || isElsewhere || !isPermitted(visitor, permits))) {
      return refused(refuseHttp('page_not_permitted', { page: say(route.title), name: visitor?.name ?? '' }))
    }
    if (route === nothingHere) return refused(refuseHttp('page_unknown', { path: url.pathname }))
    if (isPost && route.post === undefined)
      return refused(refuseHttp('method_not_allowed', { path: url.pathname, method: 'POST', allowed: 'GET' }))
    // Before anything of a form is looked at: did our own page send it?
    const mayHoldFiles = visitor !== undefined && route.permits !== undefined
    const form = isPost ? await readForm(request, mayHoldFiles ? filesLimitBytes : formLimitBytes) : new FormData()
    if (isRefusal(form)) return refused(form)
    if (isPost && !proves(form.get('_csrf'), csrf)) {
      // Signed in meanwhile, in another window: what the form was for is done.
      if (route.permits === undefined && proves(form.get('_csrf'), proofFor('signed out', secret)))
        return context.redirect(url.pathname + url.search, 303)
      const again =
        provenPerson(form, secret) === visitor?.code ? await shownAgainAt(form, opened.clock.now()) : undefined
      return again === undefined ? refused(refuseHttp('form_expired')) : context.redirect(again, 303)
    }
    const input = readParts(route, url, context.req.param())
    if (isRefusal(input)) return refused(input)
    const asked: PageAsked = {
      services,
      visitor: visitor as Visitor,
      request,
      access: serving.access,
      params: input.params as never,
      query: input.query as never,
      say,
      may: (name) => visitor !== undefined && isPermitted(visitor, name),
      url,
      csrf,
      works: serving.works,
      files: serving.files,
    }
    if (!isPost || route.post === undefined) {
      if (visitor === undefined || permits === undefined) return await finish(await route.get(asked))
      const typed = await findKeptForm(serving.files, address, visitor.code, opened.clock.now())
      if (typed === undefined && address !== url)
        return await finish(new Redirect(url.pathname + url.search, lost(say)))
      const show = (inside: Services) =>
        typed === undefined || route.typing === undefined
          ? route.get({ ...asked, services: inside })
          : route.typing.again({ ...asked, services: inside }, typed)
      return await finish(await fenced(services, visitor, permits, show))
    }
    // Commands are not fenced: a form is carried out, and shown again, for whom it would have been shown to.
    if (visitor !== undefined && route.permits !== undefined && reachOf(visitor.roles, route.permits) === 'own') {
      const seen = await fenced(services, visitor, route.permits, (inside) => route.get({ ...asked, services: inside }))
      if (isRefusal(seen)) return refused(seen)
    }
    const envelope = { actor: visitor?.code ?? '', commandId: commandIdOf(form) }
    return await finish(await route.post(asked, { form, request, envelope }))
  } catch (error) {
    if (isUnreachable(error)) return refused(refuseHttp('database_not_answering'))
    const reference = randomUUID()
    serving.report({ reference, method: request.method, path: url.pathname, error })
    return refused(refuseHttp('program_error', { reference }))
  }

  /** Leads who sent a form and is signed in no longer to sign in, and from there back to what they had typed. */
  async function signedOutInBetween(why: Refusal, now: Date): Promise<Response | undefined> {
    if (!isPost || why.code !== 'not_signed_in' || refuseUnprovenWrite(request) !== undefined) return undefined
    const form = await readForm(request, signedOutLimitBytes)
    const again = isRefusal(form) ? undefined : await shownAgainAt(form, now)
    return again === undefined ? undefined : context.redirect(`/sign-in?next=${encodeURIComponent(again)}`, 303)
  }

  /** Keeps what a form brought that is not carried out, for whom we had rendered it; where it is shown to them again. */
  async function shownAgainAt(form: FormData, now: Date): Promise<string | undefined> {
    const person = provenPerson(form, secret)
    if (route.typing === undefined || serving.files === undefined || person === undefined) return undefined
    const again = await keepForm(serving.files, url, person, route.typing.kept(form), now)
    // Longer than an address that signing in leads on to.
    return again !== undefined && again.length > addressLimit ? undefined : again
  }

  function finish(answer: PageAnswer): Response {
    if (isRefusal(answer)) return refused(answer)
    if (answer instanceof Redirect) {
      if (answer.said !== undefined)
        setCookie(context, 'qingliu-said', encodeURIComponent(answer.said), {
          path: '/',
          httpOnly: true,
          sameSite: 'Lax',
          maxAge: 60,
          secure: isSecure(serving.access),
        })
      return context.redirect(answer.to, 303)
    }
    if (answer instanceof Response) return answer
    const said = getCookie(context, 'qingliu-said')
    const response = shown(answer, 200, said === undefined ? undefined : decoded(said))
    if (said !== undefined)
      response.headers.append('set-cookie', 'qingliu-said=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax')
    return response
  }
}

const lost = (say: Say): string =>
  say(
    '登录中断前填写的内容已不在：只保留一小时，只给填写的人看。请重新填写。',
    'What was typed before the sign-in ended is here no longer: it is kept for an hour, for who typed it alone. Fill the form in anew.',
  )

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The proof a form carries: nobody who does not hold the session can make it. */
function proofFor(session: string, secret: string): string {
  return createHmac('sha256', secret).update(`form\n${session}`).digest('hex')
}

/**
 * What the forms of somebody signed in carry: the proof, and, so that what they typed outlives their session, whom we
 * rendered them for.
 */
function proofOf({ session, code }: Pick<Visitor, 'session' | 'code'>, secret: string): string {
  const proof = proofFor(session, secret)
  return [proof, code, personOf(proof, code, secret)].join('.')
}

const personOf = (proof: string, code: string, secret: string): string =>
  createHmac('sha256', secret).update(`form of\n${proof}\n${code}`).digest('hex')

/** Whom we rendered a form for, whether or not their session stands; `undefined` where it is none of ours. */
function provenPerson(form: FormData, secret: string): string | undefined {
  const carried = form.get('_csrf')
  const [proof = '', code = '', person] = typeof carried === 'string' ? carried.split('.') : []
  return proves(person, personOf(proof, code, secret)) ? code : undefined
}

function proves(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || expected === '' || given.length !== expected.length) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected))
}

/** The form of a request, within its limits; it may hold files where it says so. */
async function readForm(request: Request, filesLimit: number): Promise<FormData | Refusal> {
  const type = request.headers.get('content-type') ?? ''
  const withFiles = /^multipart\/form-data/i.test(type)
  if (!withFiles && !/^application\/x-www-form-urlencoded/i.test(type)) {
    return refuseHttp('media_type_unsupported', {
      given: type,
      expected: 'application/x-www-form-urlencoded | multipart/form-data',
    })
  }
  const limit = withFiles ? filesLimit : formLimitBytes
  const tooLarge = refuseHttp('body_too_large', { limit })
  if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge
  let size = 0
  const within = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      size += bytes.byteLength
      if (size > limit) controller.error(new Error('too large'))
      else controller.enqueue(bytes)
    },
  })
  try {
    const form = await new Response(request.body?.pipeThrough(within) ?? null, {
      headers: { 'content-type': type },
    }).formData()
    return withPlainNames(form)
  } catch {
    return size > limit ? tooLarge : refuseHttp('body_not_multipart')
  }
}

/** Longer than any system lets a file be called. */
const fileNameLimit = 255

/** Files by their names alone, as a list or a letter may say them: no folder, no line break, no character of control. */
function withPlainNames(form: FormData): FormData {
  const plain = new FormData()
  for (const [name, value] of form) {
    if (typeof value === 'string') plain.append(name, value)
    else plain.append(name, value, plainName(value.name))
  }
  return plain
}

function plainName(name: string): string {
  const own = name.split(/[/\\]/).at(-1) ?? ''
  const plain = own.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return [...plain].slice(-fileNameLimit).join('')
}
