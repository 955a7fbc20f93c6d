import type { Refusal } from '../../kernel/refusal.ts'
import { reachOf, refuseUnlessPermitted } from '../authorisation/authorisation.ts'
import { type PermissionName, permissions } from '../authorisation/permissions.ts'
import { refuseSignIn } from './sign-in.refusals.ts'
import type { Visitor } from './visitor.ts'

/** Whether the table lets a visitor do it, for whosever data; a key only what it was made for. */
export function isPermitted(visitor: Pick<Visitor, 'roles' | 'keyFor'>, permission: PermissionName): boolean {
  return reachOf(visitor.roles, permission) !== 'none' && (visitor.keyFor?.includes(permission) ?? true)
}

/** Refuses what the table does not let a visitor do, naming the roles it takes, or what the key is not for. */
export function refuseVisitor(visitor: Visitor, permission: PermissionName): Refusal | undefined {
  if (isPermitted(visitor, permission)) return undefined
  const { zh, en } = permissions[permission]
  return (
    refuseUnlessPermitted(visitor, permission) ?? refuseSignIn('api_key_not_for', { ofZh: zh, ofEn: en, permission })
  )
}
