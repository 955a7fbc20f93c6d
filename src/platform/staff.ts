import type { DischargerId, OrganisationId, StaffId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type OrganisationKind, organisationKindNames } from './organisation.ts'
import { refusePlatform } from './platform.refusals.ts'

/** What a person may do; who a person is decides the two-person rule, never the role (decision 18). */
export const roles = [
  'administrator',
  'water_company_operator',
  'bureau_clerk',
  'bureau_approver',
  'brigade_officer',
  'plant_operator',
  'finance_officer',
  'bureau_head',
  'legal_reviewer',
  'hearing_host',
  'ecology_officer',
  'auditor',
  'enterprise_user',
  'scheduler',
] as const
export type Role = (typeof roles)[number]

export const roleNames: Record<Role, { readonly zh: string; readonly en: string }> = {
  administrator: { zh: '系统管理员', en: 'administrator' },
  water_company_operator: { zh: '供水公司经办', en: 'water company operator' },
  bureau_clerk: { zh: '城管局经办', en: 'bureau clerk' },
  bureau_approver: { zh: '城管局审批', en: 'bureau approver' },
  brigade_officer: { zh: '综合执法大队', en: 'brigade officer' },
  plant_operator: { zh: '污水处理厂', en: 'plant operator' },
  finance_officer: { zh: '财政局', en: 'finance officer' },
  bureau_head: { zh: '局负责人', en: 'head of the bureau' },
  legal_reviewer: { zh: '法制审核', en: 'legal reviewer' },
  hearing_host: { zh: '听证主持人', en: 'hearing host' },
  ecology_officer: { zh: '生态环境局', en: 'ecology officer' },
  auditor: { zh: '审计', en: 'auditor' },
  // A person of an enterprise: sees and does what concerns its own dischargers, by invitation.
  enterprise_user: { zh: '排污企业', en: 'enterprise user' },
  // Nobody's: the schedule acts through it. It prepares and tells, and never approves.
  scheduler: { zh: '定时任务', en: 'scheduler' },
}

/** Who acts in a command, with the roles in force on the day acted for. */
export interface Actor {
  readonly id: StaffId
  readonly code: string
  readonly name: string
  readonly organisationId: OrganisationId
  readonly organisation: {
    readonly id: OrganisationId
    readonly code: string
    readonly name: string
    readonly kind: OrganisationKind
  }
  readonly roles: readonly Role[]
  /** Whose data a person of an enterprise acts with on that day; empty for everyone else. */
  readonly dischargers: readonly DischargerId[]
}

/** Reads a role by its code or its Chinese name. */
export function parseRole(written: string): Role | Refusal {
  const role = roles.find((code) => code === written || roleNames[code].zh === written)
  const known = roles.map((code) => `${code} ${roleNames[code].zh}`).join('、')
  return role ?? refusePlatform('role_unknown', { role: written, roles: known })
}

/** The one role of the bodies that the authorities watch over; the authorities' own roles are shared out among them. */
const roleOfWatched: Partial<Record<OrganisationKind, Role>> = {
  water_company: 'water_company_operator',
  plant: 'plant_operator',
  enterprise: 'enterprise_user',
}
const ofAnyBody: readonly Role[] = ['administrator', 'scheduler']

/**
 * Refuses a role that does not go with the body the person is of: a water company's person approves no bills, and nobody
 * of the bureau takes in the company's files as its operator (decision 18).
 */
export function refuseRoleOutside(
  role: Role,
  { name, kind }: { readonly name: string; readonly kind: OrganisationKind },
): Refusal | undefined {
  const watched = Object.values(roleOfWatched)
  const fits = roleOfWatched[kind] === role || (roleOfWatched[kind] === undefined && !watched.includes(role))
  if (fits || ofAnyBody.includes(role)) return undefined
  return refusePlatform('role_of_other_body', {
    organisation: name,
    roleZh: roleNames[role].zh,
    roleEn: roleNames[role].en,
    kindZh: organisationKindNames[kind].zh,
    kindEn: organisationKindNames[kind].en,
  })
}
