import { reachOf } from '../platform/authorisation/authorisation.ts'
import { text } from '../platform/http/fields.ts'
import { type Filter, offeredAtMost, offeredByName } from '../platform/pages/filters.tsx'
import type { Field } from '../platform/pages/forms.tsx'
import { findDischargersLike } from './search.queries.ts'

/**
 * The field of a discharger in a form. People know its name; its code and its credit code serve as well. Who does not read
 * every discharger is told of none: then what was typed is its code.
 */
export const dischargerField = {
  label: { zh: '排污者', en: 'discharger' },
  help: {
    zh: '名称或其中几个字，编号或统一社会信用代码也可以。',
    en: 'Its name or a piece of it; its code or credit code serve as well.',
  },
  schema: text(100),
  find: async ({ services, visitor, say }, typed) =>
    reachOf(visitor.roles, 'dischargers.read') === 'all'
      ? offeredByName(await findDischargersLike(services.db, typed, offeredAtMost), say)
      : [[typed, typed]],
} as const satisfies Field

/** The filter of a list by its discharger, found likewise, among those whom the visitor's fence shows. */
export const dischargerFilter: Filter = {
  name: 'discharger',
  label: dischargerField.label,
  kind: 'text',
  find: async ({ services, say }, typed) =>
    offeredByName(await findDischargersLike(services.db, typed, offeredAtMost), say),
}
