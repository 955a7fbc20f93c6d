import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { sql } from 'kysely'
import type { StaffId } from '../../kernel/ids.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { type Services, sha256 } from '../command.ts'
import type { Door } from '../http/access.ts'
import { type Authentication, authenticationOver, cookieOf, failureOf, type SignInOptions } from './authentication.ts'
import { addressOf } from './client-address.ts'
import { noteSecurityEvent, type SecurityEventName } from './security-events.ts'
import { refuseSignIn } from './sign-in.refusals.ts'
import { minutesToWait, UnknownNames } from './throttle.ts'

/** Signing in, by the library, over whichever database a request is given. */
export function signInWith(options: SignInOptions): Door {
  const instances = new WeakMap<object, Authentication>()
  const over = ({ db }: Services): Authentication => {
    const known = instances.get(db) ?? authenticationOver(db, options)
    instances.set(db, known)
    return known
  }
  // Attempts at one account, or from one address, one after the other: at once, all would be judged before the first
  // failure is noted.
  const turns = new Map<string, Promise<unknown>>()
  const inTurn = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work)
    const settled = turn.catch(() => undefined)
    turns.set(key, settled)
    try {
      return await turn
    } finally {
      if (turns.get(key) === settled) turns.delete(key)
    }
  }

  const oneByOne = <T>([first, ...rest]: readonly string[], work: () => Promise<T>): Promise<T> =>
    first === undefined ? work() : inTurn(first, () => oneByOne(rest, work))

  const unknown = new UnknownNames()
  const refuseThrottled = async (
    services: Services,
    request: Request,
    staffId: StaffId | undefined,
    code = '',
  ): Promise<Refusal | undefined> => {
    const [now, address] = [services.clock.now(), addressOf(request)]
    const minutes = Math.max(
      (await minutesToWait(services.db, { staffId, address, now })) ?? 0,
      staffId === undefined ? unknown.minutesToWait(code, address, now) : 0,
    )
    return minutes === 0 ? undefined : refuseSignIn('sign_in_throttled', { minutes })
  }
  /** The failure after which the next attempt waits is told as such, once: what is not looked at leaves no trace. */
  const noteFailure = async (services: Services, request: Request, staffId: StaffId | undefined, code = '') => {
    await note(services, request, 'sign_in_failed', staffId)
    if (staffId === undefined) unknown.note(code, addressOf(request), services.clock.now())
    const throttled = await refuseThrottled(services, request, staffId, code)
    if (throttled !== undefined) await note(services, request, 'sign_in_throttled', staffId)
  }

  const sessionOf: Door['sessionOf'] = async (request, services) => {
    if (!request.headers.has('cookie')) return undefined
    const found = await over(services).api.getSession({ headers: headersOf(request), query: { disableRefresh: true } })
    if (found === null) return undefined
    const { user, session } = found
    return { code: user.username ?? '', ref: session.id, secondFactor: user.twoFactorEnabled === true }
  }

  return {
    sessionOf,
    byPassword: (request, services, { code, password }) =>
      oneByOne([`address ${addressOf(request)}`, code.toLowerCase()], async () => {
        const person = await personOf(services, code)
        const throttled = await refuseThrottled(services, request, person?.id, code)
        if (throttled !== undefined) return throttled
        const answer = await answered(() =>
          over(services).api.signInUsername({
            body: { username: code, password },
            headers: headersOf(request),
            asResponse: true,
          }),
        )
        if (!answer.ok) {
          await noteFailure(services, request, person?.id, code)
          return refuseSignIn('sign_in_failed')
        }
        const body = (await answer.json()) as { twoFactorRedirect?: boolean }
        if (body.twoFactorRedirect === true) return { next: 'second_factor', cookies: answer.headers.getSetCookie() }
        await note(services, request, 'signed_in', person?.id)
        return { next: 'signed_in', cookies: answer.headers.getSetCookie() }
      }),
    bySecondFactor: async (request, services, code) => {
      // Whoever holds a session sets one up, which ends every session begun by the password alone; here none would end.
      if ((await sessionOf(request, services)) !== undefined) return refuseSignIn('second_factor_step_over')
      const whose = await challenged(services, request, options)
      return inTurn(`second factor ${whose ?? sha256(request.headers.get('cookie') ?? '')}`, async () => {
        const digits = code.replaceAll(/\s/g, '')
        const isTotp = /^\d{6}$/.test(digits)
        if (isTotp && (await isUsed(services, whose, digits))) return refuseSignIn('second_factor_used')
        const { api } = over(services)
        const given = { headers: headersOf(request), asResponse: true } as const
        const answer = await answered(() =>
          isTotp
            ? api.verifyTOTP({ body: { code: digits }, ...given })
            : api.verifyBackupCode({ body: { code: digits }, ...given }),
        )
        if (!answer.ok) {
          const failure = await failureOf(answer)
          await note(services, request, 'second_factor_failed', whose)
          if (failure.over) return refuseSignIn('second_factor_step_over')
          return refuseSignIn(failure.locked ? 'second_factor_locked' : 'second_factor_wrong')
        }
        const body = (await answer.json()) as { user?: { id?: string }; token?: string }
        const staffId = body.user?.id as StaffId | undefined
        if (isTotp && !(await claimCode(services, staffId, digits))) {
          await sql`delete from sign_in_sessions where token = ${body.token ?? ''}`.execute(services.db)
          await note(services, request, 'second_factor_failed', staffId)
          return refuseSignIn('second_factor_used')
        }
        if (!isTotp) await note(services, request, 'backup_code_used', staffId)
        await note(services, request, 'signed_in', staffId)
        return { next: 'signed_in', cookies: answer.headers.getSetCookie() }
      })
    },
    out: async (request, services) => {
      const session = await sessionOf(request, services)
      const answer = await answered(() => over(services).api.signOut({ headers: headersOf(request), asResponse: true }))
      if (session !== undefined) {
        const person = await personOf(services, session.code)
        await note(services, request, 'session_ended', person?.id, session.ref)
      }
      return answer.headers.getSetCookie()
    },
    refuseUnlessPassword: async (request, services, password) => {
      const session = await sessionOf(request, services)
      if (session === undefined) return refuseSignIn('not_signed_in')
      const person = await personOf(services, session.code)
      return inTurn(session.code, async () => {
        const throttled = await refuseThrottled(services, request, person?.id)
        if (throttled !== undefined) return throttled
        const hash = await hashOf(services, person?.id)
        if (hash !== undefined && (await verifyPassword({ hash, password }))) return undefined
        await noteFailure(services, request, person?.id)
        return refuseSignIn('password_wrong')
      })
    },
    beginSecondFactor: async (request, services, password) => {
      const session = await sessionOf(request, services)
      if (session === undefined) return refuseSignIn('not_signed_in')
      if (session.secondFactor) return refuseSignIn('second_factor_set_before')
      const person = await personOf(services, session.code)
      return inTurn(session.code, async () => {
        const throttled = await refuseThrottled(services, request, person?.id)
        if (throttled !== undefined) return throttled
        const answer = await answered(() =>
          over(services).api.enableTwoFactor({ body: { password }, headers: headersOf(request), asResponse: true }),
        )
        if (!answer.ok) {
          await noteFailure(services, request, person?.id)
          return refuseSignIn('sign_in_failed')
        }
        const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] }
        return { uri: totpURI, backupCodes }
      })
    },
    confirmSecondFactor: async (request, services, code) => {
      const session = await sessionOf(request, services)
      if (session === undefined) return refuseSignIn('not_signed_in')
      if (session.secondFactor) return refuseSignIn('second_factor_set_before')
      const person = await personOf(services, session.code)
      const before = await sessionsOf(services, person?.id)
      const answer = await answered(() =>
        over(services).api.verifyTOTP({
          body: { code: code.replaceAll(/\s/g, '') },
          headers: headersOf(request),
          asResponse: true,
        }),
      )
      if (!answer.ok) {
        await note(services, request, 'second_factor_failed', person?.id)
        return refuseSignIn('second_factor_wrong')
      }
      // Sessions begun by the password alone must not pass for more than that: the library has begun this one anew.
      await sql`delete from sign_in_sessions where id = any(${before}::text[])`.execute(services.db)
      await note(services, request, 'second_factor_set', person?.id)
      return { next: 'signed_in', cookies: answer.headers.getSetCookie() }
    },
    hash: hashPassword,
  }
}

/** What the library is handed of a request: nothing a client may say of its own address. */
function headersOf(request: Request): Headers {
  const headers = new Headers({ 'x-qingliu-address': addressOf(request) })
  for (const name of ['cookie', 'user-agent']) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value.slice(0, 4096))
  }
  return headers
}

/** The library throws some of its refusals and answers others. */
async function answered(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const { statusCode, body } = error as { statusCode?: number; body?: object }
    if (statusCode === undefined || statusCode >= 500) throw error
    return new Response(JSON.stringify(body ?? {}), { status: statusCode })
  }
}

async function personOf(services: Services, code: string): Promise<{ readonly id: StaffId } | undefined> {
  return services.db.selectFrom('staff').select('id').where('code', '=', code.toLowerCase()).executeTakeFirst()
}

async function hashOf(services: Services, staffId: StaffId | undefined): Promise<string | undefined> {
  const { rows } = await sql<{ password: string }>`
    select password from sign_in_credentials where user_id = ${staffId ?? ''} and password is not null`.execute(
    services.db,
  )
  return rows[0]?.password
}

/** Whose password was right a moment ago, where the second factor is still to come. */
async function challenged(services: Services, request: Request, options: SignInOptions): Promise<StaffId | undefined> {
  const challenge = cookieOf(request, 'two_factor', options)?.split('.')[0]
  if (challenge === undefined) return undefined
  const { rows } = await sql<{ id: StaffId }>`
    select s.id from sign_in_verifications v join staff s on s.id::text = v.value
    where v.identifier = ${challenge}`.execute(services.db)
  return rows[0]?.id
}

/** As long as the library takes a code, before and after its half minute, and some. */
const codeCountsSeconds = 120

const usedCode = (staffId: StaffId | undefined, digits: string) => `code-used-${sha256(`${staffId}\n${digits}`)}`

/** Whether a code of an authenticator has opened the door: who looks over a shoulder must not use it again. */
async function isUsed(services: Services, staffId: StaffId | undefined, digits: string): Promise<boolean> {
  const { rows } = await sql`
    select from sign_in_verifications where id = ${usedCode(staffId, digits)} and expires_at > now()`.execute(
    services.db,
  )
  return rows.length > 0
}

/** Keeps that a code has opened the door; of two who come with it at once the first alone. */
async function claimCode(services: Services, staffId: StaffId | undefined, digits: string): Promise<boolean> {
  const { rows } = await sql`
    insert into sign_in_verifications as known (id, identifier, value, expires_at)
    values (${usedCode(staffId, digits)}, 'code-used', '', now() + make_interval(secs => ${codeCountsSeconds}))
    on conflict (id) do update set expires_at = excluded.expires_at where known.expires_at < now()
    returning id`.execute(services.db)
  await sql`delete from sign_in_verifications where identifier = 'code-used' and expires_at < now()`.execute(
    services.db,
  )
  return rows.length === 1
}

async function sessionsOf(services: Services, staffId: StaffId | undefined): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from sign_in_sessions where user_id = ${staffId ?? ''}`.execute(services.db)
  return rows.map(({ id }) => id)
}

async function note(
  services: Services,
  request: Request,
  event: SecurityEventName,
  staffId: StaffId | undefined,
  sessionRef?: string,
): Promise<void> {
  await noteSecurityEvent(services, { event, staffId, address: addressOf(request), sessionRef })
}
