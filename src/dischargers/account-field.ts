import { reachOf } from '../platform/authorisation/authorisation.ts'
import { type Filter, offeredAtMost } from '../platform/pages/filters.tsx'
import { ownCollector } from './discharger.queries.ts'
import { type AccountHit, findAccountsHeldBy, findAccountsLike } from './search.queries.ts'

/** An account as a form has it: its number is unique with its collector alone. */
const accountKey = (account: Pick<AccountHit, 'collectorCode' | 'accountNo'>): string =>
  `${account.collectorCode}/${account.accountNo}`
export function readAccountKey(key: string): Pick<AccountHit, 'collectorCode' | 'accountNo'> {
  const [collectorCode = '', ...rest] = key.split('/')
  return { collectorCode, accountNo: rest.join('/') }
}

/**
 * The accounts that answer to a number or to the name of who holds them. Who reads those of their own company alone is told
 * of no other; an address that names the collector means its account.
 */
export const accountFilter: Filter = {
  name: 'account',
  label: { zh: '户号或户名', en: 'account or its holder' },
  kind: 'text',
  placeholder: { zh: '户号或户名', en: 'number or name' },
  find: async ({ services, visitor, url, say }, typed) => {
    const { db } = services
    const isKey = typed.includes('/')
    const sought = isKey ? readAccountKey(typed).accountNo : typed
    const named = isKey ? readAccountKey(typed).collectorCode : (url.searchParams.get('collector') ?? undefined)
    const own = reachOf(visitor.roles, 'accounts.read') === 'all' ? undefined : visitor.organisation.id
    const collector = own === undefined ? named : ((await ownCollector(db, own)) ?? '')
    const numbered = await findAccountsLike(db, sought, offeredAtMost)
    const hits = numbered.length > 0 ? numbered : await findAccountsHeldBy(db, sought, offeredAtMost)
    return hits
      .filter((hit) => collector === undefined || hit.collectorCode === collector)
      .map((hit) => {
        const { accountNo, collectorName } = hit
        const holder = hit.holderName ?? say('（没有户名）', '(no holder)')
        return [
          accountKey(hit),
          say(`${accountNo}　${holder}　${collectorName}`, `${accountNo} ${holder}, ${collectorName}`),
        ]
      })
  },
}
