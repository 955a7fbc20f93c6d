import type { Refusal } from '../../kernel/refusal.ts'
import { refusePlatform } from '../platform.refusals.ts'
import { type Role, roleNames } from '../staff.ts'
import { type Permission, type PermissionName, permissions } from './permissions.ts'

/** For every party's data, for one's own party's alone, for what is one's own as a person, or not at all. */
export type Reach = 'all' | 'own' | 'self' | 'none'

/** How far the table lets roles go in one thing; of several roles the widest counts. */
export function reachOf(roles: readonly Role[], name: PermissionName): Reach {
  const { all, own, self }: Permission = permissions[name]
  if (holdsOne(roles, all)) return 'all'
  if (own !== undefined && holdsOne(roles, own)) return 'own'
  return self !== undefined && holdsOne(roles, self) ? 'self' : 'none'
}

// A page asks some hundred times, for each of its links: nothing is made anew here.
function holdsOne(roles: readonly Role[], those: readonly Role[]): boolean {
  for (const role of roles) if (those.includes(role)) return true
  return false
}

/**
 * What a command does, in words: those of the table. A step of a file is one command to record and another to propose, and
 * one entry in the table. `undefined` where the table has no words.
 */
export function wordsOfCommand(name: string): Pick<Permission, 'zh' | 'en'> | undefined {
  const known: Readonly<Record<string, Permission>> = permissions
  const step = /^enforcement\.(?:record|propose)-(.*)$/.exec(name)?.[1]
  return known[name] ?? known[`enforcement.step.${step?.replaceAll('-', '_')}`]
}

/** Every role the table lets do it, for whosever data. */
export function rolesFor(name: PermissionName): readonly Role[] {
  const { all, own = [], self = [] }: Permission = permissions[name]
  return [...new Set([...all, ...own, ...self])]
}

/** Refuses who has none of the roles it takes, naming them; `command` is what was asked, where its name says more. */
export function refuseUnlessPermitted(
  person: { readonly name: string; readonly roles: readonly Role[] },
  name: PermissionName,
  command: { readonly name: string; readonly zh: string } = { name, zh: permissions[name].zh },
): Refusal | undefined {
  if (reachOf(person.roles, name) !== 'none') return undefined
  const needed = rolesFor(name).map((role) => roleNames[role])
  return refusePlatform('role_missing', {
    actor: person.name,
    command: command.name,
    commandZh: command.zh,
    commandEn: permissions[name].en,
    rolesZh: needed.map(({ zh }) => zh).join('、'),
    rolesEn: needed.map(({ en }) => en).join(', '),
  })
}
