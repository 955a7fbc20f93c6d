import { type Filter, offeredAtMost, offeredByName } from './pages/filters.tsx'
import { findStaffLike } from './staff.queries.ts'

/** The filter of a list by somebody of the staff, whatever it is called there. */
export const findsStaff = {
  kind: 'text',
  find: async ({ services, say }, typed) => offeredByName(await findStaffLike(services.db, typed, offeredAtMost), say),
} as const satisfies Omit<Filter, 'name' | 'label'>
