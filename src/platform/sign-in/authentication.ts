import { betterAuth } from 'better-auth'
import { twoFactor, username } from 'better-auth/plugins'
import type { Db } from '../database.ts'
import { passwordLength } from './password.ts'

export interface SignInOptions {
  /** What sessions and second factors are protected by: 32 characters or more, the same in every process. */
  readonly secret: string
  /** Whether browsers reach the server by https alone: then cookies are Secure and bound to the host. */
  readonly secure: boolean
}

const cookiePrefixOf = ({ secure }: Pick<SignInOptions, 'secure'>): string => (secure ? '__Host-qingliu' : 'qingliu')

/** The value of one of the library's cookies in a request. */
export function cookieOf(request: Request, name: string, options: Pick<SignInOptions, 'secure'>): string | undefined {
  const wanted = `${cookiePrefixOf(options)}.${name}=`
  const found = (request.headers.get('cookie') ?? '').split('; ').find((each) => each.startsWith(wanted))
  try {
    return found === undefined ? undefined : decodeURIComponent(found.slice(wanted.length))
  } catch {
    return undefined
  }
}

/** A working day and its evening: a session ends by itself, however busy it is. */
export const sessionHours = 12

/**
 * The library with our tables (0025-sign-in.sql), on the pool of the program. None of its own addresses are served: its
 * functions are called where a page or a route has judged the request.
 */
export function authenticationOver(db: Db, { secret, secure }: SignInOptions) {
  return betterAuth({
    appName: '清流 Qingliu',
    secret,
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Ours is in throttle.ts; the library's works in front of addresses that are not served.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.minimum,
      maxPasswordLength: passwordLength.maximum,
    },
    session: {
      modelName: 'sign_in_sessions',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      expiresIn: sessionHours * 3600,
      disableSessionRefresh: true,
    },
    user: {
      modelName: 'sign_in_users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    account: {
      modelName: 'sign_in_credentials',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'sign_in_verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    advanced: {
      cookiePrefix: cookiePrefixOf({ secure }),
      useSecureCookies: false,
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: ['x-qingliu-address'] },
    },
    plugins: [
      username({
        minUsernameLength: 2,
        maxUsernameLength: 40,
        usernameValidator: (name) => /^[a-z0-9-]+$/i.test(name),
        schema: { user: { fields: { displayUsername: 'display_username' } } },
      }),
      twoFactor({
        issuer: '清流 Qingliu',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'sign_in_second_factors',
            fields: {
              userId: 'user_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
  })
}
export type Authentication = ReturnType<typeof authenticationOver>

/** Why the library refused: the second factor is locked for a while, or the password was given too long ago. */
export async function failureOf(answer: Response): Promise<{ readonly locked: boolean; readonly over: boolean }> {
  const { code = '' } = (await answer.json().catch(() => ({}))) as { code?: string }
  return {
    locked: ['ACCOUNT_TEMPORARILY_LOCKED', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'].includes(code),
    over: code === 'INVALID_TWO_FACTOR_COOKIE',
  }
}
