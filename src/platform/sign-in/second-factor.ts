import type { Role } from '../staff.ts'

/** Whose yes moves money, penalties or roles: a stolen password must not be enough for it. */
const rolesWithSecondFactor: readonly Role[] = ['bureau_approver', 'bureau_head', 'finance_officer', 'administrator']

/** Whether a person with these roles signs in with a second factor; everyone else may. */
export function needsSecondFactor(roles: readonly Role[]): boolean {
  return rolesWithSecondFactor.some((role) => roles.includes(role))
}
