import { z } from '@hono/zod-openapi'
import { reachOf } from '../authorisation/authorisation.ts'
import { date, id, instant, text } from '../http/fields.ts'
import type { RouteGroup } from '../http/openapi.ts'
import { command, list } from '../http/route.ts'
import { pageOf } from '../page.ts'
import { listApiKeys } from './api-key.queries.ts'
import { createApiKey, daysOfKeyMaximum, revokeApiKey } from './api-keys.ts'
import { endAccess, endSessions, resetSecondFactor } from './end-access.ts'
import { endEnterpriseTie, type FindDischarger, inviteEnterpriseUser } from './enterprise-user.ts'
import { invite } from './invite.ts'
import { listSecurityEvents } from './security-events.ts'
import { listSessions, listUsers } from './sign-in.queries.ts'
import type { Visitor } from './visitor.ts'

const code = text(40).openapi({ example: 'clerk' })
const reason = text(500)
const token = z
  .string()
  .nullable()
  .openapi({ description: '只告知这一次；重复提交时为空 told this once; null in a repeat' })
const invited = z.object({ invitation: id(), staff: z.string(), expiresAt: instant, token })

/** Whose rows a visitor sees of what is told by person: everybody's, or their own. */
function codeFor({ roles, code: own }: Visitor, asked: string | undefined): string | undefined {
  return reachOf(roles, 'sign-in.read') === 'all' ? asked : own
}

/** Who signs in, by which sessions and keys; what happened at the door. */
export function signInRoutes(findDischarger: FindDischarger): RouteGroup {
  return {
    name: 'sign-in',
    title: { zh: '登录：人员、会话、密钥', en: 'sign-in: people, sessions, keys' },
    routes: [
      list('/users', {
        cli: 'users list',
        permits: 'sign-in.read',
        title: { zh: '人员登录情况', en: 'how people sign in' },
        item: z
          .object({
            code: z.string(),
            name: z.string(),
            organisation: z.string(),
            state: z.enum(['never_invited', 'invited', 'invitation_expired', 'active', 'ended']),
            secondFactor: z.boolean(),
            sessions: z.number().int(),
            lastSignedInAt: instant.nullable(),
          })
          .openapi('User'),
        key: [text()],
        rows: ({ services, visitor }, { after, limit }) =>
          listUsers(services.db, {
            now: services.clock.now(),
            code: codeFor(visitor, undefined),
            after: after?.[0],
            limit,
          }),
        keyOf: (row) => [row.code],
        show: (row) => ({ ...row, lastSignedInAt: row.lastSignedInAt?.toISOString() ?? null }),
      }),
      command('post', '/users/{staff}/invitations', {
        cli: 'users invite',
        permits: 'sign-in.invite',
        title: { zh: '邀请设置密码', en: 'invite a person to set a password' },
        params: { staff: code },
        answer: invited,
        run: ({ services, envelope, params }) => invite(services, envelope, { staffCode: params.staff }),
      }),
      command('post', '/enterprise-users', {
        cli: 'users invite-enterprise',
        permits: 'sign-in.invite-enterprise',
        title: { zh: '邀请排污企业人员', en: 'invite a person of an enterprise' },
        body: { code, name: text(), discharger: text(60) },
        example: { code: 'shili-zhang', name: '张三', discharger: 'P1001' },
        answer: z.object({
          staff: z.string(),
          discharger: z.string(),
          from: date,
          expiresAt: instant.nullable(),
          token,
        }),
        run: ({ services, envelope, body }) => inviteEnterpriseUser(services, envelope, body, findDischarger),
      }),
      command('post', '/enterprise-users/{staff}/dischargers/{discharger}/end', {
        cli: 'users end-enterprise',
        permits: 'sign-in.end-enterprise',
        title: { zh: '终止企业人员的查看范围', en: 'end what a person of an enterprise sees' },
        params: { staff: code, discharger: text(60).openapi({ example: 'P1001' }) },
        body: { until: date.optional() },
        example: { until: '2026-07-01' },
        answer: z.object({ staff: z.string(), discharger: z.string(), until: date }),
        run: ({ services, envelope, params, body }) =>
          endEnterpriseTie(
            services,
            envelope,
            { code: params.staff, discharger: params.discharger, ...body },
            findDischarger,
          ),
      }),
      command('post', '/users/{staff}/second-factor/reset', {
        cli: 'users reset-second-factor',
        permits: 'sign-in.reset-second-factor',
        title: { zh: '重置第二因素', en: 'reset a second factor' },
        params: { staff: code },
        body: { reason },
        example: { reason: '手机丢失' },
        answer: z.object({ staff: z.string(), secondFactorReset: z.literal(true) }),
        run: ({ services, envelope, params, body }) =>
          resetSecondFactor(services, envelope, { staffCode: params.staff, ...body }),
      }),
      command('post', '/users/{staff}/access/end', {
        cli: 'users end-access',
        permits: 'sign-in.end-access',
        title: { zh: '停用登录', en: 'end a person’s access' },
        params: { staff: code },
        body: { reason },
        example: { reason: '离岗' },
        answer: z.object({ staff: z.string(), accessEnded: z.literal(true), sessions: z.number().int() }),
        run: ({ services, envelope, params, body }) =>
          endAccess(services, envelope, { staffCode: params.staff, ...body }),
      }),
      list('/sessions', {
        cli: 'users sessions',
        permits: 'sign-in.read',
        title: { zh: '登录会话', en: 'sessions' },
        query: { staff: code.optional() },
        item: z
          .object({
            session: z.string(),
            code: z.string(),
            name: z.string(),
            address: z.string(),
            program: z.string(),
            beganAt: instant,
            expiresAt: instant,
          })
          .openapi('Session'),
        key: [text()],
        rows: async ({ services, visitor, query }, page) => {
          const filter = { now: services.clock.now(), code: codeFor(visitor, query.staff) }
          return pageOf(await listSessions(services.db, filter), ({ session }) => session, page)
        },
        keyOf: ({ session }) => [session],
        show: (row) => ({ ...row, beganAt: row.beganAt.toISOString(), expiresAt: row.expiresAt.toISOString() }),
      }),
      command('post', '/users/{staff}/sessions/end', {
        cli: 'users end-sessions',
        permits: 'sign-in.end-sessions',
        title: { zh: '终止登录会话', en: 'end sessions' },
        params: { staff: code },
        body: { session: text(64).optional() },
        example: {},
        answer: z.object({ staff: z.string(), sessions: z.number().int() }),
        run: ({ services, envelope, params, body }) =>
          endSessions(services, envelope, { staffCode: params.staff, ...body }),
      }),
      list('/security-events', {
        cli: 'users events',
        permits: 'sign-in.events.read',
        title: { zh: '登录安全事件，最近的在前', en: 'security events, newest first' },
        query: { staff: code.optional() },
        item: z
          .object({
            id: id(),
            event: z.string(),
            code: z.string().nullable(),
            name: z.string().nullable(),
            address: z.string(),
            happenedAt: instant,
          })
          .openapi('SecurityEvent'),
        key: [id()],
        rows: ({ services, query }, { after, limit }) =>
          listSecurityEvents(services.db, { code: query.staff, before: after?.[0], limit }),
        keyOf: (row) => [row.id],
        show: (row) => ({ ...row, happenedAt: row.happenedAt.toISOString() }),
      }),
      list('/api-keys', {
        cli: 'keys list',
        permits: 'keys.read',
        title: { zh: 'API 密钥，最近的在前', en: 'API keys, newest first' },
        query: { staff: code.optional() },
        item: z
          .object({
            keyId: id(),
            code: z.string(),
            person: z.string(),
            name: z.string(),
            hint: z.string(),
            permissions: z.array(z.string()),
            expiresAt: instant,
            recordedAt: instant,
            state: z.enum(['in_force', 'expired', 'revoked']),
          })
          .openapi('ApiKey'),
        key: [id()],
        rows: ({ services, query }, { after, limit }) =>
          listApiKeys(services.db, { code: query.staff, now: services.clock.now(), before: after?.[0], limit }),
        keyOf: ({ keyId }) => [keyId],
        show: (row) => ({ ...row, expiresAt: row.expiresAt.toISOString(), recordedAt: row.recordedAt.toISOString() }),
      }),
      command('post', '/api-keys', {
        cli: 'keys create',
        permits: 'keys.create',
        title: { zh: '创建 API 密钥', en: 'make an API key' },
        body: {
          staffCode: code,
          name: text(100),
          permissions: z.array(text(60)).min(1).max(50),
          days: z.number().int().min(1).max(daysOfKeyMaximum),
        },
        example: { staffCode: 'water-system', name: '营收系统对接', permissions: ['readings.import'], days: 180 },
        answer: z.object({
          key: id(),
          staff: z.string(),
          name: z.string(),
          permissions: z.array(z.string()),
          expiresAt: instant,
          token,
        }),
        run: ({ services, envelope, body }) => createApiKey(services, envelope, body),
      }),
      command('post', '/api-keys/{key}/revocation', {
        cli: 'keys revoke',
        permits: 'keys.revoke',
        title: { zh: '吊销 API 密钥', en: 'revoke an API key' },
        params: { key: id() },
        body: { reason },
        example: { reason: '系统更换' },
        answer: z.object({ key: id(), staff: z.string(), revoked: z.literal(true) }),
        run: ({ services, envelope, params, body }) => revokeApiKey(services, envelope, { key: params.key, ...body }),
      }),
    ],
  }
}
