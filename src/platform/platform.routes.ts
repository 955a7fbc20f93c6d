import { z } from '@hono/zod-openapi'
import type { Refusal } from '../kernel/refusal.ts'
import { addOrganisation } from './add-organisation.ts'
import { addStaff } from './add-staff.ts'
import { newestAuditEvents } from './audit.queries.ts'
import type { PermissionName } from './authorisation/permissions.ts'
import type { CommandAnswer, Envelope, Services } from './command.ts'
import { endRole } from './end-role.ts'
import { grantRole } from './grant-role.ts'
import { anyJson, date, digestSeen, flag, id, instant, line, text } from './http/fields.ts'
import type { RouteGroup } from './http/openapi.ts'
import { type Answerable, command, list, query, type Route, type Said } from './http/route.ts'
import { organisationKinds } from './organisation.ts'
import { pageOf } from './page.ts'
import { type DecidedProposal, findProposal, listProposals } from './proposals.ts'
import { setSetting } from './set-setting.ts'
import { type SettingInForce, settingCatalogue, settingsInForce } from './settings.ts'
import { listStaff } from './staff.queries.ts'
import { roles } from './staff.ts'

const code = text(40).openapi({ example: 'clerk' })
const role = z.enum(roles).openapi({ example: 'bureau_clerk' })

const staffMember = z
  .object({
    code: z.string(),
    name: z.string(),
    organisationCode: z.string(),
    organisationName: z.string(),
    certificateNo: z.string().nullable(),
    roles: z.array(z.object({ role, from: date, until: date.nullable() })),
  })
  .openapi('StaffMember')

const staffRoutes = [
  list('/staff', {
    cli: 'staff list',
    permits: 'staff.read',
    title: { zh: '人员与岗位', en: 'people and their roles' },
    item: staffMember,
    key: [text()],
    rows: async ({ services }, page) =>
      pageOf(await listStaff(services.db, services.clock.today()), (member) => member.code, page),
    keyOf: (member) => [member.code],
    show: ({ roles: held, ...member }) => ({
      ...member,
      roles: held.map(({ role, validity }) => ({ role, from: validity.from, until: validity.until })),
    }),
  }),
  command('post', '/staff', {
    cli: 'staff add',
    permits: 'platform.add-staff',
    title: { zh: '增加人员', en: 'add a person' },
    body: {
      code,
      name: text(),
      organisationCode: code,
      roles: z.array(role).max(roles.length).default([]),
      from: date.optional(),
      certificateNo: line().optional(),
    },
    example: { code: 'clerk', name: '张三', organisationCode: 'bureau', roles: ['bureau_clerk'] },
    answer: z.object({ staff: z.string(), roles: z.array(z.string()) }),
    run: ({ services, envelope, body }) => addStaff(services, envelope, body),
  }),
  command('post', '/staff/{staff}/roles', {
    cli: 'staff grant',
    permits: 'platform.grant-role',
    title: { zh: '授予岗位', en: 'give a person a role' },
    params: { staff: code },
    body: { role, from: date.optional() },
    example: { role: 'bureau_approver', from: '2026-04-01' },
    answer: z.object({ staff: z.string(), role: z.string(), from: date }),
    run: ({ services, envelope, params, body }) => grantRole(services, envelope, { staffCode: params.staff, ...body }),
  }),
  command('post', '/staff/{staff}/roles/{role}/end', {
    cli: 'staff end',
    permits: 'platform.end-role',
    title: { zh: '终止岗位', en: 'end a person’s role' },
    params: { staff: code, role },
    body: { until: date.optional() },
    example: { until: '2026-07-01' },
    answer: z.object({ staff: z.string(), role: z.string(), until: date }),
    run: ({ services, envelope, params, body }) =>
      endRole(services, envelope, { staffCode: params.staff, role: params.role, ...body }),
  }),
  command('post', '/organisations', {
    cli: 'staff add-organisation',
    permits: 'platform.add-organisation',
    title: { zh: '增加单位', en: 'add an organisation' },
    body: { code, name: text(), kind: z.enum(organisationKinds) },
    example: { code: 'water', name: '供水公司', kind: 'water_company' },
    answer: z.object({ organisation: z.string() }),
    run: ({ services, envelope, body }) => addOrganisation(services, envelope, body),
  }),
]

const setting = z
  .object({
    name: z.string().openapi({ example: 'bills.due_day' }),
    value: z.union([z.string(), z.number(), z.boolean()]),
    isDefault: z.boolean(),
    citation: z.string(),
    setBy: z.string().nullable(),
    recordedAt: instant.nullable(),
    zh: z.string(),
    en: z.string(),
  })
  .openapi('Setting')

const showSetting = ({ name, value, isDefault, citation, setBy, recordedAt }: SettingInForce) => ({
  name,
  value: value as string | number | boolean,
  isDefault,
  citation,
  setBy: setBy ?? null,
  recordedAt: recordedAt?.toISOString() ?? null,
  zh: settingCatalogue[name].zh,
  en: settingCatalogue[name].en,
})

const settingName = text(100).openapi({ example: 'bills.due_day' })
const oneSetting = query('/settings/{setting}', {
  cli: 'settings list',
  permits: 'settings.read',
  title: { zh: '一项设置', en: 'one setting' },
  params: { setting: settingName },
  answer: setting,
  read: async ({ services, params }) => {
    const found = (await settingsInForce(services.db)).find(({ name }) => name === params.setting)
    return found === undefined ? undefined : showSetting(found)
  },
})

const settingRoutes = [
  list('/settings', {
    cli: 'settings list',
    permits: 'settings.read',
    title: { zh: '全部设置', en: 'every setting' },
    item: setting,
    key: [text()],
    rows: async ({ services }, page) => pageOf(await settingsInForce(services.db), ({ name }) => name, page),
    keyOf: ({ name }) => [name],
    show: showSetting,
  }),
  oneSetting,
  command('put', '/settings/{setting}', {
    cli: 'settings set',
    permits: 'platform.set-setting',
    title: { zh: '修改设置', en: 'change a setting' },
    params: { setting: settingName },
    body: { value: text(100), citation: text(500) },
    example: { value: '10', citation: '局务会2026年第3次会议' },
    ifMatch: oneSetting,
    answer: z.object({
      name: z.string(),
      value: z.union([z.string(), z.number(), z.boolean()]),
      citation: z.string(),
    }),
    run: ({ services, envelope, params, body }) =>
      // What the catalogue holds is text, a number or a flag.
      setSetting(services, envelope, { name: params.setting, ...body }) as never,
  }),
]

const proposal = z
  .object({
    id: id(),
    kind: z.string().openapi({ example: 'calendars.year' }),
    subject: z.string(),
    digest: z.string(),
    maker: z.object({ code: z.string(), name: z.string() }),
    recordedAt: instant,
    decision: z
      .object({
        outcome: z.enum(['approved', 'returned', 'withdrawn']),
        person: z.string(),
        reason: z.string(),
        at: instant,
      })
      .nullable(),
  })
  .openapi('Proposal')

const showProposal = ({ decision, ...proposal }: DecidedProposal) => ({
  id: proposal.id,
  kind: proposal.kind,
  subject: proposal.subject,
  digest: proposal.contentDigest,
  maker: { code: proposal.makerCode, name: proposal.makerName },
  recordedAt: proposal.recordedAt.toISOString(),
  decision:
    decision === undefined
      ? null
      : {
          outcome: decision.outcome,
          person: decision.personName,
          reason: decision.reason,
          at: decision.at.toISOString(),
        },
})

/** One proposal: what the routes that decide proposals name in If-Match. */
export const oneProposal = query('/proposals/{proposal}', {
  cli: 'approvals show',
  permits: 'proposals.read',
  title: { zh: '一项待审批事项的全部内容', en: 'one proposal in full' },
  params: { proposal: id() },
  answer: proposal.extend({ content: anyJson }).openapi('ProposalInFull'),
  read: async ({ services, params }) => {
    const found = await findProposal(services.db, params.proposal)
    return found === undefined ? undefined : { ...showProposal(found), content: found.content }
  },
})

/** The return of a stage's proposal to its maker, below the path of its proposals. */
export function returnRoute(
  proposals: string,
  cli: string,
  permits: PermissionName,
  returnIt: (
    services: Services,
    envelope: Envelope,
    returned: { readonly proposalId: string; readonly reason: string; readonly digestSeen?: string },
  ) => Promise<CommandAnswer<{ proposalId: string; returned: true; reason: string }> | Refusal>,
): Route {
  return command('post', `${proposals}/{proposal}/return`, {
    cli,
    permits,
    title: { zh: '退回提交的事项', en: 'return a proposal to its maker' },
    params: { proposal: id() },
    body: { reason: text(500), digestSeen: digestSeen.optional() },
    example: { reason: '漏录一项，请补齐' },
    ifMatch: oneProposal,
    answer: z.object({ proposalId: id(), returned: z.literal(true), reason: z.string() }),
    run: ({ services, envelope, params, body }) =>
      returnIt(services, envelope, { proposalId: params.proposal, ...body }),
  })
}

/** A decision on a stage's proposal by another person: approved, or returned with a reason. */
export function decisionRoute<A extends z.ZodType>(
  proposals: string,
  described: {
    readonly cli: string
    readonly permits: PermissionName
    readonly title: Said
    readonly answer: A
  },
  decide: (
    services: Services,
    envelope: Envelope,
    decision: {
      readonly proposalId: string
      readonly outcome: 'approved' | 'returned'
      readonly reason: string
      readonly digestSeen?: string
    },
  ) => Promise<CommandAnswer<Answerable<z.input<A>>> | Refusal>,
): Route {
  return command('post', `${proposals}/{proposal}/decision`, {
    ...described,
    params: { proposal: id() },
    body: {
      outcome: z.enum(['approved', 'returned']),
      reason: text(500).default('').openapi({ description: '退回须写明原因 a return needs a reason' }),
      digestSeen: digestSeen.optional(),
    },
    example: { outcome: 'approved', digestSeen: '5f2c8a10' },
    ifMatch: oneProposal,
    run: ({ services, envelope, params, body }) => decide(services, envelope, { proposalId: params.proposal, ...body }),
  })
}

const proposalRoutes = [
  list('/proposals', {
    cli: 'approvals list',
    permits: 'proposals.read',
    title: { zh: '待第二人审批的事项，最近的在前', en: 'what waits for a second person, newest first' },
    query: { all: flag.optional().openapi({ description: '含已审批的 decided ones too' }) },
    item: proposal,
    key: [id()],
    rows: ({ services, query }, page) => listProposals(services.db, { undecided: query.all !== true, page }),
    keyOf: (row) => [row.id],
    show: showProposal,
  }),
  oneProposal,
]

const auditRoutes = [
  list('/audit-events', {
    cli: 'audit list',
    permits: 'audit.read',
    title: { zh: '办理记录，最近的在前', en: 'the audit trail, newest first' },
    item: z
      .object({
        seq: id(),
        recordedAt: instant,
        actingOn: date,
        actorCode: z.string(),
        actorName: z.string(),
        command: z.string(),
        commandId: z.string(),
        input: anyJson,
        answer: anyJson,
        hash: z.string(),
      })
      .openapi('AuditEvent'),
    key: [id()],
    rows: ({ services }, { after, limit }) => newestAuditEvents(services.db, limit, after?.[0]),
    keyOf: ({ seq }) => [seq],
    show: (event) => ({ ...event, recordedAt: event.recordedAt.toISOString() }),
  }),
]

/** Staff and organisations, settings, proposals, the audit trail. */
export const platformRoutes: RouteGroup = {
  name: 'platform',
  title: { zh: '平台：人员、设置、审批、审计', en: 'platform: staff, settings, approvals, audit' },
  routes: [...staffRoutes, ...settingRoutes, ...proposalRoutes, ...auditRoutes],
}
